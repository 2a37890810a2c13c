"""Files to texts: bounded, and never silent about a guess.

Plain text is decoded by a ladder: byte order mark, strict UTF-8, then the best of
GB18030, Big5, Windows-1252 and UTF-16; never with characters dropped or replaced.
"""

import codecs
import hashlib
import os
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

from stance.corpus.document import Document, Paragraph
from stance.corpus.files import read_bytes
from stance.corpus.language import language_of
from stance.corpus.segment import segment
from stance.errors import InputError, StanceWarning

TEXT_SUFFIXES = (".txt", ".md")
RECORD_SUFFIXES = (".jsonl", ".csv", ".tsv", ".parquet")
SUFFIXES = TEXT_SUFFIXES + RECORD_SUFFIXES
#: A longer line is refused: no text has one, and it would be held in memory at once.
MAX_LINE = 16 * 2**20
#: A longer paragraph is read, and warned of: it is probably a whole text.
LONG_PARAGRAPH = 100_000
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
GUESSES = ["gb18030", "big5", "cp1252"]
WIDE = ["utf_16_le", "utf_16_be"]
MAGIC = (b"\x89PNG", b"%PDF", b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"GIF8")


def decode(raw: bytes, path: str | Path, encoding: str = "") -> tuple[str, str]:
    """Return the text of some bytes, and the encoding they were read in.

    Parameters
    ----------
    raw : bytes
        The whole file.
    path : str or Path
        For messages.
    encoding : str, optional
        As the manifest or the user names it; then nothing is guessed.

    Returns
    -------
    (str, str)
        Line ends are kept as they are; a byte order mark is not part of the text.

    Raises
    ------
    InputError
        If the file is binary, holds NUL, or cannot be decoded.

    Warns
    -----
    StanceWarning
        If the encoding is a guess.

    Examples
    --------
    >>> decode("合作".encode(), "a.txt")
    ('合作', 'utf-8')
    """
    if raw.startswith(MAGIC):
        raise InputError(
            "is a binary file, not a text",
            path=path,
            hint=f"files that can be read: {' '.join(SUFFIXES)}",
        )
    tried = (
        [encoding]
        if encoding
        else [name for bom, name in BOMS if raw[:4].startswith(bom)]
    )
    name = tried[0] if tried else "utf-8"
    is_wide = not tried and raw[:4000].count(0) > len(raw[:4000]) / 5
    try:
        if is_wide:
            raise UnicodeDecodeError("utf-8", raw[:1], 0, 1, "NUL bytes")
        text = raw.decode(name)
    except UnicodeDecodeError as error:
        if tried:
            raise InputError(
                f"not {name} (byte 0x{raw[error.start]:02x} at offset {error.start})",
                path=path,
                hint="name the right one with --encoding, or in the manifest",
            ) from None
        text, name = _guess(raw, path, error.start)
    except (LookupError, ValueError):
        raise InputError(f"encoding {encoding!r} is unknown", path=path) from None
    text = text.removeprefix("\ufeff")
    if (at := text.find("\x00")) >= 0:
        raise InputError(
            f"NUL character at offset {at}: not a text, or a damaged one",
            path=path,
            hint="restore the file, or remove the NUL characters",
        )
    return text, name.removesuffix("-sig")


def _guess(raw: bytes, path: str | Path, at: int) -> tuple[str, str]:
    import charset_normalizer

    control = sum(byte < 9 or 13 < byte < 27 for byte in raw[:4000])
    encodings = GUESSES + WIDE * (0 in raw)  # UTF-16 has NUL in each line end
    name = ""
    if 0 in raw or control <= len(raw[:4000]) / 50:
        best = charset_normalizer.from_bytes(raw, cp_isolation=encodings).best()
        name = best.encoding if best else _chinese_encoding(raw)
    if not name:
        raise InputError(
            f"not UTF-8 (byte 0x{raw[at]:02x} at offset {at}), and no other encoding "
            "fits",
            path=path,
            hint="name its encoding with --encoding, or restore the file",
        )
    warnings.warn(
        f"{path}: not UTF-8; read as {name}; if that is wrong, name the "
        "encoding with --encoding or in the manifest",
        StanceWarning,
        stacklevel=4,
    )
    return raw.decode(name), name


def _chinese_encoding(raw: bytes) -> str:
    """Return gb18030 if, read so, what is not ASCII is nearly all in common use."""
    try:
        odd = [character for character in raw.decode("gb18030") if character > "\x7f"]
    except UnicodeDecodeError:
        return ""
    common = len("".join(odd).encode("gb2312", "ignore")) // 2
    return "gb18030" if common >= 0.9 * len(odd) else ""


def check_text(text: str, path: str | Path, line: int = 0) -> None:
    """Raise `InputError` for a giant line or half a surrogate pair; warn of long ones.

    Examples
    --------
    >>> check_text("fine", "a.txt")
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InputError(
            f"half a surrogate pair (\\u{ord(text[error.start]):04x}) at offset "
            f"{error.start}",
            path=path,
            line=line,
            hint="the file was cut or wrongly converted; write it again as UTF-8",
        ) from None
    if len(text) <= MAX_LINE:
        return
    longest = max(map(len, text.splitlines()), default=0)
    if longest > MAX_LINE:
        raise InputError(
            f"a line of {longest:,} characters; at most {MAX_LINE:,} are read",
            path=path,
            line=line,
            hint="break the text into lines and paragraphs",
        )


def read_text(path: str | Path, *, encoding: str = "", id: str = "") -> Document:
    """Return the document in a text file, its id the file's name without the ending.

    Examples
    --------
    >>> import tempfile, os
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     name = os.path.join(folder, "brief.txt")
    ...     _ = Path(name).write_text("Trade grew.", encoding="utf-8")
    ...     read_text(name).id
    'brief'
    """
    path = Path(path)
    raw = read_bytes(path)
    text, encoding = decode(raw, path, encoding)
    if not text.strip():
        raise InputError("is empty", path=path)
    check_text(text, path)
    return Document(
        id=id or document_id(path),
        text=text,
        sha256=hashlib.sha256(raw).hexdigest(),
        encoding=encoding,
    )


def document_id(path: Path) -> str:
    """Return the id of the document in a file: its name without the ending.

    Examples
    --------
    >>> document_id(Path("texts/讲话.txt"))
    '讲话'
    """
    return os.fsencode(path.stem).decode("utf-8", "replace")


def flag(units: Iterable[Paragraph], path: str | Path) -> Iterator[Paragraph]:
    """Yield the paragraphs; warn of what is readable and odd about them.

    Examples
    --------
    >>> [unit.id for unit in flag([unit_of("d:1", "d", 1, "Trade grew.")], "d.txt")]
    ['d:1']
    """
    n = n_other = 0
    first = ""
    for unit in units:
        n += 1
        if unit.language == "other" and unit.counted:
            n_other += 1
            first = first or unit.id
        warn_if_long(unit, path)
        yield unit
    warn_of_other(path, n, n_other, first)


def warn_if_long(unit: Paragraph, path: str | Path) -> None:
    """Warn of a paragraph that is probably a whole text."""
    if unit.end - unit.start > LONG_PARAGRAPH:
        warnings.warn(
            f"{path}: paragraph {unit.id!r} has {unit.end - unit.start:,} "
            "characters; is it a whole text?",
            StanceWarning,
            stacklevel=2,
        )


def warn_of_other(path: str | Path, n: int, n_other: int, first: str) -> None:
    """Warn of paragraphs in other languages, where there are any."""
    if n_other:
        warnings.warn(
            f"{path}: {n_other} of {n} paragraphs are neither English nor "
            f"Chinese, the first {first!r}; their labels are not to be trusted",
            StanceWarning,
            stacklevel=2,
        )


def paragraphs_of_text(
    path: str | Path, *, encoding: str = "", lines: bool = False
) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a text file; with ``lines`` each line is a unit."""
    document = read_text(path, encoding=encoding)
    return paragraphs(
        document, markdown=Path(path).suffix.lower() == ".md", lines=lines
    )


def paragraphs(
    document: Document, *, markdown: bool = False, lines: bool = False
) -> tuple[Paragraph, ...]:
    r"""Return the paragraphs of a document, or its lines; empty lines are left out.

    Examples
    --------
    >>> [unit.id for unit in paragraphs(Document("d", "One.\nTwo."), lines=True)]
    ['d:p001', 'd:p002']
    """
    if not lines:
        return segment(document, markdown=markdown)
    return tuple(unit_lines(document.text.splitlines(keepends=True), document.id))


def unit_lines(lines: Iterable[str], document: str) -> Iterator[Paragraph]:
    r"""Yield the lines of a text, their ends kept, as units; empty ones are left out.

    Examples
    --------
    >>> [(unit.id, unit.start) for unit in unit_lines(["One.\n", "\n", "二。"], "d")]
    [('d:p001', 0), ('d:p002', 6)]
    """
    at = n = 0
    for line in lines:
        text = line.strip()
        if text:
            start = at + len(line) - len(line.lstrip())
            n += 1
            yield unit_of(f"{document}:p{n:03d}", document, n, text, start)
        at += len(line)


def unit_of(
    id: str, document: str, index: int, text: str, start: int = 0, language: str = ""
) -> Paragraph:
    """Return a line or a row as a unit of analysis: a body paragraph.

    Examples
    --------
    >>> unit_of("d:1", "d", 1, "扩大开放").language
    'zh'
    """
    return Paragraph(
        id, document, index, start, start + len(text), language or language_of(text),
        "body", "", text,
    )  # fmt: skip


def find_files(path: str | Path) -> list[Path]:
    """Return the readable files of a folder, in order of their names, or the file.

    Raises
    ------
    InputError
        If there is none, or the file's ending is not one that can be read.

    Examples
    --------
    >>> find_files("no-such-folder")
    Traceback (most recent call last):
    ...
    stance.errors.InputError: no-such-folder: no such file or folder
    """
    path = Path(path)
    if not path.exists():
        raise InputError("no such file or folder", path=path)
    readable = f"files that can be read: {' '.join(SUFFIXES)}"
    if path.is_dir():
        files = sorted(
            file
            for file in path.rglob("*")
            if file.suffix.lower() in SUFFIXES and file.is_file()
        )
        if not files:
            raise InputError("a folder without texts", path=path, hint=readable)
        return files
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(
            f"the ending {path.suffix!r} is not one that can be read",
            path=path,
            hint=readable,
        )
    return [path]
