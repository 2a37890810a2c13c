"""Shares over time: each label with its interval, and the n that it rests on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import ceil, isnan, nan
from typing import TYPE_CHECKING, NamedTuple

from stance.show.figures import INK, colour_of, marker_of
from stance.show.figures.captions import (
    BASES,
    caption,
    estimate_sentences,
    grow,
    hollow_sentence,
    label_legend,
    points_of,
)  # fmt: skip
from stance.show.figures.fonts import check_glyphs, plain, shortened, width_of, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from stance.measure.prevalence import Prevalence

YEAR, MONTH = re.compile(r"\d{4}"), re.compile(r"\d{4}-\d{2}")
SMALL = 7.0  # points: the least that a journal's column is read at
#: Points that a marker takes beside the next; that a panel takes, and can do with.
BESIDE, WIDE, NARROW, HIGH = 6.0, 187.0, 125.0, 92.0
#: Labels that are still told apart in one panel.
TOGETHER = 5


class Place(NamedTuple):
    """Where a stratum stands: in which panel, at which place, under which name."""

    group: str
    x: int
    name: str


class Cell(NamedTuple):
    """A panel: what it shows, where it stands, whether strata are named under it."""

    group: str
    labels: tuple[str, ...]
    row: int
    column: int
    named: bool


class Plan(NamedTuple):
    """How panels lie, the points from one place to the next, and of a panel.

    ``flat`` says whether names and n find room there.
    """

    cells: tuple[Cell, ...]
    slot: float
    wide: float
    apart: bool
    flat: bool


class Looks(NamedTuple):
    """Colour and shape by label, top of the axis, step between labels, lines or not."""

    colour: dict[str, str]
    marker: dict[str, str]
    top: float
    step: float
    linked: bool


def places(names: Sequence[str]) -> tuple[dict[str, Place], bool]:
    """Return the place of each stratum, and whether places are years or months.

    Where all names have a year or month among their parts, x is its number, so that an
    empty one leaves a gap, and the other parts are the group. Else strata stand in
    their order.

    Parameters
    ----------
    names : sequence of str
        As `stance.measure.strata.stratify` gives them.

    Examples
    --------
    >>> places(["2012 / 日报", "2015 / 日报"])[0]["2015 / 日报"]
    Place(group='日报', x=2015, name='2015')
    >>> places(["en"])
    ({'en': Place(group='', x=0, name='en')}, False)
    """
    parts = {name: name.split(" / ") for name in names}
    for pattern, month in ((YEAR, 0), (MONTH, 1)):
        for at in range(min(map(len, parts.values()), default=0)):
            if all(pattern.fullmatch(part[at]) for part in parts.values()):
                return {
                    name: Place(
                        plain(" / ".join(part[:at] + part[at + 1 :])),
                        int(part[at][:4]) * (12 if month else 1)
                        + (int(part[at][5:]) - 1 if month else 0),
                        part[at],
                    )
                    for name, part in parts.items()
                }, True  # fmt: skip
    return {name: Place("", x, plain(name)) for x, name in enumerate(names)}, False


def shares_figure(
    rows: Sequence[Prevalence], ax: Axes, *, base: str = "all",
    labels: Sequence[str] = (),
) -> Axes:  # fmt: skip
    """Draw the share of each label in each stratum, with its interval and n.

    Years and months stand at their distance; no line leads to one without text, or
    with a single document, whose share is its own.
    Under the axis: coded units, then all units. A hollow point is one whose status is
    not ``ok``: the caption says which. Strata of two parts, as year and source, get a
    panel a source; where markers would touch, each label gets a panel of its own.

    Parameters
    ----------
    rows : sequence of Prevalence
        As `stance.measure.prevalence.prevalence` gives them.
    ax : Axes
        Of a grid, as `Figure.add_subplot` makes them. Drawn on, and returned; where
        there are several panels they take its place, and it is turned off. Legend and
        caption go to its figure or subfigure.
    base : {"all", "framed"}, default "all"
        Which of the shares.
    labels : sequence of str, optional
        Of the codebook, in its order, which fixes colours; those of the rows if empty.

    Raises
    ------
    ValueError
        If no row has the base, or the axes are of no grid.
    InputError
        If no font has a character of a name.
    """
    rows = [row for row in rows if row.base == base]
    if not rows:
        raise ValueError(f"no row has the base {base!r}")
    check_glyphs(plain(text) for row in rows for text in (row.stratum, row.label))
    drawn = list(dict.fromkeys(row.label for row in rows))
    known = list(labels) or drawn
    place, linked = places(list(dict.fromkeys(row.stratum for row in rows)))
    plan = _plan(ax, place, rows, drawn)
    panels = _panels(ax, plan.cells)
    step = min(0.8 / len(drawn), 1.6 * BESIDE / plan.slot)
    looks = Looks(colour_of(known), marker_of(known), _top(rows), step, linked)
    for panel, cell in zip(panels, plan.cells, strict=True):
        here = [row for row in rows if place[row.stratum].group == cell.group]
        _points(panel, [row for row in here if row.label in cell.labels], place, looks)
        _axes(panel, {place[row.stratum]: row for row in here}, plan, cell)
        titles = (cell.group, *(plain(label) for label in cell.labels if plan.apart))
        _title(panel, ", ".join(filter(None, titles)), plan.wide)
    xs = [where.x for where in place.values()]
    for panel in panels:
        panel.set_xlim(min(xs) - 0.5, max(xs) + 0.5)
    if not plan.apart and len(drawn) > 1:
        label_legend(ax, drawn, known)
    write = panels[0].set_ylabel if len(panels) == 1 else ax.figure.supylabel
    write(BASES.get(base, f"share ({base})"), fontsize=8)
    caption(ax, [
        *estimate_sentences(rows), hollow_sentence((r.stratum, r.status) for r in rows),
        "No line leads to a time with less than two documents." if linked else "",
    ])  # fmt: skip
    return ax


def _plan(
    ax: Axes, place: dict[str, Place], rows: Sequence[Prevalence], labels: Sequence[str]
) -> Plan:
    """Return how many panels stand side by side, and whether each label gets one."""
    width = points_of(ax)[0]
    xs = [where.x for where in place.values()]
    groups = list(dict.fromkeys(where.group for where in place.values()))

    def slot(columns: int) -> float:
        return (width / columns - 48) / (max(xs) - min(xs) + 1)

    columns = min(len(groups), max(1, int(width // WIDE)))
    narrow = slot(columns) < BESIDE * len(labels) or len(labels) > TOGETHER
    apart = narrow and len(labels) > 1
    if apart:
        across = width / len(groups) >= NARROW and len(groups) > 1
        columns = len(groups) if across else min(2, max(1, int(width // WIDE)))
        cells = _grid(groups, labels, columns, across=across)
    else:
        cells = [
            Cell(group, tuple(labels), at // columns, at % columns, True)
            for at, group in enumerate(groups)
        ]
    stacks = [_stack(place[row.stratum].name, row, slot(columns)) for row in rows]
    lines = max(map(len, stacks))
    widest = max(width_of(line, SMALL) for stack in stacks for line in stack)
    flat = widest + 4 <= slot(columns) and lines <= 5
    under = SMALL * 1.3 * lines if flat else 20 + 1.1 * max(
        width_of(_line(place[row.stratum].name, row), SMALL) for row in rows
    )  # fmt: skip
    deep = cells[-1].row + 1
    named = len({cell.row for cell in cells if cell.named})
    grow(ax, 70 + deep * (HIGH if deep > 1 else 120) + named * under)
    return Plan(tuple(cells), slot(columns), width / columns - 36, apart, flat)


def _grid(
    groups: Sequence[str], labels: Sequence[str], columns: int, *, across: bool
) -> list[Cell]:
    """Return a panel a label and group: groups side by side, or one below another."""
    if across:
        last = len(labels) - 1
        return [
            Cell(group, (label,), row, column, row == last)
            for row, label in enumerate(labels)
            for column, group in enumerate(groups)
        ]
    deep = ceil(len(labels) / columns)
    return [
        Cell(group, (label,), at * deep + j // columns, j % columns,
             j + columns >= len(labels))
        for at, group in enumerate(groups)
        for j, label in enumerate(labels)
    ]  # fmt: skip


def _stack(name: str, row: Prevalence, slot: float) -> list[str]:
    """Return what stands under a stratum: its name, coded units, units."""
    lines = wrapped(name, slot - 4, size=SMALL).split("\n")
    return [*lines, f"{row.n_coded}", f"{row.n_units}"]


def _line(name: str, row: Prevalence) -> str:
    return f"{name}: {row.n_coded}/{row.n_units}"


def _panels(ax: Axes, cells: Sequence[Cell]) -> list[Axes]:
    """Return the axes themselves, or so many in their place."""
    if len(cells) == 1:
        return [ax]
    spec = ax.get_subplotspec()
    if spec is None:
        raise ValueError("ax must be of a grid, as figure.add_subplot() makes it")
    ax.set_axis_off()
    columns = max(cell.column for cell in cells) + 1
    grid = spec.subgridspec(cells[-1].row + 1, columns)
    return [ax.figure.add_subplot(grid[cell.row, cell.column]) for cell in cells]


def _title(ax: Axes, text: str, room: float) -> None:
    ax.set_title(
        shortened(text, room / 1.08, size=8), loc="left", fontsize=8, color=INK,
        parse_math=False,
    )  # fmt: skip


def _top(rows: Sequence[Prevalence]) -> float:
    """Return where the axis of shares ends: 1, or a tenth above what is shown."""
    values = [value for row in rows for value in (row.share, row.high)]
    most = max((value for value in values if not isnan(value)), default=1.0)
    return 1.0 if most > 0.65 else ceil(10 * most + 0.5) / 10


def _points(
    ax: Axes, rows: Sequence[Prevalence], place: dict[str, Place], looks: Looks
) -> None:
    """Draw points with intervals, labels side by side, and lines between neighbours."""
    labels = list(dict.fromkeys(row.label for row in rows))
    for j, label in enumerate(labels):
        shift = (j - (len(labels) - 1) / 2) * looks.step
        at = {place[row.stratum].x: row for row in rows if row.label == label}
        colour, marker = looks.colour[label], looks.marker[label]
        if looks.linked:
            xs = range(min(at), max(at) + 1)
            ax.plot(
                [x + shift for x in xs],
                [at[x].share if x in at and at[x].n_documents > 1 else nan for x in xs],
                color=colour, linewidth=0.8, alpha=0.6, label=f"_{label}",
            )  # fmt: skip
        for x, row in at.items():
            if not isnan(row.low):
                ax.vlines(x + shift, row.low, row.high, color=colour, linewidth=1.1)
            ax.plot(
                [x + shift], [row.share], color=colour, marker=marker, markersize=4.5,
                markeredgewidth=1, linestyle="none", zorder=3, clip_on=False,
                markerfacecolor=colour if row.status == "ok" else "white",
            )  # fmt: skip
    ax.set_ylim(0, looks.top)


def _axes(ax: Axes, of: dict[Place, Prevalence], plan: Plan, cell: Cell) -> None:
    """Write name, coded and all units under the axis; upright where it is narrow."""
    ax.tick_params(labelsize=SMALL, labelleft=cell.column == 0)
    ax.grid(visible=False, axis="x")
    at = [where.x for where in of]
    if not cell.named:
        ax.set_xticks(at, [""] * len(at))
        return
    stacks = [_stack(where.name, row, plan.slot) for where, row in of.items()]
    deep = max(map(len, stacks))
    for stack in stacks:
        stack[-2:-2] = [""] * (deep - len(stack))
    lines = [_line(where.name, row) for where, row in of.items()]
    ax.set_xticks(
        at, ["\n".join(stack) for stack in stacks] if plan.flat else lines,
        rotation=0 if plan.flat else 90, parse_math=False,
    )  # fmt: skip
    if cell.column == 0 and plan.flat:
        ax.annotate(
            "\n" * (deep - 2) + "coded\nunits", (0, 0), xycoords="axes fraction",
            xytext=(-7, -7), textcoords="offset points", ha="right", va="top",
            fontsize=SMALL, color=INK,
        )  # fmt: skip
    elif cell.column == 0:
        ax.set_xlabel("stratum: coded/all units", fontsize=SMALL, loc="left")
