"""Sentences as units: what they have of their paragraph, and what they do not add."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.argument.attribution import VOICES, attribution
from stance.argument.voices import by_statement
from stance.coding.predictions import Gold, Predictions
from stance.errors import CodingError
from stance.measure.prevalence import prevalence
from stance.measure.strata import Strata, stratify
from stance.testing import coded

OWN = "Exports fell. Prices rose."
BOTH = "Exports fell. Zhou said that they will rise."
TEXTS = st.sampled_from((
    OWN, BOTH, "双方应当合作。", "他表示，合作有利。“合作共赢！”", "", "No stop",
    "ｆｕｌｌ！",
))  # fmt: skip


def one_voice(gold: Gold) -> Strata:
    zeros = np.zeros(len(gold.unit_ids), dtype=int)
    return Strata("voice", ("own",), zeros, stratify(gold, "document").component)


def with_twins(gold: Gold, *, counted: bool) -> Gold:
    """Make the first two units twins; the second may be counted by mistake."""
    keys = (*((*own, "twin:u0") for own in gold.keys[:2]), *gold.keys[2:])
    both = gold.counted.copy()
    both[1] = counted
    return replace(gold, keys=keys, counted=both)


def test_a_sentence_has_the_label_the_prediction_and_the_draw_of_its_paragraph() -> (
    None
):
    gold, predictions = coded("2012: 01 .1", "2023: 20")
    gold = replace(gold, probability=(0.25, 0.0, 0.5))

    found, predicted, voices = by_statement(
        gold, predictions, (BOTH, "双方应当合作。", OWN)
    )

    assert found.unit_ids == (
        "u0:s01", "u0:s02", "u1:s01", "u2:s01", "u2:s02",
    )  # fmt: skip
    assert predicted.unit_ids == found.unit_ids
    assert found.y.tolist() == [0, 0, -1, 2, 2]
    assert predicted.proba.argmax(axis=1).tolist() == [1, 1, 1, 0, 0]
    assert found.probability == (0.25, 0.25, 0.0, 0.5, 0.5)
    assert found.designs == ("random", "random", "", "random", "random")
    assert found.dates == ("2012", "2012", "2012", "2023", "2023")
    assert voices == ("own", "reported", "own", "own", "own")


@given(st.lists(TEXTS, min_size=3, max_size=3))
def test_every_column_has_a_value_a_sentence(texts: list[str]) -> None:
    gold, predictions = coded("2012: 01 .1", "2023: 20")

    found, predicted, voices = by_statement(gold, predictions, texts)

    n = len(voices)
    columns = (
        found.unit_ids, found.documents, found.languages, found.dates, found.sources,
        found.keys, found.designs, found.y, found.counted, predicted.unit_ids,
        predicted.proba, predicted.abstained, predicted.fold, predicted.seen,
    )  # fmt: skip
    assert {len(column) for column in columns} == {n}
    assert len(set(found.unit_ids)) == n
    assert set(voices) <= set(VOICES)


def test_columns_that_are_not_known_stay_unknown() -> None:
    gold, predictions = coded("2012: 01 .1")
    gold = replace(gold, designs=(), keys=())

    found, _, _ = by_statement(gold, predictions, (OWN, OWN))

    assert (found.designs, found.keys, found.probability) == ((), (), ())


def test_a_text_for_every_paragraph() -> None:
    with pytest.raises(ValueError, match="1 texts for 2 units"):
        by_statement(*coded("2012: 01 .1"), [OWN])


@pytest.mark.parametrize(
    ("sentence", "voice"),
    [
        ("Exports fell in May.", "own"),
        ("Zhou said that exports fell.", "reported"),
        ("他指出，出口下降了。", "reported"),
        ("“Exports have fallen in every month of the year,” Zhou said.", "quoted"),
        ("他说：“合作是中美双方唯一正确的选择。”", "quoted"),
    ],
)
def test_the_voice_is_that_of_the_sentence(sentence: str, voice: str) -> None:
    _, _, voices = by_statement(*coded("2012: 01"), [sentence])

    assert voices == (voice,)
    assert attribution(sentence).voice == voice


def shares(gold: Gold, predictions: Predictions) -> list[tuple[float, float, float]]:
    strata = one_voice(gold)
    found = prevalence(gold, predictions, strata=strata, method="labels")
    return [(row.share, row.std_error, row.df) for row in found.rows]


@pytest.mark.filterwarnings("ignore::stance.errors.StanceWarning")
def test_cutting_paragraphs_adds_no_certainty() -> None:
    """Of two sentences each, they have the shares and the intervals that they had."""
    documents = ("00 01", "11 10 .1", "00 22", "11", "20 .0", "01 11", "22 02 21")
    gold, predictions = coded(f"2012: {' | '.join(documents * 3)}")
    texts = [OWN] * len(gold.unit_ids)

    found, predicted, _ = by_statement(gold, predictions, texts)

    assert np.allclose(shares(found, predicted), shares(gold, predictions))
    assert not np.isnan(shares(gold, predictions)).any()


@pytest.mark.filterwarnings("ignore::stance.errors.StanceWarning")
def test_sentences_of_a_paragraph_are_no_twins() -> None:
    gold, predictions = coded("2012: 00 01 | 11", "2023: 11 | 20")
    gold = with_twins(gold, counted=False)
    texts = [BOTH, "双方应当合作。", OWN, OWN, OWN]

    found, predicted, _ = by_statement(gold, predictions, texts)
    strata = one_voice(found)
    strata.of[~found.counted] = -1

    assert prevalence(found, predicted, strata=strata).rows[0].n_units == 8


def test_twins_that_are_both_counted_are_still_refused() -> None:
    gold, predictions = coded("2012: 00 01 | 11", "2023: 11 | 20")
    gold = with_twins(gold, counted=True)

    found, predicted, _ = by_statement(gold, predictions, [BOTH] * 5)

    with pytest.raises(CodingError, match="'u0:s01' and 'u1:s01' are twins"):
        prevalence(found, predicted, strata=one_voice(found))
