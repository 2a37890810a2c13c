"""Tests of `stance.model.blocks`."""

import pytest

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


def test_forms_are_words_as_written_in_lower_case() -> None:
    found = features("Tariffs rose, 合作", block="forms", terms=NO_TERMS)

    assert found == ["tariffs", "rose", "合作", "tariffs rose", "rose 合作"]


def test_a_protected_term_is_one_form(small_terms: TermTable) -> None:
    found = features("Trade  War", block="forms", terms=small_terms)

    assert found == ["trade_war@en"]


def test_cues_are_counted_by_label_and_language(small_terms: TermTable) -> None:
    found = features("贸易战 hit the market", block="cues", terms=small_terms)

    assert sorted(found) == [NO_CUE, NO_CUE, "trade@en", "trade@zh"]


def test_a_cue_of_two_words_is_no_other_token(small_terms: TermTable) -> None:
    found = features("a school exam", block="cues", terms=small_terms)

    assert found == ["school@en"]


def test_a_neutral_term_is_no_cue(small_terms: TermTable) -> None:
    found = features("vaccines, 疫苗", block="cues", terms=small_terms)

    assert found == [NO_CUE, NO_CUE]


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
        "cooperation@en",
        "cooperation@zh",
        "competition@en",
        "competition@zh",
        "countermeasure@en",
        "countermeasure@zh",
        NO_CUE,
    } <= found
