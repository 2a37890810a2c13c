"""Every occurrence in its context: verbatim, at its place, none cut out of a word."""

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.argument.concordance import (
    KwicLine,
    concordance,
    concordance_of_concept,
    concordance_of_phrase,
    parallel,
)
from stance.argument.phrase import (
    concept_finder,
    longer_terms,
    longer_words,
    nearest_concepts,
)
from stance.corpus.document import Corpus
from stance.corpus.terms import TermTable, parse_terms, read_terms
from stance.corpus.tokens import analyse
from stance.errors import InputError
from stance.model.project import Project
from stance.testing import corpus, paragraph

SEED_TERMS = read_terms(Path(__file__).parents[2] / "seeds" / "terms.csv")
TERMS = parse_terms(
    "concept,en,zh,frame,role,note\n"
    "control,control*,管制,competition,lean,\n"
    "export_control,export control*,出口管制,competition,domain,\n"
    "india,India,印度,,domain,\n"
    "decoupling,decoupl*,脱钩,competition,cue,\n".encode()
)
#: Glued together they make texts in which what is looked for stands oddly.
PIECES = (
    "合作", "印度", "印度尼西亚", "合作医疗", "经贸", "decoupling", "Decoupl", "US",
    "us", "the ", " ", "\n", "\r\n", "。", "，", "“", "’s", "cafe\u0301", "\u200b",
    "\u00ad", "Ｕ", "2", "U.S. ", "ﬁ", "\uf902", "\u3000", "国", "𠀀", "😀", "-",
    "_", "\x1b",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=14).map("".join)
WIDTHS = st.integers(0, 12)


def nodes(text: str, phrase: str) -> list[tuple[int, str]]:
    """Return start and node of a phrase's occurrences in a text."""
    found = concordance_of_phrase([paragraph(text)], phrase)
    return [(line.start, line.node) for line in found]


def shown(lines: tuple[KwicLine, ...]) -> list[tuple[str, str, str]]:
    """Return the three parts of each line."""
    return [(line.left, line.node, line.right) for line in lines]


def is_verbatim(line: KwicLine, text: str, width: int) -> bool:
    """Whether the parts are the source's, side by side, as wide as they can be."""
    start, end = line.start, line.end
    return (line.left, line.node, line.right) == (
        text[max(start - width, 0) : start],
        text[start:end],
        text[end : end + width],
    ) and 0 <= start < end <= len(text)


@given(text=TEXTS, width=WIDTHS, pattern=st.sampled_from(["合作|us", r"\w+", "."]))
def test_the_parts_of_a_pattern_are_verbatim_source(
    text: str, width: int, pattern: str
) -> None:
    lines = concordance([paragraph(text)], pattern, width=width)

    assert all(is_verbatim(line, text, width) for line in lines)


@given(
    text=TEXTS,
    width=WIDTHS,
    phrase=st.sampled_from(
        ["合作", "合作*", "印度", "US", "us*", "decoupl*", "café", "国"]
    ),
)
def test_the_parts_of_a_phrase_are_verbatim_source(
    text: str, width: int, phrase: str
) -> None:
    lines = concordance_of_phrase([paragraph(text)], phrase, width=width)

    assert all(is_verbatim(line, text, width) for line in lines)


@given(text=TEXTS, width=WIDTHS, concept=st.sampled_from(["india", "decoupling"]))
def test_the_parts_of_a_concept_are_verbatim_source(
    text: str, width: int, concept: str
) -> None:
    lines = concordance_of_concept([paragraph(text)], concept, terms=TERMS, width=width)

    assert all(is_verbatim(line, text, width) for line in lines)


@given(
    text=TEXTS,
    phrase=st.sampled_from(["合作", "印度", "車", "经贸合作", "合作*", "us"]),
)
def test_occurrences_stand_in_order_and_do_not_overlap(text: str, phrase: str) -> None:
    places = [
        place
        for line in concordance_of_phrase([paragraph(text)], phrase)
        for place in (line.start, line.end)
    ]

    assert places == sorted(places)
    assert len(set(places[::2])) == len(places[::2])


@given(text=TEXTS, form=st.sampled_from(["合作", "印度", "車", "合作医疗"]))
def test_a_chinese_phrase_is_found_where_the_tokenizer_finds_it_as_a_term(
    text: str, form: str
) -> None:
    rows = f"concept,en,zh,frame,role,note\nform,,{form},,domain,\n"
    find = concept_finder("form", parse_terms(rows.encode()))

    assert [start for start, _ in nodes(text, form)] == [at for at, _ in find(text)]


@given(text=TEXTS, form=st.sampled_from(["us", "decoupl*", "café"]))
def test_an_english_phrase_is_found_where_the_tokenizer_finds_it_as_a_term(
    text: str, form: str
) -> None:
    rows = f"concept,en,zh,frame,role,note\nform,{form},,,domain,\n"
    find = concept_finder("form", parse_terms(rows.encode()))

    assert [start for start, _ in nodes(text, form)] == [at for at, _ in find(text)]


@pytest.mark.parametrize(
    ("text", "phrase", "found"),
    [
        ("", "合作", []),
        ("Ease controls, control it.", "control", [(15, "control")]),
        ("Ease controls, control it.", "control*", [(5, "controls"), (15, "control")]),
        ("Win-Win or WIN-WIN", "win-win", [(0, "Win-Win"), (11, "WIN-WIN")]),
        ("CHINA and China’s", "China", [(0, "CHINA"), (10, "China")]),
        ("Ask us, the US or the U.S. side.", "US", [(12, "US"), (22, "U.S")]),
        ("Ask us, the US.", "us", [(4, "us"), (12, "US")]),
        ("U.S.–China ties", "US-China", [(0, "U.S.–China")]),
        ("Made in the U.S.A. today", "usa", [(12, "U.S.A")]),
        ("trade\n  war", "trade war", [(0, "trade\n  war")]),
        ("uncontrolled", "control*", []),
        ("Europe’s “Chips Act”", "europe's", [(0, "Europe’s")]),
        ("实体清单 (Entity List)", "entity list", [(6, "Entity List")]),
        ("实体清单 (Entity List)", "实体清单", [(0, "实体清单")]),
        ("发展5G技术。", "5G技术", [(2, "5G技术")]),
        ("the cafe\u0301s, a cafe\u0301", "café", [(14, "cafe\u0301")]),
        ("coop\u00aderation", "cooperation", [(0, "coop\u00aderation")]),
        ("“Ｔｅｃｈ　ｗａｒ”", "tech war", [(1, "Ｔｅｃｈ　ｗａｒ")]),
        ("提高地\n位。", "地位", [(2, "地\n位")]),
        ("提高地位。", "地 位", [(2, "地位")]),
        ("\uf902。", "車", [(0, "\uf902")]),
        ("中、美、欧。欧洲", "欧", [(4, "欧")]),
    ],
)
def test_a_phrase_is_found_as_whole_words(
    text: str, phrase: str, found: list[tuple[int, str]]
) -> None:
    assert nodes(text, phrase) == found


def test_india_is_not_found_in_indonesia() -> None:
    text = "印度尼西亚与印度扩大合作，印度同意。"

    assert nodes(text, "印度") == [(6, "印度"), (13, "印度")]


def test_a_pattern_finds_india_in_indonesia_too() -> None:
    lines = concordance([paragraph("印度尼西亚与印度")], "印度")

    assert [line.start for line in lines] == [0, 6]


def test_a_star_takes_in_the_rest_of_a_chinese_word() -> None:
    assert nodes("印度尼西亚与印度", "印度*") == [(0, "印度尼西亚"), (6, "印度")]


def test_a_star_takes_no_beginning_of_a_chinese_word() -> None:
    assert nodes("经贸合作与合作医疗", "合作*") == [(5, "合作医疗")]


@pytest.mark.parametrize(
    ("text", "phrase", "left_out"),
    [
        ("印度尼西亚与印度", "印度", ["印度尼西亚"]),
        ("经贸合作与合作医疗", "合作*", ["经贸合作", "合作医疗"]),
        ("其中国有企业", "中国", []),
        ("Controls control uncontrolled control.", "control", ["Controls"]),
        ("The USA and the US use it", "US", ["USA"]),
        ("", "合作", []),
    ],
)
def test_the_longer_words_that_a_phrase_leaves_out_are_known(
    text: str, phrase: str, left_out: list[str]
) -> None:
    assert list(longer_words(phrase)(text)) == left_out


def test_a_concept_is_found_in_both_languages() -> None:
    units = [paragraph("They fear Decoupling."), paragraph("反对脱钩 (decoupling)。")]

    lines = concordance_of_concept(units, "decoupling", terms=TERMS)

    assert [line.node for line in lines] == ["Decoupling", "脱钩", "decoupling"]
    assert {line.concept for line in lines} == {"decoupling"}


def test_a_longer_form_of_another_concept_takes_the_place() -> None:
    units = [paragraph("放松出口管制和管制: export controls, controls")]

    lines = concordance_of_concept(units, "control", terms=TERMS)

    assert [(line.start, line.node) for line in lines] == [
        (7, "管制"),
        (28, "controls"),
    ]


def test_the_concepts_whose_longer_forms_take_the_place_are_known() -> None:
    text = "放松出口管制和管制: Export controls, controls, decoupling"

    found = list(longer_terms("control", TERMS)(text))

    assert found == ["export_control", "export_control"]
    assert list(longer_terms("export_control", TERMS)(text)) == []


def test_no_concept_of_the_table_is_found_in_indonesia() -> None:
    lines = concordance_of_concept([paragraph("印度尼西亚")], "india", terms=TERMS)

    assert lines == ()


@pytest.mark.parametrize(
    "concept", ["decoupling", "export_control", "cooperation", "small_yard_high_fence"]
)
def test_a_concept_has_as_many_lines_as_the_tokenizer_has_matches(
    concept: str, seeds: Project
) -> None:
    units = seeds.corpus.paragraphs
    matches = Counter(
        match.term.concept
        for unit in units
        for match in analyse(unit.text, seeds.terms).matches
    )

    lines = concordance_of_concept(units, concept, terms=seeds.terms)

    assert len(lines) == matches[concept] > 0


@pytest.mark.parametrize("word", ["decoupling", "脱钩", "cooperation", "合作", "the"])
def test_no_occurrence_of_the_seeds_is_neither_found_nor_left_out(
    word: str, seeds: Project
) -> None:
    """Counted without the tokenizer: at an edge of a word, or within a longer one."""
    texts = [unit.text for unit in seeds.corpus.paragraphs]
    occurrences = sum(len(re.findall(rf"(?i)(?<![a-z]){word}", t)) for t in texts)

    found = concordance_of_phrase(seeds.corpus.paragraphs, word)
    left_out = [longer for text in texts for longer in longer_words(word)(text)]

    assert len(found) + len(left_out) == occurrences


def test_a_line_knows_its_unit_document_and_language() -> None:
    unit = paragraph("反对脱钩。", id="讲话:p007")

    (line,) = concordance([unit], "脱钩", width=2)

    assert line == KwicLine("讲话:p007", "讲话", "zh", 2, 4, "反对", "脱钩", "。", "")


def test_context_ends_at_the_edge_of_the_paragraph() -> None:
    texts = corpus("Trade grew.\n\nTrade fell.")

    lines = concordance(texts.paragraphs, "trade", width=100)

    assert shown(lines) == [("", "Trade", " grew."), ("", "Trade", " fell.")]


def test_a_width_of_none_leaves_the_node_alone() -> None:
    assert shown(concordance([paragraph("反对脱钩。")], "脱钩", width=0)) == [
        ("", "脱钩", "")
    ]


def test_paragraphs_are_read_once() -> None:
    units = iter([paragraph("脱钩"), paragraph("Decoupling")])

    assert len(concordance_of_concept(units, "decoupling", terms=TERMS)) == 2


def test_a_pattern_ignores_case_unless_it_says_otherwise() -> None:
    units = [paragraph("US or us")]

    assert len(concordance(units, "us")) == 2
    assert len(concordance(units, "(?-i:US)")) == 1


def test_a_pattern_sees_the_source_as_it_is_written() -> None:
    units = [paragraph("China’s, China's")]

    assert [line.start for line in concordance(units, "china's")] == [9]


@pytest.mark.parametrize(
    "pattern", ["a(", "[", "*a", "(?P<n>", "a{3,2}", "\\", "(" * 999]
)
def test_a_bad_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(InputError, match="bad pattern"):
        concordance([], pattern)


@pytest.mark.parametrize("pattern", ["", "a*", "x?", "(合作)?", "^", "a|", r"\s*"])
def test_a_pattern_that_matches_nothing_at_all_is_refused(pattern: str) -> None:
    with pytest.raises(InputError, match="matches the empty string"):
        concordance([], pattern)


@pytest.mark.parametrize("pattern", [r"\b", "(?=合)", "(?<=合)"])
def test_a_pattern_that_is_empty_only_within_a_text_is_refused(pattern: str) -> None:
    with pytest.raises(InputError, match="matches the empty string"):
        concordance([paragraph("合作 trade")], pattern)


def test_a_pattern_that_python_warns_of_is_used() -> None:
    assert [line.node for line in concordance([paragraph("a[b")], "[[]")] == ["["]
    assert [line.node for line in concordance([paragraph("a[b")], "[[b]")] == ["[", "b"]


@pytest.mark.parametrize("phrase", ["", " ", "*", "“脱钩”", "-based", "。", "\u200b"])
def test_a_phrase_that_begins_with_no_letter_is_refused(phrase: str) -> None:
    with pytest.raises(InputError, match="does not begin with a letter or a digit"):
        concordance_of_phrase([], phrase)


@pytest.mark.parametrize("phrase", ["co*tion", "合*作", "control**"])
def test_a_star_within_a_phrase_is_refused(phrase: str) -> None:
    with pytest.raises(InputError, match="has a star before its end"):
        concordance_of_phrase([], phrase)


def test_an_unknown_concept_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match="no concept 'decuopling'") as raised:
        concordance_of_concept([], "decuopling", terms=TERMS)

    assert raised.value.hint == "near it: decoupling"


def test_a_concept_that_nothing_is_near_to_is_refused() -> None:
    with pytest.raises(InputError) as raised:
        concordance_of_concept([], "zebra", terms=TERMS)

    assert raised.value.hint == "none of its 4 concepts has such a name or form"


@pytest.mark.parametrize("width", [-1, -40])
def test_a_width_below_0_is_refused(width: int) -> None:
    with pytest.raises(ValueError, match="width must not be below 0"):
        concordance([], "a", width=width)


@pytest.mark.parametrize(
    ("words", "near"),
    [
        ("decupling", ("decoupling",)),
        ("Decouple*", ("decoupling",)),
        ("脱钩断链", ("decoupling",)),
        ("脱", ("decoupling",)),
        ("export controls", ("export_control",)),
        ("管制", ("control", "export_control")),
        ("zebra", ()),
    ],
)
def test_the_nearest_concepts_are_those_with_a_form_like_it(
    words: str, near: tuple[str, ...]
) -> None:
    assert nearest_concepts(words, TERMS) == near


def test_at_most_n_concepts_are_near() -> None:
    assert len(nearest_concepts("cooperation", SEED_TERMS, n=2)) == 2


def test_parallel_gives_the_twin_of_each_line() -> None:
    texts = corpus(
        "Prices rose, rose.\n\n价格上涨了。\n\nSales fell.\n\n销量下降了。",
        "Sales fell.",
    )

    lines = concordance(texts.paragraphs, "rose|下降|fell")

    assert parallel(lines, texts.paragraphs) == (
        "价格上涨了。", "价格上涨了。", "销量下降了。", "Sales fell.", "",
    )  # fmt: skip


def test_a_twin_that_was_not_given_is_empty() -> None:
    texts: Corpus = corpus(
        "Prices rose.\n\n价格上涨了。\n\nSales fell.\n\n销量下降了。"
    )
    alone = texts.select(languages={"en"}).paragraphs

    assert parallel(concordance(alone, "rose"), alone) == ("",)


def test_a_table_without_terms_has_no_concept() -> None:
    with pytest.raises(InputError, match="no concept 'a'"):
        concordance_of_concept([], "a", terms=TermTable([]))
