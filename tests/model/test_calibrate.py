"""Tests of `stance.model.calibrate`: both fits end at their optimum."""

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.special import expit, softmax
from sklearn.calibration import _SigmoidCalibration, _TemperatureScaling
from sklearn.linear_model import LogisticRegression

from stance.model import calibrate
from stance.model.calibrate import fit_sigmoid, fit_temperature, polish
from stance.model.features import classifier

Floats = NDArray[np.float64]
PROBLEMS = [(n_labels, C) for n_labels in (2, 4) for C in (1.0, 30.0, 100.0)]


def problem(n_labels: int) -> tuple[sp.csr_matrix, NDArray[np.integer], Floats]:
    """Return sparse values, labels and weights of 200 random texts."""
    rng = np.random.default_rng(n_labels)
    X = sp.random_array((200, 60), density=0.2, rng=rng, format="csr")
    y = (X @ rng.normal(size=(60, n_labels))).argmax(axis=1)
    y = np.where(rng.random(200) < 0.2, rng.integers(n_labels, size=200), y)
    return X, y, rng.uniform(0.5, 4.0, size=200)


def loosely(
    X: sp.csr_matrix, y: NDArray[np.integer], weights: Floats, C: float
) -> tuple[Floats, Floats]:
    """Return the fit that training starts from."""
    linear = classifier(C=C, tol=1e-5).fit(X, y, sample_weight=weights)
    return linear.coef_, linear.intercept_


def slope_of(
    X: sp.csr_matrix, y: NDArray[np.integer], fit: tuple[Floats, Floats], *,
    C: float, weights: Floats,
) -> Floats:  # fmt: skip
    """Return the gradient of the summed penalised loss, written out again."""
    coef, intercept = fit
    scores = np.asarray(X @ coef.T) + intercept
    shares = expit(scores) if len(coef) == 1 else softmax(scores, axis=1)
    wanted = y[:, None] == (1 if len(coef) == 1 else np.arange(len(coef)))
    off = weights[:, None] * (shares - wanted)
    return np.vstack([(X.T @ off + coef.T / C), off.sum(axis=0, keepdims=True)])


@pytest.mark.parametrize(("n_labels", "C"), PROBLEMS)
def test_a_polished_fit_has_no_slope(n_labels: int, C: float) -> None:
    X, y, weights = problem(n_labels)

    fit = polish(X, y, loosely(X, y, weights, C), C=C, weights=weights)

    assert np.abs(slope_of(X, y, fit, C=C, weights=weights)).max() < 1e-10


@pytest.mark.parametrize(("n_labels", "C"), PROBLEMS)
def test_a_polished_fit_is_scikit_learns(n_labels: int, C: float) -> None:
    X, y, weights = problem(n_labels)
    theirs = LogisticRegression(C=C, solver="newton-cg", tol=1e-10, max_iter=10_000)
    theirs.fit(X, y, sample_weight=weights)

    coef, intercept = polish(X, y, loosely(X, y, weights, C), C=C, weights=weights)

    assert np.abs(coef - theirs.coef_).max() < 1e-5
    assert np.abs(intercept - theirs.intercept_).max() < 1e-5


@pytest.mark.parametrize(("n_labels", "C"), PROBLEMS)
def test_a_polished_fit_does_not_depend_on_its_start(n_labels: int, C: float) -> None:
    X, y, weights = problem(n_labels)
    start = loosely(X, y, weights, C)
    moved = (start[0] + 1e-3, start[1] - 1e-3)

    one = polish(X, y, start, C=C, weights=weights)
    other = polish(X, y, moved, C=C, weights=weights)

    assert np.abs(one[0] - other[0]).max() < 1e-9
    assert np.abs(one[1] - other[1]).max() < 1e-9


@pytest.mark.parametrize(("n_labels", "C"), PROBLEMS)
def test_a_fit_of_many_texts_is_polished_to_the_same_optimum(
    n_labels: int, C: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Steps are then not solved to rounding; there are more of them, or as many."""
    X, y, weights = problem(n_labels)
    start = loosely(X, y, weights, C)
    few = polish(X, y, start, C=C, weights=weights)
    monkeypatch.setattr("stance.model.calibrate.MANY", 100)

    many = polish(X, y, start, C=C, weights=weights)

    assert np.abs(slope_of(X, y, many, C=C, weights=weights)).max() < 1e-10
    assert np.abs(few[0] - many[0]).max() < 1e-9
    assert np.abs(few[1] - many[1]).max() < 1e-9


def test_steps_over_many_texts_take_fewer_products(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    X, y, weights = problem(4)
    start = loosely(X, y, weights, 10.0)
    shares: list[float] = []
    solve = calibrate._conjugate_gradients

    def noting(product: object, wanted: Floats, *, share: float) -> Floats:
        shares.append(share)
        return solve(product, wanted, share=share)

    monkeypatch.setattr(calibrate, "_conjugate_gradients", noting)

    polish(X, y, start, C=10.0, weights=weights)
    n_few = len(shares)
    monkeypatch.setattr(calibrate, "MANY", 100)
    polish(X, y, start, C=10.0, weights=weights)

    assert set(shares[:n_few]) == {1e-12}
    assert min(shares[n_few:]) > 1e-9


def test_weights_over_more_than_two_labels_sum_to_zero() -> None:
    X, y, weights = problem(4)

    coef, intercept = polish(X, y, loosely(X, y, weights, 30.0), C=30, weights=weights)

    assert np.abs(coef.sum(axis=0)).max() < 1e-10
    assert abs(intercept.sum()) < 1e-10


@pytest.mark.parametrize("seed", range(8))
def test_the_sigmoid_equals_scikit_learns(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=150) * 3
    is_label = rng.random(150) < expit(scores)
    weights = rng.uniform(0.2, 5.0, size=150)

    ours = fit_sigmoid(scores, is_label, weights)

    theirs = _SigmoidCalibration().fit(scores, is_label, sample_weight=weights)
    assert ours == pytest.approx((theirs.a_, theirs.b_), abs=1e-4)


@pytest.mark.parametrize("seed", range(8))
def test_the_sigmoid_is_at_its_optimum(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=150) * 10
    is_label = rng.random(150) < 0.2
    weights = rng.uniform(0.2, 5.0, size=150)

    a, b = fit_sigmoid(scores, is_label, weights)

    above, below = weights[is_label].sum(), weights[~is_label].sum()
    targets = np.where(is_label, (above + 1) / (above + 2), 1 / (below + 2))
    off = weights * (targets - expit(-(a * scores + b)))
    assert [abs(off.sum()), abs((off * scores).sum())] == pytest.approx(
        [0, 0], abs=1e-9
    )


@pytest.mark.parametrize("is_label", [np.ones(20, bool), np.zeros(20, bool)])
def test_a_label_that_all_or_no_texts_have_gets_a_finite_sigmoid(
    is_label: NDArray[np.bool_],
) -> None:
    scores = np.linspace(-3, 3, 20)

    found = fit_sigmoid(scores, is_label, np.ones(20))

    assert np.isfinite(found).all()


def test_scores_that_separate_the_label_get_a_finite_sigmoid() -> None:
    scores = np.repeat([-30.0, 30.0], 50)

    a, b = fit_sigmoid(scores, scores > 0, np.ones(100))

    assert np.isfinite([a, b]).all()
    assert expit(-(a * 30 + b)) == pytest.approx(51 / 52, abs=1e-6)


def test_scores_that_are_all_the_same_get_the_labels_share() -> None:
    is_label = np.arange(100) < 25

    a, b = fit_sigmoid(np.full(100, 2.0), is_label, np.ones(100))

    assert expit(-(a * 2 + b)) == pytest.approx(0.25, abs=0.01)


@pytest.mark.parametrize("seed", range(8))
def test_the_temperature_equals_scikit_learns(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(150, 4)) * 3
    y = (scores + rng.normal(size=(150, 4)) * 4).argmax(axis=1)
    weights = rng.uniform(0.2, 5.0, size=150)

    ours = fit_temperature(scores, y, weights)

    theirs = _TemperatureScaling().fit(scores, y, sample_weight=weights)
    assert ours == pytest.approx(theirs.beta_, abs=1e-6)


@pytest.mark.parametrize("seed", range(8))
def test_the_temperature_is_at_its_optimum(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(150, 3))
    y = (scores + rng.normal(size=(150, 3))).argmax(axis=1)
    weights = rng.uniform(0.2, 5.0, size=150)

    beta = fit_temperature(scores, y, weights)

    mean = (softmax(beta * scores, axis=1) * scores).sum(axis=1)
    slope = np.sum(weights * (mean - scores[np.arange(150), y]))
    assert slope == pytest.approx(0, abs=1e-9)


def test_scores_that_mislead_get_a_temperature_that_levels_them() -> None:
    scores = np.tile(np.eye(3), (10, 1))
    wrong = np.tile([1, 2, 0], 10)

    beta = fit_temperature(scores, wrong, np.ones(30))

    assert 0 <= beta < 1e-6


def test_scores_that_separate_the_labels_do_not_make_certainty() -> None:
    """Eight texts cannot show that a ninth is right with a chance above 0.9999."""
    scores = np.tile(np.eye(2), (4, 1))
    y = np.tile([0, 1], 4)

    beta = fit_temperature(scores, y, np.ones(8))

    assert softmax(beta * scores, axis=1).max() < 0.9999
