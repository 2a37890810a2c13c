"""Figures: records to axes, one module a family, one function a figure.

A figure is saved with the same bytes each time: no date, fixed ids, no text from data
taken for mathematics, and no character that its fonts do not have.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.corpus.files import atomic_write
from stance.errors import InputError
from stance.show.figures.fonts import check_glyphs, family, is_compact

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    Draw = Callable[[Axes], Axes]

#: Okabe and Ito (2008), safe for the colour-blind: ink, accent, muted.
INK, ACCENT, MUTED = "#222222", "#0072B2", "#999999"
#: Their colours for labels. Blue, vermillion, green and purple come first: they stand
#: out from white by 3 to 1, and yellow, which does so by 1.3 to 1, last.
COLOURS = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442"
)  # fmt: skip
#: Eight shapes to seven colours: 56 labels before both are the same again.
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "p")
#: The label of units without any of the others, and how it is drawn. A darker grey is
#: what green and purple look like without the green receptor.
NONE, NONE_COLOUR, NONE_MARKER = "none", "#BBBBBB", "h"
STYLE: dict[Any, Any] = {
    "axes.edgecolor": INK,
    "axes.grid": True,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.unicode_minus": False,
    "figure.dpi": 100,
    "font.size": 9,
    "grid.alpha": 0.3,
    "pdf.fonttype": 42,
    "svg.fonttype": "path",
    "svg.hashsalt": "stance",
    "text.parse_math": False,
}
#: What each format would say of the day and the program.
METADATA: dict[str, dict[str, None]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


@contextmanager
def style() -> Iterator[None]:
    """Draw in the house's style; nothing global is changed.

    Examples
    --------
    >>> with style():
    ...     pass
    """
    import matplotlib

    with matplotlib.rc_context({**STYLE, "font.family": family()}):
        yield


def colour_of(labels: Sequence[str]) -> dict[str, str]:
    """Return the colour of each label: by its place in the codebook, ``none`` grey.

    The grey takes no place, so that shares of all units and of the framed ones have
    the same colours. Give all labels of the codebook even where few are drawn.

    Parameters
    ----------
    labels : sequence of str
        Of the codebook, in its order.

    Raises
    ------
    ValueError
        If there are more labels than colours and shapes can tell apart.

    Examples
    --------
    >>> colour_of(("cooperation", "none", "competition"))
    {'cooperation': '#0072B2', 'none': '#BBBBBB', 'competition': '#D55E00'}
    """
    return _looks(labels, COLOURS, NONE_COLOUR)


def marker_of(labels: Sequence[str]) -> dict[str, str]:
    """Return the shape of each label, which tells it apart where colours do not.

    Parameters
    ----------
    labels : sequence of str
        Of the codebook, in its order.

    Examples
    --------
    >>> marker_of(("合作", "竞争", "none"))
    {'合作': 'o', '竞争': 's', 'none': 'h'}
    """
    return _looks(labels, MARKERS, NONE_MARKER)


def _looks(labels: Sequence[str], looks: Sequence[str], none: str) -> dict[str, str]:
    named = [label for label in dict.fromkeys(labels) if label != NONE]
    most = len(COLOURS) * len(MARKERS)
    if len(named) > most:
        raise ValueError(f"{len(named)} labels; a figure tells {most} apart at most")
    found = {label: looks[at % len(looks)] for at, label in enumerate(named)}
    return {label: found.get(label, none) for label in labels}


def drawn(draw: Draw, *, size: tuple[float, float] = (7.0, 3.5)) -> Figure:
    """Return a figure of one pair of axes, in the house's style.

    Parameters
    ----------
    draw : callable
        Draws on the axes it is given.
    size : (float, float), default (7.0, 3.5)
        Width and height in inches. A column of a journal is about 3.5 wide, a page 7.

    Examples
    --------
    >>> drawn(lambda ax: ax, size=(3.5, 2.5)).get_size_inches().tolist()
    [3.5, 2.5]
    """
    from matplotlib.figure import Figure

    with style():
        figure = Figure(figsize=size, layout="constrained")
        draw(figure.add_subplot())
    return figure


def svg(draw: Draw, *, size: tuple[float, float] = (4.5, 3.2)) -> str:
    """Return a figure of one pair of axes as SVG, the same bytes each time.

    Parameters
    ----------
    draw : callable
        Draws on the axes it is given.
    size : (float, float), default (4.5, 3.2)
        Width and height in inches.

    Raises
    ------
    InputError
        If no font has a character of it.
    """
    return _bytes(drawn(draw, size=size), ".svg").decode()


def png(draw: Draw, *, size: tuple[float, float] = (7.0, 3.5), dpi: int = 150) -> bytes:
    """Return a figure of one pair of axes as PNG; see `svg`."""
    return _bytes(drawn(draw, size=size), ".png", dpi=dpi)


def save(
    what: Draw | Figure, path: str | Path, *,
    size: tuple[float, float] = (7.0, 3.5), dpi: int = 150,
) -> None:  # fmt: skip
    """Write a figure as PNG, SVG or PDF by the ending of its name.

    The bytes are the same each time; fonts are embedded in PDF, and drawn as outlines
    in SVG. For print take PDF, or PNG with ``dpi=300``.

    Parameters
    ----------
    what : callable or Figure
        Draws on the axes it is given; or a figure that was drawn within `style`.
    path : str or Path
        Ends in .png, .svg or .pdf; replaced when all is written.
    size : (float, float), default (7.0, 3.5)
        Width and height in inches. A figure that is given keeps its own.
    dpi : int, default 150
        Pixels an inch of a PNG.

    Raises
    ------
    InputError
        If the ending is another, no font has a character, or the file cannot be
        written.

    Examples
    --------
    >>> save(lambda ax: ax, "figure.jpg")
    Traceback (most recent call last):
    ...
    stance.errors.InputError: figure.jpg: a figure is written as .png, .svg or .pdf
      name the file with one of these endings
    """
    ending = Path(path).suffix.lower()
    if ending not in METADATA:
        raise InputError(
            "a figure is written as .png, .svg or .pdf",
            path=path,
            hint="name the file with one of these endings",
        )
    figure = drawn(what, size=size) if callable(what) else what
    content: Any = _bytes(figure, ending, dpi=dpi)
    with atomic_write(path, binary=True) as file:
        file.write(content)


def _bytes(figure: Figure, ending: str, *, dpi: int = 150) -> bytes:
    """Return a figure as a file of the format, after its texts were looked at."""
    import matplotlib
    from matplotlib.text import Text

    written: list[Any] = figure.findobj(Text)
    texts = [text.get_text() for text in written]
    check_glyphs(texts)
    for text in written:
        text.set_parse_math(False)
    fonttype = 3 if ending == ".pdf" and is_compact(texts) else STYLE["pdf.fonttype"]
    out = io.BytesIO()
    with style(), matplotlib.rc_context({"pdf.fonttype": fonttype}):
        figure.savefig(out, format=ending[1:], dpi=dpi, metadata=METADATA[ending])
    return out.getvalue()
