"""Prevalence: the share of each label in a stratum, corrected for classifier error."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtrit

from stance.measure.difference import census_difference, difference
from stance.measure.estimate import (
    TUNINGS,
    Prevalence,
    PrevalenceEstimate,
    bases,
    of_base,
)
from stance.measure.quantify import QUANTIFIERS, corrections, quantify
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

    from stance.coding.predictions import Gold, Predictions
    from stance.measure.difference import Fit
    from stance.measure.quantify import Extrapolated
    from stance.measure.status import Counts
    from stance.measure.strata import Columns, Strata

    Floats = NDArray[np.float64]

__all__ = [
    "ESTIMANDS", "METHODS", "TUNINGS", "Prevalence", "PrevalenceEstimate", "bases",
    "fit_of", "of_base", "prevalence",
]  # fmt: skip

METHODS = (*TUNINGS, *QUANTIFIERS, "synthetic")
#: Where labels are too few, these fall back on the classifier, corrected elsewhere.
BORROWING = ("difference", "dsl", "synthetic")
ESTIMANDS = ("process", "corpus")
PROCESS = "the interval of this method is for what the sources write"


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
    far = _extrapolated(columns, status, method, estimand=estimand, level=level)
    fit = _withhold(fit, counts, status, far, borrows)
    estimate = PrevalenceEstimate(
        (), gold.labels, strata, fit.theta, fit.influence, fit.df, status, method,
        estimand, level, columns,
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


def _extrapolated(
    columns: Columns, status: tuple[str, ...], method: str, *, estimand: str,
    level: float,
) -> dict[int, Extrapolated]:  # fmt: skip
    """Return the shares of the strata that others say something of."""
    others = {
        at: [other for other in solid(status) if other != at]
        for at in range(len(status))
    }
    far = [
        at
        for at, name in enumerate(status)
        if name == "extrapolated" or (method == "synthetic" and len(others[at]) > 2)
    ]
    if not far:
        return {}
    found = corrections(columns, estimand)
    return {at: found.extrapolated(at, others=others[at], level=level) for at in far}


def _withhold(
    fit: Fit, counts: Counts, status: tuple[str, ...], far: dict[int, Extrapolated],
    borrows: bool,
) -> Fit:  # fmt: skip
    """Take away intervals that the labels do not carry, and shares with them.

    A method that corrects the classifier then says what the classifier says, or what
    was extrapolated; the others keep their own share.
    """
    theta, influence = fit.theta, fit.influence  # ours alone
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
        none = estimate.influence[:0]
        names, theta, _ = of_base(base, estimate.labels, estimate.theta, none)
        _, by_model, _ = of_base(base, estimate.labels, counts.classifier, none)
        error = estimate.error(base)
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
