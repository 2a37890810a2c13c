"""Peak memory of ``stance classify`` by number of paragraphs; two jobs against one.

    python tests/bench/memory.py [N_FEW] [N_MANY] [ROUNDS] [N_RATE]

10,000 and 1,000,000 paragraphs, 3 rounds, and 50,000 paragraphs for the rate, unless
said otherwise; ``memory.py 1000 10000 1 5000`` is a try. Each run is a process of its
own, which writes a file in parts. Memory is the largest resident set of the process and
of its largest child, added where there are jobs. The rate is wall time, interleaved,
order reversed every other round; with it goes the time that starting up takes, measured
on one paragraph. Text is invented (synthetic.py), so that words grow in number.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from common import ROOT
from synthetic import labelled

RUN = """
import resource, sys
from stance.cli import main
code = main(sys.argv[1:])
kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
print(*(resource.getrusage(kind).ru_maxrss for kind in kinds))
sys.exit(code)
"""


def write(path: Path, n: int) -> None:
    """Write n paragraphs, without their labels."""
    with path.open("w", encoding="utf-8") as file:
        for row in labelled(n):
            kept = {name: row[name] for name in ("id", "document", "text")}
            file.write(json.dumps(kept) + "\n")


def run(source: Path, jobs: int) -> tuple[float, float, float]:
    """Return seconds, MB of the process, and MB of its largest child."""
    target = source.with_name("out.jsonl")
    words = ["classify", str(source), "-o", str(target), "--jobs", str(jobs), "-q"]
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", RUN, *words],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=True,
    )  # fmt: skip
    seconds = time.monotonic() - began
    own, child = (int(word) / 1024 for word in done.stdout.split()[-2:])
    target.unlink()
    return seconds, own, child


numbers = [int(word) for word in sys.argv[1:]]
few, many, rounds, n_rate = [*numbers, *(10_000, 1_000_000, 3, 50_000)[len(numbers) :]]
with tempfile.TemporaryDirectory() as folder:
    files = {n: Path(folder) / f"{n}.jsonl" for n in {1, few, many, n_rate}}
    for n, path in files.items():
        write(path, n)

    times: dict[tuple[int, int], list[float]] = {}
    for round_ in range(rounds):
        pairs = [(n, jobs) for n in (1, n_rate) for jobs in (1, 2)]
        for n, jobs in pairs if round_ % 2 else pairs[::-1]:
            times.setdefault((n, jobs), []).append(run(files[n], jobs)[0])
    wall = {pair: statistics.median(values) for pair, values in times.items()}
    print(f"{'':24}{'1 job':>12}{'2 jobs':>12}{'ratio':>8}")
    for n in (1, n_rate):
        one, two = wall[n, 1], wall[n, 2]
        name = f"{n:,} paragraph{'s' * (n > 1)}, s"
        print(f"{name:24}{one:12.2f}{two:12.2f}{one / two:8.2f}", flush=True)
    size = files[n_rate].stat().st_size / 1e6
    one, two = n_rate / wall[n_rate, 1], n_rate / wall[n_rate, 2]
    print(
        f"{'paragraphs a second':24}{one:12,.0f}{two:12,.0f}{two / one:8.2f} (bar 1.7)"
    )
    one, two = size / wall[n_rate, 1], size / wall[n_rate, 2]
    print(f"{'MB of file a second':24}{one:12.2f}{two:12.2f}{two / one:8.2f}")

    print(f"\n{'peak memory, MB':24}{'process':>12}{'child':>12}{'seconds':>10}")
    peaks: dict[tuple[int, int], float] = {}
    for jobs in (1, 2):
        for n in (few, many):
            seconds, own, child = run(files[n], jobs)
            peaks[n, jobs] = own + jobs * child * (jobs > 1)
            name = f"{n:,}, {jobs} job{'s' * (jobs > 1)}"
            print(f"{name:24}{own:12.0f}{child:12.0f}{seconds:10.1f}", flush=True)
    for jobs in (1, 2):
        ratio = peaks[many, jobs] / peaks[few, jobs]
        print(f"{many:,} against {few:,}, {jobs} job(s): {ratio:.2f} (bar 1.5)")
