"""The corpus folder: every hash is checked, every entry complete."""

import hashlib
import shutil
from pathlib import Path

import pytest

from stance.corpus.document import Corpus
from stance.corpus.manifest import read_corpus, read_toml
from stance.errors import InputError

TEXT = "扩大开放。\n\nTrade grew, he said.\n".encode()
ENTRY = f"""[[documents]]
id = "brief-2015"
title = "Brief"
date = "2015"
language = "mixed"
file = "brief.txt"
sha256 = "{hashlib.sha256(TEXT).hexdigest()}"
"""
KEYS = (
    "  required: id, title, date, language, file, sha256; optional: publisher, author, "
    "translated, genre, rights, note, encoding"
)


@pytest.fixture
def folder(here: Path) -> Path:
    """A folder with one text; its manifest is the test's."""
    (here / "brief.txt").write_bytes(TEXT)
    return here


def test_the_seed_corpus_has_five_documents(seed_corpus: Corpus) -> None:
    assert [document.id for document in seed_corpus.documents] == [
        "chinadaily-2012",
        "cass-2015",
        "globaltimes-2017",
        "gu-liu-2022",
        "raimondo-2023",
    ]


def test_dates_are_as_precise_as_they_are_known(seed_corpus: Corpus) -> None:
    assert [(d.date, d.translated) for d in seed_corpus.documents] == [
        ("2012-12-07", ""),
        ("2015-11-17", ""),
        ("2017-10-29", ""),
        ("2022-11-17", "2023"),
        ("2023-08", ""),
    ]


def test_a_changed_seed_text_is_refused(root: Path, here: Path) -> None:
    shutil.copytree(root / "seeds", "seeds")
    changed = bytearray(Path("seeds/texts/cass-2015.txt").read_bytes())
    changed[100] ^= 1
    Path("seeds/texts/cass-2015.txt").write_bytes(changed)

    with pytest.raises(InputError) as error:
        read_corpus("seeds")

    assert str(error.value) == (
        "seeds/corpus.toml: document 'cass-2015': sha256 does not match "
        "seeds/texts/cass-2015.txt\n"
        f"  expected ad63b5ad650c…, found {hashlib.sha256(changed).hexdigest()[:12]}…; "
        "source texts are never edited, restore the file from version control"
    )


def test_a_document_is_what_its_entry_says(folder: Path) -> None:
    (folder / "corpus.toml").write_text(ENTRY, encoding="utf-8")

    (document,) = read_corpus(folder).documents

    assert (document.id, document.title, document.text) == (
        "brief-2015",
        "Brief",
        TEXT.decode(),
    )


def test_a_date_without_quotes_is_a_date(folder: Path) -> None:
    manifest = ENTRY.replace('"2015"', "2015-11-17")
    (folder / "corpus.toml").write_text(manifest, encoding="utf-8")

    (document,) = read_corpus(folder).documents

    assert document.date == "2015-11-17"


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (
            ENTRY.replace('title = "Brief"\n', ""),
            f"corpus.toml: document 'brief-2015' has no 'title'\n{KEYS}",
        ),
        (
            ENTRY.replace('"brief-2015"', '""'),
            f"corpus.toml: document '' has no 'id'\n{KEYS}",
        ),
        (
            ENTRY + 'colour = "red"\n',
            f"corpus.toml: document 'brief-2015' has an unknown key 'colour'\n{KEYS}",
        ),
        (ENTRY + ENTRY, "corpus.toml: document 'brief-2015' stands twice"),
        (
            ENTRY.replace("brief.txt", "../brief.txt"),
            "corpus.toml: document 'brief-2015': '../brief.txt' lies outside",
        ),
        (
            ENTRY.replace("brief.txt", "/etc/hosts"),
            "corpus.toml: document 'brief-2015': '/etc/hosts' lies outside",
        ),
        (ENTRY.replace("brief.txt", "文.txt"), "文.txt: no such file"),
        (
            ENTRY + 'encoding = "klingon"\n',
            "brief.txt: encoding 'klingon' is unknown",
        ),
        (
            ENTRY + 'encoding = "ascii"\n',
            "brief.txt: not ascii (byte 0xe6 at offset 0)\n"
            "  name the right one with --encoding, or in the manifest",
        ),
        (
            'title = "Brief"\n',
            "corpus.toml: names no documents\n  add [[documents]] tables",
        ),
        (
            "documents = []\n",
            "corpus.toml: names no documents\n  add [[documents]] tables",
        ),
        (
            "[[documents]\n",
            "corpus.toml: not TOML: Expected ']]' at the end of an array declaration "
            "(at line 1, column 12)",
        ),
        ("\n", "corpus.toml: is empty"),
    ],
    ids=[
        "key missing",
        "empty id",
        "unknown key",
        "id twice",
        "outside",
        "absolute",
        "no file",
        "unknown encoding",
        "wrong encoding",
        "no documents",
        "no document",
        "not TOML",
        "empty",
    ],
)
def test_a_bad_manifest_is_refused(manifest: str, message: str, folder: Path) -> None:
    (folder / "corpus.toml").write_text(manifest, encoding="utf-8")

    with pytest.raises(InputError) as error:
        read_corpus(".")

    assert str(error.value) == message


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (
            'documents = ["brief.txt"]\n',
            "corpus.toml: documents are tables: write [[documents]]",
        ),
        (
            ENTRY.replace('"brief.txt"', "5"),
            "corpus.toml: document 'brief-2015': file is 5; a string was expected\n"
            "  put it in quotation marks",
        ),
        (
            ENTRY.replace('"Brief"', '["Brief"]'),
            "corpus.toml: document 'brief-2015': title is ['Brief']; a string was "
            "expected\n  put it in quotation marks",
        ),
        (
            ENTRY + "encoding = 5\n",
            "corpus.toml: document 'brief-2015': encoding is 5; a string was expected\n"
            "  put it in quotation marks",
        ),
    ],
    ids=["documents", "file", "title", "encoding"],
)
def test_a_value_that_is_no_string_is_refused(
    manifest: str, message: str, folder: Path
) -> None:
    (folder / "corpus.toml").write_text(manifest, encoding="utf-8")

    with pytest.raises(InputError) as error:
        read_corpus(".")

    assert str(error.value) == message


def test_a_link_out_of_the_folder_is_refused(here: Path) -> None:
    (here / "outside.txt").write_bytes(TEXT)
    (here / "corpus").mkdir()
    (here / "corpus" / "brief.txt").symlink_to(here / "outside.txt")
    (here / "corpus" / "corpus.toml").write_text(ENTRY, encoding="utf-8")

    with pytest.raises(InputError, match=r"'brief\.txt' lies outside$"):
        read_corpus("corpus")


def test_a_missing_folder_is_named() -> None:
    with pytest.raises(InputError) as error:
        read_corpus("没有")

    assert str(error.value) == "没有/corpus.toml: no such file"


def test_a_toml_file_may_begin_with_a_byte_order_mark(folder: Path) -> None:
    (folder / "corpus.toml").write_text(ENTRY, encoding="utf-8-sig")

    assert list(read_toml("corpus.toml")) == ["documents"]


def test_a_toml_file_is_utf8(folder: Path) -> None:
    (folder / "corpus.toml").write_text('title = "合作"', encoding="gb18030")

    with pytest.raises(InputError) as error:
        read_toml("corpus.toml")

    assert str(error.value) == (
        "corpus.toml: not utf-8 (byte 0xba at offset 9)\n"
        "  name the right one with --encoding, or in the manifest"
    )
