"""Paragraphs to labels, with probabilities and the evidence for them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np

from stance.coding.predictions import Predictions
from stance.corpus.document import Paragraph, Passage
from stance.corpus.tokens import analyse
from stance.model.abstain import Thresholds, abstains, prediction_sets
from stance.model.explain import Evidence, evidence
from stance.model.model import Model
from stance.model.score import calibrate, decision, probabilities, was_seen


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
    """Label paragraphs one after the other, in their order.

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
    for unit, found in zip(units, read, strict=passages is not None):
        passage = found or Passage(unit.text)
        seen = was_seen(model, unit.text)
        if not unit.counted:
            yield Labelled(unit, "", False, seen, (), (), passage)
            continue
        analysis = analyse(found or unit.text, model.terms)
        scores, is_known = decision(model, analysis)
        if not is_known:
            yield Labelled(unit, "", True, seen, (), (), passage)
            continue
        proba = calibrate(scores, model.calibration)
        label = model.labels.names[int(proba.argmax())]
        why = evidence(model, analysis, unit.text, label, n=n_evidence)
        abstained = False
        if thresholds:
            kept = prediction_sets(proba[None], [unit.language], thresholds)
            abstained = bool(abstains(kept)[0])
            label = "" if abstained else model.labels.names[int(kept.argmax())]
        shares = tuple(map(float, proba))
        yield Labelled(unit, label, abstained, seen, shares, why, passage)


def predict(
    model: Model,
    unit_ids: Sequence[str],
    passages: Sequence[Passage],
    step: Callable[[], None] = lambda: None,
) -> Predictions:
    """Return a model's predictions for units, as an evaluation takes them.

    Parameters
    ----------
    model : Model
        Trained on other texts: what it has seen is marked.
    unit_ids, passages : sequence
        Of the units, in order.
    step : callable, optional
        Called after each unit.
    """
    proba = np.empty((len(passages), len(model.labels.names)))
    for at, passage in enumerate(passages):
        proba[at] = probabilities(model, [passage])[0]
        step()
    seen = np.array([was_seen(model, passage.text) for passage in passages], dtype=bool)
    no = np.zeros(len(passages), dtype=bool)
    return Predictions(
        tuple(unit_ids), model.labels, proba, no, no.astype(int) - 1, seen
    )
