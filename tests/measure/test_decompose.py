"""Decomposition: a published table, exact sums, leaving out one document at a time."""

import math
import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.coding.codebook import LabelSet
from stance.coding.predictions import Gold, Predictions
from stance.errors import CodingError, StanceWarning
from stance.measure.decompose import ChangePart, decompose_change
from stance.measure.difference import difference
from stance.measure.prevalence import PrevalenceEstimate, prevalence
from stance.measure.shift import shift
from stance.measure.strata import Strata, columns_of, stratify
from stance.testing import coded

#: Household heads per 100, United States 1970 and 1985, by 13 age groups from 15-19 to
#: 75 and over (Das Gupta 1993, Standardization and decomposition of rates, table 5.1).
PER_MILLE_1970 = (129, 109, 95, 80, 78, 84, 86, 78, 70, 59, 47, 36, 49)
PER_MILLE_1985 = (101, 112, 116, 109, 94, 77, 63, 60, 63, 59, 51, 40, 55)
RATE_1970 = (
    1.9,
    25.8,
    45.7,
    49.6,
    51.2,
    51.6,
    51.8,
    54.9,
    58.7,
    60.4,
    62.8,
    66.6,
    66.8,
)
RATE_1985 = (
    2.2,
    24.3,
    45.8,
    52.5,
    56.1,
    55.6,
    56.0,
    57.4,
    57.2,
    61.2,
    63.9,
    68.6,
    72.2,
)
SOURCES = ("人民日报", "China Daily")


def table() -> PrevalenceEstimate:
    """Return the published table as an estimate: a label is to be a household head."""
    names = tuple(f"{y} / {age:02d}" for y in (1970, 1985) for age in range(13))
    of = np.repeat(np.arange(26), PER_MILLE_1970 + PER_MILLE_1985)
    rate = np.array(RATE_1970 + RATE_1985) / 100
    theta = np.stack([rate, 1 - rate], axis=1)
    return PrevalenceEstimate(
        (), LabelSet(("head", "other")),
        Strata("year,source", names, of, np.arange(len(of))), theta,
        np.zeros((len(of), 26, 2)), np.full(26, 9.0), ("ok",) * 26,
        "difference", "process", 0.95,
    )  # fmt: skip


def crossed(gold: Gold, predictions: Predictions) -> PrevalenceEstimate:
    """Return an estimate by year and source, as if there were labels enough."""
    strata = stratify(gold, by="year,source")
    fit = difference(columns_of(gold, predictions, strata), 0.0)
    return PrevalenceEstimate(
        (), gold.labels, strata, fit.theta, fit.influence, fit.df,
        ("ok",) * len(strata.names), "labels", "process", 0.95,
    )  # fmt: skip


def with_sources(*periods: str, sources: dict[str, str]) -> tuple[Gold, Predictions]:
    """Return coded units; sources are a letter a document, by period."""
    gold, predictions = coded(*periods)
    names = [
        sources[document[:4]][int(document.split("-d")[1]) - 1]
        for document in gold.documents
    ]
    return replace(gold, sources=tuple(names)), predictions


def simulated(
    rng: np.random.Generator, n: int, *, weight: tuple[float, float], k: int = 3
) -> tuple[Gold, Predictions]:
    """Return wholly coded documents of two sources, whose second writes otherwise."""
    rows: list[tuple[str, str, str, int]] = []
    share = {
        ("2012", 0): (0.6, 0.2, 0.2), ("2012", 1): (0.2, 0.6, 0.2),
        ("2023", 0): (0.4, 0.3, 0.3), ("2023", 1): (0.2, 0.4, 0.4),
    }  # fmt: skip
    for year, second in zip(("2012", "2023"), weight, strict=True):
        for at in range(n):
            source = int(rng.random() < second)
            mix = rng.dirichlet(5 * np.array(share[year, source]))
            labels = rng.choice(k, size=2 + rng.poisson(4), p=mix)
            rows += [(year, f"{year}-{at}", SOURCES[source], int(y)) for y in labels]
    years, documents, sources, y = zip(*rows, strict=True)
    ids = tuple(f"u{at}" for at in range(len(rows)))
    no = np.zeros(len(rows), dtype=bool)
    labels = LabelSet(("a", "b", "c"), residual=("c",))
    gold = Gold(
        labels, ids, documents, ("en",) * len(rows), years, sources, np.array(y), ~no,
        tuple((f"document:{d}",) for d in documents), ("census",) * len(rows),
    )  # fmt: skip
    proba = np.full((len(rows), k), 1 / k)
    return gold, Predictions(ids, labels, proba, no, no.astype(int) - 1, no)


def changes(rows: tuple[ChangePart, ...], label: str) -> dict[str, float]:
    return {row.part: row.change for row in rows if row.label == label}


def test_the_published_decomposition_of_headship_rates_comes_out() -> None:
    """Das Gupta (1993), table 5.1: age 1.2269, rate 1.7403, in all 2.9672."""
    found = changes(decompose_change(table(), before="1970", after="1985"), "head")

    assert 100 * found["mix"] == pytest.approx(1.2269, abs=5e-5)
    assert 100 * found["within"] == pytest.approx(1.7403, abs=5e-5)
    assert 100 * found["total"] == pytest.approx(2.9672, abs=5e-5)
    assert found["not_identified"] == 0


TWO = {"2012": "aabb", "2023": "aabb"}
LOSING = {"2012": "aabc", "2023": "aabb"}
PERIODS = (
    "2012: 00 31 11 | 01 33 00 | 11 22 | 22 13 01",
    "2023: 11 20 | 13 32 11 | 00 02 | 22",
)


@pytest.mark.parametrize("sources", [TWO, LOSING, {"2012": "abbb", "2023": "acdd"}])
def test_parts_sum_to_the_total_and_labels_to_nothing(sources) -> None:
    gold, predictions = with_sources(*PERIODS, sources=sources)

    rows = decompose_change(crossed(gold, predictions), before="2012", after="2023")

    parts = np.reshape([row.change for row in rows], (7, 4))
    assert parts[:, :3].sum(axis=1) == pytest.approx(parts[:, 3], abs=1e-15)
    assert parts[:4].sum(axis=0) == pytest.approx(np.zeros(4), abs=1e-15)
    assert parts[4:].sum(axis=0) == pytest.approx(np.zeros(4), abs=1e-15)
    assert [row.base for row in rows[::4]] == ["all"] * 4 + ["framed"] * 3


def test_of_a_corpus_coded_whole_the_total_is_the_change() -> None:
    gold, predictions = with_sources(*PERIODS, sources=LOSING)

    rows = decompose_change(crossed(gold, predictions), before="2012", after="2023")

    early = np.array(gold.dates) == "2012"
    first = (gold.y[~early] == 0).mean() - (gold.y[early] == 0).mean()
    framed = (gold.y[~early] == 0).sum() / (gold.y[~early] < 3).sum() - (
        gold.y[early] == 0
    ).sum() / (gold.y[early] < 3).sum()
    assert rows[3].change == pytest.approx(first)
    assert rows[19].change == pytest.approx(framed)
    assert (rows[19].part, rows[19].base, rows[19].label) == (
        "total", "framed", "cooperation",
    )  # fmt: skip


def test_sources_of_one_period_are_named_and_not_split() -> None:
    gold, predictions = with_sources(*PERIODS, sources={"2012": "aabc", "2023": "aadd"})

    rows = decompose_change(crossed(gold, predictions), before="2012", after="2023")

    part = rows[2]
    assert part.part == "not_identified"
    assert part.note.startswith("only in 2012: b, c; only in 2023: d")
    assert (rows[0].n_sources, part.n_sources, rows[3].n_sources) == (1, 3, 4)
    assert changes(rows, "cooperation")["mix"] == 0


def test_without_a_common_source_nothing_is_decomposed() -> None:
    gold, predictions = with_sources(*PERIODS, sources={"2012": "aaaa", "2023": "bbbb"})

    with pytest.raises(CodingError, match="nothing is in both 2012 and 2023"):
        decompose_change(crossed(gold, predictions), before="2012", after="2023")


def test_the_periods_turned_round_turn_the_signs() -> None:
    gold, predictions = with_sources(*PERIODS, sources=LOSING)
    shares = crossed(gold, predictions)

    there = decompose_change(shares, before="2012", after="2023")
    back = decompose_change(shares, before="2023", after="2012")

    assert [row.change for row in back] == pytest.approx([-r.change for r in there])
    assert [row.std_error for row in back] == pytest.approx(
        [row.std_error for row in there], nan_ok=True
    )


def test_sources_before_years_are_read_too() -> None:
    gold, predictions = with_sources(*PERIODS, sources=TWO)
    gold = replace(
        gold, sources=tuple("AP / 美联社" if s == "a" else s for s in gold.sources)
    )
    strata = stratify(gold, by="source,year")
    fit = difference(columns_of(gold, predictions, strata), 0.0)
    turned = replace(crossed(gold, predictions), strata=strata, theta=fit.theta,
                     influence=fit.influence, df=fit.df)  # fmt: skip

    rows = [
        decompose_change(shares, before="2012", after="2023")
        for shares in (crossed(gold, predictions), turned)
    ]

    assert [r.change for r in rows[0]] == pytest.approx([r.change for r in rows[1]])
    assert [r.low for r in rows[0]] == pytest.approx(
        [r.low for r in rows[1]], nan_ok=True
    )


@pytest.mark.parametrize("by", ["year", "source,language"])
def test_strata_that_are_not_crossed_are_refused(by: str) -> None:
    gold, predictions = with_sources(*PERIODS, sources=TWO)
    shares = replace(crossed(gold, predictions), strata=stratify(gold, by=by))

    with pytest.raises(CodingError, match="not periods crossed with sources"):
        decompose_change(shares, before="2012", after="2023")


def test_an_unknown_period_is_refused_with_those_there_are() -> None:
    gold, predictions = with_sources(*PERIODS, sources=TWO)

    with pytest.raises(CodingError, match=r"'2013' is not a period(.|\n)*2012, 2023"):
        decompose_change(crossed(gold, predictions), before="2013", after="2023")


def test_cells_with_few_labels_give_parts_without_interval() -> None:
    gold, predictions = with_sources(*PERIODS, sources=LOSING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", StanceWarning)
        shares = prevalence(gold, predictions, strata=stratify(gold, by="year,source"))

    row = decompose_change(shares, before="2012", after="2023")[0]

    assert math.isnan(row.low)
    assert row.status in ("descriptive", "one_document")
    assert row.note.startswith("no interval: 2012 / a, 2012 / b")


def test_a_corpus_coded_whole_is_decomposed_exactly() -> None:
    gold, predictions = with_sources(*PERIODS, sources=LOSING)
    shares = prevalence(
        gold, predictions, strata=stratify(gold, by="year,source"), estimand="corpus"
    )

    rows = decompose_change(shares, before="2012", after="2023")

    assert all(row.low == row.change == row.high for row in rows)
    assert {row.std_error for row in rows} == {0.0}


def left_out(gold: Gold, predictions: Predictions, document: str) -> list[float]:
    """Return the parts without a document, by counting."""
    kept = np.flatnonzero(np.array(gold.documents) != document)
    fewer = replace(
        predictions,
        unit_ids=tuple(predictions.unit_ids[k] for k in kept),
        proba=predictions.proba[kept],
        abstained=predictions.abstained[kept],
        fold=predictions.fold[kept],
        seen=predictions.seen[kept],
    )
    shares = crossed(gold.take(kept), fewer)
    return [r.change for r in decompose_change(shares, before="2012", after="2023")]


def test_of_one_source_all_is_within_and_is_the_shift_of_it() -> None:
    gold, predictions = with_sources(*PERIODS, sources={"2012": "aaaa", "2023": "aaaa"})
    shares = crossed(gold, predictions)

    rows = decompose_change(shares, before="2012", after="2023")

    change = shift(shares).rows
    assert [(r.change, r.low) for r in rows[::4]] == [
        pytest.approx((r.change, r.low), nan_ok=True) for r in change
    ]
    assert [(r.std_error, r.df) for r in rows[::4]] == [
        pytest.approx((r.std_error, r.df), nan_ok=True) for r in change
    ]
    assert {row.std_error for row in rows[1::4]} == {0.0}


def test_errors_are_those_of_leaving_out_one_document() -> None:
    gold, predictions = simulated(np.random.default_rng(1), 60, weight=(0.3, 0.6))

    rows = decompose_change(crossed(gold, predictions), before="2012", after="2023")

    without = [
        left_out(gold, predictions, document)
        for document in sorted(set(gold.documents))
    ]
    distance = np.array(without) - [row.change for row in rows]
    jackknife = np.sqrt((distance**2).sum(axis=0))
    seen = np.array([row.std_error for row in rows])
    assert seen == pytest.approx(jackknife, rel=0.05, abs=1e-12)
    assert (seen[0] > 0, seen[1] > 0) == (True, True)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 999))
def test_the_error_of_the_total_is_that_of_the_change_without_sources(seed) -> None:
    gold, predictions = simulated(np.random.default_rng(seed), 25, weight=(0.5, 0.5))
    rows = decompose_change(crossed(gold, predictions), before="2012", after="2023")
    by_year = stratify(gold)

    fit = difference(columns_of(gold, predictions, by_year), 0.0)

    error = np.sqrt(((fit.influence[:, 1] - fit.influence[:, 0]) ** 2).sum(axis=0))
    assert [rows[at].std_error for at in (3, 7, 11)] == pytest.approx(error, rel=0.05)


@pytest.mark.slow
def test_the_intervals_of_both_parts_hold_the_truth() -> None:
    """True parts by hand: mixes .3 and .6 of the second source, shares as simulated."""
    within = 0.55 * (0.4 - 0.6) + 0.45 * (0.2 - 0.2)
    mix = -0.3 * (0.6 + 0.4) / 2 + 0.3 * (0.2 + 0.2) / 2
    covered = []
    for rng in range(300):
        gold, predictions = simulated(np.random.default_rng(rng), 40, weight=(0.3, 0.6))
        rows = decompose_change(crossed(gold, predictions), before="2012", after="2023")
        covered.append(
            [r.low <= t <= r.high for r, t in zip(rows, (within, mix), strict=False)]
        )

    assert np.mean(covered, axis=0) == pytest.approx(
        [0.95, 0.95], abs=3 * (0.95 * 0.05 / 300) ** 0.5
    )
