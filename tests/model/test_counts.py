"""Tests of `stance.model.counts`: what scikit-learn counts, in its order."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from stance.coding.codebook import LabelSet
from stance.coding.labelled import LabelledSet, Row, in_columns
from stance.corpus.document import Passage
from stance.corpus.terms import NO_TERMS, TermTable, parse_terms
from stance.model.blocks import SPECS, features
from stance.model.counts import LENGTHS, Counts, count, take

BLOCKS = ("words", "forms", "cues", "chars", "context", "target")
SPLIT_CONCEPT = b"concept,en,zh,frame,role,note\ntrade war,trade war,,,domain,\n"


def unlabelled(*texts: str | Passage) -> LabelledSet:
    """Return the set of some texts, each its own document."""
    rows = [
        Row(Passage(text) if isinstance(text, str) else text, "x", f"d{n}", f"u{n}",
            f"d{n}", "en")
        for n, text in enumerate(texts)
    ]  # fmt: skip
    return in_columns(LabelSet(("x", "y")), rows)


def differences(counts: Counts, terms: TermTable, block: str) -> list[str]:
    """Return in what the counts of a block are not scikit-learn's, to the bit."""
    min_df = SPECS[block].min_df
    texts = [features(p, block=block, terms=terms) for p in counts.data.passages]
    if not any(texts):
        return ["names"] * bool(len(counts.names[block]))
    theirs = CountVectorizer(analyzer=lambda found: found)
    every = theirs.fit_transform(texts)
    often = np.bincount(every.indices, minlength=every.shape[1]) >= min_df
    wanted = every[:, np.flatnonzero(often)]
    names = theirs.get_feature_names_out()[often].tolist()
    ours = counts.matrices[block]
    return ["names"] * (counts.names[block].tolist() != names) + [
        part
        for part in ("data", "indices", "indptr")
        if not np.array_equal(getattr(ours, part), getattr(wanted, part))
    ]


@pytest.mark.parametrize("block", ["words", "forms", "cues", "chars"])
def test_counts_are_those_of_scikit_learn_in_its_order(
    small_data: LabelledSet, small_terms: TermTable, block: str
) -> None:
    counts = count(small_data, small_terms, [(block,)])

    assert counts.matrices[block].nnz > 70
    assert differences(counts, small_terms, block) == []


@pytest.mark.parametrize("block", ["context", "target"])
def test_counts_of_passages_are_those_of_scikit_learn_in_its_order(
    passage_data: LabelledSet, small_terms: TermTable, block: str
) -> None:
    counts = count(passage_data, small_terms, [("words",)], [block])

    assert counts.matrices[block].nnz > 10
    assert differences(counts, small_terms, block) == []


@given(
    st.lists(
        st.one_of(
            st.text("ab 关税\n'İß", max_size=12),
            st.lists(
                st.sampled_from(["trade", "war", "Trade", "战", "tariffs", "a", "."]),
                max_size=9,
            ).map(" ".join),
            st.text(max_size=9),
        ),
        min_size=1,
        max_size=9,
    )
)
def test_counts_of_any_texts_are_those_of_scikit_learn(texts: list[str]) -> None:
    data = unlabelled(*(Passage(text, target="a trade") for text in texts))

    counts = count(data, NO_TERMS, [BLOCKS])

    for block in BLOCKS:
        assert differences(counts, NO_TERMS, block) == []


@pytest.mark.parametrize("block", ["words", "forms"])
def test_a_term_spelt_as_a_pair_of_words_is_counted_with_the_pair(block: str) -> None:
    """The concept of a table may hold a blank, which stands between words, too."""
    terms = parse_terms(SPLIT_CONCEPT)
    data = unlabelled("A trade war looms", "The trade war", "No trade war, no war")

    counts = count(data, terms, [(block,)])

    assert "trade war@en" in counts.names[block]
    assert differences(counts, terms, block) == []


def test_runs_do_not_reach_into_the_next_text() -> None:
    counts = count(unlabelled(*["alpha beta"] * 4), NO_TERMS, [("words", "chars")])

    assert counts.names["words"].tolist() == ["alpha", "alpha beta", "beta"]
    assert "aal" not in counts.names["chars"]


def test_a_pair_in_three_places_of_two_texts_is_in_too_few_texts() -> None:
    texts = ["gold coin gold coin", "gold coin", "gold", "coin"]

    counts = count(unlabelled(*texts), NO_TERMS, [("words",)])

    assert counts.names["words"].tolist() == ["coin", "gold"]
    assert counts.matrices["words"].toarray().tolist() == [
        [2, 2], [1, 1], [0, 1], [1, 0],
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "?", "x"])
def test_texts_without_features_have_rows_and_no_columns(text: str) -> None:
    counts = count(unlabelled(*[text] * 3), NO_TERMS, [("words", "forms", "chars")])

    assert {matrix.shape for matrix in counts.matrices.values()} == {(3, 0)}


def test_every_block_with_runs_is_known_to_the_specs() -> None:
    assert set(LENGTHS) < set(SPECS)


def test_progress_is_told_in_texts(small_data: LabelledSet) -> None:
    said: list[str] = []

    count(small_data, NO_TERMS, [("words",)], progress=said.append)

    assert said == ["counting: 0 of 36 texts"]


def test_rows_that_are_taken_keep_labels_groups_and_counts(
    small_data: LabelledSet,
) -> None:
    counts = count(small_data, NO_TERMS, [("words",)])
    rows = np.array([3, 30, 7])

    few = take(counts, rows)

    assert np.array_equal(few.data.y, small_data.y[rows])
    assert np.array_equal(few.data.groups, small_data.groups[rows])
    assert (few.matrices["words"] != counts.matrices["words"][rows]).nnz == 0
    assert few.names is counts.names


def test_anchors_remain_anchors_where_rows_are_taken(small_data: LabelledSet) -> None:
    data = replace(small_data, anchor=np.arange(36) == 30)
    counts = count(data, NO_TERMS, [("words",)])

    assert take(counts, np.array([3, 30, 7])).data.anchor.tolist() == [
        False, True, False,
    ]  # fmt: skip
