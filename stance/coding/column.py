"""Columns of texts as numbers and names: a million units are no million objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, SupportsIndex, overload

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.integer]


@dataclass(frozen=True, slots=True, eq=False)
class Texts(Sequence[str]):
    """Texts as Arrow has them: the bytes of all in UTF-8, and where each begins.

    Attributes
    ----------
    data : ndarray of uint8
        The bytes.
    starts : ndarray of int, shape (n + 1,)
        The text at i are the bytes from ``starts[i]`` up to ``starts[i + 1]``.

    Examples
    --------
    >>> texts = Texts(np.frombuffer("合作no".encode(), np.uint8), np.array([0, 6, 8]))
    >>> texts[0], len(texts)
    ('合作', 2)
    """

    data: NDArray[np.uint8]
    starts: Ints

    def __len__(self) -> int:
        return len(self.starts) - 1

    @overload
    def __getitem__(self, at: SupportsIndex) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[str, ...]: ...
    def __getitem__(self, at: SupportsIndex | slice) -> str | tuple[str, ...]:
        places = range(len(self))
        if isinstance(at, slice):
            return tuple(self[place] for place in places[at])
        place = places[at]
        return self.data[self.starts[place] : self.starts[place + 1]].tobytes().decode()


@dataclass(frozen=True, slots=True, eq=False)
class Column(Sequence[str]):
    """A text a unit, as the number of its name.

    It is read like the tuple of its texts, and equal to it.

    Attributes
    ----------
    codes : ndarray of int, shape (n_units,)
        Position of each unit's text in the names.
    names : sequence of str
        Each once; more than occur may be there.

    Examples
    --------
    >>> column = Column(np.array([1, 1, 0]), ("新华社", "FT"))
    >>> column[0], column == ("FT", "FT", "新华社")
    ('FT', True)
    """

    codes: Ints
    names: Sequence[str]

    def __len__(self) -> int:
        return len(self.codes)

    @overload
    def __getitem__(self, at: SupportsIndex) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[str, ...]: ...
    def __getitem__(self, at: SupportsIndex | slice) -> str | tuple[str, ...]:
        if isinstance(at, slice):
            return tuple(self.names[code] for code in self.codes[at])
        return str(self.names[self.codes[at]])

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, tuple | Column):
            return NotImplemented
        if isinstance(other, Column) and self.names is other.names:
            return np.array_equal(self.codes, other.codes)
        same = (a == b for a, b in zip(self, other, strict=True))
        return len(self) == len(other) and all(same)

    __hash__ = None  # type: ignore[assignment]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Where a unit's text is not empty."""
        if isinstance(self.names, Texts):
            return (np.diff(self.names.starts) > 0)[self.codes]
        return np.array([bool(name) for name in self.names], dtype=bool)[self.codes]

    def take(self, rows: Ints) -> Column:
        """Return some of the units, in the order of the rows."""
        return Column(self.codes[rows], self.names)

    def firsts(self) -> tuple[Ints, Ints]:
        """Return the first unit of each name that occurs, and the units' numbers.

        Names are numbered in the order of their first unit.

        Examples
        --------
        >>> Column(np.array([2, 0, 2]), ("a", "b", "c")).firsts()
        (array([0, 1]), array([0, 1, 0]))
        """
        first = np.full(len(self.names), -1)
        first[self.codes[::-1]] = np.arange(len(self.codes))[::-1]
        rows = np.sort(first[first >= 0])
        number = np.empty_like(first)
        number[self.codes[rows]] = np.arange(len(rows))
        return rows, number[self.codes]


def column_of(values: Sequence[str]) -> Column:
    """Return texts as a column, the names in the order of their first unit.

    Examples
    --------
    >>> column_of(("FT", "新华社", "FT")).names
    ('FT', '新华社')
    """
    if isinstance(values, Column):
        return values
    place: dict[str, int] = {}
    codes = [place.setdefault(value, len(place)) for value in values]
    return Column(np.array(codes, dtype=int), tuple(place))


def named(codes: Ints, names: Sequence[str]) -> Column:
    """Return numbers as a column of these names, of which some may be alike.

    Examples
    --------
    >>> named(np.array([0, 1, 2]), ("2012", "2012", "2023")).codes
    array([0, 0, 1])
    """
    column = column_of(names)
    return Column(column.codes[codes], column.names)


def crossed(columns: Sequence[Column]) -> Column:
    """Return the columns joined by a stroke; empty where one of them is.

    Examples
    --------
    >>> crossed([column_of(("2012", "2023")), column_of(("FT", ""))])[:]
    ('2012 / FT', '')
    """
    found = columns[0]
    for other in columns[1:]:
        both = found.codes.astype(np.int64) * len(other.names) + other.codes
        pairs, codes = np.unique(both, return_inverse=True)
        names = [
            (found.names[one], other.names[two])
            for one, two in zip(*divmod(pairs, len(other.names)), strict=True)
        ]
        joined = [" / ".join(pair) if all(pair) else "" for pair in names]
        found = named(codes, joined)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Ties(Sequence[tuple[str, ...]]):
    """What ties units to others: a column a kind, and two of one name are tied.

    It is read like the keys of each unit, ``kind:name``; an empty name ties nothing.

    Examples
    --------
    >>> Ties({"document": column_of("aa"), "twin": column_of(("", "p1"))})[:]
    (('document:a',), ('document:a', 'twin:p1'))
    """

    columns: Mapping[str, Column]

    def __len__(self) -> int:
        return max(map(len, self.columns.values()), default=0)

    @overload
    def __getitem__(self, at: SupportsIndex) -> tuple[str, ...]: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[tuple[str, ...], ...]: ...
    def __getitem__(
        self, at: SupportsIndex | slice
    ) -> tuple[str, ...] | tuple[tuple[str, ...], ...]:
        if isinstance(at, slice):
            return tuple(self[place] for place in range(len(self))[at])
        found = ((kind, column[at]) for kind, column in self.columns.items())
        return tuple(f"{kind}:{name}" for kind, name in found if name)

    def take(self, rows: Ints) -> Ties:
        """Return some of the units, in the order of the rows."""
        return Ties({kind: column.take(rows) for kind, column in self.columns.items()})


def tied(keys: Sequence[tuple[str, ...]], kind: str = "") -> tuple[Ints, Ints]:
    """Return the unit and the number of each key, units in order; of one kind alone.

    Examples
    --------
    >>> tied((("document:a", "twin:p1"), (), ("twin:p1",)))
    (array([0, 0, 2]), array([0, 1, 1]))
    >>> tied((("document:a", "twin:p1"), (), ("twin:p1",)), "twin")
    (array([0, 2]), array([0, 0]))
    """
    if not isinstance(keys, Ties):
        pairs = [
            (row, key)
            for row, own in enumerate(keys)
            for key in own
            if key.startswith(f"{kind}:" if kind else "")
        ]
        rows = np.array([row for row, _ in pairs], dtype=int)
        return rows, column_of([key for _, key in pairs]).codes
    found, codes, n = [], [], 0
    for name, column in keys.columns.items():
        if kind in ("", name):
            found.append(np.flatnonzero(column.known))
            codes.append(column.codes[found[-1]].astype(np.int64) + n)
            n += len(column.names)
    if not found:
        return np.zeros(0, dtype=int), np.zeros(0, dtype=int)
    rows = np.concatenate(found)
    order = np.argsort(rows, kind="stable") if len(found) > 1 else slice(None)
    return rows[order], np.concatenate(codes)[order]
