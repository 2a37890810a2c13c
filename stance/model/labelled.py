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
from stance.corpus.document import Corpus, text_digest
from stance.corpus.duplicates import components
from stance.corpus.records import check_label, read_records, read_rows
from stance.errors import InputError, nearest


@dataclass(frozen=True, slots=True, eq=False)
class LabelledSet:
    """Texts with labels, in columns.

    Attributes
    ----------
    labels : LabelSet
        ``y`` counts in it.
    texts : tuple of str
        One a unit.
    y : ndarray of int, shape (n_units,)
        Position of each unit's label.
    groups : ndarray of int, shape (n_units,)
        Units of one group stay on one side of every split.
    anchor : ndarray of bool, shape (n_units,)
        Composed examples: they train, and are never predicted, scored or counted.
    counted : ndarray of bool, shape (n_units,)
        What a score is taken over: no anchors, and of twins the English one.
    unit_ids, documents, languages : tuple of str
        Of each unit.
    digest : str
        SHA-256 over texts, labels and groups.
    """

    labels: LabelSet
    texts: tuple[str, ...]
    y: NDArray[np.integer]
    groups: NDArray[np.integer]
    anchor: NDArray[np.bool_]
    counted: NDArray[np.bool_]
    unit_ids: tuple[str, ...]
    documents: tuple[str, ...]
    languages: tuple[str, ...]
    digest: str


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


class _Row(NamedTuple):
    text: str
    label: str
    group: str
    unit_id: str
    document: str
    language: str
    anchor: bool = False


def _labelled(labels: LabelSet, rows: Sequence[_Row]) -> LabelledSet:
    """Put rows in columns; units of a group, and equal texts, get one group number."""
    keys = [[f"group:{row.group}", f"text:{text_digest(row.text)}"] for row in rows]
    anchor = np.array([row.anchor for row in rows], dtype=bool)
    content = json.dumps([labels.names, [row[:3] for row in rows]], ensure_ascii=False)
    return LabelledSet(
        labels=labels,
        texts=tuple(row.text for row in rows),
        y=np.array([labels.names.index(row.label) for row in rows], dtype=int),
        groups=np.array(components(keys), dtype=int),
        anchor=anchor,
        counted=~anchor,
        unit_ids=tuple(row.unit_id for row in rows),
        documents=tuple(row.document for row in rows),
        languages=tuple(row.language for row in rows),
        digest=hashlib.sha256(content.encode()).hexdigest(),
    )


def from_corpus(
    corpus: Corpus,
    annotations: Iterable[Annotation],
    codebook: Codebook,
    anchors: Iterable[Anchor] = (),
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

    Returns
    -------
    LabelledSet
        Units first, in reading order. Of twins both train, the English one counts.
    """
    gold = {row.unit_id: row.label for row in adjudicate(annotations, variable="frame")}
    units = [u for u in corpus.paragraphs if u.counted and gold.get(u.id)]
    rows = [
        _Row(u.text, gold[u.id], f"document:{u.document_id}", u.id, u.document_id,
             u.language)
        for u in units
    ] + [
        _Row(a.text, a.label, f"register:{a.register}", a.id, f"anchors/{a.register}",
             a.language, anchor=True)
        for a in anchors
    ]  # fmt: skip
    data = _labelled(codebook.labels, rows)
    second = np.array([bool(u.twin) and u.language != "en" for u in units])
    data.counted[: len(units)] &= ~second
    return data


def read_labelled(
    path: str | Path, *, columns: dict[str, str] | None = None, encoding: str = ""
) -> tuple[LabelledSet, dict[str, str]]:
    """Return the labelled rows of a data file, and the digest of the file.

    Parameters
    ----------
    path : str or Path
        A .jsonl, .csv or .tsv file with any labels, any number of them.
    columns : dict, optional
        As for `stance.corpus.records.read_records`. Units of one ``group`` (else of one
        document) stay on one side of every split.
    encoding : str, optional
        Of the file.

    Raises
    ------
    InputError
        With the line, if a row has no label.
    """
    records = tuple(read_records(path, columns=columns, encoding=encoding))
    for record in records:
        check_label(record, path)
    names = tuple(sorted({record.label for record in records}))
    data = _labelled(
        LabelSet(names),
        [
            _Row(r.unit.text, r.label, r.group, r.unit.id, r.unit.document_id,
                 r.unit.language)
            for r in records
        ],
    )  # fmt: skip
    return data, {"data": hashlib.sha256(Path(path).read_bytes()).hexdigest()}
