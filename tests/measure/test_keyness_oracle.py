"""Keyness and log-odds equal a second implementation on random corpora."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats
from scipy.sparse import csr_matrix

from stance.measure.association import association
from stance.measure.groups import (
    false_discovery,
    posterior_log_odds,
    sides_of,
    welch,
)
from stance.measure.keyness import log_odds
from stance.measure.resample import regroupings, tail, weights
from stance.measure.words import TermCounts


def corpus(seed: int, *, n_documents: int = 14, n_terms: int = 30) -> TermCounts:
    rng = np.random.default_rng(seed)
    rates = rng.dirichlet(np.full(n_terms, 0.7))
    sizes = rng.integers(20, 200, n_documents)
    drawn = [rng.multinomial(n, rng.dirichlet(40 * rates + 1e-6)) for n in sizes]
    names = tuple(f"词{n}" if n % 2 else f"word{n}" for n in range(n_terms))
    documents = tuple(f"d{n}" for n in range(n_documents))
    counts = csr_matrix(np.array(drawn))
    return TermCounts(names, names, ("en",) * n_terms, counts, documents, sizes)


def tables(seed: int, n: int = 40) -> tuple[NDArray[np.float64], float, float]:
    rng = np.random.default_rng(seed)
    n_focus, n_reference = rng.integers(60, 900, 2)
    counts = rng.integers(0, 40, (2, n)) + np.array([[0], [1]])
    return counts.astype(float), float(n_focus), float(n_reference)


def four_cells(a: float, b: float, n_focus: float, n_reference: float) -> list[object]:
    return [[a, b], [n_focus - a, n_reference - b]]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("measure", "name"), [("chi2", "pearson"), ("lr", "g-test")])
def test_sizes_equal_scipys_power_divergence(
    seed: int, measure: str, name: str
) -> None:
    counts, n_focus, n_reference = tables(seed)
    family = {"pearson": "pearson", "g-test": "log-likelihood"}[name]

    found, p = association(
        *counts, n_focus=n_focus, n_reference=n_reference,
        measure=measure, correction="none",
    )  # fmt: skip

    theirs = [
        stats.chi2_contingency(
            four_cells(a, b, n_focus, n_reference), correction=False, lambda_=family
        )
        for a, b in counts.T
    ]
    assert np.abs(found) == pytest.approx([t.statistic for t in theirs], abs=1e-10)
    assert p == pytest.approx([t.pvalue for t in theirs], abs=1e-10)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("measure", ["chi2", "lr"])
def test_where_a_count_is_small_yates_correction_is_scipys(
    seed: int, measure: str
) -> None:
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, 6, (2, 60)) + np.array([[0], [1]])
    cells = [four_cells(a, b, 90, 200) for a, b in counts.T]
    family = {"chi2": "pearson", "lr": "log-likelihood"}[measure]

    found, _ = association(
        *counts, n_focus=90, n_reference=200, measure=measure, correction="yates"
    )

    away = [abs(t[0][0] - stats.contingency.expected_freq(t)[0, 0]) for t in cells]
    small = [stats.contingency.expected_freq(t).min() < 5 for t in cells]
    theirs = [
        stats.chi2_contingency(t, correction=s and d >= 0.5, lambda_=family).statistic
        for t, s, d in zip(cells, small, away, strict=True)
    ]
    assert np.abs(found) == pytest.approx(theirs, abs=1e-10)


@pytest.mark.parametrize("seed", range(5))
def test_williams_q_equals_the_formula_by_marginal_sums(seed: int) -> None:
    """Sokal and Rohlf write q with the reciprocals of the marginal sums: no number of a
    2 x 2 table is printed by Williams (1976), so this second form is the check.
    """
    counts, n_focus, n_reference = tables(seed)
    counts[0] += 1
    n = n_focus + n_reference
    of_words = counts.sum(axis=0)
    rows = n * (1 / of_words + 1 / (n - of_words)) - 1
    columns = n * (1 / n_focus + 1 / n_reference) - 1
    sizes = {"n_focus": n_focus, "n_reference": n_reference}

    plain, _ = association(*counts, **sizes, measure="lr", correction="none")
    found, _ = association(*counts, **sizes, measure="lr")

    assert found == pytest.approx(plain / (1 + rows * columns / (6 * n)), rel=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_exact_equals_scipys_fisher_test_and_conditional_odds_ratio(seed: int) -> None:
    counts, n_focus, n_reference = tables(seed, n=15)
    cells = [four_cells(int(a), int(b), n_focus, n_reference) for a, b in counts.T]

    found, p = association(
        *counts, n_focus=n_focus, n_reference=n_reference, measure="exact"
    )

    whole = [np.array(t).astype(int) for t in cells]
    ratios = [stats.contingency.odds_ratio(t).statistic for t in whole]
    assert found == pytest.approx(ratios, rel=1e-6)
    assert p == pytest.approx([stats.fisher_exact(t).pvalue for t in whole], rel=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_q_equals_scipys_benjamini_hochberg(seed: int) -> None:
    p = np.random.default_rng(seed).random(37) ** 2

    assert false_discovery(p) == pytest.approx(stats.false_discovery_control(p))


@pytest.mark.parametrize("seed", range(3))
def test_welchs_t_equals_scipys(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rates, side = rng.random((15, 4)), rng.permutation(np.repeat([0, 1], [6, 9]))

    found = welch(rates, side[None])[0]

    t = stats.ttest_ind(rates[side == 1], rates[side == 0], equal_var=False).statistic
    assert found == pytest.approx(t, rel=1e-9)


def one_ratio(
    after: list[int], before: list[int], term: int, prior: list[float]
) -> float:
    """Monroe et al. with numbers alone: `after` and `before` count each term."""
    odds = []
    for counted in (after, before):
        more = counted[term] + prior[term]
        odds.append(more / (sum(counted) + sum(prior) - more))
    return math.log(odds[0]) - math.log(odds[1])


def test_log_odds_equal_a_plain_loop() -> None:
    """No worked example with the informative prior's parts is printed by Monroe et al.:
    a loop over terms, draws and documents is the second implementation.
    """
    counts, side = corpus(3), np.array([0, 1] * 7)
    rows = {row.term: row for row in log_odds(counts, side, n_bootstrap=60, rng=5)}
    table = counts.counts.toarray()
    used = [w for w in range(table.shape[1]) if table[:, w].sum()]
    total = sum(int(table[:, w].sum()) for w in used)
    prior = [len(used) * int(table[:, w].sum()) / total for w in used]
    drawn = weights(side, np.random.default_rng(5), n_draws=60).astype(int)
    orders = [np.ones(14, dtype=int), *drawn]
    sums = [
        [
            [sum(int(n[d]) * int(table[d, w]) for d in range(14) if side[d] == g)
             for w in used]
            for g in (0, 1)
        ]
        for n in orders
    ]  # fmt: skip
    for at, w in enumerate(used):
        ratios = [one_ratio(s[1], s[0], at, prior) for s in sums]
        ends = np.quantile(ratios[1:], [tail(7), 1 - tail(7)])
        row = rows[counts.terms[w]]

        assert row.log_odds == pytest.approx(ratios[0], abs=1e-10)
        assert (row.low, row.high) == pytest.approx(tuple(ends), abs=1e-10)


def test_p_equal_a_plain_loop_over_exchanges() -> None:
    counts, side = corpus(4), np.array([0, 1] * 7)
    rng = np.random.default_rng(9)
    found = log_odds(counts, side, n_bootstrap=50, n_permutations=80, rng=9)
    rows = {row.term: row for row in found if not row.note}
    weights(side, rng, n_draws=50)  # the intervals are drawn first
    orders = regroupings(side, rng, n_draws=80)
    rates = counts.counts.toarray() / counts.tokens[:, None]
    tested = [counts.terms.index(term) for term in rows]

    def t_of(order: NDArray[np.integer], w: int) -> float:
        one, two = rates[order == 1, w], rates[order == 0, w]
        spread = one.var(ddof=1) / len(one) + two.var(ddof=1) / len(two) + 1e-12
        return float((one.mean() - two.mean()) / spread**0.5)

    null = np.array([[abs(t_of(order, w)) for w in tested] for order in orders])
    for at, (row, w) in enumerate(zip(rows.values(), tested, strict=True)):
        t = t_of(side, w)

        assert row.t == pytest.approx(t, rel=1e-9)
        assert row.p == (1 + (null[:, at] >= abs(t) - 1e-9).sum()) / 81
        assert row.p_max_t == (1 + (null.max(axis=1) >= abs(t) - 1e-9).sum()) / 81


def test_terms_are_tested_by_the_chunk_as_they_are_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counts, side = corpus(6), np.array([0, 1] * 7)
    at_once = log_odds(counts, side, n_bootstrap=40, n_permutations=40)

    monkeypatch.setattr("stance.measure.keyness.CHUNK", 3)
    monkeypatch.setattr("stance.measure.groups.CHUNK", 4)
    by_chunk = log_odds(counts, side, n_bootstrap=40, n_permutations=40)

    assert [repr(row)[:60] for row in by_chunk] == [repr(row)[:60] for row in at_once]
    for mine, theirs in zip(by_chunk, at_once, strict=True):
        assert (mine.low, mine.p_max_t) == pytest.approx(
            (theirs.low, theirs.p_max_t), nan_ok=True
        )


def test_the_prior_of_a_term_is_its_share_times_the_number_of_terms() -> None:
    counts = corpus(8)

    prior = sides_of(counts, np.array([0, 1] * 7)).prior

    occurring = int((counts.counts.sum(axis=0) > 0).sum())
    assert prior.sum() == pytest.approx(occurring)


def test_posterior_log_odds_without_prior_are_plain_log_odds() -> None:
    found, variance = posterior_log_odds(
        np.array([5.0]), np.array([20.0]), n_before=50, n_after=80, prior=0, n_prior=0
    )

    assert found == pytest.approx([math.log((20 / 60) / (5 / 45))])
    assert variance == pytest.approx([1 / 5 + 1 / 20])
