"""Tables read column by column with Arrow, a part at a time: Parquet, CSV, JSON Lines.

It takes the extra ``parquet``. Nothing here makes an object a row.
"""

from __future__ import annotations

import io
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from stance.coding.column import Column, Texts
from stance.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow

SUFFIXES = (".parquet", ".csv", ".tsv", ".jsonl")
#: Rows of Parquet, and bytes of the others, that are read at once.
ROWS, BYTES = 1 << 16, 1 << 24


def load_arrow() -> Any:
    """Return pyarrow; raise `InputError` where it is not installed."""
    try:
        import pyarrow
        import pyarrow.compute
        import pyarrow.csv
        import pyarrow.json
        import pyarrow.parquet
    except ImportError:
        raise InputError(
            "stored predictions are read with pyarrow, which is not installed",
            hint="install it with: pip install 'stance[parquet]'",
        ) from None
    return pyarrow


def tables_in(path: str | Path) -> list[Path]:
    """Return the file, or the tables of a folder in the order of their names.

    Sub-folders are read too; what begins with a dot or an underscore is passed over.

    Raises
    ------
    InputError
        If there is none.

    Examples
    --------
    >>> tables_in("no-such.parquet")
    Traceback (most recent call last):
    ...
    stance.errors.InputError: no-such.parquet: no such file
    """
    path = Path(path)
    if not path.exists():
        raise InputError("no such file", path=path)
    files = [path]
    if path.is_dir():
        files = [
            file for file in sorted(path.rglob("*"))
            if not any(part[0] in "._" for part in file.relative_to(path).parts)
        ]  # fmt: skip
    found = [file for file in files if file.suffix.lower() in SUFFIXES]
    if not found:
        raise InputError(
            "no table", path=path, hint=f"tables end in {', '.join(SUFFIXES)}"
        )
    return found


@contextmanager
def _told(path: Path) -> Iterator[Any]:
    """Give pyarrow; what it cannot read is an error in that file."""
    arrow = load_arrow()
    try:
        yield arrow
    except arrow.ArrowException as error:
        reason = str(error).partition("\n")[0]
        raise InputError(f"not a table: {reason}", path=path) from None


def _csv(arrow: Any, path: Path, types: Mapping[str, Any] | None = None) -> Any:
    """Open a .csv or .tsv file; of named types only those columns."""
    options = arrow.csv.ConvertOptions(
        column_types=types, include_columns=list(types) if types else None
    )
    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    parsing = arrow.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True)
    reading = arrow.csv.ReadOptions(block_size=BYTES)
    return arrow.csv.open_csv(path, reading, parsing, options)


def _json(arrow: Any, lines: bytes, schema: Any = None) -> Any:
    """Return lines of JSON as a table; with a schema only its columns."""
    options = arrow.json.ParseOptions(
        explicit_schema=schema, newlines_in_values=False,
        unexpected_field_behavior="ignore" if schema else "infer",
    )  # fmt: skip
    # A block of its own size: no line is cut.
    reading = arrow.json.ReadOptions(block_size=len(lines) + 1, use_threads=False)
    return arrow.json.read_json(io.BytesIO(lines), reading, options)


def _lines(path: Path) -> Iterator[bytes]:
    """Yield whole lines of a file, many at once."""
    with path.open("rb") as file:
        while block := file.read(BYTES):
            block += file.readline()
            if block.strip():
                yield block.lstrip()


def columns_in(path: Path) -> list[str]:
    """Return the names of a table's columns.

    Examples
    --------
    >>> from stance.cli.common import default_model
    >>> columns_in(default_model() / "predictions.csv")[:2]
    ['run', 'unit_id']
    """
    with _told(path) as arrow:
        if path.suffix.lower() == ".parquet":
            return list(arrow.parquet.read_schema(path).names)
        if path.suffix.lower() == ".jsonl":
            first = next(_lines(path), b"{}").partition(b"\n")[0]
            return list(_json(arrow, first).column_names)
        return list(_csv(arrow, path).schema.names)


def footer_of(path: Path, key: str) -> str:
    """Return what a Parquet file says of itself; empty where it says nothing.

    Examples
    --------
    >>> footer_of(Path("coded.csv"), "stance")
    ''
    """
    if path.suffix.lower() != ".parquet":
        return ""
    with _told(path) as arrow:
        said = arrow.parquet.read_schema(path).metadata or {}
    return bytes(said.get(key.encode(), b"")).decode()


def parts_of(path: Path, types: Mapping[str, str]) -> Iterator[pyarrow.Table]:
    """Yield a table, in UTF-8, in parts, with some of its columns.

    Parameters
    ----------
    path : Path
        As `tables_in` gives it.
    types : mapping
        From column to ``string``, ``float64`` or ``bool``; an empty text is no null.

    Raises
    ------
    InputError
        If it cannot be read, or a cell is of another type.
    """
    with _told(path) as arrow:
        wanted = {name: arrow.type_for_alias(kind) for name, kind in types.items()}
        if path.suffix.lower() == ".parquet":
            parts: Any = arrow.parquet.ParquetFile(path).iter_batches(
                ROWS, columns=list(wanted)
            )
        elif path.suffix.lower() == ".jsonl":
            parts = _json_parts(arrow, path, wanted)
        else:
            parts = _csv(arrow, path, wanted)
        for part in parts:
            yield arrow.table(
                {name: part.column(name).cast(kind) for name, kind in wanted.items()}
            )


def _json_parts(arrow: Any, path: Path, wanted: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the lines in parts; a number is a text where texts are wanted."""
    for lines in _lines(path):
        head = _json(arrow, lines[: lines.find(b"\n") + 1] or lines).schema
        schema = [
            (name, arrow.int64() if _is_number(arrow, head, name) else kind)
            for name, kind in wanted.items()
            if arrow.types.is_large_string(kind)
        ]
        schema += [each for each in wanted.items() if each[0] not in dict(schema)]
        yield _json(arrow, lines, arrow.schema(schema))


def _is_number(arrow: Any, schema: Any, name: str) -> bool:
    """Return whether a column holds whole numbers."""
    return name in schema.names and arrow.types.is_integer(schema.field(name).type)


def texts_of(array: Any) -> Texts:
    """Return an Arrow array of strings, without a copy.

    Examples
    --------
    >>> texts_of(load_arrow().array(["中文", "en"]))[0]
    '中文'
    """
    _, offsets, data = array.cast("large_string").buffers()
    starts = np.frombuffer(offsets, dtype=np.int64)[array.offset :][: len(array) + 1]
    none = np.zeros(0, dtype=np.uint8)
    return Texts(np.frombuffer(data, dtype=np.uint8) if data else none, starts)


def column_from(array: Any) -> Column:
    """Return an Arrow array of strings, or a dictionary of them, as a column.

    Examples
    --------
    >>> column_from(load_arrow().array(["FT", "新华社", "FT"])).codes
    array([0, 1, 0], dtype=int32)
    """
    found = array if hasattr(array, "dictionary") else array.dictionary_encode()
    return Column(found.indices.to_numpy(), texts_of(found.dictionary))
