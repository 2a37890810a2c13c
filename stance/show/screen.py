"""Labelled paragraphs as a person reads them: label, probabilities, evidence."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import IO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from stance.model.classify import Labelled
from stance.model.model import Model
from stance.show.marks import Marked, label_read, marked, score_line
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
    console = _console(stream)
    console.print(_legend(labels))
    n = 0
    for _, group in groupby(enumerate(items), key=document_of):
        shown = [item for _, item in group]
        _show_document(shown, labels, console)
        n += len(shown)
    return n


def show_marked(items: Iterable[Labelled], model: Model, stream: IO[str]) -> int:
    """Print labelled paragraphs in full, with the evidence marked in their text.

    What speaks for the label is underlined in its colour, what speaks against it is
    struck through; without colour it stands in brackets, with one to three signs.

    Parameters
    ----------
    items : iterable of Labelled
        In reading order.
    model : Model
        The one that labelled them.
    stream : text file
        A terminal, or not.

    Returns
    -------
    int
        Number of paragraphs.
    """
    console = _console(stream)
    labels = model.labels.names
    is_plain = console.no_color or console.color_system is None
    console.print(_legend(labels))
    how = "evidence: [[for the label]]+ to +++, [[against it]]- to ---"
    style = "evidence: underlined for the label, struck through against it"
    console.print(Text(how if is_plain else style))
    n = 0
    for item in items:
        n += 1
        marks = marked(item, model)
        head = Text(printable(item.unit.id) + " *" * (item.seen and bool(marks)))
        head.append("  " + printable(_label_of(item)), style=_style_of(item, labels))
        head.append("  ").append_text(bar(item.proba))
        console.print()
        console.print(head)
        if marks is None:
            console.print(Text(_on_a_line(item.unit.text), style="dim"))
            continue
        label = label_read(item, labels)
        colour = COLOURS[labels.index(label) % len(COLOURS)]
        mark = _bracketed if is_plain else _coloured
        console.print(mark(item.unit.text, marks, colour))
        console.print(Text(printable(score_line(marks, label)), style="dim"))
    return n


def _bracketed(text: str, marks: Marked, _: str) -> Text:
    """Put stretches of one direction in brackets, with the sign of the strongest."""
    out = Text()
    for sign, group in groupby(
        marks.runs, key=lambda run: (run.level > 0) - (run.level < 0)
    ):
        own = list(group)
        words = _on_a_line(text[own[0].start : own[-1].end])
        signs = max(abs(run.level) for run in own) * ("+" if sign > 0 else "-")
        out.append(f"[[{words}]]{signs}" if sign else words)
    return out


def _coloured(text: str, marks: Marked, colour: str) -> Text:
    """Underline what speaks for the label, strike through what speaks against it."""
    out = Text()
    pro = (
        "",
        f"underline {colour}",
        f"bold underline {colour}",
        f"bold reverse {colour}",
    )
    contra = ("", "dim", "strike", "bold strike")
    for run in marks.runs:
        style = pro[run.level] if run.level >= 0 else contra[-run.level]
        out.append(_on_a_line(text[run.start : run.end]), style=style)
    return out


def _on_a_line(text: str) -> str:
    """Return a text of the same length, its white space as blanks, controls shown."""
    return printable("".join(" " if c.isspace() else c for c in text))


def _console(stream: IO[str]) -> Console:
    console = Console(file=stream, highlight=False)
    if console.is_terminal:
        return console
    return Console(file=stream, highlight=False, width=110, no_color=True)


def _legend(labels: tuple[str, ...]) -> Text:
    legend = Text("probabilities: ")
    for at, label in enumerate(labels):
        legend.append(FILLS[at % 4] * 2, style=COLOURS[at % len(COLOURS)])
        legend.append(f" {printable(label)}  ")
    return legend


def _label_of(item: Labelled) -> str:
    """Return the label, or why there is none."""
    return item.label or ("(abstained)" if item.abstained else item.unit.kind)


def _style_of(item: Labelled, labels: tuple[str, ...]) -> str:
    if not item.label:
        return "dim"
    return COLOURS[labels.index(item.label) % len(COLOURS)]


def document_of(numbered: tuple[int, Labelled]) -> tuple[str, int]:
    """Return what a paragraph stands under: its document; units of data in fifties."""
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
        words = " · ".join(printable(" ".join(e.term.split())) for e in item.evidence)
        if not item.label:
            text = " ".join(item.unit.text.split())
            words = printable(text[:60]) + ("…" if len(text) > 60 else "")
        mark = " *" if item.seen and item.label else ""
        table.add_row(
            Text(printable(item.unit.id) + mark),
            Text(printable(_label_of(item)), style=_style_of(item, labels)),
            bar(item.proba) if item.proba else Text(""),
            Text(words, style="" if item.label else "dim"),
        )
    console.print()
    console.print(table)
    ids = {item.unit.document_id for item in group}
    name = ids.pop() if len(ids) == 1 else f"{len(ids)} units"
    console.print(Text(counts_line(printable(name), group, labels), style="bold"))
