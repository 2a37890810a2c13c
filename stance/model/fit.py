"""The steps of training on some units: weigh, fit, score the others, calibrate.

Features are counted once for all texts (`stance.model.counts`). A fold uses rows of the
counts, prunes the columns to the vocabulary of its rows and takes their idf, so that
each fit is what a scikit-learn pipeline fitted on those texts would be (tested to
1e-12).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfTransformer

from stance.coding.labelled import LabelledSet
from stance.errors import CodingError
from stance.model.blocks import SPECS
from stance.model.calibrate import Floats, fit_sigmoid, fit_temperature, polish
from stance.model.counts import Counts, Integers
from stance.model.features import classifier
from stance.model.model import Block
from stance.model.split import ENOUGH, MANY, Rows, folds_of

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


class FoldDesign(NamedTuple):
    """A fold's units and values: those that train, and those that are scored.

    ``held`` are positions in the rows that were split, ``inside`` rows of the counts.
    """

    inside: Rows
    X: sp.csr_matrix
    held: Rows
    X_held: sp.csr_matrix


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


class _FittedBlock(NamedTuple):
    """A block's columns in enough texts, in how many each is, and what values them."""

    kept: Integers
    n_texts: Integers
    tfidf: TfidfTransformer
    used: sp.csr_matrix


def _fit_block(counts: Counts, rows: Rows, block: str) -> _FittedBlock:
    spec, matrix = SPECS[block], counts.matrices[block][rows]
    n_texts = np.bincount(matrix.indices, minlength=matrix.shape[1])
    kept = np.flatnonzero(n_texts >= spec.min_df)
    used = matrix[:, kept].astype(np.float64)
    tfidf = TfidfTransformer(
        norm=spec.norm, use_idf=spec.use_idf, sublinear_tf=spec.sublinear_tf
    )
    if len(kept):
        tfidf.fit(used)
    return _FittedBlock(kept, n_texts[kept], tfidf, used)


def values(
    counts: Counts, rows: Rows, blocks: Sequence[str], *held: Rows
) -> list[sp.csr_matrix]:
    """Return the values of units in blocks that are fitted on some rows.

    Columns are pruned to the vocabulary of the rows and idf is theirs, so the result
    is what a pipeline fitted on those texts gives. First come the rows' own values,
    then those of any other rows.

    Raises
    ------
    CodingError
        If no column is left.
    """
    parts: list[list[sp.csr_matrix]] = [[] for _ in (rows, *held)]
    for name in blocks:
        kept, _, tfidf, used = _fit_block(counts, rows, name)
        if not len(kept):
            continue
        others = (counts.matrices[name][own][:, kept].astype(float) for own in held)
        for part, own in zip(parts, (used, *others), strict=True):
            valued = tfidf.transform(own, copy=False)
            valued.data *= SPECS[name].weight
            part.append(valued)
    if not parts[0]:
        raise CodingError(
            f"cannot train: no term occurs in {SPECS[blocks[0]].min_df} of the "
            f"{len(rows)} texts that a fold trains on",
            hint="code more units, or longer ones",
        )
    return [sp.hstack(part, format="csr") for part in parts]


def fitted_blocks(counts: Counts, rows: Rows, blocks: Sequence[str]) -> list[Block]:
    """Return blocks as fitted on some rows: what the columns of `values` are."""
    fitted: list[Block] = []
    for name in blocks:
        kept, n_texts, tfidf, _ = _fit_block(counts, rows, name)
        has_idf = SPECS[name].use_idf and len(kept) > 0
        idf = tfidf.idf_ if has_idf else np.ones(len(kept))
        terms = tuple(counts.names[name][kept])
        fitted.append(Block(SPECS[name], terms, idf, n_texts.astype(np.uint64)))
    return fitted


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


def fold_designs(
    counts: Counts, rows: Rows, blocks: Sequence[str], folds: Rows
) -> Iterator[FoldDesign]:
    """Yield the values of each fold of some rows, fitted on the other folds."""
    for fold in np.unique(folds):
        inside, held = rows[folds != fold], np.flatnonzero(folds == fold)
        X, X_held = values(counts, inside, blocks, rows[held])
        yield FoldDesign(inside, X, held, X_held)


def held_out_scores(
    counts: Counts, rows: Rows, settings: Settings, *, exact: bool = False,
    designs: Iterable[FoldDesign] | None = None,
) -> Floats:  # fmt: skip
    """Return the score of each label for each of some units, out of fold.

    Parameters
    ----------
    counts : Counts
        Of all texts.
    rows : ndarray of int
        Those that are split, fitted and scored.
    settings : Settings
        Of the fits.
    exact : bool, default False
        Fit to the optimum; else as near as it takes to compare settings.
    designs : iterable of FoldDesign, optional
        Those of the settings' blocks, where they were made before. Where they are not
        all folds, the scores of units in no fold are nan.
    """
    data = counts.data
    if designs is None:
        folds = folds_of(data.groups[rows], data.y[rows])
        designs = fold_designs(counts, rows, settings.blocks, folds)
    scores = np.full((len(rows), len(data.labels.names)), np.nan)
    for inside, X, held, X_held in designs:
        weights = weigh(data, inside, settings)
        coef, intercept, present = fit(X, data.y[inside], settings, weights, exact)
        scores[held] = ABSENT
        found = np.asarray(X_held @ coef.T) + intercept
        scores[np.ix_(held, present)] = found
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


def calibrated(counts: Counts, rows: Rows, settings: Settings) -> Floats:
    """Return the calibration of settings, from scores of the rows out of fold.

    Of more than 10,000 units as many folds are scored as it takes to have 100 units of
    each label, mostly one: a sigmoid has two numbers to be found.
    """
    data = counts.data
    y = data.y[rows]
    folds = folds_of(data.groups[rows], y)
    designs = fold_designs(counts, rows, settings.blocks, folds)
    if len(rows) > MANY:
        designs = islice(designs, _enough(folds, y))
    scores = held_out_scores(counts, rows, settings, exact=True, designs=designs)
    scored = ~np.isnan(scores[:, 0])
    return calibration(data, rows[scored], scores[scored], settings)


def _enough(folds: Rows, y: Rows) -> int:
    """Return how many of the folds have 100 units of each label, or all that are."""
    n_folds, n_labels = int(folds.max()) + 1, int(y.max()) + 1
    table = np.zeros((n_folds, n_labels), dtype=int)
    np.add.at(table, (folds, y), 1)
    sums = table.cumsum(axis=0)
    return int((sums < np.minimum(ENOUGH, sums[-1])).any(axis=1).sum()) + 1
