"""Permutation of documents: whether hand labels differ, without any model."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stance.errors import CodingError
from stance.measure.difference import sums
from stance.measure.resample import p_value, regroupings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stance.coding.predictions import Gold
    from stance.measure.strata import Strata

    Floats = NDArray[np.float64]
    Ints = NDArray[np.integer]

#: Below, the smallest two-sided p of 3 against 3 documents is .10.
MIN_DOCUMENTS = 4
#: Permutations that are drawn at once.
CHUNK = 1000


@dataclass(frozen=True, slots=True)
class PermutationTest:
    """The test that coded documents could have stood in each other's stratum."""

    by: str
    within: str
    statistic: float
    p: float
    n_permutations: int
    n_documents: int
    n_strata: int
    note: str


class _Documents(NamedTuple):
    """Coded documents: stratum, block within which they change places, label counts."""

    stratum: Ints
    block: Ints
    counts: Floats  # (n_documents, n_labels)
    n_left: int  # documents that lie in two strata


def permutation_test(
    gold: Gold, *, strata: Strata, within: Strata | None = None,
    n_permutations: int = 9999, rng: int | np.random.Generator = 0,
) -> PermutationTest:  # fmt: skip
    r"""Return the test that hand labels are the same in all strata, without a model.

    Coded documents, not paragraphs, change places between strata: it holds whatever
    the documents are like, and uses no prediction. It asks whether *anything* differs;
    by how much is `stance.measure.shift.shift`'s to say.

    Parameters
    ----------
    gold : Gold
        Units that are not coded are left out.
    strata : Strata
        Two or more; documents that lie in two are left out.
    within : Strata, optional
        Documents change places within these alone, such as sources: what is tested is
        then change that is not of the mix of sources.
    n_permutations : int, default 9999
        Drawn at random.
    rng : int or Generator, default 0
        Seed or generator.

    Raises
    ------
    CodingError
        If a stratum has fewer than 4 coded documents, or ``within`` leaves fewer than
        20 ways to change places.

    Notes
    -----
    The statistic is Pearson's :math:`X^2 = \sum (O - E)^2 / E` of coded units by
    stratum and label; with ``within`` observed and expected counts are added over its
    strata first, so that opposite changes of two sources cancel. p is (1 + permutations
    with at least that) / (1 + permutations), exact if documents are exchangeable (Ernst
    2004).

    References
    ----------
    Ernst, M. D. (2004). Permutation methods: a basis for exact inference. *Statistical
    Science* 19(4), 676-685.

    Examples
    --------
    >>> from stance.measure.strata import stratify
    >>> from stance.testing import coded
    >>> gold, _ = coded("2012: 00 | 00 | 00 | 00 | 00", "2023: 11 | 11 | 11 | 11 | 11")
    >>> found = permutation_test(gold, strata=stratify(gold), n_permutations=999)
    >>> found.statistic, found.p < 0.02
    (10.0, True)
    """
    documents = _documents(gold, strata, within)
    n_strata = len(strata.names)
    _check_documents(documents, strata, within)
    order = np.lexsort((documents.stratum, documents.block))
    stratum, block, counts, n_left = documents
    stratum, block, counts = stratum[order], block[order], counts[order]
    value = _chi_square(stratum[None], block, counts, n_strata)[0]
    rng = np.random.default_rng(rng)
    under_null = []
    for n_draws in np.diff([*range(0, n_permutations, CHUNK), n_permutations]):
        drawn = [
            regroupings(stratum[block == b], rng, n_draws=int(n_draws))
            for b in np.unique(block)
        ]
        under_null.append(_chi_square(np.hstack(drawn), block, counts, n_strata))
    return PermutationTest(
        by=strata.by, within=within.by if within else "", statistic=float(value),
        p=p_value(float(value), np.concatenate(under_null)),
        n_permutations=n_permutations, n_documents=len(stratum), n_strata=n_strata,
        note=f"without {_n(n_left)} in two strata" if n_left else "",
    )  # fmt: skip


def _documents(gold: Gold, strata: Strata, within: Strata | None) -> _Documents:
    """Return the coded documents that lie in one stratum and in one block."""
    block = strata.of * 0 if within is None else within.of
    rows: Ints = np.flatnonzero((gold.y >= 0) & (strata.of >= 0) & (block >= 0))
    _, first, number = np.unique(
        strata.component[rows], return_index=True, return_inverse=True
    )
    n = len(first)
    t, b = strata.of[rows], block[rows]
    torn = np.zeros(n, dtype=bool)
    torn[number[(t != t[first][number]) | (b != b[first][number])]] = True
    y = (gold.y[rows][:, None] == np.arange(len(gold.labels.names))).astype(float)
    counts = sums(y, number, n)
    kept = ~torn
    return _Documents(t[first][kept], b[first][kept], counts[kept], int(torn.sum()))


def _n(count: int, kind: str = "") -> str:
    return f"{count} {kind}document" + "s" * (count != 1)


def _check_documents(
    documents: _Documents, strata: Strata, within: Strata | None
) -> None:
    """Raise where no permutation test could reach 5 %."""
    n_strata = len(strata.names)
    if n_strata < 2:
        raise CodingError(
            f"stratum {strata.by!r} has {n_strata} value; a permutation test needs two",
            hint="report by something that differs: --by",
        )
    n = np.bincount(documents.stratum, minlength=n_strata)
    if n.min() < MIN_DOCUMENTS:
        raise CodingError(
            f"{strata.by} {strata.names[n.argmin()]} has {_n(int(n.min()), 'coded ')}: "
            "below 4 documents a period no permutation test reaches 5 %",
            hint="code units of more documents: stance sample --n 20",
        )
    ways = 0.0  # logarithm of the number of different orders
    for b in np.unique(documents.block):
        sizes = np.bincount(documents.stratum[documents.block == b])
        ways += math.lgamma(sizes.sum() + 1) - sum(math.lgamma(s + 1) for s in sizes)
    if within is not None and ways < math.log(20):
        raise CodingError(
            f"within {within.by} the documents can change places in "
            f"{round(math.exp(ways))} ways: no permutation test reaches 5 %",
            hint=f"code documents of one {within.by} in more strata, or test without",
        )


def _chi_square(stratum: Ints, block: Ints, counts: Floats, n_strata: int) -> Floats:
    """Return Pearson's statistic of each order, ``stratum`` (n_draws, n_documents)."""
    shape = (len(stratum), n_strata, counts.shape[1])
    observed, expected = np.zeros(shape), np.zeros(shape)
    for b in np.unique(block):
        here = block == b
        total = counts[here].sum(axis=0)
        for t in range(n_strata):
            of = (stratum[:, here] == t) @ counts[here]
            observed[:, t] += of
            expected[:, t] += of.sum(axis=1, keepdims=True) * total / total.sum()
    with np.errstate(invalid="ignore"):
        parts = (observed - expected) ** 2 / expected
    found: Floats = np.nan_to_num(parts).sum(axis=(1, 2))
    return found
