"""The argument of a document as a person reads it: claims with their premises below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import IO, TYPE_CHECKING

from stance.show.figures import COLOURS, MARKERS, colour_of
from stance.show.table import printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from stance.argument.claim import Link
    from stance.argument.statement import Statement

    #: What supports a statement, by its position.
    Below = Mapping[int, Sequence[Link]]

#: Where no terminal tells its width; as the other tables.
WIDTH = 110
#: Before a claim, a premise, and what supports a claim without being a premise.
SHAPES = {"claim": "■", "premise": "□", "neither": "·"}
STANCES = {"favor": "+", "against": "−"}
#: A premise of a premise stands so much further right, at most so often.
STEP, DEEPEST = 2, 4
#: What stays together: a word or a Chinese character, what opens before it, and closes.
WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
OPENS, CLOSES = "“‘《（「『【", "，。、；：？！）》」』】”’"
PIECE = re.compile(f" *[{OPENS}]{{0,3}}(?:[{WIDE}]|[^ {WIDE}]+|$)[{CLOSES}]{{0,3}}")
#: Of a window some cells are left for the text, however deep it stands.
NARROWEST = 20


def show_outline(
    statements: Sequence[Statement], links: Sequence[Link], stream: IO[str], *,
    labels: Sequence[str] = (), titles: Mapping[str, str] | None = None,
) -> int:  # fmt: skip
    """Print the claims of documents, and below each what supports it.

    ``■`` is a claim, ``□`` a premise, the number that of the sentence. Behind it stand
    the relation to the claim above with its connective, the stance toward cooperation
    (``+`` in favor, ``−`` against), and for the view of another ``“`` with its holder.
    Sentences that are neither are counted. Lines are folded to the window; a Chinese
    character takes two cells.

    Parameters
    ----------
    statements : sequence of Statement
        In reading order.
    links : sequence of Link
        What supports what among them (`stance.argument.statement.links_of`).
    stream : text file
        A terminal, or not: then there is no colour.
    labels : sequence of str, optional
        Of the codebook, in its order, which fixes the colours of the frames.
    titles : mapping of str to str, optional
        Title of a document by its id.

    Returns
    -------
    int
        Number of statements.

    Raises
    ------
    ValueError
        If a link leads to no statement.

    Examples
    --------
    >>> import sys
    >>> from stance.argument.statement import links_of, statements
    >>> from stance.corpus.terms import NO_TERMS
    >>> from stance.testing import paragraph
    >>> text = "双方应当合作。例如，去年出口增长了8%。会议在北京举行。"
    >>> found = statements([paragraph(text)], terms=NO_TERMS)
    >>> show_outline(found, links_of(found), sys.stdout)
    text-1
    1 paragraph, 3 sentences, 1 claim, 1 premise
      p001  1 neither
        ■ 1 + 双方应当合作。
          □ 2 example (例如) 例如，去年出口增长了8%。
    3
    """
    console = _console(stream)
    known = dict.fromkeys([*labels, *(row.frame for row in statements if row.frame)])
    is_told_apart = len(known) <= len(COLOURS) * len(MARKERS)
    colours = colour_of(tuple(known)) if is_told_apart else dict.fromkeys(known, "")
    below = _below(statements, links)
    places = groupby(range(len(statements)), key=lambda at: statements[at].document_id)
    for n, (document, numbers) in enumerate(places):
        own = list(numbers)
        if n:
            console.print()
        title = (titles or {}).get(document, "")
        _show_head([statements[at] for at in own], title, console)
        for _, group in groupby(own, key=lambda at: statements[at].unit_id):
            _show_paragraph(list(group), statements, below, console, colours)
    return len(statements)


def _below(statements: Sequence[Statement], links: Sequence[Link]) -> Below:
    """Return what supports each statement, in the order of the text."""
    found: dict[int, list[Link]] = {}
    n = len(statements)
    for link in sorted(links, key=lambda link: link.premise):
        if not 0 <= min(link.premise, link.claim) <= max(link.premise, link.claim) < n:
            raise ValueError(f"{link} is not of the {n} statements")
        found.setdefault(link.claim, []).append(link)
    return found


def _show_head(own: Sequence[Statement], title: str, console: Console) -> None:
    """Print a document's id and title, when and where it appeared, and its counts."""
    from rich.text import Text

    parts = [own[0].document_id, title, own[0].source, own[0].date]
    name = "  ".join(_on_a_line(part) for part in parts if part)
    _print(Text(name, style="bold"), console, first=0, rest=STEP)
    n = {role: sum(row.role == role for row in own) for role in SHAPES}
    others = sum(row.voice != "own" for row in own)
    units = len({row.unit_id for row in own})
    counts = [
        _n(units, "paragraph"), _n(len(own), "sentence"), _n(n["claim"], "claim"),
        _n(n["premise"], "premise"),
    ]  # fmt: skip
    counts += [f"{others:,} in another's voice"] if others else []
    _print(Text(", ".join(counts), style="dim"), console, first=0, rest=STEP)


def _n(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + "s" * (count != 1)


def _show_paragraph(
    own: Sequence[int], statements: Sequence[Statement], below: Below,
    console: Console, colours: Mapping[str, str],
) -> None:  # fmt: skip
    """Print a paragraph: its frame, its claims, and their premises."""
    from rich.text import Text

    first = statements[own[0]]
    name = first.unit_id.removeprefix(f"{first.document_id}:")
    line = Text(_on_a_line(name))
    if first.frame:
        line.append(f"  {_on_a_line(first.frame)}", style=colours[first.frame])
    shown = list(_walk(own, statements, below))
    if left := len(own) - len({at for at, _, _ in shown}):
        line.append(f"  {left} neither", style="dim")
    _print(line, console, first=STEP, rest=2 * STEP)
    for at, depth, link in shown:
        _show_statement(statements[at], depth, link, console)


def _walk(
    own: Sequence[int], statements: Sequence[Statement], below: Below
) -> Iterator[tuple[int, int, Link | None]]:
    """Yield the sentences that are shown, each with its depth and its link.

    What supports nothing comes in the order of the text, below it what supports it.
    """
    supports = {link.premise for at in own for link in below.get(at, ())}
    todo: list[tuple[int, int, Link | None]] = [
        (at, 0, None)
        for at in reversed(own)
        if at not in supports and (statements[at].role != "neither" or at in below)
    ]
    seen: set[int] = set()
    while todo:
        at, depth, link = todo.pop()
        if at in seen:
            continue
        seen.add(at)
        yield at, depth, link
        todo += [(one.premise, depth + 1, one) for one in reversed(below.get(at, ()))]


def _show_statement(
    row: Statement, depth: int, link: Link | None, console: Console
) -> None:
    from rich.text import Text

    line = Text(f"{SHAPES.get(row.role, '·')} {row.number} ")
    if link:
        how = [link.relation, f"({_on_a_line(link.connective)})"]
        line.append(" ".join(how if link.connective else how[:1]) + " ", style="dim")
    if row.stance in STANCES:
        line.append(f"{STANCES[row.stance]} ", style="bold")
    if row.voice != "own":
        colon = ": " if row.holder else " "
        line.append(f"“{_on_a_line(row.holder)}{colon}", style="italic")
    line.append(_on_a_line(row.text), style="" if row.role == "claim" else "dim")
    indent = STEP * (2 + min(depth, DEEPEST))
    _print(line, console, first=indent, rest=indent + STEP)


def _print(line: Text, console: Console, *, first: int, rest: int) -> None:
    """Print a line folded to the window: indented by some cells, the rest by others."""
    from rich.text import Text

    cells = max(console.width - max(first, rest), NARROWEST)
    for n, part in enumerate(line.divide(_breaks(line.plain, cells))):
        part.rstrip()
        out = Text(" " * (rest if n else first), no_wrap=True).append_text(part)
        console.print(out, soft_wrap=True)


def _breaks(text: str, cells: int) -> list[int]:
    """Return where lines begin: at words, between Chinese characters, else anywhere."""
    from rich.cells import cell_len

    found: list[int] = []
    used = 0
    for piece in PIECE.finditer(text):
        words = piece[0].lstrip(" ")
        at, size = piece.end() - len(words), cell_len(piece[0])
        if used and used + size > cells:
            found.append(at)
            used, size = 0, cell_len(words)
        if size <= cells:
            used += size
            continue
        for n, character in enumerate(words):
            size = cell_len(character)
            if used + size > cells:
                found.append(at + n)
                used = 0
            used += size
    return found


def _console(stream: IO[str]) -> Console:
    from rich.console import Console

    console = Console(file=stream, highlight=False)
    if console.is_terminal:
        return console
    return Console(file=stream, highlight=False, width=WIDTH, no_color=True)


def _on_a_line(text: str) -> str:
    """Return a text with its white space as single blanks and its controls shown."""
    return printable(" ".join(text.split()))
