"""Which words moved a paragraph, a document, the model as a whole: exact, additive."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stance.corpus.document import Passage
from stance.corpus.language import HAN_RUN
from stance.corpus.normalise import normalise
from stance.corpus.tokens import Analysis, analyse
from stance.model.blocks import NO_CUE, occurrences
from stance.model.model import Model
from stance.model.score import block_values

if TYPE_CHECKING:
    from stance.model.classify import Labelled

LANGUAGES = ("any", "en", "zh")
WORD_BLOCKS = {"words", "forms"}
#: They repeat words, belong to other paragraphs, or to one target: not whole-model.
REPEATING_BLOCKS = {"chars", "context", "target"}


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


@dataclass(frozen=True, slots=True)
class TermWeight:
    """One of a label's heaviest terms; ``n_texts`` training texts hold it."""

    label: str
    language: str
    block: str
    term: str
    weight: float
    n_texts: int
    rank: int


@dataclass(frozen=True, slots=True)
class DocumentTerm:
    """What a term adds to a label's scores, summed over a document's paragraphs."""

    document_id: str
    label: str
    term: str
    weight: float
    n_occurrences: int
    n_paragraphs: int


def contributions(
    model: Model, text: str | Passage, label: str
) -> tuple[Evidence, ...]:
    """Return what every occurrence of every known term adds to a label's score.

    Parameters
    ----------
    model : Model
        Its weights are used as stored.
    text : str or Passage
        Source text.
    label : str
        One of the model's.

    Returns
    -------
    tuple of Evidence
        In order of place. The weights and the label's intercept sum to its score, the
        one that calibration takes. A term that occurs n times gives each occurrence
        one n-th of its contribution. What stands in no place of the text (a neighbour's
        token, the target) has place (0, 0) and the feature as its term.

    Raises
    ------
    ValueError
        If the model has no such label.
    """
    own = text.text if isinstance(text, Passage) else text
    return _contributions(model, analyse(text, model.terms), own, label)


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
            weight = share[feature] / n[feature]
            start, end = analysis.view.span(first, last) if last else (0, 0)
            term = text[start:end] or feature  # a neighbour's word has no place here
            found.append(Evidence(term, weight, start, end, block.spec.name, feature))
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
        is_shown = item.end and item.feature != NO_CUE
        if is_shown and (wordless or item.block != "chars"):
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


def strongest(model: Model, *, n: int = 10) -> tuple[TermWeight, ...]:
    """Return the terms that speak most for each label, in each language.

    A weight is the coefficient times the block's weight: what the term adds to the
    score of a text in which the block knows nothing else, and so the most it can add.

    Parameters
    ----------
    model : Model
        Its weights are used as stored.
    n : int, default 10
        How many at most for each label and language; only what speaks for the label.

    Returns
    -------
    tuple of TermWeight
        By label in the model's order, then cues of ``any`` language, English, Chinese,
        heaviest first, ties by term. A term is Chinese if it holds Han characters or is
        a Chinese form of the term table, else English. Those of the table are called by
        their concept, and features of the block ``cues`` by their label. ``chars``,
        ``context`` and ``target`` are left out where the model has words, and so is the
        share of the text that is no cue.

    Notes
    -----
    Weights of different blocks are not on one scale. In ``words`` a value is tf-idf
    over the Euclidean norm of the text, so that a paragraph of a hundred words gives
    each less than a tenth of its weight. In ``cues`` it is the share of the text's
    tokens, a few per cent as a rule. Read cues and words as two lists; what moved a
    text is told by `contributions` and `moved`. A weight from few texts is little
    evidence.
    """
    columns = list(_columns(model))
    rows: list[TermWeight] = []
    for at, label in enumerate(model.labels.names):
        for language in LANGUAGES:
            weighed = [
                (float(model.coef[at, column]) * size, block, term, n_texts)
                for column, size, block, term, known, n_texts in columns
                if known == language
            ]
            heavy = sorted(
                (entry for entry in weighed if entry[0] > 0),
                key=lambda entry: (-entry[0], entry[2], entry[1]),
            )
            rows += [
                TermWeight(label, language, block, term, weight, n_texts, rank)
                for rank, (weight, block, term, n_texts) in enumerate(heavy[:n], 1)
            ]
    return tuple(rows)


def _columns(model: Model) -> Iterator[tuple[int, float, str, str, str, int]]:
    """Yield column, block weight, block, shown term, language, count of each term."""
    has_words = any(block.spec.name in WORD_BLOCKS for block in model.blocks)
    column = 0
    for block in model.blocks:
        name, size = block.spec.name, block.spec.weight
        is_left_out = has_words and name in REPEATING_BLOCKS
        for term, n_texts in zip(block.terms, block.n_texts.tolist(), strict=True):
            if not is_left_out and term != NO_CUE:
                shown = _shown(term)
                yield column, size, name, shown, _language(term, name), n_texts
            column += 1


def _language(feature: str, block: str) -> str:
    if block == "cues" and "@" not in feature:
        return "any"
    is_table = any(word.endswith("@zh") for word in feature.split())
    return "zh" if is_table or HAN_RUN.search(feature) else "en"


def _shown(feature: str) -> str:
    """Return a feature with the terms of the table called by their concept alone."""
    words = (
        word.removesuffix("@en").removesuffix("@zh") for word in feature.split(" ")
    )
    return " ".join(words)


def moved(
    items: Iterable[Labelled], model: Model, *, n: int = 10
) -> tuple[DocumentTerm, ...]:
    """Return the terms that moved each document towards each label, and away from it.

    Parameters
    ----------
    items : iterable of Labelled
        As `stance.model.classify.classify` yields them; those without label are left
        out. Read once, their texts are not kept.
    model : Model
        The one that labelled them.
    n : int, default 10
        How many terms at most that speak for a label, and how many against it.

    Returns
    -------
    tuple of DocumentTerm
        By document, then label in the model's order, then weight, heaviest for the
        label first, heaviest against it last; ties by term. Untruncated, the weights
        of a document and label sum to its paragraphs' scores less their intercepts.

    Notes
    -----
    A term is the text's own words, in lower case: what several blocks count at one
    place is added up and is one occurrence. What stands in no place of the text is
    called by its feature and block, and the share of it that is no cue by its name.
    The terms tell how this model read the document, not what the document argues.
    """
    weights: dict[tuple[str, str], dict[str, float]] = {}
    places: dict[tuple[str, str], set[tuple[int, int, int]]] = defaultdict(set)
    for at, item in enumerate(items):
        if not item.label:
            continue
        document, text = item.unit.document_id, item.unit.text
        analysis = analyse(item.passage, model.terms)
        for label in model.labels.names:
            sums = weights.setdefault((document, label), defaultdict(float))
            for e in _contributions(model, analysis, text, label):
                term = _term(e)
                sums[term] += e.weight
                places[document, term].add((at, e.start, e.end))
    return tuple(
        DocumentTerm(
            document,
            label,
            term,
            sums[term],
            len(places[document, term]),
            len({at for at, _, _ in places[document, term]}),
        )
        for (document, label), sums in weights.items()
        for term in _ends(sums, n)
    )


def _term(e: Evidence) -> str:
    """Return what an occurrence is called in a document."""
    if e.feature == NO_CUE:
        return NO_CUE
    if not e.end:
        return f"{_shown(e.feature)} ({e.block})"
    return " ".join(normalise(e.term).text.lower().split())


def _ends(sums: dict[str, float], n: int) -> list[str]:
    """Return the n heaviest terms above zero and the n heaviest below it, sorted."""
    order = sorted(sums, key=lambda term: (-sums[term], term))
    above = [term for term in order if sums[term] > 0]
    below = [term for term in order if sums[term] < 0]
    return above[:n] + below[max(0, len(below) - n) :]
