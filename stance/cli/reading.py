"""What the verbs read: files, folders and standard input, as units and passages."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import IO, TYPE_CHECKING, NamedTuple

from stance.cli.common import columns_named, default_model
from stance.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from stance.corpus.document import Document, Paragraph, Passage
    from stance.corpus.records import Record
    from stance.corpus.terms import TermTable
    from stance.model.model import Model


class Source(NamedTuple):
    """What one path holds: units, or the rows of a data file, read as they are needed.

    ``total`` is the number of units, 0 where it is not known; ``size`` and ``position``
    are how many bytes there are and were read. ``documents`` are those of a project:
    they say when and where the units appeared, and nothing odd about them is told.
    """

    path: str | Path
    total: int
    units: Iterable[Paragraph] = ()
    records: Iterable[Record] | None = None
    documents: Sequence[Document] = ()
    size: int = 0
    position: Callable[[], int] = int

    def plain(self) -> Iterable[Paragraph]:
        """Return the units."""
        if self.records is None:
            return self.units
        return (record.unit for record in self.records)

    def flagged(self) -> Iterable[Paragraph]:
        """Return the units, with warnings for what is odd about them."""
        from stance.corpus.read import flag

        return self.plain() if self.documents else flag(self.plain(), self.path)

    def rows(self) -> Iterator[Record]:
        """Yield the units as rows, with what a data file or a project says of them."""
        from dataclasses import replace

        from stance.corpus.records import Record

        if self.records is not None:
            rows = list(self.records)
            units = self._replace(records=rows).flagged()
            for row, unit in zip(rows, units, strict=True):
                yield replace(row, unit=unit)
            return
        about = {document.id: document for document in self.documents}
        for unit in self.flagged():
            row = Record(unit, 0, group=f"document:{unit.document_id}")
            if document := about.get(unit.document_id):
                row = replace(row, date=document.date, source=document.publisher)
            yield row


def read_paths(args: argparse.Namespace) -> Iterator[tuple[int, Iterable[Paragraph]]]:
    """Yield (number of units, if known, else 0; the units) of each path given.

    Of a data file the number of lines is taken for it.
    """
    from stance.corpus.lines import count_lines

    for source in read_sources(args):
        is_file = source.records is not None and source.path != "-"
        total = source.total or (count_lines(source.path) if is_file else 0)
        yield total, source.flagged()


def read_passages(
    args: argparse.Namespace, model: Model
) -> Iterator[tuple[Source, Iterable[tuple[Paragraph, Passage | None]]]]:
    """Yield what each path holds, and its units with what the model reads of them.

    Units come as they are read; but where the model reads neighbours, a whole path is
    read first: one may stand anywhere in it.
    """
    if not model.context:
        for source in read_sources(args):
            yield source, _one_by_one(source, targeted=model.targeted)
        return
    from stance.corpus.context import passages, passages_of_records

    for source in read_sources(args):
        if source.records is None:
            units = list(source.units)
            found = passages(units, context=model.context)
        else:
            rows = list(source.records)
            units = [row.unit for row in rows]
            found = passages_of_records(
                rows, context=model.context, targeted=model.targeted
            )
        yield source, zip(units, found, strict=True)


def _one_by_one(
    source: Source, *, targeted: bool
) -> Iterator[tuple[Paragraph, Passage | None]]:
    if not targeted:
        yield from ((unit, None) for unit in source.plain())
        return
    from stance.corpus.context import passages_of_records
    from stance.corpus.document import Passage

    if source.records is None:
        yield from ((unit, Passage(unit.text)) for unit in source.units)
        return
    rows, held = iter(source.records), []
    for row in rows:  # up to a target: a file without any is refused
        held.append(row)
        if row.target:
            break
    else:
        passages_of_records(held, targeted=True)
    for row in chain(held, rows):
        yield row.unit, Passage(row.unit.text, target=row.target)


def read_sources(args: argparse.Namespace) -> Iterator[Source]:
    """Yield what each path holds, as the options of `add_input` say."""
    from pathlib import Path

    from stance.corpus.read import find_files

    texts: dict[str, Path] = {}
    for path in args.paths:
        if path == "-":
            yield _read_stdin(args)
        elif (manifest := Path(path) / "corpus.toml").is_file():
            from stance.corpus.manifest import read_corpus

            corpus = read_corpus(path)
            units, documents = corpus.paragraphs, corpus.documents
            size = manifest.stat().st_size
            yield Source(path, len(units), units, documents=documents, size=size)
        else:
            for file in find_files(path):
                _check_name(file, texts)
                yield _read_file(file, args)


def files_of(args: argparse.Namespace) -> list[Path]:
    """Return the files that the paths name, but for standard input.

    Of a project it is the manifest, which has the digests of the others.
    """
    from pathlib import Path

    from stance.corpus.read import find_files

    files: list[Path] = []
    for path in args.paths:
        if (manifest := Path(path) / "corpus.toml").is_file():
            files.append(manifest)
        elif path != "-":
            files += find_files(path)
    return files


def read_all(args: argparse.Namespace) -> list[Record]:
    """Return the units of all paths as rows.

    Raises
    ------
    InputError
        If an id stands in two of the files.
    """
    found: list[Record] = []
    first: dict[str, tuple[str | Path, int]] = {}
    for source in read_sources(args):
        rows = list(source.rows())
        for row in rows:
            if row.unit.id in first:
                path, line = first[row.unit.id]
                at = f"line {line} of {path}" if line else str(path)
                raise InputError(
                    f"id {row.unit.id!r} stands in {at} already",
                    path=source.path, line=row.line,
                    hint="ids must be unique over all files: change those of one, or "
                    "name another column with --id",
                )  # fmt: skip
        first.update((row.unit.id, (source.path, row.line)) for row in rows)
        found += rows
    return found


def _check_name(file: Path, texts: dict[str, Path]) -> None:
    """Refuse a second text of one name: their paragraphs would have the same ids."""
    from stance.corpus.read import TEXT_SUFFIXES, document_id

    if file.suffix.lower() not in TEXT_SUFFIXES:
        return
    name = document_id(file)
    if name in texts:
        raise InputError(
            f"has the name of {texts[name]}: their paragraphs would have the same ids",
            path=file,
            hint="rename one of them, or read them one after the other",
        )
    texts[name] = file


class _Opened:
    """A file that is read as a stream, and how far it was."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file: IO[bytes] | None = None

    def position(self) -> int:
        return self.file.tell() if self.file and not self.file.closed else 0

    def records(self, args: argparse.Namespace) -> Iterator[Record]:
        from stance.corpus.files import open_bytes
        from stance.corpus.records import read_records

        with open_bytes(self.path) as self.file:
            yield from read_records(
                self.path, columns=columns_named(args), encoding=args.encoding,
                raw=self.file,
            )  # fmt: skip

    def lines(self, args: argparse.Namespace) -> Iterator[Paragraph]:
        from stance.corpus.files import open_bytes
        from stance.corpus.read import document_id

        with open_bytes(self.path) as self.file:
            id, is_empty = document_id(self.path), True
            for unit in _lines(self.file, self.path, id, args.encoding):
                is_empty = False
                yield unit
            if is_empty:
                raise InputError("is empty", path=self.path)


def _lines(
    raw: IO[bytes], path: str | Path, id: str, encoding: str
) -> Iterator[Paragraph]:
    """Yield the lines of a text, as they are read."""
    from stance.corpus.lines import text_lines
    from stance.corpus.read import unit_lines

    lines = text_lines(path, raw, encoding=encoding, newline="")
    pieces = (piece for line in lines for piece in line.splitlines(keepends=True))
    return unit_lines(pieces, id)


def _read_file(file: Path, args: argparse.Namespace) -> Source:
    from stance.corpus.read import RECORD_SUFFIXES, paragraphs_of_text

    opened, size = _Opened(file), file.stat().st_size
    if file.suffix.lower() in RECORD_SUFFIXES:
        total = 0
        if file.suffix.lower() == ".parquet":
            from stance.corpus.parquet import count_rows

            total = count_rows(file)
        records = opened.records(args)
        return Source(file, total, records=records, size=size, position=opened.position)
    if args.lines:
        lines = opened.lines(args)
        return Source(file, 0, lines, size=size, position=opened.position)
    units = paragraphs_of_text(file, encoding=args.encoding)
    return Source(file, len(units), units, size=size)


def _read_stdin(args: argparse.Namespace) -> Source:
    from stance.corpus.document import Document
    from stance.corpus.lines import rejoined
    from stance.corpus.read import check_text, decode, paragraphs

    stdin, head = sys.stdin.buffer, b""
    while not head.strip():
        block = stdin.read1()  # type: ignore[union-attr]
        if not block:
            raise InputError("standard input is empty")
        head += block
    kind = args.input_format or "txt"
    if kind in ("jsonl", "csv", "tsv"):
        from stance.corpus.records import read_records

        records = read_records(
            "-", columns=columns_named(args), encoding=args.encoding,
            raw=rejoined(head, stdin), format=kind,
        )  # fmt: skip
        return Source("-", 0, records=records)
    if args.lines:
        raw = rejoined(head, stdin)
        return Source("-", 0, _lines(raw, "-", "stdin", args.encoding))
    text, encoding = decode(head + stdin.read(), "-", args.encoding)
    check_text(text, "-")
    document = Document("stdin", text, encoding=encoding)
    units = paragraphs(document, markdown=kind == "md")
    return Source("-", len(units), units)


def add_terms(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the term table of `terms_of`."""
    parser.add_argument(
        "--terms", metavar="FILE",
        help="the term table; default: terms.csv of the folder read, else the shipped "
        "model's",
    )  # fmt: skip


def terms_of(args: argparse.Namespace) -> TermTable:
    """Return the term table: as named, the project's own, or the shipped model's."""
    from pathlib import Path

    from stance.corpus.terms import read_terms

    own = [Path(path) / "terms.csv" for path in args.paths]
    found = [path for path in own if path.is_file()]
    path = args.terms or (found[0] if found else default_model() / "lexicon.csv")
    return read_terms(path)
