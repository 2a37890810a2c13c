"""How often the interval of macro-F1 holds the truth, and how wide it is.

    python tests/bench/interval_coverage.py [repetitions]

Documents of generator G1: sizes 3 + NegBin (mean 16), class mixes Dirichlet (ICC 1/6),
classifier scores with a document effect. Truth is macro-F1 over 100,000 documents. All
kinds of interval are computed from the same 1,000 draws of documents.
"""

import sys
from collections.abc import Iterator
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stance.measure.resample import bootstrap, interval, student
from stance.measure.scores import values_of

Floats = NDArray[np.float64]
NORMAL = NormalDist()
FRAMES = [0, 1, 2]


class World(NamedTuple):
    """Shares of the labels, of which three are frames, and how well they show."""

    name: str
    shares: tuple[float, ...]
    separation: float


WORLDS = (
    World("accuracy .73", (0.55, 0.35, 0.10), 1.6),
    World("accuracy .96", (0.55, 0.35, 0.10), 3.3),
    World("even shares", (0.30, 0.45, 0.25), 1.6),
    World("with none", (0.25, 0.20, 0.10, 0.45), 2.0),
)
SIZES = (8, 15, 30)


def sample(world: World, n: int, rng: np.random.Generator) -> Floats:
    """Return the sums of n documents, as `stance.measure.scores.sums_of` does."""
    k = len(world.shares)
    size = 3 + rng.negative_binomial(1.5, 1.5 / 14.5, n)
    place = np.repeat(np.arange(n), size)
    bounds = rng.dirichlet(5 * np.array(world.shares), n).cumsum(axis=1)[place]
    y = (rng.random((len(place), 1)) > bounds).sum(axis=1).clip(max=k - 1)
    scores = rng.normal(size=(len(y), k)) + rng.normal(0, 0.6, (n, k))[place]
    scores[np.arange(len(y)), y] += world.separation
    one_of = np.eye(k)
    given, said = one_of[y], one_of[scores.argmax(axis=1)]
    sums = np.zeros((n, 3 * k + 2))
    np.add.at(
        sums, place, np.hstack([given, said, given * said, np.zeros((len(y), 2))])
    )
    return sums


def macro_f1(sums: Floats) -> Floats:
    """Return macro-F1 over the frames."""
    return values_of(sums, FRAMES)[..., 0]


def intervals(sums: Floats, values: Floats) -> Iterator[tuple[str, float, float]]:
    """Yield the kinds of interval of macro-F1, first the one that is used."""
    n, found = len(sums), float(macro_f1(sums.sum(axis=0)))
    z, wide = NORMAL.inv_cdf(0.975), (n / (n - 1)) ** 0.5
    yield "expanded", *interval(values, n)
    low, high = np.quantile(values, [0.025, 0.975])
    yield "percentile", low, high
    yield (
        "percentile x sqrt",
        found + wide * (low - found),
        found + wide * (high - found),
    )
    reach = student(0.95, n - 1) * wide * values.std()
    yield "t", found - reach, found + reach
    without = macro_f1(sums.sum(axis=0) - sums)
    lean = without.mean() - without
    skew = (lean**3).sum() / (6 * (lean**2).sum() ** 1.5 or 1)
    below = np.clip(
        (values < found).mean() + (values == found).mean() / 2, 0.001, 0.999
    )
    shift = NORMAL.inv_cdf(float(below))
    tails = [
        NORMAL.cdf(shift + (shift + side) / (1 - skew * (shift + side)))
        for side in (-z, z)
    ]
    yield "BCa", *np.quantile(values, tails)


def coverage(
    world: World, n: int, n_repetitions: int
) -> dict[str, tuple[float, float]]:
    """Return coverage and mean width of each kind of interval."""
    truth = float(
        macro_f1(sample(world, 100_000, np.random.default_rng(99)).sum(axis=0))
    )
    rng = np.random.default_rng(n)
    hits: dict[str, list[tuple[bool, float]]] = {}
    for _ in range(n_repetitions):
        sums = sample(world, n, rng)
        for kind, low, high in intervals(sums, bootstrap(sums, macro_f1, rng)):
            hits.setdefault(kind, []).append((low <= truth <= high, high - low))
    return {kind: tuple(np.mean(found, axis=0)) for kind, found in hits.items()}


def main(n_repetitions: int) -> None:
    """Print the table: coverage and, in brackets, mean width."""
    print(f"{n_repetitions} repetitions")
    print("world | documents | expanded | percentile | x sqrt(n/(n-1)) | t | BCa")
    for world in WORLDS:
        for n in SIZES:
            cells = coverage(world, n, n_repetitions).values()
            row = " | ".join(f"{hit:.3f} ({width:.2f})" for hit, width in cells)
            print(f"{world.name} | {n} | {row}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
