"""A second label set: stance on debate motions, beside the plain scikit-learn pipeline.

    python tests/bench/argkp.py

Trained and judged by the two commands of the README; the test part has motions that
training does not. Standard error of the plain pipeline's macro-F1: 0.02.
"""

import csv
import io
import subprocess
import sys
import tempfile
from pathlib import Path

from common import ROOT, SHARED, rows
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.pipeline import make_pipeline

DATA = SHARED / "data" / "argkp_stance"
STANCE = [sys.executable, "-m", "stance"]


def run(*words: str) -> str:
    """Run a verb and return what it printed."""
    return subprocess.run(
        [*STANCE, *words], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout


with tempfile.TemporaryDirectory() as folder:
    model = str(Path(folder) / "argkp")
    run(
        "train", "--data", str(DATA / "train.jsonl"), "--text", "text",
        "--label", "label", "--group", "target", "--output", model,
    )  # fmt: skip
    table = run("evaluate", "--model", model, "--data", str(DATA / "test.jsonl"))
metrics = {row["metric"]: row for row in csv.DictReader(io.StringIO(table))}
train, test = rows(DATA / "train.jsonl"), rows(DATA / "test.jsonl")
plain = make_pipeline(
    TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
    LogisticRegression(),
).fit([row["text"] for row in train], [row["label"] for row in train])
gold = [row["label"] for row in test]
said = plain.predict([row["text"] for row in test])
print(f"test units: {metrics['accuracy']['n_units']}")
for name, ours, theirs in (
    ("macro-F1", "macro_f1", f1_score(gold, said, average="macro")),
    ("accuracy", "accuracy", accuracy_score(gold, said)),
):
    print(f"{name}: stance {float(metrics[ours]['estimate']):.3f}, plain {theirs:.3f}")
