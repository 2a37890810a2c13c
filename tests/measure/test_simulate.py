"""Tests of `stance.measure.simulate`: the worlds are what they are said to be."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from stance.coding.sampling import systematic
from stance.measure.simulate import (
    SCHEMES,
    WORLDS,
    code,
    shares_of,
    simulate,
    simulate_columns,
    units_of,
)
from stance.measure.strata import columns_of, stratify


def accuracy(name: str) -> list[float]:
    """Return the classifier's accuracy in both periods of a world."""
    units = units_of(WORLDS[name], n_documents=3000, rng=1)
    right = units.proba.argmax(axis=1) == units.y
    return [right[units.stratum == t].mean() for t in (0, 1)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("equal", [0.73, 0.73]),
        ("differing", [0.75, 0.64]),
        ("null", [0.75, 0.61]),
    ],
)
def test_a_world_is_classified_as_well_as_it_is_said_to_be(
    name: str, expected: list[float]
) -> None:
    assert_allclose(accuracy(name), expected, atol=0.015)


@pytest.mark.parametrize(("name", "expected"), [("good", 0.93), ("useless", 0.36)])
def test_a_classifier_is_good_or_useless_over_both_periods(
    name: str, expected: float
) -> None:
    assert_allclose(np.mean(accuracy(name)), expected, atol=0.015)


@pytest.mark.parametrize("name", WORLDS)
def test_a_large_corpus_has_the_shares_of_its_world(name: str) -> None:
    world = WORLDS[name]
    units = units_of(world, n_documents=4000, rng=2)

    found = shares_of(units.y, units.stratum, len(world.shares[0]))

    assert_allclose(found, world.shares, atol=0.015)


def test_documents_have_three_paragraphs_or_more_and_sixteen_on_average() -> None:
    size = np.bincount(units_of(WORLDS["equal"], n_documents=3000, rng=3).component)

    assert size.min() == 3
    assert_allclose(size.mean(), 16, atol=0.5)


def test_paragraphs_of_a_document_are_as_alike_as_the_concentration_says() -> None:
    """Two paragraphs of a document have one label by chance, and so much more often."""
    world = WORLDS["null"]
    units = units_of(world, n_documents=1000, rng=0)
    n = np.zeros((units.component.max() + 1, len(world.shares[0])))
    np.add.at(n, (units.component, units.y), 1)

    pairs = n.sum(axis=1) * (n.sum(axis=1) - 1)
    alike = (n * (n - 1)).sum() / pairs.sum()
    chance = (np.array(world.shares[0]) ** 2).sum()
    assert (alike - chance) / (1 - chance) == pytest.approx(1 / 6, abs=0.02)


def test_the_null_world_has_no_change_and_a_classifier_that_sees_one() -> None:
    world = WORLDS["null"]
    units = units_of(world, n_documents=3000, rng=4)

    said = [units.proba[units.stratum == t].mean(axis=0) for t in (0, 1)]

    assert world.shares[0] == world.shares[1]
    assert abs(said[1] - said[0]).max() > 0.05


@pytest.mark.parametrize("scheme", SCHEMES)
def test_records_and_columns_are_the_same_study(scheme: str) -> None:
    world = WORLDS["differing-4"]
    gold, predictions, y = simulate(world, n_coded=40, scheme=scheme, n_documents=20)

    columns = columns_of(gold, predictions, stratify(gold))
    quick, hidden = simulate_columns(world, n_coded=40, scheme=scheme, n_documents=20)

    assert_array_equal(columns.y, quick.y)
    assert_array_equal(columns.stratum, quick.stratum)
    # Even weights are 1 in the one, 1 / p in the other: means are the same.
    total, quick_total = (
        np.bincount(c.stratum, c.weight)[c.stratum] for c in (columns, quick)
    )
    assert_allclose(columns.weight / total, quick.weight / quick_total)
    assert_array_equal(hidden, y)


def test_the_fourth_label_is_that_of_units_without_a_frame() -> None:
    gold, _, _ = simulate(WORLDS["equal-4"], n_coded=10, n_documents=4)

    assert gold.labels.residual == ("none",)


@pytest.mark.parametrize("scheme", ["paragraphs", "unequal"])
def test_so_many_paragraphs_of_each_period_are_coded(scheme: str) -> None:
    columns = code(units_of(WORLDS["equal"]), n_coded=77, scheme=scheme)

    assert np.bincount(columns.stratum[columns.y >= 0]).tolist() == [77, 77]


def test_a_document_that_is_coded_is_coded_whole() -> None:
    columns = code(units_of(WORLDS["equal"]), n_coded=50, scheme="documents")
    coded = columns.y >= 0

    parts = np.bincount(columns.component, coded) / np.bincount(columns.component)

    assert set(parts) == {0.0, 1.0}
    assert coded.sum() >= 100


def test_two_documents_of_a_period_are_coded_at_least() -> None:
    columns = code(units_of(WORLDS["equal"]), n_coded=1, scheme="documents")

    assert len(set(columns.component[columns.y >= 0])) == 4


def test_weights_of_an_uneven_draw_add_up_to_the_paragraphs() -> None:
    units = units_of(WORLDS["equal"])

    totals = [
        code(units, n_coded=100, scheme="unequal", rng=rng).weight.sum()
        for rng in range(200)
    ]

    assert np.mean(totals) == pytest.approx(len(units.y), rel=0.02)


def test_a_row_is_drawn_as_often_as_its_probability_says() -> None:
    probability = np.array([1.0, 0.7, 0.7, 0.3, 0.2, 0.1])
    rng = np.random.default_rng(5)

    drawn = np.concatenate([systematic(probability, rng) for _ in range(4000)])

    assert_allclose(np.bincount(drawn) / 4000, probability, atol=0.03)


def test_a_study_follows_from_its_seed() -> None:
    first, second, other = (
        simulate_columns(WORLDS["equal"], n_coded=20, rng=rng)[0].y for rng in (7, 7, 8)
    )

    assert_array_equal(first, second)
    assert len(first) != len(other) or (first != other).any()


def test_a_scheme_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="'pages' is not one of paragraphs"):
        code(units_of(WORLDS["equal"]), n_coded=5, scheme="pages")
