"""Shares of a million predictions: how time and memory grow with the corpus.

    python tests/bench/prevalence_scale.py [--quick] [--rounds N] [--documents N]

Corpora of 10^3 to 10^6 paragraphs, five a document (``--documents``: another number),
in twelve years, of which 500 are coded. Each size is a process of its own, that its
peak memory be its own; sizes take turns, in reversed order every other round; medians.
Seconds of CPU a step: the stored table read (Parquet, by the extra ``parquet``),
strata, shares, changes, stability; then all of it, and all by the clock; MB at the
peak. The last lines are slopes on a log-log scale, 1 being linear: over all sizes, and
over the last two. ``--quick``: up to 10^5.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
from common import ROOT

LABELS = ("cooperation", "competition", "countermeasure", "none")
N_CODED, N_YEARS = 500, 12
SIZES = (1_000, 10_000, 100_000, 1_000_000)
STEPS = ("read", "strata", "shares", "changes", "stability")


def peak() -> float:
    """Return the peak memory of this process in MB, its parent's left out."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text().splitlines()
        return int(next(x for x in lines if x.startswith("VmHWM")).split()[1]) / 1000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def write(folder: Path, n: int, each: int) -> None:
    """Write predictions as ``stance classify`` does, dates beside them, and labels."""
    import pyarrow
    from pyarrow import compute, csv, parquet

    rng = np.random.default_rng(0)
    document = np.sort(rng.integers(0, max(n // each, 1), n))
    year = 2012 + document * N_YEARS // (document[-1] + 1)
    y = rng.choice(len(LABELS), n, p=[0.4, 0.3, 0.1, 0.2])
    proba = rng.dirichlet(np.ones(len(LABELS)), n) / 2
    proba[np.arange(n), y] += 0.5

    def named(front: str, numbers: np.ndarray) -> pyarrow.Array:
        texts = compute.cast(pyarrow.array(numbers), "string")
        return compute.binary_join_element_wise(front, texts, "")

    said = pyarrow.array(LABELS).take(pyarrow.array(proba.argmax(axis=1)))
    shares = {f"p_{name}": proba[:, k].round(4) for k, name in enumerate(LABELS)}
    table = pyarrow.table(
        {
            "unit_id": named("paragraph-", np.arange(n)),
            "document_id": named("document-", document),
            "kind": pyarrow.array(["body"]).take(pyarrow.array(np.zeros(n, int))),
            "language": pyarrow.array(["en", "zh"]).take(pyarrow.array(document % 2)),
            "date": compute.cast(pyarrow.array(year), "string"),
            "source": named("source-", document % 7),
            "label": said,
            "abstained": np.zeros(n, dtype=bool),
            "seen": np.zeros(n, dtype=bool),
            **shares,
        }
    )
    parquet.write_table(table, folder / f"{n}.parquet")
    rows = rng.choice(n, min(N_CODED, n), replace=False)
    coded = pyarrow.table(
        {
            "id": table["unit_id"].take(rows),
            "label": pyarrow.array(LABELS).take(pyarrow.array(y[rows])),
            "design": ["random"] * len(rows),
            "probability": [len(rows) / n] * len(rows),
        }
    )
    csv.write_csv(coded, folder / f"{n}.csv")


def measure(table: str, labels: str) -> dict[str, float]:
    """Return the seconds of each step, and the peak memory in MB."""
    from stance.coding.stored import Stored, read_stored
    from stance.coding.units import read_coded
    from stance.measure.prevalence import prevalence
    from stance.measure.shift import shift
    from stance.measure.stability import stability_of
    from stance.measure.strata import stratify

    warnings.simplefilter("ignore")
    start = time.perf_counter()
    clock = [time.process_time()]
    gold, predictions = read_stored(Stored([table]), read_coded(labels))
    clock.append(time.process_time())
    strata = stratify(gold)
    clock.append(time.process_time())
    shares = prevalence(gold, predictions, strata=strata)
    clock.append(time.process_time())
    shift(shares)
    clock.append(time.process_time())
    stability_of(shares.columns, strata)
    clock.append(time.process_time())
    steps = dict(zip(STEPS, np.diff(clock).tolist(), strict=True))
    return {
        **steps, "all": sum(steps.values()), "clock": time.perf_counter() - start,
        "peak": peak(),
    }  # fmt: skip


def main() -> None:
    """Print a row a size, and the slopes."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--documents", type=int, default=5, metavar="N")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--write", nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        print(json.dumps(measure(*args.one)))
        return
    if args.write:
        write(Path(args.write[0]), int(args.write[1]), args.documents)
        return
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        print("skipped: pyarrow is not installed; pip install 'stance[parquet]'")
        return
    sizes = SIZES[:-1] if args.quick else SIZES
    found: dict[int, list[dict[str, float]]] = {n: [] for n in sizes}
    environment = {"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT), **os.environ}
    with tempfile.TemporaryDirectory() as folder:
        for n in sizes:
            words = ["--write", folder, str(n), "--documents", str(args.documents)]
            subprocess.run(
                [sys.executable, __file__, *words], check=True, env=environment
            )
        for at in range(args.rounds):
            for n in sizes[::-1] if at % 2 else sizes:
                files = [f"{folder}/{n}.parquet", f"{folder}/{n}.csv"]
                done = subprocess.run(
                    [sys.executable, __file__, "--one", *files],
                    capture_output=True, text=True, check=True, env=environment,
                )  # fmt: skip
                found[n].append(json.loads(done.stdout))
    columns = (*STEPS, "all", "clock", "peak")
    print(f"{'paragraphs':>10}", *(f"{name:>10}" for name in columns))
    table = []
    for n in sizes:
        table.append(
            [statistics.median(row[name] for row in found[n]) for name in columns]
        )
        print(f"{n:>10,}", *(f"{value:10.3f}" for value in table[-1]))
    logs = np.log(np.array(table))
    slope = [np.polyfit(np.log(sizes), column, 1)[0] for column in logs.T]
    last = (logs[-1] - logs[-2]) / np.log(sizes[-1] / sizes[-2])
    print(f"{'slope':>10}", *(f"{value:10.2f}" for value in slope))
    print(f"{'last':>10}", *(f"{value:10.2f}" for value in last))
    print(f"{sizes[-1]:,} against 10,000: ", end="")
    ten = sizes.index(10_000)
    print(f"time {table[-1][-3] / table[ten][-3]:.1f}, "
          f"memory {table[-1][-1] / table[ten][-1]:.2f}")  # fmt: skip


if __name__ == "__main__":
    main()
