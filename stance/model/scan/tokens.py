"""Tokens of many texts at once: what `analyse` sees of each, as arrays.

The definition is that of `stance.corpus.tokens`: terms first, then words and Han words.
Each distinct word is made a string once, when it is first met, to be stemmed and looked
up; then it is a number.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.corpus.terms import TermTable
from stance.corpus.tokens import MAX_RUN, MAX_WORD, _cutter, _outside, _stemmer
from stance.model.scan.batch import Batch, batches_of, ranges
from stance.model.scan.codes import CUT, HAN, LETTER
from stance.model.scan.hashing import Ints, Table, first_equal, keys_of
from stance.model.scan.matching import Matches, Words, matches_of
from stance.model.scan.term_tree import matcher

#: So many distinct words are remembered; then all are forgotten.
MAX_TYPES = 2**20
#: No match is as long: words of scripts with blanks are never cut.
NEVER = 2**40
_NO_MATCHES = Matches(*(np.zeros(0, np.int64),) * 3)


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """The tokens of a batch, and the matches of terms in it.

    Attributes
    ----------
    batch : Batch
        The texts.
    start, end : ndarray of int, shape (n_tokens,)
        Places in the codes of the batch, in order.
    row : ndarray of int, shape (n_tokens,)
        Number of the text that each is in.
    ids : dict of str to ndarray of int, shape (n_tokens,)
        By vocabulary, the token's number, -1 where it is not in it.
    matches : Matches
        All of them, protected or not.
    """

    batch: Batch
    start: Ints
    end: Ints
    row: Ints
    ids: dict[str, Ints]
    matches: Matches


class Scanner:
    """Scans texts with a term table, for the vocabularies of a model.

    Parameters
    ----------
    terms : TermTable
        The domain's own words.
    stems : dict of str to dict of str to int
        By name, numbers of tokens as `stance.corpus.tokens` forms them.
    written : dict of str to dict of str to int
        The same of tokens as written, in lower case.
    """

    def __init__(
        self,
        terms: TermTable,
        stems: dict[str, dict[str, int]],
        written: dict[str, dict[str, int]],
    ) -> None:
        self.matcher = matcher(terms) if terms.terms else None
        self.stems, self.written = stems, written
        self.names = [*stems, *written]
        entries = self.matcher.entries if self.matcher else []
        forms = [f"{term.concept}@{language}" for _, term, language in entries]
        self.protected = {
            name: np.array([words.get(form, -1) for form in forms], np.int64)
            for name, words in {**stems, **written}.items()
        }
        self.types = {False: _Types(self), True: _Types(self)}

    def scan(self, texts: Sequence[str]) -> list[Tokens]:
        """Return the tokens of texts, in one or two batches; see `batches_of`."""
        return [
            _wide_tokens(self, batch) if batch.is_wide else _narrow_tokens(self, batch)
            for batch in batches_of(texts)
        ]


class _Types:
    """Distinct words by key: their numbers in each vocabulary, and their part in forms.

    Rows of ``facts``: one a vocabulary, then `Matcher.begins` (3) and `word_class`.
    """

    def __init__(self, scanner: Scanner) -> None:
        self.scanner = scanner
        self._forget()

    def _forget(self) -> None:
        self.table = Table(2**10)
        self.facts = np.zeros((len(self.scanner.names) + 4, 2**10), np.int32)

    def of(self, batch: Batch, start: Ints, size: Ints) -> NDArray[np.int32]:
        """Return the number of the type of each stretch; new ones are looked up."""
        keys = keys_of(batch.codes, start, size)
        found = self.table.find(keys)
        new = np.flatnonzero(found < 0)
        if not len(new):
            return found
        if self.table.n > MAX_TYPES:
            self._forget()
            new = np.arange(len(keys))
        fresh = keys.take(new)
        same = first_equal(fresh)
        one = np.flatnonzero(same == np.arange(len(new)))
        at, n = new.take(one), self.table.n
        words = batch.strings(start.take(at), (start + size).take(at))
        is_han = (batch.classes.take(start.take(at)) & HAN > 0).tolist()
        if n + len(words) > self.facts.shape[1]:
            room = np.zeros((len(self.facts), n + len(words)), np.int32)
            self.facts = np.concatenate((self.facts, room), axis=1)
        for row, column in enumerate(self._look_up(words, is_han)):
            self.facts[row, n : n + len(words)] = column
        numbers = np.empty(len(new), np.int32)
        numbers[one] = np.arange(n, n + len(words))
        self.table.add(fresh.take(one), numbers.take(one))
        found[new] = numbers.take(same)
        return found

    def _look_up(self, words: list[str], is_han: list[bool]) -> list[list[int]]:
        """Return the columns of `facts` of new words."""
        scanner = self.scanner
        stem = _stemmer()
        stems = [
            word if han else stem(word[:MAX_WORD].lower())
            for word, han in zip(words, is_han, strict=True)
        ]
        found = [[n.get(s, -1) for s in stems] for n in scanner.stems.values()]
        lower = [word.lower() for word in words] if scanner.written else []
        found += [[n.get(w, -1) for w in lower] for n in scanner.written.values()]
        if m := scanner.matcher:
            nothing = (0, -1, 0, 0)
            parts = [
                nothing if han else (*m.begins(word), m.word_class(word))
                for word, han in zip(words, is_han, strict=True)
            ]
            found += [list(column) for column in zip(*parts, strict=True)]
        return found

    def ids(self, types: NDArray[np.int32]) -> dict[str, Ints]:
        """Return by vocabulary the numbers of some types."""
        return {
            name: row.take(types).astype(np.int64)
            for name, row in zip(self.scanner.names, self.facts, strict=False)
        }

    def words(self, types: NDArray[np.int32], start: Ints, end: Ints) -> Words:
        """Return words as the matcher takes them."""
        node, single, odd, word = (row.take(types) for row in self.facts[-4:])
        return Words(start, end, node, single, odd, word)


def _words_of(batch: Batch) -> tuple[Ints, Ints]:
    """Return start and end of each word of a script with blanks, and of each number."""
    is_letter = batch.classes & LETTER
    edges = np.flatnonzero(is_letter[1:] != is_letter[:-1]) + 1
    if is_letter[0]:
        edges = np.concatenate(([0], edges))
    return edges[::2], edges[1::2]


def _narrow_tokens(scanner: Scanner, batch: Batch) -> Tokens:
    start, end = _words_of(batch)
    types = scanner.types[False]
    if scanner.matcher is None:
        long = np.flatnonzero(end - start > 1)
        start, end = start.take(long), end.take(long)
    kinds = types.of(batch, start, end - start)
    ids = types.ids(kinds)
    matches = _NO_MATCHES
    if scanner.matcher:
        edges = (start, end, start)
        words = types.words(kinds, start, end)
        matches = matches_of(scanner.matcher, batch, words, edges)
        keep = end - start > 1
        taken = np.flatnonzero(scanner.matcher.protected[matches.rank])
        rank, last = matches.rank[taken], matches.end[taken]
        first = np.searchsorted(start, matches.start[taken])
        keep[first] = True
        keep[ranges(first + 1, np.searchsorted(start, last))] = False
        end[first] = last
        for name, numbers in ids.items():
            numbers[first] = scanner.protected[name][rank]
        kept = np.flatnonzero(keep)
        start, end = start.take(kept), end.take(kept)
        ids = {name: numbers.take(kept) for name, numbers in ids.items()}
    return Tokens(batch, start, end, _row_of(batch, start), ids, matches)


def _wide_tokens(scanner: Scanner, batch: Batch) -> Tokens:
    spoken, spoken_end = _words_of(batch)
    han, han_end = _han_words(batch)
    start, end = np.concatenate((spoken, han)), np.concatenate((spoken_end, han_end))
    order = np.argsort(start, kind="stable")
    start, end = start[order], end[order]
    is_han = order >= len(spoken)
    types = scanner.types[True]
    matches = _NO_MATCHES
    bounds, rank = np.zeros((0, 2), np.int64), np.zeros(0, np.int64)
    if scanner.matcher:
        kinds = types.of(batch, spoken, spoken_end - spoken)
        words = types.words(kinds, spoken, spoken_end)
        edges = (start, end, np.where(is_han, end - start, NEVER))
        matches = matches_of(scanner.matcher, batch, words, edges)
        taken = np.flatnonzero(scanner.matcher.protected[matches.rank])
        rank = matches.rank[taken]
        bounds = np.column_stack((matches.start[taken], matches.end[taken]))
    start, end = _free(start, end, bounds)
    long = (end - start > 1) | (batch.classes[start] & HAN > 0)
    start, end = start[long], end[long]
    ids = types.ids(types.of(batch, start, end - start))
    start = np.concatenate((start, bounds[:, 0]))
    end = np.concatenate((end, bounds[:, 1]))
    order = np.argsort(start, kind="stable")
    start, end = start[order], end[order]
    ids = {
        name: np.concatenate((numbers, scanner.protected[name][rank]))[order]
        for name, numbers in ids.items()
    }
    return Tokens(batch, start, end, _row_of(batch, start), ids, matches)


def _free(start: Ints, end: Ints, bounds: Ints) -> tuple[Ints, Ints]:
    """Return the words outside protected matches; of a word in part its free parts."""
    if not len(bounds):
        return start, end
    first = np.searchsorted(end, bounds[:, 0], side="right")
    touched = np.zeros(len(start), bool)
    touched[ranges(first, np.searchsorted(start, bounds[:, 1]))] = True
    pairs = zip(start[touched].tolist(), end[touched].tolist(), strict=True)
    parts = _outside(list(pairs), [(s, e) for s, e in bounds.tolist()])
    free = np.array(parts, np.int64).reshape(-1, 2)
    return (
        np.concatenate((start[~touched], free[:, 0])),
        np.concatenate((end[~touched], free[:, 1])),
    )


def _han_words(batch: Batch) -> tuple[Ints, Ints]:
    """Return the words of the Han runs, all cut at once, a line each."""
    is_known = batch.classes & CUT > 0
    edges = np.flatnonzero(np.diff(is_known, prepend=False))
    start, end = edges[::2], edges[1::2]
    n_parts = -((start - end) // MAX_RUN)
    parts = ranges(np.zeros_like(n_parts), n_parts)
    start, end = np.repeat(start, n_parts) + MAX_RUN * parts, np.repeat(end, n_parts)
    end = np.minimum(end, start + MAX_RUN)
    rare = np.flatnonzero((batch.classes & (HAN | CUT)) == HAN)
    if not len(start):
        return rare, rare + 1
    text = batch.text(0, len(batch.codes))
    runs = zip(start.tolist(), end.tolist(), strict=True)
    words = list(_cutter()("\n".join([text[s:e] for s, e in runs])))
    sizes = np.fromiter(map(len, words), np.int64, len(words))
    place = np.cumsum(sizes) - sizes
    line = np.cumsum(end - start + 1)  # where the line after each run begins
    run = np.searchsorted(line, place, side="right")
    begin = place - (line[run] - (end - start + 1)[run]) + start[run]
    inside = begin < end[run]
    begin = np.concatenate((begin[inside], rare))
    stop = np.concatenate(((begin[: inside.sum()] + sizes[inside]), rare + 1))
    order = np.argsort(begin, kind="stable")
    return begin[order], stop[order]


def _row_of(batch: Batch, start: Ints) -> Ints:
    """Return the number of the text that each token begins in."""
    edges = np.searchsorted(start, batch.bounds)
    return np.repeat(batch.rows, np.diff(edges))
