"""Shift: how the share of each label changes between strata, with its interval."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtr, stdtrit

from stance.errors import StanceWarning
from stance.measure.adjust import holm, max_t
from stance.measure.contrast import compare, condensed, contrasts, joint_test

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stance.measure.contrast import Compared, Contrast, Weights
    from stance.measure.estimate import PrevalenceEstimate

    Floats = NDArray[np.float64]

ADJUST = ("holm", "max-t", "none")
#: Statuses of a stratum from the weakest on: a change is as weak as the weaker one.
SEVERITY = (
    "convenience", "one_document", "descriptive", "extrapolated", "few_labels", "ok",
)  # fmt: skip
#: Krippendorff's conventions for alpha: below, not even tentative; good.
TENTATIVE, GOOD = 0.667, 0.8


@dataclass(frozen=True, slots=True)
class Change:
    """The change of a label's share over a contrast.

    ``share_before`` and ``share_after`` are means where a side has several strata; for
    a trend they are of the first and the last period, and ``change`` is per year.
    ``low`` and ``high`` hold one by one, with adjustment ``max-t`` all together; they
    and ``p`` are ``nan`` where ``note`` says why. ``attenuation`` is the part of a true
    change that coders' random error leaves.
    """

    contrast: str
    before: str
    after: str
    label: str
    base: str
    share_before: float
    share_after: float
    change: float
    low: float
    high: float
    std_error: float
    df: float
    p: float
    p_adjusted: float
    adjust: str
    attenuation: float
    method: str
    estimand: str
    level: float
    status: str
    note: str


@dataclass(frozen=True, slots=True)
class JointTest:
    """The test that no label's share changes over a contrast."""

    contrast: str
    before: str
    after: str
    base: str
    f: float
    df1: int
    df2: float
    p: float
    note: str


@dataclass(frozen=True, slots=True)
class ShiftEstimate:
    """Changes, contrast by contrast and base by base, and the tests over all labels."""

    rows: tuple[Change, ...]
    joint: tuple[JointTest, ...]


def shift(
    estimate: PrevalenceEstimate, *, contrast: str | Weights = "baseline",
    baseline: str = "", adjust: str = "holm", alpha: float | None = None,
) -> ShiftEstimate:  # fmt: skip
    r"""Return how the share of each label changes, with its interval.

    Read the joint test first: is there any change at all? Then the labels, by
    ``p_adjusted``. A change is worth what the weaker of its strata is worth: see
    ``status``. Where a stratum has no interval, nor has the change.

    Parameters
    ----------
    estimate : PrevalenceEstimate
        As `stance.measure.prevalence.prevalence` gives it.
    contrast : str or mapping, default "baseline"
        ``baseline``: each stratum with the baseline; ``adjacent``: with the one before;
        ``all``: every pair; ``trend``: linear in the years, over the strata with an
        interval; or contrasts named in advance, a mapping of their names to weights of
        strata (`stance.measure.contrast.break_contrast`).
    baseline : str, optional
        Name of a stratum; the first by default.
    adjust : {"holm", "max-t", "none"}, default "holm"
        ``holm`` adjusts p over the labels of each contrast; ``max-t`` p and intervals
        over all contrasts and labels of a base.
    alpha : float, optional
        The coders' agreement, for ``attenuation``.

    Raises
    ------
    CodingError
        If there is one stratum; a name is no stratum; weights do not sum to 0; a trend
        is wanted over strata that are neither years nor numbers.

    Warns
    -----
    StanceWarning
        Of all pairs without ``max-t``; of an alpha below .8.

    Notes
    -----
    For weights c over strata t the influence of the change is
    :math:`\psi_d = \sum_t c_t \psi_{dt}`, its variance the sum of squares, its degrees
    of freedom Satterthwaite's
    :math:`v^2 / \sum_t (c_t^2 v_t)^2 / \nu_t`, 1 at least. The joint test leaves out
    one label, since changes sum to 0: with q changes d, covariance V and m the mean
    degrees of freedom, :math:`F = d'V^{-1}d\,(m - q + 1) / (mq)` on q and m - q + 1;
    there is none where V has no inverse, as with fewer documents than q + 1.

    Random error of two coders leaves about :math:`\sqrt{\alpha}` of a true change (by
    simulation); error that depends on the period is repaired by nothing here.

    References
    ----------
    Satterthwaite, F. E. (1946). An approximate distribution of estimates of variance
    components. *Biometrics Bulletin* 2(6), 110-114.
    Holm, S. (1979). A simple sequentially rejective multiple test procedure.
    *Scandinavian Journal of Statistics* 6(2), 65-70.

    Examples
    --------
    >>> import warnings
    >>> from stance.measure.prevalence import prevalence
    >>> from stance.measure.strata import stratify
    >>> from stance.testing import coded
    >>> gold, predictions = coded("2012: 00 .1 | 01 11 | 22 .2", "2023: 11 .1 | 01 22")
    >>> with warnings.catch_warnings(action="ignore"):  # of so few units
    ...     shares = prevalence(gold, predictions, strata=stratify(gold))
    >>> row = shift(shares).rows[0]
    >>> row.before, row.after, row.label, row.note
    ('2012', '2023', 'cooperation', 'no interval: 2012, 2023 descriptive')
    """
    if adjust not in ADJUST:
        raise ValueError(f"adjust {adjust!r} is not one of {', '.join(ADJUST)}")
    estimate = replace(estimate, influence=condensed(estimate.influence))
    without = estimate.without
    found = contrasts(estimate.strata, contrast, baseline=baseline, known=~without)
    said = _of_all(alpha, len(found) if contrast == "all" and adjust != "max-t" else 0)
    for part in said:
        warnings.warn(part, StanceWarning, stacklevel=2)
    by_base = [compare(estimate, base, found) for base in estimate.bases]
    changes = [
        _changes(estimate, found, compared, adjust=adjust, alpha=alpha, said=said)
        for compared in by_base
    ]
    rows = [row for same in zip(*changes, strict=True) for part in same for row in part]
    joint: list[JointTest] = []
    for at, row in enumerate(found):
        for compared in by_base:
            q = len(compared.labels) - 1
            if q:
                f, df2, p, note = joint_test(compared, at)
                joint.append(
                    JointTest(
                        row.name,
                        row.before,
                        row.after,
                        compared.base,
                        f,
                        q,
                        df2,
                        p,
                        note,
                    )
                )
    return ShiftEstimate(tuple(rows), tuple(joint))


def _of_all(alpha: float | None, n_pairs: int) -> list[str]:
    """Return what must be said of every row."""
    said = []
    if n_pairs > 1:
        said.append(
            f"adjusted within each of {n_pairs} pairs, not over them: use max-t"
        )
    if alpha is None:
        return said
    if alpha > 1:
        raise ValueError(f"alpha must be at most 1, got {alpha}")
    if not alpha >= TENTATIVE:
        said.append(
            f"agreement of coders alpha {alpha:.2f} is below {TENTATIVE}, the level "
            "for tentative conclusions"
        )
    elif alpha < GOOD:
        said.append(
            f"agreement of coders alpha {alpha:.2f} allows tentative conclusions: "
            f"about {alpha**0.5:.0%} of a true change is seen"
        )
    return said


def _changes(
    estimate: PrevalenceEstimate, found: Sequence[Contrast], compared: Compared, *,
    adjust: str, alpha: float | None, said: Sequence[str],
) -> list[list[Change]]:  # fmt: skip
    """Return the rows of a base, a list a contrast."""
    reach, p, adjusted = _tested(compared, adjust, estimate.level)
    attenuation = math.nan if alpha is None else max(alpha, 0) ** 0.5
    return [
        [
            Change(
                contrast=row.name, before=row.before, after=row.after, label=name,
                base=compared.base,
                share_before=float(compared.share[0, at, k]),
                share_after=float(compared.share[1, at, k]),
                change=float(compared.change[at, k]),
                low=float(compared.change[at, k] - reach[at, k]),
                high=float(compared.change[at, k] + reach[at, k]),
                std_error=float(compared.error[at, k]), df=float(compared.df[at, k]),
                p=float(p[at, k]), p_adjusted=float(adjusted[at, k]), adjust=adjust,
                attenuation=attenuation, method=estimate.method,
                estimand=estimate.estimand, level=estimate.level,
                status=_weakest(estimate, row),
                note="; ".join([*_notes(estimate, row, compared, at, k), *said]),
            )
            for k, name in enumerate(compared.labels)
        ]
        for at, row in enumerate(found)
    ]  # fmt: skip


def _tested(
    compared: Compared, adjust: str, level: float
) -> tuple[Floats, Floats, Floats]:
    """Return half-widths, p and adjusted p; an exact change has width 0 and no p."""
    with np.errstate(invalid="ignore", divide="ignore"):
        t = compared.change / compared.error
    p = 2 * stdtr(compared.df, -abs(t))
    critical = stdtrit(compared.df, (1 + level) / 2)
    adjusted = p.copy()
    told = ~np.isnan(p)
    if adjust == "holm":
        adjusted = np.array([holm(row) for row in p])
    elif adjust == "max-t" and told.any():
        critical[told], adjusted[told] = max_t(
            compared.psi[:, told], t[told], df=compared.df[told], level=level
        )
    reach = critical * compared.error
    reach[compared.exact] = 0
    return reach, p, adjusted


def _weakest(estimate: PrevalenceEstimate, row: Contrast) -> str:
    """Return the weakest status of the strata that a contrast compares."""
    status = [estimate.status[t] for t in np.flatnonzero(row.weights)]
    return min(status, key=SEVERITY.index)


def _notes(
    estimate: PrevalenceEstimate, row: Contrast, compared: Compared, at: int, k: int
) -> list[str]:
    """Return what must be said of a change beside its numbers."""
    names, status = estimate.strata.names, estimate.status
    used = np.flatnonzero(row.weights)
    parts = [row.note] if row.note else []
    without = estimate.without
    for kind in SEVERITY:
        here = [names[t] for t in used if without[t] and status[t] == kind]
        if here:
            parts.append(f"no interval: {', '.join(here)} {kind}")
        if here and kind == "extrapolated":
            parts.append("a prediction interval is of one stratum, not of a change")
    weak = [names[t] for t in used if status[t] == "convenience" and not without[t]]
    if weak:
        parts.append(f"{', '.join(weak)} not drawn at random")
    if compared.exact[at]:
        parts.append("every unit is coded: the change is exact")
    elif np.isnan(compared.error[at, k]) and not without[used].any():
        parts.append("no interval: the label does not vary over documents")
    return parts
