"""Data files to units of analysis, a row each: .jsonl, .csv, .tsv and .parquet.

Rows are given as they are read; of those before only their ids are kept, in bytes.
"""

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from stance.corpus.document import Paragraph
from stance.corpus.ids import Ids
from stance.corpus.lines import text_lines
from stance.corpus.read import MAX_LINE, check_text, unit_of
from stance.errors import InputError, nearest

#: The names that a column may have without being named on the command line.
COLUMN_NAMES = {
    "text": ("text",),
    "id": ("id", "unit_id"),
    "label": ("label",),
    "document": ("document", "doc"),
    "date": ("date",),
    "source": ("source",),
    "language": ("language", "lang"),
    "target": ("target",),
    "before": ("before",),
    "after": ("after",),
    "design": ("design",),
    "probability": ("probability",),
    "group": (),
}
#: The roles whose cells a record holds as they are.
PLAIN = (
    "label", "date", "source", "target", "before", "after", "design", "probability",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """A row of a data file as a unit of analysis, with its other columns.

    ``group`` reads ``group:<value>`` of a column named so, else ``document:<id>``.
    """

    unit: Paragraph
    line: int
    label: str = ""
    group: str = ""
    date: str = ""
    source: str = ""
    target: str = ""
    before: str = ""
    after: str = ""
    design: str = ""
    probability: str = ""


def _cell(value: object) -> str:
    """Return a JSON value that is no string as a cell; null is an empty one."""
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _json_rows(
    lines: Iterable[str], path: str | Path
) -> Iterator[tuple[int, dict[str, str]]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            is_deep = isinstance(error, RecursionError)
            reason = (
                "too deep" if is_deep else getattr(error, "msg", "a number too long")
            )
            raise InputError(
                f"not JSON: {reason}",
                path=path,
                line=number,
                hint="a .jsonl file holds one JSON object a line",
            ) from None
        if not isinstance(row, dict):
            raise InputError("not a JSON object", path=path, line=number)
        yield (
            number,
            {
                key: value if isinstance(value, str) else _cell(value)
                for key, value in row.items()
            },
        )


def _table_rows(
    lines: Iterable[str], path: str | Path, delimiter: str
) -> Iterator[tuple[int, dict[str, str]]]:
    csv.field_size_limit(MAX_LINE)
    reader = csv.DictReader(lines, delimiter=delimiter, strict=True)
    try:
        names = list(reader.fieldnames or ())
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise InputError(
                f"column {twice[0]!r} stands twice", path=path, line=1,
                hint="rename one of the two",
            )  # fmt: skip
        for row in reader:
            if None in row or None in row.values():
                raise InputError(
                    f"{len(reader.fieldnames or ())} fields were expected, as in the "
                    "header",
                    path=path,
                    line=reader.line_num,
                    hint="quote a field that holds the separator or a line break",
                )
            yield reader.line_num, row
    except csv.Error as error:
        raise InputError(
            f"not a table: {error}", path=path, line=reader.line_num + 1
        ) from None


def read_rows(
    path: str | Path,
    *,
    encoding: str = "",
    raw: bytes | IO[bytes] | None = None,
    format: str = "",
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line, row) of a data file, every value a string.

    Parameters
    ----------
    path : str or Path
        The file; its ending says what it is, unless ``format`` does.
    encoding : str, optional
        Nothing is guessed then.
    raw : bytes or binary file, optional
        What it holds, where it is open already, or is standard input.
    format : str, optional
        ``jsonl``, ``csv``, ``tsv`` or ``parquet``, whose rows are counted, not lines.
    """
    kind = _kind(path, format)
    if kind == "parquet":
        from stance.corpus.parquet import parquet_rows

        yield from parquet_rows(path, raw)
        return
    newline = "\n" if kind == "jsonl" else ""
    lines = text_lines(path, raw, encoding=encoding, newline=newline)
    if kind == "jsonl":
        yield from _json_rows(lines, path)
    else:
        yield from _table_rows(lines, path, "\t" if kind == "tsv" else ",")


def _kind(path: str | Path, format: str) -> str:
    return format or Path(path).suffix[1:].lower()


def check_label(record: Record, path: str | Path) -> None:
    """Raise `InputError`, with the line, for a unit without a label."""
    if not record.label.strip():
        raise InputError(
            f"unit {record.unit.id!r} has no label",
            path=path,
            line=record.line,
            hint="name the column with --label, or remove the row",
        )


def find_columns(
    row: dict[str, str], named: dict[str, str], path: str | Path
) -> dict[str, str]:
    """Return which column holds what: as named, else by the usual names.

    Raises
    ------
    InputError
        If a named column, or the text, is not there; the nearest name is offered.

    Examples
    --------
    >>> find_columns({"text": "", "doc": ""}, {}, "a.csv")
    {'text': 'text', 'document': 'doc'}
    """
    found: dict[str, str] = {}
    for role, usual in COLUMN_NAMES.items():
        name = named.get(role) or next((u for u in usual if u in row), "")
        if name and (named.get(role) or role == "text") and name not in row:
            raise InputError(
                f"no column {name!r}", path=path, hint=nearest(name, list(row))
            )
        if name:
            found[role] = name
    if "text" not in found:
        raise InputError(
            "no text column",
            path=path,
            hint=f"name it with --text; columns: {', '.join(row)}",
        )
    return found


def read_records(
    path: str | Path,
    *,
    columns: dict[str, str] | None = None,
    encoding: str = "",
    raw: bytes | IO[bytes] | None = None,
    format: str = "",
) -> Iterator[Record]:
    """Yield the units of a data file, a row each, as they are read.

    Parameters
    ----------
    path : str or Path
        A .jsonl, .csv, .tsv or .parquet file.
    columns : dict, optional
        From ``text``, ``id``, ``label``, ``document``, ``group``, ... to column names,
        where they differ from the usual ones.
    encoding, raw, format
        As for `read_rows`.

    Yields
    ------
    Record
        Its document is the column named so, else the group, else the unit itself.

    Raises
    ------
    InputError
        With the line: no such column, an empty text, an id twice.
    """
    ids = Ids()
    found: dict[str, str] = {}
    stem = "stdin" if str(path) == "-" else Path(path).stem
    index = 0
    for index, (line, row) in enumerate(
        _rows(path, columns or {}, encoding=encoding, raw=raw, format=format), start=1
    ):
        if index == 1:
            found = find_columns(row, columns or {}, path)
        cell = {role: row.get(name, "") for role, name in found.items()}
        text = cell["text"]
        for value in cell.values():
            check_text(value, path, line)
        if not text.strip() or "\x00" in text:
            what = "has NUL characters" if text.strip() else "is empty"
            raise InputError(
                f"the text {what}", path=path, line=line, hint="mend or remove the row"
            )
        unit_id = cell.get("id") or f"{stem}:{index}"
        if before := ids.add(unit_id, line):
            place = "row" if _kind(path, format) == "parquet" else "line"
            raise InputError(
                f"id {unit_id!r} stands in {place} {before} already",
                path=path,
                line=line,
                hint="ids must be unique; name another column with --id",
            )
        document = cell.get("document") or cell.get("group") or unit_id
        group = cell.get("group", "")
        given = cell.get("language", "")
        known = given if given in ("en", "zh", "mixed", "other") else ""
        yield Record(
            unit=unit_of(unit_id, document, index, text, language=known),
            line=line,
            group=f"group:{group}" if group else f"document:{document}",
            **{role: cell.get(role, "") for role in PLAIN},
        )
    if not index:
        raise InputError("holds no rows", path=path)


def _rows(
    path: str | Path,
    columns: dict[str, str],
    *,
    encoding: str,
    raw: bytes | IO[bytes] | None,
    format: str,
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield rows; of a Parquet file only the columns that hold something of a unit."""
    if _kind(path, format) != "parquet":
        yield from read_rows(path, encoding=encoding, raw=raw, format=format)
        return
    from stance.corpus.parquet import parquet_rows

    def choose(names: list[str]) -> set[str]:
        return set(find_columns(dict.fromkeys(names, ""), columns, path).values())

    yield from parquet_rows(path, raw, choose=choose)
