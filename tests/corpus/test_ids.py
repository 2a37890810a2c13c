"""Ids that must not stand twice: as a dictionary would say, in a sixth of its room."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.corpus import ids as module
from stance.corpus.ids import Ids

IDS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=2))


@given(IDS, st.integers(1, 5))
def test_ids_are_found_as_a_dictionary_finds_them(found: list[str], full: int) -> None:
    lines: dict[str, int] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "FULL", full)
        ids = Ids()

        said = [ids.add(id, line) for line, id in enumerate(found, start=1)]

    assert said == [
        lines[id] if id in lines else lines.setdefault(id, line) * 0
        for line, id in enumerate(found, start=1)
    ]
    assert ids.n == len(set(found))


def test_a_digest_across_two_entries_is_no_id(monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries stand side by side: a digest must not be found between two of them."""

    class Digest:
        def __init__(self, id: bytes, **_: int) -> None:
            self.id = id

        def digest(self) -> bytes:
            return self.id

    monkeypatch.setattr(module, "blake2b", Digest)
    ids = Ids()
    first, second = "abcdefghij", "ABCDEFGHIJ"
    across = "j\x05\x00\x00\x00ABCDE"

    assert [ids.add(first, 5), ids.add(second, 6), ids.add(across, 7)] == [0, 0, 0]
    assert ids.add(across, 8) == 7


def test_an_id_takes_few_bytes() -> None:
    n = 50_000
    tracemalloc.start()
    ids = Ids()
    for line in range(n):
        ids.add(f"document-{line // 20}:p{line}", line)
    now, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert now / n < 24


def test_a_line_beyond_four_bytes_is_still_told_apart() -> None:
    ids = Ids()
    ids.add("甲", 2**40)

    assert ids.add("甲", 2**40 + 1) == 2**32 - 1
