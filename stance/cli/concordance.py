"""``stance concordance``: read every occurrence of a word in its context."""

from __future__ import annotations

import argparse
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stance.cli.common import (
    Progress,
    add_input,
    add_output,
    chosen_format,
    emit,
    open_output,
    positive,
)
from stance.cli.reading import add_terms, read_paths, terms_of
from stance.errors import StanceWarning

if TYPE_CHECKING:
    from stance.argument.concordance import KwicLine
    from stance.corpus.document import Paragraph

EXAMPLES = r"""
  stance concordance 脱钩
  stance concordance "export control*" seeds/texts speeches.jsonl
  stance concordance decoupling --concept --parallel
  stance concordance --regex 'rival(ry)?' seeds/texts -o lines.csv"""[1:]

#: So many of the longer words that hold a phrase are named.
SHOWN = 6


@dataclass(slots=True)
class Read:
    """What was read on the way: how many paragraphs, and which longer words."""

    n: int = 0
    units: list[Paragraph] = field(default_factory=list)
    longer: Counter[str] = field(default_factory=Counter)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the verb."""
    parser.add_argument(
        "pattern", metavar="PATTERN",
        help="word or phrase, English or Chinese, found as whole words; a star at its "
        "end takes any ending",
    )  # fmt: skip
    add_input(parser)
    paths = next(action for action in parser._actions if action.dest == "paths")
    paths.required, paths.default = False, ["seeds"]
    paths.help = f"{paths.help}; default: seeds"
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument(
        "--regex", action="store_true", help="PATTERN is a regular expression"
    )
    kind.add_argument(
        "--concept", action="store_true",
        help="PATTERN is a concept of the term table: all its forms in both languages",
    )  # fmt: skip
    add_terms(parser)
    parser.add_argument(
        "--only", choices=("en", "zh", "mixed"), help="paragraphs of this language only"
    )
    parser.add_argument(
        "--width", type=positive, default=40, metavar="N",
        help="characters of context on each side; default 40",
    )  # fmt: skip
    parser.add_argument(
        "--parallel", action="store_true",
        help="with the paragraph's twin, the same in the other language",
    )  # fmt: skip
    add_output(parser)


def run(args: argparse.Namespace) -> int:
    """Print the occurrences in all paths, in their order; 1 if there are none."""
    read = Read()
    progress = Progress("reading", 0, quiet=args.quiet)
    try:
        lines = _find(_units(args, read, progress), args)
    finally:
        progress.close()
    _write(lines, read, args)
    if not args.quiet:
        _say(lines, read, args)
    return 0 if lines else 1


def _units(
    args: argparse.Namespace, read: Read, progress: Progress
) -> Iterator[Paragraph]:
    """Yield the paragraphs that are searched."""
    leaves_out = _longer(args)
    for total, units in read_paths(args):
        progress.total += total
        for unit in units:
            progress.step()
            if args.parallel:
                read.units.append(unit)
            if args.only and unit.language != args.only:
                continue
            read.n += 1
            read.longer.update(leaves_out(unit.text))
            yield unit


def _longer(args: argparse.Namespace) -> Callable[[str], Iterator[str]]:
    """Return what yields the longer words or terms in which PATTERN is not found."""
    from stance.argument.phrase import longer_terms, longer_words

    if args.regex or args.pattern.endswith("*"):
        return lambda _: iter(())
    if args.concept:
        return longer_terms(args.pattern, terms_of(args))
    words = longer_words(args.pattern)
    return lambda text: (" ".join(word.lower().split()) for word in words(text))


def _find(units: Iterator[Paragraph], args: argparse.Namespace) -> tuple[KwicLine, ...]:
    from stance.argument import concordance as kwic

    if args.regex:
        return kwic.concordance(units, args.pattern, width=args.width)
    if args.concept:
        terms = terms_of(args)
        return kwic.concordance_of_concept(
            units, args.pattern, terms=terms, width=args.width
        )
    return kwic.concordance_of_phrase(units, args.pattern, width=args.width)


def _write(lines: tuple[KwicLine, ...], read: Read, args: argparse.Namespace) -> None:
    """Print the occurrences, aligned at the node for people, else as records."""
    from stance.argument.concordance import KwicLine, parallel

    twins = parallel(lines, read.units) if args.parallel else ()
    if chosen_format(args) == "table":
        from stance.show.kwic import show_kwic

        with open_output(args) as stream:
            show_kwic(lines, stream, parallel=twins)
        return
    from stance.show.table import rows_of

    columns = list(KwicLine.__slots__)
    rows = rows_of(lines)
    if args.parallel:
        columns.append("parallel")
        rows = [row | {"parallel": t} for row, t in zip(rows, twins, strict=True)]
    emit(rows, columns, args)


def _say(lines: tuple[KwicLine, ...], read: Read, args: argparse.Namespace) -> None:
    """Say how many there are, what the whole words leave out, and what else to try."""
    if args.parallel and lines and not any(unit.twin for unit in read.units):
        warnings.warn(
            "no paragraph has a twin: they are found in documents that give each "
            "paragraph in both languages, one after the other",
            StanceWarning,
            stacklevel=2,
        )
    if lines:
        units = {line.unit_id for line in lines}
        documents = {line.document_id for line in lines}
        said = [
            f"{_n(len(lines), 'occurrence')} in {_n(len(units), 'paragraph')} of "
            f"{_n(len(documents), 'document')}"
        ]
    else:
        said = [
            f"stance: {args.pattern!r} is not in the {_n(read.n, 'paragraph')} read"
        ]
        said += _others(args)
    if read.longer:
        said.append(_left_out(read.longer, args))
    print("\n".join(said), file=sys.stderr)


def _left_out(longer: Counter[str], args: argparse.Namespace) -> str:
    """Return a line with the longer words that hold the phrase, most frequent first."""
    from stance.corpus.language import HAN_RUN

    shown = [f"{word} {n:,}" for word, n in longer.most_common(SHOWN)]
    if more := len(longer) - len(shown):
        shown.append(f"and {more:,} more")
    what = ", ".join(shown)
    if args.concept:
        return f"  left out, in longer terms of other concepts: {what}"
    how = "--regex" if HAN_RUN.search(args.pattern) else repr(args.pattern + "*")
    return f"  left out, in longer words: {what}; {how} finds them"


def _others(args: argparse.Namespace) -> list[str]:
    """Return a line with the concepts that come near, if any do."""
    from stance.argument.phrase import nearest_concepts

    near = [
        c for c in nearest_concepts(args.pattern, terms_of(args)) if c != args.pattern
    ]
    return [f"  with --concept there are: {', '.join(near)}"] if near else []


def _n(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + "s" * (count != 1)
