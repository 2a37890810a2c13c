"""The table of classify: bar, rows, counts."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.corpus.document import Passage
from stance.model.classify import Labelled
from stance.model.evidence import Evidence
from stance.show.rows import columns_of, counts_line, row_of
from stance.show.screen import BAR, bar, show
from stance.testing import paragraph

LABELS = ("合作", "competition", "none")
TERM = Evidence("出口管制", 1.5, 5, 9, "words", "export_control@zh")


@st.composite
def shares(draw: st.DrawFn) -> tuple[float, ...]:
    """Draw one to nine probabilities that sum to 1."""
    numbers = draw(st.lists(st.floats(0, 1e6), min_size=1, max_size=9))
    total = sum(numbers)
    even = (1 / len(numbers),) * len(numbers)
    return tuple(number / total for number in numbers) if total > 1e-300 else even


def labelled(
    text: str = "加强出口管制，扩大开放。",
    *,
    id: str = "讲话:p001",
    kind: str = "body",
    proba: tuple[float, ...] = (0.25, 0.5, 0.25),
    abstained: bool = False,
    seen: bool = False,
) -> Labelled:
    unit = paragraph(text, id=id, kind=kind)
    label = LABELS[proba.index(max(proba))] if proba else ""
    evidence = (TERM,) if label else ()
    return Labelled(unit, label, abstained, seen, proba, evidence, Passage(text))


def shown(*items: Labelled) -> list[str]:
    """Return the lines of the table without the blanks at their ends."""
    stream = io.StringIO()
    show(items, LABELS, stream)
    return [line.rstrip() for line in stream.getvalue().splitlines()]


@given(proba=shares(), width=st.integers(1, 120))
def test_a_bar_has_exactly_its_width(proba: tuple[float, ...], width: int) -> None:
    assert len(bar(proba, width=width).plain) == width


@given(shares())
def test_a_bar_gives_no_label_more_than_a_cell_too_much(
    proba: tuple[float, ...],
) -> None:
    text = bar(proba[:4])
    cells = [text.plain.count(fill) for fill in "█▓▒░"]

    assert cells == pytest.approx([*[p * BAR for p in proba[:4]], 0, 0, 0][:4], abs=1)


@pytest.mark.parametrize(
    ("proba", "cells"),
    [
        ((1.0, 0.0), "████████"),
        ((0.0, 1.0), "▓▓▓▓▓▓▓▓"),
        ((0.5, 0.25, 0.25), "████▓▓▒▒"),
        ((0.25,) * 4, "██▓▓▒▒░░"),
    ],
)
def test_a_bar_shows_each_label_by_its_fill(
    proba: tuple[float, ...], cells: str
) -> None:
    assert bar(proba, width=8).plain == cells


def test_a_line_counts_the_labels_that_occur_in_label_order() -> None:
    items = [
        labelled(proba=(0.2, 0.2, 0.6)),
        labelled(),
        labelled(proba=(0.6, 0.2, 0.2)),
        labelled(),
    ]

    line = counts_line("讲话", items, LABELS)

    assert line == "讲话: 4 labelled (合作 1, competition 2, none 1)"


def test_a_line_counts_what_is_abstained_from_and_what_is_no_content() -> None:
    items = [
        labelled(),
        labelled(proba=(), abstained=True),
        labelled(proba=(), kind="heading"),
        labelled(proba=(), kind="boilerplate"),
    ]

    line = counts_line("brief", items, LABELS)

    assert line == "brief: 1 labelled (competition 1, abstained 1), 2 not content"


def test_a_line_without_any_label_has_no_brackets() -> None:
    line = counts_line("brief", [labelled(proba=(), kind="heading")], LABELS)

    assert line == "brief: 0 labelled, 1 not content"


def test_the_table_shows_id_label_bar_and_evidence() -> None:
    lines = shown(labelled())

    assert lines == [
        "probabilities: ██ 合作  ▓▓ competition  ▒▒ none",
        "",
        "paragraph  label        probabilities         evidence",
        "讲话:p001  competition  █████▓▓▓▓▓▓▓▓▓▓▒▒▒▒▒  出口管制",
        "讲话: 1 labelled (competition 1)",
    ]


def test_a_paragraph_seen_in_training_is_marked() -> None:
    lines = shown(labelled(seen=True))

    assert lines[3].startswith("讲话:p001 *  competition")


def test_what_is_not_content_shows_its_kind_and_its_words() -> None:
    lines = shown(labelled("出口管制", proba=(), kind="heading"))

    assert lines[3].split() == ["讲话:p001", "heading", "出口管制"]


@pytest.mark.parametrize("text", ["出口管制" * 50, "export controls " * 20])
def test_a_long_heading_is_cut_off_in_one_line(text: str) -> None:
    lines = shown(labelled(text, proba=(), kind="heading"))

    assert lines[3].endswith("…")
    assert lines[4] == "讲话: 0 labelled, 1 not content"


def test_an_abstention_is_named() -> None:
    lines = shown(labelled("Quetzalcoatl", proba=(), abstained=True))

    assert lines[3].split() == ["讲话:p001", "(abstained)", "Quetzalcoatl"]


def test_documents_have_their_own_tables_and_counts() -> None:
    lines = shown(labelled(), labelled(id="brief:p001"), labelled(id="brief:p002"))

    assert [line for line in lines if "labelled" in line] == [
        "讲话: 1 labelled (competition 1)",
        "brief: 2 labelled (competition 2)",
    ]


def test_units_without_a_document_are_counted_in_fifties() -> None:
    items = [labelled(id=f"tweet-{n}") for n in range(60)]

    lines = shown(*items)

    assert [line for line in lines if "labelled" in line] == [
        "50 units: 50 labelled (competition 50)",
        "10 units: 10 labelled (competition 10)",
    ]


def test_the_number_of_paragraphs_is_returned() -> None:
    n = show([labelled(), labelled(id="brief:p001")], LABELS, io.StringIO())

    assert n == 2


def test_control_characters_of_a_text_do_not_reach_the_terminal() -> None:
    stream = io.StringIO()

    show([labelled("红\x1b[31m", proba=(), id="a\x9b:p001")], LABELS, stream)

    assert "\x1b" not in stream.getvalue()
    assert "\x9b" not in stream.getvalue()


def test_markup_of_a_text_is_not_read() -> None:
    lines = shown(labelled("[red]出口[/red]", proba=(), kind="heading"))

    assert lines[3].endswith("[red]出口[/red]")


def test_a_record_has_its_columns_in_order() -> None:
    assert list(row_of(labelled(), LABELS)) == columns_of(LABELS)


def test_a_record_holds_the_evidence_with_its_place() -> None:
    row = row_of(labelled(), LABELS)

    assert row["evidence"] == [
        {"term": "出口管制", "weight": 1.5, "start": 5, "end": 9}
    ]


def test_a_record_without_label_has_no_probability() -> None:
    row = row_of(labelled(proba=(), kind="heading"), LABELS)

    assert [row[f"p_{label}"] for label in LABELS] == [None, None, None]
