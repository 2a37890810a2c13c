"""Our alpha against NLTK's, on random data."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from stance.measure.agreement import krippendorff_alpha

nltk_agreement = pytest.importorskip("nltk.metrics.agreement")


@st.composite
def tables(draw: st.DrawFn) -> NDArray[np.int64]:
    """Draw the codes of 2 to 5 coders for up to 30 units, all coded."""
    shape = draw(st.tuples(st.integers(2, 5), st.integers(2, 30)))
    return draw(arrays(np.int64, shape, elements=st.integers(0, 4)))


def nltk_alpha(table: NDArray[np.int64]) -> float:
    triples = [
        (f"coder-{coder}", f"unit-{unit}", int(label))
        for (coder, unit), label in np.ndenumerate(table)
        if label >= 0
    ]
    return float(nltk_agreement.AnnotationTask(data=triples).alpha())


@given(tables())
def test_alpha_equals_nltk(table: NDArray[np.int64]) -> None:
    assume(len(np.unique(table)) > 1)

    ours = krippendorff_alpha(table, n_labels=5)

    assert ours == pytest.approx(nltk_alpha(table), abs=1e-12)


@given(tables(), st.data())
def test_alpha_equals_nltk_with_units_that_some_coders_skipped(
    table: NDArray[np.int64], data: st.DataObject
) -> None:
    skipped = data.draw(arrays(np.bool_, table.shape))
    some = np.where(skipped, -1, table)
    pairable = some[:, (some >= 0).sum(axis=0) >= 2]
    assume(len(np.unique(pairable[pairable >= 0])) > 1)

    ours = krippendorff_alpha(some, n_labels=5)

    assert ours == pytest.approx(nltk_alpha(pairable), abs=1e-12)
