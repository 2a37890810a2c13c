"""Documents, paragraphs and the corpus that holds both."""

import pytest

from stance.corpus.document import Corpus, text_digest
from stance.testing import codes, corpus, paragraph

MIXED_CORPUS = (
    "Trade grew fast last year.\n\n去年贸易增长很快。",
    "References\n\n双方举行了会谈。",
)


@pytest.fixture
def texts() -> Corpus:
    """Two documents of two paragraphs each."""
    return corpus(*MIXED_CORPUS)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Easing  controls\r\n", "Easing controls"),
        ("扩大\u3000开放", "扩大 开放"),
        ("", " \n\u00a0"),
    ],
)
def test_white_space_changes_no_digest(one: str, other: str) -> None:
    assert text_digest(one) == text_digest(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("controls", "Controls"),
        ("合作。", "合作！"),
        ("café", "cafe\u0301"),
        ("’", "'"),
    ],
)
def test_a_change_of_a_character_changes_the_digest(one: str, other: str) -> None:
    assert text_digest(one) != text_digest(other)


def test_a_digest_is_a_sha256() -> None:
    assert text_digest("") == (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )


def test_a_paragraph_is_found_by_its_id(texts: Corpus) -> None:
    assert texts["text-2:p002"].text == "双方举行了会谈。"


def test_an_unknown_id_is_a_key_error(texts: Corpus) -> None:
    with pytest.raises(KeyError):
        texts["text-3:p001"]


def test_a_corpus_knows_what_it_contains(texts: Corpus) -> None:
    assert ("text-1:p001" in texts, "text-3:p001" in texts) == (True, False)


@pytest.mark.parametrize(
    ("languages", "kinds", "documents", "ids"),
    [
        (
            None,
            None,
            None,
            ["text-1:p001", "text-1:p002", "text-2:p001", "text-2:p002"],
        ),
        ({"zh"}, None, None, ["text-1:p002", "text-2:p002"]),
        (None, {"heading"}, None, ["text-2:p001"]),
        (None, None, {"text-2"}, ["text-2:p001", "text-2:p002"]),
        ({"zh"}, {"body"}, {"text-1"}, ["text-1:p002"]),
        (set(), None, None, []),
    ],
)
def test_a_selection_keeps_what_fits(
    languages: set[str] | None,
    kinds: set[str] | None,
    documents: set[str] | None,
    ids: list[str],
    texts: Corpus,
) -> None:
    found = texts.select(languages=languages, kinds=kinds, documents=documents)

    assert [unit.id for unit in found.paragraphs] == ids


def test_a_selection_keeps_the_documents_of_its_paragraphs(texts: Corpus) -> None:
    found = texts.select(kinds={"heading"})

    assert [document.id for document in found.documents] == ["text-2"]


@pytest.mark.parametrize(
    ("kind", "counted"),
    [
        ("body", True),
        ("summary", True),
        ("heading", False),
        ("boilerplate", False),
        ("reference", False),
    ],
)
def test_content_is_counted_and_furniture_is_not(kind: str, counted: bool) -> None:
    assert paragraph("合作。", kind=kind).counted == counted


def test_a_built_paragraph_spans_its_text(text: str) -> None:
    unit = paragraph(text, id="brief:p007")

    assert (unit.document_id, unit.start, unit.end) == ("brief", 0, len(text))


def test_codes_mark_what_was_not_coded() -> None:
    assert codes("01. 2.0").tolist() == [[0, 1, -1], [2, -1, 0]]
