"""Who says what in an English sentence: verbs, nouns and phrases of report.

A cue is a form of ``lexicon/reporting.csv``. Whether it reports depends on what stands
before it (somebody who can say or think), and on what follows (a clause, a quotation,
for some a noun phrase): *claims* is a verb in *China claims that*, and a noun in
*territorial claims to*.
"""

from collections.abc import Sequence

from stance.argument import noun_phrase
from stance.argument.english_content import (
    following,
    has_within,
    is_closing,
    is_trailing,
    is_trailing_with_hearer,
    takes_clause,
    takes_content,
)
from stance.argument.english_holder import can_hold, head_of, is_own, subject_of
from stance.argument.english_verb import (
    be_before,
    is_a_question,
    is_ing,
    is_no_verb,
    is_supposed,
    is_unsaid,
    word_before,
)
from stance.argument.english_words import Word, is_a, is_skipped, is_time, words_of
from stance.argument.noun_phrase import DASHES, Phrase
from stance.argument.reporting import NOWHERE, Reported, Span, word_kinds

Words = Sequence[Word]
Kinds = frozenset[str]
#: Words of the longest cue, *from the perspective of*.
LONGEST_FORM = 5
VERBS = frozenset(
    (
        "saying", "speech", "thought", "finding", "showing", "naming", "telling",
        "urging", "voicing", "seeing as", "conviction", "as verb",
    )
)  # fmt: skip
#: Words at the beginning of a sentence that say what it is.
PREAMBLE = 12
#: Marks between a content and its cue, or its end.
MARKS = 4
#: Of a holder that may be anybody who can be named.
SOMEBODY = frozenset(("finding",))
PAST = ("ed", "id", "ld", "ht", "en", "und", "wn", "st")


def reported_english(text: str) -> tuple[Reported, ...]:
    """Return the reported views of an English sentence, in the order of their cues.

    Examples
    --------
    >>> text = "On Monday Zhou Liujun, head of trade, said that exports would grow."
    >>> [found] = reported_english(text)
    >>> [text[slice(*part)] for part in (found.holder, found.cue, found.content)]
    ['Zhou Liujun', 'said', 'exports would grow']
    >>> reported_english("Competing claims to the reefs and the said report remain.")
    ()
    """
    words = words_of(text)
    found = []
    at = 0
    while at < len(words):
        n, kinds = _form_at(words, at)
        report = _report(words, at, n, kinds) if n else None
        if report:
            found.append(report)
        at += n if report else 1
    return tuple(found)


def _form_at(words: Words, at: int) -> tuple[int, Kinds]:
    """Return how many words the longest form has that begins here, and its kinds."""
    lowers = [word.lower for word in words[at : at + LONGEST_FORM]]
    if not words[at].is_word or lowers[:2] in (["think", "tank"], ["think", "tanks"]):
        return 0, frozenset()
    for n in range(len(lowers), 0, -1):
        kinds = word_kinds("en").get(" ".join(lowers[:n]), frozenset())
        if "source phrase" in kinds:
            return n, kinds
        if kinds & (VERBS | {"report noun"}) and not words[at].is_name:
            return n, kinds
    return 0, frozenset()


def _report(words: Words, at: int, n: int, kinds: Kinds) -> Reported | None:
    if "source phrase" in kinds:
        return _source(words, at, n)
    report = _noun(words, at) if "report noun" in kinds else None
    if report or not kinds & VERBS:
        return report
    if at and is_a(words[at - 1], "article") and words[at - 1].lower != "her":
        return None
    if is_ing(words[at]) and be_before(words, at) < 0:
        return _participle(words, at, n, kinds)
    return (
        _passive(words, at, n, kinds)
        or _inverted(words, at, n, kinds)
        or _verb(words, at, n, kinds)
    )


def _source(words: Words, at: int, n: int) -> Reported | None:
    """*According to X*, where X is somebody, and no yardstick."""
    phrase = noun_phrase.after(words, at + n)
    if not phrase or not can_hold(words, phrase, SOMEBODY):
        return None
    if is_a(head_of(words, phrase), "yardstick") or words[phrase[0]].lower == "which":
        return None
    after = phrase[1] + (phrase[1] < len(words) and words[phrase[1]].text == ",")
    content = (after, len(words)) if _opening(words, at) >= at else (0, at)
    place = "aside" if at and words[at - 1].lower == "as" else "main"
    return _made(words, place, phrase, (at, at + n), content)


def _noun(words: Words, at: int) -> Reported | None:
    """*X's view that*, *X's view is that*, *in X's view*."""
    phrase = _possessor(words, at)
    if not phrase or is_own(words, phrase):
        return None
    then = [word.lower for word in words[at + 1 : at + 3]]
    states = len(then) > 1 and then[1] == "that" and is_a(words[at + 1], "be")
    in_view = phrase[0] > 0 and words[phrase[0] - 1].lower == "in"
    in_view = in_view and words[at].lower in ("view", "opinion", "words", "judgment")
    if not (states or in_view or then[:1] == ["that"]):
        return None
    opens = phrase[0] <= 3
    place = "main" if in_view or (opens and states) else "inner"
    content = (0, phrase[0] - 1) if in_view and not opens else (at + 1, len(words))
    return _made(words, place, phrase, (at, at + 1), content)


def _possessor(words: Words, at: int) -> Phrase | None:
    """Return whose view it is: before *'s*, or *his*, perhaps with an adjective."""
    j = at - 1
    while j > max(at - 3, 0) and words[j].is_word and words[j].text.islower():
        if words[j].lower in ("'s", "our", "my") or is_a(words[j], "possessive"):
            break
        j -= 1
    if j >= 0 and is_a(words[j], "possessive"):
        return j, j + 1
    if j > 0 and words[j].lower in ("'s", "'"):
        return noun_phrase.ending_at(words, j, max(j - noun_phrase.REACH, 0))
    return None


def _participle(words: Words, at: int, n: int, kinds: Kinds) -> Reported | None:
    """*..., saying that*, said by the subject of the clause before."""
    if kinds & {"finding", "showing", "noun too"} or not at:
        return None
    joined = words[at - 1].text == "," or words[at - 1].lower in ("and", "while", "by")
    aims = bool(kinds & {"urging", "telling"}) and has_within(words, at + n, "to")
    if not joined or not (aims or takes_clause(words, at + n, kinds)):
        return None
    phrase = noun_phrase.first_of_clause(words, at, max(at - noun_phrase.REACH, 0))
    if not phrase or not can_hold(words, phrase, kinds | SOMEBODY):
        return None
    return _made(words, "main", phrase, (at, at + n), following(words, at + n))


def _passive(words: Words, at: int, n: int, kinds: Kinds) -> Reported | None:
    """*Is said to be*, *it is said that*, *was criticised by X*."""
    be = be_before(words, at)
    is_past = words[at].lower.endswith(PAST) and "conviction" not in kinds
    if be < 0 or not is_past or (be and words[be - 1].lower == "to"):
        return None
    if any(is_a(word, "duty before", "future") for word in words[max(be - 2, 0) : be]):
        return None
    by = at + n
    while by < len(words) and is_a(words[by], "adverb"):
        by += 1
    then = words[by].lower if by < len(words) else ""
    agent = noun_phrase.after(words, by + 1) if then == "by" else None
    weighed = "needs that" in kinds or words[at].lower == "considered"
    if agent and not weighed and can_hold(words, agent, SOMEBODY):
        content = (0, at) if agent[1] + 1 >= len(words) else (agent[1], len(words))
        return _made(words, "main", agent, (at, at + n), content)
    negated = any(word.lower in ("not", "never") for word in words[be:at])
    ours = be > 0 and words[be - 1].lower in ("i", "we", "you")
    if negated or ours or "agentless" not in kinds or then not in ("that", "to"):
        return None
    return _made(words, "main", None, (at, at + n), following(words, at + n))


def _inverted(words: Words, at: int, n: int, kinds: Kinds) -> Reported | None:
    """*"...", said X*, after a quotation or a comma, before the end of a clause."""
    if not kinds & {"saying", "speech"} or at < 3 or words[at].lower == "say":
        return None
    closes = words[at - 1].text == "," or is_closing(words, at - 1)
    if not closes or words[at].lower == "written":
        return None
    phrase = noun_phrase.after(words, at + n)
    if not phrase or not can_hold(words, phrase, SOMEBODY):
        return None
    then = words[phrase[1]] if phrase[1] < len(words) else None
    ends = then is None or not then.is_word or is_time(then)
    if ends or (then and is_a(then, "preposition", "time before")):
        return _made(words, "main", phrase, (at, at + n), (0, at))
    return None


def _verb(words: Words, at: int, n: int, kinds: Kinds) -> Reported | None:
    """*X said*, a verb after the one who speaks or thinks."""
    phrase, skipped = subject_of(words, at)
    if not phrase or not can_hold(words, phrase, kinds):
        return None
    opener = word_before(words, phrase[0])
    is_relative = words[skipped - 1].lower in ("who", "which", "that")
    is_asked = is_a_question(opener) and not is_relative and "thought" in kinds
    is_aside = opener == "as" and _is_aside(words, phrase[0], at + n, kinds)
    if (
        is_asked
        or is_supposed(words, phrase, opener, kinds)
        or is_no_verb(words, at, phrase, skipped)
        or is_unsaid(words, at, phrase, skipped)
        or ("as verb" in kinds and not is_aside)
    ):
        return None
    future = any(is_a(word, "future") for word in words[skipped:at])
    clause = bool(kinds & {"saying", "speech", "thought"}) and not future
    trails = clause and is_trailing(words, phrase[0], at + n)
    if "telling" in kinds and not future:
        trails = is_trailing_with_hearer(words, phrase[0], at + n)
    if trails and not is_aside:
        goes_on = at + n < len(words) and words[at + n].text == ","
        content = (0, len(words) if goes_on else phrase[0])
        return _made(words, "main", phrase, (at, at + n), content)
    takes = is_aside or "saying" in kinds or takes_content(words, at, n, kinds)
    if not (takes or (clause and _is_parted(words, opener, at + n))):
        return None
    end = at + n
    end += "voicing" in kinds and end < len(words) and is_a(words[end], "voiced")
    place = "aside" if is_aside else _place(words, phrase[0], is_relative=is_relative)
    return _made(words, place, phrase, (at, end), following(words, end))


def _is_parted(words: Words, opener: str, end: int) -> bool:
    """Whether the subject of the content went before: *which Beijing insists is*."""
    relative = opener in ("which", "that", "who", "what")
    return relative and end < len(words) and is_a(words[end], "be")


def _is_aside(words: Words, first: int, end: int, kinds: Kinds) -> bool:
    """Whether *as X said* is set off from the rest of its sentence."""
    if kinds & {"urging", "voicing", "seeing as"}:
        return False
    opens = _opening(words, first) >= first - 2
    parted = end >= len(words) or not words[end].is_word or is_skipped(words[end])
    return opens or parted or not words[first - 2].is_word


def _place(words: Words, first: int, *, is_relative: bool) -> str:
    """Whether a report is the main clause, or a part of the writer's own sentence."""
    opening = _opening(words, first)
    last = words[first - 1]
    rest = words[opening : min(opening + PREAMBLE, first)]
    lowers = [word.lower for word in rest if word.is_word]
    if not lowers:
        return "main"
    asks = lowers[0] in ("i", "let", "can", "could", "may") and (
        "ask" in lowers or "asked" in lowers
    )
    asks = asks or lowers[:3] in (["if", "i", "can"], ["if", "i", "may"])
    presents = lowers[0] in ("there", "these", "it", "among") and len(lowers) < 5
    if asks or presents:
        return "main"
    joined = is_a(last, "conjunction") and last.lower not in ("and", "or")
    if is_relative or joined or last.lower in ("after", "before", "since"):
        return "inner"
    begun = (
        is_a(rest[0], "preposition", "time")
        or lowers[0] in ("last", "this", "next", "earlier", "later")
        or lowers[0].endswith(("ing", "ed", "ly"))
    )
    return "main" if begun or len(lowers) <= 3 else "inner"


def _opening(words: Words, first: int) -> int:
    """Return where a sentence begins after a speaker's name, *Q*, *but* and *now*."""
    at = max((k + 1 for k in range(min(first, 5)) if words[k].text == ":"), default=0)
    skipped = ("q", "and", "but", "so", "or", "yet", "well")
    while at < min(first, noun_phrase.REACH) and (
        not words[at].is_word or words[at].lower in skipped or is_a(words[at], "adverb")
    ):
        at += 1
    return at


def _made(
    words: Words, place: str, holder: Phrase | None, cue: Phrase, content: Phrase
) -> Reported:
    """Return the record, from positions of words to places in the text."""
    first, last = content
    for _ in range(MARKS):
        first += first < last and _is_loose(words[first])
        last -= first < last and _is_loose(words[last - 1])
    return Reported(
        place, _span(words, holder), _span(words, cue), _span(words, (first, last))
    )


def _is_loose(word: Word) -> bool:
    """Whether a mark is no part of the content it stands beside."""
    return word.text in ",;:.-" or word.text in DASHES


def _span(words: Words, phrase: Phrase | None) -> Span:
    if not phrase or phrase[0] >= phrase[1]:
        return NOWHERE
    return words[phrase[0]].start, words[phrase[1] - 1].end
