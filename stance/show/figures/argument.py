"""Argument maps: a document's paragraphs in order, with what each sentence does.

The rules of `stance.argument` find roles, links and voices; a map is for reading along
with the text, and shows where to look. It is no judgement of the argument.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from stance.errors import InputError
from stance.show.figures import INK, MUTED, NONE_COLOUR, colour_of
from stance.show.figures.captions import caption, grow, points_of
from stance.show.figures.fonts import check_glyphs, plain, shortened, width_of
from stance.show.figures.ribbon import letters_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from stance.argument.claim import Link
    from stance.argument.statement import Statement
    from stance.corpus.document import Paragraph

#: A cell and the way to the next, a line of text, in points.
CELL, PITCH, LINE = 8.5, 11.5, 9.0
#: From the left edge of a column: its stripe, its letter, its first cell.
STRIPE, LETTER, FIRST = 26.0, 35.0, 43.0
#: The size of what is written in lines, and of the numbers.
SIZE, SMALL = 6.5, 5.5
#: Cells in a line, by columns; a longer paragraph goes on in the next line.
ACROSS = {1: 12, 2: 7}
#: Characters of a sentence that are looked at: more than a line has room for.
HEAD = 200
#: The highest picture, in points: 200 inches, of which readers of PDF show no more.
HIGHEST = 14400.0
SIGNS = {"cause": "∵", "result": "∴", "example": "e.g.", "order": "#"}
STANCES = {"favor": "+", "against": "−"}
QUOTE = "“"
GREY, FAINT = "#666666", "#CCCCCC"
#: Fill and edge of a cell, colour of its number.
CELLS = {
    "claim": (INK, INK, "white"),
    "premise": ("white", INK, INK),
    "neither": ("none", FAINT, MUTED),
}


@dataclass(frozen=True, slots=True)
class _Row:
    """A paragraph of the map, or a heading between paragraphs."""

    unit_id: str
    heading: str
    statements: tuple[Statement, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of text beside the cells."""

    number: str
    sign: str
    voice: str
    text: str


@dataclass(frozen=True, slots=True)
class _Column:
    """Where a column of the map stands, and how many cells go in a line of it."""

    left: float
    right: float
    across: int

    @property
    def text(self) -> float:
        return self.left + FIRST + self.across * PITCH + 2


def argument_figure(
    statements: Sequence[Statement], links: Sequence[Link], ax: Axes, *,
    title: str = "", labels: Sequence[str] = (), paragraphs: Sequence[Paragraph] = (),
) -> Axes:  # fmt: skip
    """Draw the argument map of a document: a band a paragraph, a number a sentence.

    Read it from above like the text. The band has the colour and letter of the frame;
    a sentence is filled where it is a claim, outlined where it is a premise, and faint
    where it is neither. An arc leads from a premise to the claim that it supports.
    Beside stand the beginnings of the claims, verbatim.

    Parameters
    ----------
    statements : sequence of Statement
        Of one document, in reading order.
    links : sequence of Link
        What supports what among them (`stance.argument.statement.links_of`).
    ax : Axes
        Drawn on, and returned. The figure grows to the height that is needed.
    title : str, optional
        Of the document.
    labels : sequence of str, optional
        Of the codebook, in its order, which fixes colours and letters; those that
        occur if empty.
    paragraphs : sequence of Paragraph, optional
        Of the document, in order: its headings are written between the bands.

    Raises
    ------
    ValueError
        If a paragraph has a frame that is not among ``labels``.
    InputError
        If no font has a character that is drawn, or the picture would be too high.
    """
    rows = _rows(statements, links, paragraphs)
    return _draw([(row,) for row in rows], ax, title, labels)


def side_by_side(
    statements: Sequence[Statement], links: Sequence[Link], ax: Axes, *,
    paragraphs: Sequence[Paragraph], title: str = "", labels: Sequence[str] = (),
) -> Axes:  # fmt: skip
    """Draw the argument map of a bilingual document: English left, Chinese right.

    A paragraph stands beside its twin, so that one sees whether both versions argue
    alike; one that has no twin stands alone. See `argument_figure`.

    Parameters
    ----------
    statements, links, ax, title, labels
        As for `argument_figure`; the figure should be twice as wide.
    paragraphs : sequence of Paragraph
        Of the document, in order: they say what is whose twin.

    Raises
    ------
    ValueError, InputError
        As `argument_figure`.
    """
    found = {row.unit_id: row for row in _rows(statements, links, paragraphs)}
    rows: list[tuple[_Row | None, ...]] = []
    placed: set[str] = set()
    for unit in paragraphs:
        pair = [unit.id, unit.twin]
        if unit.id in placed or not (unit.id in found or unit.twin in found):
            continue
        placed.update(pair)
        if unit.language == "zh":
            pair.reverse()
        rows.append(tuple(found.get(id) for id in pair))
    return _draw(rows, ax, title, labels, n_columns=2)


def _rows(
    statements: Sequence[Statement], links: Sequence[Link],
    paragraphs: Sequence[Paragraph],
) -> list[_Row]:  # fmt: skip
    """Return what is drawn, in reading order; links count within the paragraph."""
    rows: dict[str, list[int]] = {unit.id: [] for unit in paragraphs}
    inside: list[int] = []
    for at, statement in enumerate(statements):
        own = rows.setdefault(statement.unit_id, [])
        inside.append(len(own))
        own.append(at)
    joined: dict[str, list[Link]] = {}
    for link in links:
        premise, claim = inside[link.premise], inside[link.claim]
        own_link = replace(link, premise=premise, claim=claim)
        joined.setdefault(statements[link.premise].unit_id, []).append(own_link)
    headings = {unit.id: unit.text for unit in paragraphs if unit.kind == "heading"}
    return [
        _Row(id, _head(headings[id])) if id in headings
        else _Row(id, "", tuple(statements[at] for at in own), tuple(joined.get(id, ())))
        for id, own in rows.items() if own or id in headings
    ]  # fmt: skip


def _head(text: str) -> str:
    """Return the beginning of a text in one line, more of it than will be shown."""
    return plain(text) if len(text) <= HEAD else plain(text[:HEAD]) + "…"


def _draw(
    rows: Sequence[tuple[_Row | None, ...]], ax: Axes, title: str,
    labels: Sequence[str], n_columns: int = 1,
) -> Axes:  # fmt: skip
    """Draw the rows below each other, with title, legend and caption."""
    drawn = [row for pair in rows for row in pair if row]
    bands = [row for row in drawn if row.statements]
    found = dict.fromkeys(s.frame for row in bands for s in row.statements if s.frame)
    known = list(labels) or list(found)
    if unknown := set(found) - set(known):
        raise ValueError(f"no place in labels for {sorted(unknown)}")
    check_glyphs((plain(title), *map(plain, known), *_written(drawn)))
    width = points_of(ax)[0] - 8
    across = min(
        max((len(row.statements) for row in bands), default=1), ACROSS[n_columns]
    )
    each = width / n_columns
    columns = [_Column(n * each, (n + 1) * each - 4, across) for n in range(n_columns)]
    looks = {name: (letters_of(known)[name], c) for name, c in colour_of(known).items()}
    ax.set_axis_off()
    _write(ax, 0, 7, _fitted(plain(title), width / 1.08, 9), size=9)
    for n, column in enumerate(columns):
        own = [pair[n] for pair in rows]
        _write(ax, column.left, 19, _count(own), size=SIZE, color=GREY)
    y = 28.0
    for pair in rows:
        placed = [(r, c) for r, c in zip(pair, columns, strict=True) if r]
        height = max(_height(row, across) for row, _ in placed)
        for row, column in placed:
            _draw_row(ax, row, column, (y, height), looks)
        y += height + 2
    n_lines = _key(ax, [name for name in known if name in found], looks)
    _say(ax, bands)
    needed = y + 12 * n_lines + 9 * ax.figure.get_supxlabel().count("\n") + 34
    if needed > HIGHEST:
        raise InputError(
            f"a map of {len(bands)} paragraphs would be {needed / 72:.0f} inches high",
            hint=f"{HIGHEST / 72:.0f} is the most that programs show: choose fewer",
        )
    grow(ax, needed)
    ax.set(xlim=(-1, width + 1), ylim=(y, -1))
    return ax


def _written(rows: Iterable[_Row]) -> Iterable[str]:
    """Yield what of the data is written."""
    for row in rows:
        yield row.heading
        yield _short_id(row)
        for line in _lines(row):
            yield from (line.voice, line.text)


def _short_id(row: _Row) -> str:
    """Return the id of a paragraph without its document's."""
    return plain(row.unit_id.rsplit(":", maxsplit=1)[-1])


def _count(rows: Sequence[_Row | None]) -> str:
    """Return how much a column holds."""
    own = [row.statements for row in rows if row and row.statements]
    all_of = [s for statements in own for s in statements]
    parts = [
        _n(len(all_of), "sentence"),
        _n(sum(s.role == "claim" for s in all_of), "claim"),
        _n(sum(s.role == "premise" for s in all_of), "premise"),
    ]
    others = sum(s.voice != "own" for s in all_of)
    said = f"{_n(len(own), 'paragraph')}, {', '.join(parts)}"
    return said + (f"; {others} of another's voice" if others else "")


def _n(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + "s" * (count != 1)


def _lines(row: _Row) -> list[_Line]:
    """Return what is written beside the cells: claims, and whose the views are."""
    lines: list[_Line] = []
    for s in row.statements:
        voice = "" if s.voice == "own" else QUOTE + _head(s.holder)
        if s.role == "claim":
            colon = ": " if s.holder and voice else ""
            text, sign = _head(s.text), STANCES.get(s.stance, "")
            lines.append(_Line(str(s.number), sign, voice + colon, text))
        elif voice and lines and (lines[-1].voice, lines[-1].text) == (voice, ""):
            number = f"{lines[-1].number}, {s.number}"
            lines[-1] = _Line(number, "", voice, "")
        elif voice:
            lines.append(_Line(str(s.number), "", voice, ""))
    return lines


def _rises(row: _Row, across: int) -> list[float]:
    """Return how much room the arcs take above each line of cells."""
    n_lines = -(-len(row.statements) // across)
    rises = [0.0] * n_lines
    for link in row.links:
        line = min(link.premise, link.claim) // across
        rises[line] = max(rises[line], _rise(link) + 5)
    return rises


def _rise(link: Link) -> float:
    """Return how high an arc goes."""
    return min(2.5 + 1.5 * abs(link.premise - link.claim), 10.0)


def _height(row: _Row, across: int) -> float:
    if row.heading:
        return 15.0
    cells = sum(rise + CELL + 2 for rise in _rises(row, across))
    return max(cells, LINE * len(_lines(row))) + 4


def _draw_row(
    ax: Axes, row: _Row, column: _Column, place: tuple[float, float],
    looks: Mapping[str, tuple[str, str]],
) -> None:  # fmt: skip
    """Draw a heading, or the band of a paragraph with its cells and lines."""
    from matplotlib.patches import Rectangle

    y, height = place
    if row.heading:
        room = (column.right - column.left - STRIPE) / 1.08
        text = _fitted(row.heading, room, 7.5)
        _write(ax, column.left + STRIPE, y + height - 6, text, size=7.5)
        return
    letter, colour = looks.get(row.statements[0].frame, ("", NONE_COLOUR))
    left, wide = column.left + STRIPE, column.right - column.left - STRIPE
    tint = {"alpha": 0.13} if letter else {"fill": False}
    ax.add_patch(Rectangle((left, y), wide, height, color=colour, linewidth=0, **tint))
    ax.add_patch(Rectangle((left, y), 3.5, height, color=colour, linewidth=0))
    middle = y + height / 2
    name = _fitted(_short_id(row), (STRIPE - 3) / 1.08, SMALL)
    _write(ax, left - 2, middle, name, size=SMALL, color=GREY, ha="right")
    _write(ax, column.left + LETTER, middle, letter, size=7, ha="center")
    _cells(ax, row, column, place)
    start = y + (height - LINE * len(_lines(row))) / 2 + LINE / 2
    for n, line in enumerate(_lines(row)):
        _draw_line(ax, line, (column.text, start + n * LINE), column.right)


def _cells(ax: Axes, row: _Row, column: _Column, place: tuple[float, float]) -> None:
    """Draw the sentences of a paragraph, and the arcs between them."""
    rises = _rises(row, column.across)
    y = place[0] + (place[1] - sum(rise + CELL + 2 for rise in rises)) / 2 + 1
    at: list[tuple[float, float]] = []
    for n, rise in enumerate(rises):
        y += rise
        own = row.statements[n * column.across : (n + 1) * column.across]
        first = column.left + FIRST + CELL / 2
        at += [(first + k * PITCH, y + CELL / 2) for k in range(len(own))]
        y += CELL + 2
    for role, (fill, edge, colour) in CELLS.items():
        own_at = [
            (x, middle, s)
            for (x, middle), s in zip(at, row.statements, strict=True)
            if s.role == role
        ]
        ax.scatter(
            [x for x, _, _ in own_at], [middle for _, middle, _ in own_at], s=CELL**2,
            marker="s", facecolor=fill, edgecolor=edge, linewidth=0.7, zorder=3,
        )  # fmt: skip
        for x, middle, s in own_at:
            _write(ax, x, middle, f"{s.number}", size=SMALL, color=colour, ha="center")
            if s.voice != "own":
                _write(ax, x + CELL / 2 - 0.5, middle - 2.5, QUOTE, size=8)
    for link in row.links:
        _arc(ax, link, at[link.premise], at[link.claim])


def _arc(
    ax: Axes, link: Link, start: tuple[float, float], end: tuple[float, float]
) -> None:
    """Draw an arc above the cells, with the sign of its relation."""
    from matplotlib.patches import FancyArrowPatch

    (x0, y0), (x1, y1) = start, end
    top = CELL / 2 + 0.5
    is_level = y0 == y1
    rise = _rise(link)
    bow = f"arc3,rad={-2 * rise / (x1 - x0):.3f}" if is_level else "arc3,rad=0.2"
    ax.add_patch(
        FancyArrowPatch(
            (x0, y0 - top),
            (x1, y1 - top),
            connectionstyle=bow,
            arrowstyle="-|>,head_length=2.2,head_width=1.1",
            mutation_scale=1,
            color=INK,
            linewidth=0.6,
            shrinkA=0,
            shrinkB=0,
            zorder=2,
            linestyle="-" if link.relation in SIGNS else ":",
        )  # fmt: skip
    )
    sign = SIGNS.get(link.relation, "")
    x, y = (x0 + x1) / 2, (y0 + y1) / 2 - top - (rise if is_level else 0)
    _write(ax, x, y - 2.5, sign, size=SMALL, ha="center")


def _draw_line(ax: Axes, line: _Line, place: tuple[float, float], right: float) -> None:
    """Write a line: numbers, stance, holder, and the beginning of a claim."""
    x, y = place
    _write(ax, x, y, line.number, size=SMALL, color=GREY)
    x += max(9.0, width_of(line.number, SMALL) + 3)
    _write(ax, x, y, line.sign, size=SIZE)
    x += 7.5
    if line.voice:
        room = (right - x) / (2.5 if line.text else 1.1)
        voice = _fitted(line.voice, room, SIZE)
        _write(ax, x, y, voice, size=SIZE, color=GREY)
        x += width_of(voice, SIZE) * 1.02 + 2 * bool(line.text)
    text = _fitted(line.text, (right - x) / 1.05, SIZE)
    _write(ax, x, y, text, size=SIZE)


def _fitted(text: str, points: float, size: float) -> str:
    """Return what `shortened` does, sooner: it measures a long text at each length."""
    used = 0.0
    for at, character in enumerate(text):
        used += _advance(character) * size
        if used > 1.1 * points:
            text = text[: at + 1] + "…"
            break
    return shortened(text, points, size=size)


@cache
def _advance(character: str) -> float:
    """Return how much wider a character makes a line, in parts of the font's size."""
    return (width_of(f"x{character}x", 100) - width_of("xx", 100)) / 100


def _write(
    ax: Axes, x: float, y: float, text: str, *, size: float, color: str = INK,
    ha: str = "left",
) -> None:  # fmt: skip
    if text:
        ax.text(
            x, y, text, fontsize=size, color=color, ha=ha, va="center_baseline",
            parse_math=False, zorder=4, in_layout=False,
        )  # fmt: skip


def _key(ax: Axes, labels: Sequence[str], looks: Mapping[str, tuple[str, str]]) -> int:
    """Say above the map what its colours and shapes are; return in how many lines."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    frames: list[Any] = [
        Patch(color=looks[name][1], label=f"{looks[name][0]}  {plain(name)}")
        for name in labels
    ]
    shapes: list[Any] = [
        Line2D([], [], linestyle="", marker="s", markersize=7, markerfacecolor=fill,
               markeredgecolor=edge, label=role)
        for role, (fill, edge, _) in CELLS.items()
    ] + [
        Line2D([], [], color=INK, linewidth=0.8, linestyle=line, label=what)
        for line, what in (("-", "supports"), (":", "stands beside"))
    ]  # fmt: skip
    widest = max(width_of(one.get_label(), 7.5) for one in frames + shapes) + 34
    across = max(1, min(int(points_of(ax)[0] // widest), max(len(frames), len(shapes))))
    blank = Patch(alpha=0, label=" ")
    lines = [
        (kind[at : at + across] + across * [blank])[:across]
        for kind in (frames, shapes) for at in range(0, len(kind), across)
    ]  # fmt: skip
    legend = ax.figure.legend(
        handles=[one for column in zip(*lines, strict=True) for one in column],
        loc="outside upper left", frameon=False, fontsize=7.5, ncols=across,
        handlelength=1.4, handleheight=1, columnspacing=1,
    )  # fmt: skip
    for text in legend.get_texts():
        text.set_parse_math(False)
    return len(lines)


def _say(ax: Axes, rows: Sequence[_Row]) -> None:
    """Write the caption, with a sentence for each sign that occurs."""
    relations = {link.relation for row in rows for link in row.links}
    signs = [f"{sign} {name}" for name, sign in SIGNS.items() if name in relations]
    all_of = [s for row in rows for s in row.statements]
    stances = any(s.role == "claim" and s.stance in STANCES for s in all_of)
    caption(ax, [
        "A band is a paragraph, a number a sentence: roles, links and voices by rules.",
        f"Signs of a link: {', '.join(signs)}." if signs else "",
        "+ in favor of cooperation, − against it." if stances else "",
        f"{QUOTE} the view of another, with its holder."
        if any(s.voice != "own" for s in all_of) else "",
    ])  # fmt: skip
