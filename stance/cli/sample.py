"""``stance sample``: which paragraphs to code next, drawn at random."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from stance.cli.common import add_output, emit, positive
from stance.cli.measuring import add_corpus, read_units

if TYPE_CHECKING:
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
        help="number of this round of coding; default 1",
    )  # fmt: skip
    parser.add_argument(
        "--rng", type=int, default=0, metavar="SEED", help="of the draw; default 0"
    )
    add_output(parser)


def run(args: argparse.Namespace) -> int:
    """Print the units that are drawn, with a column for their label."""
    from stance.coding.sampling import BY, draw_sample
    from stance.errors import InputError, nearest

    by = tuple(part for part in args.by.split(",") if part)
    for part in by:
        if part not in BY:
            raise InputError(f"--by {part!r} is none", hint=nearest(part, BY))
    data = read_units(args)
    drawn = draw_sample(
        data.gold, n=args.n, scheme=args.scheme, by=by, rng=args.rng, round=args.round
    )
    texts = dict(zip(data.gold.unit_ids, data.texts, strict=True))
    rows: list[Row] = [
        {
            "unit_id": row.unit_id, "document_id": row.document_id,
            "text": texts[row.unit_id], "label": "", "probability": row.probability,
            "design": row.design, "round": row.round,
        }
        for row in drawn
    ]  # fmt: skip
    emit(rows, COLUMNS, args)
    if not args.quiet:
        n_documents = len({row.document_id for row in drawn})
        print(
            f"{len(drawn)} units of {n_documents} documents; fill in 'label', keep "
            "'text', 'probability' and 'design'",
            file=sys.stderr,
        )
    return 0
