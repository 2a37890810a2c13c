"""What units a verb is about: every unit of a corpus, and which of them are coded."""

from __future__ import annotations

import argparse
import warnings
from typing import TYPE_CHECKING

from stance.cli.common import add_columns, columns_named
from stance.errors import InputError, StanceWarning

if TYPE_CHECKING:
    from stance.coding.codebook import LabelSet
    from stance.coding.coded import Coded
    from stance.coding.labelled import LabelledSet
    from stance.corpus.document import Passage
    from stance.corpus.records import Record

#: A unit of more characters is no paragraph but a whole document.
LONGEST = 2000
#: The label of a unit without a frame, where no codebook says which one that is.
NONE = "none"
ROLES = ("text", "id", "label", "document", "group", "date", "source", "language")


def read_labels(args: argparse.Namespace) -> list[Coded]:
    """Return the labels of the files that --labels names.

    Raises
    ------
    InputError
        If they hold none.
    """
    from stance.coding.units import read_coded

    columns = columns_named(args)
    coded = [
        one
        for path in args.labels
        for one in read_coded(path, columns=columns, encoding=args.encoding)
    ]
    if not coded:
        raise InputError(
            "no row has a label", path=args.labels[0],
            hint="name the column with --label",
        )  # fmt: skip
    return coded


def add_units(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which units there are."""
    parser.add_argument(
        "paths", nargs="*", metavar="PATH",
        help="files or folders with every unit, coded or not; default: the project",
    )  # fmt: skip
    parser.add_argument(
        "--corpus", default="seeds", metavar="FOLDER",
        help="the project, where no PATH is given; default: seeds",
    )  # fmt: skip
    parser.add_argument(
        "--longest", type=int, default=LONGEST, metavar="N",
        help=f"leave out units of more than N characters, which are whole documents; "
        f"default {LONGEST}, 0 keeps all",
    )  # fmt: skip
    parser.add_argument(
        "--lines", action="store_true", help="in a text each line is a unit"
    )
    parser.set_defaults(input_format=None)
    add_columns(parser, ROLES)


def add_corpus(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which units there are, and which of them are coded."""
    add_units(parser)
    parser.add_argument(
        "--labels", metavar="FILE", nargs="+",
        help="data files with the coded units: text or else id, label and, where they "
        "are known, design and probability of the draw; default: what is labelled in "
        "PATH",
    )  # fmt: skip
    parser.add_argument("--model", metavar="FOLDER", help="default: the shipped model")


def read_units(args: argparse.Namespace, labels: LabelSet | None = None) -> LabelledSet:
    """Return every unit that the options name, ``y`` -1 where it is not coded.

    Parameters
    ----------
    args : Namespace
        With the options of `add_corpus`.
    labels : LabelSet, optional
        Those of a model; else all that occur, sorted, of which ``none`` is residual.

    Raises
    ------
    InputError
        If ids stand in two files, or the options do not fit the files.
    """
    from stance.coding.units import units_of_corpus
    from stance.model.project import read_project

    if args.longest < 0:
        raise InputError(
            f"--longest {args.longest} is below 0", hint="0 keeps units of any length"
        )
    if args.paths:
        return _units_of_paths(args, labels)
    if getattr(args, "labels", None):
        raise InputError("--labels needs the corpus whose units are labelled: PATH")
    project = read_project(args.corpus, checked=True)
    return units_of_corpus(project.corpus, project.annotations, project.codebook)


def _units_of_paths(args: argparse.Namespace, labels: LabelSet | None) -> LabelledSet:
    from stance.coding.codebook import LabelSet
    from stance.coding.units import coded_of, units_of_records

    records, passages = _read(args)
    if getattr(args, "labels", None):
        coded = read_labels(args)
    else:
        coded = coded_of(records, args.paths[0])
    if not labels:
        names = tuple(sorted({one.label for one in coded}))
        labels = LabelSet(names, tuple(name for name in names if name == NONE))
    return units_of_records(records, passages, coded=coded, labels=labels)


def _read(args: argparse.Namespace) -> tuple[list[Record], list[Passage]]:
    """Return the units of the paths and what a model reads of them."""
    from stance.cli.reading import read_all
    from stance.corpus.document import Passage

    own = argparse.Namespace(**vars(args))
    if getattr(args, "labels", None):
        own.label = None  # that column is in the other files
    kept = [r for r in read_all(own) if r.unit.counted]
    short = [r for r in kept if not args.longest or len(r.unit.text) <= args.longest]
    if len(short) < len(kept):
        warnings.warn(
            f"{len(kept) - len(short)} of {len(kept)} units have more than "
            f"{args.longest:,} characters and are left out: whole documents are no "
            "paragraphs (--longest 0 keeps them)",
            StanceWarning,
            stacklevel=2,
        )
    if not short:
        raise InputError("holds no units", path=args.paths[0])
    return short, [Passage(r.unit.text) for r in short]
