"""Tests of `stance.coding.labelled`."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from stance.coding.codebook import LabelSet
from stance.coding.labelled import read_anchors, read_labelled
from stance.errors import InputError
from stance.model.project import Project

LABELS = LabelSet(("合作", "竞争"))
ANCHOR = {
    "id": "a1",
    "language": "zh",
    "label": "合作",
    "register": "news",
    "origin": "composed",
    "text": "双方同意扩大合作。",
}


def written(folder: Path, *rows: dict[str, object]) -> Path:
    path = folder / "rows.jsonl"
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def test_an_anchor_is_read_verbatim(tmp_path: Path) -> None:
    (anchor,) = read_anchors(written(tmp_path, ANCHOR), LABELS)

    assert (anchor.id, anchor.label, anchor.text) == ("a1", "合作", ANCHOR["text"])


def test_an_anchor_with_an_unknown_label_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, ANCHOR, {**ANCHOR, "label": "合"})

    with pytest.raises(InputError) as caught:
        read_anchors(path, LABELS)

    assert str(caught.value) == (
        f"{path}:2: label '合' is not in the codebook\n"
        "  did you mean '合作'? choices: 合作, 竞争"
    )


@pytest.mark.parametrize("field", ["id", "language", "label", "register", "text"])
def test_an_anchor_without_a_field_is_refused(tmp_path: Path, field: str) -> None:
    path = written(tmp_path, {**ANCHOR, field: ""})

    with pytest.raises(InputError) as caught:
        read_anchors(path, LABELS)

    assert str(caught.value) == f"{path}:1: the anchor has no {field!r}"


@pytest.mark.parametrize("origin", ["quoted", None])
def test_an_anchor_that_was_not_composed_is_refused(
    tmp_path: Path, origin: str | None
) -> None:
    path = written(tmp_path, {**ANCHOR, "origin": origin})

    with pytest.raises(InputError) as caught:
        read_anchors(path, LABELS)

    assert str(caught.value) == (
        f"{path}:1: origin is {origin!r}; 'composed' was expected"
    )


def test_the_seeds_train_on_content_and_anchors(seeds: Project) -> None:
    data = seeds.labelled()

    assert (~data.anchor).sum() == 124
    assert data.anchor.sum() == len(seeds.anchors)
    assert data.labels == seeds.codebook.labels


def test_anchors_are_never_counted(seeds: Project) -> None:
    data = seeds.labelled()

    assert not (data.anchor & data.gold.counted).any()


def test_of_twins_the_english_one_is_counted(seeds: Project) -> None:
    data = seeds.labelled()
    counted = dict(zip(data.gold.unit_ids, data.gold.counted.tolist(), strict=True))
    twins = [u for u in seeds.corpus.paragraphs if u.twin and u.id in counted]

    found = Counter((unit.language, counted[unit.id]) for unit in twins)

    assert found == {("en", True): 36, ("zh", False): 36}


def test_twins_are_in_one_group(seeds: Project) -> None:
    data = seeds.labelled()
    group = dict(zip(data.gold.unit_ids, data.groups.tolist(), strict=True))

    twins = [u for u in seeds.corpus.paragraphs if u.twin and u.id in group]

    assert [group[unit.id] for unit in twins] == [group[unit.twin] for unit in twins]


def test_documents_and_registers_are_the_groups_of_the_seeds(seeds: Project) -> None:
    data = seeds.labelled()

    pairs = set(zip(data.gold.documents, data.groups.tolist(), strict=True))
    registers = {f"anchors/{anchor.register}" for anchor in seeds.anchors}
    documents = {unit.document_id for unit in seeds.corpus.paragraphs}
    assert {document for document, _ in pairs} == registers | documents
    assert len(pairs) == len(registers | documents)


def test_labels_of_a_data_file_are_sorted(tmp_path: Path) -> None:
    rows = [{"text": t, "label": name} for t, name in [("一", "竞争"), ("b", "pro")]]

    data, _ = read_labelled(written(tmp_path, *rows))

    assert data.labels.names == ("pro", "竞争")
    assert data.y.tolist() == [1, 0]


def test_a_unit_without_document_is_its_own_group(tmp_path: Path) -> None:
    rows = [{"text": text, "label": "x"} for text in ("一", "two", "三")]

    data, _ = read_labelled(written(tmp_path, *rows))

    assert data.groups.tolist() == [0, 1, 2]


def test_a_text_in_two_documents_joins_their_groups(tmp_path: Path) -> None:
    rows = [
        {"text": "扩大 开放。", "label": "x", "document": "a"},
        {"text": "Another.", "label": "x", "document": "b"},
        {"text": "扩大\n开放。", "label": "y", "document": "c"},
        {"text": "A third.", "label": "y", "document": "c"},
    ]

    data, _ = read_labelled(written(tmp_path, *rows))

    assert data.groups.tolist() == [0, 1, 0, 0]


def test_a_named_group_takes_the_place_of_the_document(tmp_path: Path) -> None:
    rows = [
        {"text": "一", "label": "x", "document": "a", "topic": "t"},
        {"text": "two", "label": "x", "document": "b", "topic": "t"},
    ]

    data, _ = read_labelled(written(tmp_path, *rows), columns={"group": "topic"})

    assert data.groups.tolist() == [0, 0]
    assert data.gold.documents == ("a", "b")


@pytest.mark.parametrize("label", ["", " "])
def test_a_row_without_label_is_refused(tmp_path: Path, label: str) -> None:
    rows = [{"text": "一", "label": "x"}, {"text": "two", "label": label, "id": "u2"}]
    path = written(tmp_path, *[{"id": "u1", **row} for row in rows])

    with pytest.raises(InputError) as caught:
        read_labelled(path)

    assert str(caught.value) == (
        f"{path}:2: unit 'u2' has no label\n"
        "  name the column with --label, or remove the row"
    )


def test_one_changed_label_changes_the_digest(tmp_path: Path) -> None:
    rows = [{"text": "一", "label": "x"}, {"text": "two", "label": "y"}]
    before, _ = read_labelled(written(tmp_path, *rows))
    after, _ = read_labelled(written(tmp_path, rows[0], {"text": "two", "label": "x"}))

    assert before.digest != after.digest


def test_languages_are_found(tmp_path: Path) -> None:
    texts = [
        "Exports rose.",
        "出口增长。",
        "出口增 (export controls)",
        "Экспорт вырос.",
    ]

    data, _ = read_labelled(
        written(tmp_path, *[{"text": text, "label": "x"} for text in texts])
    )

    assert data.gold.languages == ("en", "zh", "mixed", "other")
    assert np.array_equal(data.gold.counted, [True] * 4)
