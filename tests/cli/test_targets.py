"""Models that read more than a text: the target of the stance, the neighbours."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]
Write = Callable[[str, str | bytes], Path]

COMMON = "; there it goes by what the targets of its training have in common\n"
NEW = """\
topic,text
trade,We should expand it in year 9.
tariffs,We should expand it in year 9.
关税,我们应当在第九年扩大它的范围。
"""
NEIGHBOURS = """\
text,before,after
He said so then.,They praised the new trade.,合作令人高兴。
He said so then.,They attacked the old tariffs.,争端令人担忧。
"""


def labels_of(out: str) -> list[str]:
    return [row["label"] for row in csv.DictReader(io.StringIO(out, newline=""))]


def parameters_of(folder: str) -> dict[str, object]:
    text = Path(folder, "model.json").read_text(encoding="utf-8")
    found: dict[str, object] = json.loads(text)["parameters"]
    return found


def test_training_takes_the_target_where_it_helps(targeted: Path, panel: Path) -> None:
    assert parameters_of("t")["targeted"] is True
    assert parameters_of("p")["targeted"] is False


def test_one_text_has_another_stance_towards_another_target(
    run: Run, targeted: Path, write: Write
) -> None:
    write("a.csv", NEW)

    code, out, err = run("classify", "a.csv", "--model", "t", "--target", "topic")

    assert (code, labels_of(out)) == (0, ["favor", "against", "against"])
    assert "warning" not in err


def test_a_column_called_target_needs_no_name(
    run: Run, targeted: Path, write: Write
) -> None:
    write("a.csv", NEW.replace("topic", "target"))

    code, out, _ = run("classify", "a.csv", "--model", "t")

    assert (code, labels_of(out)) == (0, ["favor", "against", "against"])


@pytest.mark.parametrize(
    ("rows", "warning"),
    [
        ("wine,We should expand it.\n", "target 'wine' is new to the model"),
        (
            "wine,We should expand it.\n半导体,我们应当扩大它的范围。\n",
            "2 targets are new to the model, the first 'wine'",
        ),
    ],
    ids=["one", "two"],
)
def test_a_target_new_to_the_model_is_warned_of(
    run: Run, targeted: Path, write: Write, rows: str, warning: str
) -> None:
    write("a.csv", NEW + rows)

    code, _, err = run("classify", "a.csv", "--model", "t", "--target", "topic")

    assert (code, err.splitlines(keepends=True)[0]) == (
        0,
        f"stance: warning: {warning}{COMMON}",
    )


def test_judging_on_a_new_target_warns_too(
    run: Run, targeted: Path, write: Write
) -> None:
    write("a.csv", "topic,text,label\nwine,We should expand it now.,favor\n")

    code, _, err = run(
        "evaluate", "--model", "t", "--data", "a.csv", "--target", "topic"
    )

    assert (code, err) == (
        0,
        f"stance: warning: target 'wine' is new to the model{COMMON}",
    )


def test_units_without_a_target_are_warned_of(run: Run, targeted: Path) -> None:
    code, _, err = run("classify", "-", "--model", "t", stdin="We should expand it.\n")

    assert (code, err.splitlines()[0]) == (
        0,
        "stance: warning: the model reads the target of the stance, and some units "
        "have none: name its column with --target",
    )


@pytest.mark.parametrize(
    "words",
    [
        ["classify", "a.csv", "--model", "t"],
        ["evaluate", "--model", "t", "--data", "a.csv"],
    ],
    ids=["classify", "evaluate"],
)
def test_data_without_any_target_are_refused(
    run: Run, targeted: Path, write: Write, words: list[str]
) -> None:
    write("a.csv", "text,label\n我们应当扩大它的范围。,favor\n")

    code, out, err = run(*words)

    assert (code, out, err) == (
        2,
        "",
        "stance: no unit has a target\n  name the column with --target\n",
    )


def test_a_misspelt_target_column_is_refused(
    run: Run, targeted: Path, write: Write
) -> None:
    write("a.csv", NEW)

    code, _, err = run("classify", "a.csv", "--model", "t", "--target", "topik")

    assert (code, err) == (
        2,
        "stance: a.csv: no column 'topik'\n"
        "  did you mean 'topic'? choices: topic, text\n",
    )


def test_training_takes_the_neighbours_where_they_help(framed: Path) -> None:
    assert parameters_of("c")["context"] == 1


def test_one_text_among_other_neighbours_has_another_label(
    run: Run, framed: Path, write: Write
) -> None:
    write("a.csv", NEIGHBOURS)

    code, out, _ = run("classify", "a.csv", "--model", "c")

    assert (code, labels_of(out)) == (0, ["pro", "con"])


def test_neighbours_of_a_text_are_its_own_paragraphs(run: Run, framed: Path) -> None:
    text = "They praised the new trade.\n\nHe said so then.\n\nMore praised trade.\n"

    code, out, _ = run("classify", "-", "--lines", "--model", "c", stdin=text)

    assert (code, labels_of(out)[1]) == (0, "pro")


def test_neighbours_where_each_unit_is_its_own_document_are_refused(
    run: Run, coded: Path, write: Write
) -> None:
    write("a.csv", "text,label\nTrade grew.,pro\n双方争端升级。,con\n")

    code, _, err = run("train", "--data", "a.csv", "--output", "new", "--context", "1")

    assert (code, err) == (
        2,
        "stance: no unit has a neighbour: each is its own document\n"
        "  name the column that holds the document with --document, or give the "
        "columns 'before' and 'after'\n",
    )


@pytest.mark.parametrize("n", ["0", "-1", "two"])
def test_a_senseless_number_of_neighbours_is_refused(
    run: Run, framed: Path, n: str
) -> None:
    words = ["train", "--data", "framed.csv", "--output", "new", "--context", n]

    code, _, err = run(*words)

    assert code == 2
    assert "argument --context: " in err
    assert not Path("new").exists()
