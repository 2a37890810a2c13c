"""The classifier as scikit-learn sees it: TF-IDF blocks and logistic regression."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from sklearn.calibration import (
    CalibratedClassifierCV,
    _CalibratedClassifier,
    _SigmoidCalibration,
    _TemperatureScaling,
)
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline

from stance.corpus.terms import TermTable
from stance.model.blocks import SPECS, BlockSpec, features
from stance.model.model import Model

__all__ = ["Pipeline", "classifier", "pipeline", "to_pipeline"]


def _vectorizer(
    spec: BlockSpec, terms: TermTable, **options: object
) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer=partial(features, block=spec.name, terms=terms),
        lowercase=False,  # the analyzer does what is to be done; a target is kept
        min_df=spec.min_df,
        use_idf=spec.use_idf,
        sublinear_tf=spec.sublinear_tf,
        norm=spec.norm,
        **options,
    )


def classifier(*, C: float, tol: float = 1e-9) -> LogisticRegression:
    """Return the unfitted classifier: multinomial logistic regression, L2 penalty.

    The tolerance is on the gradient of a mean over weights: at 1e-8 scores of the seed
    texts end 9e-5 from the optimum, at 1e-9 1e-6.

    Examples
    --------
    >>> classifier(C=10).solver
    'newton-cg'
    """
    return LogisticRegression(C=C, solver="newton-cg", tol=tol, max_iter=1000)


def pipeline(blocks: Sequence[str], *, C: float, terms: TermTable) -> Pipeline:
    """Return the unfitted pipeline that a model is: TF-IDF blocks, then the classifier.

    Parameters
    ----------
    blocks : sequence of str
        Of ``words``, ``cues``, ``chars``.
    C : float
        Inverse strength of the L2 penalty.
    terms : TermTable
        For the tokenizer and the cue block.

    Returns
    -------
    Pipeline
        Fit it on raw texts: ``fit(texts, labels, classifier__sample_weight=weights)``.

    Examples
    --------
    >>> from stance.corpus.terms import NO_TERMS
    >>> [name for name, _ in pipeline(["words"], C=10, terms=NO_TERMS).steps]
    ['features', 'classifier']
    """
    specs = [SPECS[name] for name in blocks]
    return Pipeline(
        [
            (
                "features",
                FeatureUnion(
                    [(spec.name, _vectorizer(spec, terms)) for spec in specs],
                    transformer_weights={spec.name: spec.weight for spec in specs},
                ),
            ),
            ("classifier", classifier(C=C)),
        ]
    )


def to_pipeline(model: Model) -> Pipeline:
    """Return a model as a fitted scikit-learn pipeline; see `Model.to_pipeline`."""
    order = np.argsort(model.labels.names)
    classes = np.array(model.labels.names)[order]
    union: list[tuple[str, TfidfVectorizer]] = []
    for block in model.blocks:
        step = _vectorizer(block.spec, model.terms, vocabulary=block.index)
        step.fit([""])  # sets what a fixed vocabulary needs
        if block.spec.use_idf:
            step.idf_ = block.idf
        union.append((block.spec.name, step))
    weights = {block.spec.name: block.spec.weight for block in model.blocks}
    linear = classifier(C=float(str(model.parameters.get("C", 1.0))))
    linear.classes_ = classes
    linear.n_features_in_ = model.coef.shape[1]
    linear.coef_, linear.intercept_ = model.coef[order], model.intercept[order]
    if len(classes) == 2:  # one row, for the second class: twice our half
        linear.coef_ = linear.coef_[1:] - linear.coef_[:1]
        linear.intercept_ = linear.intercept_[1:] - linear.intercept_[:1]
    method, calibrators = _calibrators(model.calibration, order)
    calibrated = CalibratedClassifierCV(linear, method=method, ensemble=False)
    calibrated.classes_ = classes
    calibrated.n_features_in_ = model.coef.shape[1]
    calibrated.calibrated_classifiers_ = [
        _CalibratedClassifier(linear, calibrators, classes=classes, method=method)
    ]
    return Pipeline(
        [
            ("features", FeatureUnion(union, transformer_weights=weights)),
            ("classifier", calibrated),
        ]
    )


def _calibrators(
    calibration: NDArray[np.float64], order: NDArray[np.integer]
) -> tuple[str, list[_SigmoidCalibration] | list[_TemperatureScaling]]:
    """Return scikit-learn's name of the calibration, and its fitted calibrators."""
    half = 2.0 if len(order) == 2 else 1.0
    if calibration.shape == (1, 1):
        scaling = _TemperatureScaling()
        scaling.beta_ = calibration[0, 0] / half
        return "temperature", [scaling]
    sigmoids = []
    for a, b in calibration[order][1 if len(order) == 2 else 0 :]:
        sigmoid = _SigmoidCalibration()
        sigmoid.a_, sigmoid.b_ = a / half, b
        sigmoids.append(sigmoid)
    return "sigmoid", sigmoids
