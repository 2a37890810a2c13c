"""``stance train``: train and evaluate a model, write its folder."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from stance.cli.common import (
    Progress,
    add_columns,
    columns_named,
    one_thread,
    positive,
    warn_of_duplicates,
)
from stance.errors import InputError

if TYPE_CHECKING:
    from stance.model.model import Model

    Say = Callable[[str], None]

EXAMPLES = """\
  stance train
  stance train --data coded.csv --label code --group speech --output models/mine"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the verb."""
    parser.add_argument(
        "--corpus", default="seeds", metavar="FOLDER", help="default: seeds"
    )
    parser.add_argument(
        "--data", metavar="FILE", nargs="+",
        help="labelled .jsonl, .csv or .tsv files instead",
    )  # fmt: skip
    add_columns(
        parser,
        ("text", "id", "label", "group", "document", "date", "source", "language"),
    )
    parser.add_argument(
        "--target", metavar="C",
        help="column that holds the target of the stance: try a model per target",
    )  # fmt: skip
    parser.add_argument(
        "--context", type=positive, default=0, metavar="N",
        help="try N neighbours each side (or the columns before, after) as features",
    )  # fmt: skip
    parser.add_argument(
        "--terms", metavar="FILE", help="term table for --data; else none"
    )
    parser.add_argument(
        "--output", metavar="FOLDER", help="default: models/<codebook's name>"
    )
    parser.add_argument(
        "--jobs", type=positive, default=2, metavar="N", help="processes; default 2"
    )


def run(args: argparse.Namespace) -> int:
    """Train on the project folder, or on a labelled file; print the digest."""
    one_thread()
    if args.data and not args.output:
        raise InputError("--data needs --output FOLDER: the model is written there")
    from stance.model.store import check_free, save
    from stance.show.card import figures

    if args.output:
        check_free(args.output)
    progress = Progress("reading", 0, quiet=args.quiet)
    try:
        model, card = (_from_data if args.data else _from_project)(args, progress.say)
    finally:
        progress.close()
    folder = args.output or f"models/{model.name}"
    model = save(model, folder, card=card, figures=figures(model))
    print(model.digest)
    return 0


def _from_project(args: argparse.Namespace, say: Say) -> tuple[Model, str]:
    from stance.model.project import read_project
    from stance.model.train import train_and_test
    from stance.show.card import project_card

    project = read_project(args.corpus, checked=True)
    data = project.labelled(context=args.context)
    warn_of_duplicates(data)
    model = train_and_test(
        data,
        terms=project.terms,
        name=project.codebook.name,
        inputs=project.digests,
        n_jobs=args.jobs,
        progress=say,
    )
    return model, project_card(model, project)


def _from_data(args: argparse.Namespace, say: Say) -> tuple[Model, str]:
    from pathlib import Path

    from stance.coding.labelled import read_labelled
    from stance.corpus.terms import NO_TERMS, read_terms
    from stance.model.train import train_and_test
    from stance.show.card import data_card

    data, inputs = read_labelled(
        args.data, columns=columns_named(args), encoding=args.encoding,
        context=args.context, targeted=bool(args.target),
    )  # fmt: skip
    warn_of_duplicates(data)
    model = train_and_test(
        data,
        terms=read_terms(args.terms) if args.terms else NO_TERMS,
        name=Path(args.output).resolve().name,
        inputs=inputs,
        n_jobs=args.jobs,
        progress=say,
    )
    return model, data_card(model, data)
