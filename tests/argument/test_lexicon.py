"""The word lists are read whole, once, and say where they are damaged."""

from importlib import resources

import pytest

from stance.argument.lexicon import parse_lexicon, read_lexicon

LISTS = sorted(
    file.name.removesuffix(".csv")
    for file in resources.files("stance.argument.lexicon").iterdir()
    if file.name.endswith(".csv")
)


@pytest.mark.parametrize("name", LISTS)
def test_every_list_is_read_and_has_rows(name: str) -> None:
    assert len(read_lexicon(name)) > 0


@pytest.mark.parametrize("name", LISTS)
def test_no_row_of_a_list_is_there_twice(name: str) -> None:
    rows = [tuple(row.items()) for row in read_lexicon(name)]

    assert [row for row in rows if rows.count(row) > 1] == []


@pytest.mark.parametrize("name", LISTS)
def test_every_list_speaks_english_and_chinese(name: str) -> None:
    text = "".join("".join(row.values()) for row in read_lexicon(name))

    assert any("a" <= c <= "z" for c in text)
    assert any("\u4e00" <= c <= "\u9fff" for c in text)


def test_a_list_is_read_once() -> None:
    assert read_lexicon("connectives") is read_lexicon("connectives")


@pytest.mark.parametrize("name", ["conectives", "", "../lexicon/connectives", "a/b"])
def test_a_list_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(ValueError, match="there is no word list"):
        read_lexicon(name)


def test_cells_are_stripped_and_may_hold_commas_and_be_empty() -> None:
    rows = parse_lexicon(
        'form,relation,note\n"not only, but",addition,\n 但 ,contrast,x'
    )

    assert rows == [
        {"form": "not only, but", "relation": "addition", "note": ""},
        {"form": "但", "relation": "contrast", "note": "x"},
    ]


def test_empty_lines_and_windows_line_ends_are_no_rows() -> None:
    assert parse_lexicon("form\r\n\r\nbut\r\n\r\n") == [{"form": "but"}]


@pytest.mark.parametrize("text", ["", "form,relation\n"])
def test_a_list_without_rows_is_empty(text: str) -> None:
    assert parse_lexicon(text) == []


@pytest.mark.parametrize("row", ["but", "but,contrast,x"])
def test_a_row_of_the_wrong_length_is_named_by_its_line(row: str) -> None:
    with pytest.raises(ValueError, match=r"words.csv:3: \d cells, but 2 columns"):
        parse_lexicon(f"form,relation\nyet,contrast\n{row}\n", name="words.csv")
