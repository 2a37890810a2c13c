"""What a notebook shows: records as a table, a figure as a picture, a signature."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stance.show.figures import png
from stance.show.table import rows_of, write

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from stance.coding.labelled import LabelledSet
    from stance.model.model import Model


@dataclass(frozen=True, slots=True)
class Shown:
    """What Jupyter draws: Markdown, or a picture with a sentence in its place."""

    text: str
    picture: bytes = b""

    def __repr__(self) -> str:
        """Return the text, for a reader without pictures."""
        return self.text

    def _repr_markdown_(self) -> str | None:
        return None if self.picture else self.text

    def _repr_png_(self) -> bytes | None:
        return self.picture or None


def table(
    records: Iterable[object], columns: Sequence[str] = (), *, digits: int = 3
) -> Shown:
    """Return records as a table.

    Parameters
    ----------
    records : iterable of dataclass or of mapping
        Of scalars, such as the rows of a result.
    columns : sequence of str, optional
        Which fields, in order; all by default.
    digits : int, default 3
        Floats are rounded for people.

    Examples
    --------
    >>> from stance.coding.adjudicate import Adjudicated
    >>> row = Adjudicated("d:p1", "frame", "none", 3, False, "none 3")
    >>> table([row], ["unit_id", "label"])
    | unit_id | label |
    | --- | --- |
    | d:p1 | none |
    """
    rows = [
        record if isinstance(record, Mapping) else rows_of([record])[0]
        for record in records
    ]
    out = io.StringIO()
    names = columns or (list(rows[0]) if rows else [])
    write(rows, columns=names, format="markdown", stream=out, digits=digits)
    return Shown(out.getvalue().rstrip("\n"))


def picture(
    draw: Callable[[Axes], Axes], text: str, *, size: tuple[float, float] = (7.0, 3.5)
) -> Shown:
    """Return a figure as a picture of 150 dpi, the same bytes each time.

    Parameters
    ----------
    draw : callable
        Draws on the axes it is given.
    text : str
        What it shows, for who cannot see it.
    size : (float, float), default (7.0, 3.5)
        Width and height in inches.
    """
    return Shown(text, png(draw, size=size))


def signature(data: LabelledSet, model: Model | None = None) -> str:
    """Return the line that a table or figure is published with.

    Examples
    --------
    >>> from stance.coding.codebook import LabelSet
    >>> from stance.coding.labelled import in_columns
    >>> signature(in_columns(LabelSet(("pro",)), []))[-41:]
    '(0 documents, 0 units, 0 of them counted)'
    """
    from stance import __version__

    gold = data.gold
    parts = [
        f"stance {__version__}",
        f"units {data.digest[:6]} ({len(set(gold.documents))} documents, "
        f"{len(gold.y)} units, {int(gold.counted.sum())} of them counted)",
    ]
    if model:
        parts.append(f"model {model.name} {model.digest[:6]}")
    return " | ".join(parts)
