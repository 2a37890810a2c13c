"""The term table on a whole batch: what `TermTable.find` finds, at all places at once.

Forms of several words are walked word by word through a tree kept in a hash table: from
each word that begins a form, with the gap before the next word and the next word's
class. A form with upper-case letters, or of a shape that the tree has not, is looked at
by `TermTable` itself where it may stand. Chinese forms are walked by character.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from stance.corpus.terms import _find
from stance.model.scan.batch import Batch, ranges
from stance.model.scan.codes import HAN
from stance.model.scan.hashing import Ints
from stance.model.scan.term_tree import BLANKS, Matcher, step_keys


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """The matches in a batch, in order of place, disjoint.

    ``rank`` is the place of the form in ``Matcher.entries``; ``start`` and ``end`` are
    places in the codes of the batch.
    """

    start: Ints
    end: Ints
    rank: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The words of scripts with blanks in a batch, and what the matcher says of each.

    ``node``, ``single``, ``odd`` are of `Matcher.begins`, ``word`` of `word_class`; all
    have shape (n_words,).
    """

    start: Ints
    end: Ints
    node: Ints
    single: Ints
    odd: Ints
    word: Ints


def matches_of(
    m: Matcher, batch: Batch, words: Words, edges: tuple[Ints, Ints, Ints]
) -> Matches:
    """Return the matches in a batch: leftmost first, longest form first, disjoint.

    Parameters
    ----------
    m : Matcher
        Of the term table.
    batch : Batch
        Texts.
    words : Words
        Its words of scripts with blanks, in order.
    edges : (ndarray, ndarray, ndarray)
        Start and end of every word, Han words too, in order, and the least length of a
        match that may cut it.

    Returns
    -------
    Matches
        As `TermTable.find` gives them text by text.
    """
    parts = [_walk_words(m, batch, words)]
    if batch.is_wide and m.han.by_length:
        parts.append(_walk_han(m, batch, edges))
    start, end, rank = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.lexsort((rank, start))
    order = order[np.diff(start[order], prepend=-1) > 0]  # the lowest rank of a place
    return _disjoint(start[order], end[order], rank[order])


def _walk_words(m: Matcher, batch: Batch, words: Words) -> tuple[Ints, Ints, Ints]:
    """Return start, end and rank of every form that begins with a word."""
    one = np.flatnonzero(words.single >= 0)
    found = [(one, one, words.single[one])]
    at = here = np.flatnonzero(words.node)
    node = words.node[at]
    gap_of = _gap_reader(m, batch)
    last = len(words.start) - 1
    while len(at):
        go = np.flatnonzero(here < last)
        at, node, here = at[go], node[go], here[go] + 1
        go = np.flatnonzero(words.word[here])
        at, node, here = at[go], node[go], here[go]
        gap = gap_of(words.end[here - 1], words.start[here])
        steps = m.tree.table.find(step_keys(node, gap, words.word[here]))
        go = np.flatnonzero(steps >= 0)
        at, here, steps = at[go], here[go], steps[go]
        rank = m.tree.flat[ranges(m.tree.edges[steps], m.tree.edges[steps + 1])]
        sizes = m.tree.edges[steps + 1] - m.tree.edges[steps]
        found.append((np.repeat(at, sizes), np.repeat(here, sizes), rank))
        node = m.tree.next[steps]
        go = np.flatnonzero(node)
        at, node, here = at[go], node[go], here[go]
    first, final, rank = (np.concatenate(part) for part in zip(*found, strict=True))
    return _asked(m, batch, words, first, final, rank)


def _gap_reader(m: Matcher, batch: Batch) -> Callable[[Ints, Ints], NDArray[np.uint64]]:
    """Return a function that numbers the gaps between words as the forms have them."""

    def read(start: Ints, end: Ints) -> NDArray[np.uint64]:
        code, size = batch.codes[start].astype(np.int64), end - start
        second = batch.codes[start + 1].astype(np.int64)
        one = size == 1
        short = (size < 3) & (code < 128) & (one | ((second > 0) & (second < 128)))
        gap = m.short_gaps[np.where(short, code + np.where(one, 0, 128 * second), 0)]
        for at in np.flatnonzero(~short).tolist():
            text = batch.text(int(start[at]), int(end[at]))
            gap[at] = m.gaps.get(BLANKS.sub(" ", text), 0)
        return gap

    return read


def _asked(
    m: Matcher, batch: Batch, words: Words, first: Ints, final: Ints, rank: Ints
) -> tuple[Ints, Ints, Ints]:
    """Let the term table look where a form has capitals or an odd shape."""
    start, end = words.start[first], words.end[final]
    sure = np.ones(len(rank), bool)
    for at in np.flatnonzero(m.cased[rank]).tolist():
        text = batch.text(int(start[at]), int(end[at]))
        sure[at] = _is_form(m.entries[rank[at]][0], text)
    odd = np.flatnonzero(words.odd)
    if len(odd):
        odd = odd[(words.odd[odd] == 1) | batch.is_wide]
        sure &= ~np.isin(first, odd)
    more: list[tuple[int, int, int]] = []
    known, text = -1, ""
    texts = np.searchsorted(batch.bounds, words.start[odd], side="right") - 1
    for at, of in zip(odd.tolist(), texts.tolist(), strict=True):
        shift = int(batch.bounds[of])
        if of != known:
            known, text = of, batch.text(shift, int(batch.bounds[of + 1]) - 1)
        begin, stop = int(words.start[at]) - shift, int(words.end[at]) - shift
        if entry := m.terms._find_word(text, begin, text[begin:stop]):
            form, term, language, stop = entry
            place = m.rank[form, term.concept, language]
            more.append((begin + shift, stop + shift, place))
    extra = np.array(more, np.int64).reshape(-1, 3)
    return (
        np.concatenate((start[sure], extra[:, 0])),
        np.concatenate((end[sure], extra[:, 1])),
        np.concatenate((rank[sure], extra[:, 2])),
    )


@lru_cache(maxsize=2**14)
def _is_form(form: str, text: str) -> bool:
    return _find(form, text, 0) == len(text)


def _walk_han(
    m: Matcher, batch: Batch, edges: tuple[Ints, Ints, Ints]
) -> tuple[Ints, Ints, Ints]:
    """Return start, end and rank of the longest Chinese form that may stand a place."""
    start, end, rank = m.han.find(batch.codes, np.flatnonzero(batch.classes & HAN))
    left, right = _cut_length(start, edges), _cut_length(end, edges)
    size = end - start
    single = size == 1
    stands = np.where(
        single,
        (left == 0) & (right == 0),
        ((left == 0) | (right == 0)) & (np.maximum(left, right) <= size),
    )
    start, end, rank, size = start[stands], end[stands], rank[stands], size[stands]
    order = np.lexsort((-size, start))
    order = order[np.diff(start[order], prepend=-1) > 0]
    return start[order], end[order], rank[order]


def _cut_length(place: Ints, edges: tuple[Ints, Ints, Ints]) -> Ints:
    """Return the length of the word that an edge would cut, 0 where it cuts none."""
    starts, ends, lengths = edges
    at = np.searchsorted(starts, place, side="left") - 1
    return np.where((at >= 0) & (ends[at] > place), lengths[at], 0)


def _disjoint(start: Ints, end: Ints, rank: Ints) -> Matches:
    """Return the matches without those that begin within one that was taken."""
    if not len(start):
        return Matches(start, end, rank)
    reach = np.maximum.accumulate(end)
    clear = np.concatenate(([True], start[1:] >= reach[:-1]))
    kept = clear.copy()
    free = 0
    for at in np.flatnonzero(~clear | np.append(~clear[1:], False)).tolist():
        kept[at] = start[at] >= free
        if kept[at]:
            free = end[at]
    return Matches(start[kept], end[kept], rank[kept])
