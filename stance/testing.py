"""Builders that doctests, tests and users' own tests share."""

import numpy as np
from numpy.typing import NDArray

from stance.corpus.document import Corpus, Document, Paragraph
from stance.corpus.language import language_of
from stance.corpus.segment import segment


def paragraph(text: str, *, id: str = "text-1:p001", kind: str = "body") -> Paragraph:
    """Return a paragraph with this text.

    Examples
    --------
    >>> paragraph("扩大开放。").language
    'zh'
    """
    document = id.split(":", maxsplit=1)[0]
    return Paragraph(id, document, 1, 0, len(text), language_of(text), kind, "", text)


def corpus(*texts: str) -> Corpus:
    r"""Return a corpus of these texts, called text-1, text-2, ...

    Examples
    --------
    >>> len(corpus("One fell.\n\nOne rose.").paragraphs)
    2
    """
    documents = tuple(Document(f"text-{n}", t) for n, t in enumerate(texts, start=1))
    return Corpus(documents, tuple(u for d in documents for u in segment(d)))


def codes(text: str) -> NDArray[np.int64]:
    """Return the codes of several coders, a word each: 0 to 9, ``.`` where not coded.

    Examples
    --------
    >>> codes("01. 011").tolist()
    [[0, 1, -1], [0, 1, 1]]
    """
    return np.array(
        [[-1 if c == "." else int(c) for c in coder] for coder in text.split()]
    )
