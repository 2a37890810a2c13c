"""Data files and pipes as lines of text, in bounded memory.

Strict UTF-8 is read as a stream. What is not UTF-8, or holds NUL, is read whole, as
`stance.corpus.read.decode` does: to guess an encoding, or to say what is wrong, takes
all of it. A file is looked through before its first line is given, so that what is
wrong with it as a whole is said first; a pipe cannot be, and its beginning decides.
"""

import codecs
import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from stance.corpus import read
from stance.corpus.files import open_bytes
from stance.errors import InputError

#: Bytes read at a time.
BLOCK = 2**20


class _Rejoined(io.RawIOBase):
    """A stream whose beginning was read already."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self.head = head
        self.read_on = getattr(rest, "read1", rest.read)  # what there is, not more

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        block, self.head = self.head[: len(buffer)], self.head[len(buffer) :]
        if not block:
            block = self.read_on(len(buffer))
        buffer[: len(block)] = block
        return len(block)


def rejoined(head: bytes, rest: IO[bytes]) -> IO[bytes]:
    """Return a stream that cannot be read twice: its beginning, then what remains.

    Examples
    --------
    >>> rejoined(b"a", io.BytesIO(b"bc")).read()
    b'abc'
    """
    return io.BufferedReader(_Rejoined(head, rest), BLOCK)


def text_lines(
    path: str | Path,
    raw: bytes | IO[bytes] | None = None,
    *,
    encoding: str = "",
    newline: str = "\n",
) -> Iterator[str]:
    r"""Yield the lines of a data file, their ends as they are.

    Parameters
    ----------
    path : str or Path
        For messages, and to open where there is no ``raw``.
    raw : bytes or binary file, optional
        What it holds. A file that can seek is looked through first.
    encoding : str, optional
        Nothing is guessed then.
    newline : str, default ``"\n"``
        What ends a line: this alone, or with ``""`` a line feed, carriage return or
        both.

    Raises
    ------
    InputError
        As `stance.corpus.read.decode` and `stance.corpus.read.check_text`.

    Examples
    --------
    >>> list(text_lines("a.jsonl", "{}\n合作\r\n".encode()))
    ['{}\n', '合作\r\n']
    """
    if raw is None:
        with open_bytes(path) as file:
            yield from text_lines(path, file, encoding=encoding, newline=newline)
        return
    if isinstance(raw, bytes):
        yield from io.StringIO(_whole(raw, path, encoding), newline=newline)
        return
    is_streamed, raw = _look(raw, path, encoding)
    if not is_streamed:
        text = _whole(raw.read(), path, encoding)
        yield from io.StringIO(text, newline=newline)
        return
    text_file = io.TextIOWrapper(raw, "utf-8", newline=newline)
    try:
        yield from _limited(text_file, path)
    finally:
        if not raw.closed:  # it is whose who opened it
            text_file.detach()


def _whole(raw: bytes, path: str | Path, encoding: str) -> str:
    text, _ = read.decode(raw, path, encoding)
    read.check_text(text, path)
    return text


def _look(file: IO[bytes], path: str | Path, encoding: str) -> tuple[bool, IO[bytes]]:
    """Return whether a file can be streamed, and the file from its beginning."""
    try:
        named = codecs.lookup(encoding).name if encoding else "utf-8"
    except LookupError:
        named = encoding
    is_utf8 = named in ("utf-8", "utf-8-sig")
    if not file.seekable():
        head = file.read(BLOCK)
        is_utf8 = is_utf8 and _begins_well(head) and _is_utf8(io.BytesIO(head), path)
        return is_utf8, rejoined(head, file)
    start = file.tell()
    if not file.read(BLOCK).strip():
        _refuse_blank(file, path)
    file.seek(start)
    if is_utf8:
        is_utf8 = _begins_well(file.read(BLOCK))
        file.seek(start)
        is_utf8 = is_utf8 and _is_utf8(file, path, whole=True)
        file.seek(start)
    return is_utf8, file


def _refuse_blank(file: IO[bytes], path: str | Path) -> None:
    while block := file.read(BLOCK):
        if block.strip():
            return
    raise InputError("is empty", path=path)


def _begins_well(head: bytes) -> bool:
    wide = tuple(bom for bom, name in read.BOMS if name != "utf-8-sig")
    return not head.startswith((*read.MAGIC, *wide))


def _is_utf8(file: IO[bytes], path: str | Path, *, whole: bool = False) -> bool:
    """Whether a file is strict UTF-8 without NUL; a giant line is refused."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    longest = length = 0
    is_last = False
    while not is_last:
        block = file.read(BLOCK)
        is_last = not block
        if b"\x00" in block:
            return False
        try:
            text = decoder.decode(block, final=is_last and whole)
        except UnicodeDecodeError:
            return False
        ends = [at for end in "\n\r" if (at := text.find(end)) >= 0]
        length += min(ends, default=len(text))
        longest = max(longest, length)
        if ends:
            length = len(text) - 1 - max(text.rfind("\n"), text.rfind("\r"))
    longest = max(longest, length)
    if longest > read.MAX_LINE:
        raise _giant(longest, path)
    return True


def _giant(length: int, path: str | Path, line: int = 0) -> InputError:
    return InputError(
        f"a line of {length:,} characters; at most {read.MAX_LINE:,} are read",
        path=path, line=line, hint="break the text into lines and paragraphs",
    )  # fmt: skip


def _limited(file: io.TextIOWrapper, path: str | Path) -> Iterator[str]:
    """Yield lines; refuse what a pipe may hold after a good beginning."""
    n = 0
    try:
        while line := file.readline(read.MAX_LINE + 2):
            n += 1
            if n == 1:
                line = line.removeprefix("\ufeff").removeprefix("\ufeff")
            if len(line) > read.MAX_LINE and len(line.rstrip("\r\n")) > read.MAX_LINE:
                raise _giant(len(line.rstrip("\r\n")), path, n)
            if "\x00" in line:
                raise InputError(
                    "NUL character: not a text, or a damaged one", path=path, line=n,
                    hint="restore the file, or remove the NUL characters",
                )  # fmt: skip
            yield line
    except UnicodeDecodeError as error:
        raise InputError(
            f"not UTF-8 (byte 0x{error.object[error.start]:02x}), as what stands "
            "before it is", path=path, line=n + 1,
            hint="name the right encoding with --encoding, or restore the text",
        ) from None  # fmt: skip


def count_lines(path: str | Path) -> int:
    """Return how many line feeds a file holds: about as many rows.

    Examples
    --------
    >>> count_lines(__file__) > 100
    True
    """
    n = 0
    with open_bytes(path) as file:
        while block := file.read(BLOCK):
            n += block.count(b"\n")
    return n
