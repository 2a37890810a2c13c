"""``stance evaluate``: what is stored, other designs, other data, another model."""

import csv
import io
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from stance.model.model import Model

Run = Callable[..., tuple[int, str, str]]
Write = Callable[[str, str | bytes], Path]

FRESH = """\
doc,text,label
x,The two sides agreed to expand trade once more.,pro
x,双方再次加强出口管制。,con
y,The two sides imposed new tariffs.,con
y,双方同意扩大合作。,con
"""
SPLIT = ["--split", "document,time,source,language", "--jobs", "1"]
COLUMNS = [
    "metric", "label", "stratum", "estimate", "low", "high", "n_units", "n_documents",
    "method",
]  # fmt: skip


def rows_of(out: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(out, newline="")))


def value_of(out: str, metric: str, stratum: str = "counted") -> float:
    """Return the estimate of a metric over all labels."""
    return next(
        float(row["estimate"])
        for row in rows_of(out)
        if (row["metric"], row["label"], row["stratum"]) == (metric, "all", stratum)
    )


@pytest.fixture
def no_training(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where anything is trained."""

    def fail(*_: object, **__: object) -> None:
        raise AssertionError("it trained")

    for name in ("stance.model.train._cross_fit", "stance.model.train._train"):
        monkeypatch.setattr(name, fail)


def test_what_is_stored_with_the_model_is_judged_without_training(
    run: Run, panel: Path, no_training: None
) -> None:
    code, out, err = run("evaluate", "--model", "p")
    rows = rows_of(out)

    assert (code, err) == (0, "")
    assert list(rows[0]) == COLUMNS
    assert (rows[0]["n_units"], rows[0]["n_documents"]) == ("36", "6")


def test_the_score_follows_from_the_predictions_that_are_stored(
    run: Run, panel: Path
) -> None:
    stored = rows_of(Path("p/predictions.csv").read_text(encoding="utf-8"))
    first = [row for row in stored if row["run"] == "0"]
    said = ["con" if float(r["p_con"]) > float(r["p_pro"]) else "pro" for r in first]
    right = sum(r["gold"] == label for r, label in zip(first, said, strict=True))

    _, out, _ = run("evaluate", "--model", "p")

    assert value_of(out, "accuracy") == pytest.approx(right / len(first), abs=1e-12)


def test_a_model_whose_predictions_were_changed_is_not_judged(
    run: Run, panel: Path
) -> None:
    path = Path("p/predictions.csv")
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")

    code, out, err = run("evaluate", "--model", "p")

    assert (code, out, err) == (
        2,
        "",
        "stance: p: predictions.csv does not match the sha256 in model.json\n"
        "  the folder was changed after training; retrain it, or fetch it again from "
        "whoever made it\n",
    )


def test_a_model_without_predictions_is_not_judged(run: Run, panel: Path) -> None:
    Path("p/predictions.csv").unlink()

    code, _, err = run("evaluate", "--model", "p")

    assert (code, err) == (
        2,
        "stance: p: predictions.csv is missing; it was not loaded\n"
        "  retrain it, or fetch it again from whoever made it\n",
    )


@pytest.mark.parametrize(
    "tested",
    [
        # The first period has no past to learn from.
        pytest.param({"time": 24, "source": 36}, id="time,source"),
        pytest.param(
            {"document": 36, "time": 24, "source": 36, "language": 36},
            id="all", marks=pytest.mark.slow,
        ),
    ],
)  # fmt: skip
def test_each_design_has_its_own_rows(
    run: Run, panel: Path, few_settings: None, tested: dict[str, int]
) -> None:
    words = ["--data", "panel.csv", "--split", ",".join(tested), "--jobs", "1"]

    code, out, err = run("evaluate", *words)
    rows = rows_of(out)
    found = {
        row["stratum"]: int(row["n_units"])
        for row in rows
        if row["metric"] == "accuracy" and row["stratum"].endswith("counted")
    }

    assert (code, err) == (0, "")
    assert found == {f"by {design}: counted": n for design, n in tested.items()}


@pytest.mark.slow
def test_across_languages_only_the_other_one_trains(
    run: Run, write: Write, few_settings: None
) -> None:
    """The labels mean the opposite in the other language: nothing carries over."""
    rows = [
        f"d{n},{text.format(n)},{label}"
        for n in range(5)
        for text, label in (
            ("GDP 2024 rose {} times in Beijing", "pro"),
            ("GDP 2025 rose {} times in Beijing", "con"),
            ("北京的 GDP 2024 上升了 {} 次", "con"),
            ("北京的 GDP 2025 上升了 {} 次", "pro"),
        )
    ]
    write("a.csv", "\n".join(["doc,text,label", *rows]))

    code, out, _ = run(
        "evaluate", "--data", "a.csv", "--split", "language", "--jobs", "1"
    )

    assert code == 0
    assert value_of(out, "accuracy", "by language: counted") == 0.0


@pytest.mark.slow
def test_one_design_by_document_is_what_training_tests(
    run: Run, panel: Path, few_settings: None
) -> None:
    words = ["--data", "panel.csv", "--split", "document", "--jobs", "1"]

    _, anew, _ = run("evaluate", *words)
    _, stored, _ = run("evaluate", "--model", "p")

    assert anew == stored


def test_a_design_is_tested_on_the_projects_own_labels(
    run: Run, tiny: Path, few_settings: None
) -> None:
    code, out, _ = run("evaluate", "--split", "document", "--jobs", "1")
    _, stored, _ = run("evaluate", "--model", "m")

    assert code == 0
    assert out == stored


@pytest.mark.parametrize(
    ("split", "message"),
    [
        (
            "tiem",
            "--split 'tiem' is no way to split\n"
            "  did you mean 'time'? choices: document, time, source, language\n",
        ),
        (
            "document,sources",
            "--split 'sources' is no way to split\n"
            "  did you mean 'source'? choices: document, time, source, language\n",
        ),
        (
            "time,",
            "--split '' is no way to split\n"
            "  choices: document, time, source, language\n",
        ),
    ],
    ids=["misspelt", "one of two", "none"],
)
def test_an_unknown_design_is_refused_and_the_nearest_offered(
    run: Run, panel: Path, split: str, message: str
) -> None:
    code, out, err = run("evaluate", "--data", "panel.csv", "--split", split)

    assert (code, out, err) == (2, "", f"stance: {message}")


@pytest.mark.parametrize(
    ("split", "column"),
    [("time", "date"), ("source", "source"), ("language", "language")],
)
def test_a_design_that_the_data_do_not_allow_is_refused(
    run: Run, write: Write, split: str, column: str
) -> None:
    rows = [f"d{n},The sides met {n} times.,{'proon'[n % 2 :][:3]}" for n in range(4)]
    write("a.csv", "\n".join(["doc,text,label", *rows]))
    n = "1 language" if split == "language" else f"0 {column}s"

    code, out, err = run("evaluate", "--data", "a.csv", "--split", split)

    assert (code, out, err) == (
        2,
        "",
        f"stance: cannot split by {column}: the units have {n}, two are needed\n"
        f"  name the column that holds the {column}, or split by document\n",
    )


def test_units_that_training_had_are_left_out_and_named(
    run: Run, panel: Path, write: Write
) -> None:
    seen = "x,The two sides agreed to expand trade in round 0 of the talks.,pro\n"
    write("a.csv", FRESH + seen)

    code, out, err = run("evaluate", "--model", "p", "--data", "a.csv")

    assert (code, rows_of(out)[0]["n_units"]) == (0, "4")
    assert err == (
        "stance: warning: a.csv: 1 of 5 units are left out: the model was trained on "
        "these very texts: a:5\n"
    )


def test_a_model_is_asked_once_whether_it_has_seen_the_units(
    run: Run, panel: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    import stance.model.score as module

    asked: list[int] = []
    ask = module.were_seen

    def noting(model: Model, texts: Sequence[str]) -> NDArray[np.bool_]:
        asked.append(len(texts))
        return ask(model, texts)

    monkeypatch.setattr(module, "were_seen", noting)
    monkeypatch.setattr("stance.model.classify.were_seen", noting)
    write("a.csv", FRESH)

    run("evaluate", "--model", "p", "--data", "a.csv")

    assert asked == [4]


def test_a_model_is_not_judged_where_it_has_seen_all(run: Run, panel: Path) -> None:
    code, out, err = run("evaluate", "--model", "p", "--data", "panel.csv")

    assert (code, out, err) == (
        2,
        "",
        "stance: panel.csv: the model was trained on every unit of it\n"
        "  judge it on other texts, or out of fold: stance evaluate\n",
    )


def test_new_data_give_no_warning(run: Run, panel: Path, write: Write) -> None:
    write("a.csv", FRESH)

    code, out, err = run("evaluate", "--model", "p", "--data", "a.csv")

    assert (code, err) == (0, "")
    assert value_of(out, "accuracy") == 0.75


def test_a_model_compared_with_itself_does_not_differ(
    run: Run, panel: Path, write: Write
) -> None:
    write("a.csv", FRESH)
    shutil.copytree("p", "same")

    code, out, _ = run(
        "evaluate", "--model", "p", "--data", "a.csv", "--against", "same"
    )

    assert code == 0
    assert [value_of(out, f"{m}_difference") for m in ("accuracy", "macro_f1")] == [
        0.0,
        0.0,
    ]
    assert value_of(out, "p_difference") == 1.0


def test_two_models_are_compared_on_the_same_units(
    run: Run, panel: Path, tiny: Path, write: Write
) -> None:
    write("a.csv", FRESH)
    words = ["--data", "a.csv", "-q"]

    _, first, _ = run("evaluate", "--model", "p", *words)
    _, second, _ = run("evaluate", "--model", "m", *words)
    _, both, _ = run("evaluate", "--model", "p", "--against", "m", *words)
    _, turned, _ = run("evaluate", "--model", "m", "--against", "p", *words)

    difference = value_of(both, "macro_f1_difference")
    assert difference == pytest.approx(
        value_of(first, "macro_f1") - value_of(second, "macro_f1"), abs=1e-12
    )
    assert value_of(turned, "macro_f1_difference") == -difference
    assert value_of(turned, "p_difference") == value_of(both, "p_difference")


def test_what_either_of_two_models_has_seen_is_left_out(
    run: Run, panel: Path, trained: Path, write: Write
) -> None:
    shutil.copytree(trained / "m", "other")
    seen = "x,Both sides agreed to expand trade and cooperation in round 0.,pro\n"
    write("a.csv", FRESH + seen)

    _, out, err = run(
        "evaluate", "--model", "p", "--data", "a.csv", "--against", "other"
    )

    assert rows_of(out)[0]["n_units"] == "4"
    assert "1 of 5 units are left out" in err


def test_each_of_two_models_reads_what_it_was_trained_to_read(
    run: Run, framed: Path, panel: Path, write: Write
) -> None:
    """A model of neighbours is as good as second as it is alone."""
    write(
        "a.csv",
        "doc,text,before,after,label\n"
        "x,He said so then.,They praised the new trade.,合作令人高兴。,pro\n"
        "y,He said so there.,They attacked the old tariffs.,争端令人担忧。,con\n",
    )

    _, alone, _ = run("evaluate", "--model", "c", "--data", "a.csv")
    _, out, _ = run("evaluate", "--model", "p", "--data", "a.csv", "--against", "c")

    assert value_of(alone, "accuracy") == 1.0
    assert value_of(out, "accuracy_difference") == value_of(out, "accuracy") - 1.0


def test_models_of_other_labels_are_not_compared(
    run: Run, panel: Path, targeted: Path, write: Write
) -> None:
    write("a.csv", FRESH)

    code, _, err = run("evaluate", "--model", "p", "--data", "a.csv", "--against", "t")

    assert (code, err) == (
        2,
        "stance: t: its labels are against, favor, not those of p\n"
        "  compare models of one label set\n",
    )


@pytest.mark.parametrize(
    "words",
    [["--against", "p"], ["--against", "p", "--data", "panel.csv", *SPLIT]],
    ids=["without data", "with a split"],
)
def test_a_comparison_needs_data_and_no_split(
    run: Run, panel: Path, words: list[str]
) -> None:
    code, _, err = run("evaluate", "--model", "p", *words)

    assert (code, err) == (2, "stance: --against needs --data, and no --split\n")


def test_an_unknown_label_is_refused_with_its_line(
    run: Run, panel: Path, write: Write
) -> None:
    write("a.csv", FRESH + "z,双方同意。,prro\n")

    code, out, err = run("evaluate", "--model", "p", "--data", "a.csv")

    assert (code, out, err) == (
        2,
        "",
        "stance: a.csv:6: label 'prro' is not one of the model's\n"
        "  did you mean 'pro'? choices: con, pro\n",
    )


@pytest.mark.parametrize(("floor", "code"), [("0.9", 0), ("0.99", 1)])
def test_a_score_below_the_floor_is_a_no_and_still_printed(
    run: Run, panel: Path, floor: str, code: int
) -> None:
    answer, out, err = run("evaluate", "--model", "p", "--floor", floor)

    assert (answer, "is below" in err) == (code, bool(code))
    assert list(rows_of(out)[0]) == COLUMNS


def test_the_strongest_terms_are_listed_for_each_label_and_language(
    run: Run, panel: Path, no_training: None
) -> None:
    code, out, _ = run("evaluate", "--model", "p", "--strongest")
    rows = rows_of(out)
    pairs = {(row["label"], row["language"]) for row in rows}

    assert code == 0
    assert list(rows[0]) == [
        "label", "language", "block", "term", "weight", "n_texts", "rank"
    ]  # fmt: skip
    assert pairs == {(a, b) for a in ("con", "pro") for b in ("en", "zh")}
    assert {"agre", "quarrel", "合作", "出口"} <= {row["term"] for row in rows}
    assert min(float(row["weight"]) for row in rows) > 0
