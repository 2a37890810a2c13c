"""Shares by a classifier whose errors are taken to be the same in all strata.

What it takes to adjust them is learned from the coded units of all strata together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stance.errors import CodingError
from stance.measure.difference import FLOOR, Fit, cells_of, one_hot, sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stance.measure.difference import Cells
    from stance.measure.strata import Columns

    Floats = NDArray[np.float64]
    Ints = NDArray[np.integer]

#: A singular value below this is none: the predictions do not tell the labels apart.
SINGULAR = 1e-9
#: Expectation maximisation ends when no share moves by more, or after so many rounds.
TOLERANCE, MAX_ROUNDS = 1e-10, 10_000
#: The prior of a label without coded units, in units: nothing is divided by 0.
LEAST_PRIOR = 1e-6


class _Pairs(NamedTuple):
    """Documents, and the strata whose shares change without them."""

    document: Ints
    stratum: Ints
    cell: Ints  # of the document in that stratum; -1 where it is not in it
    n_moved_by: Floats  # documents that move a stratum, shape (n_strata,)


def _pairs(cells: Cells, coded: Floats, n_strata: int) -> _Pairs:
    """Return the pairs: a coded document with all strata, others with their own."""
    cell = np.full((cells.n_components, n_strata), -1)
    cell[cells.component, cells.stratum] = np.arange(len(cells.size))
    moves = (cell >= 0) | (coded > 0)[:, None]
    n_moved_by = moves.sum(axis=0).astype(float)
    # One document, of the stratum or coded at all, says nothing of how they differ.
    alone = (cell >= 0).sum(axis=0) < 2
    moves[:, alone | ((coded > 0).sum() < 2)] = False
    document, stratum = np.nonzero(moves)
    return _Pairs(document, stratum, cell[document, stratum], n_moved_by)


def _mean_without(pairs: _Pairs, cells: Cells, by_cell: Floats) -> Floats:
    """Return the means of each pair's stratum without the document."""
    n = len(pairs.n_moved_by)
    own = (pairs.cell >= 0)[:, None]
    total = sums(by_cell, cells.stratum, n)
    size = np.bincount(cells.stratum, cells.size, minlength=n)
    left = total[pairs.stratum] - np.where(own, by_cell[pairs.cell], 0.0)
    n_left = size[pairs.stratum] - np.where(own[:, 0], cells.size[pairs.cell], 0.0)
    return left / n_left[:, None]


def _pooled_fit(
    theta: Floats, psi: Floats, pairs: _Pairs, cells: Cells, coded: Floats
) -> Fit:
    """Return the fit of shares that coded documents of all strata move."""
    n = len(theta)
    influence = np.zeros((cells.n_components, *theta.shape))
    factor = np.sqrt(1 - 1 / pairs.n_moved_by)[pairs.stratum]
    influence[pairs.document, pairs.stratum] = factor[:, None] * psi
    influence[:, ~np.isin(np.arange(n), pairs.stratum)] = np.nan
    part = cells.size / np.bincount(cells.stratum, cells.size)[cells.stratum]
    worth = 1 / np.bincount(cells.stratum, part**2)
    least = np.minimum(worth, coded.sum() ** 2 / (coded**2).sum())
    return Fit(theta, influence, np.maximum(least - 1, 1), float("nan"))


def _confusions(columns: Columns, said: Floats, n: int) -> tuple[Floats, Floats]:
    """Return of each document what is said of its coded units, and how many there are.

    Shapes (n_components, n_labels, n_labels), predicted by coded, and (n_components,
    n_labels).
    """
    rows = np.flatnonzero(columns.y >= 0)
    t, k = columns.stratum[rows], said.shape[1]
    weight = columns.weight[rows]
    even = weight * (np.bincount(t) / np.maximum(np.bincount(t, weight), FLOOR))[t]
    y = even[:, None] * one_hot(columns)[rows]
    both = (said[rows][:, :, None] * y[:, None, :]).reshape(-1, k * k)
    by = columns.component[rows]
    return sums(both, by, n).reshape(-1, k, k), sums(y, by, n)


def _rates(confusion: Floats, coded: Floats) -> Floats:
    """Return the rate of each prediction among the units that are coded so."""
    known = (coded > SINGULAR)[..., None, :]
    rates = confusion / np.where(known, coded[..., None, :], 1.0)
    return np.where(known, rates, np.eye(coded.shape[-1]))


def _check_told_apart(matrices: Floats, method: str) -> None:
    """Raise where one of the matrices has no inverse."""
    if (np.linalg.matrix_rank(matrices, tol=SINGULAR) < matrices.shape[-1]).any():
        raise CodingError(
            "the predictions do not tell the labels apart: what is predicted of the "
            f"coded units of one label is a mixture of the others, so that {method} "
            "gives no shares",
            hint="a label that is never predicted does this: code more units, or use "
            "the method difference",
        )


def adjusted(columns: Columns, said: Floats) -> Fit:
    """Return the shares that the classifier's errors would turn into what it says.

    Parameters
    ----------
    columns : Columns
        Of all units.
    said : ndarray, shape (n_units, n_labels)
        Predicted labels, or their probabilities; rows sum to 1.

    Examples
    --------
    >>> from stance.measure.strata import columns_of, stratify
    >>> from stance.testing import coded
    >>> gold, predictions = coded("2012: 00 01 00 | 11 22", "2023: 00 .0 | .0 .1 | 22")
    >>> columns = columns_of(gold, predictions, stratify(gold))
    >>> adjusted(columns, columns.proba).theta.round(3).tolist()
    [[0.533, 0.267, 0.2], [0.8, 0.0, 0.2]]
    """
    cells, n = cells_of(columns), columns.n_strata
    confusion, by_label = _confusions(columns, said, cells.n_components)
    rates = _rates(confusion.sum(axis=0), by_label.sum(axis=0))
    _check_told_apart(rates, "adjusted counting")
    by_cell = sums(said, cells.of, len(cells.size))
    size = np.bincount(columns.stratum, minlength=n)[:, None]
    counted = sums(by_cell, cells.stratum, n) / size
    theta = on_simplex(np.broadcast_to(rates, (n, *rates.shape)), counted)
    coded = by_label.sum(axis=1)
    pairs = _pairs(cells, coded, n)
    without = _rates(confusion.sum(axis=0) - confusion, by_label.sum(axis=0) - by_label)
    there = on_simplex(without[pairs.document], _mean_without(pairs, cells, by_cell))
    return _pooled_fit(theta, theta[pairs.stratum] - there, pairs, cells, coded)


def on_simplex(rates: Floats, counted: Floats) -> Floats:
    r"""Return the shares p that bring the rates A nearest to what is counted.

    Parameters
    ----------
    rates : ndarray, shape (n, n_labels, n_labels)
        Columns sum to 1.
    counted : ndarray, shape (n, n_labels)
        Rows sum to 1.

    Notes
    -----
    As p sums to 1, :math:`Ap - q = Bp` with q taken from each column of A. The shortest
    Bp is in proportion to the x that minimises
    :math:`\lVert Bx \rVert^2 + (\sum x - 1)^2` over x not below 0, which is solved by
    non-negative least squares. Where A has no inverse one of the best p is returned.

    Examples
    --------
    >>> rates = np.array([[[0.8, 0.3], [0.2, 0.7]]])
    >>> on_simplex(rates, np.array([[0.5, 0.5]])).round(3)
    array([[0.4, 0.6]])
    """
    k = counted.shape[1]
    plain = np.linalg.matrix_rank(rates, tol=SINGULAR) == k
    shares = np.full(counted.shape, -1.0)
    shares[plain] = np.linalg.solve(rates[plain], counted[plain][..., None])[..., 0]
    outside = np.flatnonzero((shares < -FLOOR).any(axis=1))
    if len(outside):
        from scipy.optimize import nnls

        for row in outside:
            apart = rates[row] - counted[row][:, None]
            shares[row] = nnls(np.vstack([apart, np.ones(k)]), np.eye(k + 1)[k])[0]
    shares = np.maximum(shares, 0)
    total = shares.sum(axis=1, keepdims=True)
    nearest: Floats = shares / total
    return nearest


def most_likely(columns: Columns) -> Fit:
    """Return the shares under which what the classifier says is most likely.

    Parameters
    ----------
    columns : Columns
        Of all units; probabilities that the classifier learned from the coded ones.

    Examples
    --------
    >>> from stance.measure.strata import columns_of, stratify
    >>> from stance.testing import coded
    >>> gold, predictions = coded("2012: 00 01 | 11 22", "2023: .0 .0 | .0 .1")
    >>> columns = columns_of(gold, predictions, stratify(gold))
    >>> columns = columns._replace(proba=0.7 * columns.proba + 0.1)
    >>> most_likely(columns).theta.round(2).tolist()
    [[0.03, 0.69, 0.28], [0.72, 0.28, 0.0]]
    """
    cells, n, t = cells_of(columns), columns.n_strata, columns.stratum
    k = columns.proba.shape[1]
    by_label = sums(one_hot(columns), columns.component, cells.n_components)
    prior = _prior(by_label.sum(axis=0))
    ratio = columns.proba / prior
    theta = _maximum(ratio, prior, t, n)
    likely = (theta[t] * ratio).sum(axis=1, keepdims=True)
    h = ratio / likely
    r = theta[t] * h
    # How a unit's adjusted probabilities answer to the shares; to the logarithm of
    # the prior, times the shares and the other way.
    slope = h[:, :, None] * np.eye(k) - r[:, :, None] * h[:, None, :]
    both = np.hstack([r, slope.reshape(-1, k * k)])
    by_cell = sums(both, cells.of, len(cells.size))
    size = np.bincount(t, minlength=n)[:, None]
    whole = (sums(by_cell, cells.stratum, n) / size)[:, k:].reshape(-1, k, k)
    _check_told_apart(np.eye(k) - whole, "emq")
    coded = by_label.sum(axis=1)
    pairs = _pairs(cells, coded, n)
    left = _mean_without(pairs, cells, by_cell)
    slopes, here = left[:, k:].reshape(-1, k, k), theta[pairs.stratum]
    other = _prior(by_label.sum(axis=0) - by_label)[pairs.document]
    moved = (slopes @ (here * np.log(other / prior))[..., None])[..., 0]
    gap = left[:, :k] - here - moved
    step = (np.linalg.pinv(np.eye(k) - slopes) @ gap[..., None])[..., 0]
    there = np.maximum(here + step, 0)
    there /= there.sum(axis=1, keepdims=True)
    return _pooled_fit(theta, here - there, pairs, cells, coded)


def _prior(by_label: Floats) -> Floats:
    """Return shares of the coded labels, none of them 0."""
    raised = np.maximum(by_label, LEAST_PRIOR)
    total: Floats = raised.sum(axis=-1, keepdims=True)
    return raised / total


def _maximum(ratio: Floats, prior: Floats, t: Ints, n: int) -> Floats:
    """Return the shares of each stratum, by expectation maximisation from the prior."""
    theta = np.tile(prior, (n, 1))
    size = np.bincount(t, minlength=n)[:, None]
    for _ in range(MAX_ROUNDS):
        r = theta[t] * ratio
        new = sums(r / r.sum(axis=1, keepdims=True), t, n) / size
        moved = np.abs(new - theta).max()
        theta = new
        if moved < TOLERANCE:
            break
    return theta
