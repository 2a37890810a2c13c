"""Running text is told from the furniture of a page as the coders told it."""

import json
from collections import Counter
from pathlib import Path

import pytest

from stance.corpus.document import Corpus
from stance.corpus.kinds import ends_sentence, kinds_of


@pytest.fixture(scope="module")
def coded_kinds(root: Path) -> dict[str, str]:
    """The kind that most coders gave each block of the seed corpus."""
    votes: dict[str, Counter[str]] = {}
    for path in sorted((root / "seeds" / "annotations").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            event = json.loads(line)
            if event["variable"] == "kind":
                votes.setdefault(event["unit_id"], Counter())[event["label"]] += 1
    return {unit: found.most_common(1)[0][0] for unit, found in votes.items()}


@pytest.fixture(scope="module")
def page_kinds(root: Path) -> list[tuple[str, str]]:
    """The (composed, found) kind of each block of seven pages of other sorts."""
    lines = (root / "tests" / "data" / "pages.jsonl").read_text(encoding="utf-8")
    pages = [json.loads(line)["blocks"] for line in lines.splitlines()]
    return [
        (block["kind"], kind)
        for page in pages
        for block, kind in zip(
            page, kinds_of([block["text"] for block in page]), strict=True
        )
    ]


def test_the_seed_blocks_get_the_kinds_of_the_coders(
    seed_corpus: Corpus, coded_kinds: dict[str, str]
) -> None:
    found = {unit.id: unit.kind for unit in seed_corpus.paragraphs}

    right = [unit for unit, kind in coded_kinds.items() if found[unit] == kind]

    assert len(coded_kinds) == 197
    assert len(right) == 197


def test_pages_of_other_sorts_get_the_kinds_they_were_composed_for(
    page_kinds: list[tuple[str, str]],
) -> None:
    """Prints the score of each kind; run with -s to see it."""
    composed = Counter(kind for kind, _ in page_kinds)
    right = Counter(kind for kind, found in page_kinds if kind == found)

    print(*(f"{kind}: {right[kind]} of {n}" for kind, n in composed.items()), sep="; ")

    assert composed.total() == 97
    assert right.total() >= 93


@pytest.mark.parametrize(
    ("texts", "kinds"),
    [
        ([], []),
        ([""], ["boilerplate"]),
        (["The controls were eased on Monday."], ["body"]),
        (["出口管制星期一放松了。"], ["body"]),
        (["他说：“Ｔｅｃｈ war”不会有赢家，cafe\u0301也不会有。"], ["body"]),
        (["实体清单 (Entity List) 在2018年之后不断扩大。"], ["body"]),
        (["Обе страны договорились снизить пошлины."], ["body"]),
        (["By Jane Doe", "责任编辑：王明", "© 2019 Daily"], ["boilerplate"] * 3),
        (
            ["December 7, 2012", "2012年12月7日", "2012-12-07 08:30"],
            ["boilerplate"] * 3,
        ),
        (["1. Introduction", "一、引言", "（二）技术权力"], ["heading"] * 3),
        (["References", "参考文献"], ["heading"] * 2),
        (["Abstract: We show that controls fail.", "All agreed."], ["summary", "body"]),
        (["摘要：本文分析技术竞争。", "双方举行了会谈。"], ["summary", "body"]),
        (["[1] Farrell, H. (2019). Weaponized interdependence."], ["reference"]),
        (["[2] 阎学通：《道义现实主义》，《国际问题研究》2014年第5期"], ["reference"]),
    ],
    ids=lambda value: value[0][:12] if value else "none",
)
def test_a_block_gets_its_kind(texts: list[str], kinds: list[str]) -> None:
    assert kinds_of(texts) == kinds


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["Who gains from the trade war?", "Both sides lost by it."], "heading"),
        (["Both sides lost by it.", "Who gains from the trade war?"], "body"),
        (["谁能从贸易战中获益？", "双方都有损失。"], "heading"),
    ],
)
def test_a_question_is_a_title_only_before_the_text(
    texts: list[str], kind: str
) -> None:
    question = next(at for at, text in enumerate(texts) if text[-1] in "?？")

    assert kinds_of(texts)[question] == kind


@pytest.mark.parametrize(
    "text",
    [
        "It ended.",
        "It ended.”",
        "It ended.12",
        "结束了。",
        "结束了！”",
        "结束了？）",
        "完了……",
    ],
)
def test_a_sentence_ends_with_its_stop(text: str) -> None:
    assert ends_sentence(text)


@pytest.mark.parametrize(
    "text", ["", "It ended", "结束了", "结束了，", "Talks:", "“他说"]
)
def test_a_text_without_a_stop_ends_no_sentence(text: str) -> None:
    assert not ends_sentence(text)


@pytest.mark.parametrize(
    "text", ["It ended.[1]", "It ended.”[12]", "结束了。[3]", "It ended.¹"]
)
def test_a_note_number_leaves_a_sentence_a_sentence(text: str) -> None:
    assert ends_sentence(text)
