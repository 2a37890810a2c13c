"""``stance arguments``: statements, claims with their premises, and whose they are."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from stance.cli.common import (
    Progress,
    add_input,
    add_output,
    chosen_format,
    emit,
    one_thread,
    open_output,
)
from stance.cli.measuring import refuse
from stance.cli.reading import add_terms, read_all, terms_of
from stance.errors import InputError, nearest

if TYPE_CHECKING:
    from stance.argument.claim import Link
    from stance.argument.statement import Statement
    from stance.cli.framing import Frames
    from stance.corpus.document import Paragraph
    from stance.corpus.records import Record
    from stance.corpus.terms import TermTable

EXAMPLES = """\
  stance arguments
  stance arguments --select globaltimes-2017 --map argument.svg
  stance arguments speeches.jsonl --actors actors.csv -o statements.csv
  stance arguments --export xaif -o argument.json
  echo "Both sides should talk, because trade fell." | stance arguments -"""
#: Width of a map in inches: of one column, and of two languages side by side.
WIDTHS = {False: 7.0, True: 12.0}
#: So many documents are listed where one is to be chosen.
LISTED = 12


class Read(NamedTuple):
    """What was read: the paragraphs as rows, the titles of documents, the frames."""

    rows: Sequence[Record]
    titles: Mapping[str, str]
    frames: Frames

    @property
    def units(self) -> list[Paragraph]:
        """Return the paragraphs, in order."""
        return [row.unit for row in self.rows]

    @property
    def documents(self) -> tuple[str, ...]:
        """Return the ids of the documents, in order."""
        return tuple(dict.fromkeys(row.unit.document_id for row in self.rows))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the verb."""
    add_input(parser)
    paths = next(action for action in parser._actions if action.dest == "paths")
    paths.required, paths.default = False, ["seeds"]
    paths.help = f"{paths.help}; default: seeds"
    for role in ("label", "date", "source"):
        parser.add_argument(
            f"--{role}", metavar="C", help=f"column that holds the {role}"
        )
    parser.add_argument(
        "--select", action="append", metavar="ID",
        help="only the document of this id; may be given several times",
    )  # fmt: skip
    parser.add_argument(
        "--map", metavar="FILE",
        help="draw the argument map of one document too: a .pdf, .svg or .png file",
    )  # fmt: skip
    parser.add_argument(
        "--frames", choices=("labels", "model", "none"),
        help="of the paragraphs: the labels of coders (default for a project, and with "
        "--label), or those that the model gives (default else)",
    )  # fmt: skip
    parser.add_argument("--model", metavar="FOLDER", help="default: the shipped model")
    parser.add_argument(
        "--actors", metavar="FILE",
        help="actors of one's own beside those known: a CSV of actor,language,form",
    )  # fmt: skip
    parser.add_argument(
        "--between", nargs=2, metavar=("ACTOR", "ACTOR"), default=("US", "China"),
        help="toward whose cooperation the stance is taken; default: US China",
    )  # fmt: skip
    add_terms(parser)
    parser.add_argument(
        "--export", choices=("rdna", "xaif"),
        help="instead of the statements: rows for the Discourse Network Analyzer, or "
        "a graph of claims and premises as xAIF",
    )  # fmt: skip
    add_output(parser)


def _between(args: argparse.Namespace, actors: TermTable | None) -> tuple[str, str]:
    """Return the two actors of --between; raise where one is not known."""
    from stance.argument.act import read_actors

    known = sorted({term.concept for term in (actors or read_actors()).terms})
    for name in args.between:
        if name not in known:
            raise InputError(
                f"--between: no actor is {name!r}", hint=nearest(name, known)
            )
    first, second = args.between
    return first, second


def run(args: argparse.Namespace) -> int:
    """Print the statements of all paths; on a terminal as an outline."""
    one_thread()
    from stance.argument.act import read_actors
    from stance.argument.statement import links_of, statements

    _check(args)
    actors = read_actors(args.actors) if args.actors else None
    read = _read(args)
    progress = Progress("reading arguments", len(read.rows), quiet=args.quiet)
    try:
        found = statements(
            _stepped(read, progress), terms=terms_of(args), frames=read.frames.of,
            dates={row.unit.document_id: (row.date, row.source) for row in read.rows},
            actors=actors, main=_between(args, actors),
        )  # fmt: skip
    finally:
        progress.close()
    joined = links_of(found)
    if args.map:
        _draw(args.map, found, joined, read)
    _write(found, joined, read, args)
    if not args.quiet:
        _say(found, read, args)
    return 0


def _check(args: argparse.Namespace) -> None:
    """Raise for options that are wrong, or would change nothing."""
    from stance.show.figures import METADATA

    if args.map and Path(args.map).suffix.lower() not in METADATA:
        raise InputError(
            "a figure is written as .png, .svg or .pdf",
            path=args.map,
            hint="name the file with one of these endings",
        )
    if args.frames in ("labels", "none"):
        refuse({"--model": args.model}, f"with --frames {args.frames}")
    if args.frames in ("model", "none"):
        refuse({"--label": args.label}, f"with --frames {args.frames}")
    if args.label:
        refuse({"--model": args.model}, "with --label")
    if args.export == "xaif":
        named = {"--format": args.format if args.format != "auto" else None}
        refuse(named, "with --export xaif, which is JSON")


def _stepped(read: Read, progress: Progress) -> Iterator[Paragraph]:
    for unit in read.units:
        progress.step()
        yield unit


def _read(args: argparse.Namespace) -> Read:
    """Read the paths, and of their documents those that --select names."""
    from stance.cli.framing import folders_of, frames_of
    from stance.corpus.manifest import read_corpus

    rows = read_all(args)
    if args.document and not any(row.line for row in rows):
        raise InputError(
            "--document names a column of a data file, and none was read",
            hint=f"to choose a document, take --select {args.document}",
        )
    documents = tuple(dict.fromkeys(row.unit.document_id for row in rows))
    for id in args.select or ():
        if id not in documents:
            raise InputError(
                f"--select: no document is {id!r}",
                hint=nearest(id, _nearest(id, documents), kind="documents"),
            )
    chosen = tuple(dict.fromkeys(args.select or documents))
    if args.map and len(chosen) != 1:
        listed = ", ".join(chosen[:LISTED]) + ", ..." * (len(chosen) > LISTED)
        raise InputError(
            f"--map draws one document, and {len(chosen):,} were read",
            hint=f"choose one with --select: {listed}",
        )
    rows = [row for row in rows if row.unit.document_id in chosen]
    corpora = [read_corpus(folder) for folder in folders_of(args)]
    titles = {d.id: d.title for corpus in corpora for d in corpus.documents}
    return Read(rows, titles, frames_of(args, rows))


def _nearest(word: str, choices: Sequence[str]) -> tuple[str, ...]:
    """Return all choices, or the nearest ones where there are too many to list."""
    import difflib

    if len(choices) <= LISTED:
        return tuple(choices)
    return tuple(difflib.get_close_matches(word, choices, n=LISTED, cutoff=0.0))


def _draw(
    path: str, found: Sequence[Statement], links: Sequence[Link], read: Read
) -> None:
    """Draw the map of the one document read; a bilingual one side by side."""
    from stance.show.figures import colour_of, save
    from stance.show.figures.argument import argument_figure, side_by_side

    try:
        colour_of(read.frames.labels)
    except ValueError as error:
        raise InputError(f"--map: {error}", hint="take --frames none") from None
    (document,) = read.documents
    is_bilingual = any(unit.twin for unit in read.units)
    draw = side_by_side if is_bilingual else argument_figure
    title = read.titles.get(document) or document
    save(
        lambda ax: draw(
            found,
            links,
            ax,
            title=title,
            labels=read.frames.labels,
            paragraphs=read.units,
        ),
        path,
        size=(WIDTHS[is_bilingual], 1.0),
    )


def _write(
    found: Sequence[Statement], links: Sequence[Link], read: Read,
    args: argparse.Namespace,
) -> None:  # fmt: skip
    """Print the statements, or what --export makes of them."""
    from stance.argument.exchange import DnaRow, rdna_rows, xaif
    from stance.argument.statement import Statement
    from stance.show.table import rows_of

    if args.export == "rdna":
        rows = rdna_rows(found, starts=_starts(read))
        emit(rows_of(rows), DnaRow.__slots__, args)
    elif args.export == "xaif":
        with open_output(args) as stream:
            json.dump(xaif(found, links), stream, ensure_ascii=False, indent=1)
            stream.write("\n")
    elif chosen_format(args) == "table":
        from stance.show.outline import show_outline

        with open_output(args) as stream:
            show_outline(
                found, links, stream, labels=read.frames.labels, titles=read.titles
            )
    else:
        emit(rows_of(found), Statement.__slots__, args)


def _starts(read: Read) -> Mapping[str, int] | None:
    """Return where paragraphs begin in their documents; a data file does not tell."""
    if any(row.line for row in read.rows):
        return None
    return {unit.id: unit.start for unit in read.units}


def _say(found: Sequence[Statement], read: Read, args: argparse.Namespace) -> None:
    """Say how much there is, where the frames come from, and what found the rest."""
    n = {role: sum(row.role == role for row in found) for role in ("claim", "premise")}
    others = sum(row.voice != "own" for row in found)
    said = [
        f"{_n(len(found), 'sentence')} in "
        f"{_n(len({row.unit_id for row in found}), 'paragraph')} of "
        f"{_n(len(read.documents), 'document')}: {_n(n['claim'], 'claim')}, "
        f"{_n(n['premise'], 'premise')}, {others:,} in another's voice"
    ]
    if read.frames.whence:
        said.append(f"frames: {read.frames.whence}")
    said.append("roles, links, voices and acts were found by rules: a help to reading")
    if any(unit.twin for unit in read.units):
        said.append("of twins, the same in two languages, both are there: count one")
    if args.map:
        said.append(f"map: {args.map}")
    print("\n".join(said), file=sys.stderr)


def _n(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + "s" * (count != 1)
