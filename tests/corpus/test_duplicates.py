"""What must stay in one fold."""

from hypothesis import given
from hypothesis import strategies as st

from stance.corpus.duplicates import components, duplicates

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
