"""Tests of `stance.model.scan.hashing`."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stance.model.scan import hashing
from stance.model.scan.codes import PADDING
from stance.model.scan.hashing import Table, first_equal, keys_of

KEYS = st.lists(st.integers(1, 2**64 - 1), max_size=60)


def keys_of_words(words: list[str]) -> list[int]:
    codes = np.frombuffer(("".join(words) + "\0" * PADDING).encode("latin-1"), np.uint8)
    size = np.array([len(word) for word in words], np.int64)
    return keys_of(codes, np.cumsum(size) - size, size).tolist()


@given(words=st.lists(st.text("abcü", min_size=1, max_size=90), min_size=2, max_size=9))
def test_two_words_have_one_key_only_if_they_are_one(words: list[str]) -> None:
    keys = keys_of_words(words)

    assert len(set(keys)) == len(set(words))
    assert [keys[words.index(word)] for word in words] == keys


def test_a_word_has_another_key_in_the_narrow_and_the_wide_form_of_a_batch() -> None:
    """Nothing relies on it: each form has tables of its own."""
    wide = np.frombuffer(("stance" + "\0" * PADDING).encode("utf-32-le"), "<u4")

    key = keys_of(wide, np.array([0]), np.array([6]))

    assert key.tolist() != keys_of_words(["stance"])


def test_keys_of_long_words_differ_between_processes() -> None:
    """So that no text can be written whose words collide."""
    long = ["countermeasures", "a" * 300]
    before = keys_of_words(long)
    odd, hashing._ODD[:] = list(hashing._ODD), [hashing._ODD[n] + 2 for n in range(4)]

    after = keys_of_words(long)
    hashing._ODD[:] = odd

    assert before[0] != after[0]
    assert keys_of_words(long) == before


@given(known=KEYS, asked=KEYS)
def test_a_table_finds_what_was_added_and_nothing_else(
    known: list[int], asked: list[int]
) -> None:
    distinct = list(dict.fromkeys(known))
    table = Table(1)
    for at, key in enumerate(distinct):  # one at a time: it grows
        table.add(np.array([key], np.uint64), np.array([at]))

    found = table.find(np.array(known + asked, np.uint64))

    places = {key: at for at, key in enumerate(distinct)}
    assert found.tolist() == [places.get(key, -1) for key in known + asked]


def test_keys_that_fall_into_one_slot_are_told_apart() -> None:
    """A table with a single slot's worth of places left over fills up all the same."""
    inverse = pow(int(hashing._ODD[2]), -1, 2**64)
    crafted = [(at + 1) * inverse % 2**64 for at in range(200)]  # all in the first slot
    keys = np.array(crafted, np.uint64)
    table = Table(200)

    table.add(keys, np.arange(200))

    assert table.find(keys).tolist() == list(range(200))


@given(keys=st.lists(st.integers(0, 9), max_size=300))
def test_equal_keys_have_the_place_of_the_last_of_them(keys: list[int]) -> None:
    found = first_equal(np.array(keys, np.uint64))

    last = {key: at for at, key in enumerate(keys)}
    assert found.tolist() == [last[key] for key in keys]
