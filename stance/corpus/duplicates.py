"""What must stay in one fold: paragraphs of a document, twins, the same text twice."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from math import ceil
from typing import TypeVar

from stance.corpus.document import text_digest
from stance.corpus.language import HAN
from stance.corpus.normalise import normalise

Key = TypeVar("Key", str, int)
CHUNK = re.compile(f"[{HAN}]|[^\\s{HAN}]+")  # normalised once, wherever it stands
WORD = re.compile(f"[{HAN}]|[^\\W_{HAN}]+(?:'[^\\W_{HAN}]+)*")
#: Of a run of words as a number; with over 2 million different words two may be one.
LARGEST = 2**64 - 1
SLACK = 1e-9  # a bound may not round up and lose a pair


def _root(parent: dict[Key, Key], key: Key) -> Key:
    """Return the key that stands for all that are joined to this one."""
    while parent.setdefault(key, key) != key:
        parent[key] = parent[parent[key]]
        key = parent[key]
    return key


def components(keys: Sequence[Iterable[str]]) -> list[int]:
    """Return the group of each unit: units that share a key are in one group.

    Keys are such as a unit's document and the digest of its text. Two units are in one
    group if a chain of shared keys joins them. Groups are numbered in order of their
    first unit.

    Examples
    --------
    >>> components([["a"], ["b"], ["a", "x"], ["c", "x"]])
    [0, 1, 0, 0]
    """
    parent: dict[str, str] = {}
    firsts: list[str] = []
    for unit in keys:
        roots = [_root(parent, key) for key in unit]
        for other in roots[1:]:
            parent[_root(parent, other)] = _root(parent, roots[0])
        firsts.append(roots[0])
    numbers: dict[str, int] = {}
    return [numbers.setdefault(_root(parent, first), len(numbers)) for first in firsts]


def duplicates(texts: Sequence[str]) -> list[list[int]]:
    r"""Return the positions of texts that stand more than once, white space folded.

    Examples
    --------
    >>> duplicates(["Eased.", "Tightened.", " Eased.\n"])
    [[0, 2]]
    """
    places: dict[str, list[int]] = {}
    for at, text in enumerate(texts):
        places.setdefault(text_digest(text), []).append(at)
    return [found for found in places.values() if len(found) > 1]


def _shingles(texts: Iterable[str]) -> list[array[int]]:
    """Return the runs of three words of each text as numbers, each once."""
    number: dict[str, int] = {}
    rows = [
        array("I", [number.setdefault(c, len(number)) for c in CHUNK.findall(text)])
        for text in texts
    ]
    words = [WORD.findall(normalise(chunk).text.lower()) for chunk in number]
    number = {word: at for at, word in enumerate(sorted({*chain(*words)}), 1)}
    spelled = [[number[word] for word in chunk] for chunk in words]
    base = len(number) + 1
    runs: list[array[int]] = []
    for chunks in rows:
        # Padding puts the words at both ends in three runs, as all others, and gives
        # texts of one or two words runs. Without it a 不 before 应当禁止它们 leaves
        # 0.8, and so does, with single words, a 'not' in 'We should ban it'.
        row = [0, 0, *chain.from_iterable(spelled[chunk] for chunk in chunks), 0, 0]
        triples = zip(row, row[1:], row[2:], strict=False) if len(row) > 4 else ()
        found = {((a * base + b) * base + c) & LARGEST for a, b, c in triples}
        runs.append(array("Q", found))
    return runs


def _shared(rows: Sequence[array[int]]) -> list[array[int]]:
    """Return of each row what stands in others too, as ranks, the rarest first.

    Most runs of words stand in one text alone. They are told first, and with little
    memory, by places that nothing else falls on.
    """
    n_places = 4 * sum(map(len, rows)) + 1
    met = bytearray(n_places)
    for row in rows:
        for run in row:
            place = run % n_places
            met[place] = min(2, met[place] + 1)
    often = Counter(run for row in rows for run in row if met[run % n_places] == 2)
    ranked = sorted(run for run, times in often.items() if times > 1)
    ranked.sort(key=often.__getitem__)
    rank = {run: at for at, run in enumerate(ranked)}
    return [array("I", sorted(rank[run] for run in row if run in rank)) for row in rows]


def _spanning(
    rows: Sequence[array[int]], threshold: float
) -> Iterator[tuple[int, int, float]]:
    """Yield pairs that span the components, by prefix filtering, short rows first.

    A row's prefix begins with the runs of no other row: what is left of it is as much
    shorter as the row without them.
    """
    sizes = [len(row) for row in rows]
    shared = _shared(rows)
    parent: dict[int, int] = {}
    index: dict[int, dict[int, list[int]]] = {}  # rows by run, then by component

    def share(runs: frozenset[int], n: int, other: int) -> float:
        common = len(runs.intersection(shared[other]))
        return common / (n + sizes[other] - common)

    for at in sorted(range(len(rows)), key=lambda at: (sizes[at], shared[at])):
        n, tried, row = sizes[at], set[int](), shared[at]
        runs = frozenset(row)
        least = threshold * n - SLACK
        prefix = row[: max(0, len(row) - ceil(least) + 1)]
        looked_up = (index.get(run, {}) for run in prefix)
        for key, block in chain.from_iterable(map(dict.items, looked_up)):
            if _root(parent, key) == _root(parent, at):
                continue  # joined already: this keeps boilerplate linear
            fresh = (b for b in block if sizes[b] >= least and b not in tried)
            alike = next((b for b in fresh if share(runs, n, b) >= threshold), None)
            if alike is None:
                tried.update(block)
            else:
                parent[_root(parent, at)] = _root(parent, alike)
                yield at, alike, share(runs, n, alike)
        mine = _root(parent, at)
        # Rows to come are longer.
        least = 2 * threshold / (1 + threshold) * n - SLACK
        for run in row[: max(0, len(row) - ceil(least) + 1)]:
            blocks = index.setdefault(run, {})
            for key in [key for key in blocks if _root(parent, key) == mine != key]:
                blocks.setdefault(mine, []).extend(blocks.pop(key))
            blocks.setdefault(mine, []).append(at)


def near_duplicates(
    texts: Sequence[str], *, threshold: float = 0.8
) -> list[tuple[int, int, float]]:
    """Return pairs of texts that are the same but for a few words.

    Texts joined by a chain of such pairs are one component, and the pairs only span it:
    5,000 alike give 4,999. Two texts that are no pair may still be alike. It is exact
    (PPJoin: Xiao et al., 2011, *ACM TODS* 36(3)), so components depend on no order, and
    quadratic only where many texts share their rarest runs and are not alike.

    Parameters
    ----------
    texts : sequence of str
        English, Chinese or both. Case and punctuation do not count.
    threshold : float, default 0.8
        Least Jaccard similarity of the sets of runs of three words or Han characters,
        above 0 and at most 1. At 0.8 a word added, even a 'not', parts texts of up to
        19 words, and a word changed texts of up to 24.

    Returns
    -------
    list of (int, int, float)
        Positions, ascending, and similarity: 1.0 from the first of `duplicates` to each
        of its copies. A text without words has no pairs but these.

    Examples
    --------
    >>> near_duplicates(["Do ban it", "Do not ban it", "Do ban it!"])
    [(0, 2, 1.0)]
    """
    # Seen in manifestos, work reports and arguments: 0.9 finds little but punctuation;
    # 0.8 adds sentences with a word or two changed, all the same text; 0.7 headings of
    # two five-year plans; 0.6 'to stop hate posts' with 'to stop hate speech'.
    if not 0 < threshold <= 1:
        raise ValueError(f"threshold must lie above 0 and at most 1, got {threshold}")
    pairs = [(at, copy, 1.0) for at, *rest in duplicates(texts) for copy in rest]
    places = sorted({*range(len(texts))} - {copy for _, copy, _ in pairs})
    for a, b, share in _spanning(_shingles(texts[at] for at in places), threshold):
        pairs.append((places[min(a, b)], places[max(a, b)], share))
    return sorted(pairs)
