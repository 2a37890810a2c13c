"""Contrasts: which strata are compared, and what their differences vary with."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import fdtrc

from stance.errors import CodingError, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stance.measure.estimate import PrevalenceEstimate
    from stance.measure.strata import Strata

    Floats = NDArray[np.float64]
    #: Name of a contrast -> stratum -> weight; weights sum to 0.
    Weights = Mapping[str, Mapping[str, float]]

CONTRASTS = ("baseline", "adjacent", "all", "trend")
#: A variance below is none: no document differs from another.
NONE = 1e-20


class Contrast(NamedTuple):
    """A weighted difference of strata; ``before`` and ``after`` name its sides."""

    name: str
    before: str
    after: str
    weights: Floats  # (n_strata,), sums to 0
    note: str = ""


class Compared(NamedTuple):
    """The shares of a base over contrasts; shapes end in (n_contrasts, n_labels)."""

    base: str
    labels: tuple[str, ...]
    share: Floats  # before, after
    change: Floats
    psi: Floats  # influence by document, or by coded unit
    error: Floats  # nan where nothing varies, 0 where the change is exact
    df: Floats
    exact: NDArray[np.bool_]  # (n_contrasts,)


def contrasts(
    strata: Strata, contrast: str | Weights, *,
    baseline: str = "", known: NDArray[np.bool_] | None = None,
) -> tuple[Contrast, ...]:  # fmt: skip
    """Return the contrasts of a kind, or those that were named in advance.

    Parameters
    ----------
    strata : Strata
        What is compared.
    contrast : str or mapping
        ``baseline``: every other stratum with the baseline; ``adjacent``: each with the
        one before; ``all``: every pair; ``trend``: linear in the years, a change a
        year. A mapping names contrasts and gives each stratum of theirs its weight.
    baseline : str, optional
        Name of a stratum; the first by default.
    known : ndarray of bool, shape (n_strata,), optional
        The strata that have an interval: a trend is taken over them.

    Raises
    ------
    CodingError
        If there is one stratum; a name is no stratum; weights do not sum to 0; a trend
        is wanted over strata that are neither years nor numbers.

    Examples
    --------
    >>> from stance.measure.strata import stratify
    >>> from stance.testing import coded
    >>> strata = stratify(coded("2012: 00", "2013: 11", "2015: 01")[0])
    >>> [(c.before, c.after) for c in contrasts(strata, "adjacent")]
    [('2012', '2013'), ('2013', '2015')]
    >>> contrasts(strata, {"later": {"2012": -1, "2013": 0.5, "2015": 0.5}})[0].after
    '2013+2015'
    """
    names = strata.names
    if len(names) < 2:
        values = f" ({names[0]})" if names else ""
        raise CodingError(
            f"stratum {strata.by!r} has {len(names)} value{values}; a shift needs two",
            hint="report by something that differs: --by",
        )
    if isinstance(contrast, Mapping):
        return tuple(
            _named(names, name, weights, strata.by)
            for name, weights in contrast.items()
        )
    if contrast not in CONTRASTS:
        raise ValueError(f"contrast {contrast!r} is not one of {', '.join(CONTRASTS)}")
    if baseline and contrast != "baseline":
        raise ValueError(f"contrast {contrast!r} takes no baseline")
    if contrast == "trend":
        every = np.ones(len(names), dtype=bool)
        return (_trend(strata, every if known is None else known),)
    n = len(names)
    base = _place(names, baseline, strata.by) if baseline else 0
    pairs = {
        "baseline": [(base, at) for at in range(n) if at != base],
        "adjacent": [(at - 1, at) for at in range(1, n)],
        "all": [(a, b) for a in range(n) for b in range(a + 1, n)],
    }[contrast]
    eye = np.eye(n)
    return tuple(
        Contrast(contrast, names[a], names[b], eye[b] - eye[a]) for a, b in pairs
    )


def _place(names: Sequence[str], name: str, by: str) -> int:
    if name not in names:
        raise CodingError(
            f"{name!r} is not a {by} of the estimate",
            hint=nearest(name, tuple(names), kind="strata"),
        )
    return names.index(name)


def _named(
    names: tuple[str, ...], name: str, weights: Mapping[str, float], by: str
) -> Contrast:
    if name in CONTRASTS:
        raise CodingError(
            f"a contrast cannot be called {name!r}, which is a kind of contrasts",
            hint="name it by what happened there",
        )
    row = np.zeros(len(names))
    for stratum, weight in weights.items():
        row[_place(names, stratum, by)] = weight
    if not row.any() or abs(row.sum()) > 1e-9 * abs(row).sum():
        raise CodingError(
            f"the weights of contrast {name!r} sum to {row.sum():g}",
            hint="a contrast has weights below and above 0 that sum to 0, such as "
            "-0.5, -0.5 and 1",
        )
    sides = [
        "+".join(n for n, w in zip(names, row, strict=True) if sign * w > 0)
        for sign in (-1, 1)
    ]
    return Contrast(name, sides[0], sides[1], row)


def _trend(strata: Strata, known: NDArray[np.bool_]) -> Contrast:
    """Return the slope over the known strata; over all where fewer than two are."""
    names = strata.names
    try:
        x = np.array([float(name) for name in names])
    except ValueError:
        x = np.array([np.nan])
    if not np.isfinite(x).all():
        raise CodingError(
            f"a trend needs years or numbers, and {strata.by!r} has values such as "
            f"{names[0]!r}",
            hint="report by year, or compare with a baseline",
        )
    used = known if known.sum() >= 2 else np.ones(len(names), dtype=bool)
    weights = np.zeros(len(names))
    distance = x[used] - x[used].mean()
    weights[used] = distance / (distance**2).sum()
    over = [name for name, is_in in zip(names, used, strict=True) if is_in]
    left = [name for name, is_in in zip(names, used, strict=True) if not is_in]
    note = f"without {', '.join(left)}: no interval there" if left else ""
    order = sorted(over, key=float)
    return Contrast("trend", order[0], order[-1], weights, note)


def break_contrast(names: Sequence[str], at: str) -> dict[str, dict[str, float]]:
    """Return the contrast of a break: the mean from a period on, less that before it.

    Name the break before looking at the shares, and for a reason outside of them: one
    that is chosen because the change is large there has no honest interval.

    Parameters
    ----------
    names : sequence of str
        Of the strata, years, months or dates.
    at : str
        The first period after the break, such as ``2018``.

    Raises
    ------
    CodingError
        If no stratum lies before or after.

    Examples
    --------
    >>> break_contrast(("2016", "2017", "2018", "2019"), at="2018")
    {'from 2018': {'2016': -0.5, '2017': -0.5, '2018': 0.5, '2019': 0.5}}
    """
    before = [name for name in names if name < at]
    after = [name for name in names if name >= at]
    if not before or not after:
        raise CodingError(
            f"no stratum lies {'before' if after else 'after'} the break at {at!r}",
            hint=f"the strata are {', '.join(names)}",
        )
    weights = {name: -1 / len(before) for name in before}
    return {f"from {at}": weights | {name: 1 / len(after) for name in after}}


def condensed(influence: Floats) -> Floats:
    """Return influence of fewer rows with the same sums of products.

    The documents of one stratum alone are put in as many rows as there are labels: the
    triangle of their QR decomposition. Those that lie in several keep their rows; a
    first one is 0, or ``nan`` where a stratum is.

    Examples
    --------
    >>> psi = np.zeros((9, 2, 1))
    >>> psi[:5, 0], psi[5:, 1], psi[8, 0] = 0.1, 0.2, 0.3
    >>> few = condensed(psi)
    >>> len(few), np.einsum("dsk,dtk->st", few, few).round(6).tolist()
    (4, [[0.14, 0.06], [0.06, 0.16]])
    """
    _, n_strata, k = influence.shape
    unknown = np.isnan(influence).any(axis=(0, 2))
    there = (influence != 0).any(axis=2) & ~unknown
    n_in = there.sum(axis=1)
    parts = [np.zeros((1, n_strata, k)), influence[n_in > 1]]
    for at in np.flatnonzero(~unknown):
        own: Floats = influence[(n_in == 1) & there[:, at], at]
        part = np.zeros((min(len(own), k), n_strata, k))
        part[:, at] = np.linalg.qr(own, mode="r") if len(own) > k else own
        parts.append(part)
    found = np.concatenate(parts)
    found[:, unknown] = np.nan
    return found


def combined(
    weights: Floats, theta: Floats, influence: Floats, df: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return a weighted sum over strata, its influence and its degrees of freedom.

    Parameters
    ----------
    weights : ndarray, shape (n_strata,)
        A stratum of weight 0 may have no influence (``nan``).
    theta, influence, df
        As in `stance.measure.difference.Fit`.

    Examples
    --------
    >>> theta = np.array([[0.2], [0.5]])
    >>> psi = np.array([[[0.1], [0.0]], [[0.0], [0.1]]])
    >>> change, _, df = combined(np.array([-1, 1]), theta, psi, np.array([9.0, 9.0]))
    >>> change.round(3).tolist(), df.round(3).tolist()
    ([0.3], [18.0])
    """
    used = np.flatnonzero(weights)
    c = weights[used][:, None]
    psi = (influence[:, used] * c).sum(axis=1)
    parts = (c**2 * (influence[:, used] ** 2).sum(axis=0)) ** 2 / df[used][:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        freedom = np.maximum((psi**2).sum(axis=0) ** 2 / parts.sum(axis=0), 1)
    return (theta[used] * c).sum(axis=0), psi, freedom


def compare(
    estimate: PrevalenceEstimate, base: str, found: Sequence[Contrast]
) -> Compared:
    """Return the differences of a base's shares, their errors and degrees of freedom.

    Influence is added over the strata of a contrast before it is squared, so that a
    document which lies in two strata counts once. A change is exact where every unit
    of its strata is coded and the estimand is this corpus.

    Examples
    --------
    >>> from stance.measure.prevalence import prevalence
    >>> from stance.measure.strata import stratify
    >>> from stance.testing import coded
    >>> gold, predictions = coded("2012: 00 01 | 22 11", "2023: 11 11 | 01 22")
    >>> strata = stratify(gold)
    >>> shares = prevalence(gold, predictions, strata=strata, estimand="corpus")
    >>> compared = compare(shares, "all", contrasts(strata, "adjacent"))
    >>> compared.change.tolist(), compared.exact.tolist()
    ([[-0.25, 0.25, 0.0]], [True])
    """
    labels, theta, influence = estimate.base(base)
    names = estimate.strata.names
    shape = (len(found), len(labels))
    psi, share = np.zeros((len(influence), *shape)), np.zeros((2, *shape))
    change, df = np.zeros(shape), np.zeros(shape)
    exact = np.zeros(len(found), dtype=bool)
    for at, row in enumerate(found):
        used = np.flatnonzero(row.weights)
        c = row.weights[used][:, None]
        change[at], psi[:, at], df[at] = combined(
            row.weights, theta, influence, estimate.df
        )
        for side, part in enumerate((np.maximum(-c, 0), np.maximum(c, 0))):
            share[side, at] = (theta[used] * part).sum(axis=0) / part.sum()
        if row.name == "trend":
            share[:, at] = theta[[names.index(row.before), names.index(row.after)]]
        exact[at] = estimate.exact >= {names[t] for t in used}
    variance = (psi**2).sum(axis=0)
    error = np.where(variance < NONE, np.nan, np.sqrt(variance))
    df[np.isnan(error)] = np.nan
    error[exact], df[exact] = 0, np.nan
    return Compared(base, labels, share, change, psi, error, df, exact)


def joint_test(compared: Compared, at: int) -> tuple[float, float, float, str]:
    """Return F, its second degrees of freedom, p and a note, of all labels but one.

    They are ``nan`` where the covariance has no inverse: fewer documents than labels.

    Examples
    --------
    >>> one = np.array([[0.1, -0.1]])
    >>> psi, df = np.array([[[0.03, -0.03]], [[0.04, -0.04]]]), np.array([[9.0, 9.0]])
    >>> compared = Compared("all", ("pro", "con"), np.stack([one, 2 * one]), one, psi,
    ...                     abs(one) / 2, df, np.array([False]))
    >>> f, df2, p, _ = joint_test(compared, 0)
    >>> round(f, 6), df2, round(p, 3)
    (4.0, 9.0, 0.077)
    """
    none = (math.nan, math.nan, math.nan)
    q = len(compared.labels) - 1
    if compared.exact[at]:
        return *none, "every unit is coded: the change is exact"
    if np.isnan(compared.psi[:, at]).any():
        return *none, "no test: a stratum has no interval"
    error = compared.error[at, :q]
    unit = compared.psi[:, at, :q] / error
    correlation = unit.T @ unit
    if np.isnan(compared.error[at]).any() or np.linalg.eigvalsh(correlation)[0] < 1e-9:
        return *none, "no test: too few documents, or a label that does not vary"
    t = compared.change[at, :q] / error
    m = max(float(compared.df[at].mean()), q + 0.01)
    f = float(t @ np.linalg.solve(correlation, t)) * (m - q + 1) / (m * q)
    return f, m - q + 1, float(fdtrc(q, m - q + 1, f)), ""
