"""Records to the terminal, CSV, TSV, JSON Lines, Markdown, LaTeX, Parquet, DataFrame.

The bytes of every format but ``table`` depend on the records alone: not on the width
of the window, the locale or colour.
"""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from itertools import chain, islice
from typing import IO, TYPE_CHECKING

from stance.errors import InputError

if TYPE_CHECKING:
    import pandas

Value = str | int | float | bool | None | list[dict[str, "Value"]]
Row = Mapping[str, Value]
FORMATS = ("auto", "table", "csv", "tsv", "jsonl", "markdown", "latex", "parquet")
#: What a terminal could obey: C0 but tab, DEL, C1, and the signs that turn direction.
CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
LATEX = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#",
    "_": r"\_", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}  # fmt: skip


def printable(text: str) -> str:
    r"""Return a text with every control character shown, not sent to the terminal.

    Examples
    --------
    >>> printable("red\x1b[31m")
    'red␛[31m'
    """
    return CONTROL.sub(
        lambda m: chr(0x2400 + ord(m.group())) if m.group() < " " else "\ufffd", text
    )


def rows_of(records: Iterable[object]) -> list[dict[str, Value]]:
    """Return records (dataclasses or named tuples of scalars) as rows, in order.

    Examples
    --------
    >>> from stance.coding.adjudicate import Adjudicated
    >>> row = Adjudicated("d:p001", "frame", "none", 3, False, "none 3")
    >>> rows_of([row])[0]["label"]
    'none'
    """
    return [
        record._asdict()
        if isinstance(record, tuple) and hasattr(record, "_asdict")
        else {field.name: getattr(record, field.name) for field in fields(record)}  # type: ignore[arg-type]
        for record in records
    ]


def cell(value: Value, *, digits: int | None = None) -> str:
    """Return a value as a cell of text: ``repr`` of a float, nothing for a missing one.

    Examples
    --------
    >>> [cell(v) for v in (0.1, float("nan"), True, None)]
    ['0.1', '', 'true', '']
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value if digits is None else rounded(value, digits))
    if isinstance(value, list):
        return "; ".join(str(item.get("term", "")) for item in value)
    return str(value)


def rounded(value: float, digits: int) -> float:
    """Return a number rounded for people; what would be 0 keeps its first digit.

    Examples
    --------
    >>> rounded(0.12345, 3), rounded(0.0000217, 3), rounded(0.0, 3)
    (0.123, 2e-05, 0.0)
    """
    short = round(value, digits)
    return short if short or not value else float(f"{value:.0e}")


def write(
    rows: Iterable[Row],
    *,
    columns: Sequence[str],
    format: str,
    stream: IO[str],
    digits: int | None = None,
) -> int:
    """Write rows to a text stream and return how many there were.

    Parameters
    ----------
    rows : iterable of mapping
        Written as they come in ``csv``, ``tsv`` and ``jsonl``; else collected first.
    columns : sequence of str
        In order.
    format : str
        One of ``FORMATS`` but ``auto`` and ``parquet``.
    stream : text file
        Open for writing.
    digits : int, optional
        Round floats for people; without it reading back loses nothing.

    Examples
    --------
    >>> import sys
    >>> write([{"label": "none", "share": 0.5}], columns=["label", "share"],
    ...       format="markdown", stream=sys.stdout)
    | label | share |
    | --- | --- |
    | none | 0.5 |
    1
    """
    n = 0
    rows = _begun(rows)
    if format == "jsonl":
        for row in rows:
            n += 1
            stream.write(_json_line({name: row.get(name) for name in columns}, digits))
        return n
    if format in ("csv", "tsv"):
        writer = csv.writer(_Lines(stream), delimiter="\t" if format == "tsv" else ",")
        writer.writerow(columns)
        for row in rows:
            n += 1
            writer.writerow([cell(row.get(name), digits=digits) for name in columns])
        return n
    table = [[cell(row.get(name), digits=digits) for name in columns] for row in rows]
    if format == "markdown":
        for line in (list(columns), ["---"] * len(columns), *table):
            safe = [
                _plain(text).replace("\\", r"\\").replace("|", r"\|") for text in line
            ]
            stream.write(f"| {' | '.join(safe)} |\n")
    elif format == "latex":
        _write_latex(columns, table, stream)
    else:
        _write_terminal(columns, table, stream)
    return len(table)


def _begun(rows: Iterable[Row]) -> Iterable[Row]:
    """Take the first row before anything is written: the input may be refused."""
    remaining = iter(rows)
    first = list(islice(remaining, 1))
    return chain(first, remaining)


class _Lines:
    """Ends lines with a line feed; the csv module quotes only the ends it writes."""

    def __init__(self, stream: IO[str]) -> None:
        self.stream = stream

    def write(self, line: str) -> int:
        return self.stream.write(line.removesuffix("\r\n") + "\n")


def _plain(text: str) -> str:
    """Return a text on one line, without what a terminal would obey."""
    return printable(" ".join(text.split()))


def _json_line(row: Row, digits: int | None) -> str:
    """Return a row as a line; a number that is none is null, which JSON has not."""
    if digits is None:
        try:
            return _ENCODER.encode(row) + "\n"
        except ValueError:
            pass
    return _ENCODER.encode({k: _json_value(v, digits) for k, v in row.items()}) + "\n"


def _json_value(value: Value, digits: int | None) -> Value:
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return value if digits is None else rounded(value, digits)
    if isinstance(value, list):
        return [
            {key: _json_value(inner, digits) for key, inner in item.items()}
            for item in value
        ]
    return value


def _write_latex(
    columns: Sequence[str], table: list[list[str]], stream: IO[str]
) -> None:
    def escape(text: str) -> str:
        return "".join(LATEX.get(c, c) for c in _plain(text))

    stream.write(f"\\begin{{tabular}}{{{'l' * len(columns)}}}\n\\hline\n")
    for at, line in enumerate([list(columns), *table]):
        stream.write(" & ".join(map(escape, line)) + " \\\\\n")
        if at == 0:
            stream.write("\\hline\n")
    stream.write("\\hline\n\\end{tabular}\n")


def _write_terminal(
    columns: Sequence[str], table: list[list[str]], stream: IO[str]
) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    out = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for at, name in enumerate(columns):
        texts = [line[at] for line in table if line[at]]
        is_number = bool(texts) and all(
            re.fullmatch(r"-?[\d.]+(e-?\d+)?", t) for t in texts
        )
        out.add_column(name, justify="right" if is_number else "left", overflow="fold")
    for line in table:
        out.add_row(*(Text(printable(text)) for text in line))
    Console(file=stream, highlight=False).print(out)


def write_parquet(
    rows: Iterable[Row], *, columns: Sequence[str], stream: IO[bytes]
) -> int:
    """Write rows as Parquet, which takes the extra ``parquet``; return how many.

    Raises
    ------
    InputError
        If pyarrow is not installed.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise InputError(
            "the format parquet needs pyarrow, which is not installed",
            hint="install it with: pip install 'stance[parquet]'",
        ) from None
    kept = list(rows)
    table = {name: [row.get(name) for row in kept] for name in columns}
    parquet.write_table(pyarrow.table(table), stream)
    return len(kept)


def to_frame(records: Iterable[object]) -> pandas.DataFrame:
    """Return records as a pandas DataFrame, which takes the extra ``notebook``."""
    import pandas

    return pandas.DataFrame(rows_of(records))
