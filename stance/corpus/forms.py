"""How a term is written: its forms, what word each begins with, where one ends."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from stance.corpus.language import HAN, HAN_RUN
from stance.corpus.normalise import normalise

#: A word of a script with blanks: letters and digits that are not Han.
WORD = re.compile(f"[^\\W{HAN}]+")
#: Where blanks are not single, a form can be longer or shorter in the text.
ODD_BLANK = re.compile(r"[^\S ]|  ")


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


@dataclass(frozen=True, slots=True)
class Match:
    """A form of a term found in a text, at ``text[start:end]`` of the view."""

    term: Term
    language: str
    start: int
    end: int
    protected: bool


def forms_of(cell: str) -> tuple[str, ...]:
    """Return the forms of a cell; stars alone are none.

    Examples
    --------
    >>> forms_of("tariff* | |import duty|*")
    ('tariff*', 'import duty')
    """
    forms = filter(None, map(str.strip, cell.split("|")))
    return tuple(form for form in forms if form[0] != "*" or form.strip("* "))


def seen(form: str) -> str:
    """Return a form as the view of a text has it.

    Examples
    --------
    >>> seen("U.S. side")
    'US side'
    """
    plain = form.isascii() and "." not in form
    return form if plain or HAN_RUN.fullmatch(form) else normalise(form).text


def word_forms(term: Term) -> Iterator[tuple[str, str]]:
    """Yield the forms that begin with a word of a script with blanks; the language.

    Examples
    --------
    >>> term = Term("talks", ("U.S. talks",), ("谈判", "G20峰会"), "", "domain")
    >>> list(word_forms(term))
    [('US talks', 'en'), ('G20峰会', 'zh')]
    """
    for form in term.en:
        yield seen(form), "en"
    for form in term.zh:
        if not HAN_RUN.match(form):
            yield seen(form), "zh"


def han_forms(term: Term) -> Iterator[str]:
    """Yield the forms that begin with a Han character, without ``*``.

    Examples
    --------
    >>> list(han_forms(Term("talks", ("talks",), ("谈判*", "G20峰会"), "", "domain")))
    ['谈判']
    """
    for form in term.zh:
        if HAN_RUN.match(form):
            yield seen(form.removesuffix("*"))


def first_word(form: str) -> str:
    """Return the lower-case word that a form begins with, as ``word*`` for a prefix.

    Examples
    --------
    >>> [first_word(form) for form in ("Tariff*", "trade war*", "win-win", "5G*")]
    ['tariff*', 'trade', 'win', '5g*']
    """
    key = form.partition(" ")[0]
    if not is_word(key):  # 'win-win', '5G'
        first = WORD.match(form)
        key = first.group() if first else ""
        key += "*" * (form == key + "*")
    return key.lower()


def is_word(key: str) -> bool:
    """Whether a first word is nothing but letters a to z, as most are.

    Examples
    --------
    >>> [is_word(key) for key in ("tariff*", "5G", "win-win")]
    [True, False, False]
    """
    return key.isascii() and key.removesuffix("*").isalpha()


def _word_pattern(word: str) -> str:
    """Match a word of a form: with its case if it has an upper-case letter."""
    escaped = re.escape(word)
    return escaped if word != word.lower() else f"(?i:{escaped})"


@lru_cache(maxsize=2**16)
def _pattern(form: str) -> re.Pattern[str]:
    """Compile a form, its ending aside; blanks stretch."""
    stem = form.removesuffix("*")
    return re.compile(r"\s+".join(_word_pattern(word) for word in stem.split()))


def _has_case(found: str, stem: str) -> bool:
    """Whether the words that a form writes with an upper-case letter stand so."""
    if found == stem or stem == stem.lower():
        return True
    words = zip(found.split(" "), stem.split(" "), strict=True)
    return all(word == own or own == own.lower() for word, own in words)


def find_form(form: str, text: str, start: int) -> int:
    """Return where a form ends that begins at a place; 0 where it is not there.

    ``*`` takes any ending of the last word; without it words stay whole. A form may
    end in Han ('301条款'): there the segmentation sets the edge.

    Examples
    --------
    >>> find_form("tariff*", "Tariffs rose", 0), find_form("tariff", "Tariffs rose", 0)
    (7, 0)
    """
    stem = form.removesuffix("*")
    found = text[start : start + len(stem)]
    if found.isascii() and stem.isascii() and not ODD_BLANK.search(found):
        if found.lower() != stem.lower() or not _has_case(found, stem):
            return 0  # most forms end here: to compile a pattern takes 0.3 ms
        end = start + len(stem.rstrip())
    elif match := _pattern(form).match(text, start):
        end = match.end()
    else:
        return 0
    ending = WORD.match(text, end)
    if form.endswith("*"):
        return ending.end() if ending else end
    return 0 if ending and not HAN_RUN.match(form[-1]) else end


def is_protected(term: Term, form: str) -> bool:
    """Whether a term is one token: domain terms, and cues of more than one word.

    Examples
    --------
    >>> is_protected(Term("tariff", ("tariff*",), ("关税",), "x", "cue"), "tariff*")
    False
    """
    if term.role == "cue":
        return bool(HAN_RUN.search(form)) or len(WORD.findall(form)) > 1
    return term.role == "domain"
