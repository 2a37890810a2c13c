"""Tests of `stance.model.abstain`: conformal sets, and the error of the surest."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from stance.coding.codebook import LabelSet
from stance.coding.predictions import Gold, Predictions
from stance.errors import CodingError
from stance.model.abstain import (
    Kept,
    Thresholds,
    abstains,
    error_by_coverage,
    missing,
    prediction_sets,
    thresholds,
)

LABELS = LabelSet(("cooperation", "countermeasure", "none"), residual=("none",))
Proba = NDArray[np.float64]


def gold_of(y: Sequence[int] | NDArray[np.integer]) -> Gold:
    """Return units of these labels, each a document."""
    ids, empty = tuple(f"d{n}:p001" for n in range(len(y))), ("",) * len(y)
    counted = np.ones(len(y), dtype=bool)
    return Gold(LABELS, ids, ids, empty, empty, empty, np.array(y, dtype=int), counted)


def predicted(gold: Gold, proba: Proba) -> Predictions:
    """Return predictions of an outside model that saw none of the texts."""
    no = np.zeros(len(gold.y), dtype=bool)
    return Predictions(gold.unit_ids, gold.labels, proba, no, no - 1, no)


def calibrated(
    y: Sequence[int] | NDArray[np.integer], own: Sequence[float] | Proba,
    strata: Sequence[str], coverage: float = 0.9,
) -> Thresholds:  # fmt: skip
    """Return thresholds where these are the probabilities of the gold labels."""
    gold = gold_of(y)
    proba = np.repeat((1 - np.array(own, dtype=float))[:, None] / 2, 3, axis=1)
    proba[np.arange(len(y)), gold.y] = own
    predictions = predicted(gold, proba)
    return thresholds(gold, predictions, strata=strata, coverage=coverage)


def drawn(
    rng: np.random.Generator, counts: Sequence[int], sep: float
) -> tuple[NDArray[np.integer], Proba]:
    """Return labels, so many of each, and probabilities from Gaussian scores."""
    y = rng.permutation(np.repeat([0, 1, 2], counts))
    grown = np.exp(sep * (sep * np.eye(3)[y] + rng.normal(size=(len(y), 3))))
    return y, grown / grown.sum(axis=1, keepdims=True)


def covered(sets: NDArray[np.bool_], y: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return of each label the share of its units whose set holds it."""
    hits = sets[np.arange(len(y)), y]
    return np.bincount(y, hits, 3) / np.bincount(y, minlength=3)


def test_the_threshold_is_the_right_one_of_the_sorted_scores() -> None:
    """Of 10 units at 0.8 the 9th smallest: ceil(11 * 0.8) = 9."""
    own = [0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.25, 0.1]

    found = calibrated([0] * 10, own, ["en"] * 10, 0.8)

    assert found.scores[0, 0] == pytest.approx(0.75)
    assert found.n.tolist() == [[10, 0, 0]]


def test_a_set_holds_the_labels_that_are_likely_enough() -> None:
    scores, n = np.array([[0.5, 0.75, 0.7]]), np.array([[9, 9, 9]])
    found = Thresholds(LABELS, 0.9, ("en",), scores, n)
    proba = np.array([[0.5, 0.25, 0.25], [0.9, 0.05, 0.05], [0.49, 0.24, 0.27]])

    sets = prediction_sets(proba, ["en"] * 3, found)

    assert sets.tolist() == [
        [True, True, False],
        [True, False, False],
        [False, False, False],
    ]
    assert abstains(sets).tolist() == [True, False, True]


@pytest.mark.parametrize(("coverage", "needed"), [(0.9, 9), (0.95, 19), (0.99, 99)])
def test_a_label_with_too_few_units_is_in_every_set(
    coverage: float, needed: int
) -> None:
    y = [0] * (needed - 1) + [1] * needed

    found = calibrated(y, [0.8] * len(y), ["zh"] * len(y), coverage)
    sets = prediction_sets(np.array([[0.0, 0.0, 1.0]]), ["zh"], found)

    assert np.isinf(found.scores).tolist() == [[True, False, True]]
    assert sets.tolist() == [[True, False, True]]


def test_the_counts_are_exact_where_binary_arithmetic_is_not() -> None:
    """99 units at 0.55: the 55th, though 100 * 0.55 is 55.00000000000001."""
    own = np.linspace(0.99, 0.01, 99)

    found = calibrated([0] * 99, own, ["en"] * 99, 0.55)

    assert found.scores[0, 0] == pytest.approx(1 - own[54])


def test_strata_do_not_mix() -> None:
    rng = np.random.default_rng(0)
    y, own = np.repeat([0, 1, 2], 20), rng.random(60)
    language = np.array(["en", "zh"] * 30)

    both = calibrated(y, own, language.tolist())
    alone = calibrated(y[1::2], own[1::2], ["zh"] * 30)

    assert both.strata == ("en", "zh")
    assert both.scores[1].tolist() == alone.scores[0].tolist()
    assert both.scores[0].tolist() != both.scores[1].tolist()


def test_a_unit_gets_the_thresholds_of_its_stratum() -> None:
    scores = np.array([[0.2, 0.2, 0.2], [0.8, 0.8, 0.8]])
    found = Thresholds(LABELS, 0.9, ("en", "zh"), scores, np.full((2, 3), 9))

    sets = prediction_sets(np.full((3, 3), 1 / 3), ["zh", "en", "法语"], found)

    assert sets.all(axis=1).tolist() == [True, False, True]
    assert sets.any(axis=1).tolist() == [True, False, True]


def test_a_stratum_never_calibrated_gets_every_label() -> None:
    found = calibrated([0] * 9, [0.9] * 9, ["en"] * 9)

    sets = prediction_sets(np.eye(3), ["zh", "英文", ""], found)

    assert sets.all()


def test_the_order_of_the_units_changes_nothing() -> None:
    rng = np.random.default_rng(1)
    y, own = rng.integers(3, size=80), rng.random(80)
    strata, order = rng.choice(["en", "zh"], size=80), rng.permutation(80)

    one = calibrated(y, own, strata.tolist())
    other = calibrated(y[order], own[order], strata[order].tolist())

    assert one.scores.tolist() == other.scores.tolist()


@given(
    st.integers(0, 10**6),
    st.integers(1, 60),
    st.floats(0.01, 0.99),
    st.floats(0.01, 0.99),
)
def test_sets_grow_with_coverage(seed: int, n: int, one: float, two: float) -> None:
    rng = np.random.default_rng(seed)
    gold, proba = gold_of(rng.integers(3, size=n)), rng.dirichlet(np.ones(3), size=n)
    strata, new = rng.choice(["en", "zh"], size=n), rng.dirichlet(np.ones(3), size=40)
    low, high = (
        thresholds(gold, predicted(gold, proba), strata=strata.tolist(), coverage=c)
        for c in sorted([one, two])
    )

    smaller = prediction_sets(new, ["en", "zh"] * 20, low)
    larger = prediction_sets(new, ["en", "zh"] * 20, high)

    assert (smaller <= larger).all()


@pytest.mark.parametrize("coverage", [0.8, 0.87, 0.9, 0.95])
@pytest.mark.parametrize("decimals", [17, 1])
def test_sets_equal_those_of_crepes(coverage: float, decimals: int) -> None:
    """Without smoothing, by p > 1 - coverage; with one decimal there are many ties."""
    crepes = pytest.importorskip("crepes")
    rng = np.random.default_rng(2)
    y, proba = drawn(rng, [130, 60, 25], sep=1.2)
    strata, new_strata = (rng.choice(["en", "zh"], size=n) for n in (len(y), 300))
    proba, new = proba.round(decimals), drawn(rng, [100] * 3, 1.2)[1].round(decimals)
    gold = gold_of(y)

    found = thresholds(
        gold, predicted(gold, proba), strata=strata.tolist(), coverage=coverage
    )
    ours = prediction_sets(new, new_strata.tolist(), found)

    p_values = [
        crepes.ConformalClassifier()
        .fit(1 - proba[y == k, k], bins=strata[y == k])
        .predict_p(1 - new[:, [k]], bins=new_strata, smoothing=False)[:, 0]
        for k in range(3)
    ]
    assert (ours == (np.column_stack(p_values) > 1 - coverage + 1e-9)).all()


@pytest.mark.parametrize("coverage", [0, 1, 90, -0.1, float("nan")])
def test_coverage_lies_between_0_and_1(coverage: float) -> None:
    with pytest.raises(ValueError, match="coverage must lie strictly between 0 and 1"):
        calibrated([0], [0.5], ["en"], coverage)


def test_per_cent_are_answered_with_what_to_write() -> None:
    with pytest.raises(ValueError, match="got 90\n  for 90 per cent write coverage=0"):
        calibrated([0], [0.5], ["en"], 90)


def test_units_that_trained_the_model_do_not_calibrate() -> None:
    gold = gold_of([0, 1])
    seen = replace(
        predicted(gold, np.full((2, 3), 1 / 3)), seen=np.array([False, True])
    )

    with pytest.raises(CodingError, match="was trained on their text"):
        thresholds(gold, seen, strata=["en", "en"])


def test_strata_are_one_a_unit() -> None:
    with pytest.raises(ValueError, match="differ in labels or length"):
        calibrated([0, 1], [0.5, 0.5], ["en"])


def test_other_labels_are_refused() -> None:
    gold = gold_of([0, 1])
    other = replace(predicted(gold, np.eye(3)[:2]), labels=LabelSet(("a", "b", "c")))

    with pytest.raises(ValueError, match="differ in labels or length"):
        thresholds(gold, other, strata=["en", "en"])


def test_one_stratum_for_many_units_is_refused() -> None:
    found = calibrated([0] * 9, [0.9] * 9, ["en"] * 9)

    with pytest.raises(ValueError, match=r"proba must be of shape \(1, 3\), got"):
        prediction_sets(np.eye(3), ["en"], found)


def test_no_units_have_no_sets() -> None:
    found = calibrated([0] * 9, [0.9] * 9, ["en"] * 9)

    sets = prediction_sets(np.empty((0, 3)), [], found)

    assert sets.shape == (0, 3)
    assert abstains(sets).tolist() == []


def test_what_thresholds_hold_cannot_be_changed() -> None:
    found = calibrated([0] * 9, [0.9] * 9, ["en"] * 9)

    assert not found.scores.flags.writeable
    assert not found.n.flags.writeable


def test_labels_that_are_missing_are_named_with_their_units() -> None:
    found = calibrated([1] * 5 + [2], [0.5] * 6, ["zh"] * 6)

    assert missing(found, "zh", by="language") == (
        "language 'zh': no set can leave out cooperation (0 units), "
        "countermeasure (5), none (1); 9 a label are needed for coverage 0.9"
    )


def test_one_unit_is_said_in_the_singular() -> None:
    found = calibrated([0] + [1] * 9 + [2] * 9, [0.5] * 19, ["zh"] * 19)

    assert missing(found, "zh").startswith(
        "stratum 'zh': no set can leave out cooperation (1 unit); 9 a label"
    )


def test_of_a_stratum_never_calibrated_all_labels_are_missing() -> None:
    found = calibrated([0] * 30, [0.5] * 30, ["en"] * 30, 0.95)

    assert missing(found, "zh") == (
        "stratum 'zh': no set can leave out cooperation (0 units), countermeasure (0), "
        "none (0); 19 a label are needed for coverage 0.95"
    )


def test_nothing_is_missing_where_every_label_has_enough() -> None:
    found = calibrated(np.repeat([0, 1, 2], 9), [0.5] * 27, ["zh"] * 27)

    assert missing(found, "zh") == ""


@given(st.integers(0, 120), st.sampled_from([0.5, 0.55, 0.7, 0.8, 0.9, 0.95, 0.99]))
def test_what_is_called_missing_is_what_has_no_threshold(
    n: int, coverage: float
) -> None:
    y = np.concatenate([np.zeros(n, dtype=int), np.repeat([1, 2], 120)])

    found = calibrated(y, [0.5] * len(y), ["en"] * len(y), coverage)

    assert ("cooperation" in missing(found, "en")) == np.isinf(found.scores[0, 0])


def test_the_least_sure_units_are_left_out_first() -> None:
    proba = np.array([[0.9, 0.1, 0], [0.3, 0.6, 0.1], [0.8, 0.2, 0], [0.3, 0.3, 0.4]])

    table = error_by_coverage(gold_of([0, 0, 0, 2]), proba, (1.0, 0.75, 0.5))

    assert table == (
        Kept(1.0, 4, 0.25, 0.4),
        Kept(0.75, 3, pytest.approx(1 / 3), 0.6),
        Kept(0.5, 2, 0.0, 0.8),
    )


def test_of_equally_sure_units_the_first_are_kept() -> None:
    proba = np.tile([0.6, 0.4, 0.0], (4, 1))

    table = error_by_coverage(gold_of([0, 0, 1, 1]), proba, (1.0, 0.5))

    assert [row.error for row in table] == [0.5, 0.0]


def test_twins_are_judged_once() -> None:
    gold = replace(gold_of([0, 1]), counted=np.array([True, False]))

    table = error_by_coverage(
        gold, np.array([[0.8, 0.1, 0.1], [0.9, 0.1, 0.0]]), (1.0,)
    )

    assert table == (Kept(1.0, 1, 0.0, 0.8),)


def test_shares_are_rounded_up_to_whole_units() -> None:
    table = error_by_coverage(gold_of([0] * 10), np.tile([0.8, 0.1, 0.1], (10, 1)))

    assert [row.n_units for row in table] == [10, 9, 8, 7, 6, 5]


@pytest.mark.parametrize("share", [0.0, 1.1, float("nan")])
def test_shares_lie_above_0_and_at_most_at_1(share: float) -> None:
    with pytest.raises(ValueError, match="shares must lie above 0 and at most at 1"):
        error_by_coverage(gold_of([0]), np.eye(3)[:1], (share,))


def test_no_units_have_no_error() -> None:
    with pytest.raises(ValueError, match="there are no units to judge"):
        error_by_coverage(gold_of([]), np.empty((0, 3)))


@pytest.mark.slow
@pytest.mark.parametrize("n", [100, 200, 500])
def test_each_label_is_covered_in_each_language(n: int) -> None:
    """Two languages with different error; the mean over calibrations is k / (n + 1)."""
    rng = np.random.default_rng(n)
    counts = [n // 2, n * 3 // 10, n // 5]
    strata, new_strata = ["en"] * n + ["zh"] * n, ["en"] * 1500 + ["zh"] * 1500
    rates = []
    for _ in range(400):
        parts = [drawn(rng, counts, sep) for sep in (1.7, 0.9)]
        y, proba = map(np.concatenate, zip(*parts, strict=True))
        gold = gold_of(y)
        found = thresholds(gold, predicted(gold, proba), strata=strata)
        new = [drawn(rng, [500] * 3, sep) for sep in (1.7, 0.9)]
        sets = prediction_sets(np.concatenate([p for _, p in new]), new_strata, found)
        rates.append([covered(sets[:1500], new[0][0]), covered(sets[1500:], new[1][0])])

    mean, error = np.mean(rates, axis=0), np.std(rates, axis=0) / np.sqrt(len(rates))

    promised = np.ceil((np.array(counts) + 1) * 0.9) / (np.array(counts) + 1)
    assert ((mean > 0.88) & (mean < 0.93)).all()
    assert (np.abs(mean - promised) < 4 * error).all()
