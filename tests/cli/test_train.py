"""``stance train --data`` and ``stance evaluate --data``: any labels, bad labels."""

import csv
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from stance.coding.labelled import read_labelled

Run = Callable[..., tuple[int, str, str]]
Write = Callable[[str, str | bytes], Path]

PRO = "Both sides agreed to expand the talks on trade."
CON = "美国再次加强出口管制，争端升级。"
TRAIN = ["train", "--data", "a.csv", "--output", "new", "--jobs", "1"]


def first_run(folder: str) -> list[dict[str, str]]:
    """Return the stored predictions of the first repeat."""
    text = Path(folder, "predictions.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return [row for row in rows if row["run"] == "0"]


def test_training_prints_the_digest_alone(run: Run, trained: Path, coded: Path) -> None:
    table = json.loads((trained / "m" / "model.json").read_text(encoding="utf-8"))

    code, out, err = run("train", "--data", "coded.csv", "--output", "m", "--jobs", "2")

    assert (code, out, err) == (0, f"{table['digest']}\n", "")


def test_a_model_folder_holds_data_only(trained: Path) -> None:
    assert sorted(os.listdir(trained / "m")) == [
        "arrays.npz",
        "card.md",
        "coverage.svg",
        "lexicon.csv",
        "model.json",
        "predictions.csv",
        "reliability.svg",
        "terms.tsv",
    ]


def test_labels_of_a_data_file_are_sorted(
    run: Run, small_model: Path, write: Write
) -> None:
    write("a.txt", "双方同意扩大科技合作。")

    _, out, _ = run("classify", "a.txt", "--model", "m")

    assert out.splitlines()[0].split(",")[7:9] == ["p_con", "p_pro"]


@pytest.mark.parametrize("name", ["reliability.svg", "coverage.svg"])
def test_training_draws_the_figures_that_the_card_shows(
    trained: Path, name: str
) -> None:
    root = ElementTree.fromstring((trained / "m" / name).read_text(encoding="utf-8"))
    card = (trained / "m" / "card.md").read_text(encoding="utf-8")

    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert f"]({name})" in card


@pytest.mark.slow
def test_training_twice_gives_the_same_bytes_but_for_the_provenance(
    run: Run, coded: Path, few_settings: None
) -> None:
    words = ["train", "--data", "coded.csv", "--jobs", "1", "--output"]

    run(*words, "one/m")
    run(*words, "two/m")
    one, two = (
        {p.name: p.read_bytes() for p in Path(folder, "m").iterdir()}
        for folder in ("one", "two")
    )

    assert one.pop("model.json") != b""
    assert two.pop("model.json") != b""
    assert one == two


@pytest.mark.slow
def test_files_with_the_same_ids_are_told_apart_by_their_names(
    run: Run, coded: Path, few_settings: None
) -> None:
    lines = coded.read_text(encoding="utf-8").splitlines()
    Path("a.csv").write_text("\n".join(lines[:9]), encoding="utf-8")
    Path("b.csv").write_text("\n".join([lines[0], *lines[9:]]), encoding="utf-8")
    head = [f"{n}," for n in range(1, 9)]
    for name in ("a.csv", "b.csv"):
        rows = Path(name).read_text(encoding="utf-8").splitlines()
        numbered = [i + row for i, row in zip(["id,", *head], rows, strict=True)]
        Path(name).write_text("\n".join(numbered), encoding="utf-8")

    code, _, _ = run(
        "train", "--data", "a.csv", "b.csv", "--output", "new", "--jobs", "1"
    )
    rows = first_run("new")

    assert code == 0
    assert [row["unit_id"] for row in rows] == [
        f"{name}/{n}" for name in "ab" for n in range(1, 9)
    ]
    assert {row["document_id"] for row in rows} == {"d0", "d1", "d2", "d3"}


def test_units_of_two_files_that_share_an_id_are_no_one_document(
    write: Write,
) -> None:
    write("a.csv", "id,text,label\n1,Trade grew,pro\n")
    write("b.csv", "id,text,label\n1,双方争端升级,con\n")

    data, _ = read_labelled(["a.csv", "b.csv"])

    assert data.gold.documents == ("a/1", "b/1")
    assert data.groups.tolist() == [0, 1]


@pytest.mark.parametrize(
    "files", [["a/x.csv", "b/x.csv"], ["a/x.csv", "a/x.csv"]], ids=["name", "file"]
)
def test_files_of_one_name_with_the_same_ids_are_refused(
    run: Run, write: Write, files: list[str]
) -> None:
    write("a/x.csv", "text,label\nTrade grew,pro\n双方同意,pro\n")
    write("b/x.csv", "text,label\nChips fell,con\n双方争端,con\n")

    code, out, err = run("train", "--data", *files, "--output", "new")

    assert (code, out, err) == (
        2,
        "",
        f"stance: {files[1]}: has the name of a/x.csv, and ids that stand there too\n"
        "  rename one of the files, or name a column of other ids with --id\n",
    )
    assert not Path("new").exists()


def test_near_duplicates_are_tested_in_one_fold(
    run: Run, coded: Path, few_settings: None
) -> None:
    """Two documents that share all but one word of a text are one group."""
    long = " ".join(f"word{n}" for n in range(30))
    with coded.open("a", encoding="utf-8") as file:
        file.write(f"e0,{long} eased,pro\ne0,{PRO},pro\n")
        file.write(f"e1,{long} ended,con\ne1,{CON},con\n")

    code, _, _ = run("train", "--data", "coded.csv", "--output", "new", "--jobs", "1")
    folds = {row["document_id"]: row["fold"] for row in first_run("new")}

    assert code == 0
    assert folds["e0"] == folds["e1"]
    assert len(set(folds.values())) == 5


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            "a,Trade grew,pro\nb,双方同意合作,pro\n",
            "cannot train: all 2 units have the label 'pro'\n"
            "  a classifier needs two labels at least\n",
        ),
        (
            "a,Trade grew,pro\nb,双方同意,pro\nc,They quarrelled,con\nc,双方争端,con\n",
            "cannot train: label 'con' has 2 coded units in 1 document, "
            "cross-validation by document needs 2\n"
            "  code more of it in another document, or leave the label out\n",
        ),
        (
            "a,Trade grew,pro\nb,双方同意合作,\n",
            "a.csv:3: unit 'a:2' has no label\n"
            "  name the column with --label, or remove the row\n",
        ),
    ],
    ids=["one label", "a label in one document", "a row without label"],
)
def test_labels_too_few_to_train_on_are_refused(
    run: Run, write: Write, rows: str, message: str
) -> None:
    write("a.csv", f"doc,text,label\n{rows}")

    code, out, err = run(*TRAIN)

    assert (code, out, err) == (2, "", f"stance: {message}")
    assert os.listdir() == ["a.csv"]


def test_texts_that_share_no_word_are_refused_without_a_traceback(
    run: Run, write: Write
) -> None:
    """Terms count from two texts on: here a fold has none."""
    write(
        "a.csv",
        "doc,text,label\na,Trade grew,pro\nb,双方同意,pro\n"
        "a,Chips fell,con\nb,美国加税,con\n",
    )

    code, _, err = run(*TRAIN)

    assert code == 2
    assert err.startswith("stance: cannot train: ")
    assert os.listdir() == ["a.csv"]


def test_data_without_output_is_refused(run: Run, write: Write) -> None:
    write("a.csv", "text,label\n双方同意,pro\n")

    code, _, err = run("train", "--data", "a.csv")

    assert (code, err) == (
        2,
        "stance: --data needs --output FOLDER: the model is written there\n",
    )


def test_a_misspelt_label_column_is_refused(run: Run, coded: Path) -> None:
    code, _, err = run("train", "--data", "coded.csv", "--label", "lable", *TRAIN[3:])

    assert (code, err) == (
        2,
        "stance: coded.csv: no column 'lable'\n"
        "  did you mean 'label'? choices: doc, text, label\n",
    )


def test_a_missing_term_table_is_named(run: Run, coded: Path) -> None:
    code, _, err = run("train", "--data", "coded.csv", *TRAIN[3:], "--terms", "no.csv")

    assert (code, err) == (2, "stance: no.csv: no such file\n")


@pytest.mark.parametrize("jobs", ["0", "two"])
def test_a_senseless_number_of_processes_is_refused(
    run: Run, coded: Path, jobs: str
) -> None:
    words = ["train", "--data", "coded.csv", "--output", "new", "--jobs", jobs]

    code, _, err = run(*words)

    assert code == 2
    assert "--jobs" in err
    assert not Path("new").exists()


def test_a_foreign_output_folder_is_refused_and_kept(
    run: Run, coded: Path, write: Write
) -> None:
    write("notes/thesis.txt", "年度计划")

    code, out, err = run("train", "--data", "coded.csv", "--output", "notes")

    assert (code, out, err) == (
        2,
        "",
        "stance: notes: is there and holds no model; it was not overwritten\n"
        "  name another folder with --output\n",
    )
    assert sorted(os.listdir()) == ["coded.csv", "notes"]
    assert os.listdir("notes") == ["thesis.txt"]


def test_a_file_as_output_folder_is_refused_and_kept(run: Run, coded: Path) -> None:
    before = coded.read_bytes()

    code, _, err = run("train", "--data", "coded.csv", "--output", "coded.csv")

    assert (code, err) == (
        2,
        "stance: coded.csv: is there and holds no model; it was not overwritten\n"
        "  name another folder with --output\n",
    )
    assert coded.read_bytes() == before


def test_an_output_folder_that_cannot_be_made_is_refused(run: Run, coded: Path) -> None:
    code, _, err = run("train", "--data", "coded.csv", "--output", "coded.csv/m")

    assert (code, err) == (
        2,
        "stance: coded.csv/m: cannot be written: 'coded.csv' is no folder\n"
        "  name another folder with --output\n",
    )


@pytest.mark.parametrize("output", ["notes", "coded.csv", "coded.csv/m"])
def test_the_output_folder_is_looked_at_before_training(
    run: Run,
    coded: Path,
    write: Write,
    monkeypatch: pytest.MonkeyPatch,
    output: str,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError("it was trained before the folder was looked at")

    monkeypatch.setattr("stance.model.train.train_and_test", fail)
    write("notes/thesis.txt", "年度计划")

    code, _, _ = run("train", "--data", "coded.csv", "--output", output)

    assert code == 2


def test_an_unknown_label_of_held_out_data_is_refused(
    run: Run, small_model: Path, write: Write
) -> None:
    write("a.csv", "text,label\nNobody knows,pro\n无人知晓,prro\n")

    code, _, err = run("evaluate", "--model", "m", "--data", "a.csv")

    assert (code, err) == (
        2,
        "stance: a.csv:3: label 'prro' is not one of the model's\n"
        "  did you mean 'pro'? choices: con, pro\n",
    )


def test_held_out_data_without_labels_is_refused(
    run: Run, small_model: Path, write: Write
) -> None:
    write("a.csv", "text,code\n无人知晓,pro\n")

    code, _, err = run("evaluate", "--model", "m", "--data", "a.csv")

    assert (code, err) == (
        2,
        "stance: a.csv:2: unit 'a:1' has no label\n"
        "  name the column with --label, or remove the row\n",
    )


def test_a_model_is_not_judged_on_its_own_training_texts(
    run: Run, small_model: Path, coded: Path
) -> None:
    code, out, err = run("evaluate", "--model", "m", "--data", "coded.csv")

    assert (code, out) == (2, "")
    assert err == (
        "stance: coded.csv: the model was trained on every unit of it\n"
        "  judge it on other texts, or out of fold: stance evaluate\n"
    )


def test_texts_seen_in_training_are_left_out_of_the_judgement(
    run: Run, small_model: Path, coded: Path
) -> None:
    lines = coded.read_text(encoding="utf-8").splitlines()
    fresh = ["e0,Both sides agreed to talk.,pro", "e1,双方争端再次升级。,con"]
    coded.write_text("\n".join([*lines, *fresh]), encoding="utf-8")

    code, out, err = run("evaluate", "--model", "m", "--data", "coded.csv")
    rows = list(csv.DictReader(io.StringIO(out)))

    named = ", ".join(f"coded:{n}" for n in range(1, 11))
    assert (code, {row["n_units"] for row in rows[:3]}) == (0, {"2"})
    assert err == (
        "stance: warning: coded.csv: 16 of 18 units are left out: the model was "
        f"trained on these very texts: {named}, ...\n"
    )


def test_a_score_below_the_floor_is_a_no(
    run: Run, small_model: Path, write: Write
) -> None:
    write("a.csv", "text,label\n双方争端再次升级。,pro\nBoth sides agreed.,con\n")

    code, _, err = run(
        "evaluate", "--model", "m", "--data", "a.csv", "--floor", "0.9", "-q"
    )

    assert (code, err) == (1, "macro-F1 0.000 is below 0.9\n")
