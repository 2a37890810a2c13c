"""Twins: which English and Chinese paragraphs say the same."""

import pytest

from stance.corpus.document import Corpus
from stance.testing import corpus

OTHERS = ["chinadaily-2012", "cass-2015", "globaltimes-2017", "raimondo-2023"]


def test_the_bilingual_seed_text_has_114_linked_paragraphs(seed_corpus: Corpus) -> None:
    paper = seed_corpus.select(documents={"gu-liu-2022"})

    linked = [unit for unit in paper.paragraphs if unit.twin]

    assert len(linked) == 114


@pytest.mark.parametrize("document", OTHERS)
def test_a_seed_text_in_one_language_has_no_twins(
    document: str, seed_corpus: Corpus
) -> None:
    units = seed_corpus.select(documents={document}).paragraphs

    assert {unit.twin for unit in units} == {""}


def test_every_twin_link_of_the_seeds_is_mutual(seed_corpus: Corpus) -> None:
    linked = [unit for unit in seed_corpus.paragraphs if unit.twin]

    assert [seed_corpus[unit.twin].twin for unit in linked] == [u.id for u in linked]


def test_twins_are_in_the_two_languages(seed_corpus: Corpus) -> None:
    linked = [unit for unit in seed_corpus.paragraphs if unit.twin]

    pairs = {(unit.language, seed_corpus[unit.twin].language) for unit in linked}

    assert pairs == {("en", "zh"), ("zh", "en")}


def test_twins_have_one_kind(seed_corpus: Corpus) -> None:
    linked = [unit for unit in seed_corpus.paragraphs if unit.twin]

    assert [seed_corpus[unit.twin].kind for unit in linked] == [u.kind for u in linked]


def test_twins_stand_side_by_side(seed_corpus: Corpus) -> None:
    linked = [unit for unit in seed_corpus.paragraphs if unit.twin]

    steps = {abs(seed_corpus[unit.twin].index - unit.index) for unit in linked}

    assert steps == {1}


def test_the_chinese_may_stand_before_the_english() -> None:
    texts = corpus("价格上涨了。\n\nPrices rose.\n\n销量下降了。\n\nSales fell.")

    twins = [unit.twin[-4:] for unit in texts.paragraphs]

    assert twins == ["p002", "p001", "p004", "p003"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Prices rose.\n\nSales fell.\n\nTrade grew.\n\nAll agreed.",
        "价格上涨了。\n\n销量下降了。\n\n贸易增长了。\n\n双方同意。",
        "Prices rose.\n\nSales fell.\n\n价格上涨了。\n\n销量下降了。",
        "Prices rose.\n\n价格上涨了。\n\nSales fell.\n\nTrade grew.",
        "“Prices rose”，价格上涨了。\n\n‘Cafe\u0301s’ grew，销量下降了！",
    ],
    ids=["empty", "english", "chinese", "one after the other", "one pair", "mixed"],
)
def test_a_text_that_is_not_bilingual_in_turns_has_no_twins(text: str) -> None:
    assert {unit.twin for unit in corpus(text).paragraphs} <= {""}


def test_a_heading_is_no_twin_of_a_sentence() -> None:
    texts = corpus(
        "Prices rose.\n\n价格上涨了。\n\nSales fell.\n\n销量下降了。\n\n"
        "Outlook for trade in the next year\n\n双方都很乐观。"
    )

    assert [unit.twin for unit in texts.paragraphs[4:]] == ["", ""]
