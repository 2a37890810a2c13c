"""Our scores against scikit-learn's, on random data."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn import metrics

from stance.coding.codebook import LabelSet
from stance.measure.evaluate import confusion, evaluate, scores_of

LABELS = LabelSet(("合作", "竞争", "反制", "none"), residual=("none",))
CODES = range(4)


@st.composite
def judgements(draw: st.DrawFn) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw gold and predicted codes of up to 40 units; labels may be missing."""
    pairs = st.tuples(st.integers(0, 3), st.integers(0, 3))
    table = np.array(draw(st.lists(pairs, min_size=1, max_size=40)))
    return table[:, 0], table[:, 1]


@given(judgements())
def test_confusion_equals_scikit_learn(
    pair: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> None:
    gold, predicted = pair

    ours = confusion(gold, predicted, 4)

    theirs = metrics.confusion_matrix(gold, predicted, labels=CODES)
    assert ours.tolist() == theirs.tolist()


@given(judgements())
def test_scores_of_each_label_equal_scikit_learn(
    pair: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> None:
    gold, predicted = pair

    ours = scores_of(confusion(gold, predicted, 4))

    precision, recall, f1, _ = metrics.precision_recall_fscore_support(
        gold, predicted, labels=CODES, zero_division=0
    )
    assert ours["precision"] == pytest.approx(precision, abs=1e-12)
    assert ours["recall"] == pytest.approx(recall, abs=1e-12)
    assert ours["f1"] == pytest.approx(f1, abs=1e-12)


@given(judgements())
def test_macro_f1_accuracy_and_log_loss_equal_scikit_learn(
    pair: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> None:
    gold, predicted = pair
    proba = np.full((len(gold), 4), 0.1)
    proba[np.arange(len(gold)), predicted] = 0.7
    names = [LABELS.names[label] for label in gold]

    rows = evaluate(names, proba, labels=LABELS, documents=["d"] * len(gold))

    ours = {row.metric: row.estimate for row in rows[:3]}
    assert ours == pytest.approx(
        {
            "macro_f1": metrics.f1_score(
                gold, predicted, labels=[0, 1, 2], average="macro", zero_division=0
            ),
            "accuracy": metrics.accuracy_score(gold, predicted),
            "log_loss": metrics.log_loss(gold, proba, labels=CODES),
        },
        abs=1e-12,
    )
