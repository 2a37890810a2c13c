"""What a sample is drawn from: the counted units, their strata, and what is coded."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stance.coding.strata import values_of
from stance.errors import CodingError, StanceWarning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stance.coding.predictions import Gold

    Ints = NDArray[np.integer]

#: Standard deviations, and units beside, that a draw is off by where all was by chance.
CHANCE = (4, 1)


class Frame(NamedTuple):
    """The counted units: their rows, strata, documents by number, and what is coded."""

    rows: Ints
    stratum: Ints
    names: tuple[str, ...]
    document: Ints
    coded: NDArray[np.bool_]

    def sizes(self) -> tuple[Ints, Ints]:
        """Return how many units each stratum has, and how many not coded yet."""
        n = len(self.names)
        left = np.bincount(self.stratum[~self.coded], minlength=n)
        return np.bincount(self.stratum, minlength=n), left


def frame_of(gold: Gold, by: Sequence[str], *, whole: bool = False) -> Frame:
    """Return the units that are counted.

    Where ``whole`` documents are drawn, one is in the stratum of its first unit.

    Examples
    --------
    >>> from stance.testing import coded
    >>> gold, _ = coded("2012: 00 .1 | 11", "2023: 01 | .0")
    >>> size, left = frame_of(gold, ("year",)).sizes()
    >>> size.tolist(), left.tolist()
    ([3, 2], [1, 1])
    """
    rows = np.flatnonzero(gold.counted)
    columns = [values_of(gold, part) for part in by]
    ids = np.array([gold.documents[row] for row in rows], dtype=object)
    _, first, document = np.unique(
        ids.astype(str), return_index=True, return_inverse=True
    )
    at = rows[first[document]] if whole else rows
    named = [" / ".join(column[row] for column in columns) for row in at]
    names, stratum = np.unique(np.array(named, dtype=str), return_inverse=True)
    coded = gold.y[rows] >= 0
    return Frame(rows, stratum, tuple(str(name) for name in names), document, coded)


def unstratified(frame: Frame, n: int, what: str) -> Frame:
    """Return the frame as one stratum if there are more strata than are drawn.

    Examples
    --------
    >>> from stance.testing import coded
    >>> gold, _ = coded("2012: .0 .1 | .1", "2023: .1 | .0")
    >>> unstratified(frame_of(gold, ("year",)), 2, "paragraphs").names
    ('2012', '2023')
    """
    n_strata = np.count_nonzero(frame.sizes()[1])
    if n >= n_strata:
        return frame
    warnings.warn(
        f"{n} {what} are drawn of {n_strata} strata: strata are not kept apart",
        StanceWarning,
        stacklevel=3,
    )
    return frame._replace(stratum=np.zeros_like(frame.stratum), names=("",))


def check_before(gold: Gold, frame: Frame) -> None:
    """Raise where coded units of a stratum were not drawn at random, all alike.

    A stratum that is coded whole is a census, however that came about.

    Raises
    ------
    CodingError
        Naming the units.

    Warns
    -----
    StanceWarning
        If other units are missing than chance leaves out.

    Examples
    --------
    >>> from stance.testing import coded
    >>> gold, _ = coded("2012: 00 .1 | 11", "2023: 01 | .0")
    >>> check_before(gold, frame_of(gold, ("year",)))
    """
    size, left = frame.sizes()
    first: dict[int, tuple[int, float]] = {}
    for at in np.flatnonzero(frame.coded & (left > 0)[frame.stratum]):
        row, stratum = int(frame.rows[at]), int(frame.stratum[at])
        design = gold.designs[row] if gold.designs else ""
        p = gold.probability[row] if gold.probability else 0.0
        if design == "convenience" or not (p or design == "random"):
            raise CodingError(
                f"unit {gold.unit_ids[row]!r} is coded, and not known to be drawn at "
                "random with some probability",
                hint="give its 'design' and 'probability', or take its label out, so "
                "that it can be drawn",
            )
        other, q = first.setdefault(stratum, (row, p))
        if abs(p - q) > 1e-9:
            raise CodingError(
                f"units {gold.unit_ids[other]!r} and {gold.unit_ids[row]!r} of stratum "
                f"{frame.names[stratum]!r} were drawn with the probabilities {q:g} and "
                f"{p:g}",
                hint="draw the further round within the strata of the first: --by",
            )
    for stratum, (_, p) in first.items():
        n, expected = size[stratum] - left[stratum], p * size[stratum]
        spread = (expected * (1 - p)) ** 0.5
        if p and abs(n - expected) > CHANCE[0] * spread + CHANCE[1]:
            warnings.warn(
                f"{n} of {size[stratum]} units of stratum {frame.names[stratum]!r} are "
                f"coded, where the probability {p:g} would give {expected:.0f}: right "
                "only if units are missing by chance, and no texts were added since",
                StanceWarning,
                stacklevel=3,
            )
