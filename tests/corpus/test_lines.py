"""Data files and pipes as streams: the same as read whole, in bounded memory."""

import io
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stance.corpus import lines as module
from stance.corpus.document import Document
from stance.corpus.files import open_bytes
from stance.corpus.lines import count_lines, rejoined, text_lines
from stance.corpus.read import paragraphs, unit_lines
from stance.corpus.records import read_records
from stance.errors import InputError, StanceWarning

BLOCKS = st.integers(1, 9)
#: Any text that a file may hold, but for NUL and halves of surrogate pairs.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
ODD = "“双方”\r\n\r\n cafe\u0301\rtrade\u2028Ｔ\x85\x0b终\n"
GB = "id,text\n" + "".join(f"{n},双方同意扩大科技合作。\n" for n in range(40))


class Endless(io.RawIOBase):
    """A pipe that gives one line again and again."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        line = '{"text": "双方"}\n'.encode()
        n = len(buffer) // len(line) * len(line)
        buffer[:n] = line * (n // len(line))
        return n


def pipe(raw: bytes) -> "io.BufferedReader":
    """Return a stream that cannot seek."""
    return rejoined(b"", io.BytesIO(raw))  # type: ignore[return-value]


def message(work: Callable[[], object]) -> str:
    """Return the message of the error that some work ends in."""
    with pytest.raises(InputError) as error:
        work()
    return str(error.value)


@pytest.fixture(params=["file", "pipe"])
def opened(request: pytest.FixtureRequest) -> Callable[[bytes], io.IOBase]:
    """Return what makes bytes a file, or a pipe."""
    return io.BytesIO if request.param == "file" else pipe


@given(TEXTS, BLOCKS, st.sampled_from(["\n", ""]))
@example(ODD, 1, "")
@example(ODD, 2, "\n")
def test_lines_of_a_stream_are_those_of_the_whole_text(
    text: str, block: int, newline: str
) -> None:
    raw = ("x" + text).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BLOCK", block)

        found = list(text_lines("a.csv", io.BytesIO(raw), newline=newline))
        piped = list(text_lines("a.csv", pipe(raw), newline=newline))

    assert found == list(io.StringIO("x" + text, newline=newline))
    assert piped == found


@given(TEXTS, BLOCKS)
@example(ODD, 3)
def test_lines_as_units_are_those_of_the_whole_text(text: str, block: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BLOCK", block)

        lines = text_lines("a.txt", pipe(("x" + text).encode()), newline="")
        pieces = (piece for line in lines for piece in line.splitlines(keepends=True))
        found = tuple(unit_lines(pieces, "a"))

    assert found == paragraphs(Document("a", "x" + text), lines=True)


def test_the_first_lines_of_a_pipe_are_given_before_its_end() -> None:
    found = islice(text_lines("-", io.BufferedReader(Endless())), 100_000)

    assert {*found} == {'{"text": "双方"}\n'}


def test_a_stream_takes_no_more_memory_for_more_lines() -> None:
    def peak(n: int) -> int:
        rows = read_records("-", raw=io.BufferedReader(Endless()), format="jsonl")
        tracemalloc.start()
        for _ in islice(rows, n):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)
    few, many = peak(1_000), peak(10_000)

    assert many - few < 40 * 9_000  # what is kept of an id


def test_what_is_open_stays_open() -> None:
    file = io.BytesIO(b"a\nb\n")

    list(text_lines("a.csv", file))

    assert not file.closed


def test_a_file_in_another_encoding_is_read_as_before() -> None:
    raw = GB.encode("gb18030")

    with pytest.warns(StanceWarning, match=r"^a\.csv: not UTF-8; read as gb18030"):
        found = list(text_lines("a.csv", io.BytesIO(raw), newline=""))

    assert "".join(found) == GB


def test_a_pipe_in_another_encoding_is_read_as_before() -> None:
    with pytest.warns(StanceWarning, match="^-: not UTF-8; read as gb18030"):
        found = list(text_lines("-", pipe(GB.encode("gb18030")), newline=""))

    assert "".join(found) == GB


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8", "UTF8"])
def test_a_named_encoding_is_taken(
    encoding: str, opened: Callable[[bytes], "io.BufferedReader"]
) -> None:
    found = text_lines("a.csv", opened(GB.encode(encoding)), encoding=encoding)

    assert "".join(found) == GB


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_is_respected(
    encoding: str, opened: Callable[[bytes], "io.BufferedReader"]
) -> None:
    assert "".join(text_lines("a.csv", opened(GB.encode(encoding)))) == GB


def test_a_byte_that_is_wrong_far_below_changes_how_a_file_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was ASCII until there is the same in the encoding that is found."""
    monkeypatch.setattr(module, "BLOCK", 16)
    raw = b"id,text\n" + b"1,Trade grew.\n" * 50 + GB.encode("gb18030")

    with pytest.warns(StanceWarning, match="read as gb18030"):
        first = next(text_lines("a.csv", io.BytesIO(raw)))

    assert first == "id,text\n"


def test_a_byte_that_is_wrong_far_below_in_a_pipe_is_refused_with_its_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "BLOCK", 16)
    raw = b"id,text\n" + b"1,Trade grew.\n" * 5_000 + b"2,\xff\n"

    def read_all() -> list[str]:
        return list(text_lines("-", pipe(raw)))

    said, hint = message(read_all).split("\n  ")
    assert said.startswith("-:")
    assert said.endswith(": not UTF-8 (byte 0xff), as what stands before it is")
    assert hint == "name the right encoding with --encoding, or restore the text"


def test_nul_far_below_in_a_pipe_is_refused_with_its_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "BLOCK", 16)
    raw = b"id,text\n" + b"1,Trade grew.\n" * 50 + b"2,\x00\n"

    assert message(lambda: list(text_lines("-", pipe(raw)))).startswith(
        "-:52: NUL character: not a text, or a damaged one\n"
    )


def test_nul_in_a_file_is_refused_with_its_place() -> None:
    raw = "text\n双方\n".encode() * 50 + b"\x00"

    assert message(lambda: list(text_lines("a.csv", io.BytesIO(raw)))).startswith(
        "a.csv: NUL character at offset 400: not a text, or a damaged one\n"
    )


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", ""])
def test_a_giant_line_is_refused_wherever_it_stands(
    monkeypatch: pytest.MonkeyPatch,
    opened: Callable[[bytes], "io.BufferedReader"],
    end: str,
) -> None:
    monkeypatch.setattr("stance.corpus.read.MAX_LINE", 40)
    monkeypatch.setattr(module, "BLOCK", 16)
    raw = ("双" * 40 + "\n").encode() * 3 + ("管" * 41 + end).encode()

    assert "a line of 41 characters; at most 40 are read\n" in message(
        lambda: list(text_lines("a.csv", opened(raw), newline=""))
    )


def test_a_line_of_the_greatest_length_is_read(
    monkeypatch: pytest.MonkeyPatch, opened: Callable[[bytes], "io.BufferedReader"]
) -> None:
    monkeypatch.setattr("stance.corpus.read.MAX_LINE", 40)
    monkeypatch.setattr(module, "BLOCK", 16)
    text = "管" * 40 + "\r\n" + "双" * 40 + "\n" + "管" * 40

    assert "".join(text_lines("a.csv", opened(text.encode()), newline="")) == text


def test_a_blank_file_is_empty(here: Path) -> None:
    (here / "a.csv").write_bytes(b" \n" * 5)

    assert message(lambda: list(text_lines("a.csv"))) == "a.csv: is empty"


def test_a_binary_file_is_refused(
    opened: Callable[[bytes], "io.BufferedReader"],
) -> None:
    raw = b"PK\x03\x04" + b"text\n" * 9

    assert message(lambda: list(text_lines("a.csv", opened(raw)))).startswith(
        "a.csv: is a binary file, not a text\n"
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [("no.csv", "no such file"), ("box", "is a folder; a file was expected")],
)
def test_what_is_no_file_is_refused(name: str, said: str, here: Path) -> None:
    (here / "box").mkdir()

    assert message(lambda: open_bytes(name)) == f"{name}: {said}"


def test_line_feeds_are_counted_over_blocks(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BLOCK", 7)
    (here / "a.csv").write_text("双方\n" * 100, encoding="utf-8")

    assert count_lines("a.csv") == 100


def test_ids_are_compared_over_the_whole_stream() -> None:
    def rows() -> Iterator[str]:
        yield "id,text\n"
        yield from (f"u{n},双方 agreed\n" for n in range(9_000))
        yield "u7,again\n"

    raw = "".join(rows()).encode()

    assert message(lambda: list(read_records("a.csv", raw=io.BytesIO(raw)))) == (
        "a.csv:9002: id 'u7' stands in line 9 already\n"
        "  ids must be unique; name another column with --id"
    )
