"""Contrasts: what is compared, trends, breaks named in advance."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.errors import CodingError
from stance.measure.contrast import break_contrast, condensed, contrasts
from stance.measure.strata import Strata, stratify
from stance.testing import coded

YEARS = stratify(coded("2012: 00", "2013: 11", "2016: 01", "2023: 22")[0])
NONE = np.zeros(0, dtype=int)


def pairs(contrast: str, baseline: str = "") -> list[tuple[str, str]]:
    found = contrasts(YEARS, contrast, baseline=baseline)
    return [(row.before, row.after) for row in found]


def test_a_baseline_is_compared_with_every_other_stratum() -> None:
    assert pairs("baseline") == [("2012", "2013"), ("2012", "2016"), ("2012", "2023")]
    assert pairs("baseline", "2016")[0] == ("2016", "2012")


def test_adjacent_periods_are_compared_once() -> None:
    assert pairs("adjacent") == [("2012", "2013"), ("2013", "2016"), ("2016", "2023")]


def test_all_pairs_of_four_are_six() -> None:
    assert len(set(pairs("all"))) == 6


@given(st.lists(st.integers(1900, 2100), min_size=2, max_size=9, unique=True))
def test_a_trend_is_the_least_squares_slope_over_uneven_years(years) -> None:
    names = tuple(map(str, sorted(years)))
    share = np.sin(np.arange(len(names)))

    row = contrasts(Strata("year", names, NONE, NONE), "trend")[0]

    slope = np.polyfit(np.sort(years), share, 1)[0]
    assert row.weights @ share == pytest.approx(slope, abs=1e-9)
    assert (row.before, row.after) == (names[0], names[-1])


def test_a_trend_leaves_out_periods_without_interval_and_says_so() -> None:
    row = contrasts(YEARS, "trend", known=np.array([False, True, True, True]))[0]

    assert row.weights[0] == 0
    assert row.weights @ [9.0, 2013, 2016, 2023] == pytest.approx(1)
    assert (row.before, row.note) == ("2013", "without 2012: no interval there")


def test_a_trend_over_sources_is_refused() -> None:
    strata = Strata("source", ("人民日报", "新华社"), NONE, NONE)

    with pytest.raises(CodingError, match="'source' has values such as '人民日报'"):
        contrasts(strata, "trend")


@pytest.mark.parametrize("name", ["nan", "inf", "2012-03"])
def test_a_trend_over_what_is_no_number_is_refused(name: str) -> None:
    with pytest.raises(CodingError, match="a trend needs years or numbers"):
        contrasts(Strata("month", ("2012", name), NONE, NONE), "trend")


def test_a_break_compares_the_means_of_both_sides() -> None:
    weights = break_contrast(YEARS.names, at="2016")

    row = contrasts(YEARS, weights)[0]

    assert row.weights.tolist() == [-0.5, -0.5, 0.5, 0.5]
    assert (row.name, row.before, row.after) == ("from 2016", "2012+2013", "2016+2023")


@pytest.mark.parametrize(("at", "side"), [("2012", "before"), ("2024", "after")])
def test_a_break_needs_a_stratum_on_either_side(at: str, side: str) -> None:
    with pytest.raises(CodingError, match=f"no stratum lies {side} the break"):
        break_contrast(YEARS.names, at=at)


def test_months_break_within_a_year() -> None:
    names = ("2022-09", "2022-10", "2023-01")

    weights = break_contrast(names, at="2022-10")["from 2022-10"]

    assert weights == {"2022-09": -1.0, "2022-10": 0.5, "2023-01": 0.5}


@pytest.mark.parametrize("weights", [{"2012": -1, "2013": 0.5}, {"2012": 1}, {}])
def test_weights_that_do_not_sum_to_zero_are_refused(weights) -> None:
    with pytest.raises(CodingError, match="weights of contrast 'later' sum to"):
        contrasts(YEARS, {"later": weights})


def test_an_unknown_stratum_is_refused_with_the_nearest() -> None:
    with pytest.raises(CodingError, match="did you mean '2016'"):
        contrasts(YEARS, {"later": {"2012": -1, "20166": 1}})
    with pytest.raises(CodingError, match="'2031' is not a year of the estimate"):
        contrasts(YEARS, "baseline", baseline="2031")


def test_a_contrast_is_not_called_like_a_kind() -> None:
    with pytest.raises(CodingError, match="cannot be called 'trend'"):
        contrasts(YEARS, {"trend": {"2012": -1, "2013": 1}})


def test_one_stratum_cannot_shift() -> None:
    strata = stratify(coded("2022: 00 | 11")[0])

    with pytest.raises(
        CodingError, match=r"stratum 'year' has 1 value \(2022\); a shift needs two"
    ):
        contrasts(strata, "baseline")


def test_misuse_is_a_plain_value_error() -> None:
    with pytest.raises(ValueError, match="is not one of baseline, adjacent"):
        contrasts(YEARS, "last")
    with pytest.raises(ValueError, match="takes no baseline"):
        contrasts(YEARS, "all", baseline="2012")


def test_languages_are_compared_like_years() -> None:
    gold, _ = coded("2012: 00 11 | 01 00")
    strata = stratify(replace(gold, languages=("en", "zh", "en", "zh")), by="language")

    assert contrasts(strata, "baseline")[0].after == "zh"


def products(psi: np.ndarray) -> np.ndarray:
    return np.einsum("dsk,dtl->sktl", psi, psi)


@given(st.integers(0, 999), st.integers(1, 40), st.integers(1, 4), st.integers(1, 3))
def test_fewer_rows_have_the_same_products(
    seed: int, n: int, n_strata: int, n_labels: int
) -> None:
    """Most documents lie in one stratum, some in several, some say nothing."""
    rng = np.random.default_rng(seed)
    psi = rng.normal(size=(n, n_strata, n_labels))
    psi *= (rng.random((n, n_strata)) < 0.4)[:, :, None]

    assert products(condensed(psi)) == pytest.approx(products(psi), abs=1e-12)


def test_thousands_of_documents_become_as_many_rows_as_labels() -> None:
    psi = np.zeros((5000, 2, 3))
    psi[:2500, 0] = np.random.default_rng(0).normal(size=(2500, 3))
    psi[2499:, 1] = np.random.default_rng(1).normal(size=(2501, 3))

    assert len(condensed(psi)) <= 3 + 3 + 1 + 1


@pytest.mark.parametrize("n_known", [0, 1, 2])
def test_a_stratum_without_interval_stays_one(n_known: int) -> None:
    psi = np.random.default_rng(0).normal(size=(9, 3, 2))
    psi[:, n_known:] = np.nan

    found = condensed(psi)

    unknown = np.isnan(found.sum(axis=(0, 2)))
    assert unknown.tolist() == [at >= n_known for at in range(3)]
    known = slice(0, n_known)
    assert products(found[:, known]) == pytest.approx(products(psi[:, known]))


def test_a_label_that_does_not_vary_does_not_vary_in_fewer_rows() -> None:
    psi = np.zeros((50, 2, 3))
    psi[:25, 0, :2] = psi[25:, 1, :2] = 0.1

    assert (condensed(psi)[:, :, 2] == 0).all()
