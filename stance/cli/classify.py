"""``stance classify``: label paragraphs, with probabilities and evidence."""

from __future__ import annotations

import argparse
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stance.cli.common import (
    Progress,
    add_input,
    add_output,
    chosen_format,
    emit,
    load_model,
    one_thread,
    open_output,
    share,
    warn_of_new_targets,
)
from stance.errors import StanceWarning

if TYPE_CHECKING:
    from stance.model.abstain import Thresholds
    from stance.model.classify import Labelled
    from stance.model.model import Model

EXAMPLES = """\
  stance classify seeds/texts
  stance classify speeches.jsonl --text body -o labelled.csv
  stance classify seeds/texts --explain -o evidence.html
  stance classify reports/ --coverage 0.9
  echo "Both sides agreed to ease export controls." | stance classify -"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the verb."""
    from stance.cli.explaining import add_explaining

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
    add_output(parser)
    add_explaining(parser)


def run(args: argparse.Namespace) -> int:
    """Label the paragraphs of all paths, in their order."""
    one_thread()
    from stance.cli.explaining import check_explaining, write_explained
    from stance.cli.reading import read_passages
    from stance.model.classify import classify

    check_explaining(args)
    model = load_model(args, tested=args.coverage is not None)
    limits = _thresholds(model, args.coverage)
    labels = model.labels.names
    progress = Progress("classifying", 0, quiet=args.quiet)
    seen: Counter[str] = Counter()
    targets: Counter[str] = Counter()
    languages: Counter[str] = Counter()

    def labelled() -> Iterator[Labelled]:
        for total, units, passages in read_passages(args, model):
            progress.total += total
            for item in classify(units, model, passages=passages, thresholds=limits):
                seen[item.label] += item.seen
                targets[item.passage.target] += 1
                languages[item.unit.language] += item.unit.counted
                progress.step()
                yield item

    try:
        if args.explain or args.moved:
            write_explained(labelled(), model, args)
        elif chosen_format(args) == "table":
            from stance.show.screen import show

            with open_output(args) as stream:
                show(labelled(), labels, stream)
        else:
            from stance.show.rows import columns_of, row_of

            rows = (row_of(item, labels) for item in labelled())
            emit(rows, columns_of(labels), args)
    finally:
        progress.close()
    _warn(model, limits, targets, languages)
    if not args.quiet:
        _say_seen(seen.total() - seen[""], progress.n, model)
    return 0


def _thresholds(model: Model, coverage: float | None) -> Thresholds | None:
    """Return the limits of the prediction sets, by language, if they are asked for."""
    if coverage is None or model.tested is None:
        return None
    from stance.model.abstain import thresholds

    gold, predictions = model.tested.gold, model.tested.repeats[0]
    return thresholds(gold, predictions, strata=gold.languages, coverage=coverage)


def _warn(
    model: Model,
    limits: Thresholds | None,
    targets: Counter[str],
    languages: Counter[str],
) -> None:
    """Warn of targets that are new to the model, and languages without coverage."""
    warn_of_new_targets(model, targets)
    if limits is None:
        return
    from stance.model.abstain import missing

    for language, n in sorted(languages.items()):
        if n and (why := missing(limits, language, by="language")):
            units = f"{n} paragraph" + "s" * (n != 1)
            warnings.warn(f"{units}: {why}", StanceWarning, stacklevel=2)


def _say_seen(seen: int, n: int, model: Model) -> None:
    """Say what of the input the model was trained on, and how good it is elsewhere."""
    from stance.show.rows import about

    print("\n" + "\n".join(about(model, n, seen)), file=sys.stderr)
