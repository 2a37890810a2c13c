"""Predictions out of fold as a table of the model folder: every figure follows from it.

``predictions.csv`` has a row a unit and run. ``run`` is the number of the repeat, or
``words`` for words alone; ``p_<label>`` are probabilities with four decimals.
"""

import csv
import io
from itertools import groupby

import numpy as np

from stance.coding.codebook import LabelSet
from stance.coding.predictions import Gold, HeldOut, Predictions
from stance.model.model import Json

HEAD = (
    "run", "unit_id", "document_id", "language", "date", "source", "counted", "gold",
    "fold",
)  # fmt: skip
WORDS = "words"


def to_csv(tested: HeldOut | None, labels: LabelSet) -> str:
    r"""Return the table; only a header where the model was not tested.

    Examples
    --------
    >>> to_csv(None, LabelSet(("con", "pro"))).split(",")[-2:]
    ['p_con', 'p_pro\n']
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*HEAD, *(f"p_{name}" for name in labels.names)])
    if tested is None:
        return out.getvalue()
    gold = tested.gold
    runs = {str(n): predictions for n, predictions in enumerate(tested.repeats)}
    if tested.words:
        runs[WORDS] = tested.words
    for run, predictions in runs.items():
        for at, unit_id in enumerate(gold.unit_ids):
            writer.writerow([
                run, unit_id, gold.documents[at], gold.languages[at], gold.dates[at],
                gold.sources[at], int(gold.counted[at]), labels.names[gold.y[at]],
                predictions.fold[at], *map(float, predictions.proba[at]),
            ])  # fmt: skip
    return out.getvalue()


def from_csv(text: str, labels: LabelSet) -> HeldOut | None:
    """Return what `to_csv` wrote; None where there are no rows.

    Raises
    ------
    ValueError
        If the columns or the rows do not fit.
    """
    reader = csv.reader(io.StringIO(text, newline=""))
    if next(reader, None) != [*HEAD, *(f"p_{name}" for name in labels.names)]:
        raise ValueError("the header of predictions.csv does not fit the labels")
    runs: dict[str, Predictions] = {}
    gold: Gold | None = None
    for run, group in groupby(reader, key=lambda row: row[0]):
        rows = list(group)
        columns = list(zip(*rows, strict=True))
        _, unit_ids, documents, languages, dates, sources, counted, names, folds = (
            columns[: len(HEAD)]
        )
        y = np.array([labels.names.index(name) for name in names])
        is_counted = np.array([cell == "1" for cell in counted])
        found = Gold(
            labels, unit_ids, documents, languages, dates, sources, y, is_counted
        )
        gold = gold or found
        if found.unit_ids != gold.unit_ids:
            raise ValueError(f"predictions.csv: run {run} is not of the same units")
        proba = np.array([list(map(float, row[len(HEAD) :])) for row in rows])
        shape = (len(rows), len(labels.names))
        if proba.shape != shape or not (
            np.isfinite(proba).all() and (proba >= 0).all()
        ):
            raise ValueError(f"predictions.csv: run {run} has no probabilities")
        runs[run] = Predictions(
            found.unit_ids, labels, proba, np.zeros(len(rows), dtype=bool),
            np.array(list(map(int, folds)), dtype=np.int64),
            np.zeros(len(rows), dtype=bool),
        )  # fmt: skip
    if gold is None:
        return None
    words = runs.pop(WORDS, None)
    if not runs:
        raise ValueError("predictions.csv: holds only those of words alone")
    return HeldOut(gold, tuple(runs.values()), words)


def summary(tested: HeldOut | None) -> dict[str, Json]:
    """Return how a model did on documents it had not seen, in short.

    ``confusion`` counts the first repeat's likeliest labels over the counted units,
    gold in rows.
    """
    if tested is None:
        return {}
    gold, first = tested.gold, tested.repeats[0]
    n, kept = len(gold.labels.names), gold.counted
    pairs = gold.y[kept] * n + first.proba[kept].argmax(axis=1)
    documents = {gold.documents[row] for row in np.flatnonzero(kept)}
    n_folds = len(set(first.fold.tolist()))
    one = n_folds == len(set(zip(first.fold.tolist(), gold.documents, strict=True)))
    return {
        "design": "one left out at a time" if one else f"{n_folds} folds of groups",
        "n_documents": len(documents),
        "confusion": np.bincount(pairs, minlength=n * n).reshape(n, n).tolist(),
    }
