"""One name for one holder: full names, titles, surnames, acronyms and pronouns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.argument.holders import resolve

NAMES = st.sampled_from(
    (
        "Zhou Liujun", "Zhou", "He", "They", "it", "", "the report", "Joe Biden",
        "IMF", "International Monetary Fund", "国务院总理李克强", "李克强", "他",
        "商务部", "李总理", "O’Neill", "，", "é", "Mr.", "'s", "of",
        "Commerce Minister",
    )
)  # fmt: skip


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (
            ("Zhou Liujun, director-general of the department", "Zhou", "He"),
            ("Zhou Liujun",) * 3,
        ),
        (("周柳军司长", "周", "他"), ("周柳军",) * 3),
        (("周", "周柳军"), ("周柳军",) * 2),
        (("Vice-Premier Li Keqiang", "Li", "Premier Li Keqiang"), ("Li Keqiang",) * 3),
        (("国务院总理李克强", "李克强", "李总理"), ("李克强",) * 3),
        (("Raimondo", "She", "Gina Raimondo"), ("Gina Raimondo",) * 3),
        (("美国商务部长雷蒙多", "雷蒙多", "她"), ("雷蒙多",) * 3),
        (("Vice President Xi", "Xi"), ("Vice President Xi",) * 2),
    ],
)
def test_a_person_has_one_name(names: list[str], wanted: tuple[str, ...]) -> None:
    assert resolve(names) == wanted


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (("Zhou", "the ministry", "He"), "Zhou"),
        (("Zhou", "the ministry", "It"), "the ministry"),
        (("Zhou", "Some analysts", "They"), "Some analysts"),
        (("Xi", "China", "He"), "Xi"),
        (("the ministry", "Xi", "Nato", "It"), "Nato"),
        (("the ministry", "Zhang Wei", "It"), "the ministry"),
        (("Zhang Wei", "Nato", "He"), "Zhang Wei"),
        (("李克强", "商务部", "他"), "李克强"),
        (("李克强", "商务部", "它"), "商务部"),
        (("李克强", "一些学者", "他们"), "一些学者"),
    ],
)
def test_a_pronoun_is_the_last_name_that_fits_it(names: list[str], wanted: str) -> None:
    assert resolve(names)[-1] == wanted


@pytest.mark.parametrize("name", ["He", "They", "它", "You", "你", "the report", ""])
def test_who_has_no_other_name_keeps_theirs(name: str) -> None:
    assert resolve([name]) == (name,)


@pytest.mark.parametrize(
    "names",
    [
        ("International Monetary Fund (IMF)", "IMF"),
        ("International Monetary Fund", "IMF"),
        ("国际货币基金组织（IMF）", "IMF"),
    ],
)
def test_an_acronym_is_its_full_name(names: list[str]) -> None:
    first, second = resolve(names)

    assert first == second != "IMF"


def test_two_people_of_one_surname_are_kept_apart() -> None:
    names = ("Zhou Liujun", "Zhou Jianjun", "Zhou", "Zhou Liujun", "Zhou")

    assert resolve(names) == (
        "Zhou Liujun",
        "Zhou Jianjun",
        "Zhou Jianjun",
        "Zhou Liujun",
        "Zhou Liujun",
    )


def test_the_article_and_its_capital_make_no_other_holder() -> None:
    assert resolve(["The report", "the report"]) == ("The report", "The report")


def test_a_part_of_the_name_of_a_body_is_not_the_body() -> None:
    names = ("Peking University", "Peking")

    assert resolve(names) == names


@given(st.lists(NAMES, max_size=12))
def test_there_are_as_many_names_as_before(names: list[str]) -> None:
    assert len(resolve(names)) == len(names)


@given(st.lists(NAMES, max_size=12))
def test_nobody_becomes_somebody_and_somebody_nobody(names: list[str]) -> None:
    assert [bool(name) for name in resolve(names)] == [
        bool(name.strip(" ,，")) for name in names
    ]


@pytest.mark.slow
def test_a_hundred_thousand_holders_take_little_time() -> None:
    names = [f"Zhou Number{n}" for n in range(50_000)] + ["Zhou", "He"] * 25_000

    assert len(set(resolve(names)[50_000:])) == 1
