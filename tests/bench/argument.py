"""How near the argument layer comes to two coders, and they to each other.

    python tests/bench/argument.py PART SET ...

``PART`` names what is measured (``connectives``, ``voice``, ``role``, ``stance``), or
is ``all``: the main figures. A ``SET`` is one JSON Lines file whose sentences hold what
both coders said (``coder_1``, ``coder_2``), of which ``:development`` or ``:test``
takes one ``half``; or three joined by commas: sentences, first coder, second coder
(``sentences.jsonl,a.jsonl,b.jsonl``).
Sentences have ``id``, ``lang`` and ``text``; a code has the fields of the codebook.

A connective is found where the same words are, whatever their case; the same words
twice are two. Against both coders, what only one of them marked is left out (`both`),
or counts as wrong (`both, strict`). Of the voice, `both` leaves sentences out that one
coder has as own and the other has not; holder and cue are compared word for word.
The main figures are those of the sentences on which both agree, with 95 % intervals of
the percentile bootstrap over sentences; what rests on fewer than 20 has no bar,
and the bar of a figure of 1 says nothing: every draw is 1 as well.
"""

import sys
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from argument_codes import (
    Coded,
    Marks,
    Score,
    by_language,
    common,
    compare,
    is_anothers,
    marks_found,
    marks_of,
    marks_of_baseline,
    read_coded,
    score,
    voice_of_baseline,
    voice_of_package,
)
from common import ROOT

from stance.argument.attribution import attribution
from stance.argument.claim import ROLES
from stance.argument.statement import Statement, statements
from stance.corpus.terms import TermTable, read_terms
from stance.corpus.tokens import analyse
from stance.measure.agreement import krippendorff_alpha
from stance.testing import paragraph

DRAWS, SEED, FEW = 1000, 0, 20
STANCES = ("favor", "none")


def show(title: str, name: str, row: Score) -> None:
    """Print one row."""
    print(
        f"{title:12} {name:14} P {row.precision:.3f} R {row.recall:.3f} "
        f"F1 {row.f1:.3f} (n {row.n_reference}) "
        f"relation {row.relations:.3f} (n {row.n_found})"
    )


def differences(coded: list[Coded]) -> None:
    """Print the sentences in which both coders agree and the package does not."""
    for unit in coded:
        found = marks_found(unit.text)
        first, second = marks_of(unit.first), marks_of(unit.second)
        either = {words for words, _ in first + second}
        both = [words for words, _, _ in common(first, second)]
        missed = Counter(both) - Counter(words for words, _ in found)
        extra = [words for words, _ in found if words not in either]
        if missed or extra:
            print(f"{unit.id} missed {list(missed)} extra {extra}: {unit.text}")


def part_connectives(coded: list[Coded]) -> None:
    """Print the tables of the connectives, language by language."""
    for language, units in by_language(coded).items():
        print(f"\n{language}: {len(units)} sentences")
        pairs = [(marks_of(u.second), marks_of(u.first), []) for u in units]
        show("coder 2", "coder 1", score(pairs))
        for title, find in (("stance", marks_found), ("baseline", marks_of_baseline)):
            for name, row in compare(units, find).items():
                show(title, name, row)
    print()
    differences(coded)


def show_voice(title: str, pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    """Print how codes (first) meet a reference (second): voice, holder, cue."""
    right = [one for one in pairs if is_anothers(one[0]) and is_anothers(one[1])]
    n_found = sum(is_anothers(one) for one, _ in pairs)
    n_reference = sum(is_anothers(other) for _, other in pairs)
    precision, recall = len(right) / max(n_found, 1), len(right) / max(n_reference, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    alike = [
        sum(one[field] == other[field] for one, other in right) / max(len(right), 1)
        for field in ("voice", "holder", "cue")
    ]
    print(
        f"{title:24} P {precision:.3f} R {recall:.3f} F1 {f1:.3f} (n {len(pairs)}, "
        f"not own {n_reference}) of those found: voice {alike[0]:.3f} "
        f"holder {alike[1]:.3f} cue {alike[2]:.3f} (n {len(right)})"
    )


def part_voice(coded: list[Coded]) -> None:
    """Print own against not own, holder and cue, and the table of the voices."""
    for language, units in by_language(coded).items():
        print(f"\n{language}: {len(units)} sentences")
        show_voice("coder 2, coder 1", [(u.second, u.first) for u in units])
        agreed = [u for u in units if is_anothers(u.first) == is_anothers(u.second)]
        for title, find in (
            ("stance", voice_of_package),
            ("baseline", voice_of_baseline),
        ):
            found = {u.id: find(u.text) for u in units}
            show_voice(f"{title}, coder 1", [(found[u.id], u.first) for u in units])
            show_voice(f"{title}, coder 2", [(found[u.id], u.second) for u in units])
            show_voice(f"{title}, both", [(found[u.id], u.first) for u in agreed])
    alike = [u for u in coded if u.first["voice"] == u.second["voice"]]
    table = Counter((u.first["voice"], attribution(u.text).voice) for u in alike)
    print("\nvoice where both coders agree, and as found:")
    for (voice, found_voice), n in sorted(table.items()):
        print(f"  {voice:9} {found_voice:9} {n}")
    for unit in coded:
        found_code = voice_of_package(unit.text)
        either = (is_anothers(unit.first), is_anothers(unit.second))
        if is_anothers(found_code) not in either:
            print(f"{unit.id} {unit.first['voice']} found {found_code}: {unit.text}")


@cache
def terms() -> TermTable:
    """Return the term table of the seeds."""
    return read_terms(ROOT / "seeds" / "terms.csv")


@cache
def statement_of(text: str) -> Statement:
    """Return the row of the statement table for a sentence; its parts, if it is cut."""
    return statements([paragraph(text)], terms=terms())[0]


def stance_of_baseline(text: str) -> str:
    """Return favor wherever a cue of cooperation stands."""
    matches = analyse(text, terms()).matches
    found = any(m.term.frame == "cooperation" and m.term.is_cue for m in matches)
    return "favor" if found else "none"


Pairs = list[tuple[Any, Any]]


def macro_f1(pairs: Pairs, labels: tuple[str, ...]) -> float:
    """Return the mean of F1 over the labels that occur."""
    right = Counter(one for one, other in pairs if one == other)
    total = Counter(label for pair in pairs for label in pair)
    each = [2 * right[label] / total[label] for label in labels if total[label]]
    return float(np.mean(each)) if each else np.nan


def voice_f1(pairs: Pairs) -> float:
    """Return F1 of *not own*."""
    return macro_f1([(str(one), str(other)) for one, other in pairs], ("True",))


def holder_share(pairs: Pairs) -> float:
    """Return how often the holder is the same, of what neither has as own."""
    same = [
        one["holder"] == other["holder"]
        for one, other in pairs
        if is_anothers(one) and is_anothers(other)
    ]
    return float(np.mean(same)) if same else np.nan


def mark_f1(pairs: Pairs) -> float:
    """Return F1 of the connectives, with those that only one coder marked left out."""
    return score([(one, *other) for one, other in pairs]).f1


def reference_marks(unit: Coded) -> tuple[Marks, Marks]:
    """Return what both coders marked, and what either did."""
    first, second = marks_of(unit.first), marks_of(unit.second)
    both = [(words, relation) for words, relation, _ in common(first, second)]
    return both, list((Counter(first) | Counter(second)).elements())


class Figure(NamedTuple):
    """A figure: of which sentences, what is compared, and how many it rests on."""

    value: Callable[[Pairs], float]
    count: Callable[[Pairs], int]
    agreed: Callable[[Coded], bool]
    of_code: Callable[[dict[str, Any]], Any]
    reference: Callable[[Coded], Any]
    package: Callable[[str], Any]
    baseline: Callable[[str], Any]


def n_holders(pairs: Pairs) -> int:
    """Return how many sentences neither has as own."""
    return sum(is_anothers(one) and is_anothers(other) for one, other in pairs)


FIGURES = {
    "voice F1": Figure(
        voice_f1,
        lambda pairs: sum(other for _, other in pairs),
        lambda u: is_anothers(u.first) == is_anothers(u.second),
        is_anothers,
        lambda u: is_anothers(u.first),
        lambda text: is_anothers(voice_of_package(text)),
        lambda text: is_anothers(voice_of_baseline(text)),
    ),
    "holder match": Figure(
        holder_share,
        n_holders,
        lambda u: u.first["holder"] == u.second["holder"],
        lambda code: code,
        lambda u: u.first,
        voice_of_package,
        voice_of_baseline,
    ),
    "connective F1": Figure(
        mark_f1,
        lambda pairs: sum(len(other[0]) for _, other in pairs),
        lambda u: True,
        marks_of,
        reference_marks,
        marks_found,
        marks_of_baseline,
    ),
    "role macro-F1": Figure(
        lambda pairs: macro_f1(pairs, ROLES),
        len,
        lambda u: bool(u.first["role"] == u.second["role"]),
        lambda code: code["role"],
        lambda u: u.first["role"],
        lambda text: statement_of(text).role,
        lambda text: "claim",
    ),
    "stance macro-F1": Figure(
        lambda pairs: macro_f1(pairs, STANCES),
        len,
        lambda u: bool(u.first["stance"] == u.second["stance"]),
        lambda code: code["stance"],
        lambda u: u.first["stance"],
        lambda text: statement_of(text).stance,
        stance_of_baseline,
    ),
}


def interval(pairs: Pairs, figure: Figure) -> str:
    """Return a figure with its interval, over sentences drawn with replacement."""
    n, shown = figure.count(pairs), f"{figure.value(pairs):.3f}"
    if n < FEW:
        return f"{shown} no bar, n {n}"
    rng = np.random.default_rng(SEED)
    draws = [
        figure.value([pairs[at] for at in rng.integers(0, len(pairs), len(pairs))])
        for _ in range(DRAWS)
    ]
    low, high = np.nanquantile(draws, (0.025, 0.975))
    return f"{shown} [{low:.3f}, {high:.3f}] n {n}"


def show_figure(name: str, units: list[Coded]) -> None:
    """Print a figure of the package, beside a baseline's and the second coder's."""
    figure = FIGURES[name]
    agreed = [u for u in units if figure.agreed(u)]
    found, simple = (
        [(find(u.text), figure.reference(u)) for u in agreed]
        for find in (figure.package, figure.baseline)
    )
    codes: Pairs = [(figure.of_code(u.second), figure.of_code(u.first)) for u in units]
    if name == "connective F1":
        codes = [(one, (other, [])) for one, other in codes]
    for title, pairs in (("stance", found), ("baseline", simple), ("coders", codes)):
        print(f"  {name:16} {title:9} {interval(pairs, figure)}")


def part_all(coded: list[Coded]) -> None:
    """Print the main figures, language by language."""
    for language, units in by_language(coded).items():
        print(f"\n{language}: {len(units)} sentences")
        for name in FIGURES:
            show_figure(name, units)


def part_label(coded: list[Coded], variable: str) -> None:
    """Print macro-F1 and alpha of a variable, and what is found for what."""
    figure = FIGURES[f"{variable} macro-F1"]
    for language, units in by_language(coded).items():
        codes = [[u.first[variable], u.second[variable]] for u in units]
        names = sorted({code for pair in codes for code in pair})
        table = np.array([[names.index(code) for code in pair] for pair in codes]).T
        alpha = krippendorff_alpha(table, n_labels=len(names))
        print(f"\n{language}: {len(units)} sentences, alpha {alpha:.2f}")
        show_figure(f"{variable} macro-F1", units)
    agreed = [(figure.package(u.text), u) for u in coded if figure.agreed(u)]
    met = Counter((u.first[variable], found) for found, u in agreed)
    print(f"\n{variable} where both coders agree, and as found:")
    for (wanted, found), n in sorted(met.items()):
        print(f"  {wanted:9} {found:9} {n}")
    for found, unit in agreed:
        if found != unit.first[variable]:
            print(f"{unit.id} {unit.first[variable]} found {found}: {unit.text}")


PARTS: dict[str, Callable[[list[Coded]], None]] = {
    "connectives": part_connectives,
    "voice": part_voice,
    "role": lambda coded: part_label(coded, "role"),
    "stance": lambda coded: part_label(coded, "stance"),
    "all": part_all,
}


def main(words: list[str]) -> None:
    """Measure the part that is named, on the sets that are named."""
    if len(words) < 2 or words[0] not in PARTS:
        sys.exit(f"{__doc__}\nparts: {', '.join(PARTS)}")
    PARTS[words[0]](read_coded(words[1:]))


if __name__ == "__main__":
    main(sys.argv[1:])
