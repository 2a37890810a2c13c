"""Tokens stand in order, whole terms first, with places in the view."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.corpus.terms import TermTable
from stance.corpus.tokens import (
    JIEBA_DICTIONARY,
    analyse,
    dictionary_digest,
    jieba_cutter,
    tokenizer_name,
)

FILLERS = (
    "的",
    " ",
    "。",
    "a",
    "U.S. ",
    "\u200b",
    "3",
    "_",
    "’s",
    "e\u0301",
    "\n",
    "国",
    "，",
)


def forms(text: str, table: TermTable) -> list[str]:
    """Return the forms of the tokens of a text."""
    return [token.form for token in analyse(text, table).tokens]


def text_with(terms: TermTable) -> st.SearchStrategy[str]:
    """Return texts of forms of a table, glued together or with a little between."""
    found = [form.removesuffix("*") for t in terms.terms for form in t.en + t.zh]
    pieces = st.one_of(st.sampled_from(found), st.sampled_from(FILLERS))
    return st.lists(pieces, max_size=8).map("".join)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Easing export controls", ["eas", "export", "control"]),
        ("中国应当扩大对外合作。", ["中国", "应当", "扩大", "对外", "合作"]),
        ("实体清单 (Entity List)", ["实体", "清单", "entiti", "list"]),
        ("", []),
        ("“Ｔｅｃｈ　ｗａｒ”，cafe\u0301s！", ["tech", "war", "café"]),
        ("The U.S. isn’t a 5G state", ["the", "us", "isn", "5g", "state"]),
        ("a I x", []),
        ("在2018年", ["在", "2018", "年"]),
        ("全球价值链的地\n位", ["全球", "价值链", "的", "地位"]),
    ],
)
def test_words_are_stems_and_han_runs_are_cut(text: str, tokens: list[str]) -> None:
    assert [token.form for token in analyse(text).tokens] == tokens


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("他们建起小院高墙对付对手", "small_yard_high_fence@zh"),
        ("关于出口管制的措施", "export_control@zh"),
        ("列入实体清单的企业", "entity_list@zh"),
        ("运用技术权力的国家", "technological_power@zh"),
        ("卡脖子的问题", "卡脖子"),
        ("a small yard, high fence policy", "small_yard_high_fence@en"),
        ("a “Small Yard,\nHigh Fence” policy", "small_yard_high_fence@en"),
    ],
)
def test_a_term_of_the_debate_is_one_token(
    text: str, token: str, seed_terms: TermTable
) -> None:
    assert forms(text, seed_terms).count(token) == 1


@pytest.mark.parametrize(
    "parts", [{"小院", "高墙"}, {"出口", "管制"}, {"实体", "清单"}, {"技术", "权力"}]
)
def test_no_part_of_a_protected_term_is_a_token(
    parts: set[str], seed_terms: TermTable
) -> None:
    found = forms("小院高墙、出口管制、实体清单、技术权力", seed_terms)

    assert parts.isdisjoint(found)


def test_a_lean_is_counted_and_its_words_are_cut(seed_terms: TermTable) -> None:
    found = analyse("双方的合作", seed_terms)

    assert "cooperation" in {match.term.concept for match in found.matches}
    assert "合作" in {token.form for token in found.tokens}


def test_what_a_protected_term_leaves_of_a_word_is_a_token(
    seed_terms: TermTable,
) -> None:
    assert forms("其中国有企业", seed_terms) == ["其中", "state_owned_enterprise@zh"]


def test_tokens_of_every_sort_of_text_are_slices_of_the_view(
    text: str, seed_terms: TermTable
) -> None:
    found = analyse(text, seed_terms)

    slices = [found.view.text[token.start : token.end] for token in found.tokens]

    assert all(slices)


@given(data=st.data())
def test_tokens_are_in_order_and_disjoint(
    data: st.DataObject, seed_terms: TermTable
) -> None:
    text = data.draw(text_with(seed_terms))

    found = analyse(text, seed_terms).tokens

    assert all(a.end <= b.start for a, b in pairwise(found))


@given(data=st.data())
def test_matches_of_terms_do_not_overlap(
    data: st.DataObject, seed_terms: TermTable
) -> None:
    text = data.draw(text_with(seed_terms))

    found = analyse(text, seed_terms).matches

    assert all(a.end <= b.start for a, b in pairwise(found))


@given(data=st.data())
def test_every_protected_match_is_one_token(
    data: st.DataObject, seed_terms: TermTable
) -> None:
    text = data.draw(text_with(seed_terms))

    found = analyse(text, seed_terms)

    protected = {(m.start, m.end) for m in found.matches if m.protected}
    assert protected <= {(token.start, token.end) for token in found.tokens}


@given(data=st.data())
def test_an_invisible_character_hides_no_term(
    data: st.DataObject, seed_terms: TermTable
) -> None:
    text = data.draw(text_with(seed_terms))
    at = data.draw(st.integers(0, len(text)))

    changed = (
        text[:at]
        + data.draw(st.sampled_from("\u200b\u00ad\u2060\ufeff\u202a"))
        + (text[at:])
    )

    assert forms(changed, seed_terms) == forms(text, seed_terms)


def test_a_long_run_of_han_loses_no_character() -> None:
    run = "中国应当扩大对外合作" * 250

    found = analyse(run).tokens

    assert "".join(token.form for token in found) == run


def test_a_giant_word_is_cut_off_and_keeps_its_place() -> None:
    (token,) = analyse("x" * 100_000).tokens

    assert (len(token.form), token.start, token.end) == (64, 0, 100_000)


def test_the_tokenizer_is_named_by_its_parts(seed_terms: TermTable) -> None:
    assert (
        tokenizer_name(seed_terms).split("/")[0] == "stance-1+snowball-en+jieba-0.42.1"
    )


def test_other_terms_make_another_tokenizer(seed_terms: TermTable) -> None:
    changed = TermTable(seed_terms.terms, seed_terms.source + b"\n")

    assert tokenizer_name(changed) != tokenizer_name(seed_terms)


def test_the_dictionary_is_the_one_in_the_name() -> None:
    assert dictionary_digest() == JIEBA_DICTIONARY


def test_the_slower_cutter_gives_the_same_words() -> None:
    assert list(jieba_cutter()("中国应当扩大对外合作")) == [
        "中国",
        "应当",
        "扩大",
        "对外",
        "合作",
    ]
