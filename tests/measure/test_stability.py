"""Stability: equal means of unequal variance, and errors that differ."""

import math
import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import linalg, stats

from stance.errors import StanceWarning
from stance.measure.quantify import rectifiers
from stance.measure.simulate import WORLDS, World, simulate, simulate_columns
from stance.measure.stability import equal_means, error_stability
from stance.measure.strata import stratify
from stance.testing import coded

#: Extra sleep of ten patients under two drugs (Student 1908), R's data set ``sleep``.
SLEEP = (
    (0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0),
    (1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4),
)
CODED = ("2012: 00 01 | 11 12 | 20 22 | 11", "2023: 11 10 | 02 | 22 21 | 00")


def groups(
    samples: list[np.ndarray],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return means, influence and df of samples, shape (n, k), as a stratum each."""
    n = [len(sample) for sample in samples]
    psi = np.zeros((sum(n), len(samples), samples[0].shape[1]))
    for at, sample in enumerate(samples):
        rows = slice(sum(n[:at]), sum(n[: at + 1]))
        scale = (n[at] * (n[at] - 1)) ** 0.5
        psi[rows, at] = (sample - sample.mean(axis=0)) / scale
    means = np.array([sample.mean(axis=0) for sample in samples])
    return means, psi, np.array(n) - 1.0


def with_its_negative(values: tuple[float, ...]) -> np.ndarray:
    return np.outer(values, [1.0, -1.0])


def zhang(means: np.ndarray, psi: np.ndarray, df: np.ndarray) -> tuple[float, float]:
    """Return F and df2 of Zhang (2012), with matrices as written there."""
    n_strata, k = len(means), means.shape[1] - 1
    contrast = np.kron(np.eye(n_strata)[:-1] - np.eye(n_strata)[-1:], np.eye(k))
    q = len(contrast)
    blocks = [psi[:, t, :k].T @ psi[:, t, :k] for t in range(n_strata)]
    root = linalg.inv(linalg.sqrtm(contrast @ linalg.block_diag(*blocks) @ contrast.T))
    parts = 0.0
    for t, block in enumerate(blocks):
        only = linalg.block_diag(
            *[block if s == t else 0 * block for s in range(n_strata)]
        )
        omega = root @ contrast @ only @ contrast.T @ root
        parts += (np.trace(omega) ** 2 + np.trace(omega @ omega)) / df[t]
    d = q * (q + 1) / parts
    z = root @ contrast @ means[:, :k].ravel()
    return float(z @ z) * (d - q + 1) / (d * q), d - q + 1


def test_two_strata_and_two_labels_are_welchs_test() -> None:
    """R: oneway.test(extra ~ group, sleep) gives F 3.4626 on 1 and 17.776, p .07939."""
    f, df1, df2, p = equal_means(*groups([with_its_negative(drug) for drug in SLEEP]))

    assert (f, df2, p) == pytest.approx((3.4626, 17.776, 0.07939), abs=5e-4)
    assert df1 == 1
    assert p == pytest.approx(stats.ttest_ind(*SLEEP, equal_var=False).pvalue)


@given(st.integers(0, 999), st.integers(2, 4), st.integers(2, 4))
def test_f_is_that_of_zhang(seed: int, n_strata: int, n_labels: int) -> None:
    rng = np.random.default_rng(seed)
    samples = [rng.normal(size=(9 + 5 * t, n_labels)) for t in range(n_strata)]
    samples = [sample - sample.mean(axis=1, keepdims=True) for sample in samples]

    f, _, df2, _ = equal_means(*groups(samples))

    assert (f, df2) == pytest.approx(zhang(*groups(samples)), rel=1e-6)


def test_the_order_of_strata_and_labels_changes_nothing() -> None:
    rng = np.random.default_rng(0)
    samples = [rng.dirichlet([2, 1, 3], size=n) for n in (7, 9, 12)]

    plain = equal_means(*groups(samples))
    turned = equal_means(*groups([sample[:, [2, 0, 1]] for sample in samples[::-1]]))

    assert turned == pytest.approx(plain, rel=1e-6)


def test_a_classifier_that_errs_alike_is_not_vetoed() -> None:
    gold, predictions = coded(*CODED)

    found = error_stability(gold, predictions, strata=stratify(gold))

    assert found.p > 0.05
    assert found.note == "no difference seen, which is no licence to pool"
    assert (found.by, found.n_strata, found.df1) == ("year", 2, 2)


def test_a_classifier_that_errs_otherwise_is_vetoed() -> None:
    world = replace(WORLDS["null"], bias=((0.0, 0.0, 0.0), (-2.0, 2.0, 0.0)))
    gold, predictions, _ = simulate(world, n_coded=200, rng=1)

    found = error_stability(gold, predictions, strata=stratify(gold))

    assert found.p < 0.001
    assert found.note.startswith("errors differ: what corrects one stratum is wrong")


def test_f_is_that_of_the_rectifiers() -> None:
    gold, predictions, _ = simulate(WORLDS["differing"], n_coded=60, rng=2)
    columns, _ = simulate_columns(WORLDS["differing"], n_coded=60, rng=2)

    found = error_stability(gold, predictions, strata=stratify(gold))

    assert (found.f, found.df2) == pytest.approx(zhang(*rectifiers(columns)))


def test_a_stratum_of_too_few_documents_is_left_out_by_name() -> None:
    gold, predictions = coded(*CODED, "2024: 00 11 | .1", "2025: .0 .1")

    found = error_stability(gold, predictions, strata=stratify(gold))

    assert found.n_strata == 2
    assert found.note.endswith("without 2024, 2025: too few coded documents")


def test_one_stratum_with_documents_is_no_test() -> None:
    gold, predictions = coded(CODED[0], "2024: 00 11 | .1")

    found = error_stability(gold, predictions, strata=stratify(gold))

    assert math.isnan(found.p)
    assert found.note.startswith("no test: too few coded documents")


def test_no_documents_is_no_test_either() -> None:
    gold, predictions = coded("2012: .0 .1 | 00", "2024: .1 .1")

    found = error_stability(gold, predictions, strata=stratify(gold))

    assert (found.n_strata, math.isnan(found.f)) == (0, True)


def test_languages_are_strata_as_years_are() -> None:
    gold, predictions, _ = simulate(WORLDS["differing"], n_coded=200, rng=3)
    languages = tuple("zh" if date == "2002" else "en" for date in gold.dates)
    by_year = error_stability(gold, predictions, strata=stratify(gold))
    gold = replace(gold, languages=languages)

    found = error_stability(gold, predictions, strata=stratify(gold, by="language"))

    assert (found.by, found.p) == ("language", pytest.approx(by_year.p))


@pytest.mark.slow
@pytest.mark.parametrize(("n_strata", "n_coded"), [(2, 50), (6, 40), (12, 100)])
def test_equal_errors_are_rarely_vetoed(n_strata: int, n_coded: int) -> None:
    world = World(
        "equal", ((0.45, 0.40, 0.15),) * n_strata, (1.5,) * n_strata,
        ((0.0,) * 3,) * n_strata,
    )  # fmt: skip
    found = []
    for rng in range(200):
        columns, _ = simulate_columns(world, n_coded=n_coded, n_documents=30, rng=rng)
        found.append(equal_means(*rectifiers(columns))[3] < 0.05)

    assert np.mean(found) <= 0.065 + 3 * (0.05 * 0.95 / 200) ** 0.5


def test_the_test_says_nothing_by_warning() -> None:
    gold, predictions = coded(*CODED)

    with warnings.catch_warnings():
        warnings.simplefilter("error", StanceWarning)
        error_stability(gold, predictions, strata=stratify(gold))
