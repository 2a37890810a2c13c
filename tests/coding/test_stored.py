"""Stored predictions, read as columns, say what units read one by one say."""

import tempfile
import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from stance.coding.codebook import LabelSet
from stance.coding.predictions import Gold, Predictions
from stance.coding.stored import Stored, read_stored
from stance.coding.units import Coded, units_of_records
from stance.corpus.document import Passage, text_digest
from stance.corpus.records import Record
from stance.errors import InputError, StanceError, StanceWarning
from stance.measure.prevalence import prevalence
from stance.measure.shift import shift
from stance.measure.stability import stability_of
from stance.measure.strata import stratify
from stance.show.table import Row, write, write_parquet
from stance.testing import paragraph

pytest.importorskip("pyarrow")

LABELS = LabelSet(("合作", "competition", "none"), residual=("none",))
SAID = ("unit_id", "document_id", "kind", "language", "label", "abstained", "seen")
SHARES = tuple(f"p_{name}" for name in LABELS.names)


def in_english(n: int) -> str:
    """Return a text that has no word in common with another."""
    return " ".join(f"w{n}x{word}" for word in range(5))


def in_chinese(n: int) -> str:
    """Return a text that has no character in common with another."""
    return "".join(chr(0x4E00 + 20 * n + k) for k in range(12))


TEXTS = [*map(in_english, range(9)), *map(in_chinese, range(9))]


def save(rows: Sequence[Row], columns: Sequence[str], path: Path) -> str:
    """Write a table as the verbs do."""
    kind = path.suffix[1:]
    if kind == "parquet":
        with path.open("wb") as binary:
            write_parquet(rows, columns=columns, stream=binary)
    else:
        with path.open("w", encoding="utf-8", newline="") as stream:
            write(rows, columns=columns, format=kind, stream=stream)
    return str(path)


def said(unit: str, *shares: float, **more: object) -> Row:
    """Return a row as classify writes it."""
    row = {
        "unit_id": unit, "document_id": f"d-{unit}", "kind": "body", "language": "en",
        "label": "", "abstained": False, "seen": False, "date": "2012",
        **dict(zip(SHARES, shares or (0.5, 0.3, 0.2), strict=True)),
    }  # fmt: skip
    return {**row, **more}  # type: ignore[dict-item]


def outcome(measured: Callable[[], tuple[Gold, Predictions]], by: str) -> str:
    """Return all that is estimated, to the last digit; or why nothing is."""
    try:
        gold, predictions = measured()
        strata = stratify(gold, by)
        shares = prevalence(gold, predictions, strata=strata)
        assert shares.columns is not None
        found = [shares.rows, stability_of(shares.columns, strata)]
        if len(strata.names) > 1:
            found += [shift(shares).rows, shift(shares).joint]
    except StanceError as error:
        return str(error)
    return repr(found)


class World(NamedTuple):
    """Units of some documents, a tenth of them copies of a text of another."""

    records: list[Record]
    coded: list[Coded]
    proba: NDArray[np.float64]


def world(n: int, seed: int) -> World:
    rng = np.random.default_rng(seed)
    documents, labels = rng.integers(0, n // 4, n), rng.integers(-2, 3, n)
    texts = np.where(rng.random(n) < 0.1, rng.integers(0, n, n), np.arange(n))
    records, coded = [], []
    for at, (document, text, label) in enumerate(
        zip(documents, texts, labels, strict=True)
    ):
        unit = paragraph((in_english, in_chinese)[text % 2](int(text)), id=f"文{at}")
        unit = replace(unit, document_id=f"d{document}")
        source = ("CASS", "环球时报", "")[document % 3]
        records.append(
            Record(unit, at + 2, group=f"document:d{document}",
                   date=f"20{12 + document % 2}", source=source)
        )  # fmt: skip
        if label >= 0:
            name = unit.id if rng.random() < 0.5 else f"row {at}"
            digest = text_digest(unit.text)
            coded.append(Coded(name, digest, LABELS.names[label], "random", 0.6))
    return World(records, coded, rng.dirichlet(np.ones(3), n))


def one_by_one(world: World) -> tuple[Gold, Predictions]:
    passages = [Passage(record.unit.text) for record in world.records]
    data = units_of_records(world.records, passages, coded=world.coded, labels=LABELS)
    no = np.zeros(len(world.records), dtype=bool)
    return data.gold, Predictions(
        data.gold.unit_ids, LABELS, world.proba, no, no.astype(int) - 1, no
    )


def in_columns(world: World, ending: str) -> tuple[Gold, Predictions]:
    """Write the predictions, and the corpus in another order, and read them."""
    rows = [
        said(r.unit.id, *p.tolist(), language=r.unit.language)
        for r, p in zip(world.records, world.proba, strict=True)
    ]
    corpus: list[Row] = [
        {"id": r.unit.id, "text": r.unit.text, "doc": r.unit.document_id,
         "date": r.date, "source": r.source}
        for r in world.records[::-1]
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        table = save(rows, (*SAID, *SHARES), Path(folder, f"said.{ending}"))
        where = save(corpus, list(corpus[0]), Path(folder, f"corpus.{ending}"))
        return read_stored(Stored([table], [where]), world.coded)


@given(
    st.integers(0, 9999),
    st.sampled_from((12, 60, 250)),
    st.sampled_from(("parquet", "csv", "jsonl", "tsv")),
    st.sampled_from(("year", "source", "language", "year,source", "document")),
)
def test_columns_say_what_units_say(seed: int, n: int, ending: str, by: str) -> None:
    made = world(n, seed)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", StanceWarning)
        expected = outcome(lambda: one_by_one(made), by)
        assert outcome(lambda: in_columns(made, ending), by) == expected


def test_what_columns_say_has_intervals() -> None:
    made = world(250, 0)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", StanceWarning)
        assert "std_error=0.0" in outcome(lambda: in_columns(made, "csv"), "year")


CODED = (
    Coded("a", "", "合作", "random", 0.5),
    Coded("b", "", "competition", "random", 0.5),
)


def read(rows: Sequence[Row], tmp_path: Path, name: str = "said.parquet") -> Gold:
    path = save(rows, list(rows[0]), tmp_path / name)
    return read_stored(Stored([path]), CODED)[0]


def test_no_column_of_texts_is_a_tuple(tmp_path: Path) -> None:
    gold = read([said("a"), said("b")], tmp_path)

    texts = (gold.unit_ids, gold.documents, gold.languages, gold.dates, gold.designs)
    assert {type(column).__name__ for column in texts} == {"Column"}
    assert gold.unit_ids == ("a", "b")
    assert gold.documents == ("d-a", "d-b")
    assert gold.keys == () or tuple(gold.keys) == (("document:d-a",), ("document:d-b",))
    assert gold.designs == ("random", "random")
    assert list(gold.probability) == [0.5, 0.5]


def test_headings_are_no_units(tmp_path: Path) -> None:
    rows = [said("h", kind="heading", p_合作=None, p_competition=None, p_none=None)]

    assert read([*rows, said("a"), said("b")], tmp_path).unit_ids == ("a", "b")


def test_a_unit_without_known_terms_has_the_mean_of_the_others(tmp_path: Path) -> None:
    silent = said("c", p_合作=None, p_competition=None, p_none=None, abstained=True)
    rows = [said("a", 0.6, 0.2, 0.2), said("b", 0.2, 0.6, 0.2), silent]
    path = save(rows, list(rows[0]), tmp_path / "said.csv")

    with pytest.warns(StanceWarning, match="1 units have no probabilities"):
        _, predictions = read_stored(Stored([path]), CODED)

    assert predictions.proba[2] == pytest.approx([0.4, 0.4, 0.2])


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    (tmp_path / "year=2023").mkdir()
    columns = (*SAID, "date", *SHARES)
    save([said("c")], columns, tmp_path / "year=2023" / "x.parquet")
    save([said("b")], columns, tmp_path / "b.parquet")
    save([said("a")], columns, tmp_path / "a.jsonl")
    (tmp_path / "_manifest.json").write_text("{}")
    (tmp_path / ".b.parquet").write_text("")

    gold, _ = read_stored(Stored([str(tmp_path)]), CODED)

    assert gold.unit_ids == ("a", "b", "c")


def test_a_column_is_named_and_a_unit_may_be_its_own_document(tmp_path: Path) -> None:
    rows = [{**said("a"), "document_id": "", "day": "2023-05-31"}, said("b", day="")]
    path = save(rows, list(rows[0]), tmp_path / "said.csv")

    gold, _ = read_stored(Stored([path], columns={"date": "day"}), CODED)

    assert gold.dates == ("2023-05-31", "")
    assert gold.documents == ("a", "d-b")


def test_groups_tie_units_of_several_documents(tmp_path: Path) -> None:
    rows = [said("a", speech="s1"), said("b", speech="s1"), said("c", speech="")]
    path = save(rows, list(rows[0]), tmp_path / "said.jsonl")

    gold, _ = read_stored(Stored([path], columns={"group": "speech"}), CODED)

    assert tuple(gold.keys) == (("group:s1",), ("group:s1",), ("document:d-c",))


def test_of_twins_the_english_one_is_counted(tmp_path: Path) -> None:
    rows = [
        said("a", twin="b", language="zh"),
        said("b", twin="a"),
        said("c", twin="gone", language="zh"),
    ]

    gold = read(rows, tmp_path)

    assert gold.counted.tolist() == [False, True, True]
    assert gold.keys[0] == ("document:d-a", "twin:a")
    assert gold.keys[2] == ("document:d-c",)


def test_a_text_changed_since_it_was_coded_is_refused(tmp_path: Path) -> None:
    table = save([said("a"), said("b")], (*SAID, *SHARES), tmp_path / "said.csv")
    corpus: list[Row] = [{"id": "a", "text": TEXTS[0]}, {"id": "b", "text": TEXTS[1]}]
    where = save(corpus, ("id", "text"), tmp_path / "corpus.csv")
    coded = [Coded("b", text_digest("变了"), "合作")]

    with pytest.raises(StanceError, match="'b' has another text in the corpus"):
        read_stored(Stored([table], [where]), coded)


def test_whole_documents_are_left_out_and_counted(tmp_path: Path) -> None:
    table = save([said("a"), said("b")], (*SAID, *SHARES), tmp_path / "said.csv")
    corpus: list[Row] = [{"id": "a", "text": "合作" * 50}, {"id": "b", "text": "No."}]
    where = save(corpus, ("id", "text"), tmp_path / "corpus.parquet")

    with pytest.warns(StanceWarning) as told:
        gold, _ = read_stored(Stored([table], [where], longest=99), CODED)

    assert "1 of 2 units have more than 99 characters" in str(told[0].message)
    assert gold.unit_ids == ("b",)


def test_numbers_are_ids_in_every_format(tmp_path: Path) -> None:
    coded = [Coded("7", "", "合作")]
    rows = [said("7", unit_id=7), said("8", unit_id=8)]
    found = []
    for ending in ("parquet", "csv", "tsv", "jsonl"):
        path = save(rows, list(rows[0]), tmp_path / f"said.{ending}")
        found.append(read_stored(Stored([path]), coded)[0].y.tolist())

    assert found == [[0, -1]] * 4


@pytest.mark.parametrize("ending", ["parquet", "csv", "jsonl"])
def test_a_file_of_another_kind_is_told(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"said.{ending}"
    path.write_bytes(b"PK\x03\x04 \xff\xfe")

    with pytest.raises(InputError, match=rf"said\.{ending}: "):
        read_stored(Stored([str(path)]), CODED)


def test_predictions_of_two_models_are_refused(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    paths = []
    for unit, model in (("a", "4f3a"), ("b", "77be")):
        path = save([said(unit)], (*SAID, *SHARES), tmp_path / f"{unit}.parquet")
        table = parquet.read_table(path)
        proof = {b"stance": f'{{"model": "{model}"}}'.encode()}
        parquet.write_table(table.replace_schema_metadata(proof), path)
        paths.append(path)

    with pytest.raises(InputError, match=r"is by model 77be, and .*a\.parquet by 4f3a"):
        read_stored(Stored(paths), CODED)


@given(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=9, unique=True))
def test_ids_of_any_writing_read_back(texts: list[str]) -> None:
    rows = [said(text) for text in texts]
    coded = [Coded(texts[-1], "", "none")]
    with tempfile.TemporaryDirectory() as folder:
        path = save(rows, list(rows[0]), Path(folder, "said.parquet"))
        gold, _ = read_stored(Stored([path]), coded)

    assert gold.unit_ids == tuple(texts)
    assert np.flatnonzero(gold.y >= 0).tolist() == [len(texts) - 1]
    assert asdict(coded[0])["label"] == LABELS.names[gold.y[-1]]
