"""Tests of `stance.measure.words`."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from stance.corpus.terms import TermTable, parse_terms
from stance.corpus.tokens import analyse
from stance.measure.words import TermCounts, count_terms, dispersion

TABLE = """\
concept,en,zh,frame,role,note
win_win,win-win,共赢|双赢,cooperation,cue,
tariff,tariff*,关税,competition,lean,
entity_list,Entity List,实体清单,,domain,
"""
PIECES = [
    "win-win ", "Tariffs ", "tariff ", "实体清单", "关税", "双赢", "the Entity List ",
    "policies ", "policy ", "，", "“", "ｃｈｉｐｓ ", "cafe\u0301 ", "", "中国",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)


@pytest.fixture(scope="module")
def table() -> TermTable:
    return parse_terms(TABLE.encode())


def column(found: TermCounts, term: str) -> list[int]:
    counts: list[int] = found.counts[:, found.terms.index(term)].toarray().T[0].tolist()
    return counts


def test_texts_of_one_document_are_added_up() -> None:
    found = count_terms(["chips rose", "合作", "chips fell"], ["a", "b", "a"])

    assert found.documents == ("a", "b")
    assert column(found, "chip") == [2, 0]
    assert column(found, "合作") == [0, 1]
    assert found.tokens.tolist() == [4, 1]


def test_a_stem_is_shown_by_its_commonest_form_in_lower_case() -> None:
    found = count_terms(["Policies differ.", "The policy: POLICY"], ["a", "b"])

    assert dict(zip(found.terms, found.forms, strict=True))["polici"] == "policy"


def test_of_two_forms_as_common_the_first_in_the_alphabet_is_shown() -> None:
    found = count_terms(["policy policies"], ["a"])

    assert found.forms == ("policies",)


def test_a_term_of_the_table_is_shown_by_its_concept(table: TermTable) -> None:
    found = count_terms(["The Entity List", "列入实体清单"], ["a", "b"], terms=table)

    shown = dict(zip(found.terms, found.forms, strict=True))
    assert shown["entity_list@en"] == shown["entity_list@zh"] == "entity_list"


def test_words_are_english_or_chinese(table: TermTable) -> None:
    found = count_terms(["rose win-win 双赢 合作"], ["a"], terms=table)

    said = dict(zip(found.terms, found.languages, strict=True))
    assert said == {"rose": "en", "win_win@en": "en", "win_win@zh": "zh", "合作": "zh"}


def test_a_concept_joins_english_and_chinese(table: TermTable) -> None:
    texts = ["A win-win deal on tariffs", "双赢，共赢；关税"]

    found = count_terms(texts, ["en", "zh"], terms=table, by_concept=True)

    assert found.terms == found.forms == ("tariff", "win_win")
    assert found.languages == ("both", "both")
    assert found.counts.toarray().tolist() == [[1, 1], [1, 2]]
    assert found.tokens[0] == len(analyse(texts[0], table).tokens)


def test_matches_that_are_not_protected_count_by_concept(table: TermTable) -> None:
    plain = count_terms(["tariffs 关税"], ["a"], terms=table)
    joined = count_terms(["tariffs 关税"], ["a"], terms=table, by_concept=True)

    assert "tariff" in plain.terms
    assert "关税" in plain.terms
    assert joined.counts.toarray().tolist() == [[2]]


def test_pairs_are_of_neighbouring_tokens(table: TermTable) -> None:
    texts = ["Tariffs hurt", "反对 双赢"]

    found = count_terms(texts, ["a", "b"], terms=table, pairs=True)

    assert column(found, "tariff hurt") == [1, 0]
    assert column(found, "反对 win_win@zh") == [0, 1]
    assert found.forms[found.terms.index("反对 win_win@zh")] == "反对 win_win"
    assert found.languages[found.terms.index("反对 win_win@zh")] == "zh"
    assert found.tokens.tolist() == [2, 2]


def test_no_texts_and_empty_texts_give_empty_counts() -> None:
    nothing, empty = count_terms([], []), count_terms(["", "…"], ["a", "b"])

    assert nothing.counts.shape == (0, 0)
    assert empty.counts.shape == (2, 0)
    assert empty.tokens.tolist() == [0, 0]


def test_as_many_documents_as_texts_are_needed() -> None:
    with pytest.raises(ValueError, match="zip"):
        count_terms(["one", "two"], ["a"])


def test_counts_that_do_not_fit_are_refused() -> None:
    counts = csr_matrix(np.ones((2, 1)))

    with pytest.raises(ValueError, match=r"\(2, 1\).*3 documents and 1 terms"):
        TermCounts(("w",), ("w",), ("en",), counts, ("a", "b", "c"), np.ones(3))
    with pytest.raises(ValueError, match="as many as terms"):
        TermCounts(("w",), (), ("en",), counts, ("a", "b"), np.ones(2))


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_counts_of_single_tokens_add_up_to_all_tokens(texts: list[str]) -> None:
    documents = [f"d{n}" for n in range(len(texts))]

    found = count_terms(texts, documents, terms=parse_terms(TABLE.encode()))

    sums = np.asarray(found.counts.sum(axis=1)).ravel()
    assert sums.tolist() == found.tokens.tolist()
    assert list(found.terms) == sorted(set(found.terms))


@given(st.lists(TEXTS, min_size=2, max_size=4))
def test_the_order_of_texts_changes_no_count(texts: list[str]) -> None:
    first = count_terms(texts, ["a"] * len(texts), pairs=False)
    second = count_terms(texts[::-1], ["a"] * len(texts), pairs=False)

    assert first.terms == second.terms
    assert first.forms == second.forms
    assert (first.counts != second.counts).nnz == 0


def test_dispersion_of_gries_example_is_the_published_one() -> None:
    """Five parts of 9, 10, 10, 10, 11 words hold a word 1 to 5 times: DP is .18.

    Gries, S. Th. (2020). Analyzing dispersion. In Paquot and Gries (eds.), *A Practical
    Handbook of Corpus Linguistics*, section 5.2.1.
    """
    counts = csr_matrix(np.arange(1, 6)[:, None])

    found = dispersion(counts, np.array([9, 10, 10, 10, 11]))

    assert 1 - found == pytest.approx([0.18])


def test_dispersion_of_lynes_allemand_is_the_published_one() -> None:
    """Lyne (1985), p. 85 and p. 299; DP .4990705 as printed by the R package tlda."""
    counts = csr_matrix(np.array([2, 0, 1, 1, 3, 0, 3, 0, 0, 0])[:, None])
    sizes = [8143, 8058, 8271, 8125, 7959, 7941, 8146, 8001, 8003, 7930]

    found = dispersion(counts, np.array(sizes))

    assert 1 - found == pytest.approx([0.4990705], abs=5e-8)


def test_an_even_word_has_dispersion_one_and_an_absent_word_none() -> None:
    counts = csr_matrix([[1, 0, 3], [2, 0, 0]])

    found = dispersion(counts, np.array([50, 100]))

    assert found == pytest.approx([1, np.nan, 1 / 3], nan_ok=True)
