"""Damaged and foreign model folders end in `ModelError`, never in a wrong model."""

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stance.errors import ModelError
from stance.model import store
from stance.model.model import Model
from stance.model.score import probabilities
from stance.model.store import load, save

DATA = ["lexicon.csv", "terms.tsv", "arrays.npz"]
DAMAGED = "is damaged, or not a model of this program: "
RETRAIN = "\n  retrain it, or fetch it again from whoever made it"
CHANGED = (
    "\n  the folder was changed after training; retrain it, or fetch it again from "
    "whoever made it"
)
Arrays = dict[str, np.ndarray]


@pytest.fixture
def folder(tmp_path: Path, small_model: Model) -> Path:
    """Return a sound model folder that a test may damage."""
    save(small_model, tmp_path / "模型", card="# 模型\n")
    return tmp_path / "模型"


def reseal(folder: Path) -> None:
    """Make the hashes of the files in model.json fit again."""
    found = {n: hashlib.sha256((folder / n).read_bytes()).hexdigest() for n in DATA}
    edit(folder, files=found)


def edit(folder: Path, **changes: object) -> None:
    """Change entries of model.json."""
    path = folder / "model.json"
    table = json.loads(path.read_bytes())
    path.write_text(json.dumps({**table, **changes}), encoding="utf-8")


def rewrite(
    folder: Path, change: Callable[[Arrays], Arrays], *, compressed: bool = False
) -> None:
    """Change the arrays, and make the hashes fit again."""
    with np.load(folder / "arrays.npz") as archive:
        arrays = change(dict(archive))
    out = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(out, **arrays)
    (folder / "arrays.npz").write_bytes(out.getvalue())
    reseal(folder)


def refusal(folder: Path) -> str:
    """Return the message of the error, without the folder's name."""
    with pytest.raises(ModelError) as caught:
        load(folder)
    return str(caught.value).replace(f"{folder}: ", "")


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    missing = tmp_path / "nowhere"

    message = refusal(missing)

    assert message == (
        f"no such model folder\n  train one with: stance train --output {missing}"
    )


def test_a_file_is_refused(folder: Path) -> None:
    message = refusal(folder / "model.json")

    assert message == (
        "is a file; a model folder was expected\n"
        "  a model folder holds model.json, lexicon.csv, terms.tsv, arrays.npz, ..."
    )


def test_a_folder_without_model_json_is_refused(folder: Path) -> None:
    (folder / "model.json").unlink()

    message = refusal(folder)

    assert message == (
        "is not a model folder: it has no model.json\n"
        "  a model folder holds model.json, lexicon.csv, terms.tsv, arrays.npz, ..."
    )


@pytest.mark.parametrize("version", [0, 1, 3, "2", None])
def test_another_schema_is_refused(folder: Path, version: object) -> None:
    edit(folder, schema=version)

    message = refusal(folder)

    assert message == (
        f"model.json is not of schema 2 (found {version!r})\n"
        "  it was made by another version of stance, or by another program"
    )


def test_another_programs_model_json_is_refused(folder: Path) -> None:
    (folder / "model.json").write_text('["合作"]', encoding="utf-8")

    message = refusal(folder)

    assert message == (
        "model.json is not of schema 2 (found None)\n"
        "  it was made by another version of stance, or by another program"
    )


@pytest.mark.parametrize("name", DATA)
def test_a_changed_file_is_refused(folder: Path, name: str) -> None:
    raw = (folder / name).read_bytes()
    (folder / name).write_bytes(raw[:-9] + bytes([raw[-9] ^ 1]) + raw[-8:])

    message = refusal(folder)

    assert message == (
        f"{name} does not match the sha256 in model.json; it was not loaded{CHANGED}"
    )


@pytest.mark.parametrize("name", DATA)
def test_a_missing_file_is_refused(folder: Path, name: str) -> None:
    (folder / name).unlink()

    message = refusal(folder)

    assert message == f"{name} is missing; it was not loaded{RETRAIN}"


@pytest.mark.parametrize("name", ["model.json", *DATA])
def test_a_file_that_is_too_large_is_refused(
    folder: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(store.MAX_BYTES, name, 10)

    message = refusal(folder)

    assert message == f"{name} is larger than any model's; it was not loaded"


def test_other_numbers_under_the_old_digest_are_refused(folder: Path) -> None:
    rewrite(folder, lambda arrays: {**arrays, "coef": arrays["coef"] + 1e-6})

    message = refusal(folder)

    assert message == (
        "the content does not match the digest in model.json; it was not loaded"
        f"{CHANGED}"
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda a: {**a, "more": np.zeros(1)}, "its members are not those of a model"),
        (lambda a: {"idf": a["idf"]}, "its members are not those of a model"),
        (
            lambda a: {**a, "idf": np.array([print], dtype=object)},
            "idf has type |O",
        ),
        (lambda a: {**a, "coef": a["coef"].astype("<f4")}, "coef has type <f4"),
        (lambda a: {**a, "coef": a["coef"].astype(">f8")}, "coef has type >f8"),
        (
            lambda a: {**a, "coef": a["coef"][:2]},
            "coef has shape (2, {n}), or is not finite",
        ),
        (
            lambda a: {**a, "idf": a["idf"][None]},
            "idf has shape (1, {n}), or is not finite",
        ),
        (
            lambda a: {**a, "calibration": a["calibration"].T.copy()},
            "calibration has shape (2, 3), or is not finite",
        ),
        (
            lambda a: {**a, "intercept": a["intercept"] * np.nan},
            "intercept has shape (3,), or is not finite",
        ),
        (
            lambda a: {**a, "calibration": a["calibration"] * np.inf},
            "calibration has shape (3, 2), or is not finite",
        ),
        (
            lambda a: {**a, "calibration": np.ones((1, 2))},
            "calibration has shape (1, 2), or is not finite",
        ),
    ],
)
def test_arrays_that_are_no_models_are_refused(
    folder: Path,
    small_model: Model,
    change: Callable[[Arrays], Arrays],
    reason: str,
) -> None:
    rewrite(folder, change)

    message = refusal(folder)

    n_terms = small_model.coef.shape[1]
    assert message == DAMAGED + reason.replace("{n}", str(n_terms)) + RETRAIN


def test_training_texts_in_another_shape_are_refused(folder: Path) -> None:
    rewrite(folder, lambda arrays: {**arrays, "seen": arrays["seen"][:, None]})

    message = refusal(folder)

    assert message.startswith(f"{DAMAGED}seen has shape (36, 1)")


def test_compressed_arrays_are_refused(folder: Path) -> None:
    rewrite(folder, lambda arrays: arrays, compressed=True)

    message = refusal(folder)

    assert message == f"{DAMAGED}idf.npy is compressed{RETRAIN}"


def test_an_archive_that_is_none_is_refused(folder: Path) -> None:
    (folder / "arrays.npz").write_bytes(b"PK\x03\x04" + bytes(99))
    reseal(folder)

    message = refusal(folder)

    assert message == f"{DAMAGED}File is not a zip file{RETRAIN}"


@pytest.mark.parametrize(
    "changes",
    [
        {"labels": ["a", "a", "b"]},
        {"labels": 3},
        {"residual": ["合作"]},
        {"blocks": [{"name": "words"}]},
        {"blocks": "words"},
        {"files": []},
    ],
)
def test_a_model_json_that_makes_no_sense_is_refused(
    folder: Path, changes: dict[str, object]
) -> None:
    edit(folder, **changes)

    message = refusal(folder)

    assert message.startswith((DAMAGED, "lexicon.csv does not match"))


@pytest.mark.parametrize(
    ("name", "found", "instead"),
    [
        ("terms.tsv", b"block\tterm", b"block\tword"),
        ("terms.tsv", b"\nwords\t", b"\nworlds\t"),
        ("lexicon.csv", b"concept,en", b"concept,fr"),
        ("lexicon.csv", b",cue,", b",clue,"),
        ("lexicon.csv", "贸易战".encode(), b"\xff\xfe"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused(
    folder: Path, name: str, found: bytes, instead: bytes
) -> None:
    raw = (folder / name).read_bytes()
    (folder / name).write_bytes(raw.replace(found, instead, 1))
    reseal(folder)

    message = refusal(folder)

    assert message.startswith(DAMAGED)


@pytest.mark.parametrize("text", ["", "{", "合作", "[" * 10**5, "\x00", "1" * 5000])
def test_a_model_json_that_is_not_json_is_refused(folder: Path, text: str) -> None:
    (folder / "model.json").write_text(text, encoding="utf-8")

    message = refusal(folder)

    assert message.startswith(DAMAGED)


def test_a_model_of_another_tokenizer_is_refused(
    tmp_path: Path, small_model: Model
) -> None:
    other = replace(small_model, inputs={"tokenizer": "stance-0+jieba-0.39"})
    save(other, tmp_path / "m", card="")

    message = refusal(tmp_path / "m")

    assert message == (
        "was trained with tokenizer 'stance-0+jieba-0.39'\n"
        f"  this version has {small_model.inputs['tokenizer']!r}; retrain the model"
    )


def test_other_weights_in_terms_tsv_change_no_prediction(
    folder: Path, small_model: Model
) -> None:
    """The arrays rule the numbers; the table is there to be read."""
    raw = (folder / "terms.tsv").read_text(encoding="utf-8")
    (folder / "terms.tsv").write_text(raw.replace("\t0.", "\t9."), encoding="utf-8")
    reseal(folder)

    loaded = load(folder)

    texts = ["the tariff", "关税"]
    assert np.array_equal(
        probabilities(loaded, texts), probabilities(small_model, texts)
    )
