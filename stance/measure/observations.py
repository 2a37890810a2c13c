"""Observations: documents that are mostly one text, or translations, count as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stance.coding.column import column_of, tied

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stance.coding.predictions import Gold

    Ints = NDArray[np.integer]

#: Documents are one observation where so much of the shorter stands in the other.
SHARED_PART = 0.5


def observations(gold: Gold) -> Ints:
    """Return the number of each unit's observation, in the order of their first unit.

    A document is one with another where at least half of its units share a key with a
    unit there, such as a text or a twin; a chain of such documents is one, too.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from stance.testing import coded
    >>> gold, _ = coded("2012: 00 | .1 | 11 .1 .0")
    >>> copy = ("text:1",)
    >>> observations(replace(gold, keys=(copy, (), copy, (), ())))
    array([0, 1, 0, 0, 0])
    """
    firsts, document = column_of(gold.documents).firsts()
    rows, keys = _shared(*tied(gold.keys), document)
    if not len(rows):
        return document
    size = np.bincount(document)
    edges = _edges(rows, keys, document, size)
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = max(len(size), int(edges.max(initial=0)) + 1)
    graph = coo_array((np.ones(edges.shape[1]), tuple(edges)), shape=(n, n))
    joined = connected_components(graph, directed=False)[1][: len(firsts)]
    _, first, number = np.unique(joined, return_index=True, return_inverse=True)
    in_order: Ints = np.argsort(np.argsort(first))[number]
    return in_order[document]


def _shared(rows: Ints, keys: Ints, document: Ints) -> tuple[Ints, Ints]:
    """Return the units and keys of those keys that stand in two documents."""
    first = np.zeros(keys.max(initial=-1) + 1, dtype=int)
    first[keys] = document[rows]
    is_shared = np.zeros(len(first), dtype=bool)
    is_shared[keys[document[rows] != first[keys]]] = True
    kept = is_shared[keys]
    return rows[kept], keys[kept]


def _edges(rows: Ints, keys: Ints, document: Ints, size: Ints) -> Ints:
    """Return what is joined, shape (2, n): documents, or a document and a hub.

    Hubs have numbers above those of the documents. Where documents are so short that
    one shared unit is enough, all of a key are one. Elsewhere those with the same
    shared keys are looked at together: a heading in all documents makes no pairs.
    """
    least = np.ceil(SHARED_PART * size)
    hub = np.zeros(keys.max() + 1, dtype=bool)
    hub[keys[least[document[rows]] <= 1]] = True
    own, n = hub[keys], len(size)
    found = [np.stack([document[rows[own]], n + keys[own]])]
    if not own.all():
        joined = _alike(rows[~own], keys[~own], document, least)
        joined[1] += n + len(hub)
        found.append(joined)
    return np.concatenate(found, axis=1)


def _alike(rows: Ints, keys: Ints, document: Ints, least: Ints) -> Ints:
    """Return documents and the kinds they are joined to: of the same shared keys."""
    documents, held, _ = _pairs(document[rows], keys)
    begins = np.flatnonzero(np.diff(documents, prepend=-1))
    numbers: dict[bytes, int] = {}
    kind = np.zeros(len(least), dtype=int)
    kind[documents[begins]] = [
        numbers.setdefault(own.tobytes(), len(numbers))
        for own in np.split(held, begins[1:])
    ]
    by_key, of, _ = _pairs(held, kind[documents])
    start = np.searchsorted(by_key, np.arange(keys.max() + 2))
    n_shared = np.bincount(document[np.unique(rows)], minlength=len(least))
    able = (n_shared >= least)[document[rows]]
    rows, keys = rows[able], keys[able]
    times = start[keys + 1] - start[keys]
    at = np.repeat(start[keys] - np.cumsum(times) + times, times)
    # A unit counts once, however many keys it shares with a kind.
    units, kinds, _ = _pairs(np.repeat(rows, times), of[at + np.arange(len(at))])
    who, kinds, count = _pairs(document[units], kinds)
    is_tied = count >= least[who]
    members = documents[begins]
    members = members[np.isin(kind[members], kinds[is_tied])]
    return np.stack(
        [
            np.concatenate([who[is_tied], members]),
            np.concatenate([kinds[is_tied], kind[members]]),
        ]
    )


def _pairs(first: Ints, second: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the pairs that occur, in order, and how often."""
    n = int(second.max(initial=0)) + 1
    both, count = np.unique(first * n + second, return_counts=True)
    return both // n, both % n, count
