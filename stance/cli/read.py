"""``stance read``: documents to paragraphs."""

import argparse

from stance.cli.common import add_input, add_output, emit
from stance.cli.reading import read_paths

EXAMPLES = """\
  stance read seeds/texts/cass-2015.txt
  stance read reports/ --format jsonl -o paragraphs.jsonl"""
COLUMNS = ("id", "kind", "language", "start", "end", "twin", "text")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the verb."""
    add_input(parser)
    add_output(parser)


def run(args: argparse.Namespace) -> int:
    """Print the paragraphs of all paths."""
    rows = (
        {name: getattr(unit, name) for name in COLUMNS}
        for _, units in read_paths(args)
        for unit in units
    )
    emit(rows, COLUMNS, args)
    return 0
