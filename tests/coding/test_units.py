"""Tests of `stance.coding.units`."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stance.coding.codebook import LabelSet
from stance.coding.labelled import LabelledSet
from stance.coding.units import (
    Coded,
    coded_of,
    read_coded,
    units_of_corpus,
    units_of_records,
)
from stance.corpus.document import Passage, text_digest
from stance.corpus.records import Record
from stance.errors import CodingError, InputError, StanceWarning
from stance.model.project import Project, read_project
from stance.testing import paragraph

ROOT = Path(__file__).parents[2]
LABELS = LabelSet(("合作", "竞争"))
TEXTS = ("双方同意扩大合作。", "Both sides compete.", "出口管制升级。")
RECORDS = tuple(
    Record(paragraph(text, id=f"d{n}:p001"), n + 1, date="2012", group=f"document:d{n}")
    for n, text in enumerate(TEXTS)
)


@pytest.fixture(scope="module")
def project() -> Project:
    return read_project(ROOT / "seeds")


def joined(*coded: Coded) -> LabelledSet:
    passages = [Passage(text) for text in TEXTS]
    return units_of_records(RECORDS, passages, coded=coded, labels=LABELS)


def test_a_unit_is_found_by_its_text_whatever_its_id() -> None:
    data = joined(Coded("elsewhere", text_digest(TEXTS[1]), "竞争", "random", 0.5))

    assert data.gold.y.tolist() == [-1, 1, -1]
    assert data.gold.designs == ("", "random", "")
    assert data.gold.probability == (0, 0.5, 0)


def test_of_a_text_that_stands_twice_the_id_decides() -> None:
    twice = (*RECORDS, replace(RECORDS[0], unit=paragraph(TEXTS[0], id="d9:p001")))
    passages = [Passage(r.unit.text) for r in twice]
    coded = [Coded("d9:p001", text_digest(TEXTS[0]), "合作")]

    data = units_of_records(twice, passages, coded=coded, labels=LABELS)

    assert data.gold.y.tolist() == [-1, -1, -1, 0]


def repeated(*coded: Coded) -> LabelledSet:
    """Return four units of which the first and the last two are one text."""
    again = [
        replace(RECORDS[0], unit=paragraph(TEXTS[0], id=f"d{n}:p001")) for n in "89"
    ]
    records = (RECORDS[0], RECORDS[1], *again)
    passages = [Passage(record.unit.text) for record in records]
    return units_of_records(records, passages, coded=coded, labels=LABELS)


def test_each_coded_row_of_a_repeated_text_has_a_unit_of_its_own() -> None:
    digest = text_digest(TEXTS[0])

    data = repeated(Coded("v1", digest, "合作"), Coded("v2", digest, "竞争"))

    assert data.gold.y.tolist() == [0, -1, 1, -1]


def test_a_row_whose_id_is_known_goes_first_to_its_unit() -> None:
    digest = text_digest(TEXTS[0])

    data = repeated(
        Coded("v1", digest, "合作"), Coded("v2", digest, "合作"),
        Coded("d8:p001", digest, "竞争"),
    )  # fmt: skip

    assert data.gold.y.tolist() == [0, -1, 1, 0]


def test_a_row_more_than_a_text_has_units_must_agree_with_them_all() -> None:
    digest = text_digest(TEXTS[0])
    three = [Coded(f"v{n}", digest, "合作") for n in range(3)]

    assert repeated(*three, three[0]).gold.y.tolist() == [0, -1, 0, 0]
    with pytest.raises(CodingError, match="'d8:p001' is coded '竞争' and '合作'"):
        repeated(three[0], replace(three[1], label="竞争"), *three[1:])


@pytest.mark.parametrize(
    "second", [Coded("a", "", "竞争", "stratified", 0.2), Coded("a", "", "竞争")]
)
def test_two_draws_of_one_unit_are_refused(second: Coded) -> None:
    digest = text_digest(TEXTS[2])
    first = Coded("a", digest, "竞争", "stratified", 0.1)

    with pytest.raises(
        CodingError, match="'d2:p001' was drawn by design 'stratified' with probabili"
    ):
        joined(first, replace(second, digest=digest))


def test_units_are_known_by_their_place_where_ids_stand_twice() -> None:
    same = tuple(replace(r, unit=replace(r.unit, id="1")) for r in RECORDS)
    passages = [Passage(record.unit.text) for record in same]
    coded = [Coded("1", text_digest(TEXTS[1]), "竞争")]

    data = units_of_records(same, passages, coded=coded, labels=LABELS)

    assert data.gold.y.tolist() == [-1, 1, -1]


def twins() -> tuple[Record, Record]:
    en, zh = RECORDS[1], RECORDS[2]
    return (
        replace(en, unit=replace(en.unit, twin=zh.unit.id)),
        replace(zh, unit=replace(zh.unit, twin=en.unit.id)),
    )


def test_of_twins_in_files_the_second_is_not_counted() -> None:
    passages = [Passage(record.unit.text) for record in twins()]

    data = units_of_records(twins(), passages, coded=(), labels=LABELS)

    assert data.gold.counted.tolist() == [True, False]


def test_a_twin_whose_other_is_not_there_is_counted() -> None:
    data = units_of_records(twins()[1:], [Passage(TEXTS[2])], coded=(), labels=LABELS)

    assert data.gold.counted.tolist() == [True]


def test_a_text_changed_since_it_was_coded_is_refused() -> None:
    with pytest.raises(CodingError, match="'d1:p001' has another text in the corpus"):
        joined(Coded("d1:p001", text_digest("changed"), "竞争"))


def test_coded_units_that_are_not_in_the_corpus_are_counted() -> None:
    with pytest.warns(StanceWarning, match="1 coded units are not in the corpus"):
        data = joined(
            Coded("x", text_digest("elsewhere"), "竞争"),
            Coded("y", text_digest(TEXTS[0]), "合作"),
        )

    assert data.gold.y.tolist() == [0, -1, -1]


def test_two_labels_on_one_unit_are_refused() -> None:
    digest = text_digest(TEXTS[2])

    with pytest.raises(CodingError, match="'d2:p001' is coded '合作' and '竞争'"):
        joined(Coded("a", digest, "合作"), Coded("b", digest, "竞争"))


def test_a_label_the_model_does_not_know_is_refused() -> None:
    with pytest.raises(CodingError, match=r"coded '合'(.|\n)*did you mean '合作'"):
        joined(Coded("a", text_digest(TEXTS[0]), "合"))


@pytest.mark.parametrize("probability", ["half", "1.5", "-0.1"])
def test_a_probability_that_is_none_is_refused(probability: str) -> None:
    row = replace(RECORDS[1], label="竞争", probability=probability)

    with pytest.raises(InputError, match=rf"a\.csv:2: probability is '{probability}'"):
        coded_of([row], "a.csv")


def test_a_design_that_is_none_is_refused() -> None:
    row = replace(RECORDS[1], label="竞争", design="randon")

    with pytest.raises(InputError, match=r"'randon' is unknown(.|\n)*mean 'random'"):
        coded_of([row], "a.csv")


def test_a_row_without_label_is_not_coded() -> None:
    assert coded_of([RECORDS[0], replace(RECORDS[1], label="竞争")])[0].label == "竞争"


def test_the_seeds_are_coded_whole(project: Project) -> None:
    data = units_of_corpus(project.corpus, project.annotations, project.codebook)

    assert (data.gold.y >= 0).all()
    assert set(data.gold.designs) == {"census"}
    assert set(data.gold.probability) == {1.0}
    assert int(data.gold.counted.sum()) == 88


def test_a_unit_drawn_in_two_ways_is_of_convenience(project: Project) -> None:
    first = next(a for a in project.annotations if a.variable == "frame")
    changed = [
        replace(a, design="active") if a is first else a for a in project.annotations
    ]

    data = units_of_corpus(project.corpus, changed, project.codebook)

    at = data.gold.unit_ids.index(first.unit_id)
    assert data.gold.designs[at] == "convenience"
    assert np.count_nonzero(np.array(data.gold.designs) == "census") == 123


def test_labels_without_texts_are_found_by_their_ids(tmp_path: Path) -> None:
    path = tmp_path / "coded.csv"
    path.write_text("id,frame\nd1:p001,竞争\nd0:p001,\n", encoding="utf-8")

    coded = read_coded(str(path), columns={"label": "frame"})

    assert joined(*coded).gold.y.tolist() == [-1, 1, -1]


def test_labels_without_text_and_id_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "coded.csv"
    path.write_text("name,label\nx,竞争\n", encoding="utf-8")

    with pytest.raises(InputError, match="no id column, and no text"):
        read_coded(str(path))


@pytest.mark.parametrize(
    ("role", "name", "message"),
    [
        ("label", "farme", r"no column 'farme'\n.*did you mean 'frame'"),
        ("id", "uid", r"no column 'uid'\n.*choices: id, label, frame"),
    ],
)
def test_a_named_column_that_is_not_there_is_refused(
    tmp_path: Path, role: str, name: str, message: str
) -> None:
    path = tmp_path / "coded.csv"
    path.write_text("id,label,frame\nd1:p001,合作,竞争\n", encoding="utf-8")

    with pytest.raises(InputError, match=message):
        read_coded(str(path), columns={role: name})


def test_a_named_column_goes_before_the_usual_one(tmp_path: Path) -> None:
    path = tmp_path / "coded.csv"
    path.write_text("id,unit,label,frame\nx,d1:p001,合作,竞争\n", encoding="utf-8")

    (coded,) = read_coded(str(path), columns={"label": "frame", "id": "unit"})

    assert (coded.unit_id, coded.label) == ("d1:p001", "竞争")


def test_what_else_is_named_may_be_a_column_of_the_corpus_alone(tmp_path: Path) -> None:
    path = tmp_path / "coded.csv"
    path.write_text("id,label\nd1:p001,合作\n", encoding="utf-8")

    (coded,) = read_coded(str(path), columns={"text": "body", "date": "day"})

    assert coded.unit_id == "d1:p001"


def test_an_id_that_is_not_in_the_corpus_is_told() -> None:
    with pytest.raises(CodingError, match="no coded unit is in the corpus"):
        joined(Coded("v001", "", "竞争"))
