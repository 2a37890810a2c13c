"""An outline on the screen: premises below their claims, nothing a terminal obeys."""

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from stance.argument.claim import Link
from stance.argument.statement import Statement, links_of, statements
from stance.corpus.terms import NO_TERMS
from stance.show.outline import show_outline
from stance.testing import paragraph

#: Everything a text can hold but half surrogates.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
#: Characters of one width or two, of none, and such as a terminal obeys.
LINED = st.text("ab 中，。“”\n\t\u0301\u200b\x1b\x9b\u202e", max_size=300)


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def row(
    text: str, *, unit: str = "d:p001", number: int = 1, role: str = "claim",
    **more: str,
) -> Statement:  # fmt: skip
    """Return a statement of which only what is named is of interest."""
    blank = Statement(
        unit.split(":", maxsplit=1)[0], unit, number, 0, len(text), "", "", "en",
        "own", "", "", role, "", "none", "", "", "", "", "", "", text,
    )  # fmt: skip
    return replace(blank, **more)


def shown(*found: Statement, links: tuple[Link, ...] = ()) -> list[str]:
    """Return what is printed where no terminal is."""
    stream = io.StringIO()
    show_outline(found, links, stream)
    return stream.getvalue().splitlines()


def test_premises_stand_below_their_claim_with_relation_and_connective() -> None:
    lines = shown(
        row("Sales rose.", role="neither"),
        row("We should trade.", number=2),
        row("For example, sales rose by 8%.", number=3, role="premise"),
        links=(Link(2, 1, "example", "For example"),),
    )

    assert lines == [
        "d",
        "1 paragraph, 3 sentences, 1 claim, 1 premise",
        "  p001  1 neither",
        "    ■ 2 We should trade.",
        "      □ 3 example (For example) For example, sales rose by 8%.",
    ]


def test_a_premise_before_its_conclusion_stands_below_it_too() -> None:
    lines = shown(
        row("出口下降了12%。", role="premise"),
        row("因此，双方应当取消关税。", number=2),
        links=(Link(0, 1, "result", "因此"),),
    )

    assert lines[-2:] == [
        "    ■ 2 因此，双方应当取消关税。",
        "      □ 1 result (因此) 出口下降了12%。",
    ]


def test_what_only_stands_beside_a_claim_has_no_connective() -> None:
    lines = shown(row("We must."), row("12%.", number=2, role="premise"),
                  links=(Link(1, 0, "next", ""),))  # fmt: skip

    assert lines[-1] == "      □ 2 next 12%."


def test_a_premise_without_a_claim_stands_alone() -> None:
    assert shown(row("12%.", role="premise"))[-1] == "    □ 1 12%."


def test_what_is_neither_but_supports_a_claim_is_shown() -> None:
    lines = shown(row("We must."), row("Second, ...", number=2, role="neither"),
                  links=(Link(1, 0, "order", "Second"),))  # fmt: skip

    assert lines[2:] == [
        "  p001",
        "    ■ 1 We must.",
        "      · 2 order (Second) Second, ...",
    ]


def test_voice_and_holder_stand_before_what_is_reported() -> None:
    lines = shown(
        row("He said so.", voice="reported", holder="周柳军"),
        row("“So.”", number=2, voice="quoted", stance="against"),
    )

    assert lines[1].endswith("2 in another's voice")
    assert lines[3:] == ["    ■ 1 “周柳军: He said so.", "    ■ 2 − “ “So.”"]


def test_frame_title_source_and_date_are_named() -> None:
    stream = io.StringIO()

    show_outline(
        [row("We must.", frame="合作", stance="favor", date="2012", source="日报")], [],
        stream, titles={"d": "Trade\n[red]"},
    )  # fmt: skip

    assert stream.getvalue().splitlines() == [
        "d  Trade [red]  日报  2012",
        "1 paragraph, 1 sentence, 1 claim, 0 premises",
        "  p001  合作",
        "    ■ 1 + We must.",
    ]


def test_each_document_has_its_own_head() -> None:
    lines = shown(
        row("One."), row("Two.", unit="讲话:p001"), row("3", unit="讲话:p002")
    )

    assert [line for line in lines if line[:1] not in ("", " ")] == [
        "d",
        "1 paragraph, 1 sentence, 1 claim, 0 premises",
        "讲话",
        "2 paragraphs, 2 sentences, 2 claims, 0 premises",
    ]


def test_the_number_of_statements_is_returned() -> None:
    assert show_outline([row("One."), row("Two.", number=2)], [], io.StringIO()) == 2
    assert shown() == []


def test_sentences_of_both_languages_come_from_the_rules_as_they_are() -> None:
    units = [
        paragraph("Both sides should talk. For example, they met in 2021."),
        paragraph("双方应当对话。例如，2021年举行了会谈。", id="text-1:p002"),
    ]
    found = statements(units, terms=NO_TERMS)

    lines = shown(*found, links=links_of(found))

    assert [line.split(") ")[-1] for line in lines if "example" in line] == [
        "For example, they met in 2021.",
        "例如，2021年举行了会谈。",
    ]


@given(st.lists(st.tuples(LINED, LINED), min_size=1, max_size=4))
def test_every_line_fits_in_the_window(parts: list[tuple[str, str]]) -> None:
    lines = shown(
        *(
            row(f"{text}x", number=n, voice="quoted", holder=holder)
            for n, (text, holder) in enumerate(parts)
        )
    )

    assert max(map(cell_len, lines)) <= 110


@given(LINED)
def test_folding_loses_no_character(text: str) -> None:
    kept = "".join(shown(row(f"{text}x"))[3:])

    wanted = "".join(text.split()).replace("\x1b", "␛")
    for control in "\x9b\u202e":
        wanted = wanted.replace(control, "\ufffd")
    assert "".join(kept.split()) == f"■1{wanted}x"


@given(TEXTS, TEXTS)
def test_no_control_character_reaches_the_terminal(text: str, name: str) -> None:
    stream = io.StringIO()

    show_outline(
        [
            row(
                text, unit=f"a\x1b{name}:p001", frame=name, voice="quoted", holder=text
            ),
            row(text, unit=f"a\x1b{name}:p001", number=2, source=text, date=name),
        ],
        [Link(1, 0, "order", text)],
        stream,
        titles={f"a\x1b{name}": text},
    )

    assert {c for c in stream.getvalue() if c < " " or "\x7f" <= c <= "\x9f"} <= {"\n"}
    assert not set("\u202a\u202e\u2066\u2069") & set(stream.getvalue())


def test_chinese_is_folded_between_characters_and_not_before_a_stop() -> None:
    lines = shown(row("长" * 51 + "。" + "“短”" * 20))

    assert lines[3] == "    ■ 1 " + "长" * 50
    assert lines[4].startswith("      长。“短”")
    assert not lines[4].endswith("“")


def test_a_long_chain_of_conclusions_neither_sinks_nor_breaks() -> None:
    n = 3000
    found = [row("So we must.", number=k) for k in range(n)]

    lines = shown(
        *found, links=tuple(Link(k, k + 1, "result", "") for k in range(n - 1))
    )

    assert len(lines) == 3 + n
    assert lines[-1] == "            ■ 0 result So we must."


def test_a_circle_of_links_ends() -> None:
    lines = shown(row("One."), row("Two.", number=2), row("Three.", number=3),
                  links=(Link(0, 1, "order", ""), Link(1, 2, "order", ""),
                         Link(2, 1, "order", "")))  # fmt: skip

    assert len(lines) <= 6


def test_a_link_to_no_statement_is_refused() -> None:
    with pytest.raises(ValueError, match="is not of the 1 statements"):
        shown(row("One."), links=(Link(0, 1, "order", ""),))


def test_more_frames_than_there_are_colours_are_shown_plainly() -> None:
    lines = shown(*(row("We must.", unit=f"d:p{n}", frame=f"f{n}") for n in range(60)))

    assert "  p59  f59" in lines


@pytest.mark.parametrize("width", [30, 80, 200])
def test_lines_are_folded_to_the_terminal(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("LINES", "40")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", "1")
    stream = Terminal()

    show_outline([row("双方同意trade，" * 40)], [], stream)
    lines = stream.getvalue().splitlines()[3:]

    assert max(map(cell_len, lines)) in range(width - 8, width + 1)


def test_frames_have_their_colours_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    stream = Terminal()

    show_outline([row("We must.", frame="合作")], [], stream, labels=("竞争", "合作"))

    # True colour, or the nearest of 256 where the environment has no more.
    colours = ("38;2;213;94;0", "38;5;166")
    assert any(f"\x1b[{c}m  合作\x1b[0m" in stream.getvalue() for c in colours)
