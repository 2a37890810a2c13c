"""The ladder of encodings: nothing dropped, no guess without a warning."""

import warnings

import pytest

from stance.corpus.read import decode
from stance.errors import InputError, StanceWarning

ENGLISH = (
    "The two governments agreed to ease controls — “slowly”, said a café owner. " * 3
)
CHINESE = (
    "中国应当扩大对外开放，加强科技合作，反对“小院高墙”。双方举行了会谈，达成共识。\n"
    * 3
)
TRADITIONAL = (
    "中國應當擴大對外開放，加強科技合作，反對「小院高牆」。雙方舉行了會談。\n" * 3
)
MIXED = (
    "实体清单 (Entity List) 在 2018 年之后不断扩大，cafe\u0301 owners waited.\r\n" * 3
)
TEXTS = [ENGLISH, CHINESE, TRADITIONAL, MIXED, "", "“Ｔｅｃｈ”，cafe\u0301！"]


def guessed(encoding: str) -> str:
    """Return the warning of a text that was read by a guess."""
    return (
        f"a.txt: not UTF-8; read as {encoding}; if that is wrong, name the encoding "
        "with --encoding or in the manifest"
    )


@pytest.mark.parametrize("text", TEXTS)
def test_utf8_is_read_as_it_is(text: str) -> None:
    assert decode(text.encode(), "a.txt") == (text, "utf-8")


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    ("written", "read"),
    [("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("utf-32", "utf-32")],
)
def test_a_byte_order_mark_names_the_encoding(
    written: str, read: str, text: str
) -> None:
    assert decode(text.encode(written), "a.txt") == (text, read)


@pytest.mark.parametrize(
    ("mark", "written", "read"),
    [
        (b"\xfe\xff", "utf-16-be", "utf-16"),
        (b"\x00\x00\xfe\xff", "utf-32-be", "utf-32"),
    ],
)
def test_a_mark_of_the_other_byte_order_is_known(
    mark: bytes, written: str, read: str
) -> None:
    assert decode(mark + MIXED.encode(written), "a.txt") == (MIXED, read)


@pytest.mark.parametrize("named", ["utf-8", "utf-8-sig", "UTF8"])
def test_a_mark_is_no_part_of_a_text_whose_encoding_is_named(named: str) -> None:
    text, _ = decode(MIXED.encode("utf-8-sig"), "a.txt", named)

    assert text == MIXED


@pytest.mark.parametrize(
    ("text", "written", "read"),
    [
        (CHINESE, "gb18030", "gb18030"),
        (CHINESE, "gbk", "gb18030"),
        (TRADITIONAL, "gb18030", "gb18030"),
        (TRADITIONAL, "big5", "big5"),
        (ENGLISH, "cp1252", "cp1252"),
        (ENGLISH, "utf-16-le", "utf_16_le"),
        (ENGLISH, "utf-16-be", "utf_16_be"),
        (CHINESE, "utf-16-le", "utf_16_le"),
        (CHINESE, "utf-16-be", "utf_16_be"),
        (MIXED, "utf-16-le", "utf_16_le"),
        ("Only letters. " * 9, "utf-16-le", "utf_16_le"),
        ("Only letters. " * 9, "utf-16-be", "utf_16_be"),
    ],
)
def test_a_text_in_another_encoding_is_read_by_a_guess(
    text: str, written: str, read: str
) -> None:
    with pytest.warns(StanceWarning):
        found = decode(text.encode(written), "a.txt")

    assert found == (text, read)


@pytest.mark.parametrize(
    ("text", "written", "read"),
    [
        (CHINESE, "gb18030", "gb18030"),
        (TRADITIONAL, "big5", "big5"),
        (ENGLISH, "cp1252", "cp1252"),
        (ENGLISH, "utf-16-le", "utf_16_le"),
    ],
)
def test_a_guess_is_warned_of(text: str, written: str, read: str) -> None:
    with pytest.warns(StanceWarning) as found:
        decode(text.encode(written), "a.txt")

    assert [str(warning.message) for warning in found] == [guessed(read)]


def test_chinese_with_latin_names_in_gb18030_is_read() -> None:
    text = (
        "棱镜门之后，“去IOE”从互联网公司的省钱招数变成了银行机房里的任务书。小型机换成国产"
        "服务器，数据库改用自研。"
    )

    with pytest.warns(StanceWarning):
        found = decode(text.encode("gb18030"), "a.txt")

    assert found == (text, "gb18030")


def test_a_short_text_without_nul_bytes_is_not_read_as_utf16() -> None:
    with pytest.warns(StanceWarning):
        _, encoding = decode("café".encode("cp1252"), "a.txt")

    assert encoding == "cp1252"


@pytest.mark.parametrize(
    ("text", "written", "named"),
    [
        (CHINESE, "gb18030", "gb18030"),
        (TRADITIONAL, "big5", "big5"),
        (ENGLISH, "cp1252", "cp1252"),
        (MIXED, "utf-16-le", "utf-16-le"),
    ],
)
def test_a_named_encoding_is_no_guess(text: str, written: str, named: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = decode(text.encode(written), "a.txt", named)

    assert found == (text, named)


@pytest.mark.parametrize(
    ("raw", "named", "message"),
    [
        (
            CHINESE.encode("gb18030"),
            "utf-8",
            "a.txt: not utf-8 (byte 0xd6 at offset 0)\n"
            "  name the right one with --encoding, or in the manifest",
        ),
        (
            b"\xff\xfea\x00b",
            "",
            "a.txt: not utf-16 (byte 0x62 at offset 4)\n"
            "  name the right one with --encoding, or in the manifest",
        ),
        (
            b"\x81\x8d\x8f" * 50,
            "",
            "a.txt: not UTF-8 (byte 0x81 at offset 0), and no other encoding fits\n"
            "  name its encoding with --encoding, or restore the file",
        ),
        (
            CHINESE.encode() + b"\xff" + CHINESE.encode(),
            "",
            "a.txt: not UTF-8 (byte 0xff at offset 363), and no other encoding fits\n"
            "  name its encoding with --encoding, or restore the file",
        ),
        (
            "合作\x00合作".encode(),
            "",
            "a.txt: NUL character at offset 2: not a text, or a damaged one\n"
            "  restore the file, or remove the NUL characters",
        ),
        (
            b"\x89PNG\r\n\x1a\n\x00\x00",
            "",
            "a.txt: is a binary file, not a text\n"
            "  files that can be read: .txt .md .jsonl .csv .tsv .parquet",
        ),
        (MIXED.encode(), "klingon", "a.txt: encoding 'klingon' is unknown"),
        (MIXED.encode(), "hex", "a.txt: encoding 'hex' is unknown"),
    ],
    ids=["named", "mark", "none fits", "damaged", "NUL", "PNG", "unknown", "no text"],
)
def test_what_is_no_text_is_refused(raw: bytes, named: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        decode(raw, "a.txt", named)

    assert str(error.value) == message


@pytest.mark.parametrize(
    "head",
    [b"%PDF-1.7", b"PK\x03\x04", b"\x1f\x8b\x08", b"\xd0\xcf\x11\xe0", b"GIF89a"],
)
def test_a_binary_file_is_known_by_its_head(head: bytes) -> None:
    with pytest.raises(InputError, match="is a binary file, not a text"):
        decode(head + b" text", "a.txt")


@pytest.mark.parametrize("named", ["undefined", "utf\0", "rot13", "ü", " "])
def test_a_name_that_is_no_encoding_of_texts_is_refused(named: str) -> None:
    with pytest.raises(InputError):
        decode("合作 text".encode(), "a.txt", named)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\u2028"])
def test_line_ends_are_kept(line_end: str) -> None:
    text = f"合作{line_end}control{line_end}"

    assert decode(text.encode(), "a.txt")[0] == text
