"""Tests of `stance.coding.sampling`: what is drawn, how often, and from what."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from stance.coding.codebook import LabelSet
from stance.coding.predictions import Gold
from stance.coding.sampling import SCHEMES, allocate, draw_sample, proportional
from stance.errors import CodingError, StanceWarning

LANGUAGES = {"A": "en", "B": "zh", "C": "zh"}


def texts(*sizes: tuple[str, int]) -> Gold:
    """Return uncoded documents, each of a source and of so many paragraphs."""
    documents = [f"d{at}" for at, (_, size) in enumerate(sizes) for _ in range(size)]
    sources = [source for source, size in sizes for _ in range(size)]
    n = len(documents)
    return Gold(
        LabelSet(("pro", "con")), tuple(f"u{at:03d}" for at in range(n)),
        tuple(documents), tuple(LANGUAGES[source] for source in sources),
        ("2012-03-01",) * n, tuple(sources), np.full(n, -1), np.ones(n, dtype=bool),
    )  # fmt: skip


MIXED = texts(("A", 3), ("A", 12), ("A", 7), ("A", 20), ("B", 4), ("B", 9), ("B", 5))


def off_by(scheme: str, by: tuple[str, ...], n_draws: int) -> float:
    """Return how far off probabilities are at most, in standard errors.

    Each unit must be drawn at least once, with one probability.
    """
    rng = np.random.default_rng(1)
    times: Counter[str] = Counter()
    said: set[tuple[str, float]] = set()
    for _ in range(n_draws):
        for row in draw_sample(MIXED, n=16, scheme=scheme, by=by, rng=rng):
            times[row.unit_id] += 1
            said.add((row.unit_id, round(row.probability, 12)))
    units, p = zip(*sorted(said), strict=True)
    assert units == MIXED.unit_ids
    error = np.sqrt(np.array(p) * (1 - np.array(p)) / n_draws)
    found = np.array([times[unit] for unit in units]) / n_draws
    return float((abs(found - p) / np.maximum(error, 1e-9)).max())


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_unit_is_drawn_as_often_as_its_probability_says(scheme: str) -> None:
    assert off_by(scheme, ("source",), 400) < 4


@pytest.mark.slow
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("by", [(), ("source",), ("source", "language")], ids=str)
def test_so_it_is_in_many_draws(scheme: str, by: tuple[str, ...]) -> None:
    assert off_by(scheme, by, 5000) < 4.5


@given(
    n=st.integers(4, 60),
    by=st.sampled_from([(), ("source",), ("language",)]),
    rng=st.integers(0, 99),
)
def test_the_inverse_probabilities_of_a_draw_add_up_to_the_units(
    n: int, by: tuple[str, ...], rng: int
) -> None:
    drawn = draw_sample(MIXED, n=n, by=by, rng=rng)

    assert len(drawn) == n
    assert sum(1 / row.probability for row in drawn) == pytest.approx(60)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_is_coded_or_not_counted_is_never_drawn(scheme: str) -> None:
    y, counted = MIXED.y.copy(), MIXED.counted.copy()
    y[::3], counted[1::3] = 0, False
    gold = replace(MIXED, y=y, counted=counted)

    drawn = draw_sample(gold, n=18, scheme=scheme, by=())

    assert {row.unit_id for row in drawn} <= {
        gold.unit_ids[at] for at in range(2, 60, 3)
    }


def test_a_document_is_taken_whole() -> None:
    size = Counter(MIXED.documents)

    drawn = draw_sample(MIXED, n=30, scheme="documents", by=())

    taken = Counter(row.document_id for row in drawn)
    assert taken == {document: size[document] for document in taken}


def test_of_a_document_that_is_partly_coded_the_rest_is_taken() -> None:
    y = np.full(60, -1)
    y[:2] = 1
    gold = replace(MIXED, y=y)

    drawn = draw_sample(gold, n=58, scheme="documents", by=())

    assert [row.unit_id for row in drawn if row.document_id == "d0"] == ["u002"]


def test_in_two_stages_five_paragraphs_of_a_document_are_taken_at_most() -> None:
    for rng in range(20):
        drawn = draw_sample(MIXED, n=20, scheme="two-stage", by=(), rng=rng)

        assert max(Counter(row.document_id for row in drawn).values()) <= 5


def test_in_two_stages_all_paragraphs_have_the_same_probability() -> None:
    """As long as no document is so large that it is drawn for certain."""
    drawn = draw_sample(MIXED, n=10, scheme="two-stage", by=())

    assert len({round(row.probability, 12) for row in drawn}) == 1


def test_each_source_and_language_has_two_paragraphs_at_least() -> None:
    gold = texts(("A", 500), ("B", 3), ("C", 30))

    drawn = draw_sample(gold, n=20)

    found = Counter(row.stratum for row in drawn)
    assert found["B / zh"] == 2
    assert set(found) == {"A / en", "B / zh", "C / zh"}


def test_a_unit_of_unknown_source_is_drawn_too() -> None:
    gold = replace(MIXED, sources=("",) * 60, languages=("",) * 60)

    drawn = draw_sample(gold, n=5)

    assert {(row.stratum, row.design) for row in drawn} == {(" / ", "random")}


@pytest.mark.parametrize(
    ("by", "expected"), [("year", "2012"), ("month", "2012-03"), ("date", "2012-03-01")]
)
def test_units_are_drawn_by_time(by: str, expected: str) -> None:
    assert {row.stratum for row in draw_sample(MIXED, n=5, by=(by,))} == {expected}


def test_strata_are_dropped_where_there_are_more_than_are_drawn() -> None:
    with pytest.warns(StanceWarning, match="3 paragraphs are drawn of 7 strata"):
        drawn = draw_sample(MIXED, n=3, by=("document",))

    assert [row.probability for row in drawn] == [3 / 60] * 3
    assert {row.design for row in drawn} == {"random"}


def test_a_draw_by_strata_says_that_its_probabilities_must_be_kept() -> None:
    even = draw_sample(MIXED, n=9, by=())
    uneven = draw_sample(MIXED, n=9, by=("source",))

    assert {row.design for row in even} == {"random"}
    assert {row.design for row in uneven} == {"stratified"}


def test_paragraphs_come_in_random_order_and_those_of_a_document_as_they_are_read() -> (
    None
):
    loose = [row.unit_id for row in draw_sample(MIXED, n=40, by=())]
    whole = draw_sample(MIXED, n=40, scheme="documents", by=())
    first = whole[0].document_id

    assert loose != sorted(loose)
    assert [row.document_id for row in whole].count(first) > 1
    own = [row.unit_id for row in whole if row.document_id == first]
    assert own == sorted(own) == [row.unit_id for row in whole[: len(own)]]


def test_a_draw_follows_from_its_seed_and_has_its_round() -> None:
    first, second, other = (
        draw_sample(MIXED, n=9, rng=rng, round=2) for rng in (3, 3, 4)
    )

    assert first == second != other
    assert {row.round for row in first} == {2}


def test_more_than_are_left_cannot_be_drawn() -> None:
    with pytest.raises(CodingError, match="61 units are to be drawn and 60 are not"):
        draw_sample(MIXED, n=61)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n": 0}, "n must be 1"),
        ({"n": 3, "scheme": "pages"}, "'pages' is not one of"),
        ({"n": 3, "by": ("colour",)}, "'colour' is not one of"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(options: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw_sample(MIXED, **options)


@given(
    sizes=st.lists(st.integers(1, 300), min_size=1, max_size=12), part=st.floats(0, 1)
)
def test_an_allocation_takes_as_many_as_it_should(
    sizes: list[int], part: float
) -> None:
    n = round(len(sizes) + part * (sum(sizes) - len(sizes)))

    found = allocate(n, sizes)

    least = 2 if sum(min(size, 2) for size in sizes) <= n else 1
    assert sum(found) == n
    assert all(
        min(size, least) <= k <= size for k, size in zip(found, sizes, strict=True)
    )


def test_an_allocation_is_in_proportion() -> None:
    assert allocate(10, [500, 300, 200]) == [5, 3, 2]
    assert allocate(100, [333, 333, 334]) == [33, 33, 34]


def test_fewer_than_one_of_each_stratum_cannot_be_allocated() -> None:
    with pytest.raises(ValueError, match="2 cannot be drawn of each of 3"):
        allocate(2, [5, 5, 5])


@given(
    sizes=st.lists(st.floats(0.1, 100), min_size=2, max_size=30),
    part=st.floats(0.05, 1),
)
def test_probabilities_by_size_add_up_and_none_is_above_one(
    sizes: list[float], part: float
) -> None:
    n = part * len(sizes)

    p = proportional(n, np.array(sizes))

    assert_allclose(p.sum(), n, rtol=1e-6)
    assert (p <= 1).all()
