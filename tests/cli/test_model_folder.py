"""A model folder that cannot be trusted is refused before anything is labelled."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]
Write = Callable[[str, str | bytes], Path]

CLASSIFY = ["classify", "a.txt", "--model", "m", "-o", "out.csv"]
AGAIN = "  retrain it, or fetch it again from whoever made it\n"
CHANGED = (
    "  the folder was changed after training; retrain it, or fetch it again from "
    "whoever made it\n"
)


@pytest.fixture(autouse=True)
def _text(write: Write) -> None:
    write("a.txt", "Both sides agreed to expand trade.\n\n双方同意扩大科技合作。\n")


@pytest.mark.parametrize("name", ["arrays.npz", "terms.tsv", "lexicon.csv"])
def test_a_changed_byte_is_refused(run: Run, small_model: Path, name: str) -> None:
    raw = bytearray((small_model / name).read_bytes())
    raw[len(raw) // 2] ^= 1
    (small_model / name).write_bytes(raw)

    code, out, err = run(*CLASSIFY)

    assert (code, out, err) == (
        2,
        "",
        f"stance: m: {name} does not match the sha256 in model.json; it was not "
        f"loaded\n{CHANGED}",
    )
    assert sorted(os.listdir()) == ["a.txt", "m"]


@pytest.mark.parametrize("name", ["arrays.npz", "terms.tsv", "lexicon.csv"])
def test_a_missing_file_is_refused(run: Run, small_model: Path, name: str) -> None:
    (small_model / name).unlink()

    code, _, err = run(*CLASSIFY)

    assert (code, err) == (
        2,
        f"stance: m: {name} is missing; it was not loaded\n{AGAIN}",
    )


def test_a_changed_number_in_the_description_is_refused(
    run: Run, small_model: Path
) -> None:
    path = small_model / "model.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"pro"', '"por"'), encoding="utf-8")

    code, _, err = run(*CLASSIFY)

    assert (code, err) == (
        2,
        "stance: m: is damaged, or not a model of this program: the header of "
        f"terms.tsv does not fit the labels\n{AGAIN}",
    )


def test_a_description_that_is_cut_off_is_refused(run: Run, small_model: Path) -> None:
    path = small_model / "model.json"
    path.write_bytes(path.read_bytes()[:1])

    code, _, err = run(*CLASSIFY)

    assert (code, err) == (
        2,
        "stance: m: is damaged, or not a model of this program: Expecting property "
        f"name enclosed in double quotes: line 1 column 2 (char 1)\n{AGAIN}",
    )


@pytest.mark.parametrize(
    ("text", "found"), [("{}", "None"), ("[]", "None"), ('{"schema": 9}', "9")]
)
def test_a_description_of_another_schema_is_refused(
    run: Run, small_model: Path, text: str, found: str
) -> None:
    (small_model / "model.json").write_text(text, encoding="utf-8")

    code, _, err = run(*CLASSIFY)

    assert (code, err) == (
        2,
        f"stance: m: model.json is not of schema 2 (found {found})\n"
        "  it was made by another version of stance, or by another program\n",
    )


def test_a_foreign_folder_is_no_model(run: Run, write: Write) -> None:
    write("m/论文.txt", "年度计划")

    code, _, err = run(*CLASSIFY)

    assert (code, err) == (
        2,
        "stance: m: is not a model folder: it has no model.json\n"
        "  a model folder holds model.json, lexicon.csv, terms.tsv, arrays.npz, ...\n",
    )


def test_a_missing_folder_is_no_model(run: Run) -> None:
    code, _, err = run(*CLASSIFY)

    assert (code, err) == (
        2,
        "stance: m: no such model folder\n  train one with: stance train --output m\n",
    )


def test_a_file_is_no_model(run: Run, write: Write) -> None:
    write("m", "模型")

    code, _, err = run(*CLASSIFY)

    assert (code, err) == (
        2,
        "stance: m: is a file; a model folder was expected\n"
        "  a model folder holds model.json, lexicon.csv, terms.tsv, arrays.npz, ...\n",
    )
