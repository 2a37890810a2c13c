"""Paragraphs to labels, with probabilities and the evidence for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np

from stance.corpus.document import Paragraph, Passage
from stance.model.evidence import Evidence, evidence
from stance.model.model import Model
from stance.model.score import (
    BATCH,
    calibrate,
    probabilities,
    score,
    slices,
    were_seen,
)

if TYPE_CHECKING:
    from stance.coding.predictions import Predictions
    from stance.model.abstain import Thresholds


@dataclass(frozen=True, slots=True)
class Labelled:
    """A paragraph with the model's label.

    ``label`` is empty, and there are no probabilities, for what is not content (a
    heading, a byline) and where the model knows no term of the text. It is empty too
    where the model abstains in doubt; then ``evidence`` is for the likeliest label.
    ``seen``: the model was trained on this very text. ``proba`` has the model's labels
    in order.
    """

    unit: Paragraph
    label: str
    abstained: bool
    seen: bool
    proba: tuple[float, ...]
    evidence: tuple[Evidence, ...]
    passage: Passage


def classify(
    units: Iterable[Paragraph],
    model: Model,
    *,
    passages: Iterable[Passage] | None = None,
    thresholds: Thresholds | None = None,
    n_evidence: int = 6,
) -> Iterator[Labelled]:
    """Label paragraphs in their order, some hundred thousand characters at once.

    Parameters
    ----------
    units : iterable of Paragraph
        Read once and not kept.
    model : Model
        As `stance.model.store.load` gives it.
    passages : iterable of Passage, optional
        Of the units, where the model reads neighbours or targets.
    thresholds : Thresholds, optional
        By language: then a unit whose prediction set holds more than one label, or
        none, gets no label.
    n_evidence : int, default 6
        How many stretches of evidence a paragraph gets at most.

    Yields
    ------
    Labelled
        One a paragraph.
    """
    read: Iterable[Passage | None] = repeat(None) if passages is None else passages
    batch: list[tuple[Paragraph, Passage]] = []
    n = 0
    for unit, found in zip(units, read, strict=passages is not None):
        batch.append((unit, found or Passage(unit.text)))
        n += len(unit.text)
        if n >= BATCH:
            yield from _labelled(batch, model, thresholds, n_evidence)
            batch, n = [], 0
    if batch:
        yield from _labelled(batch, model, thresholds, n_evidence)


def _labelled(
    batch: Sequence[tuple[Paragraph, Passage]], model: Model,
    thresholds: Thresholds | None, n_evidence: int,
) -> Iterator[Labelled]:  # fmt: skip
    """Yield the labels of some paragraphs."""
    seen = were_seen(model, [unit.text for unit, _ in batch]).tolist()
    counted = [passage for unit, passage in batch if unit.counted]
    scored = score(model, counted)
    proba = calibrate(scored.scores, model.calibration)
    best = proba.argmax(axis=1)
    why = evidence(model, counted, scored, best, n=n_evidence)
    known, shares, labels = scored.known.tolist(), proba.tolist(), best.tolist()
    row = -1
    for (unit, passage), was_seen in zip(batch, seen, strict=True):
        if not unit.counted:
            yield Labelled(unit, "", False, was_seen, (), (), passage)
            continue
        row += 1
        if not known[row]:
            yield Labelled(unit, "", True, was_seen, (), (), passage)
            continue
        label, abstained = model.labels.names[labels[row]], False
        if thresholds:
            from stance.model.abstain import abstains, prediction_sets

            kept = prediction_sets(proba[row][None], [unit.language], thresholds)
            abstained = bool(abstains(kept)[0])
            label = "" if abstained else model.labels.names[int(kept.argmax())]
        share = tuple(shares[row])
        yield Labelled(unit, label, abstained, was_seen, share, why[row], passage)


def predict(
    model: Model,
    unit_ids: Sequence[str],
    passages: Sequence[Passage],
    step: Callable[[int], None] = lambda n: None,
) -> Predictions:
    """Return a model's predictions for units, as an evaluation takes them.

    Parameters
    ----------
    model : Model
        Trained on other texts: what it has seen is marked.
    unit_ids, passages : sequence
        Of the units, in order.
    step : callable, optional
        Called with a number of units now and then, as they are done.
    """
    from stance.coding.predictions import Predictions

    proba = np.empty((len(passages), len(model.labels.names)))
    for piece in slices(passages):
        proba[piece] = probabilities(model, passages[piece])
        step(piece.stop - piece.start)
    seen = were_seen(model, [passage.text for passage in passages])
    no = np.zeros(len(passages), dtype=bool)
    return Predictions(
        tuple(unit_ids), model.labels, proba, no, no.astype(int) - 1, seen
    )
