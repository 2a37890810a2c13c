"""Data files that cannot be read: each with its exact message."""

from pathlib import Path

import pytest

from stance.corpus import read
from stance.corpus.records import read_records
from stance.errors import InputError

QUOTE = "  quote a field that holds the separator or a line break"
MEND = "  mend or remove the row"
UNIQUE = "  ids must be unique; name another column with --id"
ONE_A_LINE = "  a .jsonl file holds one JSON object a line"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "id,body\n1,合作\n",
            "a.csv: no text column\n  name it with --text; columns: id, body",
        ),
        (
            "id;text\n1;合作\n",
            "a.csv: no text column\n  name it with --text; columns: id;text",
        ),
        (
            "id,text\nu1,a\nu2,b\nu1,c\n",
            f"a.csv:4: id 'u1' stands in line 2 already\n{UNIQUE}",
        ),
        (
            'id,text\nu1,"a\nb"\nu1,c\n',
            f"a.csv:4: id 'u1' stands in line 3 already\n{UNIQUE}",
        ),
        ("id,text\n1,合作\n2,\n", f"a.csv:3: the text is empty\n{MEND}"),
        ("id,text\n\n1,\n", f"a.csv:3: the text is empty\n{MEND}"),
        (
            'id,text\n\n1,"a"b\n',
            "a.csv:3: not a table: ',' expected after '\"'",
        ),
        ("id,text\n1,\u3000\u00a0\n", f"a.csv:2: the text is empty\n{MEND}"),
        (
            "id,text\n1,small yard, high fence\n",
            f"a.csv:2: 2 fields were expected, as in the header\n{QUOTE}",
        ),
        (
            "id,text\n1,合作\n2\n",
            f"a.csv:3: 2 fields were expected, as in the header\n{QUOTE}",
        ),
        ('id,text\n1,"a"b\n', "a.csv:2: not a table: ',' expected after '\"'"),
        ('id,text\n1,a\n2,"b\n', "a.csv:3: not a table: unexpected end of data"),
        ("id,text\n", "a.csv: holds no rows"),
        (
            "text\na\0b\n",
            "a.csv: NUL character at offset 6: not a text, or a damaged one\n"
            "  restore the file, or remove the NUL characters",
        ),
    ],
    ids=[
        "no text column",
        "semicolons",
        "id twice",
        "id twice, by last line",
        "empty text",
        "after an empty line",
        "quote after an empty line",
        "blank text",
        "too many fields",
        "too few fields",
        "quote within",
        "open quote",
        "header only",
        "NUL",
    ],
)
def test_a_bad_table_is_refused(content: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        list(read_records("a.csv", raw=content.encode()))

    assert str(error.value) == message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            '{"text": "合作"}\n{"text": }\n',
            f"a.jsonl:2: not JSON: Expecting value\n{ONE_A_LINE}",
        ),
        (
            '{"text": "a"} {"text": "b"}\n',
            f"a.jsonl:1: not JSON: Extra data\n{ONE_A_LINE}",
        ),
        (
            '{"text": "a"}\n' + "[" * 100_000,
            f"a.jsonl:2: not JSON: too deep\n{ONE_A_LINE}",
        ),
        ('{"text": "a"}\n["合作"]\n', "a.jsonl:2: not a JSON object"),
        ('"合作"\n', "a.jsonl:1: not a JSON object"),
        (
            '{"txt": "合作", "id": 1}\n',
            "a.jsonl: no text column\n  name it with --text; columns: txt, id",
        ),
        ('{"text": "a"}\n{"txt": "b"}\n', f"a.jsonl:2: the text is empty\n{MEND}"),
        ('{"text": "a"}\n{"text": null}\n', f"a.jsonl:2: the text is empty\n{MEND}"),
        ('{"text": null, "id": 1}\n', f"a.jsonl:1: the text is empty\n{MEND}"),
        ('{"text": "a\\u0000b"}\n', f"a.jsonl:1: the text has NUL characters\n{MEND}"),
        (
            '{"id": 1, "text": "a"}\n\n{"id": "1", "text": "b"}\n',
            f"a.jsonl:3: id '1' stands in line 1 already\n{UNIQUE}",
        ),
        (
            '{"text": "a"}\n{"text": "合作\\ud83d"}\n',
            "a.jsonl:2: half a surrogate pair (\\ud83d) at offset 2\n"
            "  the file was cut or wrongly converted; write it again as UTF-8",
        ),
    ],
    ids=[
        "broken",
        "two in a line",
        "too deep",
        "a list",
        "a string",
        "no text column",
        "no text in a row",
        "null",
        "null at first",
        "NUL",
        "id twice",
        "half a pair",
    ],
)
def test_bad_json_lines_are_refused(content: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        list(read_records("a.jsonl", raw=content.encode()))

    assert str(error.value) == message


@pytest.mark.parametrize(
    ("named", "message"),
    [
        (
            {"text": "bodi"},
            "a.csv: no column 'bodi'\n  did you mean 'body'? choices: nr, body, label",
        ),
        (
            {"text": "body", "id": "编号"},
            "a.csv: no column '编号'\n  choices: nr, body, label",
        ),
        (
            {"text": "body", "label": "labels"},
            "a.csv: no column 'labels'\n"
            "  did you mean 'label'? choices: nr, body, label",
        ),
    ],
)
def test_a_column_that_is_not_there_is_refused(
    named: dict[str, str], message: str
) -> None:
    raw = "nr,body,label\n1,合作,x\n".encode()

    with pytest.raises(InputError) as error:
        list(read_records("a.csv", raw=raw, columns=named))

    assert str(error.value) == message


@pytest.mark.parametrize("field", ["id", "label", "document"])
def test_half_a_surrogate_pair_is_refused_in_any_column(field: str) -> None:
    """It could not be written to any file."""
    raw = f'{{"text": "a", "{field}": "\\ud83d"}}'.encode()

    with pytest.raises(InputError, match=r"^a\.jsonl:1: half a surrogate pair"):
        list(read_records("a.jsonl", raw=raw))


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.jsonl", '{"text": "管制管制"}\n'), ("a.csv", "text\n" + "管制" * 10 + "\n")],
)
def test_a_giant_line_is_refused(
    name: str, content: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "MAX_LINE", 10)

    with pytest.raises(InputError, match=r"characters; at most 10 are read\n  break"):
        list(read_records(name, raw=content.encode()))


def test_a_number_of_5000_digits_is_refused() -> None:
    raw = b'{"text": "a", "n": ' + b"1" * 5000 + b"}"

    with pytest.raises(InputError) as error:
        list(read_records("a.jsonl", raw=raw))

    assert str(error.value) == (f"a.jsonl:1: not JSON: a number too long\n{ONE_A_LINE}")


def test_a_column_that_stands_twice_is_refused() -> None:
    with pytest.raises(InputError) as error:
        list(read_records("a.csv", raw=b"text,text\na,b\n"))

    assert str(error.value) == (
        "a.csv:1: column 'text' stands twice\n  rename one of the two"
    )


def test_a_table_in_an_unknown_encoding_is_refused() -> None:
    with pytest.raises(InputError) as error:
        list(read_records("a.csv", raw=b"text\na\n", encoding="klingon"))

    assert str(error.value) == "a.csv: encoding 'klingon' is unknown"


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.jsonl"])
def test_an_empty_data_file_is_refused(name: str, here: Path) -> None:
    (here / name).touch()

    with pytest.raises(InputError) as error:
        list(read_records(name))

    assert str(error.value) == f"{name}: is empty"


@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl"])
def test_standard_input_without_rows_is_refused(kind: str) -> None:
    with pytest.raises(InputError) as error:
        list(read_records("-", raw=b"", format=kind))

    assert str(error.value) == "-: holds no rows"


@pytest.mark.parametrize("encoding", ["", "utf-8"])
def test_a_byte_order_mark_is_no_part_of_the_first_column(encoding: str) -> None:
    raw = b"\xef\xbb\xbftext,id\n\xe4\xb9\x99,1\n"

    (record,) = read_records("a.csv", raw=raw, encoding=encoding)

    assert record.unit.text == "乙"
