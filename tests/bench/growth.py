"""How the cost of scoring and of ``stance classify`` grows with the number of texts.

    python tests/bench/growth.py [--quick] [--most N] [--output FILE.png]

Each point is a process of its own: its CPU time and its peak memory (as the kernel has
them when it ends), over the first n of one-sentence paragraphs whose words grow in
number (``synth-en`` of corpora.py). *Scoring* reads the file and asks for probabilities
in batches of 10,000; *classify* is the command line, with evidence, from JSON Lines to
CSV. The slope is that of the logarithms over the last factor of ten: 1 is in
proportion, 0 is none. At small n it is the start of the process that is measured. A
figure with both axes in logarithms is written where ``--output`` says.
"""

import argparse
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from common import ROOT

BENCH = Path(__file__).parent
STEPS = (1, 3)  # of each power of ten
SCORE = """
import json, sys
from itertools import islice
from stance.model.score import probabilities
from stance.model.store import load
model = load(sys.argv[2])
with open(sys.argv[1], encoding="utf-8") as file:
    while lines := list(islice(file, 10_000)):
        probabilities(model, [json.loads(line)["text"] for line in lines])
"""
CLASSIFY = "import sys; from stance.cli import main; raise SystemExit(main())"
TITLES = {"seconds": "CPU seconds", "megabytes": "peak memory, MB"}
BAR = 1.5  # peak memory, a million against ten thousand


class Point(NamedTuple):
    """What one process took."""

    task: str
    n: int
    seconds: float
    megabytes: float


def cost(command: list[str]) -> tuple[float, float]:
    """Return the CPU seconds and the peak memory in MB of one process.

    The kernel hands this process's own peak on to its children, so it is kept small:
    nothing but the standard library is imported before all is measured.
    """
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"growth.py: exit {process.returncode}: {command}")
    scale = 1e6 if sys.platform == "darwin" else 1e3
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / scale


def heads(whole: Path, numbers: list[int]) -> Iterator[tuple[int, Path]]:
    """Yield files of the first n lines, one at a time."""
    for n in numbers:
        path = whole.with_name(f"{n}.jsonl")
        with whole.open("rb") as lines, path.open("wb") as file:
            file.writelines(islice(lines, n))
        yield n, path
        path.unlink()


def measured(numbers: list[int], *, model: Path, folder: Path) -> Iterator[Point]:
    """Yield the points, small ones first."""
    python, whole = sys.executable, folder / "all.jsonl"
    made = [str(BENCH / "corpora.py"), "synth-en", str(numbers[-1]), str(whole)]
    subprocess.run([python, *made], check=True)
    out = str(folder / "out.csv")
    options = ["--text", "text", "--model", str(model), "--quiet", "--output", out]
    for n, path in heads(whole, numbers):
        commands = {
            "scoring": [python, "-c", SCORE, str(path), str(model)],
            "classify": [python, "-c", CLASSIFY, "classify", str(path), *options],
        }
        for task, command in commands.items():
            point = Point(task, n, *cost(command))
            print(
                f"{task:10}{n:9,} paragraphs {point.seconds:9.2f} s CPU "
                f"{point.megabytes:8.0f} MB {1e6 * point.seconds / n:9.0f} us each",
                flush=True,
            )
            yield point


def slope(points: list[Point], name: str) -> float:
    """Return the slope of the logarithms over the last factor of ten."""
    last = points[-1]
    first = next((p for p in reversed(points) if p.n * 10 <= last.n), points[0])
    ratio = getattr(last, name) / getattr(first, name)
    return math.log(ratio) / math.log(last.n / first.n)


def draw(tasks: dict[str, list[Point]], path: Path) -> None:
    """Write the figure: time and memory against n, all axes in logarithms."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import NullFormatter, StrMethodFormatter

    from stance.show.figures import ACCENT, COLOURS, MARKERS, MUTED, style

    looks = dict(
        zip(tasks, zip((ACCENT, COLOURS[1]), MARKERS, strict=False), strict=True)
    )
    with style():
        figure = Figure(figsize=(8.0, 3.4), layout="constrained")
        axes = figure.subplots(1, 2)
        for ax, (name, title) in zip(axes, TITLES.items(), strict=True):
            for task, points in tasks.items():
                colour, marker = looks[task]
                ax.loglog(
                    [p.n for p in points],
                    [getattr(p, name) for p in points],
                    marker=marker,
                    color=colour,
                    label=f"{task}, slope {slope(points, name):.2f}",
                )
            ax.set(xlabel="paragraphs of one sentence", ylabel=title)
        numbers = [p.n for p in tasks["scoring"]]
        top = 2 * max(p.seconds for points in tasks.values() for p in points)
        line = [top * n / numbers[-1] for n in numbers]
        axes[0].loglog(numbers, line, color=MUTED, linestyle="--", label="slope 1")
        axes[0].set_ylim(0.1, 2 * top)
        axes[1].set_ylim(10, max(1000, 4 * axes[1].get_ylim()[1]))
        for ax in axes:
            for axis in (ax.xaxis, ax.yaxis):
                axis.set_major_formatter(StrMethodFormatter("{x:,.7g}"))
                axis.set_minor_formatter(NullFormatter())
            ax.legend(loc="best", frameon=False)
        figure.savefig(path, dpi=150)


def report(tasks: dict[str, list[Point]]) -> None:
    """Print slopes, and the memory of a million against ten thousand."""
    print("\n| measure | measured | bar | |")
    print("|---|---|---|---|")
    for task, points in tasks.items():
        first, last = points[0], points[-1]
        base = next((p for p in points if p.n >= 10_000), first)
        each = 1e6 * (last.seconds - first.seconds) / (last.n - first.n)
        times = last.megabytes / base.megabytes
        print(
            f"| how the cost of {task} grows, to {last.n:,} paragraphs | time with "
            f"slope {slope(points, 'seconds'):.2f} ({each:.0f} us a paragraph), memory "
            f"with slope {slope(points, 'megabytes'):.2f} | | |"
        )
        print(
            f"| peak memory of {task}, {last.n:,} paragraphs against {base.n:,} "
            f"| {times:.2f} times | at most {BAR} times "
            f"| {'ok' if times <= BAR else 'NOT'} |"
        )


def main() -> None:
    """Measure, print and draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="up to 10,000")
    parser.add_argument("--most", type=int, default=1_000_000, help="paragraphs")
    parser.add_argument("--model", default="models/us-china-tech", metavar="FOLDER")
    figure = str(Path(tempfile.gettempdir()) / "growth.png")
    parser.add_argument("--output", default=figure, metavar="FILE", help=figure)
    args = parser.parse_args()
    most = 10_000 if args.quick else args.most
    numbers = [
        step * 10**power
        for power in range(3, 8)
        for step in STEPS
        if step * 10**power <= most
    ]
    tasks: dict[str, list[Point]] = {"scoring": [], "classify": []}
    with tempfile.TemporaryDirectory() as folder:
        for point in measured(numbers, model=ROOT / args.model, folder=Path(folder)):
            tasks[point.task].append(point)
    report(tasks)
    draw(tasks, Path(args.output))
    print(f"\nfigure: {args.output}")


if __name__ == "__main__":
    main()
