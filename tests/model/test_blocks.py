"""Tests of `stance.model.blocks`."""

import pytest

from stance.corpus.document import Passage
from stance.corpus.terms import NO_TERMS, TermTable
from stance.corpus.tokens import analyse
from stance.model.blocks import NO_CUE, features, occurrences
from stance.model.project import Project

EN = "The trade war hit the market: café “exams” rose."
ZH = "贸易战冲击市场，“考试”　增多。"
MIXED = "关税 (tariff) 与ｅｘａｍ market。"


def test_words_are_tokens_and_pairs_of_neighbours() -> None:
    found = features("Tariffs rose again", block="words", terms=NO_TERMS)

    assert found == ["tariff", "rose", "again", "tariff rose", "rose again"]


def test_chinese_words_are_tokens_and_pairs_of_neighbours() -> None:
    found = features("扩大合作", block="words", terms=NO_TERMS)

    assert found == ["扩大", "合作", "扩大 合作"]


def test_a_protected_term_is_one_word(small_terms: TermTable) -> None:
    found = features("the trade war", block="words", terms=small_terms)

    assert found == ["the", "trade_war@en", "the trade_war@en"]


def test_forms_are_words_as_written_in_lower_case_with_pairs_and_triples() -> None:
    found = features("Tariffs rose, 合作", block="forms", terms=NO_TERMS)

    assert found == [
        "tariffs",
        "rose",
        "合作",
        "tariffs rose",
        "rose 合作",
        "tariffs rose 合作",
    ]


def test_a_protected_term_is_one_form(small_terms: TermTable) -> None:
    found = features("Trade  War", block="forms", terms=small_terms)

    assert found == ["trade_war@en"]


def test_cues_are_counted_by_label_role_and_language(small_terms: TermTable) -> None:
    found = features("贸易战 hit the market", block="cues", terms=small_terms)

    assert sorted(found) == [
        *[NO_CUE] * 4,
        "trade/cue",
        "trade/cue@zh",
        "trade/lean",
        "trade/lean@en",
    ]


def test_a_cue_of_two_words_is_no_other_token(small_terms: TermTable) -> None:
    found = features("a school exam", block="cues", terms=small_terms)

    assert found == ["school/cue", "school/cue@en"]


def test_a_neutral_term_is_no_cue(small_terms: TermTable) -> None:
    found = features("vaccines, 疫苗", block="cues", terms=small_terms)

    assert found == [NO_CUE] * 4


def test_a_cue_has_one_feature_in_common_with_the_other_language(
    small_terms: TermTable,
) -> None:
    english = features("a tariff", block="cues", terms=small_terms)
    chinese = features("关税", block="cues", terms=small_terms)

    assert set(english) & set(chinese) == {"trade/cue"}


def test_chars_are_runs_of_two_to_four_in_lower_case() -> None:
    found = features("Aß合作", block="chars", terms=NO_TERMS)

    assert found == ["aß", "ß合", "合作", "aß合", "ß合作", "aß合作"]


def test_a_letter_that_is_two_in_lower_case_keeps_its_place() -> None:
    found = features("İST", block="chars", terms=NO_TERMS)

    assert found == ["İs", "st", "İst"]


def test_white_space_is_one_character_of_a_run() -> None:
    found = features("a\tb", block="chars", terms=NO_TERMS)

    assert found == ["a ", " b", "a b"]


@pytest.mark.parametrize("block", ["words", "forms", "cues", "chars"])
def test_an_empty_text_has_no_features(block: str, small_terms: TermTable) -> None:
    assert features("", block=block, terms=small_terms) == []


@pytest.mark.parametrize("text", [EN, ZH, MIXED])
@pytest.mark.parametrize("block", ["words", "forms", "cues", "chars"])
def test_every_occurrence_has_a_place_in_the_view(
    text: str, block: str, small_terms: TermTable
) -> None:
    analysis = analyse(text, small_terms)

    places = [(start, end) for _, start, end in occurrences(analysis, block)]

    assert places != []
    assert all(0 <= start < end <= len(analysis.view.text) for start, end in places)


@pytest.mark.parametrize("text", [EN, ZH, MIXED])
@pytest.mark.parametrize("block", ["words", "forms", "cues", "chars"])
def test_features_are_the_names_of_the_occurrences(
    text: str, block: str, small_terms: TermTable
) -> None:
    found = occurrences(analyse(text, small_terms), block)

    assert features(text, block=block, terms=small_terms) == [f for f, _, _ in found]


def test_every_frame_of_the_seeds_has_cues_in_both_languages(seeds: Project) -> None:
    text = " ".join(unit.text for unit in seeds.corpus.paragraphs)

    found = set(features(text, block="cues", terms=seeds.terms))

    assert {
        "cooperation/cue@en",
        "cooperation/cue@zh",
        "competition/cue@en",
        "competition/cue@zh",
        "countermeasure/cue@en",
        "countermeasure/cue@zh",
        NO_CUE,
    } <= found


AIMED = Passage(
    "Tariffs must fall, 关税必须下降",
    before="Exports rose.",
    after="出口增长。",
    target="The Tariffs",
)


def test_context_is_the_tokens_of_both_neighbours_and_none_of_the_text() -> None:
    found = features(AIMED, block="context", terms=NO_TERMS)

    assert found == ["export", "rose", "出口", "增长"]


def test_a_term_of_the_table_is_one_word_of_the_context(small_terms: TermTable) -> None:
    found = features(
        Passage("One.", before="A trade war", after="贸易战"),
        block="context",
        terms=small_terms,
    )

    assert found == ["trade_war@en", "trade_war@zh"]


def test_what_is_counted_of_the_text_does_not_depend_on_its_neighbours() -> None:
    found = features(AIMED, block="words", terms=NO_TERMS)

    assert found == features(AIMED.text, block="words", terms=NO_TERMS)


def test_a_target_is_counted_alone_joined_and_masked() -> None:
    passage = Passage("Tariffs rose", target="The Tariff")

    found = features(passage, block="target", terms=NO_TERMS)

    assert found == [
        "The Tariff",
        "tariff: tariffs",
        "tariff: rose",
        "<target> <target>",
        "<target> rose",
        "<target> <target> rose",
    ]


def test_a_chinese_target_is_counted_alone_joined_and_masked() -> None:
    passage = Passage("反对关税", target="关税")

    found = features(passage, block="target", terms=NO_TERMS)

    assert found == [
        "关税",
        "关税: 反对",
        "关税: 关税",
        "<target> 反对",
        "<target> <target>",
        "<target> 反对 <target>",
    ]


@pytest.mark.parametrize("target", ["the", "……", "Ψ"])
def test_a_target_without_meaning_masks_nothing(target: str) -> None:
    found = features(Passage("the tax", target=target), block="target", terms=NO_TERMS)

    assert found == [target, "<target> the", "<target> tax", "<target> the tax"]


@pytest.mark.parametrize("block", ["context", "target"])
@pytest.mark.parametrize("text", [EN, ZH, MIXED, ""])
def test_a_text_alone_has_neither_context_nor_target(text: str, block: str) -> None:
    assert features(text, block=block, terms=NO_TERMS) == []
    assert features(Passage(text), block=block, terms=NO_TERMS) == []


def test_what_stands_in_no_place_of_the_text_has_place_zero() -> None:
    analysis = analyse(AIMED, NO_TERMS)

    found = [
        *occurrences(analysis, "context"),
        *[o for o in occurrences(analysis, "target") if o[0] == AIMED.target],
    ]

    assert len(found) == 5
    assert {(start, end) for _, start, end in found} == {(0, 0)}


def test_what_is_joined_with_the_target_stands_where_the_text_has_it() -> None:
    found = occurrences(analyse(Passage("反对关税", target="关税")), "target")

    assert found[1:3] == [("关税: 反对", 0, 2), ("关税: 关税", 2, 4)]
