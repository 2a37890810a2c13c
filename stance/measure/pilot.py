"""What is known of texts before they are coded: how alike paragraphs of one are."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence


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
