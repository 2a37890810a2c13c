"""Which words moved a paragraph: exact, additive, mapped to the source text."""

from collections import Counter
from dataclasses import dataclass

from stance.corpus.tokens import Analysis, analyse
from stance.model.blocks import NO_CUE, occurrences
from stance.model.model import Model
from stance.model.score import block_values


@dataclass(frozen=True, slots=True)
class Evidence:
    """A stretch of the text and what it adds to the score of one label.

    ``term`` is the text's own words, ``source[start:end]``; ``block`` and ``feature``
    say what the model counted there.
    """

    term: str
    weight: float
    start: int
    end: int
    block: str
    feature: str


def contributions(model: Model, text: str, label: str) -> tuple[Evidence, ...]:
    """Return what every occurrence of every known term adds to a label's score.

    Parameters
    ----------
    model : Model
        Its weights are used as stored.
    text : str
        Source text.
    label : str
        One of the model's.

    Returns
    -------
    tuple of Evidence
        In order of place. The weights and the label's intercept sum to its score, the
        one that calibration takes. A term that occurs n times gives each occurrence
        one n-th of its contribution.

    Raises
    ------
    ValueError
        If the model has no such label.
    """
    return _contributions(model, analyse(text, model.terms), text, label)


def _contributions(
    model: Model, analysis: Analysis, text: str, label: str
) -> tuple[Evidence, ...]:
    if label not in model.labels.names:
        names = ", ".join(model.labels.names)
        raise ValueError(f"label {label!r} is not one of the model's: {names}")
    row = model.coef[model.labels.names.index(label)]
    found: list[Evidence] = []
    offset = 0
    for block in model.blocks:
        here = [
            o for o in occurrences(analysis, block.spec.name) if o[0] in block.index
        ]
        columns, values = block_values(block, (feature for feature, _, _ in here))
        n = Counter(feature for feature, _, _ in here)
        share = {
            block.terms[column]: float(row[offset + column] * value)
            for column, value in zip(columns, values, strict=True)
        }
        for feature, first, last in here:
            start, end = analysis.view.span(first, last)
            weight = share[feature] / n[feature]
            found.append(
                Evidence(text[start:end], weight, start, end, block.spec.name, feature)
            )
        offset += len(block.terms)
    return tuple(sorted(found, key=lambda e: (e.start, e.end, e.block, e.feature)))


def evidence(
    model: Model, analysis: Analysis, text: str, label: str, *, n: int = 6
) -> tuple[Evidence, ...]:
    """Return the stretches of a text that speak most for a label.

    What several blocks count at one place is added up; the same words at several
    places are one entry, at the first, with their sum.

    Parameters
    ----------
    model, analysis, text, label
        The text as `stance.corpus.tokens.analyse` sees it with the model's terms.
    n : int, default 6
        How many at most.

    Returns
    -------
    tuple of Evidence
        Heaviest first, ties by term; only what speaks for the label. Runs of
        characters are left out where the model has other blocks: they repeat words.
    """
    wordless = {block.spec.name for block in model.blocks} == {"chars"}
    merged: dict[str, list[Evidence]] = {}
    for item in _contributions(model, analysis, text, label):
        if item.feature != NO_CUE and (wordless or item.block != "chars"):
            merged.setdefault(item.term.lower(), []).append(item)
    sums = [
        Evidence(
            items[0].term,
            sum(item.weight for item in items),
            items[0].start,
            items[0].end,
            items[0].block,
            items[0].feature,
        )
        for items in merged.values()
    ]
    strong = [item for item in sums if item.weight > 0]
    return tuple(sorted(strong, key=lambda e: (-e.weight, e.term))[:n])
