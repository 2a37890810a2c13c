"""Ribbons: a cell a paragraph, told apart by letter as well as by colour."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.collections import PatchCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from stance.errors import InputError
from stance.show.figures import COLOURS, NONE_COLOUR, drawn
from stance.show.figures.fonts import chinese_font
from stance.show.figures.ribbon import Ribbon, letters_of, ribbon_figure

LABELS = ("cooperation", "competition", "none")
PAPER = Ribbon("From $5 to $6", ("cooperation", "", "competition", "none"))


def figure_of(*documents: Ribbon, width: float = 3.5) -> Figure:
    return drawn(
        lambda ax: ribbon_figure(documents, ax, labels=LABELS), size=(width, 1.0)
    )


def said(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


def cells(figure: Figure) -> list[int]:
    """Return how many cells each line of a ribbon has."""
    lines = [c for c in figure.axes[0].collections if isinstance(c, PatchCollection)]
    return [len(line.get_paths()) for line in lines]


def test_a_paragraph_is_a_cell_in_its_labels_colour_and_an_empty_one_is_white() -> None:
    line = figure_of(PAPER).axes[0].collections[0]

    colours = [to_hex(colour).upper() for colour in line.get_facecolor()]
    assert colours == [COLOURS[0], "#FFFFFF", COLOURS[1], NONE_COLOUR]


def test_title_size_and_a_letter_in_each_cell_are_written() -> None:
    found = said(figure_of(PAPER))

    assert found == ["From $5 to $6", "4 paragraphs", "C", "M", "N"]


def test_a_long_document_goes_on_with_the_number_of_its_paragraph() -> None:
    figure = figure_of(Ribbon("Long", ("none",) * 50))

    assert cells(figure) == [22, 22, 6]
    assert [text for text in said(figure) if text.isdigit()] == ["23", "45"]
    assert "A line that goes on" in figure.get_supxlabel()


def test_all_documents_stand_in_the_order_given_in_a_figure_high_enough() -> None:
    figure = figure_of(*[Ribbon(f"Text {n}", ("none",)) for n in range(30)])

    titles = [text for text in figure.axes[0].texts if text.get_text()[:4] == "Text"]
    heights = [text.get_position()[1] for text in titles]
    assert heights == sorted(heights)
    assert figure.get_size_inches()[1] > 30 * 25 / 72


def test_a_long_title_is_cut_before_the_number_of_paragraphs() -> None:
    figure = figure_of(
        Ribbon("A title that is far too long for a column " * 3, ("none",))
    )

    figure.draw_without_rendering()

    title, size = (text.get_window_extent() for text in figure.axes[0].texts[:2])
    assert said(figure)[0].endswith("…")
    assert title.x1 < size.x0


def test_the_key_names_letters_and_labels_that_occur() -> None:
    figure = figure_of(Ribbon("a", ("competition", "none")))

    key = [text.get_text() for text in figure.legends[0].get_texts()]
    assert key == ["M  competition", "N  none"]


def test_a_label_that_the_codebook_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no place in labels for \['threat'\]"):
        figure_of(Ribbon("a", ("threat",)))


def test_a_title_with_a_character_without_font_is_refused() -> None:
    with pytest.raises(InputError, match=r"U\+E000"):
        figure_of(Ribbon("a\ue000", ()))


def test_a_document_without_paragraphs_and_no_document_are_drawn() -> None:
    assert said(figure_of(Ribbon("Empty", ()))) == ["Empty", "0 paragraphs"]
    assert said(figure_of()) == []


def test_letters_stand_out_from_their_cells() -> None:
    texts = figure_of(PAPER).axes[0].texts[2:]

    assert [text.get_color() for text in texts] == ["white", "#222222", "#222222"]


@pytest.mark.skipif(not chinese_font(), reason="no Chinese font is here")
def test_chinese_labels_are_told_apart_by_their_first_character() -> None:
    paper = Ribbon("中美科技竞争", ("合作", "竞争"))

    figure = drawn(lambda ax: ribbon_figure([paper], ax))
    figure.draw_without_rendering()

    assert said(figure) == ["中美科技竞争", "2 paragraphs", "合", "竞"]


@given(st.lists(st.text("ab合竞", min_size=1), unique=True, max_size=12))
def test_no_two_labels_have_the_same_letter(labels: list[str]) -> None:
    letters = letters_of(labels)

    assert len(set(letters.values())) == len(labels)
    assert list(letters) == labels
