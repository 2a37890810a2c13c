"""A term table that is not one is refused with file, line and what to do."""

from pathlib import Path

import pytest

from stance.corpus.terms import Term, parse_terms, read_terms
from stance.errors import InputError

HEADER = "concept,en,zh,frame,role,note\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "concept,en,zh\na,b,乙\n",
            "terms.csv:1: the columns are concept, en, zh\n"
            "  a term table has the columns concept,en,zh,frame,role,note",
        ),
        (
            "",
            "terms.csv:1: the columns are missing\n"
            "  a term table has the columns concept,en,zh,frame,role,note",
        ),
        (
            HEADER + "tariff,tariff*,关税,competition,clue,\n",
            "terms.csv:2: role 'clue' is unknown\n"
            "  did you mean 'cue'? choices: cue, lean, domain",
        ),
        (
            HEADER + "tariff,tariff*,关税,competition,,\n",
            "terms.csv:2: role '' is unknown\n  choices: cue, lean, domain",
        ),
        (
            HEADER + "a,b,乙,x,cue,\nc,d,丁,x,cue,\na,e,戊,x,cue,\n",
            "terms.csv:4: concept 'a' stands in line 2 already\n"
            "  merge the two rows; forms are separated by |",
        ),
        (
            HEADER + "a,b,乙,cue\n",
            "terms.csv:2: 6 fields were expected, found 4\n"
            "  quote a field that holds a comma",
        ),
        (
            HEADER + "a,small yard, high fence,乙,x,cue,\n",
            "terms.csv:2: 6 fields were expected, found 7\n"
            "  quote a field that holds a comma",
        ),
        (
            HEADER + "a,(b),乙,x,cue,\n",
            "terms.csv:2: form '(b)' does not begin with a letter or a digit",
        ),
        (
            HEADER + "a,b,“卡脖子”,x,cue,\n",
            "terms.csv:2: form '“卡脖子”' does not begin with a letter or a digit",
        ),
        (HEADER + 'a,b,乙,x,cue,\nc,"d\n', "terms.csv:3: unexpected end of data"),
    ],
    ids=[
        "header",
        "empty",
        "role",
        "no role",
        "twice",
        "too few",
        "too many",
        "form",
        "Chinese form",
        "open quote",
    ],
)
def test_a_bad_table_is_refused_with_its_line(content: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        parse_terms(content.encode())

    assert str(error.value) == message


def test_a_header_that_is_no_csv_is_refused() -> None:
    with pytest.raises(InputError) as error:
        parse_terms(b'"concept,en\n')

    assert str(error.value) == "terms.csv:1: unexpected end of data"


def test_bytes_that_are_not_utf8_are_refused() -> None:
    with pytest.raises(InputError) as error:
        parse_terms(HEADER.encode() + "a,b,乙,x,cue,\n".encode("gb18030"))

    assert str(error.value) == (
        "terms.csv: not UTF-8 (byte 0xd2 at offset 34)\n"
        "  save it as UTF-8; in a spreadsheet: CSV UTF-8"
    )


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none.csv", "none.csv: no such file"),
        ("folder.csv", "folder.csv: is a folder; a file was expected"),
        ("empty.csv", "empty.csv: is empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    name: str, message: str, here: Path
) -> None:
    (here / "folder.csv").mkdir()
    (here / "empty.csv").touch()

    with pytest.raises(InputError) as error:
        read_terms(name)

    assert str(error.value) == message


def test_a_cell_is_split_into_its_forms() -> None:
    table = parse_terms(
        (
            HEADER + "a, tariff* | |import duty ,关税|加征关税|*,x,lean,a “note”\n"
        ).encode()
    )

    assert table.terms == (
        Term(
            "a",
            ("tariff*", "import duty"),
            ("关税", "加征关税"),
            "x",
            "lean",
            "a “note”",
        ),
    )


def test_a_byte_order_mark_is_no_part_of_the_header() -> None:
    table = parse_terms(b"\xef\xbb\xbf" + (HEADER + "a,b,乙,x,cue,\n").encode())

    assert table.terms[0].concept == "a"


def test_a_file_is_read_as_its_bytes_are(here: Path) -> None:
    content = (HEADER + "a,b,乙,x,cue,\r\n").encode()
    (here / "terms.csv").write_bytes(content)

    assert read_terms("terms.csv").source == content
