"""Sentences end where a reader ends them, in both languages, and nothing is lost."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.corpus.sentences import sentences

Growth = Callable[[Callable[[str], object], str], float]
#: A stroke stands where a sentence ends: in English for a blank, in Chinese for none.
ENGLISH = (
    "The U.S. trade deficit grew. | China responded.",
    "He moved to the U.S. | The firm stayed.",
    "Talks at the U.N. resumed. | Dr. Li spoke. | Mr. Wang agreed.",
    "Sen. Schumer met Gov. Brown and Gen. Li in St. Louis. | They agreed.",
    "MR. CARNEY: Well, yes. | Q But why? | MR. CARNEY: Because it works.",
    "Some goods, e.g. chips, i.e. semiconductors, are banned. | Others are not.",
    "As Smith et al. (2020) show, trade helps. "
    "| See also Lee et al. | The rest is silent.",
    "Losses were high (Varas et al., 2020). | Jobs fell.",
    "Resolution No. 5 passed. | Did it help? | No. | We disagree.",
    "See Fig. 2 and Sec. 3 of vol. 4, pp. 5-6. | It is clear.",
    "J. Smith and J. K. Rowling wrote it. | It sold.",
    "Huawei v. United States and China vs. Japan are cases. | Both matter.",
    "Apple Inc. sued Huawei Co. Ltd. in May. | It lost.",
    "They met at 5 p.m. on Monday. | They left at 6 p.m. | The room was empty.",
    "He holds a Ph.D. in law. | She does not.",
    "On Jan. 5 and Sept. 11, 2001, it rained. | Nothing else happened.",
    "Iron, coal, steel, etc. were taxed. | Wheat, etc. | But rice was not.",
    "The U.S.-China talks, and the U.S.'s offer, failed. | All left.",
    "Growth was 3.5 percent. | In 2011 it was 4.2. | In 2012 it fell.",
    "It happened in 2011. | 36 firms followed.",
    "1. Cut tariffs. | 2. Open markets.",
    "(1) Cut tariffs. | (2) Open markets.",
    "Version 2.0.1 is out. | Costs are $5. | They fell.",
    "We waited . . . and waited. | Nothing came.",
    "He said... well, nothing. | Then he left.",
    "It could be better... | The rest is known.",
    'He said, "We agree." | She left.',
    "He said, “We agree.” | She left.",
    "“Why?” he asked. | Nobody knew.",
    '"We must act," he said. | "It is late."',
    "These ‘values alliances’ work with “technology alliances.” | They are new.",
    "It is a win-win (so they say). | (It is not.) | We shall see.",
    "Prime Minister Lee met Mr. Trump's aides, incl. Gen. H. R. McMaster. "
    "| Nothing was signed.",
    "Under Sec. 301 of the Act, duties rose. | See 19 U.S.C. 1862. | The court agreed.",
    "Huawei Technologies Co., Ltd. v. United States was filed in 2019. "
    "| It was dismissed.",
    "Did the U.S. side agree? | Yes. | And China? | Not yet!",
    '"Are we in a trade war?" a reporter asked. | "No," said Mr. Ross.',
    "The index fell 2.5 pct. on Tuesday, from 31.2 to 28.7. "
    "| Analysts (e.g. at Citi) shrugged.",
    "The White House (Washington, D.C.) declined to comment. | Beijing did too.",
    "It was 8 a.m. EST when the call began. "
    "| It ended at 9 a.m. | Both sides said little.",
    "As the saying goes, “Trust, but verify.” | That is the policy.",
    "He asked: ‘Who benefits?’ | The answer is plain.",
    "Sales reached $1.2 trillion. | $300 billion came from China.",
    "The treaty—signed in 1979—expired. | Nobody noticed.",
    "We object... but we will talk. | So be it.",
    "President Xi Jinping, Premier Li Keqiang, et al. were there. | They smiled.",
    "Prof. Joseph S. Nye Jr. coined soft power. | In 2004 he wrote a book.",
    "The first is trade; the second is technology; the third is trust. "
    "| All three matter.",
    "MS. PSAKI: Thanks, everyone. "
    "| Go ahead, Jeff. | Q    Thank you, Jen. | Two questions.",
    "He arrived on Dec. 7. | Talks began on Jan. 12, 2013.",
    "The tariffs on wine, beef, etc. remain. | Barley was freed.",
    "Chapter 2 (pp. 14–19) explains why. | Table 3 lists cases.",
    "That was then (see above.) | This is now.",
    'Trade is good. | "Decoupling" is not.',
    "I said no. | I meant it.",
    "Who won?! | Nobody.",
    "The Act (Pub. L. No. 117-167) passed. | It funds chips.",
    "The 5G ban, per Reuters, hit ZTE Corp. and Hytera. | Both appealed.",
    "Rep. Gallagher (R-Wis.) spoke first. | Rep. Krishnamoorthi (D-Ill.) followed.",
    "The plan has three parts: 1) chips, 2) batteries, 3) drugs. | Costs are unclear.",
    "It rose to No. 1. | Japan fell to No. 3.",
    "U.S. Trade Representative Katherine Tai met E.U. officials. "
    "| They agreed on steel.",
    "In the words of J.F.K., “Let us never negotiate out of fear.” "
    "| Few recall the rest.",
    "Exports (in bn. dollars) fell. | Imports rose.",
)
CHINESE = (
    "增长 2.3％。 | 下降 1．5％。",
    "他说……这不对。 | 我们不同意。",
    "他说：“合作是唯一选择。” | 会议结束了。",
    "“为什么？”他问。 | 没有人回答。",
    "“我们反对脱钩。”王毅说。 | 双方同意。",
    "他说：「我們同意。」 | 她走了。",
    "“对吗？” | “对。” | 他们同意了。",
    "要坚持“稳中求进；以进促稳”的方针。 | 要深化改革。",
    "他喊道：“停下！”然后跑了。 | 没有人追。",
    "坚持“一个中国”原则。 | 《上海公报》。 | 发表了。",
    "一是合作; 二是开放; 三是改革。 | 这很重要。",
    "其一，要合作。 | 其二，要开放。",
    "一、总体要求。 | 二、主要任务。",
    "中国要合作！ | 为什么不呢？ | 因为没有信任。",
    "(一)加强合作。 | (二)扩大开放。",
    "中美关系很重要. | 双方应合作。",
    "这是真的吗？！ | 是的。",
    "商务部(MOFCOM)发布公告。 | WTO成员表示欢迎。",
    "据新华社北京11月17日电（记者 李明）中美双方举行会谈。 | 双方同意继续对话。",
    "国内生产总值增长6.9%，达到82.7万亿元。 | 居民消费价格上涨1.6%。",
    "什么是“脱钩”？ | 它意味着什么？",
    "“我们愿意谈，但必须平等。”他强调，“这一点不会改变。” | 会场响起掌声。",
    "第一，坚持相互尊重；第二，坚持和平共处；第三，坚持合作共赢。 | 这是三点建议。",
    "他提到《中美联合公报》（1979年）。 | 双方均未评论。",
    "会议要求：（一）扩大开放；（二）改善环境。 | 各地要落实。",
    "美方称其为“小院高墙”。 | 中方不同意。",
    "2018年3月，美国宣布加征关税。 | 4月，中国反制。",
    "中美贸易额为5 500亿美元(见表2. 1)。 | 差额缩小。",
    "好！ | 好！ | 好！",
    "这一做法损人不利己；不得人心。 | 必须停止。",
    "TikTok、WeChat等应用被禁。 | Huawei也不例外。",
    "（完）",
    "“合作”，而不是“对抗”，才是正道。 | 历史已经证明。",
    "我们说过：“开放的大门不会关闭，只会越开越大。” | 事实就是如此。",
    "美国凭什么？ | 谁给的权力？！",
    "习近平主席在APEC会议上说：“We are all in the same boat.” | 与会者鼓掌。",
    "《CHIPS and Science Act》于2022年8月签署。 | 中方反对。",
)
LINES = (
    ("The two sides agreed to\nexpand cooperation.", 1),
    ("双方同意扩大\n科技合作。\n会议结束。", 2),
    ("A title without a stop\n\nThe text begins.", 2),
    ("标题\r\n\r\n正文开始。", 2),
    ("Three aims:\n- cut tariffs\n- open markets", 3),
    ("会议决定：\n一、扩大开放；\n二、深化改革。", 3),
    ("See Annex B\n1. Scope\n2. Terms", 3),
    ("Q    So you said --\nMR. CARNEY:  I did not.\nQ    Well.", 3),
    ("Imports rose by\n5 percent, and exports -- as he\n-said- fell.", 1),
)
#: Glued together they make texts in which stops and marks stand oddly.
PIECES = (
    "The U.S.", "Dr. Li", "e.g.", "et al.", " ", "\n", "\n\n", "\r\n", "\u3000", ".",
    "...", "…", "……", "。", "！", "？", "!", "?", "；", "，", "：", "“", "”", '"', "'",
    "「", "」", "（", ")", "1", "3. 5", "No. 5", "J.", "agreed", "It", "双方", "合作",
    "他说", "Q ", "MR. CARNEY:", "一、", "- ", "①", "[1]", "．", "cafe\u0301", "\u200b",
    "😀", "𠀀",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=24).map("".join)
HOSTILE = {
    "English": "The U.S. and China met. They agreed. ",
    "Chinese": "双方举行了会谈。中美同意扩大合作。",
    "no end": "the two sides 双方 ",
    "blanks": " ",
    "lines": "\n",
    "blanks and lines": "a \n ",
    "digits": "1",
    "numbers": "1. 5 ",
    "quotes": "”",
    "open quotes": "。“",
    "nested": "(“「",
    "closed": ".)",
    "dots": ".",
    "dots and blanks": ". ",
    "initials": "A.",
    "abbreviations": "e.g. ",
    "stops": "。",
    "asked": "？”他",
}


def cut(text: str) -> list[str]:
    """Return the sentences of a text."""
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize("marked", ENGLISH)
def test_english_sentences_end_at_the_strokes(marked: str) -> None:
    assert " | ".join(cut(marked.replace(" | ", " "))) == marked


@pytest.mark.parametrize("marked", CHINESE)
def test_chinese_sentences_end_at_the_strokes(marked: str) -> None:
    assert " | ".join(cut(marked.replace(" | ", ""))) == marked


@pytest.mark.parametrize("marked", CHINESE)
def test_chinese_sentences_end_alike_with_a_blank_between(marked: str) -> None:
    assert " | ".join(cut(marked.replace(" | ", " "))) == marked


@pytest.mark.parametrize(("text", "n_sentences"), LINES)
def test_a_line_break_ends_no_sentence_but_a_list_a_speaker_or_a_blank_line_does(
    text: str, n_sentences: int
) -> None:
    assert len(cut(text)) == n_sentences


def test_english_and_chinese_in_one_text_are_cut_alike() -> None:
    text = "The U.S. side agreed.双方握手。It was “over.”他谈到AI。Mr. Wang left."

    assert cut(text) == [
        "The U.S. side agreed.",
        "双方握手。",
        "It was “over.”",
        "他谈到AI。",
        "Mr. Wang left.",
    ]


def test_a_semicolon_ends_no_sentence_in_either_language() -> None:
    assert len(cut("其一，要合作；其二，要开放; 其三，要改革。")) == 1
    assert len(cut("The first is trade; the second is trust.")) == 1


def test_a_long_quotation_is_cut_at_its_stops() -> None:
    text = "他说：“中国始终坚持合作。中国反对脱钩。”会议结束了。"

    assert cut(text) == ["他说：“中国始终坚持合作。", "中国反对脱钩。”", "会议结束了。"]


def test_a_stop_in_a_quotation_that_its_sentence_goes_on_after_ends_nothing() -> None:
    assert len(cut("要坚持“自主创新。重点跨越。”的方针。")) == 1
    assert len(cut("The “No conflict. No confrontation.” formula was new.")) == 1


def test_a_stop_glued_to_the_next_sentence_ends_one_but_an_address_has_none() -> None:
    assert cut("All agree it ended.The next step is open.") == [
        "All agree it ended.",
        "The next step is open.",
    ]
    assert len(cut("Visit www.whitehouse.gov or 中国.com, v2.0.1, at a.b@c.org.")) == 1


def test_the_number_of_a_footnote_stays_with_its_sentence() -> None:
    assert cut(
        "Trade grew.[1] Jobs did too.① Firms are “wary.”2 As of May, all left."
    ) == [
        "Trade grew.[1]",
        "Jobs did too.①",
        "Firms are “wary.”2",
        "As of May, all left.",
    ]


@pytest.mark.parametrize("text", ["", " ", "\n\u3000\n"])
def test_a_text_without_characters_has_no_sentence(text: str) -> None:
    assert sentences(text) == ()


@pytest.mark.parametrize("text", ["...", "。。。", "？", "”", "U.S."])
def test_a_text_of_stops_is_one_sentence(text: str) -> None:
    assert cut(text) == [text]


def _check_sentences(text: str) -> None:
    places = sentences(text)
    edges = [edge for place in places for edge in place]

    assert edges == sorted(edges)
    assert "".join("".join(cut(text)).split()) == "".join(text.split())
    assert cut(text) == [part.strip() for part in cut(text)]
    assert all(start < end for start, end in places)


@given(TEXTS)
def test_sentences_hold_all_that_is_not_blank_in_order(text: str) -> None:
    _check_sentences(text)


@given(st.text(max_size=40))
def test_any_text_is_held_by_its_sentences(text: str) -> None:
    _check_sentences(text)


def test_every_sort_of_text_is_held_by_its_sentences(text: str) -> None:
    _check_sentences(text)


@pytest.mark.slow
@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_text_is_cut_in_linear_time(unit: str, growth: Growth) -> None:
    assert growth(sentences, unit * (20_000 // len(unit))) < 3
