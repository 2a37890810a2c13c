"""Tests of `stance.model.store`: what is saved is what is loaded."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stance.coding.codebook import LabelSet
from stance.errors import ModelError
from stance.model.model import Block, Model
from stance.model.project import Project
from stance.model.score import probabilities
from stance.model.store import content_digest, load, load_tested, save

ROOT = Path(__file__).parents[2]
FILES = [
    "arrays.npz",
    "card.md",
    "lexicon.csv",
    "model.json",
    "predictions.csv",
    "terms.tsv",
]
TEXTS = ["The tariff hit the market.", "医生与护士在医院。", "学生 (pupils)，考试", ""]
LOAD = """
import sys
def refuse(event, arguments):
    if event.startswith(("socket.", "subprocess.", "os.system", "pickle.")):
        raise SystemExit(f"{event} {arguments}")
sys.addaudithook(refuse)
from stance.model.store import load
from stance.model.score import probabilities
probabilities(load(sys.argv[1]), ["They agreed.", "双方同意加强合作。"])
print(sorted({"sklearn", "joblib", "nltk", "pandas", "matplotlib"} & set(sys.modules)))
"""


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_a_model_folder_holds_six_files(tmp_path: Path, small_model: Model) -> None:
    save(small_model, tmp_path / "m", card="# 模型")

    assert list(content(tmp_path / "m")) == FILES
    assert (tmp_path / "m" / "card.md").read_text(encoding="utf-8") == "# 模型"


@pytest.mark.parametrize("name", ["small_model", "model"])
def test_save_load_save_gives_the_same_bytes(
    tmp_path: Path, request: pytest.FixtureRequest, name: str
) -> None:
    first = save(request.getfixturevalue(name), tmp_path / "a", card="卡片\n")

    again = save(load(tmp_path / "a"), tmp_path / "b", card="卡片\n")

    assert again.digest == first.digest
    assert content(tmp_path / "b") == content(tmp_path / "a")


def test_saving_the_repositorys_model_again_changes_no_byte(
    tmp_path: Path, model_folder: Path
) -> None:
    card = (model_folder / "card.md").read_text(encoding="utf-8")
    figures = {
        path.name: path.read_text(encoding="utf-8")
        for path in model_folder.glob("*.svg")
    }

    save(load_tested(model_folder), tmp_path / "m", card=card, figures=figures)

    assert content(tmp_path / "m") == content(model_folder)


def test_a_loaded_model_predicts_the_same_to_the_bit(
    tmp_path: Path, small_model: Model
) -> None:
    save(small_model, tmp_path / "m", card="")

    loaded = load(tmp_path / "m")

    assert np.array_equal(
        probabilities(loaded, TEXTS), probabilities(small_model, TEXTS)
    )


def test_the_repositorys_model_saved_again_predicts_the_same_to_the_bit(
    tmp_path: Path, model: Model, seeds: Project
) -> None:
    save(model, tmp_path / "m", card="")
    texts = [unit.text for unit in seeds.corpus.paragraphs]

    loaded = load(tmp_path / "m")

    assert np.array_equal(probabilities(loaded, texts), probabilities(model, texts))


def test_a_loaded_model_has_all_it_was_saved_with(
    tmp_path: Path, small_model: Model
) -> None:
    given = replace(
        small_model,
        provenance={"date": "2026-01-01", "machine": "“x86”"},
    )

    saved = save(given, tmp_path / "m", card="")

    loaded = load(tmp_path / "m")

    assert (loaded.name, loaded.labels) == ("小模型", small_model.labels)
    assert loaded.parameters == small_model.parameters
    assert loaded.evaluation == saved.evaluation
    assert loaded.provenance == given.provenance
    assert loaded.terms.source == small_model.terms.source


def test_a_model_with_a_temperature_comes_back(
    tmp_path: Path, small_model: Model
) -> None:
    scaled = replace(small_model, calibration=np.array([[0.731]]))
    save(scaled, tmp_path / "m", card="")

    loaded = load(tmp_path / "m")

    assert loaded.calibration.tolist() == [[0.731]]
    assert np.array_equal(probabilities(loaded, TEXTS), probabilities(scaled, TEXTS))


def test_labels_with_odd_names_come_back(tmp_path: Path, small_model: Model) -> None:
    names = ('say "yes"', "a,b\tc", "合作／竞争")
    odd = replace(small_model, labels=LabelSet(names, residual=(names[2],)))
    save(odd, tmp_path / "m", card="")

    loaded = load(tmp_path / "m")

    assert loaded.labels == odd.labels


def test_terms_with_quotes_come_back(tmp_path: Path, small_model: Model) -> None:
    words = small_model.blocks[0]
    odd = Block(
        words.spec, ('"', "“ ”", "'a", *words.terms[3:]), words.idf, words.n_texts
    )
    save(replace(small_model, blocks=(odd, *small_model.blocks[1:])), tmp_path / "m",
         card="")  # fmt: skip

    loaded = load(tmp_path / "m")

    assert loaded.blocks[0].terms == odd.terms


def test_the_digest_does_not_cover_when_and_where(small_model: Model) -> None:
    elsewhere = replace(small_model, provenance={"date": "1999-12-31"})

    assert content_digest(elsewhere) == content_digest(small_model)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "another"},
        {"labels": LabelSet(("health", "school", "贸易"))},
        {"labels": LabelSet(("health", "school", "trade"), residual=("trade",))},
        {"parameters": {"C": 31.0}},
        {"calibration": np.array([[0.7]])},
        {"inputs": {"tokenizer": "another"}},
        {"evaluation": {"confusion": []}},
        {"seen": np.array([7], dtype=np.uint64)},
        {"intercept": np.array([0.0, 0.0, 1e-6])},
    ],
)
def test_the_digest_covers_the_content(
    small_model: Model, changes: dict[str, object]
) -> None:
    changed = replace(small_model, **changes)  # type: ignore[arg-type]

    assert content_digest(changed) != content_digest(small_model)


def test_the_digest_covers_where_a_block_ends(small_model: Model) -> None:
    """The last term of one block and the first of the next share their letters."""
    words, cues, chars = small_model.blocks
    last, first = words.terms[-1], cues.terms[0]
    words = Block(
        words.spec,
        (*words.terms[:-1], last + first[0]),
        words.idf,
        words.n_texts,
    )
    cues = Block(cues.spec, (first[1:], *cues.terms[1:]), cues.idf, cues.n_texts)
    moved = replace(small_model, blocks=(words, cues, chars))

    assert content_digest(moved) != content_digest(small_model)


def test_a_saved_model_has_the_digest_of_its_content(
    tmp_path: Path, small_model: Model
) -> None:
    saved = save(small_model, tmp_path / "m", card="")

    table = json.loads((tmp_path / "m" / "model.json").read_bytes())
    assert saved.digest == table["digest"] == content_digest(saved)


def test_terms_tsv_has_a_row_a_term_with_a_weight_a_label(
    tmp_path: Path, small_model: Model
) -> None:
    save(small_model, tmp_path / "m", card="")

    text = (tmp_path / "m" / "terms.tsv").read_text(encoding="utf-8")
    header, *rows = text.splitlines()
    assert header == "block\tterm\tidf\tn_texts\thealth\tschool\ttrade"
    assert len(rows) == small_model.coef.shape[1]


def test_an_empty_folder_is_filled(tmp_path: Path, small_model: Model) -> None:
    (tmp_path / "m").mkdir()

    save(small_model, tmp_path / "m", card="")

    assert list(content(tmp_path / "m")) == FILES


def test_an_older_model_is_replaced(tmp_path: Path, small_model: Model) -> None:
    save(small_model, tmp_path / "m", card="old")

    newer = save(replace(small_model, name="新"), tmp_path / "m", card="new")

    assert load(tmp_path / "m").digest == newer.digest
    assert [path.name for path in tmp_path.iterdir()] == ["m"]


def test_a_folder_of_other_things_is_left_alone(
    tmp_path: Path, small_model: Model
) -> None:
    folder = tmp_path / "论文"
    folder.mkdir()
    (folder / "notes.txt").write_text("三年的工作", encoding="utf-8")

    with pytest.raises(ModelError) as caught:
        save(small_model, folder, card="")

    assert str(caught.value) == (
        f"{folder}: is there and holds no model; it was not overwritten\n"
        "  name another folder with --output"
    )
    assert content(folder) == {"notes.txt": "三年的工作".encode()}


def test_a_file_of_that_name_is_left_alone(tmp_path: Path, small_model: Model) -> None:
    path = tmp_path / "m"
    path.write_bytes(b"mine")

    with pytest.raises(ModelError, match="is there and holds no model"):
        save(small_model, path, card="")

    assert path.read_bytes() == b"mine"


def test_a_save_that_fails_leaves_the_older_model(
    tmp_path: Path, small_model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = save(small_model, tmp_path / "m", card="")
    before = content(tmp_path / "m")

    def interrupt(self: Path, *_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_text", interrupt)
    with pytest.raises(KeyboardInterrupt):
        save(replace(small_model, name="新"), tmp_path / "m", card="")

    assert content(tmp_path / "m") == before
    assert [path.name for path in tmp_path.iterdir()] == ["m"]
    assert load(tmp_path / "m").digest == old.digest


def test_loading_and_scoring_connect_nowhere_and_import_nothing_heavy(
    model_folder: Path,
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(model_folder)],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )

    assert (done.stdout, done.stderr, done.returncode) == ("[]\n", "", 0)
