"""Tests of `stance.coding.sampling`: what is drawn, how often, and from what."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from stance.coding.codebook import LabelSet
from stance.coding.predictions import Gold, Predictions
from stance.coding.sampling import (
    SCHEMES,
    Drawn,
    allocate,
    draw_sample,
    proportional,
)
from stance.errors import CodingError, InputError, StanceWarning
from stance.measure.prevalence import prevalence
from stance.measure.strata import stratify

LABELS = LabelSet(("pro", "con"))
LANGUAGES = {"A": "en", "B": "zh", "C": "zh"}


def texts(*sizes: tuple[str, int]) -> Gold:
    """Return uncoded documents, each of a source and of so many paragraphs."""
    documents = [f"d{at}" for at, (_, size) in enumerate(sizes) for _ in range(size)]
    sources = [source for source, size in sizes for _ in range(size)]
    n = len(documents)
    return Gold(
        LABELS, tuple(f"u{at:03d}" for at in range(n)),
        tuple(documents), tuple(LANGUAGES[source] for source in sources),
        ("2012-03-01",) * n, tuple(sources), np.full(n, -1), np.ones(n, dtype=bool),
    )  # fmt: skip


MIXED = texts(("A", 3), ("A", 12), ("A", 7), ("A", 20), ("B", 4), ("B", 9), ("B", 5))


def coded(gold: Gold, sample: Sequence[Drawn], y: np.ndarray | None = None) -> Gold:
    """Return the units with the sample coded, as its file says."""
    n = len(gold.y)
    new = np.full(n, -1)
    rows = [row.row for row in sample]
    new[rows] = 0 if y is None else y[rows]
    designs, probability = [""] * n, [0.0] * n
    for row in sample:
        designs[row.row], probability[row.row] = row.design, row.probability
    return replace(gold, y=new, designs=tuple(designs), probability=tuple(probability))


def two_rounds(
    first: int, second: int, *, before: Sequence[str], by: Sequence[str],
    rng: np.random.Generator,
) -> tuple[Drawn, ...]:  # fmt: skip
    """Return the sample of two rounds of so many units."""
    sample = draw_sample(MIXED, n=first, by=before, rng=rng)
    return draw_sample(coded(MIXED, sample), n=second, by=by, rng=rng, round=2)


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


#: Rounds by the same strata, by ever finer ones, and by none at last.
ROUNDS = [
    (("source",), ("source",)), ((), ("source",)), ((), ()),
    (("language",), ("source", "language")),
]  # fmt: skip


def rounds_off_by(before: Sequence[str], by: Sequence[str], n_draws: int) -> float:
    """Return how far off 1 the mean of 1/p over draws is at most, in standard errors.

    A unit that is not in the sample counts 0, so that the mean is 1 where p is right.
    """
    rng = np.random.default_rng(2)
    worth = np.zeros((n_draws, 60))
    for at in range(n_draws):
        for row in two_rounds(8, 12, before=before, by=by, rng=rng):
            worth[at, row.row] = 1 / row.probability
    error = worth.std(axis=0) / np.sqrt(n_draws)
    return float((abs(worth.mean(axis=0) - 1) / error).max())


@pytest.mark.parametrize(("before", "by"), ROUNDS, ids=str)
def test_units_of_two_rounds_are_in_the_sample_as_often_as_is_said(
    before: tuple[str, ...], by: tuple[str, ...]
) -> None:
    assert rounds_off_by(before, by, 400) < 4


@pytest.mark.slow
@pytest.mark.parametrize(("before", "by"), ROUNDS, ids=str)
def test_so_they_are_in_many_draws(
    before: tuple[str, ...], by: tuple[str, ...]
) -> None:
    assert rounds_off_by(before, by, 5000) < 4.5


def test_both_rounds_have_one_probability_a_stratum() -> None:
    gold = texts(("A", 50), ("B", 30))
    first = draw_sample(gold, n=8, by=("source",))

    both = draw_sample(coded(gold, first), n=12, by=("source",), round=2)

    assert {(row.stratum, row.probability) for row in both} == {
        ("A", (5 + 8) / 50), ("B", (3 + 4) / 30)
    }  # fmt: skip
    assert {row.unit_id for row in first} == {r.unit_id for r in both if not r.is_new}
    assert [row.is_new for row in both] == [True] * 12 + [False] * 8
    assert [row.round for row in both] == [2] * 12 + [1] * 8


def test_a_third_round_goes_on_with_the_second() -> None:
    gold = texts(("A", 50), ("B", 30))
    sample = draw_sample(gold, n=8, by=("source",))
    sample = draw_sample(coded(gold, sample), n=8, by=("source",), round=2)

    sample = draw_sample(coded(gold, sample), n=8, by=("source",), round=3)

    assert {row.probability for row in sample} == {15 / 50, 9 / 30}
    assert Counter(row.round for row in sample) == {3: 8, 0: 16}


def test_strata_that_cut_through_those_of_the_first_round_are_refused() -> None:
    gold = texts(("A", 50), ("B", 5))
    gold = coded(gold, draw_sample(gold, n=8, by=("source",)))

    with pytest.raises(
        CodingError,
        match=r"(?s)with the probabilities (0.12 and 0.4|0.4 and 0.12)\n.*within the",
    ):
        draw_sample(gold, n=8, by=(), round=2)


@pytest.mark.parametrize(
    ("design", "probability"),
    [("", 0.0), ("convenience", 0.1), ("active", 0.0), ("census", 0.0)],
)
def test_labels_that_were_not_drawn_have_no_further_round(
    design: str, probability: float
) -> None:
    gold = coded(MIXED, draw_sample(MIXED, n=9))
    gold = replace(gold, designs=(design,) * 60, probability=(probability,) * 60)

    with pytest.raises(CodingError, match="and not known to be drawn at random"):
        draw_sample(gold, n=9, round=2)


def test_random_draws_of_unknown_probability_may_go_on() -> None:
    gold = coded(MIXED, draw_sample(MIXED, n=9, by=()))
    gold = replace(gold, probability=())

    sample = draw_sample(gold, n=9, by=(), round=2)

    assert {(row.probability, row.design) for row in sample} == {(18 / 60, "random")}


def test_a_stratum_that_is_coded_whole_is_a_census() -> None:
    gold = texts(("A", 50), ("B", 30))
    gold = replace(gold, y=np.where(np.arange(80) < 50, -1, 0))

    sample = draw_sample(gold, n=10, by=("source",), round=2)

    assert {(row.stratum, row.probability) for row in sample} == {("A", 0.2), ("B", 1)}


def test_texts_added_since_the_first_round_are_warned_of() -> None:
    gold = texts(("A", 50), ("A", 40))
    y = np.where(np.arange(90) < 50, 0, -1)
    gold = replace(gold, y=y, designs=("census",) * 90, probability=(1.0,) * 90)

    with pytest.warns(
        StanceWarning, match=r"50 of 90 .* 'A' are coded, where .* 1 would give 90"
    ):
        draw_sample(gold, n=8, by=("source",), round=2)


@pytest.mark.parametrize("scheme", ["documents", "two-stage"])
def test_documents_are_drawn_in_one_round_alone(scheme: str) -> None:
    gold = coded(MIXED, draw_sample(MIXED, n=9, by=()))

    with pytest.raises(CodingError, match=f"9 units are coded already, and .*{scheme}"):
        draw_sample(gold, n=9, scheme=scheme, by=(), round=2)


def unlike() -> tuple[Gold, np.ndarray]:
    """Return 720 units, in short documents of one source and long ones of another.

    The sources write unlike.
    """
    gold = texts(*[("A", 3)] * 40, *[("B", 60)] * 10)
    share = np.where(np.array(gold.sources) == "A", 0.2, 0.8)
    y = (np.random.default_rng(5).random(len(share)) > share).astype(int)
    return replace(gold, keys=tuple((f"document:{d}",) for d in gold.documents)), y


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "by"), [*ROUNDS, (("document",), ("document",))], ids=str
)
def test_shares_of_two_rounds_are_right_and_their_intervals_cover(
    before: tuple[str, ...], by: tuple[str, ...]
) -> None:
    """Of 720 units 100 and then 100 are coded; the share of the corpus is known.

    Drawn by document, most of a short one is coded in the first round: with the chance
    of each round alone the share would be off by .02, and .90 of the intervals cover.
    """
    population, y = unlike()
    said = np.where(np.random.default_rng(6).random(len(y)) < 0.85, y, 1 - y)
    no = np.zeros(len(y), dtype=bool)
    predictions = Predictions(
        population.unit_ids, LABELS, np.eye(2)[said], no, no.astype(int) - 1, no
    )
    rng = np.random.default_rng(7)
    found = []
    for _ in range(400):
        sample = draw_sample(population, n=100, by=before, rng=rng)
        gold = coded(population, sample, y)
        sample = draw_sample(gold, n=100, by=by, rng=rng, round=2)
        gold = coded(population, sample, y)
        shares = prevalence(gold, predictions, strata=stratify(gold), estimand="corpus")
        row = shares.rows[0]
        found.append((row.share, row.low, row.high))

    share, low, high = np.array(found).T
    truth = np.mean(y == 0)
    assert abs(share.mean() - truth) < 4 * share.std() / 20
    assert np.mean((low <= truth) & (truth <= high)) > 0.93


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
def test_what_is_not_counted_is_never_drawn(scheme: str) -> None:
    counted = MIXED.counted.copy()
    counted[1::3] = False
    gold = replace(MIXED, counted=counted)

    drawn = draw_sample(gold, n=38, scheme=scheme, by=())

    assert not {row.row for row in drawn} & set(range(1, 60, 3))


def test_each_row_has_its_place() -> None:
    drawn = draw_sample(MIXED, n=9)

    assert [MIXED.unit_ids[row.row] for row in drawn] == [row.unit_id for row in drawn]


def test_a_document_is_taken_whole() -> None:
    size = Counter(MIXED.documents)

    drawn = draw_sample(MIXED, n=30, scheme="documents", by=())

    taken = Counter(row.document_id for row in drawn)
    assert taken == {document: size[document] for document in taken}


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


def test_a_date_in_another_form_is_refused() -> None:
    gold = replace(MIXED, dates=("2012-03-01",) * 59 + ("spring 2012",))

    with pytest.raises(InputError, match="unit 'u059' is dated 'spring 2012'"):
        draw_sample(gold, n=5, by=("year",))


def test_a_year_alone_has_no_month() -> None:
    gold = replace(MIXED, dates=("2012",) * 60)

    assert {row.stratum for row in draw_sample(gold, n=5, by=("month",))} == {""}


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
