"""Tests of `stance.model.features`: the pipeline is scikit-learn's own."""

import numpy as np
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline

from stance.coding.labelled import LabelledSet
from stance.corpus.terms import NO_TERMS, TermTable
from stance.model.features import pipeline
from stance.model.model import Model


def test_an_unfitted_pipeline_is_made_of_scikit_learns_classes() -> None:
    steps = pipeline(["words", "chars"], C=3.0, terms=NO_TERMS).steps
    union = steps[0][1]

    assert [type(step) for _, step in steps] == [FeatureUnion, LogisticRegression]
    assert [type(step) for _, step in union.transformer_list] == [TfidfVectorizer] * 2


def test_a_models_pipeline_is_made_of_scikit_learns_classes(model: Model) -> None:
    found = model.to_pipeline()

    assert type(found) is Pipeline
    assert [type(step) for _, step in found.steps] == [
        FeatureUnion,
        CalibratedClassifierCV,
    ]


def test_a_pipeline_can_be_cloned_and_fitted(
    small_data: LabelledSet, small_terms: TermTable
) -> None:
    fresh = clone(pipeline(["words", "cues"], C=30.0, terms=small_terms))

    fresh.fit(small_data.texts, small_data.y)

    assert fresh.score(small_data.texts, small_data.y) > 0.9


def test_the_columns_of_a_models_pipeline_are_its_terms(small_model: Model) -> None:
    union = small_model.to_pipeline().named_steps["features"]

    names = union.get_feature_names_out().tolist()

    assert names == [
        f"{block.spec.name}__{term}"
        for block in small_model.blocks
        for term in block.terms
    ]


def test_a_models_pipeline_does_not_change_the_model(small_model: Model) -> None:
    before = small_model.coef.copy()

    small_model.to_pipeline().predict_proba(["the tariff", "关税"])

    assert np.array_equal(small_model.coef, before)
    assert not small_model.coef.flags.writeable
