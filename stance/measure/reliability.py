"""Whether a probability of .8 is right eight times of ten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stance.measure.resample import outcomes

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Bin:
    """Units of like confidence, the probability of the likeliest label.

    ``low`` and ``high`` are the least and the largest confidence among its ``n`` units,
    ``confidence`` is the mean, ``accuracy`` the share of them that is right.
    """

    bin: int
    low: float
    high: float
    confidence: float
    accuracy: float
    n: int


def _sorted(
    proba: NDArray[np.float64], n_bins: int
) -> tuple[NDArray[np.integer], NDArray[np.float64], NDArray[np.integer]]:
    """Return units by confidence, the confidence in that order, where bins start."""
    confidence = proba.max(axis=1)
    order = np.argsort(confidence, kind="stable")
    parts = np.array_split(order, n_bins)
    starts = np.cumsum([0, *(len(part) for part in parts if len(part))])[:-1]
    return order, confidence[order], starts


def reliability(
    y: NDArray[np.integer], proba: NDArray[np.float64], *, n_bins: int = 5
) -> tuple[Bin, ...]:
    """Return confidence and accuracy of the likeliest label, in bins of equal counts.

    Parameters
    ----------
    y : ndarray of int, shape (n_units,)
        Column of each unit's gold label.
    proba : ndarray, shape (n_units, n_labels)
        Each row sums to 1.
    n_bins : int, default 5
        Counts differ by one at most, the first bins have more; units of the same
        confidence are in the order given.

    Returns
    -------
    tuple of Bin
        The least confident first; of fewer units than bins, a bin a unit.

    Examples
    --------
    >>> proba = np.array([[0.5, 0.5], [0.25, 0.75], [0.25, 0.75], [0.0, 1.0]])
    >>> [(b.confidence, b.accuracy, b.n)
    ...  for b in reliability(np.array([1, 1, 0, 1]), proba, n_bins=2)]
    [(0.625, 0.5, 2), (0.875, 0.5, 2)]
    """
    order, confidence, starts = _sorted(proba, n_bins)
    is_right = (proba.argmax(axis=1) == y)[order]
    ends = [*starts[1:], len(order)]
    return tuple(
        Bin(
            bin=at,
            low=float(confidence[start]),
            high=float(confidence[end - 1]),
            confidence=float(confidence[start:end].mean()),
            accuracy=float(is_right[start:end].mean()),
            n=int(end - start),
        )
        for at, (start, end) in enumerate(zip(starts, ends, strict=True), start=1)
    )


def calibration_error(
    y: NDArray[np.integer], proba: NDArray[np.float64], *, n_bins: int = 5
) -> float:
    """Return how far accuracy is from confidence, on average over the units.

    0 is best, and out of reach: see `perfect_error`. Parameters are those of
    `reliability`.

    References
    ----------
    Naeini, M. P., Cooper, G. and Hauskrecht, M. (2015). Obtaining well calibrated
    probabilities using Bayesian binning. *AAAI*.

    Examples
    --------
    >>> calibration_error(np.array([1, 1]), np.array([[0.6, 0.4], [0.1, 0.9]]))
    0.35
    """
    bins = reliability(y, proba, n_bins=n_bins)
    return float(sum(b.n * abs(b.accuracy - b.confidence) for b in bins) / len(y))


def perfect_error(
    proba: NDArray[np.float64],
    *,
    n_bins: int = 5,
    level: float = 0.95,
    n_draws: int = 2000,
    rng: int | np.random.Generator = 0,
) -> float:
    """Return the calibration error that probabilities without fault rarely exceed.

    A calibration error below it is no evidence against the probabilities.

    Parameters
    ----------
    proba : ndarray, shape (n_units, n_labels)
        Labels are drawn from them: then they are right by construction.
    n_bins, level, n_draws
        Bins of each calibration error; which quantile of how many of them.
    rng : int or Generator, default 0
        Seed or generator.

    Notes
    -----
    Units are drawn independently. Where errors come in clumps, by document, even good
    probabilities exceed it more often than ``level`` says.

    Examples
    --------
    >>> perfect_error(np.array([[0.5, 0.5]] * 20)) > 0.2
    True
    """
    _, confidence, starts = _sorted(proba, n_bins)
    # The likeliest label is right with the probability that it has.
    gaps = [
        abs(np.add.reduceat(is_right - confidence, starts)).sum() / len(confidence)
        for is_right in outcomes(confidence, rng, n_draws=n_draws)
    ]
    return float(np.quantile(gaps, level))
