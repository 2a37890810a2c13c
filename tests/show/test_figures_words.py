"""Words: the strongest on each side, and what terms add to a label's score."""

import math
from dataclasses import replace

import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from stance.measure.contributions import TermShift
from stance.measure.keyness import Keyness, LogOdds
from stance.show.figures import COLOURS, INK, drawn
from stance.show.figures.fonts import chinese_font
from stance.show.figures.words import keyness_figure, terms_figure, words_figure

WORD = LogOdds(
    term="tariff", language="en", log_odds=1.0, low=0.5, high=1.5, rate_before=100.0,
    rate_after=270.0, n_before=10, n_after=27, n_documents=9, dispersion=0.4, t=4.0,
    p=0.001, p_max_t=0.03, q=0.01, z=5.0, note="",
)  # fmt: skip
KEY = Keyness("tariff", 25.0, 0.0, 27, 10, "en", "lr")
TERM = TermShift("tariff", "competition", 0.3, 0.1, 0.5, 2.0, 0.1, 0.25)


def word(term: str, log_odds: float, reach: float) -> LogOdds:
    return replace(
        WORD, term=term, log_odds=log_odds, low=log_odds - reach, high=log_odds + reach
    )


def words(*rows: LogOdds, n: int = 20) -> Figure:
    return drawn(lambda ax: words_figure(rows, ax, n=n, groups=("2012", "$2018")))


def names(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].get_yticklabels()]


def dots(figure: Figure) -> list[PathCollection]:
    """Return the points of the words, from the top down."""
    return [c for c in figure.axes[0].collections if isinstance(c, PathCollection)]


def widths(figure: Figure) -> list[float]:
    return [float(bar.get_width()) for bar in figure.axes[0].patches]


def test_words_of_the_target_stand_above_those_of_the_reference() -> None:
    figure = words(
        word("win-win", -2, 0.5), word("tariff", 1, 0.2), word("chip", 2, 0.2)
    )

    assert names(figure) == ["chip", "tariff", "win-win"]


def test_a_rare_word_needs_a_larger_difference_than_a_frequent_one() -> None:
    figure = words(word("rare", 3, 2.9), word("frequent", 1, 0.2), n=1)

    assert names(figure) == ["frequent"]


def test_a_word_without_interval_comes_after_all_that_have_one() -> None:
    unsure = replace(WORD, term="unsure", log_odds=9.0, low=math.nan, high=math.nan)

    assert names(words(unsure, WORD, n=1)) == ["tariff"]
    assert names(words(unsure, WORD, n=2)) == ["unsure", "tariff"]


def test_a_word_is_filled_where_a_test_that_allows_for_search_finds_it() -> None:
    rows = [
        WORD,
        replace(WORD, term="q", p_max_t=0.2, q=0.04),
        replace(WORD, term="p alone", p_max_t=0.2, q=0.2),
        replace(WORD, term="untested", p_max_t=math.nan, q=math.nan),
    ]

    figure = words(*rows)

    filled = [to_hex(dot.get_facecolor()[0]) != "#ffffff" for dot in dots(figure)]
    assert dict(zip(names(figure), filled, strict=True)) == {
        "tariff": True, "q": True, "p alone": False, "untested": False,
    }  # fmt: skip


def test_the_area_of_a_point_grows_with_the_occurrences() -> None:
    figure = words(WORD, replace(WORD, term="rare", n_before=1, n_after=0))

    sizes = [dot.get_sizes()[0] for dot in dots(figure)]
    assert sizes[0] == 60
    assert sizes[1] == pytest.approx(6 + 54 / 37)


def test_the_sides_are_named_by_group_with_dollars_as_they_are() -> None:
    label = words(WORD).axes[0].xaxis.label

    assert "← more in 2012" in label.get_text()
    assert "more in $2018 →" in label.get_text()
    assert not label.get_parse_math()


def test_the_caption_of_words_says_how_many_of_how_many() -> None:
    figure = words(WORD, word("chip", 2, 0.1), word("win-win", -2, 0.1), n=1)

    assert "Of 3 words the 1 and 1 whose 95 % interval" in figure.get_supxlabel()


@pytest.mark.skipif(not chinese_font(), reason="no Chinese font is here")
def test_chinese_words_are_drawn_beside_english_ones() -> None:
    figure = words(word("出口管制", 1, 0.2), word("win-win", -1, 0.2))

    figure.draw_without_rendering()

    assert names(figure) == ["出口管制", "win-win"]


def test_keyness_bars_go_right_for_the_target_and_left_for_the_reference() -> None:
    rows = [KEY, replace(KEY, feature="win-win", statistic=-9.0)]

    figure = drawn(lambda ax: keyness_figure(rows, ax))

    assert names(figure) == ["tariff", "win-win"]
    assert widths(figure) == [25, -9]
    assert len({bar.get_facecolor() for bar in figure.axes[0].patches}) == 2


def test_an_exact_odds_ratio_is_drawn_as_its_logarithm() -> None:
    rows = [
        replace(KEY, measure="exact", statistic=math.e),
        replace(KEY, feature="win-win", measure="exact", statistic=1 / math.e),
        replace(KEY, feature="never", measure="exact", statistic=0.0),
        replace(KEY, feature="always", measure="exact", statistic=math.inf),
    ]

    figure = drawn(lambda ax: keyness_figure(rows, ax))

    assert widths(figure) == pytest.approx([1, -1])
    assert "2 without a finite value are not drawn" in figure.get_supxlabel()


def test_keyness_of_two_measures_is_refused() -> None:
    rows = [KEY, replace(KEY, measure="chi2")]

    with pytest.raises(ValueError, match="several measures: chi2, lr"):
        drawn(lambda ax: keyness_figure(rows, ax))


def test_bars_of_terms_add_up_to_the_total_that_is_printed() -> None:
    rows = [TERM] + [replace(TERM, term=f"t{n}", contribution=-0.01) for n in range(9)]

    figure = drawn(lambda ax: terms_figure(rows, ax, n=3))

    total, *parts = widths(figure)
    assert names(figure)[0] == "all terms"
    assert names(figure)[-1] == "7 other terms"
    assert sum(parts) == pytest.approx(total)
    assert total == pytest.approx(0.21)
    assert "changes by +0.210" in figure.get_supxlabel()


def test_terms_say_what_they_speak_for_and_whether_they_rose() -> None:
    rows = [
        TERM,
        replace(TERM, term="win-win", coef=-2.0, mean_after=0.01, contribution=0.2),
    ]

    figure = drawn(lambda ax: terms_figure(rows, ax))

    assert names(figure) == ["all terms", "tariff +↑", "win-win −↓"]


def test_terms_have_the_colour_of_their_label() -> None:
    labels = ("cooperation", "competition")

    figure = drawn(lambda ax: terms_figure([TERM], ax, labels=labels))

    colours = [to_hex(bar.get_facecolor()).upper() for bar in figure.axes[0].patches]
    assert colours == [INK, COLOURS[1]]


def test_terms_of_two_labels_are_refused() -> None:
    rows = [TERM, replace(TERM, label="cooperation")]

    with pytest.raises(ValueError, match="several labels: competition, cooperation"):
        drawn(lambda ax: terms_figure(rows, ax))


@pytest.mark.parametrize("figure", [words_figure, keyness_figure])
def test_nothing_to_draw_is_refused(figure: object) -> None:
    with pytest.raises(ValueError, match="no row to draw"):
        drawn(lambda ax: figure([], ax))
