"""The difference estimator: its worked example, its variance, its limits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.measure.difference import census_difference, difference
from stance.measure.strata import Columns, columns_of, stratify
from stance.testing import coded

PERIODS = (
    "2012: 00 01 .0 | 01 11 .1 | 11 .0 | 22 00 .0 .0",
    "2023: 11 10 .1 | 00 .0 | 22 21 .2 | .0 11 | .1 .2",
)


def columns(*periods: str) -> Columns:
    gold, predictions = coded(*(periods or PERIODS))
    return columns_of(gold, predictions, stratify(gold))


def drawn(seed: int, n_labels: int = 3) -> Columns:
    """Return 40 documents of 2 periods, a third of their units coded."""
    rng = np.random.default_rng(seed)
    component = np.sort(rng.integers(40, size=400))
    y = np.where(rng.random(400) < 1 / 3, rng.integers(n_labels, size=400), -1)
    is_coded = (y >= 0).astype(float)
    proba = rng.dirichlet(np.ones(n_labels), 400)
    stratum = (component >= 20).astype(int)
    return Columns(y, proba, is_coded, np.full(400, 1 / 3), stratum, component, 2)


def by_hand(c: Columns, stratum: int, lam: float) -> list[np.ndarray]:
    """Return the estimate without each document in turn, and with all: loops only."""
    found = []
    for left_out in (*np.unique(c.component[c.stratum == stratum]), -1):
        rows = (c.stratum == stratum) & (c.component != left_out)
        is_coded = rows & (c.y >= 0)
        labels = np.eye(c.proba.shape[1])[c.y[is_coded]]
        mean = np.average(labels, axis=0, weights=c.weight[is_coded])
        said = np.average(c.proba[is_coded], axis=0, weights=c.weight[is_coded])
        found.append(mean + lam * (c.proba[rows].mean(axis=0) - said))
    return found


def test_the_worked_example_of_two_periods_comes_out() -> None:
    fit = difference(columns())

    change = fit.theta[1] - fit.theta[0]
    error = np.sqrt(((fit.influence[:, 1] - fit.influence[:, 0]) ** 2).sum(axis=0))
    assert fit.tuning == pytest.approx(0.2800464, abs=5e-8)
    assert fit.theta[0] == pytest.approx([0.631439, 0.242374, 0.126188], abs=5e-7)
    assert fit.theta[1] == pytest.approx([0.166667, 0.476663, 0.356671], abs=5e-7)
    assert fit.df + 1 == pytest.approx([3.769231, 3.6], abs=5e-7)
    assert change == pytest.approx([-0.464772, 0.234289, 0.230483], abs=5e-7)
    assert error == pytest.approx([0.268524, 0.424665, 0.361190], abs=5e-7)


@pytest.mark.parametrize("tuning", [0.0, 1.0])
def test_the_variance_is_near_that_of_leaving_documents_out_one_by_one(
    tuning: float,
) -> None:
    c = drawn(1)

    fit = difference(c, tuning)
    *without, whole = by_hand(c, 0, tuning)
    g = len(without)
    jackknife = (g - 1) / g * ((np.array(without) - whole) ** 2).sum(axis=0)

    assert fit.theta[0] == pytest.approx(whole, abs=1e-12)
    # The mean over all units is linearised: documents hold a fortieth of it each.
    assert (fit.influence[:, 0] ** 2).sum(axis=0) == pytest.approx(jackknife, rel=0.03)


def test_labels_alone_have_the_jackknife_of_their_mean_exactly() -> None:
    c = drawn(2)

    fit = difference(c, 0.0)
    *without, whole = by_hand(c, 1, 0.0)
    g = len(without)
    jackknife = (g - 1) / g * ((np.array(without) - whole) ** 2).sum(axis=0)

    assert (fit.influence[:, 1] ** 2).sum(axis=0) == pytest.approx(jackknife, rel=1e-9)


@given(st.integers(0, 50), st.sampled_from([None, 0.0, 1.0]))
def test_shares_sum_to_one_and_their_errors_to_none(
    seed: int, tuning: float | None
) -> None:
    fit = difference(drawn(seed), tuning)

    assert fit.theta.sum(axis=1) == pytest.approx([1, 1], abs=1e-12)
    assert abs(fit.influence.sum(axis=2)).max() < 1e-12


@given(st.integers(0, 50), st.permutations(range(3)))
def test_renaming_labels_changes_nothing(seed: int, order: list[int]) -> None:
    c = drawn(seed)
    renamed = c._replace(
        y=np.where(c.y >= 0, np.argsort(order)[c.y], -1), proba=c.proba[:, order]
    )

    assert difference(renamed).theta == pytest.approx(difference(c).theta[:, order])


def test_a_classifier_that_never_varies_leaves_the_labels_alone() -> None:
    c = drawn(3)._replace(proba=np.full((400, 3), 1 / 3))

    assert difference(c).theta == pytest.approx(difference(c, 0.0).theta)
    assert difference(c).influence == pytest.approx(difference(c, 0.0).influence)


def test_a_perfect_classifier_halves_the_error_at_least() -> None:
    rng = np.random.default_rng(4)
    truth = rng.integers(3, size=400)
    c = drawn(4)._replace(proba=np.eye(3)[truth])
    c = c._replace(y=np.where(c.y >= 0, truth, -1))

    census, alone = census_difference(c), census_difference(c, 0.0)

    assert census.tuning == pytest.approx(1)
    assert census.theta == pytest.approx(difference(c, 1.0).theta)
    assert abs(census.influence).max() < abs(alone.influence).max() / 2


def test_units_drawn_unevenly_are_weighted_by_one_over_their_probability() -> None:
    c = columns("2012: 00 | 11 | 11")
    c = c._replace(weight=np.array([4.0, 1.0, 1.0]))

    assert difference(c, 0.0).theta[0] == pytest.approx([4 / 6, 2 / 6, 0])


def test_a_stratum_with_one_coded_document_has_no_variance() -> None:
    fit = difference(columns("2012: 00 11 .2 | .1", "2023: 00 | 11"))

    assert np.isnan(fit.influence[:, 0]).all()
    assert not np.isnan(fit.influence[:, 1]).any()


def test_a_corpus_that_is_coded_whole_has_shares_without_error() -> None:
    c = columns("2012: 00 01 11 | 22")
    c = c._replace(probability=np.ones(4))

    fit = census_difference(c)

    assert fit.theta[0] == pytest.approx([0.5, 0.25, 0.25])
    assert abs(fit.influence).max() == 0


def test_the_error_of_a_sample_of_the_corpus_is_that_of_the_textbook() -> None:
    """Cochran (1977, 2.6): the variance of a mean is (1 - n/N) s^2 / n."""
    c = drawn(5)
    rows = (c.stratum == 0) & (c.y >= 0)
    n, units = rows.sum(), (c.stratum == 0).sum()
    c = c._replace(probability=np.full(400, n / units))

    fit = census_difference(c, 0.0)

    s2 = np.eye(3)[c.y[rows]].var(axis=0, ddof=1)
    assert (fit.influence[:, 0] ** 2).sum(axis=0) == pytest.approx(
        (1 - n / units) * s2 / n
    )
