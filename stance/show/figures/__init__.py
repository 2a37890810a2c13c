"""Figures: records to axes, one module a family, one function a figure.

A figure is saved with the same bytes each time: no date, fixed ids, no text from data
taken for mathematics.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Okabe and Ito (2008), safe for the colour-blind: ink, accent, muted.
INK, ACCENT, MUTED = "#222222", "#0072B2", "#999999"
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


@contextmanager
def style() -> Iterator[None]:
    """Draw in the house's style; nothing global is changed.

    Examples
    --------
    >>> with style():
    ...     pass
    """
    import matplotlib

    with matplotlib.rc_context(STYLE):
        yield


def svg(draw: Callable[[Axes], Axes], *, size: tuple[float, float] = (4.5, 3.2)) -> str:
    """Return a figure of one pair of axes as SVG, the same bytes each time.

    Parameters
    ----------
    draw : callable
        Draws on the axes it is given.
    size : (float, float), default (4.5, 3.2)
        Width and height in inches.
    """
    from matplotlib.figure import Figure

    with style():
        figure = Figure(figsize=size, layout="constrained")
        draw(figure.add_subplot())
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()
