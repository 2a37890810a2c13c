"""Which units to code next, drawn so that the rest can be inferred from them."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stance.errors import CodingError, StanceWarning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stance.coding.predictions import Gold

    Floats = NDArray[np.float64]
    Ints = NDArray[np.integer]

SCHEMES = ("paragraphs", "documents", "two-stage")
BY = ("year", "month", "date", "source", "language", "document")
#: Paragraphs of a document that a draw in two stages takes at most.
MOST_OF_DOCUMENT = 5
#: Units, or documents, of a stratum that are drawn at least: one shows no spread.
LEAST = 2


@dataclass(frozen=True, slots=True)
class Drawn:
    """A unit to be coded, and how it was drawn.

    ``probability`` is that with which this round drew it from the units that were not
    coded before; ``design`` is ``random`` where all units had the same, ``stratified``
    where they differ, so that it has to be kept.
    """

    unit_id: str
    document_id: str
    stratum: str
    probability: float
    design: str
    round: int


def systematic(probability: Floats, rng: int | np.random.Generator = 0) -> Ints:
    """Return rows drawn with these probabilities, as many as their sum says.

    The rows are gone through in random order (Madow 1949).

    Examples
    --------
    >>> len(systematic(np.full(20, 0.25)))
    5
    """
    rng = np.random.default_rng(rng)
    order = rng.permutation(len(probability))
    marks = np.floor(probability[order].cumsum() + rng.random() + 1e-9)
    return np.sort(order[np.diff(marks, prepend=0.0) > 0])


def proportional(n: float, sizes: Floats) -> Floats:
    """Return probabilities in proportion to sizes that sum to n, none above 1.

    Examples
    --------
    >>> proportional(2, np.array([8.0, 1.0, 1.0])).tolist()
    [1.0, 0.5, 0.5]
    """
    certain = np.zeros(len(sizes), dtype=bool)
    while not certain.all():
        p = (n - certain.sum()) * sizes / sizes[~certain].sum()
        beyond = ~certain & (p > 1 + 1e-9)
        if not beyond.any():
            return np.where(certain, 1.0, np.minimum(p, 1.0))
        certain |= beyond
    return np.ones(len(sizes))


def allocate(n: int, sizes: Sequence[int]) -> list[int]:
    """Return how many are drawn of each stratum: in proportion, at least 2 of each.

    The whole numbers nearest to the shares of ``n`` (largest remainders). A stratum
    that is smaller than what it should get is taken whole; where 2 of each are too
    many, it is at least 1.

    Raises
    ------
    ValueError
        If there are more strata than are to be drawn.

    Examples
    --------
    >>> allocate(10, [70, 25, 5]), allocate(10, [100, 1, 100])
    ([6, 2, 2], [5, 1, 4])
    """
    size = np.array(sizes, dtype=float)
    n = min(n, int(size.sum()))
    if n < len(size):
        raise ValueError(f"{n} cannot be drawn of each of {len(size)} strata")
    least = np.minimum(size, LEAST)
    if least.sum() > n:
        least = np.minimum(size, 1)
    fixed = np.zeros(len(size), dtype=bool)
    share = least
    while not fixed.all():
        left = n - least[fixed].sum()
        share = np.where(fixed, least, left * size / size[~fixed].sum())
        low = ~fixed & (share < least - 1e-9)
        if not low.any():
            break
        fixed |= low
    whole = np.floor(share + 1e-9)
    order = np.argsort(whole - share, kind="stable")
    whole[order[: n - int(whole.sum())]] += 1
    return [int(k) for k in whole]


class _Frame(NamedTuple):
    """What can be drawn: rows of units, their strata, their documents by number."""

    rows: Ints
    stratum: Ints
    names: tuple[str, ...]
    document: Ints


def _values(gold: Gold, by: str) -> tuple[str, ...]:
    """Return what each unit is drawn under; empty where it is not known."""
    if by in ("year", "month", "date"):
        n = {"year": 4, "month": 7, "date": 10}[by]
        return tuple(date[:n] for date in gold.dates)
    columns = {
        "source": gold.sources, "language": gold.languages, "document": gold.documents,
    }  # fmt: skip
    if by not in columns:
        raise ValueError(f"by {by!r} is not one of {', '.join(BY)}")
    return columns[by]


def _frame(gold: Gold, by: Sequence[str], *, whole: bool) -> _Frame:
    """Return the units that are counted and not coded yet.

    Where ``whole`` documents are drawn, one is in the stratum of its first unit.
    """
    rows = np.flatnonzero(gold.counted & (gold.y < 0))
    columns = [_values(gold, part) for part in by]
    ids = np.array([gold.documents[row] for row in rows], dtype=object)
    _, first, document = np.unique(
        ids.astype(str), return_index=True, return_inverse=True
    )
    at = rows[first[document]] if whole else rows
    named = [" / ".join(column[row] for column in columns) for row in at]
    names, stratum = np.unique(np.array(named, dtype=str), return_inverse=True)
    return _Frame(rows, stratum, tuple(str(name) for name in names), document)


def _unstratified(frame: _Frame, n: int, what: str) -> _Frame:
    """Return the frame as one stratum if there are more strata than are drawn."""
    if n >= len(frame.names):
        return frame
    warnings.warn(
        f"{n} {what} are drawn of {len(frame.names)} strata: strata are not kept apart",
        StanceWarning,
        stacklevel=4,
    )
    return frame._replace(stratum=np.zeros_like(frame.stratum), names=("",))


def _paragraphs(frame: _Frame, n: int, rng: np.random.Generator) -> tuple[Ints, Floats]:
    """Return positions in the frame, and the probability of each unit of it."""
    sizes = np.bincount(frame.stratum, minlength=len(frame.names))
    p = np.array(allocate(n, sizes.tolist())) / sizes
    taken = [
        rng.choice(np.flatnonzero(frame.stratum == at), round(p[at] * size), False)
        for at, size in enumerate(sizes)
    ]
    return rng.permutation(np.concatenate(taken)), p[frame.stratum]


class _Sizes(NamedTuple):
    """Of each document: what it is drawn by, how many are taken of it, how many not."""

    measure: Floats
    take: Ints
    size: Ints

    def n_documents(self, n: int) -> int:
        """Return how many documents hold about n paragraphs; 2 at least."""
        each = (self.measure * self.take).sum() / self.measure.sum()
        return min(max(round(float(n / each)), LEAST), len(self.size))


def _sizes(document: Ints, scheme: str) -> _Sizes:
    """Return the sizes of documents that are drawn evenly, or by their size.

    Of one drawn by its size few are taken, so that all paragraphs have the same
    probability.
    """
    size = np.bincount(document)
    if scheme == "documents":
        return _Sizes(np.ones(len(size)), size, size)
    measure = np.maximum(size, MOST_OF_DOCUMENT).astype(float)
    return _Sizes(measure, np.minimum(size, MOST_OF_DOCUMENT), size)


def _documents(
    frame: _Frame, n: int, sizes: _Sizes, rng: np.random.Generator
) -> tuple[Ints, Floats]:
    """Return positions in the frame, and the probability of each unit of it."""
    stratum = frame.stratum[np.unique(frame.document, return_index=True)[1]]
    weight = np.bincount(stratum, sizes.measure, minlength=len(frame.names))
    p = np.zeros(len(stratum))
    drawn: list[int] = []
    for at, k in enumerate(allocate(n, [int(w) for w in weight])):
        here = np.flatnonzero(stratum == at)
        p[here] = proportional(min(k, len(here)), sizes.measure[here])
        drawn += here[systematic(p[here], rng)].tolist()
    taken = [
        np.sort(rng.choice(np.flatnonzero(frame.document == at), sizes.take[at], False))
        for at in rng.permutation(drawn)
    ]
    return np.concatenate(taken), (p * sizes.take / sizes.size)[frame.document]


def draw_sample(
    gold: Gold, *, n: int, scheme: str = "paragraphs",
    by: Sequence[str] = ("source", "language"), rng: int | np.random.Generator = 0,
    round: int = 1,
) -> tuple[Drawn, ...]:  # fmt: skip
    """Return units to be coded, each with the probability that it was drawn with.

    Paragraphs drawn over all documents say most: 50 of them gave a change a narrower
    interval than 200 in whole documents. Whole documents, or a few paragraphs of some,
    are for coders who must read the document first.

    Parameters
    ----------
    gold : Gold
        Every unit; those that are coded (``y`` not -1) or not counted are not drawn.
    n : int
        How many; with whole documents and in two stages, about so many.
    scheme : {"paragraphs", "documents", "two-stage"}, default "paragraphs"
        ``documents`` are drawn evenly and taken whole; in two stages documents are
        drawn by their size, and of each 5 paragraphs at most.
    by : sequence of str, default ("source", "language")
        ``year``, ``month``, ``date``, ``source``, ``language``, ``document``: each
        combination that occurs is a stratum, drawn in proportion to its size, 2 at
        least. With fewer to be drawn than there are strata, they are not kept apart.
    rng : int or Generator, default 0
        Seed or generator.
    round : int, default 1
        Number of this round of coding.

    Returns
    -------
    tuple of Drawn
        In random order, so that a coder who tires does so in all strata; documents in
        random order, paragraphs of one in reading order.

    Raises
    ------
    CodingError
        If fewer units are left than are to be drawn.

    References
    ----------
    Lohr, S. L. (2022). *Sampling: Design and Analysis*, 3rd ed. CRC Press.

    Examples
    --------
    >>> from stance.testing import coded
    >>> gold, _ = coded("2012: .0 .1 .1 | .1 .0", "2023: .1 .0 | .1 .1 .0")
    >>> [row.probability for row in draw_sample(gold, n=4, by=("year",))]
    [0.4, 0.4, 0.4, 0.4]
    """
    if scheme not in SCHEMES:
        raise ValueError(f"scheme {scheme!r} is not one of {', '.join(SCHEMES)}")
    if n < 1:
        raise ValueError(f"n must be 1 at least, got {n}")
    rng = np.random.default_rng(rng)
    frame = _frame(gold, by, whole=scheme != "paragraphs")
    if len(frame.rows) < n:
        raise CodingError(
            f"{n} units are to be drawn and {len(frame.rows)} are not coded yet",
            hint="draw fewer, read more texts, or name another column with --label",
        )
    if scheme == "paragraphs":
        frame = _unstratified(frame, n, "paragraphs")
        at, p = _paragraphs(frame, n, rng)
    else:
        sizes = _sizes(frame.document, scheme)
        k = sizes.n_documents(n)
        frame = _unstratified(frame, k, "documents")
        at, p = _documents(frame, k, sizes, rng)
    even = len(frame.names) == 1 and np.ptp(p) < 1e-12
    return tuple(
        Drawn(
            gold.unit_ids[frame.rows[k]], gold.documents[frame.rows[k]],
            frame.names[frame.stratum[k]], float(p[k]),
            "random" if even else "stratified", round,
        )
        for k in at
    )  # fmt: skip
