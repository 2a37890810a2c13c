"""Changes: a line a contrast and label, in percentage points, with p or the reason."""

import math
from dataclasses import replace

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stance.measure.shift import Change
from stance.show.figures import COLOURS, drawn
from stance.show.figures.change import change_figure

ROW = Change(
    contrast="baseline", before="2012", after="2015", label="cooperation", base="all",
    share_before=0.3, share_after=0.18, change=-0.12, low=-0.2, high=-0.04,
    std_error=0.04, df=9.0, p=0.004, p_adjusted=0.0123, adjust="holm",
    attenuation=0.9, method="difference", estimand="corpus", level=0.95, status="ok",
    note="",
)  # fmt: skip
LONE = replace(
    ROW, label="competition", low=math.nan, high=math.nan, p=math.nan,
    p_adjusted=math.nan, status="one_document",
)  # fmt: skip


def figure_of(*rows: Change) -> Figure:
    return drawn(lambda ax: change_figure(rows, ax), size=(3.5, 2.0))


def points(ax: Axes) -> list[tuple[float, float]]:
    return [
        (float(line.get_xdata()[0]), float(line.get_ydata()[0]))
        for line in ax.lines[1:]
    ]


def test_a_change_is_drawn_in_percentage_points_with_its_interval() -> None:
    ax = figure_of(ROW).axes[0]

    assert points(ax) == [(-12, 1)]
    assert ax.collections[0].get_segments()[0][:, 0].tolist() == [-20, -4]
    assert "percentage points" in ax.get_xlabel()


def test_the_line_of_no_change_is_drawn() -> None:
    assert figure_of(ROW).axes[0].lines[0].get_xdata() == [0, 0]


def test_each_label_of_each_contrast_has_a_line_of_its_own() -> None:
    later = replace(ROW, after="2018")

    figure = figure_of(ROW, LONE, later, replace(LONE, after="2018"))

    assert [y for _, y in points(figure.axes[0])] == [1, 2, 4, 5]
    heads = [text.get_text() for text in figure.axes[0].texts]
    assert heads == ["2012 → 2015", "2012 → 2018"]


def test_adjusted_p_stands_beside_and_the_caption_says_how() -> None:
    figure = figure_of(ROW, replace(ROW, label="b", p_adjusted=0.0004))

    right = [text.get_text() for text in figure.axes[1].get_yticklabels()]
    assert right == ["p = .012", "p < .001"]
    assert "p is adjusted by Holm's method." in " ".join(figure.get_supxlabel().split())


def test_a_change_without_test_says_its_status_and_is_hollow_without_bar() -> None:
    figure = figure_of(LONE)

    ax, right = figure.axes
    assert [text.get_text() for text in right.get_yticklabels()] == ["one document"]
    assert ax.lines[1].get_markerfacecolor() == "white"
    assert list(ax.collections) == []
    assert "Hollow: one document (all)." in " ".join(figure.get_supxlabel().split())
    assert "adjusted" not in figure.get_supxlabel()


def test_the_caption_names_the_corpus_where_it_is_the_estimand() -> None:
    caption = " ".join(figure_of(ROW).get_supxlabel().split())

    assert "Method: difference, for this corpus. Bars: 95 % intervals." in caption


def test_a_trend_is_said_to_be_a_year() -> None:
    figure = figure_of(replace(ROW, contrast="trend", after="2022"))

    assert figure.axes[0].texts[0].get_text() == "trend, 2012 to 2022"
    assert "(trend: a year)" in " ".join(figure.axes[0].get_xlabel().split())


def test_a_label_has_its_colour_where_it_is_drawn_alone() -> None:
    figure = drawn(
        lambda ax: change_figure([LONE], ax, labels=("cooperation", "competition"))
    )

    assert figure.axes[0].lines[1].get_color() == COLOURS[1]


def test_the_figure_is_as_high_as_its_lines_take() -> None:
    many = [replace(ROW, after=str(year)) for year in range(2013, 2033)]

    assert figure_of(ROW).get_size_inches()[1] == 2
    assert figure_of(*many).get_size_inches()[1] > 40 * 11 / 72


def test_axes_in_a_figure_with_others_leave_its_size() -> None:
    figure = Figure(figsize=(3, 1))
    ax, _ = figure.subplots(2)

    change_figure([ROW, LONE], ax)

    assert figure.get_size_inches().tolist() == [3, 1]


def test_no_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="no row has the base 'all'"):
        figure_of()
