"""The model folder: data only, its digest checked before anything is used."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from stance.coding.codebook import LabelSet
from stance.corpus.terms import open_terms
from stance.corpus.tokens import tokenizer_name
from stance.errors import ModelError
from stance.model.arrays import check_shapes, read_arrays
from stance.model.blocks import SPECS, BlockSpec
from stance.model.model import Block, Json, Model
from stance.model.terms_file import read_terms_file, write_terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

SCHEMA = 2
HOLDS = "a model folder holds model.json, lexicon.csv, terms.tsv, arrays.npz, ..."
AGAIN = "retrain it, or fetch it again from whoever made it"
DATA_FILES = ("lexicon.csv", "terms.tsv", "arrays.npz")
MAX_BYTES = {
    "model.json": 2**24,
    "lexicon.csv": 2**26,
    "terms.tsv": 2**31,
    "arrays.npz": 2**33,
    "predictions.csv": 2**31,
}
KEYS = {
    "schema", "name", "digest", "labels", "residual", "blocks", "parameters", "inputs",
    "evaluation", "files", "provenance",
}  # fmt: skip


def _arrays(model: Model) -> dict[str, NDArray[np.float64] | NDArray[np.uint64]]:
    idf = np.concatenate([block.idf for block in model.blocks])
    return {
        "idf": idf.astype("<f8"),
        "n_texts": np.concatenate([b.n_texts for b in model.blocks]).astype("<u8"),
        "coef": np.ascontiguousarray(model.coef, "<f8"),
        "intercept": model.intercept.astype("<f8"),
        "calibration": np.ascontiguousarray(model.calibration, "<f8"),
        "seen": model.seen.astype("<u8"),
    }


def _content(model: Model) -> dict[str, Json]:
    """Return what the digest covers of ``model.json``."""
    return {
        "schema": SCHEMA,
        "name": model.name,
        "labels": list(model.labels.names),
        "residual": list(model.labels.residual),
        "blocks": [
            {**asdict(block.spec), "n_terms": len(block.terms)}
            for block in model.blocks
        ],
        "parameters": model.parameters,
        "inputs": model.inputs,
        "evaluation": model.evaluation,
    }


def content_digest(model: Model) -> str:
    """Return the SHA-256 of a model's content: the model's name in a citation.

    Covers labels, blocks, parameters, inputs, the term table, the order of the terms
    and every number; not when, where and with which versions it was trained.
    """
    total = hashlib.sha256()
    canonical = json.dumps(_content(model), sort_keys=True, ensure_ascii=False)
    total.update(canonical.encode())
    total.update(model.terms.sha256)
    for block in model.blocks:
        total.update(json.dumps(block.terms, ensure_ascii=False).encode())
    for name, array in _arrays(model).items():
        total.update(name.encode())
        total.update(array.tobytes())
    return total.hexdigest()


def check_free(folder: str | Path) -> None:
    """Raise `ModelError` where a model cannot be written without loss.

    Examples
    --------
    >>> check_free("no-such-folder")
    """
    from stance.corpus.files import check_place

    folder = Path(folder)
    is_taken = folder.is_file() or (folder.is_dir() and any(folder.iterdir()))
    if is_taken and not (folder / "model.json").is_file():
        raise ModelError(
            f"{folder}: is there and holds no model; it was not overwritten",
            hint="name another folder with --output",
        )
    check_place(folder.resolve(), folder, what="folder")


def save(
    model: Model,
    folder: str | Path,
    *,
    card: str,
    figures: Mapping[str, str] | None = None,
) -> Model:
    """Write a model folder, whole or not at all, and return the model with its digest.

    Parameters
    ----------
    model : Model
        With its inputs, evaluation and provenance.
    folder : str or Path
        Made, or replaced if it holds a model.
    card : str
        The text of ``card.md``.
    figures : mapping of str to str, optional
        File names and SVG of the card's figures.

    Raises
    ------
    ModelError
        If the folder is there, is not empty and holds no model: it is left alone.
    """
    from stance.corpus.files import atomic_folder
    from stance.model.tested import summary, to_csv

    check_free(folder)
    predictions = to_csv(model.tested, model.labels).encode()
    evaluation: dict[str, Json] = {
        **summary(model.tested),
        "predictions": hashlib.sha256(predictions).hexdigest(),
    }
    model = replace(model, evaluation=evaluation)
    model = replace(model, digest=content_digest(model))
    arrays = io.BytesIO()
    np.savez(arrays, **_arrays(model))  # type: ignore[arg-type]
    files = {
        "lexicon.csv": model.terms.source,
        "terms.tsv": write_terms(model).encode(),
        "arrays.npz": arrays.getvalue(),
        "predictions.csv": predictions,
    }
    table = {
        **_content(model),
        "digest": model.digest,
        "files": {n: hashlib.sha256(data).hexdigest() for n, data in files.items()},
        "provenance": model.provenance,
    }
    text = json.dumps(table, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    def fill(new: Path) -> None:
        for name, data in files.items():
            (new / name).write_bytes(data)
        (new / "model.json").write_text(text, encoding="utf-8")
        for name, page in {"card.md": card, **(figures or {})}.items():
            (new / name).write_text(page, encoding="utf-8")

    atomic_folder(folder, fill)
    return model


def load(folder: str | Path) -> Model:
    """Read a model folder; nothing in it can run, and every hash is checked.

    Raises
    ------
    ModelError
        If the folder is missing, no model folder, changed since it was trained, of a
        later version, or for another tokenizer than this one.

    Examples
    --------
    >>> load("no-such-folder")
    Traceback (most recent call last):
    ...
    stance.errors.ModelError: no-such-folder: no such model folder
      train one with: stance train --output no-such-folder
    """
    folder = Path(folder)
    if folder.is_file():
        raise ModelError(
            f"{folder}: is a file; a model folder was expected", hint=HOLDS
        )
    if not folder.is_dir():
        raise ModelError(
            f"{folder}: no such model folder",
            hint=f"train one with: stance train --output {folder}",
        )
    if not (folder / "model.json").is_file():
        raise ModelError(
            f"{folder}: is not a model folder: it has no model.json",
            hint=HOLDS,
        )
    try:
        return _load(folder)
    except ModelError:
        raise
    except Exception as error:
        # A damaged file can fail in any way that json, csv, zip and numpy know.
        raise ModelError(
            f"{folder}: is damaged, or not a model of this program: {error}",
            hint=AGAIN,
        ) from None


def _read_file(folder: Path, name: str) -> bytes:
    path = folder / name
    if not path.is_file():
        raise ModelError(
            f"{folder}: {name} is missing; it was not loaded",
            hint=AGAIN,
        )
    if path.stat().st_size > MAX_BYTES[name]:
        raise ModelError(
            f"{folder}: {name} is larger than any model's; it was not loaded"
        )
    return path.read_bytes()


def load_tested(folder: str | Path) -> Model:
    """Read a model folder with its predictions out of fold, in ``tested``.

    Raises
    ------
    ModelError
        As `load`; also where the predictions were changed, or there are none.
    """
    import csv

    from stance.model.tested import from_csv

    model = load(folder)
    folder = Path(folder)
    data = _read_file(folder, "predictions.csv")
    if hashlib.sha256(data).hexdigest() != model.evaluation.get("predictions"):
        raise ModelError(
            f"{folder}: predictions.csv does not match the sha256 in model.json",
            hint=f"the folder was changed after training; {AGAIN}",
        )
    try:
        tested = from_csv(data.decode(), model.labels)
    except (ValueError, IndexError, OverflowError, csv.Error) as error:
        raise ModelError(f"{folder}: {error}", hint=AGAIN) from None
    if tested is None:
        raise ModelError(
            f"{folder}: the model was not tested on documents it had not seen",
            hint="train it with stance train, which does",
        )
    return replace(model, tested=tested)


def _load(folder: Path) -> Model:
    table = json.loads(_read_file(folder, "model.json"))
    if (
        not isinstance(table, dict)
        or table.get("schema") != SCHEMA
        or set(table) != KEYS
    ):
        version = table.get("schema") if isinstance(table, dict) else None
        raise ModelError(
            f"{folder}: model.json is not of schema {SCHEMA} (found {version!r})",
            hint="it was made by another version of stance, or by another program",
        )
    files = {name: _read_file(folder, name) for name in DATA_FILES}
    for name, data in files.items():
        if hashlib.sha256(data).hexdigest() != table["files"].get(name):
            raise ModelError(
                f"{folder}: {name} does not match the sha256 in model.json; it was not "
                "loaded",
                hint=f"the folder was changed after training; {AGAIN}",
            )
    for key in ("parameters", "inputs", "evaluation", "provenance"):
        if not isinstance(table[key], dict):
            raise ValueError(f"{key!r} is not a JSON object")
    labels = LabelSet(tuple(table["labels"]), tuple(table["residual"]))
    specs = []
    for entry in table["blocks"]:
        spec = BlockSpec(**{k: v for k, v in entry.items() if k != "n_terms"})
        if spec.name not in SPECS or spec.norm not in ("l1", "l2"):
            raise ValueError(f"block {spec.name!r} is unknown")
        specs.append(spec)
    terms = read_terms_file(files["terms.tsv"].decode(), labels.names, specs)
    arrays = read_arrays(files["arrays.npz"])
    check_shapes(arrays, sum(map(len, terms)), len(labels.names))
    edges = np.cumsum([0, *map(len, terms)])
    source = files["lexicon.csv"]
    lexicon = open_terms(source, folder / "lexicon.csv")
    model = Model(
        name=table["name"],
        labels=labels,
        blocks=tuple(
            Block(
                spec,
                tuple(names),
                arrays["idf"][start:end],
                arrays["n_texts"][start:end].astype(np.uint64),
            )
            for spec, names, start, end in zip(
                specs, terms, edges, edges[1:], strict=False
            )
        ),
        coef=arrays["coef"],
        intercept=arrays["intercept"],
        calibration=arrays["calibration"],
        seen=arrays["seen"].astype(np.uint64),
        terms=lexicon,
        parameters=table["parameters"],
        inputs=table["inputs"],
        evaluation=table["evaluation"],
        digest=table["digest"],
        provenance=table["provenance"],
    )
    if content_digest(model) != model.digest:
        raise ModelError(
            f"{folder}: the content does not match the digest in model.json; it was "
            "not loaded",
            hint=f"the folder was changed after training; {AGAIN}",
        )
    if model.inputs.get("tokenizer") != tokenizer_name(lexicon):
        raise ModelError(
            f"{folder}: was trained with tokenizer {model.inputs.get('tokenizer')!r}",
            hint=f"this version has {tokenizer_name(lexicon)!r}; retrain the model",
        )
    return model
