"""Tests of `stance.model.classify`."""

from itertools import repeat

import numpy as np
import pytest

from stance.model.classify import classify
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
