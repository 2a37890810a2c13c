"""Tests of `stance.model.train`."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stance.coding.labelled import LabelledSet, read_labelled
from stance.corpus.document import Passage
from stance.corpus.terms import NO_TERMS, TermTable
from stance.corpus.tokens import Analysis, analyse
from stance.errors import CodingError
from stance.model.choose import choose
from stance.model.counts import count, take
from stance.model.features import pipeline
from stance.model.fit import Settings, fit, values, weigh
from stance.model.model import Model
from stance.model.project import Project
from stance.model.score import score, were_seen
from stance.model.split import check_trainable, sample
from stance.model.store import content_digest
from stance.model.tested import summary
from stance.model.train import (
    cross_fit,
    held_out,
    held_out_by,
    train,
    train_and_test,
)

ROOT = Path(__file__).parents[2]
WORDS = [("words",)]
PRINT_DIGEST = """
import sys
from stance.corpus.terms import NO_TERMS
from stance.coding.labelled import read_labelled
from stance.model.store import content_digest
from stance.model.tested import summary
from stance.model.train import train
data, _ = read_labelled(sys.argv[1])
print(content_digest(train(data, terms=NO_TERMS, name="invented")))
"""


def labelled(folder: Path, rows: Sequence[tuple[str, str, str]]) -> LabelledSet:
    """Return the set of (text, label, document) rows."""
    path = folder / "rows.jsonl"
    keys = ("text", "label", "document")
    lines = [json.dumps(dict(zip(keys, row, strict=True))) + "\n" for row in rows]
    path.write_text("".join(lines), encoding="utf-8")
    return read_labelled(path)[0]


def test_one_label_only_is_refused(tmp_path: Path) -> None:
    data = labelled(tmp_path, [("扩大合作", "合作", "a"), ("Ease it.", "合作", "b")])

    with pytest.raises(CodingError) as caught:
        check_trainable(data)

    assert str(caught.value) == (
        "cannot train: all 2 units have the label '合作'\n"
        "  a classifier needs two labels at least"
    )


def test_fewer_than_three_documents_are_refused(tmp_path: Path) -> None:
    rows = [("One.", "合作", "a"), ("二。", "合作", "b"), ("Three.", "竞争", "a"),
            ("四。", "竞争", "b")]  # fmt: skip
    data = labelled(tmp_path, rows)

    with pytest.raises(CodingError) as caught:
        check_trainable(data)

    assert str(caught.value) == (
        "cannot train: the units are of 2 documents, nested cross-validation by "
        "document needs 3\n"
        "  code units of more documents; --group names what holds them together"
    )


def test_a_label_with_one_document_is_refused(tmp_path: Path) -> None:
    rows = [("One.", "pro", "a"), ("Two.", "pro", "b"), ("一。", "con", "a"),
            ("二。", "con", "a"), ("三。", "con", "a")]  # fmt: skip
    data = labelled(tmp_path, rows)

    with pytest.raises(CodingError) as caught:
        check_trainable(data)

    assert str(caught.value) == (
        "cannot train: label 'con' has 3 coded units in 1 document, "
        "cross-validation by document needs 2\n"
        "  code more of it in another document, or leave the label out"
    )


def test_a_label_with_one_unit_is_refused_in_the_singular(tmp_path: Path) -> None:
    rows = [("One.", "pro", "a"), ("Two.", "pro", "b"), ("Three.", "pro", "c"),
            ("一。", "con", "a")]  # fmt: skip
    data = labelled(tmp_path, rows)

    with pytest.raises(CodingError) as caught:
        check_trainable(data)

    assert caught.value.message == (
        "cannot train: label 'con' has 1 coded unit in 1 document, "
        "cross-validation by document needs 2"
    )


def test_training_checks_its_data_first(tmp_path: Path) -> None:
    data = labelled(tmp_path, [("扩大合作", "合作", "a"), ("Ease it.", "合作", "b")])

    with pytest.raises(CodingError, match="cannot train: all 2 units"):
        train(data, terms=NO_TERMS, name="x")


def test_cross_fit_checks_its_data_first(tmp_path: Path) -> None:
    data = labelled(tmp_path, [("扩大合作", "合作", "a"), ("Ease it.", "合作", "b")])

    with pytest.raises(CodingError, match="cannot train: all 2 units"):
        cross_fit(data, terms=NO_TERMS)


def test_texts_without_a_word_in_common_are_refused(tmp_path: Path) -> None:
    rows = [("alpha", "a", "1"), ("合作", "a", "2"), ("beta", "b", "3"),
            ("竞争", "b", "4")]  # fmt: skip
    data = labelled(tmp_path, rows)

    with pytest.raises(CodingError, match="cannot train"):
        train(data, terms=NO_TERMS, name="x")


@pytest.mark.slow
def test_a_label_with_two_documents_can_be_evaluated(tmp_path: Path) -> None:
    """One is left out by the outer folds, the other by the inner ones."""
    labels = ["pro", "pro", "con", "con", "con", "con"]
    rows = [
        (f"The {label} says {word} of item {n}", label, f"document-{n}")
        for n, label in enumerate(labels)
        for word in ("合作", "trade", "关税")
    ]
    data = labelled(tmp_path, rows)

    found = cross_fit(data, terms=NO_TERMS, block_sets=WORDS)

    assert np.abs(found.proba.sum(axis=1) - 1).max() < 2e-4


def test_cross_fit_gives_every_unit_probabilities(small_data: LabelledSet) -> None:
    found = cross_fit(small_data, terms=NO_TERMS, block_sets=WORDS)

    assert found.unit_ids == small_data.gold.unit_ids
    assert np.abs(found.proba.sum(axis=1) - 1).max() < 2e-4


@pytest.mark.slow
def test_cross_fit_keeps_a_group_in_one_fold(small_data: LabelledSet) -> None:
    found = cross_fit(small_data, terms=NO_TERMS, block_sets=WORDS)

    pairs = set(zip(small_data.groups.tolist(), found.fold.tolist(), strict=True))
    assert len(pairs) == 6


@pytest.mark.slow
@pytest.mark.parametrize("group", [0, 3])
def test_cross_fit_does_not_know_the_labels_that_it_predicts(
    small_data: LabelledSet, group: int
) -> None:
    mine = small_data.groups == group
    y = np.where(mine, (small_data.y + 1) % 3, small_data.y)
    turned = replace(small_data, gold=replace(small_data.gold, y=y))

    before = cross_fit(small_data, terms=NO_TERMS, block_sets=WORDS)
    after = cross_fit(turned, terms=NO_TERMS, block_sets=WORDS)

    assert np.array_equal(before.proba[mine], after.proba[mine])
    assert not np.array_equal(before.proba[~mine], after.proba[~mine])


@pytest.mark.slow
def test_cross_fit_does_not_know_the_texts_that_it_predicts(
    small_data: LabelledSet,
) -> None:
    """Another text in one unit leaves the rest of its group as it was."""
    other = Passage("The doctor met the nurse at the bank.")
    changed = replace(small_data, passages=(other, *small_data.passages[1:]))
    rest = np.flatnonzero(small_data.groups == 0)[1:]

    before = cross_fit(small_data, terms=NO_TERMS, block_sets=WORDS)
    after = cross_fit(changed, terms=NO_TERMS, block_sets=WORDS)

    assert np.array_equal(before.proba[rest], after.proba[rest])


@pytest.mark.slow
def test_anchors_train_and_are_not_predicted(small_data: LabelledSet) -> None:
    anchor = small_data.groups == 5
    gold = replace(small_data.gold, counted=~anchor)
    data = replace(small_data, gold=gold, anchor=anchor)

    found = cross_fit(data, terms=NO_TERMS, block_sets=WORDS)

    units = small_data.gold.take(np.flatnonzero(~anchor))
    assert found.unit_ids == units.unit_ids


@pytest.mark.slow
def test_cross_fit_does_not_depend_on_the_number_of_processes(
    small_data: LabelledSet, small_terms: TermTable
) -> None:
    one = cross_fit(small_data, terms=small_terms, n_jobs=1)
    two = cross_fit(small_data, terms=small_terms, n_jobs=2)

    assert np.array_equal(one.proba, two.proba)
    assert np.array_equal(one.fold, two.fold)


@pytest.mark.slow
def test_a_fresh_scikit_learn_fit_agrees_with_the_model(
    seeds: Project, model: Model
) -> None:
    data, given = seeds.labelled(), model.parameters
    blocks = tuple(block.spec.name for block in model.blocks)
    settings = Settings(blocks, given["C"], given["balanced"], given["anchor_weight"])
    weights = weigh(data, np.arange(len(data.texts)), settings)
    fresh = pipeline(blocks, C=settings.C, terms=seeds.terms)
    fresh.fit(data.texts, data.y, classifier__sample_weight=weights)
    texts = [unit.text for unit in seeds.corpus.paragraphs]

    scores = score(model, texts).scores

    assert np.abs(scores - fresh.decision_function(texts)).max() < 1e-5


@pytest.mark.slow
def test_the_vocabulary_of_the_model_is_that_of_a_fresh_fit(
    seeds: Project, model: Model
) -> None:
    data = seeds.labelled()
    blocks = tuple(block.spec.name for block in model.blocks)
    fresh = pipeline(blocks, C=1.0, terms=seeds.terms).named_steps["features"]

    names = fresh.fit(data.texts).get_feature_names_out().tolist()

    assert names == [f"{b.spec.name}__{term}" for b in model.blocks for term in b.terms]


def test_training_again_gives_the_same_model(
    small_data: LabelledSet, small_terms: TermTable
) -> None:
    sets = [("words", "cues"), ("words", "chars")]

    first = train(small_data, terms=small_terms, name="x", block_sets=sets)
    second = train(small_data, terms=small_terms, name="x", block_sets=sets)

    assert content_digest(first) == content_digest(second)


@pytest.fixture(scope="module")
def digest_here(small_data: LabelledSet) -> str:
    return content_digest(train(small_data, terms=NO_TERMS, name="invented"))


@pytest.mark.slow
@pytest.mark.parametrize("hash_seed", ["0", "4711"])
def test_training_does_not_depend_on_the_hash_seed(
    data_file: Path, digest_here: str, hash_seed: str
) -> None:
    environment = {
        **os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT),
    }  # fmt: skip

    there = subprocess.run(
        [sys.executable, "-c", PRINT_DIGEST, str(data_file)],
        env=environment,
        capture_output=True,
        check=True,
        text=True,
    )

    assert there.stdout.strip() == digest_here


def test_weights_are_rounded_to_six_decimals(small_model: Model) -> None:
    for_all = np.concatenate([small_model.coef.ravel(), small_model.intercept])

    assert np.array_equal(for_all, np.round(for_all, 6))
    assert not np.signbit(for_all[for_all == 0]).any()


def test_two_labels_have_opposite_weights(two_labels: Model) -> None:
    first, second = two_labels.coef

    assert np.abs(first + second).max() < 1e-12


def test_the_model_remembers_its_training_texts(
    small_data: LabelledSet, small_model: Model
) -> None:
    assert were_seen(small_model, small_data.texts).all()
    assert len(small_model.seen) == 36


def test_the_record_of_the_test_counts_the_counted_units(
    small_data: LabelledSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    counted = np.arange(36) % 2 == 0
    data = replace(small_data, gold=replace(small_data.gold, counted=counted))

    model = train_and_test(data, terms=NO_TERMS, name="x", inputs={"data": "00ff"})

    assert np.sum(summary(model.tested)["confusion"]) == 18
    assert summary(model.tested)["design"] == "one left out at a time"
    assert model.inputs["data"] == "00ff"
    assert model.provenance["date"] == "1970-01-01"


def test_progress_is_told_in_words(small_data: LabelledSet) -> None:
    said: list[str] = []

    train(small_data, terms=NO_TERMS, name="x", block_sets=WORDS, progress=said.append)

    assert said[0] == "counting: 0 of 36 texts"
    assert said[1].startswith("settings: log loss ")
    assert said[-2:] == ["fitting", "calibrating"]


TWICE = "The tariff and the market met an export quota of the two ports in 关税 2019"


@pytest.mark.parametrize(
    ("other", "tie"),
    [
        (TWICE.replace(" ", "  "), "are the same text"),
        (TWICE + "!", "are near duplicates"),
    ],
    ids=["exact", "near"],
)
def test_a_duplicate_across_folds_is_refused_where_groups_were_tampered_with(
    tmp_path: Path, other: str, tie: str
) -> None:
    rows = [
        (f"The {label} says {word} of item {n}", label, f"document-{n}")
        for n in range(4)
        for label, word in (("pro", "合作"), ("con", "trade"))
    ]
    rows += [(TWICE, "pro", "document-0"), (other, "pro", "document-3")]
    data = labelled(tmp_path, rows)
    documents = np.array([int(name[-1]) for name in data.gold.documents])
    tampered = replace(data, groups=documents)

    with pytest.raises(CodingError) as caught:
        cross_fit(tampered, terms=NO_TERMS, block_sets=WORDS)

    assert len(set(data.groups.tolist())) == 3
    assert caught.value.message.endswith(f" {tie} and stand on both sides of a split")


def test_a_document_across_folds_is_refused_where_groups_were_tampered_with(
    small_data: LabelledSet,
) -> None:
    tampered = replace(small_data, groups=np.arange(36))

    with pytest.raises(CodingError, match="are of one document and stand on both"):
        cross_fit(tampered, terms=NO_TERMS, block_sets=WORDS)


def test_predictions_out_of_fold_have_four_decimals(small_data: LabelledSet) -> None:
    found = cross_fit(small_data, terms=NO_TERMS, block_sets=WORDS)

    assert np.array_equal(found.proba, np.round(found.proba, 4))


def test_units_that_are_not_coded_are_predicted_and_never_train(
    tmp_path: Path,
) -> None:
    kinds = (("扩大合作，互利共赢。", "合作"), ("加强管制，展开竞争。", "竞争"))
    rows = [
        (f"{text}{'甲乙丙丁戊己'[d]}", label, f"d{d}")
        for d in range(6)
        for text, label in kinds
    ]
    data = labelled(tmp_path, rows)
    y = data.gold.y.copy()
    y[-2:] = -1
    fewer = replace(data, gold=replace(data.gold, y=y))

    found = cross_fit(fewer, terms=NO_TERMS, block_sets=WORDS)

    assert found.unit_ids == data.gold.unit_ids
    assert found.proba[-2:].argmax(axis=1).tolist() == [0, 1]
    assert (found.fold >= 0).all()


@pytest.mark.slow
def test_words_alone_beside_the_model_are_words_alone_by_themselves(
    small_data: LabelledSet, small_terms: TermTable
) -> None:
    """Both are chosen in one go; neither knows of the other."""
    both = held_out(small_data, terms=small_terms)
    alone = cross_fit(small_data, terms=small_terms, block_sets=WORDS)
    model = cross_fit(small_data, terms=small_terms)

    assert both.words is not None
    assert np.array_equal(both.words.proba, alone.proba)
    assert np.array_equal(both.repeats[0].proba, model.proba)
    assert not np.array_equal(alone.proba, model.proba)


def test_texts_are_analysed_once_for_a_model_and_its_test(
    small_data: LabelledSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Passage] = []

    def noting(passage: Passage, terms: TermTable) -> Analysis:
        seen.append(passage)
        return analyse(passage, terms)

    monkeypatch.setattr("stance.model.counts.analyse", noting)

    train_and_test(small_data, terms=NO_TERMS, name="x", inputs={})

    assert tuple(seen) == small_data.passages


@pytest.mark.slow
def test_many_units_are_searched_in_a_sample_and_fitted_in_full(
    small_data: LabelledSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("choose", "fit"):
        monkeypatch.setattr(f"stance.model.{module}.MANY", 20)
    for module in ("split", "fit"):
        monkeypatch.setattr(f"stance.model.{module}.ENOUGH", 4)
    rows = np.arange(36)
    counts = count(small_data, NO_TERMS, WORDS)
    settings = choose(take(counts, sample(small_data, rows, 20)), np.arange(24))
    weights = weigh(small_data, rows, settings)
    (X,) = values(counts, rows, ("words",))
    coef, _, _ = fit(X, small_data.y, settings, weights, True)

    model = train(small_data, terms=NO_TERMS, name="x", block_sets=WORDS)

    assert model.parameters["C"] == settings.C
    assert np.array_equal(model.coef, np.round(coef, 6) + 0.0)


@pytest.mark.slow
def test_predictions_where_units_are_many_do_not_know_the_labels_they_predict(
    small_data: LabelledSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("choose", "fit"):
        monkeypatch.setattr(f"stance.model.{module}.MANY", 20)
    for module in ("split", "fit"):
        monkeypatch.setattr(f"stance.model.{module}.ENOUGH", 4)
    mine = small_data.groups == 0
    y = np.where(mine, (small_data.y + 1) % 3, small_data.y)
    turned = replace(small_data, gold=replace(small_data.gold, y=y))

    before = cross_fit(small_data, terms=NO_TERMS, block_sets=WORDS)
    after = cross_fit(turned, terms=NO_TERMS, block_sets=WORDS)

    assert np.array_equal(before.proba[mine], after.proba[mine])
    assert not np.array_equal(before.proba[~mine], after.proba[~mine])


@pytest.mark.slow
def test_texts_are_analysed_once_for_several_designs(
    small_data: LabelledSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    designs = ["document", "language"]
    apart = [held_out(small_data, terms=NO_TERMS, design=name) for name in designs]
    seen: list[Passage] = []

    def noting(passage: Passage, terms: TermTable) -> Analysis:
        seen.append(passage)
        return analyse(passage, terms)

    monkeypatch.setattr("stance.model.counts.analyse", noting)

    both = list(held_out_by(small_data, terms=NO_TERMS, designs=designs))

    assert len(seen) == 36
    assert [found.repeats[0].design for found in both] == designs
    for one, other in zip(apart, both, strict=True):
        assert np.array_equal(one.repeats[0].proba, other.repeats[0].proba)


@pytest.mark.slow
def test_repeats_are_those_of_single_runs(tmp_path: Path) -> None:
    rows = [
        (f"{text}{'甲乙丙丁戊己庚辛壬癸子'[d]}", label, f"d{d}")
        for d in range(11)
        for text, label in (("扩大合作，互利共赢。", "合作"), ("展开竞争。", "竞争"))
    ]
    data = labelled(tmp_path, rows)
    alone = [cross_fit(data, terms=NO_TERMS, split=("document", n)) for n in range(5)]

    together = held_out(data, terms=NO_TERMS, n_jobs=2)

    assert len(together.repeats) == 5
    for one, other in zip(alone, together.repeats, strict=True):
        assert np.array_equal(one.proba, other.proba)
        assert np.array_equal(one.fold, other.fold)
