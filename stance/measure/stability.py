"""Stability: whether the classifier errs alike in all strata."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import fdtrc

from stance.measure.quantify import rectifiers
from stance.measure.strata import columns_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stance.coding.predictions import Gold, Predictions
    from stance.measure.strata import Columns, Strata

    Floats = NDArray[np.float64]

#: An eigenvalue of correlations below is rounding.
SINGULAR = 1e-9


@dataclass(frozen=True, slots=True)
class ErrorStability:
    """The test that the classifier errs alike in all strata.

    It is over ``n_strata`` of them, and ``nan`` where ``note`` says why.
    """

    by: str
    f: float
    df1: int
    df2: float
    p: float
    n_strata: int
    note: str


def error_stability(
    gold: Gold, predictions: Predictions, *, strata: Strata
) -> ErrorStability:
    """Return the test that what corrects the classifier is the same in all strata.

    Significant, it is a veto: the correction found in one stratum is wrong in another,
    and so is a change of the classifier's own shares. Not significant, it is no licence
    to pool: with few labels a difference that matters is not seen.

    Parameters
    ----------
    gold : Gold
        Every unit of the corpus; ``y`` is -1 where it is not coded.
    predictions : Predictions
        Of the same units.
    strata : Strata
        By period, source or language.

    Returns
    -------
    ErrorStability
        Over the strata in which more documents are coded than there are labels to
        compare; without a test where they are fewer than two.

    Notes
    -----
    The correction is the mean of coded label less probability. ``acc``, ``pacc`` and
    ``emq`` assume errors that are equal given the label; where shares change, the
    correction changes with them, and the test warns of those methods more often than it
    must. With errors that bias a change of .25 by .08 it was significant for .16, .50
    and .69 of samples of 50, 200 and 500 labels a period.

    References
    ----------
    See `equal_means`.

    Examples
    --------
    >>> from stance.measure.strata import stratify
    >>> from stance.testing import coded
    >>> gold, predictions = coded("2012: 00 01 | 11 | 20 22 | 11",
    ...                           "2023: 11 10 | 02 | 22 01 | 00")
    >>> found = error_stability(gold, predictions, strata=stratify(gold))
    >>> found.n_strata, found.df1, found.p < 0.05
    (2, 2, False)
    """
    return stability_of(columns_of(gold, predictions, strata), strata)


def stability_of(columns: Columns, strata: Strata) -> ErrorStability:
    """Return the test of `error_stability` from columns that are there already.

    Examples
    --------
    >>> from stance.measure.strata import stratify
    >>> from stance.testing import coded
    >>> gold, predictions = coded("2012: 00 01 | 11", "2023: 11 | 02")
    >>> strata = stratify(gold)
    >>> stability_of(columns_of(gold, predictions, strata), strata).n_strata
    0
    """
    r, influence, df = rectifiers(_coded(columns))
    known = np.array([_is_regular(influence[:, at]) for at in range(len(r))])
    f, df1, df2, p = equal_means(r[known], influence[:, known], df[known])
    if math.isnan(p):
        note = "no test: too few coded documents"
    elif p < 0.05:
        note = "errors differ: what corrects one stratum is wrong in another"
    else:
        note = "no difference seen, which is no licence to pool"
    left = [name for name, is_in in zip(strata.names, known, strict=True) if not is_in]
    if left:
        note += f"; without {', '.join(left)}: too few coded documents"
    return ErrorStability(strata.by, f, df1, df2, p, int(known.sum()), note)


def _coded(columns: Columns) -> Columns:
    """Return the coded units alone: the others add nothing to what corrects."""
    rows = np.flatnonzero(columns.y >= 0)
    return columns._replace(
        y=columns.y[rows], proba=columns.proba[rows], weight=columns.weight[rows],
        probability=columns.probability[rows], stratum=columns.stratum[rows],
        component=np.unique(columns.component[rows], return_inverse=True)[1],
    )  # fmt: skip


def _is_regular(influence: Floats) -> bool:
    """Return whether the covariance of all labels but one has an inverse."""
    psi = influence[:, :-1]
    error = np.sqrt((psi**2).sum(axis=0))
    if not (error > SINGULAR).all():
        return False
    return bool(np.linalg.eigvalsh((psi / error).T @ (psi / error))[0] > SINGULAR)


def equal_means(
    means: Floats, influence: Floats, df: Floats
) -> tuple[float, int, float, float]:
    r"""Return F, its degrees of freedom and p of equal vectors of means over strata.

    Parameters
    ----------
    means : ndarray, shape (n_strata, n_labels)
        Each row sums to a constant, so that one label is left out.
    influence : ndarray, shape (n_rows, n_strata, n_labels)
        Its products are the covariances.
    df : ndarray, shape (n_strata,)
        Degrees of freedom of each stratum.

    Returns
    -------
    f, df1, df2, p
        ``nan`` where the covariance has no inverse, or too few degrees of freedom.

    Notes
    -----
    Approximate Hotelling's :math:`T^2` of unequal covariances (Zhang 2012, who found
    it to hold its size where Johansen's test does not): for the q contrasts C with the
    first stratum, :math:`W = (Cr)'(CVC')^{-1}Cr`, and with :math:`\Omega_t` the part of
    stratum t in :math:`CVC'` after scaling to the identity,
    :math:`d = q(q + 1) / \sum_t (tr^2\Omega_t + tr\,\Omega_t^2) / \nu_t`;
    :math:`F = W (d - q + 1) / (dq)` on q and d - q + 1. For two strata and two labels
    it is Welch's t test.

    References
    ----------
    Zhang, J.-T. (2012). An approximate Hotelling T2-test for heteroscedastic one-way
    MANOVA. *Open Journal of Statistics* 2(1), 1-11.

    Examples
    --------
    >>> means = np.array([[0.2, -0.2], [0.5, -0.5]])
    >>> psi = np.zeros((2, 2, 2))
    >>> psi[0, 0], psi[1, 1] = [0.1, -0.1], [0.1, -0.1]
    >>> f, df1, df2, p = equal_means(means, psi, np.array([5.0, 5.0]))
    >>> round(f, 6), df1, round(df2, 6), round(p, 3)
    (4.5, 1, 10.0, 0.06)
    """
    n_strata, k = len(means), means.shape[1] - 1
    q = max(n_strata - 1, 0) * k
    none = (math.nan, q, math.nan, math.nan)
    if q == 0:
        return none
    contrast = (means[1:, :k] - means[:1, :k]).ravel()
    # Influence of the contrasts, stratum by stratum: (n_strata, n_rows, q).
    psi = np.zeros((n_strata, len(influence), n_strata - 1, k))
    psi[0] = -influence[:, :1, :k]
    for at in range(1, n_strata):
        psi[at, :, at - 1] = influence[:, at, :k]
    psi = psi.reshape(n_strata, len(influence), q)
    whole = psi.sum(axis=0)
    error = np.sqrt((whole**2).sum(axis=0))
    if (error < SINGULAR).any():
        return none
    values, vectors = np.linalg.eigh((whole / error).T @ (whole / error))
    if values[0] < SINGULAR:
        return none
    scaled = psi / error @ vectors / np.sqrt(values)
    omega = scaled.transpose(0, 2, 1) @ scaled
    trace = np.trace(omega, axis1=1, axis2=2)
    d = q * (q + 1) / ((trace**2 + (omega**2).sum(axis=(1, 2))) / df).sum()
    if d - q + 1 <= 0:
        return none
    w = float((((contrast / error) @ vectors) ** 2 / values).sum())
    f = float(w * (d - q + 1) / (d * q))
    return f, q, float(d - q + 1), float(fdtrc(q, d - q + 1, f))
