"""The actors of a sentence, and who does what to whom.

An act is a word such as cooperate, restrict, 磋商; the actor is who is named before it,
the target who is named after it, and the exceptions (by, 被, 对, 向, 与) turn that
round. The rules are few and look at the order of words alone; a parser would find more,
and nobody could say why. What a sentence wants of it all is `stance.argument.target`.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from stance.argument.lexicon import parse_lexicon, read_lexicon
from stance.argument.marks import KEPT, seen
from stance.corpus.files import read_bytes
from stance.corpus.terms import Term, TermTable
from stance.corpus.tokens import Analysis
from stance.errors import InputError

COLUMNS = ("actor", "language", "form")
#: Between two names that are one party: China and the US, 中国和美国; 与 and 同 join
#: too, but name more often with whom something is done.
JOINT = re.compile(r"(?: and (?:the )?|, |[ ]?[和及、-][ ]?|/)")
#: Before a name that is done to, or stands beside: to China, 对中国.
OBLIQUE = re.compile(
    r"(?:\b(?:to|toward|towards|on|upon|with|against|from|for|in|of|at|between|into)"
    r"(?: the| its| their| all| some| several)?[ ]|[对對向与與同和给給针针對跟在][ ]?)$"
)
AGENT = re.compile(r"(?:\bby(?: the)? |[被由][ ]?)$")
#: Before an act that is not done.
NEGATION = re.compile(
    r"(?:\b(?:not|never|cannot|can't|don't|doesn't|didn't|won't|no|without|refus\w{1,4}"
    r" to|fail\w{0,3} to|neither|nor|rather than|instead of|unable to|stop\w{0,4}"
    r"|avoid\w{0,3}|against|less)"
    r"(?: \w{1,12}){0,2}"
    r"|(?:[不未][应應该該能得要会會宜可必愿願]|没有|沒有|切勿|停止|避免|防止|拒绝|拒絕)"
    r"[^，。；,;]{0,12}"
    r"|[不未没沒勿非无](?![断斷仅僅同少久])[^，。；,;]{0,3})[ ]?$"
)
#: How far before an act a word that denies it is looked for, in characters.
NEAR = 40
CLAUSE = re.compile("[;；。!?！？]")
#: Between an act and the subject of the next: the name that follows is no target.
NEW_SUBJECT = re.compile("[,，:：]|\\b(?:and|but|while|whereas|that|which)\\b|但|而|并")
PAUSE = re.compile("[,，:：]")
#: Names that hold their preposition: 对华, 赴美.
HELD = "对對赴来访在涉援"
#: How many parties before an act are looked at.
MAX_PARTIES = 6


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone named in a sentence, at ``sentence[start:end]``."""

    actor: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Act:
    """Who does what to whom; ``actor`` and ``target`` are empty where none is named.

    ``polarity`` is what the act is toward cooperation (``favor``, ``against``,
    ``none``), negation left out of account; ``plover`` the PLOVER event type.
    """

    actor: str
    act: str
    target: str
    polarity: str
    plover: str
    is_negated: bool
    start: int
    end: int
    actor_start: int
    actor_end: int
    target_start: int
    target_end: int


def read_actors(path: str | Path | None = None) -> TermTable:
    """Return the actors by their names; those of a file of one's own come on top.

    Parameters
    ----------
    path : str or Path, optional
        A CSV file with the columns ``actor,language,form``: a row a name. A name that
        the package has too is the file's.

    Raises
    ------
    InputError
        If the file has other columns, or a form that begins with no letter or digit.

    Examples
    --------
    >>> [m.term.concept for m in read_actors().find("Tokyo and U.S. allies", [])]
    ['Japan', 'allies']
    """
    forms = {row["form"]: row for row in read_lexicon("actors")}
    if path is not None:
        forms |= {row["form"]: row for row in _own_actors(path)}
    actors: dict[str, tuple[list[str], list[str]]] = {}
    for form, row in forms.items():
        names = actors.setdefault(row["actor"], ([], []))
        names[row["language"] == "zh"].append(form)
    return TermTable(
        Term(actor, tuple(en), tuple(zh), "", "domain")
        for actor, (en, zh) in actors.items()
    )


def _own_actors(path: str | Path) -> list[dict[str, str]]:
    try:
        text = read_bytes(path).decode("utf-8-sig")
        rows = parse_lexicon(text, name=str(path))
    except UnicodeDecodeError:
        raise InputError("not UTF-8", path=path, hint="save it as UTF-8") from None
    except ValueError as error:
        raise InputError(str(error), path=path, hint="quote commas") from None
    if rows and tuple(rows[0]) != COLUMNS:
        raise InputError(
            f"the columns are {', '.join(rows[0])}",
            path=path, line=1, hint=f"an actor table has {','.join(COLUMNS)}",
        )  # fmt: skip
    for line, row in enumerate(rows, start=2):
        if not (row["actor"] and row["form"][:1].isalnum()):
            raise InputError(
                f"form {row['form']!r} does not begin with a letter or a digit, "
                "or has no actor",
                path=path, line=line, hint="a row is actor,language,form",
            )  # fmt: skip
    return rows


def actors_in(sentence: str, table: TermTable | None = None) -> tuple[Actor, ...]:
    """Return who is named in a sentence, in order.

    Two that are joined (China and the US, 中国和美国) are two.

    Examples
    --------
    >>> [a.actor for a in actors_in("Beijing met U.S. allies; 东盟与中方磋商。")]
    ['China', 'allies', 'ASEAN', 'China']
    """
    return _actors(seen(sentence), table or _own())


def acts(sentence: str, table: TermTable | None = None) -> tuple[Act, ...]:
    """Return who does what to whom in a sentence, in order.

    Parameters
    ----------
    sentence : str
        English or Chinese.
    table : TermTable, optional
        The actors; `read_actors()` without it.

    Returns
    -------
    tuple of Act
        Places are those of the sentence; -1 where nobody is named. Joined parties are
        one, by their names: ``China|US``.

    Notes
    -----
    An act takes its parties from its own clause (to the next ; or full stop). It
    misleads where the subject is a pronoun or stands far off, where a name only
    modifies another ("Chinese users of U.S. chips"), and where a noun is no act
    ("the restrictions" as a topic). PLOVER's codes are given by the act alone.

    References
    ----------
    Halterman, A., Bagozzi, B., Beger, A., Schrodt, P. and Scraborough, G. (2023).
    PLOVER and POLECAT: a new political event ontology and dataset. arXiv:2304.01331.

    Examples
    --------
    >>> [(a.actor, a.act, a.target) for a in acts("The US cut off exports to China.")]
    [('US', 'restrict', 'China')]
    >>> [(a.actor, a.act, a.target) for a in acts("中国被美国制裁，对欧盟开放市场。")]
    [('US', 'restrict', 'China'), ('China', 'improve', 'EU')]
    """
    return _acts(sentence, table or _own())


@lru_cache(maxsize=KEPT)
def _acts(sentence: str, table: TermTable) -> tuple[Act, ...]:
    found = seen(sentence)
    parties = _parties(sentence, _actors(found, table))
    places = _found(found, _act_table())
    bounds = [match.start() for match in CLAUSE.finditer(sentence)]
    starts = [party.start for party in parties]
    found_acts: list[Act] = []
    for act, start, end in places:
        clause = bisect_left(bounds, start)
        left = bounds[clause - 1] if clause else 0
        right = bounds[clause] if clause < len(bounds) else len(sentence)
        at = bisect_left(starts, start)
        before = [p for p in parties[max(0, at - MAX_PARTIES) : at] if p.start >= left]
        after = [p for p in parties[at : at + 1] if p.end <= right and p.start >= end]
        who, whom = _who_whom(sentence, before, after, (start, end))
        row = _act_rows()[act]
        polarity, plover = row["polarity"], row["plover"]
        is_negated = negation(sentence, start) is not None
        places_of = (start, end, who.start, who.end, whom.start, whom.end)
        found_acts.append(
            Act(who.actor, act, whom.actor, polarity, plover, is_negated, *places_of)
        )
    return tuple(found_acts)


def negation(sentence: str, start: int) -> tuple[int, int] | None:
    """Return the place of what denies, stops or avoids that which starts at a place.

    Examples
    --------
    >>> negation("They should not cut ties.", 16), negation("不应加征关税", 2)
    ((12, 16), (0, 2))
    >>> negation("They cut ties.", 5)
    """
    left = max(0, start - NEAR)
    found = NEGATION.search(sentence[left:start])
    return (left + found.start(), start) if found else None


@cache
def _own() -> TermTable:
    return read_actors()


@cache
def _act_rows() -> dict[str, dict[str, str]]:
    return {row["act"]: row for row in read_lexicon("acts")}


@cache
def _act_table() -> TermTable:
    forms: dict[str, tuple[list[str], list[str]]] = {}
    for row in read_lexicon("acts"):
        pair = forms.setdefault(row["act"], ([], []))
        pair[row["language"] == "zh"].append(row["form"])
    return TermTable(
        Term(act, tuple(en), tuple(zh), "", "lean") for act, (en, zh) in forms.items()
    )


def _found(found: Analysis, table: TermTable) -> list[tuple[str, int, int]]:
    """Return (concept, start, end) of what a table has in a sentence."""
    words = [(token.start, token.end) for token in found.tokens]
    return [
        (match.term.concept, *found.view.span(match.start, match.end))
        for match in table.find(found.view.text, words)
    ]


def _actors(found: Analysis, table: TermTable) -> tuple[Actor, ...]:
    return tuple(Actor(*place) for place in _found(found, table))


@dataclass(frozen=True, slots=True)
class _Party:
    """One actor, or several that are joined, and how it stands in the sentence."""

    actor: str
    start: int
    end: int
    case: str = ""


NOBODY = _Party("", -1, -1)


def _parties(sentence: str, actors: Sequence[Actor]) -> list[_Party]:
    """Return the actors with those joined that act together."""
    parties: list[_Party] = []
    for actor in actors:
        before = sentence[max(0, actor.start - NEAR) : actor.start]
        last = parties[-1] if parties else NOBODY
        between = sentence[last.end : actor.start] if parties else "."
        if JOINT.fullmatch(between) and len(last.actor) < NEAR:
            names = {*last.actor.split("|"), *actor.actor.split("|")}
            joined = "|".join(sorted(names))
            parties[-1] = _Party(joined, last.start, actor.end, last.case)
            continue
        is_oblique = sentence[actor.start] in HELD or OBLIQUE.search(before)
        case = "by" if AGENT.search(before) else "to" if is_oblique else ""
        parties.append(_Party(actor.actor, actor.start, actor.end, case))
    return parties


def _who_whom(
    sentence: str,
    before: Sequence[_Party],
    after: Sequence[_Party],
    place: tuple[int, int],
) -> tuple[_Party, _Party]:
    """Return who acts and who is acted on, of the parties round an act."""
    if after and after[0].case == "by":
        return after[0], before[-1] if before else NOBODY
    start, end = place
    if (
        before
        and before[-1].case == "by"
        and not PAUSE.search(sentence[before[-1].end : start])
    ):
        return before[-1], before[-2] if before[1:] else NOBODY
    subject = next((p for p in reversed(before) if not p.case), NOBODY)
    beside = [p for p in before if p.case == "to" and p.start > subject.start]
    if after and not beside:
        is_new = NEW_SUBJECT.search(sentence[end : after[0].start])
        if after[0].case or not is_new:
            return subject, after[0]
    return subject, beside[-1] if beside else NOBODY
