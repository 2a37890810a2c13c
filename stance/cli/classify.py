"""``stance classify``: label paragraphs, with probabilities and evidence."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stance.cli.common import (
    Progress,
    add_input,
    add_output,
    chosen_format,
    emit,
    load_model,
    open_output,
    read_paths,
)

if TYPE_CHECKING:
    from stance.model.classify import Labelled
    from stance.model.model import Model

EXAMPLES = """\
  stance classify seeds/texts
  stance classify speeches.jsonl --text body -o labelled.csv
  echo "Both sides agreed to ease export controls." | stance classify -"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the verb."""
    add_input(parser)
    parser.add_argument("--model", metavar="FOLDER", help="default: the shipped model")
    add_output(parser)


def run(args: argparse.Namespace) -> int:
    """Label the paragraphs of all paths, in their order."""
    # Nothing here multiplies large matrices, and starting OpenBLAS's threads takes as
    # long as importing the rest of numpy (108 against 203 ms of CPU, two cores).
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from stance.model.classify import classify

    model = load_model(args)
    labels = model.labels.names
    progress = Progress("classifying", 0, quiet=args.quiet)
    seen = 0

    def labelled() -> Iterator[Labelled]:
        nonlocal seen
        for total, units in read_paths(args):
            progress.total += total
            for item in classify(units, model):
                seen += item.seen and bool(item.label)
                progress.step()
                yield item

    try:
        if chosen_format(args) == "table":
            from stance.show.screen import show

            with open_output(args) as stream:
                show(labelled(), labels, stream)
        else:
            from stance.show.rows import columns_of, row_of

            rows = (row_of(item, labels) for item in labelled())
            emit(rows, columns_of(labels), args)
    finally:
        progress.close()
    if not args.quiet:
        _say_seen(seen, progress.n, model)
    return 0


def _say_seen(seen: int, n: int, model: Model) -> None:
    """Say what of the input the model was trained on, and how good it is elsewhere."""
    from stance.show.rows import held_out

    units = f"{n} paragraph" + "s" * (n != 1)
    lines = [f"model {model.name} {model.digest[:12]}, {units}"]
    if seen:
        lines.append(
            f"* {seen} of them seen: the model was trained on these very texts, so "
            "their labels show how it works, not how good it is"
        )
    if figure := held_out(model):
        lines.append(f"how good it is {figure}")
    print("\n" + "\n".join(lines), file=sys.stderr)
