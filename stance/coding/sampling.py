"""Which units to code next, drawn so that the rest can be inferred from them.

Units that were coded before and those drawn now are one sample. Of a stratum of N units
let the c coded ones be drawn at random, all with one probability. If d of the other
N - c are drawn at random too, then each of the N is in the sample with the probability
c/N + (1 - c/N) d/(N - c) = (c + d)/N, and it is this that all of them are given. The
chance d/(N - c) of the new ones alone is that of a unit which was passed over before;
two rounds pooled with the chances of each would weigh their units wrongly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stance.coding.frame import Frame, check_before, frame_of, unstratified
from stance.errors import CodingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stance.coding.predictions import Gold

    Floats = NDArray[np.float64]
    Ints = NDArray[np.integer]

SCHEMES = ("paragraphs", "documents", "two-stage")
#: Paragraphs of a document that a draw in two stages takes at most.
MOST_OF_DOCUMENT = 5
#: Units, or documents, of a stratum that are drawn at least: one shows no spread.
LEAST = 2


@dataclass(frozen=True, slots=True)
class Drawn:
    """A unit of the sample: drawn to be coded now, or coded before.

    ``row`` is its position in the gold. ``probability`` is that of being in the sample,
    all rounds taken together; ``design`` is ``random`` where all units had the same,
    ``stratified`` where they differ, so that it has to be kept. ``round`` is 0 where it
    is not known.
    """

    row: int
    unit_id: str
    document_id: str
    stratum: str
    probability: float
    design: str
    round: int
    is_new: bool = True


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


def _paragraphs(frame: Frame, n: int, rng: np.random.Generator) -> tuple[Ints, Floats]:
    """Return positions in the frame, and the probability of each unit of it."""
    size, left = frame.sizes()
    n_drawn = np.zeros(len(size), dtype=int)
    n_drawn[left > 0] = allocate(n, left[left > 0].tolist())
    taken = [
        rng.choice(np.flatnonzero((frame.stratum == at) & ~frame.coded), k, False)
        for at, k in enumerate(n_drawn)
    ]
    p = (size - left + n_drawn) / size
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
    frame: Frame, n: int, sizes: _Sizes, rng: np.random.Generator
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
    """Return units to be coded, and those coded before, each with its probability.

    Paragraphs drawn over all documents say most: 50 of them gave a change a narrower
    interval than 200 in whole documents. Whole documents, or a few paragraphs of some,
    are for coders who must read the document first.

    Parameters
    ----------
    gold : Gold
        Every unit; those that are coded (``y`` not -1) or not counted are not drawn.
    n : int
        How many are drawn; with whole documents and in two stages, about so many.
    scheme : {"paragraphs", "documents", "two-stage"}, default "paragraphs"
        ``documents`` are drawn evenly and taken whole; in two stages documents are
        drawn by their size, and of each 5 paragraphs at most. Both only where nothing
        is coded yet.
    by : sequence of str, default ("source", "language")
        ``year``, ``month``, ``date``, ``source``, ``language``, ``document``: each
        combination that occurs is a stratum, drawn in proportion to what is not coded
        of it, 2 at least. With fewer to be drawn than there are strata, they are not
        kept apart.
    rng : int or Generator, default 0
        Seed or generator.
    round : int, default 1
        Number of this round of coding.

    Returns
    -------
    tuple of Drawn
        First what is to be coded, in random order, so that a coder who tires does so in
        all strata; documents in random order, paragraphs of one in reading order. Then
        the counted units that are coded already, with the probability of both rounds
        together: they replace what was known of their draw.

    Raises
    ------
    InputError
        If a date is not written as 2012-05-31, where strata are times.
    CodingError
        If fewer units are left than are to be drawn; if coded units were not drawn at
        random, or those of one stratum with different probabilities.

    Warns
    -----
    StanceWarning
        If strata are not kept apart, or more or fewer units of one are coded than their
        probability would give.

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
    frame = frame_of(gold, by, whole=scheme != "paragraphs")
    n_left = np.count_nonzero(~frame.coded)
    if n_left < n:
        raise CodingError(
            f"{n} units are to be drawn and {n_left} are not coded yet",
            hint="draw fewer, read more texts, or name another column with --label",
        )
    if scheme == "paragraphs":
        frame = unstratified(frame, n, "paragraphs")
        check_before(gold, frame)
        at, p = _paragraphs(frame, n, rng)
    elif frame.coded.any():
        raise CodingError(
            f"{frame.coded.sum()} units are coded already, and scheme {scheme!r} draws "
            "one round alone: how likely all are together is not known",
            hint="draw the further round by paragraphs, or more at once in a new draw",
        )
    else:
        sizes = _sizes(frame.document, scheme)
        k = sizes.n_documents(n)
        frame = unstratified(frame, k, "documents")
        at, p = _documents(frame, k, sizes, rng)
    return _rows(gold, frame, at=at, p=p, round=round)


def _rows(
    gold: Gold, frame: Frame, *, at: Ints, p: Floats, round: int
) -> tuple[Drawn, ...]:
    """Return the positions drawn, and those coded before, as rows of the sample."""
    design = "stratified"
    if len(frame.names) == 1 and np.ptp(p) < 1e-12:
        design = "random"
    before = 1 if round == 2 else 0
    return tuple(
        Drawn(
            int(frame.rows[k]), gold.unit_ids[frame.rows[k]],
            gold.documents[frame.rows[k]], frame.names[frame.stratum[k]], float(p[k]),
            design, before if frame.coded[k] else round, not frame.coded[k],
        )
        for k in (*at, *np.flatnonzero(frame.coded))
    )  # fmt: skip
