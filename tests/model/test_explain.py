"""Tests of `stance.model.explain`."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.corpus.tokens import analyse
from stance.model.blocks import NO_CUE
from stance.model.explain import contributions, evidence
from stance.model.model import Model
from stance.model.project import Project
from stance.model.score import decision

EN = "They agreed to ease export controls; the U.S. tariffs stay, and tariffs hurt."
ZH = "双方同意放宽出口管制，加强科技合作；美国的关税依旧，关税伤人。"
MIXED = (
    "“ｅｘｐｏｒｔ controls”（出口 管制）— coop\u00aderation, cafe\u0301 合\u200b作。"
)
PIECES = [
    "cooperation", "tariffs", "U.S.", "small yard, high fence", "qwzx", "exports ",
    "合作", "出口管制", "中国", "印度尼西亚", "卡脖子", "龘", " ", "\n", "，", "“",
    "’s ", "ｃｈｉｐｓ", "cafe\u0301", "2022", "-", "实体 清单", "\u200b", "关税",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
MODELS = ["model", "two_labels", "small_model", "five_labels"]


@pytest.mark.parametrize("name", MODELS)
@given(text=TEXTS)
def test_contributions_and_intercept_are_the_score(
    request: pytest.FixtureRequest, name: str, text: str
) -> None:
    model: Model = request.getfixturevalue(name)
    scores, _ = decision(model, analyse(text, model.terms))

    sums = [
        intercept + sum(item.weight for item in contributions(model, text, label))
        for label, intercept in zip(model.labels.names, model.intercept, strict=True)
    ]

    assert sums == pytest.approx(scores, abs=1e-12)


def test_contributions_are_the_score_of_every_seed_paragraph(
    seeds: Project, model: Model
) -> None:
    texts = [unit.text for unit in seeds.corpus.paragraphs if unit.counted]
    scores = [decision(model, analyse(text, model.terms))[0][1] for text in texts]

    sums = [
        model.intercept[1]
        + sum(i.weight for i in contributions(model, t, "competition"))
        for t in texts
    ]

    assert sums == pytest.approx(scores, abs=1e-12)


@pytest.mark.parametrize("name", MODELS)
@given(text=TEXTS)
def test_contributions_are_the_texts_own_words(
    request: pytest.FixtureRequest, name: str, text: str
) -> None:
    model: Model = request.getfixturevalue(name)

    found = contributions(model, text, model.labels.names[0])

    assert [item.term for item in found] == [text[i.start : i.end] for i in found]
    assert all(0 <= item.start < item.end <= len(text) for item in found)


@pytest.mark.parametrize("text", [EN, ZH, MIXED])
@pytest.mark.parametrize("label", ["cooperation", "competition"])
def test_evidence_is_the_texts_own_words(model: Model, text: str, label: str) -> None:
    found = evidence(model, analyse(text, model.terms), text, label)

    assert found != ()
    assert [item.term for item in found] == [text[i.start : i.end] for i in found]


def test_evidence_of_the_seeds_is_the_texts_own_words(
    seeds: Project, model: Model
) -> None:
    texts = [unit.text for unit in seeds.corpus.paragraphs]
    found = [
        (text, item)
        for text in texts
        for item in evidence(model, analyse(text, model.terms), text, "competition")
    ]

    assert len(found) > 500
    assert [i.term for _, i in found] == [t[i.start : i.end] for t, i in found]


def test_a_term_seen_through_odd_characters_is_quoted_with_them(model: Model) -> None:
    text = "一\u200b带，coop\u00aderation 出口\n管制"

    found = contributions(model, text, "cooperation")

    assert "coop\u00aderation" in [item.term for item in found]
    assert "出口\n管制" in [item.term for item in found]


def test_evidence_is_heaviest_first_and_speaks_for_the_label(model: Model) -> None:
    weights = [i.weight for i in evidence(model, analyse(EN, model.terms), EN, "none")]

    assert weights == sorted(weights, reverse=True)
    assert min(weights, default=1) > 0


def test_evidence_is_no_longer_than_asked(model: Model) -> None:
    found = evidence(model, analyse(ZH, model.terms), ZH, "competition", n=2)

    assert len(found) == 2


def test_the_same_words_at_two_places_are_one_entry_at_the_first(model: Model) -> None:
    found = evidence(model, analyse(EN, model.terms), EN, "competition", n=99)

    tariffs = [(i.start, i.end) for i in found if i.term == "tariffs"]
    assert tariffs == [(EN.index("tariffs"), EN.index("tariffs") + 7)]


def test_an_entry_adds_up_all_its_places_and_blocks(model: Model) -> None:
    all_of_it = contributions(model, EN, "competition")
    expected = sum(item.weight for item in all_of_it if item.term == "tariffs")

    found = evidence(model, analyse(EN, model.terms), EN, "competition", n=99)

    assert [i.weight for i in found if i.term == "tariffs"] == [
        pytest.approx(expected, abs=1e-12)
    ]


def test_occurrences_of_a_term_share_its_contribution_evenly(model: Model) -> None:
    text = "关税与关税"

    found = contributions(model, text, "competition")

    words = [i.weight for i in found if i.term == "关税" and i.block == "words"]
    assert len(words) == 2
    assert words[0] == words[1]


def test_entries_of_one_weight_are_in_the_order_of_their_terms(
    two_labels: Model,
) -> None:
    flat = np.tile([[1.0], [-1.0]], two_labels.coef.shape[1])
    even = replace(two_labels, coef=flat)
    text = "The price of the market, 出口 and the tariff: 关税"

    found = evidence(even, analyse(text), text, "trade", n=99)

    keys = [(-item.weight, item.term) for item in found]
    assert keys == sorted(keys)


def test_the_share_without_cues_is_no_evidence(model: Model) -> None:
    found = evidence(model, analyse(EN, model.terms), EN, "none", n=99)

    assert NO_CUE not in [item.feature for item in found]


def test_runs_of_characters_are_no_evidence_beside_words(small_model: Model) -> None:
    text = "The tariff hit the market: 关税冲击市场"

    found = evidence(small_model, analyse(text, small_model.terms), text, "trade")

    assert {item.block for item in found} <= {"words", "cues"}


def test_contributions_stand_in_the_order_of_the_text(model: Model) -> None:
    starts = [item.start for item in contributions(model, MIXED, "cooperation")]

    assert starts == sorted(starts)


def test_a_text_without_known_terms_has_no_evidence(model: Model) -> None:
    found = evidence(model, analyse("Ψ龘", model.terms), "Ψ龘", "cooperation")

    assert found == ()


def test_a_label_that_the_model_does_not_have_is_refused(model: Model) -> None:
    with pytest.raises(ValueError, match="'coop'"):
        contributions(model, EN, "coop")
