"""Labelled texts to a model: settings by grouped cross-validation, then one fit.

Units that share a document, a twin or a text never stand on both sides of a split.
Below ten groups each is left out once; above, stratified folds of groups are.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from joblib import Parallel, delayed

from stance.coding.labelled import LabelledSet
from stance.coding.predictions import HeldOut, Predictions
from stance.corpus.terms import TermTable
from stance.corpus.tokens import tokenizer_name
from stance.errors import CodingError
from stance.model.calibrate import Floats
from stance.model.choose import Progress, block_choice, choose
from stance.model.fit import (
    ABSENT,
    Counts,
    calibration,
    count,
    design,
    fit,
    held_out_scores,
    weigh,
)
from stance.model.model import Model
from stance.model.provenance import provenance
from stance.model.score import calibrate, seen_key
from stance.model.split import Fold, splits

DECIMALS = 6
#: Of probabilities out of fold: fewer than of weights, so that a last digit that
#: depends on the processor hardly ever shows.
PROBA_DECIMALS = 4
#: One to test on, one to choose settings on, one to fit.
MIN_DOCUMENTS = 3
#: Folds are drawn so many times, up to so many units: repeats cost as much each.
N_REPEATS, MAX_REPEATED = 5, 1000


def _predict_fold(counts: Counts, fold: Fold) -> Floats:
    """Choose, fit and calibrate on some units; return the others' probabilities."""
    data, inside, held = counts.data, fold.inside, fold.held
    settings = choose(counts, inside)
    scores = held_out_scores(counts, inside, settings, exact=True)
    X, _ = design(counts, inside, settings.blocks)
    coef, intercept, present = fit(
        X[inside], data.y[inside], settings, weigh(data, inside, settings), True
    )
    out = np.full((len(held), len(data.labels.names)), ABSENT)
    out[:, present] = np.asarray(X[held] @ coef.T) + intercept
    proba = calibrate(out, calibration(data, inside, scores, settings))
    return np.round(proba, PROBA_DECIMALS)


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
        If the data cannot be split; see `check_trainable`.
    """
    check_trainable(data)
    sets, extras = block_choice(data, bool(terms.frames), block_sets)
    counts = count(data, terms, sets, extras)
    folds = splits(data, split[0], repeat=split[1])
    jobs = (delayed(_predict_fold)(counts, fold) for fold in folds)
    results = Parallel(n_jobs=n_jobs, return_as="generator")(jobs)
    proba = np.zeros((len(data.y), len(data.labels.names)))
    number = np.full(len(data.y), -1)
    for at, (fold, values) in enumerate(zip(folds, results, strict=True), start=1):
        proba[fold.held], number[fold.held] = values, fold.number
        if progress:
            progress(f"evaluation by {split[0]}: fold {at} of {len(folds)}")
    rows = np.flatnonzero(number >= 0)
    return Predictions(
        unit_ids=tuple(data.gold.unit_ids[row] for row in rows),
        labels=data.labels,
        proba=proba[rows],
        abstained=np.zeros(len(rows), dtype=bool),
        fold=number[rows],
        seen=np.zeros(len(rows), dtype=bool),
        design=split[0],
    )


def held_out(
    data: LabelledSet, *, terms: TermTable, design: str = "document", n_jobs: int = 1,
    progress: Progress | None = None,
) -> HeldOut:  # fmt: skip
    """Return out-of-fold predictions of a design, with those of words alone beside.

    From ten groups on, the folds of ``document`` are drawn five times where there are
    at most a thousand units.
    """

    def run(repeat: int, sets: Sequence[tuple[str, ...]] | None = None) -> Predictions:
        return cross_fit(
            data, terms=terms, split=(design, repeat), n_jobs=n_jobs,
            progress=progress, block_sets=sets,
        )  # fmt: skip

    first = run(0)
    n_units = int((~data.anchor).sum())
    n_groups = len(np.unique(data.groups[~data.anchor]))
    is_drawn = design == "document" and n_groups > len(np.unique(first.fold))
    n_repeats = N_REPEATS if is_drawn and n_units <= MAX_REPEATED else 1
    place = {unit: row for row, unit in enumerate(data.gold.unit_ids)}
    rows = np.array([place[unit] for unit in first.unit_ids])
    return HeldOut(
        gold=data.gold.take(rows),
        repeats=(first, *(run(repeat) for repeat in range(1, n_repeats))),
        words=run(0, [("words",)]),
    )


def check_trainable(data: LabelledSet) -> None:
    """Raise `CodingError` where labels or documents are too few for validation."""
    names = data.labels.names
    y = data.y[data.y >= 0]
    if len(set(y.tolist())) < 2:
        raise CodingError(
            f"cannot train: all {len(y)} units have the label {names[y[0]]!r}"
            if len(y)
            else "cannot train: no unit is coded",
            hint="a classifier needs two labels at least",
        )
    for label, name in enumerate(names):
        units = data.y == label
        n_units, n_groups = int(units.sum()), len(np.unique(data.groups[units]))
        if n_groups < 2:
            raise CodingError(
                f"cannot train: label {name!r} has {n_units} coded "
                f"unit{'s' * (n_units != 1)} in "
                f"{n_groups} document{'s' * (n_groups != 1)}, cross-validation by "
                "document needs 2",
                hint="code more of it in another document, or leave the label out",
            )
    if (n_all := len(np.unique(data.groups[data.y >= 0]))) < MIN_DOCUMENTS:
        raise CodingError(
            f"cannot train: the units are of {n_all} document{'s' * (n_all != 1)}, "
            f"nested cross-validation by document needs {MIN_DOCUMENTS}",
            hint="code units of more documents; --group names what holds them together",
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
        See `check_trainable`.
    """
    check_trainable(data)
    sets, extras = block_choice(data, bool(terms.frames), block_sets)
    counts = count(data, terms, sets, extras)
    rows = np.arange(len(data.y))
    settings = choose(counts, rows, progress)
    if progress:
        progress("fitting")
    X, blocks = design(counts, rows, settings.blocks)
    weights = weigh(data, rows, settings)
    coef, intercept, _ = fit(X, data.y, settings, weights, True)
    if progress:
        progress("calibrating")
    scores = held_out_scores(counts, rows, settings, exact=True)
    slopes = calibration(data, rows, scores, settings)
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
    tested = held_out(data, terms=terms, n_jobs=n_jobs, progress=progress)
    model = train(data, terms=terms, name=name, progress=progress)
    return replace(
        model,
        inputs={**inputs, "labelled": data.digest, "tokenizer": tokenizer_name(terms)},
        tested=tested,
        provenance=provenance(),
    )
