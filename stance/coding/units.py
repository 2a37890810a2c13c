"""Every unit of a corpus, coded or not: what shares are taken over."""

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stance.coding.adjudicate import adjudicate
from stance.coding.annotation import DESIGNS, Annotation
from stance.coding.codebook import Codebook, LabelSet
from stance.coding.labelled import LabelledSet, Row, in_columns
from stance.corpus.document import Corpus, Passage, text_digest
from stance.corpus.records import COLUMN_NAMES, Record, read_records, read_rows
from stance.errors import CodingError, InputError, StanceWarning, nearest


@dataclass(frozen=True, slots=True)
class Coded:
    """A label that a unit was given, and how it came to be coded.

    ``digest`` is that of the text, empty where only the id is known; ``design`` is
    empty, and ``probability`` 0, where they are not known.
    """

    unit_id: str
    digest: str
    label: str
    design: str = ""
    probability: float = 0.0


def _probability(design: str, probability: str, path: str, line: int) -> float:
    """Return the inclusion probability; raise where it, or the design, is none."""
    if design and design not in DESIGNS:
        hint = nearest(design, DESIGNS)
        raise InputError(
            f"design {design!r} is unknown", path=path, line=line, hint=hint
        )
    try:
        found = float(probability or 0)
    except ValueError:
        found = -1
    if not 0 <= found <= 1:
        raise InputError(
            f"probability is {probability!r}", path=path, line=line,
            hint="an inclusion probability lies between 0 and 1",
        )  # fmt: skip
    return found


def coded_of(records: Iterable[Record], path: str = "") -> list[Coded]:
    """Return the labels in a data file; a row without label is not coded.

    Raises
    ------
    InputError
        With the line: a design that is none, a probability that is no number.

    Examples
    --------
    >>> coded_of([])
    []
    """
    return [
        Coded(
            record.unit.id, text_digest(record.unit.text), record.label, record.design,
            _probability(record.design, record.probability, path, record.line),
        )
        for record in records
        if record.label.strip()
    ]  # fmt: skip


def read_coded(
    path: str, *, columns: dict[str, str] | None = None, encoding: str = ""
) -> list[Coded]:
    """Return the labels in a file that holds the coded units' texts, or else their ids.

    Raises
    ------
    InputError
        With the line; or if there is neither text nor id, or no label.

    Examples
    --------
    >>> read_coded("no-such.csv")
    Traceback (most recent call last):
    ...
    stance.errors.InputError: no-such.csv: no such file
    """
    rows = list(read_rows(path, encoding=encoding))
    names = list(rows[0][1]) if rows else []
    # What else was named may be a column of the corpus alone.
    named = {
        role: name
        for role, name in (columns or {}).items()
        if role == "label" or name in names
    }
    if not rows or named.get("text") or "text" in names:
        records = read_records(path, columns=named, encoding=encoding)
        return coded_of(records, path)
    found = {
        role: name
        for role in ("id", "label", "design", "probability")
        for name in [named.get(role), *COLUMN_NAMES[role]][::-1]
        if name in names
    }
    for role in ("id", "label"):
        if role not in found:
            raise InputError(
                f"no {role} column, and no text", path=path,
                hint=f"name it with --{role}; columns: {', '.join(names)}",
            )  # fmt: skip
    cells = [(n, {role: row[name] for role, name in found.items()}) for n, row in rows]
    return [
        Coded(
            cell["id"], "", cell["label"], cell.get("design", ""),
            _probability(cell.get("design", ""), cell.get("probability", ""), path, n),
        )
        for n, cell in cells
        if cell["label"].strip()
    ]  # fmt: skip


def _by_unit(
    records: Sequence[Record], coded: Iterable[Coded], labels: LabelSet
) -> dict[str, Coded]:
    """Return the label of each unit, found by its text, else by its id."""
    by_digest: dict[str, list[str]] = {}
    for record in records:
        by_digest.setdefault(text_digest(record.unit.text), []).append(record.unit.id)
    ids = {record.unit.id for record in records}
    found: dict[str, Coded] = {}
    lost: list[str] = []
    for one in coded:
        if one.label not in labels.names:
            raise CodingError(
                f"unit {one.unit_id!r} is coded {one.label!r}, which the model does "
                "not know",
                hint=nearest(one.label, labels.names, kind="labels"),
            )
        by_id = [one.unit_id] if one.unit_id in ids else []
        same = by_digest.get(one.digest, []) if one.digest else by_id
        if not same:
            lost.append(one.unit_id)
            continue
        # A text that stands more than once: the one of this id, else the first.
        unit_id = one.unit_id if one.unit_id in same else same[0]
        if unit_id in found and found[unit_id].label != one.label:
            raise CodingError(
                f"unit {unit_id!r} is coded {found[unit_id].label!r} and {one.label!r}",
                hint="settle it: one label a unit",
            )
        found[unit_id] = one
    if lost and not found:
        is_known = lost[0] in ids
        raise CodingError(
            f"coded unit {lost[0]!r} has another text in the corpus"
            if is_known
            else f"no coded unit is in the corpus; the first is {lost[0]!r}",
            hint="units are known by their text: give the labels with the text coded",
        )
    if lost:
        warnings.warn(
            f"{len(lost)} coded units are not in the corpus and are left out, such as "
            f"{lost[0]!r}",
            StanceWarning,
            stacklevel=3,
        )
    return found


def units_of_records(
    records: Sequence[Record], passages: Sequence[Passage], *,
    coded: Iterable[Coded], labels: LabelSet,
) -> LabelledSet:  # fmt: skip
    """Return the units of data files with the labels that some of them have.

    Parameters
    ----------
    records, passages : sequence
        Of all units, in order.
    coded : iterable of Coded
        Found again by the text; ids need not be the same.
    labels : LabelSet
        Of the model.

    Returns
    -------
    LabelledSet
        ``y`` is -1 where a unit is not coded.

    Raises
    ------
    CodingError
        If a label is unknown, two labels fall on one unit, or no coded unit is there.
    """
    found = _by_unit(records, coded, labels)
    none = Coded("", "", "")
    rows = []
    for record, passage in zip(records, passages, strict=True):
        unit, one = record.unit, found.get(record.unit.id, none)
        rows.append(
            Row(passage, one.label, record.group, unit.id, unit.document_id,
                unit.language, record.date, record.source, design=one.design,
                probability=one.probability)
        )  # fmt: skip
    return in_columns(labels, rows)


def units_of_corpus(
    corpus: Corpus, annotations: Iterable[Annotation], codebook: Codebook
) -> LabelledSet:
    """Return the content units of a project's corpus with their adjudicated frames.

    A unit that coders came to by different draws counts as one of convenience.
    """
    annotations = [a for a in annotations if a.variable == "frame"]
    draws: dict[str, set[tuple[str, float]]] = {}
    for a in annotations:
        draws.setdefault(a.unit_id, set()).add((a.design, a.probability))
    gold = {row.unit_id: row.label for row in adjudicate(annotations, variable="frame")}
    about = {document.id: document for document in corpus.documents}
    rows = []
    for unit in corpus.paragraphs:
        if not unit.counted:
            continue
        own = draws.get(unit.id, set())
        design, probability = own.pop() if len(own) == 1 else ("convenience", 0.0)
        label = gold.get(unit.id, "")
        document = about[unit.document_id]
        rows.append(
            Row(Passage(unit.text), label, f"document:{document.id}", unit.id,
                document.id, unit.language, document.date, document.publisher,
                unit.twin, design=design if label else "",
                probability=probability if label else 0.0)
        )  # fmt: skip
    return in_columns(codebook.labels, rows)
