"""When to say nothing, and what silence costs: conformal sets, error by coverage."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.coding.codebook import LabelSet
from stance.coding.predictions import Gold, Predictions, check_honest

ROUNDING = 1e-9  # 0.55 of 100 is 55, not the 55.00000000000001 of binary arithmetic


@dataclass(frozen=True, slots=True, eq=False)
class Thresholds:
    """``scores``, largest ``1 - p`` still in a set, and ``n`` calibration units.

    Both (n_strata, n_labels); inf where units are too few: the label is in every set.
    """

    labels: LabelSet
    coverage: float
    strata: tuple[str, ...]
    scores: NDArray[np.float64]
    n: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Kept:
    """Error among the surest units, the least sure of which has probability least."""

    share: float
    n_units: int
    error: float
    least: float


def thresholds(
    gold: Gold, predictions: Predictions, *, strata: Sequence[str],
    coverage: float = 0.9,
) -> Thresholds:  # fmt: skip
    r"""Return what probability keeps a label in a unit's set, by stratum.

    Parameters
    ----------
    gold, predictions : Gold, Predictions
        Of the same n_units, by models that did not see them. Of twins give one.
    strata : sequence of str, shape (n_units,)
        Such as its language, or language and year.
    coverage : float, default 0.9
        Share of the units of each label, in each stratum, whose set is to hold it.

    Notes
    -----
    Of n units the :math:`\lceil (n + 1) c \rceil`-th smallest ``1 - p`` of their label:
    9 units are needed for 0.9, 19 for 0.95. It misleads where new units are not
    exchangeable with these: carried to another period or source, coverage may fall to
    .67; with 100 units in whole documents it has an sd of .06 to .09 (tests/bench).

    References
    ----------
    Vovk, V., Gammerman, A., & Shafer, G. (2005; 2022). *Algorithmic Learning in a
    Random World*. Sadinle, M., Lei, J., & Wasserman, L. (2019). *JASA*, 114, 223-234.
    Angelopoulos, A., & Bates, S. (2023). *Found. Trends Mach. Learn.*, 16, 494-591.

    Examples
    --------
    >>> y, p = np.repeat([0, 1], [4, 2]), np.array([0.9, 0.7, 0.6, 0.2, 0.1, 0.3])
    >>> labels, no, e = LabelSet(("con", "pro")), np.zeros(6, dtype=bool), ("",) * 6
    >>> predicted = Predictions(e, labels, np.column_stack([p, 1 - p]), no, y, no)
    >>> gold = Gold(labels, e, e, e, e, e, y, ~no)
    >>> found = thresholds(gold, predicted, strata=["zh"] * 6, coverage=0.75)
    >>> found.scores.round(2)
    array([[0.8, inf]])
    >>> prediction_sets(np.array([[0.1, 0.9]]), ["zh"], found)
    array([[False,  True]])
    """
    if not 0 < coverage < 1:
        raise ValueError(
            f"coverage must lie strictly between 0 and 1, got {coverage}\n"
            "  for 90 per cent write coverage=0.9"
        )
    check_honest(gold, predictions)
    if predictions.labels.names != gold.labels.names or len(strata) != len(gold.y):
        raise ValueError("gold, predictions and strata differ in labels or length")
    names, rows = np.unique(np.array(strata, dtype=str), return_inverse=True)
    n = np.zeros((len(names), len(gold.labels.names)), dtype=np.int64)
    scores = np.empty(n.shape)
    for at in np.ndindex(n.shape):
        own = (rows == at[0]) & (gold.y == at[1])
        here = np.sort(1.0 - predictions.proba[own, at[1]])
        n[at], k = len(here), math.ceil((len(here) + 1) * coverage - ROUNDING)
        scores[at] = np.append(here, np.inf)[k - 1]  # too few where k is n + 1
    scores.setflags(write=False)
    n.setflags(write=False)
    return Thresholds(gold.labels, float(coverage), tuple(names.tolist()), scores, n)


def prediction_sets(
    proba: NDArray[np.float64], strata: Sequence[str], thresholds: Thresholds
) -> NDArray[np.bool_]:
    """Return which labels each unit's set holds, in the shape of ``proba``; see above.

    All in a stratum not calibrated. For abstaining and choosing, never for shares.
    """
    place = {name: row for row, name in enumerate(thresholds.strata)}
    rows = np.array([place.get(name, -1) for name in strata], dtype=np.int64)
    limits = np.vstack([thresholds.scores, np.full((1, proba.shape[1]), np.inf)])[rows]
    if proba.shape != limits.shape:
        raise ValueError(f"proba must be of shape {limits.shape}, got {proba.shape}")
    return np.asarray(1.0 - proba <= limits)


def abstains(sets: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return where no label is given: the set does not hold exactly one.

    >>> abstains(np.array([[True, False], [True, True], [False, False]]))
    array([False,  True,  True])
    """
    return np.asarray(sets.sum(axis=1) != 1)


def missing(thresholds: Thresholds, stratum: str, *, by: str = "stratum") -> str:
    """Return a sentence on the labels that are in every set of a stratum, or ''.

    >>> few = Thresholds(LabelSet(("con", "pro")), 0.9, ("zh",),
    ...                  np.array([[np.inf, 0.6]]), np.array([[8, 9]]))
    >>> print(missing(few, "zh", by="language"))  # doctest: +ELLIPSIS
    language 'zh': no set can leave out con (8 units); 9 a label are needed for ...
    """
    names, at = thresholds.labels.names, thresholds.strata.index
    n = thresholds.n[at(stratum)] if stratum in thresholds.strata else [0] * len(names)
    needed = math.ceil(thresholds.coverage / (1 - thresholds.coverage) - ROUNDING)
    few = [f"{name} ({k})" for name, k in zip(names, n, strict=True) if k < needed]
    if not few:
        return ""
    few[0] = few[0][:-1] + (" unit)" if few[0].endswith("(1)") else " units)")
    end = f"{needed} a label are needed for coverage {thresholds.coverage}"
    return f"{by} {stratum!r}: no set can leave out {', '.join(few)}; {end}"


def error_by_coverage(
    gold: Gold, proba: NDArray[np.float64],
    shares: Sequence[float] = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5),
) -> tuple[Kept, ...]:  # fmt: skip
    """Return the share of wrong labels where the least sure units are left out.

    Over the counted units, of equally sure ones the first; ``proba``, (n_units,
    n_labels), is out of fold. Errors of a document stand together: not binomial.

    >>> gold = Gold(LabelSet(("con", "pro")), ("a", "b"), ("d", "d"), ("en", "en"),
    ...             ("", ""), ("", ""), np.array([0, 1]), np.array([True, True]))
    >>> error_by_coverage(gold, np.array([[0.9, 0.1], [0.6, 0.4]]), (0.5,))
    (Kept(share=0.5, n_units=1, error=0.0, least=0.9),)
    """
    if not gold.counted.any():
        raise ValueError("there are no units to judge")
    if not all(0 < share <= 1 for share in shares):
        raise ValueError(f"shares must lie above 0 and at most at 1, got {shares}")
    top = proba.max(axis=1)[gold.counted]
    wrong = (proba.argmax(axis=1) != gold.y)[gold.counted]
    order = np.argsort(-top, kind="stable")
    sizes = [max(1, math.ceil(len(order) * share - ROUNDING)) for share in shares]
    return tuple(
        Kept(float(share), k, float(wrong[order[:k]].mean()), float(top[order[k - 1]]))
        for share, k in zip(shares, sizes, strict=True)
    )
