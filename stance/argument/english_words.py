"""The words of an English sentence, and what each is wherever it stands.

There is no parser and no tagger: a word is what ``lexicon/reporting.csv`` says of it, a
name if it begins with a capital, an adverb or a participle by its ending.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from stance.argument.reporting import word_kinds

TOKEN = re.compile(
    r"(?:[A-Z]\.){2,}|\b(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|St|Co|Inc|Ltd|al)\."
    r"|\b[A-Z]\.(?=\s)|[’'](?:s|ve|d|ll|re|m)\b"
    r"|[^\W_](?:[^\W_]|[-&/.](?=[^\W_])|[’'](?=[^\W_])(?!(?:s|ve|d|ll|re|m)\b))*"
    r"|--+|\S"
)
#: Kinds of words that no noun phrase has.
BARRED = ("auxiliary", "adverb", "preposition", "conjunction", "verb", "saying")
#: With a capital these are a month, a name or a part of one (*Under Secretary*).
NAMES_TOO = frozenset(("march", "may", "august", "will", "us", "under", "long", "it"))


class Traits(NamedTuple):
    """What a word is, wherever it stands."""

    kinds: frozenset[str]
    is_word: bool
    is_name: bool
    is_time: bool
    is_skipped: bool
    in_phrase: bool


class Word(NamedTuple):
    """A word or a mark, and its place."""

    text: str
    lower: str
    start: int
    end: int
    traits: Traits

    @property
    def is_word(self) -> bool:
        """Whether it is more than a mark."""
        return self.traits.is_word

    @property
    def is_name(self) -> bool:
        """Whether it begins with a capital."""
        return self.traits.is_name


def words_of(text: str) -> list[Word]:
    """Return words and marks in order.

    Examples
    --------
    >>> [word.text for word in words_of("You’ve heard U.S. officials, China’s too.")]
    ['You', '’ve', 'heard', 'U.S.', 'officials', ',', 'China', '’s', 'too', '.']
    """
    return [
        Word(
            match.group(),
            _lower(match.group()),
            *match.span(),
            _traits(match.group(), match.start() == 0),
        )
        for match in TOKEN.finditer(text)
    ]


def is_a(word: Word, *kinds: str) -> bool:
    """Whether the word list has a word under one of some kinds.

    Examples
    --------
    >>> [is_a(word, "time", "adverb") for word in words_of("also Monday trade")]
    [True, True, False]
    """
    return not word.traits.kinds.isdisjoint(kinds)


def is_time(word: Word) -> bool:
    """Whether a word is one of time: a weekday, a month, a year.

    Examples
    --------
    >>> [is_time(word) for word in words_of("may May 2017 Monday")]
    [False, True, True, True]
    """
    return word.traits.is_time


def is_skipped(word: Word) -> bool:
    """Whether a word may stand between holder and cue: auxiliary, adverb, time.

    Examples
    --------
    >>> [is_skipped(word) for word in words_of("has recently today trade")]
    [True, True, True, False]
    """
    return word.traits.is_skipped


def in_phrase(word: Word) -> bool:
    """Whether a word may be part of a noun phrase.

    Examples
    --------
    >>> [in_phrase(word) for word in words_of("the Ministry of Trade in")]
    [True, True, True, True, False]
    """
    return word.traits.in_phrase


def _lower(text: str) -> str:
    return text.lower().replace("’", "'")


@lru_cache(maxsize=10_000)
def _traits(text: str, opens: bool) -> Traits:
    """Return the traits of a word; one that opens the sentence has a capital anyway."""
    lower = _lower(text)
    kinds = word_kinds("en").get(lower, frozenset())
    is_word = text[0].isalnum() or (len(text) > 1 and text[0] in "’'")
    is_name = text[0].isupper()
    named_too = lower in NAMES_TOO
    timed = ("time" in kinds and (is_name or not named_too)) or (
        len(text) == 4 and text.isdigit()
    )
    manner = lower.endswith("ly") and not is_name and "noun in -ly" not in kinds
    skipped = manner or timed
    if not kinds.isdisjoint(("auxiliary", "adverb")):
        skipped = opens or not (is_name and named_too)
    fits = text in ("&", "%", "$")
    if is_name and named_too:
        fits = not opens and text != "It" and not timed
    elif is_word:
        verb = not is_name and _is_verb(lower, kinds)
        fits = kinds.isdisjoint(BARRED) and not (verb or manner or timed)
        fits = fits or lower in ("'s", "of")
    return Traits(kinds, is_word, is_name, timed, skipped, fits)


def _is_verb(lower: str, kinds: frozenset[str]) -> bool:
    """Whether a word is a participle, or a verb of report that is no noun."""
    if "noun too" in kinds:
        return False
    past = lower.endswith("ed") and len(lower) > 4
    return past or bool(kinds & {"speech", "thought", "finding", "naming"})
