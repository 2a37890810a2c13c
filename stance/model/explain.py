"""Which words moved a document, and the model as a whole: exact, additive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stance.corpus.language import HAN_RUN
from stance.corpus.normalise import normalise
from stance.model.blocks import NO_CUE
from stance.model.evidence import Evidence, all_contributions
from stance.model.model import Model

if TYPE_CHECKING:
    from stance.model.classify import Labelled

LANGUAGES = ("any", "en", "zh")
WORD_BLOCKS = {"words", "forms"}
#: They repeat words, belong to other paragraphs, or to one target: not whole-model.
REPEATING_BLOCKS = {"chars", "context", "target"}


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
        document = item.unit.document_id
        each = all_contributions(model, item.passage)
        for label, found in zip(model.labels.names, each, strict=True):
            sums = weights.setdefault((document, label), defaultdict(float))
            for e in found:
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
