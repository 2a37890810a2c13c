"""Settings by grouped cross-validation: blocks, C, balance, anchors, calibration."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from stance.coding.labelled import LabelledSet
from stance.model.calibrate import Floats
from stance.model.fit import Counts, Settings, calibration, held_out_scores
from stance.model.score import calibrate
from stance.model.split import Rows, folds_of

Progress = Callable[[str], None]
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


def choose(counts: Counts, rows: Rows, progress: Progress | None = None) -> Settings:
    """Return the settings with the least grouped log loss, labels weighing the same.

    One after the other, each with the best of the ones before: block set, C, balance
    of the labels, weight of the anchors, further blocks, calibration.

    Parameters
    ----------
    counts : Counts
        Of all texts.
    rows : ndarray of int
        Those that may be used.
    progress : callable, optional
        Called with a line of text now and then.
    """
    anchors = bool(counts.data.anchor[rows].any())
    tried: dict[Settings, float] = {}

    def loss(settings: Settings) -> float:
        if settings not in tried:
            scores = held_out_scores(counts, rows, settings)
            tried[settings] = _loss(counts.data, rows, calibrate(scores, SOFTMAX))
            if progress:
                least = min(tried.values())
                progress(f"settings: log loss {least:.3f} ({len(tried)} tried)")
        return tried[settings]

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
    return _choose_calibration(counts, rows, best)


def _walk(best: Settings, loss: Callable[[Settings], float]) -> Settings:
    """Return the settings with the best C: the loss falls and rises again along it."""
    for steps in (PENALTIES[PENALTIES.index(best.C) + 1 :],
                  PENALTIES[: PENALTIES.index(best.C)][::-1]):  # fmt: skip
        for C in steps:
            if loss(replace(best, C=C)) >= loss(best):
                break
            best = replace(best, C=C)
    return best


def _choose_calibration(counts: Counts, rows: Rows, settings: Settings) -> Settings:
    """Return the settings with the calibration that does best on groups it did not see.

    Sigmoids move each label's share, which helps where labels are skewed; a temperature
    leaves the order of the labels alone, which helps where the shares will differ.
    """
    data = counts.data
    scores = held_out_scores(counts, rows, settings)
    folds = folds_of(data.groups[rows], data.y[rows])
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

    Words and forms alone are tried always, with cues where the term table has any.
    Given block sets are tried as they are, with nothing further.
    """
    if block_sets is not None:
        return tuple(block_sets), ()
    sets = [s for s in BLOCK_SETS if ("cues" in s) == has_cues or len(s) == 1]
    extras = ["chars"]
    if any(passage.before or passage.after for passage in data.passages):
        extras.append("context")
    if any(passage.target for passage in data.passages):
        extras.append("target")
    return tuple(sets), tuple(extras)
