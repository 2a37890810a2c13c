"""Terms are found longest first, as whole words, with their case."""

import pickle

import pytest

from stance.corpus.normalise import normalise
from stance.corpus.terms import Match, Term, TermTable, digest, parse_terms
from stance.corpus.tokens import analyse

ROWS = """concept,en,zh,frame,role,note
control,control*,管制,competition,lean,
export_control,export control*,出口管制,competition,domain,
small_yard,"small yard, high fence",小院高墙,competition,cue,
bis,BIS,商务部工业和安全局,competition,domain,
apple,Apple|Apple Inc,苹果公司,,domain,
ira,Inflation Reduction Act|IRA,通胀削减法案,,domain,
win_win,win-win,共赢|双赢,cooperation,cue,
europe,Europe's chips,欧,,lean,
section_301,Section 301,301条款,competition,domain,
five_g,5G,5G|5G技术,,domain,
"""


@pytest.fixture(scope="module")
def table() -> TermTable:
    """A small table, built once."""
    return parse_terms(ROWS.encode())


def concepts(text: str, table: TermTable) -> list[str]:
    """Return the concepts found in a text, in order."""
    return [match.term.concept for match in analyse(text, table).matches]


def stretches(text: str, table: TermTable) -> list[str]:
    """Return the words of a text that were found, as its view has them."""
    found = analyse(text, table)
    return [found.view.text[match.start : match.end] for match in found.matches]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("They ease export controls and control.", ["export controls", "control"]),
        ("放松出口管制和管制。", ["出口管制", "管制"]),
        ("放松 export controls 管制", ["export controls", "管制"]),
        ("", []),
        ("‘ｅｘｐｏｒｔ controls’，cafe\u0301。", ["export controls"]),
        ("5G技术", ["5G技术"]),
        ("Apple Inc. and Apple", ["Apple Inc", "Apple"]),
    ],
)
def test_the_longest_form_is_found_first(
    text: str, found: list[str], table: TermTable
) -> None:
    assert stretches(text, table) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("control", ["control"]),
        ("controlling", ["controlling"]),
        ("Export Controls", ["Export Controls"]),
        ("uncontrolled", []),
        ("export\n  controls", ["export\n  controls"]),
        ("export-control", ["control"]),
        ("control中国", ["control"]),
    ],
)
def test_a_star_takes_any_ending_and_no_beginning(
    text: str, found: list[str], table: TermTable
) -> None:
    assert stretches(text, table) == found


def test_a_star_after_a_chinese_form_takes_any_ending() -> None:
    table = TermTable([Term("control", (), ("管制*",), "", "domain")])

    assert stretches("放松出口管制", table) == ["管制"]


@pytest.mark.parametrize("text", ["win-winning", "small yard, high fences", "5Gs"])
def test_a_form_without_a_star_takes_no_ending(text: str, table: TermTable) -> None:
    assert stretches(text, table) == []


@pytest.mark.parametrize("text", ["BIS", "Apple", "IRA", "Inflation Reduction Act"])
def test_a_name_is_found_with_its_case(text: str, table: TermTable) -> None:
    assert stretches(f"the {text} rose", table) == [text]


@pytest.mark.parametrize(
    "text", ["bis", "Bis", "apple", "APPLE", "ira", "Ira", "inflation reduction act"]
)
def test_a_name_is_not_found_in_another_case(text: str, table: TermTable) -> None:
    assert stretches(f"the {text} rose", table) == []


@pytest.mark.parametrize("text", ["win-win", "Win-Win", "WIN-WIN", "win–win"])
def test_a_form_in_lower_case_is_found_in_any(text: str, table: TermTable) -> None:
    assert concepts(text, table) == ["win_win"]


def test_a_curly_apostrophe_is_an_apostrophe(table: TermTable) -> None:
    assert concepts("in Europe’s chips", table) == ["europe"]


def test_a_form_with_digits_before_han_is_found(table: TermTable) -> None:
    assert stretches("启动301条款调查", table) == ["301条款"]


def test_a_single_han_character_counts_as_a_whole_word(table: TermTable) -> None:
    assert stretches("中、美、欧。", table) == ["欧"]


def test_a_single_han_character_within_a_word_does_not_count(table: TermTable) -> None:
    assert stretches("欧洲的东欧。", table) == []


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("印度尼西亚加入", "india_vietnam"),
        ("其中国有企业占多数", "china_actor"),
        ("双方关系更加紧密", "intensify"),
        ("提高通信能力", "qualcomm"),
    ],
)
def test_a_seed_term_that_cuts_words_is_not_found(
    text: str, concept: str, seed_terms: TermTable
) -> None:
    assert concept not in concepts(text, seed_terms)


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("印度加入", "india_vietnam"),
        ("中国企业占多数", "china_actor"),
        ("高通公司的芯片", "qualcomm"),
        ("国有企业占多数", "state_owned_enterprise"),
        ("BIS added Apple", "bis"),
        ("the IRA of 2022", "inflation_reduction_act"),
        ("Made in China 2025", "made_in_china_2025"),
    ],
)
def test_a_seed_term_is_found(text: str, concept: str, seed_terms: TermTable) -> None:
    assert concept in concepts(text, seed_terms)


@pytest.mark.parametrize(
    ("text", "concept"),
    [("bis", "bis"), ("an apple a day", "apple"), ("ira", "inflation_reduction_act")],
)
def test_a_name_of_the_seeds_is_not_found_in_lower_case(
    text: str, concept: str, seed_terms: TermTable
) -> None:
    assert concept not in concepts(text, seed_terms)


@pytest.mark.parametrize("word", ["加紧", "高通", "印度", "中国"])
def test_the_words_that_must_not_be_cut_are_seed_terms(
    word: str, seed_terms: TermTable
) -> None:
    assert stretches(word, seed_terms) == [word]


@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.slow), "zh"])
def test_every_form_of_the_seeds_can_be_found(
    language: str, seed_terms: TermTable
) -> None:
    """A form that no text can match is a row that silently does nothing."""
    forms = [
        form.removesuffix("*")
        for term in seed_terms.terms
        for form in getattr(term, language)
    ]

    lost = [
        form for form in forms if stretches(form, seed_terms) != [normalise(form).text]
    ]

    assert lost == []


@pytest.mark.parametrize(
    "form", ["中国制造2025", "互联网+", "生成式AI", "诉诸WTO", "不冲突、不对抗"]
)
def test_a_form_that_goes_on_after_its_han_is_found(form: str) -> None:
    table = TermTable([Term("mixed", (), (form,), "", "domain")])

    assert stretches(f"他们说{form}。", table) == [form]


@pytest.mark.parametrize(
    ("form", "text"),
    [("生成式AI", "生成式AIGC"), ("到2025年", "到20250年"), ("去A", "去APP")],
)
def test_a_form_that_ends_within_a_word_is_not_found(form: str, text: str) -> None:
    table = TermTable([Term("mixed", (), (form,), "", "domain")])

    assert stretches(f"他们说{text}。", table) == []


@pytest.mark.parametrize(
    "form", ["U.S. persons", "people’s bank", "US–China", "Ｔech war", "détente"]
)
def test_a_form_is_found_in_the_writing_of_the_table(form: str) -> None:
    table = TermTable([Term("odd", (form,), (), "", "domain")])

    assert concepts(f"the {form}, again", table) == ["odd"]


def test_a_match_says_where_and_how_it_was_found(table: TermTable) -> None:
    (match,) = analyse("放松出口管制。", table).matches

    assert match == Match(table.terms[1], "zh", 2, 6, True)


@pytest.mark.parametrize(
    ("text", "protected"),
    [("export controls", True), ("control", False), ("win-win", True), ("共赢", True)],
)
def test_domain_terms_and_long_cues_are_protected(
    text: str, protected: bool, table: TermTable
) -> None:
    (match,) = analyse(text, table).matches

    assert match.protected == protected


def test_a_table_lists_the_frames_it_speaks_for(table: TermTable) -> None:
    assert table.frames == ("competition", "cooperation")


def test_a_table_keeps_its_file_byte_for_byte(table: TermTable) -> None:
    assert table.source == ROWS.encode()


def test_a_table_survives_a_copy_to_another_process(table: TermTable) -> None:
    copy = pickle.loads(pickle.dumps(table))

    assert (copy.terms, digest(copy)) == (table.terms, digest(table))
