"""Parquet files as rows: as other data files, read in batches."""

import datetime
import sys
from pathlib import Path

import pytest

from stance.corpus import parquet as module
from stance.corpus.parquet import count_rows, parquet_rows
from stance.corpus.records import read_records, read_rows
from stance.errors import InputError

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

ROWS = {
    "id": ["a", "b", "c"],
    "text": ["Trade grew.", "双方同意扩大合作。", "“Ｔ，” cafe\u0301\r\n"],
    "doc": ["d1", "d1", None],
}


def save(name: str, **columns: object) -> None:
    """Write a file with these columns."""
    parquet.write_table(pyarrow.table(columns), name, row_group_size=2)


def test_rows_are_those_of_a_table(here: Path) -> None:
    save("a.parquet", **ROWS)

    found = list(read_records("a.parquet"))

    assert [r.unit.text for r in found] == ROWS["text"]
    assert [(r.unit.id, r.unit.document_id, r.line) for r in found] == [
        ("a", "d1", 1), ("b", "d1", 2), ("c", "c", 3),
    ]  # fmt: skip
    assert [r.unit.language for r in found] == ["en", "zh", "en"]


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_batches_change_nothing(
    here: Path, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    save("a.parquet", **ROWS)
    before = list(read_records("a.parquet"))
    monkeypatch.setattr(module, "BATCH", batch)

    assert list(read_records("a.parquet")) == before


def test_values_are_texts(here: Path) -> None:
    save(
        "a.parquet",
        n=[1, None], x=[0.5, 1.0], yes=[True, False],
        day=[datetime.date(2015, 5, 1), None],
        kind=pyarrow.array(["甲", "甲"]).dictionary_encode(),
    )  # fmt: skip

    assert list(read_rows("a.parquet")) == [
        (1, {"n": "1", "x": "0.5", "yes": "true", "day": "2015-05-01", "kind": "甲"}),
        (2, {"n": "", "x": "1", "yes": "false", "day": "", "kind": "甲"}),
    ]


def test_columns_that_hold_nothing_of_a_unit_are_not_read(here: Path) -> None:
    save("a.parquet", **ROWS, vector=[[0.1, 0.2]] * 3)

    assert [r.unit.id for r in read_records("a.parquet")] == ["a", "b", "c"]
    assert list(next(read_rows("a.parquet"))[1]) == ["id", "text", "doc"]


def test_columns_may_be_named(here: Path) -> None:
    save("a.parquet", 正文=["合作。"], text=["no"])

    (record,) = read_records("a.parquet", columns={"text": "正文"})

    assert record.unit.text == "合作。"


def test_rows_are_counted_without_reading_them(here: Path) -> None:
    save("a.parquet", **ROWS)

    assert count_rows("a.parquet") == 3


def test_an_open_file_is_read_and_left_open(here: Path) -> None:
    save("a.parquet", **ROWS)

    with open("a.parquet", "rb") as file:
        assert len(list(parquet_rows("a.parquet", file))) == 3
        assert not file.closed


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            {"id": ["a", "b", "a"], "text": ["x", "y", "z"]},
            "a.parquet:3: id 'a' stands in row 1 already\n"
            "  ids must be unique; name another column with --id",
        ),
        (
            {"text": ["合作", None]},
            "a.parquet:2: the text is empty\n  mend or remove the row",
        ),
        (
            {"body": ["合作"], "id": ["1"]},
            "a.parquet: no text column\n  name it with --text; columns: body, id",
        ),
        (
            {"text": [["合作"]]},
            "a.parquet: column 'text' holds list<element: string>; texts were expected",
        ),
        ({"text": [b"\xff"]}, "a.parquet: column 'text' is not UTF-8"),
        ({"text": pyarrow.array([], "string")}, "a.parquet: holds no rows"),
    ],
    ids=["id twice", "no text", "no text column", "a list", "bytes", "no rows"],
)
def test_a_bad_file_is_refused(
    here: Path, columns: dict[str, object], message: str
) -> None:
    save("a.parquet", **columns)

    with pytest.raises(InputError) as error:
        list(read_records("a.parquet"))

    assert str(error.value) == message


def test_a_column_that_stands_twice_is_refused(here: Path) -> None:
    table = pyarrow.table([["a"], ["b"]], names=["text", "text"])
    parquet.write_table(table, "a.parquet")

    with pytest.raises(InputError, match=r"^a\.parquet: column 'text' stands twice"):
        list(read_records("a.parquet"))


@pytest.mark.parametrize("kept", [0, 3, 100, -1])
def test_a_file_that_was_cut_is_refused(here: Path, kept: int) -> None:
    save("a.parquet", **ROWS)
    raw = Path("a.parquet").read_bytes()
    Path("a.parquet").write_bytes(raw[:kept])

    with pytest.raises(InputError) as error:
        list(read_records("a.parquet"))

    assert str(error.value) == (
        "a.parquet: is not a Parquet file, or a damaged one\n"
        "  restore the file, or write it again"
    )


def test_a_file_that_is_missing_is_refused(here: Path) -> None:
    with pytest.raises(InputError, match=r"^a\.parquet: no such file$"):
        list(read_records("a.parquet"))


def test_without_pyarrow_the_extra_is_named(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save("a.parquet", **ROWS)
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    with pytest.raises(InputError) as error:
        list(read_records("a.parquet"))

    assert str(error.value) == (
        "a.parquet: a .parquet file needs pyarrow, which is not installed\n"
        "  install it with: pip install 'stance[parquet]'"
    )
