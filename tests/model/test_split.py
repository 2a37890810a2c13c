"""Tests of `stance.model.split`: who trains, and who is predicted."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.coding.codebook import LabelSet
from stance.coding.labelled import LabelledSet
from stance.coding.predictions import Gold
from stance.corpus.document import Passage
from stance.errors import CodingError
from stance.model.split import DESIGNS, folds_of, sample, splits

LABELS = LabelSet(("合作", "竞争"))


def data_of(
    groups: Sequence[int], *, y: Sequence[int] = (), languages: Sequence[str] = (),
    dates: Sequence[str] = (), sources: Sequence[str] = (), anchor: Sequence[int] = (),
) -> LabelledSet:  # fmt: skip
    """Return units of these groups; labels take turns, languages are English."""
    n = len(groups)
    is_anchor = np.isin(np.arange(n), np.array(anchor, dtype=int))
    gold = Gold(
        labels=LABELS,
        unit_ids=tuple(f"文{at}" for at in range(n)),
        documents=tuple(f"d{group}" for group in groups),
        languages=tuple(languages or ["en"] * n),
        dates=tuple(dates or [""] * n),
        sources=tuple(sources or [""] * n),
        y=np.array(y or [at % 2 for at in range(n)]),
        counted=~is_anchor,
        keys=tuple((f"document:d{group}",) for group in groups),
    )
    passages = tuple(Passage(f"text {at}") for at in range(n))
    return LabelledSet(gold, passages, np.array(groups), is_anchor, "")


UNITS = st.lists(
    st.tuples(
        st.integers(0, 14),
        st.integers(0, 1),
        st.sampled_from(["en", "zh", "mixed"]),
        st.sampled_from(["", *(f"20{n}" for n in range(10, 22))]),
        st.sampled_from(["", "CASS", "环球时报", "FT"]),
    ),
    min_size=4,
    max_size=50,
)


def drawn(
    rows: list[tuple[int, int, str, str, str]], n_anchors: int = 0
) -> LabelledSet:
    groups, y, languages, dates, sources = (list(c) for c in zip(*rows, strict=True))
    return data_of(
        groups, y=y, languages=languages, dates=dates, sources=sources,
        anchor=range(n_anchors),
    )  # fmt: skip


def found_in(data: LabelledSet, design: str, repeat: int = 0) -> list:
    """Return the folds; none where the set cannot be split so."""
    try:
        return splits(data, design, repeat=repeat)
    except CodingError:
        return []


@pytest.mark.parametrize("design", DESIGNS)
@given(rows=UNITS, repeat=st.integers(0, 3))
def test_no_group_stands_on_both_sides(
    design: str, rows: list[tuple[int, int, str, str, str]], repeat: int
) -> None:
    data = drawn(rows)

    folds = found_in(data, design, repeat)

    shared = [set(data.groups[f.inside]) & set(data.groups[f.held]) for f in folds]
    assert shared == [set()] * len(folds)


@pytest.mark.parametrize("design", DESIGNS)
@given(rows=UNITS)
def test_no_unit_is_predicted_twice_and_no_anchor_at_all(
    design: str, rows: list[tuple[int, int, str, str, str]]
) -> None:
    data = drawn(rows, n_anchors=2)

    held = [row for fold in found_in(data, design) for row in fold.held.tolist()]

    assert len(held) == len(set(held))
    assert not data.anchor[held].any()


@given(rows=UNITS)
def test_every_date_that_trains_is_before_all_that_are_predicted(
    rows: list[tuple[int, int, str, str, str]],
) -> None:
    data = drawn(rows)
    dates = np.array(data.gold.dates)

    folds = found_in(data, "time")

    assert all(max(dates[f.inside]) < min(dates[f.held]) for f in folds)
    assert all("" not in dates[f.inside] for f in folds)


@given(rows=UNITS)
def test_no_source_that_trains_is_predicted(
    rows: list[tuple[int, int, str, str, str]],
) -> None:
    data = drawn(rows)
    sources = np.array(data.gold.sources)

    folds = found_in(data, "source")

    shared = [set(sources[f.inside]) & set(sources[f.held]) for f in folds]
    assert shared == [set()] * len(folds)


@given(rows=UNITS)
def test_only_the_other_language_trains(
    rows: list[tuple[int, int, str, str, str]],
) -> None:
    data = drawn(rows)
    languages = np.array(data.gold.languages)

    folds = found_in(data, "language")

    assert [
        (set(languages[f.inside]), set(languages[f.held])) for f in folds
    ] == [({"zh"}, {"en"}) if "en" in languages[f.held] else ({"en"}, {"zh"})
          for f in folds]  # fmt: skip


def test_the_document_of_a_twin_does_not_train() -> None:
    """Groups 0 and 1 hold twins, so that they are one: 0, 1 English, 4, 5 Chinese."""
    languages = ["en", "en", "en", "en", "zh", "zh", "zh", "zh", "zh", "zh"]
    data = data_of([0, 0, 2, 2, 0, 0, 3, 3, 4, 4], languages=languages)

    folds = splits(data, "language")

    trained = [f.inside.tolist() for f in folds if 0 in f.held]
    assert trained == [[6, 7, 8, 9]]


def test_anchors_train_in_every_fold() -> None:
    data = data_of([0, 0, 1, 1, 2, 2], anchor=[4, 5])

    folds = splits(data, "document")

    assert [f.inside.tolist() for f in folds] == [[2, 3, 4, 5], [0, 1, 4, 5]]


def test_anchors_of_the_predicted_language_do_not_train() -> None:
    languages = ["en", "en", "zh", "zh", "en", "en", "zh", "zh"]
    data = data_of([0, 0, 1, 1, 2, 2, 3, 3], languages=languages, anchor=range(4, 8))

    folds = splits(data, "language")

    assert [(f.inside.tolist(), f.held.tolist()) for f in folds] == [
        ([2, 3, 6, 7], [0, 1]),
        ([0, 1, 4, 5], [2, 3]),
    ]


def test_what_is_not_dated_neither_trains_nor_is_predicted() -> None:
    dates = ["2010", "2010", "", "", "2012", "2012", "2011", "2011"]
    data = data_of([0, 1, 2, 2, 3, 3, 4, 4], dates=dates)

    folds = splits(data, "time")

    assert [(f.inside.tolist(), f.held.tolist()) for f in folds] == [
        ([0, 1], [6, 7]),
        ([0, 1, 6, 7], [4, 5]),
    ]


def test_many_dates_are_cut_into_five_blocks_after_the_first() -> None:
    dates = [f"20{n:02}" for n in range(24)]
    data = data_of(range(24), dates=dates)

    folds = splits(data, "time")

    assert [len(f.held) for f in folds] == [4, 4, 4, 4, 4]


def test_dates_of_which_the_first_has_nearly_all_units_can_be_split() -> None:
    dates = ["2010"] * 60 + [f"20{n}" for n in range(11, 18)]
    data = data_of(range(67), dates=dates)

    (fold,) = splits(data, "time")

    assert fold.inside.tolist() == list(range(60))
    assert fold.held.tolist() == list(range(60, 67))


def test_a_part_that_leaves_one_label_to_train_on_is_left_out() -> None:
    data = data_of([0, 0, 1, 1, 2, 2], y=[0, 0, 0, 0, 0, 1])

    folds = splits(data, "document")

    assert [f.held.tolist() for f in folds] == [[0, 1], [2, 3]]


def test_a_part_that_leaves_one_document_to_train_on_is_left_out() -> None:
    dates = ["2010", "2010", "2011", "2011", "2012", "2012"]
    data = data_of([0, 0, 1, 1, 2, 2], dates=dates)

    folds = splits(data, "time")

    assert [f.held.tolist() for f in folds] == [[4, 5]]


@pytest.mark.parametrize("design", ["time", "source", "language"])
def test_a_set_without_two_parts_cannot_be_split(design: str) -> None:
    what = {"time": "date"}.get(design, design)
    data = data_of([0, 0, 1, 1], dates=["2010"] * 4, sources=["CASS"] * 4)

    with pytest.raises(CodingError) as caught:
        splits(data, design)

    assert str(caught.value) == (
        f"cannot split by {what}: the units have 1 {what}, two are needed\n"
        f"  name the column that holds the {what}, or split by document"
    )


def test_a_set_that_names_no_source_cannot_be_split_by_it() -> None:
    with pytest.raises(CodingError) as caught:
        splits(data_of([0, 0, 1, 1]), "source")

    assert caught.value.message == (
        "cannot split by source: the units have 0 sources, two are needed"
    )


def test_a_set_of_which_no_part_can_train_cannot_be_split() -> None:
    data = data_of([0, 0, 1, 1], sources=["CASS", "CASS", "环球时报", "环球时报"])

    with pytest.raises(CodingError) as caught:
        splits(data, "source")

    assert str(caught.value) == (
        "cannot split by source: no part leaves two labels in two documents to train "
        "on\n  code more documents, or split by document"
    )


def test_a_design_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="design 'author' is not one of document, "):
        splits(data_of([0, 1]), "author")


def test_groups_that_are_not_those_of_the_keys_are_refused() -> None:
    data = replace(data_of([0, 0, 1, 1, 2, 2]), groups=np.arange(6))

    with pytest.raises(CodingError, match="'文1' and '文0' are of one document"):
        splits(data, "document")


def test_repeats_are_other_folds_of_the_same_groups() -> None:
    groups = np.repeat(np.arange(20), 3)
    y = np.tile([0, 1], 30)

    first, second = folds_of(groups, y), folds_of(groups, y, repeat=1)

    pairs = set(zip(groups.tolist(), second.tolist(), strict=True))
    assert not np.array_equal(first, second)
    assert len(pairs) == 20


def test_a_repeat_is_the_same_each_time() -> None:
    groups, y = np.repeat(np.arange(20), 3), np.tile([0, 1], 30)

    assert np.array_equal(folds_of(groups, y, repeat=3), folds_of(groups, y, repeat=3))


@given(st.lists(st.integers(0, 30), min_size=20, max_size=80))
def test_folds_never_split_a_group(numbers: list[int]) -> None:
    groups = np.array([*range(10), *numbers])
    y = np.arange(len(groups)) % 2

    folds = folds_of(groups, y)

    pairs = set(zip(groups.tolist(), folds.tolist(), strict=True))
    assert len(pairs) == len(set(groups.tolist()))


@given(st.lists(st.integers(0, 8), min_size=1, max_size=40))
def test_below_ten_groups_each_is_left_out_once(numbers: list[int]) -> None:
    groups = np.array(numbers)

    folds = folds_of(groups, np.zeros(len(groups), int))

    assert len(set(folds.tolist())) == len(set(numbers))


def test_ten_groups_make_five_folds() -> None:
    groups = np.repeat(np.arange(10), 4)

    folds = folds_of(groups, np.tile([0, 1], 20))

    assert sorted(set(folds.tolist())) == [0, 1, 2, 3, 4]


def test_a_rare_label_is_no_reason_for_a_warning() -> None:
    groups = np.repeat(np.arange(12), 3)
    y = (groups < 2) & (np.arange(36) % 3 == 0)

    folds = folds_of(groups, y.astype(int))

    assert len(set(folds.tolist())) == 5


def test_ten_documents_with_few_units_of_each_label_can_be_split() -> None:
    groups = np.arange(10)

    folds = folds_of(groups, np.array([0, 0, 0, 1, 1, 1, 2, 2, 2, 2]))

    assert len(folds) == 10


def test_groups_that_each_have_a_label_of_their_own_can_be_split() -> None:
    """An outer fold may leave one unit of each of many labels."""
    folds = folds_of(np.arange(12), np.arange(12))

    assert len(set(folds.tolist())) > 1


def many(n: int, *, rare: int = 0) -> LabelledSet:
    """Return n units in pairs of one document, the last few of a label of their own."""
    labels = ["a", "b"] * (n // 2)
    labels[len(labels) - rare :] = ["c"] * rare
    groups = np.arange(n) // 2
    names = tuple(f"u{at}" for at in range(n))
    gold = Gold(
        labels=LabelSet(("a", "b", "c")), unit_ids=names, documents=names,
        languages=("en",) * n, dates=("",) * n, sources=("",) * n,
        y=np.array(["abc".index(label) for label in labels]),
        counted=np.ones(n, dtype=bool),
    )  # fmt: skip
    passages = tuple(Passage(name) for name in names)
    return LabelledSet(gold, passages, groups, np.zeros(n, dtype=bool), "")


def test_a_sample_is_of_whole_groups() -> None:
    data = many(2000)

    drawn = sample(data, np.arange(2000), 500)

    inside = np.isin(data.groups, data.groups[drawn])
    assert 500 <= len(drawn) <= 501
    assert np.array_equal(np.flatnonzero(inside), drawn)


def test_a_sample_is_drawn_from_the_rows_alone() -> None:
    """What is held out may not even decide which others are drawn."""
    data = many(2000)
    rows = np.flatnonzero(data.groups % 5 != 0)
    y = np.where(data.groups % 5 == 0, 2, data.y)
    turned = replace(data, gold=replace(data.gold, y=y))

    drawn = sample(data, rows, 500)

    assert np.array_equal(drawn, sample(turned, rows, 500))
    assert drawn.max() < len(rows)
    assert not (data.groups[rows[drawn]] % 5 == 0).any()


def test_a_sample_spreads_over_the_rows() -> None:
    drawn = sample(many(2000), np.arange(2000), 500)

    assert np.histogram(drawn, bins=4, range=(0, 2000))[0].min() > 90


@pytest.mark.parametrize(("rare", "kept"), [(60, 60), (400, 100)])
def test_a_sample_holds_enough_units_of_a_rare_label(rare: int, kept: int) -> None:
    data = many(4000, rare=rare)

    drawn = sample(data, np.arange(4000), 200)

    assert (data.y[drawn] == 2).sum() >= kept
    assert (data.y[drawn] == 2).sum() < kept + 3


def test_all_anchors_are_in_a_sample() -> None:
    data = many(2000)
    data = replace(data, anchor=data.groups % 10 == 0)

    drawn = sample(data, np.arange(2000), 500)

    assert data.anchor[drawn].sum() == 200
    assert 500 <= len(drawn) <= 501
