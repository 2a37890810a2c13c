"""Our scores against scikit-learn's, on random data."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn import metrics

from stance.coding.codebook import LabelSet
from stance.coding.predictions import Gold, HeldOut, Predictions
from stance.measure.evaluate import confusion, evaluate, scores_of

LABELS = LabelSet(("合作", "竞争", "反制", "none"), residual=("none",))
CODES = range(4)


@st.composite
def judgements(draw: st.DrawFn) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw gold and predicted codes of up to 40 units; labels may be missing."""
    pairs = st.tuples(st.integers(0, 3), st.integers(0, 3))
    table = np.array(draw(st.lists(pairs, min_size=1, max_size=40)))
    return table[:, 0], table[:, 1]


def held_out(gold: NDArray[np.int64], proba: NDArray[np.float64]) -> HeldOut:
    """Return the predictions of an outside model for one document."""
    n = len(gold)
    units, none = tuple(map(str, range(n))), ("",) * n
    no = np.zeros(n, dtype=bool)
    return HeldOut(
        Gold(LABELS, units, ("d",) * n, none, none, none, gold, ~no),
        (Predictions(units, LABELS, proba, no, np.full(n, -1), no),),
    )


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


@pytest.mark.parametrize("seed", range(10))
def test_macro_f1_accuracy_log_loss_and_brier_equal_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 40))
    gold, proba = rng.integers(4, size=n), rng.dirichlet(np.ones(4), n)

    rows = evaluate(held_out(gold, proba), rng=seed)

    said = proba.argmax(axis=1)
    ours = {row.metric: row.estimate for row in rows[:4]}
    assert ours == pytest.approx(
        {
            "macro_f1": metrics.f1_score(
                gold, said, labels=[0, 1, 2], average="macro", zero_division=0
            ),
            "accuracy": metrics.accuracy_score(gold, said),
            "log_loss": metrics.log_loss(gold, proba, labels=CODES),
            "brier": n * 4 * metrics.mean_squared_error(np.eye(4)[gold], proba) / n,
        },
        abs=1e-12,
    )


@pytest.mark.parametrize("seed", range(5))
def test_precision_recall_and_f1_of_a_label_equal_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    gold, proba = rng.integers(4, size=40), rng.dirichlet(np.ones(4), 40)

    rows = evaluate(held_out(gold, proba), rng=seed)

    ours = [
        [row.estimate for row in rows if row.stratum == "counted" and row.metric == m
         and row.label != "all"]
        for m in ("precision", "recall", "f1")
    ]  # fmt: skip
    theirs = metrics.precision_recall_fscore_support(
        gold, proba.argmax(axis=1), labels=CODES, zero_division=0
    )[:3]
    assert ours == pytest.approx(np.array(theirs), abs=1e-12)
