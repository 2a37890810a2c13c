"""Permutation of documents: exact where enumerable, refused where hopeless."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from stance.coding.predictions import Gold
from stance.errors import CodingError
from stance.measure.permutation import permutation_test
from stance.measure.simulate import WORLDS, simulate
from stance.measure.strata import stratify
from stance.testing import coded

EARLY = "2012: 00 00 10 | 00 10 | 10 | 00 20"
LATE = "2023: 10 10 20 | 10 | 20 10 | 10 00"


def gold_of(*periods: str, sources: str = "") -> Gold:
    """Return coded units; sources are a letter a unit."""
    gold, _ = coded(*periods)
    return replace(gold, sources=tuple(sources)) if sources else gold


def test_the_statistic_is_pearsons() -> None:
    gold = gold_of(EARLY, LATE)

    found = permutation_test(gold, strata=stratify(gold), n_permutations=9)

    table = [[4, 3, 1], [1, 5, 2]]  # counted by hand above
    assert found.statistic == pytest.approx(
        stats.chi2_contingency(np.array(table)).statistic
    )


def test_p_is_that_of_all_70_orders_of_four_and_four_documents() -> None:
    gold = gold_of(EARLY, LATE)
    document = np.unique(gold.documents, return_inverse=True)[1]
    counts = np.zeros((8, 3))
    np.add.at(counts, (document, gold.y), 1)

    found = permutation_test(gold, strata=stratify(gold), n_permutations=20_000)

    every = [
        stats.chi2_contingency(
            [counts[list(c)].sum(axis=0), np.delete(counts, c, axis=0).sum(axis=0)]
        ).statistic
        for c in combinations(range(8), 4)
    ]
    exact = np.mean(np.array(every) >= found.statistic - 1e-9)
    assert found.p == pytest.approx(exact, abs=0.01)
    assert (found.n_documents, found.n_strata) == (8, 2)


def test_four_against_four_documents_reach_five_per_cent() -> None:
    gold = gold_of("2012: 00 | 00 | 00 | 00", "2023: 10 | 10 | 10 | 10")

    found = permutation_test(gold, strata=stratify(gold))

    assert found.p == pytest.approx(2 / 70, abs=0.006)


def test_p_follows_from_the_seed_and_is_never_zero() -> None:
    gold = gold_of(EARLY, LATE)
    strata = stratify(gold)

    first, second = (permutation_test(gold, strata=strata, rng=4) for _ in range(2))

    assert first == second
    assert permutation_test(gold, strata=strata, n_permutations=19).p >= 1 / 20


def test_three_documents_a_period_are_refused() -> None:
    gold = gold_of("2012: 00 | 00 | 00 | .1", "2023: 10 | 10 | 10 | 10")

    with pytest.raises(
        CodingError,
        match="2012 has 3 coded documents: below 4 documents a period no permutation",
    ):
        permutation_test(gold, strata=stratify(gold))


def test_one_period_is_refused() -> None:
    gold = gold_of(EARLY)

    with pytest.raises(CodingError, match="has 1 value; a permutation test needs two"):
        permutation_test(gold, strata=stratify(gold))


def test_units_that_nobody_coded_change_nothing() -> None:
    gold = gold_of(EARLY, LATE)
    more = gold_of(EARLY + " .0 .1 | .2", LATE)

    found = [permutation_test(g, strata=stratify(g)) for g in (gold, more)]

    assert found[0] == found[1]


def test_within_sources_a_change_of_their_mix_is_none() -> None:
    """Each source writes one thing; only how often each writes has changed."""
    gold = gold_of(
        "2012: 00 | 00 | 00 | 00 | 00 | 00 | 10 | 10",
        "2023: 00 | 00 | 10 | 10 | 10 | 10 | 10 | 10",
        sources="aaaaaabb" + "aabbbbbb",
    )
    strata, within = stratify(gold), stratify(gold, by="source")

    free = permutation_test(gold, strata=strata)
    found = permutation_test(gold, strata=strata, within=within)

    assert free.statistic > 0
    assert (found.statistic, found.p) == (0, 1)
    assert (found.by, found.within) == ("year", "source")


def test_within_sources_a_change_of_each_is_found() -> None:
    gold = gold_of(
        "2012: 00 | 00 | 00 | 00 | 10 | 10 | 10 | 10",
        "2023: 10 | 10 | 10 | 10 | 20 | 20 | 20 | 20",
        sources="aaaabbbb" * 2,
    )

    found = permutation_test(
        gold, strata=stratify(gold), within=stratify(gold, by="source")
    )

    assert found.p < 0.05


def test_within_sources_opposite_changes_cancel() -> None:
    gold = gold_of(
        "2012: 00 | 00 | 00 | 00 | 10 | 10 | 10 | 10",
        "2023: 10 | 10 | 10 | 10 | 00 | 00 | 00 | 00",
        sources="aaaabbbb" * 2,
    )

    found = permutation_test(
        gold, strata=stratify(gold), within=stratify(gold, by="source")
    )

    assert (found.statistic, found.p) == (0, 1)


def test_sources_of_one_period_leave_nothing_to_permute() -> None:
    gold = gold_of(
        "2012: 00 | 00 | 00 | 00", "2023: 10 | 10 | 10 | 10", sources="aaaabbbb"
    )

    with pytest.raises(CodingError, match="within source the documents can change"):
        permutation_test(
            gold, strata=stratify(gold), within=stratify(gold, by="source")
        )


def test_a_document_in_two_strata_is_left_out_and_said() -> None:
    gold = gold_of(EARLY + " | 00 10", LATE)
    languages = np.where(np.array(gold.dates) == "2012", "en", "zh")
    languages[9] = "zh"  # the second unit of the fifth document
    gold = replace(gold, languages=tuple(languages.tolist()))
    others = gold_of(EARLY, LATE)

    found = permutation_test(gold, strata=stratify(gold, by="language"))

    without = permutation_test(others, strata=stratify(others))
    assert (found.n_documents, found.statistic) == (8, without.statistic)
    assert found.note == "without 1 document in two strata"


@pytest.mark.slow
def test_p_is_small_as_often_as_it_says_where_nothing_changed() -> None:
    found = []
    for rng in range(200):
        gold, _, _ = simulate(WORLDS["null"], n_coded=60, n_documents=12, rng=rng)
        strata = stratify(gold)
        found.append(
            permutation_test(gold, strata=strata, n_permutations=199, rng=rng).p
        )

    assert np.mean(np.array(found) <= 0.05) == pytest.approx(
        0.05, abs=3 * (0.05 * 0.95 / 200) ** 0.5
    )
