"""Data files to units of analysis: columns, ids and texts as they stand."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stance.corpus.document import Paragraph
from stance.corpus.records import Record, find_columns, read_records, read_rows

#: A text that a file of records may hold: not blank, no NUL, no half surrogate pair.
TEXTS = st.lists(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")).filter(
        str.strip
    ),
    min_size=1,
    max_size=5,
)
ODD = [
    "“Ｔｅｃｈ，war”，\u3000cafe\u0301",
    '"quoted", 管制',
    "a\r\nb\rc\nd",
    " x ",
    "\ufeffa",
]


def csv_of(rows: list[list[str]], delimiter: str = ",") -> bytes:
    """Return the bytes of a table, written as the standard library writes it."""
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue().encode()


@given(TEXTS)
@example(ODD)
def test_texts_come_back_from_csv_as_they_were(texts: list[str]) -> None:
    raw = csv_of([["id", "text"], *([f"r{n}", text] for n, text in enumerate(texts))])

    found = list(read_records("a.csv", raw=raw))

    assert [record.unit.text for record in found] == texts


@given(TEXTS)
@example(ODD)
def test_texts_come_back_from_tsv_as_they_were(texts: list[str]) -> None:
    raw = csv_of(
        [["text", "label"], *([text, "none"] for text in texts)], delimiter="\t"
    )

    found = list(read_records("a.tsv", raw=raw))

    assert [record.unit.text for record in found] == texts


@given(TEXTS, st.booleans())
@example(ODD, False)
def test_texts_come_back_from_jsonl_as_they_were(
    texts: list[str], escaped: bool
) -> None:
    lines = [json.dumps({"text": text}, ensure_ascii=escaped) for text in texts]

    found = list(read_records("a.jsonl", raw="\n".join(lines).encode()))

    assert [record.unit.text for record in found] == texts


def test_the_usual_column_names_need_not_be_named() -> None:
    raw = csv_of(
        [
            ["id", "text", "label", "document", "date", "source", "language"],
            ["u1", "扩大开放。", "cooperation", "cass", "2015", "CASS", "zh"],
        ]
    )

    (record,) = read_records("a.csv", raw=raw)

    unit = Paragraph("u1", "cass", 1, 0, 5, "zh", "body", "", "扩大开放。")
    assert record == Record(unit, 2, "cooperation", "document:cass", "2015", "CASS")


def test_given_names_are_used() -> None:
    raw = csv_of([["nr", "body", "code", "topic"], ["7", "Trade grew.", "x", "trade"]])
    columns = {"id": "nr", "text": "body", "label": "code", "group": "topic"}

    (record,) = read_records("a.csv", raw=raw, columns=columns)

    unit = Paragraph("7", "trade", 1, 0, 11, "en", "body", "", "Trade grew.")
    assert record == Record(unit, 2, "x", "group:trade")


def test_a_given_name_stands_before_a_usual_one() -> None:
    raw = csv_of([["text", "正文"], ["no", "合作。"]])

    (record,) = read_records("a.csv", raw=raw, columns={"text": "正文"})

    assert record.unit.text == "合作。"


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"text": "", "unit_id": "", "doc": "", "lang": ""},
         {"text": "text", "id": "unit_id", "document": "doc", "language": "lang"}),
        ({"text": "", "id": "", "unit_id": ""}, {"text": "text", "id": "id"}),
        ({"text": "", "Label": "", "group": ""}, {"text": "text"}),
    ],
)  # fmt: skip
def test_columns_are_found_by_their_usual_names(
    row: dict[str, str], found: dict[str, str]
) -> None:
    assert find_columns(row, {}, "a.csv") == found


def test_ids_stay_strings() -> None:
    raw = csv_of([["id", "text"], ["001", "a"], ["1e5", "b"], ["1.0", "c"], ["1", "d"]])

    found = [record.unit.id for record in read_records("a.csv", raw=raw)]

    assert found == ["001", "1e5", "1.0", "1"]


def test_words_for_nothing_stay_texts() -> None:
    raw = csv_of([["text"], ["NA"], ["null"], ["NaN"], ["None"], ["无"]])

    found = [record.unit.text for record in read_records("a.csv", raw=raw)]

    assert found == ["NA", "null", "NaN", "None", "无"]


def test_rows_without_an_id_are_counted() -> None:
    raw = b'{"text": "a"}\n{"text": "\xe4\xb9\x99"}\n'

    found = [record.unit.id for record in read_records("data/pilot.jsonl", raw=raw)]

    assert found == ["pilot:1", "pilot:2"]


def test_rows_of_standard_input_are_named_so() -> None:
    (record,) = read_records("-", raw=b'{"text": "a"}', format="jsonl")

    assert record.unit.id == "stdin:1"


def test_a_number_in_json_is_read_as_a_string() -> None:
    raw = b'{"id": 17, "text": "a", "label": true}'

    (record,) = read_records("a.jsonl", raw=raw)

    assert (record.unit.id, record.label) == ("17", "true")


def test_a_column_that_is_null_at_first_is_still_a_column() -> None:
    raw = b'{"text": "a", "label": null}\n{"text": "b", "label": "cooperation"}'

    found = [record.label for record in read_records("a.jsonl", raw=raw)]

    assert found == ["", "cooperation"]


def test_a_named_column_that_is_null_at_first_is_still_a_column() -> None:
    raw = b'{"text": "a", "code": null}\n{"text": "b", "code": "x"}'

    found = read_records("a.jsonl", raw=raw, columns={"label": "code"})

    assert [record.label for record in found] == ["", "x"]


def test_the_group_of_a_unit_is_its_document_by_default() -> None:
    raw = csv_of([["text", "doc"], ["a", "d1"], ["b", ""]])

    found = [record.group for record in read_records("a.csv", raw=raw)]

    assert found == ["document:d1", "document:a:2"]


def test_a_group_and_a_document_of_one_name_are_two_things() -> None:
    raw = csv_of([["text", "doc", "topic"], ["a", "贸易", ""], ["b", "", "贸易"]])

    found = read_records("a.csv", raw=raw, columns={"group": "topic"})

    assert [record.group for record in found] == ["document:贸易", "group:贸易"]


def test_a_unit_without_a_group_falls_back_to_its_document() -> None:
    raw = csv_of([["text", "doc", "topic"], ["a", "d1", ""], ["b", "d1", "t"]])

    found = read_records("a.csv", raw=raw, columns={"group": "topic"})

    assert [record.group for record in found] == ["document:d1", "group:t"]


def test_neighbours_and_target_are_as_they_stand_in_the_row() -> None:
    raw = csv_of(
        [["text", "target", "before", "after"], ["a", "禁令 ", "Before.", "之后。"]]
    )

    (record,) = read_records("a.csv", raw=raw)

    assert (record.target, record.before, record.after) == (
        "禁令 ",
        "Before.",
        "之后。",
    )


@pytest.mark.parametrize(
    ("given_language", "language"),
    [("zh", "zh"), ("other", "other"), ("", "en"), ("Mandarin", "en")],
)
def test_a_language_is_as_given_or_found(given_language: str, language: str) -> None:
    raw = csv_of([["text", "lang"], ["Trade grew.", given_language]])

    (record,) = read_records("a.csv", raw=raw)

    assert record.unit.language == language


def test_a_quoted_field_may_hold_line_breaks() -> None:
    raw = b'id,text\r\n1,"first\r\nsecond"\r\n2,"\xe4\xb9\x99\n\xe4\xb8\x99"\r\n'

    found = [record.unit.text for record in read_records("a.csv", raw=raw)]

    assert found == ["first\r\nsecond", "乙\n丙"]


def test_a_separator_line_of_unicode_ends_no_json_row() -> None:
    raw = '{"text": "合作\u2028control\x85"}'.encode()

    (record,) = read_records("a.jsonl", raw=raw)

    assert record.unit.text == "合作\u2028control\x85"


def test_empty_lines_between_rows_are_left_out() -> None:
    raw = b'{"text": "a"}\r\n\r\n{"text": "b"}\r\n'

    found = [record.line for record in read_records("a.jsonl", raw=raw)]

    assert found == [1, 3]


def test_a_file_says_by_its_ending_what_it_is(here: Path) -> None:
    (here / "a.tsv").write_text("id\ttext\n1\ta, 合作\n", encoding="utf-8")

    assert list(read_rows("a.tsv")) == [(2, {"id": "1", "text": "a, 合作"})]
