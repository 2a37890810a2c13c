"""The steps of training on some units: count, weigh, fit, score the others.

Features are counted once for all texts. A fold uses rows of the counts, prunes the
columns to the vocabulary of its rows and takes their idf, so that each fit is what a
scikit-learn pipeline fitted on those texts would be (tested to 1e-12).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from stance.coding.labelled import LabelledSet
from stance.corpus.terms import TermTable
from stance.corpus.tokens import analyse
from stance.errors import CodingError
from stance.model.blocks import SPECS, occurrences
from stance.model.calibrate import Floats, fit_sigmoid, fit_temperature, polish
from stance.model.features import classifier
from stance.model.model import Block
from stance.model.split import Rows, folds_of

#: Score of a label that a fold's training part does not have.
ABSENT = -30.0


@dataclass(frozen=True, slots=True)
class Settings:
    """What grouped cross-validation chooses."""

    blocks: tuple[str, ...] = ("words",)
    C: float = 10.0
    balanced: bool = False
    anchor_weight: float = 1.0
    calibration: str = "sigmoid"


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Feature counts of all texts, counted once; folds use rows and columns of them.

    ``block_sets`` are those to choose from, ``extras`` the blocks that may be added.
    """

    data: LabelledSet
    block_sets: tuple[tuple[str, ...], ...]
    extras: tuple[str, ...]
    matrices: dict[str, sp.csr_matrix]
    names: dict[str, NDArray[np.str_]]


def count(
    data: LabelledSet, terms: TermTable, block_sets: Sequence[tuple[str, ...]],
    extras: Sequence[str] = (),
) -> Counts:  # fmt: skip
    """Count the features of every block that may be used."""
    blocks = sorted({block for blocks in block_sets for block in blocks} | set(extras))
    found: dict[str, list[list[str]]] = {block: [] for block in blocks}
    for passage in data.passages:
        analysis = analyse(passage, terms)
        for block in blocks:
            found[block].append(
                [feature for feature, _, _ in occurrences(analysis, block)]
            )
    matrices, names = {}, {}
    for block in blocks:
        counter = CountVectorizer(analyzer=lambda features: features)
        matrices[block] = counter.fit_transform(found.pop(block)).tocsr()
        names[block] = counter.get_feature_names_out()
    return Counts(data, tuple(block_sets), tuple(extras), matrices, names)


def weigh(data: LabelledSet, rows: Rows, settings: Settings) -> Floats:
    """Return the weight of each training unit: anchors, then the balance of labels."""
    weights = np.where(data.anchor[rows], settings.anchor_weight, 1.0)
    if settings.balanced:
        sums = np.bincount(data.y[rows], weights, len(data.labels.names))
        used = sums > 0
        scale = np.zeros_like(sums)
        scale[used] = sums.sum() / (used.sum() * sums[used])
        weights = weights * scale[data.y[rows]]
    return weights


def design(
    counts: Counts, rows: Rows, blocks: Sequence[str]
) -> tuple[sp.csr_matrix, list[Block]]:
    """Return the values of all texts in blocks that are fitted on some rows.

    Columns are pruned to the vocabulary of the rows and idf is theirs, so the result
    is what a pipeline fitted on those texts gives.
    """
    parts: list[sp.csr_matrix] = []
    fitted: list[Block] = []
    for name in blocks:
        spec, matrix = SPECS[name], counts.matrices[name]
        document_count = np.bincount(matrix[rows].indices, minlength=matrix.shape[1])
        kept = np.flatnonzero(document_count >= spec.min_df)
        if not len(kept):
            fitted.append(Block(spec, (), np.ones(0), np.ones(0, np.uint64)))
            continue
        used = matrix[:, kept]
        tfidf = TfidfTransformer(
            norm=spec.norm, use_idf=spec.use_idf, sublinear_tf=spec.sublinear_tf
        ).fit(used[rows])
        parts.append(spec.weight * tfidf.transform(used))
        idf = tfidf.idf_ if spec.use_idf else np.ones(len(kept))
        n_texts = document_count[kept].astype(np.uint64)
        fitted.append(Block(spec, tuple(counts.names[name][kept]), idf, n_texts))
    if not any(block.terms for block in fitted):
        raise CodingError(
            f"cannot train: no term occurs in {SPECS[blocks[0]].min_df} of the "
            f"{len(rows)} texts that a fold trains on",
            hint="code more units, or longer ones",
        )
    return sp.hstack(parts).tocsr(), fitted


def fit(
    X: sp.csr_matrix, y: Rows, settings: Settings, weights: Floats,
    exact: bool,
) -> tuple[Floats, Floats, Rows]:  # fmt: skip
    """Return weights, intercepts and the labels they are for, one row a label."""
    present, codes = np.unique(y, return_inverse=True)
    if len(present) == 1:
        return np.zeros((1, X.shape[1])), np.zeros(1), present
    # To choose settings 1e-4 would do, but then which of two is better by a hair
    # depends on the processor.
    linear = classifier(C=settings.C, tol=1e-8 if exact else 1e-6)
    linear.fit(X, codes, sample_weight=weights)
    coef, intercept = linear.coef_, linear.intercept_
    if exact:
        coef, intercept = polish(
            X, codes, (coef, intercept), C=settings.C, weights=weights
        )
    if len(present) == 2:
        coef = np.vstack([-coef / 2, coef / 2])
        intercept = np.concatenate([-intercept / 2, intercept / 2])
    return coef, intercept, present


def held_out_scores(
    counts: Counts,
    rows: Rows,
    settings: Settings,
    *,
    exact: bool = False,
) -> Floats:
    """Return the score of each label for each of some units, out of fold."""
    data = counts.data
    folds = folds_of(data.groups[rows], data.y[rows])
    scores = np.full((len(rows), len(data.labels.names)), ABSENT)
    for fold in np.unique(folds):
        inside, held = rows[folds != fold], np.flatnonzero(folds == fold)
        X, _ = design(counts, inside, settings.blocks)
        weights = weigh(data, inside, settings)
        coef, intercept, present = fit(
            X[inside], data.y[inside], settings, weights, exact
        )
        values = np.asarray(X[rows[held]] @ coef.T) + intercept
        scores[np.ix_(held, present)] = values
    return scores


def calibration(
    data: LabelledSet, rows: Rows, scores: Floats, settings: Settings
) -> Floats:
    """Return the sigmoids, shape (n_labels, 2), or the temperature, shape (1, 1)."""
    weights = weigh(data, rows, settings)
    if settings.calibration == "temperature":
        return np.array([[fit_temperature(scores, data.y[rows], weights)]])
    if len(data.labels.names) == 2:
        a, b = fit_sigmoid(scores[:, 1], data.y[rows] == 1, weights)
        return np.array([[a, -b], [a, b]])
    return np.array(
        [
            fit_sigmoid(scores[:, label], data.y[rows] == label, weights)
            for label in range(len(data.labels.names))
        ]
    )
