"""What stands around a figure: its height, legend and caption."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isnan
from typing import TYPE_CHECKING, Any

from stance.show.figures import INK, colour_of, marker_of
from stance.show.figures.fonts import plain, width_of, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from stance.measure.prevalence import Prevalence
    from stance.measure.shift import Change

#: What a share is a share of, as a reader of the figure needs to be told.
ESTIMANDS = {
    "process": "the process that writes such texts",
    "corpus": "this corpus",
}
BASES = {"all": "share of units", "framed": "share of the units with a frame"}
#: Names of strata that a caption lists; of more it gives the number.
LISTED = 4


def points_of(ax: Axes) -> tuple[float, float]:
    """Return width and height in points of the figure that the axes stand in.

    Examples
    --------
    >>> from stance.show.figures import drawn
    >>> points_of(drawn(lambda ax: ax, size=(3.5, 2)).axes[0])
    (252.0, 144.0)
    """
    box, dpi = ax.figure.bbox, ax.figure.canvas.figure.dpi
    return 72 * float(box.width) / dpi, 72 * float(box.height) / dpi


def grow(ax: Axes, points: float) -> None:
    """Make a figure so high at least; one that holds other axes too stays as it is.

    Parameters
    ----------
    ax : Axes
        On which lines are drawn.
    points : float
        The height that the lines take, with axis, legend and caption.

    Examples
    --------
    >>> from stance.show.figures import drawn
    >>> figure = drawn(lambda ax: ax, size=(3.5, 2))
    >>> grow(figure.axes[0], 216)
    >>> figure.get_size_inches().tolist()
    [3.5, 3.0]
    """
    figure: Any = ax.figure
    if figure is ax.figure.canvas.figure and figure.axes == [ax]:
        width, height = figure.get_size_inches()
        figure.set_size_inches(width, max(height, points / 72))


def caption(ax: Axes, sentences: Sequence[str]) -> None:
    """Write what a figure shows under the figure, or subfigure, of the axes.

    Parameters
    ----------
    ax : Axes
        Of the figure.
    sentences : sequence of str
        With their full stops; empty ones are left out.

    Examples
    --------
    >>> from stance.show.figures import drawn
    >>> ax = drawn(lambda ax: ax).axes[0]
    >>> caption(ax, ["Bars: 95 % intervals.", ""])
    >>> ax.figure.get_supxlabel()
    'Bars: 95 % intervals.'
    """
    room = 0.9 * points_of(ax)[0]  # on the screen letters are a little wider
    text = wrapped(" ".join(filter(None, sentences)), room, size=7)
    ax.figure.supxlabel(
        text, x=0.01, ha="left", fontsize=7, color=INK, parse_math=False
    )


def under(ax: Axes, *lines: str) -> None:
    r"""Write what the numbers of the horizontal axis are, in short lines.

    Parameters
    ----------
    ax : Axes
        Of the figure.
    *lines : str
        Each begins a line.

    Examples
    --------
    >>> from stance.show.figures import drawn
    >>> ax = drawn(lambda ax: ax, size=(3.5, 2)).axes[0]
    >>> under(ax, "from $5", "to $6")
    >>> ax.get_xlabel()
    'from $5\nto $6'
    """
    room = 0.55 * points_of(ax)[0]
    text = "\n".join(wrapped(line, room, size=8) for line in lines)
    ax.set_xlabel(text, fontsize=8, parse_math=False)


def label_legend(ax: Axes, drawn: Sequence[str], labels: Sequence[str]) -> None:
    """Say above the figure which colour and shape is which label.

    Parameters
    ----------
    ax : Axes
        Of the figure.
    drawn : sequence of str
        The labels in it.
    labels : sequence of str
        Of the codebook, in its order.
    """
    from matplotlib.lines import Line2D

    colour, marker = colour_of(labels), marker_of(labels)
    handles = [
        Line2D([], [], color=colour[name], marker=marker[name], markersize=4.5,
               linewidth=1.1, label=plain(name))
        for name in drawn
    ]  # fmt: skip
    widest = max(width_of(plain(name), 8) for name in drawn) + 42
    legend = ax.figure.legend(
        handles=handles, loc="outside upper left", frameon=False, fontsize=8,
        ncols=max(1, min(len(drawn), int(points_of(ax)[0] // widest))),
    )  # fmt: skip
    for text in legend.get_texts():
        text.set_parse_math(False)


def estimate_sentences(rows: Sequence[Prevalence] | Sequence[Change]) -> list[str]:
    """Return how shares or changes were estimated, and what their bars are."""
    methods = " and ".join(dict.fromkeys(row.method for row in rows))
    of = " and ".join(
        dict.fromkeys(ESTIMANDS.get(row.estimand, row.estimand) for row in rows)
    )
    levels = " and ".join(dict.fromkeys(f"{100 * row.level:g} %" for row in rows))
    lacking = [row for row in rows if isnan(row.low)]
    if len(lacking) == len(rows):
        bars = "There are no intervals."
    else:
        bars = f"Bars: {levels} intervals"
        bars += " (no bar: no interval)." if lacking else "."
    return [f"Method: {methods}, for {of}.", bars]


def hollow_sentence(statuses: Iterable[tuple[str, str]]) -> str:
    """Return which points are hollow, and by which status.

    Parameters
    ----------
    statuses : iterable of (str, str)
        Name and status of each row.

    Examples
    --------
    >>> hollow_sentence([("2012", "few_labels"), ("2013", "ok")])
    'Hollow: few labels (2012).'
    """
    rows = dict.fromkeys((plain(name), status) for name, status in statuses)
    found: dict[str, list[str]] = {}
    for name, status in rows:
        if status != "ok":
            found.setdefault(status, []).append(name)
    n = len({name for name, _ in rows})
    said = [
        f"{status.replace('_', ' ')} ({_which(names, n)})"
        for status, names in found.items()
    ]
    return f"Hollow: {'; '.join(said)}." if said else ""


def _which(names: Sequence[str], n: int) -> str:
    if len(names) == n:
        return "all"
    if len(names) <= LISTED:
        return ", ".join(names)
    return f"{len(names)} of {n}"
