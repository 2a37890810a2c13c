"""Where a word that may be a connective is one: rules ``connectives.csv`` names.

A rule looks at a stretch before the word and one after it, no further, so that to find
connectives takes time in proportion to the text. The stretch before begins with
``TOP`` where it begins with the text.
"""

import re
from collections.abc import Callable

#: Stands in the stretch before for the beginning of the text.
TOP = "\x02"
BEFORE, AFTER = 240, 240
#: Whether a word is a connective between these two stretches.
Rule = Callable[[str, str], bool]

FIRST = (
    f'(?:{TOP}|(?:(?<![A-Z])\\.|[!?;:…。！？；：])["”’)\\]]*|\\s--|[—–])\\s*["“‘\'(\\[]*'
    "(?:Q\\s+|[A-Z]{2,}\\.?(?:\\s[A-Z]+)?:\\s*)?(?:\\(?\\d\\)\\s*)?"
    "(?:(?i:and|but|well|now|so|yes|no|okay|look|again|or|then),?\\s+){0,3}$"
)
COMMA = "[,(，（]\\s*(?:(?:and|but|or|that|so)\\s+)?$"
CLAUSE = f"(?:{FIRST}|{COMMA})"
SUBJECT = (
    "(?i:it|they|we|he|she|you|this|that|these|those|there|the|a|an|its|their|our|my|"
    "his|her|your|both|many|most|some|all|such|no|neither|what|how|why|when|if|in|let|"
    "i|one|each|every|even|any|anyone|nobody|people|not|to|that['’]s|it['’]s|i['’]m)\\b"
)
FINITE = (
    "\\b(?i:is|are|was|were|has|have|had|can|cannot|could|will|would|may|might|must|"
    "should|do|does|did|remains?|lacks?|needs?|wants?|continues?)\\b|n['’]t\\b|"
    "['’](?:re|ve|ll)\\b|\\b(?i:it|that|there|he|she)['’]s\\b"
)
SAYS = re.compile(
    "(?i:sa(?:y|id|id|ys|w)|see|seen|not(?:e|ed|es)|know\\w*|indicat\\w+|mention\\w*|"
    "point\\w*|show\\w*|put|report\\w*|announc\\w+|describ\\w+|explain\\w*|discuss\\w*|"
    "expect\\w*|think|argu\\w+|told|wr(?:ite|ote)|predict\\w*|stat(?:ed|es)|suggest\\w*|"
    "acknowledg\\w+|promis\\w+|agreed|planned|observ\\w+|outlin\\w+|recommend\\w*|talk\\w*|relat\\w+|"
    "concern\\w*|custom\\w*|usual|appropriate|possible)\\b"
)
AS_BEFORE = re.compile(f"{FIRST}|,\\s*$")
AS_AFTER = re.compile(
    "\\s+(?:(?:it|they|there|this|these|those|the|a|an|its|their|our|both|many|most|"
    "some|such|more)\\b|[A-Z]\\w)[^,.;()]{0,60}?\\b(?:is|are|was|were|would|can|cannot|"
    "could|will|may|might|must|lacks?|needs?|remains?|(?:has|have|had)\\s(?:no|not|been|"
    "become|a|the|to))\\s+(?!now\\b|always\\b|the case\\b)\\w"
)
TIME = re.compile(
    "\\s+(?:\\d|then\\b|last\\b|late\\b|early\\b|mid\\b|yesterday|time\\b|\\w+ing\\b|"
    "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Jan|Febr)uary|March|April|May\\b|"
    "June|July|August|(?:Septem|Octo|Novem|Decem)ber|"
    "(?:the|its|their|his|her)\\s+(?:[\\w-]+\\s+){0,2}?(?:beginning|start|end|founding|"
    "establishment|launch|signing|fall|outbreak|onset|turn|election|inauguration|"
    "Cold|war|crisis|pandemic|inception|time|day|summit|meeting|visit|\\d+s?|last)\\b)"
)
PRONOUN = re.compile("\\s+(?i:it|they|we|he|she|you|i|this|that|these|there)\\b")
PAST = re.compile(
    "\\b(?:\\w{2,}ed|took|came|began|became|went|left|was|were|got|won|lost|made|met|"
    "fell|rose|broke|spoke|entered|joined)\\b"
)
MODAL = re.compile("\\b(?:should|must|can|cannot|could|will|would|may|might)\\b")
PERFECT = re.compile("\\b(?:has|have|had)\\b|['’]ve\\b|['’]s\\s\\w+(?:ed|en)\\b")
NO_SUBJECT = "(?!\\s+(?:\\w+\\s+){0,1}to\\b)"

HAN_FIRST = f"(?:{TOP}|[，,。！？!?；;：:—…“「『（(.\\n])\\s*"
HAN_CLAUSE = f"{HAN_FIRST}(?:但是|然而|[但而并且也又还])?$"
YIN = "(?![素应果子循势地城人时公病企户材。，,；;、”])"
#: Verbs of what is aimed at, behind 以 and 为.
AIM = (
    "\\s*(?:(?:更(?:好|加|为|多|大)?地?|进一步|有效地?|切实|全面|最大限度地?|共同|"
    "尽快|尽可能|不断|从根本上|确实|真正|充分|及时|继续)\\s*)*"
    "(?:维护|促进|推动|推进|实现|确保|保障|保证|保护|保持|防止|防范|避免|应对|解决|支持|"
    "落实|适应|加快|加强|扩大|提高|提升|鼓励|打击|遏制|遏止|限制|获取|获得|争取|吸引|"
    "减少|减轻|降低|配合|满足|巩固|改善|完善|建设|构建|建立|营造|规范|增强|增加|增进|"
    "强化|稳定|缓解|缓和|化解|消除|克服|达到|达成|取得|谋求|寻求|夺取|赢得|抢占|削弱|"
    "压制|阻止|阻碍|制约|制衡|对抗|抗衡|反制|回应|体现|反映|彰显|显示|展示|表明|证明|"
    "说明|补充|弥补|填补|填充|摆脱|抵御|抵消|拓展|拓宽|深化|优化|引导|调动|激发|发挥|"
    "培育|培养|振兴|恢复|缩小|平衡|协调|统筹|贯彻|体会|换取|牟取|谋取|便利|方便|便|"
    "确立|塑造|打造|打破|突破|挽救|拯救|纪念|庆祝|结束|终结|开拓|开创|延续|延缓|迫使|"
    "促使|推广|普及|查明|查清|掌握|掌控|控制|管控|规避|回避|绕过|通过|加速|帮助|协助|"
    "节约|节省|方便|惩罚|惩治|报复|施压|迎合|迎接|履行|执行|形成|激励|刺激|拉动|带动|"
    "支撑|助力|服务|守护|捍卫|凝聚|团结|联合|区分|区别|示)"
)
GIVES = (
    "(?![^，,。；;]{0,40}(?:提供|创造|注入|奠定|开辟|带来|发挥|所))"
    "(?![^。；;]{0,80}(?:作出|做出|提供了|贡献|奋斗|而(?:不懈|共同|努力)))"
)


def _around(before: str, after: str = "") -> Rule:
    """Return a rule: what the stretches before and after must match."""
    left, right = re.compile(before), re.compile(after)
    return lambda b, a: bool(left.search(b)) and bool(right.match(a))


def _not_after(before: str, after: str = "") -> Rule:
    """Return a rule: what the stretch before must not match, and the one after must."""
    left, right = re.compile(before), re.compile(after)
    return lambda b, a: not left.search(b) and bool(right.match(a))


def _any(*rules: Rule) -> Rule:
    """Return a rule that holds where one of some rules holds."""
    return lambda b, a: any(rule(b, a) for rule in rules)


def _since(before: str, after: str) -> bool:
    """Hold where 'since' gives a reason: a clause, not a time, follows.

    A past clause beside a present perfect is of time ('Since he took office, he has').
    """
    if re.search("\\bever\\s+$", before) or TIME.match(after):
        return False
    clause = re.split("[,.;]", after, maxsplit=1)[0]
    rest = re.split("[.;]", before)[-1] + re.split("[.;]", after, maxsplit=1)[0]
    rest = rest.replace(clause, "", 1)
    if PAST.search(clause) and PERFECT.search(rest) and not PERFECT.search(clause):
        return False
    if PRONOUN.match(clause) or re.search(FINITE, clause):
        return True
    is_long = len(clause.split()) > 5 and not PERFECT.search(rest)
    return is_long and bool(re.search(FIRST, before)) and bool(MODAL.search(rest))


def _as(before: str, after: str) -> bool:
    """Hold where 'as' gives a reason: before a clause in which something is so.

    Manner ('as he did', 'as we have said') has a person for its subject, or a verb of
    saying or seeing.
    """
    if not (AS_BEFORE.search(before) and AS_AFTER.match(after)):
        return False
    clause = re.split("[,.;]", after, maxsplit=1)[0]
    return not SAYS.search(clause)


RULES: dict[str, Rule] = {
    "": lambda before, after: True,
    "first": _around(FIRST),
    "clause": _around(CLAUSE),
    "comma": _around(CLAUSE, "\\s?[,:，：]"),
    "since": _since,
    "as": _as,
    "given": _around(
        CLAUSE, "\\s+(?:the|this|these|those|its|their|his|her|our|how|such|all|a)\\b"
    ),
    "for": _around(
        "[,;]\\s*$", f"{NO_SUBJECT}\\s+(?:it|he|she|they|we|there|i)\\s+(?!to\\b)\\w"
    ),
    "so": _any(
        _around(
            FIRST,
            "(?!\\s+(?:(?:far|much|many|long|little|few|too|goes)\\s|"
            "(?:do|does|did|is|are|was|has|can)\\s[^,.?]{1,25}\\.)),?\\s+\\w",
        ),
        _around(
            "(?:[,;—–]|--)\\s*(?i:and\\s+)?$",
            "(?!\\s+(?:that|as|many|much|few|little|far|long|\\w+ly)\\s),?\\s+\\w",
        ),
        _around("\\b(?i:and)\\s+$", f"\\s+(?:{SUBJECT}|\\w+\\s+(?:{FINITE}))"),
    ),
    "however": _any(
        _around(
            FIRST,
            "(?!\\s+(?:much|many|large|small|long|little|hard|difficult|important|well|"
            "far|great|unlikely|slightly|modest|imperfect|you|one)\\b)",
        ),
        _around("[,;(]\\s*$", "(?!\\s+(?:much|many|large|small|long|little|hard)\\b)"),
        _around("", "\\s*,"),
    ),
    "so_that": _not_after(FIRST),
    "yet": _around(
        f"{CLAUSE}|\\b(?i:and)\\s+$", "(?!\\s+(?:another|again|to|more|be)\\b),?\\s+\\w"
    ),
    "while": _around("[,;]\\s*(?:and\\s+)?$", "(?!\\s+(?:he|she|they|i|we)\\s+w)"),
    "while_first": _around(
        FIRST,
        "(?!\\s+(?:in|at|on|there|\\w+ing|\\w+\\s+(?:was|were)\\s+\\w+ing)\\b)"
        "[^.;]{3,200},",
    ),
    "in_contrast": _around("", "(?!\\s+(?:to|with)\\b)"),
    "instead": _around("", "(?!\\s+of\\b)"),
    "rather": _around(FIRST, "(?!\\s+than\\b),?\\s+\\w"),
    "if": _not_after(
        "\\b(?i:ask\\w*|wonder\\w*|know|see|seen|sure|unclear|tell|told|determine|doubt|"
        "find\\s+out|question|check|decide|matter)\\s+(?:\\w+\\s+)?$"
    ),
    "if_not": _not_after(CLAUSE),
    "once": _any(
        _around(FIRST, "(?!\\s+(?:upon|every|per|considered|seen|known)\\b)\\s+\\w"),
        _not_after(
            "\\b(?:was|were|is|had|has|have|been|than|only|just|more|at)\\s+$",
            "\\s+(?:the|it|they|we|he|she|you|this|that|these|those|all|both|i|its|"
            "their|there|our)\\b",
        ),
    ),
    "provided": _around(CLAUSE, "\\s+(?:the|it|they|we|there|both|such|a)\\b"),
    "should": _any(
        _around(FIRST, "(?![^.!]*(?:\\?|--))\\s+[^.,;]{3,80},"),
        _not_after(
            f"{FIRST}|\\b(?i:what|why|how|where|when|who|which|whom|nor|neither|so|"
            "only|that|than|never|as)\\b[^.,;]{0,40}$",
            "(?![^.!]*(?:\\?|--))\\s+(?:that|this|it|they|he|she|we|you|there|these|"
            "those|any|the\\s+\\w+)\\s+\\w",
        ),
    ),
    "but_also": _around("\\b(?i:not\\s+(?:only|just|merely|simply))\\b[^.!?]*$"),
    "ordinal": _any(
        _around(CLAUSE, "\\s?[,，]|\\s?:"),
        _around(f"{FIRST}|[,:;]\\s*$", "\\s+(?:on|i|we|because|let|is\\s+that)\\b"),
    ),
    "then": _around(FIRST, ",?\\s+\\w"),
    "on_the_other": _around(
        "\\b(?i:on\\s+(?:the\\s+)?one)\\b[^.!?]*$", "(?!\\s+(?:side|end|part)\\b)"
    ),
    "zh_clause": _around(HAN_CLAUSE),
    "zh_comma": _around(HAN_CLAUSE, "\\s*[，,：:]"),
    "zh_ordinal": _around(f"(?:{HAN_FIRST}|[、和])$", "\\s*[，,、：:]|是(?!次)"),
    "zaici": _around(HAN_CLAUSE, "\\s*[，,]"),
    "zuihou": _around(HAN_CLAUSE, "\\s*[，,]|(?![的一\\d期])"),
    "yin": _any(
        _around(f"{HAN_CLAUSE}|[未不并都均是只仅正]\\s*$", YIN),
        _not_after("[原基起成主诱动病归]\\s*$", f"{YIN}[^，,。；;！？]{{1,40}}而"),
    ),
    "gu": _around(HAN_CLAUSE, "(?![意乡事宫障居都态交])"),
    "buguo": _around(HAN_CLAUSE, "(?!是|如此|\\d)"),
    "que": _not_after(
        "(?:但|然而|可是|不过)[^，,。；;！？]*$|[冷忘了退推失除抛丢]$", "(?![步之])"
    ),
    "er": _around(f"{HAN_FIRST}(?:但)?$", "(?![且后已立]|言)"),
    "ji": _around(
        "", "(?![定往成得]|有(?![^。！？]{1,60}[又也更]有))[^。！？]{1,100}?[又也更]"
    ),
    "you": _around("既[^。！？]{1,80}$"),
    "ru_if": _around(
        HAN_CLAUSE, "(?:[不未能无需遇仍确要]|发生|出现|继续|有必要|有需要|再)"
    ),
    "ru": _around(
        f"{HAN_FIRST}$", "(?![下何此期同实愿今意上是数果若约初火诗影雷梦故来法常])"
    ),
    "shouxian": _any(
        _around(f"(?:{TOP}|[。！？；;])\\s*$"),
        _around(HAN_CLAUSE, "\\s*[，,：:]|[是要]|必须"),
    ),
    "wei": _around(HAN_CLAUSE, f"{GIVES}{AIM}[^，,。；;！？]*[，,]"),
    "yi": _not_after(
        "[予加可所得足借用据难给赖何是致]\\s*$",
        f"{AIM}(?![^，,。；;！？]*(?:为(?!了)|作为))",
    ),
    "yici": _around(HAN_CLAUSE, "(?!为|类推|作为)"),
}
