"""Random kills of ``stance classify -o FILE``: resumed, is the output the same bytes?

    python tests/bench/kills.py [--quick] [N_KILLS] [N_PARAGRAPHS] [JOBS]

200 kills, 100,000 short paragraphs (English and Chinese) and one process unless said
otherwise; ``--quick`` are 6 kills and 30,000 paragraphs. A run is killed (SIGKILL, its
processes with it) some random time after it began, and started again; of four
kills one comes in the first tenth of what an uninterrupted run takes, where the folder
of parts appears, the others anywhere. When a run ends before its kill, its output is
compared with that of the uninterrupted run, and the next run begins anew. A kill counts
when it met a running process; the output of a chain of kills is compared at its end.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from common import ROOT, rows

WORDS = 25


def write(path: Path, n: int) -> None:
    """Write paragraphs: the first words of the anchors, each with a number."""
    texts = [row["text"] for row in rows(ROOT / "seeds/anchors.jsonl")]
    draw = random.Random(0)
    with path.open("w", encoding="utf-8") as file:
        for at in range(n):
            text = draw.choice(texts)
            text = " ".join(text.split()[:WORDS])[: 8 * WORDS]
            row = {"id": f"u{at}", "text": f"{text} ({at})", "document": f"d{at // 20}"}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def start(source: Path, target: Path, jobs: str) -> subprocess.Popen[bytes]:
    """Start a run, its processes in a group of their own."""
    code = "from stance.cli import main; raise SystemExit(main())"
    words = ["classify", str(source), "-o", str(target), "--jobs", jobs, "-q"]
    return subprocess.Popen(
        [sys.executable, "-c", code, *words],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
    )


def parts_of(target: Path) -> int:
    """Return how many parts are finished."""
    return len(list(target.with_name(target.name + ".parts").glob("*.part")))


numbers = [int(word) for word in sys.argv[1:] if word != "--quick"]
usual = (6, 30_000, 1) if "--quick" in sys.argv else (200, 100_000, 1)
n_kills, n_paragraphs, jobs = [*numbers, *usual[len(numbers) :]]
with tempfile.TemporaryDirectory() as folder:
    source, target = Path(folder) / "in.jsonl", Path(folder) / "out.csv"
    write(source, n_paragraphs)
    began = time.monotonic()
    if start(source, target, str(jobs)).wait():
        sys.exit("the uninterrupted run failed")
    whole, seconds = target.read_bytes(), time.monotonic() - began
    target.unlink()
    print(
        f"{n_paragraphs:,} paragraphs, {source.stat().st_size / 1e6:.0f} MB, "
        f"{jobs} job(s): {seconds:.1f} s uninterrupted",
        flush=True,
    )
    draw = random.Random(1)
    killed = open_kills = same = chains = longest = torn = 0
    while killed < n_kills or open_kills:
        share = 0.1 if draw.random() < 0.25 else 1.0
        process = start(source, target, str(jobs))
        try:
            # Once enough were killed, the last chain is left to end.
            limit = draw.uniform(0, share * seconds) if killed < n_kills else None
            code = process.wait(limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            killed, open_kills = killed + 1, open_kills + 1
            longest = max(longest, parts_of(target))
            torn += target.exists() and target.read_bytes() != whole
            continue
        is_same = code == 0 and target.read_bytes() == whole and not parts_of(target)
        left = sorted(path.name for path in Path(folder).iterdir())
        is_same &= left == ["in.jsonl", "out.csv"]
        same += open_kills * is_same
        chains += 1
        open_kills = 0
        target.unlink(missing_ok=True)
        print(f"  {killed} kills, {same} byte-identical", flush=True)
    is_met = "yes" if same == killed and not torn else "no"
    print(
        f"{same} of {killed} byte-identical ({chains} outputs, up to {longest} parts "
        f"found after a kill, {torn} torn files under the final name)\n\n"
        "| measure | measured | bar | |\n|---|---|---|---|\n"
        f"| random kills of {n_paragraphs:,} paragraphs, {jobs} job(s), resumed: "
        f"byte-identical | {same} of {killed} | {killed} of {killed} | {is_met} |"
    )
    raise SystemExit(is_met == "no")
