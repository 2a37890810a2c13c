"""Argument maps: what each sentence does can be seen, and nothing else is said."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle

from stance.argument.claim import Link
from stance.argument.statement import Statement, links_of, statements
from stance.corpus.document import Paragraph
from stance.corpus.terms import NO_TERMS
from stance.errors import InputError
from stance.model.project import Project
from stance.show.figures import COLOURS, INK, drawn, save, svg
from stance.show.figures.argument import argument_figure, side_by_side
from stance.show.figures.bands import fitted, head
from stance.show.figures.fonts import chinese_font, width_of
from stance.testing import corpus, paragraph

LABELS = ("cooperation", "competition", "none")
ROLES = {"c": "claim", "p": "premise", "n": "neither"}
chinese = pytest.mark.skipif(not chinese_font(), reason="no Chinese font is here")


def row(
    text: str, *, unit: str = "d:p001", number: int = 1, role: str = "claim",
    **more: str,
) -> Statement:  # fmt: skip
    """Return a statement of which only what is named is of interest."""
    blank = Statement(
        unit.split(":", maxsplit=1)[0], unit, number, 0, len(text), "", "", "en",
        "own", "", "", role, "cooperation", "none", "", "", "", "", "", "", text,
    )  # fmt: skip
    return replace(blank, **more)


def rows(roles: str, unit: str = "d:p001") -> list[Statement]:
    """Return sentences of a paragraph by their roles: ``cpn``."""
    return [
        row(f"Sentence {n}.", unit=unit, number=n, role=ROLES[letter])
        for n, letter in enumerate(roles, start=1)
    ]


def figure_of(
    found: list[Statement], links: list[Link] | None = None, *, title: str = "",
    paragraphs: list[Paragraph] | None = None, width: float = 7.0,
) -> Figure:  # fmt: skip
    return drawn(
        lambda ax: argument_figure(
            found, links or [], ax, title=title, labels=LABELS,
            paragraphs=paragraphs or [],
        ),
        size=(width, 1.0),
    )  # fmt: skip


def said(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


def key(figure: Figure) -> list[str]:
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    return [text for text in texts if text.strip()]


def cells(figure: Figure) -> list[tuple[str, int]]:
    """Return fill and number of the cells, kind by kind."""
    found = [c for c in figure.axes[0].collections if isinstance(c, PathCollection)]
    return [
        (
            to_hex(c.get_facecolor()[0]) if len(c.get_facecolor()) else "",
            len(c.get_offsets()),
        )
        for c in found
    ]


def arrows(figure: Figure) -> list[FancyArrowPatch]:
    return [p for p in figure.axes[0].patches if isinstance(p, FancyArrowPatch)]


def bands(figure: Figure) -> list[Rectangle]:
    return [p for p in figure.axes[0].patches if isinstance(p, Rectangle)]


def test_a_claim_is_filled_a_premise_outlined_and_the_rest_faint() -> None:
    figure = figure_of(rows("ccpn"))

    assert cells(figure) == [(INK, 2), ("#ffffff", 1), ("", 1)]


def test_only_how_claims_begin_is_written_and_verbatim() -> None:
    found = [
        row("We should\n trade."),
        row("Sales rose by 8 percent.", number=2, role="premise"),
        row("They met.", number=3, role="neither"),
    ]

    texts = said(figure_of(found))

    assert "We should trade." in texts
    assert not {"Sales rose by 8 percent.", "They met."} & set(texts)


def test_a_long_claim_is_cut_inside_its_band() -> None:
    figure = figure_of([row("A claim of very many words " * 30)])

    figure.draw_without_rendering()

    (text,) = [t for t in figure.axes[0].texts if t.get_text().startswith("A claim")]
    band = bands(figure)[0]
    assert text.get_text().endswith("…")
    assert text.get_window_extent().x1 < band.get_window_extent().x1


def test_a_band_has_the_colour_and_letter_of_its_frame() -> None:
    figure = figure_of([row("We should."), row("No.", unit="d:p002", frame="none")])

    stripes = [to_hex(p.get_facecolor()).upper() for p in bands(figure)[1::2]]
    assert stripes == [COLOURS[0], "#BBBBBB"]
    assert {"C", "N"} <= set(said(figure))
    assert key(figure)[:2] == ["C  cooperation", "claim"]


def test_a_paragraph_without_a_frame_has_no_letter_and_no_tint() -> None:
    figure = figure_of([row("We should.", frame="")])

    assert len(bands(figure)) == 1
    assert key(figure) == ["claim", "premise", "neither"]


def test_an_arc_leads_from_premise_to_claim_with_its_relation() -> None:
    figure = figure_of(rows("cp"), [Link(1, 0, "example", "For example")])

    (arrow,) = arrows(figure)
    start, end = arrow.get_path().vertices[[0, -1]]
    assert start[0] > end[0]
    assert "e.g." in said(figure)
    assert "e.g. example" in figure.get_supxlabel()
    assert "supports" in key(figure)


def test_what_only_stands_beside_a_claim_is_dotted_and_has_no_sign() -> None:
    figure = figure_of(rows("cp"), [Link(1, 0, "next", "")])

    assert [arrow.get_linestyle() for arrow in arrows(figure)] == [":"]
    assert "Signs" not in figure.get_supxlabel()
    assert "is beside" in key(figure)
    assert "supports" not in key(figure)


def test_links_are_those_of_the_paragraph_they_stand_in() -> None:
    found = [*rows("nnn"), *rows("cp", "d:p002")]

    figure = figure_of(found, [Link(4, 3, "cause", "because")])

    (arrow,) = arrows(figure)
    second = bands(figure)[2]
    assert arrow.get_path().vertices[:, 1].min() >= second.get_y()


def test_a_link_to_another_line_of_cells_names_the_claim_by_its_number() -> None:
    figure = figure_of(rows("c" * 13 + "p"), [Link(13, 1, "result", "so")])

    assert "∴→2" in said(figure)
    assert arrows(figure) == []
    assert "An arrow with a number" in figure.get_supxlabel()


def test_the_view_of_another_has_a_quotation_mark_and_its_holder() -> None:
    found = [
        row("He said so.", voice="reported", holder="Zhou Liujun"),
        row("He met them.", number=2, role="neither", voice="quoted", holder="Wang"),
        row("He left.", number=3, role="premise", voice="mixed", holder="Wang"),
        row("They say so.", number=4, voice="reported"),
    ]

    figure = figure_of(found)
    texts = said(figure)

    assert [t for t in texts if t.startswith("“") and t != "“"] == [
        "“Zhou Liujun:",
        "“Wang",
    ]
    assert "2, 3" in texts
    assert texts.count("“") == 5
    assert figure.get_supxlabel().endswith("“ the view of another, with its holder.")


def test_signs_that_do_not_occur_are_not_explained() -> None:
    caption = figure_of(rows("cpn")).get_supxlabel().replace("\n", " ")

    assert caption.endswith("Roles, links and voices were found by rules.")


def test_the_stance_of_a_claim_is_shown() -> None:
    found = [row("More!", stance="favor"), row("Less!", number=2, stance="against")]

    figure = figure_of(found)

    assert {"+", "−"} <= set(said(figure))
    assert "+ in favor of cooperation" in figure.get_supxlabel()


@chinese
def test_headings_stand_between_the_bands_but_not_the_title_again() -> None:
    units = [
        paragraph("Trade^①", id="d:p001", kind="heading"),
        paragraph("We should.", id="d:p002"),
        paragraph("二、前景", id="d:p003", kind="heading"),
        paragraph("ISSN 1", id="d:p004", kind="boilerplate"),
        paragraph("They should.", id="d:p005"),
    ]
    found = [row("We should.", unit="d:p002"), row("They should.", unit="d:p005")]

    texts = said(figure_of(found, paragraphs=units, title="Trade"))

    assert [t for t in texts if t[:1] in "TW二I"] == [
        "We should.",
        "二、前景",
        "They should.",
        "Trade",
    ]


def test_counts_stand_below_the_title() -> None:
    found = [*rows("ccp"), row("No.", unit="d:p002", role="neither", voice="quoted")]

    texts = said(figure_of(found, title="Trade in $ and ¥"))

    assert "Trade in $ and ¥" in texts
    assert (
        "2 paragraphs, 4 sentences, 2 claims, 1 premise, 1 in another's voice" in texts
    )


def test_the_figure_grows_with_the_document() -> None:
    short, long = (
        figure_of([s for n in range(k) for s in rows("cc", f"d:p{n:03}")])
        for k in (2, 40)
    )

    assert long.get_size_inches()[1] - short.get_size_inches()[1] > 38 * 20 / 72


def test_a_map_that_no_program_shows_is_refused() -> None:
    found = [s for n in range(1200) for s in rows("n", f"d:p{n}")]

    with pytest.raises(InputError, match="a map of 1200 paragraphs would be 242 inch"):
        figure_of(found)


def test_a_frame_that_the_codebook_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no place in labels for \['threat'\]"):
        figure_of([row("We should.", frame="threat")])


@chinese
def test_frames_that_occur_are_the_labels_where_none_are_given() -> None:
    figure = drawn(lambda ax: argument_figure([row("We.", frame="竞争")], [], ax))

    assert key(figure)[0] == "竞  竞争"


def test_a_character_without_font_is_refused_where_it_would_be_drawn() -> None:
    with pytest.raises(InputError, match=r"U\+E000"):
        figure_of([row("We should \ue000.")])

    figure_of([row("They met \ue000.", role="neither")])


def test_an_empty_document_is_drawn() -> None:
    texts = said(figure_of([], title="Nothing"))

    assert texts == ["Nothing", "0 paragraphs, 0 sentences, 0 claims, 0 premises"]


def test_controls_and_markup_are_drawn_as_they_are() -> None:
    texts = said(figure_of([row("Pay $5 \x1b[31m or $6_{now}.")]))

    assert "Pay $5 �[31m or $6_{now}." in texts


BILINGUAL = """\
Trade fell. We should cooperate.

贸易下降。双方应当合作。

Both sides must talk. For example, they met in 2021.

双方必须对话。例如，2021年举行了会谈。

A note without a twin says that talks will help.
"""


@chinese
def test_twins_stand_side_by_side_english_left() -> None:
    units = corpus(BILINGUAL).paragraphs
    found = statements(units, terms=NO_TERMS)

    figure = drawn(
        lambda ax: side_by_side(found, links_of(found), ax, paragraphs=units),
        size=(12, 1),
    )
    place = {t.get_text(): t.get_position() for t in figure.axes[0].texts}

    assert place["p001"][1] == place["p002"][1]
    assert place["p001"][0] < place["p002"][0]
    assert place["p003"][1] == place["p004"][1] < place["p005"][1]
    assert place["p005"][0] == place["p001"][0]
    assert place["We should cooperate."][0] < place["双方应当合作。"][0]
    assert len(arrows(figure)) == 2


@chinese
def test_chinese_on_the_left_of_the_source_goes_right() -> None:
    texts = BILINGUAL.split("\n\n")
    units = corpus("\n\n".join([texts[1], texts[0], texts[3], texts[2]])).paragraphs
    found = statements(units, terms=NO_TERMS)

    figure = drawn(lambda ax: side_by_side(found, [], ax, paragraphs=units))
    place = {t.get_text(): t.get_position() for t in figure.axes[0].texts}

    assert place["p002"][0] < place["p001"][0]
    assert place["p002"][1] == place["p001"][1]


@chinese
def test_the_bytes_are_the_same_each_time(tmp_path: Path) -> None:
    units = corpus(BILINGUAL).paragraphs
    found = statements(units, terms=NO_TERMS)
    links = links_of(found)

    pictures = [
        svg(lambda ax: side_by_side(found, links, ax, paragraphs=units)) for _ in "ab"
    ]
    for name in ("a.png", "b.png"):
        save(lambda ax: argument_figure(found, links, ax), tmp_path / name)

    assert pictures[0] == pictures[1]
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


@chinese
@pytest.mark.slow
def test_every_text_of_the_seeds_stands_inside_the_picture(seeds: Project) -> None:
    units = [u for u in seeds.corpus.paragraphs if u.document_id == "gu-liu-2022"]
    found = statements(units, terms=seeds.terms)

    figure = drawn(
        lambda ax: side_by_side(found, links_of(found), ax, paragraphs=units),
        size=(12, 1),
    )
    figure.draw_without_rendering()
    extents = [t.get_window_extent() for t in figure.axes[0].texts]

    assert min(extent.x0 for extent in extents) >= 0
    assert max(extent.x1 for extent in extents) <= figure.bbox.x1


@chinese
@given(st.text("ilW合。 e\u0301", max_size=80), st.floats(10, 200))
def test_a_text_fits_in_its_room(text: str, points: float) -> None:
    found = fitted(text, points, 8)

    assert found in ("…", text) or width_of(found, 8) <= points
    assert text.startswith(found.removesuffix("…")) or found == text


def test_of_a_long_text_the_head_is_looked_at() -> None:
    assert head("短\n句") == "短 句"
    assert head("i" * 5000) == "i" * 200 + "…"
