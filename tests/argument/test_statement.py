"""The statement table: every sentence of the content, and what stands in its row."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.argument.statement import links_of, statements
from stance.corpus.sentences import sentences
from stance.corpus.terms import NO_TERMS
from stance.model.project import Project
from stance.testing import corpus, paragraph

PIECES = (
    "Zhou Liujun said that exports will grow. ", "“Exports fell,” he said. ",
    "However, we should cooperate with Japan. ", "美方加强管制。",
    "他表示，合作对双方有利。", "因此，双方应当取消关税。", "“合作共赢！”",
    "For example, sales rose by 8 %. ", "cafe\u0301. ",
    "\n", "\u3000", "Ｕ．Ｓ． ", "?!", "’",
)  # fmt: skip


def test_a_row_says_what_a_sentence_does() -> None:
    text = "However, China will cooperate with Japan because markets are large."

    (row,) = statements(
        [paragraph(text)], terms=NO_TERMS, frames={"text-1:p001": "cooperation"},
        dates={"text-1": ("2012-12-07", "China Daily")},
    )  # fmt: skip

    assert (row.document_id, row.unit_id, row.number) == ("text-1", "text-1:p001", 1)
    assert (row.date, row.source, row.language) == ("2012-12-07", "China Daily", "en")
    assert (row.voice, row.holder, row.cue, row.role) == ("own", "", "", "claim")
    assert (row.actor, row.act, row.target) == ("China", "cooperate", "Japan")
    assert (row.polarity, row.plover, row.frame) == (
        "favor", "COOPERATE", "cooperation",
    )  # fmt: skip
    assert row.connectives == "However=contrast|because=cause"
    assert row.text == text


def test_a_chinese_row_has_the_same_columns() -> None:
    (row,) = statements(
        [paragraph("周柳军表示，美国应放宽对华出口管制。")], terms=NO_TERMS
    )

    assert (row.language, row.voice, row.holder, row.cue) == (
        "zh", "reported", "周柳军", "表示",
    )  # fmt: skip
    assert (row.role, row.stance) == ("claim", "favor")


def test_what_is_not_known_is_empty() -> None:
    (row,) = statements([paragraph("Prices rose.")], terms=NO_TERMS)

    assert (row.date, row.source, row.frame, row.connectives) == ("", "", "", "")
    assert (row.actor, row.act, row.target, row.polarity, row.plover) == ("",) * 5


def test_headings_and_furniture_have_no_statements() -> None:
    units = [
        paragraph("Trade and its limits.", kind="heading"),
        paragraph("Prices rose."),
        paragraph("点击下载。", kind="furniture"),
    ]

    assert [row.text for row in statements(units, terms=NO_TERMS)] == ["Prices rose."]


def test_a_denied_act_has_the_other_polarity_and_its_code() -> None:
    units = [
        paragraph("China will cooperate with Japan."),
        paragraph("China will not cooperate with Japan."),
        paragraph("The US should not restrict exports to China."),
        paragraph("美国不应限制对华出口。"),
    ]

    found = statements(units, terms=NO_TERMS)

    assert [row.polarity for row in found] == ["favor", "against", "favor", "favor"]
    assert [row.plover for row in found[:3]] == ["COOPERATE", "COOPERATE", "SANCTION"]


def test_a_holder_has_one_name_in_a_document_and_none_from_another() -> None:
    texts = corpus(
        "Zhou Liujun said that exports fell.\n\nZhou said that they will rise.",
        "Zhou said that imports fell.",
    )

    found = statements(texts.paragraphs, terms=NO_TERMS)

    assert [row.holder for row in found] == ["Zhou Liujun", "Zhou Liujun", "Zhou"]


def test_holders_are_known_over_documents_that_take_turns() -> None:
    texts = corpus(
        "Zhou Liujun said that exports fell.\n\nZhou said that they will rise.",
        "Zhou said that imports fell.",
    )
    first, second, other = texts.paragraphs

    found = statements([first, other, second], terms=NO_TERMS)

    assert [row.holder for row in found] == ["Zhou Liujun", "Zhou", "Zhou Liujun"]


def test_a_pronoun_is_nobody_whom_the_translation_named() -> None:
    units = [
        paragraph("商务部指出，出口下降了。", id="d:p001"),
        paragraph("It said that exports fell.", id="d:p002"),
    ]

    found = statements(units, terms=NO_TERMS)

    assert [row.holder for row in found] == ["商务部", "It"]


def test_the_role_does_not_depend_on_the_voice() -> None:
    """A view that is reported remains a claim: its holder's."""
    units = [
        paragraph("Both sides should cooperate."),
        paragraph("Zhou said that both sides should cooperate."),
    ]

    found = statements(units, terms=NO_TERMS)

    assert [row.voice for row in found] == ["own", "reported"]
    assert [row.role for row in found] == ["claim", "claim"]


def test_premises_lead_to_claims_of_their_own_paragraph() -> None:
    units = [
        paragraph("Sales rose. The controls will fail.", id="d:p001"),
        paragraph("For example, sales rose by 8 percent.", id="d:p002"),
        paragraph("出口下降了12%。因此，双方应当取消关税。", id="d:p003"),
    ]

    found = statements(units, terms=NO_TERMS)
    links = links_of(found)

    assert [(link.premise, link.claim, link.relation) for link in links] == [
        (3, 4, "result")
    ]
    assert found[3].text == "出口下降了12%。"


def test_no_paragraph_no_statement() -> None:
    assert statements([], terms=NO_TERMS) == ()
    assert statements([paragraph(" \n")], terms=NO_TERMS) == ()
    assert links_of(()) == ()


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_every_sentence_is_a_row_with_its_place(text: str) -> None:
    found = statements([paragraph(text)], terms=NO_TERMS)

    assert [(row.start, row.end) for row in found] == list(sentences(text))
    assert [row.text for row in found] == [text[row.start : row.end] for row in found]
    assert [row.number for row in found] == list(range(1, len(found) + 1))


@given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
def test_links_lead_from_row_to_another_row(text: str) -> None:
    units = [paragraph(text, id="d:p001"), paragraph(text, id="d:p002")]
    found = statements(units, terms=NO_TERMS)

    links = links_of(found)

    assert all(found[a.premise].unit_id == found[a.claim].unit_id for a in links)
    assert all(a.premise != a.claim and found[a.claim].role == "claim" for a in links)
    half = [a for a in links if found[a.premise].unit_id == "d:p001"]
    n = len(found) // 2
    assert links[len(half) :] == tuple(
        replace(a, premise=a.premise + n, claim=a.claim + n) for a in half
    )


def test_the_seeds_have_a_row_a_sentence_in_reading_order(seeds: Project) -> None:
    units = {unit.id: unit for unit in seeds.corpus.paragraphs}

    found = statements(seeds.corpus.paragraphs, terms=NO_TERMS)

    assert [row.text for row in found] == [
        units[row.unit_id].text[row.start : row.end] for row in found
    ]
    assert {row.unit_id for row in found} == {u.id for u in units.values() if u.counted}
    assert {row.language for row in found} == {"en", "zh"}
    assert not [row for row in found if row.voice == "own" and row.holder + row.cue]


@pytest.mark.parametrize(
    "text", ["商务部指出，" * 40 + "合作有利。", "a said that " * 200]
)
def test_a_long_sentence_is_one_row(text: str) -> None:
    assert len(statements([paragraph(text)], terms=NO_TERMS)) == 1


def test_the_stance_may_be_toward_the_cooperation_of_other_actors(
    seeds: Project,
) -> None:
    units = [paragraph("Japan and the European Union should expand cooperation.")]

    (own,) = statements(units, terms=seeds.terms, main=("Japan", "EU"))
    (other,) = statements(units, terms=seeds.terms)

    assert (own.stance, other.stance) == ("favor", "none")
