"""Every unit of a corpus, coded or not: what shares are taken over."""

from collections.abc import Iterable, Sequence

from stance.coding.adjudicate import adjudicate
from stance.coding.annotation import DESIGNS, Annotation
from stance.coding.codebook import Codebook, LabelSet
from stance.coding.coded import Coded, Places, positions
from stance.coding.labelled import LabelledSet, Row, in_columns
from stance.corpus.document import Corpus, Passage, text_digest
from stance.corpus.records import COLUMN_NAMES, Record, read_records, read_rows
from stance.errors import InputError, nearest

__all__ = ["Coded", "coded_of", "read_coded", "units_of_corpus", "units_of_records"]


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

    Parameters
    ----------
    path : str
        A .jsonl, .csv or .tsv file.
    columns : dict, optional
        As for `read_records`. ``label``, and ``id`` where there is no text, must be
        there; what else is named may be a column of the corpus alone.
    encoding : str, optional
        Nothing is guessed then.

    Raises
    ------
    InputError
        With the line; or if there is neither text nor id, no label, or no column of the
        name that was given; or ``label``, which was not named, is a model's.

    Examples
    --------
    >>> read_coded("no-such.csv")
    Traceback (most recent call last):
    ...
    stance.errors.InputError: no-such.csv: no such file
    """
    rows = list(read_rows(path, encoding=encoding))
    names = list(rows[0][1]) if rows else []
    if {"label", "abstained", "seen"} <= set(names) and not (columns or {}).get(
        "label"
    ):
        raise InputError(
            "its column 'label' is what a model says, beside its probabilities",
            path=path, hint="name the column of the coders with --label",
        )  # fmt: skip
    named = {
        role: name
        for role, name in (columns or {}).items()
        if role == "label" or name in names
    }
    if not rows or named.get("text") or "text" in names:
        records = read_records(path, columns=named, encoding=encoding)
        return coded_of(records, path)
    found = _columns_of_ids(names, columns or {}, path)
    cells = [(n, {role: row[name] for role, name in found.items()}) for n, row in rows]
    return [
        Coded(
            cell["id"], "", cell["label"], cell.get("design", ""),
            _probability(cell.get("design", ""), cell.get("probability", ""), path, n),
        )
        for n, cell in cells
        if cell["label"].strip()
    ]  # fmt: skip


def _columns_of_ids(
    names: list[str], named: dict[str, str], path: str
) -> dict[str, str]:
    """Return which column of a file without texts holds what."""
    found = {}
    for role in ("id", "label", "design", "probability"):
        name = named.get(role, "")
        if name and name not in names:
            raise InputError(
                f"no column {name!r}", path=path, hint=nearest(name, names)
            )
        name = name or next((u for u in COLUMN_NAMES[role] if u in names), "")
        if name:
            found[role] = name
        elif role in ("id", "label"):
            raise InputError(
                f"no {role} column, and no text", path=path,
                hint=f"name it with --{role}; columns: {', '.join(names)}",
            )  # fmt: skip
    return found


def _places(records: Sequence[Record]) -> Places:
    """Return where every unit of data files is."""
    ids: dict[str, list[int]] = {}
    texts: dict[str, list[int]] = {}
    digests = [text_digest(record.unit.text) for record in records]
    for at, record in enumerate(records):
        ids.setdefault(record.unit.id, []).append(at)
        texts.setdefault(digests[at], []).append(at)
    names = [record.unit.id for record in records]
    return Places(names, ids, texts, dict(enumerate(digests)))


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
        Found again by the text; ids need not be the same. Of a text that stands more
        than once, the unit of the same id is coded, else the next one that is not.
    labels : LabelSet
        Of the model.

    Returns
    -------
    LabelledSet
        ``y`` is -1 where a unit is not coded. Of twins the English one is counted, or
        the one that is there.

    Raises
    ------
    CodingError
        If a label is unknown, two labels or two draws fall on one unit, or no coded
        unit is there.
    """
    found = positions(_places(records), coded, labels)
    ids = {record.unit.id for record in records}
    none = Coded("", "", "")
    rows = []
    for at, (record, passage) in enumerate(zip(records, passages, strict=True)):
        unit, one = record.unit, found.get(at, none)
        rows.append(
            Row(passage, one.label, record.group, unit.id, unit.document_id,
                unit.language, record.date, record.source,
                unit.twin if unit.twin in ids else "", design=one.design,
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
