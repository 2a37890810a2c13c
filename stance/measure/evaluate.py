"""How well predicted labels agree with gold, how sure that is, and what is to beat."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stance.coding.predictions import check_honest
from stance.errors import StanceWarning
from stance.measure import resample
from stance.measure.baseline import (
    against_words,
    calibration,
    chance,
    commonest,
    flipped,
)
from stance.measure.scores import (
    COUNTED,
    ENOUGH_DOCUMENTS,
    METRICS,
    MIN_DOCUMENTS,
    Metric,
    Part,
    confusion,
    scored,
    scores_of,
    strata_of,
    sums_of,
    values_of,
    with_interval,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from stance.coding.predictions import Gold, HeldOut, Predictions

__all__ = [
    "Confused", "Metric", "compare", "confusion", "confusion_rows", "evaluate",
    "scores_of",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Confused:
    """How many units of a gold label were predicted as a label."""

    gold: str
    predicted: str
    n: int


def _check(gold: Gold, *predictions: Predictions) -> None:
    for each in predictions:
        if each.labels.names != gold.labels.names:
            raise ValueError(
                f"the predictions' labels {each.labels.names} are not the gold labels' "
                f"{gold.labels.names}, in their order"
            )
        check_honest(gold, each)
    if not gold.counted.any():
        raise ValueError("there are no units to evaluate")


def _labels(part: Part, f1: dict[str, Metric]) -> Iterator[Metric]:
    """Yield precision, recall and F1 of each label."""
    gold, n = part.gold, len(part.gold.labels.names)
    tables = [confusion(gold.y, proba.argmax(axis=1), n) for proba in part.probas]
    scores = scores_of(np.stack(tables))
    for label, row in f1.items():
        at = gold.labels.names.index(label)
        for metric in ("precision", "recall"):
            value = scores[metric][:, at].mean()
            yield part.row(metric, value, "no interval", label=label)
        yield row


def _warn_narrow(rows: Sequence[Metric]) -> None:
    found = {row.stratum: row.n_documents for row in rows if row.label == "all"}
    few = [name for name, n in found.items() if MIN_DOCUMENTS <= n < ENOUGH_DOCUMENTS]
    if few:
        warnings.warn(
            f"95 % by document bootstrap; too narrow below {ENOUGH_DOCUMENTS} "
            f"documents: {', '.join(f'{name} has {found[name]}' for name in few)}",
            StanceWarning,
            stacklevel=3,
        )


def evaluate(
    held_out: HeldOut,
    *,
    strata: Sequence[str] = ("language", "period", "source"),
    rng: int | np.random.Generator = 0,
) -> tuple[Metric, ...]:
    """Return the metrics of predictions for units that the model had not seen.

    Parameters
    ----------
    held_out : HeldOut
        Of several repeats each estimate is the mean.
    strata : sequence of str
        Of ``language`` (all units), ``period`` (years) and ``source`` (counted units).
    rng : int or Generator, default 0
        Seed or generator of everything drawn.

    Returns
    -------
    tuple of Metric
        Of the counted units ``macro_f1`` over the labels that are not residual,
        ``accuracy``, ``log_loss``, ``brier`` (squared differences summed over labels, 0
        to 2) and calibration; what is to beat: always the commonest label, labels drawn
        at random, words alone; two p values; each label that occurs. Then strata.

    Raises
    ------
    CodingError
        If a unit was predicted by a model that was trained on it, or on what it is tied
        to, see `stance.coding.predictions.check_honest`.
    ValueError
        If no unit is counted, or the labels of gold and predictions differ.

    Notes
    -----
    Intervals resample documents (`stance.measure.resample.interval`). ``p_permutation``
    asks whether the model tells units of one document apart: a model that only
    recognises documents does not pass.

    Examples
    --------
    >>> from stance.coding.predictions import Gold, HeldOut, Predictions
    >>> from stance.coding.codebook import LabelSet
    >>> labels, units, none = LabelSet(("con", "pro")), ("a", "b"), np.zeros(2, bool)
    >>> gold = Gold(labels, units, ("d", "e"), ("en", "zh"), ("", ""), ("", ""),
    ...             np.array([1, 0]), ~none)
    >>> proba = np.array([[0.1, 0.9], [0.8, 0.2]])
    >>> said = Predictions(units, labels, proba, none, np.array([0, 1]), none)
    >>> [(row.metric, row.estimate) for row in evaluate(HeldOut(gold, (said,)))[:2]]
    [('macro_f1', 1.0), ('accuracy', 1.0)]
    """
    gold, words = held_out.gold, held_out.words
    _check(gold, *held_out.repeats, *([words] if words else []))
    rng = np.random.default_rng(rng)
    rows: list[Metric] = []
    for name, units in strata_of(gold, strata):
        probas = tuple(repeat.proba[units] for repeat in held_out.repeats)
        part = Part(name, gold.take(np.flatnonzero(units)), probas)
        found = list(scored(part, rng))
        rows += found[:4]
        f1 = {row.label: row for row in found[4:]}
        if name != COUNTED:
            rows += [next(commonest(part)), *f1.values()]
            continue
        rows += [*calibration(part, rng), *commonest(part), *chance(part, rng)]
        if words:
            rows += against_words(part, words.proba[units], rng)
        rows += _labels(part, f1)
    _warn_narrow(rows)
    return tuple(rows)


def compare(
    gold: Gold,
    first: Predictions,
    second: Predictions,
    *,
    rng: int | np.random.Generator = 0,
) -> tuple[Metric, ...]:
    """Return by how much the first model is better than the second, counted units.

    Returns
    -------
    tuple of Metric
        ``accuracy_difference`` and ``macro_f1_difference``, the same documents drawn
        for both, and ``p_difference`` by sign flips of documents' correct units.

    Raises
    ------
    CodingError, ValueError
        As for `evaluate`.

    Examples
    --------
    >>> from stance.coding.predictions import Gold, Predictions
    >>> from stance.coding.codebook import LabelSet
    >>> labels, none = LabelSet(("con", "pro")), np.zeros(2, bool)
    >>> gold = Gold(labels, ("a", "b"), ("d", "e"), ("en", "zh"), ("", ""), ("", ""),
    ...             np.array([1, 0]), ~none)
    >>> right, wrong = (Predictions(("a", "b"), labels, proba, none, np.array([0, 1]),
    ...                             none) for proba in (np.eye(2)[::-1], np.eye(2)))
    >>> [row.estimate for row in compare(gold, right, wrong)]
    [1.0, 1.0, 0.5]
    """
    _check(gold, first, second)
    rng, units = np.random.default_rng(rng), np.flatnonzero(gold.counted)
    part = Part(COUNTED, gold.take(units), (first.proba[units], second.proba[units]))
    sums = np.stack([sums_of(part.gold, proba) for proba in part.probas])

    def better(sums: NDArray[np.float64]) -> NDArray[np.float64]:
        values = values_of(sums, part.kept)
        difference: NDArray[np.float64] = values[0] - values[1]
        return difference

    drawn = None
    if sums.shape[1] >= MIN_DOCUMENTS:
        drawn = resample.bootstrap(sums, better, rng)
    rows = [
        with_interval(
            part.row(f"{METRICS[at]}_difference", better(sums.sum(axis=1))[at], ""),
            None if drawn is None else drawn[:, at],
        )
        for at in (1, 0)
    ]
    rows.append(flipped(part, part.probas[1], "p_difference", rng))
    _warn_narrow(rows)
    return tuple(rows)


def confusion_rows(held_out: HeldOut) -> tuple[Confused, ...]:
    """Return how often each label was taken for each: counted units, first repeat.

    Examples
    --------
    >>> from stance.coding.predictions import Gold, HeldOut, Predictions
    >>> from stance.coding.codebook import LabelSet
    >>> labels, none = LabelSet(("con", "pro")), np.zeros(1, bool)
    >>> gold = Gold(labels, ("a",), ("d",), ("en",), ("",), ("",), np.array([1]), ~none)
    >>> said = Predictions(("a",), labels, np.eye(2)[:1], none, np.array([0]), none)
    >>> [row for row in confusion_rows(HeldOut(gold, (said,))) if row.n]
    [Confused(gold='pro', predicted='con', n=1)]
    """
    gold, first = held_out.gold, held_out.repeats[0]
    names, units = gold.labels.names, gold.counted
    said = first.proba[units].argmax(axis=1)
    table = confusion(gold.y[units], said, len(names))
    return tuple(
        Confused(names[at], names[to], int(n)) for (at, to), n in np.ndenumerate(table)
    )
