"""Documents with known shares of labels, to try an estimator on (generator G1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stance.coding.codebook import LabelSet
from stance.coding.predictions import Gold, Predictions
from stance.coding.sampling import proportional, systematic
from stance.measure.strata import Columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.integer]

LABELS = ("cooperation", "competition", "countermeasure", "none")
#: ``paragraphs`` at random, whole ``documents``, or ``unequal``: paragraphs of which
#: those that are predicted to have the rarest label are drawn five times as often.
SCHEMES = ("paragraphs", "documents", "unequal")
#: Standard deviation of what the scores of a document have in common.
DOCUMENT_EFFECT = 0.6
N_DOCUMENTS = 120


@dataclass(frozen=True, slots=True)
class World:
    """What the sources of some periods write, and how a classifier sees it.

    ``shares`` has a tuple of label shares a period; ``separation`` is how far apart
    the classifier's scores of the labels are, in each period; ``bias`` what is added
    to the scores of the labels. Documents differ the more, the smaller the
    ``concentration``: the labels' intraclass correlation is 1 / (1 + concentration).
    """

    name: str
    shares: tuple[tuple[float, ...], ...]
    separation: tuple[float, ...]
    bias: tuple[tuple[float, ...], ...]
    concentration: float = 5.0


class Units(NamedTuple):
    """All units of a simulated corpus, their labels known."""

    y: Ints
    proba: Floats
    stratum: Ints
    component: Ints


class Simulated(NamedTuple):
    """Units of which some are coded, their predictions, and the labels of them all."""

    gold: Gold
    predictions: Predictions
    y: Ints


def _worlds() -> dict[str, World]:
    """Return the worlds by name; those of four labels end in ``-4``."""
    shares = {
        3: ((0.55, 0.35, 0.10), (0.30, 0.45, 0.25), (0.45, 0.40, 0.15)),
        4: ((0.30, 0.20, 0.05, 0.45), (0.17, 0.25, 0.13, 0.45),
            (0.24, 0.22, 0.09, 0.45)),
    }  # fmt: skip
    separation = {
        3: {"equal": (1.6, 1.6), "differing": (1.7, 1.2), "null": (1.7, 1.2),
            "good": (3.3, 2.8), "useless": (0.05, 0.05)},
        4: {"equal": (1.75, 1.75), "differing": (2.0, 1.5), "null": (2.0, 1.5)},
    }  # fmt: skip
    drift = {3: (-0.5, 0.5, 0.0), 4: (-0.5, 0.5, 0.0, 0.0)}
    worlds: dict[str, World] = {}
    for k, kinds in separation.items():
        before, after, same = shares[k]
        for kind, apart in kinds.items():
            name = kind if k == 3 else f"{kind}-{k}"
            bias = (0.0,) * k if kind == "equal" else drift[k]
            periods = (same, same) if kind == "null" else (before, after)
            worlds[name] = World(name, periods, apart, ((0.0,) * k, bias))
    return worlds


WORLDS = _worlds()


def units_of(
    world: World, *, n_documents: int = N_DOCUMENTS, rng: int | np.random.Generator = 0
) -> Units:
    """Return a corpus: documents of 3 or more paragraphs, 16 on average.

    Parameters
    ----------
    world : World
        Such as ``WORLDS["differing"]``.
    n_documents : int, default 120
        Of each period.
    rng : int or Generator, default 0
        Seed or generator.

    Notes
    -----
    Size 3 + NegBin(1.5, mean 13); the label mix of a document is
    Dirichlet(concentration x shares). Scores are normal about the separation, with a
    document effect; probabilities are their softmax as a classifier gives them that
    was trained on all periods.

    Examples
    --------
    >>> units = units_of(WORLDS["equal"], n_documents=40)
    >>> units.proba.sum(axis=1).round(9).min(), len(set(units.component.tolist()))
    (np.float64(1.0), 80)
    """
    rng = np.random.default_rng(rng)
    n_periods, k = len(world.shares), len(world.shares[0])
    period = np.repeat(np.arange(n_periods), n_documents)
    size = 3 + rng.negative_binomial(1.5, 1.5 / 14.5, len(period))
    component = np.repeat(np.arange(len(period)), size)
    t = period[component]
    mix = rng.standard_gamma(world.concentration * np.array(world.shares)[period])
    bounds = mix.cumsum(axis=1)[component]
    at = rng.random((len(t), 1)) * bounds[:, -1:]
    y = (at >= bounds[:, :-1]).sum(axis=1)
    common = rng.normal(0, DOCUMENT_EFFECT, (len(period), k))
    z = rng.standard_normal((len(t), k)) + common[component]
    z += np.array(world.bias, dtype=float)[t]
    z[np.arange(len(t)), y] += np.array(world.separation)[t]
    odds = np.exp(np.mean(world.separation) * z)
    return Units(y, odds / odds.sum(axis=1, keepdims=True), t, component)


def _whole_documents(component: Ints, n: int, rng: np.random.Generator) -> Ints:
    """Return the rows of documents in random order until n are reached; 2 at least."""
    documents, size = np.unique(component, return_counts=True)
    order = rng.permutation(len(documents))
    n_drawn = 1 + int(np.searchsorted(size[order].cumsum(), n))
    return np.flatnonzero(np.isin(component, documents[order[: max(n_drawn, 2)]]))


def _uneven(proba: Floats, n: int) -> Floats:
    """Return probabilities of which those of the rarest label are five times."""
    rarest = proba.argmax(axis=1) == proba.mean(axis=0).argmin()
    return proportional(n, np.where(rarest, 5.0, 1.0))


def code(
    units: Units, *, n_coded: int, scheme: str = "paragraphs",
    rng: int | np.random.Generator = 0,
) -> Columns:  # fmt: skip
    """Return the units as an estimator takes them, of which some are coded.

    Parameters
    ----------
    units : Units
        As `units_of` gives them.
    n_coded : int
        Of each period; as whole documents, until so many are reached.
    scheme : {"paragraphs", "documents", "unequal"}, default "paragraphs"
        How they are drawn.
    rng : int or Generator, default 0
        Seed or generator.

    Examples
    --------
    >>> columns = code(units_of(WORLDS["equal"]), n_coded=50)
    >>> int((columns.y >= 0).sum())
    100
    """
    if scheme not in SCHEMES:
        raise ValueError(f"scheme {scheme!r} is not one of {', '.join(SCHEMES)}")
    rng = np.random.default_rng(rng)
    n_strata = int(units.stratum.max()) + 1
    probability = np.zeros(len(units.y))
    coded = np.zeros(len(units.y), dtype=bool)
    for t in range(n_strata):
        rows = np.flatnonzero(units.stratum == t)
        n = min(n_coded, len(rows))
        if scheme == "unequal":
            p = _uneven(units.proba[rows], n)
            drawn = systematic(p, rng)
        elif scheme == "documents":
            drawn = _whole_documents(units.component[rows], n, rng)
            p = np.full(len(rows), len(drawn) / len(rows))
        else:
            drawn = rng.choice(len(rows), n, replace=False)
            p = np.full(len(rows), n / len(rows))
        probability[rows], coded[rows[drawn]] = p, True
    weight = np.where(coded, 1 / probability, 0.0)
    y = np.where(coded, units.y, -1)
    return Columns(
        y, units.proba, weight, probability, units.stratum, units.component, n_strata
    )


def simulate_columns(
    world: World, *, n_coded: int, scheme: str = "paragraphs",
    n_documents: int = N_DOCUMENTS, rng: int | np.random.Generator = 0,
) -> tuple[Columns, Ints]:  # fmt: skip
    """Return columns, and the labels of all units; what `simulate` does, quickly.

    Examples
    --------
    >>> columns, y = simulate_columns(WORLDS["null"], n_coded=20)
    >>> bool((columns.y[columns.y >= 0] == y[columns.y >= 0]).all())
    True
    """
    rng = np.random.default_rng(rng)
    units = units_of(world, n_documents=n_documents, rng=rng)
    return code(units, n_coded=n_coded, scheme=scheme, rng=rng), units.y


def simulate(
    world: World, *, n_coded: int, scheme: str = "paragraphs",
    n_documents: int = N_DOCUMENTS, rng: int | np.random.Generator = 0,
) -> Simulated:  # fmt: skip
    """Return a corpus of known shares: coded units, predictions, and all labels.

    Parameters
    ----------
    world : World
        Its ``shares`` are true of the estimand ``process``; the `shares_of` the labels
        that are returned are true of the estimand ``corpus``.
    n_coded, scheme, rng
        As for `code`.
    n_documents : int, default 120
        Of each period.

    Examples
    --------
    >>> gold, predictions, y = simulate(WORLDS["differing"], n_coded=50)
    >>> gold.labels.names, gold.dates[0], gold.dates[-1]
    (('cooperation', 'competition', 'countermeasure'), '2001', '2002')
    """
    columns, y = simulate_columns(
        world, n_coded=n_coded, scheme=scheme, n_documents=n_documents, rng=rng
    )
    k, n = columns.proba.shape[1], len(y)
    names = LABELS[:k] if k <= len(LABELS) else tuple(f"label-{j}" for j in range(k))
    labels = LabelSet(names, tuple(name for name in names if name == "none"))
    documents = tuple(f"d{d:04d}" for d in columns.component)
    ids = tuple(f"{d}:p{at:05d}" for at, d in enumerate(documents))
    coded = columns.y >= 0
    design = "stratified" if scheme == "unequal" else "random"
    gold = Gold(
        labels, ids, documents, ("en",) * n,
        tuple(str(2001 + t) for t in columns.stratum), ("",) * n, columns.y,
        np.ones(n, dtype=bool), tuple((f"document:{d}",) for d in documents),
        tuple(np.where(coded, design, "").tolist()),
        tuple(np.where(coded, columns.probability, 0.0).tolist()),
    )  # fmt: skip
    no = np.zeros(n, dtype=bool)
    predictions = Predictions(ids, labels, columns.proba, no, no.astype(int) - 1, no)
    return Simulated(gold, predictions, y)


def shares_of(y: Ints, stratum: Ints, n_labels: int) -> Floats:
    """Return the share of each label in each stratum, shape (n_strata, n_labels).

    Examples
    --------
    >>> shares_of(np.array([0, 1, 1, 1]), np.array([0, 0, 1, 1]), 2).tolist()
    [[0.5, 0.5], [0.0, 1.0]]
    """
    n_strata = int(stratum.max()) + 1
    counts = np.bincount(stratum * n_labels + y, minlength=n_strata * n_labels)
    table: Floats = counts.reshape(n_strata, n_labels).astype(float)
    return table / table.sum(axis=1, keepdims=True)  # type: ignore[no-any-return]
