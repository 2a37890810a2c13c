"""Comparison methods: worked examples, their variance, what they cannot say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from stance.errors import CodingError
from stance.measure.pooled import on_simplex
from stance.measure.quantify import (
    QUANTIFIERS,
    clustered_means,
    extrapolate,
    quantify,
    random_effects,
    rectifiers,
)
from stance.measure.strata import Columns, columns_of, stratify
from stance.testing import coded

POOLED = ("acc", "pacc", "emq")
#: Positives in the treated and in the control group, then negatives, of the 13 trials
#: of BCG vaccine (Colditz et al. 1994, JAMA 271, 698-702).
BCG = np.array(
    [
        (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209),
        (62, 13536, 248, 12619), (33, 5036, 47, 5761), (180, 1361, 372, 1079),
        (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232),
        (17, 1699, 65, 1600), (186, 50448, 141, 27197), (5, 2493, 3, 2338),
        (27, 16886, 29, 17825),
    ]
).T.astype(float)  # fmt: skip


def columns(*periods: str) -> Columns:
    gold, predictions = coded(*periods)
    return columns_of(gold, predictions, stratify(gold))


def drawn(seed: int, n_documents: int = 40, n_strata: int = 2) -> Columns:
    """Return documents of ten units, the first and a third of the others coded."""
    rng = np.random.default_rng(seed)
    n = 10 * n_documents
    component = np.repeat(np.arange(n_documents), 10)
    y = rng.choice(3, n, p=[0.5, 0.3, 0.2])
    score = 1.8 * np.eye(3)[y] + rng.normal(size=(n, 3))
    proba = np.exp(1.8 * score) / np.exp(1.8 * score).sum(axis=1, keepdims=True)
    y[(rng.random(n) > 1 / 3) & (np.arange(n) % 10 > 0)] = -1
    return Columns(
        y, proba, (y >= 0).astype(float), np.full(n, 1 / 3), component % n_strata,
        component, n_strata,
    )  # fmt: skip


def kept(c: Columns, rows: NDArray[np.bool_]) -> Columns:
    return Columns(*(column[rows] for column in c[:-1]), c.n_strata)


def screened(
    positive: int, tested: int, sensitivity: float, specificity: float
) -> Columns:
    """Return tested animals, and 1,000 sick and 1,000 healthy ones that are known."""
    hits, passes = round(1000 * sensitivity), round(1000 * specificity)
    said = np.repeat(
        [1, 0, 0, 1, 1, 0],
        [hits, 1000 - hits, passes, 1000 - passes, positive, tested - positive],
    )
    y = np.repeat([1, 0, -1], [1000, 1000, tested])
    n = len(y)
    return Columns(
        y, np.eye(2)[said], (y >= 0).astype(float), np.ones(n), (y < 0).astype(int),
        np.arange(n), 2,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("positive", "tested", "sensitivity", "specificity", "per_hundred"),
    [
        (23, 150, 0.96, 0.89, 5.1),
        (6, 151, 0.964, 0.927, 0.0),
        (8, 210, 0.60, 0.90, 0.0),
        (12, 189, 0.65, 0.95, 2.25),
        (7, 124, 0.70, 0.99, 6.73),
    ],
)
def test_two_labels_give_the_estimator_of_rogan_and_gladen(
    positive: int, tested: int, sensitivity: float, specificity: float,
    per_hundred: float,
) -> None:  # fmt: skip
    # The examples of epi.prev (true prevalence by Rogan and Gladen 1978) in the manual
    # of the R package epiR: brucellosis, Helicobacter pylori, tuberculosis of 3 herds.
    c = screened(positive, tested, sensitivity, specificity)

    shares = quantify(c, "acc").theta[1]

    assert 100 * shares[1] == pytest.approx(per_hundred, abs=0.025)


def test_counting_takes_all_units_and_the_most_probable_label() -> None:
    c = columns("2012: 00 01 | .1 .2", "2023: 22 .2")
    soft = c._replace(proba=0.7 * c.proba + 0.1)

    assert quantify(soft, "cc").theta[0] == pytest.approx([0.25, 0.5, 0.25])
    assert quantify(soft, "pcc").theta[0] == pytest.approx([0.275, 0.45, 0.275])
    assert quantify(soft, "cc").theta[1] == pytest.approx([0.0, 0.0, 1.0])


@pytest.mark.parametrize("method", QUANTIFIERS)
def test_a_classifier_without_error_gives_the_true_shares(method: str) -> None:
    c = columns("2012: 00 11 .0 | .1 22 .0", "2023: 11 .2 | 00 .2 .2")

    theta = quantify(c, method).theta

    assert theta[0] == pytest.approx([1 / 2, 1 / 3, 1 / 6], abs=1e-9)
    assert theta[1] == pytest.approx([1 / 5, 1 / 5, 3 / 5], abs=1e-9)


@pytest.mark.parametrize("method", ["acc", "pacc"])
def test_equal_errors_in_all_strata_are_undone(method: str) -> None:
    rng = np.random.default_rng(3)
    rates = np.array([[0.8, 0.2, 0.1], [0.1, 0.6, 0.1], [0.1, 0.2, 0.8]])
    y = np.concatenate([rng.permutation(np.repeat([0, 1, 2], 1000)), np.full(3000, -1)])
    truth = np.repeat([0, 1, 2], [1500, 1200, 300])
    proba = np.concatenate([rates.T[y[:3000]], rates.T[truth]])
    c = Columns(
        y, proba if method == "pacc" else _whole_numbers(proba, y, truth, rates),
        (y >= 0).astype(float), np.ones(6000), np.repeat([0, 1], 3000),
        np.arange(6000) // 10, 2,
    )  # fmt: skip

    assert quantify(c, method).theta[1] == pytest.approx([0.5, 0.4, 0.1], abs=1e-9)


def _whole_numbers(
    proba: NDArray[np.float64], y: NDArray[np.int64], truth: NDArray[np.int64],
    rates: NDArray[np.float64],
) -> NDArray[np.float64]:  # fmt: skip
    """Return predicted labels with exactly these rates within each true label."""
    whole = np.concatenate([y[:3000], truth])
    part = np.repeat([0, 1], 3000)
    said = np.zeros(6000, dtype=int)
    for half, label in np.ndindex(2, 3):
        rows = np.flatnonzero((whole == label) & (part == half))
        said[rows] = np.repeat(
            [0, 1, 2], np.rint(len(rows) * rates[:, label]).astype(int)
        )
    return np.eye(proba.shape[1])[said]


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    ("method", "moved_by_all", "exact"),
    [
        ("cc", False, 1e-9), ("pcc", False, 1e-9), ("acc", True, 1e-9),
        ("pacc", True, 1e-9), ("emq", True, 0.03),
    ],
)  # fmt: skip
def test_the_variance_is_that_of_leaving_documents_out_one_by_one(
    method: str, moved_by_all: bool, exact: float, seed: int
) -> None:
    c = drawn(seed)

    fit = quantify(c, method)
    without = np.array(
        [quantify(kept(c, c.component != d), method).theta for d in range(40)]
    )
    g = 40 if moved_by_all else 20
    covariance = (
        (g - 1)
        / g
        * np.einsum("dsk,dtl->sktl", fit.theta - without, fit.theta - without)
    )

    ours = np.einsum("dsk,dtl->sktl", fit.influence, fit.influence)
    scale = np.abs(covariance).max()
    assert ours == pytest.approx(covariance, abs=exact * scale)


@pytest.mark.parametrize("method", ["acc", "pacc"])
def test_the_variance_is_exact_where_shares_are_cut_at_nought(method: str) -> None:
    c = drawn(5, 12)
    rare = (c.stratum == 1) & (c.proba[:, 2] > 0.2)
    c = kept(c, ~rare)

    fit = quantify(c, method)
    without = np.array(
        [quantify(kept(c, c.component != d), method).theta for d in range(12)]
    )

    assert fit.theta[1, 2] == 0
    assert fit.influence * (12 / 11) ** 0.5 == pytest.approx(
        fit.theta - without, abs=1e-9
    )
    assert np.abs(fit.influence[:, 1, :2]).max() > 0.01


@pytest.mark.parametrize("seed", range(5))
def test_without_a_document_no_share_is_negative(seed: int) -> None:
    c = drawn(seed, 6)

    fit = quantify(c, "emq")

    without = fit.theta - fit.influence * (6 / 5) ** 0.5
    assert without.min() > -1e-12
    assert without.max() < 1 + 1e-12


@pytest.mark.parametrize("method", POOLED)
def test_a_coded_document_moves_the_shares_of_other_strata(method: str) -> None:
    c = drawn(1)
    elsewhere = c.component[c.stratum == 0]

    influence = quantify(c, method).influence[elsewhere, 1]

    assert np.abs(influence).max() > 1e-4


@pytest.mark.parametrize("method", POOLED)
def test_an_uncoded_document_moves_its_own_stratum_alone(method: str) -> None:
    c = drawn(1)
    c.y[c.component == 4] = -1
    c.weight[c.component == 4] = 0

    influence = quantify(c, method).influence[4]

    assert np.abs(influence[0]).max() > 1e-4
    assert np.abs(influence[1]).max() == 0


@pytest.mark.parametrize("method", QUANTIFIERS)
def test_a_stratum_of_one_document_has_shares_without_variance(method: str) -> None:
    c = columns("2012: 00 01 00 | 11 22 10", "2023: .0 .1 .2 22")

    fit = quantify(c, method)

    assert np.isnan(fit.influence[:, 1]).all()
    assert not np.isnan(fit.influence[:, 0]).any()
    assert fit.theta.sum(axis=1) == pytest.approx([1, 1])


@pytest.mark.parametrize("method", POOLED)
def test_one_coded_document_says_nothing_of_how_documents_differ(method: str) -> None:
    c = columns("2012: 00 01 00 11 22 10 | .0 .1", "2023: .0 .1 | .2")

    assert np.isnan(quantify(c, method).influence).all()


@pytest.mark.parametrize("method", QUANTIFIERS)
def test_shares_sum_to_one_and_so_their_influence_to_nought(method: str) -> None:
    fit = quantify(drawn(8), method)

    assert fit.theta.sum(axis=1) == pytest.approx([1, 1])
    assert fit.theta.min() >= 0
    assert np.abs(fit.influence.sum(axis=2)).max() < 1e-8


@pytest.mark.parametrize("method", ["acc", "pacc"])
def test_a_label_that_is_never_predicted_is_an_error(method: str) -> None:
    c = columns("2012: 00 01 | 11 20 21", "2023: .0 .1 | 00")

    with pytest.raises(CodingError, match="do not tell the labels apart"):
        quantify(c, method)


@pytest.mark.parametrize("method", ["pacc", "emq"])
def test_a_classifier_that_says_always_the_same_is_an_error(method: str) -> None:
    c = columns("2012: 00 01 | 11 22", "2023: .0 .1 | 00 12")
    prior = np.bincount(c.y[c.y >= 0]) / (c.y >= 0).sum()
    c = c._replace(proba=np.tile(prior, (len(c.y), 1)))

    with pytest.raises(CodingError, match="do not tell the labels apart"):
        quantify(c, method)


def test_an_unknown_method_is_named() -> None:
    with pytest.raises(ValueError, match="'hdy' is not one of cc, pcc, acc, pacc, emq"):
        quantify(drawn(1), "hdy")


def test_a_label_without_coded_units_is_taken_as_predicted_without_error() -> None:
    c = columns("2012: 00 00 01 | 11 11", "2023: .0 .1 | .2 .2")

    assert quantify(c, "acc").theta[1, 2] == pytest.approx(0.5)


@pytest.mark.parametrize("method", ["acc", "pacc"])
def test_a_stratum_counts_by_its_coded_units_however_its_weights_are_scaled(
    method: str,
) -> None:
    c = drawn(2)
    scaled = c._replace(weight=c.weight * np.where(c.stratum == 0, 40.0, 1.0))

    assert quantify(scaled, method).theta == pytest.approx(quantify(c, method).theta)


def test_a_unit_drawn_half_as_often_counts_twice_in_the_rates() -> None:
    once = columns("2012: 00 01 | 11 11 10 22", "2023: .0 .1 | .2 .2")
    twice = columns("2012: 00 00 01 | 11 11 10 22", "2023: .0 .1 | .2 .2")
    weighted = once._replace(weight=once.weight * np.where(np.arange(10) == 0, 2, 1))

    assert quantify(weighted, "acc").theta[1] == pytest.approx(
        quantify(twice, "acc").theta[1]
    )


@given(st.permutations(range(3)), st.sampled_from(QUANTIFIERS), st.integers(0, 20))
def test_permuted_labels_permute_the_shares(
    order: list[int], method: str, seed: int
) -> None:
    c = drawn(seed, 12)
    place = np.argsort(order)
    permuted = c._replace(proba=c.proba[:, order], y=np.where(c.y < 0, -1, place[c.y]))

    ours, theirs = quantify(c, method), quantify(permuted, method)

    assert theirs.theta == pytest.approx(ours.theta[:, order], abs=1e-7)
    assert theirs.influence == pytest.approx(ours.influence[:, :, order], abs=1e-6)


def test_the_weight_of_the_classifier_is_one_where_it_is_all_there_is() -> None:
    fits = {method: quantify(drawn(1), method) for method in QUANTIFIERS}

    assert fits["cc"].tuning == fits["pcc"].tuning == 1
    assert np.isnan([fits[method].tuning for method in POOLED]).all()


def test_degrees_of_freedom_follow_the_fewer_documents() -> None:
    # 3 documents of 3, 3 and 2 units: worth 8 ** 2 / 22; 2 coded ones of 4 and 2 units.
    c = columns("2012: .0 .1 .2 | .0 .0 .1 | .2 .1", "2023: 00 01 11 22 | 00 12")

    assert quantify(c, "cc").df == pytest.approx([64 / 22 - 1, 36 / 20 - 1 + 0.2])
    assert quantify(c, "acc").df == pytest.approx([1.0, 1.0])
    assert quantify(drawn(1), "cc").df == pytest.approx([19, 19])


def test_singular_rates_have_a_nearest_share_still() -> None:
    rates = np.array([[0.5, 0.5, 0.1], [0.5, 0.5, 0.1], [0.0, 0.0, 0.8]])

    shares = on_simplex(rates[None], np.array([[0.3, 0.3, 0.4]]))[0]

    assert rates @ shares == pytest.approx([0.3, 0.3, 0.4])
    assert shares.sum() == pytest.approx(1)
    assert shares.min() >= 0


def test_clustered_means_have_the_variance_of_leaving_documents_out() -> None:
    c = drawn(4)
    values = c.proba[:, :1]

    mean, influence, df = clustered_means(values, c)

    rows = (c.stratum == 1) & (c.y >= 0)
    without = [values[rows & (c.component != d)].mean() for d in range(1, 40, 2)]
    expected = 19 / 20 * ((np.array(without) - values[rows].mean()) ** 2).sum()
    assert mean[1, 0] == pytest.approx(values[rows].mean())
    assert (influence[:, 1, 0] ** 2).sum() == pytest.approx(expected)
    sizes = np.bincount(c.component[rows])
    assert df[1] == pytest.approx(sizes.sum() ** 2 / (sizes**2).sum() - 1)


def test_rectifiers_are_labels_less_predictions_of_the_coded_units() -> None:
    c = columns("2012: 00 01 .2 | 11 01", "2023: .1 .2 | .0", "2024: 12 11")

    r, influence, df = rectifiers(c)

    assert r[0] == pytest.approx([0.5, -0.5, 0.0])
    assert np.isnan(r[1]).all()
    assert np.isnan(influence[:, 1:]).all()
    assert influence.shape == (5, 3, 3)
    assert df.tolist() == [1, 1, 1]


def test_the_random_effects_of_the_bcg_trials_are_those_of_metafor() -> None:
    # Log odds ratios, method DL, in the tests of the R package metafor against Stata's
    # metan: mean -0.7474, interval -1.1242 to -0.3706, tau2 0.3663.
    a, b, c, d = BCG
    effects, variances = np.log(a * d / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d

    found = random_effects(effects[:, None], variances[:, None])

    assert found.mean[0] == pytest.approx(-0.7474, abs=5e-5)
    assert found.tau2[0] == pytest.approx(0.3663, abs=5e-5)
    reach = 1.959964 * found.variance[0] ** 0.5
    assert found.mean[0] - reach == pytest.approx(-1.1242, abs=5e-5)
    assert found.mean[0] + reach == pytest.approx(-0.3706, abs=5e-5)


def test_the_random_effects_of_the_bcg_risk_ratios_are_those_of_metafor() -> None:
    # As above, log risk ratios: mean -0.7141, tau2 0.3088.
    a, b, c, d = BCG
    effects = np.log(a / (a + b)) - np.log(c / (c + d))
    variances = 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)

    found = random_effects(effects[:, None], variances[:, None])

    assert found.mean[0] == pytest.approx(-0.7141, abs=5e-5)
    assert found.tau2[0] == pytest.approx(0.3088, abs=5e-5)
    # These vary more than tau2 says, so that the variance is that of Hartung and Knapp.
    u = 1 / (variances + 0.30876026)
    scaled = (u * (effects + 0.71411722) ** 2).sum() / 12 / u.sum()
    assert found.variance[0] == pytest.approx(scaled, rel=1e-6)
    assert found.variance[0] > 1.02 / u.sum()


def test_effects_that_agree_have_no_variance_between_them() -> None:
    found = random_effects(np.array([[0.1], [0.11], [0.09]]), np.full((3, 1), 0.04))

    assert found.tau2[0] == 0
    assert found.variance[0] == pytest.approx(0.04 / 3)


def test_a_stratum_without_error_by_chance_does_not_outweigh_the_others() -> None:
    effects = np.array([[0.0], [0.02], [0.02], [0.02], [0.02]])
    variances = np.array([[0.0], [0.005], [0.005], [0.005], [0.005]])

    found = random_effects(effects, variances)

    assert found.mean[0] == pytest.approx(0.016)
    assert found.variance[0] == pytest.approx(0.001)


def test_the_sizes_of_an_extrapolation_are_those_of_the_labels() -> None:
    found = extrapolate(drawn(1, 60, 6), 5, others=[0, 1, 2, 3, 4], level=0.95)

    assert [value.shape for value in found] == [(3,)] * 5
    assert found.df.tolist() == [3, 3, 3]
    assert (found.low < found.share).all()
    assert found.high - found.share == pytest.approx(found.share - found.low)


def test_a_higher_level_widens_the_prediction_interval_by_its_t_quantile() -> None:
    c = drawn(1, 60, 6)

    low, high = (
        extrapolate(c, 5, others=range(5), level=level) for level in (0.8, 0.95)
    )

    # t of 3 degrees of freedom: 1.637744 and 3.182446.
    ratio = (high.high - high.share) / (low.high - low.share)
    assert ratio == pytest.approx(3.182446 / 1.637744, rel=1e-5)


@pytest.mark.parametrize(
    ("at", "others", "message"),
    [
        (5, [0, 1], "three strata with a variance are needed, got 2"),
        (0, [0, 1, 2], "must differ from 0"),
        (5, [1, 1, 2], "from each other"),
        (5, [1, 2, 6], "6 strata, numbered from 0"),
        (6, [1, 2, 3], "6 strata, numbered from 0"),
    ],
)
def test_an_extrapolation_from_too_little_is_an_error(
    at: int, others: list[int], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        extrapolate(drawn(1, 60, 6), at, others=others, level=0.95)


@pytest.mark.parametrize("level", [0.0, 1.0, 95])
def test_a_level_lies_between_nought_and_one(level: float) -> None:
    with pytest.raises(ValueError, match="strictly between 0 and 1"):
        extrapolate(drawn(1, 60, 6), 5, others=range(5), level=level)


def test_other_strata_of_one_coded_document_are_left_out() -> None:
    years = [f"{year}: 00 01 | 11 00" for year in range(2012, 2015)]
    c = columns(*years, "2015: 00 11", "2016: .0 .1 | .1")

    assert extrapolate(c, 4, others=[0, 1, 2, 3], level=0.95).df.tolist() == [1, 1, 1]
    with pytest.raises(ValueError, match="got 2"):
        extrapolate(c, 4, others=[0, 1, 3], level=0.95)


def test_a_stratum_of_one_document_is_extrapolated_without_interval() -> None:
    years = [f"{year}: 00 01 | 11 00" for year in range(2012, 2015)]
    c = columns(*years, "2016: .0 .1 .1 .1")

    process = extrapolate(c, 3, others=[0, 1, 2], level=0.95)
    corpus = extrapolate(c, 3, others=[0, 1, 2], level=0.95, estimand="corpus")

    assert process.share == pytest.approx([0.5, 0.5, 0.0])
    assert np.isnan(process.low).all()
    assert corpus.share == pytest.approx([0.5, 0.5, 0.0])
    assert not np.isnan(corpus.low).any()


def test_of_the_corpus_the_classifiers_share_is_known_without_error() -> None:
    c = drawn(3, 60, 6)
    one_document = c._replace(component=np.where(c.stratum == 5, 5, c.component))

    corpus = extrapolate(c, 5, others=range(5), level=0.95, estimand="corpus")
    same = extrapolate(one_document, 5, others=range(5), level=0.95, estimand="corpus")

    assert same.std_error == pytest.approx(corpus.std_error)
    assert not np.isnan(same.std_error).any()
