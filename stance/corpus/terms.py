"""The term table: one list of the debate's own words in English and Chinese.

Each row of ``terms.csv`` is a concept with its forms in both languages, the frame it
speaks for and its role. The table is the tokenizer's dictionary, the cue block of the
model, and later the named entries of concordance and keyness.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path

from stance.corpus.files import read_bytes
from stance.corpus.forms import (
    WORD,
    Match,
    Term,
    find_form,
    first_word,
    forms_of,
    han_forms,
    is_protected,
    is_word,
    seen,
    word_forms,
)
from stance.corpus.language import HAN, HAN_RUN
from stance.corpus.pattern import pattern
from stance.corpus.terms_table import COLUMNS, check_forms, read_rows

__all__ = [
    "NO_TERMS", "WORD", "Match", "Term", "TermTable", "digest", "open_terms",
    "parse_terms", "read_terms",
]  # fmt: skip
#: From here on characters are Han, or such as no word of a form begins with.
FIRST_HAN = "\u2e80"
#: Where a form may begin: at such a word, or at any Han character.
PIECE = pattern(f"[^\\W{HAN}]+|[{HAN}]")
ASCII_PIECE = re.compile(r"\w+")
#: The first word of each form of a cell.
FIRST_WORD = re.compile(r"\|\s*([^ |]+)")

_find, _is_protected = find_form, is_protected  # as the tree of terms calls them
#: A form, its term and language; and where it ends in a text.
Form = tuple[str, Term, str]
Entry = tuple[str, Term, str, int]


class TermTable:
    """The rows of a term table, ready to be found in texts, longest form first.

    Parameters
    ----------
    terms : iterable of Term
        Concepts must be unique.
    source : bytes, optional
        The file they were read from; a model keeps it byte for byte.
    rows : sequence of sequence of str, optional
        In place of ``terms``, the cells of the file. A row becomes a term when it is
        asked for: most texts need few.

    Examples
    --------
    >>> term = Term("win_win", ("win-win",), ("共赢",), "cooperation", "cue")
    >>> table = TermTable([term])
    >>> [(m.term.concept, m.start, m.end) for m in table.find("A Win-Win deal", [])]
    [('win_win', 2, 9)]
    >>> [(m.term.concept, m.start) for m in table.find("合作共赢", [(0, 2), (2, 4)])]
    [('win_win', 2)]
    """

    def __init__(
        self,
        terms: Iterable[Term] = (),
        source: bytes = b"",
        *,
        rows: Sequence[Sequence[str]] = (),
    ) -> None:
        self.source = source
        self._rows = rows or [
            (t.concept, "|".join(t.en), "|".join(t.zh), t.frame, t.role, t.note)
            for t in terms
        ]
        self._term = lru_cache(maxsize=None)(self._read)
        self._candidates = lru_cache(maxsize=2**16)(self._find_candidates)
        self._beginning = lru_cache(maxsize=2**16)(self._find_beginning)

    def __reduce__(self) -> tuple[type["TermTable"], tuple[tuple[Term, ...], bytes]]:
        """Pickle and copy the terms; the indexes are built again."""
        return TermTable, (self.terms, self.source)

    def _read(self, row: int) -> Term:
        concept, en, zh, frame, role, note = self._rows[row]
        return Term(concept.strip(), forms_of(en), forms_of(zh), frame, role, note)

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """All concepts, in the order of the file."""
        return tuple(map(self._term, range(len(self._rows))))

    @cached_property
    def frames(self) -> tuple[str, ...]:
        """The labels that its cues speak for, sorted."""
        return tuple(sorted({term.frame for term in self.terms if term.is_cue}))

    @cached_property
    def _by_word(self) -> dict[str, list[Form]]:
        """All forms that begin with a word, by `first_word`."""
        index: defaultdict[str, list[Form]] = defaultdict(list)
        for term in self.terms:
            for form, language in word_forms(term):
                index[first_word(form)].append((form, term, language))
        return dict(index)

    @cached_property
    def _by_character(self) -> dict[str, dict[str, Term]]:
        """All forms that begin with a Han character, by that character."""
        index: defaultdict[str, dict[str, Term]] = defaultdict(dict)
        for term in self.terms:
            for form in han_forms(term):
                index[form[0]][form] = term
        return dict(index)

    @cached_property
    def sha256(self) -> bytes:
        """The digest of the file."""
        return hashlib.sha256(self.source).digest()

    @cached_property
    def _rows_by_word(self) -> dict[str, list[int]]:
        """Rows by the first words of their forms, as ``word*`` where a prefix.

        A row may stand where it does not belong: no form is found without a look at it.
        """
        index: defaultdict[str, list[int]] = defaultdict(list)
        for row, (_, en, zh, *_) in enumerate(self._rows):
            for word in set(FIRST_WORD.findall("|" + en.lower())):
                index[word].append(row)
            if not _is_han(zh):
                for form in forms_of(zh):
                    if not HAN_RUN.match(form):
                        index[first_word(seen(form))].append(row)
        for odd in [word for word in index if not is_word(word)]:  # 'win-win', 'U.S.'
            rows = tuple(index[odd])
            if odd.isascii() and "." not in odd:
                for word in {first_word(odd.strip()), first_word(odd + " ")}:
                    index[word] += rows
                continue
            for row in rows:
                for form in forms_of(self._rows[row][1]):
                    index[first_word(seen(form))].append(row)
        return index

    @cached_property
    def _rows_by_character(self) -> dict[str, list[int]]:
        """Rows by the first characters of their Chinese forms."""
        index: defaultdict[str, list[int]] = defaultdict(list)
        for row, (_, _, zh, *_) in enumerate(self._rows):
            forms = zh.split("|") if _is_han(zh) else han_forms(self._term(row))
            for first in {form[:1] for form in forms}:
                index[first].append(row)
        return index

    def _find_candidates(self, word: str) -> tuple[Form, ...]:
        """Return the forms that may begin with this lower-case word, longest first."""
        prefixes = [word[:length] + "*" for length in range(2, len(word) + 1)]
        found = [
            (form, term, language)
            for key in (word, *prefixes)
            for term in map(self._term, dict.fromkeys(self._rows_by_word.get(key, ())))
            for form, language in word_forms(term)
            if form[:1].lower() == key[:1] and first_word(form) == key
        ]
        found.sort(key=lambda entry: (-len(entry[0]), entry[1].concept))
        return tuple(found)

    def _find_beginning(self, first: str) -> tuple[dict[str, Term], list[int]]:
        """Return the terms whose forms begin with a Han character, and their lengths.

        The longest first.
        """
        terms = {
            form: term
            for term in map(self._term, self._rows_by_character.get(first, ()))
            for form in han_forms(term)
            if form[0] == first
        }
        return terms, sorted(set(map(len, terms)), reverse=True)

    def find(self, text: str, words: Sequence[tuple[int, int]]) -> list[Match]:
        """Return the matches in a text, leftmost first, longest form first, disjoint.

        Parameters
        ----------
        text : str
            The view of a text (`stance.corpus.normalise.normalise`).
        words : sequence of (int, int)
            Places of the words of its Han runs.

        Returns
        -------
        list of Match
            A form that begins with a word of a script with blanks begins at a word. A
            form that begins with a Han character does not count where it would cut a
            longer word (印度 in 印度尼西亚), nor where both its ends lie inside words
            (中国 in 其中|国有); a single character counts as a word only.
        """
        matches: list[Match] = []
        if not self._rows:
            return matches
        inside = _cuts(text, words) if words else []
        free = 0
        pieces = ASCII_PIECE if text.isascii() else PIECE
        for piece in pieces.finditer(text):
            start = piece.start()
            if start < free:
                continue
            if text[start] >= FIRST_HAN and text[start] in self._rows_by_character:
                entry = self._find_han(text, start, inside)
            else:
                entry = self._find_word(text, start, piece.group())
            if entry:
                form, term, language, free = entry
                protected = is_protected(term, form)
                matches.append(Match(term, language, start, free, protected))
        return matches

    def _find_word(self, text: str, start: int, word: str) -> Entry | None:
        for form, term, language in self._candidates(word.lower()[:64]):
            if end := find_form(form, text, start):
                return form, term, language, end
        return None

    def _find_han(self, text: str, start: int, inside: Sequence[int]) -> Entry | None:
        terms, lengths = self._beginning(text[start])
        for length in lengths:
            form = text[start : start + length]
            end = start + len(form)
            term = terms.get(form)
            if term and _may_stand(inside[start], inside[end], len(form)):
                return form, term, "zh", end
        return None


def _is_han(cell: str) -> bool:
    """Whether a cell holds nothing but Han characters and the bars between forms."""
    return not cell or bool(HAN_RUN.fullmatch(cell.replace("|", "")))


def _cuts(text: str, words: Sequence[tuple[int, int]]) -> list[int]:
    """Return for each edge the length of the word that it would cut, 0 for none."""
    inside = [0] * (len(text) + 1)
    for start, end in words:
        inside[start + 1 : end] = [end - start] * (end - start - 1)
    for word in WORD.finditer(text):  # these are never cut, whatever their length
        start, end = word.span()
        inside[start + 1 : end] = [len(inside)] * (end - start - 1)
    return inside


def _may_stand(left: int, right: int, length: int) -> bool:
    """Whether a match may stand whose edges cut words of these lengths (0: none)."""
    if length == 1:
        return not (left or right)
    return not (left and right) and max(left, right) <= length


def open_terms(source: bytes, path: str | Path = "terms.csv") -> TermTable:
    """Return the term table in bytes whose forms were checked before, by their digest.

    It is `parse_terms`, but a form is read when it is first looked for.
    """
    return TermTable(source=source, rows=[row for _, row in read_rows(source, path)])


def parse_terms(source: bytes, path: str | Path = "terms.csv") -> TermTable:
    r"""Return the term table in the bytes of a ``terms.csv``.

    Raises
    ------
    InputError
        With file and line: other columns, an unknown role, a concept twice.

    Examples
    --------
    >>> table = parse_terms("concept,en,zh,frame,role,note\n"
    ...                     "tariff,tariff*,关税,competition,lean,\n".encode())
    >>> table.terms[0].zh
    ('关税',)
    """
    rows = []
    for line, cells in read_rows(source, path):
        check_forms(forms_of(cells[1]) + forms_of(cells[2]), path, line)
        rows.append(cells)
    return TermTable(source=source, rows=rows)


def read_terms(path: str | Path) -> TermTable:
    """Return the term table of a file; see `parse_terms`."""
    return parse_terms(read_bytes(path), path)


def digest(table: TermTable) -> str:
    """Return the SHA-256 of the table's file."""
    return table.sha256.hex()


NO_TERMS = TermTable((), ",".join(COLUMNS).encode() + b"\n")
