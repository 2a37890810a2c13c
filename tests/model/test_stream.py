"""Chunks of units, and work on them in order, by one process or several."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from copy import copy
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.corpus.document import Passage
from stance.errors import ModelError, StanceError
from stance.model import stream
from stance.model.stream import Chunk, Unit, chunked, in_order, model_of
from stance.testing import paragraph

ROOT = Path(__file__).parents[2]
LENGTHS = st.lists(st.lists(st.integers(1, 9), max_size=6), max_size=4)


def units(lengths: list[int], *, passage: bool = False) -> list[Unit]:
    """Return units of these lengths."""
    texts = ["双方同意扩大科技合作"[:length] for length in lengths]
    return [(paragraph(t), Passage(t, "", t) if passage else None) for t in texts]


def chunks(n: int) -> Iterator[Chunk]:
    """Yield chunks of one unit, some longer than others."""
    for number in range(n):
        text = "合作" * (1 + 500 * (number % 3 == 0))
        yield Chunk(number, (("a.csv", 1),), (paragraph(text),), None)


def failing(n: int) -> Iterator[Chunk]:
    """Yield chunks, then fail as a damaged file does."""
    yield from chunks(n)
    raise ValueError("line 5")


def number_of(chunk: Chunk) -> int:
    """Return its number, after work that takes long for some."""
    sum(range(3_000 * len(chunk.units[0].text)))
    return chunk.number


def kill_itself(chunk: Chunk) -> int:
    """End as a process does that uses too much memory."""
    if chunk.number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return chunk.number


def fail(chunk: Chunk, *, at: int) -> int:
    """Refuse one of the chunks."""
    if chunk.number == at:
        raise ModelError("was changed", hint="ask")
    return chunk.number


@given(LENGTHS, st.integers(1, 5), st.integers(1, 20), st.booleans())
def test_chunks_hold_all_units_in_order(
    lengths: list[list[int]], n_units: int, n_characters: int, passage: bool
) -> None:
    sources = [
        (f"{at}.csv", units(found, passage=passage)) for at, found in enumerate(lengths)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream, "CHUNK_UNITS", n_units)
        patch.setattr(stream, "CHUNK_CHARACTERS", n_characters)

        found = list(chunked(sources))

    every = [unit for _, found in sources for unit in found]
    assert [unit for chunk in found for unit in chunk.units] == [u for u, _ in every]
    assert [p for chunk in found for p in chunk.passages or ()] == [
        p for _, p in every if p
    ]
    assert [chunk.number for chunk in found] == list(range(len(found)))
    assert all(1 <= len(chunk.units) <= n_units for chunk in found)
    assert all(
        sum(len(unit.text) for unit in chunk.units[:-1]) < n_characters
        for chunk in found
    )
    spans = [(path, n) for chunk in found for path, n in chunk.spans]
    assert {path: sum(n for p, n in spans if p == path) for path, _ in spans} == {
        path: len(found) for path, found in sources if found
    }


def test_a_chunk_does_not_depend_on_those_before() -> None:
    """What was done before a kill is read again, and cut again in the same places."""
    first = list(chunked([("a.csv", units([9] * 5000))]))
    again = list(chunked([("a.csv", iter(units([9] * 5000)))]))

    assert [len(chunk.units) for chunk in first] == [2000, 2000, 1000]
    assert again == first


@pytest.mark.parametrize("passage", [False, True])
def test_a_chunk_arrives_as_it_was_sent(passage: bool) -> None:
    (chunk,) = chunked([("甲.csv", units([3, 1, 9], passage=passage))])

    assert copy(chunk) == chunk


def test_reading_goes_only_as_far_as_it_must() -> None:
    read: list[int] = []

    def watched() -> Iterator[Chunk]:
        for chunk in chunks(50):
            read.append(chunk.number)
            yield chunk

    found = in_order(number_of, watched(), jobs=2)
    next(found)

    assert len(read) <= 2 * stream.HELD
    found.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_results_come_in_the_order_of_the_chunks(jobs: int) -> None:
    assert list(in_order(number_of, chunks(20), jobs=jobs)) == list(range(20))


def process_of(chunk: Chunk) -> int:
    """Return which process works, after a while."""
    time.sleep(0.02)
    return os.getpid()


def test_this_process_works_too() -> None:
    found = list(in_order(process_of, chunks(40), jobs=2))

    assert os.getpid() in found
    assert len(set(found)) == 2


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_was_read_before_a_failure_is_finished(jobs: int) -> None:
    found: list[int] = []

    with pytest.raises(ValueError, match="line 5"):
        found.extend(in_order(number_of, failing(3), jobs=jobs))

    assert found == [0, 1, 2]


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_of_the_work_is_the_callers(jobs: int) -> None:
    with pytest.raises(ModelError) as error:
        list(in_order(partial(fail, at=3), chunks(9), jobs=jobs))

    assert str(error.value) == "was changed\n  ask"


@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
def test_a_process_that_is_killed_is_an_error() -> None:
    with pytest.raises(StanceError) as error:
        list(in_order(number_of, chunks(9), jobs=2, there=kill_itself))

    assert str(error.value) == (
        "a process that was labelling was killed\n"
        "  memory may have run out: take fewer --jobs"
    )


ORPHANS = """
import os, time
from functools import partial
from stance.model.stream import Chunk, in_order

def tell(chunk):
    print(os.getpid(), flush=True)
    time.sleep(60)

if __name__ == "__main__":
    chunks = (Chunk(n, (), (), None) for n in range(2))
    list(in_order(tell, chunks, jobs=3))
"""


def is_alive(process: int) -> bool:
    """Whether a process is there, and not only its name."""
    status = Path(f"/proc/{process}/stat")
    return status.exists() and status.read_text().split()[2] != "Z"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks Linux")
def test_processes_end_when_the_one_that_reads_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "orphans.py"
    script.write_text(ORPHANS, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        workers = [int(process.stdout.readline()) for _ in range(2)]
        process.kill()
        deadline = time.monotonic() + 30
        while any(map(is_alive, workers)) and time.monotonic() < deadline:
            time.sleep(0.1)

    assert not any(map(is_alive, workers))


def test_another_model_in_the_folder_is_refused(model_folder: Path) -> None:
    with pytest.raises(ModelError, match="was changed since the work began"):
        model_of(str(model_folder), "another")


def test_processes_say_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    list(in_order(number_of, chunks(3), jobs=2))

    assert capfd.readouterr() == ("", "")
