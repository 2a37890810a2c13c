"""Adjustment of tests that are read together, so that none is significant by number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import chdtri, stdtr, stdtrit

from stance.measure.resample import largest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: Values of the common error that the maximum of t is averaged over, and halvings.
N_SCALES, N_HALVINGS = 500, 25


def holm(p: Floats) -> Floats:
    """Return p adjusted for as many tests as there are, step by step; ``nan`` stays.

    References
    ----------
    Holm, S. (1979). A simple sequentially rejective multiple test procedure.
    *Scandinavian Journal of Statistics* 6(2), 65-70.

    Examples
    --------
    >>> holm(np.array([0.01, 0.04, 0.03, 0.005])).round(6).tolist()
    [0.03, 0.06, 0.06, 0.02]
    """
    adjusted = np.full(len(p), np.nan)
    told = np.flatnonzero(~np.isnan(p))
    order = told[np.argsort(p[told], kind="stable")]
    steps = np.arange(len(order), 0, -1) * p[order]
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1)
    return adjusted


def max_t(
    psi: Floats, t: Floats, *, df: Floats, level: float = 0.95
) -> tuple[Floats, Floats]:
    r"""Return what t must exceed for a whole family, and the adjusted p.

    Parameters
    ----------
    psi : ndarray, shape (n_rows, n_tests)
        Influence of what is tested: its products are the covariances.
    t : ndarray, shape (n_tests,)
        Each estimate over its standard error.
    df : ndarray, shape (n_tests,)
        Degrees of freedom of each.
    level : float, default 0.95
        At which all intervals hold together.

    Returns
    -------
    critical, p : ndarray, shape (n_tests,)
        Never narrower than for one test, never wider than Bonferroni's.

    Notes
    -----
    The largest of multivariate t with the tests' correlations, and for each test its
    own degrees of freedom (Hasler and Hothorn 2008): with those of the poorest test a
    stratum of few documents would widen the intervals of all others. Normal deviates
    are drawn 100,000 times (seed 0), the common error is integrated.

    References
    ----------
    Hasler, M. and Hothorn, L. A. (2008). Multiple contrast tests in the presence of
    heteroscedasticity. *Biometrical Journal* 50(5), 793-800.

    Examples
    --------
    >>> critical, p = max_t(np.eye(2), np.array([2.0, 3.0]), df=np.array([50.0, 50.0]))
    >>> critical.round(1).tolist(), p.round(2).tolist()
    ([2.3, 2.3], [0.1, 0.01])
    """
    n = len(t)
    unit = psi / np.sqrt((psi**2).sum(axis=0))
    drawn = largest(np.clip(unit.T @ unit, -1, 1))
    upper = (np.arange(N_SCALES) + 0.5) / N_SCALES
    scale = np.sqrt(chdtri(df[:, None], upper) / df[:, None])  # (n_tests, N_SCALES)

    def beyond(reach: Floats) -> Floats:
        below: Floats = np.searchsorted(drawn, reach[:, None] * scale).mean(axis=1)
        return 1 - below / len(drawn)

    p = 2 * stdtr(df, -abs(t))
    adjusted = np.clip(beyond(abs(t)), p, np.minimum(n * p, 1))
    low, high = stdtrit(df, (1 + level) / 2), stdtrit(df, 1 - (1 - level) / 2 / n)
    for _ in range(N_HALVINGS):
        middle = (low + high) / 2
        is_short = beyond(middle) > 1 - level
        low, high = np.where(is_short, middle, low), np.where(is_short, high, middle)
    return high, adjusted
