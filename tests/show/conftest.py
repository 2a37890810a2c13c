"""A model made by hand, small enough to check its sums on paper, and golden files."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stance.coding.codebook import LabelSet
from stance.coding.predictions import Gold, HeldOut, Predictions
from stance.corpus.terms import parse_terms
from stance.model.blocks import NO_CUE, SPECS
from stance.model.model import Block, Model
from stance.model.tested import summary

GOLDEN = Path(__file__).parents[1] / "golden"
TERMS = """\
concept,en,zh,frame,role,note
export_control,export control*,出口管制,competition,cue,
cooperation,cooperat*,合作,cooperation,lean,
"""
#: Term, training texts, weights for cooperation, competition, none.
WORDS = [
    ("both", 9, 2.0, -1.0, -1.0),
    ("side", 7, 1.0, 0.5, -1.5),
    ("both side", 5, 1.0, 0.0, -1.0),
    ("eas", 4, 2.0, -1.5, -0.5),
    ("export_control@en", 8, -1.5, 2.5, -1.0),
    ("eas export_control@en", 3, 1.0, -1.0, 0.0),
    ("tariff", 6, -1.0, 1.5, -0.5),
    ("双方", 9, 1.5, -1.0, -0.5),
    ("同意", 6, 1.5, -0.5, -1.0),
    ("放宽", 3, 2.0, -1.5, -0.5),
    ("export_control@zh", 8, -1.0, 2.0, -1.0),
    ("放宽 export_control@zh", 3, 1.0, -1.0, 0.0),
    ("关税", 6, -1.5, 2.0, -0.5),
]
CUES = [
    (NO_CUE, 20, -0.1, -0.1, 0.2),
    ("competition/cue@en", 8, -0.5, 1.0, -0.5),
    ("competition/cue@zh", 8, -0.5, 1.0, -0.5),
    ("cooperation/lean@en", 5, 1.0, -0.5, -0.5),
    ("cooperation/lean@zh", 5, 1.0, -0.5, -0.5),
]


@pytest.fixture(scope="session")
def toy() -> Model:
    """Return a model of three labels with the blocks words and cues."""
    return Model(
        name="toy",
        labels=LabelSet(("cooperation", "competition", "none"), ("none",)),
        blocks=tuple(
            Block(
                SPECS[name],
                tuple(row[0] for row in rows),
                np.ones(len(rows)),
                np.array([row[1] for row in rows], dtype=np.uint64),
            )
            for name, rows in (("words", WORDS), ("cues", CUES))
        ),
        coef=np.array([row[2:] for row in WORDS + CUES]).T.copy(),
        intercept=np.array([0.25, 0.5, -0.75]),
        calibration=np.array([[1.0]]),
        seen=np.array([], dtype=np.uint64),
        terms=parse_terms(TERMS.encode()),
        digest="0123456789abcdef",
    )


def _said(gold: Gold, rng: np.random.Generator, fold: int) -> Predictions:
    """Return probabilities that are right more often than not, of four decimals."""
    n, k = len(gold.y), len(gold.labels.names)
    scores = rng.normal(size=(n, k)) + 1.5 * np.eye(k)[gold.y]
    proba = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    no = np.zeros(n, dtype=bool)
    return Predictions(
        gold.unit_ids, gold.labels, proba.round(4), no, np.arange(n) // 10 + fold, no
    )


@pytest.fixture(scope="session")
def tested(toy: Model) -> Model:
    """Return the small model with predictions for 90 units of nine documents.

    Two repeats and words alone; every tenth unit is a twin that is not counted.
    """
    rng = np.random.default_rng(7)
    documents = np.arange(90) // 10
    gold = Gold(
        labels=toy.labels,
        unit_ids=tuple(f"d{d}:p{n:03}" for n, d in enumerate(documents)),
        documents=tuple(f"d{d}" for d in documents),
        languages=tuple("en" if n % 3 else "zh" for n in range(90)),
        dates=tuple(str(2015 + d // 3) for d in documents),
        sources=tuple("日报" if d % 2 else "A|B\nDaily" for d in documents),
        y=rng.integers(3, size=90),
        counted=np.arange(90) % 10 != 9,
    )
    runs = [_said(gold, rng, fold) for fold in (0, 0, 0)]
    held = HeldOut(gold, (runs[0], runs[1]), runs[2])
    return replace(toy, tested=held, evaluation=summary(held))


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], str]:
    """Return the text of a golden file; UPDATE_GOLDEN=1 writes it first."""

    def call(name: str, found: str) -> str:
        path = GOLDEN / name
        if os.environ.get("UPDATE_GOLDEN") == "1":
            path.write_text(found, encoding="utf-8", newline="\n")
        return path.read_text(encoding="utf-8")

    return call
