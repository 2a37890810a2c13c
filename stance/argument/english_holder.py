"""Whether an English noun phrase names somebody who can hold a view.

A fact shows, a policy calls for, a case suggests: only of persons, bodies and documents
are these reports. And what *we* believe, or *this paper* argues, is the writer's own.
"""

from collections.abc import Sequence

from stance.argument import noun_phrase
from stance.argument.english_words import Word, is_a, is_skipped
from stance.argument.noun_phrase import Phrase
from stance.argument.reporting import forms_of

#: These need a holder of which one knows that it can speak.
STRICT = frozenset(("finding", "showing", "naming", "urging", "voicing", "conviction"))


def subject_of(words: Sequence[Word], at: int) -> tuple[Phrase | None, int]:
    """Return who is the subject of a verb, of a relative clause the antecedent.

    Also where what was skipped between subject and verb begins.

    Examples
    --------
    >>> from stance.argument.english_words import words_of
    >>> words = words_of("There are analysts who still say so")
    >>> subject_of(words, 5)
    ((2, 3), 4)
    """
    low = max(at - noun_phrase.REACH, 0)
    if at and words[at - 1].lower == "to":
        return _continued(words, at)
    j = noun_phrase.skip_back(words, at, low)
    if j <= low or words[j].lower not in ("who", "which", "that"):
        return noun_phrase.before(words, at)
    last = j - (words[j - 1].text == ",")
    while last > low and is_skipped(words[last - 1]):
        last -= 1
    found = noun_phrase.ending_at(words, last, low) if last > low else None
    return _with_partner(words, found, low), j + 1


def _continued(words: Sequence[Word], at: int) -> tuple[Phrase | None, int]:
    """Return the subject of *continues to say* and the like."""
    for n in (1, 2):
        form = " ".join(word.lower for word in words[max(at - 1 - n, 0) : at - 1])
        if form in forms_of("continuing", "en"):
            return noun_phrase.before(words, at - 1 - n)
    return None, at


def _with_partner(
    words: Sequence[Word], phrase: Phrase | None, low: int
) -> Phrase | None:
    """Return *analysts and some officials* where the phrase is the second of two."""
    if not phrase or phrase[0] - 1 <= low or words[phrase[0] - 1].lower != "and":
        return phrase
    partner = noun_phrase.ending_at(words, phrase[0] - 1, low)
    return (partner[0], phrase[1]) if partner else phrase


def can_hold(words: Sequence[Word], phrase: Phrase, kinds: frozenset[str]) -> bool:
    """Whether a phrase names somebody who can say this, and not the writer.

    Examples
    --------
    >>> from stance.argument.english_words import words_of
    >>> words = words_of("The policy shows")
    >>> can_hold(words, (0, 2), frozenset({"showing"}))
    False
    """
    inside = words[phrase[0] : phrase[1]]
    first, alone = inside[0], len(inside) == 1
    if is_own(words, phrase) or first.lower in ("no", "neither", "what"):
        return False
    if alone and is_a(first, "pronoun"):
        return first.lower != "it" or not kinds & STRICT
    if all(is_a(word, "determiner", "nobody") for word in inside):
        return False
    head = head_of(words, phrase)
    if "showing" in kinds:
        return is_a(head, "document")
    if kinds & (STRICT | {"noun too"}) and "saying" not in kinds:
        begins = alone and phrase[0] == 0 and head.lower.endswith("s")
        return (head.is_name and not begins) or is_a(head, "document", "person")
    return not is_a(head, "no holder")


def is_own(words: Sequence[Word], phrase: Phrase) -> bool:
    """Whether a phrase names the writer: *we*, *this paper*, *our results*.

    Examples
    --------
    >>> from stance.argument.english_words import words_of
    >>> is_own(words_of("This paper argues"), (0, 2))
    True
    """
    first = words[phrase[0]]
    if is_a(first, "own holder") and first.text != "US":
        return True
    lowers = [word.lower for word in words[phrase[0] : phrase[0] + 2]]
    ours = lowers[0] in ("this", "our", "my")
    ours = ours or lowers in (["the", "present"], ["the", "current"])
    return ours and is_a(head_of(words, phrase), "own document", "document")


def head_of(words: Sequence[Word], phrase: Phrase) -> Word:
    """Return the noun a phrase is about: the last before *of*, *at*, *from*.

    Examples
    --------
    >>> from stance.argument.english_words import words_of
    >>> head_of(words_of("the head of the Fund"), (0, 5)).text
    'head'
    """
    for at in range(phrase[0] + 1, phrase[1]):
        if words[at].lower == "of" or is_a(words[at], "preposition"):
            state = words[at - 1].lower in ("familiar", "close", "involved")
            return words[max(at - 1 - state, phrase[0])]
    return words[phrase[1] - 1]
