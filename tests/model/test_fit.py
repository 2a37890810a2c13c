"""Tests of `stance.model.fit`: folds, weights, and what a fold's fit is made of."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.corpus.terms import TermTable
from stance.model.features import pipeline
from stance.model.fit import (
    ABSENT,
    Counts,
    Settings,
    count,
    design,
    folds_of,
    held_out_scores,
    weigh,
)
from stance.coding.labelled import LabelledSet
from stance.model.project import Project

BLOCKS = ("words", "cues")


@pytest.fixture(scope="module")
def seed_counts(seeds: Project) -> Counts:
    return count(seeds.labelled(), seeds.terms, [BLOCKS])


@pytest.fixture(scope="module")
def small_counts(small_data: LabelledSet, small_terms: TermTable) -> Counts:
    return count(small_data, small_terms, [("words", "cues", "chars")])


@pytest.mark.parametrize("left_out", ["gu-liu-2022", "anchors/news"])
def test_a_fold_of_the_seeds_is_what_scikit_learn_fits(
    seeds: Project, seed_counts: Counts, left_out: str
) -> None:
    """Features are counted once for all texts; a fold must not know the others."""
    data = seed_counts.data
    rows = np.flatnonzero(np.array(data.documents) != left_out)
    union = pipeline(BLOCKS, C=1.0, terms=seeds.terms).named_steps["features"]
    union.fit([data.texts[row] for row in rows])

    X, blocks = design(seed_counts, rows, BLOCKS)

    assert len(rows) < len(data.texts)
    assert abs(X - union.transform(data.texts)).max() < 1e-12
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

    X, _ = design(small_counts, rows, blocks)

    assert abs(X - union.transform(data.texts)).max() < 1e-12


def test_without_a_term_table_there_is_no_cue_block(small_data: LabelledSet) -> None:
    counts = count(small_data, TermTable(()), [("words",), BLOCKS])

    assert counts.block_sets == (("words",),)
    assert sorted(counts.matrices) == ["words"]


@given(st.lists(st.integers(0, 30), min_size=20, max_size=80))
def test_folds_never_split_a_group(numbers: list[int]) -> None:
    groups = np.array([*range(10), *numbers])
    y = np.arange(len(groups)) % 2

    folds = folds_of(groups, y)

    pairs = set(zip(groups.tolist(), folds.tolist(), strict=True))
    assert len(pairs) == len(set(groups.tolist()))


@given(st.lists(st.integers(0, 8), min_size=1, max_size=40))
def test_below_ten_groups_each_is_left_out_once(numbers: list[int]) -> None:
    groups = np.array(numbers)

    folds = folds_of(groups, np.zeros(len(groups), int))

    assert len(set(folds.tolist())) == len(set(numbers))


def test_ten_groups_make_five_folds() -> None:
    groups = np.repeat(np.arange(10), 4)

    folds = folds_of(groups, np.tile([0, 1], 20))

    assert sorted(set(folds.tolist())) == [0, 1, 2, 3, 4]


def test_a_rare_label_is_no_reason_for_a_warning() -> None:
    groups = np.repeat(np.arange(12), 3)
    y = (groups < 2) & (np.arange(36) % 3 == 0)

    folds = folds_of(groups, y.astype(int))

    assert len(set(folds.tolist())) == 5


def test_ten_documents_with_few_units_of_each_label_can_be_split() -> None:
    groups = np.arange(10)

    folds = folds_of(groups, np.array([0, 0, 0, 1, 1, 1, 2, 2, 2, 2]))

    assert len(folds) == 10


def test_groups_that_each_have_a_label_of_their_own_can_be_split() -> None:
    """An outer fold may leave one unit of each of many labels."""
    folds = folds_of(np.arange(12), np.arange(12))

    assert len(set(folds.tolist())) > 1


def test_balanced_labels_weigh_the_same_in_sum(seeds: Project) -> None:
    data = seeds.labelled()
    rows = np.arange(len(data.texts))

    weights = weigh(data, rows, Settings(balanced=True, anchor_weight=4.0))

    sums = np.bincount(data.y, weights)
    assert sums == pytest.approx([sums[0]] * 4)
    assert weights.sum() == pytest.approx(124 + 640 * 4)


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
    turned = replace(data, y=np.where(mine, (data.y + 1) % 3, data.y))
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
