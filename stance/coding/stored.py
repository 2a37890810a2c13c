"""Predictions that are stored: what was classified once is measured many times.

A million units are read as columns, with Arrow (extra ``parquet``), not as objects.
"""

from __future__ import annotations

import warnings
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from stance.coding.annotation import DESIGNS
from stance.coding.codebook import LabelSet
from stance.coding.coded import Coded, Places, positions
from stance.coding.column import Column, Texts, Ties, named
from stance.coding.predictions import Gold, Predictions
from stance.coding.stored_tables import (
    STANDS,
    Corpus,
    read_corpus,
    read_predicted,
)
from stance.coding.tables import load_arrow, texts_of
from stance.errors import InputError, StanceWarning

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Rows = NDArray[np.integer]

#: The label of a unit without a frame: no table says which one that is.
NONE = "none"


@dataclass(frozen=True, slots=True)
class Stored:
    """Where predictions are, and what says where their units stand.

    Attributes
    ----------
    predictions : sequence of str or Path
        What ``stance classify`` wrote: .parquet, .csv, .tsv or .jsonl files, or folders
        of them.
    corpus : sequence of str or Path, optional
        Tables with the same units by id: their document, date, source, language and,
        if it is there, text. Without them the predictions hold these columns.
    columns : mapping, optional
        From a role (``id``, ``text``, ``date``, ...) to the name of its column in the
        corpus, or without one in the predictions, where that is not the usual one.
    longest : int, optional
        Units of more characters are left out, where texts are there; 0 keeps all.
    """

    predictions: Sequence[str | Path]
    corpus: Sequence[str | Path] = ()
    columns: Mapping[str, str] | None = None
    longest: int = 0


def read_stored(stored: Stored, coded: Iterable[Coded]) -> tuple[Gold, Predictions]:
    """Return stored predictions and coded labels, in columns.

    Parameters
    ----------
    stored : Stored
        The tables. The predictions have the columns ``unit_id``, ``seen`` and
        ``p_<label>``; headings and the like, by ``kind``, are no units.
    coded : iterable of Coded
        As `stance.coding.units.read_coded` gives them. They are found by id; where the
        corpus has texts, that is checked, and a row without its id is found by text.

    Returns
    -------
    gold, predictions
        Units of one document, or one text, are tied; near duplicates are not looked
        for. Units without probabilities, as the model knows no term of theirs, have
        the mean of the others.

    Raises
    ------
    InputError
        If a column is missing; a cell is empty, no probability, or another label; an
        id stands twice; predictions are of two models, or not of the corpus's units.
    CodingError
        If a coded label is none of the model's, two fall on one unit, or none is there.

    Warns
    -----
    StanceWarning
        Of units that are left out, or have no probabilities.

    Examples
    --------
    >>> read_stored(Stored(["no-such.parquet"]), [])
    Traceback (most recent call last):
    ...
    stance.errors.InputError: no-such.parquet: no such file
    """
    given = {r: n for r, n in (stored.columns or {}).items() if r != "label"}
    said = read_predicted(stored.predictions, {} if stored.corpus else given)
    rows: Rows = np.flatnonzero(said.is_unit)
    stands, digests = {r: c.take(rows) for r, c in said.stands.items()}, None
    if stored.corpus:
        corpus = read_corpus(stored.corpus, given)
        at = _found_in(corpus, said.ids, rows)
        kept = _short(corpus, at, stored.longest)
        rows, at = rows[kept], at[kept]
        stands = {r: c.take(kept) for r, c in stands.items()}
        stands |= {r: c.take(at) for r, c in corpus.stands.items()}
        digests = None if corpus.digests is None else corpus.digests[at]
    labels = LabelSet(said.labels, tuple(n for n in said.labels if n == NONE))
    ids = said.ids if len(rows) == len(said.ids) else said.ids.take(rows)
    found = _positions(ids, digests, coded, labels)
    gold = _gold(ids, _tied(ids, stands, digests), found, labels)
    no = np.zeros(len(rows), dtype=bool)
    return gold, Predictions(
        gold.unit_ids, labels, _filled(said.proba[rows]), no, no.astype(int) - 1,
        said.seen[rows],
    )  # fmt: skip


def _found_in(corpus: Corpus, ids: Any, rows: Rows) -> Rows:
    """Return the place in the corpus of each predicted unit; raise where one lacks."""
    compute = load_arrow().compute
    place = compute.fill_null(compute.index_in(ids, corpus.ids), -1)
    at = np.asarray(place.to_numpy(), dtype=int)
    lost = rows[at[rows] < 0]
    if len(lost):
        raise InputError(
            f"unit {ids[int(lost[0])].as_py()!r} and {len(lost) - 1} more are "
            "predicted and not in the corpus",
            hint="give the corpus that was classified; ids are compared, see --id",
        )
    is_said = np.zeros(len(corpus.ids), dtype=bool)
    is_said[at[at >= 0]] = True
    if not is_said.all():
        left = corpus.ids[int(is_said.argmin())].as_py()
        raise InputError(
            f"{int((~is_said).sum())} units of the corpus are not predicted, such as "
            f"{left!r}",
            hint="shares are over every unit: classify the whole corpus",
        )
    return at[rows]


def _short(corpus: Corpus, at: Rows, longest: int) -> Rows:
    """Return which units are no whole documents, and warn of the others."""
    if not longest or corpus.n_chars is None:
        return np.arange(len(at))
    kept = np.flatnonzero(corpus.n_chars[at] <= longest)
    if len(kept) < len(at):
        warnings.warn(
            f"{len(at) - len(kept)} of {len(at)} units have more than {longest:,} "
            "characters and are left out: whole documents are no paragraphs "
            "(--longest 0 keeps them)",
            StanceWarning,
            stacklevel=3,
        )
    return kept


def _positions(
    ids: Any, digests: NDArray[np.uint64] | None, coded: Iterable[Coded],
    labels: LabelSet,
) -> dict[int, Coded]:  # fmt: skip
    """Return the label of each coded unit by its position."""
    arrow = load_arrow()
    coded = [replace(one, digest=one.digest[:16]) for one in coded]
    wanted = arrow.array([one.unit_id for one in coded], "large_string")
    place = arrow.compute.index_in(wanted, ids).to_pylist()
    by_id = {
        one.unit_id: [at]
        for one, at in zip(coded, place, strict=True)
        if at is not None
    }
    by_text: dict[str, list[int]] = {}
    known: dict[int, str] = {}
    if digests is not None:
        sought = [int(one.digest, 16) for one in coded if one.digest]
        same = np.isin(digests, np.array(sought, dtype=np.uint64))
        for at in np.flatnonzero(same).tolist():
            by_text.setdefault(f"{digests[at]:016x}", []).append(at)
        rows = {at for own in by_id.values() for at in own}
        known = {at: f"{digests[at]:016x}" for at in rows}
    places = Places(_identity(ids), by_id, by_text, known)
    return positions(places, coded, labels)


def _identity(ids: Any) -> Column:
    """Return ids, of which no two are the same, as a column."""
    return Column(np.arange(len(ids)), texts_of(ids))


class _Standing(NamedTuple):
    """Where units stand, and what ties them."""

    stands: dict[str, Column]
    keys: Ties
    counted: NDArray[np.bool_]


def _tied(
    ids: Any, stands: dict[str, Column], digests: NDArray[np.uint64] | None
) -> _Standing:
    """Return what ties units: as `stance.coding.labelled.in_columns`, by columns."""
    none = Column(np.zeros(len(ids), dtype=np.int8), ("",))
    has = {role: stands.get(role, none) for role in STANDS}
    document, group, twin = has["document"], has["group"], has["twin"]
    document = _filled_up(_filled_up(document, group), _identity(ids))
    twin = _lesser(ids, twin)
    keys = {"document": document}
    if group.known.any():
        keys = {"document": _only(document, ~group.known), "group": group}
    if digests is not None:
        keys["text"] = _hexadecimal(digests)
    if twin.known.any():
        keys["twin"] = twin
    is_english = np.array([name == "en" for name in has["language"].names])
    counted = ~twin.known | is_english[has["language"].codes]
    return _Standing({**has, "document": document}, Ties(keys), counted)


def _filled_up(column: Column, other: Column) -> Column:
    """Return a column with the texts of another where it has none."""
    rows = np.flatnonzero(~column.known)
    if not len(rows) or not other.known.any():
        return column
    texts = [*column.names, *(other[row] for row in rows)]
    codes = column.codes.astype(np.int64)
    codes[rows] = len(column.names) + np.arange(len(rows))
    return named(codes, texts)


def _only(column: Column, here: NDArray[np.bool_]) -> Column:
    """Return a column that is empty elsewhere."""
    return named(np.where(here, column.codes, len(column.names)), [*column.names, ""])


def _lesser(ids: Any, twin: Column) -> Column:
    """Return what twins share, the lesser id; empty where the other is not there."""
    rows = np.flatnonzero(twin.known)
    if not len(rows):
        return twin
    wanted = load_arrow().array([twin[row] for row in rows], "large_string")
    is_in = load_arrow().compute.is_in(wanted, ids).to_pylist()
    pairs = [
        min(ids[int(row)].as_py(), twin[row]) if found else ""
        for row, found in zip(rows, is_in, strict=True)
    ]
    codes = np.zeros(len(twin), dtype=int)
    codes[rows] = 1 + np.arange(len(rows))
    return named(codes, ["", *pairs])


def _gold(
    ids: Any, standing: _Standing, found: Mapping[int, Coded], labels: LabelSet
) -> Gold:
    """Return the units with the labels that some of them have."""
    n, rows = len(ids), np.array(sorted(found), dtype=int)
    y, design = np.full(n, -1), np.zeros(n, dtype=np.int8)
    names, probability = ("", *DESIGNS), np.zeros(n)
    y[rows] = [labels.names.index(found[row].label) for row in rows]
    design[rows] = [names.index(found[row].design) for row in rows]
    probability[rows] = [found[row].probability for row in rows]
    stands = standing.stands
    return Gold(
        labels, _identity(ids), stands["document"], stands["language"], stands["date"],
        stands["source"], y, standing.counted, standing.keys, Column(design, names),
        array("d", probability.tobytes()),
    )  # fmt: skip


def _hexadecimal(digests: NDArray[np.uint64]) -> Column:
    """Return numbers as a column of 16 hexadecimal digits each."""
    found, codes = np.unique(digests, return_inverse=True)
    text = found.astype(">u8").tobytes().hex().encode()
    starts = 16 * np.arange(len(found) + 1)
    return Column(codes, Texts(np.frombuffer(text, dtype=np.uint8), starts))


def _filled(proba: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return probabilities, of units that have none the mean of the others."""
    unknown = np.isnan(proba[:, 0])
    if unknown.all():
        raise InputError("no unit has probabilities")
    if unknown.any():
        warnings.warn(
            f"{int(unknown.sum())} units have no probabilities, since the model knows "
            "no term of theirs; they count with the mean of the others",
            StanceWarning,
            stacklevel=3,
        )
        proba[unknown] = proba[~unknown].mean(axis=0)
    return proba
