"""Tests of `stance.model.scan.batch`: its views are those of `normalise`."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.corpus.normalise import fold, normalise
from stance.model.project import Project
from stance.model.scan.batch import Batch, batches_of
from stance.model.scan.codes import PADDING, encoded

ALPHABET = (
    "aA.U.S_ `'’–-\u00a0\u00ad\u200b中国 反制\n\t Éé①ﬁ⼀Ａ\u0301🙂𠀀İſ\u200d“—„ŠŸ\u0000"
)
TEXTS = st.lists(st.text(ALPHABET, max_size=25), max_size=8)
ANY = st.lists(st.text(max_size=12), max_size=6)


def views(batches: list[Batch], n: int) -> list[str]:
    found = [""] * n
    for batch in batches:
        for at, row in enumerate(batch.rows.tolist()):
            found[row] = batch.text(batch.bounds[at], batch.bounds[at + 1] - 1)
    return found


@given(texts=TEXTS | ANY)
def test_the_views_are_those_of_normalise(texts: list[str]) -> None:
    found = views(batches_of(texts), len(texts))

    assert found == [normalise(text).text for text in texts]


@given(texts=TEXTS | ANY, data=st.data())
def test_places_lead_back_to_the_same_source(
    texts: list[str], data: st.DataObject
) -> None:
    for batch in batches_of(texts):
        for at, row in enumerate(batch.rows.tolist()):
            first, last = batch.bounds[at], batch.bounds[at + 1] - 1
            view = normalise(texts[row])
            if last == first:
                continue
            start = data.draw(st.integers(0, last - first - 1))
            end = data.draw(st.integers(start + 1, last - first))

            found = batch.spans(
                np.array([at]), np.array([first + start]), np.array([first + end])
            )

            assert tuple(int(place[0]) for place in found) == view.span(start, end)


@given(texts=TEXTS)
def test_lower_case_is_that_of_fold(texts: list[str]) -> None:
    for batch in batches_of(texts):
        codes = batch.lower()

        lower = Batch(batch.rows, codes, batch.classes, batch.bounds)
        shown = [lower.text(*pair) for pair in pairs_of(batch)]
        assert shown == [fold(batch.text(*pair)) for pair in pairs_of(batch)]


def pairs_of(batch: Batch) -> list[tuple[int, int]]:
    ends = batch.bounds[1:] - 1
    return list(zip(batch.bounds[:-1].tolist(), ends.tolist(), strict=True))


def test_the_seed_texts_have_the_views_of_normalise(seeds: Project) -> None:
    texts = [document.text for document in seeds.corpus.documents]

    found = views(batches_of(texts), len(texts))

    assert found == [normalise(text).text for text in texts]


@pytest.mark.parametrize("text", ["U.S.–China: “technology” war", "naïve café, 5 €"])
def test_english_with_its_usual_marks_is_held_in_bytes(text: str) -> None:
    (batch,) = batches_of([text])

    assert batch.codes.dtype == np.uint8


@pytest.mark.parametrize("text", ["反制", "Контроль", "🙂 fine", "co\u00adoperation"])
def test_what_does_not_fit_into_bytes_is_held_wide(text: str) -> None:
    (batch,) = batches_of([text])

    assert batch.is_wide


def test_no_texts_are_no_batch() -> None:
    assert batches_of([]) == []


@pytest.mark.parametrize("wide", [False, True])
def test_words_are_encoded_as_a_batch_holds_them(wide: bool) -> None:
    words = ["naïve", "“a”", "反制"]

    codes, which = encoded(words, wide=wide)

    kept = [words[at] for at in which]
    held = batches_of([" ".join(words)] if wide else kept)[0]
    assert kept == (words if wide else ["naïve", "“a”"])
    assert codes[: len("".join(kept))].tolist() == [
        code for code in held.codes[: held.bounds[-1]].tolist() if code not in (0, 32)
    ]
    assert not codes[-PADDING:].any()
