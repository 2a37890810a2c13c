"""What is known of texts before they are coded: how alike paragraphs of one are."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from stance.errors import CodingError
from stance.measure.difference import cells_of, one_hot, sums
from stance.measure.strata import columns_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stance.coding.predictions import Gold, Predictions
    from stance.measure.strata import Strata

    Floats = NDArray[np.float64]
    Ints = NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class Pilot:
    """What is known of the texts before they are coded, or guessed.

    Attributes
    ----------
    shares : tuple of float, default (0.5,)
        Of the labels, or of the one of interest; at one half intervals are widest.
    icc : float, default 0.17
        Intraclass correlation of the labels: how alike paragraphs of a document are.
    correlation : float, default 0
        Of labels and predicted probabilities, over all labels: 0 where there is no
        classifier, `correlation_of` an accuracy.
    paragraphs : float, default 16
        Of a document, on average.
    size_spread : float, default 0.7
        Standard deviation of that number, by its mean.
    error_icc : float, default 0.2
        How alike the classifier's errors are within a document.
    """

    shares: tuple[float, ...] = (0.5,)
    icc: float = 0.17
    correlation: float = 0.0
    paragraphs: float = 16.0
    size_spread: float = 0.7
    error_icc: float = 0.2


def correlation_of(accuracy: float, shares: Sequence[float]) -> float:
    """Return how labels and probabilities correlate at an accuracy.

    Parameters
    ----------
    accuracy : float
        Of the classifier, on the texts it is for.
    shares : sequence of float
        Of the labels; what they lack of 1 is taken as one more label.

    Notes
    -----
    Accuracy is first corrected for chance, as kappa is. Probabilities are then taken
    to be those of two even labels whose scores are normally distributed, so far apart
    that they are told apart with that kappa. In the worlds of
    `stance.measure.simulate` this is right within .04.

    Examples
    --------
    >>> correlation_of(0.5, (0.5, 0.5)), correlation_of(1, (0.5, 0.5))
    (0.0, 1.0)
    >>> correlation_of(0.7, (0.5, 0.5)) < correlation_of(0.9, (0.5, 0.5))
    True
    """
    if not 0 <= accuracy <= 1:
        raise ValueError(f"accuracy must lie between 0 and 1, got {accuracy}")
    chance = sum(s**2 for s in shares) + max(1 - sum(shares), 0) ** 2
    kappa = (accuracy - chance) / (1 - chance) if chance < 1 else 0.0
    if kappa <= 0:
        return 0.0
    if kappa >= 1:
        return 1.0
    apart = 2 * NormalDist().inv_cdf((1 + kappa) / 2)
    points, weights = np.polynomial.hermite_e.hermegauss(80)
    odds = np.exp(np.clip(apart * (points + apart / 2), -500, 500))
    left = float(weights @ (odds / (1 + odds) ** 2) / weights.sum())
    return float(np.sqrt(max(1 - 4 * left, 0.0)))


def _alike(values: Floats, stratum: Ints, component: Ints) -> float:
    """Return the intraclass correlation of the columns together; nan if unknown.

    One-way analysis of variance within strata, documents of unequal size.
    """
    _, cell = np.unique(
        stratum * (component.max() + 1) + component, return_inverse=True
    )
    size = np.bincount(cell).astype(float)
    where = np.zeros(len(size), dtype=int)
    where[cell] = stratum
    n = np.bincount(stratum).astype(float)
    g, kept = np.bincount(where, minlength=len(n)), n > 0
    means = sums(values, cell, len(size)) / size[:, None]
    centre = sums(values, stratum, len(n)) / np.maximum(n, 1)[:, None]
    between, within = float((g[kept] - 1).sum()), len(values) - len(size)
    if between < 1 or within < 1:
        return float("nan")
    squares = (((means - centre[where]) ** 2).sum(axis=1) * size).sum() / between
    left = ((values - means[cell]) ** 2).sum() / within
    pairs = np.bincount(where, size**2, minlength=len(n))[kept] / n[kept]
    each = (n[kept] - pairs).sum() / between
    apart = max((squares - left) / each, 0.0)
    return float(apart / (apart + left)) if apart + left > 0 else float("nan")


def pilot_of(gold: Gold, predictions: Predictions, strata: Strata) -> Pilot:
    """Return what the units that are coded say of those that will be.

    Parameters
    ----------
    gold, predictions, strata
        As for `stance.measure.prevalence.prevalence`. What few coded units cannot say
        is as in `Pilot`: the intraclass correlations take documents with two coded
        paragraphs.

    Raises
    ------
    CodingError
        If fewer than two units are coded.

    Examples
    --------
    >>> from stance.measure.strata import stratify
    >>> from stance.testing import coded
    >>> gold, predictions = coded("2012: 00 00 .0 | 11 10", "2023: 22 21 | 00 00")
    >>> pilot = pilot_of(gold, predictions, stratify(gold))
    >>> pilot.icc > 0.5, pilot.correlation > 0.5
    (True, True)
    """
    columns = columns_of(gold, predictions, strata)
    rows = np.flatnonzero(columns.y >= 0)
    if len(rows) < 2:
        raise CodingError(
            f"{len(rows)} units are coded, which is no pilot study",
            hint="code 50 or more: stance sample",
        )
    t, component = columns.stratum[rows], columns.component[rows]
    y, f = one_hot(columns)[rows], columns.proba[rows]
    n = np.maximum(np.bincount(t, minlength=columns.n_strata), 1)[:, None]
    a, b = (x - (sums(x, t, columns.n_strata) / n)[t] for x in (y, f))
    both, own, other = (a * b).sum(), (a * a).sum(), (b * b).sum()
    known = own > 0 and other > 0
    correlation = max(float(both / np.sqrt(own * other)), 0.0) if known else 0.0
    errors = b - both / own * a if known else b
    size = cells_of(columns).size
    guess = Pilot()
    icc, error_icc = _alike(y, t, component), _alike(errors, t, component)
    shares = tuple(float(share) for share in y.mean(axis=0) if 0 < share < 1)
    return Pilot(
        shares=shares or guess.shares,
        icc=guess.icc if np.isnan(icc) else icc,
        correlation=correlation,
        paragraphs=float(size.mean()),
        size_spread=float(size.std() / size.mean()),
        error_icc=guess.error_icc if np.isnan(error_icc) else error_icc,
    )
