"""Source text to paragraphs with offsets; nothing is removed, nothing rewritten.

Blank lines separate blocks. Every block of a document becomes a paragraph with its
kind, its language and, in a bilingual text, its twin.
"""

from collections.abc import Sequence
from dataclasses import replace

from stance.corpus.align import link_twins
from stance.corpus.document import Document, Paragraph
from stance.corpus.kinds import ends_sentence, kinds_of
from stance.corpus.language import language_of

# A text without a blank line whose lines are sentences holds a paragraph a line, as
# Chinese government reports and many exports do; lines wrapped at a margin do not.
SENTENCE_LINES = 0.6


def _lines(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of each line without the white space around it."""
    spans: list[tuple[int, int]] = []
    at = 0
    for line in text.splitlines(keepends=True):
        inner = line.strip()
        start = at + len(line) - len(line.lstrip()) if inner else at
        spans.append((start, start + len(inner)))
        at += len(line)
    return spans


def blocks(text: str, *, markdown: bool = False) -> list[tuple[int, int]]:
    r"""Return the places of the blocks of a text: what blank lines separate.

    Parameters
    ----------
    text : str
        Source text.
    markdown : bool, default False
        A line that starts with ``#`` is a block of its own.

    Returns
    -------
    list of (int, int)
        Offsets, in order; white space around a block is outside it.

    Examples
    --------
    >>> text = "A title\n\n First line\nand second.\n"
    >>> [text[start:end] for start, end in blocks(text)]
    ['A title', 'First line\nand second.']
    """
    lines = _lines(text)
    filled = [span for span in lines if span[0] < span[1]]
    # Blank lines at the top or the bottom of a file separate nothing.
    inner = lines[lines.index(filled[0]) : len(lines)] if filled else []
    while inner and inner[-1][0] == inner[-1][1]:
        inner.pop()
    if len(filled) > 1 and len(inner) == len(filled):
        sentences = sum(ends_sentence(text[start:end]) for start, end in filled)
        if sentences >= SENTENCE_LINES * len(filled):
            return filled
    found: list[tuple[int, int]] = []
    is_open = False
    for start, end in inner:
        alone = markdown and text.startswith("#", start)
        if is_open and start < end and not alone:
            found[-1] = (found[-1][0], end)
        elif start < end:
            found.append((start, end))
        is_open = start < end and not alone
    return found


def segment(document: Document, *, markdown: bool = False) -> tuple[Paragraph, ...]:
    r"""Return the paragraphs of a document, all blocks counted.

    Parameters
    ----------
    document : Document
        Its text is sliced, never changed.
    markdown : bool, default False
        Whether lines that start with ``#`` are headings.

    Returns
    -------
    tuple of Paragraph
        Ids are ``document:p001`` and so on, in reading order.

    Examples
    --------
    >>> text = "Controls and trade\n\nThe controls were eased on Monday.\n"
    >>> [(unit.id, unit.kind) for unit in segment(Document("brief", text))]
    [('brief:p001', 'heading'), ('brief:p002', 'body')]
    """
    places = blocks(document.text, markdown=markdown)
    texts = [document.text[start:end] for start, end in places]
    languages = [language_of(text) for text in texts]
    kinds = kinds_of(texts)
    units: Sequence[Paragraph] = [
        Paragraph(
            id=f"{document.id}:p{index:03d}",
            document_id=document.id,
            index=index,
            start=start,
            end=end,
            language=language,
            kind=kind,
            twin="",
            text=text,
        )
        for index, ((start, end), text, language, kind) in enumerate(
            zip(places, texts, languages, kinds, strict=True), start=1
        )
    ]
    twins = link_twins(units)
    return tuple(replace(unit, twin=twins.get(unit.id, "")) for unit in units)
