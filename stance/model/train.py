"""Labelled texts to a model: settings by grouped cross-validation, then one fit.

Units that share a document, a twin or a text never stand on both sides of a split.
Below ten groups each is left out once; above, stratified folds of groups are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from joblib import Parallel, delayed

from stance.coding.labelled import LabelledSet
from stance.coding.predictions import HeldOut, Predictions
from stance.corpus.terms import TermTable
from stance.corpus.tokens import tokenizer_name
from stance.model.calibrate import Floats
from stance.model.choose import Progress, Tried, block_choice, choose
from stance.model.counts import Counts, count
from stance.model.fit import (
    ABSENT,
    Settings,
    calibrated,
    fit,
    fitted_blocks,
    values,
    weigh,
)
from stance.model.model import Model
from stance.model.provenance import provenance
from stance.model.score import calibrate, seen_key
from stance.model.split import Fold, Rows, check_trainable, splits

DECIMALS = 6
#: Of probabilities out of fold: fewer than of weights, so that a last digit that
#: depends on the processor hardly ever shows.
PROBA_DECIMALS = 4
#: Folds are drawn so many times, up to so many units: repeats cost as much each.
N_REPEATS, MAX_REPEATED = 5, 1000


def _fitted_fold(counts: Counts, fold: Fold, settings: Settings) -> Floats:
    """Fit and calibrate on the units inside; return the others' probabilities."""
    data, inside, held = counts.data, fold.inside, fold.held
    slopes = calibrated(counts, inside, settings)
    X, X_held = values(counts, inside, settings.blocks, held)
    coef, intercept, present = fit(
        X, data.y[inside], settings, weigh(data, inside, settings), True
    )
    out = np.full((len(held), len(data.labels.names)), ABSENT)
    out[:, present] = np.asarray(X_held @ coef.T) + intercept
    return np.round(calibrate(out, slopes), PROBA_DECIMALS)


def _predict_fold(fold: Fold, searches: Sequence[Counts]) -> list[Floats]:
    """Choose, fit and calibrate on some units; return the others' probabilities.

    One array a search: the same counts, other blocks to choose from. What two of them
    have in common is done once.
    """
    tried: Tried = {}
    chosen = [choose(counts, fold.inside, tried=tried) for counts in searches]
    found = {
        settings: _fitted_fold(searches[0], fold, settings) for settings in set(chosen)
    }
    return [found[settings] for settings in chosen]


def _count(
    data: LabelledSet, terms: TermTable, progress: Progress | None,
    block_sets: Sequence[tuple[str, ...]] | None = None,
) -> Counts:  # fmt: skip
    """Check a labelled set and count its features."""
    check_trainable(data)
    sets, extras = block_choice(data, bool(terms.frames), block_sets)
    return count(data, terms, sets, extras, progress=progress)


def _without_texts(searches: Sequence[Counts]) -> list[Counts]:
    """Return what a process needs of the counts to train on them."""
    data = searches[0].data
    few = replace(data, passages=(), near=(), gold=replace(data.gold, keys=()))
    return [replace(counts, data=few, names={}) for counts in searches]


def cross_fit(
    data: LabelledSet, *, terms: TermTable, split: tuple[str, int] = ("document", 0),
    n_jobs: int = 1, progress: Progress | None = None,
    block_sets: Sequence[tuple[str, ...]] | None = None,
) -> Predictions:  # fmt: skip
    """Return predictions for units from models that did not see their group.

    Settings, fit and calibration are all made anew without the group (nested).

    Parameters
    ----------
    data : LabelledSet
        Anchors train in every fold and are never predicted. Units that are not coded
        (``y`` is -1) are predicted and never train.
    terms : TermTable
        For tokens and cues.
    split : (str, int), default ("document", 0)
        Design and repeat, as for `stance.model.split.splits`.
    n_jobs : int, default 1
        Processes; the result does not depend on it.
    progress : callable, optional
        Called with a line of text now and then.
    block_sets : sequence of tuple of str, optional
        The sets of blocks to choose from; ``[("words",)]`` makes a baseline.

    Returns
    -------
    Predictions
        For the units of all folds, in the order of the labelled set; probabilities
        have four decimals.

    Raises
    ------
    CodingError
        If the data cannot be split; see `stance.model.split.check_trainable`.
    """
    counts = _count(data, terms, progress, block_sets)
    task = _Task(splits(data, split[0], repeat=split[1]), (counts,))
    ((found,),) = _cross_fit([task], split[0], n_jobs=n_jobs, progress=progress)
    return found


class _Task(NamedTuple):
    """Folds, and counts with the blocks to choose from, once or several times."""

    folds: list[Fold]
    searches: tuple[Counts, ...]


def _cross_fit(
    tasks: Sequence[_Task], design: str, *, n_jobs: int, progress: Progress | None
) -> list[list[Predictions]]:
    """Return the predictions of each task, one set a search; all folds in one queue."""
    data = tasks[0].searches[0].data
    todo = [(at, fold) for at, task in enumerate(tasks) for fold in task.folds]
    slim = [_without_texts(task.searches) for task in tasks]
    jobs = (delayed(_predict_fold)(fold, slim[at]) for at, fold in todo)
    results = Parallel(n_jobs=n_jobs, return_as="generator")(jobs)
    shape = (len(data.y), len(data.labels.names))
    proba = [np.zeros((len(task.searches), *shape)) for task in tasks]
    number = np.full((len(tasks), len(data.y)), -1)
    for n, ((at, fold), own) in enumerate(zip(todo, results, strict=True), start=1):
        proba[at][:, fold.held], number[at, fold.held] = np.stack(own), fold.number
        if progress:
            progress(f"evaluation by {design}: fold {n} of {len(todo)}")
    return [
        [_predictions(data, each, its_number, design) for each in its_proba]
        for its_proba, its_number in zip(proba, number, strict=True)
    ]


def _predictions(
    data: LabelledSet, proba: Floats, number: Rows, design: str
) -> Predictions:
    """Return the predictions of the units that are in a fold."""
    rows = np.flatnonzero(number >= 0)
    return Predictions(
        unit_ids=tuple(data.gold.unit_ids[row] for row in rows),
        labels=data.labels,
        proba=proba[rows],
        abstained=np.zeros(len(rows), dtype=bool),
        fold=number[rows],
        seen=np.zeros(len(rows), dtype=bool),
        design=design,
    )


def held_out(
    data: LabelledSet, *, terms: TermTable, design: str = "document", n_jobs: int = 1,
    progress: Progress | None = None,
) -> HeldOut:  # fmt: skip
    """Return out-of-fold predictions of a design, with those of words alone beside.

    From ten groups on, the folds of ``document`` are drawn five times where there are
    at most a thousand units.
    """
    by = held_out_by(
        data, terms=terms, designs=[design], n_jobs=n_jobs, progress=progress
    )
    return next(by)


def held_out_by(
    data: LabelledSet, *, terms: TermTable, designs: Sequence[str], n_jobs: int = 1,
    progress: Progress | None = None,
) -> Iterator[HeldOut]:  # fmt: skip
    """Yield what `held_out` returns for each of several designs, counting once."""
    counts = _count(data, terms, progress)
    for design in designs:
        yield _held_out(counts, design, n_jobs, progress)


def _held_out(
    counts: Counts, design: str, n_jobs: int, progress: Progress | None
) -> HeldOut:
    """Return what `held_out` does, of features that are counted."""
    data = counts.data
    alone = replace(counts, block_sets=(("words",),), extras=())
    first = _Task(splits(data, design), (counts, alone))
    n_units = int((~data.anchor).sum())
    n_groups = len(np.unique(data.groups[~data.anchor]))
    is_drawn = design == "document" and n_groups > len(first.folds)
    n_repeats = N_REPEATS if is_drawn and n_units <= MAX_REPEATED else 1
    others = [
        _Task(splits(data, design, repeat=repeat), (counts,))
        for repeat in range(1, n_repeats)
    ]
    (both, words), *repeats = _cross_fit(
        [first, *others], design, n_jobs=n_jobs, progress=progress
    )
    place = {unit: row for row, unit in enumerate(data.gold.unit_ids)}
    rows = np.array([place[unit] for unit in both.unit_ids])
    return HeldOut(
        gold=data.gold.take(rows),
        repeats=(both, *(found for (found,) in repeats)),
        words=words,
    )


def train(
    data: LabelledSet, *, terms: TermTable, name: str,
    progress: Progress | None = None,
    block_sets: Sequence[tuple[str, ...]] | None = None,
) -> Model:  # fmt: skip
    """Return a model trained on labelled texts, weights rounded to six decimals.

    Parameters
    ----------
    data : LabelledSet
        Units and anchors.
    terms : TermTable
        For tokens and cues.
    name : str
        Of the model.
    progress : callable, optional
        Called with a line of text now and then.
    block_sets : sequence of tuple of str, optional
        As for `cross_fit`.

    Returns
    -------
    Model
        Without digest, inputs and provenance: `stance.model.store.save` adds them.

    Raises
    ------
    CodingError
        See `stance.model.split.check_trainable`.
    """
    return _train(_count(data, terms, progress, block_sets), terms, name, progress)


def _train(
    counts: Counts, terms: TermTable, name: str, progress: Progress | None
) -> Model:
    """Return what `train` does, of features that are counted."""
    data, rows = counts.data, np.arange(len(counts.data.y))
    settings = choose(counts, rows, progress)
    if progress:
        progress("fitting")
    (X,) = values(counts, rows, settings.blocks)
    weights = weigh(data, rows, settings)
    coef, intercept, _ = fit(X, data.y, settings, weights, True)
    if progress:
        progress("calibrating")
    slopes = calibrated(counts, rows, settings)
    blocks = fitted_blocks(counts, rows, settings.blocks)
    seen = sorted({seen_key(text) for text in data.texts})
    return Model(
        name=name,
        labels=data.labels,
        blocks=tuple(replace(b, idf=np.round(b.idf, DECIMALS)) for b in blocks),
        coef=np.round(coef, DECIMALS) + 0.0,
        intercept=np.round(intercept, DECIMALS) + 0.0,
        calibration=np.round(slopes, DECIMALS) + 0.0,
        seen=np.array(seen, dtype=np.uint64),
        terms=terms,
        parameters={
            "C": settings.C,
            "balanced": settings.balanced,
            "anchor_weight": settings.anchor_weight,
            "calibration": settings.calibration,
            "context": data.context if "context" in settings.blocks else 0,
            "targeted": "target" in settings.blocks,
        },
    )


def train_and_test(
    data: LabelledSet, *, terms: TermTable, name: str, inputs: dict[str, str],
    n_jobs: int = 1, progress: Progress | None = None,
) -> Model:  # fmt: skip
    """Return a model with its predictions for documents it had not seen.

    Parameters
    ----------
    data, terms, name, progress
        As for `train`.
    inputs : dict of str to str
        Digests of the files that the labels came from.
    n_jobs : int, default 1
        Processes of the test; the result does not depend on it.

    Returns
    -------
    Model
        Its ``tested`` holds what `held_out` gives, so that every figure of the card
        follows from it.
    """
    counts = _count(data, terms, progress)
    tested = _held_out(counts, "document", n_jobs, progress)
    model = _train(counts, terms, name, progress)
    return replace(
        model,
        inputs={**inputs, "labelled": data.digest, "tokenizer": tokenizer_name(terms)},
        tested=tested,
        provenance=provenance(),
    )
