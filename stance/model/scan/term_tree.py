"""A term table as trees: steps by word and by character that lead to its forms."""

import re
from bisect import bisect_left
from functools import lru_cache

import numpy as np

from stance.corpus.language import HAN_RUN
from stance.corpus.terms import WORD, Term, TermTable, _find, _is_protected
from stance.model.scan.hashing import Ints, Table

#: No word of a form is longer; longer words of a text are told apart no further.
MAX_WORD = 64
#: Where in the key of a step its node and its gap are.
NODE, GAP = np.uint64(40), np.uint64(24)
BLANKS = re.compile(r"\s+")
#: Letters that match others when case is ignored, though they are not their capitals.
_FOLD = str.maketrans({"\u017f": "s", "\u0131": "i", "\u0130": "i"})
Entry = tuple[str, Term, str]


class _Tree:
    """Steps from (node, gap, class) to a node and to the forms that end there."""

    def __init__(self) -> None:
        self.steps: dict[int, int] = {}
        self.next: list[int] = []
        self.ranks: list[list[int]] = []
        self.n_nodes = 1

    def step(self, node: int, gap: int, word: int) -> int:
        """Return the number of a step; it is made where it is not there."""
        key = node << 40 | gap << 24 | word
        if key not in self.steps:
            self.steps[key] = len(self.next)
            self.next.append(0)
            self.ranks.append([])
        return self.steps[key]

    def walk(self, node: int, gap: int, word: int) -> int:
        """Return the node behind a step; it is made where it is not there."""
        at = self.step(node, gap, word)
        if not self.next[at]:
            self.next[at] = self.n_nodes
            self.n_nodes += 1
        return self.next[at]

    def freeze(self) -> tuple[Table, Ints, Ints, Ints]:
        """Return keys to steps; of each its node, and where its ranks end in a list."""
        table = Table(len(self.steps))
        keys = np.fromiter(self.steps, np.uint64, len(self.steps))
        table.add(keys, np.arange(len(keys)))
        edges = np.cumsum([0, *map(len, self.ranks)])
        flat = np.array([r for ranks in self.ranks for r in ranks], np.int64)
        return table, np.array(self.next, np.int64), edges, flat


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
        self._plant_words(n_words)
        self._plant_han(n_words)

    def _plant_words(self, n_words: int) -> None:
        """Put the forms that begin with a word into the tree."""
        self.cased = np.zeros(len(self.entries), bool)
        self.gaps = {" ": 1}
        self.odd: dict[str, bool] = {}  # first word -> whether forms hold Han
        self.first: dict[str, int] = {}
        split: list[tuple[int, list[str], list[str], bool]] = []
        for rank, (form, _, _) in enumerate(self.entries[:n_words]):
            stem = form.removesuffix("*")
            words = WORD.findall(stem)
            gaps = WORD.split(" ".join(stem.split()))
            is_odd = bool(gaps[0] or gaps[-1]) or max(map(len, words)) >= MAX_WORD
            is_odd |= not "".join(gaps).isascii() or any(c >= "\u0250" for c in stem)
            if is_odd:
                first = words[0].lower()
                only_han = bool(HAN_RUN.search(stem))
                self.odd[first] = self.odd.get(first, True) and only_han
            elif len(words) > 1:
                self.cased[rank] = stem != stem.lower()
                split.append((rank, words, gaps[1:-1], form.endswith("*")))
        self.words: dict[str, int] = {}
        prefixes: set[str] = set()
        for _, words, gaps, is_open in split:
            lower = [word.lower() for word in words]
            for gap in gaps:
                self.gaps.setdefault(gap, len(self.gaps) + 1)
            if is_open:
                prefixes.add(lower.pop())
            for word in lower[1:]:
                self.words.setdefault(word, len(self.words) + 1)
        n = len(self.words) + 1
        self.prefixes = {prefix: n + at for at, prefix in enumerate(sorted(prefixes))}
        self._grow(split)
        self.short_gaps = np.zeros(128 * 128, np.uint64)
        for code in range(1, 128 * 128):  # gaps of one ASCII character, and of two
            gap = chr(code % 128) + (chr(code // 128) if code > 127 else "")
            self.short_gaps[code] = self.gaps.get(BLANKS.sub(" ", gap), 0)

    def _grow(self, split: list[tuple[int, list[str], list[str], bool]]) -> None:
        tree = _Tree()
        known = sorted([*self.words.items(), *self.prefixes.items()])
        for rank, words, gaps, is_open in split:
            lower = [word.lower() for word in words]
            if lower[0] not in self.first:
                self.first[lower[0]] = tree.n_nodes
                tree.n_nodes += 1
            node = self.first[lower[0]]
            for gap, word in zip(gaps[:-1], lower[1:-1], strict=True):
                node = tree.walk(node, self.gaps[gap], self.words[word])
            end, last = self.gaps[gaps[-1]], lower[-1]
            if not is_open:
                tree.ranks[tree.step(node, end, self.words[last])].append(rank)
                continue
            at = bisect_left(known, (last, 0))
            while at < len(known) and known[at][0].startswith(last):
                tree.ranks[tree.step(node, end, known[at][1])].append(rank)
                at += 1
        self.steps, self.next, self.edges, self.flat = tree.freeze()

    def _plant_han(self, n_words: int) -> None:
        """Put the forms that begin with a Han character into a tree by character."""
        tree = _Tree()
        for rank, (form, _, _) in enumerate(self.entries[n_words:], start=n_words):
            node = 0
            for character in form[:-1]:
                node = tree.walk(node, 0, ord(character))
            tree.ranks[tree.step(node, 0, ord(form[-1]))].append(rank)
        self.han_steps, self.han_next, self.han_edges, self.han_flat = tree.freeze()
        self.han_max = max((len(f) for f, _, _ in self.entries[n_words:]), default=0)

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
        single = -1
        for entry in self.terms._candidates(lower):
            form, term, language = entry
            if WORD.fullmatch(form.removesuffix("*")) and _find(form, word, 0):
                single = self.rank[form, term.concept, language]
                break
        odd = self.odd.get(lower)
        return self.first.get(lower, 0), single, 0 if odd is None else 1 + odd


@lru_cache(maxsize=4)
def matcher(terms: TermTable) -> Matcher:
    """Return a term table made ready for batches; the last few are kept."""
    return Matcher(terms)
