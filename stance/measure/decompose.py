"""Decomposition of a change: how far sources changed, how far their mix did."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import stdtrit

from stance.errors import CodingError, nearest
from stance.measure.contrast import NONE
from stance.measure.shift import SEVERITY
from stance.measure.strata import TIMES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stance.measure.estimate import PrevalenceEstimate
    from stance.measure.strata import Strata

    Floats = NDArray[np.float64]

PARTS = ("within", "mix", "not_identified", "total")


@dataclass(frozen=True, slots=True)
class ChangePart:
    """A part of the change of a label's share between two periods.

    ``within``: the sources wrote otherwise; ``mix``: other sources wrote more;
    ``not_identified``: sources of one period only, of which neither can be said;
    ``total``: their sum. ``low`` and ``high`` are ``nan`` where a source that the part
    rests on has no interval.
    """

    before: str
    after: str
    part: str
    label: str
    base: str
    change: float
    low: float
    high: float
    std_error: float
    df: float
    n_sources: int
    method: str
    estimand: str
    level: float
    status: str
    note: str


class _Linear(NamedTuple):
    """Values, shape (n_cells, n_labels), and their influence, with rows before them."""

    value: Floats
    psi: Floats

    def times(self, other: _Linear) -> _Linear:
        return _Linear(
            self.value * other.value, self.psi * other.value + self.value * other.psi
        )

    def plus(self, other: _Linear, factor: float = 1.0) -> _Linear:
        return _Linear(self.value + factor * other.value, self.psi + factor * other.psi)

    def mean(self, other: _Linear) -> _Linear:
        return _Linear((self.value + other.value) / 2, (self.psi + other.psi) / 2)

    def total(self) -> _Linear:
        return _Linear(self.value.sum(axis=-2), self.psi.sum(axis=-2))

    def take(self, cells: list[int]) -> _Linear:
        return _Linear(self.value[cells], self.psi[:, cells])

    def normalised(self) -> _Linear:
        whole = self.value.sum(axis=-2, keepdims=True)
        share = self.value / whole
        return _Linear(
            share, (self.psi - share * self.psi.sum(axis=-2, keepdims=True)) / whole
        )


class _Sides(NamedTuple):
    """Cells of each period: of the sources in both, in one order, and of the others."""

    periods: tuple[str, str]
    both: tuple[list[int], list[int]]
    alone: tuple[list[int], list[int]]
    note: str


def decompose_change(
    estimate: PrevalenceEstimate, *, before: str, after: str
) -> tuple[ChangePart, ...]:
    r"""Return how much of a change is of the sources, and how much of their mix.

    A newspaper that enters the corpus changes its shares though nobody changed their
    mind. What is left within sources is still no cause: it is what the sources that
    are in both periods wrote.

    Parameters
    ----------
    estimate : PrevalenceEstimate
        Over crossed strata: ``stratify(gold, by="year,source")``.
    before, after : str
        Two periods.

    Returns
    -------
    tuple of ChangePart
        Base by base, label by label: within, mix, not identified, total, which is
        their sum.

    Raises
    ------
    CodingError
        If the strata are not periods crossed with something; a period is not among
        them; no source is in both.

    Notes
    -----
    Of the sources in both periods, with shares r and weights u that sum to 1, within is
    :math:`\sum_s \bar u_s \Delta r_s` and mix :math:`\sum_s \Delta u_s \bar r_s`, bars
    being means of both periods (Kitagawa 1955). What sources of one period add to its
    share beyond the common ones is not identified (Ñopo 2008). Weights count all units;
    for the base ``framed`` those with a frame, as estimated. For the estimand
    ``process`` they vary over documents as the shares do, for ``corpus`` they are
    fixed. The total adds up estimates by source, and so differs a little from the
    change that is estimated without sources. Intervals are to first order.

    References
    ----------
    Kitagawa, E. M. (1955). Components of a difference between two rates. *Journal of
    the American Statistical Association* 50(272), 1168-1194.
    Ñopo, H. (2008). Matching as a tool to decompose wage gaps. *Review of Economics and
    Statistics* 90(2), 290-299.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from stance.measure.prevalence import prevalence
    >>> from stance.measure.strata import stratify
    >>> from stance.testing import coded
    >>> gold, predictions = coded("2012: 00 00 | 11 22", "2023: 00 11 | 11 11 22 22")
    >>> gold = replace(gold, sources=tuple("aabbaabbbb"))
    >>> strata = stratify(gold, by="year,source")
    >>> shares = prevalence(gold, predictions, strata=strata, estimand="corpus")
    >>> parts = decompose_change(shares, before="2012", after="2023")
    >>> [(row.part, round(row.change, 3)) for row in parts[:4]]
    [('within', -0.208), ('mix', -0.125), ('not_identified', 0.0), ('total', -0.333)]
    """
    sides = _sides(estimate.strata, before, after)
    numbers = _numbers(estimate)
    cell = _cell_of_row(estimate, numbers)
    rows: list[ChangePart] = []
    for base in estimate.bases:
        labels, theta, influence = estimate.base(base)
        with np.errstate(invalid="ignore", divide="ignore"):
            weights = _weights(estimate, base, numbers)
            parts = _parts(_Linear(theta, influence), weights, sides)
        for k, label in enumerate(labels):
            for name, part in zip(PARTS, parts, strict=True):
                one = _Linear(part.value[k], part.psi[:, k])
                rows.append(
                    _row(estimate, sides, name, base=(base, label), part=one, cell=cell)
                )
    return tuple(rows)


def _split(strata: Strata) -> tuple[list[str], list[str]]:
    """Return the period of each cell, and what it is crossed with."""
    parts = strata.by.split(",")
    first, last = parts[0] in TIMES, parts[-1] in TIMES
    if len(parts) < 2 or first == last:
        raise CodingError(
            f"strata by {strata.by!r} are not periods crossed with sources",
            hint="report by two, a time and what is decomposed by: --by year,source",
        )
    if first:
        pairs = [name.split(" / ", 1) for name in strata.names]
        return [p for p, _ in pairs], [s for _, s in pairs]
    pairs = [name.rsplit(" / ", 1) for name in strata.names]
    return [p for _, p in pairs], [s for s, _ in pairs]


def _sides(strata: Strata, before: str, after: str) -> _Sides:
    """Return the cells of both periods."""
    periods, sources = _split(strata)
    found: list[dict[str, int]] = []
    for period in (before, after):
        if period not in periods:
            raise CodingError(
                f"{period!r} is not a period of the estimate",
                hint=nearest(period, tuple(sorted(set(periods))), kind="periods"),
            )
        found.append(
            {s: at for at, (p, s) in enumerate(zip(periods, sources, strict=True))
             if p == period}
        )  # fmt: skip
    old, new = found
    if before == after or not set(old) & set(new):
        raise CodingError(
            f"nothing is in both {before} and {after} to decompose the change by",
            hint="compare two periods that have sources in common",
        )
    shared = [name for name in old if name in new]
    alone = [[name for name in one if name not in shared] for one in found]
    note = "; ".join(
        f"only in {period}: {', '.join(names[:5])}" + (", ..." if names[5:] else "")
        for period, names in zip((before, after), alone, strict=True)
        if names
    )
    return _Sides(
        (before, after),
        ([old[name] for name in shared], [new[name] for name in shared]),
        ([old[name] for name in alone[0]], [new[name] for name in alone[1]]),
        note,
    )


def _numbers(estimate: PrevalenceEstimate) -> Floats:
    """Return how many units each document has in each cell."""
    of = estimate.strata.of
    rows = np.flatnonzero(of >= 0)
    _, document = np.unique(estimate.strata.component[rows], return_inverse=True)
    numbers = np.zeros((document.max() + 1, len(estimate.strata.names)))
    np.add.at(numbers, (document, of[rows]), 1)
    return numbers


def _cell_of_row(estimate: PrevalenceEstimate, numbers: Floats) -> NDArray[np.integer]:
    """Return the cell whose degrees of freedom a row of the influence belongs to."""
    if estimate.estimand == "corpus":
        numbers = np.nan_to_num(abs(estimate.influence)).max(axis=2)
    cell: NDArray[np.integer] = numbers.argmax(axis=1)
    return cell


def _weights(estimate: PrevalenceEstimate, base: str, numbers: Floats) -> _Linear:
    """Return how many units of a base each cell has, up to a factor a period."""
    psi = np.zeros((len(estimate.influence), numbers.shape[1]))
    if estimate.estimand == "process":
        periods = np.array(_split(estimate.strata)[0])
        for period in np.unique(periods):
            here = periods == period
            own = numbers[:, here].sum(axis=1)
            g = (own > 0).sum()
            # As leaving out one document at a time, like the shares.
            scale = own.sum() / (own.sum() - own) * np.sqrt((g - 1) / g)
            psi[:, here] = numbers[:, here] * scale[:, None]
    counts = _Linear(numbers.sum(axis=0)[:, None], psi[:, :, None])
    if base == "all":
        return counts
    framed = [estimate.labels.names.index(n) for n in estimate.labels.substantive]
    return counts.times(
        _Linear(
            estimate.theta[:, framed].sum(axis=1, keepdims=True),
            estimate.influence[:, :, framed].sum(axis=2, keepdims=True),
        )
    )


def _parts(share: _Linear, weights: _Linear, sides: _Sides) -> tuple[_Linear, ...]:
    """Return the parts in the order of ``PARTS``."""
    old, new = (share.take(cells) for cells in sides.both)
    u_old, u_new = (weights.take(cells).normalised() for cells in sides.both)
    within = u_old.mean(u_new).times(new.plus(old, -1)).total()
    mix = u_new.plus(u_old, -1).times(old.mean(new)).total()
    known = within.plus(mix)
    if not any(sides.alone):
        return within, mix, _Linear(*map(np.zeros_like, known)), known
    every = [both + alone for both, alone in zip(sides.both, sides.alone, strict=True)]
    before, after = (
        weights.take(cells).normalised().times(share.take(cells)).total()
        for cells in every
    )
    total = after.plus(before, -1)
    return within, mix, total.plus(known, -1), total


def _row(
    estimate: PrevalenceEstimate, sides: _Sides, name: str, *,
    base: tuple[str, str], part: _Linear, cell: NDArray[np.integer],
) -> ChangePart:  # fmt: skip
    """Return a row; it has no interval where nothing varies that could."""
    both, alone = [*sides.both[0], *sides.both[1]], [*sides.alone[0], *sides.alone[1]]
    used = {"not_identified": alone, "total": both + alone}.get(name, both)
    status = [estimate.status[t] for t in used]
    change, v = float(part.value), float((part.psi**2).sum())
    by_cell = np.bincount(cell, part.psi**2, minlength=len(estimate.df))
    error, df, reach = math.sqrt(v), math.nan, 0.0
    if v > NONE:
        df = max(v**2 / float((by_cell**2 / estimate.df).sum()), 1.0)
        reach = float(stdtrit(df, (1 + estimate.level) / 2)) * error
    elif not _is_exact(estimate, sides, name, used):
        error = reach = math.nan
    split = _split(estimate.strata)[1]
    unknown = np.isnan(estimate.influence[:, used].sum(axis=(0, 2)))
    names = estimate.strata.names
    without = [names[t] for t, no in zip(used, unknown, strict=True) if no]
    notes = [sides.note] if sides.note and name == "not_identified" else []
    if without:
        more = ", ..." if without[5:] else ""
        notes.append(f"no interval: {', '.join(without[:5])}{more}")
    return ChangePart(
        before=sides.periods[0], after=sides.periods[1], part=name, label=base[1],
        base=base[0], change=change, low=change - reach, high=change + reach,
        std_error=error, df=df, n_sources=len({split[t] for t in used}),
        method=estimate.method, estimand=estimate.estimand, level=estimate.level,
        status=min(status, key=SEVERITY.index, default="ok"),
        note="; ".join(notes),
    )  # fmt: skip


def _is_exact(
    estimate: PrevalenceEstimate, sides: _Sides, name: str, used: list[int]
) -> bool:
    """Return whether a part cannot vary: there is none, or every unit is coded."""
    if not used or (name == "mix" and len(sides.both[0]) == 1):
        return True
    here = {estimate.strata.names[t] for t in used}
    return estimate.exact >= here
