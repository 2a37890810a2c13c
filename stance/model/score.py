"""Texts to probabilities from the stored arrays: numpy only, no scikit-learn."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from stance.corpus.document import Passage, text_digest
from stance.corpus.normalise import normalise
from stance.corpus.tokens import Analysis, analyse
from stance.model.blocks import NO_CUE, occurrences
from stance.model.model import Block, Model

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix


def seen_key(text: str) -> int:
    """Return the number under which a model remembers a training text.

    White space is folded, between Han characters it is gone.

    Examples
    --------
    >>> seen_key("Eased.") == seen_key(" Eased. ")
    True
    """
    return int(text_digest(normalise(text).text)[:16], 16)


def block_values(
    block: Block, features: Iterable[str]
) -> tuple[list[int], NDArray[np.float64]]:
    """Return the columns of a block that a text fills, sorted, and their values.

    Parameters
    ----------
    block : Block
        Features that it does not know are left out before the norm, as scikit-learn's
        ``TfidfVectorizer`` does.
    features : iterable of str
        As they occur in the text.

    Returns
    -------
    (list of int, ndarray)
        Column numbers within the block, and tf-idf values after norm and weight.
    """
    known = block.index
    counts = Counter(known[feature] for feature in features if feature in known)
    columns = sorted(counts)
    values = np.array([counts[column] for column in columns], dtype=np.float64)
    if block.spec.sublinear_tf:
        values = np.log(values) + 1.0
    if block.spec.use_idf:
        values *= block.idf[columns]
    size = 1.0
    if block.spec.norm == "l2":
        size = math.sqrt(float(values @ values))
    elif block.spec.norm == "l1":
        size = float(np.abs(values).sum())
    return columns, values * (block.spec.weight / size if size else 0.0)


def decision(model: Model, analysis: Analysis) -> tuple[NDArray[np.float64], bool]:
    """Return the uncalibrated score of each label, and whether any term was known.

    Returns
    -------
    (ndarray, bool)
        Shape (n_labels,): intercept plus the sum of all terms' contributions. The
        second is false where the scores are the intercepts alone.
    """
    scores = model.intercept.copy()
    offset, is_known = 0, False
    for block in model.blocks:
        found = (feature for feature, _, _ in occurrences(analysis, block.spec.name))
        columns, values = block_values(block, found)
        scores += model.coef[:, [offset + column for column in columns]] @ values
        offset += len(block.terms)
        is_known |= any(block.terms[column] != NO_CUE for column in columns)
    return scores, is_known


def feature_names(model: Model) -> tuple[str, ...]:
    """Return the name of each column of ``model.coef``: its block and its term."""
    return tuple(
        f"{block.spec.name}: {term}" for block in model.blocks for term in block.terms
    )


def features_of(model: Model, analyses: Iterable[Analysis]) -> csr_matrix:
    """Return the values of the model's features in each text.

    Parameters
    ----------
    model : Model
        Its blocks are used as stored.
    analyses : iterable of Analysis
        Of `stance.corpus.tokens.analyse`, with the model's terms.

    Returns
    -------
    scipy.sparse.csr_matrix, shape (n_texts, n_terms)
        Times the transpose of ``model.coef``, and with the intercepts added, it is what
        `decision` returns. Columns are called as in `feature_names`.
    """
    from scipy.sparse import csr_matrix

    columns: list[int] = []
    data: list[NDArray[np.float64]] = [np.empty(0)]
    edges = [0]
    for analysis in analyses:
        offset = 0
        for block in model.blocks:
            found = (name for name, _, _ in occurrences(analysis, block.spec.name))
            here, values = block_values(block, found)
            columns += [offset + column for column in here]
            data.append(values)
            offset += len(block.terms)
        edges.append(len(columns))
    shape = (len(edges) - 1, model.coef.shape[1])
    return csr_matrix((np.concatenate(data), columns, edges), shape=shape)


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


def probabilities(model: Model, texts: Sequence[str | Passage]) -> NDArray[np.float64]:
    """Return the calibrated probability of each label for each text.

    Returns
    -------
    ndarray, shape (n_texts, n_labels)
        Columns in the order of ``model.labels``.
    """
    scores = np.empty((len(texts), len(model.labels.names)))
    for at, text in enumerate(texts):
        scores[at], _ = decision(model, analyse(text, model.terms))
    return calibrate(scores, model.calibration)


def was_seen(model: Model, text: str) -> bool:
    """Whether the model was trained on this text, white space folded."""
    key = seen_key(text)
    at = int(np.searchsorted(model.seen, np.uint64(key)))
    return at < len(model.seen) and int(model.seen[at]) == key
