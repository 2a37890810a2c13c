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
from functools import cached_property, lru_cache
from pathlib import Path

from stance.corpus.files import read_bytes
from stance.corpus.language import HAN, HAN_RUN
from stance.corpus.normalise import normalise
from stance.errors import InputError, nearest

COLUMNS = ("concept", "en", "zh", "frame", "role", "note")
ROLES = ("cue", "lean", "domain")
#: A word of a script with blanks: letters and digits that are not Han.
WORD = re.compile(f"[^\\W{HAN}]+")
#: Where blanks are not single, a form can be longer or shorter in the text.
ODD_BLANK = re.compile(r"[^\S ]|  ")
#: From here on characters are Han, or such as no word of a form begins with.
FIRST_HAN = "\u2e80"
#: Where a form may begin: at such a word, or at any Han character.
PIECE = re.compile(f"[^\\W{HAN}]+|[{HAN}]")


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

    @property
    def is_cue(self) -> bool:
        """Whether the term speaks for a label, clearly or not."""
        return bool(self.frame) and self.role != "domain"


#: A form that was found, its term and language, and where it ends.
Entry = tuple[str, Term, str, int]


@dataclass(frozen=True, slots=True)
class Match:
    """A form of a term found in a text, at ``text[start:end]`` of the view."""

    term: Term
    language: str
    start: int
    end: int
    protected: bool


def _word_pattern(word: str) -> str:
    """Match a word of a form: with its case if it has an upper-case letter."""
    escaped = re.escape(word)
    return escaped if word != word.lower() else f"(?i:{escaped})"


@lru_cache(maxsize=2**16)
def _pattern(form: str) -> re.Pattern[str]:
    """Compile a form, its ending aside; blanks stretch."""
    stem = form.removesuffix("*")
    return re.compile(r"\s+".join(_word_pattern(word) for word in stem.split()))


def _find(form: str, text: str, start: int) -> int:
    """Return where a form ends that begins at a place; 0 where it is not there.

    ``*`` takes any ending of the last word; without it words stay whole. A form may
    end in Han ('301条款'): there the segmentation sets the edge.
    """
    stem = form.removesuffix("*")
    seen = text[start : start + len(stem)]
    is_plain = seen.isascii() and stem.isascii() and not ODD_BLANK.search(seen)
    if is_plain and seen.lower() != stem.lower():
        return 0  # most forms end here: to compile a pattern takes 0.3 ms
    if not (found := _pattern(form).match(text, start)):
        return 0
    ending = WORD.match(text, found.end())
    if form.endswith("*"):
        return ending.end() if ending else found.end()
    return 0 if ending and not HAN_RUN.match(form[-1]) else found.end()


def _seen(form: str) -> str:
    """Return a form as the view of a text has it: 'U.S. side' is 'US side'."""
    plain = form.isascii() and "." not in form
    return form if plain or HAN_RUN.fullmatch(form) else normalise(form).text


def _is_protected(term: Term, form: str) -> bool:
    """Domain terms are one token, and cues of more than one word; leans are not."""
    if term.role == "cue":
        return bool(HAN_RUN.search(form)) or len(WORD.findall(form)) > 1
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
    >>> [(m.term.concept, m.start, m.end) for m in table.find("A Win-Win deal", [])]
    [('win_win', 2, 9)]
    >>> [(m.term.concept, m.start) for m in table.find("合作共赢", [(0, 2), (2, 4)])]
    [('win_win', 2)]
    """

    def __init__(self, terms: Iterable[Term], source: bytes = b"") -> None:
        self.terms = tuple(terms)
        self.source = source
        self.frames = tuple(sorted({t.frame for t in self.terms if t.is_cue}))
        self._candidates = lru_cache(maxsize=2**16)(self._find_candidates)

    def __reduce__(self) -> tuple[type["TermTable"], tuple[tuple[Term, ...], bytes]]:
        """Pickle and copy the rows; the indexes are built again."""
        return TermTable, (self.terms, self.source)

    @cached_property
    def _by_word(self) -> dict[str, list[tuple[str, Term, str]]]:
        """(form, term, language) by the first word, as ``word*`` where a prefix."""
        index: dict[str, list[tuple[str, Term, str]]] = {}
        for term in self.terms:
            for language, forms in (("en", term.en), ("zh", term.zh)):
                for written in forms:
                    if language == "zh" and HAN_RUN.match(written):
                        continue
                    form = _seen(written)
                    key = form.partition(" ")[0]
                    word = key.removesuffix("*")
                    if not (word.isascii() and word.isalpha()):  # 'win-win', '5G'
                        first = WORD.match(form)
                        key = first.group() if first else ""
                        key += "*" * (form == key + "*")
                    index.setdefault(key.lower(), []).append((form, term, language))
        return index

    @cached_property
    def _by_character(self) -> dict[str, dict[str, Term]]:
        """Terms by Chinese form, by its first character."""
        index: dict[str, dict[str, Term]] = {}
        for term in self.terms:
            for written in term.zh:
                if HAN_RUN.match(written):
                    form = _seen(written.removesuffix("*"))
                    index.setdefault(form[0], {})[form] = term
        return index

    @cached_property
    def _lengths(self) -> dict[str, list[int]]:
        """Lengths of the forms that begin with a character, longest first."""
        return {
            first: sorted(set(map(len, forms)), reverse=True)
            for first, forms in self._by_character.items()
        }

    def _find_candidates(self, word: str) -> tuple[tuple[str, Term, str], ...]:
        """Return the forms that may begin with this lower-case word, longest first."""
        found = list(self._by_word.get(word, ()))
        for length in range(2, len(word) + 1):
            found += self._by_word.get(word[:length] + "*", ())
        return tuple(
            sorted(found, key=lambda entry: (-len(entry[0]), entry[1].concept))
        )

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
        inside = _cuts(text, words) if words else []
        free = 0
        for piece in PIECE.finditer(text):
            start = piece.start()
            if start < free:
                continue
            if text[start] >= FIRST_HAN and text[start] in self._lengths:
                entry = self._find_han(text, start, inside)
            else:
                entry = self._find_word(text, start, piece.group())
            if entry:
                form, term, language, free = entry
                protected = _is_protected(term, form)
                matches.append(Match(term, language, start, free, protected))
        return matches

    def _find_word(self, text: str, start: int, word: str) -> Entry | None:
        for form, term, language in self._candidates(word.lower()[:64]):
            if end := _find(form, text, start):
                return form, term, language, end
        return None

    def _find_han(self, text: str, start: int, inside: Sequence[int]) -> Entry | None:
        for length in self._lengths[text[start]]:
            form = text[start : start + length]
            end = start + len(form)
            term = self._by_character[text[start]].get(form)
            if term and _may_stand(inside[start], inside[end], len(form)):
                return form, term, "zh", end
        return None


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


def _rows(text: str, path: str | Path) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        if tuple(header) != COLUMNS:
            raise InputError(
                f"the columns are {', '.join(header) or 'missing'}", path=path, line=1,
                hint=f"a term table has the columns {','.join(COLUMNS)}",
            )  # fmt: skip
        for row in filter(None, reader):
            if len(row) != len(COLUMNS):
                raise InputError(
                    f"{len(COLUMNS)} fields were expected, found {len(row)}",
                    path=path,
                    line=reader.line_num,
                    hint="quote a field that holds a comma",
                )
            yield reader.line_num, row
    except csv.Error as error:
        raise InputError(str(error), path=path, line=reader.line_num or 1) from None


def _split(cell: str) -> tuple[str, ...]:
    return tuple(form.strip() for form in cell.split("|") if form.strip("* "))


def _decoded(source: bytes, path: str | Path) -> str:
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"not UTF-8 (byte 0x{source[error.start]:02x} at offset {error.start})",
            path=path,
            hint="save it as UTF-8; in a spreadsheet: CSV UTF-8",
        ) from None


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
    terms: list[Term] = []
    lines: dict[str, int] = {}
    for line, cells in _rows(_decoded(source, path), path):
        concept, *_, frame, role, note = cells
        concept = concept.strip()
        if concept in lines:
            raise InputError(
                f"concept {concept!r} stands in line {lines[concept]} already",
                path=path, line=line,
                hint="merge the two rows; forms are separated by |",
            )  # fmt: skip
        lines[concept] = line
        if role not in ROLES:
            raise InputError(
                f"role {role!r} is unknown", path=path, line=line,
                hint=nearest(role, ROLES),
            )  # fmt: skip
        en, zh = _split(cells[1]), _split(cells[2])
        unreadable = [form for form in en + zh if not form[0].isalnum()]
        if unreadable:
            raise InputError(
                f"form {unreadable[0]!r} does not begin with a letter or a digit",
                path=path, line=line,
            )  # fmt: skip
        terms.append(Term(concept, en, zh, frame, role, note))
    return TermTable(terms, source)


def read_terms(path: str | Path) -> TermTable:
    """Return the term table of a file; see `parse_terms`."""
    return parse_terms(read_bytes(path), path)


def digest(table: TermTable) -> str:
    """Return the SHA-256 of the table's file."""
    return hashlib.sha256(table.source).hexdigest()


NO_TERMS = TermTable((), ",".join(COLUMNS).encode() + b"\n")
