"""A concordance as a person reads it: the nodes below each other, in their contexts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import IO, TYPE_CHECKING

from stance.argument.concordance import KwicLine
from stance.show.table import printable

if TYPE_CHECKING:
    from rich.console import Console

#: Where no terminal tells its width; as the other tables.
WIDTH = 110
#: The blue of Okabe and Ito (2008), and bold: to be seen without colour too.
NODE = "bold #0072B2"
GAP = "  "


def show_kwic(
    lines: Sequence[KwicLine], stream: IO[str], *, parallel: Sequence[str] = ()
) -> int:
    """Print occurrences, the node in the middle of the window, in as many lines.

    Contexts are cut to the window, never folded; a Chinese character takes two cells.

    Parameters
    ----------
    lines : sequence of KwicLine
        In reading order.
    stream : text file
        A terminal, or not: then there is no colour.
    parallel : sequence of str, optional
        Of each line the text of the twin (`stance.argument.concordance.parallel`),
        printed in full below the lines of its paragraph.

    Returns
    -------
    int
        Number of occurrences.

    Examples
    --------
    >>> import sys
    >>> from stance.argument.concordance import concordance
    >>> from stance.testing import paragraph
    >>> units = [paragraph("They ease controls."), paragraph("反对脱钩。")]
    >>> show_kwic(concordance(units, "ease|脱钩"), sys.stdout)
    text-1:p001  They   ease   controls.
    text-1:p001   反对  脱钩  。
    2
    """
    from rich.cells import cell_len
    from rich.text import Text

    console = _console(stream)
    ids = [_on_a_line(line.unit_id) for line in lines]
    lefts = [_on_a_line(line.left) for line in lines]
    first = min(max(map(cell_len, ids), default=0), console.width // 3)
    room = max(console.width - first - 3 * len(GAP), 12)
    nodes = [_head(_on_a_line(line.node), room // 2) for line in lines]
    side = (room - max(map(cell_len, nodes), default=0)) // 2
    side = min(side, max(map(cell_len, lefts), default=0))
    numbered = groupby(range(len(lines)), key=lambda at: lines[at].unit_id)
    for _, group in numbered:
        for at in group:
            left = _tail(lefts[at], side)
            free = room - side - cell_len(nodes[at])
            out = Text(_padded(_tail(ids[at], first), first) + GAP, no_wrap=True)
            out.append(" " * (side - cell_len(left)) + left + GAP)
            out.append(nodes[at], style=NODE)
            out.append(GAP + _head(_on_a_line(lines[at].right), free))
            out.rstrip()
            console.print(out, soft_wrap=True)
        if parallel and parallel[at]:
            _show_twin(parallel[at], first + len(GAP), console)
    return len(lines)


def _show_twin(text: str, indent: int, console: Console) -> None:
    """Print the text of a twin, folded, below the contexts."""
    from rich.text import Text

    twin = Text(_on_a_line(text), style="dim")
    for line in twin.wrap(console, max(console.width - indent, 12)):
        line.rstrip()
        console.print(Text(" " * indent).append_text(line), soft_wrap=True)
    console.print()


def _console(stream: IO[str]) -> Console:
    from rich.console import Console

    console = Console(file=stream, highlight=False)
    if console.is_terminal:
        return console
    return Console(file=stream, highlight=False, width=WIDTH, no_color=True)


def _on_a_line(text: str) -> str:
    """Return a text with its white space as blanks and its controls shown."""
    return printable("".join(" " if c.isspace() else c for c in text))


def _head(text: str, cells: int) -> str:
    """Return as much of a text's beginning as fits in some cells."""
    from rich.cells import cell_len

    used = 0
    for at, character in enumerate(text):
        used += cell_len(character)
        if used > cells:
            return text[:at]
    return text


def _tail(text: str, cells: int) -> str:
    """Return as much of a text's end as fits, beginning with no combining character."""
    from rich.cells import cell_len

    used, start = 0, len(text)
    for at in range(len(text) - 1, -1, -1):
        width = cell_len(text[at])
        used += width
        if used > cells:
            break
        if width:
            start = at
    return text[start:]


def _padded(text: str, cells: int) -> str:
    from rich.cells import cell_len

    return text + " " * (cells - cell_len(text))
