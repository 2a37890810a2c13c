"""What the verbs share: options, input, output, warnings, progress."""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from stance.errors import InputError, StanceWarning

if TYPE_CHECKING:
    from pathlib import Path

    from stance.coding.labelled import LabelledSet
    from stance.model.model import Model
    from stance.show.table import Row

#: Work that is done sooner shows no progress.
PATIENCE = 2.0
INPUT_FORMATS = ("jsonl", "csv", "tsv", "txt", "md")
#: Formats whose output can be made piece by piece, and joined.
LINE_FORMATS = ("jsonl", "csv", "tsv")
COLUMN_OPTIONS = (
    "text", "id", "label", "document", "group", "date", "source", "language", "target",
)  # fmt: skip


def new_parser(verb: str, what: str, examples: str) -> argparse.ArgumentParser:
    """Return the parser of a verb, its examples in the help, its common options set."""
    parser = argparse.ArgumentParser(
        prog=f"stance {verb}",
        description=f"{what[0].upper()}{what[1:]}.\n\nexamples:\n{examples}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "-q", "--quiet", action="store_true", help="no warnings, no progress"
    )
    return parser


def add_output(parser: argparse.ArgumentParser) -> None:
    """Add the options of verbs that print records."""
    from stance.show.table import FORMATS

    parser.add_argument(
        "--format", choices=FORMATS, default="auto",
        help="auto is table on a terminal, csv in a pipe",
    )  # fmt: skip
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="write to a file, whole or not"
    )
    parser.add_argument(
        "--digits", type=int, metavar="N", help="round floats to N digits"
    )


def add_input(parser: argparse.ArgumentParser) -> None:
    """Add the paths, and how they are read."""
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", help="file, folder, or - for stdin"
    )
    parser.add_argument(
        "--lines", action="store_true", help="in a text each line is a unit"
    )
    parser.add_argument(
        "--input-format", choices=INPUT_FORMATS, help="what stdin holds"
    )
    add_columns(parser, ("text", "id", "document", "language"))


def add_columns(parser: argparse.ArgumentParser, roles: Sequence[str]) -> None:
    """Add the options that name columns of a data file."""
    for role in roles:
        parser.add_argument(
            f"--{role}", metavar="C", help=f"column that holds the {role}"
        )
    parser.add_argument(
        "--encoding", default="", help="of the files; else it is found out"
    )


def add_jobs(parser: argparse.ArgumentParser) -> None:
    """Add the option that says how many processes work."""
    parser.add_argument(
        "--jobs", type=positive, default=1, metavar="N", help="processes; default 1"
    )


def columns_named(args: argparse.Namespace) -> dict[str, str]:
    """Return the columns that were named on the command line."""
    return {
        role: value
        for role in COLUMN_OPTIONS
        if isinstance(value := getattr(args, role, None), str)
    }


def one_thread() -> None:
    """Let OpenBLAS start one thread, before numpy is imported, unless it is told.

    Starting more takes as long as importing the rest of numpy (108 against 203 ms of
    CPU, two cores), and sparse fits are slower with two (0.5 against 1.0 s).
    """
    import os

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def positive(text: str) -> int:
    """Return a whole number above zero, for argparse."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number above 0")
    return number


def natural(text: str) -> int:
    """Return a whole number, zero or above, for argparse."""
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text} is a number below 0")
    return number


def share(text: str) -> float:
    """Return a number between zero and one, for argparse."""
    number = float(text)
    if not 0 < number < 1:
        raise argparse.ArgumentTypeError(
            f"{text} does not lie between 0 and 1; for 90 per cent write 0.9"
        )
    return number


def default_model() -> Path:
    """Return the folder of the model that is shipped with the package."""
    from pathlib import Path

    import stance

    package = Path(stance.__file__).parent
    installed = package / "data" / "us-china-tech"
    return (
        installed if installed.is_dir() else package.parent / "models" / "us-china-tech"
    )


def load_model(args: argparse.Namespace, *, tested: bool = False) -> Model:
    """Return the model that --model names, or the shipped one.

    With ``tested`` it has its predictions for documents it had not seen.
    """
    from stance.model.store import load, load_tested

    return (load_tested if tested else load)(args.model or default_model())


def warn_of_new_targets(model: Model, targets: Iterable[str]) -> None:
    """Warn of targets that training did not have, where the model reads targets."""
    unseen = model.unseen_targets(targets)
    given = [target for target in unseen if target]
    if given:
        are = f"target {given[0]!r} is new to the model"
        if len(given) > 1:
            are = f"{len(given)} targets are new to the model, the first {given[0]!r}"
        warnings.warn(
            f"{are}; there it goes by what the targets of its training have in common",
            StanceWarning,
            stacklevel=2,
        )
    if len(given) < len(unseen):
        warnings.warn(
            "the model reads the target of the stance, and some units have none: name "
            "its column with --target",
            StanceWarning,
            stacklevel=2,
        )


def warn_of_duplicates(data: LabelledSet) -> None:
    """Warn of labelled texts that stand more than once, or nearly so."""
    if not data.near:
        return
    first, second, alike = data.near[0]
    ids = data.gold.unit_ids
    warnings.warn(
        f"{len({at for pair in data.near for at in pair[:2]})} units are the same text "
        f"as another, or nearly; such as {ids[first]!r} and {ids[second]!r} "
        f"({alike:.2f}); they stay in one group in every split",
        StanceWarning,
        stacklevel=2,
    )


def chosen_format(args: argparse.Namespace) -> str:
    """Return the format: as named, by the file's ending, by where stdout goes."""
    if args.format != "auto":
        return str(args.format)
    if args.output:
        endings = {"md": "markdown", "tex": "latex"}
        ending = args.output.rsplit(".", 1)[-1]
        known = ("csv", "tsv", "jsonl", "parquet")
        return endings.get(ending, ending if ending in known else "csv")
    return "table" if sys.stdout.isatty() else "csv"


def emit(rows: Iterable[Row], columns: Sequence[str], args: argparse.Namespace) -> int:
    """Write rows where and how the options say; return how many."""
    from stance.show.table import write, write_parquet

    format = chosen_format(args)
    digits = args.digits
    if digits is None and format in ("table", "markdown", "latex"):
        digits = 3
    if format == "parquet":
        if not args.output:
            raise InputError("parquet is binary; name a file with --output")
        from stance.corpus.files import atomic_write

        with atomic_write(args.output, binary=True) as binary:
            return write_parquet(rows, columns=columns, stream=binary)  # type: ignore[arg-type]
    with open_output(args) as stream:
        return write(rows, columns=columns, format=format, stream=stream, digits=digits)


@contextmanager
def open_output(args: argparse.Namespace) -> Iterator[IO[str]]:
    """Open the output file, atomically, or give standard output as UTF-8."""
    if args.output:
        from stance.corpus.files import atomic_write

        with atomic_write(args.output) as stream:
            yield stream  # type: ignore[misc]
        return
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(newline="\n")
    yield sys.stdout
    sys.stdout.flush()


@contextmanager
def speak_warnings(*, quiet: bool) -> Iterator[None]:
    """Print our warnings as one line each on stderr, each sentence once."""
    said: set[str] = set()

    def speak(message: Warning | str, category: type[Warning], *_: object) -> None:
        if issubclass(category, StanceWarning) and str(message) not in said:
            said.add(str(message))
            if not quiet:
                from stance.show.table import printable

                print(f"stance: warning: {printable(str(message))}", file=sys.stderr)

    with warnings.catch_warnings():
        warnings.simplefilter("always", StanceWarning)
        warnings.showwarning = speak  # type: ignore[assignment]
        yield


class Progress:
    """Progress on stderr: a bar with rate and time left, once work takes long.

    Nothing is drawn where stderr is no terminal, or with ``--quiet``. The measure of
    the whole is the number of units, or, where that is not known, of bytes: ``size``.
    """

    def __init__(self, what: str, total: int, *, quiet: bool, size: int = 0) -> None:
        self.what, self.total, self.size = what, total, size
        self.shown = not quiet and sys.stderr.isatty()
        self.started = time.monotonic()
        self.n = self.n_worked = self.place = 0
        self.bar: object = None

    def say(self, what: str) -> None:
        """Name the step that is under way."""
        self.what = what
        self.step(0)

    def step(self, n: int = 1, *, place: int = 0, is_work: bool = True) -> None:
        """Count units done; draw when it is time to.

        ``place`` is how many bytes were read. What was done before is no work: the rate
        leaves it out.
        """
        self.n += n
        self.n_worked += n * is_work
        self.place = max(self.place, place)
        if not self.shown or time.monotonic() - self.started < PATIENCE:
            return
        if self.bar is None:
            self._open()
        done, whole = (self.place, self.size) if self.size else (self.n, self.total)
        self.bar.update(  # type: ignore[attr-defined]
            self.task, description=self.what, completed=done, total=whole or None,
            said=self.said(),
        )  # fmt: skip

    def said(self) -> str:
        """Return how many units are done, of how many, and how many a second."""
        of = f" of about {self.total:,}" if self.total and not self.size else ""
        seconds = time.monotonic() - self.started
        rate = self.n_worked / seconds if seconds else 0.0
        return f"{self.n:,}{of or ' done'}, {rate:,.{0 if rate >= 10 else 1}f}/s"

    def _open(self) -> None:
        from rich import progress
        from rich.console import Console

        self.bar = progress.Progress(
            progress.SpinnerColumn(), progress.TextColumn("{task.description}"),
            progress.BarColumn(), progress.TextColumn("{task.fields[said]}"),
            progress.TimeElapsedColumn(), progress.TimeRemainingColumn(),
            console=Console(stderr=True), transient=True,
        )  # fmt: skip
        self.task = self.bar.add_task(self.what, total=None, said="")
        self.bar.start()

    def close(self) -> None:
        """Take the bar away."""
        if self.bar is not None:
            self.bar.stop()  # type: ignore[attr-defined]
