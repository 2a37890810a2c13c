"""Tests of `stance.model.fit`: weights, and what a fold's fit is made of."""

from dataclasses import replace

import numpy as np
import pytest

from stance.coding.labelled import LabelledSet
from stance.corpus.terms import TermTable
from stance.errors import CodingError
from stance.model.counts import Counts, count
from stance.model.features import pipeline
from stance.model.fit import (
    ABSENT,
    Settings,
    _enough,
    calibrated,
    calibration,
    fitted_blocks,
    fold_designs,
    held_out_scores,
    values,
    weigh,
)
from stance.model.project import Project
from stance.model.split import folds_of

BLOCKS = ("words", "cues")


@pytest.fixture(scope="module")
def seed_counts(seeds: Project) -> Counts:
    return count(seeds.labelled(), seeds.terms, [BLOCKS])


@pytest.fixture(scope="module")
def small_counts(small_data: LabelledSet, small_terms: TermTable) -> Counts:
    return count(small_data, small_terms, [("words", "cues", "chars")])


@pytest.mark.slow
@pytest.mark.parametrize("left_out", ["gu-liu-2022", "anchors/news"])
def test_a_fold_of_the_seeds_is_what_scikit_learn_fits(
    seeds: Project, seed_counts: Counts, left_out: str
) -> None:
    """Features are counted once for all texts; a fold must not know the others."""
    data = seed_counts.data
    rows = np.flatnonzero(np.array(data.gold.documents) != left_out)
    union = pipeline(BLOCKS, C=1.0, terms=seeds.terms).named_steps["features"]
    union.fit([data.texts[row] for row in rows])

    X_inside, X = values(seed_counts, rows, BLOCKS, np.arange(len(data.texts)))
    blocks = fitted_blocks(seed_counts, rows, BLOCKS)

    assert len(rows) < len(data.texts)
    assert abs(X - union.transform(data.texts)).max() < 1e-12
    assert (X_inside != X[rows]).nnz == 0
    assert [f"{b.spec.name}__{term}" for b in blocks for term in b.terms] == (
        union.get_feature_names_out().tolist()
    )


@pytest.mark.parametrize("left_out", range(3))
def test_a_fold_with_all_blocks_is_what_scikit_learn_fits(
    small_counts: Counts, small_terms: TermTable, left_out: int
) -> None:
    blocks = ("words", "cues", "chars")
    data = small_counts.data
    rows = np.flatnonzero(data.groups != left_out)
    union = pipeline(blocks, C=1.0, terms=small_terms).named_steps["features"]
    union.fit([data.texts[row] for row in rows])

    _, X = values(small_counts, rows, blocks, np.arange(len(data.texts)))

    assert abs(X - union.transform(data.texts)).max() < 1e-12


def test_balanced_labels_weigh_the_same_in_sum(seeds: Project) -> None:
    data = seeds.labelled()
    rows = np.arange(len(data.texts))

    weights = weigh(data, rows, Settings(balanced=True, anchor_weight=4.0))

    sums = np.bincount(data.y, weights)
    assert sums == pytest.approx([sums[0]] * 4)
    assert weights.sum() == pytest.approx(124 + len(seeds.anchors) * 4)


def test_anchors_have_the_weight_of_the_setting(seeds: Project) -> None:
    data = seeds.labelled()
    rows = np.arange(len(data.texts))

    weights = weigh(data, rows, Settings(anchor_weight=8.0))

    assert set(weights[data.anchor]) == {8.0}
    assert set(weights[~data.anchor]) == {1.0}


def test_scores_of_a_group_do_not_depend_on_its_own_labels(
    small_counts: Counts,
) -> None:
    data = small_counts.data
    rows = np.arange(len(data.texts))
    mine = data.groups == 0
    y = np.where(mine, (data.y + 1) % 3, data.y)
    turned = replace(data, gold=replace(data.gold, y=y))
    settings = Settings(("words", "chars"))

    scores = held_out_scores(small_counts, rows, settings)
    others = held_out_scores(replace(small_counts, data=turned), rows, settings)

    assert np.array_equal(scores[mine], others[mine])
    assert not np.array_equal(scores[~mine], others[~mine])


def test_a_label_that_a_fold_lacks_gets_the_score_of_the_absent(
    small_counts: Counts,
) -> None:
    data = small_counts.data
    alone = (data.groups == 0) | (data.y != 2)
    rows = np.flatnonzero(alone)

    scores = held_out_scores(small_counts, rows, Settings(("chars",)))

    assert set(scores[data.groups[rows] == 0, 2]) == {ABSENT}


def test_a_block_without_a_term_has_no_columns_and_no_idf(
    small_counts: Counts,
) -> None:
    rows = np.arange(2)

    words, cues = fitted_blocks(small_counts, rows, BLOCKS)
    X = values(small_counts, rows, BLOCKS)[0]

    assert (words.terms, len(words.idf), len(words.n_texts)) == ((), 0, 0)
    assert X.shape == (2, len(cues.terms))


def test_texts_without_a_term_in_common_are_refused(small_counts: Counts) -> None:
    with pytest.raises(CodingError) as caught:
        values(small_counts, np.arange(2), ("words",))

    assert caught.value.message == (
        "cannot train: no term occurs in 3 of the 2 texts that a fold trains on"
    )


def test_scores_do_not_depend_on_designs_made_before(small_counts: Counts) -> None:
    rows = np.arange(len(small_counts.data.texts))
    settings = Settings(("words", "chars"))
    folds = folds_of(small_counts.data.groups, small_counts.data.y)
    made = list(fold_designs(small_counts, rows, settings.blocks, folds))

    given = held_out_scores(small_counts, rows, settings, designs=made)

    assert np.array_equal(given, held_out_scores(small_counts, rows, settings))


def test_units_in_no_fold_that_is_scored_have_no_scores(small_counts: Counts) -> None:
    data, settings = small_counts.data, Settings(("words", "chars"))
    rows = np.arange(len(data.texts))
    folds = folds_of(data.groups, data.y)
    first = list(fold_designs(small_counts, rows, settings.blocks, folds))[:1]

    scores = held_out_scores(small_counts, rows, settings, designs=first)

    assert np.array_equal(np.isnan(scores).all(axis=1), folds != 0)
    assert np.array_equal(np.isnan(scores).any(axis=1), folds != 0)


def test_few_units_are_calibrated_on_the_scores_of_all_folds(
    small_counts: Counts,
) -> None:
    rows, settings = np.arange(36), Settings(("words", "chars"))
    scores = held_out_scores(small_counts, rows, settings, exact=True)

    slopes = calibrated(small_counts, rows, settings)

    assert np.array_equal(
        slopes, calibration(small_counts.data, rows, scores, settings)
    )


def test_many_units_are_calibrated_on_the_folds_that_are_enough(
    small_counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of six documents has two units of each label: two folds have four."""
    data, settings = small_counts.data, Settings(("words", "chars"))
    rows = np.arange(36)
    part = np.flatnonzero(folds_of(data.groups, data.y) < 2)
    scores = held_out_scores(small_counts, rows, settings, exact=True)
    monkeypatch.setattr("stance.model.fit.MANY", 35)
    monkeypatch.setattr("stance.model.fit.ENOUGH", 3)

    slopes = calibrated(small_counts, rows, settings)

    assert np.array_equal(slopes, calibration(data, part, scores[part], settings))


@pytest.mark.parametrize(
    ("enough", "n_folds"), [(1, 2), (2, 2), (3, 3), (4, 3), (1000, 3)]
)
def test_as_many_folds_as_it_takes_to_have_enough_of_each_label(
    monkeypatch: pytest.MonkeyPatch, enough: int, n_folds: int
) -> None:
    """The second label is in the second fold twice, in the third as often."""
    monkeypatch.setattr("stance.model.fit.ENOUGH", enough)
    folds = np.array([0, 0, 0, 0, 1, 1, 2, 2])
    y = np.array([0, 0, 0, 0, 1, 1, 1, 1])

    assert _enough(folds, y) == n_folds
