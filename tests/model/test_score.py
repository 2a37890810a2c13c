"""Tests of `stance.model.score`."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from stance.model.model import Model
from stance.model.project import Project
from stance.model.score import (
    calibrate,
    feature_names,
    features_of,
    probabilities,
    score,
    were_seen,
)

PIECES = [
    "cooperation", "tariffs", "U.S.", "small yard, high fence", "qwzx", "exports ",
    "合作", "出口管制", "中国", "印度尼西亚", "卡脖子", "龘", " ", "\n", "，", "“",
    "’s ", "ｃｈｉｐｓ", "cafe\u0301", "2022", "-", "实体 清单", "\u200b", "关税",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
INVISIBLE = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad"]
FINITE = {"allow_nan": False, "allow_infinity": False}


def test_probabilities_sum_to_one_on_the_seeds(seeds: Project, model: Model) -> None:
    texts = [unit.text for unit in seeds.corpus.paragraphs]

    proba = probabilities(model, texts)

    assert proba.shape == (197, 4)
    assert np.abs(proba.sum(axis=1) - 1).max() < 1e-12


def test_a_batch_gives_what_each_text_gives_alone(seeds: Project, model: Model) -> None:
    texts = [unit.text for unit in seeds.corpus.paragraphs]

    batch = probabilities(model, texts)

    alone = np.vstack([probabilities(model, [text]) for text in texts])
    assert np.array_equal(batch, alone)


def test_no_texts_give_no_rows(model: Model) -> None:
    proba = probabilities(model, [])

    assert proba.shape == (0, 4)


def test_an_empty_text_has_the_intercepts_as_its_scores(model: Model) -> None:
    scored = score(model, [""])

    assert np.array_equal(scored.scores[0], model.intercept)
    assert not scored.known[0]


def test_features_times_weights_are_the_scores(seeds: Project, model: Model) -> None:
    texts = [*(unit.text for unit in seeds.corpus.paragraphs), ""]

    values = features_of(model, texts)

    scores = score(model, texts).scores
    assert np.abs(values @ model.coef.T + model.intercept - scores).max() < 1e-12


def test_features_are_called_by_block_and_term(model: Model) -> None:
    values = features_of(model, ["扩大合作"])

    names = feature_names(model)
    assert len(names) == len(set(names)) == model.coef.shape[1]
    assert "words: deepen_cooperation@zh" in {names[at] for at in values.indices}


def test_no_texts_have_no_features(model: Model) -> None:
    assert features_of(model, []).shape == (0, model.coef.shape[1])


@pytest.mark.parametrize("text", ["Сотрудничество двух стран", "Ψ", "!?", "ฉันรักเธอ"])
def test_a_text_in_another_script_holds_no_known_term(model: Model, text: str) -> None:
    assert not score(model, [text]).known[0]


@pytest.mark.parametrize("text", ["They agreed to cooperate.", "双方同意加强合作。"])
def test_both_languages_hold_known_terms(model: Model, text: str) -> None:
    assert score(model, [text]).known[0]


@given(text=TEXTS, invisible=st.sampled_from(INVISIBLE), data=st.data())
def test_an_invisible_character_changes_no_probability(
    model: Model, text: str, invisible: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(text)))
    with_it = text[:at] + invisible + text[at:]

    changed = probabilities(model, [with_it])

    assert np.array_equal(changed, probabilities(model, [text]))


@given(text=TEXTS)
def test_blanks_around_a_text_change_no_probability(model: Model, text: str) -> None:
    padded = f" \n{text}\u3000\n"

    assert np.array_equal(probabilities(model, [padded]), probabilities(model, [text]))


@given(
    scores=arrays(np.float64, (3, 4), elements=st.floats(-1e300, 1e300)),
    calibration=arrays(np.float64, (4, 2), elements=st.floats(-50, 50, **FINITE)),
)
def test_calibrated_rows_sum_to_one_for_extreme_scores(
    scores: NDArray[np.float64], calibration: NDArray[np.float64]
) -> None:
    with np.errstate(over="ignore"):
        proba = calibrate(scores, calibration)

    assert np.abs(proba.sum(axis=-1) - 1).max() < 1e-12
    assert (proba >= 0).all()


@given(
    scores=arrays(np.float64, (3, 4), elements=st.floats(-1e300, 1e300)),
    beta=st.floats(0, 50),
)
def test_rows_scaled_by_a_temperature_sum_to_one_for_extreme_scores(
    scores: NDArray[np.float64], beta: float
) -> None:
    proba = calibrate(scores, np.array([[beta]]))

    assert np.abs(proba.sum(axis=-1) - 1).max() < 1e-12
    assert (proba >= 0).all()


def test_scores_that_rule_out_every_label_give_even_probabilities() -> None:
    calibration = np.array([[-1.0, 0.0]] * 4)

    proba = calibrate(np.full(4, -1e6), calibration)

    assert proba.tolist() == [0.25, 0.25, 0.25, 0.25]


def test_a_higher_score_is_a_higher_probability() -> None:
    calibration = np.array([[-1.0, 0.5], [-1.0, 0.5]])

    low, high = calibrate(np.array([[0.0, 0.0], [1.0, 0.0]]), calibration)

    assert high[0] > low[0]


def test_every_training_text_of_the_seeds_is_seen(seeds: Project, model: Model) -> None:
    texts = seeds.labelled().texts

    assert were_seen(model, texts).all()


def test_a_text_that_was_not_trained_on_is_not_seen(
    seeds: Project, model: Model
) -> None:
    text = seeds.corpus["cass-2015:p006"].text

    assert not were_seen(model, [text + " Moreover.", ""]).any()


@pytest.mark.parametrize("unit_id", ["chinadaily-2012:p006", "raimondo-2023:p006"])
def test_other_line_breaks_leave_an_english_text_seen(
    seeds: Project, model: Model, unit_id: str
) -> None:
    text = seeds.corpus[unit_id].text.replace(" ", "\n ")

    assert were_seen(model, [text]).all()


def test_other_line_breaks_leave_a_chinese_text_seen(
    seeds: Project, model: Model
) -> None:
    """As a PDF file breaks it; the tokens and the probabilities are the same."""
    text = seeds.corpus["gu-liu-2022:p006"].text
    wrapped = text.replace("美国政府", "美国\n政府", 1)

    assert were_seen(model, [text, wrapped]).all()


def test_a_model_without_terms_counts_no_cue(two_labels: Model) -> None:
    blocks = [block.spec.name for block in two_labels.blocks]

    assert two_labels.terms.terms == ()
    assert "cues" not in blocks


def test_arrays_of_a_model_cannot_be_written_to(model: Model) -> None:
    with pytest.raises(ValueError, match="read-only"):
        model.coef[0, 0] = 1.0
