"""Candidates that take turns at the same work, in one process, and the table of it.

Megabytes of UTF-8 text a second of CPU time. The order is reversed every other round,
and a ratio is the median of the ratios of the rounds: what slows the machine for a
while slows both sides of it.
"""

import gc
import platform
import statistics
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from time import process_time
from typing import NamedTuple

from corpora import size
from rivals import Predict

PACKAGES = ("stance", "numpy", "scikit-learn", "nltk", "jieba", "rjieba",
            "py-rust-stemmers", "fasttext-wheel")  # fmt: skip
OURS, PIPELINE = "ours", "scikit-learn pipeline, same tokens"
EXACT = 1e-12
HEAD = "| measure | measured | bar | |"


class Candidate(NamedTuple):
    """What is measured: ``ready`` gives, before the clock runs, what then is timed."""

    name: str
    ready: Callable[[], Predict]
    texts: list[str]
    note: str = ""


class Race(NamedTuple):
    """Megabytes a second of each candidate in each round, and the exactness."""

    title: str
    speeds: dict[str, list[float]]
    difference: float

    def ratio(self, name: str, *, to: str) -> float:
        """Return how many times faster one is than another."""
        pairs = zip(self.speeds[name], self.speeds[to], strict=True)
        return statistics.median(a / b for a, b in pairs)

    def speed(self, name: str) -> float:
        """Return the megabytes a second of one."""
        return statistics.median(self.speeds[name])


class Row(NamedTuple):
    """A row of the README's table: the least of the values counts against the bar."""

    measure: str
    values: dict[str, float]
    bar: float = 0.0
    unit: str = "times"


def empty_tables() -> None:
    """Empty every bounded cache of the package: what it remembers of texts, models."""
    for name, module in list(sys.modules.items()):
        if name.startswith("stance."):
            for thing in vars(module).values():
                parameters = getattr(thing, "cache_parameters", None)
                if parameters and parameters()["maxsize"] is not None:
                    thing.cache_clear()


def timed(candidate: Candidate, *, least: float) -> float:
    """Return megabytes a second; what is soon done is done again, from its start."""
    seconds, n = 0.0, 0
    while seconds < least:
        predict = candidate.ready()
        gc.collect()
        begin = process_time()
        predict(candidate.texts)
        seconds += process_time() - begin
        n += 1
    return n * size(candidate.texts) / seconds


def race(
    candidates: list[Candidate], *, rounds: int, least: float
) -> dict[str, list[float]]:
    """Let candidates take turns; return what each made in each round."""
    speeds: dict[str, list[float]] = {candidate.name: [] for candidate in candidates}
    for turn in range(rounds):
        for candidate in candidates[::-1] if turn % 2 else candidates:
            speeds[candidate.name].append(timed(candidate, least=least))
    return speeds


def show(done: Race, candidates: list[Candidate]) -> None:
    """Print what each candidate made."""
    print(f"\n{done.title}, {len(done.speeds[OURS])} rounds")
    for name, _, texts, note in candidates:
        print(
            f"  {name:36}{done.speed(name):8.2f} MB/s   ours "
            f"{done.ratio(OURS, to=name):7.2f} times   {size(texts):5.1f} MB  {note}"
        )
    print(f"  largest difference to {PIPELINE}: {done.difference:.1e}", flush=True)


def installed(name: str) -> str:
    """Return a package's version, empty where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def has(name: str, *, of: str) -> bool:
    """Whether a package is installed; says so where it is not."""
    if not installed(name):
        print(f"left out, {name} is not installed: {of}")
    return bool(installed(name))


def best_table(rows: list[Row], races: list[Race]) -> str:
    """Return the rows as the README has them, in Markdown."""
    lines = [HEAD, "|---|---|---|---|"]
    for measure, values, bar, unit in rows:
        shown = ", ".join(f"{v:.3g} {unit} ({name})" for name, v in values.items())
        verdict = ("ok" if min(values.values()) >= bar else "NOT") if bar else ""
        limit = f"at least {bar:g} {unit}" if bar else ""
        lines.append(f"| {measure} | {shown} | {limit} | {verdict} |")
    worst = max(done.difference for done in races)
    verdict = "ok" if worst <= EXACT else "NOT"
    lines.append(
        f"| largest difference to {PIPELINE} | {worst:.1e} | at most {EXACT:.0e} "
        f"| {verdict} |"
    )
    return "\n".join(lines)


def provenance() -> str:
    """Return date, versions and processor."""
    found = [f"{name} {installed(name)}" for name in PACKAGES if installed(name)]
    day = datetime.now(UTC).date().isoformat()
    return f"{day}, Python {platform.python_version()}, {', '.join(found)}"
