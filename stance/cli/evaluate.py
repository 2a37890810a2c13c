"""``stance evaluate``: judge a model on documents it has not seen."""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

from stance.cli.common import (
    Progress,
    add_columns,
    add_output,
    columns_named,
    emit,
    load_model,
    one_thread,
    positive,
    warn_of_duplicates,
    warn_of_new_targets,
)
from stance.errors import CodingError, InputError, StanceWarning, nearest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from stance.coding.labelled import LabelledSet
    from stance.coding.predictions import Predictions
    from stance.corpus.terms import TermTable
    from stance.measure.evaluate import Metric

EXAMPLES = """\
  stance evaluate
  stance evaluate --split time,source,language
  stance evaluate --model models/mine --data held-out.csv --text text --label code
  stance evaluate --data coded.csv --label code --group speech --split document"""
DESIGNS = ("document", "time", "source", "language")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the verb."""
    parser.add_argument("--model", metavar="FOLDER", help="default: the shipped model")
    parser.add_argument(
        "--data", metavar="FILE", nargs="+",
        help="labelled units to judge on; else those the model was trained on, each "
        "predicted by a model that had not seen its document",
    )  # fmt: skip
    parser.add_argument(
        "--split", metavar="NAMES",
        help=f"train anew and test by {', '.join(DESIGNS)} (several: a,b), on --data "
        "or on the project's own labels",
    )  # fmt: skip
    parser.add_argument(
        "--against", metavar="FOLDER",
        help="another model to compare with on --data: differences, paired test",
    )  # fmt: skip
    parser.add_argument(
        "--strongest", action="store_true",
        help="instead list the strongest terms for each label and language",
    )  # fmt: skip
    parser.add_argument(
        "--corpus", default="seeds", metavar="FOLDER", help="default: seeds"
    )
    parser.add_argument(
        "--terms", metavar="FILE", help="term table for --data with --split; else none"
    )
    parser.add_argument(
        "--context", type=positive, default=0, metavar="N",
        help="with --split: try N neighbours each side as features",
    )  # fmt: skip
    add_columns(
        parser,
        ("text", "id", "label", "group", "document", "date", "source", "language",
         "target"),
    )  # fmt: skip
    parser.add_argument(
        "--floor", type=float, metavar="F1", help="exit 1 if macro-F1 is below"
    )
    parser.add_argument(
        "--jobs", type=positive, default=2, metavar="N", help="processes; default 2"
    )
    add_output(parser)


def run(args: argparse.Namespace) -> int:
    """Print the metrics of a model."""
    one_thread()
    from stance.measure.evaluate import Metric
    from stance.show.table import rows_of

    if args.strongest:
        return _strongest(args)
    designs = args.split.split(",") if args.split else []
    for design in designs:
        if design not in DESIGNS:
            raise InputError(
                f"--split {design!r} is no way to split", hint=nearest(design, DESIGNS)
            )
    if not designs and (args.context or args.terms):
        raise InputError(
            "--context and --terms are for training anew; name a --split",
            hint="a model that is judged on --data reads what it was trained with",
        )
    if args.against and (designs or not args.data):
        raise InputError("--against needs --data, and no --split")
    progress = Progress("evaluating", 0, quiet=args.quiet)
    try:
        if designs:
            metrics = _by_split(args, designs, progress)
        elif args.data:
            metrics = _on_data(args, progress)
        else:
            metrics = _own(args)
    finally:
        progress.close()
    emit(rows_of(metrics), Metric.__slots__, args)
    low = args.floor is not None and metrics[0].estimate < args.floor
    if low:
        print(
            f"macro-F1 {metrics[0].estimate:.3f} is below {args.floor}", file=sys.stderr
        )
    return 1 if low else 0


def _strongest(args: argparse.Namespace) -> int:
    from stance.model.explain import TermWeight, strongest
    from stance.show.table import rows_of

    emit(rows_of(strongest(load_model(args))), TermWeight.__slots__, args)
    return 0


def _own(args: argparse.Namespace) -> Sequence[Metric]:
    """Judge the predictions out of fold that are part of the model."""
    from stance.measure.evaluate import evaluate

    tested = load_model(args, tested=True).tested
    return evaluate(tested) if tested else ()


def _by_split(
    args: argparse.Namespace, designs: Sequence[str], progress: Progress
) -> Sequence[Metric]:
    """Train anew without what is tested, by each design."""
    from dataclasses import replace

    from stance.measure.evaluate import evaluate
    from stance.model.train import held_out_by

    data, terms = _labelled(args)
    warn_of_duplicates(data)
    rows: list[Metric] = []
    tested = held_out_by(
        data, terms=terms, designs=designs, n_jobs=args.jobs, progress=progress.say
    )
    for design, each in zip(designs, tested, strict=True):
        found = evaluate(each)
        if len(designs) > 1 or design != "document":
            found = tuple(
                replace(r, stratum=f"by {design}: {r.stratum}") for r in found
            )
        rows += found
    return rows


def _labelled(args: argparse.Namespace) -> tuple[LabelledSet, TermTable]:
    """Return the labelled set and term table that the options name."""
    from stance.coding.labelled import read_labelled
    from stance.corpus.terms import NO_TERMS, read_terms
    from stance.model.project import read_project

    if not args.data:
        project = read_project(args.corpus, checked=True)
        return project.labelled(context=args.context), project.terms
    data, _ = read_labelled(
        args.data, columns=columns_named(args), encoding=args.encoding,
        context=args.context, targeted=bool(args.target),
    )  # fmt: skip
    return data, read_terms(args.terms) if args.terms else NO_TERMS


def _on_data(args: argparse.Namespace, progress: Progress) -> Sequence[Metric]:
    """Judge on labelled files; what the model was trained on is left out."""
    import numpy as np

    from stance.coding.labelled import read_labelled
    from stance.coding.predictions import HeldOut
    from stance.measure.evaluate import compare, evaluate
    from stance.model.classify import predict
    from stance.model.store import load

    model = load_model(args)
    models = [model, load(args.against)] if args.against else [model]
    if models[-1].labels != model.labels:
        raise CodingError(
            f"{args.against}: its labels are {', '.join(models[-1].labels.names)}, not "
            f"those of {model.name}",
            hint="compare models of one label set",
        )
    read = [
        read_labelled(
            args.data, columns=columns_named(args), encoding=args.encoding,
            context=m.context, targeted=m.targeted, labels=model.labels,
        )[0]
        for m in models
    ]  # fmt: skip
    gold, ids = read[0].gold, read[0].gold.unit_ids
    progress.total = len(ids) * len(models)
    found = [
        predict(m, ids, own.passages, progress.step)
        for m, own in zip(models, read, strict=True)
    ]
    seen = np.any([said.seen for said in found], axis=0)
    _say_seen(args.data, [ids[at] for at in np.flatnonzero(seen)], seen)
    rows = np.flatnonzero(~seen)
    for m, own in zip(models, read, strict=True):
        warn_of_new_targets(m, (own.passages[at].target for at in rows))
    gold, found = gold.take(rows), [_take(said, rows) for said in found]
    metrics = evaluate(HeldOut(gold, (found[0],)))
    return metrics + (compare(gold, *found) if args.against else ())


def _take(said: Predictions, rows: NDArray[np.integer]) -> Predictions:
    """Return the predictions for some of the units."""
    from dataclasses import replace

    return replace(
        said,
        unit_ids=tuple(said.unit_ids[row] for row in rows),
        proba=said.proba[rows],
        abstained=said.abstained[rows],
        fold=said.fold[rows],
        seen=said.seen[rows],
    )


def _say_seen(paths: Sequence[str], ids: Sequence[str], seen: Sequence[bool]) -> None:
    """List the units that training had; refuse where there are no others."""
    if not ids:
        return
    if len(ids) == len(seen):
        raise CodingError(
            f"{paths[0]}: the model was trained on every unit of it",
            hint="judge it on other texts, or out of fold: stance evaluate",
        )
    named = ", ".join(ids[:10]) + (", ..." if len(ids) > 10 else "")
    warnings.warn(
        f"{paths[0]}: {len(ids)} of {len(seen)} units are left out: the model was "
        f"trained on these very texts: {named}",
        StanceWarning,
        stacklevel=3,
    )
