"""One Parquet partition to its labels: read in batches, written whole or not at all.

The footer of the output says which input, by digest, it was made of, and with what:
that proves that a partition is done, also after a crash, and without a list of what is.
A file that was cut short has no footer.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from stance.corpus.context import passages_of_records
from stance.corpus.files import atomic_write
from stance.corpus.ids import Ids
from stance.corpus.parquet import parquet_rows
from stance.corpus.read import check_text, unit_of
from stance.corpus.records import Record, find_columns
from stance.errors import InputError
from stance.model.classify import Labelled, classify
from stance.model.model import Model
from stance.model.stream import model_of

if TYPE_CHECKING:
    import pyarrow

#: Of what is written: with another number, nothing that was done counts as done.
SCHEMA = 1
#: What a column may hold that labelling reads.
ROLES = ("text", "id", "document", "language", "target", "before", "after")
#: Rows turned to columns at a time, and rows in a row group of the output.
BATCH, ROW_GROUP = 1_000, 50_000
PROOF, COUNTS = b"stance", b"stance_counts"
#: Processes that may end while they label a partition before it is given up. Dask gives
#: up after four, and then joblib (1.6) waits for ever.
MAX_ENDED = 3
#: Holds a byte for each process that began and has not finished.
BEGUN = ".{}.attempts"
LANGUAGES = ("en", "zh", "mixed", "other")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the labels of a partition depend on, apart from the partition.

    ``model`` is the model's digest, ``columns`` go from roles to the names of columns.
    """

    model: str
    columns: Mapping[str, str]
    n_evidence: int
    schema: int = SCHEMA


@dataclass(frozen=True, slots=True)
class Partition:
    """What became of a partition: its status is ``done``, ``skipped`` or ``failed``.

    ``n_labelled`` have a label, from the others the model abstained; ``n_seen`` of
    these it was trained on; ``n_other`` are neither English nor Chinese. ``reason``
    says why it failed, or why what was labelled before was labelled anew.
    """

    path: str
    status: str
    n_units: int = 0
    n_labelled: int = 0
    n_seen: int = 0
    n_other: int = 0
    reason: str = ""


def label_partition(
    name: str, *, source: Path, target: Path, model: Path, settings: Settings
) -> Partition:
    """Label a partition, unless it is done; what is wrong with it is in the answer.

    Parameters
    ----------
    name : str
        Of the partition within both folders.
    source, target : Path
        Folder of the partitions, and of their labels.
    model : Path
        Folder of the model, which is read once a process.
    settings : Settings
        Of the run.

    Raises
    ------
    ModelError
        If the model cannot be read, or is another than the settings say: no partition
        could be labelled then.
    """
    from pyarrow import ArrowException

    try:
        return _label(name, source / name, target / name, model, settings)
    except InputError as error:
        said = error.message
        if error.path:
            said = said.removeprefix(f"{error.path}:").removeprefix(f"{error.line}:")
        row = f"row {error.line}: " if error.line else ""
        hint = f" ({error.hint})" if error.hint else ""
        reason = row + said.strip() + hint
    except (ArrowException, OSError, UnicodeDecodeError, MemoryError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
    return Partition(name, "failed", reason=reason)


def _label(
    name: str, source: Path, target: Path, model_folder: Path, settings: Settings
) -> Partition:
    before = source.stat()
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    proof = json.dumps({"input": digest, **asdict(settings)}, sort_keys=True)
    counts, reason = _done(target, proof)
    if counts is not None:
        return _counted(name, "skipped", counts)
    target.unlink(missing_ok=True)  # labels of another input, or damaged
    model = model_of(str(model_folder), settings.model)

    def labelled() -> Iterator[Labelled]:
        records = _records(source, name, settings.columns)
        yield from _classified(records, model, settings.n_evidence)
        after = source.stat()
        if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
            raise InputError("changed while it was read")

    target.parent.mkdir(parents=True, exist_ok=True)
    with _attempt(target):
        counts = _write(target, labelled(), labels=model.labels.names, proof=proof)
    return _counted(name, "done", counts, reason)


@contextmanager
def _attempt(target: Path) -> Iterator[None]:
    """Note that a process works on a partition; refuse one that has ended several."""
    begun = target.with_name(BEGUN.format(target.name))
    n_ended = begun.stat().st_size if begun.exists() else 0
    try:
        if n_ended >= MAX_ENDED:
            raise InputError(
                f"{n_ended} processes ended while they labelled it",
                hint="if memory ran out, make partitions smaller",
            )
        with begun.open("ab") as file:
            file.write(b".")
        yield
    finally:
        begun.unlink(missing_ok=True)


def _counted(
    name: str, status: str, counts: Mapping[str, int], reason: str = ""
) -> Partition:
    return Partition(
        name,
        status,
        counts["n_units"],
        counts["n_labelled"],
        counts["n_seen"],
        counts["n_other"],
        reason,
    )


def _done(target: Path, proof: str) -> tuple[dict[str, int] | None, str]:
    """Return the counts of a finished output, or none; and why it must be made anew."""
    from pyarrow import ArrowException, parquet

    if not target.exists():
        return None, ""
    try:
        said = parquet.read_metadata(target).metadata or {}
        if said.get(PROOF) == proof.encode():
            return json.loads(said[COUNTS]), ""
    except (ArrowException, OSError, ValueError, KeyError):
        return None, "its labels were damaged; labelled anew"
    return None, "it has changed; labelled anew"


def _classified(
    records: Iterator[Record], model: Model, n_evidence: int
) -> Iterator[Labelled]:
    if not (model.context or model.targeted):
        units = (record.unit for record in records)
        return classify(units, model, n_evidence=n_evidence)
    rows = list(records)  # a neighbour may stand anywhere in the file
    found = (
        passages_of_records(rows, context=model.context, targeted=model.targeted)
        if rows
        else []
    )
    every = [row.unit for row in rows]
    return classify(every, model, passages=found, n_evidence=n_evidence)


def _records(source: Path, name: str, columns: Mapping[str, str]) -> Iterator[Record]:
    """Yield the rows of a partition, checked as those of other data files are."""

    def places(names: Iterable[str]) -> dict[str, str]:
        found = find_columns(dict.fromkeys(names, ""), dict(columns), source)
        return {role: found[role] for role in ROLES if role in found}

    ids = Ids()
    found: dict[str, str] = {}
    rows = parquet_rows(source, choose=lambda names: set(places(names).values()))
    for number, row in rows:
        found = found or places(row)
        cells = {role: row[column] for role, column in found.items()}
        record = _record(cells, name.removesuffix(".parquet"), number)
        if before := ids.add(record.unit.id, number):
            raise InputError(
                f"id {record.unit.id!r} stands in row {before} already",
                path=source,
                line=number,
                hint="ids must be unique; name another column with --id",
            )
        yield record


def _record(cell: Mapping[str, str], stem: str, row: int) -> Record:
    text = cell["text"]
    for value in cell.values():
        check_text(value, "", row)
    if not text.strip() or "\x00" in text:
        what = "has NUL characters" if text.strip() else "is empty"
        raise InputError(f"the text {what}", line=row, hint="mend or remove the row")
    unit_id = cell.get("id") or f"{stem}:{row}"
    given = cell.get("language", "")
    unit = unit_of(
        unit_id,
        cell.get("document") or unit_id,
        row,
        text,
        language=given if given in LANGUAGES else "",
    )
    others = {role: cell.get(role, "") for role in ("target", "before", "after")}
    return Record(unit, row, **others)


def schema_of(labels: Sequence[str]) -> "pyarrow.Schema":
    """Return the Arrow schema of the labels of a partition, for a model's label set.

    Examples
    --------
    >>> schema_of(["pro", "con"]).names[6:]
    ['seen', 'p_pro', 'p_con', 'evidence']
    """
    import pyarrow

    text, number, place = pyarrow.string(), pyarrow.float64(), pyarrow.int64()
    evidence = {"term": text, "weight": number, "start": place, "end": place}
    return pyarrow.schema(
        {
            **dict.fromkeys(("unit_id", "document_id", "kind", "language"), text),
            "label": text,
            **dict.fromkeys(("abstained", "seen"), pyarrow.bool_()),
            **{f"p_{label}": number for label in labels},
            "evidence": pyarrow.list_(pyarrow.struct(evidence)),
        }
    )


def _write(
    path: Path, items: Iterator[Labelled], *, labels: Sequence[str], proof: str
) -> dict[str, int]:
    """Write the labels of a partition with its proof, and return the counts."""
    from pyarrow import Table, parquet

    schema = schema_of(labels).with_metadata({PROOF: proof})
    counts = dict.fromkeys(("n_units", "n_labelled", "n_seen", "n_other"), 0)
    with (
        atomic_write(path, binary=True) as file,
        parquet.ParquetWriter(file, schema) as writer,
    ):
        batches = _batches(items, schema, counts)
        while group := list(islice(batches, ROW_GROUP // BATCH)):
            writer.write_table(Table.from_batches(group))
        writer.add_key_value_metadata({COUNTS: json.dumps(counts)})
    return counts


def _batches(
    items: Iterator[Labelled], schema: "pyarrow.Schema", counts: dict[str, int]
) -> Iterator["pyarrow.RecordBatch"]:
    """Yield labelled units as columns, counting them."""
    from pyarrow import RecordBatch

    while chunk := list(islice(items, BATCH)):
        counts["n_units"] += len(chunk)
        counts["n_labelled"] += sum(bool(item.label) for item in chunk)
        counts["n_seen"] += sum(item.seen and bool(item.label) for item in chunk)
        counts["n_other"] += sum(item.unit.language == "other" for item in chunk)
        rows = [
            dict(zip(schema.names, _row(item, schema), strict=True)) for item in chunk
        ]
        yield RecordBatch.from_pylist(rows, schema)


def _row(item: Labelled, schema: "pyarrow.Schema") -> Iterable[object]:
    """Return the cells of a labelled unit, as `stance.show.rows.row_of` names them."""
    unit = item.unit
    n_labels = len(schema.names) - 8
    return (
        unit.id, unit.document_id, unit.kind, unit.language, item.label,
        item.abstained, item.seen, *(item.proba or [None] * n_labels),
        [
            {"term": e.term, "weight": e.weight, "start": e.start, "end": e.end}
            for e in item.evidence
        ],
    )  # fmt: skip
