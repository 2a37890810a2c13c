"""What ``--explain`` and ``--moved`` of ``stance classify`` write."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING

from stance.cli.common import emit, open_output
from stance.errors import InputError

if TYPE_CHECKING:
    from stance.model.classify import Labelled
    from stance.model.model import Model


def add_explaining(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "--explain", action="store_true",
        help="the paragraphs with the evidence marked in their text; "
        "with -o FILE.html as a page",
    )  # fmt: skip
    parser.add_argument(
        "--moved", action="store_true",
        help="the terms that moved each document towards and away from each label",
    )  # fmt: skip


def check_explaining(args: argparse.Namespace) -> None:
    """Raise `InputError` where the options do not go together.

    Marked text is for people: as a table, which ``auto`` is here, or as a page.
    """
    if args.explain and args.moved:
        raise InputError(
            "--explain and --moved are two outputs; name one",
            hint="--explain marks the paragraphs, --moved lists each document's terms",
        )
    if not args.explain:
        return
    is_page = args.format == "auto" and _is_page(args)
    is_screen = args.format == "table" and not _is_page(args)
    if not (is_page or is_screen or (args.format == "auto" and not args.output)):
        what = f"--output {args.output}" if args.output else f"--format {args.format}"
        raise InputError(
            f"--explain marks text for people; {what} is not for that",
            hint="write a page with -o FILE.html, or text with --format table; "
            "without --explain the records hold the evidence with its places",
        )


def _is_page(args: argparse.Namespace) -> bool:
    return str(args.output or "").lower().endswith((".html", ".htm"))


def write_explained(
    items: Iterable[Labelled], model: Model, args: argparse.Namespace
) -> None:
    """Write what the options ask for."""
    if args.moved:
        from dataclasses import fields

        from stance.model.explain import DocumentTerm, moved
        from stance.show.table import rows_of

        columns = [field.name for field in fields(DocumentTerm)]
        emit(rows_of(moved(items, model)), columns, args)
        return
    with open_output(args) as stream:
        if _is_page(args):
            from stance.show.page import page

            page(items, model, stream)
        else:
            from stance.show.screen import show_marked

            show_marked(items, model, stream)
