"""A term table as trees: steps by word and by character that lead to its forms."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product

import numpy as np
from numpy.typing import NDArray

from stance.corpus.language import HAN_RUN
from stance.corpus.terms import WORD, Term, TermTable, _find, _is_protected
from stance.model.scan.codes import Codes, encoded
from stance.model.scan.hashing import Ints, Keys, Table, keys_of

#: No word of a form is longer; longer words of a text are told apart no further.
MAX_WORD = 64
#: Chinese forms of so many characters and more are one class of lengths.
MANY = 40
BLANKS = re.compile(r"\s+")
#: Letters that match others when case is ignored, though they are not their capitals.
_FOLD = str.maketrans({"\u017f": "s", "\u0131": "i", "\u0130": "i"})
Entry = tuple[str, Term, str]


Split = tuple[int, list[str], list[str], bool]


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """Steps from (node, gap, word) to a node, and to the forms that end there.

    ``table`` has the number of a step by its key; ``next`` the node behind each, 0 for
    none; ``flat[edges[i] : edges[i + 1]]`` are the ranks of the forms that step i ends.
    """

    table: Table
    next: Ints
    edges: Ints
    flat: Ints


def step_keys(node: Ints, gap: NDArray[np.integer], word: Ints) -> Keys:
    """Return the keys of steps."""
    keys: Keys = word.astype(np.uint64)
    keys |= node.astype(np.uint64) << np.uint64(40)
    keys |= gap.astype(np.uint64) << np.uint64(24)
    return keys


def _grown(walks: Keys, nodes: Ints, ends: Keys, ranks: Ints) -> Tree:
    """Return the tree with these steps to nodes, and these that end forms."""
    keys = np.unique(np.concatenate((walks, ends)))
    table = Table(len(keys))
    table.add(keys, np.arange(len(keys)))
    behind = np.zeros(len(keys), np.int64)
    behind[np.searchsorted(keys, walks)] = nodes
    at = np.searchsorted(keys, ends)
    edges = np.concatenate(([0], np.cumsum(np.bincount(at, minlength=len(keys)))))
    return Tree(table, behind, edges, ranks[np.argsort(at, kind="stable")])


class Matcher:
    """A term table made ready for batches; see `matcher`.

    Attributes
    ----------
    entries : list of (str, Term, str)
        Form, term and language, by rank: of two that begin at one place the lower rank
        is taken.
    protected : ndarray of bool, shape (n_entries,)
        Whether a match of the form is one token.
    """

    def __init__(self, terms: TermTable) -> None:
        self.terms = terms
        spoken = [
            (key, at, entry)
            for key, entries in terms._by_word.items()
            for at, entry in enumerate(entries)
        ]
        spoken.sort(key=lambda item: (
            -len(item[2][0]), item[2][1].concept, len(item[0]) * item[0].endswith("*"),
            item[1],
        ))  # fmt: skip
        self.entries: list[Entry] = [entry for _, _, entry in spoken]
        n_words = len(self.entries)
        self.entries += [
            (form, term, "zh")
            for forms in terms._by_character.values()
            for form, term in forms.items()
        ]
        self.rank = {
            (form, term.concept, language): rank
            for rank, (form, term, language) in reversed(
                list(enumerate(self.entries[:n_words]))
            )
        }
        self.protected = np.array(
            [_is_protected(term, form) for form, term, _ in self.entries], bool
        )
        self.gaps = {" ": 1}
        self.odd: dict[str, bool] = {}  # first word -> whether its forms hold Han
        self.single: dict[str, list[int]] = {}  # ranks of whole words, and of open ones
        self.open: dict[str, list[int]] = {}
        self.longest = 0
        split = self._split(n_words)
        self._number(split)
        self.tree = self._plant(split)
        self.short_gaps = self._short_gaps()
        self.han = HanForms([form for form, _, _ in self.entries[n_words:]], n_words)

    def _short_gaps(self) -> Keys:
        """Return the number of each gap of one or two ASCII characters, as written.

        At the first one's code, plus 128 times the second one's.
        """
        blanks = [chr(code) for code in range(128) if chr(code).isspace()]
        numbers = np.zeros(128 * 128, np.uint64)
        for gap, number in {**self.gaps, "  ": 1}.items():
            ways = product(*(blanks if c == " " else [c] for c in gap))
            for way in ways if len(gap) < 3 else ():
                first, second = [*map(ord, way), 0][:2]
                numbers[first + 128 * second] = number
        return numbers

    def _split(self, n_words: int) -> list[Split]:
        """Return rank, words and gaps of the forms of several words; if one is open."""
        self.cased = np.zeros(len(self.entries), bool)
        split: list[Split] = []
        for rank, (form, _, _) in enumerate(self.entries[:n_words]):
            stem = form.removesuffix("*")
            words = WORD.findall(stem)
            gaps = WORD.split(" ".join(stem.split()))
            is_odd = bool(gaps[0] or gaps[-1]) or max(map(len, words)) >= MAX_WORD
            if is_odd or not stem.isascii():
                is_odd |= not "".join(gaps).isascii() or max(stem) >= "\u0250"
            if is_odd:
                first = words[0].lower()
                holds_han = bool(HAN_RUN.search(stem))
                self.odd[first] = self.odd.get(first, True) and holds_han
            elif len(words) == 1:
                singles = self.open if form.endswith("*") else self.single
                singles.setdefault(stem.lower(), []).append(rank)
                self.longest = max(self.longest, len(stem))
            else:
                lower = [word.lower() for word in words]
                self.cased[rank] = lower != words
                split.append((rank, lower, gaps[1:-1], form.endswith("*")))
        return split

    def _number(self, split: list[Split]) -> None:
        """Give gaps, first words, further words and open words their numbers."""
        self.first: dict[str, int] = {}
        self.words: dict[str, int] = {}
        prefixes: set[str] = set()
        for _, words, gaps, is_open in split:
            for gap in gaps:
                self.gaps.setdefault(gap, len(self.gaps) + 1)
            self.first.setdefault(words[0], len(self.first) + 1)
            for word in words[1:-1] if is_open else words[1:]:
                self.words.setdefault(word, len(self.words) + 1)
            if is_open:
                prefixes.add(words[-1])
        n = len(self.words) + 1
        self.prefixes = {prefix: n + at for at, prefix in enumerate(sorted(prefixes))}

    def _plant(self, split: list[Split]) -> Tree:
        """Return the tree of the forms, made a word after the other for all of them."""
        node = np.array([self.first[words[0]] for _, words, _, _ in split], np.int64)
        sizes = np.array([len(words) for _, words, _, _ in split], np.int64)
        walks, nodes = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
        n_nodes = len(self.first) + 1
        for at in range(1, int(sizes.max(initial=0)) - 1):
            here = np.flatnonzero(sizes > at + 1)
            chosen = [split[i] for i in here.tolist()]
            gap = np.array([self.gaps[gaps[at - 1]] for _, _, gaps, _ in chosen])
            word = np.array([self.words[words[at]] for _, words, _, _ in chosen])
            keys, which = np.unique(
                step_keys(node[here], gap, word), return_inverse=True
            )
            walks.append(keys)
            nodes.append(n_nodes + np.arange(len(keys)))
            node[here] = nodes[-1][which]
            n_nodes += len(keys)
        known = sorted([*self.words.items(), *self.prefixes.items()])
        ends: list[tuple[int, int, int, int]] = []
        for (rank, words, gaps, is_open), last in zip(
            split, node.tolist(), strict=True
        ):
            gap_ = self.gaps[gaps[-1]]
            if not is_open:
                ends.append((last, gap_, self.words[words[-1]], rank))
                continue
            start = bisect_left(known, (words[-1], 0))
            for word_, number in islice(known, start, None):
                if not word_.startswith(words[-1]):
                    break
                ends.append((last, gap_, number, rank))
        node, gap, word, ranks = np.array(ends, np.int64).reshape(-1, 4).T
        return _grown(
            np.concatenate(walks), np.concatenate(nodes),
            step_keys(node, gap, word), ranks,
        )  # fmt: skip

    def word_class(self, word: str) -> int:
        """Return what the tree knows of a word that does not begin a form; 0 nothing.

        A form's own word, else the longest of the forms' open words that it begins
        with.
        """
        lower = word.translate(_FOLD).lower()
        if found := self.words.get(lower):
            return found
        for length in range(min(len(lower), MAX_WORD), 0, -1):
            if found := self.prefixes.get(lower[:length]):
                return found
        return 0

    def begins(self, word: str) -> tuple[int, int, int]:
        """Return the node of a word that begins forms, its own rank, and what is odd.

        Rank -1: no form is this word. Odd 1: ask the table wherever the word stands; 2:
        only in texts that hold Han characters.
        """
        lower = word.lower()[:MAX_WORD]
        ranks = list(self.single.get(lower, ()))
        for length in range(2, min(len(lower), self.longest) + 1):
            ranks += self.open.get(lower[:length], ())
        found = (r for r in sorted(ranks) if _find(self.entries[r][0], word, 0))
        odd = self.odd.get(lower)
        return self.first.get(lower, 0), next(found, -1), 0 if odd is None else 1 + odd


class HanForms:
    """The forms that begin with a Han character, by length and by their first two.

    Parameters
    ----------
    forms : list of str
        All different.
    first : int
        The rank of the first; the others follow.
    """

    def __init__(self, forms: list[str], first: int) -> None:
        by_length: dict[int, list[int]] = {}
        lengths: dict[str, int] = {}
        for at, form in enumerate(forms):
            by_length.setdefault(len(form), []).append(at)
            lengths[form[:2]] = lengths.get(form[:2], 0) | 1 << min(len(form), MANY)
        self.starts = {
            n: self._table([f for f in lengths if len(f) == n]) for n in (1, 2)
        }
        self.lengths = np.array(
            [bits for n in (1, 2) for f, bits in lengths.items() if len(f) == n],
            np.int64,
        )
        self.by_length = {
            length: (
                self._table([forms[at] for at in places]),
                first + np.array(places),
            )
            for length, places in sorted(by_length.items())
        }

    @staticmethod
    def _table(words: list[str]) -> Table:
        codes, _ = encoded(words, wide=True)
        size = np.array([len(word) for word in words], np.int64)
        table = Table(len(words))
        table.add(keys_of(codes, np.cumsum(size) - size, size), np.arange(len(words)))
        return table

    def find(self, codes: Codes, start: Ints) -> tuple[Ints, Ints, Ints]:
        """Return start, end and rank of each form that stands at one of the places."""
        found = [(start[:0],) * 3]
        one = self.starts[1].find(keys_of(codes, start, np.ones_like(start)))
        two = self.starts[2].find(keys_of(codes, start, np.full_like(start, 2)))
        bits = np.where(one >= 0, self.lengths[one], 0)
        bits |= np.where(two >= 0, self.lengths[self.starts[1].n + two], 0)
        some = np.flatnonzero(bits)
        start, bits = start[some], bits[some]
        for length, (table, ranks) in self.by_length.items():
            here = start[np.flatnonzero(bits >> min(length, MANY) & 1)]
            at = table.find(keys_of(codes, here, np.full_like(here, length)))
            hit = np.flatnonzero(at >= 0)
            found.append((here[hit], here[hit] + length, ranks[at[hit]]))
        starts, ends, places = (np.concatenate(p) for p in zip(*found, strict=True))
        return starts, ends, places


@lru_cache(maxsize=4)
def matcher(terms: TermTable) -> Matcher:
    """Return a term table made ready for batches; the last few are kept."""
    return Matcher(terms)
