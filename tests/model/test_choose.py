"""Tests of `stance.model.choose`: which settings win, and when the search ends."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from stance.coding.labelled import LabelledSet
from stance.corpus.terms import NO_TERMS
from stance.model import choose as choosing
from stance.model.calibrate import Floats
from stance.model.choose import (
    PENALTIES,
    Tried,
    _loss,
    _walk,
    block_choice,
    choose,
)
from stance.model.counts import Counts, count, take
from stance.model.fit import Settings
from stance.model.split import sample


def bowl(bottom: float, tried: list[float]) -> Callable[[Settings], float]:
    """Return a loss with its least value at one C, which notes every new C."""

    def loss(settings: Settings) -> float:
        if settings.C not in tried:
            tried.append(settings.C)
        return abs(float(np.log(settings.C / bottom)))

    return loss


@pytest.mark.parametrize("bottom", PENALTIES)
def test_the_walk_ends_at_the_least_loss(bottom: float) -> None:
    found = _walk(Settings(C=10.0), bowl(bottom, []))

    assert bottom == found.C


@pytest.mark.parametrize(
    ("bottom", "tried"),
    [
        (10.0, [10.0, 30.0, 3.0]),
        (30.0, [10.0, 30.0, 100.0, 3.0]),
        (1.0, [10.0, 30.0, 3.0, 1.0, 0.3]),
    ],
)
def test_the_walk_stops_where_the_loss_rises(bottom: float, tried: list[float]) -> None:
    found: list[float] = []

    _walk(Settings(C=10.0), bowl(bottom, found))

    assert sorted(found) == sorted(tried)


def test_a_flat_loss_leaves_c_as_it_is() -> None:
    assert _walk(Settings(C=10.0), lambda _: 0.5).C == 10.0


def test_a_rare_label_weighs_as_much_as_a_frequent_one(small_data: LabelledSet) -> None:
    """One unit of a label at 0.5 beside nine of another at 1: half of log 2."""
    rows = np.array([*np.flatnonzero(small_data.y == 0)[:9],
                     np.flatnonzero(small_data.y == 1)[0]])  # fmt: skip
    proba = np.eye(3)[small_data.y[rows]]
    proba[-1] = [0.5, 0.5, 0.0]

    found = _loss(small_data, rows, proba)

    assert found == pytest.approx(np.log(2) / 2, abs=1e-6)


def test_anchors_and_other_units_weigh_half_each(small_data: LabelledSet) -> None:
    data = replace(small_data, anchor=np.arange(36) == 0)
    proba = np.full((36, 3), 1 / 4)
    proba[0] = 1 / 2

    found = _loss(data, np.arange(36), proba)

    assert found == pytest.approx((np.log(4) + np.log(2)) / 2, abs=1e-6)


def test_a_probability_of_zero_costs_much_and_not_infinitely(
    small_data: LabelledSet,
) -> None:
    found = _loss(small_data, np.arange(36), np.zeros((36, 3)))

    assert found == pytest.approx(-np.log(1e-15), abs=1e-6)


@pytest.fixture(scope="module")
def passage_counts(passage_data: LabelledSet) -> Counts:
    return count(passage_data, NO_TERMS, [("words",)], ["context", "target"])


@pytest.mark.parametrize(
    ("gain", "blocks"),
    [(0.0019, ("words",)), (0.0021, ("words", "context")), (-0.1, ("words",))],
)
def test_a_further_block_is_added_only_with_its_gain(
    passage_counts: Counts, monkeypatch: pytest.MonkeyPatch, gain: float,
    blocks: tuple[str, ...],
) -> None:  # fmt: skip
    """The scores say which blocks were used, the loss what each is worth."""

    def scores(_: Counts, rows: Floats, settings: Settings, **__: object) -> Floats:
        return np.full((len(rows), 2), float("context" in settings.blocks))

    def loss(_: LabelledSet, __: Floats, proba: Floats) -> float:
        return 0.5 - gain * float(proba[0, 0])

    monkeypatch.setattr(choosing, "held_out_scores", scores)
    monkeypatch.setattr(choosing, "calibrate", lambda found, _: found)
    monkeypatch.setattr(choosing, "_loss", loss)
    monkeypatch.setattr(
        choosing, "_choose_calibration", lambda _, __, best, **___: best
    )

    found = choose(passage_counts, np.arange(len(passage_counts.data.y)))

    assert found.blocks == blocks


def test_what_was_tried_before_is_not_fitted_again(
    small_data: LabelledSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts, rows = count(small_data, NO_TERMS, [("words",)]), np.arange(36)
    tried: Tried = {}
    first = choose(counts, rows, tried=tried)
    monkeypatch.setattr(choosing, "held_out_scores", None)

    assert choose(counts, rows, tried=tried) == first


def test_settings_that_two_searches_share_have_the_same_loss(
    small_data: LabelledSet,
) -> None:
    """Words alone are a search of their own, and a part of the other."""
    both: Tried = {}
    alone: Tried = {}
    counts = count(small_data, NO_TERMS, [("words",), ("forms",)])

    choose(counts, np.arange(36), tried=both)
    choose(replace(counts, block_sets=(("words",),)), np.arange(36), tried=alone)

    shared = set(both) & set(alone)
    assert [both[s][0] for s in shared] == [alone[s][0] for s in shared]
    assert Settings(("words",)) in shared


def test_of_many_units_a_sample_is_searched(
    small_data: LabelledSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts, rows = count(small_data, NO_TERMS, [("words",)]), np.arange(36)
    drawn = sample(small_data, rows, 20)
    tried: Tried = {}
    monkeypatch.setattr(choosing, "MANY", 20)
    monkeypatch.setattr("stance.model.split.ENOUGH", 1)
    expected = choose(take(counts, sample(small_data, rows, 20)), np.arange(24))

    found = choose(counts, rows, tried=tried)

    assert found == expected
    assert {len(scores) for _, scores in tried.values()} == {24}
    assert len(drawn) == 36


@pytest.mark.parametrize(
    ("most", "extras"), [(1000, ("chars",)), (999, ())], ids=["few", "many"]
)
def test_characters_are_tried_up_to_so_many(
    small_data: LabelledSet, monkeypatch: pytest.MonkeyPatch, most: int,
    extras: tuple[str, ...],
) -> None:  # fmt: skip
    text = small_data.passages[0]._replace(text="x" * 1000)
    monkeypatch.setattr(choosing, "MAX_CHARACTERS", most)

    found = block_choice(replace(small_data, passages=(text,)), False, None)

    assert found[1] == extras


def test_without_cues_words_and_forms_are_rivals(small_data: LabelledSet) -> None:
    sets, extras = block_choice(small_data, False, None)

    assert sets == (("words",), ("forms",))
    assert extras == ("chars",)


def test_with_cues_the_sets_without_them_are_words_alone_and_forms_alone(
    small_data: LabelledSet,
) -> None:
    sets, _ = block_choice(small_data, True, None)

    assert sets == (("words",), ("forms",), ("words", "cues"), ("forms", "cues"))


def test_given_block_sets_are_tried_with_nothing_further(
    passage_data: LabelledSet,
) -> None:
    assert block_choice(passage_data, True, [("chars",)]) == ((("chars",),), ())


def test_neighbours_and_targets_are_tried_where_there_are_any(
    passage_data: LabelledSet,
) -> None:
    _, extras = block_choice(passage_data, False, None)

    assert extras == ("chars", "context", "target")


def test_the_settings_do_not_depend_on_rows_that_may_not_be_used(
    small_data: LabelledSet,
) -> None:
    rows = np.flatnonzero(small_data.groups != 0)
    y = np.where(small_data.groups == 0, (small_data.y + 1) % 3, small_data.y)
    turned = replace(small_data, gold=replace(small_data.gold, y=y))

    before = choose(count(small_data, NO_TERMS, [("words",)]), rows)
    after = choose(count(turned, NO_TERMS, [("words",)]), rows)

    assert before == after
