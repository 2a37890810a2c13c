"""Labelled texts as training takes them: labels, groups, and what is an anchor."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stance.coding.adjudicate import adjudicate
from stance.coding.annotation import Annotation
from stance.coding.codebook import Codebook, LabelSet
from stance.coding.predictions import Gold
from stance.corpus.context import passages, passages_of_records
from stance.corpus.document import Corpus, Passage, text_digest
from stance.corpus.duplicates import components, near_duplicates
from stance.corpus.records import (
    Record,
    check_label,
    read_records,
    read_rows,
)
from stance.errors import InputError, nearest


@dataclass(frozen=True, slots=True, eq=False)
class LabelledSet:
    """Texts with labels, in columns.

    Attributes
    ----------
    gold : Gold
        Ids, labels and strata of the units; anchors are not counted in it.
    passages : tuple of Passage
        What a model reads of each unit.
    groups : ndarray of int, shape (n_units,)
        Units of one group stay on one side of every split.
    anchor : ndarray of bool, shape (n_units,)
        Composed examples: they train, and are never predicted, scored or counted.
    digest : str
        SHA-256 over texts, labels and groups.
    near : tuple of (int, int, float)
        Pairs of near duplicates and how alike they are; each pair is one group.
    context : int, default 0
        How many neighbours each side the passages hold.
    """

    gold: Gold
    passages: tuple[Passage, ...]
    groups: NDArray[np.integer]
    anchor: NDArray[np.bool_]
    digest: str
    near: tuple[tuple[int, int, float], ...] = ()
    context: int = 0

    @property
    def labels(self) -> LabelSet:
        """Return the label set."""
        return self.gold.labels

    @property
    def y(self) -> NDArray[np.integer]:
        """Return the position of each unit's label."""
        return self.gold.y

    @property
    def texts(self) -> tuple[str, ...]:
        """Return the units' own texts."""
        return tuple(passage.text for passage in self.passages)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A passage composed for the codebook, of one register."""

    id: str
    language: str
    label: str
    register: str
    text: str


def read_anchors(path: str | Path, labels: LabelSet) -> tuple[Anchor, ...]:
    """Return the anchor examples in a JSON Lines file.

    Raises
    ------
    InputError
        With the line: a label that is not in the label set, a field missing, or an
        ``origin`` other than ``composed``: text by others does not belong here.

    Examples
    --------
    >>> read_anchors("no-such.jsonl", LabelSet(("pro",)))
    Traceback (most recent call last):
    ...
    stance.errors.InputError: no-such.jsonl: no such file
    """
    anchors: list[Anchor] = []
    for line, row in read_rows(path):
        missing = [
            k for k in ("id", "language", "label", "register", "text") if not row.get(k)
        ]
        if missing:
            raise InputError(f"the anchor has no {missing[0]!r}", path=path, line=line)
        if row["label"] not in labels.names:
            raise InputError(
                f"label {row['label']!r} is not in the codebook",
                path=path,
                line=line,
                hint=nearest(row["label"], labels.names),
            )
        if row.get("origin") != "composed":
            raise InputError(
                f"origin is {row.get('origin') or None!r}; 'composed' was expected",
                path=path,
                line=line,
            )
        anchors.append(
            Anchor(
                row["id"], row["language"], row["label"], row["register"], row["text"]
            )
        )
    return tuple(anchors)


class Row(NamedTuple):
    """A unit as it is put in columns; without a label it is not coded."""

    passage: Passage
    label: str
    group: str
    unit_id: str
    document: str
    language: str
    date: str = ""
    source: str = ""
    twin: str = ""
    anchor: bool = False
    design: str = ""
    probability: float = 0.0


def in_columns(labels: LabelSet, rows: Sequence[Row], context: int = 0) -> LabelledSet:
    """Put rows in columns; what shares a key is in one group."""
    texts = [row.passage.text for row in rows]
    keys = [
        [row.group, f"text:{text_digest(text)}"]
        for row, text in zip(rows, texts, strict=True)
    ]
    for row, own in zip(rows, keys, strict=True):
        if row.twin:
            own.append(f"twin:{min(row.unit_id, row.twin)}")
    near = tuple(near_duplicates(texts))
    for first, second, _ in near:
        for at in (first, second):
            keys[at].append(f"near:{first}-{second}")
    anchor = np.array([row.anchor for row in rows], dtype=bool)
    second_of_twins = [bool(row.twin) and row.language != "en" for row in rows]
    content = json.dumps(
        [labels.names, [[*row.passage, row.label, row.group] for row in rows]],
        ensure_ascii=False,
    )
    gold = Gold(
        labels=labels,
        unit_ids=tuple(row.unit_id for row in rows),
        documents=tuple(row.document for row in rows),
        languages=tuple(row.language for row in rows),
        dates=tuple(row.date for row in rows),
        sources=tuple(row.source for row in rows),
        y=np.array(
            [labels.names.index(row.label) if row.label else -1 for row in rows],
            dtype=int,
        ),
        counted=~anchor & ~np.array(second_of_twins, dtype=bool),
        keys=tuple(map(tuple, keys)),
        designs=tuple(row.design for row in rows),
        probability=tuple(row.probability for row in rows),
    )
    return LabelledSet(
        gold=gold,
        passages=tuple(row.passage for row in rows),
        groups=np.array(components(keys), dtype=int),
        anchor=anchor,
        digest=hashlib.sha256(content.encode()).hexdigest(),
        near=near,
        context=context,
    )


def from_corpus(
    corpus: Corpus,
    annotations: Iterable[Annotation],
    codebook: Codebook,
    anchors: Iterable[Anchor] = (),
    *,
    context: int = 0,
) -> LabelledSet:
    """Return the adjudicated labels of a corpus's content, and its anchors.

    Parameters
    ----------
    corpus : Corpus
        Its ``body`` and ``summary`` paragraphs are units, grouped by document.
    annotations : iterable of Annotation
        The frame is adjudicated by majority; a unit without one is left out.
    codebook : Codebook
        Gives the label set.
    anchors : iterable of Anchor
        Grouped by register.
    context : int, default 0
        How many neighbours each side belong to a unit's passage.

    Returns
    -------
    LabelledSet
        Units first, in reading order. Of twins both train, the English one counts.
    """
    gold = {row.unit_id: row.label for row in adjudicate(annotations, variable="frame")}
    about = {document.id: document for document in corpus.documents}
    read = passages(corpus.paragraphs, context=context)
    rows = [
        Row(passage, gold[u.id], f"document:{u.document_id}", u.id, u.document_id,
             u.language, about[u.document_id].date, about[u.document_id].publisher,
             u.twin)
        for u, passage in zip(corpus.paragraphs, read, strict=True)
        if u.counted and gold.get(u.id)
    ] + [
        Row(Passage(a.text), a.label, f"register:{a.register}", a.id,
             f"anchors/{a.register}", a.language, anchor=True)
        for a in anchors
    ]  # fmt: skip
    return in_columns(codebook.labels, rows, context)


def _fronts(files: Sequence[str | Path]) -> list[str]:
    """Return what is put before the ids of each file, so that they differ."""
    names: dict[str, str | Path] = {}
    for file in files:
        name = Path(file).stem
        if name in names:
            raise InputError(
                f"has the name of {names[name]}, and ids that stand there too",
                path=file,
                hint="rename one of the files, or name a column of other ids with --id",
            )
        names[name] = file
    return [f"{name}/" for name in names]


def _row(record: Record, passage: Passage, front: str) -> Row:
    """Return a row of a data file; what is its own document remains that."""
    unit = record.unit
    document, group = unit.document_id, record.group
    if document == unit.id:
        document = front + document
        group = f"document:{document}" if group == f"document:{unit.id}" else group
    return Row(passage, record.label, group, front + unit.id, document, unit.language,
                record.date, record.source)  # fmt: skip


def read_labelled(
    paths: str | Path | Sequence[str | Path], *,
    columns: dict[str, str] | None = None, encoding: str = "", context: int = 0,
    targeted: bool = False, labels: LabelSet | None = None,
) -> tuple[LabelledSet, dict[str, str]]:  # fmt: skip
    """Return the labelled rows of data files, and the digest of the files.

    Parameters
    ----------
    paths : str, Path, or a sequence of them
        .jsonl, .csv or .tsv files with any labels, any number of them. Of several files
        the ids get the file's name in front where one occurs twice.
    columns : dict, optional
        As for `stance.corpus.records.read_records`. Units of one ``group`` (else of one
        document) stay on one side of every split.
    encoding : str, optional
        Of the files.
    context, targeted
        As for `stance.corpus.context.passages_of_records`.
    labels : LabelSet, optional
        Those of a model; else all that the files hold, sorted.

    Raises
    ------
    InputError
        With the line, if a row has no label, or one that is not in the label set.
    """
    files = [paths] if isinstance(paths, str | Path) else list(paths)
    total = hashlib.sha256()
    parts: list[tuple[list[Record], list[Passage]]] = []
    for file in files:
        records = list(read_records(file, columns=columns, encoding=encoding))
        for record in records:
            check_label(record, file)
            if labels and record.label not in labels.names:
                raise InputError(
                    f"label {record.label!r} is not one of the model's",
                    path=file,
                    line=record.line,
                    hint=nearest(record.label, labels.names),
                )
        parts.append(
            (records, passages_of_records(records, context=context, targeted=targeted))
        )
        total.update(Path(file).read_bytes())
    ids = [r.unit.id for records, _ in parts for r in records]
    fronts = [""] * len(files) if len(set(ids)) == len(ids) else _fronts(files)
    rows = [
        _row(r, passage, front)
        for front, part in zip(fronts, parts, strict=True)
        for r, passage in zip(*part, strict=True)
    ]
    labels = labels or LabelSet(tuple(sorted({row.label for row in rows})))
    return in_columns(labels, rows, context), {"data": total.hexdigest()}
