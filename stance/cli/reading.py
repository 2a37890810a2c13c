"""What the verbs read: files, folders and standard input, as units and passages."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from stance.cli.common import columns_named, default_model
from stance.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from stance.corpus.document import Document, Paragraph, Passage
    from stance.corpus.records import Record
    from stance.corpus.terms import TermTable
    from stance.model.model import Model


class Source(NamedTuple):
    """What one path holds: units, or the rows of a data file; 0 is a number unknown.

    ``documents`` are those of a project: they say when and where the units appeared.
    """

    path: str | Path
    total: int
    units: Iterable[Paragraph] = ()
    records: Iterable[Record] | None = None
    documents: Sequence[Document] = ()

    def flagged(self) -> Iterable[Paragraph]:
        """Return the units, with warnings for what is odd about them."""
        from stance.corpus.read import flag

        if self.records is None:
            return self.units
        return flag((record.unit for record in self.records), self.path)

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
        for unit in self.units:
            row = Record(unit, 0, group=f"document:{unit.document_id}")
            if document := about.get(unit.document_id):
                row = replace(row, date=document.date, source=document.publisher)
            yield row


def read_paths(args: argparse.Namespace) -> Iterator[tuple[int, Iterable[Paragraph]]]:
    """Yield (number of units, if known, else 0; the units) of each path given."""
    for source in read_sources(args):
        yield source.total, source.flagged()


def read_passages(
    args: argparse.Namespace, model: Model
) -> Iterator[tuple[int, Iterable[Paragraph], Iterable[Passage] | None]]:
    """Yield what `read_paths` does, and the passages where the model needs them."""
    from stance.corpus.context import passages, passages_of_records

    context, targeted = model.context, model.targeted
    for source in read_sources(args):
        if not (context or targeted):
            yield source.total, source.flagged(), None
            continue
        if source.records is None:
            units = list(source.units)
            found = passages(units, context=context)
        else:
            rows = list(source.records)
            units = list(source._replace(records=rows).flagged())
            found = passages_of_records(rows, context=context, targeted=targeted)
        yield source.total, units, found


def read_sources(args: argparse.Namespace) -> Iterator[Source]:
    """Yield what each path holds, as the options of `add_input` say."""
    from pathlib import Path

    from stance.corpus.manifest import read_corpus
    from stance.corpus.read import find_files

    texts: dict[str, Path] = {}
    for path in args.paths:
        if path == "-":
            yield _read_stdin(args)
        elif (Path(path) / "corpus.toml").is_file():
            corpus = read_corpus(path)
            units = corpus.paragraphs
            yield Source(path, len(units), units, documents=corpus.documents)
        else:
            for file in find_files(path):
                _check_name(file, texts)
                yield _read_file(file, args)


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


def _read_file(file: Path, args: argparse.Namespace) -> Source:
    from stance.corpus.read import RECORD_SUFFIXES, flag, paragraphs_of_text

    if file.suffix.lower() in RECORD_SUFFIXES:
        from stance.corpus.records import read_records

        named = columns_named(args)
        rows = read_records(file, columns=named, encoding=args.encoding)
        return Source(file, file.read_bytes().count(b"\n"), records=rows)
    units = paragraphs_of_text(file, encoding=args.encoding, lines=args.lines)
    return Source(file, len(units), flag(units, file))


def _read_stdin(args: argparse.Namespace) -> Source:
    from stance.corpus.document import Document
    from stance.corpus.read import check_text, decode, flag, paragraphs
    from stance.corpus.records import read_records

    raw = sys.stdin.buffer.read()
    if not raw.strip():
        raise InputError("standard input is empty")
    kind = args.input_format or "txt"
    if kind in ("jsonl", "csv", "tsv"):
        records = read_records(
            "-",
            columns=columns_named(args),
            encoding=args.encoding,
            raw=raw,
            format=kind,
        )
        return Source("-", 0, records=records)
    text, encoding = decode(raw, "-", args.encoding)
    check_text(text, "-")
    document = Document("stdin", text, encoding=encoding)
    units = paragraphs(document, markdown=kind == "md", lines=args.lines)
    return Source("-", len(units), flag(units, "-"))


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
