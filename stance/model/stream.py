"""Units in chunks, and chunks worked on by several processes, in order.

A stream of units is cut by one rule into chunks, whoever works on them, and whatever
was done before: what comes of a chunk depends on the chunk alone. Neither the stream
nor the results are held: a few chunks for each process are.
"""

from __future__ import annotations

import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from stance.corpus.document import Paragraph, Passage
from stance.errors import ModelError, StanceError

if TYPE_CHECKING:
    from concurrent.futures import Future

    from stance.model.model import Model

#: A chunk ends with the unit that makes it so long: some 0.1 s of work for a process.
CHUNK_UNITS, CHUNK_CHARACTERS = 2_000, 800_000
#: Chunks sent to each other process: one is worked on, the others wait.
AHEAD = 3
#: Results held for each process until those before them are there.
HELD = 4
#: Seconds after which the thread that talks to the others gets its turn: their results
#: come in pieces, and it waits before each.
SWITCH = 0.0002
#: Seconds after which a process knows that the one it works for is gone.
ATTENTION = 1.0

Unit = tuple[Paragraph, Passage | None]
T = TypeVar("T")


class Chunk(NamedTuple):
    """Consecutive units, counted from 0.

    ``spans`` says which path they are of: how many of one, how many of the next.
    ``passages`` is None where the model reads the units' own text alone.
    """

    number: int
    spans: tuple[tuple[str, int], ...]
    units: tuple[Paragraph, ...]
    passages: tuple[Passage, ...] | None

    def __reduce__(self) -> tuple[object, ...]:
        """Go to other processes as columns, which takes a third of the time."""
        names = [field.name for field in fields(Paragraph)]
        columns = tuple([getattr(u, name) for u in self.units] for name in names)
        return _from_columns, (self.number, self.spans, columns, self.passages)


def _from_columns(
    number: int,
    spans: tuple[tuple[str, int], ...],
    columns: tuple[list[Any], ...],
    passages: tuple[Passage, ...] | None,
) -> Chunk:
    units = tuple(Paragraph(*row) for row in zip(*columns, strict=True))
    return Chunk(number, spans, units, passages)


def chunked(sources: Iterable[tuple[str | Path, Iterable[Unit]]]) -> Iterator[Chunk]:
    """Cut the units of several paths, one after the other, into chunks.

    Parameters
    ----------
    sources : iterable of (path, units)
        Each unit with its passage, or None for each. Read once and not kept.

    Examples
    --------
    >>> from stance.testing import paragraph
    >>> units = [(paragraph("Trade grew."), None), (paragraph("贸易增长。"), None)]
    >>> [chunk.spans for chunk in chunked([("a.csv", units), ("b.csv", units)])]
    [(('a.csv', 2), ('b.csv', 2))]
    """
    number = size = 0
    held: list[Unit] = []
    spans: dict[str, int] = {}
    for path, units in sources:
        for unit, passage in units:
            held.append((unit, passage))
            spans[str(path)] = spans.get(str(path), 0) + 1
            size += len(unit.text)
            if len(held) >= CHUNK_UNITS or size >= CHUNK_CHARACTERS:
                yield _chunk(number, held, spans)
                number, size, held, spans = number + 1, 0, [], {}
    if held:
        yield _chunk(number, held, spans)


def _chunk(number: int, held: list[Unit], spans: dict[str, int]) -> Chunk:
    units = tuple(unit for unit, _ in held)
    passages = tuple(passage for _, passage in held if passage is not None)
    return Chunk(number, tuple(spans.items()), units, passages or None)


@lru_cache(maxsize=1)
def model_of(folder: str, digest: str) -> Model:
    """Return the model in a folder, read once a process.

    Raises
    ------
    ModelError
        If it is not the one that the digest says.

    Examples
    --------
    >>> model_of("no-such-folder", "")
    Traceback (most recent call last):
    ...
    stance.errors.ModelError: no-such-folder: no such model folder
      train one with: stance train --output no-such-folder
    """
    from stance.model.store import load

    model = load(folder)
    if model.digest != digest:
        raise ModelError(f"{folder}: was changed since the work began")
    return model


def in_order(
    work: Callable[[Chunk], T],
    chunks: Iterable[Chunk],
    *,
    jobs: int = 1,
    there: Callable[[Chunk], T] | None = None,
) -> Iterator[T]:
    """Yield what a function makes of each chunk, in the order of the chunks.

    Parameters
    ----------
    work : callable
        Of one chunk.
    chunks : iterable of Chunk
        Read as they are needed. Where reading or work fails, what was read before is
        finished and given first, as with one job.
    jobs : int, default 1
        Number of processes. This one is of them: it works on a chunk whenever the
        others have enough to do.
    there : callable, optional
        Does the same in another process, so it must be named in a module, or be a
        ``functools.partial`` of such a one; without it ``work`` is.

    Raises
    ------
    StanceError
        If a process is killed, as happens where memory runs out.

    Notes
    -----
    ``joblib.Parallel`` is not used: with ``return_as="generator"`` it goes on reading
    and working however slowly the results are taken, and holds them all. A script that
    asks for several jobs does so under ``if __name__ == "__main__"``.

    Examples
    --------
    >>> from stance.testing import paragraph
    >>> chunks = chunked([("a.csv", [(paragraph("Trade grew."), None)] * 3)])
    >>> list(in_order(lambda chunk: len(chunk.units), chunks))
    [3]
    """
    if jobs == 1:
        yield from map(work, chunks)
        return
    from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor
    from multiprocessing import get_context

    others = jobs - 1
    executor = ProcessPoolExecutor(
        others, get_context("spawn"), initializer=_follow, initargs=(os.getpid(),)
    )
    waiting: deque[Future[T]] = deque()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH)
    try:
        submit = lambda chunk: executor.submit(there or work, chunk)  # noqa: E731
        for future in _shared_out(chunks, work, submit, AHEAD * others):
            waiting.append(future)
            while waiting and (waiting[0].done() or len(waiting) >= HELD * jobs):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool:
        raise StanceError(
            "a process that was labelling was killed",
            hint="memory may have run out: take fewer --jobs",
        ) from None
    finally:
        sys.setswitchinterval(interval)
        for future in waiting:
            future.cancel()
        executor.shutdown(wait=True)


def _shared_out(
    chunks: Iterable[Chunk],
    work: Callable[[Chunk], T],
    submit: Callable[[Chunk], Future[T]],
    n: int,
) -> Iterator[Future[T]]:
    """Yield the future of each chunk: n at once are submitted, others worked on here.

    What fails here, reading included, is the last of them.
    """
    from concurrent.futures import Future

    sent: list[Future[T]] = []
    try:
        for chunk in chunks:
            sent = [future for future in sent if not future.done()]
            if len(sent) < n:
                sent.append(submit(chunk))
                yield sent[-1]
                continue
            here: Future[T] = Future()
            here.set_result(work(chunk))
            yield here
    except Exception as error:
        failed: Future[T] = Future()
        failed.set_exception(error)
        yield failed


def _follow(parent: int) -> None:
    """Let this process live and end with the one that reads.

    Ctrl-C, which all processes of a terminal get, is left to that one. If it is killed,
    nothing says so: these processes would wait for work for ever.
    """
    import signal
    import threading

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(ATTENTION)
    os._exit(1)
