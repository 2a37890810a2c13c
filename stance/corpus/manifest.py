"""The corpus folder: its manifest ``corpus.toml``, every hash checked."""

import datetime
import hashlib
import tomllib
from pathlib import Path

from stance.corpus.document import Corpus, Document
from stance.corpus.files import read_bytes
from stance.corpus.read import check_text, decode, paragraphs
from stance.errors import InputError

REQUIRED = ("id", "title", "date", "language", "file", "sha256")
OPTIONAL = (
    "publisher", "author", "translated", "genre", "rights", "note", "encoding",
)  # fmt: skip


def read_toml(path: str | Path) -> dict[str, object]:
    """Return the table in a TOML file.

    Raises
    ------
    InputError
        If it is missing, empty, not UTF-8 or not TOML; with the place.
    """
    text, _ = decode(read_bytes(path), path, "utf-8")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"not TOML: {error}", path=path) from None


def read_corpus(folder: str | Path = "seeds") -> Corpus:
    """Return the documents that a folder's ``corpus.toml`` names, and their paragraphs.

    Parameters
    ----------
    folder : str or Path, default "seeds"
        Holds ``corpus.toml`` and the files that it names.

    Returns
    -------
    Corpus
        In the order of the manifest.

    Raises
    ------
    InputError
        If an entry is incomplete, an id stands twice, or a file is not the one whose
        SHA-256 the manifest gives: source texts are never edited.

    Examples
    --------
    >>> read_corpus("no-such-folder")
    Traceback (most recent call last):
    ...
    stance.errors.InputError: no-such-folder/corpus.toml: no such file
    """
    folder = Path(folder)
    path = folder / "corpus.toml"
    entries = read_toml(path).get("documents", [])
    if not isinstance(entries, list) or not entries:
        raise InputError(
            "names no documents", path=path, hint="add [[documents]] tables"
        )
    documents: list[Document] = []
    for entry in entries:
        document = _read_document(folder, path, entry)
        if any(other.id == document.id for other in documents):
            raise InputError(f"document {document.id!r} stands twice", path=path)
        documents.append(document)
    units = tuple(
        unit
        for document, entry in zip(documents, entries, strict=True)
        for unit in paragraphs(document, markdown=entry["file"].endswith(".md"))
    )
    return Corpus(tuple(documents), units, folder)


def _read_document(folder: Path, path: Path, entry: dict[str, str]) -> Document:
    if not isinstance(entry, dict):
        raise InputError("documents are tables: write [[documents]]", path=path)
    name = entry.get("id", "?")
    for key, value in entry.items():
        if not isinstance(value, str | datetime.date):
            raise InputError(
                f"document {name!r}: {key} is {value!r}; a string was expected",
                path=path,
                hint="put it in quotation marks",
            )
    missing = [key for key in REQUIRED if not entry.get(key)]
    unknown = sorted(set(entry) - set(REQUIRED) - set(OPTIONAL))
    if missing or unknown:
        what = (
            f"has no {missing[0]!r}"
            if missing
            else f"has an unknown key {unknown[0]!r}"
        )
        raise InputError(
            f"document {name!r} {what}",
            path=path,
            hint=f"required: {', '.join(REQUIRED)}; optional: {', '.join(OPTIONAL)}",
        )
    file = folder / entry["file"]
    if not file.resolve().is_relative_to(folder.resolve()):
        raise InputError(
            f"document {name!r}: {entry['file']!r} lies outside", path=path
        )
    raw = read_bytes(file)
    found = hashlib.sha256(raw).hexdigest()
    if found != entry["sha256"]:
        raise InputError(
            f"document {name!r}: sha256 does not match {file}",
            path=path,
            hint=f"expected {entry['sha256'][:12]}…, found {found[:12]}…; source texts "
            "are never edited, restore the file from version control",
        )
    text, encoding = decode(raw, file, entry.get("encoding", ""))
    check_text(text, file)
    known = {k: str(v) for k, v in entry.items() if k not in ("file", "encoding")}
    return Document(text=text, encoding=encoding, **known)
