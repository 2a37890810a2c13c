"""Accuracy, side by side in one run: commonest frame, words, anchors, the model.

    python tests/bench/accuracy.py            validation: units with odd ids only
    python tests/bench/accuracy.py --final    validation: all, and the even half

Seeds: leaving one document out, settings and calibration made anew without the
document. Validation: paragraphs of White House briefings coded twice, where both
coders agree; mean F1 of cooperation and competition over gold with a frame
(countermeasure has three). Last: what abstaining buys there, and calibration.
"""

import sys

import numpy as np
from common import ROOT, validation

from stance.coding.codebook import LabelSet
from stance.coding.labelled import from_corpus
from stance.coding.predictions import Gold
from stance.measure.evaluate import confusion, scores_of
from stance.measure.reliability import calibration_error, perfect_error
from stance.model.abstain import error_by_coverage
from stance.model.features import pipeline
from stance.model.project import read_project
from stance.model.score import probabilities
from stance.model.store import load_tested
from stance.model.train import cross_fit, train

FRAMES = 3
project = read_project(ROOT / "seeds", checked=True)
with_anchors = project.labelled()
seeds_alone = from_corpus(project.corpus, project.annotations, project.codebook)
names = with_anchors.labels.names
judged = [unit for unit in validation() if names.index(unit["label"]) < FRAMES]
texts = [unit["text"] for unit in judged]
gold = np.array([names.index(unit["label"]) for unit in judged])
odd = np.array([int(unit["id"][1:]) % 2 == 1 for unit in judged])
parts = {"odd ids": odd}
if "--final" in sys.argv:
    parts = {"all": np.ones(len(odd), bool), "even ids": ~odd, "odd ids": odd}
units = np.flatnonzero(~with_anchors.anchor)
seeds = with_anchors.gold.take(units)
masks = {
    "counted": seeds.counted,
    "gold with a frame": seeds.counted & (seeds.y < FRAMES),
    "twins counted twice": np.ones(len(units), bool),
    "Chinese": np.array(seeds.languages) == "zh",
}


def f1(y, predicted, labels):
    """Return the mean F1 over some labels."""
    return scores_of(confusion(y, predicted, len(names)))["f1"][list(labels)].mean()


def show(title, on_seeds, on_validation):
    """Print one row of the table."""
    left = "  ".join(
        f"{name} {f1(seeds.y[m], on_seeds[m], range(FRAMES)):.3f} (n {m.sum()})"
        for name, m in masks.items()
    )
    right = "  ".join(
        f"{name} {f1(gold[m], on_validation[m], range(2)):.3f} (n {m.sum()})"
        for name, m in parts.items()
    )
    print(
        f"{title}\n  seeds, one document out: {left}\n  validation: {right}", flush=True
    )


commonest = np.bincount(seeds.y[seeds.counted]).argmax()
show(
    f"(a) always {names[commonest]}",
    np.full(len(units), commonest),
    np.full(len(gold), commonest),
)
for title, data in (
    ("(b) words, seeds alone", seeds_alone),
    ("(c) words, seeds and anchors", with_anchors),
):
    words = [("words",)]
    tested = cross_fit(data, terms=project.terms, block_sets=words, n_jobs=2)
    model = train(data, terms=project.terms, name="baseline", block_sets=words)
    show(
        title,
        tested.proba.argmax(axis=1),
        probabilities(model, texts).argmax(axis=1),
    )
plain = pipeline(["words"], C=10.0, terms=project.terms)
held_out = np.zeros(len(seeds_alone.y), dtype=int)
seed_texts = np.array(seeds_alone.texts, dtype=object)
for group in np.unique(seeds_alone.groups):
    inside = seeds_alone.groups != group
    plain.fit(seed_texts[inside], seeds_alone.y[inside])
    held_out[~inside] = plain.predict(seed_texts[~inside])
plain.fit(seed_texts, seeds_alone.y)
show(
    "(b') the same with C=10 fixed, neither balanced nor calibrated",
    held_out,
    plain.predict(texts),
)
model = load_tested(ROOT / "models" / project.codebook.name)
own = model.tested.repeats[0].proba
proba = probabilities(model, texts)
show(
    f"(d) the shipped model {model.digest[:12]}",
    own.argmax(axis=1),
    proba.argmax(axis=1),
)
for name, mask in parts.items():
    rows = np.flatnonzero(mask)
    blank = ("",) * len(rows)
    part = Gold(
        LabelSet(names), blank, blank, blank, blank, blank, gold[rows],
        np.ones(len(rows), bool),
    )  # fmt: skip
    kept = error_by_coverage(part, proba[rows])
    table = ", ".join(f"{k.share:.0%} {k.error:.3f} (n {k.n_units})" for k in kept)
    print(f"error of the surest, validation, {name}: {table}")
counted = seeds.counted
error = calibration_error(seeds.y[counted], own[counted])
print(
    f"calibration error out of fold: {error:.3f}; 95 % of perfectly calibrated models "
    f"stay below {perfect_error(own[counted]):.3f} (n {counted.sum()})"
)
