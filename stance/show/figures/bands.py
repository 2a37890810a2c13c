"""The bands of an argument map: a paragraph with its sentences, links and claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from stance.show.figures import INK, MUTED, NONE_COLOUR
from stance.show.figures.fonts import plain, width_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from stance.argument.claim import Link
    from stance.argument.statement import Statement
    from stance.corpus.document import Paragraph

#: A cell and the way to the next, a line of text, in points.
CELL, PITCH, LINE = 8.5, 11.5, 9.0
#: From the left edge of a column: its stripe, its letter, its first cell.
STRIPE, LETTER, FIRST = 26.0, 35.0, 43.0
#: The size of headings, of what is written in lines, and of the numbers.
LARGE, SIZE, SMALL = 7.5, 6.5, 5.5
#: Characters of a text that are looked at: more than a line has room for.
HEAD = 200
GREY, FAINT = "#666666", "#CCCCCC"
#: Fill and edge of a cell, colour of its number.
CELLS = {
    "claim": (INK, INK, "white"),
    "premise": ("white", INK, INK),
    "neither": ("none", FAINT, MUTED),
}
SIGNS = {"cause": "∵", "result": "∴", "example": "e.g.", "order": "#"}
STANCES = {"favor": "+", "against": "−"}
QUOTE = "“"

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph of the map, or a heading between paragraphs.

    The places of ``links`` are those in ``statements``.
    """

    unit_id: str
    heading: str
    statements: tuple[Statement, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """From where to where a column goes, and how many cells stand in a line of it."""

    left: float
    right: float
    across: int


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of text beside the cells."""

    numbers: str
    sign: str
    voice: str
    text: str


def rows_of(
    statements: Sequence[Statement], links: Sequence[Link],
    paragraphs: Sequence[Paragraph],
) -> list[Row]:  # fmt: skip
    """Return what is drawn of a document, in reading order.

    Parameters
    ----------
    statements, links, paragraphs
        See `stance.show.figures.argument.argument_figure`.

    Examples
    --------
    >>> from stance.testing import paragraph
    >>> rows_of([], [], [paragraph("Trade", kind="heading")])[0].heading
    'Trade'
    """
    rows: dict[str, list[int]] = {unit.id: [] for unit in paragraphs}
    inside: list[int] = []
    for at, statement in enumerate(statements):
        own = rows.setdefault(statement.unit_id, [])
        inside.append(len(own))
        own.append(at)
    joined: dict[str, list[Link]] = {}
    for link in links:
        unit_id = statements[link.premise].unit_id
        premise, claim = inside[link.premise], inside[link.claim]
        inner = replace(link, premise=premise, claim=claim)
        joined.setdefault(unit_id, []).append(inner)
    found = [Row(u.id, head(u.text)) for u in paragraphs if u.kind == "heading"]
    headings = {row.unit_id: row for row in found}
    return [
        headings.get(unit_id)
        or Row(
            unit_id,
            "",
            tuple(statements[at] for at in own),
            tuple(joined.get(unit_id, ())),
        )
        for unit_id, own in rows.items()
        if own or unit_id in headings
    ]


def head(text: str) -> str:
    r"""Return the beginning of a text in one line, more of it than will be shown.

    Examples
    --------
    >>> head("a \n b"), len(head("长" * 300))
    ('a b', 201)
    """
    return plain(text) if len(text) <= HEAD else plain(text[:HEAD]) + "…"


def written(rows: Iterable[Row]) -> Iterator[str]:
    """Yield what is written of the data, before it is cut to its room."""
    for row in rows:
        yield row.heading
        yield _short_id(row)
        for line in _lines(row):
            yield from (line.voice, line.text)


def _short_id(row: Row) -> str:
    """Return the id of a paragraph without its document's."""
    return plain(row.unit_id.rsplit(":", maxsplit=1)[-1])


def _lines(row: Row) -> list[_Line]:
    """Return what is written beside the cells: claims, and whose the views are.

    Sentences of one holder that are no claims and stand together are one line.
    """
    lines: list[_Line] = []
    single = [
        _Line(
            f"{s.number}",
            STANCES.get(s.stance, "") if s.role == "claim" else "",
            "" if s.voice == "own" else QUOTE + head(s.holder),
            head(s.text) if s.role == "claim" else "",
        )
        for s in row.statements
    ]
    for (voice, is_claim), group in groupby(single, lambda o: (o.voice, bool(o.text))):
        if is_claim:
            lines += group
        elif voice:
            numbers = ", ".join(line.numbers for line in group)
            lines.append(_Line(numbers, "", voice, ""))
    return lines


def _rise(link: Link) -> float:
    """Return how high an arc goes."""
    return min(3.0 + 1.5 * abs(link.premise - link.claim), 11.0)


def _rises(row: Row, across: int) -> list[float]:
    """Return how much room the arcs take above each line of cells."""
    rises = [0.0] * -(-len(row.statements) // across)
    for link in row.links:
        line = link.premise // across
        is_level = line == link.claim // across
        rises[line] = max(rises[line], _rise(link) if is_level else 6.0, 6.0)
    return rises


def height_of(row: Row, across: int) -> float:
    """Return the height of a row in points, with so many cells in a line.

    Examples
    --------
    >>> height_of(Row("d:p001", "Trade"), 12)
    15.0
    """
    if row.heading:
        return 15.0
    cells = sum(rise + CELL + 2 for rise in _rises(row, across))
    return max(cells, LINE * len(_lines(row))) + 4


def draw_row(
    ax: Axes, row: Row, column: Column, *, place: Place,
    looks: Mapping[str, tuple[str, str]],
) -> None:  # fmt: skip
    """Draw a heading, or the band of a paragraph with its cells and lines.

    Parameters
    ----------
    ax : Axes
        Its units are points, counted from above.
    row, column
        What is drawn, and where from left to right.
    place : (float, float)
        Upper edge and height.
    looks : mapping of str to (str, str)
        Letter and colour of each frame.
    """
    from matplotlib.patches import Rectangle

    y, height = place
    left, right = column.left + STRIPE, column.right
    if row.heading:
        text = fitted(row.heading, right - left, LARGE)
        put(ax, (left, y + height - 6), text, size=LARGE)
        return
    letter, colour = looks.get(row.statements[0].frame, ("", NONE_COLOUR))
    if letter:
        band = Rectangle((left, y), right - left, height, color=colour, alpha=0.13)
        band.set_linewidth(0)
        ax.add_patch(band)
    ax.add_patch(Rectangle((left, y), 3.5, height, color=colour, linewidth=0))
    _cells(ax, row, column, y + 2.5)
    x, start = column.left + FIRST + column.across * PITCH + 3, y + 2 + LINE / 2
    name = fitted(_short_id(row), STRIPE - 3, SMALL)
    put(ax, (left - 2, start), name, size=SMALL, color=GREY, ha="right")
    put(ax, (column.left + LETTER, start), letter, size=7, ha="center")
    for n, line in enumerate(_lines(row)):
        _draw_line(ax, line, (x, start + n * LINE), right)


def _cells(ax: Axes, row: Row, column: Column, y: float) -> None:
    """Draw the sentences of a paragraph, and the arcs between them."""
    at: list[Place] = []
    for n, rise in enumerate(_rises(row, column.across)):
        y += rise
        own = row.statements[n * column.across : (n + 1) * column.across]
        first = column.left + FIRST + CELL / 2
        at += [(first + k * PITCH, y + CELL / 2) for k in range(len(own))]
        y += CELL + 2
    for role, (fill, edge, colour) in CELLS.items():
        placed = [
            (x, y, s)
            for (x, y), s in zip(at, row.statements, strict=True)
            if s.role == role
        ]
        if not placed:
            continue
        ax.scatter(
            [x for x, _, _ in placed], [y for _, y, _ in placed], s=CELL**2,
            marker="s", facecolor=fill, edgecolor=edge, linewidth=0.7, zorder=3,
        )  # fmt: skip
        for x, middle, s in placed:
            put(ax, (x, middle), f"{s.number}", size=SMALL, color=colour, ha="center")
            if s.voice != "own":
                put(ax, (x - PITCH / 2, middle - 2), QUOTE, size=LARGE, ha="center")
    for link in row.links:
        start, end = at[link.premise], at[link.claim]
        if start[1] == end[1]:
            _arc(ax, link, start, end)
        sign = SIGNS.get(link.relation, "")
        if start[1] != end[1]:
            sign += f"→{row.statements[link.claim].number}"
        aside = 2.0 if link.claim < link.premise else -2.0
        ha = "left" if aside > 0 else "right"
        put(ax, (start[0] + aside, start[1] - CELL / 2 - 3), sign, size=SMALL, ha=ha)


def _arc(ax: Axes, link: Link, start: Place, end: Place) -> None:
    """Draw an arc above the cells."""
    from matplotlib.patches import FancyArrowPatch

    top = CELL / 2 + 0.5
    bow = -2 * _rise(link) / (end[0] - start[0])
    style = "-|>,head_length=2.2,head_width=1.1"
    arc = FancyArrowPatch(
        (start[0], start[1] - top), (end[0], end[1] - top), arrowstyle=style,
        connectionstyle=f"arc3,rad={bow:.3f}", mutation_scale=1, color=INK,
        linewidth=0.6, shrinkA=0, shrinkB=0, zorder=2,
        linestyle="-" if link.relation in SIGNS else ":",
    )  # fmt: skip
    ax.add_patch(arc)


def _draw_line(ax: Axes, line: _Line, place: Place, right: float) -> None:
    """Write a line: numbers, stance, holder, and the beginning of a claim."""
    x, y = place
    put(ax, (x, y), line.numbers, size=SMALL, color=GREY)
    x += max(11.0, _width(line.numbers, SMALL) + 3)
    put(ax, (x, y), line.sign)
    x += 7.5
    if line.voice:
        share = 0.4 if line.text else 1
        voice = fitted(line.voice, share * (right - x), SIZE)
        voice += ":" if line.text and line.voice != QUOTE else ""
        put(ax, (x, y), voice, color=GREY)
        x += 1.06 * _width(voice, SIZE) + 2.5
    put(ax, (x, y), fitted(line.text, right - x, SIZE))


def fitted(text: str, points: float, size: float) -> str:
    """Return what `stance.show.figures.fonts.shortened` does, sooner.

    It measures a long text at every length, this one character by character; some room
    is kept, since on the screen letters are a little wider.

    Examples
    --------
    >>> fitted("cooperation", 42, 8), fitted("trade", 42, 8)
    ('coopera…', 'trade')
    """
    room, used, kept = 0.93 * points / size, 0.0, 0
    for character in text:
        used += _advance(character)
        if used > room:
            return text[:kept].rstrip() + "…"
        kept += used + _advance("…") <= room
    return text


def _width(text: str, size: float) -> float:
    return sum(map(_advance, text)) * size


@cache
def _advance(character: str) -> float:
    """Return how much wider a character makes a line, in parts of the font's size."""
    return (width_of(f"x{character}x", 100) - width_of("xx", 100)) / 100


def put(
    ax: Axes, place: Place, text: str, *, size: float = SIZE, color: str = INK,
    ha: str = "left",
) -> None:  # fmt: skip
    """Write a text, if there is any, where it takes no part in the layout."""
    if text:
        ax.text(
            *place, text, fontsize=size, color=color, ha=ha, va="center_baseline",
            zorder=4, parse_math=False, in_layout=False,
        )  # fmt: skip
