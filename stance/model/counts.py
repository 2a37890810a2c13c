"""Feature counts of all texts: each is analysed once, n-grams are whole numbers.

A text's units (tokens, or characters) are kept as numbers; a run of units is the number
of the run that is one shorter, and a unit. Runs in fewer texts than the block asks for
are dropped before longer ones are made of them: no longer run can be in more texts.
What is left is what scikit-learn's ``CountVectorizer`` counts, in the same order, to
the bit, at a fraction of its time and memory (``tests/bench/training.py count``).
"""

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from stance.coding.labelled import LabelledSet
from stance.corpus.terms import TermTable
from stance.corpus.tokens import Analysis, analyse
from stance.model.blocks import SPECS, occurrences
from stance.model.split import Rows

#: How many units the features of a block are runs of, in the order in which
#: `occurrences` lists them; of the other blocks each feature is a unit.
LENGTHS = {"words": (1, 2), "forms": (1, 2, 3), "chars": (2, 3, 4)}
#: What stands between the units of a run.
BLANK = {"words": " ", "forms": " ", "chars": ""}
EVERY = 1000

Integers = NDArray[np.integer]


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Feature counts of all texts, counted once; folds use rows and columns of them.

    Features in fewer texts than their block asks for are left out: no fold has more.

    Attributes
    ----------
    data : LabelledSet
        The units that the rows are.
    block_sets : tuple of tuple of str
        Those to choose from.
    extras : tuple of str
        Blocks that may be added.
    matrices : dict of str to csr_matrix
        Of each block, shape (n_texts, n_terms).
    names : dict of str to ndarray of str
        Terms of each block in column order, ascending.
    """

    data: LabelledSet
    block_sets: tuple[tuple[str, ...], ...]
    extras: tuple[str, ...]
    matrices: dict[str, sp.csr_matrix]
    names: dict[str, NDArray[np.str_]]


@dataclass(frozen=True, slots=True, eq=False)
class _Units:
    """The units of all texts, one after the other, numbered by first occurrence."""

    numbers: dict[str, int] = field(default_factory=dict)
    all: "array[int]" = field(default_factory=lambda: array("i"))
    ends: "array[int]" = field(default_factory=lambda: array("q"))

    def add(self, units: Sequence[str]) -> None:
        """Append the units of a text."""
        numbers = self.numbers
        self.all.extend([numbers.setdefault(unit, len(numbers)) for unit in units])
        self.ends.append(len(self.all))


def count(
    data: LabelledSet, terms: TermTable, block_sets: Sequence[tuple[str, ...]],
    extras: Sequence[str] = (), progress: Callable[[str], None] | None = None,
) -> Counts:  # fmt: skip
    """Count the features of every block that may be used.

    Parameters
    ----------
    data : LabelledSet
        Its texts are counted, coded or not.
    terms : TermTable
        For tokens and cues.
    block_sets, extras
        As for `Counts`.
    progress : callable, optional
        Called with a line of text now and then.
    """
    blocks = sorted({block for blocks in block_sets for block in blocks} | set(extras))
    # A run of two words could otherwise be spelt as a protected term of two.
    is_plain = not any(" " in term.concept for term in terms.terms)
    lengths = {
        block: LENGTHS.get(block, (1,)) if is_plain or block == "chars" else (1,)
        for block in blocks
    }
    units = {block: _Units() for block in blocks}
    for at, passage in enumerate(data.passages):
        if progress and at % EVERY == 0:
            progress(f"counting: {at:,} of {len(data.passages):,} texts")
        analysis = analyse(passage, terms)
        for block in blocks:
            units[block].add(_units(analysis, block, lengths[block]))
    matrices, names = {}, {}
    for block in blocks:
        found = units.pop(block)
        matrices[block], names[block] = _counted(found, block, lengths[block])
    return Counts(data, tuple(block_sets), tuple(extras), matrices, names)


def take(counts: Counts, rows: Rows) -> Counts:
    """Return the counts of some of the texts, without the texts themselves."""
    data = counts.data
    few = replace(
        data,
        gold=data.gold.take(rows),
        passages=(),
        groups=data.groups[rows],
        anchor=data.anchor[rows],
        near=(),
    )
    matrices = {block: matrix[rows] for block, matrix in counts.matrices.items()}
    return replace(counts, data=few, matrices=matrices)


def _units(analysis: Analysis, block: str, lengths: tuple[int, ...]) -> list[str]:
    """Return the units that the features of a block are runs of."""
    found = [feature for feature, _, _ in occurrences(analysis, block)]
    if lengths == (1,):
        return found
    if lengths[0] == 1:
        return found[: len(analysis.tokens)]
    n_pairs = max(0, len(analysis.view.text) - 1)
    return [pair[0] for pair in found[:n_pairs]] + [p[1] for p in found[:n_pairs][-1:]]


def _counted(
    units: _Units, block: str, lengths: tuple[int, ...]
) -> tuple[sp.csr_matrix, NDArray[np.str_]]:
    """Return how often each run is in each text, and the runs' names, ascending.

    Within a row the columns stand in order of their first occurrence in any text, as
    scikit-learn leaves them: sums over a row are then the same to the last digit.
    """
    ids = np.frombuffer(units.all, dtype=np.int32)
    ends = np.frombuffer(units.ends, dtype=np.int64)
    of = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))
    min_df = SPECS[block].min_df
    single, runs = np.full(len(ids), -1), ids.astype(np.int64)
    firsts: list[tuple[Integers, int]] = []
    parts: list[sp.csr_matrix] = []
    for length in range(1, lengths[-1] + 1):
        starts = np.flatnonzero(runs[: len(ids) - length + 1] >= 0)
        keys = runs[starts]
        if length > 1:
            last = starts + length - 1
            whole = (single[last] >= 0) & (of[starts] == of[last])
            starts, last = starts[whole], last[whole]
            keys = keys[whole] * (int(single.max(initial=0)) + 1) + single[last]
        matrix, first, runs_of = _often(keys, of[starts], len(ends), min_df)
        runs = np.full(len(ids), -1)
        runs[starts] = runs_of
        if length == 1:
            single = runs
        if length in lengths:
            parts.append(matrix)
            firsts.append((starts[first], length))
    return _ordered(parts, firsts, units, of, BLANK.get(block, ""))


def _often(
    keys: Integers, of: Integers, n_texts: int, min_df: int
) -> tuple[sp.csr_matrix, Integers, Integers]:
    """Return the counts of the keys in many texts, their first places, their numbers.

    The last is of each place: -1 where its key is in too few texts.
    """
    _, first, number, often = np.unique(
        keys, return_index=True, return_inverse=True, return_counts=True
    )
    columns = np.where(often >= min_df, np.cumsum(often >= min_df) - 1, -1)
    first, number = first[often >= min_df], columns[number]
    used = number >= 0
    edges = np.concatenate([[0], np.cumsum(np.bincount(of[used], minlength=n_texts))])
    matrix = sp.csr_matrix(
        (np.ones(int(used.sum()), np.int32), number[used].astype(np.int32), edges),
        shape=(n_texts, len(first)),
    )
    matrix.sum_duplicates()
    kept = np.bincount(matrix.indices, minlength=len(first)) >= min_df
    columns = np.where(kept, np.cumsum(kept) - 1, -1)
    number[used] = columns[number[used]]
    return matrix[:, np.flatnonzero(kept)], first[kept], number


def _ordered(
    parts: list[sp.csr_matrix], firsts: Sequence[tuple[Integers, int]], units: _Units,
    of: Integers, blank: str,
) -> tuple[sp.csr_matrix, NDArray[np.str_]]:  # fmt: skip
    """Put the runs of all lengths in the order of their names."""
    types, ids = list(units.numbers), units.all
    names = np.array(
        [
            blank.join([types[unit] for unit in ids[start : start + length]])
            for starts, length in firsts
            for start in starts.tolist()
        ],
        dtype=object,
    )
    place = np.concatenate([starts for starts, _ in firsts])
    kind = np.repeat([length for _, length in firsts], [len(s) for s, _ in firsts])
    seen = np.lexsort((place, kind, of[place]))
    rank = np.empty_like(seen)
    rank[seen] = np.arange(len(seen))
    matrix = sp.hstack(parts, format="csr")
    matrix.indices = rank.astype(np.int32)[matrix.indices]
    matrix.has_sorted_indices = False
    matrix.sort_indices()
    ascending = np.argsort(names, kind="stable")
    column = np.empty_like(ascending)
    column[ascending] = np.arange(len(ascending))
    matrix.indices = column[seen].astype(np.int32)[matrix.indices]
    matrix.has_sorted_indices = False
    return matrix, names[ascending]
