"""Argument maps: a document's paragraphs in order, with what each sentence does.

The rules of `stance.argument` find roles, links and voices; a map is for reading along
with the text, and shows where to look. It is no judgement of the argument.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from stance.errors import InputError
from stance.show.figures import INK, colour_of
from stance.show.figures.bands import (
    CELLS,
    GREY,
    QUOTE,
    SIGNS,
    STANCES,
    Column,
    Row,
    draw_row,
    fitted,
    head,
    height_of,
    put,
    rows_of,
    written,
)
from stance.show.figures.captions import caption, grow, points_of
from stance.show.figures.fonts import check_glyphs, plain, width_of
from stance.show.figures.ribbon import letters_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from stance.argument.claim import Link
    from stance.argument.statement import Statement
    from stance.corpus.document import Paragraph

#: Room for cells in a line, at least and at most; a longer paragraph goes on in the
#: next line.
FEWEST, ACROSS = 3, 12
#: The highest picture, in points: 200 inches, of which readers of PDF show no more.
HIGHEST = 14400.0
#: Characters of a footnote's sign: ^①.
NOTE = 3


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

    Examples
    --------
    >>> from stance.show.figures import drawn
    >>> figure = drawn(lambda ax: argument_figure([], [], ax, title="Trade"))
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['Trade', '0 paragraphs, 0 sentences, 0 claims, 0 premises']
    """
    rows = rows_of(statements, links, paragraphs)
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
        As for `argument_figure`; the figure should be nearly twice as wide.
    paragraphs : sequence of Paragraph
        Of the document, in order: they say what is whose twin.

    Raises
    ------
    ValueError, InputError
        As `argument_figure`.

    Examples
    --------
    >>> from stance.show.figures import drawn
    >>> from stance.testing import corpus
    >>> units = corpus("Trade fell last year.").paragraphs
    >>> figure = drawn(lambda ax: side_by_side([], [], ax, paragraphs=units))
    >>> len(figure.axes[0].texts)  # what each column holds
    2
    """
    found = {row.unit_id: row for row in rows_of(statements, links, paragraphs)}
    rows: list[tuple[Row | None, ...]] = []
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


def _draw(
    rows: Sequence[tuple[Row | None, ...]], ax: Axes, title: str,
    labels: Sequence[str], n_columns: int = 1,
) -> Axes:  # fmt: skip
    """Draw the rows below each other, with title, legend and caption."""
    title = head(title)
    rows = [pair for pair in rows if not _repeats(title, pair)]
    bands = [row for pair in rows for row in pair if row and row.statements]
    found = {s.frame for row in bands for s in row.statements} - {""}
    known = list(labels) or sorted(found)
    if unknown := found - set(known):
        raise ValueError(f"no place in labels for {sorted(unknown)}")
    check_glyphs((title, *map(plain, known)))
    check_glyphs(written(row for pair in rows for row in pair if row))
    most = max((len(row.statements) for row in bands), default=0)
    across = min(max(most, FEWEST), ACROSS)
    width = points_of(ax)[0] - 8
    each = width / n_columns
    columns = [Column(n * each, (n + 1) * each - 4, across) for n in range(n_columns)]
    looks = {name: (letters_of(known)[name], c) for name, c in colour_of(known).items()}
    ax.set_axis_off()
    y = 28.0
    for pair, height in zip(rows, _heights(rows, across), strict=True):
        for row, column in zip(pair, columns, strict=True):
            if row:
                draw_row(ax, row, column, place=(y, height), looks=looks)
        y += height + 2
    put(ax, (0, 7), fitted(title, width, 9), size=9)
    for n, column in enumerate(columns):
        put(ax, (column.left, 19), _count([pair[n] for pair in rows]), color=GREY)
    marked = {link.relation in SIGNS for row in bands for link in row.links}
    n_lines = _key(ax, {name: looks[name] for name in known if name in found}, marked)
    _say(ax, bands)
    grow(ax, y + 12 * n_lines + 9 * ax.figure.get_supxlabel().count("\n") + 34)
    ax.set(xlim=(-1, width + 1), ylim=(y, -1))
    return ax


def _heights(rows: Sequence[tuple[Row | None, ...]], across: int) -> list[float]:
    """Return the height of each row, unless all together are too high to be shown."""
    heights = [max(height_of(row, across) for row in pair if row) for pair in rows]
    if (high := sum(heights)) > HIGHEST:
        raise InputError(
            f"a map of {len(rows)} paragraphs would be {high / 72:.0f} inches high",
            hint=f"{HIGHEST / 72:.0f} is the most that programs show: choose fewer",
        )
    return heights


def _repeats(title: str, pair: Sequence[Row | None]) -> bool:
    """Whether a heading says the title again, with the sign of a footnote or not."""
    headings = [row.heading.casefold() for row in pair if row]
    return bool(title) and any(
        heading.startswith(title.casefold()) and len(heading) - len(title) <= NOTE
        for heading in headings
    )


def _count(rows: Sequence[Row | None]) -> str:
    """Return how much a column holds."""
    own = [row.statements for row in rows if row and row.statements]
    all_of = [s for statements in own for s in statements]
    parts = [
        _n(len(own), "paragraph"),
        _n(len(all_of), "sentence"),
        _n(sum(s.role == "claim" for s in all_of), "claim"),
        _n(sum(s.role == "premise" for s in all_of), "premise"),
    ]
    if others := sum(s.voice != "own" for s in all_of):
        parts.append(f"{others:,} in another's voice")
    return ", ".join(parts)


def _n(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + "s" * (count != 1)


def _key(
    ax: Axes, looks: Mapping[str, tuple[str, str]], marked: Collection[bool]
) -> int:
    """Say above the map what its colours and shapes are; return in how many lines."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    frames: list[Any] = [
        Patch(color=colour, label=f"{letter}  {plain(name)}")
        for name, (letter, colour) in looks.items()
    ]
    shapes: list[Any] = [
        Line2D([], [], linestyle="", marker="s", markersize=7, markerfacecolor=fill,
               markeredgecolor=edge, label=role)
        for role, (fill, edge, _) in CELLS.items()
    ]  # fmt: skip
    if True in marked:
        shapes.append(Line2D([], [], color=INK, linewidth=0.8, label="supports"))
    if False in marked:
        shapes.append(
            Line2D([], [], color=INK, linewidth=0.8, linestyle=":", label="is beside")
        )
    widest = max(width_of(one.get_label(), 7.5) for one in frames + shapes) + 34
    across = max(1, min(int(points_of(ax)[0] // widest), max(len(frames), len(shapes))))
    cells = [
        (kind[at : at + across] + across * [Patch(alpha=0, label=" ")])[:across]
        for kind in (frames, shapes)
        for at in range(0, len(kind), across)
    ]
    legend = ax.figure.legend(
        handles=[one for column in zip(*cells, strict=True) for one in column],
        loc="outside upper left", frameon=False, fontsize=7.5, ncols=across,
        handlelength=1.4, handleheight=1, columnspacing=1,
    )  # fmt: skip
    for text in legend.get_texts():
        text.set_parse_math(False)
    return len(cells)


def _say(ax: Axes, rows: Sequence[Row]) -> None:
    """Write the caption, with a sentence for each sign that occurs."""
    relations = {link.relation for row in rows for link in row.links}
    signs = [f"{sign} {name}" for name, sign in SIGNS.items() if name in relations]
    far = any(
        link.premise // ACROSS != link.claim // ACROSS
        for row in rows for link in row.links
    )  # fmt: skip
    all_of = [s for row in rows for s in row.statements]
    stances = any(s.role == "claim" and s.stance in STANCES for s in all_of)
    caption(ax, [
        "A band is a paragraph in the colour of its frame, a number a sentence; beside "
        "stands how the claims begin. Roles, links and voices were found by rules.",
        f"Signs of a link: {', '.join(signs)}." if signs else "",
        "An arrow with a number leads to the claim of that number." if far else "",
        "+ in favor of cooperation, − against it." if stances else "",
        f"{QUOTE} the view of another, with its holder."
        if any(s.voice != "own" for s in all_of) else "",
    ])  # fmt: skip
