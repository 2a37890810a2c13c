"""``terms.csv``: its rows, checked one after the other."""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from stance.errors import InputError, nearest

COLUMNS = ("concept", "en", "zh", "frame", "role", "note")
ROLES = ("cue", "lean", "domain")


def _decoded(source: bytes, path: str | Path) -> str:
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"not UTF-8 (byte 0x{source[error.start]:02x} at offset {error.start})",
            path=path,
            hint="save it as UTF-8; in a spreadsheet: CSV UTF-8",
        ) from None


def _cells(text: str, path: str | Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each line that is not blank, and the line they end in."""
    lines = iter(io.StringIO(text, newline=""))
    at = 0
    for line in lines:
        at += 1
        if '"' not in line:  # as a rule; then it needs no parser
            if bare := line.rstrip("\r\n"):
                yield at, bare.split(",")
            continue
        reader = csv.reader(chain([line], lines), strict=True)
        try:
            row = next(reader)
        except csv.Error as error:
            at += reader.line_num - 1
            raise InputError(str(error), path=path, line=at) from None
        at += reader.line_num - 1
        yield at, row


def read_rows(source: bytes, path: str | Path) -> Iterator[tuple[int, list[str]]]:
    r"""Yield the rows in the bytes of a term table, and the line each ends in.

    Raises
    ------
    InputError
        With file and line: other columns, an unknown role, a concept twice.

    Examples
    --------
    >>> list(read_rows(b"concept,en,zh,frame,role,note\na,b,,,lean,\n", "terms.csv"))
    [(2, ['a', 'b', '', '', 'lean', ''])]
    """
    rows = _cells(_decoded(source, path), path)
    _, header = next(rows, (1, []))
    if tuple(header) != COLUMNS:
        raise InputError(
            f"the columns are {', '.join(header) or 'missing'}", path=path, line=1,
            hint=f"a term table has the columns {','.join(COLUMNS)}",
        )  # fmt: skip
    lines: dict[str, int] = {}
    for line, cells in rows:
        if len(cells) != len(COLUMNS):
            raise InputError(
                f"{len(COLUMNS)} fields were expected, found {len(cells)}",
                path=path,
                line=line,
                hint="quote a field that holds a comma",
            )
        concept, role = cells[0].strip(), cells[4]
        if concept in lines:
            raise InputError(
                f"concept {concept!r} stands in line {lines[concept]} already",
                path=path, line=line,
                hint="merge the two rows; forms are separated by |",
            )  # fmt: skip
        lines[concept] = line
        if role not in ROLES:
            raise InputError(
                f"role {role!r} is unknown", path=path, line=line,
                hint=nearest(role, ROLES),
            )  # fmt: skip
        yield line, cells


def check_forms(forms: Sequence[str], path: str | Path, line: int) -> None:
    """Raise `InputError` where a form does not begin with a letter or a digit."""
    if forms and not "".join([form[0] for form in forms]).isalnum():
        wrong = next(form for form in forms if not form[0].isalnum())
        raise InputError(
            f"form {wrong!r} does not begin with a letter or a digit",
            path=path,
            line=line,
        )
