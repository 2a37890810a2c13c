"""Builders that doctests, tests and users' own tests share."""

import numpy as np
from numpy.typing import NDArray

from stance.coding.codebook import LabelSet
from stance.coding.predictions import Gold, Predictions
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


FRAMES = ("cooperation", "competition", "countermeasure", "none")


def coded(*periods: str) -> tuple[Gold, Predictions]:
    """Return coded and uncoded units with predictions, a period a text.

    ``2012: 00 .1 | 11`` has two documents: a unit is the code that a coder gave it
    (``.`` where none did) and the code that an outside model predicts. Codes 0 to 3 are
    cooperation, competition, countermeasure and, where it occurs, none.

    Examples
    --------
    >>> gold, predictions = coded("2012: 00 .1 | 11", "2023: 01 | .0")
    >>> gold.y.tolist(), gold.documents[:3]
    ([0, -1, 1, 0, -1], ('2012-d1', '2012-d1', '2012-d2'))
    """
    rows: list[tuple[str, str, str]] = []
    for period in periods:
        date, _, rest = period.partition(":")
        for at, document in enumerate(rest.split("|"), start=1):
            rows += [(date, f"{date}-d{at}", unit) for unit in document.split()]
    n_labels = max(3, 1 + max(int(c) for _, _, unit in rows for c in unit if c != "."))
    labels = LabelSet(FRAMES[:n_labels], FRAMES[3:n_labels])
    ids = tuple(f"u{n}" for n in range(len(rows)))
    documents = tuple(document for _, document, _ in rows)
    y = np.array([-1 if unit[0] == "." else int(unit[0]) for _, _, unit in rows])
    proba = np.eye(n_labels)[[int(unit[1]) for _, _, unit in rows]]
    no = np.zeros(len(rows), dtype=bool)
    gold = Gold(
        labels, ids, documents, ("en",) * len(rows), tuple(date for date, _, _ in rows),
        ("",) * len(rows), y, ~no, tuple((f"document:{d}",) for d in documents),
        tuple("" if code < 0 else "random" for code in y),
    )  # fmt: skip
    return gold, Predictions(ids, labels, proba, no, no.astype(int) - 1, no)
