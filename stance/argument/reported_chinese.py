"""Who says what in a Chinese sentence: verbs of report and phrases such as 据…估计.

A verb counts where the clause before it names somebody who can hold a view, and what
follows is more than the end of the clause: 要求 is a verb in 美方要求中方开放市场, a
noun in 按照科学发展观的要求.
"""

import re
from collections.abc import Iterator
from functools import cache

from stance.argument.chinese_holder import (
    REPORTS,
    ending,
    has_head,
    holder_in,
    trimmed,
)
from stance.argument.reporting import NOWHERE, Reported, Span, forms_of, word_kinds

MARKS = "，,；;。！!？?：:\n"
BLANKS = " \u3000"
#: Between two marks at most so much is looked at: a holder, its titles, where it spoke.
WINDOW = 64
SOURCE = re.compile("(?<![依占证论凭收票单数])(?:根据|据|按照|按)(?!此|实|理|说法)")
SOMEBODY = "([^，,。；;]{1,24}?)"
SOURCE_HEAD = re.compile("(?:统计|估计|报道|预测|预计|测算|介绍|透露)(?![局部学显机])")
SEEN_BY = re.compile(f"在{SOMEBODY}(看来|眼中|眼里)")
IN_WORDS = re.compile(f"用{SOMEBODY}的(话来?[说讲])")
AS_SAID = re.compile(
    f"(?:正如|诚如|一如|如){SOMEBODY}所?(说|言|指出|强调|指)(?:的那样|[的过])?(?=[，,])"
)
VIEW_IS = re.compile(
    "的(观点|看法|立场|主张|判断|结论|态度|说法)(?:是|在于|为)(?=[，,：:“]?.{4})"
)
#: Before and after 说 and 称 these make another word of them.
NOT_AFTER = {"说": "明法服辞客教到了不来", "称": "为号谓赞之呼霸职作得道"}
NOT_BEFORE = {
    "说": "来是述言或地以如学演小劝解传所据",
    "称": "名自号简俗通统堪职被所总对",
}
#: At the beginning of a sentence these report what a meeting said.
ALONE = frozenset(("强调", "要求", "指出", "认为"))
#: What follows 提出 is a view if it says what shall be.
SHALL = re.compile("应|要|将|必须|可以|需|能|把|会")
#: Characters before a report that are no part of the writer's own.
A_PREAMBLE = 12
#: Characters in which a semicolon is looked for, and marks that are left out.
AHEAD, LOOSE = 400, 6


def reported_chinese(text: str) -> tuple[Reported, ...]:
    """Return the reported views of a Chinese sentence, in the order of their cues.

    Examples
    --------
    >>> text = "但美国商务部长雷蒙多近日在北京表示，美方无意对华“脱钩”。"
    >>> [found] = reported_chinese(text)
    >>> [text[slice(*part)] for part in (found.holder, found.cue, found.content)]
    ['美国商务部长雷蒙多', '表示', '美方无意对华“脱钩”']
    >>> reported_chinese("按照科学发展观的要求，转变发展方式。")
    ()
    """
    found = [*_sources(text), *_phrases(text)]
    clause = seen = 0
    for match in _cues().finditer(text):
        for at in range(seen, match.start()):
            clause = at + 1 if text[at] in MARKS else clause
        seen = match.start()
        report = _verb(text, clause, match.start(), match.group())
        if report:
            found.append(report)
    return tuple(sorted(found, key=lambda report: report.cue))


@cache
def _cues() -> re.Pattern[str]:
    """Return a pattern of the verbs, longest first."""
    forms = [form for form, kinds in word_kinds("zh").items() if kinds & REPORTS]
    return re.compile("|".join(sorted(forms, key=lambda form: (-len(form), form))))


def _phrases(text: str) -> Iterator[Reported]:
    """Yield *in the eyes of*, *in the words of*, *as X said*, *X's view is*."""
    for pattern, place in ((SEEN_BY, "main"), (IN_WORDS, "main"), (AS_SAID, "aside")):
        for match in pattern.finditer(text):
            before = text[match.start() - 1 : match.start()]
            opens = place == "aside" or not before or before in MARKS + "但而"
            holder = holder_in(text, *match.span(1)) if opens else None
            if holder:
                content = _content(text, match.end())
                yield Reported(place, holder, match.span(2), content)
    for match in VIEW_IS.finditer(text):
        start = _clause_start(text, match.start())
        holder = holder_in(text, start, match.start())
        if holder:
            yield Reported("main", holder, match.span(1), _content(text, match.end()))


def _sources(text: str) -> Iterator[Reported]:
    """Yield 据X估计, 根据X的统计, 按照X的说法: of somebody, not of a rule or need."""
    for match in SOURCE.finditer(text):
        start, end = match.end(), _clause_end(text, match.end())
        at = _source_end(text, start, end)
        if at < 0 and match.group() == "据":
            inside = SOURCE_HEAD.search(text, start, end)
            at = inside.start() if inside else -1
        if at >= 0 and _opens(text, match.start()):
            report = _from_source(text, match, start, at)
            if report:
                yield report


def _source_end(text: str, start: int, end: int) -> int:
    """Return where the holder ends before 统计, 的报告 and the like, or -1."""
    clause = text[start:end].rstrip()
    length = ending(clause, "source head")
    return start + len(clause) - length if length else -1


def _from_source(
    text: str, match: re.Match[str], start: int, end: int
) -> Reported | None:
    rest = _content(text, _clause_end(text, end))
    first, last = trimmed(text, start, end)
    last -= text[first:last].endswith("的")
    if first >= last:
        named = match.group() == "据"
        return Reported("main", NOWHERE, match.span(), rest) if named else None
    name = text[first:last]
    own = name.startswith(("我们", "本文", "本报告", "笔者", "上述", "上", "以上"))
    if own or (match.group() != "据" and not holder_in(text, first, last)):
        return None
    return Reported("main", (first, last), match.span(), rest)


def _verb(text: str, clause: int, at: int, cue: str) -> Reported | None:
    """X认为, a verb of report after the one who speaks or thinks."""
    end = at + len(cue)
    kinds = word_kinds("zh")[cue]
    start = max(clause, at - WINDOW)
    if _is_unsaid(text, start, at, kinds):
        return None
    is_last = not text[end : end + WINDOW].strip(BLANKS + '。．.！”"')
    ends = is_last and clause > 0 and bool(kinds & {"speech", "denoting"})
    takes = not _is_noun(text, at, end, kinds) and _takes_content(text, end, kinds)
    if not (ends or takes):
        return None
    first, last = trimmed(text, start, at)
    holder = holder_in(text, start, at) if first < last else _absent(text, clause, cue)
    if not holder:
        return None
    if "showing" in kinds and not has_head(text[slice(*holder)], "document head"):
        return None
    if ends:
        return Reported("main", holder, (at, end), (0, clause))
    place = _place(text, holder[0] if holder != NOWHERE else clause)
    return Reported(place, holder, (at, end), _content(text, end))


def _absent(text: str, clause: int, cue: str) -> Span | None:
    """Return the holder of a cue that begins its clause: named before, or nobody."""
    if clause < WINDOW and not text[:clause].strip(BLANKS + '“"'):
        return NOWHERE if cue in ALONE else None
    first = min(_clause_end(text, 0), WINDOW)
    places = (text.find(act, 1, first) for act in _acts())
    for at in sorted(at for at in places if at > 0):
        holder = holder_in(text, 0, at)
        if holder:
            return holder
    return None


@cache
def _acts() -> tuple[str, ...]:
    return tuple(sorted(forms_of("act before cue", "zh") | {"在"}))


def _is_noun(text: str, at: int, end: int, kinds: frozenset[str]) -> bool:
    """Whether a cue is a noun, or a part of another word."""
    cue, before, then = (
        text[at:end],
        text[at - 1 : at] if at else "",
        text[end : end + 1],
    )
    if cue in NOT_AFTER and (
        (then and then in NOT_AFTER[cue]) or (before and before in NOT_BEFORE[cue])
    ):
        return True
    if before == "的" or (then and then in "书性者权"):
        return "showing" not in kinds
    if "noun too" not in kinds:
        return False
    rest = text[end : end + WINDOW].lstrip(BLANKS)
    return rest[:1] in tuple("”’」』》、的也很都更较越")


def _takes_content(text: str, end: int, kinds: frozenset[str]) -> bool:
    """Whether what follows a verb is its content, and no courtesy and no plan."""
    rest = text[end : end + 24]
    said = rest.lstrip(BLANKS + '了过道说称，,：:“"「')
    if len(said) < 4 or said[0] in "的和与及、。；;）)等":
        return False
    if "denoting" in kinds:
        return not any(word in said[:12] for word in forms_of("attitude", "zh"))
    if "proposing" in kinds and rest.lstrip()[:1] not in tuple("，,：:“「"):
        return bool(SHALL.search(rest)) and rest[:1] not in "了的过"
    return True


def _is_unsaid(text: str, clause: int, at: int, kinds: frozenset[str]) -> bool:
    """Whether nobody has said it: denied, supposed, or what ought to be said."""
    before = text[clause:at].strip(BLANKS + "“")
    if before.startswith(tuple(forms_of("hypothetical", "zh"))):
        return True
    duty = has_head(before, "duty") and not before.endswith(("大会", "会"))
    return duty or (has_head(before, "negation") and "thought" not in kinds)


def _place(text: str, first: int) -> str:
    """Whether a report is the sentence, or follows a part of the writer's own."""
    if text[max(first - 2, 0) : first] in ("正如", "诚如") or (
        first == 1 and text[0] == "如"
    ):
        return "aside"
    plain = text[: min(first, WINDOW)].rstrip(MARKS + BLANKS + '“"')
    start, end = trimmed(plain, 0, len(plain))
    opens = text.startswith(tuple(forms_of("going with", "zh")), start)
    return "main" if opens or end - start <= A_PREAMBLE else "inner"


def _opens(text: str, at: int) -> bool:
    """Whether a clause begins at a place, but for openers."""
    start = _clause_start(text, at)
    first, last = trimmed(text, start, at)
    return first >= last


def _clause_start(text: str, at: int) -> int:
    low = max(at - WINDOW, 0)
    while at > low and text[at - 1] not in MARKS:
        at -= 1
    return at


def _clause_end(text: str, at: int) -> int:
    high = min(at + WINDOW, len(text))
    while at < high and text[at] not in MARKS:
        at += 1
    return at


def _content(text: str, at: int) -> Span:
    """Return the content after a cue, to a semicolon or the end, marks left out."""
    stop = text.find("；", at, at + AHEAD)
    end = stop if stop >= 0 else len(text)
    for _ in range(LOOSE):
        at += at < end and text[at] in BLANKS + "了过道，,：:"
        end -= at < end and text[end - 1] in BLANKS + "，,。：:"
    return (at, end) if at < end else NOWHERE
