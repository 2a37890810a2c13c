"""Paragraphs are slices of the source text, in order, and nothing is left out."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stance.corpus.document import Corpus, Document, text_digest
from stance.corpus.read import paragraphs
from stance.corpus.segment import blocks, segment

#: Lines and what may stand between them, odd white space of every kind included.
PIECES = (
    "The U.S. agreed.",
    "Talks resume in Beijing",
    "双方举行了会谈。",
    "一、 引言",
    "# Title",
    "cafe\u0301 “他说”！",
    *(
        "\n",
        "\n\n",
        "\r\n",
        "\r\n\r\n",
        "\r",
        "\x0b",
        "\x0c",
        "\x85",
        "\u2028",
        "\u2029",
    ),
    *(" ", "\t", "\u3000", "\u00a0", "\u2003", "\u200b", "\ufeff", "\x1c"),
)
ODD_TEXT = st.lists(st.sampled_from(PIECES)).map("".join)


@given(ODD_TEXT, st.booleans())
@example("\u3000\u3000首行缩进。\r\n\u3000\r\n\u00a0第二段。\u3000", False)
def test_offsets_return_the_source_verbatim(text: str, markdown: bool) -> None:
    units = segment(Document("odd", text), markdown=markdown)

    assert [text[unit.start : unit.end] for unit in units] == [u.text for u in units]


@given(ODD_TEXT, st.booleans())
def test_no_letter_lies_outside_the_blocks(text: str, markdown: bool) -> None:
    found = [text[start:end] for start, end in blocks(text, markdown=markdown)]

    assert "".join("".join(found).split()) == "".join(text.split())


@given(ODD_TEXT, st.booleans())
def test_blocks_stand_in_order_without_white_space_around(
    text: str, markdown: bool
) -> None:
    places = blocks(text, markdown=markdown)

    assert [text[start:end].strip() for start, end in places] == [
        text[start:end] for start, end in places
    ]
    assert sorted(places) == places
    assert all(a[1] <= b[0] for a, b in pairwise(places))


@given(ODD_TEXT)
def test_the_offsets_of_lines_return_the_source_verbatim(text: str) -> None:
    units = paragraphs(Document("odd", text), lines=True)

    assert [text[unit.start : unit.end] for unit in units] == [u.text for u in units]


def test_every_sort_of_text_is_sliced_verbatim(text: str) -> None:
    units = segment(Document("text-1", text))

    assert "".join("".join(unit.text.split()) for unit in units) == "".join(
        text.split()
    )


def test_ids_count_all_blocks_from_one() -> None:
    units = segment(Document("brief", "News\n\n双方举行了会谈。\n\nLeave a Reply"))

    assert [(unit.id, unit.index) for unit in units] == [
        ("brief:p001", 1),
        ("brief:p002", 2),
        ("brief:p003", 3),
    ]


def test_ids_beyond_999_grow_by_a_digit() -> None:
    units = segment(Document("long", "Trade grew.\n\n" * 1000))

    assert units[-1].id == "long:p1000"


def test_a_text_of_white_space_has_no_paragraphs() -> None:
    assert segment(Document("blank", " \r\n\u3000\n\u00a0")) == ()


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("One fell.\n\nOne rose.", [(0, 9), (11, 20)]),
        ("甲。\r\n\r\n乙。", [(0, 2), (6, 8)]),
        ("甲。\n\u3000\n乙。", [(0, 2), (5, 7)]),
        ("甲。\n\u00a0\t\n乙。", [(0, 2), (6, 8)]),
        ("a\n\n\n\nb", [(0, 1), (5, 6)]),
        ("\n\n  a\n\n", [(4, 5)]),
        ("", []),
    ],
)
def test_blank_lines_separate_blocks(text: str, places: list[tuple[int, int]]) -> None:
    assert blocks(text) == places


@pytest.mark.parametrize(
    "text",
    [
        "The controls were eased.\nTrade grew fast.\nBoth sides agreed.\n",
        "出口管制放松了。\n贸易增长很快。\n双方达成共识。\n",
        "\u3000出口管制放松了。\r\n\u3000Trade grew fast.\r\n他说：“好。”\r\n",
        "\n\nThe controls were eased.\n贸易增长很快。\nBoth sides agreed.\n\n",
    ],
)
def test_lines_that_are_sentences_are_blocks_without_blank_lines(text: str) -> None:
    assert len(blocks(text)) == 3


@pytest.mark.parametrize(
    "text",
    [
        "The two governments agreed\nto ease the controls on chips\nand tools.",
        "两国政府星期一同意放松对芯\n片和设备的出口管制，扩大科\n技领域的合作。",
    ],
)
def test_lines_wrapped_at_a_margin_are_one_block(text: str) -> None:
    assert blocks(text) == [(0, len(text))]


def test_a_markdown_heading_is_a_block_of_its_own() -> None:
    text = "# 引言\nThe talks\nresumed.\n## Next\n合作\n扩大"

    found = [text[start:end] for start, end in blocks(text, markdown=True)]

    assert found == ["# 引言", "The talks\nresumed.", "## Next", "合作\n扩大"]


def test_a_number_sign_means_nothing_in_plain_text() -> None:
    assert len(blocks("# 引言\nThe talks\nwere held")) == 1


def test_the_seed_texts_have_the_blocks_that_were_coded(
    seed_corpus: Corpus, root: Path
) -> None:
    lines = (root / "seeds" / "annotations" / "coder-a.jsonl").read_text("utf-8")
    events = [json.loads(line) for line in lines.splitlines()]

    coded = {event["unit_id"]: event["digest"] for event in events}

    assert len(seed_corpus.paragraphs) == 197
    assert {u.id: text_digest(u.text) for u in seed_corpus.paragraphs} == coded


def test_the_offsets_of_the_seed_corpus_return_the_source(seed_corpus: Corpus) -> None:
    texts = {document.id: document.text for document in seed_corpus.documents}

    slices = [texts[u.document_id][u.start : u.end] for u in seed_corpus.paragraphs]

    assert slices == [unit.text for unit in seed_corpus.paragraphs]
