"""The difference estimator of shares, clustered by document.

Survey sampling calls it the difference or GREG estimator, political science knows it as
DSL (Egami et al. 2023), machine learning as PPI++ (Angelopoulos et al. 2023).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stance.measure.strata import Columns

    Floats = NDArray[np.float64]
    Ints = NDArray[np.integer]

#: Denominators are not taken as smaller: a classifier that never varies helps nobody.
FLOOR = 1e-12


class Fit(NamedTuple):
    """Shares and what they vary with.

    ``theta`` has shape (n_strata, n_labels), ``nan`` where nothing is coded;
    ``influence`` (n_rows, n_strata, n_labels): covariances are its sums of products;
    ``df`` (n_strata,); ``tuning`` is the weight of the classifier.
    """

    theta: Floats
    influence: Floats
    df: Floats
    tuning: float


def sums(values: Floats, by: Ints, n: int) -> Floats:
    """Return the sums of values, shape (n_units, n_labels), by stratum or cell."""
    found = np.zeros((n, values.shape[1]))
    for k, column in enumerate(values.T):
        found[:, k] = np.bincount(by, column, minlength=n)
    return found


def one_hot(columns: Columns) -> Floats:
    """Return the coded labels, shape (n_units, n_labels); zeros where not coded."""
    coded = columns.y[:, None] == np.arange(columns.proba.shape[1])
    return np.asarray(coded, dtype=np.float64)


class Cells(NamedTuple):
    """Documents within strata: number of each unit's cell, and where the cells lie."""

    of: Ints
    component: Ints
    stratum: Ints
    size: Floats
    weight: Floats  # of the cell's coded units, as a part of its stratum's
    n_components: int


def cells_of(columns: Columns) -> Cells:
    """Return the cells: a document in a stratum, with its part of the labels."""
    n = int(columns.component.max()) + 1
    both = columns.stratum * n + columns.component
    found, of = np.unique(both, return_inverse=True)
    stratum = found // n
    weight = np.bincount(of, columns.weight, minlength=len(found))
    total = np.bincount(stratum, weight, minlength=columns.n_strata)
    with np.errstate(invalid="ignore"):
        part = np.where(total[stratum] > 0, weight / total[stratum], 0.0)
    size = np.bincount(of, minlength=len(found)).astype(float)
    return Cells(of, found % n, stratum, size, part, n)


def spread(cells: Cells, psi: Floats, n_strata: int) -> Floats:
    """Return influence by cell as (n_components, n_strata, n_labels)."""
    out = np.zeros((cells.n_components, n_strata, psi.shape[1]))
    out[cells.component, cells.stratum] = psi
    return out


def effective(cells: Cells, n_strata: int) -> tuple[Floats, Floats]:
    """Return the coded documents of each stratum, and how many they are worth.

    That is ``1 / sum(w**2)`` of their parts of the labels (Carter, Schnepel and
    Steigerwald 2017).
    """
    coded = np.bincount(cells.stratum[cells.weight > 0], minlength=n_strata)
    squares = np.bincount(cells.stratum, cells.weight**2, minlength=n_strata)
    return coded.astype(float), 1 / np.maximum(squares, FLOOR) * (coded > 0)


def _means(columns: Columns) -> tuple[Floats, Floats, Floats, Floats]:
    """Return means by stratum: labels, predictions of the coded, of all; weights."""
    t, n = columns.stratum, columns.n_strata
    w = np.bincount(t, columns.weight, minlength=n).astype(np.float64)
    v = columns.weight[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        y = sums(v * one_hot(columns), t, n) / w[:, None]
        f = sums(v * columns.proba, t, n) / w[:, None]
    size = np.maximum(np.bincount(t, minlength=n), 1)
    return y, f, sums(columns.proba, t, n) / size[:, None], w


def difference(columns: Columns, tuning: float | None = None) -> Fit:
    r"""Return shares of what the sources write: labels, corrected by predictions.

    Parameters
    ----------
    columns : Columns
        Of all units; predictions made out of fold, or by an outside model.
    tuning : float, optional
        Weight of the predictions: 0 gives the labels alone, 1 is DSL. By default it is
        chosen to make the variance smallest, one number for all strata and labels.

    Notes
    -----
    :math:`\theta_t = \bar y_L + \lambda (\bar f_{all} - \bar f_L)`, means of coded
    units weighted by 1 / probability (Hájek). The variance is that of leaving out one
    document at a time (cluster jackknife, CV3), with the tuning that the others would
    choose; degrees of freedom from the effective number of coded documents.

    References
    ----------
    Egami, N., Hinck, M., Stewart, B. M. and Wei, H. (2023). Using imperfect surrogates
    for downstream inference. arXiv 2306.04746.
    MacKinnon, J. G., Nielsen, M. Ø. and Webb, M. D. (2023). Cluster-robust inference.
    *Journal of Econometrics* 232(2), 272-299.
    """
    cells, n = cells_of(columns), columns.n_strata
    y, f, everything, w = _means(columns)
    t, v, labelled = columns.stratum, columns.weight[:, None], w > 0
    at = labelled[cells.stratum]
    scale = np.where(labelled, w, 1.0)[t][:, None]
    size = np.bincount(t, minlength=n)[t][:, None]
    a_units = v * (one_hot(columns) - np.nan_to_num(y)[t]) / scale
    f_units = v * (columns.proba - np.nan_to_num(f)[t]) / scale
    b_units = (columns.proba - everything[t]) / size - f_units
    a = sums(a_units, cells.of, len(cells.size)) * at[:, None]
    b = sums(b_units, cells.of, len(cells.size)) * at[:, None]
    if tuning is None:
        tuning, without = _tuning(a, b)
    else:
        without = np.full(len(a), tuning)
    g, worth = effective(cells, n)
    with np.errstate(invalid="ignore", divide="ignore"):
        psi = (a + without[:, None] * b) / (1 - cells.weight)[:, None]
        psi *= np.sqrt((g - 1) / g)[cells.stratum][:, None]
    influence = spread(cells, psi, n)
    influence[:, g < 2] = np.nan
    return Fit(
        y + tuning * (everything - f), influence, np.maximum(worth - 1, 1), tuning
    )


def _tuning(a: Floats, b: Floats) -> tuple[float, Floats]:
    """Return the tuning weight, and what it is without each row."""
    ab, bb = (a * b).sum(axis=1), (b * b).sum(axis=1)
    whole = np.clip(-ab.sum() / max(bb.sum(), FLOOR), 0, 1)
    without = -(ab.sum() - ab) / np.maximum(bb.sum() - bb, FLOOR)
    return float(whole) + 0.0, np.clip(without, 0, 1)


def census_difference(columns: Columns, tuning: float | None = None) -> Fit:
    r"""Return shares of this corpus, of which the coded units are a random sample.

    Parameters
    ----------
    columns, tuning
        As for `difference`.

    Notes
    -----
    Only the draw of the coded units varies:
    :math:`V = (1 - n/N) s_e^2 / n` with :math:`e = y - \lambda f` (Särndal, Swensson
    and Wretman 1992, 6.6); with unequal probabilities the terms are weighted. Where the
    coded units stand in fewer documents than units drawn one by one would, documents
    were drawn, and they are what varies. A corpus that is coded whole has shares
    without error. Rows of the influence are coded units, or their documents.
    """
    n, cells = columns.n_strata, cells_of(columns)
    y, f, everything, w = _means(columns)
    rows = np.flatnonzero(columns.y >= 0)
    t = columns.stratum[rows]
    part = columns.weight[rows] / w[t]
    a = part[:, None] * (one_hot(columns)[rows] - y[t])
    b = -part[:, None] * (columns.proba[rows] - f[t])
    by_document = _drawn_by_document(columns, cells)[t]
    alone = np.arange(len(rows)) + len(cells.size)
    drawn = np.unique(
        np.where(by_document, cells.of[rows], alone), return_inverse=True
    )[1]
    n_drawn = int(drawn.max()) + 1
    a, b = sums(a, drawn, n_drawn), sums(b, drawn, n_drawn)
    weight = np.bincount(drawn, part, minlength=n_drawn)
    left = np.bincount(drawn, part * np.maximum(1 - columns.probability[rows], 0))
    stratum = np.zeros(n_drawn, dtype=int)
    stratum[drawn] = t
    if tuning is None:
        tuning, without = _tuning(a, b)
    else:
        without = np.full(n_drawn, tuning)
    g = np.bincount(stratum, minlength=n)
    worth = 1 / np.maximum(np.bincount(stratum, weight**2, minlength=n), FLOOR)
    with np.errstate(invalid="ignore", divide="ignore"):
        scale = np.sqrt(((g - 1) / g)[stratum] * left / weight) / (1 - weight)
    psi = (a + without[:, None] * b) * scale[:, None]
    influence = np.zeros((n_drawn, n, a.shape[1]))
    influence[np.arange(n_drawn), stratum] = np.where(left[:, None] > 0, psi, 0.0)
    coded = np.bincount(t, minlength=n)
    influence[:, (g < 2) & (coded < np.bincount(columns.stratum, minlength=n))] = np.nan
    theta = y + tuning * (everything - f)
    return Fit(theta, influence, np.maximum(worth * (g > 0) - 1, 1), tuning)


def _drawn_by_document(columns: Columns, cells: Cells) -> NDArray[np.bool_]:
    """Return the strata whose coded units stand in too few documents for chance.

    Of a document with m units, units drawn one by one leave out all with the chance
    (1 - n/N)^m; four standard deviations fewer documents than that are no chance.
    """
    n = columns.n_strata
    coded = np.bincount(columns.stratum[columns.y >= 0], minlength=n)
    share = coded / np.maximum(np.bincount(columns.stratum, minlength=n), 1)
    missed = (1 - share[cells.stratum]) ** cells.size
    expected = np.bincount(cells.stratum, 1 - missed, minlength=n)
    deviation = np.sqrt(np.bincount(cells.stratum, missed * (1 - missed), minlength=n))
    found: NDArray[np.bool_] = effective(cells, n)[0] < expected - 4 * deviation
    return found
