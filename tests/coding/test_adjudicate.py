"""Tests of `stance.coding.adjudicate`."""

from collections import Counter

import pytest

from stance.coding.adjudicate import Adjudicated, adjudicate
from stance.coding.annotation import Annotation
from stance.model.project import Project


def votes(*labels: str, unit: str = "d:p001", of: str = "frame") -> list[Annotation]:
    return [
        Annotation(f"{unit}-{coder}", unit, "", of, label, f"coder-{coder}", "")
        for coder, label in enumerate(labels)
    ]


def test_two_of_three_make_the_label() -> None:
    rows = adjudicate(votes("none", "competition", "none"), variable="frame")

    assert rows == (
        Adjudicated(
            unit_id="d:p001",
            variable="frame",
            label="none",
            n_coders=3,
            disputed=True,
            votes="none 2, competition 1",
        ),
    )


@pytest.mark.parametrize(
    "labels",
    [
        ("cooperation", "competition"),
        ("合作", "竞争", "反制"),
        ("none", "none", "competition", "competition"),
        ("none", "none", "cooperation", "competition"),
    ],
)
def test_without_a_majority_there_is_no_label(labels: tuple[str, ...]) -> None:
    rows = adjudicate(votes(*labels), variable="frame")

    assert [(row.label, row.disputed) for row in rows] == [("", True)]


def test_what_all_coders_say_is_not_disputed() -> None:
    rows = adjudicate(votes("合作", "合作", "合作"), variable="frame")

    assert [(row.label, row.disputed) for row in rows] == [("合作", False)]


def test_one_coder_decides_alone() -> None:
    rows = adjudicate(votes("cooperation"), variable="frame")

    assert [(row.label, row.n_coders) for row in rows] == [("cooperation", 1)]


def test_equal_votes_are_listed_in_alphabetical_order() -> None:
    rows = adjudicate(votes("none", "competition"), variable="frame")

    assert [row.votes for row in rows] == ["competition 1, none 1"]


def test_other_variables_have_no_vote() -> None:
    frame, actor = votes("none"), votes("us", "china", of="actor")

    rows = adjudicate([*frame, *actor], variable="frame")

    assert [(row.label, row.n_coders) for row in rows] == [("none", 1)]


def test_units_are_sorted() -> None:
    second, first = votes("none", unit="d:p002"), votes("none", unit="d:p001")

    rows = adjudicate([*second, *first], variable="frame")

    assert [row.unit_id for row in rows] == ["d:p001", "d:p002"]


def test_the_seeds_frames_are_66_30_14_and_14(seeds: Project) -> None:
    rows = adjudicate(seeds.annotations, variable="frame")

    assert Counter(row.label for row in rows) == {
        "competition": 66,
        "cooperation": 30,
        "countermeasure": 14,
        "none": 14,
    }


def test_five_seed_paragraphs_are_disputed(seeds: Project) -> None:
    rows = adjudicate(seeds.annotations, variable="frame")

    assert [row.unit_id for row in rows if row.disputed] == [
        "chinadaily-2012:p011",
        "gu-liu-2022:p019",
        "gu-liu-2022:p020",
        "gu-liu-2022:p115",
        "gu-liu-2022:p116",
    ]


def test_the_seeds_content_and_nothing_else_has_a_frame(seeds: Project) -> None:
    rows = adjudicate(seeds.annotations, variable="frame")
    content = [unit.id for unit in seeds.corpus.paragraphs if unit.counted]

    assert [row.unit_id for row in rows] == sorted(content)
