"""What must stay in one fold."""

import random
from collections.abc import Callable
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.corpus.duplicates import components, duplicates, near_duplicates

Pairs = list[tuple[int, int, float]]
PARAGRAPH = (
    "We will publish every year how much of the money that was promised to schools in "
    "the poorest towns has reached them, which of the new teachers have stayed longer "
    "than two winters, and what the councils did with buildings they could no longer "
    "heat; where the answer is nothing, the minister must come before this house and "
    "say why, in person, before summer begins again."
)
CHANGED = PARAGRAPH.replace("promised", "granted").replace("councils", "boroughs")
HAN_PARAGRAPH = (
    "过去一年，面对外部压力加大、内部困难增多的复杂局面，各地区各部门认真落实部署，"
    "扩大国内需求，稳定粮食生产，改善城乡居民生活，重大风险得到有效化解。"
)
HAN_CHANGED = HAN_PARAGRAPH.replace("认真", "全面")
ORDINARY, BOILERPLATE = "ordinary", "boilerplate"
#: Few words, so that texts of them are often near each other.
TEXTS = st.lists(
    st.lists(st.sampled_from(["ban", "it", "not", "禁", "止"]), max_size=9), max_size=14
).map(lambda rows: [" ".join(row) for row in rows])
THRESHOLDS = st.sampled_from([0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])


def similarity(a: str, b: str) -> float:
    """Return what near_duplicates says it measures, of texts that blanks cut."""
    if a == b:
        return 1.0
    first, second = (
        set(zip(row, row[1:], row[2:], strict=False))
        for row in (["", "", *text.split(), "", ""] if text else [] for text in (a, b))
    )
    return len(first & second) / max(1, len(first | second))


def groups_of(pairs: Pairs, n: int) -> list[int]:
    """Return the component of each of n texts."""
    keys = [[str(at)] for at in range(n)]
    for first, second, _ in pairs:
        keys[second].append(f"{first}-{second}")
        keys[first].append(f"{first}-{second}")
    return components(keys)


def made_up(kind: str, n: int) -> list[str]:
    """Return paragraphs of 60 words: at random, or one of them with a word changed."""
    rng = random.Random(7)
    if kind == BOILERPLATE:
        before, after = PARAGRAPH.split(" promised ")
        return [f"{before} w{at} {after}" for at in range(n)]
    words = [f"w{int(rng.paretovariate(0.6)) % 20_000}" for _ in range(60 * n)]
    return [" ".join(words[at : at + 60]) for at in range(0, 60 * n, 60)]


KEYS = st.lists(st.lists(st.sampled_from("abcdefghij"), min_size=1, max_size=3))


def test_a_chain_of_shared_keys_makes_one_group() -> None:
    groups = components([["a"], ["a", "b"], ["b", "c"], ["c", "d"], ["d"]])

    assert groups == [0, 0, 0, 0, 0]


def test_a_late_key_joins_two_earlier_groups() -> None:
    assert components([["甲"], ["b"], ["c"], ["甲", "c"]]) == [0, 1, 0, 0]


def test_units_without_a_shared_key_stay_apart() -> None:
    assert components([["a"], ["b"], ["c"]]) == [0, 1, 2]


def test_no_units_have_no_groups() -> None:
    assert components([]) == []


@given(KEYS)
def test_units_that_share_a_key_are_in_one_group(keys: list[list[str]]) -> None:
    groups = components(keys)

    shared = [
        {group for group, unit in zip(groups, keys, strict=True) if key in unit}
        for key in "abcdefghij"
    ]
    assert all(len(found) <= 1 for found in shared)


@given(KEYS)
def test_groups_are_numbered_by_their_first_unit(keys: list[list[str]]) -> None:
    groups = components(keys)

    assert list(dict.fromkeys(groups)) == list(range(len(set(groups))))


@given(KEYS, st.permutations("abcdefghij"))
def test_renaming_the_keys_changes_no_group(
    keys: list[list[str]], names: list[str]
) -> None:
    new = dict(zip("abcdefghij", names, strict=True))

    renamed = [[new[key] for key in unit] for unit in keys]

    assert components(renamed) == components(keys)


@given(KEYS)
def test_the_order_of_a_units_keys_changes_no_group(keys: list[list[str]]) -> None:
    turned = [unit[::-1] for unit in keys]

    assert components(turned) == components(keys)


def test_texts_that_differ_in_white_space_only_are_duplicates() -> None:
    texts = [
        "Eased.",
        "合作 扩大。",
        " Eased.\n",
        "",
        "合作\u3000扩大。",
        "Cafe\u0301’s，",
    ]

    assert duplicates(texts) == [[0, 2], [1, 4]]


def test_texts_that_differ_in_a_mark_are_no_duplicates() -> None:
    assert duplicates(["合作。", "合作！", "Eased", "eased"]) == []


@pytest.mark.parametrize(
    ("text", "other"), [(PARAGRAPH, CHANGED), (HAN_PARAGRAPH, HAN_CHANGED)]
)
def test_a_paragraph_with_a_word_or_two_changed_is_a_near_duplicate(
    text: str, other: str
) -> None:
    texts = ["Trade grew.", text, "贸易增长。", other, "", "Café, “trade”：贸易。"]

    assert [pair[:2] for pair in near_duplicates(texts)] == [(1, 3)]


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("We should ban it", "We should not ban it"),
        ("Ban it", "Ban it not"),
        ("应当禁止它们", "不应当禁止它们"),
        ("我们应当禁止", "我们应当禁止吗？"),
        ("Yes", "No"),
        ("是", "否"),
        ("Taxes should rise next year so that hospitals can stay open at night.",
         "Taxes should not rise next year so that hospitals can stay open at night."),
    ],
)  # fmt: skip
def test_a_short_text_and_its_denial_are_no_near_duplicates(
    text: str, other: str
) -> None:
    assert near_duplicates([text, other]) == []


@pytest.mark.parametrize(
    ("n", "near"), [(19, []), (20, [(0, 1, 0.8)])], ids=["19 words", "20 words"]
)
def test_a_word_more_is_near_from_twenty_words_on(n: int, near: Pairs) -> None:
    words = [f"w{at}" for at in range(n)]

    assert near_duplicates([" ".join(words), " ".join([*words, "not"])]) == near


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Eased “export” controls!", "eased export CONTROLS"),
        ("ＡＩ合 作，扩大", "ai合作扩大。"),
        ("The cafe\u0301’s", "the caf\u00e9's"),
    ],
)
def test_case_marks_and_forms_of_letters_do_not_count(text: str, other: str) -> None:
    assert near_duplicates([text, "unlike", other]) == [(0, 2, 1.0)]


def test_texts_without_words_are_alike_only_when_they_are_the_same() -> None:
    assert near_duplicates(["", "……", "？", "", "😀", "？ "]) == [
        (0, 3, 1.0),
        (2, 5, 1.0),
    ]


@pytest.mark.parametrize("text", ["Eased.", "扩大合作", PARAGRAPH, "？"])
def test_each_copy_is_paired_with_the_first_only(text: str) -> None:
    pairs = near_duplicates([text] * 1000)

    assert pairs == [(0, copy, 1.0) for copy in range(1, 1000)]


def test_boilerplate_is_spanned_by_one_pair_less_than_texts() -> None:
    texts = made_up(BOILERPLATE, 5000)

    pairs = near_duplicates(texts)

    assert len(pairs) == 4999
    assert set(groups_of(pairs, 5000)) == {0}


def test_a_text_between_two_joins_them() -> None:
    words = PARAGRAPH.split()
    texts = [" ".join(words[at:]) for at in (0, 6, 12)]

    assert groups_of(near_duplicates(texts), 3) == [0, 0, 0]
    assert near_duplicates(texts[::2]) == []


@given(TEXTS, THRESHOLDS)
def test_components_are_those_of_all_pairs(texts: list[str], threshold: float) -> None:
    every = [
        (a, b, similarity(texts[a], texts[b]))
        for a, b in combinations(range(len(texts)), 2)
    ]

    pairs = near_duplicates(texts, threshold=threshold)

    groups = groups_of([pair for pair in every if pair[2] >= threshold], len(texts))
    assert set(pairs) <= set(every)
    assert groups_of(pairs, len(texts)) == groups
    assert len(pairs) == len(texts) - len(set(groups))


@given(TEXTS, THRESHOLDS)
def test_pairs_are_ascending_and_at_the_threshold(
    texts: list[str], threshold: float
) -> None:
    pairs = near_duplicates(texts, threshold=threshold)

    assert all(first < second for first, second, _ in pairs)
    assert all(one < next_one for one, next_one in pairwise(pairs))
    assert all(threshold <= share <= 1 for _, _, share in pairs)


@given(TEXTS, THRESHOLDS, st.randoms(use_true_random=False))
def test_the_order_of_the_texts_changes_no_component(
    texts: list[str], threshold: float, rng: random.Random
) -> None:
    order = rng.sample(range(len(texts)), len(texts))

    shuffled = near_duplicates([texts[at] for at in order], threshold=threshold)

    back = [(order[first], order[second], share) for first, second, share in shuffled]
    straight = near_duplicates(texts, threshold=threshold)
    assert groups_of(back, len(texts)) == groups_of(straight, len(texts))


@pytest.mark.parametrize("threshold", [0, -0.1, 1.1, 80, float("nan")])
def test_a_threshold_that_is_no_share_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match="threshold must lie above 0 and at most 1"):
        near_duplicates([], threshold=threshold)


@pytest.mark.parametrize("kind", [ORDINARY, BOILERPLATE])
def test_twice_the_texts_take_less_than_three_times_as_long(
    kind: str, growth: Callable[[Callable[[str], object], str], float]
) -> None:
    """A letter of the stretch stands for a text."""
    texts = made_up(kind, 2000)

    assert (
        growth(lambda stretch: near_duplicates(texts[: len(stretch)]), "x" * 1000) < 3
    )
