"""Tests of `stance.measure.reliability`."""

import numpy as np
import pytest

from stance.measure.reliability import calibration_error, perfect_error, reliability

PROBA = np.array([[0.9, 0.1], [0.4, 0.6], [0.3, 0.7], [0.2, 0.8], [0.5, 0.5]])


def test_bins_hold_equal_counts_and_the_first_the_remainder() -> None:
    bins = reliability(np.zeros(5, dtype=int), PROBA, n_bins=2)

    assert [(b.bin, b.n) for b in bins] == [(1, 3), (2, 2)]


def test_bins_go_from_the_least_confident_to_the_most() -> None:
    bins = reliability(np.zeros(5, dtype=int), PROBA, n_bins=2)

    assert [(b.low, b.high) for b in bins] == [(0.5, 0.7), (0.8, 0.9)]


def test_confidence_and_accuracy_are_means_over_a_bin() -> None:
    (one,) = reliability(np.array([0, 0, 1, 1, 0]), PROBA, n_bins=1)

    assert one.confidence == pytest.approx(0.7)
    assert one.accuracy == 0.8


def test_units_of_the_same_confidence_are_binned_in_their_order() -> None:
    proba = np.full((4, 2), [0.7, 0.3])

    bins = reliability(np.array([0, 0, 1, 1]), proba, n_bins=2)

    assert [b.accuracy for b in bins] == [1.0, 0.0]


def test_of_fewer_units_than_bins_each_is_a_bin() -> None:
    bins = reliability(np.array([0, 1]), PROBA[:2])

    assert [b.n for b in bins] == [1, 1]


def test_the_calibration_error_weighs_bins_by_their_units() -> None:
    """Bins of 3 and 2: (3 |2/3 - .6| + 2 |1/2 - .85|) / 5."""
    error = calibration_error(np.array([0, 0, 1, 0, 0]), PROBA, n_bins=2)

    assert error == pytest.approx((3 * abs(2 / 3 - 0.6) + 2 * 0.35) / 5)


def test_sure_and_right_has_no_calibration_error() -> None:
    assert calibration_error(np.array([0, 1]), np.eye(2)) == 0.0


def test_a_perfect_model_that_is_sure_shows_no_error() -> None:
    assert perfect_error(np.eye(2), n_draws=10) == 0.0


def test_more_units_bring_a_perfect_model_closer_to_no_error() -> None:
    proba = np.full((20, 2), [0.7, 0.3])

    few, many = perfect_error(proba), perfect_error(np.tile(proba, (25, 1)))

    assert many < few / 3


def test_the_same_seed_gives_the_same_error() -> None:
    assert perfect_error(PROBA, rng=3) == perfect_error(PROBA, rng=3)


def test_perfect_labels_exceed_it_one_time_in_twenty() -> None:
    rng = np.random.default_rng(0)
    proba = rng.dirichlet(np.ones(3), 60)
    bounds = proba.cumsum(axis=1)

    bar = perfect_error(proba)
    errors = [
        calibration_error((rng.random((60, 1)) > bounds).sum(axis=1).clip(max=2), proba)
        for _ in range(1000)
    ]

    assert np.mean(np.array(errors) > bar) == pytest.approx(0.05, abs=0.025)
