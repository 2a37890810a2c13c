"""Sentences with the codes of two, and how what is found meets what they said."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from stance.argument.attribution import attribution
from stance.argument.connective import connectives

HALVES = ("development", "test")
#: What a reader without a list would look for.
COMMONEST = {
    "but": "contrast", "however": "contrast", "because": "cause", "if": "condition",
    "therefore": "result", "for example": "example", "in addition": "addition",
    "first": "order", "但": "contrast", "因此": "result", "如果": "condition",
    "由于": "cause", "此外": "addition", "例如": "example", "首先": "order",
    "一方面": "order",
}  # fmt: skip

#: Words and the relation that each marks, in a sentence.
Marks = list[tuple[str, str]]


class Coded(NamedTuple):
    """A sentence and what each coder said of it."""

    id: str
    language: str
    text: str
    first: dict[str, Any]
    second: dict[str, Any]


class Score(NamedTuple):
    """Of the marks of a reference: how many are found, and with which relation."""

    precision: float
    recall: float
    f1: float
    n_reference: int
    relations: float
    n_found: int


def read_jsonl(path: str) -> list[dict[str, Any]]:
    """Return the objects of a JSON Lines file."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def read_coded(sets: Iterable[str]) -> list[Coded]:
    """Return the sentences of some sets, one after the other."""
    found: list[Coded] = []
    for paths in sets:
        whole, _, half = paths.rpartition(":")
        names = (whole if half in HALVES else paths).split(",")
        rows = read_jsonl(names[0])
        if half in HALVES:
            rows = [row for row in rows if row["half"] == half]
        if len(names) == 3:
            first, second = ({r["id"]: r for r in read_jsonl(p)} for p in names[1:])
        else:
            first = {row["id"]: row["coder_1"] for row in rows}
            second = {row["id"]: row["coder_2"] for row in rows}
        found += [
            Coded(r["id"], r["lang"], r["text"], first[r["id"]], second[r["id"]])
            for r in rows
        ]
    return found


def by_language(coded: list[Coded]) -> dict[str, list[Coded]]:
    """Return all sentences, then those of each language."""
    languages = sorted({unit.language for unit in coded})
    return {
        "all": coded,
        **{name: [u for u in coded if u.language == name] for name in languages},
    }


def marks_of(code: dict[str, Any]) -> Marks:
    """Return the connectives that a coder marked."""
    return [(c["text"].lower(), c["relation"]) for c in code["connectives"]]


def marks_found(text: str) -> Marks:
    """Return the connectives that the package finds."""
    return [
        (" ".join(found.text.lower().split()), found.relation)
        for found in connectives(text)
    ]


def marks_of_baseline(text: str) -> Marks:
    """Return the commonest forms, wherever they stand."""
    padded = "".join(c.lower() if c.isalnum() else " " for c in f" {text} ")
    return [
        (form, relation)
        for form, relation in COMMONEST.items()
        for _ in range(padded.count(f" {form} " if form.isascii() else form))
    ]


def common(first: Marks, second: Marks) -> list[tuple[str, str, str]]:
    """Return what both mark: the words, and each one's relation."""
    left = list(second)
    both: list[tuple[str, str, str]] = []
    for words, relation in first:
        alike = [mark for mark in left if mark[0] == words]
        if alike:
            mark = (words, relation) if (words, relation) in alike else alike[0]
            left.remove(mark)
            both.append((words, relation, mark[1]))
    return both


def score(units: list[tuple[Marks, Marks, Marks]]) -> Score:
    """Return how the marks found (first) meet a reference (second).

    What the third marks beyond the reference is left out of what was found.
    """
    n_found = n_reference = n_right = n_relations = 0
    for found, reference, ignored in units:
        right = common(found, reference)
        spare = Counter(w for w, _ in ignored) - Counter(w for w, _ in reference)
        extra = Counter(w for w, _ in found) - Counter(w for w, _, _ in right)
        n_found += len(found) - (extra & spare).total()
        n_reference += len(reference)
        n_right += len(right)
        n_relations += sum(one == other for _, one, other in right)
    precision, recall = n_right / max(n_found, 1), n_right / max(n_reference, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    share = n_relations / max(n_right, 1)
    return Score(precision, recall, f1, n_reference, share, n_right)


def compare(coded: list[Coded], find: Callable[[str], Marks]) -> dict[str, Score]:
    """Return the score of a way of finding connectives against each reference."""
    rows: dict[str, list[tuple[Marks, Marks, Marks]]] = {}
    for unit in coded:
        found = find(unit.text)
        first, second = marks_of(unit.first), marks_of(unit.second)
        both = [(words, relation) for words, relation, _ in common(first, second)]
        rows.setdefault("coder 1", []).append((found, first, []))
        rows.setdefault("coder 2", []).append((found, second, []))
        either = list((Counter(first) | Counter(second)).elements())
        rows.setdefault("both", []).append((found, both, either))
        rows.setdefault("both, strict", []).append((found, both, []))
    return {name: score(units) for name, units in rows.items()}


#: The words a reader would look for who has no list.
SAYS = re.compile("said|according to|认为|指出|据", re.IGNORECASE)


def voice_of_package(text: str) -> dict[str, str]:
    """Return voice, holder and cue as the package has them."""
    found = attribution(text)
    return {"voice": found.voice, "holder": found.holder, "cue": found.cue}


def voice_of_baseline(text: str) -> dict[str, str]:
    """Return ``reported`` wherever one of the commonest words stands."""
    found = SAYS.search(text)
    if not found:
        return {"voice": "own", "holder": "", "cue": ""}
    holder = text[: found.start()].strip(" ,，")
    return {"voice": "reported", "holder": holder, "cue": found.group()}


def is_anothers(code: dict[str, Any]) -> bool:
    """Whether a view is not the writer's own."""
    return code["voice"] != "own"
