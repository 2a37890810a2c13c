"""A concordance on the screen: the nodes below each other, nothing a terminal obeys."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from stance.argument.concordance import KwicLine, concordance
from stance.show.kwic import show_kwic
from stance.testing import paragraph

#: Everything a text can hold but half surrogates.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
#: Characters of one width or two, of none, and such as a terminal obeys.
PIECES = st.sampled_from("a b中，\n\t\u0301\u200b\x1b\x9b\u202e“")
LINED = st.lists(PIECES, max_size=80).map("".join)


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def line(
    left: str = "", node: str = "合作", right: str = "", id: str = "讲话:p001"
) -> KwicLine:
    document = id.split(":", maxsplit=1)[0]
    start = len(left)
    return KwicLine(id, document, "zh", start, start + len(node), left, node, right, "")


def shown(*lines: KwicLine, parallel: tuple[str, ...] = ()) -> list[str]:
    """Return what is printed where no terminal is."""
    stream = io.StringIO()
    show_kwic(lines, stream, parallel=parallel)
    return stream.getvalue().splitlines()


def on_a_terminal(lines: list[KwicLine], width: int, patch: pytest.MonkeyPatch) -> str:
    """Return what a terminal of a width is sent."""
    patch.setenv("COLUMNS", str(width))
    patch.setenv("LINES", "40")
    patch.setenv("TERM", "xterm-256color")
    patch.delenv("NO_COLOR", raising=False)
    stream = Terminal()
    show_kwic(lines, stream)
    return stream.getvalue()


def test_nodes_stand_below_each_other_whatever_the_script() -> None:
    lines = shown(
        line("They agreed to ", "cooperate", ".", id="brief:p001"),
        line("双方同意", "合作", "，反对脱钩。", id="讲话:p010"),
        line("", "Cooperation", "", id="讲话:p011"),
    )

    assert lines == [
        "brief:p001  They agreed to   cooperate  .",
        "讲话:p010          双方同意  合作  ，反对脱钩。",
        "讲话:p011" + " " * 20 + "Cooperation",
    ]


@given(st.lists(st.tuples(LINED, LINED, LINED), min_size=1, max_size=4))
def test_every_line_fits_in_the_window(parts: list[tuple[str, str, str]]) -> None:
    lines = shown(*(line(left, node + "x", right) for left, node, right in parts))

    assert len(lines) == len(parts)
    assert max(map(cell_len, lines)) <= 110


@given(TEXTS, TEXTS, TEXTS)
def test_no_control_character_reaches_the_terminal(
    left: str, node: str, right: str
) -> None:
    stream = io.StringIO()

    show_kwic(
        [line(left, f"{node}x", right, id=f"a\x1b{node}:p001")],
        stream,
        parallel=[f"{left}\x9b"],
    )

    assert {c for c in stream.getvalue() if c < " " or "\x7f" <= c <= "\x9f"} <= {"\n"}
    assert not set("\u202a\u202e\u2066\u2069") & set(stream.getvalue())


def test_control_characters_are_shown() -> None:
    lines = shown(line("红\x1b[31m", "合作", "\u202e。"))

    assert lines == ["讲话:p001  红␛[31m  合作  �。"]


def test_line_breaks_and_tabs_are_blanks() -> None:
    assert shown(line("双\n方\t", "合\r\n作", "\u3000。")) == [
        "讲话:p001  双 方   合  作   。"
    ]


def test_markup_of_a_text_is_not_read() -> None:
    assert shown(line("[red]", "合作", "[/red]")) == ["讲话:p001  [red]  合作  [/red]"]


def test_the_context_nearest_to_the_node_is_kept() -> None:
    far, near = "远" * 60, "近" * 5

    (found,) = shown(line(far + near, "合作", near + far))

    assert "远近近近近近  合作  近近近近近远" in found
    assert cell_len(found) in (109, 110)


def test_a_long_node_leaves_room_for_its_context() -> None:
    (found,) = shown(line("之前", "很长" * 100, "之后"))

    assert found.startswith("讲话:p001  之前  很长很长")
    assert found.endswith("  之后")


def test_of_a_long_id_the_end_takes_a_third_of_the_window_at_most() -> None:
    (found,) = shown(line("双方", id=f"{'报' * 40}:p001"))

    assert found == f"{'报' * 15}:p001   双方  合作"


def test_no_left_context_begins_with_a_combining_character() -> None:
    (found,) = shown(line("中" * 45 + "e\u0301" + "中" * 22 + "a", "合作", "中" * 40))

    assert "  中中" in found
    assert "  \u0301" not in found


def test_a_twin_stands_once_below_the_lines_of_its_paragraph() -> None:
    lines = shown(
        line("Both ", "rose", ".", id="a:p001"),
        line("All ", "rose", ".", id="a:p001"),
        line("None ", "rose", ".", id="a:p003"),
        parallel=("价格上涨了。", "价格上涨了。", ""),
    )

    assert lines == [
        "a:p001  Both   rose  .",
        "a:p001   All   rose  .",
        "        价格上涨了。",
        "",
        "a:p003  None   rose  .",
    ]


def test_a_long_twin_is_folded_beside_the_ids() -> None:
    lines = shown(line(id="a:p001"), parallel=("“Prices rose” " * 40,))

    assert len(lines) > 4
    assert {text[:8] for text in lines[1:-1]} == {" " * 8}
    assert max(map(cell_len, lines)) <= 110


def test_the_number_of_occurrences_is_returned() -> None:
    lines = concordance([paragraph("合作，合作。")], "合作")

    assert show_kwic(lines, io.StringIO()) == 2
    assert show_kwic([], io.StringIO()) == 0


def test_nothing_is_printed_where_nothing_was_found() -> None:
    assert shown() == []


def test_the_node_is_bold_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    out = on_a_terminal([line("双方", "合作", "。")], 60, monkeypatch)

    assert out.startswith("讲话:p001  双方  \x1b[1;")
    assert out.endswith("m合作\x1b[0m  。\n")


def test_the_node_is_bold_without_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    stream = Terminal()

    show_kwic([line("双方", "合作", "。")], stream)

    assert "\x1b[1m合作\x1b[0m" in stream.getvalue()


@pytest.mark.parametrize("width", [40, 80, 200])
def test_contexts_are_cut_to_the_terminal(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "双方同意，" * 40

    out = on_a_terminal([line(text, "合作", text)], width, monkeypatch)
    plain = out.replace("\x1b[0m", "").rstrip("\n").split("\x1b[")
    cells = cell_len(plain[0]) + cell_len(plain[1].partition("m")[2])

    assert width - 2 <= cells <= width
