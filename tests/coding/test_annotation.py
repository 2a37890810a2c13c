"""Tests of `stance.coding.annotation`."""

from dataclasses import replace

import pytest

from stance.coding.annotation import Annotation, problems
from stance.corpus.document import text_digest
from stance.model.project import Project
from stance.testing import corpus

EN = "Both sides agreed to ease the export controls on machine tools next year."
ZH = "双方同意明年放宽对机床的出口管制，“扩大开放”，加强科技合作。"
CORPUS = corpus(EN, ZH)
FIRST = Annotation(
    event="a-1",
    unit_id="text-1:p001",
    digest=text_digest(EN),
    variable="frame",
    label="cooperation",
    coder="a",
    at="2026-01-01T00:00:00Z",
    path="annotations/a.jsonl",
    line=14,
)
SECOND = replace(
    FIRST, event="a-2", unit_id="text-2:p001", digest=text_digest(ZH), line=15
)


def test_the_seeds_have_no_problems(seeds: Project) -> None:
    found = problems(seeds.annotations, seeds.codebook, seeds.corpus)

    assert found == []


def test_labels_that_fit_are_no_problem(seeds: Project) -> None:
    found = problems([FIRST, SECOND], seeds.codebook, CORPUS)

    assert found == []


def test_an_unknown_label_is_named_with_the_nearest(seeds: Project) -> None:
    wrong = replace(FIRST, label="competiton")

    found = problems([wrong], seeds.codebook, CORPUS)

    assert [str(problem) for problem in found] == [
        "annotations/a.jsonl:14: label 'competiton' is not in codebook "
        "'us-china-tech' 1.0\n"
        "  did you mean 'competition'? labels: cooperation, competition, "
        "countermeasure, none"
    ]


def test_a_label_near_to_none_is_named_with_all_labels(seeds: Project) -> None:
    wrong = replace(SECOND, label="竞争")

    found = problems([wrong], seeds.codebook, CORPUS)

    assert [problem.hint.split(": ")[1] for problem in found] == [
        "cooperation, competition, countermeasure, none"
    ]


def test_an_unknown_variable_is_named_with_the_nearest(seeds: Project) -> None:
    wrong = replace(FIRST, variable="fram")

    found = problems([wrong], seeds.codebook, CORPUS)

    assert [str(problem) for problem in found] == [
        "annotations/a.jsonl:14: variable 'fram' is not in codebook "
        "'us-china-tech' 1.0\n"
        "  did you mean 'frame'? choices: frame, secondary, kind, actor, confidence"
    ]


def test_an_unknown_paragraph_is_named_with_the_nearest_document(
    seeds: Project,
) -> None:
    wrong = replace(SECOND, unit_id="txt-2:p009")

    found = problems([wrong], seeds.codebook, CORPUS)

    assert [str(problem) for problem in found] == [
        "annotations/a.jsonl:15: paragraph 'txt-2:p009' is not in the corpus\n"
        "  did you mean 'text-2'? choices: text-1, text-2"
    ]


@pytest.mark.parametrize(("coded", "text"), [(FIRST, EN), (SECOND, ZH)])
def test_a_text_changed_since_is_named_with_both_digests(
    seeds: Project, coded: Annotation, text: str
) -> None:
    old = replace(coded, digest="0123456789abcdef")

    found = problems([old], seeds.codebook, CORPUS)

    assert [str(problem).splitlines() for problem in found] == [
        [
            f"annotations/a.jsonl:{old.line}: paragraph {old.unit_id!r} has changed "
            "since it was coded",
            f"  the coder saw text 012345…, the corpus now has "
            f"{text_digest(text)[:6]}…; recode it, or restore the text",
        ]
    ]


@pytest.mark.parametrize("text", [EN, "双方 同意\n放宽管制，加强合作。"])
def test_other_line_breaks_are_no_change(seeds: Project, text: str) -> None:
    coded = replace(FIRST, digest=text_digest(text.replace(" ", "\n  ")))

    found = problems([coded], seeds.codebook, corpus(text))

    assert found == []


def test_a_withdrawn_label_is_no_problem(seeds: Project) -> None:
    withdrawn = replace(FIRST, label="")

    found = problems([withdrawn], seeds.codebook, CORPUS)

    assert found == []


def test_problems_come_in_the_order_of_the_labels(seeds: Project) -> None:
    wrong = [replace(SECOND, label="x"), FIRST, replace(FIRST, unit_id="y:p001")]

    found = problems(wrong, seeds.codebook, CORPUS)

    assert [problem.line for problem in found] == [15, 14]
