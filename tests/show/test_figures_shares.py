"""Shares over time: intervals, n, gaps, statuses, and colours that stay."""

import itertools
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from stance.errors import InputError
from stance.measure.prevalence import Prevalence
from stance.show.figures import COLOURS, drawn, save
from stance.show.figures.fonts import chinese_font
from stance.show.figures.shares import places, shares_figure

LABELS = ("cooperation", "competition", "none")
ROW = Prevalence(
    stratum="2012", label="cooperation", base="all", share=0.2, low=0.1, high=0.35,
    std_error=0.05, df=7.0, n_coded=31, n_units=340, n_documents=12,
    n_coded_documents=8, effective_documents=6.5, tuning=0.5, classifier_share=0.25,
    correction=-0.05, method="difference", estimand="process", level=0.9, status="ok",
    note="",
)  # fmt: skip


def rows(*strata: str, labels: tuple[str, ...] = LABELS) -> list[Prevalence]:
    return [
        replace(ROW, stratum=name, label=label) for name in strata for label in labels
    ]


def figure_of(rows: list[Prevalence], *, width: float = 7.0) -> Figure:
    return drawn(lambda ax: shares_figure(rows, ax, labels=LABELS), size=(width, 3.0))


def points(ax: Axes) -> list[tuple[float, float, bool]]:
    """Return x, y and whether the marker is filled, of each estimate drawn."""
    return [
        (*map(float, line.get_xydata()[0]), line.get_markerfacecolor() != "white")
        for line in ax.lines
        if line.get_linestyle() == "None"
    ]


def bars(ax: Axes) -> list[list[float]]:
    """Return the ends of each interval drawn."""
    found = [c for c in ax.collections if isinstance(c, LineCollection)]
    return [segment[:, 1].tolist() for c in found for segment in c.get_segments()]


def names_under(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.get_xticklabels()]


def test_an_estimate_stands_at_its_share_with_its_interval() -> None:
    ax = figure_of(rows("2012", labels=("cooperation",))).axes[0]

    assert points(ax) == [(2012, 0.2, True)]
    assert bars(ax) == [[0.1, 0.35]]


def test_an_estimate_without_interval_has_no_bar() -> None:
    lone = replace(ROW, low=math.nan, high=math.nan, status="descriptive")

    figure = figure_of([lone])

    assert bars(figure.axes[0]) == []
    assert "There are no intervals" in figure.get_supxlabel()


def test_years_stand_at_their_distance_with_a_gap_where_there_is_no_text() -> None:
    ax = figure_of(rows("2012", "2013", "2017", labels=("cooperation",))).axes[0]

    line = ax.lines[0].get_xydata()
    assert line[:, 0].tolist() == [2012, 2013, 2014, 2015, 2016, 2017]
    assert np.isnan(line[:, 1]).tolist() == [False, False, True, True, True, False]


def test_no_line_leads_to_a_year_with_a_single_document() -> None:
    found = rows("2012", "2013", "2014", labels=("cooperation",))
    alone = [replace(found[0], n_documents=1), *found[1:]]

    line = figure_of(alone).axes[0].lines[0].get_xydata()

    assert np.isnan(line[:, 1]).tolist() == [True, False, False]


def test_months_stand_at_their_distance_over_the_turn_of_the_year() -> None:
    where, linked = places(["2018-11", "2018-12", "2019-01", "2019-04"])

    xs = [place.x for place in where.values()]
    assert np.diff(xs).tolist() == [1, 1, 3]
    assert linked


@pytest.mark.parametrize("names", [["en", "zh"], ["2012-03-04", "2015-01-01"]])
def test_what_is_neither_year_nor_month_is_not_joined_by_a_line(
    names: list[str],
) -> None:
    ax = figure_of(rows(*names, labels=("cooperation",))).axes[0]

    assert [line.get_linestyle() for line in ax.lines] == ["None", "None"]


def test_labels_of_a_stratum_stand_beside_each_other() -> None:
    ax = figure_of(rows("2012")).axes[0]

    xs = [x for x, _, _ in points(ax)]
    assert xs == sorted(xs)
    assert len(set(xs)) == 3
    assert np.mean(xs) == pytest.approx(2012)


def test_axes_of_shares_start_at_zero_and_end_at_one_at_most() -> None:
    high = [replace(row, share=0.9, high=1.0) for row in rows("2012")]

    assert figure_of(rows("2012")).axes[0].get_ylim() == (0, 0.4)
    assert figure_of(high).axes[0].get_ylim() == (0, 1)


def test_coded_and_all_units_stand_under_the_stratum() -> None:
    ax = figure_of(rows("2012", "2015")).axes[0]

    assert names_under(ax) == ["2012\n31\n340", "2015\n31\n340"]


@pytest.mark.parametrize(
    "status", ["few_labels", "extrapolated", "descriptive", "one_document"]
)
def test_what_is_not_ok_is_hollow_and_the_caption_says_why(status: str) -> None:
    weak = [replace(row, status=status) for row in rows("2013")]

    figure = figure_of(rows("2012") + weak)

    filled = {round(x): is_filled for x, _, is_filled in points(figure.axes[0])}
    assert filled == {2012: True, 2013: False}
    assert f"Hollow: {status.replace('_', ' ')} (2013)." in figure.get_supxlabel()


def test_the_caption_says_method_estimand_and_level_as_the_rows_do() -> None:
    caption = figure_of(rows("2012")).get_supxlabel()

    assert "Method: difference, for the process that writes such texts." in caption
    assert "Bars: 90 % intervals." in " ".join(caption.split())
    assert "Hollow" not in caption


def test_a_label_has_its_colour_where_it_is_drawn_alone() -> None:
    alone = figure_of(rows("2012", labels=("competition",))).axes[0]

    assert to_hex(alone.lines[-1].get_color()).upper() == COLOURS[1]


def test_shares_of_framed_units_are_drawn_when_asked_for() -> None:
    both = [ROW, replace(ROW, base="framed", share=0.3)]

    figure = drawn(lambda ax: shares_figure(both, ax, base="framed"))

    assert [y for _, y, _ in points(figure.axes[0])] == [0.3]
    assert figure.axes[0].get_ylabel() == "share of the units with a frame"


def test_a_share_that_is_not_known_is_not_drawn() -> None:
    """Of framed units where a stratum has none."""
    none = {"share": math.nan, "low": math.nan, "high": math.nan}
    empty = [replace(row, **none) for row in rows("2013")]

    figure = figure_of(rows("2012") + empty)
    figure.draw_without_rendering()

    assert figure.axes[0].get_ylim() == (0, 0.4)


def test_a_base_that_no_row_has_is_refused() -> None:
    with pytest.raises(ValueError, match="no row has the base 'framed'"):
        drawn(lambda ax: shares_figure([ROW], ax, base="framed"))


def test_many_years_in_a_column_get_a_panel_a_label() -> None:
    years = [str(year) for year in range(2003, 2023)]

    figure = figure_of(rows(*years), width=3.5)

    host, *panels = figure.axes
    assert not host.axison
    assert [panel.get_title(loc="left") for panel in panels] == list(LABELS)
    assert {panel.get_ylim() for panel in panels} == {(0, 0.4)}
    assert names_under(panels[0]) == [""] * 20
    assert names_under(panels[-1])[0] == "2003: 31/340"


def test_year_and_source_get_a_panel_a_source_on_the_same_years() -> None:
    names = ["2012 / Global Times", "2015 / Global Times", "2012 / China Daily"]

    figure = figure_of(rows(*names))

    _, times, daily = figure.axes
    assert [times.get_title(loc="left"), daily.get_title(loc="left")] == [
        "Global Times", "China Daily",
    ]  # fmt: skip
    assert times.get_xlim() == daily.get_xlim() == (2011.5, 2015.5)
    assert names_under(daily) == ["2012\n31\n340"]


def test_panels_take_a_place_in_a_grid() -> None:
    ax = Figure().add_axes((0, 0, 1, 1))

    with pytest.raises(ValueError, match="ax must be of a grid"):
        shares_figure(rows("2012 / a", "2012 / b"), ax)


@pytest.mark.parametrize("width", [3.5, 7.0])
@pytest.mark.parametrize("n", [1, 5, 20])
def test_nothing_under_the_axis_overlaps(width: float, n: int) -> None:
    figure = figure_of(rows(*[str(2000 + i) for i in range(n)]), width=width)

    figure.draw_without_rendering()

    lowest = figure.axes[-1].get_xticklabels()
    boxes = [text.get_window_extent() for text in lowest]
    gaps = [b.x0 - a.x1 for a, b in itertools.pairwise(boxes)]
    assert min(gaps, default=1) > 0
    assert min(box.y0 for box in boxes) > 0


def test_a_name_with_dollars_is_drawn_as_it_is() -> None:
    figure = figure_of(rows("from $5 to $6", "b"))

    ticks = figure.axes[0].get_xticklabels()
    assert ticks[0].get_text().startswith("from $5 to $6")
    assert not ticks[0].get_parse_math()


def test_a_name_with_a_character_without_font_is_refused_before_drawing() -> None:
    with pytest.raises(InputError, match=r"U\+E000"):
        figure_of(rows("a\ue000"))


@pytest.mark.skipif(not chinese_font(), reason="no Chinese font is here")
def test_chinese_labels_and_sources_are_drawn_the_same_twice(tmp_path: Path) -> None:
    chinese = rows("人民日报", "环球时报", labels=("合作", "竞争", "none"))

    for name in ("a.png", "b.png"):
        save(lambda ax: shares_figure(chinese, ax), tmp_path / name)

    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
