"""Strata: which unit is reported where, and which units are one observation."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stance.coding.column import Column, column_of, crossed, named, tied
from stance.coding.predictions import check_honest
from stance.coding.strata import TIMES, check_by, values_of
from stance.errors import CodingError, StanceWarning
from stance.measure.observations import observations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stance.coding.predictions import Gold, Predictions

__all__ = ["TIMES", "Columns", "Strata", "check_by", "columns_of", "stratify"]


@dataclass(frozen=True, slots=True, eq=False)
class Strata:
    """Where each unit is reported, and of which document it is.

    Attributes
    ----------
    by : str
        Such as ``year``, or ``year,source``.
    names : tuple of str
        Of the strata, in the order of the report.
    of : ndarray of int, shape (n_units,)
        Position of each unit's stratum; -1 for a unit that is not counted.
    component : ndarray of int, shape (n_units,)
        Number of each unit's document; documents that are mostly the same text, or
        one the translation of the other, have one number.
    """

    by: str
    names: tuple[str, ...]
    of: NDArray[np.integer]
    component: NDArray[np.integer]


class Columns(NamedTuple):
    """What an estimator of shares takes: the counted units, in columns.

    ``y`` is -1 and ``weight`` 0 where a unit is not coded; ``probability`` is that of
    the draw, or the coded share of the stratum where all units had the same.
    """

    y: NDArray[np.integer]
    proba: NDArray[np.float64]
    weight: NDArray[np.float64]
    probability: NDArray[np.float64]
    stratum: NDArray[np.integer]
    component: NDArray[np.integer]
    n_strata: int


def _values(gold: Gold, by: str) -> Column:
    """Return the value of each unit; each date is looked at once."""
    whole = {"source": gold.sources, "language": gold.languages}
    column = column_of(whole.get(by, gold.dates if by in TIMES else gold.documents))
    rows, number = column.firsts()
    return named(number, values_of(gold.take(rows), by))


def _check_times(gold: Gold, by: str, of: NDArray[np.integer]) -> None:
    """Raise where a document lies in two periods."""
    rows = np.flatnonzero(of >= 0)
    firsts, number = column_of(gold.documents).take(rows).firsts()
    torn = rows[of[rows[firsts]][number] != of[rows]]
    if len(torn):
        row = int(torn[0])
        other = int(rows[firsts[number[np.searchsorted(rows, row)]]])
        raise CodingError(
            f"document {gold.documents[row]!r} is in two periods: unit "
            f"{gold.unit_ids[other]!r} is dated {gold.dates[other]}, unit "
            f"{gold.unit_ids[row]!r} {gold.dates[row]}",
            hint="a document has one date; give the parts documents of their own, "
            f"or report by something else than {by}",
        )


def stratify(gold: Gold, by: str = "year") -> Strata:
    """Return where each unit is reported.

    Parameters
    ----------
    gold : Gold
        Every unit of the corpus, coded or not.
    by : str, default "year"
        ``year``, ``month``, ``date``, ``source``, ``language`` or ``document``;
        several joined by commas cross: ``year,source``.

    Raises
    ------
    InputError
        If ``by`` is none of these, or a date is not written as 2012-05-31.
    CodingError
        If a document lies in two periods, or no unit has a value.

    Warns
    -----
    StanceWarning
        Of units without a value, which are in no stratum.

    Examples
    --------
    >>> from stance.testing import coded
    >>> gold, _ = coded("2012: 00 .1 | 11", "2023: 01 | .0")
    >>> stratify(gold).names
    ('2012', '2023')
    """
    check_by(by)
    joined = crossed([_values(gold, part) for part in by.split(",")])
    lost = int((~joined.known & gold.counted).sum())
    if lost == int(gold.counted.sum()):
        raise CodingError(
            f"no unit has a {by}",
            hint="name the columns that hold it: --date, --source, --language, "
            "--document",
        )
    if lost:
        warnings.warn(
            f"{lost} units have no {by} and are left out", StanceWarning, stacklevel=2
        )
    strata = strata_of(gold, joined, by=by)
    if set(by.split(",")) & set(TIMES):
        _check_times(gold, by, strata.of)
    return strata


def strata_of(
    gold: Gold, values: Sequence[str], *, by: str, order: Sequence[str] = ()
) -> Strata:
    """Return strata by any value of the units, such as the voice of a statement.

    Parameters
    ----------
    gold : Gold
        Every unit.
    values : sequence of str
        Of each unit, in order; "" where it is in no stratum.
    by : str
        What the values are.
    order : sequence of str, optional
        Of the strata; ascending where it is empty.

    Examples
    --------
    >>> from stance.testing import coded
    >>> strata_of(coded("2012: 00 .1 | 11")[0], ["own", "", "own"], by="voice").of
    array([ 0, -1,  0])
    """
    column = column_of(values)
    used = np.unique(column.codes[gold.counted])
    found = {column.names[code] for code in used} - {""}
    names = [name for name in order if name in found] or sorted(found)
    place = {name: at for at, name in enumerate(names)}
    of = np.full(len(column.names), -1)
    of[used] = [place.get(column.names[code], -1) for code in used]
    of = np.where(gold.counted, of[column.codes], -1)
    return Strata(by, tuple(names), of, observations(gold))


def columns_of(gold: Gold, predictions: Predictions, strata: Strata) -> Columns:
    """Return the counted units in columns, after all that can be wrong was checked.

    Raises
    ------
    CodingError
        Predictions by a model that was trained on the coded text, folds that part
        what is tied, twins counted twice, a draw without its probability.
    """
    if predictions.labels != gold.labels:
        raise CodingError(
            f"the predictions have the labels {', '.join(predictions.labels.names)}, "
            f"the coded units {', '.join(gold.labels.names)}",
            hint="predict with a model of the codebook that the units were coded by",
        )
    check_honest(gold, predictions)
    rows = np.flatnonzero(strata.of >= 0)
    _check_twins(gold, rows)
    y, stratum = gold.y[rows], strata.of[rows]
    weight, probability = _weights(gold, rows, stratum, len(strata.names))
    component = np.unique(strata.component[rows], return_inverse=True)[1]
    # Stored with four decimals, rows sum to 1 only nearly, and shares would not.
    proba = predictions.proba[rows] / predictions.proba[rows].sum(axis=1, keepdims=True)
    return Columns(y, proba, weight, probability, stratum, component, len(strata.names))


def _check_twins(gold: Gold, rows: NDArray[np.integer]) -> None:
    """Raise where a paragraph and its translation would be counted as two."""
    units, twins = tied(gold.keys, "twin")
    kept = np.isin(units, rows)
    units, twins = units[kept], twins[kept]
    _, first, number = np.unique(twins, return_index=True, return_inverse=True)
    again = np.flatnonzero(first[number] != np.arange(len(units)))
    if len(again):
        one, two = units[first[number[again[0]]]], units[again[0]]
        raise CodingError(
            f"units {gold.unit_ids[one]!r} and {gold.unit_ids[two]!r} are twins, one "
            "paragraph in two languages, and are counted twice",
            hint="count one of them",
        )


def _weights(
    gold: Gold, rows: NDArray[np.integer], stratum: NDArray[np.integer], n_strata: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the weight of each unit, 0 where not coded, and its probability.

    Where all coded units of a stratum had one probability, it is the part of the
    stratum that is coded, whatever was declared: a stratum coded whole was not drawn.
    """
    y, drawn = gold.y[rows], _drawn(gold)[rows]
    coded = y >= 0
    known = coded & (drawn > 0)
    least, most = np.ones(n_strata), np.zeros(n_strata)
    np.minimum.at(least, stratum[known], drawn[known])
    np.maximum.at(most, stratum[known], drawn[known])
    n_coded = np.bincount(stratum[coded], minlength=n_strata)
    size = np.bincount(stratum, minlength=n_strata)
    uneven = (most > least * (1 + 1e-9)) & (n_coded < size)
    for row in np.flatnonzero(coded & ~known & uneven[stratum]):
        if gold.designs and gold.designs[rows[row]] not in ("", "convenience"):
            raise CodingError(
                f"unit {gold.unit_ids[rows[row]]!r} has no inclusion probability, and "
                "others beside it have several",
                hint="give 'probability' for each, or declare the design 'convenience'",
            )
        uneven[stratum[row]] = False  # of convenience: its status says so
    probability = (n_coded / np.maximum(size, 1))[stratum]
    weight = coded.astype(np.float64)
    own = known & uneven[stratum]
    weight[own], probability[own] = 1 / drawn[own], drawn[own]
    return weight, probability


def _drawn(gold: Gold) -> NDArray[np.float64]:
    """Return the declared probability of each coded unit; 0 where it is not known."""
    probability = np.zeros(len(gold.y))
    if gold.probability:
        probability[:] = gold.probability
    for row in np.flatnonzero(gold.y >= 0) if gold.designs else ():
        design, p = gold.designs[row], probability[row]
        if not 0 <= p <= 1:
            raise CodingError(
                f"unit {gold.unit_ids[row]!r} has the inclusion probability {p}",
                hint="a probability lies above 0 and at most at 1",
            )
        if design in ("active", "stratified") and not p:
            raise CodingError(
                f"unit {gold.unit_ids[row]!r} was drawn by design {design!r} and its "
                "inclusion probability is not known",
                hint="units drawn unevenly say nothing of the others without it: give "
                "'probability', or declare the design 'convenience'",
            )
        if design == "convenience":
            probability[row] = 0
        elif design == "census":
            probability[row] = 1
    return probability
