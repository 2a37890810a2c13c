"""Documents that are mostly one text are one observation, however many share it."""

import time
from collections import Counter
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stance.coding.codebook import LabelSet
from stance.coding.predictions import Gold
from stance.corpus.duplicates import components
from stance.measure.observations import observations

LABELS = LabelSet(("pro", "con"))


def gold_of(documents: list[str], keys: list[list[str]]) -> Gold:
    n = len(documents)
    none = ("",) * n
    return Gold(
        LABELS, tuple(f"u{at}" for at in range(n)), tuple(documents), none, none, none,
        np.full(n, -1), np.ones(n, dtype=bool), tuple(map(tuple, keys)),
    )  # fmt: skip


def counted(gold: Gold) -> list[int]:
    """Count the units that each pair of documents shares, one pair after the other."""
    size = Counter(gold.documents)
    where: dict[str, set[str]] = {}
    for document, keys in zip(gold.documents, gold.keys, strict=True):
        for key in keys:
            where.setdefault(key, set()).add(document)
    shared: Counter[tuple[str, str]] = Counter()
    for document, keys in zip(gold.documents, gold.keys, strict=True):
        others = {other for key in keys for other in where[key]} - {document}
        shared.update((document, other) for other in others)
    tied = {document: [document] for document in size}
    for (document, other), n in shared.items():
        if n >= 0.5 * size[document]:
            tied[document].append(other)
    number = dict(zip(tied, components(list(tied.values())), strict=True))
    return [number[document] for document in gold.documents]


UNIT = st.tuples(
    st.sampled_from([f"d{n}" for n in range(7)]),
    st.lists(st.sampled_from(["text:1", "text:2", "near:3", "twin:4", "text:5"]),
             max_size=3),
)  # fmt: skip


@given(st.lists(UNIT, min_size=1, max_size=40))
def test_observations_are_those_of_counting_pairs(
    units: list[tuple[str, list[str]]],
) -> None:
    gold = gold_of([document for document, _ in units], [keys for _, keys in units])

    assert observations(gold).tolist() == counted(gold)


def test_half_of_the_shorter_document_makes_one() -> None:
    documents = list("aaaabbbbbbbb")
    shared = [["text:1"], ["text:2"], [], [], ["text:1"], ["text:2"], *[[]] * 6]
    less = [["text:1"], [], *shared[2:]]

    assert set(observations(gold_of(documents, shared)).tolist()) == {0}
    assert set(observations(gold_of(documents, less)).tolist()) == {0, 1}


def test_a_heading_of_all_documents_ties_none_of_them() -> None:
    documents = [f"d{at // 5}" for at in range(50_000)]
    keys = [["text:本报讯"] if at % 5 == 0 else [] for at in range(50_000)]

    assert len(set(observations(gold_of(documents, keys)).tolist())) == 10_000


def test_copies_by_the_thousand_are_one_and_take_no_pairs() -> None:
    """Of 10,000 copies there are 50 million pairs, which take minutes."""
    documents = [f"d{at // 3}" for at in range(30_000)]
    gold = gold_of(documents, [[f"text:{at % 3}"] for at in range(30_000)])

    start = time.process_time()
    found = observations(gold)

    assert set(found.tolist()) == {0}
    assert time.process_time() - start < 20


def test_without_keys_a_document_is_an_observation() -> None:
    gold = replace(gold_of(list("abab"), [[]] * 4), keys=())

    assert observations(gold).tolist() == [0, 1, 0, 1]
