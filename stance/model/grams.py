"""Features of whole batches: what `stance.model.blocks` finds, from token arrays."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from stance.corpus.document import Passage
from stance.model.blocks import CHAR_LENGTHS, NO_CUE
from stance.model.found import Part, Source
from stance.model.model import Block, Model
from stance.model.scan.batch import Batch
from stance.model.scan.codes import Codes, encoded
from stance.model.scan.hashing import Table, keys_of, mix
from stance.model.scan.tokens import Scanner, Tokens

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.signedinteger]

_HALF = np.uint64(32)
_ONE = np.uint64(1)
#: Blocks made of words, and whether these are stems.
WORD_BLOCKS = {"words": True, "forms": False, "context": True}


class BatchSource(Source):
    """The views of a batch as what places are in; rows are those of the texts given."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch

    @cached_property
    def lower(self) -> Codes:
        """The codes in lower case."""
        return self.batch.lower()

    def keys(self, row: Ints, start: Ints, end: Ints) -> NDArray[np.uint64]:
        """Return a number for each stretch, equal for equal words in lower case."""
        return keys_of(self.lower, start, end - start)

    def spans(self, row: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints]:
        """Return the places in the source texts of stretches of their views."""
        return self.batch.spans(np.searchsorted(self.batch.rows, row), start, end)


class Grams:
    """The terms of a word block by the numbers of their words: one, two or three."""

    def __init__(self, block: Block) -> None:
        terms = block.terms
        self.words: dict[str, int] = {}
        number = self.words.setdefault
        for at in np.argsort(block.idf, kind="stable").tolist():  # frequent ones first
            for word in terms[at].split(" "):
                number(word, len(self.words))
        of = self.words.__getitem__
        rows: dict[int, list[int]] = {1: [], 2: [], 3: []}
        for column, term in enumerate(terms):
            words = term.split(" ")
            rows[len(words)] += [*map(of, words), column]
        one, two, three = (np.array(rows[n]).reshape(-1, n + 1).T for n in (1, 2, 3))
        self.single = np.full(len(self.words), -1)
        self.single[one[0].astype(np.int64)] = one[1]
        two, three = two.astype(np.int64), three.astype(np.int64)
        self.pairs, self.triples = Table(two.shape[1]), Table(three.shape[1])
        self.pairs.add(_pair(*two[:2]), two[2])
        self.triples.add(mix(_pair(*three[:2]), three[2].astype(np.uint64)), three[3])

    def parts(self, tokens: Tokens, ids: Ints, source: Source) -> list[Part]:
        """Return the occurrences of known terms among the tokens, by their length."""
        known = np.flatnonzero(ids >= 0)
        words, row = ids.take(known), tokens.row.take(known)
        column = self.single.take(words)
        here = np.flatnonzero(column >= 0)
        where = partial(_places, tokens, known)
        found = [
            Part(row.take(here), column.take(here), source, partial(where, here, 0))
        ]
        near = np.flatnonzero(np.diff(known + row) == 1)  # one text, nothing between
        keys = _pair(words.take(near), words.take(near + 1))
        hit, column = self.pairs.hits(keys)
        here = near.take(hit)
        found.append(Part(row.take(here), column, source, partial(where, here, 1)))
        if self.triples.n:
            three = np.flatnonzero(np.diff(near) == 1)
            near, keys = near.take(three), keys.take(three)
            keys = mix(keys, words.take(near + 2).astype(np.uint64))
            hit, column = self.triples.hits(keys)
            here = near.take(hit)
            found.append(Part(row.take(here), column, source, partial(where, here, 2)))
        return found


def _places(tokens: Tokens, known: Ints, first: Ints, more: int) -> tuple[Ints, Ints]:
    """Return the places of terms that begin at these known tokens."""
    return tokens.start[known[first]], tokens.end[known[first + more]]


def _pair(first: Ints, second: Ints) -> NDArray[np.uint64]:
    return (first.astype(np.uint64) + _ONE) << _HALF | second.astype(np.uint64)


class Finder:
    """Finds the features of a model in batches; blocks it does not know are left out.

    Parameters
    ----------
    model : Model
        Its tables are made here: some tenths of a second.
    """

    def __init__(self, model: Model) -> None:
        self.blocks = {block.spec.name: block for block in model.blocks}
        self.grams = {
            name: Grams(block)
            for name, block in self.blocks.items()
            if name in WORD_BLOCKS
        }
        words = {name: grams.words for name, grams in self.grams.items()}
        self.scanner = Scanner(
            model.terms,
            {n: w for n, w in words.items() if WORD_BLOCKS[n] and n != "context"},
            {n: w for n, w in words.items() if not WORD_BLOCKS[n]},
        )
        self.neighbours = None
        if "context" in words:
            context = {"context": words["context"]}
            self.neighbours = Scanner(model.terms, context, {})
        if "cues" in self.blocks:
            self._index_cues(self.blocks["cues"])
        self.chars: dict[tuple[int, bool], Table] = {}
        if "chars" in self.blocks:
            for length in CHAR_LENGTHS:
                for wide in (False, True):
                    table = _char_table(self.blocks["chars"], length, wide)
                    self.chars[length, wide] = table

    def _index_cues(self, block: Block) -> None:
        """Note the columns of each entry of the matcher: any language's, its own."""
        entries = self.scanner.matcher.entries if self.scanner.matcher else []
        names = [
            (f"{term.frame}/{term.role}", f"{term.frame}/{term.role}@{language}")
            if term.is_cue
            else ("", "")
            for _, term, language in entries
        ]
        columns = [[block.index.get(name, -1) for name in pair] for pair in names]
        self.cue_columns = np.array(columns, np.int64).reshape(-1, 2)
        self.is_cue = np.array([bool(name) for name, _ in names], bool)
        self.no_cue = block.index.get(NO_CUE, -1)

    def find(self, passages: Sequence[str | Passage]) -> dict[str, list[Part]]:
        """Return by block the parts of texts; see `stance.model.found.parts_of`."""
        found: dict[str, list[Part]] = {
            name: [] for name in self.blocks if name != "target"
        }
        own = [p if isinstance(p, str) else p.text for p in passages]
        for tokens in self.scanner.scan(own):
            source = BatchSource(tokens.batch)
            for name, grams in self.grams.items():
                if name != "context":
                    found[name] += grams.parts(tokens, tokens.ids[name], source)
            if "cues" in found:
                found["cues"] += self._cue_parts(tokens, source)
            if "chars" in found:
                found["chars"] += self._char_parts(tokens.batch, source)
        if self.neighbours:
            found["context"] = self._context_parts(self.neighbours, passages)
        return found

    def _cue_parts(self, tokens: Tokens, source: Source) -> list[Part]:
        """Return cues, each in any language and in its own; tokens that are none."""
        batch, matches = tokens.batch, tokens.matches
        cues = np.flatnonzero(self.is_cue[matches.rank])
        start, end = matches.start[cues], matches.end[cues]
        column = self.cue_columns[matches.rank[cues]].ravel()
        row = batch.rows[np.searchsorted(batch.bounds, start, side="right") - 1]
        known = np.flatnonzero(column >= 0)
        at = known // 2
        places = start[at], end[at]
        found = [Part(row[at], column[known], source, lambda: places)]
        if self.no_cue >= 0:
            n = len(tokens.start)
            edge = np.zeros(n + 1, np.int64)
            np.add.at(edge, np.searchsorted(tokens.end, start, side="right"), 1)
            np.add.at(edge, np.searchsorted(tokens.start, end), -1)
            free = np.flatnonzero(np.cumsum(edge[:-1]) == 0)
            column = np.full(len(free), self.no_cue)
            where = partial(_places, tokens, free, np.arange(len(free)), 0)
            found.append(Part(tokens.row[free], column, source, where, times=2))
        return found

    def _char_parts(self, batch: Batch, source: Source) -> list[Part]:
        lower = batch.lower()
        found = []
        for length in CHAR_LENGTHS:
            last = np.maximum(batch.bounds[:-1], batch.bounds[1:] - length)
            sizes = last - batch.bounds[:-1]
            row = np.repeat(batch.rows, sizes)
            shift = np.repeat(batch.bounds[:-1] - (np.cumsum(sizes) - sizes), sizes)
            start = np.arange(int(sizes.sum())) + shift
            keys = keys_of(lower, start, np.full(len(start), length))
            column = self.chars[length, batch.is_wide].find(keys)
            known = np.flatnonzero(column >= 0)
            start, column = start[known], column[known].astype(np.int64)
            places = partial(_run, start, length)
            found.append(Part(row[known], column, source, places))
        return found

    def _context_parts(
        self, scanner: Scanner, passages: Sequence[str | Passage]
    ) -> list[Part]:
        """Return the words of the neighbours, which have no place in the text."""
        none = ("", "")
        texts = [
            text for p in passages for text in (none if isinstance(p, str) else p[1:3])
        ]
        row, column = [], []
        for tokens in scanner.scan(texts):
            ids = tokens.ids["context"]
            known = np.flatnonzero(ids >= 0)
            columns = self.grams["context"].single[ids[known]]
            row.append(tokens.row[known][columns >= 0])
            column.append(columns[columns >= 0])
        rows, columns = np.concatenate(row), np.concatenate(column)
        order = np.argsort(rows, kind="stable")
        rows, columns = rows[order] // 2, columns[order]
        nowhere = np.zeros(len(rows), np.int64)
        return [Part(rows, columns, Source([]), lambda: (nowhere, nowhere))]


def _run(start: Ints, length: int) -> tuple[Ints, Ints]:
    return start, start + length


def _char_table(block: Block, length: int, wide: bool) -> Table:
    """Return the columns of the runs of one length, by their key in a batch."""
    columns = [at for at, term in enumerate(block.terms) if len(term) == length]
    codes, which = encoded([block.terms[at] for at in columns], wide=wide)
    start = np.arange(len(which)) * length
    table = Table(len(which))
    keys = keys_of(codes, start, np.full(len(which), length))
    table.add(keys, np.array(columns, np.int64)[which])
    return table
