"""Texts to probabilities from the stored arrays: numpy only, no scikit-learn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stance.corpus.document import Passage, text_digest
from stance.corpus.normalise import normalise
from stance.model.blocks import NO_CUE
from stance.model.found import Part, parts_of, views_of
from stance.model.model import Block, Model
from stance.model.scan.hashing import first_equal

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    Ints = NDArray[np.signedinteger]
    Floats = NDArray[np.float64]

#: Characters that are scored at once: more do not fit into the processor's cache.
BATCH = 400_000
#: Blocks with fewer terms are counted in a full table.
FEW_TERMS = 64


def seen_key(text: str) -> int:
    """Return the number under which a model remembers a training text.

    White space is folded, between Han characters it is gone.

    Examples
    --------
    >>> seen_key("Eased.") == seen_key(" Eased. ")
    True
    """
    return _key(normalise(text).text)


def _key(view: str) -> int:
    return int(text_digest(view)[:16], 16)


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """The values of one part of a block's features, each feature of a text once.

    Attributes
    ----------
    part : Part
        Its occurrences.
    row, column : ndarray of int, shape (n_values,)
        Text, in ascending order, and feature within the block.
    value : ndarray, shape (n_values,)
        Tf-idf before the norm.
    count : ndarray of int, shape (n_values,)
        How many occurrences share it.
    same : ndarray of int, shape (n_occurrences,)
        For each occurrence the last one of its feature in its text.
    scale : ndarray, shape (n_texts,)
        What norm and weight make of the values of each text.
    """

    part: Part
    row: Ints
    column: Ints
    value: Floats
    count: Ints
    same: Ints
    scale: Floats

    def weights(self, coef: Floats) -> Floats:
        """Return what each occurrence adds, from the weight of each value's feature."""
        each = np.empty(len(self.same))
        added = coef * self.value * self.scale[self.row] / self.count
        each[np.flatnonzero(np.bincount(self.same))] = added
        return each.take(self.same)


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Texts as a model scores them.

    Attributes
    ----------
    scores : ndarray, shape (n_texts, n_labels)
        Uncalibrated: intercept plus the sum of all terms' contributions.
    known : ndarray of bool, shape (n_texts,)
        False where the scores are the intercepts alone: no term was known.
    weighed : list of (Block, int, list of Weighed)
        Of each block, its first column in ``model.coef``, and its parts.
    """

    scores: Floats
    known: NDArray[np.bool_]
    weighed: list[tuple[Block, int, list[Weighed]]]


def _count(part: Part, n_terms: int) -> tuple[Ints, Ints, Ints]:
    """Return the last occurrence of each feature of a text, counts, and `same`."""
    if n_terms <= FEW_TERMS:
        keys = part.row * n_terms + part.column
        last = np.zeros(int(keys.max()) + 1, np.int64)
        last[keys] = np.arange(len(keys))
        same = last[keys]
    else:
        same = first_equal((part.row << 32 | part.column).view(np.uint64))
    total = np.bincount(same, minlength=len(same))
    seen = np.flatnonzero(total)
    return seen, total.take(seen), same


def weigh(block: Block, parts: Sequence[Part], n_texts: int) -> list[Weighed]:
    """Return the values of a block's features in texts.

    Parameters
    ----------
    block : Block
        Features that it does not know are left out before the norm, as scikit-learn's
        ``TfidfVectorizer`` does.
    parts : sequence of Part
        Where they occur.
    n_texts : int
        Numbers of texts lie below it.

    Returns
    -------
    list of Weighed
        One a part.
    """
    spec = block.spec
    counted = []
    size = np.zeros(n_texts)
    for part in parts:
        if not len(part.row):
            continue
        last, count, same = _count(part, len(block.terms))
        row, column = part.row.take(last), part.column.take(last)
        value = (part.times * count).astype(np.float64)
        if spec.sublinear_tf:
            many = np.flatnonzero(value > 1)
            value[many] = np.log(value[many]) + 1.0
        if spec.use_idf:
            value *= block.idf.take(column)
        first = _firsts(row)
        weight = value * value if spec.norm == "l2" else np.abs(value)
        size[row[first]] += np.add.reduceat(weight, first)
        counted.append((part, row, column, value, count, same))
    if spec.norm == "l2":
        size = np.sqrt(size)
    scale = spec.weight / np.where(size > 0, size, 1.0)
    return [Weighed(*entry, scale) for entry in counted]


def _firsts(row: Ints) -> Ints:
    """Return where each text begins in an ascending array of text numbers."""
    return np.flatnonzero(np.diff(row, prepend=-1))


def score(model: Model, texts: Sequence[str | Passage]) -> Scored:
    """Return the uncalibrated scores of texts, and the values they come from.

    Every number of a text is the same to the bit whatever texts are scored with it.
    All are held at once: `slices` cuts a long list.
    """
    n = len(texts)
    scores = np.repeat(model.intercept[None], n, axis=0)
    known = np.zeros(n, bool)
    parts = parts_of(model, texts)
    weighed = []
    offset = 0
    for block in model.blocks:
        coef = model.coef[:, offset : offset + len(block.terms)]
        here = weigh(block, parts[block.spec.name], n)
        total = np.zeros_like(scores)
        no_cue = block.index.get(NO_CUE, -1)
        for w in here:
            first = _firsts(w.row)
            row = w.row.take(first)
            moved = np.empty(len(w.value))
            for label, weights in enumerate(coef):
                weights.take(w.column, out=moved)
                moved *= w.value
                total[row, label] += np.add.reduceat(moved, first)
            known[row if no_cue < 0 else w.row[w.column != no_cue]] = True
        scores += total * here[0].scale[:, None] if here else total
        weighed.append((block, offset, here))
        offset += len(block.terms)
    return Scored(scores, known, weighed)


def slices(texts: Sequence[str | Passage], *, size: int = BATCH) -> Iterator[slice]:
    """Yield slices of texts that hold about so many characters together.

    Examples
    --------
    >>> list(slices(["abc", "d", "ef"], size=3))
    [slice(0, 1, None), slice(1, 3, None)]
    """
    lengths = [len(t) if isinstance(t, str) else len(t.text) for t in texts]
    start = n = 0
    for at, length in enumerate(lengths, start=1):
        n += length
        if n >= size:
            yield slice(start, at)
            start, n = at, 0
    if start < len(texts):
        yield slice(start, len(texts))


def feature_names(model: Model) -> tuple[str, ...]:
    """Return the name of each column of ``model.coef``: its block and its term."""
    return tuple(
        f"{block.spec.name}: {term}" for block in model.blocks for term in block.terms
    )


def features_of(model: Model, texts: Sequence[str | Passage]) -> csr_matrix:
    """Return the values of the model's features in each text.

    Parameters
    ----------
    model : Model
        Its blocks are used as stored.
    texts : sequence of str or Passage
        Source texts.

    Returns
    -------
    scipy.sparse.csr_matrix, shape (n_texts, n_terms)
        Times the transpose of ``model.coef``, and with the intercepts added, it is what
        `score` returns. Columns are called as in `feature_names`.
    """
    from scipy.sparse import coo_matrix

    rows, columns, values = [np.empty(0, int)], [np.empty(0, int)], [np.empty(0)]
    for piece in slices(texts):
        for _, offset, weighed in score(model, texts[piece]).weighed:
            rows += [w.row + piece.start for w in weighed]
            columns += [w.column + offset for w in weighed]
            values += [w.value * w.scale[w.row] for w in weighed]
    shape = (len(texts), model.coef.shape[1])
    places = np.concatenate(rows), np.concatenate(columns)
    return coo_matrix((np.concatenate(values), places), shape=shape).tocsr()


def calibrate(
    scores: NDArray[np.float64], calibration: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return probabilities from scores: by each label's sigmoid, or a softmax.

    Parameters
    ----------
    scores : ndarray, shape (..., n_labels)
        Uncalibrated.
    calibration : ndarray, shape (n_labels, 2) or (1, 1)
        Slope a and offset b of each label; or the one inverse temperature.

    Returns
    -------
    ndarray, shape (..., n_labels)
        Sums to 1 over the labels.

    Examples
    --------
    >>> calibrate(np.array([2.0, -2.0]), np.array([[-1.0, 0.0], [-1.0, 0.0]])).round(2)
    array([0.88, 0.12])
    """
    if calibration.shape == (1, 1):
        scaled = calibration[0, 0] * scores
        grown = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
        shares: NDArray[np.float64] = grown / grown.sum(axis=-1, keepdims=True)
        return shares
    exponent = calibration[:, 0] * scores + calibration[:, 1]
    each = np.exp(-np.logaddexp(0.0, exponent))
    total = each.sum(axis=-1, keepdims=True)
    even = np.full_like(each, 1.0 / each.shape[-1])
    np.divide(each, total, out=even, where=total > 0)
    return even


def probabilities(model: Model, texts: Sequence[str | Passage]) -> Floats:
    """Return the calibrated probability of each label for each text.

    Returns
    -------
    ndarray, shape (n_texts, n_labels)
        Columns in the order of ``model.labels``.
    """
    scores = np.empty((len(texts), len(model.labels.names)))
    for piece in slices(texts):
        scores[piece] = score(model, texts[piece]).scores
    return calibrate(scores, model.calibration)


def were_seen(model: Model, texts: Sequence[str]) -> NDArray[np.bool_]:
    """Whether the model was trained on these very texts, white space folded.

    Returns
    -------
    ndarray of bool, shape (n_texts,)
    """
    keys = np.array([_key(view) for view in views_of(texts)], np.uint64)
    at = np.searchsorted(model.seen, keys)
    known: NDArray[np.bool_] = at < len(model.seen)
    known[known] = model.seen[at[known]] == keys[known]
    return known
