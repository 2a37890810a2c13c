"""Tests of `stance.measure.evaluate`."""

import math
import warnings
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from stance.coding.codebook import LabelSet
from stance.coding.predictions import Gold, HeldOut, Predictions
from stance.errors import CodingError, StanceWarning
from stance.measure.evaluate import (
    Metric,
    compare,
    confusion,
    confusion_rows,
    evaluate,
    scores_of,
)

LABELS = LabelSet(("合作", "竞争", "none"), residual=("none",))
GOLD = ("合作", "合作", "竞争", "竞争", "none", "none", "none", "none")
SAID = ("合作", "竞争", "竞争", "竞争", "none", "none", "合作", "none")
WORSE = ("竞争", "竞争", "竞争", "none", "none", "合作", "合作", "none")


def codes(labels: Sequence[str]) -> NDArray[np.integer]:
    return np.array([LABELS.names.index(label) for label in labels], dtype=int)


def sure(predicted: Sequence[str]) -> NDArray[np.float64]:
    """Return probabilities of 1 for these labels."""
    return np.eye(3)[codes(predicted)]


def coded(labels: Sequence[str], **columns: Sequence[str]) -> Gold:
    """Return gold labels; by default each unit is its own document, and counted."""
    n = len(labels)
    ids = tuple(f"文{at:02d}:p001" for at in range(n))
    keys = columns.get("keys", ())
    return Gold(
        labels=LABELS,
        unit_ids=ids,
        documents=tuple(columns.get("documents", [unit[:3] for unit in ids])),
        languages=tuple(columns.get("languages", [""] * n)),
        dates=tuple(columns.get("dates", [""] * n)),
        sources=tuple(columns.get("sources", [""] * n)),
        y=codes(labels),
        counted=np.array(list(columns.get("counted", "1" * n))) == "1",
        keys=tuple((key,) for key in keys),
    )


def predicted(
    gold: Gold,
    proba: NDArray[np.float64],
    *,
    fold: Sequence[int] = (),
    seen: bool = False,
) -> Predictions:
    """Return predictions; by default each document is a fold."""
    n = len(gold.unit_ids)
    places = np.unique(np.array(gold.documents), return_inverse=True)[1]
    return Predictions(
        unit_ids=gold.unit_ids,
        labels=LABELS,
        proba=proba,
        abstained=np.zeros(n, dtype=bool),
        fold=np.array(fold, dtype=int) if len(fold) else places,
        seen=np.full(n, seen),
    )


def held_out(gold: Gold, *repeats: Sequence[str], words: Sequence[str] = ()) -> HeldOut:
    """Return sure predictions of these labels."""
    return HeldOut(
        gold,
        tuple(predicted(gold, sure(labels)) for labels in repeats),
        predicted(gold, sure(words)) if words else None,
    )


def judged(held: HeldOut, stratum: str = "counted") -> dict[tuple[str, str], Metric]:
    """Return the metrics of a stratum by name and label, whatever is warned of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", StanceWarning)
        rows = evaluate(held)
    return {(row.metric, row.label): row for row in rows if row.stratum == stratum}


def strata(held: HeldOut) -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", StanceWarning)
        return list(dict.fromkeys(row.stratum for row in evaluate(held)))


def test_confusion_has_gold_in_rows_and_predictions_in_columns() -> None:
    counts = confusion(np.array([0, 0, 2]), np.array([1, 1, 2]), 3)

    assert counts.tolist() == [[0, 2, 0], [0, 0, 0], [0, 0, 1]]


def test_a_label_neither_given_nor_predicted_scores_zero() -> None:
    scores = scores_of(np.array([[2, 0], [0, 0]]))

    assert scores["f1"].tolist() == [1.0, 0.0]


def test_perfect_predictions_score_one_and_lose_nothing() -> None:
    rows = judged(held_out(coded(GOLD), GOLD))

    assert rows["macro_f1", "all"].estimate == 1.0
    assert rows["accuracy", "all"].estimate == 1.0
    assert rows["log_loss", "all"].estimate == 0.0
    assert rows["brier", "all"].estimate == 0.0
    assert rows["calibration_error", "all"].estimate == 0.0


def test_the_first_row_is_macro_f1_of_the_counted_units() -> None:
    rows = evaluate(held_out(coded(GOLD[:2]), GOLD[:2]))

    assert (rows[0].metric, rows[0].stratum) == ("macro_f1", "counted")


def test_the_brier_score_of_a_sure_mistake_is_two() -> None:
    rows = judged(held_out(coded(["合作"]), ["竞争"]))

    assert rows["brier", "all"].estimate == 2.0


def test_the_macro_average_leaves_residual_labels_out() -> None:
    rows = judged(held_out(coded(GOLD), [*GOLD[:4], "合作", "合作", "竞争", "竞争"]))

    assert rows["f1", "none"].estimate == 0.0
    assert rows["macro_f1", "all"].estimate == pytest.approx(2 / 3)


def test_log_loss_is_that_of_the_gold_labels_probability() -> None:
    gold = coded(["合作", "合作"])
    proba = np.array([[0.5, 0.3, 0.2], [0.25, 0.5, 0.25]])

    rows = judged(HeldOut(gold, (predicted(gold, proba),)))

    assert rows["log_loss", "all"].estimate == pytest.approx(
        (math.log(2) + math.log(4)) / 2
    )


def test_a_probability_of_zero_does_not_make_the_log_loss_infinite() -> None:
    rows = judged(held_out(coded(["合作"]), ["竞争"]))

    assert rows["log_loss", "all"].estimate == pytest.approx(-math.log(1e-15))


def test_estimates_are_means_over_repeats() -> None:
    gold = coded(GOLD)

    first, second = (judged(held_out(gold, said)) for said in (SAID, WORSE))
    both = judged(held_out(gold, SAID, WORSE))

    for key in [
        ("macro_f1", "all"), ("accuracy", "all"), ("log_loss", "all"), ("brier", "all"),
        ("calibration_error", "all"), ("f1", "合作"), ("precision", "合作"),
        ("recall", "none"),
    ]:  # fmt: skip
        mean = (first[key].estimate + second[key].estimate) / 2
        assert both[key].estimate == pytest.approx(mean)


def test_a_repeat_of_the_same_predictions_changes_no_interval() -> None:
    gold = coded(GOLD)

    once, twice = (judged(held_out(gold, *[SAID] * n)) for n in (1, 2))

    assert once["macro_f1", "all"] == twice["macro_f1", "all"]


def test_eight_documents_get_an_interval_around_the_estimate() -> None:
    held = held_out(coded(GOLD), SAID)

    with pytest.warns(StanceWarning, match=r"too narrow below 15 .*: counted has 8"):
        macro = evaluate(held)[0]

    assert macro.low < macro.estimate < macro.high
    assert macro.n_documents == 8
    assert macro.method == ("95 % by document bootstrap; too narrow below 15 documents")


def test_the_warning_points_to_the_caller() -> None:
    with pytest.warns(StanceWarning) as caught:
        evaluate(held_out(coded(GOLD), SAID))

    assert [warning.filename for warning in caught] == [__file__]


def test_fifteen_documents_get_an_interval_without_a_warning() -> None:
    held = held_out(coded(GOLD[:4] * 4), SAID[:4] * 4)

    rows = evaluate(held, strata=())

    assert rows[0].method == "95 % by document bootstrap"


def test_seven_documents_get_no_interval() -> None:
    gold = coded(GOLD, documents="aabcdefg")

    rows = judged(held_out(gold, GOLD[::-1])).values()

    assert np.isnan([[row.low, row.high] for row in rows]).all()
    assert {row.method for row in rows if row.metric == "macro_f1"} == {
        "no interval below 8 documents"
    }


def test_a_label_in_few_documents_gets_no_interval() -> None:
    rows = judged(held_out(coded(GOLD * 3), SAID * 3))

    assert rows["f1", "合作"].n_documents == 6
    assert math.isnan(rows["f1", "合作"].low)
    assert rows["f1", "none"].n_documents == 12
    assert rows["f1", "none"].low < rows["f1", "none"].high


def test_a_number_without_interval_does_not_claim_a_bootstrap() -> None:
    rows = judged(held_out(coded(GOLD), SAID)).values()

    bare = [row.method for row in rows if math.isnan(row.low)]
    assert [method for method in bare if "bootstrap" in method] == []


def test_the_same_seed_gives_the_same_rows() -> None:
    held = held_out(coded(GOLD), SAID, words=WORSE)

    assert str(judged(held)) == str(judged(held))


def test_the_interval_resamples_documents_not_units() -> None:
    """Each unit ten times in its document is no more evidence than once."""
    documents = [f"d{n}" for n in range(8)]

    once, tenfold = (
        judged(held_out(coded(GOLD * n, documents=documents * n), SAID * n))
        for n in (1, 10)
    )

    assert tenfold["macro_f1", "all"].low == pytest.approx(once["macro_f1", "all"].low)
    assert tenfold["log_loss", "all"].high == pytest.approx(
        once["log_loss", "all"].high
    )


def test_what_always_says_one_label_is_to_beat() -> None:
    rows = judged(held_out(coded(["合作", "合作", "竞争", "none"]), GOLD[:4]))

    assert rows["macro_f1_commonest", "all"].estimate == pytest.approx(1 / 3)
    assert rows["accuracy_commonest", "all"].estimate == 0.5


def test_labels_drawn_at_random_are_right_as_often_as_shares_say() -> None:
    rows = judged(held_out(coded(GOLD * 50), GOLD * 50))

    assert rows["accuracy_prior_draw", "all"].estimate == pytest.approx(3 / 8)
    assert rows["macro_f1_prior_draw", "all"].estimate == pytest.approx(0.25, abs=0.01)


def test_words_alone_are_scored_on_the_same_units() -> None:
    gold = coded(GOLD)

    rows = judged(held_out(gold, GOLD, words=SAID))
    words = judged(held_out(gold, SAID))

    for metric in ("macro_f1", "accuracy", "log_loss"):
        assert rows[f"{metric}_words", "all"].estimate == words[metric, "all"].estimate


def test_without_words_nothing_is_said_of_them() -> None:
    rows = judged(held_out(coded(GOLD), GOLD))

    assert [metric for metric, _ in rows if "words" in metric] == []


def test_five_documents_cannot_show_that_words_are_worse() -> None:
    documents = "aabbccddee"

    row = judged(
        held_out(
            coded(["合作"] * 10, documents=documents),
            ["合作"] * 10,
            words=["竞争"] * 10,
        )
    )["p_words", "all"]

    assert row.estimate == 1 / 16
    assert row.method.endswith(
        "5 of 5 documents differ, the smallest p possible is 1/16"
    )


def test_a_model_that_only_tells_documents_apart_has_a_permutation_p_of_one() -> None:
    gold = coded(GOLD * 4, documents="aabbcccc" * 4)

    rows = judged(held_out(gold, GOLD * 4))

    assert rows["p_permutation", "all"].estimate == 1.0


def test_a_model_that_tells_units_apart_has_the_smallest_permutation_p() -> None:
    gold = coded(GOLD * 4, documents="abcd" * 8)

    rows = judged(held_out(gold, GOLD * 4))

    assert rows["p_permutation", "all"].estimate == 0.001


def test_rows_of_a_label_count_its_units() -> None:
    rows = judged(held_out(coded(GOLD), GOLD))

    assert rows["f1", "合作"].n_units == 2
    assert rows["f1", "none"].n_units == 4
    assert rows["accuracy", "all"].n_units == 8


def test_a_label_neither_given_nor_predicted_has_no_row_and_is_named() -> None:
    rows = judged(held_out(coded(["合作", "none"]), ["合作", "合作"]))

    assert ("f1", "竞争") not in rows
    assert rows["macro_f1", "all"].method.startswith("0 for 竞争, which does not occur")


def test_every_estimate_prints_as_a_plain_number() -> None:
    """A table prints floats with repr, which for numpy's own says np.float64."""
    rows = judged(held_out(coded(GOLD), SAID, words=WORSE)).values()

    numbers = [(row.estimate, row.low, row.high) for row in rows]
    assert {type(number) for row in numbers for number in row} == {float}
    assert {type(row.n_units) for row in rows} == {int}


def test_twins_are_scored_once_and_both_in_their_language() -> None:
    gold = coded(
        ["合作", "合作", "竞争"], languages=["en", "zh", "en"], counted="101",
        documents="ddd",
    )  # fmt: skip
    held = held_out(gold, ["合作", "竞争", "竞争"])

    assert judged(held)["accuracy", "all"].n_units == 2
    assert judged(held, "twins counted twice")["accuracy", "all"].n_units == 3
    assert judged(held, "language=zh")["accuracy", "all"].estimate == 0.0
    assert judged(held, "language=en")["accuracy", "all"].n_units == 2


def test_without_twins_nothing_is_counted_twice() -> None:
    assert "twins counted twice" not in strata(held_out(coded(GOLD), GOLD))


def test_units_with_a_frame_are_a_stratum() -> None:
    rows = judged(held_out(coded(GOLD), SAID), "counted, gold with a frame")

    assert rows["accuracy", "all"].n_units == 4
    assert rows["accuracy", "all"].estimate == 0.75


def test_periods_are_years_and_sources_publishers() -> None:
    dates = ["2015-03", "2015", "2017-01-02", ""]
    gold = coded(GOLD[:4], dates=dates, sources=["人民日报", "人民日报", "CASS", ""])

    found = strata(held_out(gold, GOLD[:4]))

    assert found[2:] == [
        "period=2015", "period=2017", "source=CASS", "source=人民日报",
    ]  # fmt: skip


def test_a_column_of_one_value_is_no_stratum() -> None:
    gold = coded(GOLD, dates=["2015"] * 8, languages=["zh"] * 8)

    assert strata(held_out(gold, GOLD)) == ["counted", "counted, gold with a frame"]


def test_more_than_thirty_values_are_no_strata() -> None:
    gold = coded(["合作"] * 31, sources=[f"报{n}" for n in range(31)])

    found = strata(held_out(gold, ["合作"] * 31))

    assert [name for name in found if name.startswith("source")] == []


def test_strata_have_no_baseline_but_the_commonest() -> None:
    gold = coded(GOLD, languages=["en", "zh"] * 4)

    rows = judged(held_out(gold, SAID, words=WORSE), "language=zh")

    assert [metric for metric, label in rows if label == "all"] == [
        "macro_f1", "accuracy", "log_loss", "brier", "macro_f1_commonest",
    ]  # fmt: skip
    assert {metric for metric, label in rows if label != "all"} == {"f1"}


def test_an_unknown_stratum_is_refused() -> None:
    with pytest.raises(
        ValueError, match=r"^stratum 'genre' is not one of language, period, source$"
    ):
        evaluate(held_out(coded(GOLD), GOLD), strata=["genre"])


def test_predictions_of_seen_units_are_refused() -> None:
    gold = coded(GOLD)
    said = predicted(gold, sure(GOLD), fold=[-1] * 8, seen=True)

    with pytest.raises(
        CodingError, match=r"^unit '文00:p001' and 7 more are predicted"
    ):
        evaluate(HeldOut(gold, (said,)))


def test_a_dishonest_second_repeat_is_refused() -> None:
    gold = coded(GOLD)
    good = predicted(gold, sure(GOLD))
    bad = predicted(gold, sure(GOLD), fold=[-1] * 8, seen=True)

    with pytest.raises(CodingError, match="trained on their text"):
        evaluate(HeldOut(gold, (good, bad)))
    with pytest.raises(CodingError, match="trained on their text"):
        evaluate(HeldOut(gold, (good,), bad))


@pytest.mark.parametrize(
    ("key", "tie"),
    [
        ("document:cass-2015", "are of one document"),
        ("twin:gu-liu-2022:p004", "are twins, one paragraph in two languages"),
        ("near:0-5", "are near duplicates"),
        ("text:1f86ca1c", "are the same text"),
    ],
)
def test_what_is_tied_and_stands_in_two_folds_is_refused(key: str, tie: str) -> None:
    keys = [key if at in (0, 5) else f"document:文{at:02d}" for at in range(8)]
    gold = coded(GOLD, keys=keys)

    with pytest.raises(
        CodingError, match=f"^units '文00:p001' and '文05:p001' {tie} and stand on both"
    ):
        evaluate(held_out(gold, GOLD))


def test_what_is_tied_and_stands_in_one_fold_is_judged() -> None:
    gold = coded(GOLD, keys=["near:0-5"] * 8)
    said = predicted(gold, sure(GOLD), fold=[0] * 8)

    assert judged(HeldOut(gold, (said,)))["accuracy", "all"].estimate == 1.0


def test_labels_in_another_order_are_refused() -> None:
    gold = coded(["合作"])
    said = predicted(gold, sure(["合作"]))
    other = Predictions(
        gold.unit_ids, LabelSet(("竞争", "合作", "none")), said.proba, said.abstained,
        said.fold, said.seen,
    )  # fmt: skip

    with pytest.raises(ValueError, match=r"in their order$"):
        evaluate(HeldOut(gold, (other,)))


def test_an_evaluation_of_nothing_is_refused() -> None:
    gold = coded(["合作"], counted="0")

    with pytest.raises(ValueError, match=r"^there are no units to evaluate$"):
        evaluate(held_out(gold, ["合作"]))


def test_abstained_units_count_as_their_likeliest_label() -> None:
    gold = coded(["合作"])
    said = predicted(gold, sure(["合作"]))
    silent = Predictions(
        said.unit_ids, LABELS, said.proba, ~said.abstained, said.fold, said.seen
    )

    assert judged(HeldOut(gold, (silent,)))["accuracy", "all"].estimate == 1.0


def test_comparing_a_model_with_itself_finds_no_difference() -> None:
    gold = coded(GOLD * 2)
    said = predicted(gold, sure(SAID * 2))

    rows = compare(gold, said, said)

    assert [(row.estimate, row.low, row.high) for row in rows[:2]] == [(0, 0, 0)] * 2
    assert rows[2].estimate == 1.0


def test_the_better_model_is_first_in_a_positive_difference() -> None:
    gold = coded(GOLD * 2)
    better, worse = (predicted(gold, sure(said * 2)) for said in (GOLD, WORSE))

    accuracy, macro, p = compare(gold, better, worse)

    assert accuracy.metric == "accuracy_difference"
    assert accuracy.estimate == 0.625
    assert 0 < accuracy.low < accuracy.estimate < accuracy.high
    assert macro.estimate > 0
    assert p.estimate == 2 / 2**10


def test_comparing_on_eight_documents_warns() -> None:
    gold = coded(GOLD)
    better, worse = (predicted(gold, sure(said)) for said in (GOLD, WORSE))

    with pytest.warns(StanceWarning, match="counted has 8"):
        compare(gold, better, worse)


def test_confusion_rows_count_every_pair_of_labels() -> None:
    rows = confusion_rows(held_out(coded(GOLD, counted="11111110"), SAID, GOLD))

    found = {(row.gold, row.predicted): row.n for row in rows if row.n}
    assert len(rows) == 9
    assert found == {
        ("合作", "合作"): 1, ("合作", "竞争"): 1, ("竞争", "竞争"): 2,
        ("none", "none"): 2, ("none", "合作"): 1,
    }  # fmt: skip
