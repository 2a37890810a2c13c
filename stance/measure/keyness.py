"""Words that set two groups of documents apart.

`log_odds` counts documents: it ranks words by how much more one group uses them, and
tests them by exchanging documents between the groups. `keyness` counts tokens as if
each were drawn alone, as corpus linguistics does; it is there so that a table can be
compared with other tools, and its p is far too small wherever words come in bursts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stance.measure import resample
from stance.measure.association import MEASURES, association
from stance.measure.groups import CHUNK, Sides, false_discovery, sides_of, welch
from stance.measure.words import dispersion

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stance.measure.words import TermCounts

    Floats = NDArray[np.float64]
    Integers = NDArray[np.integer]

#: 3 against 3 documents can be exchanged in 20 ways: two-sided, p is .10 at least.
MIN_GROUP = 4


@dataclass(frozen=True, slots=True)
class LogOdds:
    """How much more one group of documents uses a term than the other.

    ``rate_before`` and ``rate_after`` are per million tokens, ``n_before`` and
    ``n_after`` occurrences. ``p`` is of this term alone, ``p_max_t`` of it among all
    that were tested, ``q`` the share of false ones among those at least as extreme.
    They are ``nan`` where ``note`` says why there is no test. ``z`` is no test.
    """

    term: str
    language: str
    log_odds: float
    low: float
    high: float
    rate_before: float
    rate_after: float
    n_before: int
    n_after: int
    n_documents: int
    dispersion: float
    t: float
    p: float
    p_max_t: float
    q: float
    z: float
    note: str


@dataclass(frozen=True, slots=True)
class Keyness:
    """How strongly a term sets the focus apart; ``measure`` says by which statistic.

    It is positive where the focus uses the term more, but for ``exact``, an odds
    ratio above 1. ``feature``, ``n_target`` and ``n_reference`` are quanteda's names of
    the columns; the target is what is called the focus here.
    """

    feature: str
    statistic: float
    p: float
    n_target: int
    n_reference: int
    language: str
    measure: str


def log_odds(
    counts: TermCounts,
    groups: Integers,
    *,
    n_bootstrap: int = 1000,
    n_permutations: int = 1999,
    level: float = 0.95,
    rng: int | np.random.Generator = 0,
) -> tuple[LogOdds, ...]:
    r"""Return the terms ranked by log-odds, with intervals and tests by document.

    Read it from both ends: the first terms are what the documents *after* use more,
    the last what they use less. A log-odds ratio of 0.7 doubles the rate of a rare
    word. Judge a word that was named in advance by ``p``, the words that this list
    suggests by ``q`` or, where none may be wrong, by ``p_max_t``.

    Parameters
    ----------
    counts : TermCounts
        From `stance.measure.words.count_terms`.
    groups : ndarray of int, shape (n_documents,)
        0 before (the reference), 1 after (the focus), -1 left out. A document without
        tokens is left out too.
    n_bootstrap : int, default 1000
        Draws of documents for the intervals.
    n_permutations : int, default 1999
        Exchanges of documents for the tests.
    level : float, default 0.95
        Of the intervals.
    rng : int or Generator, default 0
        Seed or generator.

    Returns
    -------
    tuple of LogOdds
        A row for each term that occurs, highest log-odds first, ties by term.

    Raises
    ------
    CodingError
        If no document with tokens is in one of the groups.

    Notes
    -----
    The prior of a term is its share of all tokens times the number of terms: words of
    few occurrences are drawn towards no difference. The interval is the expanded
    percentile interval of documents drawn again within their group. The test exchanges
    documents between the groups and takes Welch's t of the rates of the documents;
    ``p_max_t`` compares with the largest t of all tested terms (Westfall and Young
    1993). Terms of fewer than 5 documents, or 20 %, are not tested, and with fewer
    than 4 documents in a group nothing is.

    Documents must be exchangeable if nothing changed. Where one group has more of one
    publisher than the other, the test finds the words of the publisher; where one has
    more Chinese, it finds Chinese. Count one language, or by concept. The prior weighs
    as many tokens as there are terms: in a small corpus, and with pairs, much.

    ``z`` is log-odds over its standard error if each token were drawn alone. It is
    printed because the literature prints it, and is no test: words come in bursts, and
    without any change 37 % of them pass 1.96 (``tests/bench/terms.py``).

    References
    ----------
    Monroe, Colaresi and Quinn (2008), as in
    `stance.measure.groups.posterior_log_odds`.

    Westfall, P. H. and Young, S. S. (1993). *Resampling-Based Multiple Testing*. Wiley.

    Examples
    --------
    >>> from stance.measure.words import count_terms
    >>> texts = ["win win talks", "talks win", "curb talks", "curb curb talks"]
    >>> found = log_odds(count_terms(texts, "abcd"), np.array([0, 0, 1, 1]))
    >>> [(row.term, round(row.log_odds, 2)) for row in found]
    [('curb', 2.02), ('talks', 0.0), ('win', -2.02)]
    """
    rng = np.random.default_rng(rng)
    sample = sides_of(counts, groups)
    table = _described(sample)
    table["low"], table["high"] = _intervals(sample, n_bootstrap, level, rng)
    table |= _tests(sample, n_permutations, rng)
    rows = [
        LogOdds(
            term=counts.forms[column],
            language=counts.languages[column],
            note=_note(sample, int(table["n_documents"][at])),
            **{name: values[at].item() for name, values in table.items()},
        )
        for at, column in enumerate(sample.columns)
    ]
    return tuple(sorted(rows, key=lambda row: (-row.log_odds, row.term)))


def keyness(
    counts: TermCounts,
    groups: Integers,
    *,
    measure: str = "chi2",
    correction: str = "default",
) -> tuple[Keyness, ...]:
    """Return how strongly each term sets the focus apart, counted by tokens.

    Names, signs, defaults and order are those of ``textstat_keyness`` in quanteda, so
    that a table can be checked there. Which words a change really shows in is told by
    `log_odds`.

    Parameters
    ----------
    counts, groups
        As in `log_odds`; 1 is the focus, 0 the reference.
    measure : str, default "chi2"
        ``chi2``, ``lr`` (likelihood ratio, G2), ``pmi`` (pointwise mutual information,
        natural logarithm) or ``exact`` (odds ratio and Fisher's exact test; slow).
    correction : str, default "default"
        ``yates``, ``williams`` or ``none``; by default Yates' for ``chi2``, Williams'
        for ``lr``. The others take none. See `stance.measure.association.association`.

    Returns
    -------
    tuple of Keyness
        A row for each term that occurs, highest statistic first, ties by feature.

    Raises
    ------
    CodingError
        If no document with tokens is in one of the groups.
    ValueError
        If measure or correction is unknown.

    Notes
    -----
    ``p`` takes each token as drawn alone. With 40 documents a group and no change at
    all, some word passes Bonferroni's bound in every corpus.

    Examples
    --------
    >>> from stance.measure.words import count_terms
    >>> texts = ["curb curb win talks", "win win talks"]
    >>> found = keyness(count_terms(texts, "ab"), np.array([1, 0]), measure="pmi")
    >>> [(row.feature, round(row.statistic, 2), row.n_target) for row in found]
    [('curb', 0.56, 2), ('talks', -0.13, 1), ('win', -0.54, 1)]
    """
    sample = sides_of(counts, groups)
    once = np.ones((1, len(sample.side)))
    reference, focus, n_reference, n_focus = (s[0] for s in sample.sums(once))
    statistic, p = association(
        focus, reference, n_focus=n_focus[0], n_reference=n_reference[0],
        measure=measure, correction=correction,
    )  # fmt: skip
    rows = [
        Keyness(
            counts.forms[column],
            float(statistic[at]),
            float(p[at]),
            int(focus[at]),
            int(reference[at]),
            counts.languages[column],
            MEASURES[measure],
        )
        for at, column in enumerate(sample.columns)
    ]
    return tuple(sorted(rows, key=lambda row: (-row.statistic, row.feature)))


def _described(sample: Sides) -> dict[str, NDArray[np.generic]]:
    """Return what is counted of each term, by the name of its column."""
    once = np.ones((1, len(sample.side)))
    before, after, n_before, n_after = sample.sums(once)
    ratio, variance = (values[0] for values in sample.log_odds(once))
    return {
        "log_odds": ratio,
        "rate_before": (before / n_before * 1e6)[0],
        "rate_after": (after / n_after * 1e6)[0],
        "n_before": before[0].astype(np.int64),
        "n_after": after[0].astype(np.int64),
        "n_documents": sample.n_documents,
        "dispersion": dispersion(sample.counts, sample.tokens),
        "z": ratio / np.sqrt(variance),
    }


def _intervals(
    sample: Sides, n_draws: int, level: float, rng: np.random.Generator
) -> Floats:
    """Return low and high of each term's log-odds; ``nan`` of a single document."""
    ends = np.full((2, len(sample.columns)), np.nan)
    if sample.few > 1:
        weights = resample.weights(sample.side, rng, n_draws=n_draws)
        beyond = resample.tail(sample.few, level)
        for part in sample.parts:
            drawn, _ = sample.log_odds(weights, part)
            ends[:, part] = np.quantile(drawn, [beyond, 1 - beyond], axis=0)
    return ends


def _tests(sample: Sides, n_draws: int, rng: np.random.Generator) -> dict[str, Floats]:
    """Return t, p, p among all, and q of each term; ``nan`` where it is not tested."""
    names = ("t", "p", "p_max_t", "q")
    table = {name: np.full(len(sample.columns), np.nan) for name in names}
    tested = np.flatnonzero(sample.n_documents >= sample.least)
    if sample.few < MIN_GROUP or not len(tested):
        return table
    orders = resample.regroupings(sample.side, rng, n_draws=n_draws)
    rates = sample.counts.multiply(1 / sample.tokens[:, None]).tocsc()
    top, found, n_beyond = np.zeros(n_draws), np.empty(len(tested)), []
    for at in range(0, len(tested), CHUNK):
        here = rates[:, tested[at : at + CHUNK]].toarray()
        t = welch(here, sample.side[None])[0]
        null = np.abs(welch(here, orders))
        # Sums in another order differ in the last digits and are no less.
        n_beyond += ((null >= np.abs(t) * (1 - 1e-9)).sum(axis=0)).tolist()
        top, found[at : at + CHUNK] = np.maximum(top, null.max(axis=1)), t
    p = (1 + np.array(n_beyond)) / (1 + n_draws)
    n_above = (top >= np.abs(found)[:, None] * (1 - 1e-9)).sum(axis=1)
    values = (found, p, (1 + n_above) / (1 + n_draws), false_discovery(p))
    for name, value in zip(names, values, strict=True):
        table[name][tested] = value
    return table


def _note(sample: Sides, n_documents: int) -> str:
    if sample.few < MIN_GROUP:
        alone = "" if sample.few > 1 else "; no interval of one document"
        return (
            f"no test: below {MIN_GROUP} documents a group no permutation test reaches "
            f"5 %{alone}"
        )
    if n_documents < sample.least:
        return f"no test: in {n_documents} documents, tested from {sample.least} on"
    return ""
