"""Adjustment: Holm's steps, and the maximum of correlated t."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from stance.measure.adjust import holm, max_t

HALF = np.linalg.cholesky(np.full((3, 3), 0.5) + 0.5 * np.eye(3)).T


def test_holm_gives_the_numbers_of_rs_p_adjust() -> None:
    """R: p.adjust(c(.001, .01, .05, .1, .5, .9), "holm")."""
    p = np.array([0.001, 0.01, 0.05, 0.1, 0.5, 0.9])

    assert holm(p) == pytest.approx([0.006, 0.05, 0.2, 0.3, 1, 1])


def test_holm_gives_the_numbers_of_the_sas_manual() -> None:
    """SAS/STAT user's guide, MULTTEST, inputting raw p: of 24 tests one is not 1."""
    p = np.array([
        0.28282, 0.30688, 0.71022, 0.77175, 0.78180, 0.88581, 0.54685, 0.84978,
        0.24228, 0.58977, 0.03498, 0.41607, 0.31631, 0.05254, 0.45061, 0.75758,
        0.12496, 0.49485, 0.21572, 0.50505, 0.94372, 0.81260, 0.77596, 0.36889,
    ])  # fmt: skip

    adjusted = holm(p)

    assert adjusted[10] == pytest.approx(0.8395, abs=5e-5)
    assert np.delete(adjusted, 10).tolist() == [1.0] * 23


def test_holm_counts_only_what_was_tested() -> None:
    adjusted = holm(np.array([0.02, np.nan, 0.03]))

    assert adjusted[[0, 2]] == pytest.approx([0.04, 0.04])
    assert np.isnan(adjusted[1])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.randoms())
def test_holm_keeps_the_order_of_p_and_ignores_that_of_the_tests(p, random) -> None:
    order = random.sample(range(len(p)), len(p))

    adjusted = holm(np.array(p))

    assert holm(np.array(p)[order]).tolist() == adjusted[order].tolist()
    assert (adjusted >= p).all()
    assert (np.diff(adjusted[np.argsort(p, kind="stable")]) >= 0).all()


@pytest.mark.parametrize(("n", "critical"), [(2, 2.57), (3, 2.76)])
def test_the_maximum_of_t_is_dunnetts(n: int, critical: float) -> None:
    """Dunnett (1964), Table II: two-sided, 10 degrees of freedom, 5 %."""
    found, _ = max_t(HALF[:, :n], np.zeros(n), df=np.full(n, 10.0))

    assert found == pytest.approx(np.full(n, critical), abs=0.012)


@pytest.mark.parametrize("df", [1.0, 3.0, 40.0])
def test_the_maximum_of_t_equals_scipys_multivariate_t(df: float) -> None:
    theirs = stats.multivariate_t(shape=HALF.T @ HALF, df=df)

    _, p = max_t(HALF, np.full(3, 2.5), df=np.full(3, df))

    inside = theirs.cdf(
        np.full(3, 2.5), lower_limit=np.full(3, -2.5), random_state=1, maxpts=200_000
    )
    assert p == pytest.approx(np.full(3, 1 - inside), abs=0.003)


def test_one_test_is_not_adjusted() -> None:
    critical, p = max_t(np.ones((4, 1)), np.array([2.0]), df=np.array([7.0]))

    assert critical == pytest.approx([stats.t.ppf(0.975, 7)])
    assert p == pytest.approx([2 * stats.t.sf(2.0, 7)])


def test_the_same_test_twice_is_nearly_one() -> None:
    psi = np.ones((4, 2)) * [1.0, -2.0]

    critical, _ = max_t(psi, np.zeros(2), df=np.array([7.0, 7.0]))

    assert critical == pytest.approx(np.full(2, stats.t.ppf(0.975, 7)), abs=0.02)


def test_a_test_of_few_documents_does_not_widen_the_others() -> None:
    alone, _ = max_t(HALF[:, :2], np.zeros(2), df=np.array([60.0, 60.0]))
    mixed, _ = max_t(HALF, np.zeros(3), df=np.array([60.0, 60.0, 1.2]))

    assert mixed[2] > 10
    assert mixed[0] == pytest.approx(alone[0], rel=0.08)


@settings(max_examples=20)
@given(
    st.lists(st.floats(-5, 5), min_size=2, max_size=5),
    st.floats(1, 50),
    st.integers(0, 99),
)
def test_maxima_lie_between_one_test_and_bonferroni(t, df, seed) -> None:
    n = len(t)
    psi = np.random.default_rng(seed).normal(size=(6, n))

    critical, p = max_t(psi, np.array(t), df=np.full(n, df))

    one = 2 * stats.t.sf(np.abs(t), df)
    assert (p >= one - 1e-12).all()
    assert (p <= np.minimum(n * one, 1) + 1e-12).all()
    assert (critical >= stats.t.ppf(0.975, df) - 1e-9).all()
    assert (critical <= stats.t.ppf(1 - 0.025 / n, df) + 1e-9).all()
