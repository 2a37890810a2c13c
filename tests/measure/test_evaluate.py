"""Tests of `stance.measure.evaluate`."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from stance.coding.codebook import LabelSet
from stance.measure.evaluate import Metric, confusion, evaluate, scores_of

LABELS = LabelSet(("合作", "竞争", "none"), residual=("none",))
GOLD = ["合作", "合作", "竞争", "竞争", "none", "none", "none", "none"]


def sure(predicted: Sequence[str]) -> NDArray[np.float64]:
    """Return probabilities of 1 for these labels."""
    return np.eye(3)[[LABELS.names.index(label) for label in predicted]]


def judged(
    gold: Sequence[str], predicted: Sequence[str], documents: Sequence[str] = ()
) -> dict[tuple[str, str], Metric]:
    """Return the metrics by name and label; each unit its own document."""
    rows = evaluate(
        gold,
        sure(predicted),
        labels=LABELS,
        documents=documents or [f"d{n}" for n in range(len(gold))],
    )
    return {(row.metric, row.label): row for row in rows}


def test_confusion_has_gold_in_rows_and_predictions_in_columns() -> None:
    counts = confusion(np.array([0, 0, 2]), np.array([1, 1, 2]), 3)

    assert counts.tolist() == [[0, 2, 0], [0, 0, 0], [0, 0, 1]]


def test_a_label_neither_given_nor_predicted_scores_zero() -> None:
    scores = scores_of(np.array([[2, 0], [0, 0]]))

    assert scores["f1"].tolist() == [1.0, 0.0]


def test_perfect_predictions_score_one() -> None:
    rows = judged(GOLD, GOLD)

    assert rows["macro_f1", "all"].estimate == 1.0
    assert rows["accuracy", "all"].estimate == 1.0
    assert rows["log_loss", "all"].estimate == 0.0


def test_the_macro_average_leaves_residual_labels_out() -> None:
    predicted = [*GOLD[:4], "合作", "合作", "竞争", "竞争"]

    rows = judged(GOLD, predicted)

    assert rows["f1", "none"].estimate == 0.0
    assert rows["macro_f1", "all"].estimate == pytest.approx(2 / 3)


def test_log_loss_is_that_of_the_gold_labels_probability() -> None:
    proba = np.array([[0.5, 0.3, 0.2], [0.25, 0.5, 0.25]])

    rows = evaluate(["合作", "合作"], proba, labels=LABELS, documents=["a", "b"])

    found = {row.metric: row.estimate for row in rows}
    assert found["log_loss"] == pytest.approx((math.log(2) + math.log(4)) / 2)


def test_a_probability_of_zero_does_not_make_the_log_loss_infinite() -> None:
    rows = judged(["合作"], ["竞争"])

    assert rows["log_loss", "all"].estimate == pytest.approx(-math.log(1e-15))


def test_eight_documents_get_an_interval_around_the_estimate() -> None:
    predicted = ["合作", "竞争", "竞争", "竞争", "none", "none", "合作", "none"]

    macro = judged(GOLD, predicted)["macro_f1", "all"]

    assert macro.low < macro.estimate < macro.high
    assert macro.n_documents == 8
    assert macro.method == "95 % by document bootstrap"


def test_seven_documents_get_no_interval() -> None:
    documents = ["a", "a", "b", "c", "d", "e", "f", "g"]

    rows = judged(GOLD, GOLD[::-1], documents).values()

    assert np.isnan([[row.low, row.high] for row in rows]).all()
    assert {row.method for row in rows} == {"no interval below 8 documents"}


def test_a_number_without_interval_does_not_claim_a_bootstrap() -> None:
    rows = judged(GOLD, GOLD).values()

    bare = [row.method for row in rows if math.isnan(row.low)]
    assert "95 % by document bootstrap" not in bare


def test_the_interval_is_the_same_in_every_run() -> None:
    predicted = ["合作", "竞争", "竞争", "竞争", "none", "none", "合作", "none"]

    first = judged(GOLD, predicted)["macro_f1", "all"]
    second = judged(GOLD, predicted)["macro_f1", "all"]

    assert first == second


def test_the_interval_resamples_documents_not_units() -> None:
    """Each unit ten times in its document is no more evidence than once."""
    predicted = ["合作", "竞争", "竞争", "竞争", "none", "none", "合作", "none"]
    documents = [f"d{n}" for n in range(8)]

    once = judged(GOLD, predicted, documents)
    tenfold = judged(GOLD * 10, predicted * 10, documents * 10)

    assert (
        tenfold["macro_f1", "all"].low,
        tenfold["macro_f1", "all"].high,
    ) == pytest.approx((once["macro_f1", "all"].low, once["macro_f1", "all"].high))


def test_the_macro_f1_to_beat_is_that_of_the_commonest_frame() -> None:
    gold = ["合作", "合作", "竞争", "none"]

    rows = judged(gold, gold)

    assert rows["macro_f1_commonest", "all"].estimate == pytest.approx(1 / 3)


def test_the_accuracy_to_beat_is_the_share_of_the_commonest_label() -> None:
    rows = judged(GOLD, GOLD)

    assert rows["accuracy_commonest", "all"].estimate == 0.5


def test_every_estimate_prints_as_a_plain_number() -> None:
    """A table prints floats with repr, which for numpy's own says np.float64."""
    rows = judged(GOLD, GOLD).values()

    assert {type(row.estimate) for row in rows} == {float}
    assert {type(row.low) for row in rows} == {float}


def test_rows_of_a_label_count_its_units() -> None:
    rows = judged(GOLD, GOLD)

    assert rows["f1", "合作"].n_units == 2
    assert rows["f1", "none"].n_units == 4
    assert rows["accuracy", "all"].n_units == 8


def test_a_label_neither_given_nor_predicted_has_no_row() -> None:
    rows = judged(["合作", "none"], ["合作", "合作"])

    assert ("f1", "竞争") not in rows


def test_the_stratum_is_named_in_every_row() -> None:
    rows = evaluate(
        ["合作"], sure(["合作"]), labels=LABELS, documents=["d"], stratum="2012"
    )

    assert {row.stratum for row in rows} == {"2012"}


def test_an_unknown_gold_label_is_refused() -> None:
    with pytest.raises(
        ValueError, match=r"^label '反制' is not one of 合作, 竞争, none$"
    ):
        evaluate(["合作", "反制"], sure(["合作"] * 2), labels=LABELS, documents="ab")


def test_an_evaluation_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^there are no units to evaluate$"):
        evaluate([], np.zeros((0, 3)), labels=LABELS, documents=[])
