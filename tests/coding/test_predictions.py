"""Tests of `stance.coding.predictions`: what must not be told apart is refused."""

from collections.abc import Sequence

import numpy as np
import pytest

from stance.coding.codebook import LabelSet
from stance.coding.predictions import Gold, Predictions, check_honest, check_split
from stance.errors import CodingError

LABELS = LabelSet(("合作", "竞争"))
HINT = (
    "\n  keep them in one fold: what shares a document, a text or a twin is one group"
)


def gold_of(*keys: Sequence[str]) -> Gold:
    """Return units a1, a2, ... tied to others by these keys."""
    n = len(keys)
    return Gold(
        labels=LABELS,
        unit_ids=tuple(f"文{at}" for at in range(1, n + 1)),
        documents=tuple(f"d{at}" for at in range(1, n + 1)),
        languages=("en", "zh", "mixed", "other")[:n],
        dates=("2012", "", "2015-03", "2022")[:n],
        sources=("CASS", "", "", "Global Times")[:n],
        y=np.arange(n) % 2,
        counted=np.arange(n) % 2 == 0,
        keys=tuple(tuple(key) for key in keys),
    )


def predicted(
    gold: Gold, fold: Sequence[int], seen: Sequence[bool] = (), design: str = "document"
) -> Predictions:
    """Return predictions of a coin, in these folds."""
    n = len(gold.y)
    return Predictions(
        unit_ids=gold.unit_ids,
        labels=LABELS,
        proba=np.full((n, 2), 0.5),
        abstained=np.zeros(n, dtype=bool),
        fold=np.array(fold),
        seen=np.array(seen or [False] * n),
        design=design,
    )


TIES = [
    ("document:cass-2015", "are of one document"),
    ("group:贸易", "are of one group"),
    ("register:news", "are of one register"),
    ("text:09ce", "are the same text"),
    ("near:0-1", "are near duplicates"),
    ("twin:cass-2015:p003", "are twins, one paragraph in two languages"),
]


@pytest.mark.parametrize(("key", "tie"), TIES)
def test_tied_units_on_both_sides_of_a_split_are_named(key: str, tie: str) -> None:
    gold = gold_of(["document:x"], ["document:y", key], [key])

    with pytest.raises(CodingError) as caught:
        check_split(gold, np.array([0, 1]), np.array([2]))

    assert str(caught.value) == (
        f"units '文2' and '文3' {tie} and stand on both sides of a split{HINT}"
    )


def test_tied_units_on_one_side_of_a_split_are_no_fault() -> None:
    gold = gold_of(["document:x"], ["document:x"], ["document:y"])

    check_split(gold, np.array([0, 1]), np.array([2]))


def test_a_document_and_a_group_of_one_name_are_not_tied() -> None:
    gold = gold_of(["document:贸易"], ["group:贸易"])

    check_split(gold, np.array([0]), np.array([1]))


@pytest.mark.parametrize(("key", "tie"), TIES)
def test_tied_units_in_two_folds_are_named(key: str, tie: str) -> None:
    gold = gold_of(["document:x", key], ["document:y"], ["document:z", key])

    with pytest.raises(CodingError) as caught:
        check_honest(gold, predicted(gold, [0, 0, 1]))

    assert str(caught.value) == (
        f"units '文1' and '文3' {tie} and stand on both sides of a split{HINT}"
    )


def test_tied_units_in_one_fold_are_honest() -> None:
    gold = gold_of(["document:x"], ["document:y"], ["document:x"])

    check_honest(gold, predicted(gold, [1, 0, 1]))


def test_units_of_one_outside_model_are_honest() -> None:
    gold = gold_of(["document:x"], ["document:x"])

    check_honest(gold, predicted(gold, [-1, -1]))


def test_units_whose_text_the_one_model_was_trained_on_are_refused() -> None:
    gold = gold_of(["document:x"], ["document:y"], ["document:z"])

    with pytest.raises(CodingError) as caught:
        check_honest(gold, predicted(gold, [-1, -1, -1], [False, True, True]))

    assert str(caught.value) == (
        "unit '文2' and 1 more are predicted by a model that was trained on their text"
        "\n  leave them out, or predict them out of fold: stance evaluate"
    )


@pytest.mark.parametrize("design", ["time", "source", "language"])
def test_other_designs_check_each_fold_when_they_split(design: str) -> None:
    gold = gold_of(["document:x"], ["document:x"])

    check_honest(gold, predicted(gold, [0, 1], design=design))


def test_predictions_for_other_units_are_refused() -> None:
    gold = gold_of(["document:x"], ["document:y"])
    turned = gold.take(np.array([1, 0]))

    with pytest.raises(CodingError, match="not for the units of the gold labels"):
        check_honest(gold, predicted(turned, [0, 1]))


def test_taken_units_keep_every_column_in_the_order_of_the_rows() -> None:
    gold = gold_of(["document:x"], ["document:y", "text:1"], ["document:z"])

    taken = gold.take(np.array([2, 1]))

    assert taken.unit_ids == ("文3", "文2")
    assert taken.documents == ("d3", "d2")
    assert taken.languages == ("mixed", "zh")
    assert (taken.dates, taken.sources) == (("2015-03", ""), ("", ""))
    assert (taken.y.tolist(), taken.counted.tolist()) == ([0, 1], [True, False])
    assert taken.keys == (("document:z",), ("document:y", "text:1"))


def test_units_without_keys_can_be_taken() -> None:
    gold = gold_of(["document:x"], ["document:y"])
    checked = Gold(
        LABELS, gold.unit_ids, gold.documents, gold.languages, gold.dates, gold.sources,
        gold.y, gold.counted,
    )  # fmt: skip

    assert checked.take(np.array([1])).keys == ()
