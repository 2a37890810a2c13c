"""Connectives: the joints of an argument, with the relation that each marks.

``lexicon/connectives.csv`` holds the forms, in English and Chinese, each with one of
nine relations, the name of the rule that says where it is a connective (none: always),
and the words that belong to it further on (不仅 ... 而且). A form of relation ``none``
only looks like a connective: it takes the place of the shorter one that it holds.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from stance.argument.connective_rules import AFTER, BEFORE, RULES, TOP
from stance.argument.lexicon import read_lexicon
from stance.corpus.language import HAN, HAN_RUN

RELATIONS = (
    "cause", "result", "contrast", "concession", "condition", "purpose", "addition",
    "example", "order",
)  # fmt: skip
#: What only looks like a connective.
NO_RELATION = "none"
#: A word in Latin letters, not behind a hyphen or an apostrophe, or one Han character.
PIECE = re.compile(f"(?<![^\\W{HAN}])(?<!\\w[-’'])[A-Za-z]+|[{HAN}]")
#: What may not follow a word: a letter, or a hyphen or an apostrophe and a letter.
GOES_ON = re.compile(f"[^\\W{HAN}]|[-’']\\w")
STOP = re.compile("[。！？!?]|\\.(?=\\s|$)")
#: What a partner of one character may not follow: 人才 is not 才.
WORDS_WITH = {
    "才": "人天英口",
    "则": "原规法准守细总",
    "就": "成造",
    "都": "首古",
    "均": "平人",
    "便": "方以",
    "更": "变",
}


@dataclass(frozen=True, slots=True)
class Connective:
    """A word or phrase that joins two propositions, at ``text[start:end]``.

    ``entry`` is its form in ``connectives.csv``; ``partner`` is where the word begins
    that belongs to it (虽然 ... 但), or -1. An adverb such as 就 or 也 can be a
    partner and is no connective by itself.
    """

    start: int
    end: int
    text: str
    relation: str
    entry: str
    partner: int


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row of the list, ready to be looked for."""

    form: str
    relation: str
    position: str
    pattern: re.Pattern[str]
    partners: tuple[re.Pattern[str], ...]


def connectives(text: str) -> tuple[Connective, ...]:
    """Return the connectives of a sentence or a paragraph, in order.

    Parameters
    ----------
    text : str
        Of a sentence or a paragraph, in English or Chinese.

    Returns
    -------
    tuple of Connective
        None overlaps another; empty where there is none.

    Notes
    -----
    The longest form counts, English ones as whole words in any case. Words with other
    uses count by position and what follows, never by meaning: ``while`` behind a comma
    or first in a sentence that has a comma; ``since`` and ``as`` before a clause that
    is not of time, or of saying; ``yet``, ``so`` and ``also`` where a clause begins
    (``also`` a sentence); 而 and 同时 at the start of a clause; 以 and 为 before a verb
    of aim; 如 at the start of a clause, a condition before 不, 未, 能, else an example.
    So 'a simple yet bold plan' has none, and a plain ``and`` or 和 is none.

    Examples
    --------
    >>> found = connectives("虽然分歧仍在，但双方不仅对话，而且合作。")
    >>> [f"{one.text} {one.relation}" for one in found]
    ['虽然 concession', '但 contrast', '不仅 addition', '而且 addition']
    >>> found[0].partner == found[1].start
    True
    >>> [one.text for one in connectives("Since May it has grown, so far, but slowly.")]
    ['but']
    """
    found = list(_found(text))
    places = {one.start: n for n, one in enumerate(found)}
    for one in tuple(found):
        n = places.get(one.partner, -1)
        if n >= 0 and found[n].partner < 0:
            found[n] = replace(found[n], partner=one.start)
    return tuple(found)


def _found(text: str) -> Iterator[Connective]:
    """Yield the connectives, each with the partner that follows it."""
    free = 0
    for piece in PIECE.finditer(text):
        at = piece.start()
        if at < free:
            continue
        for entry in _entries().get(piece[0].lower(), ()):
            match = entry.pattern.match(text, at)
            if not (match and _holds(entry, text, match)):
                continue
            free = match.end()
            if entry.relation != NO_RELATION:
                partner = _partner(entry, text, free)
                yield Connective(
                    at, free, match[0], entry.relation, entry.form, partner
                )
            break


def _holds(entry: _Entry, text: str, match: re.Match[str]) -> bool:
    """Whether a form is a connective where it stands, and its last word a whole one."""
    if not HAN_RUN.match(match[0]) and GOES_ON.match(text, match.end()):
        return False
    if entry.position == "pair":
        return _partner(entry, text, match.end()) >= 0
    begin = match.start() - BEFORE
    before = text[max(begin, 0) : match.start()]
    after = text[match.end() : match.end() + AFTER]
    return RULES[entry.position](before if begin > 0 else TOP + before, after)


def _partner(entry: _Entry, text: str, end: int) -> int:
    """Return where the word begins that belongs to a form; -1 where there is none.

    The first of its partners in the list counts. What is in order may go on in the
    next sentence, all else ends with its own.
    """
    if not entry.partners:
        return -1
    stretch = text[end : end + AFTER]
    stop = STOP.search(stretch)
    if stop and entry.relation != "order":
        stretch = stretch[: stop.start()]
    for partner in entry.partners:
        if found := partner.search(stretch):
            return end + found.start()
    return -1


def _pattern(form: str) -> str:
    """Return a pattern of a form: blanks stretch, case is ignored."""
    return "\\s{1,8}".join(f"(?i:{re.escape(word)})" for word in form.split())


def _partner_pattern(form: str) -> re.Pattern[str]:
    """Return a pattern that finds a partner: whole words, and 才 not in 人才."""
    if HAN_RUN.match(form):
        held = WORDS_WITH.get(form)
        return re.compile(f"(?<![{held}]){form}" if held else form)
    return re.compile(f"\\b{_pattern(form)}\\b")


@cache
def _entries() -> dict[str, tuple[_Entry, ...]]:
    """Return the list by first word or character, the longest form first."""
    entries: dict[str, list[_Entry]] = {}
    for row in sorted(read_lexicon("connectives"), key=lambda row: -len(row["form"])):
        form = row["form"]
        is_han = bool(HAN_RUN.match(form))
        first = form[0] if is_han else re.split("[ '’]", form)[0]
        partners = row["partner"].split("|") if row["partner"] else []
        entry = _Entry(
            form=form,
            relation=row["relation"],
            position=row["position"],
            pattern=re.compile(_pattern(form)),
            partners=tuple(map(_partner_pattern, partners)),
        )
        entries.setdefault(first, []).append(entry)
    return {first: tuple(rows) for first, rows in entries.items()}
