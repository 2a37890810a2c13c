"""Labelled paragraphs as a person reads them: label, probabilities, evidence."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import IO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from stance.model.classify import Labelled
from stance.show.rows import counts_line
from stance.show.table import printable

#: One colour a label, in label order (Okabe and Ito 2008, safe for the colour-blind);
#: the fills tell labels apart without colour.
COLOURS = ("#0072B2", "#D55E00", "#CC79A7", "#999999", "#009E73", "#E69F00", "#56B4E9")
FILLS = "█▓▒░"
BAR = 20


def bar(proba: tuple[float, ...], *, width: int = BAR) -> Text:
    """Return probabilities as one bar of cells, a colour and a fill a label.

    Examples
    --------
    >>> bar((0.5, 0.25, 0.25), width=8).plain
    '████▓▓▒▒'
    """
    text = Text()
    edge = total = 0.0
    for at, p in enumerate(proba):
        total += p * width
        cells = round(total) - round(edge)
        edge = total
        text.append(FILLS[at % len(FILLS)] * cells, style=COLOURS[at % len(COLOURS)])
    return text


def show(items: Iterable[Labelled], labels: tuple[str, ...], stream: IO[str]) -> int:
    """Print labelled paragraphs as a table a document, and a line of counts.

    Parameters
    ----------
    items : iterable of Labelled
        In reading order.
    labels : tuple of str
        In column order.
    stream : text file
        A terminal, or not: then there is no colour.

    Returns
    -------
    int
        Number of paragraphs.
    """
    console = Console(file=stream, highlight=False)
    if not console.is_terminal:
        console = Console(file=stream, highlight=False, width=110, no_color=True)
    legend = Text("probabilities: ")
    for at, label in enumerate(labels):
        legend.append(FILLS[at % 4] * 2, style=COLOURS[at % len(COLOURS)])
        legend.append(f" {printable(label)}  ")
    console.print(legend)
    n = 0
    for _, group in groupby(enumerate(items), key=_group):
        shown = [item for _, item in group]
        _show_document(shown, labels, console)
        n += len(shown)
    return n


def _group(numbered: tuple[int, Labelled]) -> tuple[str, int]:
    """Paragraphs of a document stand together; units of a data file in fifties."""
    at, item = numbered
    if item.unit.id == item.unit.document_id:
        return "", at // 50
    return item.unit.document_id, 0


def _show_document(
    group: list[Labelled], labels: tuple[str, ...], console: Console
) -> None:
    table = Table(box=None, pad_edge=False, show_header=True, header_style="dim")
    table.add_column("paragraph", no_wrap=True)
    table.add_column("label", no_wrap=True)
    table.add_column("probabilities", no_wrap=True, width=BAR)
    table.add_column("evidence", ratio=1)
    for item in group:
        label = item.label or ("(abstained)" if item.abstained else item.unit.kind)
        at = labels.index(item.label) if item.label else -1
        style = COLOURS[at % len(COLOURS)] if item.label else "dim"
        words = " · ".join(printable(" ".join(e.term.split())) for e in item.evidence)
        if not item.label:
            text = " ".join(item.unit.text.split())
            words = printable(text[:60]) + ("…" if len(text) > 60 else "")
        mark = " *" if item.seen and item.label else ""
        table.add_row(
            Text(printable(item.unit.id) + mark),
            Text(printable(label), style=style),
            bar(item.proba) if item.proba else Text(""),
            Text(words, style="" if item.label else "dim"),
        )
    console.print()
    console.print(table)
    ids = {item.unit.document_id for item in group}
    name = ids.pop() if len(ids) == 1 else f"{len(ids)} units"
    console.print(Text(counts_line(printable(name), group, labels), style="bold"))
