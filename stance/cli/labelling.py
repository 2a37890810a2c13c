"""Labelling as ``stance classify`` does it: chunk by chunk, in one process or several.

What a chunk becomes is its share of the output, and a tally: what the warnings and the
closing lines of the verb are made of.
"""

from __future__ import annotations

import argparse
import io
import warnings
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from stance.cli.common import (
    LINE_FORMATS,
    Progress,
    chosen_format,
    default_model,
    warn_of_new_targets,
)
from stance.errors import StanceWarning

if TYPE_CHECKING:
    from pathlib import Path

    from stance.cli.reading import Source
    from stance.corpus.document import Paragraph, Passage
    from stance.corpus.identity import Json
    from stance.model.abstain import Thresholds
    from stance.model.classify import Labelled
    from stance.model.model import Model
    from stance.model.stream import Chunk


@dataclass(slots=True)
class Tally:
    """What units were labelled: how many, how many seen in training, in what language.

    ``seen`` counts those that have a label, ``languages`` those that are content;
    ``other`` has for each path how many units there were, how many of them in neither
    language, and the first of these.
    """

    n: int = 0
    seen: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    other: dict[str, tuple[int, int, str]] = field(default_factory=dict)

    def add(self, more: Tally) -> None:
        """Count the units of another tally too."""
        self.n += more.n
        self.seen += more.seen
        self.languages.update(more.languages)
        for path, (n, n_other, first) in more.other.items():
            before = self.other.get(path, (0, 0, ""))
            self.other[path] = (
                before[0] + n, before[1] + n_other, before[2] or first
            )  # fmt: skip

    def to_json(self) -> dict[str, Json]:
        """Return it as JSON."""
        return {
            "n": self.n, "seen": self.seen, "languages": dict(self.languages),
            "other": [[path, *found] for path, found in self.other.items()],
        }  # fmt: skip

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Tally:
        """Return what `to_json` gave."""
        other = {
            path: (n, n_other, first) for path, n, n_other, first in found["other"]
        }
        return cls(found["n"], found["seen"], Counter(found["languages"]), other)


class Output(NamedTuple):
    """How a chunk is put out: in a format of lines, or with ``""`` as it is."""

    format: str = ""
    digits: int | None = None
    limits: Thresholds | None = None


class Labels(NamedTuple):
    """What a chunk became: its lines or its units, and its tally."""

    number: int
    tally: Tally
    lines: bytes
    items: list[Labelled]


def label(chunk: Chunk, *, model: Model, output: Output) -> Labels:
    """Label the units of a chunk."""
    from stance.model.classify import classify

    items = list(
        classify(chunk.units, model, passages=chunk.passages, thresholds=output.limits)
    )
    tally = _tally(chunk, items)
    if not output.format:
        return Labels(chunk.number, tally, b"", items)
    lines = lines_of(items, model, output).removeprefix(head_of(model, output))
    return Labels(chunk.number, tally, lines, [])


def label_there(chunk: Chunk, *, folder: str, digest: str, output: Output) -> Labels:
    """Label the units of a chunk in another process than that which read them."""
    from stance.model.stream import model_of

    return label(chunk, model=model_of(folder, digest), output=output)


def _tally(chunk: Chunk, items: list[Labelled]) -> Tally:
    tally = Tally(len(items), sum(item.seen for item in items if item.label))
    tally.languages.update(i.unit.language for i in items if i.unit.counted)
    start = 0
    for path, n in chunk.spans:
        units = [item.unit for item in items[start : start + n]]
        odd = [u.id for u in units if u.language == "other" and u.counted]
        if path:
            tally.other[path] = (n, len(odd), odd[0] if odd else "")
        start += n
    return tally


def lines_of(items: Iterable[Labelled], model: Model, output: Output) -> bytes:
    """Return labelled units as the output has them, the line of column names first."""
    from stance.show.rows import columns_of, row_of
    from stance.show.table import write

    labels = model.labels.names
    stream = io.StringIO(newline="")
    write(
        (row_of(item, labels) for item in items), columns=columns_of(labels),
        format=output.format, stream=stream, digits=output.digits,
    )  # fmt: skip
    return stream.getvalue().encode()


def head_of(model: Model, output: Output) -> bytes:
    """Return the line of column names, where the format has one."""
    return lines_of((), model, output)


class Labelling:
    """One run of the verb: what it reads, how far it is, what it met.

    Parameters
    ----------
    args : Namespace
        The options of the verb.
    model : Model
        As they name it.
    limits : Thresholds or None
        Of the prediction sets.
    files : list of Path
        What the paths name.
    """

    def __init__(
        self,
        args: argparse.Namespace,
        model: Model,
        limits: Thresholds | None,
        files: list[Path],
    ) -> None:
        self.args, self.model, self.files = args, model, files
        format = chosen_format(args)
        is_marked = args.explain or args.moved
        format = format if format in LINE_FORMATS and not is_marked else ""
        self.output = Output(format, args.digits, limits)
        size = sum(file.stat().st_size for file in files)
        size = 0 if "-" in args.paths else size
        self.progress = Progress("classifying", 0, quiet=args.quiet, size=size)
        self.tally = Tally()
        self.targets: set[str] = set()
        self.n_chunks = 0
        self._places: dict[int, int] = {}
        self._source: Source | None = None
        self._n = self._before = 0

    def chunks(self) -> Iterator[Chunk]:
        """Read the paths."""
        from stance.model.stream import chunked

        for chunk in chunked(self._sources()):
            self.n_chunks += 1
            self._places[chunk.number] = self._place()
            if self.model.targeted:
                self.targets.update(p.target for p in chunk.passages or ())
            yield chunk

    def _sources(
        self,
    ) -> Iterator[tuple[str, Iterator[tuple[Paragraph, Passage | None]]]]:
        from stance.cli.reading import read_passages

        for source, units in read_passages(self.args, self.model):
            self._before += self._source.size if self._source else 0
            self._source, self._n = source, 0
            yield (
                "" if source.documents else str(source.path),
                self._counted(units, source),
            )

    def _counted(
        self, units: Iterable[tuple[Paragraph, Passage | None]], source: Source
    ) -> Iterator[tuple[Paragraph, Passage | None]]:
        from stance.corpus.read import warn_if_long

        for unit, passage in units:
            self._n += 1
            if not source.documents:
                warn_if_long(unit, source.path)
            yield unit, passage

    def _place(self) -> int:
        """Return how many bytes were read."""
        source = self._source
        if source is None:
            return 0
        if source.total:
            return self._before + source.size * self._n // source.total
        return self._before + source.position()

    def there(self) -> Callable[[Chunk], Labels]:
        """Return what labels a chunk in another process."""
        from pathlib import Path

        folder = str(Path(self.args.model or default_model()).resolve())
        return partial(
            label_there, folder=folder, digest=self.model.digest, output=self.output
        )

    def labels(self, chunks: Iterable[Chunk]) -> Generator[Labels]:
        """Label chunks, in order; counts them."""
        from stance.model.stream import in_order

        work = partial(label, model=self.model, output=self.output)
        jobs = self.args.jobs
        for found in in_order(work, chunks, jobs=jobs, there=self.there()):
            self.tally.add(found.tally)
            self.progress.step(found.tally.n, place=self._places.pop(found.number))
            yield found

    def skip(self, chunk: Chunk) -> None:
        """Note that a chunk need not be labelled: it was before."""
        place = self._places.pop(chunk.number)
        self.progress.step(len(chunk.units), place=place, is_work=False)

    def items(self) -> Iterator[Labelled]:
        """Label all units, in order."""
        for found in self.labels(self.chunks()):
            yield from found.items

    def head(self) -> bytes:
        """Return the line of column names, where the format has one."""
        return head_of(self.model, self.output)

    def warn(self) -> None:
        """Warn of what the labels are not to be trusted for."""
        from stance.corpus.read import warn_of_other

        for path, (n, n_other, first) in self.tally.other.items():
            warn_of_other(path, n, n_other, first)
        warn_of_new_targets(self.model, self.targets)
        if self.output.limits is None:
            return
        from stance.model.abstain import missing

        for language, n in sorted(self.tally.languages.items()):
            if n and (why := missing(self.output.limits, language, by="language")):
                units = f"{n} paragraph" + "s" * (n != 1)
                warnings.warn(f"{units}: {why}", StanceWarning, stacklevel=2)
