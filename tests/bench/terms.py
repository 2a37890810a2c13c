"""How often a test of words finds some where nothing changed, and where they doubled.

    python tests/bench/terms.py [repetitions]

Generator G4: 400 words, their shares Dirichlet (.5); 40 documents before and 40 after,
of 600 tokens each, whose shares are Dirichlet (150 times those), so that words come in
bursts. Words with 20 tokens or more in at least 16 documents are looked at. Where there
is a change, every sixth of the 60 commonest words is doubled in the second group.
"""

import sys
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.special import chdtri

from stance.measure.keyness import LogOdds, keyness, log_odds
from stance.measure.words import TermCounts

N_WORDS, N_DOCUMENTS, N_TOKENS, BURSTS = 400, 40, 600, 150
DOUBLED = range(0, 60, 6)
#: Normal deviates of 5 % on both sides.
Z = 1.959964


class Found(NamedTuple):
    """Of each way of testing: which of the words looked at it names."""

    named: dict[str, NDArray[np.bool_]]
    is_true: NDArray[np.bool_]


def corpus(rng: np.random.Generator, *, is_changed: bool) -> TermCounts:
    """Return the counts of one corpus of generator G4."""
    shares = np.sort(rng.dirichlet(np.full(N_WORDS, 0.5)))[::-1]
    after = shares.copy()
    if is_changed:
        after[list(DOUBLED)] *= 2
        after /= after.sum()
    documents = [
        rng.dirichlet(BURSTS * side + 1e-12)
        for side in (shares, after)
        for _ in range(N_DOCUMENTS)
    ]
    drawn = np.array([rng.multinomial(N_TOKENS, mix) for mix in documents])
    names = tuple(f"word{n:03d}" for n in range(N_WORDS))
    kept = (drawn.sum(axis=0) >= 20) & ((drawn > 0).sum(axis=0) >= 16)
    counts = csr_matrix(drawn * kept)
    return TermCounts(
        names,
        names,
        ("en",) * N_WORDS,
        counts,
        tuple(f"document{n:02d}" for n in range(2 * N_DOCUMENTS)),
        np.full(2 * N_DOCUMENTS, N_TOKENS),
    )


def one_corpus(
    rng: np.random.Generator, *, is_changed: bool, n_permutations: int = 999
) -> Found:
    """Return what each way of testing names in one corpus."""
    counts = corpus(rng, is_changed=is_changed)
    groups = np.repeat([0, 1], N_DOCUMENTS)
    rows = log_odds(counts, groups, n_permutations=n_permutations, rng=rng)
    rows = tuple(row for row in rows if not row.note)
    by_tokens = {row.feature: row.statistic for row in keyness(counts, groups)}
    z, low, high, p, p_max_t, q = (
        np.array([getattr(row, name) for row in rows])
        for name in ("z", "low", "high", "p", "p_max_t", "q")
    )
    chi2 = np.abs([by_tokens[row.term] for row in rows])
    m = len(rows)
    named = {
        "z above 1.96": np.abs(z) > Z,
        "z, Bonferroni": z**2 > chdtri(1, 0.05 / m),
        "chi-square, Bonferroni": chi2 > chdtri(1, 0.05 / m),
        "interval without 0": (low > 0) | (high < 0),
        "permutation, p": p <= 0.05,
        "permutation, max-|t|": p_max_t <= 0.05,
        "permutation, q <= .10": q <= 0.10,
    }
    return Found(named, np.array([is_doubled(row) for row in rows]))


def is_doubled(row: LogOdds) -> bool:
    """Whether the word is one of those that a change doubles."""
    return int(row.term[4:]) in DOUBLED


def table(n_repetitions: int) -> dict[str, tuple[float, float, float, float]]:
    """Return for each way: any found and share found if nothing changed; power, FDR."""
    sums: dict[str, list[list[float]]] = {}
    for seed in range(n_repetitions):
        null = one_corpus(np.random.default_rng([seed, 0]), is_changed=False)
        changed = one_corpus(np.random.default_rng([seed, 1]), is_changed=True)
        for way, named in changed.named.items():
            right = named & changed.is_true
            sums.setdefault(way, []).append(
                [
                    float(null.named[way].any()),
                    float(null.named[way].mean()),
                    right.sum() / changed.is_true.sum(),
                    1 - right.sum() / max(named.sum(), 1) if named.any() else 0.0,
                ]
            )
    means = {way: np.mean(values, axis=0).tolist() for way, values in sums.items()}
    return {way: (a, b, c, d) for way, (a, b, c, d) in means.items()}


def main(n_repetitions: int) -> None:
    """Print the table."""
    print(f"{n_repetitions} repetitions, {N_DOCUMENTS} + {N_DOCUMENTS} documents")
    print("way | nothing changed: any word | share of words | power | FDR")
    for way, values in table(n_repetitions).items():
        print(way, *(f"{value:.3f}" for value in values), sep=" | ")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
