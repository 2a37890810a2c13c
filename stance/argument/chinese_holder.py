"""Whether a stretch of a Chinese sentence names somebody who can hold a view.

Chinese has no capitals and no blanks: a holder is known by its last characters (…部,
…学者, …报告), as a pronoun, as a surname with a name, or as a name in foreign sounds.
"""

import re
from functools import cache

from stance.argument.reporting import Span, forms_of, word_kinds

#: Kinds of verbs of report.
REPORTS = frozenset(
    (
        "speech", "denoting", "proposing", "urging", "verdict", "thought", "showing",
    )
)  # fmt: skip
#: Kinds of those that are nouns too, and may begin a name: 评论员, 预测机构.
NOUNS = frozenset(("noun too", "head", "document head"))
LONGEST_CUE = 4
#: Of a holder with its titles; the longest in the seeds has 22 characters.
LONGEST = 36
#: Characters that names of persons and bodies do not have.
BARRED = re.compile(
    "[把被是使让没了着过：:；;“”]|将(?!军|领|士)|能(?!源|力)|不(?!少)|的$"
    "|强制(?!性)|[强逼胁]迫|[迫促致]使|责[成令]|[强勒]令|导致|允许|提出(?!者)"
)
#: Characters by which foreign names are written.
SOUNDS = frozenset(
    "阿埃艾安昂奥巴白拜班邦鲍贝本比彼宾波伯博布查达戴丹道德登迪蒂丁多顿尔法凡菲费芬弗"
    "福盖戈格古哈海汉豪赫亨胡华霍基吉加杰金卡凯坎康柯科克肯库奎拉莱兰劳勒雷里莉利林琳"
    "隆卢鲁伦罗洛马玛迈曼梅蒙米莫姆穆纳奈南内尼诺努欧帕佩彭皮普齐乔琼撒萨塞桑沙舍史斯"
    "思索塔泰坦汤唐特提廷图托瓦万威维沃乌西希夏谢辛雅亚延扬耶叶伊因尤约泽詹珍朱兹佐朗"
    "森默扎肖恩冯贾麦佛赛逊丘娅娜妮莎珊韦温琴斐蓓黛欣弥仑伍茨蕾茵芭"
)
NUMBER = "(?:[0-9]{1,4}|[一二三四五六七八九十]{1,3})"
DATE = re.compile(NUMBER + "(?:年|月|日|号|世纪)(?:初|底|中)?")
DATE_END = re.compile(
    f"(?:{NUMBER}(?:年|月|日|号)|(?:本|上)?(?:周|星期)[一二三四五六日天])$"
)
CITATION = re.compile(r"\s*[(（]\s*\d{4}[a-z]?\s*[)）]$")
LATIN = re.compile(r"^[A-Z][A-Za-z.,&\- ]{0,30}(?:等人?|et al\.?)?$")
#: After these a holder may go on to say where, when and to whom it spoke.
SURE = (
    "在", "就", "接受", "通过", "针对", "围绕", "出席", "主持", "会见", "召开", "发表",
    "听取", "考察",
)  # fmt: skip
#: Parts of longer words too: only where the whole names nobody.
UNSURE = ("对", "向", "致", "于", "应", "从", "根据")


def holder_in(text: str, start: int, end: int) -> Span | None:
    """Return the place of the holder that fills a stretch but for adverbs, or None.

    Examples
    --------
    >>> text = "近日，但商务部发言人在例行记者会上对此明确表示，坚决反对。"
    >>> start, end = holder_in(text, 3, text.index("表示"))
    >>> text[start:end]
    '商务部发言人'
    >>> holder_in("对各级政府最起码的要求", 0, 9) is None
    True
    """
    start, end = trimmed(text, start, end)
    if end - start < 1 or end - start > LONGEST + 24:
        return None
    for markers in (SURE, (), UNSURE):
        for cut in _cuts(text, start, end, markers):
            first, last = trimmed(text, start, cut)
            if first < last and names_holder(text[first:last]):
                return first, last
    return None


def _cuts(text: str, start: int, end: int, markers: tuple[str, ...]) -> list[int]:
    """Return where the markers stand in a stretch; its end if there are none."""
    cuts = [] if markers else [end]
    for marker in markers:
        at = text.find(marker, start + 1, end)
        while at >= 0:
            cuts.append(at)
            at = text.find(marker, at + 1, end)
    return sorted(cuts)


def trimmed(text: str, start: int, end: int) -> Span:
    """Return a stretch without openers, dates and adverbs at its ends."""
    again = True
    while again and start < end:
        before = start, end
        while start < end and text[start] in " 　\t“”\"'，,、（(":
            start += 1
        while end > start and text[end - 1] in " 　\t，,":
            end -= 1
        start += _starting(text[start:end], "opener")
        end -= ending(text[start:end], "adverb")
        date = DATE.match(text, start, end)
        start = date.end() if date else start
        date = DATE_END.search(text, max(start, end - 12), end)
        end = date.start() if date else end
        citation = CITATION.search(text, max(start, end - 12), end)
        end = citation.start() if citation else end
        again = before != (start, end)
    return start, end


def names_holder(name: str) -> bool:
    """Whether a name is one of somebody who can hold a view, other than the writer.

    Examples
    --------
    >>> [names_holder(name) for name in ("国务院总理李克强", "雷蒙多", "有学者")]
    [True, True, True]
    >>> [names_holder(name) for name in ("本文", "从根本上", "我们", "可以")]
    [False, False, False, False]
    """
    if not name or len(name) > LONGEST or name in forms_of("own holder", "zh"):
        return False
    if name.startswith(("我们", "本文", "本报告", "笔者", "我国")):
        return False
    if name in forms_of("pronoun", "zh"):
        return True
    begins = _starting(name, "verb") > 0 or _reports(name)
    if BARRED.search(name) or (begins and not has_head(name, "person")):
        return False
    if name.endswith(("》", "等", "等人")) or "·" in name or LATIN.match(name):
        return True
    return (len(name) > 1 and has_head(name, "head")) or is_person(name)


def _reports(name: str) -> bool:
    """Whether a name begins with a verb of report that is no noun: 提出中国."""
    for n in range(min(LONGEST_CUE, len(name) - 1), 1, -1):
        kinds = word_kinds("zh").get(name[:n], frozenset())
        if kinds & REPORTS:
            return kinds.isdisjoint(NOUNS)
    return False


def is_person(name: str) -> bool:
    """Whether a name is a person's, with a title before it or without.

    Examples
    --------
    >>> [is_person(name) for name in ("周柳军", "美国商务部长雷蒙多", "周到")]
    [True, True, False]
    """
    kinds = word_kinds("zh").get(name, frozenset())
    if not kinds.isdisjoint(("opener", "adverb", "no name")):
        return False
    surnames = forms_of("surname", "zh")
    for n in (3, 2, 4, 5):
        last, title = name[-n:], name[: max(len(name) - n, 0)]
        titled = has_head(title, "title")
        if len(last) < n or (title and not titled and not has_head(title, "head")):
            continue
        chinese = last[0] in surnames if n <= 3 else n == 4 and last[:2] in surnames
        if chinese or (titled and n <= 3) or all(sound in SOUNDS for sound in last):
            return True
    return False


def has_head(name: str, kind: str) -> bool:
    """Whether a name ends as holders of a kind do."""
    return ending(name, kind) > 0


def ending(name: str, kind: str) -> int:
    """Return the length of the longest form of a kind that a name ends with.

    Examples
    --------
    >>> ending("王缉思教授", "polite")
    2
    """
    forms, longest = _forms(kind)
    for n in range(min(longest, len(name)), 0, -1):
        if name[-n:] in forms:
            return n
    return 0


def _starting(name: str, kind: str) -> int:
    """Return the length of the longest form of a kind that a name begins with."""
    forms, longest = _forms(kind)
    for n in range(min(longest, len(name)), 0, -1):
        if name[:n] in forms:
            return n
    return 0


@cache
def _forms(kind: str) -> tuple[frozenset[str], int]:
    forms = forms_of(kind, "zh")
    return forms, max(map(len, forms))
