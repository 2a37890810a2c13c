"""The other ways to say how shares change, beside ours, in the same worlds.

    python tests/bench/peers.py [repetitions] [part ...]

Parts: ``peers`` (methods of `stance.measure.quantify`, paragraphs taken as independent)
where the classifier's errors differ; ``pipeline``: words are generated, and the very
labels that correct the classifier also train it, out of fold by document or in-sample;
``naive``: tests of no change that do not ask how the classifier errs.
"""

import os
import sys
import time
from collections.abc import Iterator
from typing import NamedTuple

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from coverage import MISSED, SEED, Change, N, bar, change, in_batches, summary
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.special import chdtrc
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression

from stance.measure.difference import difference
from stance.measure.quantify import QUANTIFIERS, quantify
from stance.measure.simulate import WORLDS, Units, World, code, units_of
from stance.measure.strata import Columns

Floats = NDArray[np.float64]
Cell = tuple[str, int]
N_FOLDS = 5
N_WORDS = 600
#: Parts of a paragraph's words that are anybody's, the label's, the document's topic's
#: and the period's.
PARTS = (0.60, 0.13, 0.21, 0.06)
DIFFERING = WORLDS["differing"]


def flat(batches: list[list]) -> list:
    """Return the rows of all batches."""
    return [row for batch in batches for row in batch]


def apart(columns: Columns) -> Columns:
    """Return the columns with each paragraph a document of its own."""
    return columns._replace(component=np.arange(len(columns.y)))


def by_peers(columns: Columns, truth: Floats) -> Iterator[tuple[str, Change]]:
    """Yield the change by each method."""
    yield "difference", change(difference(columns), truth)
    yield "labels", change(difference(columns, 0.0), truth)
    yield "labels iid", change(difference(apart(columns), 0.0), truth)
    yield "ppi iid", change(difference(apart(columns)), truth)
    for method in QUANTIFIERS:
        yield method, change(quantify(columns, method), truth)


def repeat_peers(cell: Cell, seeds: range) -> list[dict[str, Change]]:
    """Return what the methods give, repetition by repetition."""
    scheme, n = cell
    truth = np.array(DIFFERING.shares[1]) - np.array(DIFFERING.shares[0])
    found = []
    for seed in seeds:
        rng = np.random.default_rng([SEED, n, seed])
        columns = code(units_of(DIFFERING, rng=rng), n_coded=n, scheme=scheme, rng=rng)
        found.append(dict(by_peers(columns, truth)))
    return found


def table(title: str, rows: list[dict[str, Change]]) -> dict[str, float]:
    """Print coverage, bias and width by method; return the coverage."""
    found: dict[str, float] = {}
    for method in rows[0]:
        s = summary([row[method] for row in rows])
        print(
            f"{title:17} {method:22} coverage {s.coverage:.3f}  bias {s.bias:.3f}  "
            f"rmse {s.rmse:.3f}  width {s.width:.3f}",
            flush=True,
        )
        found[method] = s.coverage
    return found


def peers(n_repetitions: int) -> None:
    """Print how often the intervals of the peers hold the change."""
    for scheme in ("paragraphs", "documents"):
        for n in N:
            batches = in_batches(repeat_peers, (scheme, n), n_repetitions=n_repetitions)
            table(f"{scheme:10} {n:4}", flat(batches))


class Words(NamedTuple):
    """Counts of words by paragraph, and the labels of all paragraphs."""

    units: Units
    counts: csr_matrix


def words_of(world: World, rng: np.random.Generator) -> Words:
    """Return paragraphs of 25 to 69 words, each drawn from one of four sources.

    The label's words of the second period are new to four parts in ten.
    """
    units = units_of(world, rng=rng)
    k, n_documents = len(world.shares[0]), int(units.component.max()) + 1
    background = rng.dirichlet(np.full(N_WORDS, 0.3), 1)
    label = rng.dirichlet(np.full(N_WORDS, 0.05), k)
    later = 0.6 * label + 0.4 * rng.dirichlet(np.full(N_WORDS, 0.05), k)
    topic = rng.dirichlet(np.full(N_WORDS, 0.03), n_documents)
    period = rng.dirichlet(np.full(N_WORDS, 0.05), 2)
    rows = np.vstack([background, label, later, topic, period])
    bounds = rows.cumsum(axis=1)
    bounds /= bounds[:, -1:]
    starts = np.cumsum([0, 1, 2 * k, n_documents])
    length = rng.integers(25, 70, len(units.y))
    unit = np.repeat(np.arange(len(units.y)), length)
    origin = rng.choice(4, len(unit), p=PARTS)
    t = units.stratum[unit]
    within = np.choose(origin, [0 * t, units.y[unit] + k * t, units.component[unit], t])
    row = starts[origin] + within
    flat = (bounds + np.arange(len(bounds))[:, None]).ravel()
    word = np.searchsorted(flat, row + rng.random(len(unit)), side="right")
    word = np.minimum(word - row * N_WORDS, N_WORDS - 1)
    shape = (len(units.y), N_WORDS)
    return Words(units, csr_matrix((np.ones(len(unit)), (unit, word)), shape=shape))


def trained(
    x: csr_matrix, y: NDArray[np.integer], rows: Floats, held: Floats
) -> Floats:
    """Return the probabilities of the held rows by a model of the others."""
    model = LogisticRegression(C=10, max_iter=500).fit(x[rows], y[rows])
    proba = np.zeros((len(held), 3))
    proba[:, model.classes_] = model.predict_proba(x[held])
    return proba


def repeat_pipeline(cell: Cell, seeds: range) -> list[dict[str, Change]]:
    """Return the change with predictions out of fold, and in-sample."""
    scheme, n = cell
    truth = np.array(DIFFERING.shares[1]) - np.array(DIFFERING.shares[0])
    found = []
    for seed in seeds:
        rng = np.random.default_rng([SEED, n, seed, 2])
        units, counts = words_of(DIFFERING, rng)
        columns = code(units, n_coded=n, scheme=scheme, rng=rng)
        x = TfidfTransformer(sublinear_tf=True).fit_transform(counts)
        coded = np.flatnonzero(columns.y >= 0)
        everything = np.arange(len(columns.y))
        folds = rng.permutation(int(units.component.max()) + 1) % N_FOLDS
        fold = folds[units.component]
        proba = np.zeros_like(columns.proba)
        for k in range(N_FOLDS):
            held = np.flatnonzero(fold == k)
            proba[held] = trained(x, columns.y, coded[fold[coded] != k], held)
        seen = trained(x, columns.y, coded, everything)
        ours, twice = columns._replace(proba=proba), columns._replace(proba=seen)
        found.append({
            "document folds": change(difference(ours), truth),
            "labels": change(difference(ours, 0.0), truth),
            "in-sample": change(difference(twice), truth),
            "cc, in-sample": change(quantify(twice, "cc"), truth),
            "pacc, document folds": change(quantify(ours, "pacc"), truth),
        })  # fmt: skip
    return found


def pipeline(n_repetitions: int) -> None:
    """Print the coverage with a classifier trained on the labels that correct it."""
    for scheme in ("paragraphs", "documents"):
        ours = []
        for n in N:
            batches = in_batches(
                repeat_pipeline, (scheme, n), n_repetitions=n_repetitions
            )
            coverage = table(f"{scheme:10} {n:4}", flat(batches))
            ours.append(coverage["document folds"])
        bar(f"real pipeline, document folds, {scheme}", ".92-.97", ours,
            low=0.92, high=0.97)  # fmt: skip


def chi_square(codes: NDArray[np.integer], t: NDArray[np.integer]) -> float:
    """Return the p of the test that the shares of codes are those of both periods."""
    seen = np.zeros((2, 3))
    np.add.at(seen, (t, codes), 1)
    expected = seen.sum(axis=1, keepdims=True) * seen.sum(axis=0) / seen.sum()
    return float(chdtrc(2, ((seen - expected) ** 2 / np.maximum(expected, 1e-9)).sum()))


def repeat_naive(scheme: str, seeds: range) -> list[tuple[float, float]]:
    """Return p of chi-square on predicted labels, and on the coded ones."""
    found = []
    for seed in seeds:
        rng = np.random.default_rng([SEED, seed, 3])
        units = units_of(WORLDS["null"], rng=rng)
        columns = code(units, n_coded=100, scheme=scheme, rng=rng)
        rows = columns.y >= 0
        found.append((
            chi_square(units.proba.argmax(axis=1), units.stratum),
            chi_square(columns.y[rows], units.stratum[rows]),
        ))  # fmt: skip
    return found


def naive(n_repetitions: int) -> None:
    """Print how often a test that ignores documents and errors finds a change."""
    for scheme in ("paragraphs", "documents"):
        batches = in_batches(repeat_naive, scheme, n_repetitions=n_repetitions)
        p = np.array(flat(batches))
        predicted, coded = (p < 0.05).mean(axis=0)
        print(
            f"no change, {scheme}: chi-square finds one on predicted labels in "
            f"{predicted:.2f}, on coded ones in {coded:.2f} of the repetitions"
        )


def main(n_repetitions: int, parts: list[str]) -> None:
    """Run the parts that are asked for."""
    known = {"peers": peers, "pipeline": pipeline, "naive": naive}
    for part in parts or list(known):
        started = time.time()
        known[part](n_repetitions)
        print(f"{part}: {n_repetitions} repetitions, {time.time() - started:.0f} s\n")
    print(f"missed: {', '.join(MISSED) or 'none'}")


if __name__ == "__main__":
    words = sys.argv[1:]
    n_asked = int(words.pop(0)) if words and words[0].isdigit() else 100
    main(n_asked, words)
