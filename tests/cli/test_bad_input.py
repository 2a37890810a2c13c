"""Bad input: each case has its exact message, exit code 2, and writes nothing.

The message says where, what is wrong, what was expected and what to do.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]
Write = Callable[[str, str | bytes], Path]

READABLE = "  files that can be read: .txt .md .jsonl .csv .tsv .parquet\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
NOISE = b"Trade \x81\x01\x02\x03\x04\x05\x8d\xff\xff" * 20
TEXT = "The two sides agreed to expand cooperation.\n\n双方同意扩大科技合作。\n"

#: File name, its content, the words after the verb, what is said on stderr.
CASES = [
    pytest.param(
        "other.txt", TEXT, ["no.txt"], "no.txt: no such file or folder\n", id="missing"
    ),
    pytest.param("a.txt", "", ["a.txt"], "a.txt: is empty\n", id="empty"),
    pytest.param("a.md", " \n\t\n", ["a.md"], "a.md: is empty\n", id="blank"),
    pytest.param(
        "box/a.pdf", "x", ["box"], f"box: a folder without texts\n{READABLE}",
        id="folder without texts",
    ),
    pytest.param(
        "a.txt", PNG, ["a.txt"], f"a.txt: is a binary file, not a text\n{READABLE}",
        id="binary",
    ),
    pytest.param(
        "a.txt", NOISE, ["a.txt"],
        "a.txt: not UTF-8 (byte 0x81 at offset 6), and no other encoding fits\n"
        "  name its encoding with --encoding, or restore the file\n",
        id="undecodable",
    ),
    pytest.param(
        "a.txt", "双方".encode("gb18030"), ["a.txt", "--encoding", "ascii"],
        "a.txt: not ascii (byte 0xcb at offset 0)\n"
        "  name the right one with --encoding, or in the manifest\n",
        id="another encoding than named",
    ),
    pytest.param(
        "a.txt", TEXT, ["a.txt", "--encoding", "utf-99"],
        "a.txt: encoding 'utf-99' is unknown\n",
        id="unknown encoding",
    ),
    pytest.param(
        "a.txt", "双方同意\x00扩大合作。", ["a.txt"],
        "a.txt: NUL character at offset 4: not a text, or a damaged one\n"
        "  restore the file, or remove the NUL characters\n",
        id="NUL in a text",
    ),
    pytest.param(
        "a.csv", "text\nTrade\x00 grew\n", ["a.csv"],
        "a.csv: NUL character at offset 10: not a text, or a damaged one\n"
        "  restore the file, or remove the NUL characters\n",
        id="NUL in a table",
    ),
    pytest.param(
        "a.jsonl", '{"text": "双方\\u0000同意"}\n', ["a.jsonl"],
        "a.jsonl:1: the text has NUL characters\n  mend or remove the row\n",
        id="NUL in a JSON string",
    ),
    pytest.param(
        "a.jsonl", '{"text": "\\ud83d"}\n', ["a.jsonl"],
        "a.jsonl:1: half a surrogate pair (\\ud83d) at offset 0\n"
        "  the file was cut or wrongly converted; write it again as UTF-8\n",
        id="half a surrogate pair",
    ),
    pytest.param(
        "a.docx", "x", ["a.docx"],
        f"a.docx: the ending '.docx' is not one that can be read\n{READABLE}",
        id="unknown ending",
    ),
    pytest.param(
        "a.csv", "正文,label\n双方同意,pro\n", ["a.csv"],
        "a.csv: no text column\n  name it with --text; columns: 正文, label\n",
        id="no text column",
    ),
    pytest.param(
        "a.csv", "body,label\nTrade grew,pro\n", ["a.csv", "--text", "boddy"],
        "a.csv: no column 'boddy'\n  did you mean 'body'? choices: body, label\n",
        id="misspelt column",
    ),
    pytest.param(
        "a.csv", "id,text\na,Trade grew.\na,双方同意。\n", ["a.csv"],
        "a.csv:3: id 'a' stands in line 2 already\n"
        "  ids must be unique; name another column with --id\n",
        id="duplicate ids",
    ),
    pytest.param(
        "a.jsonl", '{"text": "Trade"}\n{"text": ""}\n', ["a.jsonl"],
        "a.jsonl:2: the text is empty\n  mend or remove the row\n",
        id="empty text in a row",
    ),
    pytest.param(
        "a.jsonl", '{"text": "双方"}\n{"text": \n', ["a.jsonl"],
        "a.jsonl:2: not JSON: Expecting value\n"
        "  a .jsonl file holds one JSON object a line\n",
        id="not JSON",
    ),
    pytest.param(
        "a.jsonl", '"双方"\n', ["a.jsonl"], "a.jsonl:1: not a JSON object\n",
        id="not a JSON object",
    ),
    pytest.param(
        "a.csv", "text,id\nTrade, which grew,b\n", ["a.csv"],
        "a.csv:2: 2 fields were expected, as in the header\n"
        "  quote a field that holds the separator or a line break\n",
        id="a field too many",
    ),
    pytest.param(
        "a.csv", "text,id\n", ["a.csv"], "a.csv: holds no rows\n", id="no rows"
    ),
    pytest.param("a.txt", TEXT, ["-"], "standard input is empty\n", id="empty stdin"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "words", "message"), CASES)
def test_bad_input_is_refused_with_exactly_this_message(
    run: Run, write: Write, name: str, content: str, words: list[str], message: str
) -> None:
    write(name, content)

    code, _, err = run("read", *words)

    assert (code, err) == (2, f"stance: {message}")


@pytest.mark.parametrize(("name", "content", "words", "message"), CASES)
def test_bad_input_leaves_the_output_file_as_it_was(
    run: Run, write: Write, name: str, content: str, words: list[str], message: str
) -> None:
    write(name, content)
    out = write("out.csv", "what was there before\n")
    before = sorted(os.listdir())

    run("read", *words, "-o", "out.csv")

    assert out.read_text(encoding="utf-8") == "what was there before\n"
    assert sorted(os.listdir()) == before


@pytest.mark.parametrize("verb", ["read", "classify"])
def test_a_missing_file_makes_no_output_file(run: Run, verb: str) -> None:
    code, _, err = run(verb, "no.txt", "-o", "out.csv")

    assert (code, err) == (2, "stance: no.txt: no such file or folder\n")
    assert os.listdir() == []


@pytest.mark.parametrize("verb", ["read", "classify"])
def test_a_missing_file_prints_nothing_on_stdout(run: Run, verb: str) -> None:
    _, out, _ = run(verb, "no.txt")

    assert out == ""


@pytest.mark.parametrize("verb", ["read", "classify"])
def test_blank_standard_input_is_refused(run: Run, verb: str) -> None:
    code, _, err = run(verb, "-", stdin=" \n")

    assert (code, err) == (2, "stance: standard input is empty\n")


def test_parquet_without_an_output_file_is_refused(run: Run, write: Write) -> None:
    write("a.txt", TEXT)

    code, _, err = run("read", "a.txt", "--format", "parquet")

    assert (code, err) == (
        2,
        "stance: parquet is binary; name a file with --output\n",
    )


@pytest.mark.parametrize("text", ["trade " * 10, "双方同意" * 10])
def test_one_giant_line_is_refused(
    run: Run, write: Write, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr("stance.corpus.read.MAX_LINE", 30)
    write("a.txt", f"A short line\n{text.strip()}\n")

    code, _, err = run("read", "a.txt")

    assert (code, err) == (
        2,
        f"stance: a.txt: a line of {len(text.strip())} characters; at most 30 are "
        "read\n  break the text into lines and paragraphs\n",
    )


def test_an_open_quotation_mark_is_reported_where_it_opens(
    run: Run, write: Write
) -> None:
    write("a.csv", 'text,id\n"双方同意,b\n')

    code, _, err = run("read", "a.csv")

    assert code == 2
    assert err.split(": ")[1] == "a.csv:2"


def test_a_column_that_stands_twice_is_refused(run: Run, write: Write) -> None:
    write("a.csv", "text,text\nTrade grew.,双方同意。\n")

    code, _, err = run("read", "a.csv")

    assert code == 2
    assert "'text'" in err


def test_texts_of_one_name_in_two_folders_do_not_share_ids(
    run: Run, write: Write
) -> None:
    write("a/brief.txt", TEXT)
    write("b/brief.txt", TEXT)

    _, out, _ = run("read", "a", "b")
    ids = [line.split(",")[0] for line in out.splitlines()]

    assert len(ids) == len(set(ids))


@pytest.mark.skipif(sys.platform == "darwin", reason="file names are UTF-8 there")
def test_a_file_name_that_is_not_utf8_is_no_traceback(run: Run) -> None:
    with open(os.fsencode("a") + b"\xff.txt", "w", encoding="utf-8") as file:
        file.write(TEXT)

    code, _, _ = run("read", ".", "-o", "out.csv")

    assert code in (0, 2)


def test_control_characters_of_a_path_do_not_reach_the_terminal(run: Run) -> None:
    _, _, err = run("read", "red\x1b[31m.txt")

    assert err == "stance: red␛[31m.txt: no such file or folder\n"


def test_control_characters_of_a_header_do_not_reach_the_terminal(
    run: Run, write: Write
) -> None:
    write("a.csv", "正\x1b[31m文,label\nx,y\n")

    _, _, err = run("read", "a.csv")

    assert err == (
        "stance: a.csv: no text column\n"
        "  name it with --text; columns: 正␛[31m文, label\n"
    )


def test_an_output_folder_that_is_missing_is_named(run: Run, write: Write) -> None:
    write("a.txt", TEXT)

    code, _, err = run("read", "a.txt", "-o", "new/out.csv")

    assert (code, err) == (
        2,
        "stance: new/out.csv: cannot be written: there is no folder 'new'\n"
        "  make the folder, or name another file with --output\n",
    )


def test_an_output_folder_without_permission_is_named(
    run: Run, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    write("a.txt", TEXT)
    monkeypatch.setattr(tempfile, "mkstemp", refuse)

    code, _, err = run("read", "a.txt", "-o", "out.csv")

    assert (code, err) == (
        2,
        "stance: out.csv: cannot be written: Permission denied\n",
    )


def test_a_folder_as_output_file_is_refused_and_kept(run: Run, write: Write) -> None:
    write("a.txt", TEXT)
    write("box/kept.txt", "kept")

    code, _, err = run("read", "a.txt", "-o", "box")

    assert (code, err) == (
        2,
        "stance: box: is a folder; a file was expected\n  name a file with --output\n",
    )
    assert sorted(os.listdir()) == ["a.txt", "box"]
    assert os.listdir("box") == ["kept.txt"]
