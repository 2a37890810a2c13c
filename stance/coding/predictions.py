"""Predictions: the model as one more coder, and the gold labels it is judged by."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from stance.coding.codebook import LabelSet
from stance.coding.column import Column, Ties, tied
from stance.errors import CodingError

if TYPE_CHECKING:
    from array import array

    from numpy.typing import NDArray

#: What two units can share, and how it is said. Keys are ``kind:value``.
SHARED = {
    "document": "are of one document",
    "group": "are of one group",
    "register": "are of one register",
    "text": "are the same text",
    "near": "are near duplicates",
    "twin": "are twins, one paragraph in two languages",
}


@dataclass(frozen=True, slots=True, eq=False)
class Gold:
    """Units with their gold labels and strata, in columns.

    A share is taken over every unit of a corpus, coded or not; a model is trained and
    judged on coded ones alone. A column of texts is a tuple, or for a large corpus a
    `stance.coding.column.Column`, which holds numbers.

    Attributes
    ----------
    labels : LabelSet
        ``y`` counts in it.
    unit_ids, documents, languages, dates, sources : tuple of str or Column
        Of each unit; dates and sources are empty where they are not known.
    y : ndarray of int, shape (n_units,)
        Position of each unit's label; -1 where the unit is not coded.
    counted : ndarray of bool, shape (n_units,)
        What a score is taken over: of twins the English one.
    keys : tuple of tuple of str or Ties, optional
        What ties each unit to others: its group, its text, its twin, near duplicates.
        Empty where that was checked before.
    designs : tuple of str or Column, optional
        How each coded unit was drawn: ``census``, ``random``, ``stratified``,
        ``active`` or ``convenience``; empty where nothing is known of it.
    probability : tuple of float or array, optional
        The inclusion probability of each coded unit; 0 where it is not known.
    """

    labels: LabelSet
    unit_ids: tuple[str, ...] | Column
    documents: tuple[str, ...] | Column
    languages: tuple[str, ...] | Column
    dates: tuple[str, ...] | Column
    sources: tuple[str, ...] | Column
    y: NDArray[np.integer]
    counted: NDArray[np.bool_]
    keys: tuple[tuple[str, ...], ...] | Ties = ()
    designs: tuple[str, ...] | Column = ()
    probability: tuple[float, ...] | array[float] = ()

    def take(self, rows: NDArray[np.integer]) -> Gold:
        """Return some of the units, in the order of the rows.

        Examples
        --------
        >>> gold = Gold(LabelSet(("con", "pro")), ("a", "b"), ("d", "d"), ("en", "en"),
        ...             ("", ""), ("", ""), np.array([0, 1]), np.array([True, True]))
        >>> gold.take(np.array([1])).unit_ids
        ('b',)
        """
        columns: dict[str, object] = {"labels": self.labels}
        for field in fields(self)[1:]:
            column = getattr(self, field.name)
            if isinstance(column, Column | Ties):
                columns[field.name] = column.take(rows)
            elif isinstance(column, np.ndarray):
                columns[field.name] = column[rows]
            else:
                columns[field.name] = tuple(column[row] for row in rows if column)
        return Gold(**columns)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """Labels that a model gave, with their probabilities.

    Attributes
    ----------
    unit_ids : tuple of str or Column
        Of the units, in order.
    labels : LabelSet
        In column order.
    proba : ndarray, shape (n_units, n_labels)
        Each row sums to 1.
    abstained : ndarray of bool, shape (n_units,)
        Where the model declined to label.
    fold : ndarray of int, shape (n_units,)
        The fold whose model, trained without it, predicted the unit; -1 where one model
        predicted all.
    seen : ndarray of bool, shape (n_units,)
        Whether the model that predicted the unit was trained on its text.
    design : str, default "document"
        How folds were made: ``document``, ``time``, ``source`` or ``language``.
    """

    unit_ids: tuple[str, ...] | Column
    labels: LabelSet
    proba: NDArray[np.float64]
    abstained: NDArray[np.bool_]
    fold: NDArray[np.integer]
    seen: NDArray[np.bool_]
    design: str = "document"


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """Gold labels with a model's predictions out of fold, and those of words alone.

    ``repeats`` are the same units predicted over other folds; ``words`` is on the folds
    of the first.
    """

    gold: Gold
    repeats: tuple[Predictions, ...]
    words: Predictions | None = None


def check_split(
    gold: Gold, inside: NDArray[np.integer], held: NDArray[np.integer]
) -> None:
    """Raise where a unit to be predicted is tied to one that trains.

    Parameters
    ----------
    gold : Gold
        With its keys.
    inside, held : ndarray of int
        Rows that train, and rows that are predicted.

    Raises
    ------
    CodingError
        Naming the two units and what ties them.

    Examples
    --------
    >>> gold = Gold(LabelSet(("con", "pro")), ("a", "b"), ("d", "e"), ("en", "en"),
    ...             ("", ""), ("", ""), np.array([0, 1]), np.array([True, True]),
    ...             (("document:d", "text:1"), ("document:e", "text:1")))
    >>> check_split(gold, np.array([0]), np.array([1]))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    stance.errors.CodingError: units 'a' and 'b' are the same text and stand on both...
      keep them in one fold: what shares a document, a text or a twin is one group
    """
    trains = {key: row for row in inside for key in gold.keys[row]}
    for row in held:
        for key in gold.keys[row]:
            if key in trains:
                other = gold.unit_ids[trains[key]]
                raise CodingError(
                    f"units {other!r} and {gold.unit_ids[row]!r} "
                    f"{SHARED[key.partition(':')[0]]} and stand on both sides of a "
                    "split",
                    hint="keep them in one fold: what shares a document, a text or a "
                    "twin is one group",
                )


def check_honest(gold: Gold, predictions: Predictions) -> None:
    """Raise where predictions cannot judge a model on units it has not seen.

    Parameters
    ----------
    gold : Gold
        The same units in the same order.
    predictions : Predictions
        Out of fold, or of a model that was trained on other texts.

    Raises
    ------
    CodingError
        If a unit was predicted by a model that was trained on its text, or units that
        are tied stand in two folds.
    """
    if gold.unit_ids != predictions.unit_ids:
        raise CodingError(
            "the predictions are not for the units of the gold labels, in their order",
            hint="predict the same units that are judged",
        )
    is_coded = gold.y >= 0
    in_sample = np.flatnonzero((predictions.fold < 0) & predictions.seen & is_coded)
    if len(in_sample):
        raise CodingError(
            f"unit {gold.unit_ids[in_sample[0]]!r} and {len(in_sample) - 1} more are "
            "predicted by a model that was trained on their text",
            hint="leave them out, or predict them out of fold: stance evaluate",
        )
    fold = predictions.fold
    if not gold.keys or predictions.design != "document" or not np.ptp(fold):
        return  # other designs drop from training what is tied, and check each fold
    rows, keys = tied(gold.keys)
    first = np.zeros(keys.max(initial=-1) + 1, dtype=int)
    first[keys[::-1]] = rows[::-1]
    torn = np.flatnonzero(fold[first[keys]] != fold[rows])
    if len(torn):
        check_split(gold, first[keys[torn[:1]]], rows[torn[:1]])
