"""Tests of `stance.model.explain`."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stance.coding.codebook import LabelSet
from stance.corpus.document import Passage
from stance.corpus.terms import parse_terms
from stance.model.blocks import NO_CUE, SPECS
from stance.model.classify import classify
from stance.model.evidence import Evidence, contributions, evidence
from stance.model.explain import moved, strongest
from stance.model.model import Block, Model
from stance.model.project import Project
from stance.model.score import score
from stance.testing import paragraph

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


def evidence_of(
    model: Model, text: str | Passage, label: str, n: int = 6
) -> tuple[Evidence, ...]:
    passages = [text if isinstance(text, Passage) else Passage(text)]
    label_at = np.array([model.labels.names.index(label)])
    return evidence(model, passages, score(model, passages), label_at, n=n)[0]


@pytest.mark.parametrize("name", MODELS)
@given(text=TEXTS)
def test_contributions_and_intercept_are_the_score(
    request: pytest.FixtureRequest, name: str, text: str
) -> None:
    model: Model = request.getfixturevalue(name)
    scores = score(model, [text]).scores[0]

    sums = [
        intercept + sum(item.weight for item in contributions(model, text, label))
        for label, intercept in zip(model.labels.names, model.intercept, strict=True)
    ]

    assert sums == pytest.approx(scores, abs=1e-12)


def test_contributions_are_the_score_of_every_seed_paragraph(
    seeds: Project, model: Model
) -> None:
    texts = [unit.text for unit in seeds.corpus.paragraphs if unit.counted]
    scores = score(model, texts).scores[:, 1]

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
    found = evidence_of(model, text, label)

    assert found != ()
    assert [item.term for item in found] == [text[i.start : i.end] for i in found]


def test_evidence_of_the_seeds_is_the_texts_own_words(
    seeds: Project, model: Model
) -> None:
    texts = [unit.text for unit in seeds.corpus.paragraphs]
    found = [
        (text, item)
        for text in texts
        for item in evidence_of(model, text, "competition")
    ]

    assert len(found) > 500
    assert [i.term for _, i in found] == [t[i.start : i.end] for t, i in found]


def test_a_term_seen_through_odd_characters_is_quoted_with_them(model: Model) -> None:
    text = "一\u200b带，coop\u00aderation 出口\n管制"

    found = contributions(model, text, "cooperation")

    assert "coop\u00aderation" in [item.term for item in found]
    assert "出口\n管制" in [item.term for item in found]


def test_evidence_is_heaviest_first_and_speaks_for_the_label(model: Model) -> None:
    weights = [i.weight for i in evidence_of(model, EN, "none")]

    assert weights == sorted(weights, reverse=True)
    assert min(weights, default=1) > 0


def test_evidence_is_no_longer_than_asked(model: Model) -> None:
    found = evidence_of(model, ZH, "competition", n=2)

    assert len(found) == 2


def test_the_same_words_at_two_places_are_one_entry_at_the_first() -> None:
    model = by_hand(("words", HAND_WORDS), ("cues", HAND_CUES))

    found = evidence_of(model, EN, "rivalry", n=99)

    tariffs = [(i.start, i.end) for i in found if i.term == "tariffs"]
    assert tariffs == [(EN.index("tariffs"), EN.index("tariffs") + 7)]


def test_an_entry_adds_up_all_its_places_and_blocks() -> None:
    model = by_hand(("words", HAND_WORDS), ("forms", {"tariffs": (-3.0, 3.0, 7)}))
    all_of_it = contributions(model, EN, "rivalry")
    parts = [item for item in all_of_it if item.term == "tariffs"]

    found = evidence_of(model, EN, "rivalry", n=99)

    assert len(parts) == 4
    assert [i.weight for i in found if i.term == "tariffs"] == [
        pytest.approx(sum(item.weight for item in parts), abs=1e-12)
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

    found = evidence_of(even, text, "trade", n=99)

    keys = [(-item.weight, item.term) for item in found]
    assert keys == sorted(keys)


def test_the_share_without_cues_is_no_evidence(model: Model) -> None:
    found = evidence_of(model, EN, "none", n=99)

    assert NO_CUE not in [item.feature for item in found]


def test_runs_of_characters_are_no_evidence_beside_words(small_model: Model) -> None:
    text = "The tariff hit the market: 关税冲击市场"

    found = evidence_of(small_model, text, "trade")

    assert {item.block for item in found} <= {"words", "cues"}


def test_contributions_stand_in_the_order_of_the_text(model: Model) -> None:
    starts = [item.start for item in contributions(model, MIXED, "cooperation")]

    assert starts == sorted(starts)


def test_a_text_without_known_terms_has_no_evidence(model: Model) -> None:
    found = evidence_of(model, "Ψ龘", "cooperation")

    assert found == ()


def test_a_label_that_the_model_does_not_have_is_refused(model: Model) -> None:
    with pytest.raises(ValueError, match="'coop'"):
        contributions(model, EN, "coop")


def by_hand(*blocks: tuple[str, dict[str, tuple[float, float, int]]]) -> Model:
    """Return a model of two labels: for each term two weights and a count."""
    rows = [row for _, terms in blocks for row in terms.values()]
    return Model(
        name="by hand",
        labels=LabelSet(("合作", "rivalry")),
        blocks=tuple(
            Block(
                SPECS[name],
                tuple(terms),
                np.ones(len(terms)),
                np.array([row[2] for row in terms.values()], dtype=np.uint64),
            )
            for name, terms in blocks
        ),
        coef=np.array([[row[0] for row in rows], [row[1] for row in rows]]),
        intercept=np.array([0.25, -0.25]),
        calibration=np.array([[1.0]]),
        seen=np.array([], dtype=np.uint64),
        terms=parse_terms(HAND_TERMS.encode()),
    )


HAND_TERMS = """\
concept,en,zh,frame,role,note
export_control,export control*,出口管制,rivalry,cue,
chips,chips,芯片,,domain,
"""
HAND_WORDS = {
    "tariff": (-2.0, 2.0, 7),
    "both": (1.0, -1.0, 4),
    "agre": (1.0, -1.0, 3),
    "双方": (1.5, -1.5, 5),
    "放宽 export_control@zh": (0.5, -0.5, 2),
    "export_control@zh": (-1.0, 1.0, 6),
    "chips@en both": (0.25, -0.25, 1),
}
HAND_CUES = {
    NO_CUE: (3.0, -3.0, 9),
    "rivalry@en": (-0.5, 0.5, 8),
    "rivalry@zh": (-0.25, 0.25, 8),
}


def test_the_strongest_terms_are_listed_by_label_and_language() -> None:
    model = by_hand(("words", HAND_WORDS), ("cues", HAND_CUES))

    rows = [
        (r.label, r.language, r.block, r.term, r.weight, r.n_texts, r.rank)
        for r in strongest(model, n=2)
    ]

    assert rows == [
        ("合作", "en", "words", "agre", 1.0, 3, 1),
        ("合作", "en", "words", "both", 1.0, 4, 2),
        ("合作", "zh", "words", "双方", 1.5, 5, 1),
        ("合作", "zh", "words", "放宽 export_control", 0.5, 2, 2),
        ("rivalry", "en", "cues", "rivalry", 2.5, 8, 1),
        ("rivalry", "en", "words", "tariff", 2.0, 7, 2),
        ("rivalry", "zh", "cues", "rivalry", 1.25, 8, 1),
        ("rivalry", "zh", "words", "export_control", 1.0, 6, 2),
    ]


def test_a_pair_with_a_term_of_the_table_is_called_by_its_concept() -> None:
    rows = strongest(by_hand(("words", HAND_WORDS)))

    assert ("chips both", "en") in {(row.term, row.language) for row in rows}


@pytest.mark.parametrize("block", ["chars", "context", "target"])
def test_blocks_that_repeat_words_are_left_out_beside_words(block: str) -> None:
    beside = by_hand((block, {"tari": (9.0, -9.0, 1)}), ("forms", HAND_WORDS))
    alone = by_hand((block, {"tari": (9.0, -9.0, 1)}))

    assert {row.block for row in strongest(beside)} == {"forms"}
    assert {row.block for row in strongest(alone)} == {block}


def test_weights_stay_with_their_terms_after_a_block_that_is_left_out() -> None:
    model = by_hand(("chars", {"tari": (9.0, -9.0, 1)}), ("words", HAND_WORDS))

    assert strongest(model, n=1)[0].weight == 1.0


def test_no_term_is_strongest_that_does_not_speak_for_the_label() -> None:
    assert [
        row for row in strongest(by_hand(("words", HAND_WORDS))) if row.weight <= 0
    ] == []


HAND_TEXTS = [
    "Both agreed: tariffs stay, tar\u00adiffs hurt. Export controls!",
    "双方同意放宽出口管制，tariffs 关税。",
    "Both “ｔariffs” and 出口 管制 cafe\u0301.",
]


def test_the_terms_of_a_document_sum_to_its_scores_without_the_intercepts() -> None:
    model = by_hand(("words", HAND_WORDS), ("cues", HAND_CUES))
    units = [paragraph(text, id=f"brief:p{n}") for n, text in enumerate(HAND_TEXTS)]
    scores = score(model, HAND_TEXTS).scores
    expected = np.sum(scores, axis=0) - 3 * model.intercept

    rows = moved(classify(units, model), model, n=999)

    sums = [
        sum(row.weight for row in rows if row.label == label)
        for label in model.labels.names
    ]
    assert sums == pytest.approx(expected, abs=1e-9)


def test_a_document_counts_the_places_and_paragraphs_of_a_term() -> None:
    model = by_hand(("words", HAND_WORDS), ("cues", HAND_CUES))
    units = [paragraph(text, id=f"brief:p{n}") for n, text in enumerate(HAND_TEXTS)]

    rows = moved(classify(units, model), model)

    found = [(r.n_occurrences, r.n_paragraphs) for r in rows if r.term == "tariffs"]
    assert found == [(4, 3), (4, 3)]


def test_terms_of_a_document_go_from_for_the_label_to_against_it() -> None:
    model = by_hand(("words", HAND_WORDS))
    units = [paragraph(HAND_TEXTS[0], id="brief:p1")]

    rows = moved(classify(units, model), model, n=1)

    assert [(row.label, row.term) for row in rows] == [
        ("合作", "agreed"),
        ("合作", "tariffs"),
        ("rivalry", "tariffs"),
        ("rivalry", "both"),
    ]


def test_each_document_has_its_own_terms_and_what_has_no_label_none() -> None:
    model = by_hand(("words", HAND_WORDS))
    units = [
        paragraph("Both.", id="one:p1"),
        paragraph("双方。", id="two:p1"),
        paragraph("Tariffs", id="two:p2", kind="heading"),
        paragraph("qwzx", id="three:p1"),
    ]

    rows = moved(classify(units, model), model)

    assert [(r.document_id, r.label, r.term, r.weight) for r in rows] == [
        ("one", "合作", "both", 1.0),
        ("one", "rivalry", "both", -1.0),
        ("two", "合作", "双方", 1.5),
        ("two", "rivalry", "双方", -1.5),
    ]


PASSAGES = st.builds(
    Passage, TEXTS, TEXTS, TEXTS, st.sampled_from(["", "出口管制", "x"])
)


@given(passage=PASSAGES)
@example(Passage("the tariff rose", "the exam", "考试与教师", "Tariff ban"))
def test_contributions_of_a_passage_and_intercept_are_the_score(
    passage_model: Model, passage: Passage
) -> None:
    scores = score(passage_model, [passage]).scores[0]

    sums = [
        passage_model.intercept[at]
        + sum(item.weight for item in contributions(passage_model, passage, label))
        for at, label in enumerate(passage_model.labels.names)
    ]

    assert sums == pytest.approx(scores, abs=1e-12)


def test_what_a_neighbour_or_the_target_adds_has_no_place_and_its_feature() -> None:
    model = by_hand(
        ("forms", {"rose": (1.0, -1.0, 3)}),
        ("context", {"双方": (2.0, -2.0, 3)}),
        ("target", {"关税 ban": (0.5, -0.5, 3), "关税: rose": (0.25, -0.25, 3)}),
    )
    passage = Passage("It rose", before="双方。", target="关税 ban")

    found = contributions(model, passage, "合作")

    assert [(i.block, i.term, i.start, i.end) for i in found] == [
        ("context", "双方", 0, 0),
        ("target", "关税 ban", 0, 0),
        ("forms", "rose", 3, 7),
        ("target", "rose", 3, 7),
    ]


def test_what_stands_in_no_place_is_no_evidence() -> None:
    model = by_hand(
        ("forms", {"rose": (1.0, -1.0, 3)}), ("context", {"双方": (9.0, -9.0, 3)})
    )
    passage = Passage("It rose", before="双方。")

    found = evidence_of(model, passage, "合作")

    assert [item.term for item in found] == ["rose"]


def test_a_neighbours_words_are_called_by_their_block_in_a_document() -> None:
    model = by_hand(
        ("forms", {"rose": (1.0, -1.0, 3)}), ("context", {"双方": (9.0, -9.0, 3)})
    )
    read = [Passage("It rose", before="双方。")]

    rows = moved(classify([paragraph("It rose")], model, passages=read), model)

    assert [row.term for row in rows if row.label == "合作"] == [
        "双方 (context)",
        "rose",
    ]
