"""Other labelled sets, one command each, beside the plain scikit-learn pipeline.

    python tests/bench/labelled_sets.py [argkp] [cap] [manifestos] [target]

argkp: grouped cross-validation over the motions of all three parts, and its test part.
cap: test part, labels with at least five test units. manifestos: later years, with two
neighbours each side as features. target: a split within the training motions, with and
without a model per target. Settings are chosen within the training part.
"""

import csv
import io
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
from common import ROOT, SHARED, rows
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline

from stance.coding.labelled import read_labelled
from stance.corpus.terms import NO_TERMS
from stance.model.classify import predict
from stance.model.score import were_seen
from stance.model.split import splits
from stance.model.train import train

DATA = SHARED / "data"


def stance(*words: str) -> str:
    """Run a verb and return what it printed."""
    return subprocess.run(
        [sys.executable, "-m", "stance", *words, "--quiet"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip


def figures(table: str) -> dict[tuple[str, str], float]:
    """Return the estimates of the counted units by metric and label."""
    return {
        (row["metric"], row["label"]): float(row["estimate"])
        for row in csv.DictReader(io.StringIO(table))
        if row["stratum"] == "counted"
    }


def plain(texts: list[str], labels: list[str], held: list[str]) -> np.ndarray:
    """Return what the plain pipeline predicts."""
    pipeline = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        LogisticRegression(),
    )
    return pipeline.fit(texts, labels).predict(held)


def plain_over_folds(files: list[Path], group: str) -> float:
    """Return the plain pipeline's macro-F1 on the folds that stance uses."""
    data, _ = read_labelled(files, columns={"group": group} if group else {})
    texts, y = np.array(data.texts, dtype=object), data.y
    said = np.empty_like(y)
    for fold in splits(data, "document"):
        said[fold.held] = plain(texts[fold.inside], y[fold.inside], texts[fold.held])
    return f1_score(y, said, average="macro")


def train_and_test(folder: str, *, context: int = 0, **columns: str) -> tuple:
    """Train on a set's training part, as ``stance train`` does; judge on its test part.

    The verb also tests the training part out of fold, which takes some ten times as
    long and is not what is asked here.
    """
    files = [DATA / folder / f"{part}.jsonl" for part in ("train", "test")]
    data, held = (
        read_labelled(
            file, columns=columns, context=context, targeted="target" in columns
        )[0]
        for file in files
    )
    model = train(data, terms=NO_TERMS, name=folder)
    fresh = np.flatnonzero(~were_seen(model, held.texts))
    gold = held.gold.take(fresh)
    said = predict(model, gold.unit_ids, [held.passages[at] for at in fresh])
    names = np.array(held.labels.names)[gold.y]
    texts = np.array(held.texts, dtype=object)[fresh]
    theirs = plain(data.texts, np.array(data.labels.names)[data.y], texts)
    print(f"  {folder}: {[b.spec.name for b in model.blocks]} {model.parameters}")
    return names, np.array(model.labels.names)[said.proba.argmax(axis=1)], theirs


def say(title: str, ours: float, theirs: float, n: int, started: float) -> None:
    """Print one line of the table."""
    print(
        f"{title:58} stance {ours:.3f}  plain {theirs:.3f}  gain {ours - theirs:+.3f}  "
        f"n {n}  ({time.time() - started:.0f} s)",
        flush=True,
    )


asked = sys.argv[1:] or ["argkp", "cap", "manifestos", "target"]
parts = [DATA / "argkp_stance" / f"{p}.jsonl" for p in ("train", "dev", "test")]
if "argkp" in asked:
    start = time.time()
    table = stance(
        "evaluate", "--data", *map(str, parts), "--group", "target",
        "--target", "target", "--split", "document",
    )  # fmt: skip
    n = sum(len(rows(part)) for part in parts)
    theirs = plain_over_folds(parts, "target")
    say(
        "argkp, folds of 31 motions",
        figures(table)["macro_f1", "all"],
        theirs,
        n,
        start,
    )
    start = time.time()
    gold, ours, theirs = train_and_test("argkp_stance", group="target", target="target")
    first, second = (f1_score(gold, said, average="macro") for said in (ours, theirs))
    say("argkp, test part", first, second, len(gold), start)
for name, folder, least, context in (
    ("cap", "cap_usbills", 5, 0),
    ("manifestos", "uk_manifestos_crowd", 1, 2),
):
    if name not in asked:
        continue
    start = time.time()
    gold, ours, theirs = train_and_test(folder, context=context)
    kept = [name for name, n in Counter(gold.tolist()).items() if n >= least]
    first, second = (
        f1_score(gold, said, labels=kept, average="macro") for said in (ours, theirs)
    )
    say(f"{folder}, {len(kept)} labels", first, second, len(gold), start)
if "target" in asked:
    for options in ((), ("--target", "target")):
        start = time.time()
        table = stance(
            "evaluate", "--data", str(parts[0]), "--split", "document", *options
        )
        title = f"argkp, within the training motions {' '.join(options)}"
        ours = figures(table)["macro_f1", "all"]
        say(title, ours, plain_over_folds(parts[:1], ""), len(rows(parts[0])), start)
