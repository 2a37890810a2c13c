"""Ribbons: a document's paragraphs in order, each in the colour of its label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import TYPE_CHECKING

from stance.show.figures import INK, MUTED, colour_of
from stance.show.figures.captions import caption, grow, points_of
from stance.show.figures.fonts import check_glyphs, plain, shortened, width_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: A cell and the line of a title, in points; the room for the numbers on the left.
CELL, TITLE, LEFT = 10.0, 13.0, 24.0


@dataclass(frozen=True, slots=True)
class Ribbon:
    """A document as its paragraphs' labels, in order; "" where one has no content."""

    title: str
    labels: tuple[str, ...]


def letters_of(labels: Sequence[str]) -> dict[str, str]:
    """Return a letter for each label: of its name, and of no other label.

    The first letter where it is free; then one that no label before has in its name.
    Of a Chinese name the first character.

    Parameters
    ----------
    labels : sequence of str
        Of the codebook, in its order.

    Examples
    --------
    >>> letters_of(("cooperation", "competition", "countermeasure", "none"))
    {'cooperation': 'C', 'competition': 'M', 'countermeasure': 'U', 'none': 'N'}
    >>> letters_of(("合作", "竞争"))
    {'合作': '合', '竞争': '竞'}
    """
    found: dict[str, str] = {}
    before = ""
    for label in labels:
        name = "".join(c for c in plain(label).upper() if c.isalnum())
        rare = [c for c in name if c not in before]
        choices = [*name[:1], *rare, *name, *ascii_uppercase, *"0123456789"]
        taken = set(found.values())
        found[label] = next((c for c in choices if c not in taken), "?")
        before += name
    return found


def ribbon_figure(
    documents: Sequence[Ribbon], ax: Axes, *, labels: Sequence[str] = ()
) -> Axes:
    """Draw each document as a ribbon, a cell a paragraph, read like a text.

    A long document goes on in the next line, which begins with the number of its first
    paragraph. An empty cell has no content: a heading, a caption, furniture.

    Parameters
    ----------
    documents : sequence of Ribbon
        One below another, in this order.
    ax : Axes
        Drawn on, and returned. The caption goes to its figure or subfigure.
    labels : sequence of str, optional
        Of the codebook, in its order, which fixes colours and letters; those that
        occur if empty.

    Raises
    ------
    ValueError
        If a document has a label that is not among ``labels``.
    InputError
        If no font has a character of a title or label.
    """
    found = dict.fromkeys(name for one in documents for name in one.labels if name)
    known = list(labels) or list(found)
    if unknown := set(found) - set(known):
        raise ValueError(f"no place in labels for {sorted(unknown)}")
    check_glyphs(plain(text) for text in (*(d.title for d in documents), *known))
    width = points_of(ax)[0] - LEFT - 8
    across = max(1, int(width // CELL))
    letters, colours = letters_of(known), colour_of(known)
    y = 0.0
    for one in documents:
        n = len(one.labels)
        size = f"{n} paragraph{'' if n == 1 else 's'}"
        room = across * CELL - width_of(size, 7) - 14
        said = shortened(plain(one.title), room / 1.08, size=8)
        _write(ax, 0, y + TITLE / 2, said, size=8, ha="left")
        _write(ax, across * CELL, y + TITLE / 2, size, size=7, ha="right")
        y += TITLE
        for start in range(0, n, across):
            if start:
                _write(ax, -3, y + CELL / 2, f"{start + 1}", size=6, ha="right")
            _cells(ax, one.labels[start : start + across], y, letters, colours)
            y += CELL + 2
        y += 3
    grow(ax, y + 75)
    ax.set(xlim=(-LEFT, across * CELL + 1), ylim=(y, -2))
    ax.set_axis_off()
    _key(ax, [name for name in known if name in found], letters, colours)
    caption(ax, [
        "A cell is a paragraph, in the order of the text; an empty one has no content.",
        "A line that goes on begins with the number of its first paragraph."
        if any(len(one.labels) > across for one in documents) else "",
    ])  # fmt: skip
    return ax


def _write(ax: Axes, x: float, y: float, text: str, *, size: float, ha: str) -> None:
    ax.text(
        x, y, text, fontsize=size, color=INK, ha=ha, va="center_baseline",
        parse_math=False,
    )  # fmt: skip


def _cells(
    ax: Axes, labels: Sequence[str], y: float, letters: dict[str, str],
    colours: dict[str, str],
) -> None:  # fmt: skip
    """Draw one line of cells, each with its label's letter."""
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Rectangle

    ax.add_collection(
        PatchCollection(
            [Rectangle((x * CELL, y), CELL, CELL) for x in range(len(labels))],
            facecolors=[colours[name] if name else "white" for name in labels],
            edgecolors=["white" if name else MUTED for name in labels],
            linewidths=[0.8 if name else 0.3 for name in labels],
        )
    )
    for x, name in enumerate(labels):
        if name:
            ax.text(
                (x + 0.5) * CELL, y + CELL / 2, letters[name], fontsize=6, ha="center",
                va="center_baseline", color=_on(colours[name]), parse_math=False,
            )  # fmt: skip


def _on(colour: str) -> str:
    """Return ink or white, whichever stands out more from a colour (WCAG 2.1)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [((c + 0.055) / 1.055) ** 2.4 if c > 0.04045 else c / 12.92 for c in parts]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    # The contrast with white is 1.05 / (light + .05), with ink (light + .05) / .066.
    return "white" if (light + 0.05) ** 2 < 1.05 * 0.066 else INK


def _key(
    ax: Axes, labels: Sequence[str], letters: dict[str, str], colours: dict[str, str]
) -> None:
    """Say above the ribbons which letter and colour is which label."""
    from matplotlib.patches import Patch

    if not labels:
        return
    names = [f"{letters[name]}  {plain(name)}" for name in labels]
    widest = max(width_of(name, 8) for name in names) + 36
    legend = ax.figure.legend(
        handles=[
            Patch(color=colours[name], label=shown)
            for name, shown in zip(labels, names, strict=True)
        ],
        loc="outside upper left", frameon=False, fontsize=8, handlelength=1,
        handleheight=1, ncols=max(1, min(len(names), int(points_of(ax)[0] // widest))),
    )  # fmt: skip
    for text in legend.get_texts():
        text.set_parse_math(False)
