"""``stance shift``: how shares change between strata, with their intervals."""

from __future__ import annotations

import argparse
import sys
from math import isnan
from typing import TYPE_CHECKING

from stance.cli.common import add_output, chosen_format, emit
from stance.cli.measuring import (
    add_estimate,
    add_plot,
    f_test,
    measure,
    p_of,
    plot,
    refuse,
    say_stability,
)
from stance.cli.units import add_corpus
from stance.errors import InputError

if TYPE_CHECKING:
    from stance.cli.measuring import Measured
    from stance.measure.contrast import Weights

EXAMPLES = """\
  stance shift --estimand corpus
  stance shift corpus.jsonl --labels coded.csv --baseline 2012 --plot changes.pdf
  stance shift corpus.jsonl --labels coded.csv --contrast trend --alpha 0.83
  stance shift corpus.jsonl --labels coded.csv --break 2018
  stance shift corpus.jsonl --labels coded.csv --by year,source --parts 2012 2023
  stance shift corpus.parquet --predictions labelled.parquet --labels coded.csv"""
#: What a terminal has room for; files have every column.
SHOWN = (
    "before", "after", "label", "base", "share_before", "share_after", "change", "low",
    "high", "p_adjusted", "status",
)  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the verb."""
    add_corpus(parser)
    add_estimate(parser)
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "--contrast", choices=("baseline", "adjacent", "all", "trend"),
        default="baseline",
        help="each stratum with the baseline (default), with the one before, every "
        "pair, or a linear trend over the years",
    )  # fmt: skip
    how.add_argument(
        "--break", dest="at", metavar="PERIOD",
        help="the mean from a period on, less that before; name it before looking",
    )  # fmt: skip
    how.add_argument(
        "--parts", nargs=2, metavar=("BEFORE", "AFTER"),
        help="with --by year,source: what of the change is within sources, and what "
        "of the mix of sources",
    )  # fmt: skip
    parser.add_argument(
        "--baseline", default="", metavar="NAME", help="default: the first stratum"
    )
    parser.add_argument(
        "--adjust", choices=("holm", "max-t", "none"), default="holm",
        help="holm (default) over the labels of a contrast; max-t over all contrasts, "
        "intervals too",
    )  # fmt: skip
    parser.add_argument(
        "--alpha", type=float, metavar="A",
        help="the coders' agreement: prints how much of a true change it lets through",
    )  # fmt: skip
    parser.add_argument(
        "--permute", action="store_true",
        help="test too, without any classifier, whether the labels differ at all: "
        "coded documents change places between the strata; needs 4 in each",
    )  # fmt: skip
    add_plot(parser)
    add_output(parser)


def run(args: argparse.Namespace) -> int:
    """Print the change of each label's share over each contrast."""
    from stance.measure.shift import Change, shift
    from stance.show.table import rows_of

    if args.alpha is not None and not -1 <= args.alpha <= 1:
        raise InputError(f"--alpha {args.alpha} is no agreement: it is at most 1")
    _refuse(args)
    found = measure(args)
    if args.parts:
        return _parts(args, found)
    changes = shift(
        found.shares, contrast=_contrast(args, found), baseline=args.baseline,
        adjust=args.adjust, alpha=args.alpha,
    )  # fmt: skip
    if args.plot:
        from stance.show.figures.change import change_figure

        names = found.shares.labels.names
        plot(args, lambda ax: change_figure(changes.rows, ax, labels=names))
    columns = SHOWN if chosen_format(args) == "table" else Change.__slots__
    emit(rows_of(changes.rows), columns, args)
    if not args.quiet:
        said = [
            f"any change {test.before} to {test.after} ({test.base} units): "
            f"{f_test(test.f, test.df1, test.df2, test.p)}"
            for test in changes.joint
            if not isnan(test.p)
        ]
        none = {test.note for test in changes.joint if isnan(test.p)}
        said += [f"any change: {note}" for note in sorted(none)]
        for line in said:
            print(line, file=sys.stderr)
    say_stability(args, found)
    if args.permute:
        print(_permuted(found), file=sys.stderr)
    return 0


def _refuse(args: argparse.Namespace) -> None:
    """Raise for options that would change nothing beside others."""
    if args.parts:
        adjust = args.adjust if args.adjust != "holm" else ""
        given = {
            "--plot": args.plot, "--alpha": args.alpha, f"--adjust {adjust}": adjust,
            "--baseline": args.baseline, "--permute": args.permute,
        }  # fmt: skip
        refuse(given, "with --parts")
    if args.at:
        refuse({"--baseline": args.baseline}, "with --break")
    if args.contrast != "baseline":
        refuse({"--baseline": args.baseline}, f"with --contrast {args.contrast}")


def _contrast(args: argparse.Namespace, found: Measured) -> str | Weights:
    """Return the contrast by name, or the weights of a break."""
    if not args.at:
        return str(args.contrast)
    from stance.measure.contrast import break_contrast

    return break_contrast(found.shares.strata.names, args.at)


def _parts(args: argparse.Namespace, found: Measured) -> int:
    """Print what of a change is within sources, and what of their mix."""
    from stance.measure.decompose import ChangePart, decompose_change
    from stance.show.table import rows_of

    before, after = args.parts
    rows = decompose_change(found.shares, before=before, after=after)
    emit(rows_of(rows), ChangePart.__slots__, args)
    return 0


def _permuted(found: Measured) -> str:
    """Return a line on whether hand labels differ at all, or why that has no test."""
    from stance.errors import CodingError
    from stance.measure.permutation import permutation_test

    strata = found.shares.strata
    asked = f"are the labels of the coded documents the same in each {strata.by}?"
    try:
        test = permutation_test(found.gold, strata=strata)
    except CodingError as error:
        return f"{asked} no test: {error.message}"
    said = (
        f"{asked} X2 = {test.statistic:.2f}, {p_of(test.p)}, {test.n_documents} "
        f"documents exchanged {test.n_permutations:,} times"
    )
    return f"{said}; {test.note}" if test.note else said
