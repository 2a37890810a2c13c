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
    positive,
)
from stance.errors import CodingError, InputError, StanceWarning, nearest

if TYPE_CHECKING:
    from stance.measure.evaluate import Metric
    from stance.model.model import Model

EXAMPLES = """\
  stance evaluate
  stance evaluate --model models/mine --data held-out.csv --text text --label code"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the verb."""
    parser.add_argument("--model", metavar="FOLDER", help="default: the shipped model")
    parser.add_argument(
        "--data", metavar="FILE",
        help="labelled units to judge on; else the project's own labels, out of fold",
    )  # fmt: skip
    parser.add_argument(
        "--corpus", default="seeds", metavar="FOLDER", help="default: seeds"
    )
    add_columns(parser, ("text", "id", "label", "document", "language"))
    parser.add_argument(
        "--floor", type=float, metavar="F1", help="exit 1 if macro-F1 is below"
    )
    parser.add_argument(
        "--jobs", type=positive, default=2, metavar="N", help="processes; default 2"
    )
    add_output(parser)


def run(args: argparse.Namespace) -> int:
    """Print the metrics of a model."""
    from stance.measure.evaluate import Metric
    from stance.show.table import rows_of

    progress = Progress("evaluating", 0, quiet=args.quiet)
    try:
        metrics = (_on_data if args.data else _out_of_fold)(args, progress)
    finally:
        progress.close()
    emit(rows_of(metrics), Metric.__slots__, args)
    low = args.floor is not None and metrics[0].estimate < args.floor
    if low:
        print(
            f"macro-F1 {metrics[0].estimate:.3f} is below {args.floor}", file=sys.stderr
        )
    return 1 if low else 0


def _on_data(args: argparse.Namespace, progress: Progress) -> Sequence[Metric]:
    """Judge on a labelled file; what the model was trained on is left out."""
    import numpy as np

    from stance.corpus.records import check_label, read_records
    from stance.measure.evaluate import evaluate
    from stance.model.score import probabilities, was_seen

    model = load_model(args)
    records = list(
        read_records(args.data, columns=columns_named(args), encoding=args.encoding)
    )
    for record in records:
        check_label(record, args.data)
        if record.label not in model.labels.names:
            raise InputError(
                f"label {record.label!r} is not one of the model's",
                path=args.data,
                line=record.line,
                hint=nearest(record.label, model.labels.names),
            )
    fresh = [record for record in records if not was_seen(model, record.unit.text)]
    if len(fresh) < len(records):
        warnings.warn(
            f"{args.data}: {len(records) - len(fresh)} of {len(records)} units are "
            "left out: the model was trained on these very texts",
            StanceWarning,
            stacklevel=2,
        )
    if not fresh:
        raise CodingError(
            f"{args.data}: the model was trained on every unit of it",
            hint="judge it on other texts, or out of fold: stance evaluate",
        )
    progress.total = len(fresh)
    proba = []
    for record in fresh:
        proba.append(probabilities(model, [record.unit.text])[0])
        progress.step()
    return evaluate(
        [record.label for record in fresh],
        np.array(proba),
        labels=model.labels,
        documents=[record.unit.document_id for record in fresh],
    )


def _out_of_fold(args: argparse.Namespace, progress: Progress) -> Sequence[Metric]:
    """Judge by models trained anew without each document of the project."""
    import numpy as np

    from stance.measure.evaluate import evaluate
    from stance.model.project import read_project
    from stance.model.train import cross_fit

    model = load_model(args)
    project = read_project(args.corpus, checked=True)
    _same_inputs(model, project.digests, args.corpus)
    data = project.labelled()
    tested = cross_fit(
        data, terms=project.terms, n_jobs=args.jobs, progress=progress.say
    )
    counted = data.counted[tested.units]
    languages = np.array([data.languages[unit] for unit in tested.units])
    framed = data.y[tested.units] < len(data.labels.substantive)
    everything = np.ones(len(counted), dtype=bool)
    strata = {
        "counted": counted,
        "counted, gold with a frame": counted & framed,
        "twins counted twice": everything,
        **{f"language={name}": languages == name for name in sorted(set(languages))},
    }
    rows: list[Metric] = []
    for stratum, mask in strata.items():
        units = tested.units[mask]
        rows += evaluate(
            [data.labels.names[label] for label in data.y[units]],
            tested.proba[mask],
            labels=data.labels,
            documents=[data.documents[unit] for unit in units],
            stratum=stratum,
        )
    return rows


def _same_inputs(model: Model, digests: dict[str, str], corpus: str) -> None:
    for name, digest in digests.items():
        if model.inputs.get(name) != digest:
            warnings.warn(
                f"{corpus}: {name} is not what model {model.name} was trained on; "
                "what is judged is the training on what is there now",
                StanceWarning,
                stacklevel=3,
            )
