"""The card of a model: every figure in it follows from the predictions beside it."""

import csv
import io
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    log_loss,
    precision_recall_fscore_support,
)

from stance.coding.codebook import LabelSet
from stance.errors import StanceWarning
from stance.model.model import Model
from stance.model.project import Project
from stance.model.store import load_tested, save
from stance.model.tested import from_csv, to_csv
from stance.show.card import card, figures, held_out, project_card

SECTIONS = [
    "Data",
    "How good it is",
    "By language, period and source",
    "Can its probabilities be trusted?",
    "What silence buys",
    "Settings",
    "Strongest terms (weight; training texts)",
    "What it is not for",
    "Digests of its inputs",
]
Table = list[dict[str, str]]


class Stored:
    """The rows of ``predictions.csv``, read without the package."""

    def __init__(self, text: str) -> None:
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        self.names = [k.removeprefix("p_") for k in rows[0] if k.startswith("p_")]
        self.rows = [row for row in rows if row["run"] == "0"]
        self.runs = [
            [row for row in rows if row["run"] == run]
            for run in dict.fromkeys(row["run"] for row in rows)
            if run != "words"
        ]

    def proba(self, rows: list[dict[str, str]]) -> NDArray[np.float64]:
        """Return the probabilities of some rows."""
        return np.array([[float(r[f"p_{n}"]) for n in self.names] for r in rows])

    def said(self, rows: list[dict[str, str]]) -> list[str]:
        """Return the likeliest labels of some rows."""
        return [self.names[at] for at in self.proba(rows).argmax(axis=1)]


def counted(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row for row in rows if row["counted"] == "1"]


def gold(rows: list[dict[str, str]]) -> list[str]:
    return [row["gold"] for row in rows]


def table_of(text: str, first: str) -> Table:
    """Return the table of a card whose first column is called so."""
    lines = text.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith(f"| {first} |"))
    rows = []
    for line in lines[at:]:
        if not line.startswith("| "):
            break
        cells = line[2:-2].replace(r"\|", "\0").split(" | ")
        rows.append([cell.replace("\0", "|") for cell in cells])
    return [dict(zip(rows[0], row, strict=True)) for row in rows[2:]]


def composed(model: Model) -> str:
    """Return the card of the model of nine documents."""
    with pytest.warns(StanceWarning, match="too narrow below 15 documents"):
        return card(model, title="模型", data=["A."], limits=["B."])


def near(found: str, expected: float, digits: int) -> bool:
    """Say whether a printed number is the one expected, rounded."""
    return abs(float(found) - expected) <= 0.5 * 10**-digits + 1e-9


def section(text: str, title: str) -> list[str]:
    lines = text.splitlines()[text.splitlines().index(f"## {title}") + 2 :]
    return lines[: lines.index("")]


@pytest.fixture(scope="module")
def shipped(model_folder: Path) -> Model:
    """Return the repository's model with its predictions."""
    return load_tested(model_folder)


@pytest.fixture(scope="module")
def written(model_folder: Path) -> str:
    return (model_folder / "card.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def text(tested: Model) -> str:
    return composed(tested)


@pytest.fixture(scope="module")
def stored(tested: Model) -> Stored:
    return Stored(to_csv(tested.tested, tested.labels))


@pytest.fixture(scope="module")
def stored_in_folder(model_folder: Path) -> Stored:
    return Stored((model_folder / "predictions.csv").read_text(encoding="utf-8"))


def test_the_shipped_card_is_the_one_composed_from_model_and_seeds(
    shipped: Model, seeds: Project, written: str
) -> None:
    composed = project_card(shipped, seeds)

    assert composed == written


def test_the_shipped_figures_are_those_of_its_predictions(
    shipped: Model, model_folder: Path
) -> None:
    found = figures(shipped)

    assert found == {
        name: (model_folder / name).read_text(encoding="utf-8")
        for name in ("reliability.svg", "coverage.svg")
    }


def test_a_card_has_its_sections_in_order(text: str) -> None:
    titles = [line[3:] for line in text.splitlines() if line.startswith("## ")]

    assert titles == SECTIONS


def test_the_shipped_card_also_says_where_it_fails(written: str) -> None:
    titles = [line[3:] for line in written.splitlines() if line.startswith("## ")]

    assert titles == [*SECTIONS[:5], "Where it fails", *SECTIONS[5:]]


@pytest.mark.parametrize(
    ("cards", "predictions"), [("text", "stored"), ("written", "stored_in_folder")]
)
class TestFigures:
    """Each figure of a card is computed anew from the predictions, by scikit-learn."""

    @pytest.fixture
    def words(self, request: pytest.FixtureRequest, cards: str) -> str:
        found: str = request.getfixturevalue(cards)
        return found

    @pytest.fixture
    def known(self, request: pytest.FixtureRequest, predictions: str) -> Stored:
        found: Stored = request.getfixturevalue(predictions)
        return found

    def test_confusion_is_counted_from_the_predictions(
        self, words: str, known: Stored
    ) -> None:
        rows = counted(known.rows)

        table = table_of(words, r"gold \ predicted")

        assert [[int(row[n]) for n in known.names] for row in table] == (
            confusion_matrix(gold(rows), known.said(rows), labels=known.names).tolist()
        )

    def test_accuracy_and_log_loss_are_means_over_the_repeats(
        self, words: str, known: Stored
    ) -> None:
        runs = [counted(rows) for rows in known.runs]
        order = sorted(known.names)
        columns = [known.names.index(name) for name in order]
        accuracy = [accuracy_score(gold(rows), known.said(rows)) for rows in runs]
        loss = [
            -np.mean(np.log(known.proba(rows)[
                range(len(rows)), [known.names.index(n) for n in gold(rows)]
            ].clip(1e-15)))
            for rows in runs
        ]  # fmt: skip
        assert loss[0] == pytest.approx(
            log_loss(
                gold(runs[0]),
                normal(known.proba(runs[0])[:, columns]),
                labels=order,
            ),
            abs=1e-3,
        )

        found = {row["figure"]: row["estimate"] for row in table_of(words, "figure")}

        assert near(found["accuracy"], float(np.mean(accuracy)), 3)
        assert near(found["log_loss"], float(np.mean(loss)), 3)

    def test_scores_of_labels_are_means_over_the_repeats(
        self, words: str, known: Stored
    ) -> None:
        scores = np.mean(
            [
                precision_recall_fscore_support(
                    gold(counted(rows)), known.said(counted(rows)), labels=known.names,
                    zero_division=0,
                )[:3]
                for rows in known.runs
            ],
            axis=0,
        )  # fmt: skip

        table = table_of(words, "label")

        assert [row["label"] for row in table] == known.names
        assert all(
            near(row[column], scores[n, at], 2)
            for at, row in enumerate(table)
            for n, column in enumerate(("precision", "recall", "F1"))
        )
        assert [int(row["units"]) for row in table] == [
            gold(counted(known.rows)).count(name) for name in known.names
        ]

    def test_macro_f1_is_the_mean_over_labels_that_are_no_rest(
        self, words: str, known: Stored
    ) -> None:
        table = table_of(words, "label")
        kept = [float(row["F1"]) for row in table if row["label"] != "none"]

        found = {row["figure"]: row["estimate"] for row in table_of(words, "figure")}

        assert float(found["macro_f1"]) == pytest.approx(np.mean(kept), abs=0.0056)

    def test_strata_are_those_of_the_predictions(
        self, words: str, known: Stored
    ) -> None:
        own = {
            row["stratum"]: row
            for row in table_of(words, "stratum")
            if row["stratum"].startswith("language=")
        }
        languages = {row["language"] for row in known.rows}
        by_language = {
            name: [[r for r in run if r["language"] == name] for run in known.runs]
            for name in languages
        }

        assert set(own) == {f"language={name}" for name in languages}
        assert all(
            near(
                own[f"language={name}"]["accuracy"],
                float(np.mean([accuracy_score(gold(r), known.said(r)) for r in runs])),
                2,
            )
            and int(own[f"language={name}"]["units"]) == len(runs[0])
            for name, runs in by_language.items()
        )

    def test_reliability_is_five_bins_of_the_first_repeat(
        self, words: str, known: Stored
    ) -> None:
        rows = counted(known.rows)
        sure = known.proba(rows).max(axis=1)
        right = np.array(gold(rows)) == np.array(known.said(rows))
        bins = np.array_split(np.argsort(sure, kind="stable"), 5)

        table = table_of(words, "probability of the label given")

        assert [int(row["units"]) for row in table] == [len(own) for own in bins]
        assert all(
            near(row["mean"], sure[own].mean(), 2)
            and near(row["share right"], right[own].mean(), 2)
            for row, own in zip(table, bins, strict=True)
        )

    def test_error_by_coverage_keeps_the_surest(
        self, words: str, known: Stored
    ) -> None:
        rows = counted(known.rows)
        sure = known.proba(rows).max(axis=1)
        wrong = np.array(gold(rows)) != np.array(known.said(rows))
        order = np.argsort(-sure, kind="stable")

        table = table_of(words, "share labelled, surest first")

        for row in table:
            share = float(row["share labelled, surest first"].removesuffix("%")) / 100
            n = math.ceil(len(rows) * share - 1e-9)
            assert int(row["units"]) == n
            assert near(row["share wrong"], wrong[order[:n]].mean(), 3)
            assert near(row["least probability"], sure[order[n - 1]], 2)


def normal(proba: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return rows that sum to one: those stored have four decimals."""
    shares: NDArray[np.float64] = proba / proba.sum(axis=1, keepdims=True)
    return shares


def test_a_card_follows_from_the_stored_predictions_alone(
    tested: Model, text: str
) -> None:
    again = from_csv(to_csv(tested.tested, tested.labels), tested.labels)

    assert composed(replace(tested, tested=again)) == text


def test_a_saved_model_has_the_card_and_the_figures_that_it_was_given(
    tested: Model, text: str, tmp_path: Path
) -> None:
    drawn = figures(tested)

    save(tested, tmp_path / "m", card=text, figures=drawn)

    read = {
        path.name: path.read_text(encoding="utf-8")
        for path in (tmp_path / "m").iterdir()
        if path.suffix in (".md", ".svg")
    }
    assert read == {"card.md": text, **drawn}


def test_a_card_does_not_know_machine_or_day(tested: Model, text: str) -> None:
    elsewhere = replace(
        tested, provenance={"date": "1999-01-01", "machine": "pdp-11", "command": "x"}
    )

    assert composed(elsewhere) == text


def test_the_shipped_card_does_not_name_machine_or_day(
    model: Model, written: str
) -> None:
    assert str(model.provenance["date"]) not in written
    assert str(model.provenance["machine"]) not in written


def test_names_from_the_data_do_not_break_a_table(text: str) -> None:
    names = [row["stratum"] for row in table_of(text, "stratum")]

    assert "source=A|B Daily" in names
    assert "source=日报" in names


def test_eight_documents_or_more_have_intervals_that_are_said_to_be_narrow(
    text: str,
) -> None:
    rows = {row["figure"]: row for row in table_of(text, "figure")}

    low, high = map(float, rows["macro_f1"]["95 % interval"].split(" to "))
    assert low < float(rows["macro_f1"]["estimate"]) < high
    assert rows["macro_f1"]["how"] == (
        "95 % by document bootstrap; too narrow below 15 documents"
    )


def test_fewer_than_eight_documents_are_said_to_give_no_interval(written: str) -> None:
    rows = {row["figure"]: row for row in table_of(written, "figure")}

    assert rows["macro_f1"]["95 % interval"] == ""
    assert rows["macro_f1"]["how"] == "no interval below 8 documents"


def test_a_card_says_how_many_units_a_prediction_set_labels(text: str) -> None:
    line = next(line for line in text.splitlines() if "--coverage" in line)

    assert line.startswith("`classify --coverage 0.9` labels where a class-conditional")
    assert line.endswith("not for another period or source.")
    assert " of 90 of these units." in line


def test_where_it_fails_are_the_units_most_contradicted(
    written: str, stored_in_folder: Stored
) -> None:
    known = stored_in_folder
    rows = counted(known.rows)
    p_gold = [float(row[f"p_{row['gold']}"]) for row in rows]
    margins = known.proba(rows).max(axis=1) - np.array(p_gold)
    order = sorted(
        (at for at in range(len(rows)) if margins[at] > 0),
        key=lambda at: (-margins[at], rows[at]["unit_id"]),
    )

    named = [line.split("`")[1] for line in section(written, "Where it fails")]

    assert named == [rows[at]["unit_id"] for at in order[:8]]


def test_the_honest_figure_follows_from_the_confusion_counts(model: Model) -> None:
    labels = LabelSet(
        ("cooperation", "competition", "countermeasure", "none"), ("none",)
    )
    evaluation = {
        "design": "one left out at a time",
        "n_documents": 5,
        "confusion": [[3, 1, 0, 0], [1, 3, 0, 0], [0, 0, 1, 1], [0, 0, 0, 2]],
    }

    sentence = held_out(evaluation, labels)

    assert sentence == (
        "on documents it had not seen (one left out at a time, 5 documents, n = 12): "
        "macro-F1 0.72 over cooperation, competition, countermeasure; accuracy 0.75"
    )


def test_a_model_that_was_not_tested_has_no_figure(toy: Model) -> None:
    assert held_out({}, toy.labels) == ""
    assert figures(toy) == {}


def test_a_card_without_a_test_claims_no_score(toy: Model) -> None:
    text = card(toy, title="模型", data=["A."], limits=["B."])

    assert "F1" not in text
    assert ".svg" not in text
    assert text.startswith("# 模型\n")


def test_the_card_says_that_one_document_a_year_shows_no_change(written: str) -> None:
    assert "support no statement about change over time." in written


def test_the_card_names_the_digest_of_every_input(model: Model, written: str) -> None:
    lines = [f"- {name}: `{value}`" for name, value in sorted(model.inputs.items())]

    assert written.splitlines()[-len(lines) :] == lines


def test_a_card_lists_blocks_and_parameters(tested: Model, text: str) -> None:
    lines = section(text, "Settings")

    assert lines == [
        f"- block `{block.spec.name}`: {len(block.terms)} terms, weight "
        f"{block.spec.weight}"
        for block in tested.blocks
    ]


def test_strongest_terms_come_with_weight_and_count(text: str) -> None:
    lines = section(text, "Strongest terms (weight; training texts)")

    assert lines[0].startswith("- cooperation, en: ")
    assert "both (2.00; 9)" in lines[0]
    assert lines[1].startswith("- cooperation, zh: ")
    assert "放宽 (2.00; 3)" in lines[1]
