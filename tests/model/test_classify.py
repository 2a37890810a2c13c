"""Tests of `stance.model.classify`."""

from itertools import repeat

import numpy as np
import pytest

from stance.coding.labelled import LabelledSet
from stance.corpus.document import Passage
from stance.model.abstain import Thresholds
from stance.model.classify import classify, predict
from stance.model.model import Model
from stance.model.project import Project
from stance.model.score import probabilities
from stance.testing import paragraph

EN = "The two governments signed an agreement on joint research."
ZH = "两国政府签署了联合研究协议，同意加强合作。"
MIXED = "双方签署 memorandum of understanding，加强 cooperation。"


@pytest.mark.parametrize("text", [EN, ZH, MIXED])
def test_a_paragraph_gets_its_likeliest_label(model: Model, text: str) -> None:
    (row,) = classify([paragraph(text)], model)

    expected = probabilities(model, [text])[0]
    assert row.proba == tuple(expected)
    assert row.label == model.labels.names[expected.argmax()]
    assert not row.abstained


@pytest.mark.parametrize("text", [EN, ZH, MIXED])
def test_a_label_comes_with_evidence_from_the_text(model: Model, text: str) -> None:
    (row,) = classify([paragraph(text)], model)

    assert row.evidence != ()
    assert all(text[i.start : i.end] == i.term for i in row.evidence)


@pytest.mark.parametrize(
    "text", ["Россия и Китай подписали соглашение о сотрудничестве.", "Ψ", "……"]
)
def test_a_text_without_known_terms_is_abstained_from(model: Model, text: str) -> None:
    (row,) = classify([paragraph(text)], model)

    assert row.abstained
    assert (row.label, row.proba, row.evidence) == ("", (), ())


@pytest.mark.parametrize("kind", ["heading", "boilerplate", "reference"])
@pytest.mark.parametrize("text", [EN, ZH])
def test_what_is_not_content_gets_no_label(model: Model, kind: str, text: str) -> None:
    (row,) = classify([paragraph(text, kind=kind)], model)

    assert (row.label, row.proba, row.evidence) == ("", (), ())
    assert not row.abstained


def test_a_summary_gets_a_label(model: Model) -> None:
    (row,) = classify([paragraph(ZH, kind="summary")], model)

    assert row.label in model.labels.names


def test_seed_paragraphs_are_marked_as_seen(seeds: Project, model: Model) -> None:
    content = [unit for unit in seeds.corpus.paragraphs if unit.counted]

    rows = list(classify(content, model))

    assert len(rows) == 124
    assert all(row.seen for row in rows)


def test_new_paragraphs_are_not_marked_as_seen(model: Model) -> None:
    rows = classify([paragraph(EN), paragraph(ZH)], model)

    assert [row.seen for row in rows] == [False, False]


def test_every_seed_paragraph_has_a_row_in_its_order(
    seeds: Project, model: Model
) -> None:
    units = seeds.corpus.paragraphs

    rows = classify(units, model)

    assert [row.unit.id for row in rows] == [unit.id for unit in units]


def test_seed_headings_get_no_label(seeds: Project, model: Model) -> None:
    headings = seeds.corpus.select(kinds={"heading"}).paragraphs

    rows = list(classify(headings, model))

    assert len(rows) > 0
    assert {row.label for row in rows} == {""}


def test_evidence_is_no_longer_than_asked(model: Model) -> None:
    (row,) = classify([paragraph(EN)], model, n_evidence=1)

    assert len(row.evidence) == 1


def test_paragraphs_are_read_one_at_a_time(model: Model) -> None:
    endless = repeat(paragraph(ZH))

    first = next(iter(classify(endless, model)))

    assert first.label != ""


def test_probabilities_stand_in_the_order_of_the_labels(five_labels: Model) -> None:
    texts = [
        "关税与出口",
        "The teacher, the pupil",
        "医生与护士",
        "the coach",
        "下雨与大风",
    ]

    rows = classify([paragraph(text) for text in texts], five_labels)

    assert [int(np.argmax(row.proba)) for row in rows] == [0, 1, 2, 3, 4]


def test_a_passage_is_labelled_with_its_neighbours_and_target(
    passage_model: Model,
) -> None:
    read = Passage("In 2010 it rose.", "the teacher and the pupil", "考试", "the exams")

    (row,) = classify([paragraph(read.text)], passage_model, passages=[read])

    assert row.proba == tuple(probabilities(passage_model, [read])[0])
    assert row.proba != tuple(probabilities(passage_model, [read.text])[0])
    assert row.passage == read


def test_passages_that_are_not_those_of_the_units_are_refused(
    passage_model: Model,
) -> None:
    units = [paragraph(EN), paragraph(ZH)]

    with pytest.raises(ValueError, match="shorter"):
        list(classify(units, passage_model, passages=[Passage(EN)]))


def limits(model: Model, language: str, score: float) -> Thresholds:
    """Return thresholds that keep what has a probability of 1 - score at least."""
    n = len(model.labels.names)
    return Thresholds(
        model.labels, 0.9, (language,), np.full((1, n), score), np.full((1, n), 99)
    )


def test_a_unit_whose_set_holds_one_label_gets_it(five_labels: Model) -> None:
    text = "关税与出口"
    top = probabilities(five_labels, [text])[0].max()
    found = limits(five_labels, "zh", 1 - top)

    (row,) = classify([paragraph(text)], five_labels, thresholds=found)

    assert (row.label, row.abstained) == ("trade", False)


@pytest.mark.parametrize("score", [-1.0, 1.0])
def test_a_unit_whose_set_holds_none_or_many_gets_no_label_and_its_evidence(
    five_labels: Model, score: float
) -> None:
    text = "关税与出口"
    found = limits(five_labels, "zh", score)

    (row,) = classify([paragraph(text)], five_labels, thresholds=found)

    (plain,) = classify([paragraph(text)], five_labels)
    assert (row.label, row.abstained) == ("", True)
    assert (row.proba, row.evidence) == (plain.proba, plain.evidence)


def test_a_language_without_thresholds_is_abstained_from(five_labels: Model) -> None:
    found = limits(five_labels, "zh", 0.5)

    (row,) = classify([paragraph("the tariff")], five_labels, thresholds=found)

    assert row.abstained


def test_predictions_of_a_model_are_its_probabilities_out_of_no_fold(
    passage_model: Model,
) -> None:
    read = [Passage(EN), Passage(ZH, before="考试", target="出口管制"), Passage("")]

    found = predict(passage_model, ["文1", "文2", "文3"], read)

    assert found.unit_ids == ("文1", "文2", "文3")
    assert np.array_equal(found.proba, probabilities(passage_model, read))
    assert found.fold.tolist() == [-1, -1, -1]
    assert not found.abstained.any()


def test_predictions_mark_the_texts_that_were_trained_on(
    passage_data: LabelledSet, passage_model: Model
) -> None:
    own = passage_data.passages[3]

    found = predict(passage_model, ["a", "b"], [Passage(EN), Passage(own.text)])

    assert found.seen.tolist() == [False, True]


def test_every_prediction_is_counted(passage_model: Model) -> None:
    steps: list[int] = []

    predict(passage_model, ["a", "b"], [Passage(EN), Passage(ZH)],
            steps.append)  # fmt: skip

    assert sum(steps) == 2


def test_targets_that_training_did_not_have_are_listed(passage_model: Model) -> None:
    found = passage_model.unseen_targets(
        ["出口管制", "疫苗", "Tariff ban", "tariff ban", "疫苗"]
    )

    assert found == ["tariff ban", "疫苗"]


def test_a_model_that_reads_no_targets_lacks_none(five_labels: Model) -> None:
    assert five_labels.unseen_targets(["出口管制"]) == []


def test_a_model_says_what_it_reads(passage_model: Model, five_labels: Model) -> None:
    assert (passage_model.context, passage_model.targeted) == (1, True)
    assert (five_labels.context, five_labels.targeted) == (0, False)
