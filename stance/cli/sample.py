"""``stance sample``: which paragraphs to code next, drawn at random."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from stance.cli.common import add_output, emit, natural, positive
from stance.cli.units import add_corpus, read_units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stance.coding.sampling import Drawn
    from stance.show.table import Row

EXAMPLES = """\
  stance sample texts --n 200 --output draw.csv
  stance sample corpus.jsonl --n 200 --by year,source --output draw.csv
  stance sample corpus.jsonl --n 100 --labels coded.csv --round 2 --output more.csv"""
COLUMNS = (
    "unit_id", "document_id", "text", "label", "probability", "design", "round",
)  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the verb."""
    add_corpus(parser)
    parser.add_argument(
        "--n",
        type=positive,
        default=100,
        metavar="N",
        help="units to be coded; default 100",
    )
    parser.add_argument(
        "--scheme", choices=("paragraphs", "documents", "two-stage"),
        default="paragraphs",
        help="paragraphs (default) over all documents say most; whole documents; or "
        "up to 5 paragraphs a document: of these about N",
    )  # fmt: skip
    parser.add_argument(
        "--by", default="source,language", metavar="NAMES",
        help="strata, drawn in proportion to their size: year, month, date, source, "
        "language, document; default source,language",
    )  # fmt: skip
    parser.add_argument(
        "--round", type=positive, default=1, metavar="N",
        help="number of this round of coding; default 1. Units coded before are "
        "written too, with the probability of all rounds together",
    )  # fmt: skip
    parser.add_argument(
        "--rng", type=natural, default=0, metavar="SEED", help="of the draw; default 0"
    )
    add_output(parser)


def run(args: argparse.Namespace) -> int:
    """Print what is drawn, with a column for the label, and what was coded before."""
    from stance.coding.sampling import draw_sample
    from stance.coding.strata import check_by

    if args.by:
        check_by(args.by, "drawn")
    data = read_units(args)
    by = tuple(args.by.split(",")) if args.by else ()
    drawn = draw_sample(
        data.gold, n=args.n, scheme=args.scheme, by=by, rng=args.rng, round=args.round
    )
    rows: list[Row] = [
        {
            "unit_id": row.unit_id, "document_id": row.document_id,
            "text": data.passages[row.row].text,
            "label": "" if row.is_new else data.labels.names[data.y[row.row]],
            "probability": row.probability, "design": row.design,
            "round": row.round or "",
        }
        for row in drawn
    ]  # fmt: skip
    emit(rows, COLUMNS, args)
    if not args.quiet:
        _say(drawn)
    return 0


def _say(drawn: Sequence[Drawn]) -> None:
    """Say on stderr what is to be done with the rows."""
    new = [row for row in drawn if row.is_new]
    n_documents = len({row.document_id for row in new})
    print(
        f"{len(new)} units of {n_documents} documents; fill in 'label', keep 'text', "
        "'probability' and 'design'",
        file=sys.stderr,
    )
    if len(new) < len(drawn):
        print(
            f"the {len(drawn) - len(new)} units coded before stand below them, and all "
            "have the probability of both rounds together: this file replaces theirs",
            file=sys.stderr,
        )
