"""Training at scale: what it costs, and that it is the same as the slow way.

    python tests/bench/training.py [PART ...] [--quick]

count: features counted as ``stance.model.counts`` does, and by scikit-learn's
``CountVectorizer`` from lists of strings; 5,000 paragraphs; equal to the bit.
cv: five grouped folds, refitting the scikit-learn pipeline of `stance.model.features`
on the texts of each against counting once; the same solver for both; 5,000 paragraphs.
Beside it a pipeline that is given the features of each text, so that none is analysed
twice. solver: newton-cg at 1e-8 against scikit-learn's default lbfgs (which is given
1,000 iterations), 50,000 paragraphs, with the distance of each from the optimum.
warm: a path over C, each fit from the last one or from zero; 5,000 paragraphs.
search: settings chosen on 20,000 paragraphs and on a sample of half of them.
jobs: ``stance train`` on 5,000 paragraphs with one process and with two.
train: ``stance train`` on 100,000 paragraphs. Memory is what all its processes hold,
shared pages divided by those who share them.

Paragraphs are those of ``synthetic.py``. Times are CPU seconds of this process, medians
of three rounds in turns, the order reversed every other round; of ``jobs`` and
``train`` wall time. ``--quick`` takes a tenth of the paragraphs and one round.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np
import scipy.sparse as sp
from common import ROOT
from scipy.special import softmax
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from synthetic import write

from stance.coding.labelled import LabelledSet, read_labelled
from stance.corpus.terms import NO_TERMS
from stance.corpus.tokens import analyse
from stance.model import choose as choosing
from stance.model.blocks import SPECS, features, occurrences
from stance.model.calibrate import polish
from stance.model.choose import Tried
from stance.model.counts import count
from stance.model.features import classifier, pipeline
from stance.model.fit import Settings, values
from stance.model.split import splits

PARTS = ("count", "cv", "solver", "warm", "search", "jobs", "train")
C = 10.0
folder = Path(tempfile.gettempdir()) / "stance-synthetic"
asked = [word for word in sys.argv[1:] if word != "--quick"] or list(PARTS)
is_quick = "--quick" in sys.argv
scale, n_rounds = (10, 1) if is_quick else (1, 3)


def file_of(n: int) -> Path:
    """Return a file of so many paragraphs, a tenth of it in quick mode."""
    folder.mkdir(exist_ok=True)
    return write(folder / f"{n // scale}.jsonl", n // scale)


def read(n: int) -> LabelledSet:
    """Return the labelled set of so many paragraphs."""
    return read_labelled(file_of(n))[0]


def in_turns(work: dict[str, Callable[[], object]]) -> tuple[dict, dict]:
    """Return the median CPU time of each piece of work, and its last result."""
    taken: dict[str, list[float]] = {name: [] for name in work}
    results = {}
    for turn in range(n_rounds):
        for name in list(work)[:: -1 if turn % 2 else 1]:
            started = time.process_time()
            results[name] = work[name]()
            taken[name].append(time.process_time() - started)
    return {name: median(times) for name, times in taken.items()}, results


def apart(first: sp.csr_matrix, second: sp.csr_matrix) -> float:
    """Return the largest difference of two sparse matrices."""
    return float(abs(first - second).max())


def by_lists(data: LabelledSet, blocks: tuple[str, ...]) -> dict[str, sp.csr_matrix]:
    """Return counts from lists of strings, columns in too few texts dropped."""
    found: dict[str, list[list[str]]] = {block: [] for block in blocks}
    for passage in data.passages:
        analysis = analyse(passage, NO_TERMS)
        for block in blocks:
            found[block].append([name for name, _, _ in occurrences(analysis, block)])
    matrices = {}
    for block in blocks:
        every = CountVectorizer(analyzer=list).fit_transform(found.pop(block))
        often = np.bincount(every.indices, minlength=every.shape[1])
        matrices[block] = every[:, np.flatnonzero(often >= SPECS[block].min_df)]
    return matrices


def bench_count() -> None:
    """Counting once: time, and equality to the bit."""
    data = read(5000)
    for blocks in (("words", "forms"), ("words", "forms", "chars")):
        taken, found = in_turns(
            {
                "lists": lambda b=blocks: by_lists(data, b),
                "counts": lambda b=blocks: count(data, NO_TERMS, [b]).matrices,
            }
        )
        same = all(
            np.array_equal(getattr(ours, part), getattr(theirs, part))
            for ours, theirs in (
                (found["counts"][b], found["lists"][b]) for b in blocks
            )
            for part in ("data", "indices", "indptr")
        )
        print(
            f"count {'+'.join(blocks):18} n {len(data.y):6}  "
            f"lists {taken['lists']:6.1f}  ours {taken['counts']:6.1f}  ratio "
            f"{taken['lists'] / taken['counts']:.2f}  equal to the bit: {same}",
            flush=True,
        )


def fitted(X: sp.csr_matrix, y: np.ndarray, held: sp.csr_matrix) -> np.ndarray:
    """Return probabilities of a fit at its optimum: the solver of both sides."""
    linear = classifier(C=C, tol=1e-8).fit(X, y)
    coef, intercept = polish(
        X, y, (linear.coef_, linear.intercept_), C=C, weights=np.ones(len(y))
    )
    return softmax(held @ coef.T + intercept, axis=1)


def bench_cv() -> None:
    """Grouped cross-validation: the pipeline refitted, and features counted once."""
    data = read(5000)
    folds, blocks = splits(data, "document"), ("words",)
    texts = np.array(data.texts, dtype=object)

    def refitted(vectorise: Callable) -> list[tuple]:
        out = []
        for fold in folds:
            union, of = vectorise()
            X = union.fit_transform(of[fold.inside]).tocsr()
            held = union.transform(of[fold.held]).tocsr()
            out.append((X, held, fitted(X, data.y[fold.inside], held)))
        return out

    def anew() -> list[tuple]:
        steps = pipeline(blocks, C=C, terms=NO_TERMS).named_steps
        return refitted(lambda: (steps["features"], texts))

    def with_features() -> list[tuple]:
        lists = np.empty(len(texts), dtype=object)
        for at, text in enumerate(texts):
            lists[at] = features(text, block="words", terms=NO_TERMS)
        vectorizer = TfidfVectorizer(analyzer=list, min_df=3, sublinear_tf=True)
        return refitted(lambda: (vectorizer, lists))

    def once() -> list[tuple]:
        counts, out = count(data, NO_TERMS, [blocks]), []
        for fold in folds:
            X, held = values(counts, fold.inside, blocks, fold.held)
            out.append((X, held, fitted(X, data.y[fold.inside], held)))
        return out

    taken, found = in_turns({"anew": anew, "lists": with_features, "once": once})
    for name, what in (("anew", "pipeline a fold"), ("lists", "features given")):
        pairs = list(zip(found[name], found["once"], strict=True))
        design = max(apart(a[k], b[k]) for a, b in pairs for k in (0, 1))
        proba = max(float(np.abs(a[2] - b[2]).max()) for a, b in pairs)
        print(
            f"cv {what:17} n {len(data.y):6}  {taken[name]:6.1f}  ours "
            f"{taken['once']:6.1f}  ratio {taken[name] / taken['once']:.2f}  largest "
            f"difference of values {design:.0e}, of probabilities {proba:.0e}",
            flush=True,
        )


def slope_of(X: sp.csr_matrix, y: np.ndarray, coef: np.ndarray, b: np.ndarray) -> float:
    """Return the largest element of the gradient of the summed, penalised loss."""
    off = softmax(X @ coef.T + b, axis=1) - np.eye(len(b))[y]
    return float(max(np.abs(X.T @ off + coef.T / C).max(), np.abs(off.sum(0)).max()))


def bench_solver() -> None:
    """Our solver against the default one: time, and distance from the optimum."""
    data = read(50_000)
    y, weights = data.y, np.ones(len(data.y))
    (X,) = values(count(data, NO_TERMS, [("words",)]), np.arange(len(y)), ("words",))
    print(f"solver n {X.shape[0]}, {X.shape[1]} columns, {X.nnz} values", flush=True)
    kinds = {
        "newton-cg 1e-8": classifier(C=C, tol=1e-8),
        "lbfgs, default": LogisticRegression(C=C, max_iter=1000),
    }
    taken, found = in_turns(
        {name: lambda k=kind: k.fit(X, y) for name, kind in kinds.items()}
    )
    ours = found["newton-cg 1e-8"]
    started = time.process_time()
    best = polish(X, y, (ours.coef_, ours.intercept_), C=C, weights=weights)
    polishing = time.process_time() - started
    exact = softmax(X @ best[0].T + best[1], axis=1)
    for name, linear in found.items():
        proba = linear.predict_proba(X)
        print(
            f"  {name:15} {taken[name]:6.1f}  gradient "
            f"{slope_of(X, y, linear.coef_, linear.intercept_):.0e}  probabilities off "
            f"by {np.abs(proba - exact).max():.0e}, labels by "
            f"{(proba.argmax(1) != exact.argmax(1)).sum()}"
        )
    print(
        f"  polish          {polishing:6.1f}  gradient {slope_of(X, y, *best):.0e}\n"
        f"  ratio default / newton-cg "
        f"{taken['lbfgs, default'] / taken['newton-cg 1e-8']:.2f}",
        flush=True,
    )


def bench_warm() -> None:
    """A path over C from the last fit, and from zero."""
    data = read(5000)
    path = (10.0, 30.0, 100.0, 3.0, 1.0, 0.3, 0.1)
    counts = count(data, NO_TERMS, [("words",)])
    (X,) = values(counts, np.arange(len(data.y)), ("words",))

    def along(*, is_warm: bool) -> list[np.ndarray]:
        linear = classifier(C=C, tol=1e-6).set_params(warm_start=is_warm)
        return [linear.set_params(C=c).fit(X, data.y).predict_proba(X) for c in path]

    taken, found = in_turns(
        {"cold": lambda: along(is_warm=False), "warm": lambda: along(is_warm=True)}
    )
    off = max(
        float(np.abs(a - b).max())
        for a, b in zip(found["cold"], found["warm"], strict=True)
    )
    print(
        f"warm starts over {len(path)} C   n {len(data.y):6}  cold {taken['cold']:6.1f}"
        f"  warm {taken['warm']:6.1f}  ratio {taken['cold'] / taken['warm']:.2f}  "
        f"probabilities differ by {off:.0e}",
        flush=True,
    )


def bench_search() -> None:
    """Settings chosen on all units, and on a sample, and what is lost on all by it."""
    data = read(20_000)
    rows, n = np.arange(len(data.y)), len(data.y)
    counts = count(data, NO_TERMS, [("words",), ("forms",)])
    found: dict[int, Settings] = {}
    tried: Tried = {}
    for most in (n, n // 2):
        choosing.MANY = most
        started = time.process_time()
        found[most] = choosing.choose(counts, rows, tried=tried if most == n else None)
        print(
            f"search  of {n}, on {most:6}  {time.process_time() - started:6.1f}  "
            f"{found[most]}"
        )
    losses = {s: loss for s, (loss, _) in tried.items()}
    mine = replace(found[n // 2], calibration="sigmoid")  # it is chosen after the loss
    print(
        f"  log loss on all: least {min(losses.values()):.4f}, of the settings of the "
        f"sample {losses.get(mine, float('nan')):.4f}",
        flush=True,
    )


def held_by(pid: int) -> float:
    """Return the MB that a process and those it started hold, shared pages divided."""
    total = 0.0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            group = int((process / "stat").read_text().rsplit(")", 1)[1].split()[2])
            if group == pid:
                lines = (process / "smaps_rollup").read_text().splitlines()
                total += next(int(x.split()[1]) for x in lines if x.startswith("Pss:"))
        except (OSError, ValueError, StopIteration):  # it has ended meanwhile
            continue
    return total / 1024


def trained(n: int, jobs: int) -> tuple[float, float, str]:
    """Run ``stance train``; return wall seconds, peak memory and the digest."""
    file = file_of(n)
    with tempfile.TemporaryDirectory() as out:
        command = [
            sys.executable, "-m", "stance", "train", "--data", str(file), "--output",
            f"{out}/model", "--jobs", str(jobs), "--quiet",
        ]  # fmt: skip
        started, peak = time.monotonic(), 0.0
        running = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        while running.poll() is None:
            peak = max(peak, held_by(running.pid))
            time.sleep(0.5)
        digest = running.stdout.read().strip() if running.stdout else ""
    if running.returncode:
        raise SystemExit(f"stance train failed with {running.returncode}")
    return time.monotonic() - started, peak, digest


def bench_jobs() -> None:
    """One process against two: wall time, memory, and the same model."""
    one, two = trained(5000, 1), trained(5000, 2)
    print(
        f"jobs  n {5000 // scale:6}  one {one[0]:6.0f} s {one[1]:5.0f} MB  two "
        f"{two[0]:6.0f} s {two[1]:5.0f} MB  ratio {one[0] / two[0]:.2f}  same model: "
        f"{one[2] == two[2]}",
        flush=True,
    )


def bench_train() -> None:
    """The whole verb on many paragraphs."""
    seconds, peak, digest = trained(100_000, 2)
    print(
        f"train n {100_000 // scale:6}  {seconds:6.0f} s wall, {peak:5.0f} MB peak, "
        f"two processes, digest {digest[:12]}",
        flush=True,
    )


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    for part in asked:
        globals()[f"bench_{part}"]()
