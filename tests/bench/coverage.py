"""How often the interval of a change holds the truth, and how wide it is.

    python tests/bench/coverage.py [repetitions] [part ...]

Parts: ``cells`` (equal, differing and null worlds of three and four labels, paragraphs
at random and whole documents), ``extra`` (unequal probabilities, documents that differ
more, a good and a useless classifier), ``gaps`` (a year without labels), ``speed``.
Worlds are those of `stance.measure.simulate`: two periods, 120 documents and some 1,900
paragraphs each. All ways to draw and to estimate share the corpora. Other methods, and
a classifier that learns from the same labels, are in ``peers.py``.
"""

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from stance.coding.codebook import LabelSet
from stance.measure.contrast import combined
from stance.measure.difference import (
    Fit,
    cells_of,
    census_difference,
    difference,
    effective,
)
from stance.measure.prevalence import of_base
from stance.measure.quantify import extrapolate
from stance.measure.simulate import (
    WORLDS,
    World,
    code,
    shares_of,
    simulate_columns,
    units_of,
)
from stance.measure.strata import Columns

Floats = NDArray[np.float64]
Cell = tuple[str, int]
Drawn = dict[tuple[str, int, str], list["Change"]]
N = (50, 100, 200, 500)
N_JOBS, BATCH, SEED = 2, 10, 20_240_601
#: ``labels`` are the labels alone by the package's jackknife, ``labels CR1`` the same
#: by the usual cluster-robust error; widths are given by both.
HEADER = (
    "scheme        n method        coverage  worst   bias   rmse  width /labels    /CR1"
    "   holm"
)
FRAMED = LabelSet(("a", "b", "c", "none"), ("none",))
SCHEMES = ("paragraphs", "documents")
MISSED: list[str] = []


class Change(NamedTuple):
    """The change from the first to the second period, label by label."""

    error: Floats  # estimate minus truth
    half: Floats  # half-width of the 95 % interval
    p: Floats


#: Weights of the two periods.
CHANGE = np.array([-1.0, 1.0])


def change(fit: Fit, truth: Floats) -> Change:
    """Return the change with Satterthwaite's degrees of freedom."""
    found, psi, df = combined(CHANGE, fit.theta, fit.influence, fit.df)
    v = (psi**2).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        t = found / np.sqrt(v)
    half = stdtrit(df, 0.975) * np.sqrt(v)
    return Change(found - truth, half, 2 * stdtr(df, -abs(t)))


def usual(fit: Fit, columns: Columns) -> Fit:
    """Return labels alone with the influence of CR1: no document is left out."""
    cells = cells_of(columns)
    g, _ = effective(cells, columns.n_strata)
    scale = np.ones(fit.influence.shape[:2])
    factor = (1 - cells.weight) * (g / (g - 1))[cells.stratum]
    scale[cells.component, cells.stratum] = factor
    return fit._replace(influence=fit.influence * scale[:, :, None])


def framed(fit: Fit) -> Fit:
    """Return the shares among the first three of four labels."""
    _, theta, influence = of_base("framed", FRAMED, fit.theta, fit.influence)
    return fit._replace(theta=theta, influence=influence)


def among_framed(shares: Floats) -> Floats:
    """Return shares among the first three of four labels."""
    return shares[:, :3] / shares[:, :3].sum(axis=1, keepdims=True)


def of_process(columns: Columns, shares: Floats) -> Iterator[tuple[str, Change]]:
    """Yield the change in what the sources write, by each of the methods."""
    fit, labels = difference(columns), difference(columns, 0.0)
    truth = shares[1] - shares[0]
    yield "difference", change(fit, truth)
    yield "labels", change(labels, truth)
    yield "labels CR1", change(usual(labels, columns), truth)
    if shares.shape[1] == 4:
        now = among_framed(shares)
        yield "framed", change(framed(fit), now[1] - now[0])


def of_corpus(columns: Columns, found: Floats) -> Iterator[tuple[str, Change]]:
    """Yield the change in the corpus, whose shares are known, by each method."""
    truth = found[1] - found[0]
    yield "corpus", change(census_difference(columns), truth)
    yield "corpus labels", change(census_difference(columns, 0.0), truth)


def repeat(world: World, cells: tuple[Cell, ...], seeds: range) -> Drawn:
    """Return the changes in each cell, by method, over the repetitions.

    Of paragraphs three draws of a corpus count, which tell of the corpus three times.
    """
    out: Drawn = {}
    shares = np.array(world.shares)
    for seed in seeds:
        rng = np.random.default_rng([SEED, sum(world.name.encode()), seed])
        units = units_of(world, rng=rng)
        found = shares_of(units.y, units.stratum, shares.shape[1])
        for scheme, n in cells:
            columns = code(units, n_coded=n, scheme=scheme, rng=rng)
            rows = [*of_process(columns, shares), *of_corpus(columns, found)]
            for _ in range(2 if scheme != "documents" else 0):
                again = code(units, n_coded=n, scheme=scheme, rng=rng)
                rows += of_corpus(again, found)
            for method, row in rows:
                out.setdefault((scheme, n, method), []).append(row)
    return out


def in_batches(work, *given, n_repetitions: int) -> list:
    """Return what the work gives for each batch of seeds, in two processes."""
    batches = [
        range(at, min(at + BATCH, n_repetitions))
        for at in range(0, n_repetitions, BATCH)
    ]
    return Parallel(N_JOBS, backend="multiprocessing")(
        delayed(work)(*given, batch) for batch in batches
    )


class Summary(NamedTuple):
    """What the repetitions of a cell and a method come to."""

    coverage: float  # mean over labels
    worst: float  # of the labels
    bias: float  # largest of the labels
    rmse: float  # mean over labels
    width: float  # mean over labels
    any_holm: float  # part of the repetitions in which a label changes, after Holm


def summary(changes: list[Change]) -> Summary:
    """Return coverage, bias and width; an interval that is missing holds the truth."""
    error, half, p = (np.array(part) for part in zip(*changes, strict=True))
    held = ~(abs(error) > half)
    by_label = held.mean(axis=0)
    smallest = np.nan_to_num(p, nan=1.0).min(axis=1) * p.shape[1]
    return Summary(
        by_label.mean(), by_label.min(), abs(error.mean(axis=0)).max(),
        np.sqrt((error**2).mean(axis=0)).mean(), 2 * np.nanmean(half),
        (smallest <= 0.05).mean(),
    )  # fmt: skip


def bar(what: str, target: str, values: list[float], *, low=-np.inf, high=np.inf):
    """Print a bar: its target, the range measured, and whether it is met."""
    least, most = min(values), max(values)
    is_met = least >= low and most <= high
    if not is_met:
        MISSED.append(what)
    print(
        f"BAR {what:58} target {target:14} measured {least:.3f} to {most:.3f}  "
        f"{'ok' if is_met else 'MISSED'}",
        flush=True,
    )


def cells_in(
    world: World, cells: tuple[Cell, ...], n_repetitions: int
) -> dict[tuple[str, int, str], Summary]:
    """Run the cells of a world, print them and return their summaries."""
    started = time.time()
    rows: Drawn = {}
    for batch in in_batches(repeat, world, cells, n_repetitions=n_repetitions):
        for key, changes in batch.items():
            rows.setdefault(key, []).extend(changes)
    found = {key: summary(changes) for key, changes in rows.items()}
    print(f"\n{world.name}, {n_repetitions} repetitions\n{HEADER}")
    for (scheme, n, method), s in found.items():
        alone = "corpus labels" if method.startswith("corpus") else "labels"
        widths = [
            f"{s.width / found[scheme, n, other].width:7.3f}"
            if method not in ("framed", "corpus labels")
            else "      -"
            for other in (alone, "labels CR1")
        ]
        print(
            f"{scheme:10} {n:4} {method:13} {s.coverage:8.3f} {s.worst:6.3f} "
            f"{s.bias:6.3f} {s.rmse:6.3f} {s.width:6.3f} {' '.join(widths)} "
            f"{s.any_holm:6.3f}"
        )
    print(f"({time.time() - started:.0f} s)", flush=True)
    return found


def ratio(found: dict, scheme: str, n: int, *methods: str) -> float:
    """Return how wide the first method's interval is beside the second's."""
    first, second = (found[scheme, n, method].width for method in methods)
    return first / second


def cells(n_repetitions: int) -> None:
    """Run the worlds of three and four labels, and hold them against the bars."""
    everything = tuple((scheme, n) for scheme in SCHEMES for n in N)
    names = ("equal", "differing", "null", "equal-4", "differing-4", "null-4")
    found = {name: cells_in(WORLDS[name], everything, n_repetitions) for name in names}
    print()

    def of(field: str, scheme: str, *methods: str, least: int = 50) -> list[float]:
        return [
            getattr(summary, field)
            for world in found.values()
            for (drawn, n, method), summary in world.items()
            if drawn == scheme and method in methods and n >= least
        ]

    for scheme, high in (("paragraphs", 0.965), ("documents", 0.97)):
        ours = ("difference", "framed")
        bar(f"coverage of the change, {scheme}", f".935-{high}".replace("0.", "."),
            of("coverage", scheme, *ours), low=0.935, high=high)  # fmt: skip
        bar(f"the same, worst label, {scheme}", ">= .925",
            of("worst", scheme, *ours), low=0.925)  # fmt: skip
        bar(f"largest bias from 100 labels, {scheme}", "<= .01",
            of("bias", scheme, "difference", least=100), high=0.01)  # fmt: skip
    bar("coverage of the corpus, paragraphs", ".94-.96",
        of("coverage", "paragraphs", "corpus"), low=0.94, high=0.96)  # fmt: skip
    for n, most in zip(N, (0.86, 0.88, 0.91, 0.96), strict=True):
        for alone in ("labels", "labels CR1"):
            bar(f"width at {n} / {alone}, differing", f"<= {most}",
                [ratio(found["differing"], "paragraphs", n, "difference", alone)],
                high=most)  # fmt: skip
    bar("width / labels alone, corpus, differing", "<= .83",
        [ratio(found["differing"], "paragraphs", n, "corpus", "corpus labels")
         for n in N], high=0.83)  # fmt: skip
    nulls = [found["null"], found["null-4"]]
    bar("null: any label after Holm", "<= .065",
        [world[scheme, n, "difference"].any_holm
         for world in nulls for scheme in SCHEMES for n in N], high=0.065)  # fmt: skip


def extra(n_repetitions: int) -> None:
    """Run unequal probabilities, documents that differ more, good and useless ones."""
    differing = WORLDS["differing"]
    unequal = tuple(("unequal", n) for n in N)
    found = cells_in(replace(differing, name="uneven"), unequal, n_repetitions)
    found |= cells_in(
        replace(differing, name="ICC .33", concentration=2.0),
        tuple((scheme, n) for scheme in SCHEMES for n in N), n_repetitions,
    )  # fmt: skip
    spread = tuple(("paragraphs", n) for n in N)
    good = cells_in(WORLDS["good"], spread, n_repetitions)
    useless = cells_in(WORLDS["useless"], spread, n_repetitions)
    print()
    for scheme, what, high in (
        ("unequal", "unequal probabilities", 0.965),
        ("paragraphs", "ICC .33, paragraphs", 0.965),
        ("documents", "ICC .33, documents", 0.97),
    ):
        values = [found[scheme, n, "difference"] for n in N]
        bar(f"coverage, {what}", f".935-{high}".replace("0.", "."),
            [s.coverage for s in values], low=0.935, high=high)  # fmt: skip
        bar(f"worst label, {what}", ">= .925", [s.worst for s in values],
            low=0.925)  # fmt: skip
    bar("coverage of the corpus, unequal probabilities", ".94-.96",
        [found["unequal", n, "corpus"].coverage for n in N],
        low=0.94, high=0.96)  # fmt: skip
    for n, most in ((50, 0.55), (200, 0.72)):
        bar(f"width at {n} / labels, good classifier", f"<= {most}",
            [ratio(good, "paragraphs", n, "difference", "labels")],
            high=most)  # fmt: skip
    bar("width / labels, useless classifier", "<= 1.02",
        [ratio(useless, "paragraphs", n, "difference", "labels") for n in N],
        high=1.02)  # fmt: skip


def gap(rng: np.random.Generator, n_others: int, tau: float) -> tuple[bool, bool]:
    """Return whether the prediction of a year without labels holds, and the pooled one.

    Of each of the other years 40 documents of one paragraph are coded. The classifier
    errs by .05 on average, and by tau about that from year to year.
    """
    errors = rng.normal(0.05, tau, n_others + 1)
    t = np.repeat(np.arange(n_others + 1), [40] * n_others + [400])
    coded = t < n_others
    said = np.where(coded, 0.25, rng.normal(0.25, 0.24, len(t)))
    y = (rng.random(len(t)) < 0.25 + errors[t]).astype(int)
    columns = Columns(
        np.where(coded, y, -1), np.stack([1 - said, said], axis=1),
        coded.astype(float), np.where(coded, 1.0, 0.0), t, np.arange(len(t)),
        n_others + 1,
    )  # fmt: skip
    truth = 0.25 + errors[-1]
    found = extrapolate(columns, n_others, others=range(n_others), level=0.95)
    corrected = y[coded].mean() - 0.25
    error = np.sqrt(0.45**2 / (40 * n_others) + 0.012**2)
    pooled = abs(said[~coded].mean() + corrected - truth) <= 1.96 * error
    return bool(found.low[1] <= truth <= found.high[1]), bool(pooled)


def repeat_gaps(n_others: int, tau: float, seeds: range) -> list[tuple[bool, bool]]:
    """Return what `gap` does, seed by seed."""
    place = [SEED, n_others, round(100 * tau)]
    return [gap(np.random.default_rng([*place, s]), n_others, tau) for s in seeds]


def gaps(n_repetitions: int) -> None:
    """Print the coverage for a year without labels, by how many others there are."""
    print("\nyears  sd of the error  prediction interval  pooled correction")
    enough = []
    for n_others in (3, 5, 8, 11):
        for tau in (0.0, 0.03, 0.08):
            batches = in_batches(
                repeat_gaps, n_others, tau, n_repetitions=2 * n_repetitions
            )
            held = np.array([row for batch in batches for row in batch]).mean(axis=0)
            print(f"{n_others:5}  {tau:15.2f}  {held[0]:19.3f}  {held[1]:17.3f}")
            if n_others >= 5:
                enough.append(held[0])
    bar("a year without labels, 5 others or more", ">= .89", enough, low=0.89)


def speed(_: int) -> None:
    """Time a contrast of two periods against the bar."""
    columns, _ = simulate_columns(WORLDS["differing"], n_coded=200)
    truth = np.zeros(3)
    times = []
    for _ in range(300):
        started = time.perf_counter()
        change(difference(columns), truth)
        times.append(time.perf_counter() - started)
    bar(f"milliseconds, {len(columns.y)} paragraphs of two periods", "<= 2",
        [1000 * float(np.median(times))], high=2.0)  # fmt: skip


def main(n_repetitions: int, parts: list[str]) -> None:
    """Run the parts that are asked for."""
    known = {"cells": cells, "extra": extra, "gaps": gaps, "speed": speed}
    started = time.time()
    for part in parts or list(known):
        known[part](n_repetitions)
    print(f"\n{time.time() - started:.0f} s; missed: {', '.join(MISSED) or 'none'}")


if __name__ == "__main__":
    words = sys.argv[1:]
    n_asked = int(words.pop(0)) if words and words[0].isdigit() else 1000
    main(n_asked, words)
