"""``stance power``: how many labels the wished interval takes."""

from __future__ import annotations

import argparse
import math
from typing import TYPE_CHECKING

from stance.cli.common import add_output, chosen_format, emit, positive, share

if TYPE_CHECKING:
    from stance.measure.pilot import Pilot
    from stance.measure.power import Plan

EXAMPLES = """\
  stance power --n-coded 50 100 200 --n-documents 40
  stance power --n-coded 200 --n-documents 40 --accuracy 0.7 --shares 0.5 0.3 0.2
  stance power --half-width 0.1 --n-documents 80 --accuracy 0.8"""
SCHEMES = ("paragraphs", "documents", "two-stage")
#: What a terminal has room for; files have every column.
SHOWN = (
    "scheme", "n_coded", "half_width_share", "half_width_change", "smallest_change",
)  # fmt: skip


def number(text: str) -> float:
    """Return a number that is neither infinite nor none, for argparse."""
    found = float(text)
    if not math.isfinite(found):
        raise argparse.ArgumentTypeError(f"{text} is not a number")
    return found


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the verb."""
    add = parser.add_argument
    wished = parser.add_mutually_exclusive_group()
    wished.add_argument(
        "--n-coded",
        type=positive,
        nargs="+",
        default=(50, 100, 200),
        metavar="N",
        help="labels in each period; default 50, 100 and 200",
    )
    wished.add_argument(
        "--half-width", type=share, metavar="W",
        help="of the change's interval, to find how many labels it takes; 0.1 is 10 "
        "points either side",
    )  # fmt: skip
    add(
        "--n-documents", type=positive, default=40, metavar="N",
        help="documents in each period, coded or not; default 40",
    )  # fmt: skip
    add(
        "--scheme", choices=SCHEMES, nargs="+", default=SCHEMES,
        help="how they are drawn, as in stance sample; default: all three",
    )  # fmt: skip
    add(
        "--accuracy", type=share, metavar="P",
        help="of the classifier on such texts; default: there is none",
    )  # fmt: skip
    add(
        "--shares", type=share, nargs="+", default=(0.5,), metavar="P",
        help="of the labels; default 0.5, where intervals are widest",
    )  # fmt: skip
    add(
        "--icc", type=share, default=0.17, metavar="R",
        help="intraclass correlation: how alike paragraphs of a document are; "
        "default 0.17",
    )  # fmt: skip
    add(
        "--paragraphs", type=number, default=16.0, metavar="N",
        help="of a document, on average; default 16",
    )  # fmt: skip
    add(
        "--estimand", choices=("process", "corpus"), default="process",
        help="what the shares are of: what the sources write (default), or this corpus",
    )  # fmt: skip
    add(
        "--level", type=share, default=0.95, metavar="P",
        help="of the intervals; default 0.95",
    )  # fmt: skip
    add_output(parser)


def run(args: argparse.Namespace) -> int:
    """Print a plan a line; those that cannot be drawn are left out, and named."""
    from stance.errors import CodingError, InputError
    from stance.measure.pilot import Pilot, correlation_of
    from stance.measure.power import Plan
    from stance.show.table import rows_of

    if sum(args.shares) > 1 + 1e-9:
        raise InputError(
            f"--shares sum to {sum(args.shares):g}", hint="shares sum to 1 at most"
        )
    if args.paragraphs < 1:
        raise InputError(f"--paragraphs {args.paragraphs:g} is less than one")
    shares = tuple(args.shares)
    pilot = Pilot(
        shares=shares, icc=args.icc, paragraphs=args.paragraphs,
        correlation=correlation_of(args.accuracy, shares) if args.accuracy else 0.0,
    )  # fmt: skip
    plans: list[Plan] = []
    refused: list[CodingError] = []
    for scheme in args.scheme:
        for n in (0,) if args.half_width else args.n_coded:
            try:
                plans.append(_planned(args, pilot, scheme, n))
            except CodingError as error:
                refused.append(error)
    if refused and not plans:
        raise refused[0]
    columns = SHOWN if chosen_format(args) == "table" else Plan.__slots__
    emit(rows_of(plans), columns, args)
    said = [error.message for error in refused]
    said += [plan.note for plan in plans if plan.note]
    for note in dict.fromkeys(said):
        _warn(note)
    return 0


def _planned(args: argparse.Namespace, pilot: Pilot, scheme: str, n: int) -> Plan:
    from stance.measure.power import expected_half_width, labels_needed

    if n:
        return expected_half_width(
            n_coded=n, n_documents=args.n_documents, pilot=pilot, scheme=scheme,
            estimand=args.estimand, level=args.level,
        )  # fmt: skip
    return labels_needed(
        args.half_width, n_documents=args.n_documents, pilot=pilot, scheme=scheme,
        estimand=args.estimand, level=args.level,
    )  # fmt: skip


def _warn(note: str) -> None:
    import warnings

    from stance.errors import StanceWarning

    warnings.warn(note, StanceWarning, stacklevel=2)
