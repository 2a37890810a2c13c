"""The analysis view equals what only looks different, and maps back to the source."""

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stance.corpus.normalise import normalise
from stance.corpus.tokens import analyse

INVISIBLE = "\u200b\u00ad\u2060\ufeff\u202a"
SENTENCES = (
    "The U.S. and the E.U. agreed on Monday: coöperation isn’t over.",
    "A cafe\u0301 owner’s re\u0301sume\u0301 of the U.S.–China ‘tech war’",
    "中国应当扩大对外开放，反对“小院高墙”。",
    "全球 价值链的地\n位　与 技术权力",
    "实体清单 (Entity List) 在 2018 年之后，U.S. 不断扩大“卡 脖子”技术",
    "",
)
#: Any characters but half surrogate pairs, and often the ones that the view changes.
ANY_TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("aSU.\u0301\u0323 \n　\u00a0’`–中国⼈\ufb01Ｔ９，" + INVISIBLE),
    )
)
TRICKY_TEXT = st.text(
    st.sampled_from("aeSU.'’\u0301\u0308 \n　\u00a0-–中国⼈\ufb01Ｔ９，")
)


@given(ANY_TEXT)
def test_every_character_of_the_view_has_a_place_in_the_source(text: str) -> None:
    view = normalise(text)

    places = [view.span(at, at + 1) for at in range(len(view.text))]

    assert all(0 <= start < end <= len(text) for start, end in places)


@given(ANY_TEXT)
def test_places_in_the_source_never_go_back(text: str) -> None:
    view = normalise(text)

    starts = [view.span(at, at + 1)[0] for at in range(len(view.text))]
    ends = [view.span(at, at + 1)[1] for at in range(len(view.text))]

    assert starts == sorted(starts)
    assert ends == sorted(ends)


@given(ANY_TEXT)
def test_every_letter_of_the_source_lies_in_the_place_of_a_character(text: str) -> None:
    view = normalise(text)

    seen = {
        at
        for place in range(len(view.text))
        for at in range(*view.span(place, place + 1))
    }

    assert {at for at, letter in enumerate(text) if letter.isalnum()} <= seen


def test_each_place_is_a_slice_of_the_source(text: str) -> None:
    view = normalise(text)

    slices = [text[slice(*view.span(at, at + 1))] for at in range(len(view.text))]

    assert all(slices)


@given(
    st.one_of(st.sampled_from(SENTENCES), TRICKY_TEXT),
    st.integers(min_value=0),
    st.sampled_from(INVISIBLE),
)
@example(SENTENCES[1], 7, "\u200b")
@example("U.S.", 2, "\u00ad")
@example("地 位", 1, "\ufeff")
def test_an_invisible_character_changes_no_token(
    text: str, position: int, invisible: str
) -> None:
    at = position % (len(text) + 1)

    changed = analyse(text[:at] + invisible + text[at:])

    assert [token.form for token in changed.tokens] == [
        token.form for token in analyse(text).tokens
    ]


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("⼈⼝和⽣产⼒", "人口和生产力"),
        ("the \ufb01nal a\ufb00air, e\ufb03cient", "the final affair, efficient"),
        ("Ｔｅｃｈ ｗａｒ ２０１８", "Tech war 2018"),
        ("China’s ‘small yard’", "China's 'small yard'"),
        ("U.S.–China, US‐China, US‑China", "US-China, US-China, US-China"),
        ("cafe\u0301 nai\u0308ve", "café naïve"),
        ("The U.S. and the U.K. agreed.", "The US and the UK agreed."),
        ("全球价值链的地\r\n位", "全球价值链的地位"),
        ("技术　权力", "技术权力"),
        ("export\u00a0controls", "export controls"),
        ("coop\u00aderation\u200b", "cooperation"),
        ("\ufeff", ""),
        ("\uf9dd益", "利益"),
        ("", ""),
    ],
)
def test_the_view_equals_what_only_looks_different(source: str, seen: str) -> None:
    assert normalise(source).text == seen


@pytest.mark.parametrize(
    "text",
    [
        "，。；：？！、“”（）《》〈〉「」『』【】〔〕…——·～％＋",
        "中国，扩大开放。",
        "Wait... Mr. X. said 3.5 per cent, e.g. chips.",
        "Line one\nline two\ttabbed",
        "—",
        "",
    ],
)
def test_the_view_keeps_punctuation_and_line_breaks(text: str) -> None:
    assert normalise(text).text == text


def test_blanks_between_han_and_latin_stay() -> None:
    assert normalise("中国 GDP 增长").text == "中国 GDP 增长"


def test_a_plain_english_text_carries_no_map() -> None:
    view = normalise("Easing export controls.")

    assert (view.starts, view.ends) == ((), ())


@pytest.mark.parametrize(
    ("source", "found", "place"),
    [
        ("The U.S.–China talks", "US-China", (4, 14)),
        ("a \ufb01rm", "firm", (2, 5)),
        ("全球价值链的地\n位上升", "地位", (6, 9)),
        ("cafe\u0301s", "cafés", (0, 6)),
        ("\u200b合\u200b作\u200b", "合作", (1, 4)),
    ],
)
def test_a_stretch_of_the_view_maps_back_to_the_source(
    source: str, found: str, place: tuple[int, int]
) -> None:
    view = normalise(source)
    start = view.text.index(found)

    assert view.span(start, start + len(found)) == place


def test_a_joiner_stays_where_the_script_needs_it() -> None:
    assert normalise("می\u200cخواهم").text == "می\u200cخواهم"


def test_a_joiner_goes_between_latin_letters() -> None:
    assert normalise("co\u200dop").text == "coop"


def test_an_accent_on_a_full_width_letter_is_composed() -> None:
    assert normalise("ｅ\u0301").text == "é"


@given(TRICKY_TEXT)
def test_the_view_of_a_view_is_the_view(text: str) -> None:
    view = normalise(text).text

    assert normalise(view).text == view


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    ["U.S. ", "中 ", "e\u0301", "\u200b", "\u0301\u0323", "\ufb01", "“"],
    ids=ascii,
)
def test_twice_the_text_takes_less_than_three_times_the_time(
    unit: str, growth: Callable[[Callable[[str], object], str], float]
) -> None:
    text = unit * (20_000 // len(unit))

    assert growth(normalise, text) < 3
