"""Named comparison methods of prevalence, and what is said of strata without labels.

All assume more than the difference estimator: that the classifier errs alike in all
strata. Where it does not, their intervals are narrow around the wrong share.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import stdtrit

from stance.measure.difference import (
    FLOOR,
    Fit,
    cells_of,
    census_difference,
    effective,
    one_hot,
    spread,
    sums,
)
from stance.measure.pooled import adjusted, most_likely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stance.measure.strata import Columns

    Floats = NDArray[np.float64]

QUANTIFIERS = ("cc", "pcc", "acc", "pacc", "emq")
#: Strata with labels that a prediction interval takes: its t has two fewer.
MIN_OTHERS = 3


def quantify(columns: Columns, method: str) -> Fit:
    r"""Return shares by a method of the quantification literature.

    Parameters
    ----------
    columns : Columns
        Of all units.
    method : {"cc", "pcc", "acc", "pacc", "emq"}
        ``cc`` counts the predicted labels, ``pcc`` sums their probabilities. ``acc``
        and ``pacc`` adjust these by how the classifier errs among the coded units of
        all strata. ``emq`` (SLD) adjusts the probabilities to another prior.

    Returns
    -------
    Fit
        ``tuning`` is 1 for ``cc`` and ``pcc``, which are the classifier alone, and
        ``nan`` for the others. A coded document moves the shares of all strata.

    Raises
    ------
    CodingError
        If the predictions do not tell the labels apart, such as where one is never
        predicted: shares of ``acc``, ``pacc`` or ``emq`` are then not determined.
    ValueError
        If the method is none of these.

    Notes
    -----
    With :math:`A_{kj}` the rate (or mean probability) of label k among the units coded
    j, and q the shares of a stratum by ``cc`` (``pcc``), the adjusted shares minimise
    :math:`\lVert Ap - q \rVert` over all p that are shares. With two labels that is the
    estimator of Rogan and Gladen (1978), cut at 0 and 1; with more it is better than
    to invert, cut and divide by the sum (Bunse 2022). A label that is not coded is
    taken as predicted without error. Within a stratum coded units count by 1 /
    probability, and a stratum by the number of them.

    ``emq`` takes the shares of the coded units as the prior that the classifier has
    learned, and iterates to the maximum of the likelihood (Saerens, Latinne and
    Decaestecker 2002). A classifier that others trained has another prior.

    The variance is that of leaving out one document at a time; for ``emq`` the shares
    without a document are one Newton step away from those with it. Degrees of freedom
    are those of the stratum's documents or of all coded ones, whichever are fewer.

    References
    ----------
    Bunse, M. (2022). On multi-class extensions of adjusted classify and count.
    *Proceedings of the 2nd International Workshop on Learning to Quantify*.
    Forman, G. (2008). Quantifying counts and costs via classification. *Data Mining and
    Knowledge Discovery* 17(2), 164-206.
    Rogan, W. J. and Gladen, B. (1978). Estimating prevalence from the results of a
    screening test. *American Journal of Epidemiology* 107(1), 71-76.
    Saerens, M., Latinne, P. and Decaestecker, C. (2002). Adjusting the outputs of a
    classifier to new a priori probabilities. *Neural Computation* 14(1), 21-41.

    Examples
    --------
    >>> from stance.measure.strata import columns_of, stratify
    >>> from stance.testing import coded
    >>> gold, predictions = coded("2012: 00 01 00 | 11 22", "2023: 00 .0 | .0 .1 | 22")
    >>> columns = columns_of(gold, predictions, stratify(gold))
    >>> quantify(columns, "cc").theta[1].round(3).tolist()
    [0.6, 0.2, 0.2]
    >>> quantify(columns, "acc").theta[1].round(3).tolist()
    [0.8, 0.0, 0.2]
    """
    if method not in QUANTIFIERS:
        raise ValueError(f"method {method!r} is not one of {', '.join(QUANTIFIERS)}")
    said = columns.proba
    if method in ("cc", "acc"):
        said = np.eye(said.shape[1])[said.argmax(axis=1)]
    if method in ("cc", "pcc"):
        everything = columns._replace(weight=np.ones(len(said)))
        return Fit(*clustered_means(said, everything), 1.0)
    return most_likely(columns) if method == "emq" else adjusted(columns, said)


def clustered_means(values: Floats, columns: Columns) -> tuple[Floats, Floats, Floats]:
    """Return weighted means by stratum, their influence by document, and df.

    Parameters
    ----------
    values : ndarray, shape (n_units, n_values)
        What the mean is taken of; the weights are those of the columns.
    columns : Columns
        Of the same units.

    Examples
    --------
    >>> from stance.measure.strata import columns_of, stratify
    >>> from stance.testing import coded
    >>> gold, predictions = coded("2012: 00 01 | 11 11")
    >>> columns = columns_of(gold, predictions, stratify(gold))
    >>> clustered_means(columns.proba, columns)[0].tolist()
    [[0.25, 0.75, 0.0]]
    """
    cells, n, t = cells_of(columns), columns.n_strata, columns.stratum
    w = np.bincount(t, columns.weight, minlength=n)
    scaled = (columns.weight / np.where(w > 0, w, 1.0)[t])[:, None]
    mean = sums(scaled * values, t, n)
    mean[w == 0] = np.nan
    psi = sums(scaled * (values - np.nan_to_num(mean)[t]), cells.of, len(cells.size))
    g, worth = effective(cells, n)
    with np.errstate(invalid="ignore", divide="ignore"):
        psi *= (np.sqrt((g - 1) / g)[cells.stratum] / (1 - cells.weight))[:, None]
    influence = spread(cells, psi, n)
    influence[:, g < 2] = np.nan
    return mean, influence, np.maximum(worth - 1, 1)


def rectifiers(columns: Columns) -> tuple[Floats, Floats, Floats]:
    """Return what the coded units add to the classifier's shares, stratum by stratum.

    Means of label less probability over the coded units (n_strata, n_labels), their
    influence (n_components, n_strata, n_labels) and degrees of freedom (n_strata,):
    ``nan`` where nothing is coded, the influence also where one document is.

    Examples
    --------
    >>> from stance.measure.strata import columns_of, stratify
    >>> from stance.testing import coded
    >>> gold, predictions = coded("2012: 00 01 | .0 11 11", "2023: 00 .1 | 00")
    >>> rectifiers(columns_of(gold, predictions, stratify(gold)))[0].tolist()
    [[0.25, -0.25, 0.0], [0.0, 0.0, 0.0]]
    """
    return clustered_means(one_hot(columns) - columns.proba, columns)


class Extrapolated(NamedTuple):
    """Shares of a stratum without labels; arrays of n_labels."""

    share: Floats
    low: Floats
    high: Floats
    std_error: Floats
    df: Floats


class RandomEffects(NamedTuple):
    """Mean of effects, its variance, and the variance between effects (``tau2``)."""

    mean: Floats
    variance: Floats
    tau2: Floats


def random_effects(effects: Floats, variances: Floats) -> RandomEffects:
    r"""Return the mean of effects that differ, and by how much they do.

    Parameters
    ----------
    effects, variances : ndarray, shape (k, n_labels)
        Of each stratum; a variance of 0 is taken to be the mean of the others, for
        coded units that are all alike do not prove a stratum without error.

    Notes
    -----
    :math:`\tau^2 = \max(0, (Q - (k - 1)) / (\sum w - \sum w^2 / \sum w))` with
    :math:`w = 1 / v` (DerSimonian and Laird 1986); the variance of the mean is scaled
    by how much the effects vary, never down (Hartung and Knapp 2001; Röver, Knapp and
    Friede 2015).

    References
    ----------
    DerSimonian, R. and Laird, N. (1986). Meta-analysis in clinical trials. *Controlled
    Clinical Trials* 7(3), 177-188.
    Röver, C., Knapp, G. and Friede, T. (2015). Hartung-Knapp-Sidik-Jonkman approach and
    its modification for random-effects meta-analysis with few studies. *BMC Medical
    Research Methodology* 15, 99.

    Examples
    --------
    >>> found = random_effects(np.array([[0.1], [0.2], [0.6]]), np.full((3, 1), 0.01))
    >>> found.mean.round(3).tolist(), found.tau2.round(3).tolist()
    ([0.3], [0.06])
    """
    positive = variances > 0
    usual = (variances * positive).sum(axis=0) / np.maximum(positive.sum(axis=0), 1)
    v = np.maximum(np.where(positive, variances, usual), FLOOR)
    w, k = 1 / v, len(effects)
    total = w.sum(axis=0)
    q = (w * (effects - (w * effects).sum(axis=0) / total) ** 2).sum(axis=0)
    tau2 = np.maximum(0, (q - (k - 1)) / (total - (w**2).sum(axis=0) / total))
    u = 1 / (v + tau2)
    mean = (u * effects).sum(axis=0) / u.sum(axis=0)
    scale = (u * (effects - mean) ** 2).sum(axis=0) / (k - 1)
    return RandomEffects(mean, np.maximum(1, scale) / u.sum(axis=0), tau2)


def extrapolate(
    columns: Columns, at: int, *, others: Sequence[int], level: float,
    estimand: str = "process",
) -> Extrapolated:  # fmt: skip
    r"""Return the classifier's shares of a stratum, corrected as in other strata.

    Parameters
    ----------
    columns : Columns
        Of all units.
    at : int
        The stratum that has too few labels.
    others : sequence of int
        Strata with labels, three or more.
    level : float
        Of the prediction interval.
    estimand : {"process", "corpus"}, default "process"
        As for `stance.measure.prevalence.prevalence`.

    Returns
    -------
    Extrapolated
        Label by label, not cut at 0 and 1; the sum of the shares is 1 only nearly. No
        interval (``nan``) where the stratum has one document (estimand ``process``).

    Raises
    ------
    ValueError
        If fewer than three of the others have a variance, the stratum is one of them,
        or one does not exist.

    Notes
    -----
    The correction of each of the k others is an effect, and that of this stratum is
    drawn from the same distribution: the interval is that of Higgins, Thompson and
    Spiegelhalter (2009), widened by the error of the classifier's share,
    :math:`t_{k-2} \sqrt{\tau^2 + Var(\hat\mu) + Var(\bar f)}`. Five others are few.

    References
    ----------
    Higgins, J. P. T., Thompson, S. G. and Spiegelhalter, D. J. (2009). A re-evaluation
    of random-effects meta-analysis. *Journal of the Royal Statistical Society A*
    172(1), 137-159.

    Examples
    --------
    >>> from stance.measure.strata import columns_of, stratify
    >>> from stance.testing import coded
    >>> years = [f"{y}: 00 01 | 11 00" for y in (2012, 2013, 2014)]
    >>> gold, predictions = coded(*years, "2015: .0 .1 | .1 .1")
    >>> columns = columns_of(gold, predictions, stratify(gold))
    >>> extrapolate(columns, 3, others=[0, 1, 2], level=0.95).share.tolist()
    [0.5, 0.5, 0.0]
    """
    if at not in columns.stratum:
        raise ValueError(f"there are {columns.n_strata} strata, numbered from 0")
    found = corrections(columns, estimand)
    return found.extrapolated(at, others=others, level=level)


class Corrections(NamedTuple):
    """What corrects the classifier in each stratum; arrays (n_strata, n_labels).

    ``mean`` is what it says, ``variance`` that of the mean over documents, ``effect``
    what the coded units add to it, ``spread`` the variance of that.
    """

    mean: Floats
    variance: Floats
    effect: Floats
    spread: Floats

    def extrapolated(
        self, at: int, *, others: Sequence[int], level: float
    ) -> Extrapolated:
        """Return the shares of a stratum as `extrapolate` does."""
        n, chosen = len(self.mean), np.array(others, dtype=int)
        if not 0 < level < 1:
            raise ValueError(f"level must lie strictly between 0 and 1, got {level}")
        if at in chosen or len(set(chosen)) < len(chosen):
            raise ValueError(f"the others must differ from {at} and from each other")
        if not 0 <= at < n or ((chosen < 0) | (chosen >= n)).any():
            raise ValueError(f"there are {n} strata, numbered from 0")
        known = ~np.isnan(self.spread[chosen] + self.effect[chosen]).any(axis=1)
        chosen = chosen[known]
        if len(chosen) < MIN_OTHERS:
            raise ValueError(
                f"three strata with a variance are needed, got {len(chosen)}"
            )
        found = random_effects(self.effect[chosen], self.spread[chosen])
        df = np.full(len(self.mean[at]), len(chosen) - 2.0)
        std_error = np.sqrt(found.tau2 + found.variance + self.variance[at])
        share, reach = self.mean[at] + found.mean, stdtrit(df, (1 + level) / 2)
        reach = reach * std_error
        return Extrapolated(share, share - reach, share + reach, std_error, df)


def corrections(columns: Columns, estimand: str = "process") -> Corrections:
    """Return what corrects the classifier in each stratum, for all of them at once.

    Examples
    --------
    >>> from stance.measure.strata import columns_of, stratify
    >>> from stance.testing import coded
    >>> gold, predictions = coded("2012: 00 01 | 11 00", "2013: .0 .1 | .1 .1")
    >>> corrections(columns_of(gold, predictions, stratify(gold))).effect[0].tolist()
    [0.25, -0.25, 0.0]
    """
    everything = columns._replace(weight=np.ones(len(columns.y)))
    mean, influence, _ = clustered_means(columns.proba, everything)
    variance = (influence**2).sum(axis=0)
    if estimand == "corpus":
        fit = census_difference(columns, 1.0)
        effect, psi, variance = fit.theta - mean, fit.influence, 0 * mean
    else:
        effect, psi, _ = rectifiers(columns)
    return Corrections(mean, variance, effect, (psi**2).sum(axis=0))
