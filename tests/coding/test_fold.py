"""Tests of `stance.coding.store.fold`: many events to the current table."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from stance.coding.annotation import Annotation
from stance.coding.store import fold

FIRST = Annotation("e1", "d:p001", "", "frame", "合作", "coder-a", "2026-01-01")
LATER = replace(FIRST, event="e2", label="竞争", at="2026-01-02")


@st.composite
def histories(draw: st.DrawFn) -> list[Annotation]:
    """Draw events with few values, so that times tie and undos hit."""
    n = draw(st.integers(0, 12))
    return [
        Annotation(
            event=f"e{number:02d}",
            unit_id=draw(st.sampled_from(["d:p001", "d:p002"])),
            digest="",
            variable=draw(st.sampled_from(["frame", "kind"])),
            label=draw(st.sampled_from(["", "合作", "none"])),
            coder=draw(st.sampled_from(["coder-a", "coder-b"])),
            at=draw(st.sampled_from(["2026-01-01", "2026-01-02"])),
            supersedes=draw(st.sampled_from(["", "", "e00", "e01", "e02"])),
        )
        for number in range(n)
    ]


@given(st.data(), histories())
def test_the_fold_does_not_depend_on_the_order_of_events(
    data: st.DataObject, events: list[Annotation]
) -> None:
    shuffled = data.draw(st.permutations(events))

    assert fold(shuffled) == fold(events)


@given(histories())
def test_events_read_twice_count_once(events: list[Annotation]) -> None:
    twice = [*events, *events]

    assert fold(twice) == fold(events)


@given(histories())
def test_a_coder_has_one_label_for_a_unit_and_variable(
    events: list[Annotation],
) -> None:
    places = [(a.unit_id, a.variable, a.coder) for a in fold(events)]

    assert places == sorted(set(places))


def test_a_later_label_takes_the_place_of_an_earlier_one() -> None:
    current = fold([LATER, FIRST])

    assert [annotation.label for annotation in current] == ["竞争"]


def test_an_undo_withdraws_the_label() -> None:
    undo = replace(FIRST, event="e2", label="", at="2026-01-02", supersedes="e1")

    current = fold([FIRST, undo])

    assert current == ()


def test_a_superseded_event_is_void_even_if_its_time_is_later() -> None:
    instead = replace(FIRST, event="e3", label="none", supersedes="e2")

    current = fold([LATER, instead])

    assert [annotation.label for annotation in current] == ["none"]


def test_a_label_given_again_after_an_undo_stands() -> None:
    undo = replace(FIRST, event="e2", label="", at="2026-01-02", supersedes="e1")
    again = replace(FIRST, event="e3", at="2026-01-03")

    current = fold([again, undo, FIRST])

    assert [annotation.event for annotation in current] == ["e3"]


def test_a_coder_cannot_undo_another_coders_label() -> None:
    foreign = replace(
        FIRST, event="e2", coder="coder-b", label="", at="2026-01-02", supersedes="e1"
    )

    current = fold([FIRST, foreign])

    assert current == (FIRST,)


def test_labels_of_two_coders_stand_side_by_side() -> None:
    other = replace(LATER, coder="coder-b")

    current = fold([other, FIRST])

    assert current == (FIRST, other)


def test_events_of_one_time_are_ordered_by_their_id() -> None:
    second = replace(FIRST, event="e2", label="竞争")

    current = fold([second, FIRST])

    assert [annotation.label for annotation in current] == ["竞争"]


def test_a_label_of_the_frame_does_not_touch_the_kind() -> None:
    kind = replace(FIRST, event="e2", variable="kind", label="body")

    current = fold([FIRST, kind])

    assert [annotation.variable for annotation in current] == ["frame", "kind"]
