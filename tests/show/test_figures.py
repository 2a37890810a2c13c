"""Figures: the same bytes each time, colours of their own, no text as mathematics."""

import hashlib
import itertools
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stance.errors import InputError
from stance.measure.reliability import Bin, reliability
from stance.model.abstain import Kept
from stance.model.model import Model
from stance.show.card import figures
from stance.show.figures import (
    COLOURS,
    NONE_COLOUR,
    colour_of,
    drawn,
    marker_of,
    save,
    style,
    svg,
)
from stance.show.figures.fonts import chinese_font
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
from stance.show.figures.fonts import chinese_font
from stance.show.figures.trust import reliability_figure
bins = (Bin(bin=1, low=0.4, high=0.6, confidence=0.5, accuracy=0.25, n=8),
        Bin(bin=2, low=0.7, high=0.9, confidence=0.8, accuracy=1.0, n=7))
print(svg(lambda ax: reliability_figure(bins, ax)), end="")
"""
#: Draws in each format, and prints the digests; other order of sets, other day.
SAVED = """
import hashlib, sys, pathlib
from stance.show.figures import save
folder = pathlib.Path(sys.argv[1])
for ending in ("png", "svg", "pdf"):
    save(lambda ax: ax.set_title(sys.argv[2]), folder / f"b.{ending}")
    print(hashlib.sha256((folder / f"b.{ending}").read_bytes()).hexdigest())
"""
CHINESE = pytest.param(
    "“小院高墙”与合作",
    marks=pytest.mark.skipif(not chinese_font(), reason="no Chinese font is here"),
)
ENDINGS = ("png", "svg", "pdf")
LABELS = ("cooperation", "competition", "countermeasure", "none")
#: Machado, Oliveira and Fernandes (2009), table 1, severity 1: how linear RGB looks
#: without the red, green and blue receptor.
BLIND = {
    "nothing lost": np.eye(3),
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def lab(colour: str, blindness: str) -> np.ndarray:
    """Return a colour in CIE L*a*b*, as someone sees it."""
    rgb = np.array(mpl.colors.to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(BLIND[blindness]) @ linear, 0, 1)
    to_xyz = [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
    ratio = np.array(to_xyz) @ seen / np.array([0.95047, 1.0, 1.08883])
    x, y, z = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def money(ax: Axes) -> Axes:
    ax.set_title("from $5 to $6")
    return ax


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


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_has_the_same_bytes_twice(tmp_path: Path, ending: str) -> None:
    save(money, tmp_path / f"a.{ending}")
    save(money, tmp_path / f"b.{ending}")

    first = (tmp_path / f"a.{ending}").read_bytes()
    assert first == (tmp_path / f"b.{ending}").read_bytes()
    assert len(first) > 1000


@pytest.mark.slow
@pytest.mark.parametrize("title", ["from $5 to $6", CHINESE])
def test_a_file_has_the_same_bytes_in_another_process(
    tmp_path: Path, title: str
) -> None:
    found = subprocess.run(
        [sys.executable, "-c", SAVED, str(tmp_path), title],
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai",
             "SOURCE_DATE_EPOCH": "1"},
        capture_output=True, check=True, encoding="utf-8",
    ).stdout.split()  # fmt: skip
    for ending in ENDINGS:
        save(lambda ax: ax.set_title(title), tmp_path / f"a.{ending}")
    here = [(tmp_path / f"a.{ending}").read_bytes() for ending in ENDINGS]

    assert found == [hashlib.sha256(content).hexdigest() for content in here]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_says_nothing_of_program_or_day(tmp_path: Path, ending: str) -> None:
    save(money, tmp_path / f"a.{ending}")

    content = (tmp_path / f"a.{ending}").read_bytes()
    said = re.findall(rb"CreationDate|Producer|Software|<dc:date>|atplotlib v", content)
    assert said == []


def test_fonts_are_embedded_as_truetype_in_pdf(tmp_path: Path) -> None:
    save(money, tmp_path / "a.pdf")

    content = (tmp_path / "a.pdf").read_bytes()
    assert b"/FontFile2" in content
    assert b"/Type3" not in content


def test_a_png_has_so_many_pixels_an_inch(tmp_path: Path) -> None:
    save(money, tmp_path / "a.png", size=(3.5, 2.0), dpi=300)

    header = (tmp_path / "a.png").read_bytes()[16:24]
    width, height = int.from_bytes(header[:4], "big"), int.from_bytes(header[4:], "big")
    assert (width, height) == (1050, 600)


def test_another_ending_is_refused_and_the_three_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.png, \.svg or \.pdf"):
        save(money, tmp_path / "a.jpg")

    assert list(tmp_path.iterdir()) == []


def test_a_character_without_font_leaves_the_file_that_was_there(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.png").write_bytes(b"before")

    with pytest.raises(InputError, match=r"U\+E000"):
        save(lambda ax: ax.set_title("a\ue000b"), tmp_path / "a.png")

    assert (tmp_path / "a.png").read_bytes() == b"before"


def test_a_figure_that_was_drawn_is_saved_with_its_own_size(tmp_path: Path) -> None:
    figure = drawn(money, size=(2.0, 1.0))

    save(figure, tmp_path / "a.png")

    assert (tmp_path / "a.png").read_bytes()[16:20] == (300).to_bytes(4, "big")


def test_dollars_in_a_figure_that_was_drawn_elsewhere_are_money(
    tmp_path: Path,
) -> None:
    figure = Figure()
    figure.text(0, 0, "from $5 to $6")

    save(figure, tmp_path / "a.svg")

    drawing = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert glyphs(drawing) == len("from $5 to $6")


def test_a_label_keeps_its_colour_whether_or_not_others_are_there() -> None:
    assert colour_of(LABELS)["countermeasure"] == COLOURS[2]
    assert colour_of(LABELS[:3])["countermeasure"] == COLOURS[2]


def test_none_is_grey_wherever_it_stands_and_takes_no_place() -> None:
    found = colour_of(("none", "合作", "竞争"))

    assert found == {"none": NONE_COLOUR, "合作": COLOURS[0], "竞争": COLOURS[1]}


def test_colour_and_shape_together_tell_56_labels_apart() -> None:
    labels = [f"label {n}" for n in range(56)]
    colours, markers = colour_of(labels), marker_of(labels)

    assert len({(colours[label], markers[label]) for label in labels}) == 56


def test_more_labels_than_can_be_told_apart_are_refused() -> None:
    with pytest.raises(ValueError, match="57 labels"):
        colour_of([f"label {n}" for n in range(57)])


@pytest.mark.parametrize("blindness", BLIND)
def test_the_first_labels_are_told_apart_by_the_colour_blind(blindness: str) -> None:
    """A difference of 10 is seen at a glance; 14 is the least here (purple, grey)."""
    colours = [*COLOURS[:4], NONE_COLOUR]

    apart = [
        float(np.linalg.norm(lab(one, blindness) - lab(other, blindness)))
        for one, other in itertools.combinations(colours, 2)
    ]

    assert min(apart) > 14


def test_no_two_of_the_first_eight_shapes_are_the_same() -> None:
    markers = marker_of([f"label {n}" for n in range(8)] + ["none"])

    assert len(set(markers.values())) == 9
