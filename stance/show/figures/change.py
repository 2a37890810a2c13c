"""Changes of shares between strata: one line a contrast and label."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from math import isnan
from typing import TYPE_CHECKING, Any

from stance.show.figures import INK, MUTED, colour_of, marker_of
from stance.show.figures.captions import (
    BASES,
    caption,
    estimate_sentences,
    grow,
    hollow_sentence,
    under,
)
from stance.show.figures.fonts import check_glyphs, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from stance.measure.shift import Change

LINE = 12.0  # points from one line to the next
ADJUSTED = {
    "holm": "p is adjusted by Holm's method.",
    "max-t": "p is adjusted, and the intervals hold all together, by max-t.",
    "none": "p is not adjusted for the number of tests.",
}


def change_figure(
    rows: Sequence[Change], ax: Axes, *, base: str = "all", labels: Sequence[str] = ()
) -> Axes:
    """Draw changes of shares with their intervals, around the line of no change.

    A line is a contrast and label; to its right stands the adjusted p, or why there is
    none. A hollow point is one whose status is not ``ok``.

    Parameters
    ----------
    rows : sequence of Change
        As `stance.measure.shift.shift` gives them.
    ax : Axes
        Drawn on, and returned. The caption goes to its figure or subfigure.
    base : {"all", "framed"}, default "all"
        Which of the shares.
    labels : sequence of str, optional
        Of the codebook, in its order, which fixes colours; those of the rows if empty.

    Raises
    ------
    ValueError
        If no row has the base.
    InputError
        If no font has a character of a name.
    """
    rows = [row for row in rows if row.base == base]
    if not rows:
        raise ValueError(f"no row has the base {base!r}")
    check_glyphs(plain(t) for row in rows for t in (row.label, row.before, row.after))
    known = list(labels) or list(dict.fromkeys(row.label for row in rows))
    lines: list[tuple[int, Change]] = []
    heads: list[tuple[int, str]] = []
    for head, some in groupby(rows, _headed):
        heads.append((len(lines) + len(heads), head))
        for row in some:
            lines.append((len(lines) + len(heads), row))
    n = len(lines) + len(heads)
    grow(ax, 62 + n * LINE)
    _points(ax, lines, colour_of(known), marker_of(known))
    for y, head in heads:
        ax.annotate(
            head, (0, y), xycoords=("axes fraction", "data"), xytext=(2, 0),
            textcoords="offset points", va="center", fontsize=7.5, color=INK,
            parse_math=False, bbox={"fc": "white", "ec": "none", "pad": 1},
        )  # fmt: skip
    _sides(ax, lines, n)
    trend = any(row.contrast == "trend" for row in rows)
    under(
        ax,
        f"change of the {BASES.get(base, f'share ({base})')}, percentage points"
        f"{' (trend: a year)' if trend else ''}",
    )
    caption(ax, [
        *estimate_sentences(rows), _tested(rows),
        hollow_sentence((_headed(row), row.status) for row in rows),
    ])  # fmt: skip
    return ax


def _headed(row: Change) -> str:
    """Return what a contrast is called."""
    joint = " to " if row.contrast == "trend" else " → "
    span = joint.join(plain(name) for name in (row.before, row.after) if name)
    return f"trend, {span}" if row.contrast == "trend" else span


def _tested(rows: Sequence[Change]) -> str:
    if all(isnan(row.p_adjusted) for row in rows):
        return ""
    how = dict.fromkeys(row.adjust for row in rows)
    return " ".join(ADJUSTED.get(one, f"p is adjusted by {one}.") for one in how)


def _points(
    ax: Axes, lines: Sequence[tuple[int, Change]], colour: dict[str, str],
    marker: dict[str, str],
) -> None:  # fmt: skip
    """Draw the changes in percentage points, with their intervals and the zero line."""
    ax.axvline(0, color=MUTED, linewidth=1, zorder=1)
    for y, row in lines:
        hue = colour[row.label]
        if not isnan(row.low):
            ax.hlines(y, 100 * row.low, 100 * row.high, color=hue, linewidth=1.3)
        ax.plot(
            [100 * row.change], [y], color=hue, marker=marker[row.label],
            markersize=5, markeredgewidth=1, linestyle="none", zorder=3,
            markerfacecolor=hue if row.status == "ok" else "white",
        )  # fmt: skip


def _sides(ax: Axes, lines: Sequence[tuple[int, Change]], n: int) -> None:
    """Name the labels on the left, and write p or the status on the right."""
    ys = [y for y, _ in lines]
    right: Any = ax.twinx()
    for side in (ax, right):
        side.set_ylim(n - 0.4, -0.6)
        side.tick_params(axis="y", length=0, labelsize=7.5)
        side.grid(visible=False, axis="y")
        side.spines[["left", "right"]].set_visible(False)
    ax.set_yticks(ys, [plain(row.label) for _, row in lines], parse_math=False)
    right.set_yticks(ys, [_beside(row) for _, row in lines], parse_math=False)
    ax.tick_params(axis="x", labelsize=7)
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:+g}".replace("-", "−") if x else "0")


def _beside(row: Change) -> str:
    if isnan(row.p_adjusted):
        return row.status.replace("_", " ") if row.status != "ok" else "no test"
    if row.p_adjusted < 0.001:
        return "p < .001"
    return f"p = {row.p_adjusted:.3f}".replace("0.", ".")
