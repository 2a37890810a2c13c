"""Strata, and what is refused before anything is estimated."""

from dataclasses import replace

import numpy as np
import pytest

from stance.coding.codebook import LabelSet
from stance.coding.predictions import Gold, Predictions
from stance.errors import CodingError, InputError, StanceWarning
from stance.measure.strata import check_by, columns_of, stratify
from stance.testing import coded


def two_years() -> tuple[Gold, Predictions]:
    return coded("2012: 00 .1 | 11", "2023: 01 | .0")


def test_years_are_strata_in_their_order() -> None:
    gold, _ = two_years()

    strata = stratify(gold, "year")

    assert strata.names == ("2012", "2023")
    assert strata.of.tolist() == [0, 0, 0, 1, 1]


def test_crossed_strata_name_both_parts() -> None:
    gold, _ = two_years()
    gold = replace(gold, sources=("环球时报", "环球时报", "CASS", "CASS", "CASS"))

    assert stratify(gold, "year,source").names == (
        "2012 / CASS",
        "2012 / 环球时报",
        "2023 / CASS",
    )


def test_the_second_of_twins_is_in_no_stratum() -> None:
    gold, _ = two_years()
    gold = replace(gold, counted=np.array([True, False, True, True, True]))

    assert stratify(gold).of.tolist() == [0, -1, 0, 1, 1]


def test_a_document_in_two_periods_is_refused_by_name() -> None:
    gold, _ = two_years()
    gold = replace(gold, documents=("a", "a", "b", "b", "c"))

    with pytest.raises(CodingError, match="document 'b' is in two periods: unit 'u2'"):
        stratify(gold)


def test_a_document_may_be_in_two_languages() -> None:
    gold, _ = two_years()
    gold = replace(gold, languages=("en", "zh", "en", "zh", "en"))

    assert stratify(gold, "language").names == ("en", "zh")


def test_units_without_a_date_are_left_out_and_counted() -> None:
    gold, _ = two_years()
    gold = replace(gold, dates=("2012", "", "2012", "2023", ""))

    with pytest.warns(StanceWarning, match="2 units have no year and are left out"):
        strata = stratify(gold)

    assert strata.of.tolist() == [0, -1, 0, 1, -1]


def test_no_date_at_all_is_an_error() -> None:
    gold, _ = two_years()

    with pytest.raises(CodingError, match="no unit has a month"):
        stratify(gold, "month")


def test_what_units_are_not_reported_by_is_refused() -> None:
    with pytest.raises(InputError, match=r"reported by 'yaer'(.|\n)*mean 'year'"):
        check_by("yaer")


def test_a_name_given_twice_is_refused() -> None:
    with pytest.raises(InputError, match="'year,source,year' names 'year' twice"):
        check_by("year,source,year")


@pytest.mark.parametrize(
    "date",
    ["May 2012", "2012/05/31", "2012-5", "12", "2012年5月", "20120531", "２０１２"],
)
def test_a_date_in_another_form_is_refused(date: str) -> None:
    gold, _ = two_years()
    gold = replace(gold, dates=("2012", "2012", date, "2023", ""))

    with pytest.raises(
        InputError, match=f"unit 'u2' is dated '{date}'(.|\n)*2012-05-31"
    ):
        stratify(gold)


def test_dates_are_not_looked_at_where_strata_are_no_times() -> None:
    gold, _ = two_years()
    gold = replace(gold, dates=("May",) * 5)

    assert stratify(gold, "language").names == ("en",)


def test_a_time_of_day_is_cut_off() -> None:
    gold, _ = two_years()
    dates = ("2012-05-31T08:00", "2012-05-31 at noon", "2012-05", "2023-01-01", "2023")
    gold = replace(gold, dates=dates)

    with pytest.warns(StanceWarning, match="2 units have no date"):
        assert stratify(gold, "date").names == ("2012-05-31", "2023-01-01")


def test_a_year_and_a_remark_are_no_month() -> None:
    gold, _ = two_years()
    gold = replace(gold, dates=("2012 spring", "2012 spring", "2012-05", "2023-01", ""))

    with pytest.warns(StanceWarning, match="3 units have no month"):
        assert stratify(gold, "month").names == ("2012-05", "2023-01")


def test_copies_of_a_document_are_one_observation() -> None:
    gold, _ = coded("2012: 00 11 22 | 00 11 22 | 00 22 22")
    one, two = ("text:1",), ("text:2",)
    shared = [one, two, (), one, two, (), one, (), ()]
    keys = zip(gold.keys, shared, strict=True)
    gold = replace(gold, keys=tuple(own + more for own, more in keys))

    component = stratify(gold).component

    assert component[0] == component[3]
    assert component[6] != component[0]


def test_predictions_by_a_model_trained_on_the_coded_text_are_refused() -> None:
    gold, predictions = two_years()
    seen = np.array([False, False, True, False, False])

    with pytest.raises(CodingError, match="'u2' and 0 more are predicted by a model"):
        columns_of(gold, replace(predictions, seen=seen), stratify(gold))


def test_an_uncoded_unit_that_the_model_was_trained_on_is_no_fault() -> None:
    gold, predictions = two_years()
    seen = np.array([False, True, False, False, False])

    found = columns_of(gold, replace(predictions, seen=seen), stratify(gold))

    assert found.y.tolist() == [0, -1, 1, 0, -1]


def test_a_document_in_two_folds_is_refused() -> None:
    gold, predictions = two_years()
    folds = np.array([0, 1, 0, 1, 1])

    with pytest.raises(CodingError, match="'u0' and 'u1' are of one document"):
        columns_of(gold, replace(predictions, fold=folds), stratify(gold))


def test_twins_counted_twice_are_refused() -> None:
    gold, predictions = two_years()
    keys = (("twin:u0",), ("twin:u0",), (), (), ())

    with pytest.raises(CodingError, match="'u0' and 'u1' are twins"):
        columns_of(replace(gold, keys=keys), predictions, stratify(gold))


@pytest.mark.parametrize("design", ["active", "stratified"])
def test_units_drawn_unevenly_without_probability_are_refused(design: str) -> None:
    gold, predictions = two_years()
    gold = replace(gold, designs=("random", "", design, "random", ""))

    with pytest.raises(CodingError, match=f"'u2' was drawn by design '{design}'"):
        columns_of(gold, predictions, stratify(gold))


def test_a_known_probability_weighs() -> None:
    gold, predictions = two_years()
    gold = replace(gold, probability=(0.5, 0.0, 0.25, 1.0, 0.0))

    found = columns_of(gold, predictions, stratify(gold))

    assert found.weight.tolist() == [2, 0, 4, 1, 0]


def test_one_probability_for_all_is_the_part_that_is_coded() -> None:
    gold, predictions = coded("2012: 00 .1 | 11 22", "2023: 01 | .0")
    gold = replace(gold, probability=(0.5, 0.0, 0.5, 0.0, 1.0, 0.0))

    found = columns_of(gold, predictions, stratify(gold))

    assert found.weight.tolist() == [1, 0, 1, 1, 1, 0]
    assert found.probability[:4] == pytest.approx([0.75] * 4)
    assert found.probability[4:] == pytest.approx([0.5] * 2)


def test_an_unknown_probability_among_uneven_ones_is_refused() -> None:
    gold, predictions = coded("2012: 00 .1 | 11 22")
    gold = replace(gold, probability=(0.5, 0.0, 0.1, 0.0))

    with pytest.raises(CodingError, match="unit 'u3' has no inclusion probability"):
        columns_of(gold, predictions, stratify(gold))


def test_a_census_among_uneven_draws_was_certain() -> None:
    gold, predictions = coded("2012: 00 .1 | 11 22")
    gold = replace(
        gold,
        designs=("random", "", "random", "census"),
        probability=(0.5, 0.0, 0.1, 0.0),
    )

    found = columns_of(gold, predictions, stratify(gold))

    assert found.weight.tolist() == [2, 0, 10, 1]


def test_a_stratum_that_is_coded_whole_was_not_drawn() -> None:
    gold, predictions = coded("2012: 00 11 | 22 01")
    gold = replace(gold, probability=(0.5, 0.5, 1.0, 1.0))

    found = columns_of(gold, predictions, stratify(gold))

    assert found.weight.tolist() == [1, 1, 1, 1]
    assert found.probability.tolist() == [1, 1, 1, 1]


def test_other_labels_are_refused() -> None:
    gold, predictions = two_years()
    other = replace(predictions, labels=LabelSet(("pro", "con", "neither")))

    with pytest.raises(CodingError, match="the predictions have the labels pro, con"):
        columns_of(gold, other, stratify(gold))
