"""Tests of `stance.measure.contributions`, and with the package's own model."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from stance.errors import CodingError
from stance.measure.contributions import Scored, model_shift
from stance.measure.resample import tail, weights
from stance.model.model import Model
from stance.model.score import feature_names, features_of, score


def scored(seed: int = 0, *, n_units: int = 24, n_documents: int = 12) -> Scored:
    rng = np.random.default_rng(seed)
    values = rng.random((n_units, 5)) * (rng.random((n_units, 5)) < 0.6)
    documents = tuple(f"文献{n % n_documents}" for n in range(n_units))
    terms = ("trade", "合作", "curb", "win win", "管制")
    coef = rng.normal(size=(3, 5))
    return Scored(("pro", "con", "none"), terms, coef, csr_matrix(values), documents)


GROUPS = np.tile(np.repeat([0, 1], 6), 2)  # of 24 units in 12 documents


@given(st.integers(0, 50))
def test_contributions_add_up_to_the_change_of_the_mean_score(seed: int) -> None:
    given_ = scored(seed)
    scores = given_.values.toarray() @ given_.coef.T

    rows = model_shift(given_, GROUPS, n_bootstrap=5)

    change = scores[GROUPS == 1].mean(axis=0) - scores[GROUPS == 0].mean(axis=0)
    sums = [
        sum(row.contribution for row in rows if row.label == label)
        for label in given_.labels
    ]
    assert sums == pytest.approx(change, abs=1e-12)


def test_a_contribution_is_weight_times_change_of_the_mean() -> None:
    rows = model_shift(scored(), GROUPS, n_bootstrap=5)

    for row in rows:
        change = row.mean_after - row.mean_before
        assert row.contribution == pytest.approx(row.coef * change, abs=1e-15)


def test_exchanged_groups_turn_every_contribution_round() -> None:
    found = model_shift(scored(), GROUPS, n_bootstrap=5)
    other = model_shift(scored(), 1 - GROUPS, n_bootstrap=5)

    assert [(row.label, row.term) for row in other] == [
        (row.label, row.term) for row in found
    ]
    assert [row.contribution for row in other] == pytest.approx(
        [-row.contribution for row in found]
    )


def test_units_of_large_documents_weigh_as_units() -> None:
    values = csr_matrix([[1.0], [0.0], [0.0], [2.0]])
    given_ = Scored(("a",), ("w",), np.array([[3.0]]), values, ("x", "x", "y", "z"))

    (row,) = model_shift(given_, np.array([0, 0, 0, 1]))

    assert row.mean_before == pytest.approx(1 / 3)
    assert row.contribution == pytest.approx(3 * (2 - 1 / 3))


def test_intervals_equal_a_loop_over_draws_of_documents() -> None:
    """No interval of this decomposition is published: a plain loop is the check."""
    given_ = scored(4)
    documents = sorted(set(given_.documents))
    dense = given_.values.toarray()
    side = np.array([GROUPS[given_.documents.index(d)] for d in documents])
    drawn = weights(side, np.random.default_rng(8), n_draws=30)
    moved = []
    for draw in drawn:
        times = [int(draw[documents.index(d)]) for d in given_.documents]
        again = np.repeat(np.arange(24), times)
        moved.append(
            dense[again[GROUPS[again] == 1]].mean(axis=0)
            - dense[again[GROUPS[again] == 0]].mean(axis=0)
        )

    rows = model_shift(given_, GROUPS, n_bootstrap=30, rng=8)

    for row in rows:
        at = given_.terms.index(row.term)
        drawn_parts = row.coef * np.array(moved)[:, at]
        ends = np.quantile(drawn_parts, [tail(6), 1 - tail(6)])
        assert (row.low, row.high) == pytest.approx(tuple(ends), abs=1e-12)


def test_rows_are_by_label_then_size() -> None:
    rows = model_shift(scored(), GROUPS, n_bootstrap=5)

    assert [row.label for row in rows] == ["pro"] * 5 + ["con"] * 5 + ["none"] * 5
    sizes = [abs(row.contribution) for row in rows[:5]]
    assert sizes == sorted(sizes, reverse=True)


def test_terms_that_occur_in_neither_group_have_no_row() -> None:
    values = csr_matrix([[1.0, 0.0], [2.0, 0.0], [0.0, 5.0]])
    given_ = Scored(("a",), ("w", "v"), np.ones((1, 2)), values, ("x", "y", "z"))

    assert [r.term for r in model_shift(given_, np.array([0, 1, -1]))] == ["w"]


def test_one_document_a_group_has_no_interval() -> None:
    values = csr_matrix([[1.0], [2.0]])
    given_ = Scored(("a",), ("w",), np.ones((1, 1)), values, ("x", "y"))

    (row,) = model_shift(given_, np.array([0, 1]))

    assert row.contribution == 1
    assert math.isnan(row.low)
    assert math.isnan(row.high)


def test_a_document_in_both_groups_is_refused() -> None:
    given_ = replace(scored(), documents=("文献",) * 24)

    with pytest.raises(CodingError, match="document '文献' lies in both groups"):
        model_shift(given_, GROUPS)


@pytest.mark.parametrize("groups", [np.zeros(24), np.full(24, -1), np.arange(2)])
def test_two_groups_of_units_are_needed(groups: np.ndarray) -> None:
    with pytest.raises(CodingError, match="two groups needs units"):
        model_shift(scored(), groups)


def test_values_that_are_not_finite_do_not_add_up() -> None:
    given_ = scored()
    given_.values.data[0] = np.nan

    with pytest.raises(ValueError, match="do not add up"):
        model_shift(given_, GROUPS, n_bootstrap=5)


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="2 labels, 5 terms and 24 units"):
        replace(scored(), labels=("pro", "con"))


def test_the_models_own_shift_is_that_of_its_scores(model: Model) -> None:
    texts = [
        "Both sides deepen cooperation.", "双方扩大科技合作。",
        "New export controls curb chips.", "出口管制升级，列入实体清单。",
    ]  # fmt: skip
    given_ = Scored(
        model.labels.names,
        feature_names(model),
        model.coef,
        features_of(model, texts),
        ("a", "b", "c", "d"),
    )
    scores = score(model, texts).scores

    rows = model_shift(given_, np.array([0, 0, 1, 1]), n_bootstrap=50)

    change = scores[2:].mean(axis=0) - scores[:2].mean(axis=0)
    sums = [
        sum(row.contribution for row in rows if row.label == label)
        for label in model.labels.names
    ]
    assert sums == pytest.approx(change, abs=1e-12)
    first = next(row for row in rows if row.label == "cooperation")
    assert first.contribution < 0
    assert "cooperation" in first.term
