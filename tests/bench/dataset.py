"""Partitions: two jobs against one, and a Dask cluster one of whose workers is killed.

    python tests/bench/dataset.py [--quick] [--partitions N] [--rounds N] [--only PART]

PART is ``loky`` or ``dask``. Wall seconds of whole calls, interleaved, order reversed
every other round, medians; each into a new folder. The processes of joblib are started
before the clock is: what it takes to start them, and to read the model, is printed
apart. The corpus is made from the seeds: sentences of the English anchors, 45 % of
whose words are replaced from a Zipf list (`synthetic.py`). Needs pyarrow, and for the
cluster distributed, which stays on this machine.
"""

import argparse
import os
import signal
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pyarrow as pa
from common import ROOT
from joblib import Parallel, delayed, parallel_config
from pyarrow import parquet
from synthetic import labelled

from stance.model.dataset import Dataset, Partition, classify_dataset

MODEL = ROOT / "models" / "us-china-tech"


def make(folder: Path, n_partitions: int, size: int) -> int:
    """Write the partitions; return how many bytes of text they hold."""
    rows = labelled(n_partitions * size)
    n_bytes = 0
    for n in range(n_partitions):
        path = folder / f"year={2012 + n % 12}" / f"part-{n:03d}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        texts = [row["text"] for row in islice(rows, size)]
        n_bytes += sum(len(text.encode()) for text in texts)
        parquet.write_table(pa.table({"text": texts}), path)
    return n_bytes


def content(folder: str | Path) -> dict[str, bytes]:
    """Return every file of a folder."""
    found = {p: p.read_bytes() for p in Path(folder).rglob("*") if p.is_file()}
    return {path.relative_to(folder).as_posix(): raw for path, raw in found.items()}


def timed(
    work: Dataset, step: Callable[[Partition], None], n_jobs: int | None
) -> float:
    """Return the wall seconds of a run into a new folder."""
    start = time.perf_counter()
    found = classify_dataset(work, n_jobs=n_jobs, step=step)
    seconds = time.perf_counter() - start
    assert {partition.status for partition in found} == {"done"}
    return seconds


def loky(work: Dataset, rounds: int, n_bytes: int) -> None:
    """Print how long one and two jobs take, and skipping what is done."""
    start = time.perf_counter()
    Parallel(n_jobs=2)(delayed(len)("") for _ in range(2))
    print(f"two processes start in {time.perf_counter() - start:.2f} s")
    seconds: dict[int, list[float]] = {1: [], 2: []}
    for n in range(rounds + 1):
        for n_jobs in (1, 2) if n % 2 else (2, 1):
            target = f"{work.target}-{n}-{n_jobs}"
            took = timed(replace(work, target=target), lambda _: None, n_jobs)
            if n:  # the first round reads the model in each process
                seconds[n_jobs].append(took)
    one, two = (statistics.median(seconds[n_jobs]) for n_jobs in (1, 2))
    ratio = statistics.median(
        a / b for a, b in zip(seconds[1], seconds[2], strict=True)
    )
    first, second = (content(f"{work.target}-1-{n_jobs}") for n_jobs in (1, 2))
    start = time.perf_counter()
    classify_dataset(replace(work, target=f"{work.target}-1-1"), n_jobs=1)
    skipping = time.perf_counter() - start
    out = sum(len(raw) for name, raw in first.items() if name.endswith(".parquet"))
    print(f"one job    {one:7.2f} s  {n_bytes / one / 1e6:6.2f} MB/s of text")
    print(f"two jobs   {two:7.2f} s  {n_bytes / two / 1e6:6.2f} MB/s of text")
    print(f"ratio      {ratio:7.2f}    efficiency {ratio / 2:.2f}")
    print(f"skipping   {skipping:7.2f} s  all of it done before, one job")
    print(f"identical  {first == second}  {out / n_bytes:.3f} bytes out a byte of text")


def dask(work: Dataset) -> None:
    """Kill one of two Dask workers in the middle, and compare with one process."""
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        print("skipped: distributed is not installed")
        return
    alone = replace(work, target=f"{work.target}-alone")
    classify_dataset(alone, n_jobs=1)
    n_partitions = len(content(work.source))
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1",
            dashboard_address=":0",
        ) as cluster,
        Client(cluster) as client,
        parallel_config("dask"),
    ):  # fmt: skip
        client.wait_for_workers(2)
        target = f"{work.target}-whole"
        whole = timed(replace(work, target=target), lambda _: None, None)
        victim = next(iter(client.run(os.getpid).values()))
        reported: list[str] = []

        def kill(partition: Partition) -> None:
            reported.append(partition.path)
            if len(reported) == n_partitions // 3:
                os.kill(victim, signal.SIGKILL)

        target = f"{work.target}-killed"
        start = time.perf_counter()
        found = classify_dataset(replace(work, target=target), step=kill)
        killed = time.perf_counter() - start
    print(f"two workers            {whole:7.2f} s")
    print(
        f"one of them killed     {killed:7.2f} s  after {n_partitions // 3} partitions"
    )
    print(f"complete   {len(set(reported)) == len(found) == n_partitions}")
    print(f"identical  {content(target) == content(alone.target)}")


def main() -> None:
    """Make the corpus, and run the parts that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="8 partitions of 100 rows")
    parser.add_argument("--partitions", type=int, default=50)
    parser.add_argument("--size", type=int, default=800, help="rows in a partition")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=("loky", "dask"))
    args = parser.parse_args()
    if args.quick:
        args.partitions, args.size, args.rounds = 8, 100, 1
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "in")
        n_bytes = make(source, args.partitions, args.size)
        shown = f"{args.partitions} partitions of {args.size} paragraphs"
        print(f"{shown}, {n_bytes / 1e6:.1f} MB of text")
        work = Dataset(source, Path(folder, "out"), MODEL)
        if args.only != "dask":
            loky(work, args.rounds, n_bytes)
        if args.only != "loky":
            dask(work)


if __name__ == "__main__":
    main()
