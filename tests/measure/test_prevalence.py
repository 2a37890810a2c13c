"""Prevalence: the ladder of statuses, both bases, what is refused."""

import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.coding.codebook import LabelSet
from stance.errors import CodingError, StanceWarning
from stance.measure.prevalence import PrevalenceEstimate, of_base, prevalence
from stance.measure.strata import stratify
from stance.testing import coded

#: Eight documents with five coded units each, and two uncoded ones.
WELL_CODED = " | ".join(["00 11 22 01 10 .0 .1"] * 8)
FEW = " | ".join(["00 11 22 01 10 .0 .1"] * 4)
FRAMED = " | ".join(["00 11 22 33 30 .0 .3"] * 8)


def estimate(
    *periods: str, method: str = "difference", estimand: str = "process"
) -> PrevalenceEstimate:
    gold, predictions = coded(*periods)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", StanceWarning)
        return prevalence(
            gold, predictions, strata=stratify(gold), method=method, estimand=estimand
        )


def test_forty_labels_in_eight_documents_are_ok() -> None:
    assert estimate(f"2012: {WELL_CODED}").status == ("ok",)


def test_twenty_labels_in_four_documents_are_few() -> None:
    assert estimate(f"2012: {FEW}").status == ("few_labels",)


def test_fewer_labels_are_described_without_interval() -> None:
    found = estimate(f"2012: {WELL_CODED}", "2013: 00 .1 .1 | 11 .1")

    rows = [row for row in found.rows if row.stratum == "2013"]
    assert found.status == ("ok", "descriptive")
    assert [row.share for row in rows] == pytest.approx([0.2, 0.8, 0.0])
    assert np.isnan([row.low for row in rows]).all()


def test_five_other_years_that_are_ok_allow_to_extrapolate() -> None:
    years = [f"{year}: {WELL_CODED}" for year in range(2012, 2017)]

    found = estimate(*years, "2017: .0 .1 | .1 .1")

    last = found.rows[-3:]
    assert found.status[-1] == "extrapolated"
    assert all(row.low <= row.share <= row.high for row in last)


def test_one_document_has_its_own_share_and_no_interval() -> None:
    found = estimate("2012: 00 11 22 00", f"2013: {WELL_CODED}")

    assert found.status == ("one_document", "ok")
    assert found.rows[0].share == pytest.approx(0.5)
    assert np.isnan(found.rows[0].low)


def test_units_not_drawn_at_random_are_of_convenience_before_all_else() -> None:
    gold, predictions = coded(f"2012: {WELL_CODED}", "2013: 00 11 22")
    gold = replace(gold, designs=())

    with pytest.warns(StanceWarning) as said:
        found = prevalence(gold, predictions, strata=stratify(gold))

    assert any("not drawn at random" in str(w.message) for w in said)
    assert found.status == ("convenience", "convenience")


def test_documents_do_not_matter_where_the_corpus_is_all_there_is() -> None:
    one = " ".join(["00 11 22 01 10 .0 .1"] * 8)

    assert estimate(f"2012: {one}", estimand="corpus").status == ("ok",)


def test_a_corpus_coded_whole_has_exact_shares() -> None:
    rows = estimate("2012: 01 10", "2017: 22 20 11", estimand="corpus").rows

    assert [row.share for row in rows] == pytest.approx([0.5, 0.5, 0, 0, 1 / 3, 2 / 3])
    assert [row.low for row in rows] == [row.high for row in rows]
    assert {row.note for row in rows} == {"every unit is coded: the share is exact"}


def test_shares_of_framed_units_leave_none_out() -> None:
    rows = estimate(f"2012: {FRAMED}").rows

    framed = [row for row in rows if row.base == "framed"]
    assert [row.label for row in framed] == [
        "cooperation",
        "competition",
        "countermeasure",
    ]
    assert sum(row.share for row in framed) == pytest.approx(1)


@given(st.lists(st.floats(0.05, 1), min_size=4, max_size=4), st.integers(0, 99))
def test_the_error_of_framed_shares_is_the_derivative(
    weights: list[float], seed: int
) -> None:
    labels = LabelSet(("a", "b", "c", "none"), residual=("none",))
    theta = np.array([weights]) / sum(weights)
    step = np.random.default_rng(seed).normal(size=(1, 1, 4)) * 1e-6

    _, r, psi = of_base("framed", labels, theta, step)
    _, moved, _ = of_base("framed", labels, theta + step[0], step)

    assert moved - r == pytest.approx(psi[0], abs=1e-9)


def test_the_correction_is_counted_by_hand() -> None:
    """Of five coded units two are cooperation, and of seven the model says three."""
    row = estimate(f"2012: {WELL_CODED}", method="dsl").rows[0]

    assert row.classifier_share == pytest.approx(3 / 7)
    assert row.share == pytest.approx(2 / 5 + 3 / 7 - 2 / 5)


def test_a_method_that_counts_the_models_labels_is_not_exact() -> None:
    rows = estimate("2012: 01 10", "2017: 20 20", method="cc", estimand="corpus").rows

    assert rows[3].share == pytest.approx(1)
    assert not any("exact" in row.note for row in rows)
    assert all("what the sources write" in row.note for row in rows)


def test_documents_drawn_whole_vary_as_documents() -> None:
    """Shares of the corpus: eight documents of 40 alike units each, two coded."""
    alike = [" ".join([f"{k}0"] * 40) for k in (0, 1)]
    whole = " | ".join([*alike, *[" ".join([".0"] * 40)] * 6])

    found = estimate(f"2012: {whole} | 22", estimand="corpus").rows[0]

    assert found.df == pytest.approx(1, abs=0.2)


def test_a_row_names_the_method_that_its_share_comes_from() -> None:
    few = "2013: 00 .1 .1 | 11 .1"

    corrected = estimate(f"2012: {WELL_CODED}", few).rows
    alone = estimate(f"2012: {WELL_CODED}", few, method="labels").rows

    assert [row.method for row in corrected[::3]] == ["difference", "pcc"]
    assert [row.method for row in alone[::3]] == ["labels", "labels"]
    assert [row.share for row in alone[3:]] == pytest.approx([0.5, 0.5, 0])


def test_a_source_that_one_period_alone_has_is_told() -> None:
    gold, predictions = coded(f"2012: {WELL_CODED}", f"2013: {WELL_CODED}")
    sources = ["FT"] * 56 + ["FT"] * 49 + ["环球时报"] * 7
    gold = replace(gold, sources=tuple(sources))

    with pytest.warns(StanceWarning) as said:
        found = prevalence(gold, predictions, strata=stratify(gold))

    assert any("year 2013: source of no other year" in str(w.message) for w in said)
    assert "source of no other year" in found.rows[-1].note
    assert "source" not in found.rows[0].note


def test_doubling_every_document_changes_no_share() -> None:
    once = estimate(f"2012: {WELL_CODED}", method="labels")
    twice = estimate(f"2012: {WELL_CODED} | {WELL_CODED}", method="labels")

    assert twice.theta == pytest.approx(once.theta)


def test_labels_in_one_of_many_documents_are_refused() -> None:
    with pytest.raises(CodingError, match="all 3 coded units are of one document"):
        estimate("2012: 00 11 22 | .0 | .1")


def test_a_label_that_nobody_gave_is_refused() -> None:
    with pytest.raises(CodingError, match="label 'countermeasure' has no coded unit"):
        estimate("2012: 00 11 | 01 .2")


def test_no_coded_unit_is_refused() -> None:
    with pytest.raises(CodingError, match="no unit is coded"):
        estimate("2012: .0 .1 | .2")


def test_units_without_documents_are_refused() -> None:
    gold, predictions = coded("2012: 00 11 | 22 .0")
    gold = replace(gold, documents=gold.unit_ids)

    with pytest.raises(CodingError, match="the document of the units is not known"):
        prevalence(gold, predictions, strata=stratify(gold))


def test_a_level_in_per_cent_is_refused() -> None:
    gold, predictions = coded("2012: 00 11 | 22 .0")

    with pytest.raises(ValueError, match=r"got 95; for 95 per cent write 0\.95"):
        prevalence(gold, predictions, strata=stratify(gold), level=95)


def test_one_document_with_many_of_the_labels_is_told() -> None:
    lopsided = f"2012: {FEW} | {'00 11 22 ' * 10}"
    gold, predictions = coded(lopsided)

    with pytest.warns(StanceWarning) as said:
        prevalence(gold, predictions, strata=stratify(gold))

    assert any("one document has 60% of the labels" in str(w.message) for w in said)
