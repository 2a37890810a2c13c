"""Columns of numbers read like the tuples of texts that they stand for."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.coding.codebook import LabelSet
from stance.coding.column import (
    Column,
    Texts,
    Ties,
    column_of,
    crossed,
    named,
    tied,
)
from stance.coding.predictions import Gold, Predictions, check_honest
from stance.errors import CodingError

#: Everything but half surrogates.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
COLUMNS = st.lists(
    st.sampled_from(("", "FT", "新华社", "a / b", "环球时报")), min_size=1
)


def packed(texts: Sequence[str]) -> Texts:
    encoded = [text.encode() for text in texts]
    starts = np.cumsum([0, *map(len, encoded)])
    return Texts(np.frombuffer(b"".join(encoded), dtype=np.uint8), starts)


@given(st.lists(TEXT))
def test_packed_texts_read_like_the_list(texts: list[str]) -> None:
    assert list(packed(texts)) == texts
    assert packed(texts)[1:] == tuple(texts[1:])


@given(COLUMNS)
def test_a_column_is_equal_to_the_tuple_of_its_texts(texts: list[str]) -> None:
    column = column_of(texts)

    assert column == tuple(texts)
    assert tuple(texts) == column
    assert tuple(column) == tuple(texts)
    assert column[-1] == texts[-1]
    assert column.known.tolist() == [bool(text) for text in texts]


@pytest.mark.parametrize("other", [("FT",), ("FT", "CASS"), ("FT", "FT", "FT")])
def test_a_column_differs_from_other_texts(other: tuple[str, ...]) -> None:
    assert column_of(("FT", "FT")) != other


@given(COLUMNS, st.data())
def test_taken_units_are_those_of_the_rows(
    texts: list[str], data: st.DataObject
) -> None:
    rows = data.draw(st.lists(st.integers(0, len(texts) - 1)))

    assert column_of(texts).take(np.array(rows, dtype=int)) == tuple(
        texts[row] for row in rows
    )


@given(COLUMNS)
def test_packed_names_are_known_as_others_are(texts: list[str]) -> None:
    column = column_of(texts)
    same = Column(column.codes, packed(column.names))

    assert same.known.tolist() == column.known.tolist()
    assert same == column


@given(COLUMNS)
def test_first_units_are_numbered_in_their_order(texts: list[str]) -> None:
    rows, number = column_of(texts[::-1]).take(np.arange(len(texts))[::-1]).firsts()

    order = list(dict.fromkeys(texts))
    assert [texts[row] for row in rows] == order
    assert number.tolist() == [order.index(text) for text in texts]


@given(st.lists(st.tuples(*[st.sampled_from(("", "a", "a / b", "b"))] * 3), min_size=1))
def test_crossed_columns_are_joined_row_by_row(
    rows: list[tuple[str, str, str]],
) -> None:
    columns = [column_of(texts) for texts in zip(*rows, strict=True)]

    expected = tuple(" / ".join(row) if all(row) else "" for row in rows)
    assert crossed(columns) == expected
    assert len(set(crossed(columns).names)) == len(crossed(columns).names)


def test_names_that_are_alike_become_one() -> None:
    column = named(np.array([0, 1, 2, 1]), ("2012", "", "2012"))

    assert column == ("2012", "", "2012", "")
    assert column.names == ("2012", "")


KEYS = st.lists(
    st.tuples(
        st.sampled_from(("d1", "d2", "文三")),
        st.sampled_from(("", "t1", "t2")),
        st.sampled_from(("", "", "p1", "p2")),
    ),
    min_size=1,
)


@given(KEYS)
def test_ties_in_columns_tie_the_same_units(rows: list[tuple[str, str, str]]) -> None:
    kinds = ("document", "text", "twin")
    columns = [column_of(texts) for texts in zip(*rows, strict=True)]
    ties = Ties(dict(zip(kinds, columns, strict=True)))
    keys = tuple(
        tuple(f"{kind}:{name}" for kind, name in zip(kinds, row, strict=True) if name)
        for row in rows
    )

    assert tuple(ties) == keys
    assert ties[:] == keys
    for kind in ("", *kinds):
        units, codes = tied(ties, kind)
        expected, numbers = tied(keys, kind)
        assert units.tolist() == expected.tolist()
        assert np.equal.outer(codes, codes).tolist() == (
            np.equal.outer(numbers, numbers).tolist()
        )


@given(KEYS, st.data())
def test_ties_in_columns_part_the_same_folds(
    rows: list[tuple[str, str, str]], data: st.DataObject
) -> None:
    n = len(rows)
    fold = data.draw(st.lists(st.integers(0, 1), min_size=n, max_size=n))
    ids, no = tuple(f"文{at}" for at in range(n)), np.zeros(n, dtype=bool)
    ties = Ties(
        dict(zip(("document", "text", "twin"), map(column_of, zip(*rows, strict=True)),
                 strict=True))
    )  # fmt: skip
    labels = LabelSet(("pro", "con"))
    said = Predictions(ids, labels, np.full((n, 2), 0.5), no, np.array(fold), no)

    def verdict(keys: tuple[tuple[str, ...], ...] | Ties) -> str:
        gold = Gold(labels, ids, ids, ids, ids, ids, no.astype(int), ~no, keys)
        try:
            check_honest(gold, said)
        except CodingError as error:
            return str(error)
        return "honest"

    assert verdict(ties) == verdict(tuple(ties))
