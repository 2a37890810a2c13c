"""Toward what: the stance that a sentence takes toward deeper cooperation.

Cooperation between two main actors is the target: here the United States and China,
elsewhere whom the user names. A stance needs three things, and the evidence shows all
of them: a sign of cooperation or of its restriction, a force (should, hopes, crucial)
that makes more of it than a report, and the two parties whom it concerns.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stance.argument.act import Act, Actor, actors_in, acts, negation
from stance.argument.judgement import condemned, sound
from stance.argument.marks import Mark, marks, seen
from stance.corpus.terms import TermTable

MAIN = ("US", "China")
#: Marks that make a wish of what would be a report, and those that make a judgement.
WISH = frozenset(("necessity", "recommendation", "hope", "directive"))
PRAISE = frozenset(("evaluation", "benefit"))
FORCE = WISH | PRAISE | {"harm"}
#: Acts that are a sign of cooperation, and those that are one of its restriction.
COOPERATION = frozenset(("cooperate", "agree", "improve", "aid", "yield", "consult"))
RESTRICTION = frozenset(("restrict", "tighten", "sever"))
#: Acts that turn what they are done to: to ease controls, to oppose decoupling.
OPPOSES = frozenset(("reject", "protest"))
TURNS = OPPOSES | {"ease"}
#: Before a sign that praises by itself: ties are win-win, 本质是互利共赢.
PREDICATED = re.compile(
    r"(?:\b(?:is|are|was|were|be|been|proved)(?: [A-Za-z]{1,12}){0,2} "
    r"|(?:是|在于|实现|实现了)[^，。；、]{0,4})$"
)
MUTUAL = re.compile(r"win-win|mutual|benefi|互利|共赢|双赢|互惠")
#: How far from a sign the act stands that turns it, in characters.
NEAR = 40
#: How far from a sign its judgement stands, in characters.
JUDGED = 80
#: Between a wish and the restriction that it asks for: an adverb, a short verb.
ASKED = re.compile(r"(?: ?[A-Za-z]{1,12}){0,2} ?|[^\W0-9A-Za-z]{0,4}")
#: The same where a restriction that there is shall be kept, or one be put on.
KEPT = re.compile(
    r"(?: [A-Za-z]{1,12}){0,4} (?:keep|maintain|retain|impose|extend|preserve)"
    r"(?: [A-Za-z]{1,12}){0,3} "
    r"|[^，。；、]{0,6}(?:维持|保持|保留|实施|延续)[^，。；、]{0,8}"
)
#: The same where the restriction is the other's, and is to be met.
RESISTS = re.compile(
    r"\b(?:resist|counter|withstand|overcome|evade|circumvent|fight|face|defy|offset"
    r"|mitigate|answer|endure|survive|study|monitor)\b|[减缓避破抵抗摆](?!免)|应对|克服"
)
#: After a restriction that shall stay.
STAYS = re.compile(
    r"\b(?:must|should|ought to|need to|have to)(?: [A-Za-z]{1,12})? "
    r"(?:remain|stay|kept|maintained|retained|imposed|extended|expanded|strengthened)\b"
    r"|(?:应当|应该|应|必须|需要)[^，。；、]{0,4}(?:维持|保持|保留|延续)"
)
#: What a restriction does: to soften that is no lifting of the restriction.
EFFECT = re.compile(
    r"^[^,，;；。]*(?:\b(?:impact|effects?|dependen\w{2}|reliance|damage|risks?)"
    r" (?:of|from|on|caused)\b|的(?:影响|冲击|依赖|风险))"
)
#: Between a restriction and the act that lifts it: tariffs should be lifted.
PASSIVE = re.compile(r"\bbe\b|应|應|必须|需要|予以|被|得到|尽快")
PAUSE = re.compile("[,，;；]")
#: Who is meant where both are.
BOTH = "both"


@dataclass(frozen=True, slots=True)
class Stance:
    """The stance of a sentence toward the target, with the evidence for it.

    ``stance`` is ``favor``, ``against`` or ``none``; the kinds of the evidence are
    ``cooperation``, ``restriction``, ``turned``, those of the force, and ``actor``.
    """

    stance: str
    evidence: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class _Sign:
    """A sign of cooperation, of talks, or of restriction, turned round or not."""

    kind: str
    start: int
    end: int
    turned: tuple[Mark, ...] = ()
    is_opposed: bool = False


def stance_of(
    sentence: str,
    *,
    terms: TermTable,
    actors: TermTable | None = None,
    main: tuple[str, str] = MAIN,
) -> Stance:
    """Return what the holder of a sentence expresses toward deeper cooperation.

    Parameters
    ----------
    sentence : str
        One sentence, English or Chinese, judged by itself.
    terms : TermTable
        Its cues of the frame ``cooperation`` are signs of it, besides the acts.
    actors : TermTable, optional
        See `stance.argument.act.read_actors`.
    main : (str, str), default ("US", "China")
        The two actors whose cooperation is the target.

    Returns
    -------
    Stance
        ``favor``: more of it is wanted, praised, or promised; or fewer restrictions
        are. ``against``: the reverse. ``none``: a report of cooperation or of rivalry,
        cooperation with others, or nothing of the kind.

    Notes
    -----
    It misleads where nobody is named ("cooperation should be strengthened" is none), in
    irony, and where the good of the two is told of an outsider's deed. Of two stances
    in one sentence the one in favor is returned.

    Examples
    --------
    >>> from stance.corpus.terms import NO_TERMS
    >>> stance_of("The US and China should work together.", terms=NO_TERMS).stance
    'favor'
    >>> stance_of("美国应当收紧对华出口管制。", terms=NO_TERMS).stance
    'against'
    >>> stance_of("中美双方去年举行了会谈。", terms=NO_TERMS).stance
    'none'
    """
    named = actors_in(sentence, actors)
    all_marks = marks(sentence)
    asks = any(mark.kind == "question" for mark in all_marks)
    concern = _concern(named, main)
    if asks or not concern:
        return Stance("none", ())
    force = [mark for mark in all_marks if mark.kind in FORCE]
    found = acts(sentence, actors)
    signs = _between(_signs(sentence, found, terms), found, main)
    if concern == 1:
        signs = [sign for sign in signs if sign.kind in RESTRICTION]
    bad = condemned(sentence, all_marks)
    chosen: dict[str, set[Mark]] = {}
    for stance, evidence in _votes(sentence, signs, sound(sentence, force), bad):
        if (
            stance == "against"
            and concern == 1
            and not _has_object(sentence, named, force, evidence)
        ):
            continue
        chosen.setdefault(stance, set()).update(evidence)
    for stance in ("favor", "against"):
        if stance in chosen:
            who = {Mark("actor", actor.start, actor.end) for actor in named}
            shown = {*chosen[stance], *who, *force}
            ordered = sorted(shown, key=lambda m: (m.start, m.end, m.kind))
            return Stance(stance, tuple(ordered))
    return Stance("none", ())


def _concern(named: Sequence[Actor], main: tuple[str, str]) -> int:
    """Return how many of the two a sentence is about; 0 if of one and of others.

    Where one alone is named, only restrictions can be the other's: cooperation may be
    with anyone.
    """
    names = {name for actor in named for name in actor.actor.split("|")}
    others = names - {*main, BOTH}
    if names.issuperset(main):
        return 2
    if BOTH in names:
        # China, Japan and the two countries: these are not the two.
        return 0 if others and len(others | (names & {*main})) > 1 else 2
    return int(len(names) == 1 and not names.isdisjoint(main))


def _between(
    signs: Sequence[_Sign], found: Sequence[Act], main: tuple[str, str]
) -> list[_Sign]:
    """Return the signs without the cooperation of one of the two with outsiders."""
    covered: set[int] = set()
    for act in found:
        names = {*act.actor.split("|"), *act.target.split("|")} - {""}
        if act.act in COOPERATION and not (names <= {*main, BOTH} or names >= {*main}):
            covered.update(range(act.start, act.end))
    return [
        sign
        for sign in signs
        if sign.kind in RESTRICTION or covered.isdisjoint(range(sign.start, sign.end))
    ]


def _signs(sentence: str, found: Sequence[Act], terms: TermTable) -> list[_Sign]:
    """Return the signs of a sentence, each with what turns it."""
    places = {
        (act.act, act.start, act.end)
        for act in found
        if act.act in COOPERATION | RESTRICTION
    }
    analysis = seen(sentence)
    words = [(token.start, token.end) for token in analysis.tokens]
    for match in terms.find(analysis.view.text, words) if terms.terms else ():
        if match.term.frame == "cooperation" and match.term.role == "cue":
            places.add(("cooperate", *analysis.view.span(match.start, match.end)))
    starts = [act.start for act in found]
    signs: list[_Sign] = []
    for kind, start, end in sorted(places, key=lambda place: place[1:]):
        at = bisect_left(starts, start)
        turned = [
            Mark("turned", act.start, act.end)
            for act in found[max(0, at - 1) : at]
            if act.act in TURNS
            and _is_near(sentence[act.end : start])
            and not (act.act == "ease" and EFFECT.search(sentence[act.end : end + 15]))
        ]
        after = found[bisect_left(starts, end) :][:1] if kind in RESTRICTION else ()
        turned += [
            Mark("turned", act.start, act.end)
            for act in after
            if act.act == "ease" and PASSIVE.search(sentence[end : act.start][:NEAR])
        ]
        # To refuse to lift a ban is to keep it: a turn that is denied is none.
        for place in (start, *(mark.start for mark in turned)):
            if denied := negation(sentence, place):
                turned.append(Mark("turned", *denied))
        is_opposed = bool(turned) and at > 0 and found[at - 1].act in OPPOSES
        signs.append(_Sign(kind, start, end, tuple(dict.fromkeys(turned)), is_opposed))
    return signs


def _is_near(between: str) -> bool:
    return len(between) <= NEAR and not PAUSE.search(between)


def _votes(
    sentence: str, signs: Sequence[_Sign], force: Sequence[Mark], bad: Sequence[Mark]
) -> Iterator[tuple[str, tuple[Mark, ...]]]:
    """Yield the stance that each sign speaks for, with the sign."""
    wishes = [mark for mark in force if mark.kind in WISH]
    praises = [mark for mark in force if mark.kind in PRAISE]
    harms = [mark for mark in force if mark.kind == "harm"]
    defended = any(sign.kind in COOPERATION for sign in signs)
    for sign in signs:
        is_turned = len(sign.turned) % 2 == 1
        is_praised = _is_outside(praises, sign) or _praises_itself(sentence, sign)
        if sign.kind in RESTRICTION:
            own = (Mark("restriction", sign.start, sign.end), *sign.turned)
            if sign.is_opposed and is_turned:
                is_favor = sign.kind == "sever" or defended
            elif is_turned:
                is_favor = bool(wishes) or is_praised
            else:
                is_favor = sign.kind == "sever" and _is_judged(bad, sign)
            if is_favor:
                yield "favor", own
            elif not is_turned and _is_asked(sentence, wishes, sign):
                yield "against", own
            continue
        own = (Mark("cooperation", sign.start, sign.end), *sign.turned)
        if wishes:
            yield "against" if is_turned else "favor", own
        elif not is_turned and sign.kind != "consult":
            harm = bisect_left(harms, sign.end, key=lambda mark: mark.start)
            if harms[harm:] and harms[harm].start - sign.end <= NEAR:
                yield "against", own
            elif is_praised:
                yield "favor", own


def _praises_itself(sentence: str, sign: _Sign) -> bool:
    """Whether a sign says that something is good for both, as its predicate."""
    form = sentence[sign.start : sign.end].lower()
    if sign.kind != "improve" or not MUTUAL.match(form):
        return False
    before = sentence[max(0, sign.start - NEAR) : sign.start]
    return form.startswith("benefi") or PREDICATED.search(before) is not None


def _is_judged(bad: Sequence[Mark], sign: _Sign) -> bool:
    """Whether a word that condemns stands near a sign."""
    first = bisect_left(bad, sign.start - JUDGED, key=lambda mark: mark.start)
    last = bisect_left(bad, sign.end + JUDGED, key=lambda mark: mark.start)
    return first < last


def _has_object(
    sentence: str, named: Sequence[Actor], force: Sequence[Mark], own: Sequence[Mark]
) -> bool:
    """Whether the one who is named may be whom the restriction is asked against."""
    first = min(mark.start for mark in (*force, *own) if mark.kind not in PRAISE)
    return any(
        actor.start > first or sentence[actor.start] in "对對" for actor in named
    )


def _is_outside(praises: Sequence[Mark], sign: _Sign) -> bool:
    """Whether there is praise that is no part of the sign: nothing praises itself."""
    first = bisect_left(praises, sign.start, key=lambda mark: mark.start)
    after = bisect_left(praises, sign.end, key=lambda mark: mark.start)
    return len(praises) > after - first


def _is_asked(sentence: str, wishes: Sequence[Mark], sign: _Sign) -> bool:
    """Whether a wish governs a restriction directly: should ban, 应限制."""
    if STAYS.search(sentence, sign.end, sign.end + JUDGED):
        return True
    at = bisect_left(wishes, sign.start, key=lambda mark: mark.start) - 1
    if at < 0 or not 0 <= sign.start - wishes[at].end <= NEAR:
        return False
    place = (wishes[at].end, sign.start)
    if RESISTS.search(sentence, *place):
        return False
    return any(pattern.fullmatch(sentence, *place) for pattern in (ASKED, KEPT))
