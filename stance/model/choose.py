"""Settings by grouped cross-validation: blocks, C, balance, anchors, calibration."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from stance.coding.labelled import LabelledSet
from stance.model.calibrate import Floats
from stance.model.counts import Counts, take
from stance.model.fit import (
    FoldDesign,
    Settings,
    calibration,
    fold_designs,
    held_out_scores,
)
from stance.model.score import calibrate
from stance.model.split import MANY, Rows, folds_of, sample

Progress = Callable[[str], None]
#: The loss of settings, and the scores out of fold that it is of.
Tried = dict[Settings, tuple[float, Floats]]
#: Characters are tried up to so many in all (of 850 a text, 12,000 texts): words tell
#: enough there, and characters take seven times their memory.
MAX_CHARACTERS = 10_000_000
CALIBRATIONS = ("sigmoid", "temperature")
#: The temperature that leaves scores as they are.
SOFTMAX = np.ones((1, 1))
#: One of these, the first as good as the best.
BLOCK_SETS = (("words",), ("forms",), ("words", "cues"), ("forms", "cues"))
#: What is added to it where it lowers the log loss by so much: characters cost size and
#: speed, a target's own words and the neighbours' cost only a column each.
EXTRAS = {"chars": 0.02, "context": 0.002, "target": 0.002}
#: Labels are balanced where that lowers the loss by so much: their probabilities are
#: then those of a world in which labels are equally frequent.
BALANCE_GAIN = 0.01
PENALTIES = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
ANCHOR_WEIGHTS = (1.0, 2.0, 4.0, 8.0)


def _loss(data: LabelledSet, rows: Rows, proba: Floats) -> float:
    """Return the log loss, labels weighing the same; anchors and other units half each.

    A mean over units would favour settings that forget the rare labels, which a macro
    average then shows: on party manifestos it chooses weights that lose 0.08 of
    macro-F1 (tests/bench/labelled_sets.py).
    """
    y, anchors = data.y[rows], data.anchor[rows]
    losses = -np.log(np.clip(proba[np.arange(len(rows)), y], 1e-15, 1.0))
    parts = [
        np.mean([losses[part & (y == label)].mean() for label in np.unique(y[part])])
        for part in (anchors, ~anchors)
        if part.any()
    ]
    return round(float(np.mean(parts)), 6)  # a tie goes to the first, simpler setting


def choose(
    counts: Counts, rows: Rows, progress: Progress | None = None,
    tried: Tried | None = None,
) -> Settings:  # fmt: skip
    """Return the settings with the least grouped log loss, labels weighing the same.

    One after the other, each with the best of the ones before: block set, C, balance
    of the labels, weight of the anchors, further blocks, calibration. Of more than
    10,000 units a sample is searched (`stance.model.split.sample`).

    Parameters
    ----------
    counts : Counts
        Of all texts.
    rows : ndarray of int
        Those that may be used.
    progress : callable, optional
        Called with a line of text now and then.
    tried : dict, optional
        What was found before on the same rows; what is found here is added.
    """
    data = counts.data
    if len(rows) > MANY:
        counts = take(counts, rows[sample(data, rows, MANY)])
        data, rows = counts.data, np.arange(len(counts.data.y))
    anchors = bool(data.anchor[rows].any())
    tried = {} if tried is None else tried
    folds = folds_of(data.groups[rows], data.y[rows])

    @lru_cache(maxsize=1)  # what is tried in turn mostly has the same blocks
    def designs(blocks: tuple[str, ...]) -> list[FoldDesign]:
        return list(fold_designs(counts, rows, blocks, folds))

    def loss(settings: Settings) -> float:
        if settings not in tried:
            scores = held_out_scores(
                counts, rows, settings, designs=designs(settings.blocks)
            )
            tried[settings] = (_loss(data, rows, calibrate(scores, SOFTMAX)), scores)
            if progress:
                least = min(loss for loss, _ in tried.values())
                progress(f"settings: log loss {least:.3f} ({len(tried)} tried)")
        return tried[settings][0]

    best = Settings(anchor_weight=2.0 if anchors else 1.0)
    best = min((replace(best, blocks=b) for b in counts.block_sets), key=loss)
    best = _walk(best, loss)
    even = replace(best, balanced=True)
    if loss(even) < loss(best) - BALANCE_GAIN:
        best = even
    if anchors:
        weighed = (replace(best, anchor_weight=w) for w in ANCHOR_WEIGHTS)
        best = min(weighed, key=loss)
    for extra in counts.extras:
        more = replace(best, blocks=(*best.blocks, extra))
        if loss(more) < loss(best) - EXTRAS[extra]:
            best = more
    return _choose_calibration(data, rows, best, scores=tried[best][1], folds=folds)


def _walk(best: Settings, loss: Callable[[Settings], float]) -> Settings:
    """Return the settings with the best C: the loss falls and rises again along it."""
    for steps in (PENALTIES[PENALTIES.index(best.C) + 1 :],
                  PENALTIES[: PENALTIES.index(best.C)][::-1]):  # fmt: skip
        for C in steps:
            if loss(replace(best, C=C)) >= loss(best):
                break
            best = replace(best, C=C)
    return best


def _choose_calibration(
    data: LabelledSet, rows: Rows, settings: Settings, *, scores: Floats, folds: Rows
) -> Settings:
    """Return the settings with the calibration that does best on groups it did not see.

    Sigmoids move each label's share, which helps where labels are skewed; a temperature
    leaves the order of the labels alone, which helps where the shares will differ.
    """
    losses = {}
    for method in CALIBRATIONS:
        proba = np.zeros_like(scores)
        tried = replace(settings, calibration=method)
        for fold in np.unique(folds):
            inside = folds != fold
            fitted = calibration(data, rows[inside], scores[inside], tried)
            proba[~inside] = calibrate(scores[~inside], fitted)
        losses[method] = _loss(data, rows, proba)
    return replace(settings, calibration=min(CALIBRATIONS, key=losses.__getitem__))


def block_choice(
    data: LabelledSet, has_cues: bool, block_sets: Sequence[tuple[str, ...]] | None
) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """Return the block sets to try, and the further blocks.

    Words and forms alone are tried always, with cues where the term table has any,
    characters only up to 10 million of them in all texts. Given block sets are tried as
    they are, with nothing further.
    """
    if block_sets is not None:
        return tuple(block_sets), ()
    sets = [s for s in BLOCK_SETS if ("cues" in s) == has_cues or len(s) == 1]
    n_characters = sum(len(passage.text) for passage in data.passages)
    extras = ["chars"] if n_characters <= MAX_CHARACTERS else []
    if any(passage.before or passage.after for passage in data.passages):
        extras.append("context")
    if any(passage.target for passage in data.passages):
        extras.append("target")
    return tuple(sets), tuple(extras)
