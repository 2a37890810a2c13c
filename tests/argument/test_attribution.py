"""Whose view a sentence gives: own, reported, quoted or mixed, and by whose words.

``tests/data/voices.csv`` holds sentences of many registers in both languages, half of
them the writer's own although they look like reports.
"""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.argument.attribution import VOICES, Attribution, attribution, reported_in
from stance.argument.lexicon import read_lexicon
from stance.argument.quotation import quotations

CASES = Path(__file__).parents[1] / "data" / "voices.csv"
with CASES.open(encoding="utf-8", newline="") as file:
    SENTENCES = [
        (row["text"], row["voice"], row["holder"], row["cue"])
        for row in csv.DictReader(file)
    ]
OWN = [case for case in SENTENCES if case[1] == "own"]
#: Glued together they make sentences in which cues and marks stand oddly.
PIECES = (
    "said", " ", "that ", "Zhou ", "we ", "according to ", "As ", ", ", "“", "”", '"',
    "'", "’s ", "the ", "report ", "claims ", "is ", "to ", "who ", "and ", "not ",
    "told ", "us ", "by ", "(", ")", "2017", ";", ":", ".", "--", "认为", "据", "估计",
    "，", "。", "他", "美方", "的", "在", "表示", "：", "「", "」", "\n", "\u200b", "é",
    "cafe\u0301", "！", "Ｚ", "😀",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=24).map("".join)
LONG = {
    "blanks": " ",
    "digits": "1",
    "letters": "a",
    "straight quotes": '"',
    "curly quotes": "“",
    "closing quotes": "”",
    "single quotes": "'",
    "brackets": "(",
    "closing brackets": ")",
    "citations": "(2017) ",
    "han": "中",
    "capitals and dots": "A.",
    "adverbs": "also ",
    "conjunctions": "and ",
    "noun phrases": "the head of ",
    "appositions": "Zhou, head, ",
    "verbs": "said ",
    "verbs and that": "Zhou said that ",
    "reports": "Zhou said, ",
    "phrases": "according to X, ",
    "views": "X's view ",
    "passives": "is said by ",
    "semicolons": "he said; ",
    "hyphens": "a-",
    "apostrophes": "a's",
    "cues": "认为",
    "clauses": "他说，",
    "sources": "据",
    "of somebody": "据他估计，",
    "in the eyes": "在他",
    "as said": "正如他",
    "in the words": "用他的话",
    "openers": "但",
    "years": "2017年",
    "corners": "「",
    "marks": "\u0301",
    "two languages": "Zhou said that trade will grow 周柳军认为出口将会下降 ",
    "two languages at one": "the ministry told us it fell商务部发言人在北京表示要扩大",
    "two languages, quoted": 'Li said "it works" 据商务部统计，“出口”下降 ',
    "two languages, told": "Exports fell, Zhou, head of trade, told a fair 王毅强调，",
}


def found(text: str) -> tuple[str, str, str]:
    """Return voice, holder and cue."""
    view = attribution(text)
    return view.voice, view.holder, view.cue


def content(text: str) -> str:
    """Return the words of the content."""
    view = attribution(text)
    return text[view.content_start : view.content_end]


def is_verbatim(view: Attribution, text: str) -> bool:
    """Whether every part is the source's, or nowhere."""
    parts = (
        (view.holder, view.holder_start, view.holder_end),
        (view.cue, view.cue_start, view.cue_end),
    )
    return all(
        (start, end, words) == (-1, -1, "")
        or (0 <= start < end <= len(text) and text[start:end] == words)
        for words, start, end in parts
    )


@pytest.mark.parametrize(
    ("text", "voice", "holder", "cue"), SENTENCES, ids=[case[0] for case in SENTENCES]
)
def test_a_sentence_has_the_voice_that_a_reader_gives_it(
    text: str, voice: str, holder: str, cue: str
) -> None:
    assert found(text) == (voice, holder, cue)


def test_half_of_the_sentences_are_the_writers_own_and_both_languages_have_sixty() -> (
    None
):
    n_english = sum(text.isascii() or text[0].isascii() for text, *_ in SENTENCES)

    assert min(n_english, len(SENTENCES) - n_english) > 60
    assert 0.4 < len(OWN) / len(SENTENCES) < 0.6


@given(TEXTS)
def test_every_part_is_verbatim_whatever_the_text(text: str) -> None:
    view = attribution(text)

    assert is_verbatim(view, text)
    assert view.voice in VOICES


@given(TEXTS)
def test_own_has_neither_holder_nor_cue(text: str) -> None:
    view = attribution(text)

    assert view.voice != "own" or (view.holder, view.cue) == ("", "")


@given(TEXTS)
def test_the_content_lies_in_the_text(text: str) -> None:
    view = attribution(text)

    assert (view.content_start, view.content_end) == (-1, -1) or (
        0 <= view.content_start < view.content_end <= len(text)
    )


@pytest.mark.parametrize("text", ["", " ", "\n", "。", "“", '"', "-1", "\u0301"])
def test_a_text_without_words_is_own(text: str) -> None:
    assert found(text) == ("own", "", "")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Zhou said on Monday that exports fell.", "exports fell"),
        ("Exports fell, according to Zhou.", "Exports fell"),
        ("According to Zhou, exports fell.", "exports fell"),
        ("“Exports fell sharply this year,” said Zhou.", "“Exports fell sharply this "
         "year,”"),
        ("Exports are down, Zhou, a broker, told a fair in Oslo.", "Exports are down"),
        ("周柳军认为，出口将会增长。", "出口将会增长"),
        ("据商务部统计，出口下降了两成。", "出口下降了两成"),
        ("王毅说：“双方应当相互尊重。”", "“双方应当相互尊重。”"),
    ],
)  # fmt: skip
def test_the_content_is_what_is_said(text: str, wanted: str) -> None:
    assert content(text) == wanted


def test_the_content_encloses_a_cue_in_the_middle() -> None:
    text = "“The era of trust,” he wrote, “has come to an end at last.”"

    assert content(text) == text


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        ("Zhou Liujun, director-general of trade in services, said so.", "Zhou Liujun"),
        ("Commerce Minister Chen Deming said so.", "Commerce Minister Chen Deming"),
        (
            "Today the U.S. Trade Representative said so.",
            "the U.S. Trade Representative",
        ),
        ("He stood in the garden and said so.", "He"),
        ("The data, which analysts say are poor, were cited.", "analysts"),
        ("国务院总理李克强近日在北京会见代表时强调，要扩大开放。", "国务院总理李克强"),
        ("但商务部发言人周四对此明确表示，坚决反对。", "商务部发言人"),
    ],
)
def test_a_holder_has_its_title_but_no_apposition_time_or_place(
    text: str, holder: str
) -> None:
    assert attribution(text).holder == holder


@pytest.mark.parametrize(
    ("text", "voice"),
    [
        ("Do you believe that the talks will work?", "own"),
        ("Did Beijing say that the talks will work?", "reported"),
        ("Does the President think that the talks will work?", "own"),
    ],
)
def test_a_question_asks_for_a_belief_and_reports_a_saying(
    text: str, voice: str
) -> None:
    assert attribution(text).voice == voice


@pytest.mark.parametrize(
    ("own", "anothers"),
    [
        ("We believe that talks work.", "They believe that talks work."),
        ("This paper argues that talks work.", "That paper argues that talks work."),
        ("As I said, talks work.", "As he said, talks work."),
        ("本文认为，谈判有效。", "该报告认为，谈判有效。"),
        ("我们认为，谈判有效。", "他们认为，谈判有效。"),
        ("笔者看来谈判有效。", "在他看来，谈判有效。"),
    ],
)
def test_what_the_writer_says_about_themselves_is_own(own: str, anothers: str) -> None:
    assert attribution(own).voice == "own"
    assert attribution(anothers).voice != "own"


@pytest.mark.parametrize("marks", ["“{}”", '"{}"', "「{}」", "『{}』", "‘{}’"])
def test_a_term_in_any_quotation_marks_is_no_quotation(marks: str) -> None:
    english = f"The policy of {marks.format('decoupling')} has failed in every respect."
    chinese = f"{marks.format('脱钩')}政策没有取得成功。"

    assert [attribution(text).voice for text in (english, chinese)] == ["own", "own"]


@pytest.mark.parametrize("marks", ["“{}”", '"{}"', "「{}」", "『{}』"])
def test_a_sentence_in_any_quotation_marks_is_a_quotation(marks: str) -> None:
    english = f"Zhou said: {marks.format('Exports will grow in the coming year.')}"
    chinese = f"周柳军说：{marks.format('明年出口将会继续增长。')}"

    assert [attribution(text).voice for text in (english, chinese)] == ["quoted"] * 2


def test_part_of_a_report_in_quotation_marks_makes_it_mixed() -> None:
    text = (
        "Zhou said the plan, long announced, was “the worst idea of all time” so far."
    )

    assert attribution(text).voice == "mixed"


def test_a_quotation_without_its_end_reaches_to_the_end_of_the_sentence() -> None:
    text = "“Exports will grow in the coming year."

    assert (attribution(text).voice, content(text)) == ("quoted", text)


def test_a_cue_inside_a_quotation_is_not_the_sentences() -> None:
    text = "“The minister said that he would come to the talks,” Zhou said."

    assert found(text) == ("quoted", "Zhou", "said")


def test_a_sentence_may_report_twice_and_all_are_found() -> None:
    text = "Zhou said that exports fell, and Li argued that they would rise."

    assert len(reported_in(text)) == 2


def test_mixed_text_goes_by_the_language_with_more_words() -> None:
    assert attribution("Zhou said that 脱钩 is no option.").cue == "said"
    assert attribution("雷蒙多表示，de-risking不是脱钩。").cue == "表示"


@pytest.mark.parametrize(
    "text",
    [
        "The treaty states that apply are listed below.",
        "We hope -- the United States continues to hope that the talks work.",
    ],
)
@pytest.mark.xfail(strict=True, reason="takes a parser, or memory")
def test_what_the_rules_take_for_a_report(text: str) -> None:
    assert attribution(text).voice == "own"


def test_the_word_list_has_no_row_twice_and_names_its_languages() -> None:
    rows = [
        (row["form"], row["language"], row["kind"]) for row in read_lexicon("reporting")
    ]

    assert len(rows) == len(set(rows))
    assert {language for _, language, _ in rows} == {"en", "zh"}


def test_an_apostrophe_opens_no_quotation() -> None:
    text = "The states' claims and the people’s choice aren't the workers’ own."

    assert quotations(text) == ()


@pytest.mark.slow
@pytest.mark.parametrize("unit", LONG.values(), ids=LONG.keys())
def test_a_long_sentence_takes_time_in_proportion(
    unit: str, growth: Callable[[Callable[[str], object], str], float]
) -> None:
    text = unit * (20_000 // len(unit))

    assert growth(attribution, text) < 3


@pytest.mark.slow
@pytest.mark.parametrize("unit", LONG.values(), ids=LONG.keys())
def test_a_cue_after_a_long_stretch_takes_time_in_proportion(
    unit: str, growth: Callable[[Callable[[str], object], str], float]
) -> None:
    text = "Zhou said " + unit * (20_000 // len(unit)) + " 周柳军认为，出口下降。"

    assert growth(attribution, text) < 3


def test_a_hearer_may_be_described_after_a_quotation() -> None:
    found = attribution(
        '"Sales have grown fast," Chen Wei, head of the Bureau of Trade of the '
        "Ministry, told a meeting held to prepare the fair."
    )

    assert (found.voice, found.holder, found.cue) == ("quoted", "Chen Wei", "told")
