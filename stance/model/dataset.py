"""A folder of Parquet partitions in, a folder of labels out, on one machine or many.

A corpus that outgrows one machine is a folder of ``.parquet`` files. Each is labelled
by itself and written whole or not at all, under its own name; a run that was ended, by
whatever, goes on where it stopped; nothing but counts returns. joblib hands out the
partitions, so what runs them is the caller's choice::

    dataset = Dataset("paragraphs", "labelled", model="models/us-china-tech")
    partitions = classify_dataset(dataset, n_jobs=8)        # processes, this machine

    with Client(cluster), joblib.parallel_config("dask"):   # a Dask cluster
        partitions = classify_dataset(dataset)

**What it costs.** N paragraphs of b bytes of text at r MB/s a core take
``N b / (3.6e9 r)`` core hours; the rate of one core, evidence and Parquet included, is
what ``tests/bench/dataset.py`` prints; in November 2026 two busy cores scored 2.7 to
4.3 MB/s each with evidence. At b = 850 (English) that is, in core hours::

    r (MB/s)            2       4       8      16
    10^8 paragraphs    11.8     5.9     3.0     1.5
    10^10 paragraphs  1,181     590     295     148

Divide by the cores times their efficiency, which the same script prints for two. The
labels take ``N c`` bytes, c being 145 with evidence and 55 with ``n_evidence=0``
(measured with four labels): 1.5 TB for 10^10.

**What breaks first**, in this order:

- Small files. A task costs the scheduler 1 to 2 ms (Dask), a partition at least two
  footers and a rename. Partitions of 64 to 256 MB of text make both negligible; 10^10
  paragraphs are then about 10^5 tasks. In files of 1 MB they are ten million: hours of
  scheduling, and a folder that no metadata server lists with pleasure. Merge first.
- The last partition. A run ends when the slowest does, so make them even, and at least
  20 a core: then what is lost waiting is under 5 per cent.
- Memory: a process holds the model, some thousand paragraphs, the labels of 50,000 and
  17 bytes for each id of a partition, whatever the size of the corpus. A model that
  reads neighbours or targets needs the paragraphs of a whole partition at once, and
  documents that are not cut between two.
- The file system: every byte is read twice, once for its digest. With many cores the
  shared disk is the limit, not the scorer.
- Object stores. A rename there is a copy, not atomic, so the folders must be of a file
  system that all workers see under one path (NFS, Lustre, a disk). Label into one, then
  upload it: an upload of an object is whole or not at all. A copy through a mounted
  bucket that was cut short has no Parquet footer, and is labelled anew.

**SLURM**: ``SLURMCluster`` of dask-jobqueue starts the workers as jobs; one process a
core, since labelling is Python::

    cluster = SLURMCluster(queue="...", account="...", cores=16, processes=16,
                           memory="16GB", walltime="04:00:00")
    cluster.scale(jobs=8)
    with Client(cluster), joblib.parallel_config("dask", wait_for_workers_timeout=3600):
        classify_dataset(dataset)

A worker that is lost, or whose time is up, has its partition done by another; a
partition that ends three is given up, and named. Workers must be able to import
``stance``: if they cannot, joblib waits for ever.

**Spark and Ray** register a backend with joblib; neither has been run with this
module, which relies on what their documentation says. ``n_jobs`` is the number of
partitions under way, and both report only at the end::

    from joblibspark import register_spark    # register_spark(); backend "spark"
    from ray.util.joblib import register_ray  # register_ray();   backend "ray"
    with joblib.parallel_config("spark", n_jobs=64):
        classify_dataset(dataset)
"""

import json
import os
import re
import warnings
from collections.abc import Callable, Generator, Iterable, Mapping
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, field
from pathlib import Path

from stance.corpus.files import atomic_write, check_place
from stance.errors import InputError, ModelError, StanceError, StanceWarning
from stance.model.partition import ROLES, Partition, Settings, label_partition
from stance.model.store import load

#: Readers of Parquet folders pass over names that begin with an underscore.
MANIFEST = "_manifest.json"
#: What `stance.corpus.files.atomic_write` has not finished, and attempts begun too.
TEMPORARY = re.compile(r"\..+\.[a-z0-9_]{8}")
HALF = re.compile(r"\..+\.(?!attempts)[a-z0-9_]{8}")


@dataclass(frozen=True, slots=True)
class Dataset:
    """A folder of Parquet partitions, the folder for their labels, and how to label.

    Attributes
    ----------
    source : str or Path
        Its ``.parquet`` files, in sub-folders too; names that begin with a dot or an
        underscore are passed over.
    target : str or Path
        Made; gets a file of the same name, in the same sub-folder, for each. Not in
        ``source``. One run at a time may write to it.
    model : str or Path
        Folder of the model. Every worker must see the three under these paths.
    columns : mapping of str to str, optional
        From ``text``, ``id``, ``document``, ``language``, ``target``, ``before``,
        ``after`` to column names, where they differ from the usual ones.
    n_evidence : int, default 6
        How many stretches of evidence a paragraph gets at most.
    """

    source: str | Path
    target: str | Path
    model: str | Path
    columns: Mapping[str, str] = field(default_factory=dict)
    n_evidence: int = 6


def partitions_of(folder: str | Path) -> tuple[str, ...]:
    """Return the names of a folder's partitions, sorted, sub-folders included.

    Raises
    ------
    InputError
        If the folder, or one in it, is not there or cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     (Path(folder) / "year=2012").mkdir()
    ...     for name in ("b.parquet", "year=2012/a.parquet", "_b.parquet", "c.csv"):
    ...         (Path(folder) / name).touch()
    ...     partitions_of(folder)
    ('b.parquet', 'year=2012/a.parquet')
    """

    def refuse(error: OSError) -> None:
        raise InputError(f"cannot be read: {error.strerror}", path=error.filename)

    found = []
    for here, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if name[0] not in "._"]
        found += [
            Path(here, name).relative_to(folder).as_posix()
            for name in files
            if name.lower().endswith(".parquet") and name[0] not in "._"
        ]
    return tuple(sorted(found))


def classify_dataset(
    dataset: Dataset,
    *,
    n_jobs: int | None = None,
    step: Callable[[Partition], None] = lambda _: None,
) -> tuple[Partition, ...]:
    """Label every partition that is not yet labelled.

    Parameters
    ----------
    dataset : Dataset
        What is labelled, by which model, where to.
    n_jobs : int, optional
        Processes. Without it, what the caller has set by ``joblib.parallel_config``,
        which names the backend too; else one.
    step : callable, optional
        Called with each partition as it is finished.

    Returns
    -------
    tuple of Partition
        In the order of their names. A partition that cannot be labelled is among them,
        ``failed`` and with the reason; there is no output for it.

    Raises
    ------
    InputError
        If there is no partition, or the target holds something else, or labels made
        with other options; ModelError, likewise, of another model.
    StanceError
        If a process was ended from outside. What was finished is kept.

    Notes
    -----
    A partition is skipped where its output has, in its footer, the digest of this very
    input and what it was labelled with. A changed input is labelled anew. The output
    has the columns of `stance.show.rows.columns_of`; evidence is a list of structs.

    Examples
    --------
    >>> classify_dataset(Dataset("no-such-folder", "labelled", model="m"))
    Traceback (most recent call last):
    ...
    stance.errors.InputError: no-such-folder: cannot be read: No such file or directory
    """
    from joblib import delayed

    names = partitions_of(dataset.source)
    settings = _settings(dataset)
    _claim(dataset, names, settings)
    jobs = (
        delayed(label_partition)(
            name,
            source=Path(dataset.source).absolute(),
            target=Path(dataset.target).absolute(),
            model=Path(dataset.model).absolute(),
            settings=settings,
        )
        for name in names
    )
    found: list[Partition] = []
    results = _results(jobs, n_jobs)
    try:
        for partition in results:
            found.append(partition)
            try:
                step(partition)
            except BaseException as error:
                results.throw(error)  # joblib ends the others before it goes on
    except BrokenProcessPool as error:
        raise StanceError(
            f"a worker process was ended; {len(found)} of {len(names)} partitions are "
            "finished",
            hint="the same call again goes on; if memory ran out, with fewer jobs",
        ) from error
    _sweep(Path(dataset.target), TEMPORARY)
    return tuple(sorted(found, key=lambda partition: partition.path))


def _results(
    jobs: Iterable[object], n_jobs: int | None
) -> Generator[Partition, None, None]:
    """Yield what joblib's backend has finished, as it is finished if it can tell.

    All is handed over at once: a cluster that grows can see how much there is to do.
    """
    from joblib import Parallel

    task_by_task = {"n_jobs": n_jobs, "batch_size": 1, "pre_dispatch": "all"}
    try:
        pool = Parallel(return_as="generator_unordered", **task_by_task)
    except ValueError:  # Spark and Ray give everything back at the end
        pool = Parallel(**task_by_task)
    yield from pool(jobs)


def _settings(dataset: Dataset) -> Settings:
    if unknown := sorted(set(dataset.columns) - set(ROLES)):
        raise ValueError(f"no column has the role {unknown[0]!r}; roles: {ROLES}")
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        raise InputError(
            "partitions are Parquet, which needs pyarrow, which is not installed",
            hint="install it with: pip install 'stance[parquet]'",
        ) from None
    digest = load(dataset.model).digest
    return Settings(digest, dict(dataset.columns), dataset.n_evidence)


def _claim(dataset: Dataset, names: tuple[str, ...], settings: Settings) -> None:
    """Make the target folder, or check that it is of these settings; tidy it."""
    source, target = Path(dataset.source), Path(dataset.target)
    if not names:
        raise InputError("a folder without .parquet files", path=source)
    if target.resolve().is_relative_to(source.resolve()):
        raise InputError(
            f"lies in {str(source)!r}: its files would be read as partitions",
            path=target,
            hint="name a folder beside it",
        )
    check_place(target.resolve(), target, what="folder")
    manifest = target / MANIFEST
    if manifest.is_file():
        _check_manifest(manifest, settings)
    elif target.is_dir() and not all(map(TEMPORARY.fullmatch, os.listdir(target))):
        raise InputError(
            "is not empty, and nothing says that it holds labels",
            path=target,
            hint="name a folder that is new, or empty",
        )
    else:
        try:
            target.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(
                f"cannot be written: {error.strerror}", path=target
            ) from None
        with atomic_write(manifest) as file:
            text = json.dumps(asdict(settings), ensure_ascii=False, indent=1) + "\n"
            file.write(text)  # type: ignore[call-overload]
    _sweep(target, HALF)
    if gone := sorted(set(partitions_of(target)) - set(names)):
        warnings.warn(
            f"{target}: {len(gone)} files have no partition any more, the first "
            f"{gone[0]!r}; who reads the folder reads them too",
            StanceWarning,
            stacklevel=3,
        )


def _sweep(target: Path, names: re.Pattern[str]) -> None:
    """Remove what processes left that were killed; no other run writes here."""
    for here, _, files in os.walk(target):
        for name in filter(names.fullmatch, files):
            Path(here, name).unlink(missing_ok=True)


def _check_manifest(manifest: Path, settings: Settings) -> None:
    """Raise an error that names what differs from how the folder was begun."""
    folder, hint = manifest.parent, "name another folder, or remove this one"
    now = asdict(settings)
    try:
        begun = json.loads(manifest.read_text(encoding="utf-8"))
        differ = {name: begun[name] for name in now if begun[name] != now[name]}
    except (ValueError, TypeError, KeyError):
        raise InputError("is damaged", path=manifest, hint=hint) from None
    if "model" in differ:
        raise ModelError(
            f"{folder}: was begun with model {str(differ['model'])[:12]}, not "
            f"{settings.model[:12]}",
            hint=hint,
        )
    for name, value in differ.items():
        raise InputError(
            f"was begun with {name} {value!r}, not {now[name]!r}",
            path=folder,
            hint=hint,
        )
