"""Two groups of documents, and the arithmetic of comparing them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stance.errors import CodingError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from scipy.sparse import csc_matrix

    from stance.coding.predictions import Gold
    from stance.measure.strata import Strata
    from stance.measure.words import TermCounts

    Floats = NDArray[np.float64]
    Integers = NDArray[np.integer]

#: A tested term stands in so many documents at least, and in this share of them: t of
#: a word of three documents is what these three happen to be.
MIN_DOCUMENTS, MIN_SHARE = 5, 0.2
#: Under the root of Welch's t, in squared shares of tokens: where neither group's
#: documents vary t would be infinite.
FLOOR = 1e-12
#: Terms handled at once: memory is that of as many columns of all draws.
CHUNK = 256


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """The documents of two groups, and the terms that occur in them."""

    counts: csc_matrix  # (n_documents, n_terms)
    tokens: Integers  # (n_documents,)
    side: Integers  # (n_documents,), 0 before, 1 after
    columns: Integers  # (n_terms,), of the counts they were taken from

    @property
    def few(self) -> int:
        """How many documents the smaller group has."""
        return int(np.bincount(self.side).min())

    @property
    def least(self) -> int:
        """In how many documents a term must be to be tested."""
        return math.ceil(max(MIN_DOCUMENTS, MIN_SHARE * len(self.side)))

    @property
    def n_documents(self) -> Integers:
        """In how many documents each term is."""
        found: Integers = self.counts.getnnz(axis=0)
        return found

    @property
    def parts(self) -> Iterator[slice]:
        """Yield the terms a chunk at a time."""
        for at in range(0, len(self.columns), CHUNK):
            yield slice(at, at + CHUNK)

    @property
    def prior(self) -> Floats:
        """The share of each term in all tokens, times the number of terms."""
        totals = np.asarray(self.counts.sum(axis=0))[0]
        found: Floats = totals / self.tokens.sum() * len(self.columns)
        return found

    def sums(
        self, weights: Floats, part: slice = slice(None)
    ) -> tuple[Floats, Floats, Floats, Floats]:
        """Return occurrences before and after, tokens before and after, of draws."""
        held, found = self.counts[:, part], []
        for group in (0, 1):
            here = self.side == group
            found += [
                weights[:, here] @ held[here],
                weights[:, here] @ self.tokens[here],
            ]
        return found[0], found[2], found[1][:, None], found[3][:, None]

    def log_odds(
        self, weights: Floats, part: slice = slice(None)
    ) -> tuple[Floats, Floats]:
        """Return log-odds and variances of draws of documents, (n_draws, n_terms)."""
        before, after, n_before, n_after = self.sums(weights, part)
        return posterior_log_odds(
            before,
            after,
            n_before=n_before,
            n_after=n_after,
            prior=self.prior[part],
            n_prior=len(self.columns),
        )


def sides_of(counts: TermCounts, groups: Integers) -> Sides:
    """Return the documents of two groups that have tokens.

    Raises
    ------
    CodingError
        If one of the groups has none.
    ValueError
        If a group is not 0 (before), 1 (after) or -1 (left out).

    Examples
    --------
    >>> from stance.measure.words import count_terms
    >>> counts = count_terms(["win talks", "curb", "other"], "abc")
    >>> found = sides_of(counts, np.array([0, 1, -1]))
    >>> [counts.terms[column] for column in found.columns]
    ['curb', 'talk', 'win']
    """
    groups = np.asarray(groups)
    if groups.shape != counts.tokens.shape or not np.isin(groups, [-1, 0, 1]).all():
        raise ValueError(
            "groups must be 0 (before), 1 (after) or -1 (left out) for each of the "
            f"{len(counts.tokens)} documents, got {groups!r}"
        )
    kept = (groups >= 0) & (counts.tokens > 0)
    for group, name in enumerate(("before", "after")):
        if not (groups[kept] == group).any():
            raise CodingError(
                f"no document with words is in the group {name!r}",
                hint="each of the two groups needs a document, four for a test",
            )
    held = counts.counts[kept].astype(np.float64).tocsc()
    columns = np.flatnonzero(held.getnnz(axis=0))
    return Sides(held[:, columns], counts.tokens[kept], groups[kept], columns)


def documents_of(gold: Gold, strata: Strata, groups: Integers) -> tuple[str, ...]:
    """Return the document of each unit as two groups exchange it: copies are one.

    Copies that stand on both sides cannot be exchanged together: they are a document on
    each. What they have in common cancels in the difference of the groups, so that the
    test is careful rather than bold.

    Parameters
    ----------
    gold : Gold
        The units.
    strata : Strata
        Of the same units; it numbers the documents, copies alike.
    groups : ndarray of int, shape (n_units,)
        0 before, 1 after, -1 left out.

    Raises
    ------
    CodingError
        If a document lies in both groups.

    Examples
    --------
    >>> from stance.measure.strata import stratify
    >>> from stance.testing import coded
    >>> gold, _ = coded("2012: 00 01", "2023: 11")
    >>> documents_of(gold, stratify(gold), np.array([0, 0, 1]))
    ('0:0', '0:0', '1:1')
    """
    groups = np.asarray(groups)
    first: dict[str, int] = {}
    for row in np.flatnonzero(groups >= 0):
        document = gold.documents[row]
        if first.setdefault(document, groups[row]) != groups[row]:
            raise CodingError(
                f"document {document!r} lies in both groups, and documents change "
                "sides whole",
                hint="compare by what no document mixes, such as --by year or source; "
                "or give its parts documents of their own",
            )
    return tuple(
        f"{component}:{group}"
        for component, group in zip(strata.component, groups, strict=True)
    )


def posterior_log_odds(
    before: Floats,
    after: Floats,
    *,
    n_before: Floats | float,
    n_after: Floats | float,
    prior: Floats | float,
    n_prior: float,
) -> tuple[Floats, Floats]:
    r"""Return log-odds ratios of counts under a Dirichlet prior, and their variances.

    Parameters
    ----------
    before, after : ndarray
        Occurrences of each term.
    n_before, n_after : ndarray or float
        Tokens of each group.
    prior, n_prior : ndarray or float
        What is added to the occurrences of each term, and to the tokens.

    Notes
    -----
    .. math:: \delta_w = \log\frac{B_w + \alpha_w}{n_B + \alpha_0 - B_w - \alpha_w}
              - \log\frac{A_w + \alpha_w}{n_A + \alpha_0 - A_w - \alpha_w}

    with variance :math:`1 / (A_w + \alpha_w) + 1 / (B_w + \alpha_w)`, A before and B
    after (Monroe et al. 2008, section 3.3).

    References
    ----------
    Monroe, B. L., Colaresi, M. P. and Quinn, K. M. (2008). Fightin' words: lexical
    feature selection and evaluation for identifying the content of political conflict.
    *Political Analysis* 16(4), 372-403.

    Examples
    --------
    >>> ratio, variance = posterior_log_odds(
    ...     np.array([2.0]), np.array([8.0]), n_before=100, n_after=100, prior=1.0,
    ...     n_prior=20)
    >>> ratio.round(2).tolist(), variance.round(2).tolist()
    ([1.15], [0.44])
    """
    less, more = before + prior, after + prior
    odds_before = less / (n_before + n_prior - less)
    odds_after = more / (n_after + n_prior - more)
    return np.log(odds_after) - np.log(odds_before), 1 / less + 1 / more


def false_discovery(p: Floats) -> Floats:
    """Return the q of each p: of those whose q is at most .1, a tenth are false.

    References
    ----------
    Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate: a
    practical and powerful approach to multiple testing. *Journal of the Royal
    Statistical Society B* 57(1), 289-300.

    Examples
    --------
    >>> false_discovery(np.array([0.01, 0.5, 0.02])).round(3).tolist()
    [0.03, 0.5, 0.03]
    """
    order = np.argsort(p)[::-1]
    ranks = np.arange(len(p), 0, -1)
    found = np.empty(len(p))
    found[order] = np.minimum.accumulate(np.minimum(p[order] * len(p) / ranks, 1))
    return found


def welch(rates: Floats, orders: Integers) -> Floats:
    """Return Welch's t of the rates after against before.

    ``rates`` has the shape (n_documents, n_terms) and ``orders``, the groups of the
    documents, (n_orders, n_documents); t has (n_orders, n_terms).

    Examples
    --------
    >>> rates = np.array([[0.01], [0.03], [0.05], [0.07]])
    >>> welch(rates, np.array([[0, 0, 1, 1]])).round(2).tolist()
    [[2.83]]
    """
    sides = []
    for group in (0, 1):
        held = (orders == group).astype(np.float64)
        n = held[0].sum()
        mean = held @ rates / n
        variance = np.maximum(held @ rates**2 - n * mean**2, 0) / (n - 1)
        sides.append((mean, variance / n))
    (before, spread_before), (after, spread_after) = sides
    t: Floats = (after - before) / np.sqrt(spread_before + spread_after + FLOOR)
    return t
