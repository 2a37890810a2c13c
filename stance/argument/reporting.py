"""What the rules of both languages share: the word list, and what a rule has found."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from stance.argument.lexicon import read_lexicon

Span = tuple[int, int]
NOWHERE: Span = (-1, -1)


@dataclass(frozen=True, slots=True)
class Reported:
    """A view that somebody holds, by the places of its parts in a sentence.

    ``place`` is ``main`` where the sentence is about what was said, ``aside`` for
    *as X said*, and ``inner`` where the report stands in a part of the writer's own
    sentence.
    """

    place: str
    holder: Span
    cue: Span
    content: Span


@cache
def word_kinds(language: str) -> Mapping[str, frozenset[str]]:
    """Return the kinds of each form of the word list, in one language.

    Examples
    --------
    >>> sorted(word_kinds("en")["urges"]), sorted(word_kinds("zh")["主张"])
    (['urging'], ['noun too', 'speech'])
    """
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    for row in read_lexicon("reporting"):
        if row["language"] == language:
            kinds[row["form"]].add(row["kind"])
    return {form: frozenset(names) for form, names in kinds.items()}


@cache
def forms_of(kind: str, language: str) -> frozenset[str]:
    """Return the forms of a kind, in one language.

    Examples
    --------
    >>> "according to" in forms_of("source phrase", "en")
    True
    """
    return frozenset(
        form for form, kinds in word_kinds(language).items() if kind in kinds
    )
