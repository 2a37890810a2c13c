"""Which words of a text speak for a label: exact, additive, mapped to the source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stance.corpus.document import Passage
from stance.model.blocks import NO_CUE
from stance.model.model import Block, Model
from stance.model.scan.hashing import first_equal, mix
from stance.model.score import Scored, Weighed, score

if TYPE_CHECKING:
    from stance.model.found import Source
    from stance.model.score import Floats, Ints

#: Weights are equal where they differ by less: then the term decides.
DECIMALS = 12


class Evidence(NamedTuple):
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
    if label not in model.labels.names:
        names = ", ".join(model.labels.names)
        raise ValueError(f"label {label!r} is not one of the model's: {names}")
    at = model.labels.names.index(label)
    passage = Passage(text) if isinstance(text, str) else text
    return all_contributions(model, passage)[at]


def all_contributions(model: Model, passage: Passage) -> list[tuple[Evidence, ...]]:
    """Return the `contributions` of a text to each label, in the model's order."""
    scored = score(model, [passage])
    found: list[tuple[Evidence, ...]] = []
    for row in model.coef:
        items: list[Evidence] = []
        for block, offset, weighed in scored.weighed:
            for w in weighed:
                items += _occurrences(block, w, row[offset:], passage.text)
        items.sort(key=lambda e: (e.start, e.end, e.block, e.feature))
        found.append(tuple(items))
    return found


def _occurrences(
    block: Block, w: Weighed, row: Floats, text: str
) -> Iterator[Evidence]:
    """Yield what each occurrence of a part adds; ``row`` has the block's weights."""
    part = w.part
    weights = w.weights(row[w.column])
    start, end = (place.copy() for place in part.places())
    placed = np.flatnonzero(end)
    start[placed], end[placed] = part.source.spans(
        np.zeros_like(placed), start[placed], end[placed]
    )
    places = zip(start.tolist(), end.tolist(), strict=True)
    for (first, last), column, weight in zip(
        places, part.column.tolist(), weights.tolist(), strict=True
    ):
        feature = block.terms[column]
        term = text[first:last] or feature  # a neighbour's word has no place here
        yield Evidence(term, weight, first, last, block.spec.name, feature)


def evidence(
    model: Model, passages: Sequence[Passage], scored: Scored, labels: Ints, *,
    n: int = 6,
) -> list[tuple[Evidence, ...]]:  # fmt: skip
    """Return the stretches of each text that speak most for a label.

    What several blocks count at one place is added up; the same words at several
    places, upper or lower case, are one entry, at the first, with their sum.

    Parameters
    ----------
    model : Model
        Its weights are used as stored.
    passages : sequence of Passage
        Texts.
    scored : Scored
        Of these texts, by `stance.model.score.score`.
    labels : ndarray of int, shape (n_texts,)
        The label that is asked about, a place in ``model.labels``, for each text.
    n : int, default 6
        How many a text at most.

    Returns
    -------
    list of tuple of Evidence
        By text; heaviest first, ties by term; only what speaks for the label. Runs of
        characters are left out where the model has other blocks: they repeat words.
    """
    found: list[tuple[Evidence, ...]] = [()] * len(passages)
    shown = list(_shown(model, scored, labels))
    if not shown:
        return found
    parts = [part for part, _ in shown]
    which = np.repeat(np.arange(len(parts)), [len(table[0]) for _, table in shown])
    row, start, end, column, weight, keys = (
        np.concatenate(values) for values in zip(*(t for _, t in shown), strict=True)
    )
    group = first_equal(mix(keys, row.astype(np.uint64)))
    sums = np.asarray(np.bincount(group, weight, len(group)), np.float64)
    best = _best(row.astype(np.int64), sums, n)
    is_best = np.zeros(len(group), bool)
    is_best[best] = True
    member = np.flatnonzero(is_best[group])
    order = np.lexsort(
        (column[member], which[member], end[member], start[member], group[member])
    )
    member = member[order]
    member = member[np.flatnonzero(np.diff(group[member], prepend=-1))]
    lists: dict[int, list[Evidence]] = {}
    starts, ends = start[member], end[member]
    for number, (_, source) in enumerate(parts):
        own = np.flatnonzero(which[member] == number)
        starts[own], ends[own] = source.spans(row[member[own]], starts[own], ends[own])
    for r, number, c, weight_, first, last in zip(
        row[member].tolist(), which[member].tolist(), column[member].tolist(),
        sums[group[member]].tolist(), starts.tolist(), ends.tolist(), strict=True,
    ):  # fmt: skip
        block = parts[number][0]
        term = passages[r].text[first:last]
        item = Evidence(term, weight_, first, last, block.spec.name, block.terms[c])
        lists.setdefault(r, []).append(item)
    for r, items in lists.items():
        items.sort(key=lambda e: (-round(e.weight, DECIMALS), e.term))
        found[r] = tuple(items[:n])
    return found


def _shown(
    model: Model, scored: Scored, labels: Ints
) -> Iterator[tuple[tuple[Block, Source], tuple[np.ndarray, ...]]]:
    """Yield of each part the occurrences that can be shown, blocks by their name.

    Row, start, end, column, weight, and a key that is equal for equal words.
    """
    wordless = {block.spec.name for block in model.blocks} == {"chars"}
    blocks = sorted(scored.weighed, key=lambda entry: entry[0].spec.name)
    for block, offset, weighed in blocks:
        if block.spec.name == "chars" and not wordless:
            continue
        no_cue = block.index.get(NO_CUE, -1)
        for w in weighed:
            part = w.part
            weights = w.weights(model.coef[labels[w.row], offset + w.column])
            start, end = part.places()
            at = np.flatnonzero((end > 0) & (part.column != no_cue))
            if not len(at):
                continue
            row, start, end = part.row[at], start[at], end[at]
            keys = part.source.keys(row, start, end)
            table = (row, start, end, part.column[at], weights[at], keys)
            yield (block, part.source), table


def _best(row: Ints, sums: Floats, n: int) -> Ints:
    """Return the places of the n highest sums above 0 of each text, and of equal ones.

    ``sums`` is 0 where an occurrence is not the one that stands for its words.
    """
    place = np.flatnonzero(sums > 0)
    place = place[np.lexsort((-sums[place], row[place]))]
    first = np.flatnonzero(np.diff(row[place], prepend=-1))
    size = np.diff(np.append(first, len(place)))
    last = np.minimum(first + n, first + size) - 1
    least = np.repeat(sums[place[last]] - 10.0**-DECIMALS, size)
    return place[sums[place] >= least]
