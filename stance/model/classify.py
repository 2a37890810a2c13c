"""Paragraphs to labels, with probabilities and the evidence for them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stance.corpus.document import Paragraph
from stance.corpus.tokens import analyse
from stance.model.explain import Evidence, evidence
from stance.model.model import Model
from stance.model.score import calibrate, decision, was_seen


@dataclass(frozen=True, slots=True)
class Labelled:
    """A paragraph with the model's label.

    ``label`` is empty, and there are no probabilities, for what is not content (a
    heading, a byline) and where the model abstained: it knows no term of the text.
    ``seen``: the model was trained on this very text. ``proba`` has the model's labels
    in order.
    """

    unit: Paragraph
    label: str
    abstained: bool
    seen: bool
    proba: tuple[float, ...]
    evidence: tuple[Evidence, ...]


def classify(
    units: Iterable[Paragraph], model: Model, *, n_evidence: int = 6
) -> Iterator[Labelled]:
    """Label paragraphs one after the other, in their order.

    Parameters
    ----------
    units : iterable of Paragraph
        Read once and not kept.
    model : Model
        As `stance.model.store.load` gives it.
    n_evidence : int, default 6
        How many stretches of evidence a paragraph gets at most.

    Yields
    ------
    Labelled
        One a paragraph.
    """
    for unit in units:
        seen = was_seen(model, unit.text)
        if not unit.counted:
            yield Labelled(unit, "", False, seen, (), ())
            continue
        analysis = analyse(unit.text, model.terms)
        scores, is_known = decision(model, analysis)
        if not is_known:
            yield Labelled(unit, "", True, seen, (), ())
            continue
        proba = calibrate(scores, model.calibration)
        label = model.labels.names[int(proba.argmax())]
        found = evidence(model, analysis, unit.text, label, n=n_evidence)
        yield Labelled(unit, label, False, seen, tuple(map(float, proba)), found)
