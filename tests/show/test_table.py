"""Records in every format: escaping, control characters, reading back."""

import csv
import io
import json
import sys
from dataclasses import dataclass

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stance.errors import InputError
from stance.model.evidence import Evidence
from stance.show.table import (
    Value,
    cell,
    printable,
    rows_of,
    to_frame,
    write,
    write_parquet,
)

EVIDENCE: list[dict[str, Value]] = [
    {"term": "出口管制", "weight": 1.25, "start": 0, "end": 4},
    {"term": "win-win", "weight": 0.5, "start": 5, "end": 12},
]
#: What a text can hold: everything but half surrogates.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@dataclass(frozen=True, slots=True)
class Share:
    """A record as the measures return them."""

    label: str
    share: float
    n_units: int


SHARES = (Share("合作", 0.25, 4), Share("none", float("nan"), 0))


def written(
    rows: list[dict[str, Value]], form: str, *, digits: int | None = None
) -> str:
    """Return what is written; the columns are those of the first row."""
    stream = io.StringIO(newline="")
    write(rows, columns=list(rows[0]), format=form, stream=stream, digits=digits)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("$5 & 3% of #1", r"\$5 \& 3\% of \#1"),
        ("a_b {c}", r"a\_b \{c\}"),
        ("~x^2", r"\textasciitilde{}x\textasciicircum{}2"),
        ("C:\\中国", r"C:\textbackslash{}中国"),
        ("a|b", "a|b"),
        ("合作\n共赢", "合作 共赢"),
    ],
)
def test_latex_escapes_what_it_would_obey(text: str, escaped: str) -> None:
    out = written([{"term": text}], "latex")

    assert out.splitlines()[4] == escaped + r" \\"


def test_latex_is_a_whole_table() -> None:
    out = written([{"label": "合作", "p_none": 0.5}], "latex")

    assert out == (
        "\\begin{tabular}{ll}\n\\hline\nlabel & p\\_none \\\\\n\\hline\n"
        "合作 & 0.5 \\\\\n\\hline\n\\end{tabular}\n"
    )


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a|b", r"a\|b"),
        ("合作\n共赢", "合作 共赢"),
        ("$5 & 3% of #1", "$5 & 3% of #1"),
        ("a\\|b", r"a\\\|b"),
    ],
)
def test_markdown_keeps_a_cell_in_its_column(text: str, escaped: str) -> None:
    out = written([{"term": text, "n": 1}], "markdown")

    assert out == f"| term | n |\n| --- | --- |\n| {escaped} | 1 |\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("red\x1b[31m 红", "red␛[31m 红"),
        ("\x00\x07\x08\r\n", "␀␇␈␍␊"),
        ("\x7f", "\ufffd"),
        ("\x9b31m", "\ufffd31m"),
        ("\u202e倒\u202c", "\ufffd倒\ufffd"),
        ("\u2066a\u2069", "\ufffda\ufffd"),
        ("合作\twin-win “é”", "合作\twin-win “é”"),
    ],
    ids=["ESC", "C0", "DEL", "C1", "override", "isolate", "harmless"],
)
def test_control_characters_are_made_visible(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize("form", ["table", "markdown", "latex"])
def test_formats_for_people_send_no_escape_sequence(form: str) -> None:
    out = written([{"term": "红\x1b[31m", "n": 1}], form)

    assert "\x1b" not in out
    assert "红␛[31m" in out


def test_the_terminal_table_does_not_read_markup() -> None:
    out = written([{"term": "[red]出口[/red] :smile:"}], "table")

    assert "[red]出口[/red] :smile:" in out


@given(TEXTS)
def test_json_lines_read_back_as_written(text: str) -> None:
    out = written([{"text": text, "n": 1, "missing": None}], "jsonl")

    assert json.loads(out) == {"text": text, "n": 1, "missing": None}
    assert out.count("\n") == 1


@pytest.mark.parametrize(("form", "delimiter"), [("csv", ","), ("tsv", "\t")])
@given(text=TEXTS)
@example(text="合作\r共赢")
@example(text="合作\r\n\u2028共赢")
@example(text='"a", b\t\x85')
def test_tables_read_back_as_written(form: str, delimiter: str, text: str) -> None:
    out = written([{"text": text, "n": 1}], form)

    assert list(csv.reader(io.StringIO(out, newline=""), delimiter=delimiter)) == [
        ["text", "n"],
        [text, "1"],
    ]


@given(st.floats(allow_nan=False))
def test_floats_read_back_as_written(number: float) -> None:
    assert float(cell(number)) == number


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (float("nan"), ""),
        (True, "true"),
        (False, "false"),
        (7, "7"),
        (0.1, "0.1"),
        (1e-17, "1e-17"),
        (EVIDENCE, "出口管制; win-win"),
        ([], ""),
    ],
)
def test_a_cell_of_a_value(value: Value, text: str) -> None:
    assert cell(value) == text


def test_digits_round_floats_and_nothing_else() -> None:
    rows: list[dict[str, Value]] = [{"label": "0.123456", "n": 123456, "p": 0.123456}]

    out = written(rows, "csv", digits=3)

    assert out == "label,n,p\n0.123456,123456,0.123\n"


def test_missing_numbers_are_null_in_json_lines() -> None:
    out = written([{"low": float("nan"), "p": None}], "jsonl")

    assert out == '{"low": null, "p": null}\n'


def test_lists_stay_lists_in_json_lines() -> None:
    out = written([{"evidence": EVIDENCE}], "jsonl")

    assert json.loads(out) == {"evidence": EVIDENCE}


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl", "markdown", "latex", "table"])
def test_the_number_of_rows_is_returned(form: str) -> None:
    rows = rows_of(SHARES)

    n = write(rows, columns=list(rows[0]), format=form, stream=io.StringIO())

    assert n == 2


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_no_rows_leave_the_header(form: str) -> None:
    stream = io.StringIO()

    write([], columns=["label"], format=form, stream=stream)

    assert stream.getvalue() == "label\n"


def test_rows_have_the_fields_in_order() -> None:
    assert rows_of(SHARES[:1]) == [{"label": "合作", "share": 0.25, "n_units": 4}]
    assert list(rows_of(SHARES)[0]) == ["label", "share", "n_units"]


def test_parquet_reads_back_as_written() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    rows: list[dict[str, Value]] = [
        {"label": "合作", "seen": True, "p": 0.1, "evidence": EVIDENCE},
        {"label": "", "seen": False, "p": None, "evidence": []},
    ]
    stream = io.BytesIO()

    n = write_parquet(rows, columns=list(rows[0]), stream=stream)

    assert n == 2
    assert parquet.read_table(io.BytesIO(stream.getvalue())).to_pylist() == rows


def test_parquet_of_no_rows_keeps_its_columns() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    stream = io.BytesIO()

    write_parquet([], columns=["label", "share"], stream=stream)
    table = parquet.read_table(io.BytesIO(stream.getvalue()))

    assert table.column_names == ["label", "share"]


def test_parquet_without_pyarrow_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    with pytest.raises(InputError) as caught:
        write_parquet(rows_of(SHARES), columns=["label"], stream=io.BytesIO())

    assert str(caught.value) == (
        "the format parquet needs pyarrow, which is not installed\n"
        "  install it with: pip install 'stance[parquet]'"
    )


def test_a_frame_has_a_row_a_record() -> None:
    pytest.importorskip("pandas")

    frame = to_frame(SHARES)

    assert list(frame.columns) == ["label", "share", "n_units"]
    assert frame["label"].tolist() == ["合作", "none"]
    assert frame["share"].isna().tolist() == [False, True]


def test_a_named_tuple_is_a_row_of_its_fields() -> None:
    item = Evidence("出口管制", 1.5, 5, 9, "words", "export_control@zh")

    (row,) = rows_of([item])

    assert list(row.items())[:3] == [
        ("term", "出口管制"),
        ("weight", 1.5),
        ("start", 5),
    ]
