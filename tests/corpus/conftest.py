"""What the tests of this layer share: texts in both languages, the seeds, a clock."""

import json
import time
import timeit
from collections.abc import Callable
from pathlib import Path

import pytest

from stance.corpus.document import Corpus
from stance.corpus.manifest import read_corpus
from stance.corpus.terms import TermTable, read_terms

ROOT = Path(__file__).parents[2]
TEXTS = {
    "english": "The U.S. agreed to ease export controls; China’s firms waited.\n",
    "chinese": "中国应当扩大对外开放，\n反对“小院高墙”。\n\n双方举行了会谈。\n",
    "mixed": "实体清单 (Entity List) 在2018年之后不断扩大。\r\n\r\nIt grew fast.",
    "empty": "",
    "odd": "　“Ｔｅｃｈ　ｗａｒ”，他说：‘cafe\u0301’——naïve！？\u00a0",
}


@pytest.fixture(params=TEXTS.values(), ids=TEXTS.keys())
def text(request: pytest.FixtureRequest) -> str:
    """A text of each sort that every function must bear."""
    return str(request.param)


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def seed_corpus() -> Corpus:
    """The seed corpus, read once; nothing changes it."""
    return read_corpus(ROOT / "seeds")


@pytest.fixture(scope="session")
def seed_terms() -> TermTable:
    """The project's own term table."""
    return read_terms(ROOT / "seeds" / "terms.csv")


@pytest.fixture(scope="session")
def anchors() -> list[str]:
    """The texts of the anchor examples, English and Chinese."""
    lines = (ROOT / "seeds" / "anchors.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of further texts beside the repository; skips where there is none."""
    folder = ROOT.parent / "shared"
    if not folder.exists():
        pytest.skip("needs the folder of further texts beside the repository")
    return folder


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, so that messages name files without a folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def growth() -> Callable[[Callable[[str], object], str], float]:
    """Return how much longer some work takes on a text twice as long.

    Other work of the machine can make a turn too slow or too fast: the second least of
    up to six turns counts. What takes less than a millisecond is not measured.
    """

    def clock(work: Callable[[str], object], text: str) -> float:
        return timeit.timeit(lambda: work(text), timer=time.process_time, number=1)

    def turn(work: Callable[[str], object], text: str) -> float:
        before, twice, after = (
            clock(work, stretch) for stretch in (text, text + text, text)
        )
        return twice / max(min(before, after), 0.001)

    def measure(work: Callable[[str], object], text: str) -> float:
        found: list[float] = []
        while len(found) < 6 and sum(ratio < 3 for ratio in found) < 2:
            found.append(turn(work, text))
        return sorted(found)[1]

    return measure
