"""``stance classify -o FILE`` in parts, so that what was killed can go on."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby, islice
from typing import TYPE_CHECKING

from stance.cli.common import COLUMN_OPTIONS
from stance.errors import InputError

if TYPE_CHECKING:
    from stance.cli.labelling import Labelling, Labels, Tally
    from stance.corpus.identity import Json
    from stance.corpus.parts import Parts
    from stance.model.stream import Chunk

#: Chunks a part: some 8,000 short paragraphs, a second of work or a few.
PART_CHUNKS = 4


def add_restart(parser: argparse.ArgumentParser) -> None:
    """Add the option that forgets what was done before."""
    parser.add_argument(
        "--restart", action="store_true",
        help="delete what an interrupted run left in FILE.parts, and begin anew",
    )  # fmt: skip


def is_resumable(args: argparse.Namespace, format: str) -> bool:
    """Whether the output is made in parts: lines in a file, of files."""
    from pathlib import Path

    if not (format and args.output) or "-" in args.paths:
        return False
    target = Path(args.output)
    return target.is_file() or not target.exists()


def made_of(run: Labelling) -> dict[str, Json]:
    """Return what the output of a run depends on, as a manifest holds it."""
    import numpy as np

    import stance
    from stance.corpus.identity import digests
    from stance.model.stream import CHUNK_CHARACTERS, CHUNK_UNITS

    args = run.args
    options: dict[str, Json] = {
        f"--{role}": getattr(args, role, None) for role in COLUMN_OPTIONS
    }
    options |= {
        "--format": run.output.format, "--digits": args.digits, "--lines": args.lines,
        "--coverage": args.coverage, "--encoding": args.encoding,
    }  # fmt: skip
    sizes: dict[str, Json] = {
        "chunk units": CHUNK_UNITS, "chunk characters": CHUNK_CHARACTERS,
        "part chunks": PART_CHUNKS,
    }  # fmt: skip
    return {
        "versions": {"stance": stance.__version__, "numpy": np.__version__},
        "model": run.model.digest,
        "options": options,
        "sizes": sizes,
        "inputs": digests(run.files),
    }


class _Written:
    """The parts of a run, made only when the first is full and more is to come."""

    def __init__(self, run: Labelling) -> None:
        from stance.corpus.identity import stamp
        from stance.corpus.parts import folder_of

        self.run = run
        self.stamp = stamp(run.files)
        self.parts: Parts | None = None
        if folder_of(run.args.output).is_dir():
            self.open()

    def open(self) -> Parts:
        from stance.corpus.parts import Parts

        if self.parts is None:
            found = made_of(self.run)
            self.check_files()
            self.parts = Parts(self.run.args.output, found)
        return self.parts

    def check_files(self) -> None:
        """Raise where a file is not what it was when the run began."""
        from stance.corpus.identity import stamp

        now = stamp(self.run.files)
        for file, old, new in zip(self.run.files, self.stamp, now, strict=True):
            if old != new:
                raise InputError(
                    "was changed while it was read", path=file,
                    hint="begin anew with --restart, when it stays as it is",
                )  # fmt: skip

    def chunks(self) -> Iterator[Chunk]:
        """Read the paths; yield the chunks of parts that are missing."""
        for chunk in self.run.chunks():
            if self.parts and self.parts.has(chunk.number // PART_CHUNKS):
                self.run.skip(chunk)
                continue
            yield chunk

    def say_kept(self) -> None:
        """Say what of the work is kept."""
        if self.parts and any(self.parts.folder.glob("*.part")):
            print(
                f"stance: what is finished is kept in {self.parts.shown}; the same "
                "command goes on from there",
                file=sys.stderr,
            )


def write_parts(run: Labelling) -> None:
    """Label all units into the output file, going on where a run before was killed.

    Raises
    ------
    InputError
        If the parts that are there are of another run, or a file was changed.
    """
    from pathlib import Path

    from stance.corpus.files import check_place
    from stance.corpus.parts import restart

    output = run.args.output
    check_place(Path(output).resolve(), output, what="file")
    if run.args.restart:
        restart(output)
    written = _Written(run)
    try:
        _write(written)
    except BaseException as error:
        if written.parts and isinstance(error, InputError) and error.line:
            written.parts.remove()  # the input will be mended: it is another then
        written.say_kept()
        raise
    finally:
        if written.parts:
            written.parts.close()


def _write(written: _Written) -> None:
    from stance.cli.labelling import Tally
    from stance.corpus.files import atomic_write

    run = written.run
    first: tuple[bytes, Tally] | None = None  # kept, until it is known that more comes
    with closing(run.labels(written.chunks())) as labelled:
        for number, group in groupby(
            labelled, lambda found: found.number // PART_CHUNKS
        ):
            part = _joined(group, head=run.head() if number == 0 else b"")
            if number == 0 and not written.parts:
                first = part
                continue
            parts = written.open()
            if first:
                parts.write(0, first[0], first[1].to_json())
                first = None
            parts.write(number, part[0], part[1].to_json())
    written.check_files()
    if not written.parts or not run.n_chunks:
        with atomic_write(run.args.output, binary=True) as file:
            file.write(first[0] if first else run.head())  # type: ignore[arg-type]
        return
    run.tally = Tally()
    n = -(-run.n_chunks // PART_CHUNKS)
    for number in range(n):
        run.tally.add(Tally.from_json(written.parts.about(number)))
    written.parts.join(n)


def _joined(group: Iterator[Labels], *, head: bytes) -> tuple[bytes, Tally]:
    """Return the lines of a part, and its tally; read no further than it goes."""
    from stance.cli.labelling import Tally

    tally, lines = Tally(), [head]
    for labels in islice(group, PART_CHUNKS):
        tally.add(labels.tally)
        lines.append(labels.lines)
    return b"".join(lines), tally
