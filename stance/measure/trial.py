"""Trials of a method on documents of known shares: whether its interval is honest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtrit

from stance.measure.contrast import combined
from stance.measure.prevalence import fit_of
from stance.measure.simulate import LABELS, simulate_columns

if TYPE_CHECKING:
    from stance.measure.simulate import World


@dataclass(frozen=True, slots=True)
class Trial:
    """How a method does at the change of a label's share, over many draws of documents.

    ``change`` is its mean estimate, ``coverage`` how often its interval holds the
    ``truth``, ``width`` the interval's mean width. An honest 95 % interval has a
    coverage of about .95.
    """

    method: str
    label: str
    truth: float
    change: float
    bias: float
    coverage: float
    width: float
    n_coded: int
    n_draws: int
    scheme: str


def trial(
    world: World, method: str = "difference", *, n_coded: int = 200,
    scheme: str = "paragraphs", n_draws: int = 200, rng: int = 0,
) -> tuple[Trial, ...]:  # fmt: skip
    """Return how a method does at the change between the first two periods of a world.

    Parameters
    ----------
    world : World
        Such as ``stance.measure.simulate.WORLDS["differing"]``.
    method : str, default "difference"
        Of `stance.measure.prevalence.prevalence`, but ``synthetic``.
    n_coded : int, default 200
        Coded units a period.
    scheme : str, default "paragraphs"
        How they are drawn: see `stance.measure.simulate.SCHEMES`.
    n_draws : int, default 200
        With 200, coverage has a standard error of .015.
    rng : int, default 0
        Seed; every method meets the same documents.

    Returns
    -------
    tuple of Trial
        A row a label, for the estimand ``process`` at 95 %.

    Examples
    --------
    >>> from stance.measure.simulate import WORLDS
    >>> [row.label for row in trial(WORLDS["equal"], "labels", n_draws=2)]
    ['cooperation', 'competition', 'countermeasure']
    """
    shares = np.array(world.shares[:2])
    truth = shares[1] - shares[0]
    weights = np.zeros(len(world.shares))
    weights[:2] = -1, 1
    found = np.empty((n_draws, 2, len(truth)))
    for at in range(n_draws):
        columns, _ = simulate_columns(
            world, n_coded=n_coded, scheme=scheme, rng=np.random.default_rng([rng, at])
        )
        fit = fit_of(columns, method, "process")
        change, psi, df = combined(weights, fit.theta, fit.influence, fit.df)
        found[at] = change, stdtrit(df, 0.975) * np.sqrt((psi**2).sum(axis=0))
    mean, half = found[:, 0].mean(axis=0), found[:, 1]
    held = (np.abs(found[:, 0] - truth) <= half).mean(axis=0)
    return tuple(
        Trial(
            method, LABELS[k], float(truth[k]), float(mean[k]),
            float(mean[k] - truth[k]), float(held[k]), float(2 * half[:, k].mean()),
            n_coded, n_draws, scheme,
        )
        for k in range(len(truth))
    )  # fmt: skip
