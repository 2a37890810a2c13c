"""Our few lines of scoring against scikit-learn's own classes."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from stance.coding.labelled import LabelledSet
from stance.corpus.document import Passage
from stance.model.features import Pipeline
from stance.model.model import Model
from stance.model.project import Project
from stance.model.score import probabilities

SHARED = Path(__file__).parents[2].parent / "shared"
VOCABULARY = (
    "tariff export market teacher pupil exam doctor vaccine team coach rain storm "
    "qwzx the met “league” ，关税 出口 市场 教师 考试 疫苗 球队 下雨 龘 贸易战"
)
WORDS = st.sampled_from(VOCABULARY.split())


@pytest.fixture(scope="module")
def pipeline(model: Model) -> Pipeline:
    return model.to_pipeline()


def theirs(
    model: Model, pipeline: Pipeline, texts: Sequence[str | Passage]
) -> NDArray[np.float64]:
    """Return the pipeline's probabilities with the model's columns."""
    order = [list(pipeline.classes_).index(name) for name in model.labels.names]
    return pipeline.predict_proba(texts)[:, order]


def sigmoids(model: Model) -> Model:
    """Return the model with a sigmoid a label; of two labels they are one."""
    n = len(model.labels.names)
    slopes = np.full(2, -1.3) if n == 2 else np.linspace(-2.0, -0.5, n)
    return replace(
        model, calibration=np.column_stack([slopes, np.linspace(-0.4, 0.4, n)])
    )


def temperature(model: Model) -> Model:
    """Return the model with a temperature."""
    return replace(model, calibration=np.array([[0.7]]))


def named(model: Model, proba: NDArray[np.float64]) -> list[str]:
    return [model.labels.names[at] for at in proba.argmax(axis=1)]


def test_probabilities_of_the_seeds_equal_scikit_learn(
    seeds: Project, model: Model, pipeline: Pipeline
) -> None:
    texts = [unit.text for unit in seeds.corpus.paragraphs]

    ours = probabilities(model, texts)

    assert np.abs(ours - theirs(model, pipeline, texts)).max() < 1e-12
    assert named(model, ours) == pipeline.predict(texts).tolist()


def test_probabilities_of_forty_anchors_equal_scikit_learn(
    seeds: Project, model: Model, pipeline: Pipeline
) -> None:
    texts = [anchor.text for anchor in seeds.anchors[:: len(seeds.anchors) // 40][:40]]

    ours = probabilities(model, texts)

    assert ours.shape == (40, 4)
    assert np.abs(ours - theirs(model, pipeline, texts)).max() < 1e-12
    assert named(model, ours) == pipeline.predict(texts).tolist()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the validation texts are not here")
def test_probabilities_of_the_validation_texts_equal_scikit_learn(
    model: Model, pipeline: Pipeline
) -> None:
    lines = (SHARED / "validation" / "units.jsonl").read_text(encoding="utf-8")
    texts = [json.loads(line)["text"] for line in lines.splitlines()]

    ours = probabilities(model, texts)

    assert np.abs(ours - theirs(model, pipeline, texts)).max() < 1e-12
    assert named(model, ours) == pipeline.predict(texts).tolist()


def test_odd_texts_score_as_in_scikit_learn(model: Model, pipeline: Pipeline) -> None:
    texts = [
        "",
        " ",
        "。",
        "Ψ",
        "U.S.–China ‘tech war’",
        "a" * 999,
        "合\n作",
        "e\u0301",
    ]

    ours = probabilities(model, texts)

    assert np.abs(ours - theirs(model, pipeline, texts)).max() < 1e-12


@pytest.mark.parametrize("name", ["two_labels", "small_model", "five_labels"])
@pytest.mark.parametrize("how", [sigmoids, temperature])
@given(texts=st.lists(st.lists(WORDS, max_size=9).map(" ".join), min_size=1))
@settings(max_examples=20)
def test_any_number_of_labels_scores_as_in_scikit_learn(
    request: pytest.FixtureRequest,
    name: str,
    how: Callable[[Model], Model],
    texts: list[str],
) -> None:
    model = how(request.getfixturevalue(name))
    pipeline = model.to_pipeline()

    ours = probabilities(model, texts)

    assert np.abs(ours - theirs(model, pipeline, texts)).max() < 1e-12
    assert named(model, ours) == pipeline.predict(texts).tolist()


@pytest.mark.parametrize("name", ["two_labels", "small_model", "five_labels"])
def test_the_classes_of_the_pipeline_are_sorted(
    request: pytest.FixtureRequest, name: str
) -> None:
    model: Model = request.getfixturevalue(name)

    classes = model.to_pipeline().classes_.tolist()

    assert classes == sorted(model.labels.names)


PARTS = st.lists(WORDS, max_size=6).map(" ".join)
PASSAGES = st.builds(
    Passage, PARTS, PARTS, PARTS, st.sampled_from(["", "Tariff ban", "出口管制", "龘"])
)


@pytest.mark.parametrize("how", [sigmoids, temperature])
@given(passages=st.lists(PASSAGES, min_size=1, max_size=6))
@settings(max_examples=20)
def test_passages_with_context_and_target_score_as_in_scikit_learn(
    passage_model: Model, how: Callable[[Model], Model], passages: list[Passage]
) -> None:
    model = how(passage_model)

    ours = probabilities(model, passages)

    assert np.abs(ours - theirs(model, model.to_pipeline(), passages)).max() < 1e-12


def test_the_passages_of_training_score_as_in_scikit_learn(
    passage_data: LabelledSet, passage_model: Model
) -> None:
    passages = passage_data.passages

    ours = probabilities(passage_model, passages)

    expected = theirs(passage_model, passage_model.to_pipeline(), passages)
    assert np.abs(ours - expected).max() < 1e-12


def test_neighbours_and_the_target_change_the_probabilities(
    passage_model: Model,
) -> None:
    text = "In 2010 the tariff"
    passages = [
        Passage(text),
        Passage(text, before="the teacher and the pupil"),
        Passage(text, target="Tariff ban"),
    ]

    found = probabilities(passage_model, passages)

    assert len({tuple(row) for row in found.tolist()}) == 3
