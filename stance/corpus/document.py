"""Documents, their paragraphs, and the corpus that holds both."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

#: Kinds of paragraph that are trained on and counted; the others are only listed.
CONTENT_KINDS = ("body", "summary")


def text_digest(text: str) -> str:
    r"""Return the SHA-256 of a text with its white space folded.

    Two copies of a paragraph that differ only in line breaks or blanks have one
    digest; it is how a label event knows the text that the coder saw.

    Examples
    --------
    >>> text_digest("Easing  controls\n") == text_digest("Easing controls")
    True
    """
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


class Passage(NamedTuple):
    """A text as a model reads it: with its neighbours, and the target of its stance.

    ``before`` and ``after`` are empty unless the model counts them (``--context``), and
    so is ``target`` (``--target``).
    """

    text: str
    before: str = ""
    after: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One source text and what is known about it.

    ``date`` is as precise as it is known (``2012-12-07``, ``2023-08``, ``2022``);
    ``translated`` is the translation's own date. ``sha256`` is of the file's bytes.
    """

    id: str
    text: str
    title: str = ""
    publisher: str = ""
    author: str = ""
    date: str = ""
    translated: str = ""
    language: str = ""
    genre: str = ""
    sha256: str = ""
    encoding: str = "utf-8"
    rights: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The unit of analysis: a stretch of a document, verbatim.

    ``start`` and ``end`` are character offsets into the document's text, so that
    ``document.text[start:end] == text``. ``twin`` is the id of the paragraph that
    says the same in the other language, or empty.
    """

    id: str
    document_id: str
    index: int
    start: int
    end: int
    language: str
    kind: str
    twin: str
    text: str

    @property
    def counted(self) -> bool:
        """Whether the paragraph is content: trained on, labelled and counted."""
        return self.kind in CONTENT_KINDS


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents and their paragraphs, in reading order."""

    documents: tuple[Document, ...]
    paragraphs: tuple[Paragraph, ...]
    folder: Path | None = None
    _by_id: dict[str, Paragraph] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        self._by_id.update((unit.id, unit) for unit in self.paragraphs)

    def __getitem__(self, unit_id: str) -> Paragraph:
        """Return the paragraph with this id; ``KeyError`` where there is none."""
        return self._by_id[unit_id]

    def __contains__(self, unit_id: str) -> bool:
        return unit_id in self._by_id

    def select(
        self,
        *,
        kinds: Collection[str] | None = None,
        languages: Collection[str] | None = None,
        documents: Collection[str] | None = None,
    ) -> "Corpus":
        """Return the smaller corpus of the paragraphs that fit; ``None`` fits all.

        Examples
        --------
        >>> from stance.testing import corpus
        >>> texts = corpus("Trade grew fast last year.", "去年贸易增长很快。")
        >>> [unit.language for unit in texts.select(languages={"zh"}).paragraphs]
        ['zh']
        """
        units = tuple(
            unit
            for unit in self.paragraphs
            if (kinds is None or unit.kind in kinds)
            and (languages is None or unit.language in languages)
            and (documents is None or unit.document_id in documents)
        )
        kept = {unit.document_id for unit in units}
        return Corpus(
            tuple(d for d in self.documents if d.id in kept), units, self.folder
        )
