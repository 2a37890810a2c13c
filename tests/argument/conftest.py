"""What the tests of the argument layer share: texts that are slow for bad rules."""

import time
import timeit
from collections.abc import Callable

import pytest

HOSTILE = {
    "blanks": " ",
    "digits": "1",
    "digits and dots": "1.",
    "brackets": "(",
    "nested brackets": "(a",
    "years": "2020 ",
    "quotes": "“",
    "marks": "should ",
    "acts and actors": "China should restrict the US and ",
    "names": "US and China, ",
    "han": "中国应当限制美国，",
    "denials": "not ",
    "words in -ed": "based ",
    "one word": "a",
    "no stop": "合作",
    "two languages": "China should cooperate with the US 美国应当停止限制中国 ",
}


@pytest.fixture(params=HOSTILE.values(), ids=HOSTILE.keys())
def hostile(request: pytest.FixtureRequest) -> str:
    """Return what a text of marks, names or blanks alone repeats."""
    return str(request.param)


@pytest.fixture
def growth() -> Callable[[Callable[[str], object], str], float]:
    """Return how much longer some work takes on a text twice as long: the least.

    No text is timed twice, as what is found in the last few is kept.
    """

    def clock(work: Callable[[str], object], text: str) -> float:
        return timeit.timeit(lambda: work(text), timer=time.process_time, number=1)

    def measure(work: Callable[[str], object], text: str) -> float:
        turns = [
            (clock(work, text + turn), clock(work, text * 2 + turn)) for turn in "xyz"
        ]
        return min(twice / max(once, 0.001) for once, twice in turns)

    return measure
