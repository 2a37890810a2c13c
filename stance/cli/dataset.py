"""``stance classify FOLDER -o FOLDER/``: Parquet partitions in, Parquet partitions out.

Hooked up by ``stance.cli.classify``, whose options it takes.
"""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from typing import TYPE_CHECKING

from stance.cli.common import Progress, columns_named, default_model, one_thread
from stance.errors import InputError, StanceWarning

if TYPE_CHECKING:
    from stance.model.partition import Partition

#: Options of classify that do not go with partitions.
NOT_HERE = (
    "coverage", "explain", "moved", "lines", "digits", "input_format", "encoding",
    "restart",
)  # fmt: skip


def names_dataset(args: argparse.Namespace) -> bool:
    """Whether one folder with ``.parquet`` files is to be labelled into a folder.

    Examples
    --------
    >>> names_dataset(argparse.Namespace(paths=["seeds/texts"], output="labelled/"))
    False
    """
    output = args.output or ""
    if len(args.paths) != 1 or not os.path.isdir(args.paths[0]):
        return False
    if not (output.endswith(("/", os.sep)) or os.path.isdir(output)):
        return False
    from stance.model.dataset import partitions_of

    return bool(partitions_of(args.paths[0]))


def run_dataset(args: argparse.Namespace) -> int:
    """Label the partitions of a folder; 1 where one of them could not be."""
    one_thread()
    _check_options(args)
    from stance.model.dataset import Dataset, classify_dataset, partitions_of

    model = args.model or default_model()
    dataset = Dataset(args.paths[0], args.output, model, columns_named(args))
    total = len(partitions_of(args.paths[0]))
    progress = Progress("labelling partitions", total, quiet=args.quiet)
    try:
        found = classify_dataset(
            dataset,
            n_jobs=getattr(args, "jobs", None) or 1,
            step=lambda _: progress.step(),
        )
    except KeyboardInterrupt:
        progress.close()
        print(
            f"stance: {progress.n} of {total} partitions are finished; the same "
            "command goes on",
            file=sys.stderr,
        )
        raise
    finally:
        progress.close()
    if not args.quiet:
        _say(found, args)
    return _complain(found)


def _check_options(args: argparse.Namespace) -> None:
    """Refuse what cannot be done partition by partition."""
    for name in NOT_HERE:
        value = getattr(args, name, None)
        if value is not None and value is not False and value != "":
            raise InputError(
                f"--{name.replace('_', '-')} does not go with a folder of partitions",
                hint="leave it out, or give the .parquet files one by one",
            )
    if args.format not in ("auto", "parquet"):
        raise InputError(
            f"partitions are written as Parquet, not as {args.format}",
            hint="leave --format out, or name a file with --output",
        )


def _say(found: tuple[Partition, ...], args: argparse.Namespace) -> None:
    """Warn of what is odd, and say what was done and by what."""
    from stance.model.store import load
    from stance.show.rows import about

    n_units = sum(partition.n_units for partition in found)
    n_seen = sum(partition.n_seen for partition in found)
    if n_other := sum(partition.n_other for partition in found):
        warnings.warn(
            f"{args.paths[0]}: {n_other} of {n_units} paragraphs are neither English "
            "nor Chinese; their labels are not to be trusted",
            StanceWarning,
            stacklevel=3,
        )
    n = {
        status: sum(partition.status == status for partition in found)
        for status in ("done", "skipped", "failed")
    }
    model = load(args.model or default_model())
    partitions = f"{len(found)} partition" + "s" * (len(found) != 1)
    print(
        f"\n{partitions}: {n['done']} labelled, {n['skipped']} labelled before, "
        f"{n['failed']} failed",
        *about(model, n_units, n_seen),
        sep="\n",
        file=sys.stderr,
    )


def _complain(found: tuple[Partition, ...]) -> int:
    """Name what failed, and what was labelled anew; return the exit code."""
    from stance.show.table import printable

    failed = [partition for partition in found if partition.status == "failed"]
    for partition in found:
        if partition.reason and partition not in failed:
            said = printable(f"{partition.path}: {partition.reason}")
            warnings.warn(said, StanceWarning, stacklevel=3)
    for partition in failed:
        said = printable(f"{partition.path}: {partition.reason}")
        print(f"stance: {said}", file=sys.stderr)
    return 1 if failed else 0
