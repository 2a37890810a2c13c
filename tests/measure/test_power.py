"""Tests of `stance.measure.power` and `stance.measure.pilot`: plans come true."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, t

from stance.coding.sampling import draw_sample
from stance.errors import CodingError
from stance.measure.difference import Fit, census_difference, difference
from stance.measure.pilot import Pilot, correlation_of
from stance.measure.power import (
    SCHEMES,
    expected_half_width,
    labels_needed,
    most_labels,
)
from stance.measure.simulate import (
    WORLDS,
    World,
    simulate,
    simulate_columns,
    units_of,
)
from stance.measure.strata import Columns, columns_of, stratify


def half_width(fit: Fit) -> float:
    """Return half the width of the change's interval, on average over the labels."""
    variances = (fit.influence**2).sum(axis=0)
    v = variances.sum(axis=0)
    df = np.maximum(v**2 / (variances**2 / fit.df[:, None]).sum(axis=0), 1)
    return float((t.ppf(0.975, df) * np.sqrt(v)).mean())


#: How labels and probabilities correlate in a world, and errors within a document:
#: found in 2,000 documents of it.
CLASSIFIERS = {
    "equal": (0.65, 0.19),
    "differing": (0.59, 0.20),
    "good": (0.91, 0.09),
    "equal-4": (0.65, 0.18),
}


def studied(name: str) -> Pilot:
    """Return what a world is made of, as a perfect pilot study would find it."""
    correlation, error_icc = CLASSIFIERS[name]
    shares = tuple(np.mean(WORLDS[name].shares, axis=0).tolist())
    return Pilot(shares, 1 / 6, correlation, 16.0, 0.7, error_icc)


def correlation_in(name: str) -> float:
    """Return how labels and probabilities correlate within the periods of a world."""
    units = units_of(WORLDS[name], n_documents=1000, rng=9)
    one_hot = np.eye(units.proba.shape[1])[units.y]
    parts = []
    for values in (one_hot, units.proba):
        centred = [
            values[units.stratum == t] - values[units.stratum == t].mean(axis=0)
            for t in (0, 1)
        ]
        parts.append(np.concatenate(centred).ravel())
    return float(np.corrcoef(*parts)[0, 1])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["equal", "differing", "good", "equal-4"])
@pytest.mark.parametrize(
    ("scheme", "n", "n_documents"),
    [
        ("paragraphs", 50, 120),
        ("paragraphs", 200, 120),
        ("paragraphs", 100, 40),
        ("paragraphs", 400, 40),
        ("documents", 200, 120),
        ("documents", 500, 120),
        ("documents", 400, 40),
    ],
)
def test_a_change_is_known_as_well_as_was_planned_to_within_a_tenth(
    name: str, scheme: str, n: int, n_documents: int
) -> None:
    studies = [
        simulate_columns(
            WORLDS[name], n_coded=n, scheme=scheme, n_documents=n_documents, rng=rng
        )[0]
        for rng in range(40)
    ]
    n_coded = round(np.mean([(study.y >= 0).sum() / 2 for study in studies]))

    plan = expected_half_width(
        n_coded=n_coded, n_documents=n_documents, pilot=studied(name), scheme=scheme
    )
    achieved = np.mean([half_width(difference(study)) for study in studies])
    by_labels = np.mean([half_width(difference(study, 0.0)) for study in studies])

    assert plan.half_width_change == pytest.approx(achieved, rel=0.1)
    assert plan.change_by_labels == pytest.approx(by_labels, rel=0.1)


def drawn(scheme: str, n: int, rng: int) -> Columns:
    """Return a study of 40 documents a period, with units as `draw_sample` draws."""
    gold, predictions, y = simulate(
        WORLDS["differing"], n_coded=2, n_documents=40, rng=rng
    )
    gold = replace(gold, y=np.full(len(y), -1))
    rows = draw_sample(gold, n=2 * n, scheme=scheme, by=("year",), rng=rng)
    p = {row.unit_id: row.probability for row in rows}
    gold = replace(
        gold, y=np.where([unit in p for unit in gold.unit_ids], y, -1),
        designs=tuple("stratified" if unit in p else "" for unit in gold.unit_ids),
        probability=tuple(p.get(unit, 0.0) for unit in gold.unit_ids),
    )  # fmt: skip
    return columns_of(gold, predictions, stratify(gold))


@pytest.mark.slow
@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_the_sampler_draws_is_known_as_well_as_planned(scheme: str) -> None:
    studies = [drawn(scheme, 150, rng) for rng in range(40)]
    n_coded = round(np.mean([(study.y >= 0).sum() / 2 for study in studies]))

    plan = expected_half_width(
        n_coded=n_coded, n_documents=40, pilot=studied("differing"), scheme=scheme
    )
    achieved = np.mean([half_width(difference(study)) for study in studies])

    assert plan.half_width_change == pytest.approx(achieved, rel=0.1)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["equal", "good"])
@pytest.mark.parametrize("n", [50, 200])
def test_so_is_a_change_in_the_corpus(name: str, n: int) -> None:
    studies = [simulate_columns(WORLDS[name], n_coded=n, rng=k)[0] for k in range(40)]

    plan = expected_half_width(
        n_coded=n, n_documents=120, pilot=studied(name), estimand="corpus"
    )
    achieved = np.mean([half_width(census_difference(study)) for study in studies])

    assert plan.half_width_change == pytest.approx(achieved, rel=0.1)


@pytest.mark.parametrize(("n", "points"), [(50, 0.16), (200, 0.09), (500, 0.07)])
def test_the_figures_that_the_seeds_are_printed_with_are_planned(
    n: int, points: float
) -> None:
    """Three labels, accuracy .69, 120 documents: 16, 9 and 7 points either side."""
    pilot = Pilot(shares=(0.425, 0.4, 0.175), icc=1 / 6, correlation=0.59)

    plan = expected_half_width(n_coded=n, n_documents=120, pilot=pilot)

    assert plan.half_width_change == pytest.approx(points, abs=0.006)


def test_whole_documents_have_the_design_effect_of_kish() -> None:
    """Kish (1965, 5.4): 1 + (size - 1) x intraclass correlation."""
    even = Pilot(icc=0.0, paragraphs=20, size_spread=0.0)

    alone, alike = (
        expected_half_width(
            n_coded=200, n_documents=50, scheme="documents", pilot=pilot
        ).change_by_labels
        for pilot in (even, replace(even, icc=0.05))
    )

    assert (alike / alone) ** 2 == pytest.approx(1 + 19 * 0.05)


def test_of_a_corpus_labels_alone_have_the_error_of_a_simple_random_sample() -> None:
    """Cochran (1977, 3.2): sqrt((1 - n/N) s(1 - s) / n)."""
    pilot = Pilot(shares=(0.3,), icc=0.0, paragraphs=10, size_spread=0.0)

    plan = expected_half_width(
        n_coded=100, n_documents=40, pilot=pilot, estimand="corpus"
    )

    error = np.sqrt((1 - 100 / 400) * 0.3 * 0.7 / 100)
    assert plan.half_width_share == pytest.approx(t.ppf(0.975, 99) * error, rel=0.01)


def test_a_perfect_classifier_leaves_no_error_in_the_corpus() -> None:
    plan = expected_half_width(
        n_coded=50, n_documents=40, pilot=Pilot(correlation=1.0), estimand="corpus"
    )

    assert plan.half_width_change == pytest.approx(0, abs=1e-9)
    assert plan.change_by_labels > 0.1


def test_without_a_classifier_the_labels_stand_alone() -> None:
    plan = expected_half_width(n_coded=50, n_documents=40)

    assert plan.half_width_change == plan.change_by_labels


@pytest.mark.slow
def test_the_smallest_change_is_found_in_four_of_five_studies() -> None:
    drift = (0.0, 0.0)
    pilot = Pilot(icc=1 / 6, correlation=0.63)
    plan = expected_half_width(n_coded=100, n_documents=60, pilot=pilot)
    step = plan.smallest_change / 2
    world = World(
        "two", ((0.5 - step, 0.5 + step), (0.5 + step, 0.5 - step)), (1.6, 1.6),
        (drift, drift),
    )  # fmt: skip

    found = [
        abs(np.diff(fit.theta[:, 0])[0]) > half_width(fit)
        for fit in (
            difference(simulate_columns(world, n_coded=100, n_documents=60, rng=rng)[0])
            for rng in range(600)
        )
    ]

    assert np.mean(found) == pytest.approx(0.8, abs=0.06)


@given(
    n=st.integers(10, 600),
    correlation=st.floats(0, 1),
    icc=st.floats(0, 0.9),
    scheme=st.sampled_from(("paragraphs", "documents")),
)
def test_one_more_label_never_makes_the_interval_wider(
    n: int, correlation: float, icc: float, scheme: str
) -> None:
    pilot = Pilot(correlation=correlation, icc=icc)
    low = max(n, 32)

    fewer, more = (
        expected_half_width(n_coded=k, n_documents=40, pilot=pilot, scheme=scheme)
        for k in (low, low + 1)
    )

    assert more.half_width_change <= fewer.half_width_change * (1 + 1e-9)


@given(n=st.integers(40, 600), correlation=st.floats(0, 1))
def test_a_classifier_never_makes_the_interval_wider(
    n: int, correlation: float
) -> None:
    plan = expected_half_width(
        n_coded=n, n_documents=40, pilot=Pilot(correlation=correlation)
    )

    assert plan.half_width_change <= plan.change_by_labels * (1 + 1e-9)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_one_label_fewer_than_are_needed_is_too_few(scheme: str) -> None:
    pilot = Pilot(correlation=0.5)

    plan = labels_needed(0.15, n_documents=80, pilot=pilot, scheme=scheme)
    fewer = expected_half_width(
        n_coded=plan.n_coded - 1, n_documents=80, pilot=pilot, scheme=scheme
    )

    assert plan.half_width_change <= 0.15 < fewer.half_width_change


def test_where_all_labels_would_not_do_more_documents_are_asked_for() -> None:
    with pytest.raises(CodingError, match=r"640 labels[\s\S]*more documents"):
        labels_needed(0.01, n_documents=40)


def test_few_documents_are_said_to_give_wider_intervals() -> None:
    thin, thick = (
        expected_half_width(n_coded=n, n_documents=120, scheme="documents")
        for n in (50, 500)
    )

    assert "fewer than 6 documents" in thin.note
    assert thick.note == ""


@pytest.mark.parametrize(
    ("n", "n_documents", "scheme", "message"),
    [
        (50, 1, "paragraphs", "one document"),
        (700, 40, "paragraphs", "plan for 2 to 640"),
        (300, 40, "two-stage", "plan for 10 to 200"),
        (20, 40, "documents", "plan for 32 to 640"),
    ],
)
def test_a_plan_that_cannot_be_drawn_is_refused(
    n: int, n_documents: int, scheme: str, message: str
) -> None:
    with pytest.raises(CodingError, match=message):
        expected_half_width(n_coded=n, n_documents=n_documents, scheme=scheme)


@pytest.mark.parametrize(
    "pilot",
    [Pilot(shares=(1.2,)), Pilot(icc=2.0), Pilot(paragraphs=0.5), Pilot(shares=())],
)
def test_a_pilot_that_cannot_be_is_refused(pilot: Pilot) -> None:
    with pytest.raises(ValueError, match="got"):
        expected_half_width(n_coded=50, n_documents=40, pilot=pilot)


@pytest.mark.parametrize(
    ("name", "accuracy", "expected"),
    [("equal", 0.734, 0.651), ("differing", 0.698, 0.594), ("good", 0.932, 0.913)],
)
def test_an_accuracy_stands_for_the_correlation_it_comes_with(
    name: str, accuracy: float, expected: float
) -> None:
    shares = np.mean(WORLDS[name].shares, axis=0)

    assert correlation_in(name) == pytest.approx(expected, abs=0.02)
    assert studied(name).correlation == pytest.approx(expected, abs=0.01)
    assert correlation_of(accuracy, shares) == pytest.approx(expected, abs=0.04)


@pytest.mark.parametrize(("accuracy", "expected"), [(0.2, 0.0), (0.5, 0.0), (1.0, 1.0)])
def test_an_accuracy_at_chance_is_no_correlation(
    accuracy: float, expected: float
) -> None:
    assert correlation_of(accuracy, (0.5, 0.5)) == expected


def test_two_even_labels_correlate_as_normal_scores_do() -> None:
    """1 - 4 E[p(1 - p)] by integration, with p the posterior of the label."""
    apart = 2 * norm.ppf(0.8)
    x = np.linspace(-9, 9, 200_001) + apart / 2
    p = 1 / (1 + np.exp(-apart * x))
    left = np.trapezoid(norm.pdf(x - apart / 2) * p * (1 - p), x)

    assert correlation_of(0.8, (0.5, 0.5)) ** 2 == pytest.approx(1 - 4 * left, abs=1e-6)


def test_a_draw_in_two_stages_takes_five_of_a_document() -> None:
    assert most_labels(40, Pilot(paragraphs=3), "two-stage") == 120
    assert most_labels(40, Pilot(), "two-stage") == 200
