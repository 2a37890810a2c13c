"""Parquet files as rows of texts, read in batches; takes the extra ``parquet``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from stance.errors import InputError

if TYPE_CHECKING:
    import pyarrow
    from pyarrow import parquet

#: Rows held at a time, and bytes of a column read at a time.
BATCH, BUFFER = 1_000, 2**20
Choose = Callable[[list[str]], Collection[str]]


def _open(path: str | Path, raw: bytes | IO[bytes] | None) -> parquet.ParquetFile:
    try:
        from pyarrow import BufferReader, lib, parquet
    except ImportError:
        raise InputError(
            "a .parquet file needs pyarrow, which is not installed", path=path,
            hint="install it with: pip install 'stance[parquet]'",
        ) from None  # fmt: skip
    from stance.corpus.files import open_bytes

    if raw is None:
        open_bytes(path).close()
    source = BufferReader(raw) if isinstance(raw, bytes) else raw or str(path)
    try:
        return parquet.ParquetFile(source, pre_buffer=False, buffer_size=BUFFER)
    except (lib.ArrowException, OSError):
        raise InputError(
            "is not a Parquet file, or a damaged one", path=path,
            hint="restore the file, or write it again",
        ) from None  # fmt: skip


def count_rows(path: str | Path) -> int:
    """Return how many rows a Parquet file says it holds.

    Examples
    --------
    >>> count_rows("no-such.parquet")
    Traceback (most recent call last):
    ...
    stance.errors.InputError: no-such.parquet: no such file
    """
    with _open(path, None) as file:
        return int(file.metadata.num_rows)


def parquet_rows(
    path: str | Path,
    raw: bytes | IO[bytes] | None = None,
    *,
    choose: Choose | None = None,
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (row number, row) of a Parquet file, every value a string.

    Parameters
    ----------
    path : str or Path
        The file.
    raw : bytes or binary file, optional
        What it holds, where it is open already.
    choose : callable, optional
        From the names of the columns to those that are wanted; else all are given that
        hold texts, numbers, dates or truth values. What is missing is an empty text.

    Raises
    ------
    InputError
        If pyarrow is not installed, the file is damaged, a column stands twice, or a
        wanted one holds no texts.
    """
    with _open(path, raw) as file:
        from pyarrow import lib, types

        schema = file.schema_arrow
        if twice := sorted({n for n in schema.names if schema.names.count(n) > 1}):
            raise InputError(
                f"column {twice[0]!r} stands twice", path=path,
                hint="rename one of the two",
            )  # fmt: skip
        wanted = set(choose(list(schema.names))) if choose else None
        names = [
            field.name
            for field in schema
            if (field.name in wanted if wanted is not None
                else not types.is_nested(field.type))
        ]  # fmt: skip
        n = 0
        try:
            for batch in file.iter_batches(BATCH, columns=names, use_threads=False):
                cells = [_texts(batch, name, path) for name in names]
                for row in zip(*cells, strict=True):
                    n += 1
                    yield n, dict(zip(names, row, strict=True))
        except (lib.ArrowException, OSError):
            raise InputError("is damaged", path=path, line=n + 1) from None


def _texts(batch: pyarrow.RecordBatch, name: str, path: str | Path) -> list[str]:
    """Return a column as texts; what is missing is an empty one."""
    from pyarrow import lib, string

    values = batch.column(name)
    try:
        return [text or "" for text in values.cast(string()).to_pylist()]
    except lib.ArrowNotImplementedError:
        what = f"column {name!r} holds {values.type}"
        raise InputError(f"{what}; texts were expected", path=path) from None
    except (lib.ArrowInvalid, UnicodeDecodeError):
        raise InputError(f"column {name!r} is not UTF-8", path=path) from None
