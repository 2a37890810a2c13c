"""``stance classify``: label paragraphs, with probabilities and evidence."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from stance.cli.common import (
    add_input,
    add_jobs,
    add_output,
    chosen_format,
    emit,
    load_model,
    one_thread,
    open_output,
    share,
)
from stance.errors import InputError

if TYPE_CHECKING:
    from stance.cli.labelling import Labelling
    from stance.model.abstain import Thresholds
    from stance.model.model import Model

EXAMPLES = """\
  stance classify seeds/texts
  stance classify speeches.jsonl --text body -o labelled.csv
  stance classify news.parquet --jobs 2 -o labelled.jsonl
  stance classify seeds/texts --explain -o evidence.html
  stance classify reports/ --coverage 0.9
  echo "Both sides agreed to ease export controls." | stance classify -"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the verb."""
    from stance.cli.explaining import add_explaining
    from stance.cli.parts import add_restart

    add_input(parser)
    parser.add_argument(
        "--target", metavar="C",
        help="column that holds the target, for a model trained with targets",
    )  # fmt: skip
    parser.add_argument("--model", metavar="FOLDER", help="default: the shipped model")
    parser.add_argument(
        "--coverage", type=share, metavar="P",
        help="label only where the prediction set that holds the right label with "
        "probability P holds no other (such as 0.9)",
    )  # fmt: skip
    add_jobs(parser)
    add_output(parser)
    add_restart(parser)
    add_explaining(parser)


def run(args: argparse.Namespace) -> int:
    """Label the paragraphs of all paths, in their order."""
    one_thread()
    from stance.cli.explaining import check_explaining
    from stance.cli.labelling import Labelling
    from stance.cli.reading import files_of

    if args.output:
        from stance.cli.dataset import names_dataset, run_dataset

        if names_dataset(args):
            return run_dataset(args)
    check_explaining(args)
    model = load_model(args, tested=args.coverage is not None)
    work = Labelling(args, model, _thresholds(model, args.coverage), files_of(args))
    try:
        _write(work, args)
    finally:
        work.progress.close()
    work.warn()
    if not args.quiet:
        _say_seen(work.tally.seen, work.tally.n, model)
    return 0


def _write(work: Labelling, args: argparse.Namespace) -> None:
    """Write what the options ask for."""
    from stance.cli.parts import is_resumable, write_parts

    labels, format = work.model.labels.names, work.output.format
    if is_resumable(args, format):
        write_parts(work)
        return
    if args.restart:
        raise InputError(
            "--restart would change nothing: only lines in a file, made of files, are "
            "written in parts that an interrupted run leaves",
            hint="leave it out, or name a .jsonl, .csv or .tsv file with --output",
        )
    if format:
        _write_lines(work, args)
    elif args.explain or args.moved:
        from stance.cli.explaining import write_explained

        write_explained(work.items(), work.model, args)
    elif chosen_format(args) == "table":
        from stance.show.screen import show

        with open_output(args) as stream:
            show(work.items(), labels, stream)
    else:
        from stance.show.rows import columns_of, row_of

        rows = (row_of(item, labels) for item in work.items())
        emit(rows, columns_of(labels), args)


def _write_lines(work: Labelling, args: argparse.Namespace) -> None:
    """Write lines as they are made, the first before anything: it may be refused."""
    from contextlib import closing

    with closing(work.labels(work.chunks())) as labelled:
        first = next(labelled, None)
        with open_output(args) as stream:
            stream.write((work.head() + (first.lines if first else b"")).decode())
            for found in labelled:
                stream.write(found.lines.decode())
                stream.flush()


def _thresholds(model: Model, coverage: float | None) -> Thresholds | None:
    """Return the limits of the prediction sets, by language, if they are asked for."""
    if coverage is None or model.tested is None:
        return None
    from stance.model.abstain import thresholds

    gold, predictions = model.tested.gold, model.tested.repeats[0]
    return thresholds(gold, predictions, strata=gold.languages, coverage=coverage)


def _say_seen(seen: int, n: int, model: Model) -> None:
    """Say what of the input the model was trained on, and how good it is elsewhere."""
    from stance.show.rows import about

    print("\n" + "\n".join(about(model, n, seen)), file=sys.stderr)
