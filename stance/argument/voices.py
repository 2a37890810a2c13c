"""Units cut into sentences, each with its voice: what shares by voice are taken over.

A paragraph has one label and may have several voices: what a paper says itself and what
it quotes. Reported by voice, the sentence is therefore the unit, and has the label, the
prediction and the chance to be drawn of its paragraph.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from stance.argument.attribution import attribution
from stance.coding.predictions import Gold, Predictions
from stance.corpus.sentences import sentences

T = TypeVar("T")


def by_statement(
    gold: Gold, predictions: Predictions, texts: Sequence[str]
) -> tuple[Gold, Predictions, tuple[str, ...]]:
    """Return sentences as units, and the voice of each.

    Parameters
    ----------
    gold : Gold
        The paragraphs, coded or not.
    predictions : Predictions
        Of the same paragraphs.
    texts : sequence of str
        Of the same paragraphs.

    Returns
    -------
    gold, predictions
        Of the sentences, called ``unit:s01``, ``unit:s02``: all but the id is that of
        the paragraph. A text without sentences has no unit.
    voices : tuple of str
        One of `VOICES` for each sentence.

    Raises
    ------
    ValueError
        If there are more texts than paragraphs, or fewer.

    Notes
    -----
    The sentences of a paragraph are no observations of their own: they were coded, and
    drawn, together. What estimates from them has to go by document, or by a census. A
    long paragraph counts for more than a short one. A label that the paragraph owes to
    its quotations is that of its other sentences, too.

    Examples
    --------
    >>> from stance.testing import coded
    >>> gold, predictions = coded("2012: 00 .1")
    >>> texts = "Exports fell. Zhou said that they will rise.", "双方应当合作。"
    >>> found, _, voices = by_statement(gold, predictions, texts)
    >>> found.unit_ids, found.y.tolist()
    (('u0:s01', 'u0:s02', 'u1:s01'), [0, 0, -1])
    >>> voices
    ('own', 'reported', 'own')
    """
    if len(texts) != len(gold.unit_ids):
        raise ValueError(f"{len(texts)} texts for {len(gold.unit_ids)} units")
    spans = [sentences(text) for text in texts]
    n = [len(found) for found in spans]
    voices = tuple(
        attribution(text[start:end]).voice
        for text, found in zip(texts, spans, strict=True)
        for start, end in found
    )
    unit_ids = _numbered(gold.unit_ids, n)
    statements = replace(
        gold,
        unit_ids=unit_ids,
        documents=_repeated(gold.documents, n),
        languages=_repeated(gold.languages, n),
        dates=_repeated(gold.dates, n),
        sources=_repeated(gold.sources, n),
        y=gold.y.repeat(n),
        counted=gold.counted.repeat(n),
        keys=_keys(gold.keys, n),
        designs=_repeated(gold.designs, n),
        probability=_repeated(gold.probability, n),
    )
    predicted = replace(
        predictions,
        unit_ids=_numbered(predictions.unit_ids, n),
        proba=predictions.proba.repeat(n, axis=0),
        abstained=predictions.abstained.repeat(n),
        fold=predictions.fold.repeat(n),
        seen=predictions.seen.repeat(n),
    )
    return statements, predicted, voices


def _repeated(column: Iterable[T], n: Sequence[int]) -> tuple[T, ...]:
    """Return each value as often as its paragraph has sentences; empty stays empty."""
    return tuple(v for v, times in zip(column, n, strict=False) for _ in range(times))


def _numbered(names: Iterable[str], n: Sequence[int]) -> tuple[str, ...]:
    """Return the ids of the sentences, counted within each paragraph from 1."""
    return tuple(
        f"{name}:s{number:02d}"
        for name, times in zip(names, n, strict=True)
        for number in range(1, times + 1)
    )


def _keys(
    keys: Iterable[tuple[str, ...]], n: Sequence[int]
) -> tuple[tuple[str, ...], ...]:
    """Return the keys of the sentences: those of the paragraph, but of the twins.

    Two units with one ``twin`` key are one paragraph that is counted twice, and the
    sentences of a paragraph are not.
    """
    return tuple(
        tuple(f"{k}:s{number:02d}" if k.startswith("twin:") else k for k in own)
        for own, times in zip(keys, n, strict=False)
        for number in range(1, times + 1)
    )
