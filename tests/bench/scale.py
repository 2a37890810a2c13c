"""Run every bench of speed and scale, one after the other, and print one table.

    python tests/bench/scale.py [--quick] [--only NAME ...]

Wants an otherwise idle machine. What the scripts print goes through as it comes; at the
end stand the rows of all their tables and the lines that name a bar, or, of a script
that has neither, its last lines. A script that is not there, or fails, is named and the
others go on; then the exit code is 1.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

BENCH = Path(__file__).parent
SCRIPTS = ("speed", "startup", "memory", "kills", "dataset", "training",
           "prevalence_scale", "growth")  # fmt: skip
LAST_LINES = 12
HEAD = "| measure | measured | bar | |"


def is_result(line: str) -> bool:
    """Whether a line is a row of a table that is meant to be kept, or names a bar."""
    if line.startswith("|"):
        return not line.startswith(("|---", "| ---", HEAD))
    return "(bar" in line or "bar:" in line


def run(name: str, *, quick: bool) -> tuple[list[str], bool]:
    """Return the results of one script, and whether it ended well."""
    path = BENCH / f"{name}.py"
    if not path.is_file():
        return [f"{name}.py: not there"], False
    options = ["--quick"] if quick and "--quick" in path.read_text("utf-8") else []
    print(f"\n== {name}.py", flush=True)
    begin = time.perf_counter()
    lines: list[str] = []
    command = [sys.executable, str(path), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            lines.append(line.rstrip())
    print(f"== {name}.py: {time.perf_counter() - begin:.0f} s", flush=True)
    kept = list(filter(is_result, lines))
    kept = kept or [f"{name}.py: {line}" for line in lines[-LAST_LINES:] if line]
    if process.returncode:
        kept.append(f"{name}.py: exit code {process.returncode}")
    return kept, process.returncode == 0


def main() -> int:
    """Run the scripts and print what they found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small, for trying")
    parser.add_argument("--only", nargs="+", choices=SCRIPTS, default=SCRIPTS)
    args = parser.parse_args()
    results = [run(name, quick=args.quick) for name in args.only]
    lines = [line for kept, _ in results for line in kept]
    print(f"\n{HEAD}\n|---|---|---|---|")
    print("\n".join(line for line in lines if line.startswith("|")))
    print("\n".join(["", *(line for line in lines if not line.startswith("|"))]))
    return 0 if all(is_well for _, is_well in results) else 1


if __name__ == "__main__":
    sys.exit(main())
