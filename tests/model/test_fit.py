"""Tests of `stance.model.fit`: weights, and what a fold's fit is made of."""

from dataclasses import replace

import numpy as np
import pytest

from stance.coding.labelled import LabelledSet
from stance.corpus.terms import TermTable
from stance.model.features import pipeline
from stance.model.fit import (
    ABSENT,
    Counts,
    Settings,
    count,
    design,
    held_out_scores,
    weigh,
)
from stance.model.project import Project

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
