"""Coded labels, and the units that they are of."""

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from stance.coding.codebook import LabelSet
from stance.errors import CodingError, StanceWarning, nearest


@dataclass(frozen=True, slots=True)
class Coded:
    """A label that a unit was given, and how it came to be coded.

    ``digest`` is that of the text, empty where only the id is known; ``design`` is
    empty, and ``probability`` 0, where they are not known.
    """

    unit_id: str
    digest: str
    label: str
    design: str = ""
    probability: float = 0.0

    @property
    def draw(self) -> tuple[str, float]:
        """Return how the unit came to be coded."""
        return self.design, self.probability


def _settled(first: Coded, second: Coded, unit_id: str) -> None:
    """Raise where one unit is coded in two ways, or drawn in two."""
    if first.label != second.label:
        raise CodingError(
            f"unit {unit_id!r} is coded {first.label!r} and {second.label!r}",
            hint="settle it: one label a unit",
        )
    if first.draw != second.draw:
        (one, p), (other, q) = first.draw, second.draw
        raise CodingError(
            f"unit {unit_id!r} was drawn by design {one or 'unknown'!r} with "
            f"probability {p:g}, and by {other or 'unknown'!r} with {q:g}",
            hint="give it one draw: the file of a later round replaces the one before",
        )


class Places(NamedTuple):
    """Where units are that a coded row may mean: by id, and by the digest of a text.

    ``digests`` are those of the units that were found, empty where texts are not known.
    """

    unit_ids: Sequence[str]
    ids: Mapping[str, Sequence[int]]
    texts: Mapping[str, Sequence[int]]
    digests: Mapping[int, str]


def positions(
    places: Places, coded: Iterable[Coded], labels: LabelSet
) -> dict[int, Coded]:
    """Return the label of each coded unit by its position.

    A coded row goes to the unit of its id, if that has its text; else to the next unit
    of its text that no other row has.

    Raises
    ------
    CodingError
        If a label is unknown, two labels or two draws fall on one unit, or no coded
        unit is there.

    Examples
    --------
    >>> places = Places(("a", "b"), {"b": [1]}, {}, {})
    >>> positions(places, [Coded("b", "", "pro")], LabelSet(("con", "pro")))[1].label
    'pro'
    """
    found: dict[int, Coded] = {}
    others: dict[str, list[Coded]] = {}
    lost: list[str] = []
    for one in coded:
        if one.label not in labels.names:
            raise CodingError(
                f"unit {one.unit_id!r} is coded {one.label!r}, which the model does "
                "not know",
                hint=nearest(one.label, labels.names, kind="labels")
                + "; other labels than a model's: --cross-fit, or --method labels",
            )
        own = places.ids.get(one.unit_id, [])
        own = [
            at for at in own if one.digest in ("", places.digests.get(at, one.digest))
        ]
        if own:
            _settled(found.setdefault(own[0], one), one, one.unit_id)
        elif one.digest in places.texts:
            others.setdefault(one.digest, []).append(one)
        else:
            lost.append(one.unit_id)
    for digest, rows in others.items():
        _spread(found, places.texts[digest], rows, places.unit_ids)
    if lost:
        _tell_lost(lost, found, is_known=lost[0] in places.ids)
    return found


def _spread(
    found: dict[int, Coded], same: Sequence[int], rows: list[Coded],
    unit_ids: Sequence[str],
) -> None:  # fmt: skip
    """Give rows of one text to the units of that text, in order.

    Of more rows than units, one that says the same as another is left out.
    """
    free = [at for at in same if at not in found]
    found.update(zip(free, rows, strict=False))
    for one in rows[len(free) :]:
        unlike = [at for at in same if found[at].label != one.label]
        if unlike or one.draw not in [found[at].draw for at in same]:
            at = [*unlike, *same][0]
            _settled(found[at], one, unit_ids[at])


def _tell_lost(lost: list[str], found: dict[int, Coded], *, is_known: bool) -> None:
    """Warn of coded units that are not in the corpus; raise where none is."""
    if found:
        warnings.warn(
            f"{len(lost)} coded units are not in the corpus and are left out, such as "
            f"{lost[0]!r}",
            StanceWarning,
            stacklevel=4,
        )
        return
    raise CodingError(
        f"coded unit {lost[0]!r} has another text in the corpus"
        if is_known
        else f"no coded unit is in the corpus; the first is {lost[0]!r}",
        hint="units are known by their text: give the labels with the text coded",
    )
