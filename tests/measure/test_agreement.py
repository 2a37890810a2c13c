"""Tests of `stance.measure.agreement`."""

import math
import warnings
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from stance.coding.annotation import Annotation
from stance.measure.agreement import _interval, agreement, krippendorff_alpha
from stance.measure.resample import draws
from stance.model.project import Project
from stance.testing import codes

#: Three coders, eight units, four labels, some units not coded.
CODES = arrays(np.int64, (3, 8), elements=st.integers(-1, 3))


def alpha(table: NDArray[np.integer]) -> float:
    return krippendorff_alpha(table, n_labels=5)


def coded(table: str, *, documents: Sequence[int]) -> list[Annotation]:
    """Return the annotations of coders, a word each, with a document a letter."""
    return [
        Annotation(f"{coder}-{at}", f"d{place}:p{at}", "", "frame", label, coder, "")
        for coder, row in enumerate(table.split())
        for at, (label, place) in enumerate(zip(row, documents, strict=True))
        if label != "."
    ]


def test_alpha_of_krippendorffs_worked_example_is_743() -> None:
    """Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section C."""
    four_observers = codes("012210301... 0122113014.2 .2221231140. 01221330140.")

    assert round(alpha(four_observers), 3) == 0.743


def test_perfect_agreement_is_one() -> None:
    table = codes("0123 0123 0123")

    assert alpha(table) == 1.0


def test_systematic_disagreement_is_below_zero() -> None:
    table = codes("0101 1010")

    assert alpha(table) < 0


def test_alpha_is_undefined_where_all_labels_are_the_same() -> None:
    table = codes("111 111")

    assert math.isnan(alpha(table))


def test_units_coded_once_are_ignored() -> None:
    without, with_them = codes("0012 0112"), codes("001201. 0112..3")

    assert alpha(with_them) == alpha(without)


def test_labels_nobody_used_are_ignored() -> None:
    table = codes("0012 0112")

    assert krippendorff_alpha(table, n_labels=9) == alpha(table)


def test_alpha_without_a_unit_coded_twice_is_refused() -> None:
    table = codes("01.. ..10")

    with pytest.raises(ValueError, match="no unit was coded by two coders"):
        alpha(table)


@pytest.mark.parametrize("table", [codes("05 00"), np.array([[0, -2], [0, 0]])])
def test_a_code_outside_the_label_set_is_refused(table: NDArray[np.integer]) -> None:
    with pytest.raises(ValueError, match="codes must lie between -1 and 4, found"):
        alpha(table)


@given(CODES, st.permutations(range(3)))
def test_alpha_does_not_change_with_the_order_of_coders(
    table: NDArray[np.integer], order: list[int]
) -> None:
    assume(((table >= 0).sum(axis=0) >= 2).any())

    assert alpha(table[order]) == pytest.approx(alpha(table), nan_ok=True)


@given(CODES, st.permutations(range(4)))
def test_alpha_does_not_change_with_the_names_of_labels(
    table: NDArray[np.integer], names: list[int]
) -> None:
    assume(((table >= 0).sum(axis=0) >= 2).any())
    renamed = np.where(table < 0, -1, np.array(names)[table])

    assert alpha(renamed) == pytest.approx(alpha(table), nan_ok=True)


@given(CODES)
def test_alpha_is_at_most_one(table: NDArray[np.integer]) -> None:
    assume(((table >= 0).sum(axis=0) >= 2).any())

    assert not alpha(table) > 1


@pytest.mark.parametrize(
    ("variable", "n_units", "expected"),
    [("frame", 124, 0.957), ("kind", 197, 1.0), ("actor", 124, 0.991)],
)
def test_the_seeds_alpha(
    seeds: Project, variable: str, n_units: int, expected: float
) -> None:
    labels = seeds.codebook.allowed(variable)

    first, *_ = agreement(seeds.annotations, variable=variable, labels=labels)

    assert (first.label, first.n_units, first.n_coders) == ("all", n_units, 3)
    assert round(first.alpha, 3) == expected


def test_five_seed_documents_get_no_interval_and_a_note(seeds: Project) -> None:
    labels = seeds.codebook.labels.names

    rows = agreement(seeds.annotations, variable="frame", labels=labels)

    assert {row.note for row in rows} == {"no interval: 5 documents, 10 are needed"}
    assert np.isnan([[row.low, row.high] for row in rows]).all()


def test_five_seed_units_are_disputed(seeds: Project) -> None:
    labels = seeds.codebook.labels.names

    rows = agreement(seeds.annotations, variable="frame", labels=labels)

    assert [(row.label, row.n_disputed) for row in rows] == [
        ("all", 5),
        ("cooperation", 2),
        ("competition", 2),
        ("countermeasure", 3),
        ("none", 3),
    ]


def test_ten_documents_get_an_interval_around_alpha() -> None:
    table = coded("合合合竞竞竞合竞合竞 合合竞竞竞合合竞合竞", documents=range(10))

    rows = agreement(table, variable="frame", labels=("合", "竞"))

    assert [row.low < row.alpha < row.high for row in rows] == [True, True, True]
    assert {row.note for row in rows} == {""}


def test_nine_documents_get_none() -> None:
    table = coded("合合合竞竞竞合竞合 合合竞竞竞合合竞合", documents=range(9))

    first, *_ = agreement(table, variable="frame", labels=("合", "竞"))

    assert first.note == "no interval: 9 documents, 10 are needed"


def test_the_interval_is_the_same_in_every_run() -> None:
    table = coded("xxxyyyxyxy xxyyyxxyxy", documents=range(10))

    first = agreement(table, variable="frame", labels=("x", "y"))
    second = agreement(table, variable="frame", labels=("x", "y"))

    assert first == second


def test_a_lower_level_gives_a_narrower_interval() -> None:
    table = coded("xxxyyyxyxy xxyyyxxyxy", documents=range(10))

    wide, *_ = agreement(table, variable="frame", labels=("x", "y"))
    narrow, *_ = agreement(table, variable="frame", labels=("x", "y"), level=0.5)

    assert narrow.high - narrow.low < wide.high - wide.low


def test_the_interval_resamples_documents_not_units() -> None:
    """Each unit three times in its document is no more evidence than once."""
    once = coded("xxxyyyxyxy xxyyyxxyxy", documents=range(10))
    thrice = coded(
        "xxxyyyxyxyxxxyyyxyxyxxxyyyxyxy xxyyyxxyxyxxyyyxxyxyxxyyyxxyxy",
        documents=[*range(10), *range(10), *range(10)],
    )

    few, *_ = agreement(once, variable="frame", labels=("x", "y"))
    many, *_ = agreement(thrice, variable="frame", labels=("x", "y"))

    assert many.high - many.low == pytest.approx(few.high - few.low, rel=0.1)


def test_the_interval_is_that_of_alpha_of_the_drawn_units() -> None:
    """Sums of documents add up to what alpha is of all their units at once."""
    rng = np.random.default_rng(3)
    codes = np.where(rng.random((3, 60)) < 0.7, np.arange(60) % 3, 0)
    codes[rng.random((3, 60)) < 0.2] = -1
    documents = np.arange(60) % 13
    alphas = [
        krippendorff_alpha(
            np.hstack([codes[:, documents == d] for d in drawn]), n_labels=3
        )
        for drawn in draws(13, np.random.default_rng(1))
    ]

    found = _interval(codes, documents, 3, np.random.default_rng(1), 0.95)

    assert found == pytest.approx(np.quantile(alphas, [0.025, 0.975]), abs=1e-12)


def test_few_units_coded_twice_still_get_an_interval() -> None:
    """A draw of documents may hold no unit that two coders coded."""
    table = coded("xyxyxyxyxyxy yy..........", documents=range(12))

    first, *_ = agreement(table, variable="frame", labels=("x", "y"))

    assert first.n_units == 2


def test_one_label_throughout_is_undefined_without_a_warning() -> None:
    table = coded("xxxxxxxxxxxx xxxxxxxxxxxx", documents=range(12))

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        first, *_ = agreement(table, variable="frame", labels=("x", "y"))

    assert np.isnan([first.alpha, first.low, first.high]).all()


def test_a_missing_interval_is_explained() -> None:
    table = coded("xxxxxxxxxxxx xxxxxxxxxxxx", documents=range(12))

    first, *_ = agreement(table, variable="frame", labels=("x", "y"))

    assert np.isnan(first.low)
    assert first.note.startswith("no interval: ")


def test_a_label_that_nobody_used_has_no_row() -> None:
    table = coded("xxy xyy", documents=range(3))

    rows = agreement(table, variable="frame", labels=("x", "合作", "y"))

    assert [row.label for row in rows] == ["all", "x", "y"]


def test_a_variable_that_nobody_coded_is_refused() -> None:
    with pytest.raises(ValueError, match="nobody coded 'actor'"):
        agreement(coded("xy xy", documents=[1, 2]), variable="actor", labels=("x",))


def test_a_label_outside_the_label_set_is_named() -> None:
    table = coded("x合 xx", documents=[1, 2])

    with pytest.raises(ValueError, match="label '合'"):
        agreement(table, variable="frame", labels=("x", "y"))
