"""Comparison methods against plain loops and a general optimiser."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats
from scipy.optimize import minimize

from stance.measure.pooled import on_simplex
from stance.measure.quantify import extrapolate, quantify
from stance.measure.strata import Columns

Floats = NDArray[np.float64]


def drawn(seed: int, n_labels: int = 3) -> Columns:
    """Return 240 units of 24 documents in 4 strata, half of them coded."""
    rng = np.random.default_rng(seed)
    y = np.concatenate(
        [np.arange(n_labels), rng.integers(n_labels, size=240 - n_labels)]
    )
    score = 1.5 * np.eye(n_labels)[y] + rng.normal(size=(240, n_labels))
    proba = np.exp(score) / np.exp(score).sum(axis=1, keepdims=True)
    y[(rng.random(240) > 1 / 2) & (np.arange(240) >= n_labels)] = -1
    component = np.arange(240) % 24
    return Columns(
        y, proba, (y >= 0).astype(float), np.ones(240), component % 4, component, 4
    )


def rates_by_loop(c: Columns, said: Floats) -> Floats:
    k = said.shape[1]
    return np.array([said[c.y == label].mean(axis=0) for label in range(k)]).T


def nearest_by_search(rates: Floats, counted: Floats) -> float:
    """Return the least distance that a general optimiser finds, of three starts."""
    k = len(counted)
    starts = [np.full(k, 1 / k), counted, np.eye(k)[counted.argmax()]]
    found = [
        minimize(
            lambda p: ((rates @ p - counted) ** 2).sum(),
            start,
            jac=lambda p: 2 * rates.T @ (rates @ p - counted),
            method="SLSQP",
            bounds=[(0, 1)] * k,
            constraints={"type": "eq", "fun": lambda p: p.sum() - 1},
            options={"ftol": 1e-14, "maxiter": 500},
        )
        for start in starts
    ]
    return float(min(result.fun for result in found))


def emq_by_loop(proba: Floats, prior: Floats, n_rounds: int) -> Floats:
    """Saerens, Latinne and Decaestecker (2002), section 2.2, unit by unit."""
    shares = prior.copy()
    for _ in range(n_rounds):
        total = np.zeros(len(prior))
        for p in proba:
            raised = [p[k] * shares[k] / prior[k] for k in range(len(prior))]
            total += np.array(raised) / sum(raised)
        shares = total / len(proba)
    return shares


@given(st.integers(0, 10_000), st.integers(2, 5))
def test_no_other_shares_are_nearer_to_what_is_counted(seed: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    rates = rng.dirichlet(np.full(k, 0.7), k).T
    counted = rng.dirichlet(np.full(k, 0.7))

    shares = on_simplex(rates[None], counted[None])[0]

    assert shares.sum() == pytest.approx(1)
    assert shares.min() >= 0
    ours = ((rates @ shares - counted) ** 2).sum()
    assert ours <= nearest_by_search(rates, counted) + 1e-10


@pytest.mark.parametrize("seed", range(5))
def test_adjusted_counts_are_the_optimisers(seed: int) -> None:
    c = drawn(seed, 4)
    labels = np.eye(4)[c.proba.argmax(axis=1)]

    for said, method in ((labels, "acc"), (c.proba, "pacc")):
        theta = quantify(c, method).theta
        rates = rates_by_loop(c, said)
        counted = np.array([said[c.stratum == t].mean(axis=0) for t in range(4)])
        ours = ((theta @ rates.T - counted) ** 2).sum(axis=1)
        assert ours == pytest.approx(
            [nearest_by_search(rates, q) for q in counted], abs=1e-9
        )


@pytest.mark.parametrize("seed", range(3))
def test_emq_is_the_loop_of_saerens_latinne_and_decaestecker(seed: int) -> None:
    c = drawn(seed)
    coded = c.y[c.y >= 0]
    prior = np.bincount(coded) / len(coded)

    theta = quantify(c, "emq").theta

    for t in range(4):
        expected = emq_by_loop(c.proba[c.stratum == t], prior, 400)
        assert theta[t] == pytest.approx(expected, abs=2e-4)


@pytest.mark.parametrize("seed", range(5))
def test_emq_is_the_maximum_of_the_likelihood(seed: int) -> None:
    c = drawn(seed)
    coded = c.y[c.y >= 0]
    ratio = c.proba[c.stratum == 1] / (np.bincount(coded) / len(coded))

    shares = quantify(c, "emq").theta[1]

    # Lagrange: the slopes are all one where a share is above 0, and less elsewhere.
    slopes = (ratio / (ratio @ shares)[:, None]).mean(axis=0)
    assert slopes.max() <= 1 + 1e-5
    assert (shares * (1 - slopes)) == pytest.approx([0, 0, 0], abs=1e-6)


def interval_by_loop(c: Columns, at: int, others: list[int], k: int) -> list[float]:
    """Return share, low and high of a label, by loops."""
    r, v = [], []
    for t in others:
        rows = (c.stratum == t) & (c.y >= 0)
        error = (c.y == k).astype(float) - c.proba[:, k]
        documents = np.unique(c.component[rows])
        r.append(error[rows].mean())
        left = [error[rows & (c.component != d)].mean() for d in documents]
        g = len(documents)
        v.append((g - 1) / g * sum((value - r[-1]) ** 2 for value in left))
    w = [1 / value for value in v]
    m = sum(a * b for a, b in zip(w, r, strict=True)) / sum(w)
    q = sum(a * (b - m) ** 2 for a, b in zip(w, r, strict=True))
    n = len(r)
    tau2 = max(0, (q - (n - 1)) / (sum(w) - sum(a**2 for a in w) / sum(w)))
    u = [1 / (value + tau2) for value in v]
    mu = sum(a * b for a, b in zip(u, r, strict=True)) / sum(u)
    spread = sum(a * (b - mu) ** 2 for a, b in zip(u, r, strict=True)) / (n - 1)
    here = c.stratum == at
    said = c.proba[:, k]
    documents = np.unique(c.component[here])
    left = [said[here & (c.component != d)].mean() for d in documents]
    g = len(documents)
    error2 = (g - 1) / g * sum((value - said[here].mean()) ** 2 for value in left)
    half = stats.t.ppf(0.95, n - 2) * np.sqrt(tau2 + max(1, spread) / sum(u) + error2)
    share = said[here].mean() + mu
    return [share, share - half, share + half]


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.integers(0, 2))
def test_the_extrapolation_is_that_of_plain_loops(seed: int, k: int) -> None:
    c = drawn(seed)
    coded = np.array([((c.stratum == t) & (c.y >= 0)).sum() for t in (0, 1, 2)])
    assume((coded > 12).all())

    found = extrapolate(c, 3, others=[0, 1, 2], level=0.9)

    ours = [found.share[k], found.low[k], found.high[k]]
    assert ours == pytest.approx(interval_by_loop(c, 3, [0, 1, 2], k), abs=1e-9)
