"""Tests of `stance.model.tested`: predictions out of fold go to a table and back."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stance.coding.codebook import LabelSet
from stance.coding.predictions import Gold, HeldOut, Predictions
from stance.errors import ModelError
from stance.model.model import Model
from stance.model.store import content_digest, load, load_tested, save
from stance.model.tested import from_csv, summary, to_csv

LABELS = LabelSet(("health", "school", "trade"))
GOLD = Gold(
    labels=LABELS,
    unit_ids=('say "yes"', "文,2", "c\nd", "e"),
    documents=("d1", "d1", "文二", "d3"),
    languages=("en", "zh", "mixed", "other"),
    dates=("2012-12-07", "", "2015", ""),
    sources=("CASS", "", "环球时报", ""),
    y=np.array([0, 1, 2, 0]),
    counted=np.array([True, False, True, True]),
)
PROBA = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.6, 0.1, 0.3], [0.25, 0.5, 0.25]])


def predicted(proba: np.ndarray, fold: list[int]) -> Predictions:
    no = np.zeros(4, dtype=bool)
    return Predictions(GOLD.unit_ids, LABELS, proba, no, np.array(fold), no)


TESTED = HeldOut(
    GOLD,
    (predicted(PROBA, [0, 0, 1, 2]), predicted(PROBA[:, ::-1].copy(), [1, 1, 0, 0])),
    predicted(np.full((4, 3), 0.3333), [0, 0, 1, 2]),
)
TABLE = to_csv(TESTED, LABELS)


@pytest.fixture
def folder(tmp_path: Path, small_model: Model) -> Path:
    save(replace(small_model, tested=TESTED), tmp_path / "模型", card="")
    return tmp_path / "模型"


def forge(folder: Path, table: bytes) -> None:
    """Replace the table, and make the hash and the digest in model.json fit it."""
    (folder / "predictions.csv").write_bytes(table)
    model = load(folder)
    found = {**model.evaluation, "predictions": hashlib.sha256(table).hexdigest()}
    forged = replace(model, evaluation=found)
    path = folder / "model.json"
    content = json.loads(path.read_bytes())
    content |= {"evaluation": found, "digest": content_digest(forged)}
    path.write_text(json.dumps(content), encoding="utf-8")


def test_gold_labels_come_back_from_the_table() -> None:
    found = from_csv(TABLE, LABELS)

    assert found is not None
    assert found.gold.unit_ids == GOLD.unit_ids
    assert found.gold.documents == GOLD.documents
    assert found.gold.languages == GOLD.languages
    assert (found.gold.dates, found.gold.sources) == (GOLD.dates, GOLD.sources)
    assert np.array_equal(found.gold.y, GOLD.y)
    assert np.array_equal(found.gold.counted, GOLD.counted)


def test_every_run_comes_back_from_the_table() -> None:
    found = from_csv(TABLE, LABELS)

    assert found is not None
    assert found.words is not None
    assert [run.fold.tolist() for run in found.repeats] == [[0, 0, 1, 2], [1, 1, 0, 0]]
    assert np.array_equal(found.repeats[0].proba, PROBA)
    assert np.array_equal(found.repeats[1].proba, PROBA[:, ::-1])
    assert np.array_equal(found.words.proba, np.full((4, 3), 0.3333))


def test_the_table_of_what_was_read_is_the_table() -> None:
    assert to_csv(from_csv(TABLE, LABELS), LABELS) == TABLE


def test_a_table_without_rows_is_no_test() -> None:
    assert from_csv(to_csv(None, LABELS), LABELS) is None


def test_only_counted_units_are_in_the_confusion() -> None:
    found = summary(TESTED)

    assert found["confusion"] == [[1, 1, 0], [0, 0, 0], [1, 0, 0]]
    assert (found["n_documents"], found["design"]) == (3, "one left out at a time")


def test_folds_of_several_groups_are_named_so() -> None:
    turned = replace(TESTED, repeats=TESTED.repeats[::-1])

    assert summary(turned)["design"] == "2 folds of groups"


def test_a_model_that_was_not_tested_has_no_summary() -> None:
    assert summary(None) == {}


def test_a_folder_gives_back_what_was_tested(folder: Path) -> None:
    model = load_tested(folder)

    assert to_csv(model.tested, model.labels) == TABLE


def test_a_folder_saved_again_with_its_test_changes_no_byte(
    folder: Path, tmp_path: Path
) -> None:
    save(load_tested(folder), tmp_path / "again", card="")

    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    after = {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()}
    assert after == before


def test_a_changed_table_is_refused(folder: Path) -> None:
    path = folder / "predictions.csv"
    path.write_bytes(path.read_bytes().replace(b"0.8", b"0.9", 1))

    with pytest.raises(ModelError) as caught:
        load_tested(folder)

    assert str(caught.value) == (
        f"{folder}: predictions.csv does not match the sha256 in model.json\n"
        "  the folder was changed after training; retrain it, or fetch it again from "
        "whoever made it"
    )


def test_a_missing_table_is_refused(folder: Path) -> None:
    (folder / "predictions.csv").unlink()

    with pytest.raises(ModelError, match=r"predictions\.csv is missing"):
        load_tested(folder)


def test_a_model_that_was_not_tested_is_refused(
    tmp_path: Path, small_model: Model
) -> None:
    save(small_model, tmp_path / "m", card="")

    with pytest.raises(ModelError, match="was not tested on documents it had not seen"):
        load_tested(tmp_path / "m")


FIRST = b'0,"say ""yes""",d1,en,2012-12-07,CASS,1,health,0,0.7,0.2,0.1\n'
HEADER = TABLE.encode().split(b"\n", maxsplit=1)[0] + b"\n"


@pytest.mark.parametrize(
    "table",
    [
        b"",
        b"\n",
        b"\xff\xfe",
        b"run,unit_id\n0,a\n",
        HEADER + b"\n",
        HEADER + b"0\n",
        HEADER + b"0,a,d1,en,,,1,health,0\n",
        HEADER + FIRST.replace(b",0.1\n", b"\n"),
        HEADER + FIRST.replace(b"\n", b",0.1\n"),
        HEADER + FIRST + b"0,b\n",
        HEADER + FIRST.replace(b"health", b"sport"),
        HEADER + FIRST.replace(b"0.7", b"nan"),
        HEADER + FIRST.replace(b"0.7", b"inf"),
        HEADER + FIRST.replace(b"0.7", b"-0.7"),
        HEADER + FIRST.replace(b"0.7", "七".encode()),
        HEADER + FIRST.replace(b",0,0.7", b",x,0.7"),
        HEADER + FIRST.replace(b",0,0.7", b"," + b"9" * 40 + b",0.7"),
        HEADER + FIRST.replace(b",0,0.7", b"," + b"9" * 5000 + b",0.7"),
        HEADER + FIRST + FIRST.replace(b"0,", b"1,", 1).replace(b"yes", b"no"),
        HEADER + FIRST.replace(b"0,", b"words,", 1),
        HEADER + FIRST.replace(b"d1", b"d\r1"),
    ],
    ids=range(21),
)
def test_a_forged_table_is_refused_as_a_model(folder: Path, table: bytes) -> None:
    forge(folder, table)

    with pytest.raises(ModelError):
        load_tested(folder)


@pytest.mark.parametrize("key", ["parameters", "inputs", "evaluation", "provenance"])
def test_a_list_in_the_place_of_a_table_is_refused(folder: Path, key: str) -> None:
    path = folder / "model.json"
    content = json.loads(path.read_bytes())
    path.write_text(json.dumps({**content, key: []}), encoding="utf-8")

    with pytest.raises(ModelError, match=f"'{key}' is not a JSON object"):
        load_tested(folder)
