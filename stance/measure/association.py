"""How strongly a word goes with one of two corpora: the statistics of a 2 x 2 table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import chdtrc, gammaln, xlogy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: The measures, and how quanteda calls the column of each.
MEASURES = {"chi2": "chi2", "lr": "G2", "pmi": "pmi", "exact": "exact"}
CORRECTIONS = ("default", "yates", "williams", "none")
#: Halvings of the logarithm of an odds ratio between -64 and 64: to 4e-17.
N_HALVINGS = 61


def association(
    focus: Floats,
    reference: Floats,
    *,
    n_focus: float,
    n_reference: float,
    measure: str = "chi2",
    correction: str = "default",
) -> tuple[Floats, Floats]:
    r"""Return a signed statistic of each word, and its p.

    Parameters
    ----------
    focus, reference : ndarray, shape (n_terms,)
        Occurrences of each word in the two corpora, together at least one.
    n_focus, n_reference : float
        Tokens of the corpora.
    measure : str, default "chi2"
        ``chi2``, ``lr``, ``pmi`` or ``exact``.
    correction : str, default "default"
        ``yates``: half an occurrence towards what is expected, where one of the four
        expected counts is below 5 and no count would pass it. ``williams``: the
        statistic divided by Williams' q, unless a count is 0. By default Yates' for
        ``chi2`` and Williams' for ``lr``; for ``pmi`` and ``exact`` there is none.

    Returns
    -------
    statistic, p : ndarray, shape (n_terms,)
        Chi-square and likelihood ratio have the sign + where the focus holds more than
        expected. ``pmi`` is ``-inf`` of a word that the focus lacks, and has no p
        (``nan``). ``exact`` is the conditional maximum likelihood estimate of the odds
        ratio, with the two-sided p of Fisher's test.

    Raises
    ------
    ValueError
        If measure or correction is unknown, or the correction is not for the measure.

    Notes
    -----
    With O the four observed and E the four expected counts and N all tokens, chi-square
    is :math:`\sum (O - E)^2 / E`, the likelihood ratio
    :math:`2 \sum O \log(O / E)`, and pmi :math:`\log(O_{11} / E_{11})`.

    quanteda.textstats 0.97 differs in four places. Its manual names Williams'
    correction as the default of ``lr``, but what it computes is ``yates``. It
    multiplies chi-square by Williams' q where one divides. It adds 1e-9 within each
    logarithm, so that its G2 is larger by 2e-9 N and pmi of an absent word is -20.7. It
    prints a p of pmi as if that were chi-square.

    References
    ----------
    Yates, F. (1934). Contingency tables involving small numbers and the chi-square
    test. *Supplement to the Journal of the Royal Statistical Society* 1(2), 217-235.

    Williams, D. A. (1976). Improved likelihood ratio tests for complete contingency
    tables. *Biometrika* 63(1), 33-37.

    Dunning, T. (1993). Accurate methods for the statistics of surprise and coincidence.
    *Computational Linguistics* 19(1), 61-74.

    Examples
    --------
    A word 110 times in 221 tokens, and 2,442 times in the other 31,556:

    >>> statistic, p = association(np.array([110]), np.array([2442]), n_focus=221,
    ...                            n_reference=31556, measure="lr", correction="none")
    >>> statistic.round(2).tolist()
    [270.72]
    """
    if measure not in MEASURES:
        raise ValueError(f"measure {measure!r} is not one of {', '.join(MEASURES)}")
    if correction not in CORRECTIONS:
        names = ", ".join(CORRECTIONS)
        raise ValueError(f"correction {correction!r} is not one of {names}")
    if measure in ("pmi", "exact") and correction not in ("default", "none"):
        raise ValueError(f"measure {measure!r} takes no correction, got {correction!r}")
    focus, reference = (np.asarray(x, dtype=np.float64) for x in (focus, reference))
    if measure == "exact":
        return _exact(focus, reference, n_focus, n_reference)
    observed = np.stack([focus, reference, n_focus - focus, n_reference - reference])
    expected = _expected(observed)
    if measure == "pmi":
        with np.errstate(divide="ignore"):
            return np.log(focus / expected[0]), np.full(len(focus), np.nan)
    if correction == "default":
        correction = {"chi2": "yates", "lr": "williams"}[measure]
    sign = np.where(focus > expected[0], 1.0, -1.0)
    if correction == "yates":
        observed = _nearer(observed, expected)
    divisor = np.where(expected > 0, expected, 1.0)  # of nothing none was observed
    if measure == "chi2":
        size = ((observed - expected) ** 2 / divisor).sum(axis=0)
    else:
        size = 2 * xlogy(observed, observed / divisor).sum(axis=0)
    if correction == "williams":
        size = size / _williams(observed)
    size = np.maximum(size, 0.0)  # rounding apart it is not below 0
    return sign * size + 0.0, chdtrc(1, size)


def _expected(observed: Floats) -> Floats:
    """Return what independence expects in each of the four cells."""
    a, b, c, d = observed
    rows, columns = (a + b, c + d), (a + c, b + d)
    products = np.stack([row * column for row in rows for column in columns])
    found: Floats = products / observed.sum(axis=0)
    return found


def _nearer(observed: Floats, expected: Floats) -> Floats:
    """Return the counts half an occurrence nearer to the expected ones (Yates 1934)."""
    away = observed - expected  # the same in all four cells, but for the sign
    is_small = (expected < 5).any(axis=0) & (np.abs(away[0]) >= 0.5)
    found: Floats = observed - np.where(is_small, 0.5 * np.sign(away), 0)
    return found


def _williams(observed: Floats) -> Floats:
    """Return what Williams (1976) divides by."""
    a, b, c, d = observed
    n, others = observed.sum(axis=0), np.maximum(c + d, 1)
    of_rows = n / (a + b) + n / others - 1
    of_columns = n / (a + c) + n / (b + d) - 1
    q = 1 + of_rows * of_columns / (6 * n)
    found: Floats = np.where((observed > 0).all(axis=0), q, 1.0)
    return found


def _exact(
    focus: Floats, reference: Floats, n_focus: float, n_reference: float
) -> tuple[Floats, Floats]:
    """Return odds ratios and two-sided p; words with the same counts are done once."""
    tables, place = np.unique(np.stack([focus, reference]), axis=1, return_inverse=True)
    found = np.array([_fisher(a, b, n_focus, n_reference) for a, b in tables.T])
    ratios, p = found[place.ravel()].T
    return ratios, p


def _fisher(
    a: float, b: float, n_focus: float, n_reference: float
) -> tuple[float, float]:
    """Return the odds ratio and the p of a word that occurs a and b times."""
    k = a + b
    x = np.arange(max(0, k - n_reference), min(k, n_focus) + 1)
    log_ways = -(
        gammaln(x + 1)
        + gammaln(k - x + 1)
        + gammaln(n_focus - x + 1)
        + gammaln(n_reference - k + x + 1)
    )
    ways = np.exp(log_ways - log_ways.max())
    here = ways[int(a - x[0])]
    # Ties differ in the last digits; R leaves the same room for them.
    p = min(1.0, float(ways[ways <= here * (1 + 1e-7)].sum() / ways.sum()))
    if a in (x[0], x[-1]):
        return (0.0 if a == x[0] and len(x) > 1 else float("inf")), p
    low, high = -64.0, 64.0
    for _ in range(N_HALVINGS):
        middle = (low + high) / 2
        shifted = log_ways + middle * x
        tilted = np.exp(shifted - shifted.max())
        if (tilted @ x) / tilted.sum() < a:
            low = middle
        else:
            high = middle
    return float(np.exp((low + high) / 2)), p
