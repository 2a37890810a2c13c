"""Tests of `stance.corpus.context`: the neighbours of a unit, and its target."""

from dataclasses import replace

import pytest

from stance.corpus.context import passages, passages_of_records
from stance.corpus.document import Paragraph, Passage
from stance.corpus.records import Record
from stance.errors import InputError
from stance.testing import paragraph

ODD = "“Ｔｅｃｈ　ｗａｒ”：cafe\u0301！"


def units(*texts: str, document: str = "text-1") -> list[Paragraph]:
    return [paragraph(t, id=f"{document}:p{n:03}") for n, t in enumerate(texts, 1)]


def records(*found: Paragraph, **columns: str) -> list[Record]:
    return [Record(unit, line, **columns) for line, unit in enumerate(found, 2)]


def test_without_context_a_passage_is_the_text_alone() -> None:
    found = passages(units("One rose.", "二下降。", "", ODD))

    assert found == [
        Passage("One rose."),
        Passage("二下降。"),
        Passage(""),
        Passage(ODD),
    ]


def test_neighbours_are_those_before_and_after() -> None:
    found = passages(units("One.", "Two.", "Three.", "Four."), context=1)

    assert found[1] == Passage("Two.", "One.", "Three.")
    assert found[0] == Passage("One.", "", "Two.")
    assert found[3] == Passage("Four.", "Three.", "")


def test_two_neighbours_a_side_are_joined_in_reading_order() -> None:
    found = passages(units("One.", "Two.", "Three.", "Four.", "Five."), context=2)

    assert found[2] == Passage("Three.", "One.\n\nTwo.", "Four.\n\nFive.")


def test_no_neighbour_is_of_another_document() -> None:
    both = [*units("一。", document="a"), *units("二。", document="b")]

    found = passages(both, context=1)

    assert found == [Passage("一。"), Passage("二。")]


def test_neighbours_are_found_where_documents_stand_in_turns() -> None:
    one, two = units("一。", "三。", document="a"), units("Two.", document="b")

    found = passages([one[0], two[0], one[1]], context=1)

    assert found == [
        Passage("一。", "", "三。"),
        Passage("Two."),
        Passage("三。", "一。", ""),
    ]


def test_no_neighbour_is_in_another_language() -> None:
    found = passages(units("One rose.", "一上升。", "Two rose."), context=1)

    assert found == [
        Passage("One rose.", "", "Two rose."),
        Passage("一上升。"),
        Passage("Two rose.", "One rose.", ""),
    ]


def test_a_heading_is_no_neighbour_and_has_none() -> None:
    first, heading, last = units("One rose.", "A heading", "Two rose.")

    found = passages([first, replace(heading, kind="heading"), last], context=1)

    assert found == [
        Passage("One rose.", "", "Two rose."),
        Passage("A heading"),
        Passage("Two rose.", "One rose.", ""),
    ]


def test_columns_before_and_after_go_before_neighbours_in_the_file() -> None:
    first, second = records(*units("一。", "二。"))

    found = passages_of_records([replace(first, before="前文。"), second], context=1)

    assert found == [Passage("一。", "前文。", ""), Passage("二。", "", "")]


def test_columns_before_and_after_are_not_read_without_context() -> None:
    found = passages_of_records(records(*units("One."), before="Zero.", after="Two."))

    assert found == [Passage("One.")]


def test_a_file_without_neighbours_is_refused() -> None:
    rows = records(*units("One.", document="a"), *units("二。", document="b"))

    with pytest.raises(InputError) as caught:
        passages_of_records(rows, context=1)

    assert str(caught.value) == (
        "no unit has a neighbour: each is its own document\n"
        "  name the column that holds the document with --document, or give the "
        "columns 'before' and 'after'"
    )


def test_a_file_without_targets_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        passages_of_records(records(*units("One.")), targeted=True)

    assert str(caught.value) == (
        "no unit has a target\n  name the column with --target"
    )


def test_a_target_belongs_to_its_own_passage() -> None:
    first, second = records(*units("一。", "二。"))

    found = passages_of_records(
        [replace(first, target="出口管制"), second], context=1, targeted=True
    )

    assert found == [Passage("一。", "", "二。", "出口管制"), Passage("二。", "一。")]


def test_targets_are_not_read_unless_asked_for() -> None:
    found = passages_of_records(records(*units("One."), target="a ban"))

    assert found == [Passage("One.")]
