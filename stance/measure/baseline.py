"""What a model has to beat: one label always, labels at random, words alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stance.measure import resample
from stance.measure.reliability import calibration_error, perfect_error
from stance.measure.scores import METRICS, confusion, scores_of, sums_of, values_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from stance.measure.scores import Metric, Part


def commonest(part: Part) -> Iterator[Metric]:
    """Yield what always saying one label scores: the commonest, or that of a frame."""
    y, n = part.gold.y, len(part.gold.labels.names)
    given = np.bincount(y, minlength=n)
    best = part.kept[int(given[part.kept].argmax())]
    f1 = scores_of(confusion(y, np.full(len(y), best), n))["f1"][part.kept].mean()
    yield part.row("macro_f1_commonest", f1, "always the commonest frame")
    share = given.max() / len(y)
    yield part.row("accuracy_commonest", share, "always the commonest label")


def calibration(part: Part, rng: np.random.Generator) -> Iterator[Metric]:
    """Yield the calibration error, and what one without fault would show."""
    errors = [calibration_error(part.gold.y, proba) for proba in part.probas]
    method = "likeliest label, 5 bins of equal counts"
    yield part.row("calibration_error", float(np.mean(errors)), method)
    yield part.row(
        "calibration_error_perfect_95", perfect_error(part.probas[0], rng=rng),
        "95 % of perfectly calibrated models stay below; 2000 draws of labels",
    )  # fmt: skip


def chance(part: Part, rng: np.random.Generator) -> Iterator[Metric]:
    """Yield what labels drawn at random score, and whether the model is above it."""
    gold, kept, n = part.gold, part.kept, len(part.gold.labels.names)
    given = np.bincount(gold.y, minlength=n)
    f1 = scores_of(resample.random_tables(given, rng))["f1"][:, kept].mean()
    shares = "labels drawn with the gold labels' shares"
    draws = f"{shares}, mean of {resample.N_DRAWS} draws"
    yield part.row("macro_f1_prior_draw", f1, draws)
    share = ((given / given.sum()) ** 2).sum()
    yield part.row("accuracy_prior_draw", share, f"{shares}, expected value")
    said = part.probas[0].argmax(axis=1)
    blocks = resample.blocks_of(gold.documents)
    null = [
        scores_of(confusion(gold.y[order], said, n))["f1"][kept].mean()
        for order in resample.permutations(blocks, rng)
    ]
    found = scores_of(confusion(gold.y, said, n))["f1"][kept].mean()
    p = resample.p_value(float(found), np.array(null))
    yield part.row(
        "p_permutation", p,
        f"macro-F1 of the first repeat, {resample.N_PERMUTATIONS} permutations of gold "
        "labels within documents, documents of one unit together",
    )  # fmt: skip


def flipped(
    part: Part, second: NDArray[np.float64], metric: str, rng: np.random.Generator
) -> Metric:
    """Return the sign-flip p of the first repeat against other probabilities."""
    n = len(part.gold.labels.names)
    first, other = (sums_of(part.gold, p) for p in (part.probas[0], second))
    differences = (first - other)[:, 2 * n : 3 * n].sum(axis=1)
    p, smallest = resample.sign_flip(differences, rng)
    return part.row(
        metric, p,
        "two-sided, sign flips of documents' differences in correct units; "
        f"{int((differences != 0).sum())} of {len(differences)} documents differ, "
        f"the smallest p possible is 1/{round(1 / smallest)}",
    )  # fmt: skip


def against_words(
    part: Part, words: NDArray[np.float64], rng: np.random.Generator
) -> Iterator[Metric]:
    """Yield what words alone score, and whether the model differs from them."""
    values = values_of(sums_of(part.gold, words).sum(axis=0), part.kept)
    for metric, value in zip(METRICS[:3], values[:3], strict=True):
        yield part.row(f"{metric}_words", value, "words alone, folds of repeat one")
    yield flipped(part, words, "p_words", rng)
