"""Accuracy, side by side in one run: commonest frame, words, anchors, the model.

    python tests/bench/accuracy.py            validation: units with odd ids only
    python tests/bench/accuracy.py --final    validation: all, and the even half

Left: leaving one document out over the seeds, settings and calibration made anew
without the document. Right: paragraphs of White House briefings coded twice, where both
coders agree; mean F1 of cooperation and competition over gold with a frame
(countermeasure has three).
"""

import sys

import numpy as np
from common import ROOT, validation

from stance.measure.evaluate import confusion, scores_of
from stance.model.features import pipeline
from stance.coding.labelled import from_corpus
from stance.model.project import read_project
from stance.model.score import probabilities
from stance.model.store import load
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


def f1(y, predicted, labels):
    """Return the mean F1 over some labels."""
    return scores_of(confusion(y, predicted, len(names)))["f1"][list(labels)].mean()


def seed_scores(data, predicted, units):
    """Return the ways of counting: as the issue's bar says, and the others."""
    y = data.y[units]
    counted = data.counted[units]
    framed = counted & (y < FRAMES)
    languages = np.array([data.languages[unit] for unit in units])
    masks = {
        "counted": counted,
        "gold with a frame": framed,
        "twins counted twice": np.ones(len(units), bool),
        "Chinese": languages == "zh",
    }
    return {
        name: (f1(y[mask], predicted[mask], range(FRAMES)), int(mask.sum()))
        for name, mask in masks.items()
    }


def show(title, scores, predicted):
    """Print one row of the table."""
    left = "  ".join(f"{name} {f:.3f} (n {n})" for name, (f, n) in scores.items())
    right = "  ".join(
        f"{name} {f1(gold[mask], predicted[mask], range(2)):.3f} (n {mask.sum()})"
        for name, mask in parts.items()
    )
    print(
        f"{title}\n  seeds, one document out: {left}\n  validation: {right}", flush=True
    )


units = np.flatnonzero(~with_anchors.anchor)
commonest = np.bincount(with_anchors.y[with_anchors.counted]).argmax()
show(
    f"(a) always {names[commonest]}",
    seed_scores(with_anchors, np.full(len(units), commonest), units),
    np.full(len(gold), commonest),
)
for title, data, sets in (
    ("(b) words, seeds alone", seeds_alone, [("words",)]),
    ("(c) words, seeds and anchors", with_anchors, [("words",)]),
):
    tested = cross_fit(data, terms=project.terms, block_sets=sets, n_jobs=2)
    model = train(data, terms=project.terms, name="baseline", block_sets=sets)
    show(
        title,
        seed_scores(data, tested.proba.argmax(axis=1), tested.units),
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
    seed_scores(seeds_alone, held_out, units),
    plain.predict(texts),
)
model = load(ROOT / "models" / project.codebook.name)
tested = cross_fit(with_anchors, terms=project.terms, n_jobs=2)
show(
    f"(d) the shipped model {model.digest[:12]}",
    seed_scores(with_anchors, tested.proba.argmax(axis=1), tested.units),
    probabilities(model, texts).argmax(axis=1),
)
