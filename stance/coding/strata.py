"""What units are grouped by: a time, a source, a language, a document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stance.errors import InputError, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stance.coding.predictions import Gold

#: Times, and how many characters of a date they are.
TIMES = {"year": 4, "month": 7, "date": 10}
BY = (*TIMES, "source", "language", "document")
#: A time of day may follow; nothing is made of it.
DATE = re.compile(r"([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)(?:[T ].*)?")


def check_by(by: str, done: str = "reported", *, alone: Sequence[str] = ()) -> None:
    """Raise `InputError` for what units cannot be grouped by.

    Parameters
    ----------
    by : str
        Such as ``year``, or ``year,source``.
    done : str, default "reported"
        What is done with the units, for the message.
    alone : sequence of str, optional
        What they can be grouped by as well, and crossed with nothing: ``voice``.

    Raises
    ------
    InputError
        If a part is none of these, is named twice, or cannot be crossed.

    Examples
    --------
    >>> check_by("year,source")
    >>> check_by("yaer", "drawn")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    stance.errors.InputError: units are not drawn by 'yaer'
      did you mean 'year'? choices: year, month, ...
    >>> check_by("voice", alone=("voice",))
    """
    parts, choices = by.split(","), (*BY, *alone)
    for part in parts:
        if part not in choices:
            raise InputError(
                f"units are not {done} by {part!r}", hint=nearest(part, choices)
            )
        if part in alone and len(parts) > 1:
            raise InputError(
                f"units are not {done} by {by!r}: {part} is crossed with nothing",
                hint=f"by {part} alone, or without it",
            )
        if parts.count(part) > 1:
            raise InputError(f"{by!r} names {part!r} twice", hint="name it once")


def values_of(gold: Gold, by: str) -> Sequence[str]:
    """Return the value of each unit, empty where it is not known.

    Parameters
    ----------
    gold : Gold
        The units.
    by : str
        One of ``year``, ``month``, ``date``, ``source``, ``language``, ``document``. A
        date that is less precise than the time has no value.

    Raises
    ------
    InputError
        If a time is asked for and a date is not written as 2012, 2012-05 or 2012-05-31.

    Examples
    --------
    >>> from stance.testing import coded
    >>> gold, _ = coded("2012-05: 00 .1", "2023: 01")
    >>> values_of(gold, "year"), values_of(gold, "month")
    (('2012', '2012', '2023'), ('2012-05', '2012-05', ''))
    """
    if by in TIMES:
        days = {date: _day(date) for date in set(gold.dates)}
        for unit_id, date in zip(gold.unit_ids, gold.dates, strict=True):
            if date and not days[date]:
                raise InputError(
                    f"unit {unit_id!r} is dated {date!r}",
                    hint="write dates as 2012, 2012-05 or 2012-05-31",
                )
        n = TIMES[by]
        return tuple("" if len(days[d]) < n else days[d][:n] for d in gold.dates)
    columns = {
        "source": gold.sources, "language": gold.languages, "document": gold.documents,
    }  # fmt: skip
    if by not in columns:
        raise ValueError(f"by {by!r} is not one of {', '.join(BY)}")
    return columns[by]


def _day(date: str) -> str:
    """Return a date without the time of day; empty where it is none."""
    found = DATE.fullmatch(date)
    return found[1] if found else ""
