"""Labelled texts to a model: settings by grouped cross-validation, then one fit.

Units that share a document, a twin or a text never stand on both sides of a split.
Below ten groups each is left out once; above, stratified folds of groups are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from stance.corpus.terms import TermTable
from stance.corpus.tokens import tokenizer_name
from stance.errors import CodingError
from stance.model.calibrate import Floats
from stance.model.fit import (
    ABSENT,
    Counts,
    Settings,
    calibration,
    count,
    design,
    fit,
    folds_of,
    held_out_scores,
    weigh,
)
from stance.model.labelled import LabelledSet
from stance.model.model import Model
from stance.model.provenance import provenance
from stance.model.score import calibrate, seen_key

#: A further block must lower the log loss by this much: it costs size and speed.
MIN_GAIN = 0.02
DECIMALS = 6
#: One to test on, one to choose settings on, one to fit.
MIN_DOCUMENTS = 3
CALIBRATIONS = ("sigmoid", "temperature")
#: The temperature that leaves scores as they are.
SOFTMAX = np.ones((1, 1))
Progress = Callable[[str], None]
BLOCK_SETS = (
    ("words",),
    ("forms",),
    ("words", "cues"),
    ("forms", "cues"),
    ("words", "chars"),
    ("words", "cues", "chars"),
)
PENALTIES = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
ANCHOR_WEIGHTS = (1.0, 2.0, 4.0, 8.0)


@dataclass(frozen=True, slots=True, eq=False)
class CrossFit:
    """Predictions for units, each from a model that saw none of its group.

    ``units`` are positions in the labelled set; ``fold`` numbers the outer fold.
    """

    units: NDArray[np.integer]
    proba: Floats  # (n_units, n_labels)
    fold: NDArray[np.integer]
    settings: tuple[Settings, ...]


def _loss(data: LabelledSet, rows: NDArray[np.integer], proba: Floats) -> float:
    """Return the mean log loss, anchors and other units each half."""
    losses = -np.log(np.clip(proba[np.arange(len(rows)), data.y[rows]], 1e-15, 1.0))
    anchors = data.anchor[rows]
    parts = [losses[part].mean() for part in (anchors, ~anchors) if part.any()]
    return round(float(np.mean(parts)), 6)  # a tie goes to the first, simpler setting


def choose(
    counts: Counts, rows: NDArray[np.integer], progress: Progress | None = None
) -> Settings:
    """Return the settings with the least grouped log loss: blocks, C, balance, anchors.

    One after the other, each with the best of the ones before.
    """
    anchors = bool(counts.data.anchor[rows].any())
    best, least = Settings(anchor_weight=2.0 if anchors else 1.0), np.inf
    stages: list[list[dict[str, object]]] = [
        [{"blocks": blocks} for blocks in counts.block_sets],
        [{"C": C} for C in PENALTIES],
        [{"balanced": balanced} for balanced in (False, True)],
        [{"anchor_weight": weight} for weight in ANCHOR_WEIGHTS if anchors],
    ]
    tried: dict[Settings, float] = {}
    for stage in stages:
        base = best
        for change in stage:
            settings = replace(base, **change)  # type: ignore[arg-type]
            if settings not in tried:
                scores = held_out_scores(counts, rows, settings)
                proba = calibrate(scores, SOFTMAX)
                tried[settings] = _loss(counts.data, rows, proba)
            gain = MIN_GAIN * (len(settings.blocks) > len(best.blocks))
            if tried[settings] < least - gain:
                best, least = settings, tried[settings]
            if progress:
                progress(f"settings: log loss {least:.3f} ({len(tried)} tried)")
    return _choose_calibration(counts, rows, best)


def _choose_calibration(
    counts: Counts, rows: NDArray[np.integer], settings: Settings
) -> Settings:
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


def _cross_fit_fold(
    counts: Counts, inside: NDArray[np.integer], held: NDArray[np.integer]
) -> tuple[Floats, Settings]:
    """Choose, fit and calibrate on some units; return the others' probabilities."""
    data = counts.data
    settings = choose(counts, inside)
    scores = held_out_scores(counts, inside, settings)
    X, _ = design(counts, inside, settings.blocks)
    coef, intercept, present = fit(
        X[inside], data.y[inside], settings, weigh(data, inside, settings), False
    )
    out = np.full((len(held), len(data.labels.names)), ABSENT)
    out[:, present] = np.asarray(X[held] @ coef.T) + intercept
    return calibrate(out, calibration(data, inside, scores, settings)), settings


def cross_fit(
    data: LabelledSet, *, terms: TermTable, n_jobs: int = 1,
    progress: Progress | None = None,
    block_sets: Sequence[tuple[str, ...]] = BLOCK_SETS,
) -> CrossFit:  # fmt: skip
    """Return predictions for every counted unit from models that did not see its group.

    Settings, fit and calibration are all made anew without the group (nested).

    Parameters
    ----------
    data : LabelledSet
        Anchors train in every fold and are never predicted.
    terms : TermTable
        For tokens and cues.
    n_jobs : int, default 1
        Processes; the result does not depend on it.
    progress : callable, optional
        Called with a line of text now and then.
    block_sets : sequence of tuple of str
        The sets of blocks to choose from; ``[("words",)]`` makes a baseline.

    Returns
    -------
    CrossFit
        For all units that are not anchors, in their order.

    Raises
    ------
    CodingError
        If the data cannot be split; see `check_trainable`.
    """
    check_trainable(data)
    counts = count(data, terms, block_sets)
    units = np.flatnonzero(~data.anchor)
    anchors = np.flatnonzero(data.anchor)
    folds = folds_of(data.groups[units], data.y[units])
    proba = np.zeros((len(units), len(data.labels.names)))
    jobs = (
        delayed(_cross_fit_fold)(
            counts,
            np.concatenate([units[folds != fold], anchors]),
            units[folds == fold],
        )
        for fold in np.unique(folds)
    )
    results = Parallel(n_jobs=n_jobs, return_as="generator")(jobs)
    chosen: list[Settings] = []
    for fold, (values, settings) in zip(np.unique(folds), results, strict=True):
        proba[folds == fold] = values
        chosen.append(settings)
        if progress:
            progress(f"evaluation: fold {len(chosen)} of {len(np.unique(folds))}")
    return CrossFit(units, proba, folds, tuple(chosen))


def check_trainable(data: LabelledSet) -> None:
    """Raise `CodingError` where labels or documents are too few for validation."""
    names = data.labels.names
    if len(set(data.y.tolist())) < 2:
        raise CodingError(
            f"cannot train: all {len(data.y)} units have the label "
            f"{names[data.y[0]]!r}",
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
    if (n_all := len(np.unique(data.groups))) < MIN_DOCUMENTS:
        raise CodingError(
            f"cannot train: the units are of {n_all} document{'s' * (n_all != 1)}, "
            f"nested cross-validation by document needs {MIN_DOCUMENTS}",
            hint="code units of more documents; --group names what holds them together",
        )


def train(
    data: LabelledSet, *, terms: TermTable, name: str,
    progress: Progress | None = None,
    block_sets: Sequence[tuple[str, ...]] = BLOCK_SETS,
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
    block_sets : sequence of tuple of str
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
    counts = count(data, terms, block_sets)
    rows = np.arange(len(data.texts))
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
        },
    )


def train_and_test(
    data: LabelledSet, *, terms: TermTable, name: str, inputs: dict[str, str],
    n_jobs: int = 1, progress: Progress | None = None,
) -> Model:  # fmt: skip
    """Return a model with the record of how it did on documents it had not seen.

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
        Its ``evaluation`` holds the confusion counts of `cross_fit` over the counted
        units (gold in rows), so that every figure of the card follows from it.
    """
    tested = cross_fit(data, terms=terms, n_jobs=n_jobs, progress=progress)
    model = train(data, terms=terms, name=name, progress=progress)
    kept = data.counted[tested.units]
    n = len(data.labels.names)
    pairs = data.y[tested.units][kept] * n + tested.proba[kept].argmax(axis=1)
    documents = {data.documents[unit] for unit in tested.units[kept]}
    n_folds = len(np.unique(tested.fold))
    n_groups = len(np.unique(data.groups[tested.units]))
    design = (
        "one left out at a time"
        if n_folds == n_groups
        else f"{n_folds} folds of groups"
    )
    return replace(
        model,
        inputs={**inputs, "labelled": data.digest, "tokenizer": tokenizer_name(terms)},
        evaluation={
            "design": design,
            "n_documents": len(documents),
            "confusion": np.bincount(pairs, minlength=n * n).reshape(n, n).tolist(),
        },
        provenance=provenance(),
    )
