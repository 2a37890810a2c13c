"""A slice of ``tests/bench/coverage.py``: 150 repetitions, bounds of 3 errors."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from stance.measure.difference import difference
from stance.measure.prevalence import prevalence
from stance.measure.shift import shift
from stance.measure.simulate import WORLDS, simulate
from stance.measure.strata import columns_of, stratify

BENCH = Path(__file__).parents[1] / "bench" / "coverage.py"
N_REPETITIONS = 150
#: Three standard errors of a part of .95 of the repetitions, and of its mean over
#: labels, which vary together.
NEAR = 3 * (0.95 * 0.05 / N_REPETITIONS) ** 0.5

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def bench() -> dict:
    return runpy.run_path(str(BENCH))


@pytest.mark.parametrize("name", ["equal", "differing", "null", "differing-4"])
def test_the_interval_of_a_change_holds_it_in_95_of_100_studies(
    bench: dict, name: str
) -> None:
    cells = (("paragraphs", 50), ("paragraphs", 200), ("documents", 200))
    rows = bench["repeat"](WORLDS[name], cells, range(N_REPETITIONS))
    found = {key: bench["summary"](changes) for key, changes in rows.items()}
    ours = [s for key, s in found.items() if key[2] in ("difference", "framed")]
    corpus = [s for key, s in found.items() if key[2] == "corpus" and key[1] == 50]

    assert [s.coverage for s in ours] == pytest.approx([0.95] * len(ours), abs=NEAR)
    assert [s.coverage for s in corpus] == pytest.approx([0.95], abs=NEAR)


def test_it_is_narrower_than_that_of_the_labels_alone(bench: dict) -> None:
    cells = (("paragraphs", 50), ("paragraphs", 200))
    rows = bench["repeat"](WORLDS["differing"], cells, range(N_REPETITIONS))
    width = {key: bench["summary"](changes).width for key, changes in rows.items()}

    ratios = [
        width["paragraphs", n, "difference"] / width["paragraphs", n, "labels"]
        for n in (50, 200)
    ]
    corpus = (
        width["paragraphs", 50, "corpus"] / width["paragraphs", 50, "corpus labels"]
    )

    assert ratios[0] <= 0.86
    assert ratios[1] <= 0.91
    assert corpus <= 0.83


def test_a_useless_classifier_costs_nothing(bench: dict) -> None:
    rows = bench["repeat"](WORLDS["useless"], (("paragraphs", 50),), range(50))
    width = {key[2]: bench["summary"](changes).width for key, changes in rows.items()}

    assert width["difference"] / width["labels"] <= 1.02


def test_where_nothing_changes_a_label_is_found_to_in_few_studies(bench: dict) -> None:
    cells = (("paragraphs", 100), ("documents", 100))
    rows = bench["repeat"](WORLDS["null"], cells, range(N_REPETITIONS))
    found = [
        bench["summary"](changes).any_holm
        for key, changes in rows.items()
        if key[2] == "difference"
    ]

    assert max(found) <= 0.05 + NEAR


def test_taking_paragraphs_as_independent_is_caught(bench: dict) -> None:
    """The bench tells a valid interval from one that is not."""
    truth = np.diff(WORLDS["differing"].shares, axis=0)[0]
    studies = [
        bench["simulate_columns"](
            WORLDS["differing"], n_coded=200, scheme="documents", rng=rng
        )[0]
        for rng in range(60)
    ]

    found = bench["summary"](
        [
            bench["change"](
                difference(study._replace(component=np.arange(len(study.y)))), truth
            )
            for study in studies
        ]
    )

    assert found.coverage < 0.75


def test_a_year_without_labels_is_predicted(bench: dict) -> None:
    held = np.mean(bench["repeat_gaps"](8, 0.03, range(300)), axis=0)

    assert held[0] >= 0.89


def test_the_contrast_of_the_bench_is_that_of_the_package(bench: dict) -> None:
    gold, predictions, _ = simulate(WORLDS["differing"], n_coded=200)
    strata = stratify(gold)
    estimate = prevalence(gold, predictions, strata=strata)

    ours = bench["change"](
        difference(columns_of(gold, predictions, strata)), np.zeros(3)
    )
    rows = shift(estimate, adjust="none").rows

    assert [row.change for row in rows] == pytest.approx(ours.error.tolist())
    assert [(row.high - row.low) / 2 for row in rows] == pytest.approx(
        ours.half.tolist()
    )
    assert [row.p for row in rows] == pytest.approx(ours.p.tolist())
