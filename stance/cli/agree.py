"""``stance agree``: agreement between coders, and what they dispute."""

import argparse
import sys

from stance.cli.common import add_output, emit

EXAMPLES = """\
  stance agree
  stance agree --variable kind --floor 0.8
  stance agree --disputes"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the verb."""
    parser.add_argument(
        "--corpus", default="seeds", metavar="FOLDER", help="default: seeds"
    )
    parser.add_argument("--variable", default="frame", help="default: frame")
    parser.add_argument(
        "--floor", type=float, metavar="ALPHA", help="exit 1 if alpha is below"
    )
    parser.add_argument(
        "--disputes", action="store_true", help="list the disputed units"
    )
    add_output(parser)


def run(args: argparse.Namespace) -> int:
    """Print alpha over all labels and of each; or the disputed units."""
    from stance.coding.adjudicate import Adjudicated, adjudicate
    from stance.errors import CodingError
    from stance.measure.agreement import Agreement, agreement
    from stance.model.project import read_project
    from stance.show.table import rows_of

    project = read_project(args.corpus, checked=True)
    allowed = project.codebook.allowed(args.variable)
    try:
        rows = agreement(project.annotations, variable=args.variable, labels=allowed)
    except ValueError as error:
        raise CodingError(str(error), hint="see stance check") from None
    disputed = [
        r for r in adjudicate(project.annotations, variable=args.variable) if r.disputed
    ]
    if args.disputes:
        emit(rows_of(disputed), Adjudicated.__slots__, args)
    else:
        emit(rows_of(rows), Agreement.__slots__, args)
        if disputed and not args.quiet:
            names = ", ".join(row.unit_id for row in disputed)
            print(f"{len(disputed)} disputed: {names}", file=sys.stderr)
    return 1 if args.floor is not None and rows[0].alpha < args.floor else 0
