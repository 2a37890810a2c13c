"""Shift: the worked example, contrasts, joint tests, what is said of weak strata."""

import math
import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from stance.coding.codebook import LabelSet
from stance.errors import CodingError, StanceWarning
from stance.measure.contrast import break_contrast
from stance.measure.difference import difference
from stance.measure.prevalence import PrevalenceEstimate, prevalence
from stance.measure.shift import Change, ShiftEstimate, shift
from stance.measure.simulate import WORLDS, World, simulate, simulate_columns
from stance.measure.strata import Columns, Strata, columns_of, stratify
from stance.testing import coded

#: Three labels, documents between bars; what comes of it was worked out by hand.
EARLY = "2012: 00 01 .0 | 01 11 .1 | 11 .0 | 22 00 .0 .0"
LATE = "2023: 11 10 .1 | 00 .0 | 22 21 .2 | .0 11 | .1 .2"
MIDDLE = "2016: 01 11 | 21 .1 | 10 00 .0 | 22 .2"
WELL_CODED = " | ".join(["00 11 22 01 10 .0 .1", "00 21 22 11 11 .0 .2"] * 4)
FRAMED = ("2012: 00 31 22 | 33 01 | 11 32 | 20 33", "2023: 13 33 | 22 00 | 11 | 31 21")


def estimate_of(
    columns: Columns, labels: LabelSet, strata: Strata
) -> PrevalenceEstimate:
    """Return an estimate as if there were labels enough."""
    fit = difference(columns)
    return PrevalenceEstimate(
        (), labels, strata, fit.theta, fit.influence, fit.df,
        ("ok",) * len(strata.names), "difference", "process", 0.95,
    )  # fmt: skip


def estimate(*periods: str) -> PrevalenceEstimate:
    gold, predictions = coded(*periods)
    strata = stratify(gold)
    return estimate_of(columns_of(gold, predictions, strata), gold.labels, strata)


def quietly(*periods: str, estimand: str = "process") -> PrevalenceEstimate:
    gold, predictions = coded(*periods)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", StanceWarning)
        return prevalence(gold, predictions, strata=stratify(gold), estimand=estimand)


def column(found: ShiftEstimate, field: str) -> list[float]:
    return [getattr(row, field) for row in found.rows]


def by_label(found: ShiftEstimate) -> dict[str, Change]:
    return {row.label: row for row in found.rows}


def test_the_worked_example_comes_out() -> None:
    found = shift(estimate(EARLY, LATE))

    assert column(found, "change") == pytest.approx(
        [-0.464772, 0.234289, 0.230483], abs=5e-7
    )
    assert column(found, "std_error") == pytest.approx(
        [0.268524, 0.424665, 0.361190], abs=5e-7
    )
    assert column(found, "df") == pytest.approx(
        [5.131526, 3.843017, 3.424590], abs=5e-7
    )
    assert column(found, "low") == pytest.approx(
        [-1.149748, -0.964009, -0.842420], abs=5e-7
    )
    assert column(found, "high") == pytest.approx(
        [0.220204, 1.432587, 1.303386], abs=5e-7
    )


def test_the_joint_test_of_the_worked_example_comes_out() -> None:
    joint = shift(estimate(EARLY, LATE)).joint[0]

    assert (joint.f, joint.df2, joint.p) == pytest.approx(
        (1.209774, 3.133044, 0.408012), abs=5e-7
    )
    assert (joint.df1, joint.note) == (2, "")


def test_shares_before_and_after_differ_by_the_change() -> None:
    rows = shift(estimate(EARLY, LATE)).rows

    assert [r.share_before for r in rows] == pytest.approx(
        [0.631439, 0.242374, 0.126188], abs=5e-7
    )
    assert [r.share_after - r.share_before for r in rows] == pytest.approx(
        [r.change for r in rows]
    )


def test_holm_takes_the_labels_of_one_contrast_together() -> None:
    p = column(shift(estimate(EARLY, MIDDLE, LATE)), "p")
    adjusted = column(shift(estimate(EARLY, MIDDLE, LATE)), "p_adjusted")

    assert min(adjusted[:3]) == pytest.approx(3 * min(p[:3]))
    assert min(adjusted[3:]) == pytest.approx(3 * min(p[3:]))


def test_max_t_widens_the_intervals_over_all_contrasts() -> None:
    shares = estimate(EARLY, MIDDLE, LATE)

    one = shift(shares, adjust="none")
    all_three = shift(shares, contrast="all", adjust="max-t")
    two = shift(shares, adjust="max-t")

    assert (np.array(column(two, "low")) < column(one, "low")).all()
    assert (np.array(column(all_three, "low")[:6]) < column(two, "low")).all()
    assert (np.array(column(two, "p_adjusted")) > column(one, "p")).all()
    assert column(one, "p_adjusted") == column(one, "p")


documents = st.lists(
    st.tuples(st.sampled_from("012."), st.sampled_from("012")), min_size=1, max_size=4
).map(lambda units: " ".join(y + f for y, f in units))
periods = st.lists(documents, min_size=4, max_size=6).map(" | ".join)


@given(periods, periods)
@settings(deadline=None)
def test_changes_sum_to_zero_and_turn_with_the_baseline(first: str, last: str) -> None:
    shares = estimate(f"2012: {first} 00", f"2023: {last} 11")
    assume(not np.isnan(shares.influence).any())

    there, back = (shift(shares, baseline=name) for name in ("2012", "2023"))

    assert sum(column(there, "change")) == pytest.approx(0, abs=1e-12)
    assert column(back, "change") == pytest.approx(
        [-change for change in column(there, "change")]
    )
    assert column(back, "p") == pytest.approx(column(there, "p"), nan_ok=True)
    assert column(back, "high") == pytest.approx(
        [-low for low in column(there, "low")], nan_ok=True
    )


@given(periods, periods, st.permutations(range(3)))
@settings(deadline=None)
def test_the_order_of_the_labels_changes_nothing(first, last, order) -> None:
    gold, predictions = coded(f"2012: {first} 00", f"2023: {last} 11")
    strata = stratify(gold)
    columns = columns_of(gold, predictions, strata)
    assume(not np.isnan(difference(columns).influence).any())
    names = tuple(gold.labels.names[k] for k in order)
    moved = columns._replace(
        y=np.where(columns.y < 0, -1, np.argsort(order)[columns.y]),
        proba=columns.proba[:, order],
    )

    plain = shift(estimate_of(columns, gold.labels, strata))
    other = shift(estimate_of(moved, LabelSet(names), strata))

    rows = by_label(other)
    assert [rows[r.label].low for r in plain.rows] == pytest.approx(
        column(plain, "low"), nan_ok=True
    )
    assert other.joint[0].p == pytest.approx(plain.joint[0].p, nan_ok=True, abs=1e-6)


def test_adjacent_changes_add_up_to_the_whole() -> None:
    shares = estimate(EARLY, MIDDLE, LATE)

    steps = np.reshape(column(shift(shares, contrast="adjacent"), "change"), (2, 3))
    whole = column(shift(shares, baseline="2012"), "change")[3:]

    assert steps.sum(axis=0) == pytest.approx(whole)


def test_a_contrast_equals_the_quadratic_form_of_its_covariance() -> None:
    shares = estimate(EARLY, MIDDLE, LATE)
    c = np.array([-1.0, 0.25, 0.75])
    weights = {"later": dict(zip(shares.strata.names, c, strict=True))}

    row = shift(shares, contrast=weights).rows[1]

    psi = shares.influence[:, :, 1]
    v = np.diag(psi.T @ psi)
    assert row.change == pytest.approx(c @ shares.theta[:, 1])
    assert row.std_error**2 == pytest.approx(c @ (psi.T @ psi) @ c)
    assert row.df == pytest.approx(
        (c**2 @ v) ** 2 / ((c**2 * v) ** 2 / shares.df).sum()
    )
    assert (row.contrast, row.before, row.after) == ("later", "2012", "2016+2023")


def test_a_trend_is_a_change_a_year() -> None:
    shares = estimate(EARLY, MIDDLE, LATE)

    rows = shift(shares, contrast="trend").rows

    slopes = np.polyfit([2012, 2016, 2023], shares.theta, 1)[0]
    assert [row.change for row in rows] == pytest.approx(slopes)
    assert rows[0].share_after == pytest.approx(shares.theta[2, 0])
    assert (rows[0].before, rows[0].after) == ("2012", "2023")


def test_a_break_that_was_named_is_a_contrast() -> None:
    shares = estimate(EARLY, MIDDLE, LATE)

    row = shift(shares, contrast=break_contrast(shares.strata.names, at="2018")).rows[0]

    assert (row.contrast, row.before) == ("from 2018", "2012+2016")
    assert row.share_before == pytest.approx(shares.theta[:2, 0].mean())


def test_a_document_in_two_strata_is_counted_once() -> None:
    """A text and its translation vary together, so that their difference does not."""
    shares = estimate(EARLY, LATE)
    together = replace(shares, influence=shares.influence.sum(axis=1, keepdims=True)
                       * np.ones((1, 2, 1)))  # fmt: skip

    row = shift(together).rows[0]

    assert math.isnan(row.std_error)
    assert row.note == "no interval: the label does not vary over documents"


def test_framed_shares_have_rows_of_their_own() -> None:
    found = shift(estimate(*FRAMED))

    assert [row.base for row in found.rows] == ["all"] * 4 + ["framed"] * 3
    assert sum(row.change for row in found.rows[4:]) == pytest.approx(0, abs=1e-12)
    assert [(test.base, test.df1) for test in found.joint] == [
        ("all", 3),
        ("framed", 2),
    ]


def test_rows_stand_contrast_by_contrast() -> None:
    found = shift(estimate(*FRAMED, "2024: 00 11 | 33 22 | 10 03"))

    assert [row.after for row in found.rows] == ["2023"] * 7 + ["2024"] * 7
    assert [(t.after, t.base) for t in found.joint[1:3]] == [
        ("2023", "framed"), ("2024", "all"),
    ]  # fmt: skip


def test_a_stratum_without_interval_gives_its_change_none() -> None:
    found = shift(quietly(f"2012: {WELL_CODED}", "2013: 00 .1 .1 | 11 .1 | 22 .2"))

    row = found.rows[0]
    assert row.change == pytest.approx(row.share_after - row.share_before)
    assert math.isnan(row.low)
    assert math.isnan(row.p_adjusted)
    assert (row.status, row.note) == ("descriptive", "no interval: 2013 descriptive")
    assert found.joint[0].note == "no test: a stratum has no interval"


def test_max_t_leaves_out_what_has_no_interval() -> None:
    shares = quietly(
        f"2012: {WELL_CODED}",
        "2013: 00 .1 .1 | 11 .1 | 22 .2",
        f"2014: {WELL_CODED} 00",
    )

    rows = shift(shares, adjust="max-t").rows

    assert np.isnan([row.high for row in rows[:3]]).all()
    assert np.isfinite([row.high for row in rows[3:]]).all()


def test_an_extrapolated_stratum_has_an_interval_and_its_change_none() -> None:
    years = [f"{year}: {WELL_CODED}" for year in range(2012, 2017)]

    row = shift(quietly(*years, "2017: .0 .1 | .1 .1")).rows[-1]

    assert row.status == "extrapolated"
    assert math.isnan(row.std_error)
    assert "a prediction interval is of one stratum, not of a change" in row.note


def test_a_trend_is_over_the_years_with_interval() -> None:
    years = [f"{year}: {WELL_CODED}" for year in range(2012, 2017)]

    row = shift(quietly(*years, "2017: .0 .1 | .1 .1"), contrast="trend").rows[0]

    assert (row.status, row.after) == ("ok", "2016")
    assert row.note == "without 2017: no interval there"
    assert row.low <= row.change <= row.high


@pytest.mark.parametrize(
    ("status", "weaker"),
    [
        (("few_labels", "ok"), "few_labels"),
        (("descriptive", "one_document"), "one_document"),
        (("extrapolated", "descriptive"), "descriptive"),
    ],
)
def test_the_status_of_a_change_is_the_weaker_one(status, weaker) -> None:
    shares = replace(estimate(EARLY, LATE), status=status)

    assert shift(shares).rows[0].status == weaker


def test_units_that_were_not_drawn_are_said() -> None:
    shares = replace(estimate(EARLY, LATE), status=("few_labels", "convenience"))

    row = shift(shares).rows[0]

    assert (row.status, row.note) == ("convenience", "2023 not drawn at random")


def test_a_corpus_that_is_coded_whole_changes_exactly() -> None:
    found = shift(quietly("2012: 00 11 22 | 00", "2023: 11 01 | 22", estimand="corpus"))

    row = found.rows[0]
    assert (row.change, row.low, row.high) == pytest.approx((-1 / 6,) * 3)
    assert (row.std_error, math.isnan(row.p)) == (0, True)
    assert row.note == "every unit is coded: the change is exact"
    assert math.isnan(found.joint[0].p)


def test_a_label_that_nobody_used_has_no_interval() -> None:
    found = shift(estimate("2012: 00 11 | 01 00 | 11", "2023: 11 00 | 10 11 | 00"))

    row = by_label(found)["countermeasure"]
    assert math.isnan(row.low)
    assert row.note == "no interval: the label does not vary over documents"
    assert found.joint[0].note.startswith("no test: too few documents")


def test_two_documents_a_period_are_too_few_for_a_joint_test_of_four_labels() -> None:
    """Two documents about their mean vary in one way, and the test is of three."""
    columns, _ = simulate_columns(WORLDS["null-4"], n_coded=40, n_documents=2, rng=1)
    strata = Strata("year", ("2001", "2002"), columns.stratum, columns.component)
    shares = estimate_of(columns, LabelSet(tuple("abcd")), strata)

    found = shift(replace(shares, influence=difference(columns, 0.0).influence))

    assert math.isnan(found.joint[0].f)
    assert found.joint[0].note.startswith("no test: too few documents")
    assert np.isfinite(column(found, "p")).all()


@pytest.mark.parametrize(
    ("alpha", "kept", "said"),
    [
        (0.906, 0.952, ""),
        (0.75, 0.866, "about 87% of a true change is seen"),
        (0.6, 0.775, "below 0.667, the level for tentative conclusions"),
        (-0.1, 0.0, "below 0.667"),
    ],
)
@pytest.mark.filterwarnings("ignore::stance.errors.StanceWarning")
def test_coders_error_leaves_the_root_of_alpha(alpha, kept, said) -> None:
    row = shift(estimate(EARLY, LATE), alpha=alpha).rows[0]

    assert row.attenuation == pytest.approx(kept, abs=1e-3)
    assert said in row.note


def test_a_low_alpha_warns_and_none_is_no_attenuation() -> None:
    with pytest.warns(StanceWarning, match="below 0.667"):
        shift(estimate(EARLY, LATE), alpha=0.5)

    assert math.isnan(shift(estimate(EARLY, LATE)).rows[0].attenuation)


def test_all_pairs_without_max_t_are_warned_of() -> None:
    shares = estimate(EARLY, MIDDLE, LATE)

    with pytest.warns(StanceWarning, match="each of 3 pairs, not over them: use max-t"):
        found = shift(shares, contrast="all")

    assert "use max-t" in found.rows[0].note


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(CodingError, match=r"has 1 value \(2012\); a shift needs two"):
        shift(estimate(EARLY))
    with pytest.raises(ValueError, match="adjust 'bonferroni' is not one of"):
        shift(estimate(EARLY, LATE), adjust="bonferroni")
    with pytest.raises(ValueError, match="alpha must be at most 1"):
        shift(estimate(EARLY, LATE), alpha=79)


@pytest.mark.slow
@pytest.mark.parametrize("world", ["null", "null-4"])
@pytest.mark.parametrize(("scheme", "n"), [("paragraphs", 50), ("documents", 200)])
def test_no_change_is_rarely_found(world: str, scheme: str, n: int) -> None:
    """Joint test and Holm's: at most .065, within 3 Monte Carlo standard errors."""
    labels = LabelSet(tuple("abcd"[: len(WORLDS[world].shares[0])]))
    joint, any_label = [], []
    for rng in range(300):
        columns, _ = simulate_columns(WORLDS[world], n_coded=n, scheme=scheme, rng=rng)
        strata = Strata("year", ("2001", "2002"), columns.stratum, columns.component)
        found = shift(estimate_of(columns, labels, strata))
        joint.append(found.joint[0].p < 0.05)
        any_label.append(np.nanmin(column(found, "p_adjusted")) < 0.05)

    bound = 0.065 + 3 * (0.05 * 0.95 / 300) ** 0.5
    assert np.mean(joint) <= bound
    assert np.mean(any_label) <= bound


@pytest.mark.slow
def test_max_t_holds_over_all_pairs_of_five_periods() -> None:
    shares = (WORLDS["null"].shares[0],) * 5
    world = World("null-5", shares, (1.5,) * 5, ((0.0,) * 3,) * 5)
    labels = LabelSet(("a", "b", "c"))
    names = tuple("12345")
    covered = []
    for rng in range(120):
        columns, _ = simulate_columns(world, n_coded=60, n_documents=40, rng=rng)
        strata = Strata("year", names, columns.stratum, columns.component)
        found = shift(
            estimate_of(columns, labels, strata), contrast="all", adjust="max-t"
        )
        inside = [row.low <= 0 <= row.high for row in found.rows]
        assert inside == [row.p_adjusted > 0.05 for row in found.rows]
        covered.append(all(inside))

    assert 0.90 <= np.mean(covered) <= 0.99


@pytest.mark.slow
def test_the_interval_of_the_change_holds_the_truth() -> None:
    world = WORLDS["differing"]
    truth = np.subtract(world.shares[1], world.shares[0])
    covered = []
    for rng in range(150):
        gold, predictions, _ = simulate(world, n_coded=100, rng=rng)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", StanceWarning)
            shares = prevalence(gold, predictions, strata=stratify(gold))
        covered.append(
            [
                r.low <= t <= r.high
                for r, t in zip(shift(shares).rows, truth, strict=True)
            ]
        )

    assert np.mean(covered) == pytest.approx(0.95, abs=3 * (0.95 * 0.05 / 150) ** 0.5)
