"""Peak memory of ``stance classify`` by number of paragraphs; two jobs against one.

    python tests/bench/memory.py [--quick] [--few N] [--many N] [--rate N] [--rounds N]

10,000 and 1,000,000 short paragraphs for the memory, 200,000 paragraphs and 3 rounds
for the rate, unless said otherwise. Each run is a process of its own, which reads JSON
Lines and writes them in parts. Memory is the largest resident set, of the process and,
where there are more, of its largest child as often as there are others. The rate is
wall time, interleaved, order reversed every other round, on paragraphs of real
sentences (where the data folder is beside the repository) and on some with many
invented words.
Beside it stands the time of one paragraph, which is the time to start, and the CPU time
of all processes: where others use the machine, only that tells what two jobs can give.
Processes do not share what they know of words: each must look up each new word itself,
so the ratio is lower the more words are new.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import synthetic
from common import ROOT
from corpora import MAX_SENTENCES, halves, is_there, paragraphs, real

# What getrusage says of a process counts what its parent held when it was started; the
# high-water mark of Linux does not.
RUN = """
import os, re, resource, sys
from stance.cli import main
code = main(sys.argv[1:])
for kind in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
    used = resource.getrusage(kind)
    most = used.ru_maxrss
    if kind == resource.RUSAGE_SELF and os.path.exists("/proc/self/status"):
        most = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]
    print(most, used.ru_utime + used.ru_stime)
sys.exit(code)
"""
BARS = {"memory": 1.5, "rate": 1.7}
SHORT = 200


class Used(NamedTuple):
    """What a run took: seconds, MB of the process and of its largest child."""

    wall: float
    cpu: float
    own: float
    child: float


def invented(n: int, length: int) -> Iterator[str]:
    """Yield paragraphs whose words grow in number."""
    synthetic.LENGTH = length
    yield from (row["text"] for row in synthetic.labelled(n))


def drawn(n: int) -> Iterator[str]:
    """Yield paragraphs of real sentences."""
    _, pools = halves(real("en"))
    found = paragraphs(pools, longest=MAX_SENTENCES, change=None, joint=" ", rng=4)
    yield from (text for _, text, _ in islice(found, n))


def write(path: Path, texts: Iterator[str]) -> Path:
    """Write paragraphs as JSON Lines."""
    with path.open("w", encoding="utf-8") as file:
        for at, text in enumerate(texts):
            row = {"id": f"u{at}", "document": f"d{at // 20}", "text": text}
            file.write(json.dumps(row) + "\n")
    return path


def run(source: Path, jobs: int) -> Used:
    """Label a file, in a process of its own."""
    target = source.with_name("out.jsonl")
    words = ["classify", str(source), "-o", str(target), "--jobs", str(jobs), "-q"]
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", RUN, *words],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=True,
    )  # fmt: skip
    wall = time.monotonic() - began
    own, own_cpu, child, child_cpu = map(float, done.stdout.split()[-4:])
    target.unlink()
    return Used(wall, own_cpu + child_cpu, own / 1024, child / 1024)


def rate(name: str, files: tuple[Path, Path], n: int, rounds: int) -> str:
    """Print how long one paragraph and n take, and return the row of the ratio."""
    pairs = [(file, jobs) for file in files for jobs in (1, 2)]
    runs: dict[tuple[Path, int], list[Used]] = {pair: [] for pair in pairs}
    for round_ in range(rounds):
        for pair in pairs if round_ % 2 else pairs[::-1]:
            runs[pair].append(run(*pair))
    size = files[1].stat().st_size / 1e6
    ratio = 0.0
    for file, what in zip(
        files, ("one paragraph", f"{n:,}, {size:.0f} MB"), strict=True
    ):
        wall, cpu = (
            [statistics.median(getattr(used, key) for used in runs[file, jobs])
             for jobs in (1, 2)]
            for key in ("wall", "cpu")
        )  # fmt: skip
        ratio = wall[0] / wall[1]
        print(
            f"{name:9} {what:18} wall {wall[0]:7.2f} s, 2 jobs {wall[1]:7.2f} s: "
            f"{ratio:.2f}; CPU {cpu[0]:7.2f} s, 2 jobs {cpu[1]:7.2f} s: at most "
            f"{2 * cpu[0] / cpu[1]:.2f}",
            flush=True,
        )
    is_met = "yes" if ratio >= BARS["rate"] else "no"
    what = f"two jobs against one, {name}, {n:,} paragraphs"
    return f"| {what} | {ratio:.2f} | {BARS['rate']} | {is_met} |"


def peaks(few: Path, many: Path, names: tuple[int, int]) -> Iterator[str]:
    """Print how much memory few and many paragraphs take; yield rows of the ratios."""
    for jobs in (1, 2):
        found = []
        for file, n in zip((few, many), names, strict=True):
            used = run(file, jobs)
            found.append(used.own + (jobs - 1) * used.child)
            print(
                f"{n:9,} paragraphs, {jobs} job(s): {used.own:.0f} MB, largest child "
                f"{used.child:.0f} MB; {used.wall:.1f} s, {n / used.wall:,.0f}/s",
                flush=True,
            )
        ratio = found[1] / found[0]
        is_met = "yes" if ratio <= BARS["memory"] else "no"
        what = (
            f"peak memory, {names[1]:,} paragraphs against {names[0]:,}, {jobs} job(s)"
        )
        yield f"| {what} | {ratio:.2f} | {BARS['memory']} | {is_met} |"


parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
parser.add_argument(
    "--quick", action="store_true", help="1,000, 10,000; 5,000, 1 round"
)
parser.add_argument("--few", type=int, default=10_000)
parser.add_argument("--many", type=int, default=1_000_000)
parser.add_argument("--rate", type=int, default=200_000)
parser.add_argument("--rounds", type=int, default=3)
args = parser.parse_args()
if args.quick:
    args.few, args.many, args.rate, args.rounds = 1_000, 10_000, 5_000, 1
table = ["| measure | measured | bar | |", "|---|---|---|---|"]
with tempfile.TemporaryDirectory() as folder:
    one = write(Path(folder) / "one.jsonl", iter(["Both sides agreed."]))
    corpora = {"real": drawn(args.rate)} if is_there("real-en") else {}
    corpora["invented"] = invented(args.rate, 740)
    for name, texts in corpora.items():
        file = write(Path(folder) / "rate.jsonl", texts)
        table.append(rate(name, (one, file), args.rate, args.rounds))
    file.unlink()
    few = write(Path(folder) / "few.jsonl", invented(args.few, SHORT))
    many = write(Path(folder) / "many.jsonl", invented(args.many, SHORT))
    table += peaks(few, many, (args.few, args.many))
print("\n" + "\n".join(table))
