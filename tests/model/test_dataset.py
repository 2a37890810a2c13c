"""Partitions are labelled as paragraphs are, once, whole or not at all."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing import active_children
from pathlib import Path

import pytest

from stance.corpus.read import unit_of
from stance.errors import InputError, ModelError, StanceError, StanceWarning
from stance.model import dataset as module
from stance.model.classify import classify
from stance.model.dataset import (
    MANIFEST,
    Dataset,
    Partition,
    classify_dataset,
    partitions_of,
)
from stance.model.model import Model
from stance.model.partition import schema_of
from stance.model.store import save
from stance.show.rows import columns_of, row_of
from stance.show.table import write_parquet

pytest.importorskip("pyarrow")

import pyarrow as pa
from pyarrow import parquet

ROOT = Path(__file__).parents[2]
EN = [
    "Both sides agreed to expand cooperation and ease “export controls”.",
    "The dispute over chips grew, and new tariffs were imposed in 2018.",
    "Beijing will take countermeasures; the list names 28 firms.",
    "The cafe\u0301 opened at nine and closed at ten.",
]
ZH = [
    "双方同意扩大科技合作，反对“脱钩断链”。",
    "美国加强出口管制，双方争端升级。",
    "中方将采取必要反制措施，维护自身利益。",
    "昨天下了一场大雨（本报记者）。",
]
MIXED = [
    "中国的 Huawei 公司 was added to the Entity List.",
    "QQQQ zzzz",
    "Привет, мир!",
]

Write = Callable[..., Path]
Read = Callable[[str | Path], list[dict[str, object]]]


def put(path: Path, **columns: list[object]) -> Path:
    """Write a Parquet file with these columns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(pa.table(columns), path)
    return path


def content(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder, hidden ones too, but the manifest."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


@pytest.fixture
def work(tmp_path: Path, model_folder: Path) -> Dataset:
    """Return a data set of four partitions in both languages, one of them empty."""
    source = tmp_path / "paragraphs"
    put(source / "year=2012" / "en.parquet", text=EN, id=[1, 2, 3, 4])
    put(source / "year=2012" / "zh.parquet", text=ZH, doc=["a", "a", "b", ""])
    put(source / "year=2018" / "部分.parquet", text=MIXED)
    parquet.write_table(
        pa.table({"text": pa.array([], pa.string())}), source / "empty.parquet"
    )
    return Dataset(source, tmp_path / "labelled", model_folder)


@pytest.fixture
def other_model(tmp_path: Path, small_model: Model) -> Path:
    """Return the folder of another model."""
    save(small_model, tmp_path / "other", card="")
    return tmp_path / "other"


def test_partitions_are_found_in_order_and_rubbish_is_not(tmp_path: Path) -> None:
    for name in (
        "b.parquet", "a=2/x.parquet", "a=10/x.PARQUET", "_delta/x.parquet",
        ".b.parquet.k2j3h4g5", ".b.parquet", "_b.parquet", "b.parquet.crc", "b.csv",
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    found = partitions_of(tmp_path)

    assert found == ("a=10/x.PARQUET", "a=2/x.parquet", "b.parquet")


@pytest.mark.parametrize("n_jobs", [1, 2, None])
@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("year=2012/en", ([("1", "1"), ("2", "2"), ("3", "3"), ("4", "4")], EN)),
        (
            "year=2012/zh",
            (
                [
                    ("year=2012/zh:1", "a"),
                    ("year=2012/zh:2", "a"),
                    ("year=2012/zh:3", "b"),
                    ("year=2012/zh:4", "year=2012/zh:4"),
                ],
                ZH,
            ),
        ),
        (
            "year=2018/部分",
            ([(f"year=2018/部分:{n}",) * 2 for n in (1, 2, 3)], MIXED),
        ),
    ],
)
def test_a_partition_has_the_rows_that_classify_gives(
    work: Dataset,
    model: Model,
    name: str,
    cells: tuple[list[tuple[str, str]], list[str]],
    n_jobs: int | None,
) -> None:
    units = [
        unit_of(*ids, n, text)
        for n, (ids, text) in enumerate(zip(*cells, strict=True), start=1)
    ]

    classify_dataset(work, n_jobs=n_jobs)

    rows = parquet.ParquetFile(Path(work.target, f"{name}.parquet")).read().to_pylist()
    expected = [row_of(item, model.labels.names) for item in classify(units, model)]
    assert rows == expected


def test_serial_and_two_processes_write_the_same_bytes(work: Dataset) -> None:
    classify_dataset(work, n_jobs=1)
    parallel = replace(work, target=Path(work.target).with_name("two"))

    classify_dataset(parallel, n_jobs=2)

    assert content(Path(parallel.target)) == content(Path(work.target))


def test_partitions_are_reported_in_order_with_their_counts(work: Dataset) -> None:
    reported: list[Partition] = []

    found = classify_dataset(work, n_jobs=2, step=reported.append)

    assert found == (
        Partition("empty.parquet", "done", 0),
        Partition("year=2012/en.parquet", "done", 4, 4, 0, 0),
        Partition("year=2012/zh.parquet", "done", 4, 4, 0, 0),
        Partition("year=2018/部分.parquet", "done", 3, 1, 0, 1),
    )
    assert sorted(reported, key=lambda partition: partition.path) == list(found)


def test_the_output_has_the_columns_and_types_of_classify(
    work: Dataset, model: Model, tmp_path: Path
) -> None:
    names = model.labels.names
    units = [unit_of("d:1", "d", 1, EN[0])]
    rows = [row_of(item, names) for item in classify(units, model)]
    with (tmp_path / "one.parquet").open("wb") as stream:
        write_parquet(rows, columns=columns_of(names), stream=stream)

    found = schema_of(names)

    assert found.equals(parquet.read_schema(tmp_path / "one.parquet"))


@pytest.mark.parametrize("name", ["empty.parquet", "year=2012/zh.parquet"])
def test_every_partition_has_the_schema(work: Dataset, model: Model, name: str) -> None:
    classify_dataset(work)

    found = parquet.read_schema(Path(work.target, name))

    assert found.equals(schema_of(model.labels.names))


def test_hive_folders_give_their_column_back(work: Dataset) -> None:
    from pyarrow.dataset import dataset

    classify_dataset(work)

    table = dataset(work.target, partitioning="hive").to_table(columns=["year"])

    assert sorted(table.column(0).to_pylist()) == [2012] * 8 + [2018] * 3


def test_evidence_can_be_left_out(work: Dataset) -> None:
    classify_dataset(replace(work, n_evidence=0))

    rows = parquet.ParquetFile(Path(work.target, "year=2012/en.parquet")).read()

    assert rows.column("evidence").to_pylist() == [[]] * 4


def test_columns_can_be_named(tmp_path: Path, model_folder: Path) -> None:
    put(tmp_path / "in" / "a.parquet", body=ZH, page=[7, 8, 9, 10], lang=["zh"] * 4)
    columns = {"text": "body", "id": "page"}

    classify_dataset(Dataset(tmp_path / "in", tmp_path / "out", model_folder, columns))

    found = parquet.ParquetFile(tmp_path / "out" / "a.parquet").read()
    assert found.column("unit_id").to_pylist() == ["7", "8", "9", "10"]
    assert found.column("language").to_pylist() == ["zh"] * 4


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.binary(), pa.string_view()], ids=str
)
def test_texts_of_any_arrow_type_are_read(
    tmp_path: Path, model_folder: Path, kind: pa.DataType
) -> None:
    table = pa.table({"text": pa.array([t.encode() for t in ZH + EN]).cast(kind)})
    (tmp_path / "in").mkdir()
    parquet.write_table(table, tmp_path / "in" / "a.parquet")

    (found,) = classify_dataset(
        Dataset(tmp_path / "in", tmp_path / "out", model_folder)
    )

    assert (found.status, found.n_units) == ("done", 8)


def test_many_rows_are_written_in_few_row_groups_in_order(
    tmp_path: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stance.model.partition.BATCH", 7)
    monkeypatch.setattr("stance.model.partition.ROW_GROUP", 21)
    put(tmp_path / "in" / "a.parquet", text=EN[:2] * 25, id=list(range(50)))

    classify_dataset(Dataset(tmp_path / "in", tmp_path / "out", model_folder))

    with parquet.ParquetFile(tmp_path / "out" / "a.parquet") as file:
        assert file.metadata.num_row_groups == 3
        assert file.read().column(0).to_pylist() == [str(n) for n in range(50)]


def test_a_second_run_skips_what_is_done_and_changes_no_byte(work: Dataset) -> None:
    first = classify_dataset(work)
    before = content(Path(work.target))

    second = classify_dataset(work, n_jobs=2)

    assert second == tuple(replace(item, status="skipped") for item in first)
    assert content(Path(work.target)) == before


def test_what_raises_in_the_middle_ends_the_run_and_the_next_goes_on(
    work: Dataset,
) -> None:
    whole = replace(work, target=Path(work.target).with_name("whole"))
    classify_dataset(whole)

    def stop(_: Partition) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        classify_dataset(work, step=stop)
    statuses = {item.status for item in classify_dataset(work)}

    assert statuses == {"skipped", "done"}
    assert content(Path(work.target)) == content(Path(whole.target))


def test_what_raises_in_the_middle_of_two_processes_loses_nothing(
    work: Dataset,
) -> None:
    whole = replace(work, target=Path(work.target).with_name("whole"))
    classify_dataset(whole)

    def stop(_: Partition) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        classify_dataset(work, n_jobs=2, step=stop)
    found = classify_dataset(work, n_jobs=2)

    assert {item.status for item in found} <= {"skipped", "done"}
    assert content(Path(work.target)) == content(Path(whole.target))


def test_an_error_while_a_partition_is_written_leaves_no_file(
    work: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    classify_dataset(work)
    Path(work.target, "empty.parquet").unlink()
    kept = content(Path(work.target))
    monkeypatch.setattr(os, "fsync", refuse)

    failed = classify_dataset(work)[0]

    assert (failed.path, failed.status) == ("empty.parquet", "failed")
    assert failed.reason.endswith("cannot be written: No space left on device")
    assert content(Path(work.target)) == kept


def test_files_that_a_kill_left_are_swept_and_others_are_kept(work: Dataset) -> None:
    classify_dataset(work)
    before = content(Path(work.target))
    Path(work.target, "year=2012", ".en.parquet.abc_1234").write_bytes(b"half")
    Path(work.target, "._manifest.json.abc_1234").write_bytes(b"{")
    Path(work.target, ".keep").write_bytes(b"")

    classify_dataset(work)

    assert content(Path(work.target)) == {**before, ".keep": b""}


@pytest.mark.parametrize(("n", "status"), [(1, "done"), (2, "done"), (3, "failed")])
def test_a_partition_that_ended_three_processes_is_given_up(
    work: Dataset, n: int, status: str
) -> None:
    classify_dataset(work)
    Path(work.target, "year=2012", "en.parquet").unlink()
    Path(work.target, "year=2012", ".en.parquet.attempts").write_bytes(b"." * n)

    found = classify_dataset(work)

    statuses = [item.status for item in found]
    assert statuses == ["skipped", status, "skipped", "skipped"]
    assert (found[1].reason == "") == (status == "done")
    assert not list(Path(work.target).rglob("*.attempts"))


def test_a_partition_that_was_given_up_is_tried_in_the_next_run(work: Dataset) -> None:
    classify_dataset(work)
    Path(work.target, "year=2012", "en.parquet").unlink()
    Path(work.target, "year=2012", ".en.parquet.attempts").write_bytes(b"...")

    first, second = classify_dataset(work)[1], classify_dataset(work)[1]

    assert first.reason.startswith("3 processes ended while they labelled it")
    assert (first.status, second.status) == ("failed", "done")


def test_a_folder_in_which_only_a_kill_left_a_file_is_begun(work: Dataset) -> None:
    Path(work.target).mkdir()
    Path(work.target, "._manifest.json.abc_1234").write_bytes(b"{")

    found = classify_dataset(work)

    assert [item.status for item in found] == ["done"] * 4


POISON = {
    "not Parquet": (b"text\nnot Parquet\n", "is not a Parquet file, or a damaged one"),
    "no bytes": (b"", "is not a Parquet file, or a damaged one"),
    "no text column": (
        {"body": EN},
        "no text column (name it with --text; columns: body)",
    ),
    "NUL": ({"text": [*ZH, "反\x00制"]}, "row 5: the text has NUL characters"),
    "empty text": ({"text": ["合作", " \u3000"]}, "row 2: the text is empty"),
    "no text": ({"text": ["合作", None]}, "row 2: the text is empty"),
    "lists": ({"text": [EN]}, "column 'text' holds list<element: string>; texts"),
    "not UTF-8": ({"text": ["合作".encode("gb18030")]}, "column 'text' is not UTF-8"),
    "an id twice": (
        {"text": EN, "id": ["a", "b", "a", "c"]},
        "row 3: id 'a' stands in row 1 already (ids must be unique",
    ),
    "a giant line": (
        {"text": ["好" * (2**24 + 1)]},
        "row 1: a line of 16,777,217 characters; at most 16,777,216 are read",
    ),
}


@pytest.mark.parametrize("what", POISON)
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_a_poisoned_partition_is_named_and_the_rest_is_finished(
    work: Dataset, what: str, n_jobs: int
) -> None:
    poison, reason = POISON[what]
    path = Path(work.source, "year=2012", "poison.parquet")
    if isinstance(poison, bytes):
        path.write_bytes(poison)
    else:
        put(path, **poison)

    found = classify_dataset(work, n_jobs=n_jobs)

    assert [item.status for item in found] == ["done", "done", "failed", "done", "done"]
    assert found[2].path == "year=2012/poison.parquet"
    assert found[2].reason.startswith(reason)
    assert sorted(content(Path(work.target))) == [
        "empty.parquet",
        "year=2012/en.parquet",
        "year=2012/zh.parquet",
        "year=2018/部分.parquet",
    ]


def test_names_of_columns_that_are_not_utf8_are_poison(work: Dataset) -> None:
    path = put(Path(work.source, "z.parquet"), text=EN, spoiled=EN)
    path.write_bytes(path.read_bytes().replace(b"spoiled", b"spoil\xff\xfe"))

    found = classify_dataset(work)[-1]

    assert (found.path, found.status) == ("z.parquet", "failed")


@pytest.mark.slow
def test_a_file_with_changed_bytes_is_labelled_or_poisoned(
    work: Dataset, tmp_path: Path
) -> None:
    draw = random.Random(0)
    raw = Path(work.source, "year=2012", "zh.parquet").read_bytes()
    (tmp_path / "changed").mkdir()
    for n in range(300):
        changed = bytearray(raw)
        for _ in range(draw.choice((1, 1, 2, 5, 20))):
            changed[draw.randrange(len(raw))] = draw.randrange(256)
        (tmp_path / "changed" / f"{n:03d}.parquet").write_bytes(changed)

    found = classify_dataset(replace(work, source=tmp_path / "changed"))

    assert len(found) == 300
    assert {item.status for item in found} == {"done", "failed"}


def test_a_file_cut_short_anywhere_is_a_poisoned_partition(
    work: Dataset, tmp_path: Path
) -> None:
    raw = Path(work.source, "year=2012", "zh.parquet").read_bytes()
    for size in range(0, len(raw), 97):
        (tmp_path / "cut").mkdir(exist_ok=True)
        (tmp_path / "cut" / f"{size:05d}.parquet").write_bytes(raw[:size])

    found = classify_dataset(replace(work, source=tmp_path / "cut"))

    assert len(found) > 10
    assert {item.status for item in found} == {"failed"}


def test_a_mended_partition_is_done_in_the_next_run(work: Dataset) -> None:
    path = put(Path(work.source, "z.parquet"), text=["反\x00制"])
    classify_dataset(work)
    put(path, text=["反制"])

    found = classify_dataset(work)

    assert [item.status for item in found] == [*["skipped"] * 4, "done"]


def test_a_changed_input_is_labelled_anew_and_said_to_be(work: Dataset) -> None:
    classify_dataset(work)
    path = Path(work.source, "year=2012", "en.parquet")
    before = path.stat()
    put(path, text=[EN[0], EN[1], EN[2], EN[3].upper()], id=[1, 2, 3, 4])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    found = classify_dataset(work)[1]

    assert (found.path, found.status) == ("year=2012/en.parquet", "done")
    assert found.reason == "it has changed; labelled anew"


def test_no_labels_stay_of_an_input_that_was_poisoned_since(work: Dataset) -> None:
    classify_dataset(work)
    put(Path(work.source, "year=2012", "zh.parquet"), text=["反\x00制"])

    found = classify_dataset(work)

    assert [item.status for item in found] == [
        "skipped",
        "skipped",
        "failed",
        "skipped",
    ]
    assert not Path(work.target, "year=2012", "zh.parquet").exists()


def test_an_input_that_changes_while_it_is_read_fails(
    work: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stance.model import partition

    real = partition._classified

    def change(*words: object) -> object:
        put(Path(work.source, "empty.parquet"), text=["合作"])
        return real(*words)

    monkeypatch.setattr(partition, "_classified", change)
    Path(work.source, "empty.parquet").chmod(0o644)

    found = classify_dataset(work)[0]

    assert (found.status, found.reason) == ("failed", "changed while it was read")
    assert not Path(work.target, "empty.parquet").exists()


@pytest.mark.parametrize("damage", [b"", b"PAR1", b"not Parquet at all"], ids=str)
def test_damaged_labels_are_made_anew(work: Dataset, damage: bytes) -> None:
    classify_dataset(work)
    before = content(Path(work.target))
    Path(work.target, "year=2012", "zh.parquet").write_bytes(damage)

    found = classify_dataset(work)[2]

    assert (found.status, found.reason) == (
        "done",
        "its labels were damaged; labelled anew",
    )
    assert content(Path(work.target)) == before


def test_labels_of_another_program_are_not_taken_for_ours(work: Dataset) -> None:
    classify_dataset(work)
    put(Path(work.target, "year=2012", "zh.parquet"), text=ZH)

    found = classify_dataset(work)[2]

    assert found.status == "done"
    assert parquet.read_schema(Path(work.target, found.path)).names[0] == "unit_id"


def test_another_model_is_refused(work: Dataset, other_model: Path) -> None:
    classify_dataset(work)
    before = content(Path(work.target))

    with pytest.raises(ModelError, match="was begun with model 5a8c34d3829f, not "):
        classify_dataset(replace(work, model=other_model))

    assert content(Path(work.target)) == before


def test_a_model_that_is_replaced_during_the_run_ends_it(
    work: Dataset, other_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(module._settings(work), model="another digest")
    monkeypatch.setattr(module, "_settings", lambda _: settings)

    with pytest.raises(ModelError, match="was changed since the work began"):
        classify_dataset(work)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n_evidence": 0}, "was begun with n_evidence 6, not 0"),
        (
            {"columns": {"text": "body"}},
            r"was begun with columns \{\}, not \{'text': 'body'\}",
        ),
    ],
)
def test_other_options_are_refused(
    work: Dataset, change: dict[str, object], message: str
) -> None:
    classify_dataset(work)

    with pytest.raises(InputError, match=message):
        classify_dataset(replace(work, **change))


@pytest.mark.parametrize("manifest", ["", "{", "[]", "{}", "7", '{"model": 1}'])
def test_a_damaged_manifest_is_refused(work: Dataset, manifest: str) -> None:
    classify_dataset(work)
    Path(work.target, MANIFEST).write_text(manifest, encoding="utf-8")

    with pytest.raises(InputError, match=r"_manifest\.json: is damaged"):
        classify_dataset(work)


def test_a_folder_that_holds_something_else_is_left_alone(work: Dataset) -> None:
    put(Path(work.target, "year=2012", "en.parquet"), text=EN)
    before = content(Path(work.target))

    with pytest.raises(InputError, match="is not empty, and nothing says"):
        classify_dataset(work)

    assert content(Path(work.target)) == before


@pytest.mark.parametrize("place", ["", "labelled", "year=2012/labelled"])
def test_labels_are_not_written_among_the_partitions(work: Dataset, place: str) -> None:
    before = content(Path(work.source))

    with pytest.raises(InputError, match="its files would be read as partitions"):
        classify_dataset(replace(work, target=Path(work.source, place)))

    assert content(Path(work.source)) == before


def test_a_folder_without_partitions_is_refused(
    tmp_path: Path, model_folder: Path
) -> None:
    with pytest.raises(InputError, match=r"a folder without \.parquet files"):
        classify_dataset(Dataset(tmp_path, tmp_path / "out", model_folder))


def test_a_role_that_no_column_has_is_a_mistake_of_the_caller(work: Dataset) -> None:
    with pytest.raises(ValueError, match="no column has the role 'txt'"):
        classify_dataset(replace(work, columns={"txt": "body"}))


def test_labels_whose_partition_is_gone_are_warned_of(work: Dataset) -> None:
    classify_dataset(work)
    Path(work.source, "empty.parquet").unlink()

    with pytest.warns(StanceWarning, match=r"1 files have no partition any more"):
        found = classify_dataset(work)

    assert len(found) == 3


def test_the_manifest_names_the_model_and_the_options(
    work: Dataset, model: Model
) -> None:
    classify_dataset(work)

    manifest = json.loads(Path(work.target, MANIFEST).read_text(encoding="utf-8"))

    assert manifest == {
        "model": model.digest,
        "columns": {},
        "n_evidence": 6,
        "schema": 1,
    }


def test_a_backend_that_cannot_yield_reports_at_the_end(work: Dataset) -> None:
    from joblib import parallel_config

    with parallel_config("multiprocessing", n_jobs=2):
        found = classify_dataset(work)

    assert [item.status for item in found] == ["done"] * 4


def test_a_model_that_reads_neighbours_gets_those_of_the_partition(
    tmp_path: Path, small_model: Model
) -> None:
    model = replace(small_model, parameters={**small_model.parameters, "context": 1})
    save(model, tmp_path / "m", card="")
    put(tmp_path / "in" / "a.parquet", text=EN + ZH, document=["a"] * 4 + ["b"] * 4)
    put(tmp_path / "in" / "b.parquet", text=EN)
    put(tmp_path / "in" / "c.parquet", text=EN, before=ZH, after=ZH)

    found = classify_dataset(Dataset(tmp_path / "in", tmp_path / "out", tmp_path / "m"))

    assert [item.status for item in found] == ["done", "failed", "done"]
    assert found[1].reason.startswith("no unit has a neighbour")


@pytest.mark.slow
def test_a_worker_that_is_killed_is_said_and_the_next_run_goes_on(
    work: Dataset,
) -> None:
    for n in range(20):
        put(Path(work.source, f"{n:02d}.parquet"), text=(EN + ZH) * 20)
    whole = replace(work, target=Path(work.target).with_name("whole"))
    classify_dataset(whole, n_jobs=2)

    def kill(_: Partition) -> None:
        os.kill(active_children()[0].pid or 0, signal.SIGKILL)

    with pytest.raises(StanceError, match="a worker process was ended"):
        classify_dataset(work, n_jobs=2, step=kill)
    found = classify_dataset(work, n_jobs=2)

    assert {item.status for item in found} == {"skipped", "done"}
    assert content(Path(work.target)) == content(Path(whole.target))


SCRIPT = """
import sys
from stance.model.dataset import Dataset, classify_dataset
classify_dataset(Dataset(*sys.argv[1:4]), n_jobs=int(sys.argv[4]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("n_jobs", ["1", "2"])
def test_runs_that_are_killed_again_and_again_end_in_the_same_bytes(
    work: Dataset, n_jobs: str
) -> None:
    for n in range(12):
        put(Path(work.source, f"{n:02d}.parquet"), text=(EN + ZH) * 30)
    whole = replace(work, target=Path(work.target).with_name("whole"))
    classify_dataset(whole)
    command = [sys.executable, "-c", SCRIPT, str(work.source), str(work.target)]
    command += [str(work.model), n_jobs]
    kills = 0
    for enough in (1, 4, 7, 10):
        run = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
        while run.poll() is None and len(content(Path(work.target))) < enough:
            time.sleep(0.01)
        os.killpg(run.pid, signal.SIGKILL)
        kills += run.wait() == -signal.SIGKILL

    classify_dataset(work)

    assert kills == 4
    assert content(Path(work.target)) == content(Path(whole.target))
