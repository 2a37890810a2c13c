"""Prevalence: the share of each label in a stratum, corrected for classifier error."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtrit

from stance.measure.difference import census_difference, difference
from stance.measure.quantify import QUANTIFIERS, extrapolate, quantify
from stance.measure.status import (
    alone,
    check_coded,
    count,
    notes,
    solid,
    statuses,
    warn_of,
)
from stance.measure.strata import columns_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stance.coding.codebook import LabelSet
    from stance.coding.predictions import Gold, Predictions
    from stance.measure.difference import Fit
    from stance.measure.quantify import Extrapolated
    from stance.measure.status import Counts
    from stance.measure.strata import Columns, Strata

    Floats = NDArray[np.float64]

#: The difference estimator's methods, and the weight of the classifier in each.
TUNINGS = {"difference": None, "labels": 0.0, "dsl": 1.0}
METHODS = (*TUNINGS, *QUANTIFIERS, "synthetic")
#: Where labels are too few, these fall back on the classifier, corrected elsewhere.
BORROWING = ("difference", "dsl", "synthetic")
ESTIMANDS = ("process", "corpus")
PROCESS = "the interval of this method is for what the sources write"


@dataclass(frozen=True, slots=True)
class Prevalence:
    """The share of a label in a stratum.

    ``base`` is ``all`` where it is a share of all units, ``framed`` of those that have
    a frame. ``share``, ``low`` and ``high`` are proportions; ``low`` and ``high`` are
    ``nan`` where there is no interval, and are cut at 0 and 1, but never within the
    share, which a correction can move below 0. ``classifier_share`` is what the
    classifier says, ``correction`` what the coded units add to it, ``tuning`` the
    weight of the classifier, ``effective_documents`` what the coded documents are worth
    as documents of even size.
    """

    stratum: str
    label: str
    base: str
    share: float
    low: float
    high: float
    std_error: float
    df: float
    n_coded: int
    n_units: int
    n_documents: int
    n_coded_documents: int
    effective_documents: float
    tuning: float
    classifier_share: float
    correction: float
    method: str
    estimand: str
    level: float
    status: str
    note: str


@dataclass(frozen=True, slots=True, eq=False)
class PrevalenceEstimate:
    """Shares of all strata, with what contrasts between them follow from.

    Attributes
    ----------
    rows : tuple of Prevalence
        Stratum by stratum; of all units, then of the framed ones.
    labels : LabelSet
        In column order.
    strata : Strata
        What is reported by.
    theta : ndarray, shape (n_strata, n_labels)
        Shares of all units.
    influence : ndarray, shape (n_rows, n_strata, n_labels)
        The covariance of two shares is the sum of the products of their columns; a
        stratum without interval is ``nan``. Rows are documents for the estimand
        ``process``, coded units for ``corpus``.
    df : ndarray, shape (n_strata,)
        Degrees of freedom.
    status : tuple of str
        Of each stratum.
    method, estimand : str
        As asked for.
    level : float
        Of the intervals.
    """

    rows: tuple[Prevalence, ...]
    labels: LabelSet
    strata: Strata
    theta: Floats
    influence: Floats
    df: Floats
    status: tuple[str, ...]
    method: str
    estimand: str
    level: float

    @property
    def bases(self) -> tuple[str, ...]:
        """Return the bases that shares are taken over."""
        return bases(self.labels)

    @property
    def exact(self) -> frozenset[str]:
        """Return the strata whose shares are exact: coded whole, of this corpus."""
        if self.estimand != "corpus" or self.method not in TUNINGS:
            return frozenset()
        return frozenset(r.stratum for r in self.rows if r.n_coded == r.n_units)

    def base(self, base: str) -> tuple[tuple[str, ...], Floats, Floats]:
        """Return the labels of a base, their shares, and the influence."""
        return of_base(base, self.labels, self.theta, self.influence)


def bases(labels: LabelSet) -> tuple[str, ...]:
    """Return what shares are taken of: all units, and the framed where not all are.

    Examples
    --------
    >>> from stance.coding.codebook import LabelSet
    >>> bases(LabelSet(("pro", "con")))
    ('all',)
    """
    return ("all", "framed") if labels.residual else ("all",)


def of_base(
    base: str, labels: LabelSet, theta: Floats, influence: Floats
) -> tuple[tuple[str, ...], Floats, Floats]:
    r"""Return labels, shares and influence of a base.

    Of the framed units :math:`r_k = \theta_k / S`, with S the sum over the frames, and
    its influence is :math:`(\psi_k - r_k \sum_j \psi_j) / S`.

    Examples
    --------
    >>> from stance.coding.codebook import LabelSet
    >>> labels = LabelSet(("pro", "none"), residual=("none",))
    >>> of_base("framed", labels, np.array([[0.2, 0.8]]), np.zeros((1, 1, 2)))[1]
    array([[1.]])
    """
    if base == "all":
        return labels.names, theta, influence
    kept = [labels.names.index(name) for name in labels.substantive]
    part, psi = theta[:, kept], influence[:, :, kept]
    total = part.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        r = part / total
        out = (psi - r * psi.sum(axis=2, keepdims=True)) / total
    return labels.substantive, r, out


def prevalence(
    gold: Gold, predictions: Predictions, *, strata: Strata,
    method: str = "difference", estimand: str = "process", level: float = 0.95,
) -> PrevalenceEstimate:  # fmt: skip
    """Return the share of each label in each stratum, with its interval.

    Read the status first: only ``ok`` is evidence without reserve. ``few_labels`` has
    a wide interval; ``extrapolated`` borrows the classifier's error from other strata;
    ``descriptive`` is what the classifier says, without interval; ``one_document`` is
    that document's own share; ``convenience`` holds only if the units that were coded
    are as good as drawn at random.

    Parameters
    ----------
    gold : Gold
        Every unit of the corpus; ``y`` is -1 where it is not coded.
    predictions : Predictions
        Of the same units: out of fold (`stance.model.train.cross_fit`), or of a model
        that was trained on none of the coded texts.
    strata : Strata
        As `stance.measure.strata.stratify` gives them.
    method : str, default "difference"
        ``difference``, ``labels`` (the coded units alone), ``dsl``; or for comparison
        ``cc``, ``pcc``, ``acc``, ``pacc``, ``emq`` and ``synthetic``
        (`stance.measure.quantify`), which are wrong where the classifier errs
        differently in different strata.
    estimand : {"process", "corpus"}, default "process"
        ``process``: documents are a sample of what the sources write. ``corpus``: this
        corpus is all there is, and the coded units are a random sample of it.
    level : float, default 0.95
        Of the intervals.

    Returns
    -------
    PrevalenceEstimate
        Its ``rows`` are the table.

    Raises
    ------
    CodingError
        If predictions were made by a model that had seen the coded text; no documents
        are known; twins are counted twice; units were drawn unevenly without their
        probability; a label has no coded unit; all coded units are of one document.

    References
    ----------
    See `stance.measure.difference`.

    Examples
    --------
    >>> from stance.measure.strata import stratify
    >>> from stance.testing import coded
    >>> gold, predictions = coded("2012: 00 01 11 | 21", "2023: 11 22")
    >>> found = prevalence(gold, predictions, strata=stratify(gold), estimand="corpus")
    >>> [(row.stratum, row.label, row.share) for row in found.rows][:2]
    [('2012', 'cooperation', 0.5), ('2012', 'competition', 0.25)]
    """
    if method not in METHODS:
        raise ValueError(f"method {method!r} is not one of {', '.join(METHODS)}")
    if estimand not in ESTIMANDS:
        raise ValueError(f"estimand {estimand!r} is not one of {', '.join(ESTIMANDS)}")
    if not 0 < level < 1:
        raise ValueError(
            f"level must lie strictly between 0 and 1, got {level}; for 95 per cent "
            "write 0.95"
        )
    columns = columns_of(gold, predictions, strata)
    check_coded(columns, gold, estimand)
    counts = count(columns)
    borrows = method in BORROWING
    status = statuses(gold, strata, counts, estimand=estimand, borrows=borrows)
    fit = fit_of(columns, method, estimand)
    far = {}
    for at, name in enumerate(status):
        others = [s for s in solid(status) if s != at]
        if name == "extrapolated" or (method == "synthetic" and len(others) > 2):
            far[at] = extrapolate(
                columns, at, others=others, level=level, estimand=estimand
            )
    fit = _withhold(fit, counts, status, far, borrows)
    estimate = PrevalenceEstimate(
        (), gold.labels, strata, fit.theta, fit.influence, fit.df, status, method,
        estimand, level,
    )  # fmt: skip
    whole = (counts.coded == counts.units) & (estimand == "corpus")
    exact = [bool(w) and method in TUNINGS for w in whole]
    tuned = fit.tuning if TUNINGS.get(method, 1.0) is None else 1.0
    said = notes(counts, status, estimand=estimand, tuning=tuned, exact=exact)
    for parts, more in zip(said, alone(gold, strata), strict=True):
        parts += [
            *more,
            *([PROCESS] * (method in QUANTIFIERS and estimand == "corpus")),
        ]
    warn_of(strata, said)
    rows = _rows(estimate, counts, fit.tuning, far, ["; ".join(part) for part in said])
    return replace(estimate, rows=rows)


def fit_of(columns: Columns, method: str, estimand: str) -> Fit:
    """Return the shares of a method, before what the statuses withhold."""
    if method in QUANTIFIERS:
        return quantify(columns, method)
    # Strata that cannot be extrapolated stand as the difference estimator has them.
    estimator = census_difference if estimand == "corpus" else difference
    return estimator(columns, TUNINGS.get(method))


def _withhold(
    fit: Fit, counts: Counts, status: tuple[str, ...], far: dict[int, Extrapolated],
    borrows: bool,
) -> Fit:  # fmt: skip
    """Take away intervals that the labels do not carry, and shares with them.

    A method that corrects the classifier then says what the classifier says, or what
    was extrapolated; the others keep their own share.
    """
    theta, influence = fit.theta.copy(), fit.influence.copy()
    for at, name in enumerate(status):
        if at in far:
            theta[at] = far[at].share
        elif borrows and (name == "descriptive" or np.isnan(theta[at]).any()):
            theta[at] = counts.classifier[at]
        if at in far or name in ("descriptive", "one_document"):
            influence[:, at] = np.nan
    return fit._replace(theta=theta, influence=influence)


def _rows(
    estimate: PrevalenceEstimate, counts: Counts, tuning: float,
    far: dict[int, Extrapolated], said: Sequence[str],
) -> tuple[Prevalence, ...]:  # fmt: skip
    """Return a row a stratum, base and label."""
    rows: list[Prevalence] = []
    for base in bases(estimate.labels):
        names, theta, influence = estimate.base(base)
        _, by_model, _ = of_base(
            base, estimate.labels, counts.classifier, estimate.influence[:0]
        )
        error = np.sqrt((influence**2).sum(axis=0))
        df = np.where(np.isnan(error), np.nan, estimate.df[:, None])
        reach = stdtrit(df, (1 + estimate.level) / 2) * error
        low, high = theta - reach, theta + reach
        for at in far if base == "all" else ():
            error[at], low[at] = far[at].std_error, far[at].low
            df[at], high[at] = far[at].df, far[at].high
        for at, k in np.ndindex(theta.shape):
            rows.append(
                Prevalence(
                    stratum=estimate.strata.names[at], label=names[k], base=base,
                    share=float(theta[at, k]),
                    low=float(min(max(low[at, k], 0), theta[at, k])),
                    high=float(max(min(high[at, k], 1), theta[at, k])),
                    std_error=float(error[at, k]), df=float(df[at, k]),
                    n_coded=int(counts.coded[at]), n_units=int(counts.units[at]),
                    n_documents=int(counts.documents[at]),
                    n_coded_documents=int(counts.coded_documents[at]),
                    effective_documents=float(counts.effective[at]), tuning=tuning,
                    classifier_share=float(by_model[at, k]),
                    correction=float(theta[at, k] - by_model[at, k]),
                    method=_used(estimate, counts, at, at in far),
                    estimand=estimate.estimand, level=estimate.level,
                    status=estimate.status[at], note=said[at],
                )
            )  # fmt: skip
    order = {name: at for at, name in enumerate(estimate.strata.names)}
    return tuple(sorted(rows, key=lambda row: order[row.stratum]))


def _used(estimate: PrevalenceEstimate, counts: Counts, at: int, is_far: bool) -> str:
    """Return the method that a stratum's share comes from."""
    if is_far:
        return "synthetic"
    few = estimate.status[at] == "descriptive" or not counts.coded[at]
    return "pcc" if few and estimate.method in BORROWING else estimate.method
