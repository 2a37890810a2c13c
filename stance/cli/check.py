"""``stance check``: corpus, codebook, terms, anchors and labels fit together."""

from __future__ import annotations

import argparse
import sys
import warnings
from typing import TYPE_CHECKING

from stance.cli.common import (
    Progress,
    add_output,
    emit,
    load_model,
    one_thread,
    positive,
)
from stance.errors import InputError, StanceWarning

if TYPE_CHECKING:
    from stance.coding.adjudicate import Adjudicated
    from stance.model.project import Project

EXAMPLES = """\
  stance check
  stance check --corpus my-project/seeds
  stance check --labels"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the verb."""
    parser.add_argument(
        "--corpus", default="seeds", metavar="FOLDER", help="default: seeds"
    )
    parser.add_argument(
        "--labels", action="store_true",
        help="instead list the gold labels that the model, trained without their "
        "document, contradicts most; nothing is changed",
    )  # fmt: skip
    parser.add_argument(
        "--model", metavar="FOLDER",
        help="for --labels: a model trained on this corpus; default: the shipped one, "
        "if it was, else the labels are predicted anew",
    )  # fmt: skip
    parser.add_argument(
        "--jobs", type=positive, default=2, metavar="N", help="processes; default 2"
    )
    add_output(parser)
    parser.epilog = "--model, --format, --output and --digits are for --labels."


def run(args: argparse.Namespace) -> int:
    """Check a project folder; 1 if something does not fit."""
    _check_options(args)
    one_thread()
    from stance.coding.adjudicate import adjudicate
    from stance.coding.annotation import problems
    from stance.model.project import read_project

    project = read_project(args.corpus, checked=args.labels)
    rows = adjudicate(project.annotations, variable="frame")
    if args.labels:
        return _doubts(project, rows, args)
    corpus, codebook = project.corpus, project.codebook
    found = problems(project.annotations, codebook, corpus)
    for problem in found:
        print(f"stance: {problem}", file=sys.stderr)
    n_content = _say_duplicates(project)
    coders = {a.coder for a in project.annotations}
    n = _n(len(corpus.documents), "document")
    print(f"{n}, every sha256 as in the manifest")
    print(f"{_n(len(corpus.paragraphs), 'paragraph')}, {n_content} of them content")
    names = ", ".join(codebook.labels.names)
    print(f"codebook {codebook.name} {codebook.version}: {names}")
    print(f"{len(project.annotations)} labels by {len(coders)} coders")
    print(f"{len(rows)} units with a frame, {sum(r.disputed for r in rows)} disputed")
    print(f"{len(project.terms.terms)} concepts, {len(project.anchors)} anchors")
    print(f"{_n(len(found), 'problem')}" if found else "all fits together")
    return 1 if found else 0


def _check_options(args: argparse.Namespace) -> None:
    """Refuse what belongs to the list of labels: a plain check prints no records."""
    given = {
        "--model": args.model is not None,
        "--output": args.output is not None,
        "--format": args.format != "auto",
        "--digits": args.digits is not None,
    }
    for option, is_given in given.items():
        if is_given and not args.labels:
            raise InputError(
                f"{option} needs --labels: a plain check prints lines, not records",
                hint="leave it out, or list doubtful labels with stance check --labels",
            )


def _say_duplicates(project: Project) -> int:
    """List the texts that stand twice, or nearly; return how many units are content."""
    from stance.corpus.duplicates import near_duplicates

    units = [unit for unit in project.corpus.paragraphs if unit.counted]
    ids = [unit.id for unit in units] + [anchor.id for anchor in project.anchors]
    texts = [unit.text for unit in units] + [a.text for a in project.anchors]
    for first, second, alike in near_duplicates(texts):
        what = "the same text" if alike == 1 else f"nearly the same text ({alike:.2f})"
        print(f"{what}: {ids[first]}, {ids[second]} (one group in every split)")
    return len(units)


def _doubts(
    project: Project, rows: tuple[Adjudicated, ...], args: argparse.Namespace
) -> int:
    """Print the gold labels that the model contradicts, with the coders' votes."""
    from dataclasses import asdict

    from stance.measure.label_errors import Doubt, doubts
    from stance.model.train import held_out

    data = project.labelled()
    model = load_model(args, tested=True)
    tested = model.tested
    if tested is None or model.inputs.get("labelled") != data.digest:
        if args.model:
            warnings.warn(
                f"{args.model}: was not trained on the labels of {args.corpus}; they "
                "are predicted anew, without it",
                StanceWarning,
                stacklevel=2,
            )
        progress = Progress("predicting the labels", 0, quiet=args.quiet)
        try:
            tested = held_out(
                data, terms=project.terms, n_jobs=args.jobs, progress=progress.say
            )
        finally:
            progress.close()
    votes = {row.unit_id: row.votes for row in rows}
    found = doubts(tested.gold, tested.repeats[0])
    emit(
        ({**asdict(row), "votes": votes.get(row.unit_id, "")} for row in found),
        [*Doubt.__slots__, "votes"],
        args,
    )
    if not args.quiet:
        print(
            f"{len(found)} of {len(tested.gold.y)} gold labels are contradicted; read "
            "the paragraph and the rule before you change one",
            file=sys.stderr,
        )
    return 0


def _n(count: int, noun: str) -> str:
    return f"{count} {noun}" + "s" * (count != 1)
