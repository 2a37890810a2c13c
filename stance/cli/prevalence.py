"""``stance prevalence``: the share of each label, corrected for classifier error."""

import argparse

from stance.cli.common import add_output, chosen_format, emit
from stance.cli.measuring import (
    add_estimate,
    add_plot,
    measure,
    plot,
    say_stability,
)
from stance.cli.units import add_corpus

EXAMPLES = """\
  stance prevalence --by document --estimand corpus
  stance prevalence corpus.jsonl --labels coded.csv --by year --plot shares.pdf
  stance prevalence corpus.jsonl --labels coded.csv --by year,source --cross-fit
  stance prevalence corpus.parquet --predictions labelled.parquet --labels coded.csv"""
#: What a terminal has room for; files have every column.
SHOWN = (
    "stratum", "label", "base", "share", "low", "high", "n_coded", "n_units",
    "n_coded_documents", "n_documents", "status",
)  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the verb."""
    add_corpus(parser)
    add_estimate(parser)
    add_plot(parser)
    add_output(parser)


def run(args: argparse.Namespace) -> int:
    """Print the share of each label in each stratum."""
    from stance.measure.prevalence import Prevalence
    from stance.show.table import rows_of

    measured = measure(args)
    found = measured.shares
    if args.plot:
        from stance.show.figures.shares import shares_figure

        plot(args, lambda ax: shares_figure(found.rows, ax, labels=found.labels.names))
    columns = SHOWN if chosen_format(args) == "table" else Prevalence.__slots__
    emit(rows_of(found.rows), columns, args)
    say_stability(args, measured)
    return 0
