"""What the coded units of a stratum allow to be said of it: the ladder of statuses."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stance.coding.column import column_of
from stance.errors import CodingError, StanceWarning
from stance.measure.difference import cells_of, effective, one_hot, sums
from stance.measure.strata import TIMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stance.coding.predictions import Gold
    from stance.measure.strata import Columns, Strata

#: Coded units, coded documents, and coded units of each label that a status takes. By
#: simulation intervals hold from 3 documents on, and are as wide as the scale there.
ENOUGH = {"ok": (30, 8, 5), "few_labels": (20, 4, 0)}
#: Strata that are ``ok`` which it takes to say something of one without labels: with 3
#: the prediction interval is as wide as the scale.
MIN_OK = 5
NOTES = {
    "few_labels": "few coded units: a wide interval",
    "extrapolated": "too few coded units here: the classifier's share, corrected as in "
    "the other strata, with a prediction interval",
    "descriptive": "too few coded units: a description without interval",
    "one_document": "one document: its own share, which says nothing of others",
    "convenience": "coded units not drawn at random: valid only if they are as good as "
    "random within the stratum",
}
EXACT = "every unit is coded: the share is exact"
#: Of effective documents, of coded units a label, of one document's part of the labels.
FEW_DOCUMENTS, FEW_OF_LABEL, LARGE_PART = 8, 5, 0.2


class Counts(NamedTuple):
    """Of each stratum: units and documents, coded or not, and what predictions say."""

    units: NDArray[np.integer]
    coded: NDArray[np.integer]
    documents: NDArray[np.integer]
    coded_documents: NDArray[np.float64]
    effective: NDArray[np.float64]
    largest: NDArray[np.float64]  # part of the labels that one document has
    by_label: NDArray[np.float64]  # (n_strata, n_labels)
    classifier: NDArray[np.float64]  # (n_strata, n_labels)


def count(columns: Columns) -> Counts:
    """Return what each stratum holds."""
    n, t = columns.n_strata, columns.stratum
    cells = cells_of(columns)
    coded_documents, worth = effective(cells, n)
    largest = np.zeros(n)
    np.maximum.at(largest, cells.stratum, cells.weight)
    units = np.bincount(t, minlength=n)
    return Counts(
        units=units,
        coded=np.bincount(t[columns.y >= 0], minlength=n),
        documents=np.bincount(cells.stratum, minlength=n),
        coded_documents=coded_documents,
        effective=worth,
        largest=largest,
        by_label=sums(one_hot(columns), t, n),
        classifier=sums(columns.proba, t, n) / units[:, None],
    )


def check_coded(columns: Columns, gold: Gold, estimand: str) -> None:
    """Raise where the coded units cannot carry an estimate.

    Raises
    ------
    CodingError
        Nothing is coded; no documents are known, or one alone is coded (estimand
        ``process``); a label has no coded unit and not all units are coded.
    """
    coded = columns.y >= 0
    if not coded.any():
        raise CodingError("no unit is coded", hint="draw some: stance sample")
    names = gold.labels.names
    missing = [name for k, name in enumerate(names) if not (columns.y == k).any()]
    if missing and not coded.all():
        raise CodingError(
            f"label {missing[0]!r} has no coded unit, so that nothing is known of how "
            "the classifier errs there",
            hint="code more units: stance sample; or leave the label out of the model",
        )
    if estimand != "process":
        return
    n_documents = len(np.unique(columns.component))
    if len(coded) > 1 and gold.documents == gold.unit_ids:
        raise CodingError(
            "the document of the units is not known, and units of one document are no "
            "independent observations",
            hint="name its column with --document; if each unit is a document of its "
            "own, give it another id than the unit's",
        )
    if n_documents > 1 and len(np.unique(columns.component[coded])) == 1:
        raise CodingError(
            f"all {int(coded.sum())} coded units are of one document, so that nothing "
            "is known of how documents differ",
            hint="code units of other documents: stance sample; or --estimand corpus",
        )


def _convenient(gold: Gold, strata: Strata) -> NDArray[np.bool_]:
    """Return the strata with a coded unit that was not drawn at random."""
    rows = np.flatnonzero((gold.y >= 0) & (strata.of >= 0))
    if gold.designs:
        drawn = [gold.designs[row] not in ("", "convenience") for row in rows]
        rows = rows[~np.array(drawn, dtype=bool)]
    return np.bincount(strata.of[rows], minlength=len(strata.names)) > 0


def statuses(
    gold: Gold, strata: Strata, counts: Counts, *, estimand: str, borrows: bool = True
) -> tuple[str, ...]:
    """Return the status of each stratum.

    For the estimand ``corpus`` the counts of labels alone decide, and a stratum that is
    coded whole is ``ok``. Only a method that ``borrows`` the correction of other strata
    extrapolates.
    """
    is_loose = _convenient(gold, strata)
    found: list[str] = []
    for at in range(len(strata.names)):
        n, documents = counts.coded[at], counts.coded_documents[at]
        reached = [
            name
            for name, (units, least, each) in ENOUGH.items()
            if n >= units
            and (estimand == "corpus" or documents >= least)
            and (counts.by_label[at] >= each).all()
        ]
        if is_loose[at]:
            found.append("convenience")
        elif estimand == "process" and counts.documents[at] == 1:
            found.append("one_document")
        elif estimand == "corpus" and n == counts.units[at]:
            found.append("ok")
        else:
            found.append(reached[0] if reached else "")
    can = borrows and len(solid(found)) >= MIN_OK
    rest = "extrapolated" if can else "descriptive"
    return tuple(name or rest for name in found)


def solid(status: Sequence[str]) -> list[int]:
    """Return the strata that are ``ok``.

    Examples
    --------
    >>> solid(("ok", "descriptive", "ok"))
    [0, 2]
    """
    return [at for at, name in enumerate(status) if name == "ok"]


def alone(gold: Gold, strata: Strata) -> list[list[str]]:
    """Return what is to be said of sources and languages that one period alone has.

    A source that enters or leaves changes the shares though nobody wrote otherwise.
    """
    said: list[list[str]] = [[] for _ in strata.names]
    if not set(strata.by.split(",")) & set(TIMES) or len(strata.names) < 2:
        return said
    for what, values in (("source", gold.sources), ("language", gold.languages)):
        if what in strata.by.split(","):
            continue
        column, n = column_of(values), len(strata.names)
        kept = column.known & (strata.of >= 0)
        found = np.unique(column.codes[kept].astype(np.int64) * n + strata.of[kept])
        only = np.bincount(found // n)[found // n] == 1
        for at in found[only] % n:
            said[at].append(f"{what} of no other {strata.by}")
    return [sorted(set(parts)) for parts in said]


def notes(
    counts: Counts, status: tuple[str, ...], *, estimand: str, tuning: float,
    exact: Sequence[bool],
) -> list[list[str]]:  # fmt: skip
    """Return what must be said of each stratum beside its numbers."""
    found: list[list[str]] = []
    for at, name in enumerate(status):
        parts = [NOTES[name]] if name in NOTES else []
        if exact[at]:
            parts = [EXACT]
        elif name in ("ok", "few_labels", "convenience"):
            if estimand == "process" and counts.effective[at] < FEW_DOCUMENTS:
                parts.append(f"labels worth {counts.effective[at]:.1f} documents")
            if estimand == "process" and counts.largest[at] > LARGE_PART:
                parts.append(f"one document has {counts.largest[at]:.0%} of the labels")
            if (counts.by_label[at] < FEW_OF_LABEL).any():
                parts.append(f"a label has fewer than {FEW_OF_LABEL} coded units")
            if tuning < 0.05:
                parts.append("the classifier adds nothing")
        if name == "one_document" and counts.coded[at] < counts.units[at]:
            parts.append(
                f"{counts.coded[at]} of its {counts.units[at]} units are coded"
            )
        found.append(parts)
    return found


def warn_of(strata: Strata, said: Sequence[Sequence[str]]) -> None:
    """Warn of what the notes say, each sentence once, with its strata."""
    where: dict[str, list[str]] = {}
    for name, parts in zip(strata.names, said, strict=True):
        for part in parts:
            if part != EXACT:
                where.setdefault(part, []).append(name)
    for part, names in where.items():
        named = ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")
        warnings.warn(f"{strata.by} {named}: {part}", StanceWarning, stacklevel=3)
