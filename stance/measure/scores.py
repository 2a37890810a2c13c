"""Scores of predicted labels against gold, and how sure they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stance.measure import resample

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from stance.coding.predictions import Gold

#: An interval is given from 8 documents on, and called narrow below 15: the nominal
#: 95 % covers .91 to .95 at 8 and at 15 (tests/bench/interval_coverage.py).
MIN_DOCUMENTS, ENOUGH_DOCUMENTS = 8, 15
COUNTED = "counted"
#: A column with more values than this is a list, not strata.
MAX_VALUES = 30
METRICS = ("macro_f1", "accuracy", "log_loss", "brier")


@dataclass(frozen=True, slots=True)
class Metric:
    """One number of an evaluation.

    ``label`` is ``all`` for what is taken over all labels; a label's row counts the
    units and documents that have it. ``low`` and ``high`` are ``nan`` where there is no
    interval.
    """

    metric: str
    label: str
    stratum: str
    estimate: float
    low: float
    high: float
    n_units: int
    n_documents: int
    method: str


def confusion(
    gold: NDArray[np.integer], predicted: NDArray[np.integer], n_labels: int
) -> NDArray[np.integer]:
    """Return counts, shape (n_labels, n_labels): gold in rows, predicted in columns.

    Examples
    --------
    >>> confusion(np.array([0, 0, 1]), np.array([0, 1, 1]), 2).tolist()
    [[1, 1], [0, 1]]
    """
    pairs = np.asarray(gold) * n_labels + np.asarray(predicted)
    return np.bincount(pairs, minlength=n_labels**2).reshape(n_labels, n_labels)


def scores_of(counts: NDArray[np.integer]) -> dict[str, NDArray[np.float64]]:
    """Return precision, recall and F1 of each label from confusion matrices.

    A label that was neither given nor predicted has F1 0, as in scikit-learn with
    ``zero_division=0``. Axes before the last two are kept.

    Examples
    --------
    >>> scores_of(np.array([[1, 1], [0, 1]]))["f1"].round(3).tolist()
    [0.667, 0.667]
    """
    right = np.diagonal(counts, axis1=-2, axis2=-1).astype(float)
    given, said = counts.sum(axis=-1), counts.sum(axis=-2)
    return {
        "precision": right / np.maximum(said, 1),
        "recall": right / np.maximum(given, 1),
        "f1": 2 * right / np.maximum(given + said, 1),
    }


class Part(NamedTuple):
    """Units of a stratum with the probabilities of each repeat."""

    stratum: str
    gold: Gold
    probas: tuple[NDArray[np.float64], ...]

    @property
    def kept(self) -> list[int]:
        """Return the columns of the labels that are not residual."""
        labels = self.gold.labels
        return [labels.names.index(name) for name in labels.substantive]

    def row(
        self, metric: str, estimate: float, method: str, *, label: str = "all"
    ) -> Metric:
        """Return a number without interval."""
        gold = self.gold
        is_its = np.array([label in ("all", gold.labels.names[at]) for at in gold.y])
        n_documents = len({gold.documents[at] for at in np.flatnonzero(is_its)})
        return Metric(
            metric, label, self.stratum, float(estimate), float("nan"), float("nan"),
            int(is_its.sum()), n_documents, method,
        )  # fmt: skip


def strata_of(
    gold: Gold, asked: Sequence[str]
) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Yield the name and the units of each stratum, the counted ones first.

    Examples
    --------
    >>> from stance.coding.codebook import LabelSet
    >>> from stance.coding.predictions import Gold
    >>> gold = Gold(LabelSet(("con", "pro")), ("a", "b"), ("d", "d"), ("en", "zh"),
    ...             ("", ""), ("", ""), np.array([0, 1]), np.array([True, False]))
    >>> [name for name, _ in strata_of(gold, ["language", "period"])]
    ['counted', 'twins counted twice', 'language=en', 'language=zh']
    """
    every = np.ones(len(gold.y), dtype=bool)
    columns = {
        "language": (gold.languages, every),
        "period": (tuple(date[:4] for date in gold.dates), gold.counted),
        "source": (gold.sources, gold.counted),
    }
    if unknown := [name for name in asked if name not in columns]:
        raise ValueError(f"stratum {unknown[0]!r} is not one of {', '.join(columns)}")
    yield COUNTED, gold.counted
    names = gold.labels.names
    framed = np.isin(gold.y, [names.index(name) for name in gold.labels.substantive])
    if gold.labels.residual and (gold.counted & framed).any():
        yield "counted, gold with a frame", gold.counted & framed
    if not gold.counted.all():
        yield "twins counted twice", every
    for name in asked:
        column, among = np.array(columns[name][0]), columns[name][1]
        values = sorted(set(column[among].tolist()) - {""})
        if 2 <= len(values) <= MAX_VALUES:
            for value in values:
                yield f"{name}={value}", among & (column == value)


def sums_of(gold: Gold, proba: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return sums by document: of each label the units given, said and right, losses.

    Examples
    --------
    >>> from stance.coding.codebook import LabelSet
    >>> from stance.coding.predictions import Gold
    >>> gold = Gold(LabelSet(("con", "pro")), ("a", "b"), ("d", "d"), ("en", "en"),
    ...             ("", ""), ("", ""), np.array([0, 1]), np.array([True, True]))
    >>> sums_of(gold, np.array([[1.0, 0.0], [0.5, 0.5]])).round(2).tolist()
    [[1.0, 1.0, 2.0, 0.0, 1.0, 0.0, 0.69, 0.5]]
    """
    names, place = np.unique(np.array(gold.documents), return_inverse=True)
    one_of = np.eye(len(gold.labels.names))
    given, said = one_of[gold.y], one_of[proba.argmax(axis=1)]
    likelihood = proba[np.arange(len(proba)), gold.y].clip(1e-15, 1.0)
    losses = np.stack([-np.log(likelihood), ((proba - given) ** 2).sum(axis=1)], axis=1)
    sums = np.zeros((len(names), 3 * len(one_of) + 2))
    np.add.at(sums, place, np.hstack([given, said, given * said, losses]))
    return sums


def values_of(sums: NDArray[np.float64], kept: list[int]) -> NDArray[np.float64]:
    """Return macro-F1, accuracy, log loss, Brier score, then each label's F1, of sums.

    Examples
    --------
    >>> values_of(np.array([1.0, 1.0, 2.0, 0.0, 1.0, 0.0, 0.69, 0.5]), [0, 1]).round(2)
    array([0.33, 0.5 , 0.34, 0.25, 0.67, 0.  ])
    """
    given, said, right = np.split(sums[..., :-2], 3, axis=-1)
    f1 = 2 * right / np.maximum(given + said, 1)
    n = given.sum(axis=-1)
    overall = (f1[..., kept].mean(axis=-1), right.sum(axis=-1) / n,
               sums[..., -2] / n, sums[..., -1] / n)  # fmt: skip
    return np.concatenate([np.stack(overall, axis=-1), f1], axis=-1)


def with_interval(row: Metric, values: NDArray[np.float64] | None) -> Metric:
    """Return the row with the interval of its bootstrap, where documents allow one."""
    if values is None or row.n_documents < MIN_DOCUMENTS:
        return replace(
            row, method=f"{row.method}no interval below {MIN_DOCUMENTS} documents"
        )
    low, high = resample.interval(values, row.n_documents)
    method = f"{row.method}95 % by document bootstrap"
    if row.n_documents < ENOUGH_DOCUMENTS:
        method += f"; too narrow below {ENOUGH_DOCUMENTS} documents"
    return replace(row, low=low, high=high, method=method)


def scored(part: Part, rng: np.random.Generator) -> Iterator[Metric]:
    """Yield the four metrics of `METRICS`, then the F1 of each label that occurs.

    Examples
    --------
    >>> from stance.coding.codebook import LabelSet
    >>> from stance.coding.predictions import Gold
    >>> gold = Gold(LabelSet(("con", "pro")), ("a", "b"), ("d", "d"), ("en", "en"),
    ...             ("", ""), ("", ""), np.array([0, 1]), np.array([True, True]))
    >>> part = Part("all", gold, (np.eye(2),))
    >>> [row.metric for row in scored(part, np.random.default_rng(0))]
    ['macro_f1', 'accuracy', 'log_loss', 'brier', 'f1', 'f1']
    """
    gold, kept = part.gold, part.kept
    sums = np.stack([sums_of(gold, proba) for proba in part.probas])
    estimates = values_of(sums.sum(axis=1), kept).mean(axis=0)
    drawn = None
    if sums.shape[1] >= MIN_DOCUMENTS:
        drawn = resample.bootstrap(
            sums, lambda drawn: values_of(drawn, kept).mean(axis=0), rng
        )
    names = gold.labels.names
    occurs = sums.sum(axis=(0, 1))[: 2 * len(names)].reshape(2, -1).any(axis=0)
    absent = [names[at] for at in kept if not occurs[at]]
    for at, estimate in enumerate(estimates):
        label = names[at - 4] if at >= 4 else "all"
        if at >= 4 and not occurs[at - 4]:
            continue
        metric = METRICS[at] if at < 4 else "f1"
        note = f"0 for {', '.join(absent)}, which does not occur; "
        method = note if metric == "macro_f1" and absent else ""
        row = part.row(metric, estimate, method, label=label)
        yield with_interval(row, None if drawn is None else drawn[:, at])
