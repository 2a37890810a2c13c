"""Estimates of shares: their rows, and what contrasts between them follow from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stance.coding.codebook import LabelSet
    from stance.measure.strata import Columns, Strata

    Floats = NDArray[np.float64]

#: The difference estimator's methods, and the weight of the classifier in each.
TUNINGS = {"difference": None, "labels": 0.0, "dsl": 1.0}


@dataclass(frozen=True, slots=True)
class Prevalence:
    """The share of a label in a stratum.

    ``base`` is ``all`` where it is a share of all units, ``framed`` of those that have
    a frame. ``share``, ``low`` and ``high`` are proportions; ``low`` and ``high`` are
    ``nan`` where there is no interval, and are cut at 0 and 1, but never within the
    share, which a correction can move below 0. ``classifier_share`` is what the
    classifier says, ``correction`` what the coded units add to it, ``tuning`` the
    weight of the classifier, ``effective_documents`` what the coded documents are worth
    as documents of even size.
    """

    stratum: str
    label: str
    base: str
    share: float
    low: float
    high: float
    std_error: float
    df: float
    n_coded: int
    n_units: int
    n_documents: int
    n_coded_documents: int
    effective_documents: float
    tuning: float
    classifier_share: float
    correction: float
    method: str
    estimand: str
    level: float
    status: str
    note: str


@dataclass(frozen=True, slots=True, eq=False)
class PrevalenceEstimate:
    """Shares of all strata, with what contrasts between them follow from.

    Attributes
    ----------
    rows : tuple of Prevalence
        Stratum by stratum; of all units, then of the framed ones.
    labels : LabelSet
        In column order.
    strata : Strata
        What is reported by.
    theta : ndarray, shape (n_strata, n_labels)
        Shares of all units.
    influence : ndarray, shape (n_rows, n_strata, n_labels)
        The covariance of two shares is the sum of the products of their columns; a
        stratum without interval is ``nan``. Rows are documents for the estimand
        ``process``, coded units for ``corpus``.
    df : ndarray, shape (n_strata,)
        Degrees of freedom.
    status : tuple of str
        Of each stratum.
    method, estimand : str
        As asked for.
    level : float
        Of the intervals.
    columns : Columns, optional
        The counted units that they were estimated from.
    """

    rows: tuple[Prevalence, ...]
    labels: LabelSet
    strata: Strata
    theta: Floats
    influence: Floats
    df: Floats
    status: tuple[str, ...]
    method: str
    estimand: str
    level: float
    columns: Columns | None = None

    @property
    def bases(self) -> tuple[str, ...]:
        """Return the bases that shares are taken over."""
        return bases(self.labels)

    @property
    def exact(self) -> frozenset[str]:
        """Return the strata whose shares are exact: coded whole, of this corpus."""
        if self.estimand != "corpus" or self.method not in TUNINGS:
            return frozenset()
        return frozenset(r.stratum for r in self.rows if r.n_coded == r.n_units)

    @property
    def without(self) -> NDArray[np.bool_]:
        """Return which strata have no interval."""
        unknown: NDArray[np.bool_] = np.isnan(self.influence.sum(axis=(0, 2)))
        return unknown

    def base(self, base: str) -> tuple[tuple[str, ...], Floats, Floats]:
        """Return the labels of a base, their shares, and the influence."""
        return of_base(base, self.labels, self.theta, self.influence)

    def error(self, base: str) -> Floats:
        """Return the standard errors of a base, with one stratum held at a time."""
        errors = []
        for at in range(len(self.theta)):
            one, psi = self.theta[[at]], self.influence[:, [at]]
            psi = of_base(base, self.labels, one, psi)[2]
            errors.append(np.sqrt((psi**2).sum(axis=0))[0])
        return np.array(errors)


def bases(labels: LabelSet) -> tuple[str, ...]:
    """Return what shares are taken of: all units, and the framed where not all are.

    Examples
    --------
    >>> from stance.coding.codebook import LabelSet
    >>> bases(LabelSet(("pro", "con")))
    ('all',)
    """
    return ("all", "framed") if labels.residual else ("all",)


def of_base(
    base: str, labels: LabelSet, theta: Floats, influence: Floats
) -> tuple[tuple[str, ...], Floats, Floats]:
    r"""Return labels, shares and influence of a base.

    Of the framed units :math:`r_k = \theta_k / S`, with S the sum over the frames, and
    its influence is :math:`(\psi_k - r_k \sum_j \psi_j) / S`.

    Examples
    --------
    >>> from stance.coding.codebook import LabelSet
    >>> labels = LabelSet(("pro", "none"), residual=("none",))
    >>> of_base("framed", labels, np.array([[0.2, 0.8]]), np.zeros((1, 1, 2)))[1]
    array([[1.]])
    """
    if base == "all":
        return labels.names, theta, influence
    kept = [labels.names.index(name) for name in labels.substantive]
    part, psi = theta[:, kept], influence[:, :, kept]
    total = part.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        r = part / total
        psi -= r * psi.sum(axis=2, keepdims=True)
        psi /= total
    return labels.substantive, r, psi
