"""Partitions on a Dask cluster of this machine: two workers, one of them killed."""

import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from stance.model.dataset import Dataset, Partition, classify_dataset

pytest.importorskip("pyarrow")
pytest.importorskip("distributed")

import cloudpickle
import pyarrow as pa
from distributed import Client, LocalCluster, Worker, WorkerPlugin
from joblib import parallel_config
from pyarrow import parquet

pytestmark = pytest.mark.slow

EN = "Both sides agreed to expand cooperation in round {} of the talks."
ZH = "双方第{}次加强出口管制，争端升级，中方将采取反制措施。"
N_PARTITIONS = 24


@pytest.fixture
def work(tmp_path: Path, model_folder: Path) -> Dataset:
    """Return a data set of many partitions in both languages, in hive folders."""
    for n in range(N_PARTITIONS):
        path = tmp_path / "in" / f"year={2000 + n % 3}" / f"part-{n:02d}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        texts = [text.format(k) for k in range(60) for text in (EN, ZH)]
        parquet.write_table(pa.table({"text": texts}), path)
    return Dataset(tmp_path / "in", tmp_path / "out", model_folder)


@pytest.fixture
def cluster() -> Iterator[Client]:
    """Return the client of two worker processes, on loopback and without a page."""
    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=":0",
            scheduler_kwargs={"dashboard": False},
        ) as local,
        Client(local) as client,
    ):
        client.wait_for_workers(2)
        yield client


def content(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder, hidden ones too."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.usefixtures("cluster")
def test_two_dask_workers_write_what_one_process_writes(work: Dataset) -> None:
    alone = replace(work, target=Path(work.target).with_name("alone"))
    classify_dataset(alone)

    with parallel_config("dask"):
        found = classify_dataset(work)

    assert [item.status for item in found] == ["done"] * N_PARTITIONS
    assert content(Path(work.target)) == content(Path(alone.target))


@pytest.mark.usefixtures("cluster")
def test_a_poisoned_partition_is_named_by_dask_workers_too(work: Dataset) -> None:
    Path(work.source, "a.parquet").write_bytes(b"not Parquet")

    with parallel_config("dask"):
        found = classify_dataset(work)

    assert [item.status for item in found] == ["failed", *["done"] * N_PARTITIONS]


def test_a_worker_killed_in_the_middle_costs_nothing_but_time(
    work: Dataset, cluster: Client
) -> None:
    alone = replace(work, target=Path(work.target).with_name("alone"))
    classify_dataset(alone)
    victim, *others = cluster.run(os.getpid).values()
    reported: list[Partition] = []

    def kill(partition: Partition) -> None:
        reported.append(partition)
        if len(reported) == N_PARTITIONS // 4:
            os.kill(victim, signal.SIGKILL)

    with parallel_config("dask"):
        found = classify_dataset(work, step=kill)

    after = set(cluster.run(os.getpid).values())
    assert victim not in after
    assert set(others) <= after
    assert {item.status for item in found} <= {"done", "skipped"}
    assert len(found) == N_PARTITIONS
    assert content(Path(work.target)) == content(Path(alone.target))


class Ending(WorkerPlugin):
    """Ends the process of a worker when it reads the partition ``z.parquet``."""

    def setup(self, worker: Worker) -> None:
        from stance.model import partition

        real = partition._records

        def end(source: Path, *words: object) -> object:
            if source.name == "z.parquet":
                os._exit(1)
            return real(source, *words)

        partition._records = end


def test_a_partition_that_ends_its_workers_is_given_up_and_the_rest_is_finished(
    work: Dataset, cluster: Client
) -> None:
    Path(work.source, "z.parquet").write_bytes(b"")
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    cluster.register_plugin(Ending())

    with parallel_config("dask"):
        found = classify_dataset(work)

    assert {item.status for item in found[:-1]} <= {"done", "skipped"}
    assert (len(found), found[-1].status) == (N_PARTITIONS + 1, "failed")
    assert found[-1].reason.startswith("3 processes ended while they labelled it")
