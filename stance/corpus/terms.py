"""The term table: one list of the debate's own words in English and Chinese.

Each row of ``terms.csv`` is a concept with its forms in both languages, the frame it
speaks for and its role. The table is the tokenizer's dictionary, the cue block of the
model, and later the named entries of concordance and keyness.
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from stance.corpus.language import HAN
from stance.errors import InputError, nearest

COLUMNS = ("concept", "en", "zh", "frame", "role", "note")
ROLES = ("cue", "lean", "domain")
#: A word of a script with blanks: letters and digits that are not Han.
WORD = re.compile(f"[^\\W{HAN}]+")
HAN_FORM = re.compile(f"[{HAN}]+")


@dataclass(frozen=True, slots=True)
class Term:
    """One concept: its forms, the label it speaks for (``frame``) and its role.

    ``cue`` speaks clearly for the frame, ``lean`` leans to it, ``domain`` is neutral.
    """

    concept: str
    en: tuple[str, ...]
    zh: tuple[str, ...]
    frame: str
    role: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A form of a term found in a text, at ``text[start:end]`` of the view."""

    term: Term
    language: str
    start: int
    end: int
    protected: bool


class _Form(NamedTuple):
    """One form of a term; a table has 20,000, so nothing is compiled before its use."""

    term: Term
    language: str
    text: str
    protected: bool

    @property
    def length(self) -> int:
        return len(self.text)


def _word_pattern(word: str) -> str:
    """Match a word of a form: with its case if it has an upper-case letter."""
    escaped = re.escape(word)
    return escaped if word != word.lower() else f"(?i:{escaped})"


@lru_cache(maxsize=2**16)
def _pattern(form: str) -> re.Pattern[str]:
    """Compile a form: blanks stretch, ``*`` takes any ending, words stay whole."""
    stem = form.removesuffix("*")
    body = r"\s+".join(_word_pattern(word) for word in stem.split())
    letter = f"[^\\W{HAN}]"
    # A form may end in Han ('301条款'): there the segmentation sets the edge.
    end = f"{letter}*" if form.endswith("*") else ""
    end += "" if HAN_FORM.match(stem[-1]) else f"(?!{letter})"
    return re.compile(body + end)


def _is_protected(term: Term, form: str) -> bool:
    """Domain terms are one token, and cues of more than one word; leans are not."""
    if term.role == "cue":
        return bool(HAN_FORM.search(form)) or len(WORD.findall(form)) > 1
    return term.role == "domain"


class TermTable:
    """The rows of a term table, ready to be found in texts, longest form first.

    Parameters
    ----------
    terms : iterable of Term
        Concepts must be unique.
    source : bytes, optional
        The file they were read from; a model keeps it byte for byte.

    Examples
    --------
    >>> term = Term("win_win", ("win-win",), ("共赢",), "cooperation", "cue")
    >>> table = TermTable([term])
    >>> [(m.term.concept, m.start, m.end) for m in table.words("A Win-Win deal")]
    [('win_win', 2, 9)]
    >>> [(m.term.concept, m.start) for m in table.han("合作共赢", [2, 2])]
    [('win_win', 2)]
    """

    def __init__(self, terms: Iterable[Term], source: bytes = b"") -> None:
        self.terms = tuple(terms)
        self.source = source
        self.frames = tuple(sorted({t.frame for t in self.terms if t.frame}))
        self._first: dict[str, list[_Form]] = {}
        self._prefix: dict[str, list[_Form]] = {}
        self._han: dict[str, dict[str, _Form]] = {}
        self._lengths: dict[str, list[int]] = {}
        for term in self.terms:
            for language in ("en", "zh"):
                for text in getattr(term, language):
                    form = _Form(term, language, text, _is_protected(term, text))
                    self._add(form, text)
        for first, forms in self._han.items():
            self._lengths[first] = sorted({len(text) for text in forms}, reverse=True)
        self._candidates = lru_cache(maxsize=2**16)(self._find_candidates)

    def __reduce__(self) -> tuple[type["TermTable"], tuple[tuple[Term, ...], bytes]]:
        """Pickle and copy the rows; the index is built again."""
        return TermTable, (self.terms, self.source)

    def _add(self, form: _Form, text: str) -> None:
        stem = text.removesuffix("*")
        if HAN_FORM.match(stem):
            self._han.setdefault(stem[0], {})[stem] = form
            return
        first = WORD.findall(stem)[0].lower()
        is_prefix = text.endswith("*") and len(WORD.findall(stem)) == 1
        index = self._prefix if is_prefix else self._first
        index.setdefault(first, []).append(form)

    def _find_candidates(self, word: str) -> tuple[_Form, ...]:
        """Return the forms that may begin with this lower-case word, longest first."""
        found = list(self._first.get(word, ()))
        for length in range(2, len(word) + 1):
            found += self._prefix.get(word[:length], ())
        return tuple(sorted(found, key=lambda form: (-form.length, form.term.concept)))

    def words(self, text: str) -> list[Match]:
        """Return the matches that begin with a word of a script with blanks.

        Longest form first; matches do not overlap.
        """
        matches: list[Match] = []
        free = 0
        for word in WORD.finditer(text):
            if word.start() < free:
                continue
            for form in self._candidates(word.group().lower()[:64]):
                if found := _pattern(form.text).match(text, word.start()):
                    free = found.end()
                    matches.append(
                        Match(form.term, form.language, *found.span(), form.protected)
                    )
                    break
        return matches

    def han(self, run: str, words: Sequence[int]) -> list[Match]:
        """Return the matches in a run of Han characters that is cut into words.

        Parameters
        ----------
        run : str
            Han characters only.
        words : sequence of int
            Lengths of its words, in order.

        Returns
        -------
        list of Match
            Longest form first, without overlap. A match does not count where it would
            cut a longer word (印度 in 印度尼西亚), nor where both its ends lie inside
            words (中国 in 其中|国有); a single character counts as a word only.
        """
        inside = [0] * (len(run) + 1)  # length of the word that this edge would cut
        at = 0
        for length in words:
            inside[at + 1 : at + length] = [length] * (length - 1)
            at += length
        matches: list[Match] = []
        at, n = 0, len(run)
        while at < n:
            for length in self._lengths.get(run[at], ()):
                end = at + length
                form = self._han[run[at]].get(run[at:end]) if end <= n else None
                if form and _may_stand(inside[at], inside[end], length):
                    matches.append(
                        Match(form.term, form.language, at, end, form.protected)
                    )
                    at = end
                    break
            else:
                at += 1
        return matches


def _may_stand(left: int, right: int, length: int) -> bool:
    """Whether a match may stand whose edges cut words of these lengths (0: none)."""
    if length == 1:
        return not (left or right)
    return not (left and right) and max(left, right) <= length


def _rows(text: str, path: str | Path) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise InputError(
            f"the columns are {', '.join(reader.fieldnames or ()) or 'missing'}",
            path=path,
            line=1,
            hint=f"a term table has the columns {','.join(COLUMNS)}",
        )
    try:
        for row in reader:
            if None in row or None in row.values():
                raise InputError(
                    f"{len(COLUMNS)} fields were expected",
                    path=path,
                    line=reader.line_num,
                    hint="quote a field that holds a comma",
                )
            yield reader.line_num, row
    except csv.Error as error:
        raise InputError(str(error), path=path, line=reader.line_num) from None


def _split(cell: str) -> tuple[str, ...]:
    return tuple(form.strip() for form in cell.split("|") if form.strip("* "))


def parse_terms(source: bytes, path: str | Path = "terms.csv") -> TermTable:
    r"""Return the term table in the bytes of a ``terms.csv``.

    Raises
    ------
    InputError
        With file and line: other columns, an unknown role, a concept twice.

    Examples
    --------
    >>> table = parse_terms("concept,en,zh,frame,role,note\\n"
    ...                     "tariff,tariff*,关税,competition,lean,\\n".encode())
    >>> table.terms[0].zh
    ('关税',)
    """
    terms: list[Term] = []
    lines: dict[str, int] = {}
    for line, row in _rows(source.decode("utf-8-sig"), path):
        concept = row["concept"].strip()
        if concept in lines:
            raise InputError(
                f"concept {concept!r} stands in line {lines[concept]} already",
                path=path,
                line=line,
                hint="merge the two rows; forms are separated by |",
            )
        lines[concept] = line
        if row["role"] not in ROLES:
            raise InputError(
                f"role {row['role']!r} is unknown",
                path=path,
                line=line,
                hint=nearest(row["role"], ROLES),
            )
        en, zh = _split(row["en"]), _split(row["zh"])
        unreadable = [f for f in en if not WORD.match(f)] + [
            f for f in zh if not (WORD.match(f) or HAN_FORM.match(f))
        ]
        if unreadable:
            raise InputError(
                f"form {unreadable[0]!r} does not begin with a letter or a digit",
                path=path,
                line=line,
            )
        terms.append(Term(concept, en, zh, row["frame"], row["role"], row["note"]))
    return TermTable(terms, source)


def read_terms(path: str | Path) -> TermTable:
    """Return the term table of a file; see `parse_terms`."""
    try:
        return parse_terms(Path(path).read_bytes(), path)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read: {error}", path=path) from None


def digest(table: TermTable) -> str:
    """Return the SHA-256 of the table's file."""
    return hashlib.sha256(table.source).hexdigest()


NO_TERMS = TermTable((), ",".join(COLUMNS).encode() + b"\n")
