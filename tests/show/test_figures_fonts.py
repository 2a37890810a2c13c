"""Fonts: Chinese ones by name, and no character that is drawn as a box."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from matplotlib import font_manager

from stance.errors import InputError
from stance.show.figures import fonts, save
from stance.show.figures.fonts import (
    CHINESE,
    check_glyphs,
    chinese_font,
    family,
    is_compact,
    plain,
    shortened,
    width_of,
    wrapped,
)

TITLE = "“小院高墙”：中美科技合作与竞争，from $5 to $6"
needs_chinese = pytest.mark.skipif(not chinese_font(), reason="no Chinese font is here")


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make a machine without a Chinese font, as the font manager sees it."""
    manager = font_manager.fontManager
    few = [entry for entry in manager.ttflist if entry.name not in CHINESE]
    monkeypatch.setattr(manager, "ttflist", few)
    monkeypatch.setattr(fonts, "PACKAGE", "no_such_package")
    fonts._add_package.cache_clear()
    yield
    fonts._add_package.cache_clear()


def test_a_text_in_english_with_money_needs_no_chinese_font(bare: None) -> None:
    check_glyphs(["a café’s deficit of $10 billion − “win-win” → more"])

    assert family() == ["DejaVu Sans"]


def test_chinese_without_a_font_says_what_to_install(bare: None) -> None:
    with pytest.raises(InputError) as found:
        check_glyphs(["win-win", "合作 win"], where="title")

    assert found.value.message == (
        "title: no font has 作 (U+4F5C), 合 (U+5408) in '合作 win'"
    )
    assert "fonts-noto-cjk" in found.value.hint
    assert "stance[fonts]" in found.value.hint


def test_the_font_that_draws_boxes_is_no_chinese_font(bare: None) -> None:
    """Matplotlib 3.11 brings it along; it has every character."""
    assert chinese_font() == ""


@needs_chinese
@pytest.mark.parametrize("text", ["a\ue000", "\U0002fffe", "合\uf8ff"])
def test_a_character_that_no_font_has_is_refused_with_its_number(text: str) -> None:
    with pytest.raises(InputError, match=r"U\+[0-9A-F]{4,5}"):
        check_glyphs([text])


@needs_chinese
def test_traditional_and_simplified_characters_are_both_drawn() -> None:
    check_glyphs(["關稅，出口管制；关税，出口管制", "１２％　（全角）"])


@needs_chinese
def test_chinese_is_drawn_without_a_warning_in_each_format(tmp_path: Path) -> None:
    for ending in ("png", "svg", "pdf"):
        save(lambda ax: ax.set_title(TITLE), tmp_path / f"a.{ending}")

    drawing = (tmp_path / "a.svg").read_text(encoding="utf-8")
    drawn = len(re.findall("<use ", drawing))
    assert drawn >= len(TITLE)
    assert "LastResort" not in drawing
    assert b"LastResort" not in (tmp_path / "a.pdf").read_bytes()


@needs_chinese
def test_chinese_is_embedded_in_pdf_as_outlines_or_truetype(tmp_path: Path) -> None:
    """PostScript outlines as TrueType are a broken file (matplotlib issue 20870)."""
    save(lambda ax: ax.set_title(TITLE), tmp_path / "a.pdf")

    content = (tmp_path / "a.pdf").read_bytes()
    assert (b"/Type3" in content) == is_compact([TITLE])
    assert (b"/FontFile2" in content) != is_compact([TITLE])


@needs_chinese
def test_the_font_of_the_extra_is_found_where_the_machine_has_none(
    bare: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    here = font_manager.FontManager().findfont(
        font_manager.FontProperties(family=[chinese_font_of_the_machine()])
    )
    package = tmp_path / "fonts_of_the_extra"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / Path(here).name).symlink_to(here)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(fonts, "PACKAGE", "fonts_of_the_extra")

    assert chinese_font() in CHINESE


def chinese_font_of_the_machine() -> str:
    names = {entry.name for entry in font_manager.FontManager().ttflist}
    return next(name for name in CHINESE if name in names)


def test_japanese_forms_are_the_last_resort() -> None:
    assert CHINESE[0] == "Noto Sans CJK SC"
    assert CHINESE[-1] == "Noto Sans CJK JP"


def test_invisible_characters_of_the_data_are_not_drawn() -> None:
    assert plain("\ufeff小院\u200b高墙\n  $5\u00ad") == "小院高墙 $5"


def test_control_characters_of_the_data_are_shown_and_can_be_drawn() -> None:
    assert plain("a\x1b[31m") == "a\ufffd[31m"

    check_glyphs([plain("a\x1b[31m")])


def test_lines_are_no_wider_than_asked_for() -> None:
    text = "Of all words the eight and eight whose interval lies farthest from zero."

    lines = wrapped(text, 90, size=7).split("\n")

    assert max(width_of(line, 7) for line in lines) <= 90
    assert " ".join(lines) == text


@needs_chinese
def test_chinese_breaks_between_characters_and_not_before_a_full_stop() -> None:
    text = "中美科技合作与竞争。关税，出口管制。"

    lines = wrapped(text, 7 * 9.2, size=7).split("\n")

    assert "".join(lines) == text
    assert lines[0] == "中美科技合作与竞争。"


def test_a_text_that_fits_is_not_cut() -> None:
    assert shortened("cooperation", 200, size=8) == "cooperation"


def test_a_text_that_does_not_fit_ends_in_an_ellipsis_and_then_fits() -> None:
    cut = shortened("a title that is far too long for a column", 80, size=8)

    assert cut.endswith("…")
    assert width_of(cut, 8) <= 80
