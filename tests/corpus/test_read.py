"""Files to texts: what is refused, with its exact message, and what is warned of."""

import hashlib
from pathlib import Path
from typing import IO

import pytest

from stance.corpus import read
from stance.corpus.document import Document
from stance.corpus.files import read_bytes
from stance.corpus.read import (
    check_text,
    find_files,
    flag,
    paragraphs,
    paragraphs_of_text,
    read_text,
    unit_of,
)
from stance.corpus.segment import segment
from stance.errors import InputError, StanceWarning

READABLE = "files that can be read: .txt .md .jsonl .csv .tsv .parquet"


@pytest.fixture
def lines_of_ten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow lines of ten characters only."""
    monkeypatch.setattr(read, "MAX_LINE", 10)


def test_a_missing_file_is_named() -> None:
    with pytest.raises(InputError) as error:
        read_text("没有.txt")

    assert str(error.value) == "没有.txt: no such file"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" \r\n\t\n",
        b"\xef\xbb\xbf",
        "\ufeff \n".encode("utf-16-le"),
        "\u3000\u00a0\n".encode(),
    ],
    ids=["no bytes", "blanks", "mark only", "blanks in UTF-16", "wide blanks"],
)
def test_a_file_without_a_character_is_empty(raw: bytes, here: Path) -> None:
    (here / "a.txt").write_bytes(raw)

    with pytest.raises(InputError) as error:
        read_text("a.txt")

    assert str(error.value) == "a.txt: is empty"


def test_a_folder_is_no_file(here: Path) -> None:
    (here / "texts").mkdir()

    with pytest.raises(InputError) as error:
        read_bytes("texts")

    assert str(error.value) == "texts: is a folder; a file was expected"


def test_a_file_that_cannot_be_opened_says_why(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, mode: str) -> IO[bytes]:
        raise PermissionError(13, "Permission denied")

    (here / "a.txt").write_text("合作")
    monkeypatch.setattr(Path, "open", refuse)

    with pytest.raises(InputError) as error:
        read_bytes("a.txt")

    assert str(error.value) == "a.txt: cannot be read: Permission denied"


@pytest.mark.usefixtures("lines_of_ten")
def test_a_giant_line_is_refused(here: Path) -> None:
    (here / "a.txt").write_text("short\n" + "管制" * 6 + "\n", encoding="utf-8")

    with pytest.raises(InputError) as error:
        read_text("a.txt")

    assert str(error.value) == (
        "a.txt: a line of 12 characters; at most 10 are read\n"
        "  break the text into lines and paragraphs"
    )


@pytest.mark.usefixtures("lines_of_ten")
def test_a_line_of_the_greatest_length_is_read(here: Path) -> None:
    (here / "a.txt").write_text("管制control\n" * 3, encoding="utf-8")

    assert read_text("a.txt").text == "管制control\n" * 3


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(InputError) as error:
        check_text("合作\ud83d", "a.jsonl", 7)

    assert str(error.value) == (
        "a.jsonl:7: half a surrogate pair (\\ud83d) at offset 2\n"
        "  the file was cut or wrongly converted; write it again as UTF-8"
    )


def test_a_text_is_read_as_it_is(text: str, here: Path) -> None:
    (here / "brief.txt").write_bytes(f"x{text}".encode())

    document = read_text("brief.txt")

    assert document == Document(
        "brief",
        f"x{text}",
        sha256=hashlib.sha256(f"x{text}".encode()).hexdigest(),
    )


def test_a_document_may_be_given_an_id(here: Path) -> None:
    (here / "a.txt").write_text("合作", encoding="utf-8")

    assert read_text("a.txt", id="cass-2015").id == "cass-2015"


def test_a_markdown_file_has_headings(here: Path) -> None:
    (here / "a.md").write_text("# 引言\nThe talks resumed.", encoding="utf-8")

    assert [unit.text for unit in paragraphs_of_text("a.md")] == [
        "# 引言",
        "The talks resumed.",
    ]


def test_lines_are_units_when_asked_for(here: Path) -> None:
    (here / "a.txt").write_bytes("  管制\r\n\r\nA line\n\u3000乙\u3000".encode())

    units = paragraphs_of_text("a.txt", lines=True)

    assert [(u.id, u.start, u.end, u.kind, u.text) for u in units] == [
        ("a:p001", 2, 4, "body", "管制"),
        ("a:p002", 8, 14, "body", "A line"),
        ("a:p003", 16, 17, "body", "乙"),
    ]


def test_a_unit_may_be_given_its_language() -> None:
    assert unit_of("d:1", "d", 1, "OK", language="zh").language == "zh"


def test_a_long_paragraph_is_warned_of() -> None:
    units = segment(Document("a", "管制 " * 40_000 + "。"))

    with pytest.warns(StanceWarning) as found:
        list(flag(units, "a.txt"))

    assert [str(warning.message) for warning in found] == [
        "a.txt: paragraph 'a:p001' has 120,001 characters; is it a whole text?"
    ]


@pytest.mark.parametrize(
    "third",
    [
        "Les deux gouvernements se sont mis d’accord pour élargir la coopération "
        "scientifique et réduire les droits de douane sur les équipements.",
        "Обе страны договорились расширить научное сотрудничество и снизить пошлины.",
        "두 나라 정부는 과학 기술 협력을 확대하기로 합의했다.",
    ],
    ids=["french", "russian", "korean"],
)
def test_a_third_language_is_warned_of(third: str) -> None:
    units = segment(Document("a", f"The talks resumed.\n\n{third}\n\n合作扩大了。"))

    with pytest.warns(StanceWarning) as found:
        list(flag(units, "a.txt"))

    assert [str(warning.message) for warning in found] == [
        "a.txt: 1 of 3 paragraphs are neither English nor Chinese, the first 'a:p002'; "
        "their labels are not to be trusted"
    ]


def test_ordinary_paragraphs_are_not_warned_of(text: str) -> None:
    units = paragraphs(Document("a", text))

    assert tuple(flag(units, "a.txt")) == units


def test_the_files_of_a_folder_come_in_order_of_their_names(here: Path) -> None:
    for name in ("b.txt", "a.csv", "c.pdf", "d.MD"):
        (here / name).touch()

    assert [path.name for path in find_files(".")] == ["a.csv", "b.txt", "d.MD"]


def test_one_file_is_found_by_itself(here: Path) -> None:
    (here / "文.txt").touch()

    assert find_files("文.txt") == [Path("文.txt")]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none", "none: no such file or folder"),
        ("empty", f"empty: a folder without texts\n  {READABLE}"),
        (
            "a.pdf",
            f"a.pdf: the ending '.pdf' is not one that can be read\n  {READABLE}",
        ),
        ("README", f"README: the ending '' is not one that can be read\n  {READABLE}"),
    ],
)
def test_what_holds_no_text_is_refused(name: str, message: str, here: Path) -> None:
    (here / "empty").mkdir()
    (here / "a.pdf").touch()
    (here / "README").touch()

    with pytest.raises(InputError) as error:
        find_files(name)

    assert str(error.value) == message
