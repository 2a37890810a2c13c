"""What the measuring verbs share: every unit of a corpus, its labels, predictions."""

from __future__ import annotations

import argparse
import warnings
from typing import TYPE_CHECKING, NamedTuple

from stance.cli.common import (
    Progress,
    add_columns,
    columns_named,
    load_model,
    one_thread,
    positive,
    share,
)
from stance.errors import CodingError, InputError, StanceWarning

if TYPE_CHECKING:
    from stance.coding.codebook import LabelSet
    from stance.coding.labelled import LabelledSet
    from stance.coding.predictions import Predictions
    from stance.corpus.document import Passage
    from stance.corpus.records import Record
    from stance.measure.prevalence import PrevalenceEstimate
    from stance.model.model import Model
    from stance.show.figures import Draw

#: A unit of more characters is no paragraph but a whole document.
LONGEST = 2000
ROLES = ("text", "id", "label", "document", "group", "date", "source", "language")


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


def add_estimate(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what is estimated, and how."""
    parser.add_argument(
        "--by", default="year", metavar="NAMES",
        help="year (default), month, date, source, language, document, or several: "
        "year,source",
    )  # fmt: skip
    parser.add_argument(
        "--estimand", choices=("process", "corpus"), default="process",
        help="what the shares are of: what the sources write, of which these documents "
        "are a sample (default), or this corpus",
    )  # fmt: skip
    parser.add_argument(
        "--method", default="difference",
        help="difference (default), labels, dsl, cc, pcc, acc, pacc, emq or synthetic",
    )  # fmt: skip
    parser.add_argument(
        "--level", type=share, default=0.95, metavar="P",
        help="of the intervals; default 0.95",
    )  # fmt: skip
    parser.add_argument(
        "--cross-fit", action="store_true",
        help="predict by models trained on the coded units of other documents",
    )  # fmt: skip
    parser.add_argument(
        "--terms", metavar="FILE", help="with --cross-fit: a term table; else none"
    )
    parser.add_argument(
        "--jobs", type=positive, default=2, metavar="N",
        help="with --cross-fit: processes; default 2",
    )  # fmt: skip


def read_units(args: argparse.Namespace, labels: LabelSet | None = None) -> LabelledSet:
    """Return every unit that the options name, ``y`` -1 where it is not coded.

    Parameters
    ----------
    args : Namespace
        With the options of `add_corpus`.
    labels : LabelSet, optional
        Those of a model; else all that occur, sorted.
    """
    from stance.coding.units import units_of_corpus
    from stance.model.project import read_project

    if args.paths:
        return _units_of_paths(args, labels)
    if getattr(args, "labels", None):
        raise InputError("--labels needs the corpus whose units are labelled: PATH")
    project = read_project(args.corpus, checked=True)
    return units_of_corpus(project.corpus, project.annotations, project.codebook)


def _units_of_paths(args: argparse.Namespace, labels: LabelSet | None) -> LabelledSet:
    from stance.coding.codebook import LabelSet
    from stance.coding.units import coded_of, read_coded, units_of_records

    records, passages = _read(args)
    if getattr(args, "labels", None):
        named = columns_named(args)
        coded = [
            one
            for path in args.labels
            for one in read_coded(path, columns=named, encoding=args.encoding)
        ]
        if not coded:
            raise InputError(
                "no row has a label", path=args.labels[0],
                hint="name the column with --label",
            )  # fmt: skip
    else:
        coded = coded_of(records, args.paths[0])
    labels = labels or LabelSet(tuple(sorted({one.label for one in coded})))
    return units_of_records(records, passages, coded=coded, labels=labels)


def _read(args: argparse.Namespace) -> tuple[list[Record], list[Passage]]:
    """Return the units of the paths and what a model reads of them."""
    from stance.cli.reading import read_sources
    from stance.corpus.document import Passage

    own = argparse.Namespace(**vars(args))
    if getattr(args, "labels", None):
        own.label = None  # that column is in the other files
    records = [r for source in read_sources(own) for r in source.rows()]
    kept = [r for r in records if r.unit.counted]
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


def predictions_of(
    args: argparse.Namespace, data: LabelledSet, model: Model, progress: Progress
) -> Predictions:
    """Return predictions for every unit by models that had not seen the coded ones."""
    import numpy as np

    from stance.corpus.terms import NO_TERMS, read_terms
    from stance.model.classify import predict

    if args.cross_fit:
        from stance.model.train import cross_fit

        terms = read_terms(args.terms) if args.terms else NO_TERMS
        return cross_fit(data, terms=terms, n_jobs=args.jobs, progress=progress.say)
    own = model.tested.repeats[0] if model.tested else None
    if own and not args.paths and set(data.gold.unit_ids) <= set(own.unit_ids):
        from dataclasses import replace

        place = {unit: at for at, unit in enumerate(own.unit_ids)}
        rows = np.array([place[unit] for unit in data.gold.unit_ids])
        return replace(
            own, unit_ids=data.gold.unit_ids, proba=own.proba[rows],
            abstained=own.abstained[rows], fold=own.fold[rows], seen=own.seen[rows],
        )  # fmt: skip
    if model.context or model.targeted:
        raise CodingError(
            f"model {model.name!r} reads the neighbours or targets of a unit",
            hint="predict with --cross-fit, or with a model of the text alone",
        )
    progress.total = len(data.passages)
    return predict(model, data.gold.unit_ids, data.passages, progress.step)


class Measured(NamedTuple):
    """Shares, and what they were estimated from."""

    data: LabelledSet
    predictions: Predictions
    shares: PrevalenceEstimate


def measure(args: argparse.Namespace) -> Measured:
    """Return the shares that the options of a verb ask for."""
    one_thread()
    from stance.errors import nearest
    from stance.measure.prevalence import METHODS, prevalence
    from stance.measure.strata import check_by, stratify

    if args.method not in METHODS:
        raise InputError(
            f"--method {args.method!r} is none", hint=nearest(args.method, METHODS)
        )
    check_by(args.by)
    model = load_model(args, tested=not args.paths)
    data = read_units(args, None if args.cross_fit else model.labels)
    progress = Progress("predicting", 0, quiet=args.quiet)
    try:
        predictions = predictions_of(args, data, model, progress)
    finally:
        progress.close()
    shares = prevalence(
        data.gold, predictions, strata=stratify(data.gold, args.by),
        method=args.method, estimand=args.estimand, level=args.level,
    )  # fmt: skip
    return Measured(data, predictions, shares)


def add_plot(parser: argparse.ArgumentParser) -> None:
    """Add the option that draws a figure."""
    parser.add_argument(
        "--plot", metavar="FILE", help="draw it too: a .pdf, .svg or .png file"
    )


def plot(args: argparse.Namespace, draw: Draw) -> None:
    """Draw the figure that --plot names."""
    from stance.show.figures import save

    save(draw, args.plot)
