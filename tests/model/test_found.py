"""Tests of `stance.model.found` and `grams`: two ways to the same numbers."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.corpus.document import Passage
from stance.corpus.normalise import normalise
from stance.model import found
from stance.model.blocks import NO_CUE
from stance.model.evidence import Evidence, contributions, evidence
from stance.model.model import Model
from stance.model.project import Project
from stance.model.score import (
    Scored,
    calibrate,
    features_of,
    probabilities,
    score,
    slices,
)

PIECES = [
    "cooperation", "tariffs", "U.S.", "small yard, high fence", "qwzx", "exports ",
    "合作", "出口管制", "中国", "印度尼西亚", "卡脖子", "龘", " ", "\n", "，", "“",
    "’s ", "ｃｈｉｐｓ", "cafe\u0301", "2022", "-", "实体 清单", "\u200b", "关税",
    "tariff export market ", "teacher pupil ", "教师", "考试", "İ", "trade war", "ſ",
]  # fmt: skip
TEXT = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
MODELS = ["model", "two_labels", "small_model", "five_labels"]
Way = tuple[Scored, list[tuple[Evidence, ...]]]


def ways(model: Model, texts: Sequence[str | Passage]) -> tuple[Way, Way]:
    """Return what is found text by text, and by batches."""
    passages = [Passage(t) if isinstance(t, str) else t for t in texts]
    both = []
    for limit in (10**9, 0):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(found, "SMALL", limit)
            scored = score(model, passages)
            labels = scored.scores.argmax(axis=1)
            both.append((scored, evidence(model, passages, scored, labels)))
    return both[0], both[1]


@pytest.mark.parametrize("name", MODELS)
@given(texts=st.lists(TEXT, min_size=1, max_size=6))
def test_both_ways_give_the_same_bits(
    request: pytest.FixtureRequest, name: str, texts: list[str]
) -> None:
    (one, why), (other, why_too) = ways(request.getfixturevalue(name), texts)

    assert np.array_equal(one.scores, other.scores)
    assert np.array_equal(one.known, other.known)
    assert why == why_too


@given(passages=st.lists(st.builds(Passage, TEXT, TEXT, TEXT), min_size=1, max_size=4))
def test_both_ways_read_the_same_neighbours(
    context_model: Model, passages: list[Passage]
) -> None:
    (one, why), (other, why_too) = ways(context_model, passages)

    assert np.array_equal(one.scores, other.scores)
    assert why == why_too


def test_both_ways_give_the_same_bits_on_the_seeds(
    seeds: Project, model: Model
) -> None:
    texts = [unit.text for unit in seeds.corpus.paragraphs]

    (one, why), (other, why_too) = ways(model, texts)

    assert np.array_equal(one.scores, other.scores)
    assert why == why_too


@pytest.mark.parametrize("name", MODELS)
def test_a_text_has_the_same_bits_in_any_company(
    request: pytest.FixtureRequest, name: str, seeds: Project
) -> None:
    """What is written must not depend on how the input was cut into batches."""
    model: Model = request.getfixturevalue(name)
    texts = [unit.text for unit in seeds.corpus.paragraphs]

    whole = probabilities(model, texts)

    for size in (1, 900, 25_000):
        parts = [probabilities(model, texts[s]) for s in slices(texts, size=size)]
        assert np.array_equal(np.vstack(parts), whole)


@pytest.mark.parametrize("name", MODELS)
def test_batches_equal_scikit_learn(
    request: pytest.FixtureRequest, name: str, seeds: Project
) -> None:
    model: Model = request.getfixturevalue(name)
    texts = [unit.text for unit in seeds.corpus.paragraphs]
    pipeline = model.to_pipeline()
    order = [list(pipeline.classes_).index(label) for label in model.labels.names]

    _, (scored, _) = ways(model, texts)

    ours = calibrate(scored.scores, model.calibration)
    assert np.abs(ours - pipeline.predict_proba(texts)[:, order]).max() < 1e-12


@pytest.mark.parametrize("name", MODELS)
def test_evidence_of_a_batch_sums_what_contributions_say(
    request: pytest.FixtureRequest, name: str, seeds: Project
) -> None:
    model: Model = request.getfixturevalue(name)
    texts = [unit.text for unit in seeds.corpus.paragraphs][::3]
    texts = [text for text in texts if normalise(text).text == text]

    _, (scored, why) = ways(model, texts)

    assert any(why)
    for text, row, items in zip(texts, scored.scores, why, strict=True):
        label = model.labels.names[int(row.argmax())]
        sums: dict[str, float] = defaultdict(float)
        for part in contributions(model, text, label):
            if part.block != "chars" and part.feature != NO_CUE:
                sums[part.term.lower()] += part.weight
        best = sorted((w for w in sums.values() if w > 0), reverse=True)[:6]
        assert [i.weight for i in items] == pytest.approx(best, abs=1e-12)
        assert [i.weight for i in items] == pytest.approx(
            [sums[i.term.lower()] for i in items], abs=1e-12
        )


def test_features_of_many_texts_are_those_of_each(seeds: Project, model: Model) -> None:
    texts = [unit.text for unit in seeds.corpus.paragraphs]

    together = features_of(model, texts)

    alone = [features_of(model, [text]) for text in texts]
    assert (
        np.abs(together.toarray() - np.vstack([a.toarray() for a in alone])).max() == 0
    )
