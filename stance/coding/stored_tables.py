"""The tables of stored predictions, and of their corpus: read, checked, by role."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from stance.coding.column import Column
from stance.coding.tables import (
    column_from,
    columns_in,
    footer_of,
    load_arrow,
    parts_of,
    tables_in,
)
from stance.corpus.document import CONTENT_KINDS, text_digest
from stance.corpus.records import COLUMN_NAMES
from stance.errors import InputError, nearest

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Paths = Sequence[str | Path]
    Floats = NDArray[np.float64]

#: Roles of columns that say where a unit stands.
STANDS = ("document", "group", "date", "source", "language", "twin")
USUAL = {
    **COLUMN_NAMES, "id": ("unit_id", "id"), "seen": ("seen",), "kind": ("kind",),
    "twin": ("twin",), "document": ("document_id", *COLUMN_NAMES["document"]),
}  # fmt: skip
LACKING = {
    "id": "name it with --id",
    "seen": "stance classify writes it: whether the model was trained on the text; of "
    "other predictions write false where it was not",
}
#: How far from 1 probabilities may sum: they are stored with few decimals.
SLACK = 0.02


class Predicted(NamedTuple):
    """Rows of predictions; ``ids`` is an Arrow array of texts."""

    ids: Any
    stands: dict[str, Column]  # by role, as far as there are columns
    labels: tuple[str, ...]
    is_unit: NDArray[np.bool_]
    proba: Floats  # nan where the model said nothing
    seen: NDArray[np.bool_]


class Corpus(NamedTuple):
    """Rows of a corpus; of their texts, where there are any, length and digest."""

    ids: Any
    stands: dict[str, Column]
    n_chars: NDArray[np.integer] | None
    digests: NDArray[np.uint64] | None


def _empty(texts: Any) -> NDArray[np.bool_]:
    """Return where an Arrow array of texts is empty."""
    found = load_arrow().compute.equal(texts, "")
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)


def read_predicted(paths: Paths, named: Mapping[str, str]) -> Predicted:
    """Return predictions, every row; raise `InputError` for what is none.

    Parameters
    ----------
    paths : sequence of str or Path
        Files and folders.
    named : mapping
        From a role to the name of its column, where that is not the usual one.

    Examples
    --------
    >>> read_predicted(["no-such.csv"], {})
    Traceback (most recent call last):
    ...
    stance.errors.InputError: no-such.csv: no such file
    """
    files = [file for path in paths for file in tables_in(path)]
    _check_model(files)
    labels: tuple[str, ...] = ()
    parts: list[dict[str, Any]] = []
    beside: list[tuple[NDArray[Any], ...]] = []
    for file in files:
        found = _columns(file, ("id", "seen", "kind", "label", *STANDS), named)
        own = tuple(n[2:] for n in columns_in(file) if n.startswith("p_"))
        if not own or (labels and own != labels):
            raise InputError(
                f"has probabilities of {', '.join(own) or 'no label'}, where "
                f"{', '.join(labels) or 'columns p_<label>'} were expected",
                path=file,
                hint="give what one model said, as stance classify writes it",
            )
        labels = own
        seen = found.pop("seen")
        types = dict.fromkeys(found.values(), "large_string")
        types |= {seen: "bool", **{f"p_{name}": "float64" for name in own}}
        for part in parts_of(file, types):
            columns = {role: _texts(part[name]) for role, name in found.items()}
            shares = [part[f"p_{name}"].to_numpy() for name in own]
            checked = _checked(columns, np.column_stack(shares), labels, file)
            beside.append((*checked, _truth(part[seen], columns["id"], file)))
            parts.append(_kept(columns, parts, file))
    ids, stands = _joined(parts, paths)
    is_unit, proba, was_seen = map(np.concatenate, zip(*beside, strict=True))
    return Predicted(ids, stands, labels, is_unit, proba, was_seen)


def read_corpus(paths: Paths, named: Mapping[str, str]) -> Corpus:
    """Return where the units of a corpus stand, and what its texts are known by.

    Examples
    --------
    >>> read_corpus(["no-such.csv"], {})
    Traceback (most recent call last):
    ...
    stance.errors.InputError: no-such.csv: no such file
    """
    parts: list[dict[str, Any]] = []
    n_chars: list[NDArray[np.integer]] = []
    digests: list[NDArray[np.uint64]] = []
    has_text = []
    for file in [file for path in paths for file in tables_in(path)]:
        found = _columns(file, ("id", "text", *STANDS), named)
        text = found.pop("text", "")
        has_text.append(bool(text))
        types = {name: "large_string" for name in (*found.values(), text) if name}
        for part in parts_of(file, types):
            columns = {role: _texts(part[name]) for role, name in found.items()}
            parts.append(_kept(columns, parts, file))
            if text:
                texts = _texts(part[text])
                n_chars.append(load_arrow().compute.utf8_length(texts).to_numpy())
                digests.append(_digests(texts))
    ids, stands = _joined(parts, paths)
    if not all(has_text):
        return Corpus(ids, stands, None, None)
    return Corpus(ids, stands, np.concatenate(n_chars), np.concatenate(digests))


def _columns(
    path: Path, roles: Iterable[str], named: Mapping[str, str]
) -> dict[str, str]:
    """Return which column of a file has which role."""
    names, found = columns_in(path), {}
    for role in roles:
        name = named.get(role, "")
        if name and name not in names:
            raise InputError(
                f"no column {name!r}", path=path, hint=nearest(name, names)
            )
        name = name or next((usual for usual in USUAL[role] if usual in names), "")
        if name:
            found[role] = name
        elif role in LACKING:
            raise InputError(
                f"no column {USUAL[role][0]!r}", path=path, hint=LACKING[role]
            )
    return found


def _check_model(files: Sequence[Path]) -> None:
    """Raise where the footers of two files name different models."""
    first: tuple[Path, str] | None = None
    for file in files:
        said = footer_of(file, "stance")
        model = str(json.loads(said).get("model", "")) if said else ""
        if model and first and model != first[1]:
            raise InputError(
                f"is by model {model[:12]}, and {first[0]} by {first[1][:12]}",
                path=file, hint="predictions are of one model: classify one part anew",
            )  # fmt: skip
        first = first or ((file, model) if model else None)


def _texts(column: Any) -> Any:
    """Return a column of a part as texts; what is missing is empty."""
    compute = load_arrow().compute
    return compute.fill_null(column.combine_chunks().cast("large_string"), "")


def _kept(
    columns: Mapping[str, Any], before: Sequence[Mapping[str, Any]], path: Path
) -> dict[str, Any]:
    """Return what is kept of a part; raise where a row has no id."""
    missing = np.flatnonzero(_empty(columns["id"]))
    if len(missing):
        row = sum(len(part["id"]) for part in before) + int(missing[0]) + 1
        raise InputError(
            f"row {row} has no id", path=path,
            hint="mend the table, or name another column with --id",
        )  # fmt: skip
    stands = {r: t.dictionary_encode() for r, t in columns.items() if r in STANDS}
    return {"id": columns["id"], **stands}


def _truth(column: Any, ids: Any, path: Path) -> NDArray[np.bool_]:
    """Return a column of true and false; raise where a cell is empty."""
    values = column.combine_chunks()
    if values.null_count:
        row = int(values.is_null().to_numpy(zero_copy_only=False).argmax())
        raise InputError(
            f"unit {ids[row].as_py()!r} has no value for 'seen'", path=path,
            hint=LACKING["seen"],
        )  # fmt: skip
    return np.asarray(values.to_numpy(zero_copy_only=False), dtype=bool)


def _checked(
    columns: Mapping[str, Any], proba: Floats, labels: tuple[str, ...], path: Path
) -> tuple[NDArray[np.bool_], Floats]:
    """Return which rows are units, and probabilities; raise where these are none.

    A heading has none, nor has a unit without a label of which the model knows no term.
    """
    n = len(proba)
    kinds = load_arrow().array(["", *CONTENT_KINDS], "large_string")
    is_unit = np.ones(n, dtype=bool)
    if "kind" in columns:
        is_in = load_arrow().compute.is_in(columns["kind"], kinds)
        is_unit = is_in.to_numpy(zero_copy_only=False)
    unlabelled = np.ones(n, dtype=bool)
    if "label" in columns:
        unlabelled = _empty(columns["label"])
        _check_labels(columns, labels, path)
    missing = np.isnan(proba)
    silent = missing.all(axis=1) & unlabelled
    for what, wrong in (
        ("has no probability {}", missing & ~silent[:, None]),
        ("has the probability {} {}", ~((proba >= 0) & (proba <= 1)) & ~missing),
        ("has probabilities that sum to {}", abs(_total(proba) - 1) > SLACK),
    ):
        bad = np.argwhere(wrong & is_unit[:, None])
        if len(bad):
            row, k = bad[0]
            value = proba[row].sum() if "sum" in what else f"p_{labels[k]}"
            said = what.format(value, proba[row, k])
            raise InputError(
                f"unit {columns['id'][int(row)].as_py()!r} {said}", path=path,
                hint="probabilities lie between 0 and 1 and sum to 1",
            )  # fmt: skip
    return is_unit, proba


def _total(proba: Floats) -> Floats:
    """Return the sums of rows, 1 where there is nothing to sum, shape (n, 1)."""
    total: Floats = proba.sum(axis=1, keepdims=True)
    return np.where(np.isnan(total), 1, total)


def _check_labels(
    columns: Mapping[str, Any], labels: tuple[str, ...], path: Path
) -> None:
    """Raise where a unit has a label without probabilities."""
    arrow = load_arrow()
    known = arrow.array(["", *labels], "large_string")
    strange = arrow.compute.invert(arrow.compute.is_in(columns["label"], known))
    if arrow.compute.any(strange).as_py():
        row = arrow.compute.index(strange, True).as_py()
        label = columns["label"][row].as_py()
        raise InputError(
            f"unit {columns['id'][row].as_py()!r} has the label {label!r}, of which "
            "there is no probability",
            path=path, hint=nearest(label, labels, kind="labels"),
        )  # fmt: skip


def _joined(
    parts: Sequence[Mapping[str, Any]], paths: Paths
) -> tuple[Any, dict[str, Column]]:
    """Return the ids of all parts, which must differ, and the other columns."""
    arrow = load_arrow()
    if not sum(len(part["id"]) for part in parts):
        raise InputError("holds no rows", path=paths[0])
    ids = arrow.concat_arrays([part["id"] for part in parts])
    if len(ids.unique()) < len(ids):
        found = arrow.compute.value_counts(ids)
        again = arrow.compute.greater(found.field("counts"), 1)
        twice = found.field("values").filter(again)[0].as_py()
        raise InputError(
            f"id {twice!r} stands in two rows", path=paths[0],
            hint="ids must be unique over all files",
        )  # fmt: skip
    stands: dict[str, Column] = {}
    for role in STANDS:
        if any(role in part for part in parts):
            each = [part.get(role) or _none(len(part["id"])) for part in parts]
            whole = arrow.chunked_array(each).unify_dictionaries().combine_chunks()
            stands[role] = column_from(whole)
    return ids, stands


def _none(n: int) -> Any:
    """Return a column of empty texts, for a file that does not have it."""
    texts = load_arrow().repeat("", n).cast("large_string")
    return texts.dictionary_encode()


def _digests(texts: Any) -> NDArray[np.uint64]:
    """Return the first 64 bits of each text's digest."""
    found = (int(text_digest(text)[:16], 16) for text in texts.to_pylist())
    return np.fromiter(found, dtype=np.uint64, count=len(texts))
