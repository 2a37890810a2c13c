"""Which terms of a model moved its mean score from one group of texts to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stance.errors import CodingError
from stance.measure import resample
from stance.measure.groups import CHUNK

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csc_matrix, csr_matrix

    Floats = NDArray[np.float64]
    Integers = NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class TermShift:
    """What a term adds to the change of a label's mean score: ``coef`` times its own.

    ``mean_before`` and ``mean_after`` are of the term's value over the units.
    """

    term: str
    label: str
    contribution: float
    low: float
    high: float
    coef: float
    mean_before: float
    mean_after: float


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """A linear model's weights, and the values of its terms in each unit.

    ``coef`` is (n_labels, n_terms), ``values`` sparse (n_units, n_terms).
    """

    labels: tuple[str, ...]
    terms: tuple[str, ...]
    coef: Floats
    values: csr_matrix
    documents: tuple[str, ...]

    def __post_init__(self) -> None:
        n_units, n_terms = len(self.documents), len(self.terms)
        shapes = (self.coef.shape, self.values.shape)
        if shapes != ((len(self.labels), n_terms), (n_units, n_terms)):
            raise ValueError(
                f"coef and values have the shapes {shapes}, for {len(self.labels)} "
                f"labels, {n_terms} terms and {n_units} units"
            )


def model_shift(
    scored: Scored,
    groups: Integers,
    *,
    n_bootstrap: int = 1000,
    level: float = 0.95,
    rng: int | np.random.Generator = 0,
) -> tuple[TermShift, ...]:
    """Return what each term adds to the change of each label's mean score.

    A linear model's score is a sum over terms: the contributions of a label add up to
    the change of its mean score, exactly. They tell how this model came to see a
    change, not why the texts changed.

    Parameters
    ----------
    scored : Scored
        Its values are those of `stance.model.score.features_of`.
    groups : ndarray of int, shape (n_units,)
        0 before, 1 after, -1 left out; a document's units are in one group.
    n_bootstrap, level, rng
        As in `stance.measure.keyness.log_odds`; the interval of a contribution is
        ``nan`` where a group is one document.

    Returns
    -------
    tuple of TermShift
        By label, then largest contribution of either sign first; terms that occur in
        neither group are left out, and add nothing.

    Raises
    ------
    CodingError
        If a group has no unit, or a document lies in both.
    ValueError
        If the contributions do not add up, as where a value is not finite.

    Notes
    -----
    The score is the one before calibration. Calibrated by temperature, logits and
    contributions are multiples of these; by one sigmoid a label, they are not.

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> values = csr_matrix([[1.0, 0.0], [0.0, 2.0]])
    >>> weights = np.array([[1.0, -1.0]])
    >>> scored = Scored(("pro",), ("win", "curb"), weights, values, ("a", "b"))
    >>> [(r.term, r.contribution) for r in model_shift(scored, np.array([0, 1]))]
    [('curb', -2.0), ('win', -1.0)]
    """
    groups = np.asarray(groups)
    sums, sizes, side = _by_document(scored, groups)
    before, after = (_means(sums, sizes, (side == g)[None])[0] for g in (0, 1))
    parts = scored.coef * (after - before)
    scores = scored.values @ scored.coef.T
    change = scores[groups == 1].mean(axis=0) - scores[groups == 0].mean(axis=0)
    if not np.allclose(parts.sum(axis=1), change, atol=1e-9):
        raise ValueError("the contributions do not add up to the change of the score")
    ends = np.full((2, len(scored.terms)), np.nan)
    if (few := int(np.bincount(side).min())) > 1:
        drawn = resample.weights(side, rng, n_draws=n_bootstrap)
        beyond = resample.tail(few, level)
        for at in range(0, len(scored.terms), CHUNK):
            here = sums[:, at : at + CHUNK]
            means = [_means(here, sizes, drawn * (side == g)) for g in (0, 1)]
            ends[:, at : at + CHUNK] = np.quantile(
                means[1] - means[0], [beyond, 1 - beyond], axis=0
            )
    rows = [
        TermShift(
            scored.terms[at],
            label,
            *(float(x) for x in (parts[k, at], *sorted(coef[at] * ends[:, at]))),
            *(float(x) for x in (coef[at], before[at], after[at])),
        )
        for k, (label, coef) in enumerate(zip(scored.labels, scored.coef, strict=True))
        for at in np.flatnonzero((before != 0) | (after != 0))
    ]
    order = scored.labels.index
    rows.sort(key=lambda row: (order(row.label), -abs(row.contribution), row.term))
    return tuple(rows)


def _by_document(
    scored: Scored, groups: Integers
) -> tuple[csc_matrix, Integers, Integers]:
    """Return sums of values, numbers of units, and group, of each document compared."""
    from scipy.sparse import csr_matrix

    kept = np.flatnonzero(groups >= 0)
    names = np.array(scored.documents)[kept]
    if len(groups) != len(scored.documents) or set(groups[kept].tolist()) != {0, 1}:
        raise CodingError(
            "each of the two groups needs units",
            hint="groups are 0 (before), 1 (after) or -1 (left out) for each unit",
        )
    documents, place = np.unique(names, return_inverse=True)
    sizes = np.bincount(place)
    n_after = np.bincount(place, groups[kept])
    if (torn := (n_after > 0) & (n_after < sizes)).any():
        raise CodingError(
            f"document {str(documents[torn][0])!r} lies in both groups",
            hint="documents are drawn again within their group: compare by document",
        )
    joined = csr_matrix(
        (np.ones(len(kept)), (place, kept)), shape=(len(documents), len(groups))
    )
    return (joined @ scored.values).tocsc(), sizes, (n_after > 0).astype(np.int64)


def _means(sums: csc_matrix, sizes: Integers, weights: Floats) -> Floats:
    """Return the mean value of each term over the units of draws of documents."""
    found: Floats = (weights @ sums) / (weights @ sizes)[:, None]
    return found
