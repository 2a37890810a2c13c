"""Gold labels that the model contradicts: where a coder should look again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stance.coding.predictions import Gold, Predictions, check_honest


@dataclass(frozen=True, slots=True)
class Doubt:
    """A gold label that a model, which did not see the unit's group, does not share.

    ``margin`` is ``p_predicted - p_gold``.
    """

    rank: int
    unit_id: str
    document_id: str
    gold: str
    predicted: str
    p_gold: float
    p_predicted: float
    margin: float


def doubts(gold: Gold, predictions: Predictions) -> tuple[Doubt, ...]:
    """Return the units whose gold label is contradicted, most contradicted first.

    Read the paragraph and the rule before changing a label: a model that has learned
    a document's habits from other documents is wrong more often than the coders.

    Parameters
    ----------
    gold : Gold
        All units; twins are judged apart, each by its own text.
    predictions : Predictions
        Out of fold, so that no label was learned from the unit or what it is tied to.

    Returns
    -------
    tuple of Doubt
        Only units whose likeliest label is another; by margin, ties by unit.

    Raises
    ------
    CodingError
        If the predictions are in-sample.

    References
    ----------
    Northcutt, C., Jiang, L., & Chuang, I. (2021). Confident learning. *JAIR*, 70, sec.
    3.2 (ranking by normalised margin). There folds are of rows; here of groups.

    Examples
    --------
    >>> from stance.coding.codebook import LabelSet
    >>> labels, no = LabelSet(("con", "pro")), np.zeros(2, dtype=bool)
    >>> gold = Gold(labels, ("a", "b"), ("d", "e"), ("en", "zh"), ("", ""), ("", ""),
    ...             np.array([0, 1]), ~no)
    >>> p = Predictions(("a", "b"), labels, np.array([[0.2, 0.8], [0.1, 0.9]]), no,
    ...                 np.array([0, 1]), no)
    >>> [(row.unit_id, row.predicted, round(row.margin, 1)) for row in doubts(gold, p)]
    [('a', 'pro', 0.6)]
    """
    check_honest(gold, predictions)
    names, rows = gold.labels.names, np.arange(len(gold.y))
    said = predictions.proba.argmax(axis=1)
    p_gold, p_said = (predictions.proba[rows, at] for at in (gold.y, said))
    margin = p_said - p_gold
    wrong = np.flatnonzero(said != gold.y)
    order = sorted(wrong.tolist(), key=lambda at: (-margin[at], gold.unit_ids[at]))
    return tuple(
        Doubt(
            rank,
            gold.unit_ids[at],
            gold.documents[at],
            names[gold.y[at]],
            names[said[at]],
            float(p_gold[at]),
            float(p_said[at]),
            float(margin[at]),
        )
        for rank, at in enumerate(order, start=1)
    )
