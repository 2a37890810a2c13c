"""Tests of `stance.measure.resample`, and of the interval's coverage."""

import runpy
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from stance.measure.resample import (
    blocks_of,
    bootstrap,
    draws,
    interval,
    largest,
    outcomes,
    p_value,
    permutations,
    random_tables,
    regroupings,
    sign_flip,
    student,
    tail,
    weights,
)

BENCH = Path(__file__).parents[1] / "bench" / "interval_coverage.py"


def test_a_draw_of_documents_is_of_as_many_documents() -> None:
    sums = np.ones((6, 1))

    values = bootstrap(sums, lambda drawn: drawn[:, 0])

    assert set(values) == {6.0}


def test_draws_follow_from_the_seed() -> None:
    first, second = (np.array(list(draws(5, 7))) for _ in range(2))

    assert first.tolist() == second.tolist()
    assert len(first) == 1000


def test_a_bootstrap_keeps_the_axes_before_the_documents() -> None:
    sums = np.stack([np.zeros((4, 2)), np.ones((4, 2))])

    values = bootstrap(sums, lambda drawn: drawn.mean(axis=(0, 2)))

    assert values.shape == (1000,)
    assert set(values) == {2.0}


def test_the_bootstrap_error_of_a_mean_is_the_textbooks() -> None:
    rng = np.random.default_rng(1)
    sums = rng.normal(size=(40, 1))

    values = bootstrap(sums, lambda drawn: drawn[:, 0] / 40)

    assert values.std() == pytest.approx(sums.std() / 40**0.5, rel=0.1)


def test_the_interval_of_few_documents_is_wider_than_percentiles() -> None:
    values = np.linspace(0, 1, 1001)

    few, many = interval(values, 8), interval(values, 10_000)

    assert few[0] < many[0] == pytest.approx(0.025, abs=1e-3)
    assert few[1] > many[1] == pytest.approx(0.975, abs=1e-3)


def test_the_tail_is_what_the_interval_leaves_out() -> None:
    values = np.linspace(0, 1, 1001)

    low, high = interval(values, 6, level=0.9)

    assert low == pytest.approx(tail(6, 0.9))
    assert high == pytest.approx(1 - tail(6, 0.9))


def test_documents_are_drawn_within_their_group() -> None:
    groups = np.array([1, 0, 1, 1, 0])

    drawn = weights(groups, 0, n_draws=500)

    assert drawn.shape == (500, 5)
    assert set(drawn[:, groups == 0].sum(axis=1)) == {2}
    assert set(drawn[:, groups == 1].sum(axis=1)) == {3}
    assert drawn.mean(axis=0) == pytest.approx(np.ones(5), abs=0.15)


def test_regroupings_keep_the_groups_sizes_and_reach_every_order() -> None:
    found = regroupings(np.array([0, 0, 1, 1]), 0, n_draws=300)

    assert set(found.sum(axis=1)) == {2}
    assert len({tuple(order) for order in found.tolist()}) == 6


def test_weights_and_regroupings_follow_from_the_seed() -> None:
    groups = np.array([0, 1, 1, 0, 1])

    assert (weights(groups, 3) == weights(groups, 3)).all()
    assert (regroupings(groups, 3) == regroupings(groups, 3)).all()
    assert (regroupings(groups, 3) != regroupings(groups, 4)).any()


@pytest.mark.parametrize("freedom", [5, 7, 14, 29, 1000])
def test_students_t_equals_scipys(freedom: int) -> None:
    assert student(0.95, freedom) == pytest.approx(
        stats.t.ppf(0.975, freedom), abs=1e-3
    )


def test_documents_of_one_unit_are_one_block() -> None:
    blocks = blocks_of(("文a", "文b", "文c", "文b", "文d", "文d"))

    assert blocks[0] == blocks[2]
    assert len({blocks[0], blocks[1], blocks[4]}) == 3
    assert blocks[1] == blocks[3]


def test_permutations_stay_within_blocks_and_reach_every_order() -> None:
    blocks = np.array([1, 0, 1, 1, 0])

    orders = np.array(list(permutations(blocks, 0)))

    assert (blocks[orders] == blocks).all()
    assert (np.sort(orders, axis=1) == np.arange(5)).all()
    assert len({tuple(order) for order in orders.tolist()}) == 12


def test_p_is_never_zero() -> None:
    assert p_value(1.0, np.zeros(999)) == 0.001


def test_a_tie_counts_as_exceeding() -> None:
    assert p_value(0.3, np.full(99, 0.1 + 0.2)) == 1.0


def test_the_smallest_p_of_five_documents_is_one_in_sixteen() -> None:
    assert sign_flip(np.array([1.0, 5.0, 2.0, 2.0, 9.0])) == (1 / 16, 1 / 16)


def test_the_sign_flip_test_is_two_sided() -> None:
    differences = np.array([1.0, 5.0, -2.0, 2.0])

    assert sign_flip(differences) == sign_flip(-differences)


def test_documents_that_do_not_differ_change_no_p() -> None:
    differences = np.array([1.0, 5.0, -2.0, 2.0])

    assert sign_flip(np.append(differences, [0.0, 0.0])) == sign_flip(differences)


def test_no_difference_at_all_has_p_one() -> None:
    assert sign_flip(np.zeros(5)) == (1.0, 1.0)


def test_exact_and_drawn_sign_flips_agree_with_scipy() -> None:
    rng = np.random.default_rng(2)
    for n in (11, 13):
        differences = rng.normal(0.4, 1, n)

        theirs = stats.permutation_test(
            (differences,), np.sum, permutation_type="samples", n_resamples=10_000
        ).pvalue

        assert sign_flip(differences)[0] == pytest.approx(theirs, abs=0.02)


def test_more_than_twelve_documents_are_flipped_at_random() -> None:
    p, smallest = sign_flip(np.ones(14), 0)

    assert p >= smallest == 2 / 2**14


def test_thousands_of_documents_can_be_flipped() -> None:
    assert sign_flip(np.ones(3000), 0) == (1e-4, 1e-4)


@pytest.mark.parametrize(("n", "value"), [(1, 1.9600), (2, 2.2365), (3, 2.3877)])
def test_the_largest_of_independent_deviates_is_sidaks(n: int, value: float) -> None:
    found = largest(np.eye(n), 1)

    assert np.quantile(found, 0.95) == pytest.approx(value, abs=0.015)


def test_deviates_of_shares_that_sum_to_one_are_drawn_too() -> None:
    singular = np.array([[1.0, -1.0], [-1.0, 1.0]])

    found = largest(singular, 0)

    assert len(found) == 100_000
    assert (np.diff(found) >= 0).all()
    assert np.quantile(found, 0.95) == pytest.approx(1.96, abs=0.015)


def test_the_largest_follows_from_the_seed_not_from_the_last_digit() -> None:
    correlation = np.full((4, 4), 0.5) + 0.5 * np.eye(4)
    near = correlation * (1 + 1e-15 * (1 - np.eye(4)))

    assert largest(correlation, 3, n_draws=500) == pytest.approx(
        largest(near, 3, n_draws=500), abs=1e-6
    )
    assert largest(correlation, 4, n_draws=500)[0] != largest(near, 3, n_draws=500)[0]


def test_random_tables_keep_the_gold_labels() -> None:
    tables = random_tables(np.array([5, 0, 3]), 0)

    assert tables.shape == (1000, 3, 3)
    assert (tables.sum(axis=2) == [5, 0, 3]).all()
    assert (tables[:, :, 1] == 0).all()


def test_outcomes_occur_as_often_as_their_probability_says() -> None:
    found = np.array(list(outcomes(np.array([0.1, 0.8]), 0, n_draws=4000)))

    assert found.mean(axis=0) == pytest.approx([0.1, 0.8], abs=0.03)


@pytest.mark.slow
def test_the_permutation_p_is_uniform_where_labels_say_nothing() -> None:
    rng = np.random.default_rng(3)
    documents = tuple(np.repeat([f"d{n}" for n in range(12)], 6))
    blocks = blocks_of(documents)
    found = []
    for _ in range(300):
        gold, said = rng.integers(3, size=(2, 72))
        null = [(gold[o] == said).mean() for o in permutations(blocks, rng, n_draws=99)]
        # A share jumps; a number between 0 and 1 added breaks its ties at random.
        ties = rng.random(100) * 1e-6
        found.append(
            p_value((gold == said).mean() + ties[0], np.array(null) + ties[1:])
        )

    assert stats.kstest(found, "uniform").pvalue > 0.01


@pytest.mark.slow
def test_the_interval_of_macro_f1_holds_the_truth_at_thirty_documents() -> None:
    bench = runpy.run_path(str(BENCH))

    for world in bench["WORLDS"][:2]:
        hit, _ = bench["coverage"](world, 30, 150)["expanded"]

        assert 0.84 <= hit <= 0.98
