"""What the benches share: the data folder beside the repository, and tables."""

import csv
import json
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"


def rows(path: Path) -> list[dict[str, str]]:
    """Return the objects of a .jsonl file, or the rows of a .csv file."""
    with path.open(encoding="utf-8", newline="") as file:
        if path.suffix == ".csv":
            return list(csv.DictReader(file))
        return [json.loads(line) for line in file]


def validation() -> list[dict[str, str]]:
    """Return the validation paragraphs on whose label both coders agree."""
    folder = SHARED / "validation"
    first, second = (
        {row["id"]: row["frame"] for row in rows(folder / f"coder_{n}.csv")}
        for n in (1, 2)
    )
    units = rows(folder / "units.jsonl")
    return [
        {**unit, "label": first[unit["id"]]}
        for unit in units
        if first[unit["id"]] == second[unit["id"]]
    ]
