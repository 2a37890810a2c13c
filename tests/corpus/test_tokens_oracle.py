"""Stems equal NLTK's Snowball stemmer, and rjieba cuts as jieba does."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.corpus import tokens
from stance.corpus.document import Corpus
from stance.corpus.language import HAN_RUN
from stance.corpus.normalise import normalise
from stance.corpus.terms import WORD

Cutter = Callable[[str], Iterable[str]]
#: Runs of any characters that count as Han, the rare ones of names included.
HAN_TEXT = st.text(
    st.one_of(
        st.sampled_from("中国〇一二的合作开放"),
        st.characters(min_codepoint=0x3400, max_codepoint=0x4DBF),
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
        st.characters(min_codepoint=0x20000, max_codepoint=0x323AF),
    ),
    min_size=1,
)


@pytest.fixture(scope="module")
def jieba() -> Cutter:
    """The cutter that is there everywhere."""
    return tokens.jieba_cutter()


@pytest.fixture(scope="module")
def rjieba() -> Cutter:
    """The fast cutter, where it is installed."""
    pytest.importorskip("rjieba")
    return tokens.rjieba_cutter()


@pytest.fixture(scope="module")
def views(seed_corpus: Corpus, anchors: list[str]) -> list[str]:
    """The seed texts and the anchors, as the tokenizer sees them."""
    texts = [document.text for document in seed_corpus.documents]
    return [normalise(text).text for text in texts + anchors]


def cut_by(cutter: Cutter, run: str) -> tuple[int, ...]:
    """Return the lengths of the words of a run, as one of the cutters cuts it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokens, "_cutter", lambda: cutter)
        return tokens._cut.__wrapped__(run)


def test_stems_equal_those_of_nltk(views: list[str]) -> None:
    snowball = pytest.importorskip("nltk.stem.snowball").SnowballStemmer("english")
    words = sorted({word for view in views for word in WORD.findall(view)})

    found = {word: tokens._stem(word) for word in words}

    assert len(words) > 5000
    assert found == {word: snowball.stem(word) for word in words}


def test_both_cutters_cut_the_seeds_and_anchors_alike(
    views: list[str], jieba: Cutter, rjieba: Cutter
) -> None:
    runs = sorted({run for view in views for run in HAN_RUN.findall(view)})

    found = {run: cut_by(rjieba, run) for run in runs}

    assert len(runs) > 3000
    assert found == {run: cut_by(jieba, run) for run in runs}


@given(run=HAN_TEXT)
def test_both_cutters_cut_any_run_of_han_alike(
    run: str, jieba: Cutter, rjieba: Cutter
) -> None:
    assert cut_by(rjieba, run) == cut_by(jieba, run)


@given(run=HAN_TEXT)
def test_the_words_of_a_run_make_up_the_run(run: str, jieba: Cutter) -> None:
    assert sum(cut_by(jieba, run)) == len(run)


@pytest.mark.slow
def test_both_cutters_cut_the_shared_texts_alike(
    shared: Path, jieba: Cutter, rjieba: Cutter
) -> None:
    files = [
        path for path in shared.rglob("*") if path.suffix in (".txt", ".csv", ".md")
    ]
    texts = [path.read_text(encoding="utf-8") for path in files]
    texts += [
        value
        for path in shared.rglob("*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
        for value in json.loads(line).values()
        if isinstance(value, str)
    ]
    runs = sorted(
        {run for text in texts for run in HAN_RUN.findall(normalise(text).text)}
    )

    found = {run: cut_by(rjieba, run) for run in runs}

    assert len(runs) > 10_000
    assert found == {run: cut_by(jieba, run) for run in runs}
