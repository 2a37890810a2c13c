"""How often a conformal set holds the gold label, and how often it holds one label.

    python tests/bench/conformal.py

Generator G1 of the statistics notes: 240 documents of 16 units on average, class mix
Dirichlet, scores Gaussian with a document effect, two periods with different error.
Coverage 0.9, 300 repetitions; each line: per class the mean coverage over repetitions
and its standard deviation between them, share of singletons, share of classes with too
few units to calibrate. Calibration units are never judged. "Elsewhere" judges units of
documents other than those that calibrate.
"""

import time

import numpy as np
from numpy.typing import NDArray

from stance.coding.codebook import LabelSet
from stance.coding.predictions import Gold, Predictions
from stance.model.abstain import Thresholds, abstains, prediction_sets, thresholds

REPETITIONS, N_DOCUMENTS = 300, 240
LABELS = LabelSet(("cooperation", "competition", "countermeasure"))
SHARES = ((0.55, 0.35, 0.10), (0.30, 0.45, 0.25))
SEPARATION, BIAS = (1.7, 1.2), ((0.0, 0.0, 0.0), (-0.5, 0.5, 0.0))
Rows = NDArray[np.integer]
Units = tuple[Rows, Rows, NDArray[np.float64]]  # document, label, probabilities


def period(rng: np.random.Generator, at: int) -> Units:
    """Return the units of one period."""
    sizes = 3 + rng.negative_binomial(1.5, 1.5 / 14.5, size=N_DOCUMENTS)
    mix = rng.dirichlet(5 * np.array(SHARES[at]), size=N_DOCUMENTS)
    document = np.repeat(np.arange(N_DOCUMENTS), sizes)
    draws = rng.random((len(document), 1))
    y = np.minimum((draws > mix[document].cumsum(axis=1)).sum(axis=1), 2)
    scores = SEPARATION[at] * np.eye(3)[y] + BIAS[at] + rng.normal(size=(len(y), 3))
    scores += 0.6 * rng.normal(size=(N_DOCUMENTS, 3))[document]
    grown = np.exp(np.mean(SEPARATION) * scores)
    return document, y, grown / grown.sum(axis=1, keepdims=True)


def calibrated(units: Units, rows: Rows, stratum: str) -> Thresholds:
    """Return the thresholds from these rows."""
    y, proba = units[1][rows], units[2][rows]
    ids, empty = tuple(map(str, rows)), ("",) * len(rows)
    no = np.zeros(len(rows), dtype=bool)
    gold = Gold(LABELS, ids, empty, empty, empty, empty, y, ~no)
    predictions = Predictions(ids, LABELS, proba, no, no - 1, no)
    return thresholds(gold, predictions, strata=[stratum] * len(rows))


def judged(found: Thresholds, units: Units, rows: Rows, stratum: str) -> list[float]:
    """Return coverage by class, share of singletons, classes without a threshold."""
    y, proba = units[1][rows], units[2][rows]
    sets = prediction_sets(proba, [stratum] * len(rows), found)
    hits = np.bincount(y, sets[np.arange(len(y)), y], 3) / np.bincount(y, minlength=3)
    few = np.isinf(found.scores).sum() / 3
    return [*hits, 1 - abstains(sets).mean(), float(few)]


def whole_documents(rng: np.random.Generator, units: Units, n: int) -> Rows:
    """Return the units of whole documents, drawn until there are n, at least two."""
    order = rng.permutation(N_DOCUMENTS)
    sizes = np.bincount(units[0], minlength=N_DOCUMENTS)[order].cumsum()
    n_documents = max(2, int(np.searchsorted(sizes, n)) + 1)
    return np.flatnonzero(np.isin(units[0], order[:n_documents]))


def repetition(rng: np.random.Generator, n: int) -> list[list[float]]:
    """Return one line of numbers for each case of `CASES`."""
    early, late = period(rng, 0), period(rng, 1)
    everything, every_late = np.arange(len(early[1])), np.arange(len(late[1]))
    some = rng.permutation(everything)[:n]
    whole = whole_documents(rng, early, n)
    elsewhere = np.flatnonzero(~np.isin(early[0], early[0][whole]))
    some_late = rng.permutation(every_late)[:n]
    by_unit, by_document = (calibrated(early, rows, "1") for rows in (some, whole))
    own = calibrated(late, some_late, "2")
    return [
        judged(by_unit, early, np.setdiff1d(everything, some), "1"),
        judged(by_document, early, elsewhere, "1"),
        judged(by_unit, late, every_late, "1"),  # as if it were of the same stratum
        judged(own, late, np.setdiff1d(every_late, some_late), "2"),
    ]


CASES = (
    "units at random (exchangeable)",
    "whole documents, judged elsewhere",
    "carried to the other period",
    "other period, its own stratum",
)

start = time.perf_counter()
results = {
    n: np.array(
        [repetition(np.random.default_rng([n, r]), n) for r in range(REPETITIONS)]
    )
    for n in (100, 200, 500)
}
heads = "".join(f"{name:>20}" for name in LABELS.names)
print(f"{'coverage 0.9':36}{'n':>4}{heads}{'singletons':>12}{'too few':>9}")
for case, title in enumerate(CASES):
    for n, result in results.items():
        mean, sd = result[:, case].mean(axis=0), result[:, case].std(axis=0, ddof=1)
        cells = [f"{m:.3f} (sd {s:.3f})" for m, s in zip(mean[:3], sd[:3], strict=True)]
        line = "".join(f"{cell:>20}" for cell in cells)
        print(f"{title:36}{n:4}{line}{mean[3]:12.2f}{mean[4]:9.2f}")
print(f"{REPETITIONS} repetitions, {time.perf_counter() - start:.0f} s")
