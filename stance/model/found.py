"""Where the features of a model's blocks occur in texts, as arrays.

Two ways lead to the same arrays: text by text with `analyse` and `occurrences`, which
starts at once and knows every block; and a whole batch at a time with
`stance.model.scan.tokens`, some fifty times faster once its tables are made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stance.corpus.document import Passage
from stance.corpus.normalise import fold, normalise
from stance.corpus.tokens import Analysis, analyse
from stance.model.blocks import NO_CUE, occurrences
from stance.model.model import Block, Model

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stance.model.grams import Finder

    Ints = NDArray[np.signedinteger]

#: Fewer characters than this are looked at one text at a time.
SMALL = 20_000


class Source:
    """What places of occurrences are in: the views of texts, one after the other."""

    def __init__(self, analyses: Sequence[Analysis]) -> None:
        self.views = [analysis.view for analysis in analyses]
        self.known: dict[str, int] = {}

    def keys(self, row: Ints, start: Ints, end: Ints) -> NDArray[np.uint64]:
        """Return a number for each stretch, equal for equal words in lower case."""
        known, views = self.known, self.views
        stretches = zip(row.tolist(), start.tolist(), end.tolist(), strict=True)
        found = [
            known.setdefault(fold(views[at].text[s:e]), len(known))
            for at, s, e in stretches
        ]
        return np.array(found, np.uint64)

    def spans(self, row: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints]:
        """Return the places in the source texts of stretches of their views."""
        stretches = zip(row.tolist(), start.tolist(), end.tolist(), strict=True)
        found = [self.views[at].span(s, e) for at, s, e in stretches]
        starts, ends = np.array(found, np.int64).reshape(-1, 2).T
        return starts, ends


class Part(NamedTuple):
    """Occurrences of known features of one block, by text in ascending order.

    ``row`` and ``column`` say which text and which feature of the block each is, both
    of shape (n,); ``places`` gives start and end of each in ``source``, both 0 for what
    has no place of its own; each counts ``times``.
    """

    row: Ints
    column: Ints
    source: Source
    places: Callable[[], tuple[Ints, Ints]]
    times: int = 1


def parts_of(model: Model, passages: Sequence[str | Passage]) -> dict[str, list[Part]]:
    """Return where the features of each block occur.

    Parameters
    ----------
    model : Model
        Its blocks and term table.
    passages : sequence of str or Passage
        Texts.

    Returns
    -------
    dict of str to list of Part
        By block. A text's occurrences in different parts are of different features.
    """
    targeted = any(block.spec.name == "target" for block in model.blocks)
    if targeted or len_of(passages) < SMALL:
        return _by_text(model, passages)
    return _finder(model).find(passages)


def len_of(passages: Iterable[str | Passage]) -> int:
    """Return how many characters texts have together, up to `SMALL` or a few more."""
    n = 0
    for passage in passages:
        n += len(passage) if isinstance(passage, str) else len(passage.text)
        if n > SMALL:
            break
    return n


@lru_cache(maxsize=2)
def _finder(model: Model) -> Finder:
    from stance.model.grams import Finder

    return Finder(model)


def _by_text(model: Model, passages: Sequence[str | Passage]) -> dict[str, list[Part]]:
    """Return the parts of all blocks as `occurrences` finds them."""
    analyses = [analyse(_bare(passage), model.terms) for passage in passages]
    source = Source(analyses)
    return {block.spec.name: _parts(block, analyses, source) for block in model.blocks}


def _bare(passage: str | Passage) -> str | Passage:
    """Return a passage as its text, where it has nothing else."""
    if isinstance(passage, str) or any(passage[1:]):
        return passage
    return passage.text


def _parts(block: Block, analyses: Sequence[Analysis], source: Source) -> list[Part]:
    by_size: dict[int, list[tuple[int, int, int, int]]] = {}
    known = block.index
    for row, analysis in enumerate(analyses):
        for feature, start, end in occurrences(analysis, block.spec.name):
            if feature in known:
                size = _size(feature, block.spec.name)
                by_size.setdefault(size, []).append((row, known[feature], start, end))
    parts = []
    for size in sorted(by_size):
        row, column, start, end = np.array(by_size[size], np.int64).T.copy()
        parts.append(Part(row, column, source, partial(_same, start, end)))
    return parts


def _same(start: Ints, end: Ints) -> tuple[Ints, Ints]:
    return start, end


def _size(feature: str, block: str) -> int:
    """Return which part a feature belongs to: as long ones apart from short ones."""
    if block in ("words", "forms"):
        return feature.count(" ")
    if block == "chars":
        return len(feature)
    return int(feature == NO_CUE)


def views_of(texts: Sequence[str]) -> list[str]:
    """Return the views of texts, as `normalise` gives them."""
    if len_of(texts) < SMALL:
        return [normalise(text).text for text in texts]
    from stance.model.scan.batch import batches_of

    views = list(texts)
    for batch in batches_of(texts):
        whole = batch.text(0, len(batch.codes))
        bounds = batch.bounds.tolist()
        for at, row in enumerate(batch.rows.tolist()):
            views[row] = whole[bounds[at] : bounds[at + 1] - 1]
    return views
