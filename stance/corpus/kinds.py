"""The kind of each block of a page: running text, or the furniture around it.

The rules read the form of a block (its length, its last character, how it begins),
its words (what navigation, bylines, licences and calls to subscribe say in English
and Chinese) and its place among the other blocks. Nothing is removed: other kinds
are listed, and not counted.
"""

import re
from collections.abc import Sequence

from stance.corpus.language import HAN, HAN_RUN, LATIN_WORD
from stance.corpus.pattern import pattern

SENTENCE_END = pattern(
    r"[.!?。！？…；;][\"'”’」』）)]{0,3}"
    r"(?:\[\d{1,3}\]|\d{1,3}|[\u00b9\u00b2\u00b3\u2070-\u2079]{1,3})?[\"'”’」』）)\]]{0,2}$"
)
_I = re.IGNORECASE

MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|"
    "aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
DATE = (
    rf"(?:{MONTH}\.? \d{{1,2}},? \d{{4}}|\d{{1,2}} {MONTH}\.?,? \d{{4}}|"
    r"\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?)"
)
DIGIT = pattern(r"\d")
#: A line that is nothing but a date, with or without the time or the weekday.
DATE_LINE = pattern(
    rf"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?{DATE}"
    r"[\s,T|]*(?:\d{1,2}:\d{2}(?::\d{2})?)?(?: ?[ap]\.?m\.?)?(?: [A-Z]{2,4})?",
    _I,
)
#: 'By Jane Doe', with its capitals: 'by comparison' begins a sentence.
BYLINE = pattern(r"(?:By|BY) [A-Z][\w.'-]+(?: [A-Z(|]|$)")
#: How navigation, bylines and calls begin: a line, not a sentence of some length.
FURNITURE = pattern(
    r"(?:your (?:present|current) (?:location|position)|you are here|home ?[>›»/|]|"
    r"skip to|back to top|source ?:|published ?:|updated ?:|last (?:updated|modified)|"
    r"posted (?:on|by|in)|filed under|tags? ?:|key ?words ?:|topics ?:|"
    r"share (?:this|on|via)|follow us|print (?:this|page)|e-?mail (?:this|us)|sign up|"
    r"subscribe (?:to|now|for|here)|leave a (?:reply|comment)|your e-?mail address|"
    r"required fields|related (?:articles|posts|stories|content|reading|links)|"
    r"read (?:more|next|also)|more from|most (?:read|popular|viewed)|see also|"
    r"recommended|comments?(?: \(\d+\))?$|log ?in|register|advertisement|sponsored|"
    r"click here|download (?:the |this )?(?:pdf|report|full)|"
    r"(?:media|press)? ?contacts? ?:|"
    r"for (?:(?:more|further) information|media inquiries|immediate release)|"
    r"tel(?:ephone)?\.? ?:|phone ?:|fax ?:|editor'?s'? (?:picks?|choice|note)|"
    r"hot topics|"
    r"latest (?:news|insights|articles)|corresponding author|received:? |accepted:? |"
    r"doi ?:|issn|isbn|enjoy(?:ed|ing) this|cookie|privacy policy|"
    r"\*{3}|#{3}|-{3}|_{3}|[-—–] ?\d+ ?[-—–]$|page \d+)",
    _I,
)
#: How notes on rights, authors and the site begin: these are sentences too.
NOTICE = pattern(
    r"(?:©|\(c\) ?\d{4}|copyright (?:©|\(c\)|\d{4}|notice)|all rights reserved|"
    r"creative commons|licen[cs]ed under|disclaimer ?:|the views expressed|"
    r"(?:this|we|our) (?:web)?site uses? cookies|we use cookies|"
    r"terms of (?:use|service)|"
    r"about (?:the authors?|us)\b|"
    r"the authors? (?:is|are|would like|thanks?|acknowledge)|"
    r"your e-?mail address|\^)",
    _I,
)
#: What may stand before it: an ornament, the number of a note.
ORNAMENT = pattern(r"(?:[※＊◆■▲●►•*◎☆★]\s?|\[\d{1,2}\]\s?|\d{1,2}\s(?=The author))")
FURNITURE_ZH = pattern(
    r"[【\[（(]?(?:当前位置|您(?:现在)?(?:的|所在)|您?所在位置|首页|首頁|"
    r"(?:文章|信息)?[来來]源[:： ]|"
    r"作者(?:简介|簡介|单位)?[:：]|作者系|记者[:： ]|記者[:： ／/]|责任编辑|責任編輯|"
    r"责编|編輯|编辑|校对|审核|监制|发布时间|發布時間|发布日期|时间[:：]|更新时间|日期[:：]|"
    r"字号|字號|字体|打印|列印|分享(?:到|至)|扫(?:一扫|码|描)|掃|关注(?:我们|我們)|"
    r"长按|点击|點擊|點選|欢迎(?:关注|订阅|通过|转载)|訂閱|订阅|版权|版權|声明[:：]|聲明[:：]|"
    r"免责|免責|未经|未經|转载|轉載|本[报報刊站網网]著作|本文(?:为|系|僅|仅|转自|首发|來源|来源)|联系(?:我们|方式|电话)|"
    r"聯絡|电话[:：]|電話[:：]|邮箱|地址[:：]|相关(?:阅读|链接|新闻|文章|稿件)|"
    r"相關(?:新聞|文章|閱讀|報導)|延伸閱讀|推荐阅读|推薦閱讀|更多(?:新闻|内容|新聞)|上一篇|下一篇|"
    r"返回|评论|留言|网友|登录|登入|注册|註冊|關鍵字|关键词|关键字|标签|標籤|"
    r"请?(?:继续往下|繼續往下)|請繼續|广告|廣告|原标题|阅读原文|阅读[:：]?\s?\d|浏览|在看|"
    r"网站地图|主办单位|主办|承办|备案|[京沪粤]ICP|基金项目|收稿日期|中图分类号|文献标识码)"
)
#: Furniture by what a short block holds anywhere.
MARK = pattern(
    r"[\w.+-]{1,64}@[\w-]{1,64}\.|(?:^|\s)[>›»](?:\s|$)|"
    r"\b(?:source|published|updated|posted)(?: on)?:|all rights reserved|©|版权所有|"
    r"公众号|公眾號|微信号|二维码|required fields|click here|"
    r"newsletter|[a-z][\u00b9\u00b2\u00b3\u2074-\u2079],|"
    r"^(?:no|vol|issue)\.? ?\d|\bno\. ?\d{3,}",
    _I,
)
#: A note about the publisher or the author in Chinese: 'X 简介：', '作者是/为 …研究员'.
NOTE_ZH = pattern(
    rf"^[\w{HAN} ·（）()]{{1,20}}(?:简介|簡介|介绍)[:：]|^(?:作者|筆者)[是为為]"
)
AUTHOR_EN = pattern(
    r"^(?:the (?:author|writer)s?\b|[A-Z][\w.'-]+(?: [A-Z][\w.'-]+){1,3},? (?:is|was) "
    r"(?:an? |the )?(?:\w+ ){0,4}(?:fellow|professor|director|researcher|"
    r"editor|columnist|reporter|lecturer|scholar|writer|journalist|economist|analyst)\b)|"
    r"^.{3,80} is an? (?:independent|non-?profit|non-?partisan|leading|private)\b"
    r".{0,80}"
    r"\b(?:organi[sz]ation|institute|institution|think tank|foundation|publisher)\b"
)
REFERENCE = pattern(
    r"^\[\d{1,3}\]\s?\S.{0,400}(?:\b(?:19|20)\d\d|\[[JMDCNRZPS]\b|https?://)|"
    r"^[A-Z][\w'’-]+,? (?:[A-Z]\.[ ,&-]*){1,4}.{0,300}\(?(?:19|20)\d\d[a-z]?\)?[.,:]|"
    rf"^[\w{HAN}()（） ,.&;-]{{2,160}}[(（](?:19|20)\d\d[a-z]?[)）][.,．:：] ?"
    rf"[\"“‘《A-Z{HAN}]|"
    rf"^[\w{HAN}·,，、. ]{{2,60}}[.．:：][^。]{{2,120}}\[[JMDCNRZPS](?:/OL)?\]|"
    rf"^[{HAN}·、，, ]{{2,40}}[：:]\s?[《“].{{2,120}}"
    r"(?:出版社|第\s?\d+\s?期|\d{4}\s?年)|"
    r"^(?:\d{1,3}[.)]? )?.{2,200}https?://doi\.org/",
    re.DOTALL,
)
#: Each of them has one of these.
OF_REFERENCE = pattern(r"[\d\[]|出版社|doi\.org")
SUMMARY = pattern(
    r"^(?:abstract|(?:executive )?summary|synopsis|key (?:points|findings)|摘\s?要|"
    r"内容提要|"
    r"內容提要|提要|编者按|編者按|内容摘要|核心提示|导读|導讀)\s?(?:[:：.—\-]\s?|$|\n)",
    _I,
)
ENUMERATED = pattern(
    r"^#{1,6} |^(?:[IVX]{1,5}|[A-H])\.\s|^[(（][ivx]{1,5}[)）]\s|"
    r"^\d{1,2}(?:\.\d{1,2}){0,3}[.、．]?\s+\S|"
    r"^(?:chapter|section|part|box|figure|table) \d|"
    r"^[一二三四五六七八九十]{1,3}、|^[(（][一二三四五六七八九十]{1,3}[)）]|"
    r"^第[一二三四五六七八九十\d]{1,3}[章节節部]",
    _I,
)
#: Section titles of a word or two, which would pass for furniture.
SECTION = pattern(
    r"(?:references|bibliography|notes|introduction|background|methods?|results|"
    r"discussion|conclusions?|acknowledge?ments|appendix|参考文献|參考文獻|注释|引言|前言|"
    r"导论|背景|结论|結論|结语|結語|附录|致谢)[:：]?",
    _I,
)
FIRST_SECTION = pattern(r"^(?:I|1|A|一)[.、．]|^introduction\b|^引言|^一、", _I)
#: Characters; a Han character counts as three letters, a title has one line or two.
MAX_HEADING, MAX_FURNITURE, MAX_MARKED = 150, 600, 260
#: A call ('Subscribe to our newsletter!') may be a sentence of this length at most.
MAX_CALL = 90
#: A line that ends in a colon and has more words than this leads to a list.
MIN_LEAD = 8
#: A block this short at either end of a page, without a sentence, is furniture.
MAX_STUB_WORDS = 3


def ends_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does, a closing quote or note number aside.

    Examples
    --------
    >>> [ends_sentence(text) for text in ("“We agreed.”", "扩大开放。", "Trade")]
    [True, True, False]
    """
    return bool(SENTENCE_END.search(text[-12:]))


def _length(text: str) -> int:
    """Length in letters: a Han character says about as much as three."""
    return len(text) + 2 * sum(map(len, HAN_RUN.findall(text)))


def _words(text: str) -> int:
    han = sum(map(len, HAN_RUN.findall(text)))
    return len(LATIN_WORD.findall(text)) + (han + 1) // 2


def _is_furniture(text: str, length: int) -> bool:
    dated = DATE_LINE.match(text) if DIGIT.search(text) else None
    if dated and DATE_LINE.fullmatch(text):
        return True
    if not any(map(str.isalpha, text)):
        return True
    if dated and not ends_sentence(text):
        return length - dated.end() <= MAX_MARKED / 2
    lead = ORNAMENT.match(text)
    text = text[lead.end() :] if lead else text
    if BYLINE.match(text) or FURNITURE.match(text):
        sentence = ends_sentence(text)
        return length <= (MAX_CALL if sentence else MAX_FURNITURE)
    notices = [NOTICE, AUTHOR_EN]
    if not text.isascii():
        notices += [FURNITURE_ZH, NOTE_ZH]
    if any(notice.match(text) for notice in notices):
        return length <= MAX_FURNITURE
    return bool(length <= MAX_MARKED and MARK.search(text))


def _kind(text: str) -> str:
    """Return the kind of a block by itself; '' where its place must decide."""
    length = _length(text)
    if OF_REFERENCE.search(text) and REFERENCE.match(text):
        return "reference"
    if SUMMARY.match(text):
        return "summary" if length > MAX_HEADING or ends_sentence(text) else "heading"
    if SECTION.fullmatch(text):
        return "heading"
    if _is_furniture(text, length):
        return "boilerplate"
    return _shape(text, length)


def _shape(text: str, length: int) -> str:
    """Return body or heading by length, last character and numbering; or ''."""
    is_sentence = ends_sentence(text)
    if length <= MAX_HEADING and not is_sentence and ENUMERATED.match(text):
        return "heading"
    if is_sentence and not text.endswith(("?", "？")):
        return "body"
    if length > MAX_HEADING or (text.endswith((":", "：")) and _words(text) > MIN_LEAD):
        return "body"
    if re.search("^[/|]|\\s[/|]\\s", text) and _words(text) <= 8:
        return "boilerplate"
    if text.endswith(("?", "？")):
        return "heading" if ENUMERATED.match(text) else ""
    return "" if _words(text) <= MAX_STUB_WORDS else "heading"


def kinds_of(texts: Sequence[str]) -> list[str]:
    """Return the kind of each block of one page.

    Parameters
    ----------
    texts : sequence of str
        All blocks, in order: where a block stands is evidence too.

    Returns
    -------
    list of str
        ``body``, ``heading``, ``boilerplate``, ``reference`` or ``summary`` each.

    Examples
    --------
    >>> kinds_of(["News", "Talks resume in Beijing on Sunday",
    ...           "Officials of both countries met on Sunday.", "Leave a Reply"])
    ['boilerplate', 'heading', 'body', 'boilerplate']
    >>> kinds_of(["一、 引言", "双方举行了会谈。", "责任编辑：王明"])
    ['heading', 'body', 'boilerplate']
    """
    folded = [" ".join(text.split()) for text in texts]
    kinds = [_kind(text) for text in folded]
    running = [at for at, kind in enumerate(kinds) if kind in ("body", "summary")]
    first, last = (running[0], running[-1]) if running else (len(kinds), -1)
    title = next((at for at, kind in enumerate(kinds) if kind == "heading"), len(kinds))
    if 0 < first < title and not kinds[first - 1] and _words(folded[first - 1]) > 1:
        title = first - 1  # a page has a title: the stub right before its text
        kinds[title] = "heading"
    for at, kind in enumerate(kinds):
        if kind:
            continue
        if folded[at].endswith(("?", "？")):
            # A question is a title before the text begins, and a sentence within it.
            kinds[at] = "heading" if at < first else "body"
        elif at > last or at < min(first, title) or (at < first and at > title):
            kinds[at] = "boilerplate"
        else:
            kinds[at] = "heading"
    _mark_summaries(folded, kinds)
    return kinds


def _mark_summaries(texts: list[str], kinds: list[str]) -> None:
    """Mark what an abstract's heading opens, and what stands before section one."""
    for at in range(1, len(kinds)):
        before = texts[at - 1]
        if kinds[at] == "body" and kinds[at - 1] == "heading" and SUMMARY.match(before):
            kinds[at] = "summary"
    sections = [at for at, text in enumerate(texts) if FIRST_SECTION.match(text)]
    running = [at for at, kind in enumerate(kinds) if kind == "body"]
    # One paragraph alone between the title and section one is its editor's abstract.
    if sections and running and "summary" not in kinds:
        start = running[0]
        opened = [at for at in running if at < sections[0]]
        titled = "heading" in kinds[:start]
        if opened == [start] and titled and kinds[sections[0]] == "heading":
            kinds[start] = "summary"
