"""Figures: the same bytes each time, XML, no text taken for mathematics."""

import os
import re
import subprocess
import sys
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stance.measure.reliability import Bin, reliability
from stance.model.abstain import Kept
from stance.model.model import Model
from stance.show.card import figures
from stance.show.figures import style, svg
from stance.show.figures.trust import coverage_figure, reliability_figure

SVG = "{http://www.w3.org/2000/svg}"
BINS = (
    Bin(bin=1, low=0.4, high=0.6, confidence=0.5, accuracy=0.25, n=8),
    Bin(bin=2, low=0.7, high=0.9, confidence=0.8, accuracy=1.0, n=7),
)
KEPT = (Kept(1.0, 15, 0.4, 0.4), Kept(0.5, 8, 0.125, 0.7))
AGAIN = """
from stance.show.figures import svg
from stance.measure.reliability import Bin
from stance.show.figures.trust import reliability_figure
bins = (Bin(bin=1, low=0.4, high=0.6, confidence=0.5, accuracy=0.25, n=8),
        Bin(bin=2, low=0.7, high=0.9, confidence=0.8, accuracy=1.0, n=7))
print(svg(lambda ax: reliability_figure(bins, ax)), end="")
"""


@pytest.fixture
def ax() -> Axes:
    return Figure().add_subplot()


def titled(title: str) -> str:
    """Return a figure with a title and nothing else."""

    def draw(ax: Axes) -> Axes:
        ax.set_axis_off()
        ax.set_title(title)
        return ax

    return svg(draw)


def glyphs(figure: str) -> int:
    """Return how many characters are drawn."""
    return len(re.findall(r"<use ", figure))


@pytest.mark.parametrize("name", ["reliability.svg", "coverage.svg"])
def test_a_figure_has_the_same_bytes_twice(tested: Model, name: str) -> None:
    assert figures(tested)[name] == figures(tested)[name]


@pytest.mark.slow
def test_a_figure_has_the_same_bytes_in_another_process() -> None:
    found = subprocess.run(
        [sys.executable, "-c", AGAIN],
        env={**os.environ, "PYTHONHASHSEED": "1", "TZ": "Asia/Shanghai"},
        capture_output=True, check=True, encoding="utf-8",
    ).stdout  # fmt: skip

    assert found == svg(lambda ax: reliability_figure(BINS, ax))


@pytest.mark.parametrize("name", ["reliability.svg", "coverage.svg"])
def test_a_figure_is_xml_of_svg(tested: Model, name: str) -> None:
    root = ElementTree.fromstring(figures(tested)[name])

    assert root.tag == f"{SVG}svg"


@pytest.mark.parametrize("name", ["reliability.svg", "coverage.svg"])
def test_a_figure_holds_no_date_no_program_and_nothing_that_runs(
    tested: Model, name: str
) -> None:
    figure = figures(tested)[name]

    assert (
        re.search("<dc:date>|<dc:creator>|<script|<foreignObject| on[a-z]+=", figure)
        is None
    )
    assert {tag.tag for tag in ElementTree.fromstring(figure).iter()} & {
        f"{SVG}text", f"{SVG}image", f"{SVG}a"
    } == set()  # fmt: skip


def test_a_dollar_sign_is_money() -> None:
    """As mathematics the two signs would go, and the letters be set in italics."""
    assert glyphs(titled("from $5 to $6")) == len("from $5 to $6")


def test_a_lone_dollar_sign_and_a_bad_formula_are_text() -> None:
    assert glyphs(titled(r"$\frac{$")) == len(r"$\frac{$")


def test_text_that_looks_like_mark_up_leaves_the_xml_whole() -> None:
    ElementTree.fromstring(titled("a --> b & <c> ]]>"))


def test_nothing_global_changes() -> None:
    before = dict(mpl.rcParams)

    with style():
        inside = mpl.rcParams["svg.hashsalt"]
    svg(lambda ax: reliability_figure(BINS, ax))

    assert inside == "stance"
    assert dict(mpl.rcParams) == before


def test_reliability_is_drawn_point_by_point_with_its_units(ax: Axes) -> None:
    found = reliability_figure(BINS, ax)

    assert found is ax
    assert np.array(ax.lines[1].get_xydata()).tolist() == [[0.5, 0.25], [0.8, 1.0]]
    assert [text.get_text() for text in ax.texts] == ["8", "7"]


def test_reliability_is_drawn_beside_the_line_of_perfect_probabilities(
    ax: Axes,
) -> None:
    reliability_figure(BINS, ax)

    assert np.array(ax.lines[0].get_xydata()).tolist() == [[0, 0], [1, 1]]
    assert ax.get_xlim() == (0, 1)
    assert ax.get_ylim()[0] == 0


def test_error_is_drawn_by_coverage_with_its_units(ax: Axes) -> None:
    found = coverage_figure(KEPT, ax)

    assert found is ax
    assert np.array(ax.lines[0].get_xydata()).tolist() == [[1.0, 0.4], [0.5, 0.125]]
    assert [text.get_text() for text in ax.texts] == ["15", "8"]


def test_coverage_falls_to_the_right_and_error_starts_at_zero(ax: Axes) -> None:
    coverage_figure(KEPT, ax)
    left, right = ax.get_xlim()

    assert left > right
    assert ax.get_ylim()[0] == 0
    assert ax.get_ylim()[1] > 0.4


def test_a_model_without_any_error_is_drawn_too(ax: Axes) -> None:
    coverage_figure([Kept(1.0, 4, 0.0, 0.9)], ax)

    assert ax.get_ylim()[1] > 0


def test_one_unit_alone_is_drawn(ax: Axes) -> None:
    bins = reliability(np.array([0]), np.array([[1.0, 0.0]]))

    reliability_figure(bins, ax)

    assert [text.get_text() for text in ax.texts] == ["1"]
