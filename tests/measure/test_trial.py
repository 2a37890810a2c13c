"""Trials: what a method does where the truth is known."""

import pytest

from stance.measure.simulate import WORLDS
from stance.measure.trial import trial


def test_classify_and_count_misses_the_change_that_labels_find() -> None:
    counted = trial(WORLDS["differing"], "cc", n_coded=100, n_draws=30)
    coded = trial(WORLDS["differing"], "labels", n_coded=100, n_draws=30)

    assert [row.label for row in counted] == [row.label for row in coded]
    assert counted[1].bias > 0.05 > abs(coded[1].bias)
    assert counted[1].coverage < 0.5 < coded[1].coverage


def test_the_truth_is_the_worlds_and_changes_sum_to_none() -> None:
    rows = trial(WORLDS["null"], "difference", n_coded=60, n_draws=3)

    assert [row.truth for row in rows] == [0, 0, 0]
    assert sum(row.change for row in rows) == pytest.approx(0, abs=1e-9)


def test_the_same_seed_gives_the_same_trial() -> None:
    first = trial(WORLDS["equal"], "pcc", n_coded=60, n_draws=2, rng=5)

    assert trial(WORLDS["equal"], "pcc", n_coded=60, n_draws=2, rng=5) == first


@pytest.mark.slow
def test_the_difference_estimator_is_honest_where_the_classifier_drifts() -> None:
    """Of 300 draws .95 hold the truth, within three standard errors."""
    rows = trial(WORLDS["differing-4"], "difference", n_coded=200, n_draws=300)

    assert all(0.912 <= row.coverage <= 0.988 for row in rows)
