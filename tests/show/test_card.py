"""The card of a model: composed from the model, nothing of machine or day in it."""

from dataclasses import replace
from pathlib import Path

import pytest

from stance.model.model import Model
from stance.model.project import Project
from stance.show.card import card, held_out, project_card


@pytest.fixture(scope="module")
def written(model_folder: Path) -> str:
    return (model_folder / "card.md").read_text(encoding="utf-8")


def test_the_shipped_card_is_the_one_composed_from_model_and_seeds(
    model: Model, seeds: Project, written: str
) -> None:
    composed = project_card(model, seeds)

    assert composed == written


def test_the_honest_figure_follows_from_the_confusion_counts(model: Model) -> None:
    evaluation = {
        "design": "one left out at a time",
        "n_documents": 5,
        "confusion": [[3, 1, 0, 0], [1, 3, 0, 0], [0, 0, 1, 1], [0, 0, 0, 2]],
    }
    tested = replace(model, evaluation=evaluation)

    sentence = held_out(tested)

    assert sentence == (
        "on documents it had not seen (one left out at a time, 5 documents, n = 12): "
        "macro-F1 0.72 over cooperation, competition, countermeasure; accuracy 0.75"
    )


def test_a_model_that_was_not_tested_has_no_figure(model: Model) -> None:
    assert held_out(replace(model, evaluation={})) == ""


def test_a_card_without_a_test_claims_no_score(model: Model) -> None:
    text = card(replace(model, evaluation={}), title="模型", data=["A."], limits=["B."])

    assert "F1" not in text
    assert text.startswith("# 模型\n")


def test_fewer_than_eight_documents_are_said_to_give_no_interval(written: str) -> None:
    assert "\nWith fewer than 8 documents no interval can be given.\n" in written


def test_the_card_says_that_one_document_a_year_shows_no_change(written: str) -> None:
    assert "support no statement about change over time." in written


def test_the_card_names_the_digest_of_every_input(model: Model, written: str) -> None:
    lines = [f"- {name}: `{value}`" for name, value in sorted(model.inputs.items())]

    assert written.splitlines()[-len(lines) :] == lines


def test_the_card_does_not_name_machine_or_day(model: Model, written: str) -> None:
    assert str(model.provenance["date"]) not in written
    assert str(model.provenance["machine"]) not in written
