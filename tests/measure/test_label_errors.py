"""Tests of `stance.measure.label_errors`."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from stance.coding.codebook import LabelSet
from stance.coding.predictions import Gold, Predictions
from stance.errors import CodingError
from stance.measure.label_errors import doubts

LABELS = LabelSet(("合作", "竞争", "none"), residual=("none",))


def gold_of(y: Sequence[int]) -> Gold:
    n = len(y)
    ids, empty = tuple(f"文{at}:p1" for at in range(n)), ("",) * n
    return Gold(LABELS, ids, tuple(unit[:2] for unit in ids), empty, empty, empty,
                np.array(y), np.ones(n, dtype=bool))  # fmt: skip


def predicted(gold: Gold, proba: Sequence[Sequence[float]]) -> Predictions:
    n = len(gold.y)
    no = np.zeros(n, dtype=bool)
    return Predictions(gold.unit_ids, LABELS, np.array(proba), no, np.arange(n), no)


PROBA = [[0.3, 0.6, 0.1], [0.8, 0.1, 0.1], [0.0, 0.9, 0.1], [0.5, 0.2, 0.3]]


def test_the_most_contradicted_label_is_first() -> None:
    gold = gold_of([0, 0, 2, 1])

    rows = doubts(gold, predicted(gold, PROBA))

    assert [(row.rank, row.unit_id, row.gold, row.predicted) for row in rows] == [
        (1, "文2:p1", "none", "竞争"),
        (2, "文0:p1", "合作", "竞争"),
        (3, "文3:p1", "竞争", "合作"),
    ]
    assert [row.margin for row in rows] == pytest.approx([0.8, 0.3, 0.3])


def test_a_margin_is_the_likeliest_labels_share_less_that_of_the_gold_label() -> None:
    gold = gold_of([0, 0, 2, 0])

    row = doubts(gold, predicted(gold, PROBA))[0]

    assert (row.p_predicted, row.p_gold, row.document_id) == (0.9, 0.1, "文2")
    assert row.margin == pytest.approx(row.p_predicted - row.p_gold)


def test_labels_that_the_model_shares_are_no_doubt() -> None:
    gold = gold_of([1, 0, 1, 0])

    assert doubts(gold, predicted(gold, PROBA)) == ()


def test_doubts_of_one_margin_are_in_the_order_of_their_units() -> None:
    gold = gold_of([0, 0, 0])
    order = np.array([2, 0, 1])
    turned = gold.take(order)

    rows = doubts(turned, predicted(turned, [[0.25, 0.75, 0.0]] * 3))

    assert [row.unit_id for row in rows] == ["文0:p1", "文1:p1", "文2:p1"]


def test_a_twin_that_is_not_counted_is_judged_too() -> None:
    gold = replace(gold_of([0, 0]), counted=np.array([True, False]))

    rows = doubts(gold, predicted(gold, [[0.9, 0.1, 0.0], [0.1, 0.9, 0.0]]))

    assert [row.unit_id for row in rows] == ["文1:p1"]


def test_predictions_for_training_texts_are_refused() -> None:
    gold = gold_of([0, 0, 2, 1])
    inside = replace(
        predicted(gold, PROBA), fold=np.full(4, -1), seen=np.ones(4, dtype=bool)
    )

    with pytest.raises(CodingError, match="unit '文0:p1' and 3 more are predicted by"):
        doubts(gold, inside)


def test_tied_units_in_two_folds_are_refused() -> None:
    keys = (("document:a",), ("document:b",), ("document:a",), ("document:c",))
    gold = replace(gold_of([0, 0, 2, 1]), keys=keys)

    with pytest.raises(CodingError, match="'文0:p1' and '文2:p1' are of one document"):
        doubts(gold, predicted(gold, PROBA))
