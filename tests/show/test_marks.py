"""Tests of `stance.show.marks`: the parts sum to the score, at every place."""

import io
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.corpus.document import Passage
from stance.model.blocks import NO_CUE, SPECS
from stance.model.classify import Labelled, classify
from stance.model.evidence import contributions
from stance.model.model import Block, Model
from stance.model.score import score
from stance.show.marks import Marked, label_read, marked, runs, score_line, spread
from stance.show.screen import show_marked
from stance.testing import paragraph

EN = "Both sides agreed to ease export controls, and tariffs stay."
ZH = "双方同意放宽出口管制，扩大合作；关税依旧。"
MIXED = (
    "“Both” si\u00addes ｅase export con\u00adtrols（出口 管制）— "
    "合\u200b作, cafe\u0301 关税。"
)
TEXTS = [EN, ZH, MIXED]
PIECES = [
    "both ", "sides ", "tariffs", "export controls", "si\u00addes ", "cooperation",
    "双方", "出口管制", "出口 管制", "合\u200b作", "关税", "，", "“", "\n", " ", "龘",
]  # fmt: skip


def item_of(text: str, model: Model) -> Labelled:
    return next(classify([paragraph(text)], model))


def marks_of(text: str, model: Model) -> Marked:
    found = marked(item_of(text, model), model)
    assert found is not None
    return found


@pytest.mark.parametrize("text", TEXTS, ids=["English", "Chinese", "mixed"])
@pytest.mark.parametrize("label", ["cooperation", "competition", "none"])
def test_characters_intercept_and_cueless_words_sum_to_the_score(
    toy: Model, text: str, label: str
) -> None:
    at = toy.labels.names.index(label)
    scores = score(toy, [text]).scores[0]
    found = contributions(toy, text, label)

    weights = spread([e for e in found if e.feature != NO_CUE], len(text))
    rest = sum(e.weight for e in found if e.feature == NO_CUE)

    assert sum(weights) + rest + toy.intercept[at] == pytest.approx(
        scores[at], abs=1e-9
    )


@given(text=st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join))
def test_the_parts_of_a_paragraph_sum_to_its_labels_score(
    toy: Model, text: str
) -> None:
    item = item_of(f"both {text}", toy)
    scores = score(toy, [item.unit.text]).scores[0]

    found = marked(item, toy)

    assert found is not None
    assert found.score == pytest.approx(max(scores), abs=1e-9)


@given(text=st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join))
def test_runs_cover_the_text_once_and_in_order(toy: Model, text: str) -> None:
    text = f"both {text}"

    found = marks_of(text, toy).runs

    assert "".join(text[run.start : run.end] for run in found) == text
    assert [run.start for run in found[1:]] == [run.end for run in found[:-1]]


@pytest.mark.parametrize("text", TEXTS, ids=["English", "Chinese", "mixed"])
def test_levels_point_where_weights_do(toy: Model, text: str) -> None:
    found = marks_of(text, toy).runs

    assert [run for run in found if run.level * run.weight < 0] == []
    assert max(abs(run.level) for run in found) == 3


def test_a_word_with_a_soft_hyphen_is_marked_with_it(toy: Model) -> None:
    text = "Both si\u00addes eased tariffs."

    words = [text[r.start : r.end] for r in marks_of(text, toy).runs if r.level]

    assert "si\u00addes" in words


def test_overlapping_terms_add_up_on_their_characters(toy: Model) -> None:
    text = "both sides"
    by_term = {
        (e.start, e.end): e.weight
        for e in contributions(toy, text, "cooperation")
        if e.feature != NO_CUE
    }

    found = marks_of(text, toy).runs

    assert [run.weight for run in found] == pytest.approx(
        [
            by_term[0, 4] + by_term[0, 10] * 4 / 10,
            by_term[0, 10] / 10,
            by_term[5, 10] + by_term[0, 10] * 5 / 10,
        ],
        abs=1e-12,
    )


def test_a_blank_at_the_edge_of_a_mark_is_not_marked() -> None:
    found = runs("ab  cd", [1.0, 1.0, 0.9, 0.9, -1.0, -1.0])

    assert [run.level for run in found] == [3, 0, -3]


def test_a_text_without_weight_is_one_unmarked_run() -> None:
    assert runs("合作", [0.0, 0.0]) == ((0, 2, 0.0, 0),)


def test_an_empty_text_has_no_runs() -> None:
    assert runs("", []) == ()


@pytest.mark.parametrize(
    ("text", "kind"), [("Export controls 出口管制", "heading"), ("Qwzx 龘", "body")]
)
def test_what_has_no_label_has_no_marks(toy: Model, text: str, kind: str) -> None:
    item = next(classify([paragraph(text, kind=kind)], toy))

    assert marked(item, toy) is None


def test_in_doubt_the_likeliest_label_is_shown(toy: Model) -> None:
    item = replace(item_of(EN, toy), label="", abstained=True)

    assert label_read(item, toy.labels.names) == "cooperation"
    assert marked(item, toy) == marks_of(EN, toy)


def test_what_neighbours_add_is_in_the_score_and_marked_nowhere(toy: Model) -> None:
    context = Block(
        SPECS["context"], ("tariff",), np.ones(1), np.array([3], dtype=np.uint64)
    )
    wide = replace(
        toy,
        blocks=(*toy.blocks, context),
        coef=np.hstack([toy.coef, [[0.5], [-0.25], [-0.25]]]),
    )
    passage = Passage(EN, "", "Tariffs rose.")
    item = next(classify([paragraph(EN)], wide, passages=[passage]))
    scores = score(wide, [passage]).scores[0]

    found = marked(item, wide)

    assert found is not None
    assert found.runs == marks_of(EN, toy).runs
    assert found.unplaced == pytest.approx(0.5 * SPECS["context"].weight, abs=1e-12)
    assert found.score == pytest.approx(scores[0], abs=1e-9)


def test_the_line_of_a_score_names_its_parts() -> None:
    marks = Marked(runs("ab", [1.0, -0.25]), 0.5, -0.75, 0.125)

    assert score_line(marks, "合作") == (
        "score of 合作 +0.62 = start +0.50, words that are no cue -0.75, "
        "neighbours and target +0.12, for it +1.00, against it -0.25"
    )


def shown(toy: Model, *texts: str) -> str:
    units = [paragraph(t, id=f"brief:p00{n}") for n, t in enumerate(texts, start=1)]
    stream = io.StringIO()
    n = show_marked(classify(units, toy), toy, stream)
    assert n == len(texts)
    return stream.getvalue()


def test_marked_text_in_a_pipe_is_readable(
    toy: Model, golden: Callable[[str, str], str]
) -> None:
    found = shown(toy, EN, ZH, MIXED, "Qwzx 龘")

    assert found == golden("marked.txt", found)


def test_marked_text_is_not_read_as_markup_or_obeyed(toy: Model) -> None:
    found = shown(toy, "[red]Both[/red] sides \x1b[31m双方\u202e同意 [link=x]")

    assert "[red]" in found
    assert "␛[31m" in found
    assert "\x1b" not in found
    assert "\u202e" not in found


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("name", "shows"), [("NO_COLOR", "[["), ("FORCE_COLOR", "\x1b[")]
)
def test_a_terminal_has_styles_and_without_colour_brackets(
    toy: Model, monkeypatch: pytest.MonkeyPatch, name: str, shows: str
) -> None:
    for other in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(name, "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    stream = Terminal()

    show_marked([item_of(EN, toy)], toy, stream)

    assert shows in stream.getvalue().split("controls")[0]
