"""Whether an English form is a verb here, and whether anybody has said what it says.

*Claims* after *territorial* is a noun and *the said report* has no verb; *Beijing
should say*, *if Beijing says*, *Beijing has not said* have one, but report nothing.
"""

from collections.abc import Sequence

from stance.argument.english_holder import head_of
from stance.argument.english_words import Word, is_a, is_skipped
from stance.argument.noun_phrase import Phrase
from stance.argument.reporting import word_kinds

#: Of these it can be told that somebody does not think so: *they do not believe that*.
DENIABLE = frozenset(("thought", "seeing as", "conviction"))
Words = Sequence[Word]


def is_no_verb(words: Words, at: int, phrase: Phrase, skipped: int) -> bool:
    """Whether a form after a phrase is a noun, a participle or an infinitive.

    Examples
    --------
    >>> from stance.argument.english_words import words_of
    >>> is_no_verb(words_of("People have more say over it"), 3, (0, 1), 1)
    True
    >>> is_no_verb(words_of("People say so"), 1, (0, 1), 1)
    False
    """
    kinds = word_kinds("en").get(words[at].lower, frozenset())
    is_say = words[at].lower == "say"
    then = words[at + 1].lower if at + 1 < len(words) else ""
    if is_say and (is_a(words[at - 1], "before say") or then in ("over", "in")):
        return True
    noun = is_say or "noun too" in kinds
    if noun and not _agrees(words, at, phrase, skipped):
        return True
    is_passive = be_before(words, at) >= 0 and not is_ing(words[at])
    shares = words[skipped].lower in ("and", "or")
    return is_passive != ("conviction" in kinds) or (
        shares and _is_infinitive(words, at, skipped)
    )


def is_supposed(
    words: Words, phrase: Phrase, opener: str, kinds: frozenset[str]
) -> bool:
    """Whether the word before a subject supposes what it says, or bars a subject.

    Examples
    --------
    >>> from stance.argument.english_words import words_of
    >>> words = words_of("if Beijing says so")
    >>> is_supposed(words, (1, 2), "if", frozenset({"saying"}))
    True
    """
    if opener in ("if", "unless", "whether", "be", "been", "being"):
        return True
    meant = opener == "what" and phrase[1] + 1 < len(words)
    if meant and not words[phrase[1] + 1].is_word:
        return True
    if is_a_question(opener) and words[phrase[0]].lower == "you" and "telling" in kinds:
        return True
    return opener in ("is", "are") and "noun too" in kinds


def is_unsaid(words: Words, at: int, phrase: Phrase, skipped: int) -> bool:
    """Whether what is said is denied, or has yet to be said.

    *Some may say* is a report all the same, and *nobody thinks* is one of a thought.

    Examples
    --------
    >>> from stance.argument.english_words import words_of
    >>> is_unsaid(words_of("Beijing should say that"), 2, (0, 1), 1)
    True
    >>> is_unsaid(words_of("Critics will say that"), 2, (0, 1), 1)
    False
    """
    kinds = word_kinds("en").get(words[at].lower, frozenset())
    between = words[skipped:at]
    lowers = {word.lower for word in between}
    negated = bool(lowers & {"not", "never", "cannot"})
    negated = negated or any(lower.endswith("n't") for lower in lowers)
    if negated and not kinds & DENIABLE:
        return True
    if is_a(head_of(words, phrase), "indefinite") and "thought" not in kinds:
        return bool(lowers & {"should", "must"})
    asked = phrase[0] > 0 and is_a(words[phrase[0] - 1], "question", "duty before")
    duty = any(is_a(word, "duty before") for word in between)
    return duty or (bool(lowers & {"will", "'ll"}) and not asked)


def is_a_question(opener: str) -> bool:
    """Whether the word before a subject makes a question of its sentence.

    Examples
    --------
    >>> is_a_question("does"), is_a_question("that")
    (True, False)
    """
    return "question" in word_kinds("en").get(opener, ())


def word_before(words: Words, first: int) -> str:
    """Return the word before a phrase in lower case, adverbs skipped.

    Examples
    --------
    >>> from stance.argument.english_words import words_of
    >>> word_before(words_of("As previously Zhou said"), 2)
    'as'
    """
    j = first - 1
    while j >= 0 and is_a(words[j], "adverb"):
        j -= 1
    return words[j].lower if j >= 0 else ""


def be_before(words: Words, at: int) -> int:
    """Return the position of the form of *be* that a participle has, or -1.

    Examples
    --------
    >>> from stance.argument.english_words import words_of
    >>> be_before(words_of("It was often said"), 3)
    1
    """
    j = at - 1
    while j >= 0 and at - j < 6 and is_skipped(words[j]):
        if is_a(words[j], "be"):
            return j
        j -= 1
    return -1


def is_ing(word: Word) -> bool:
    """Whether a verb stands in its form in *-ing*.

    Examples
    --------
    >>> from stance.argument.english_words import words_of
    >>> [is_ing(word) for word in words_of("bring saying")]
    [False, True]
    """
    return word.lower.endswith("ing") and word.lower != "bring"


def _is_infinitive(words: Words, at: int, joint: int) -> bool:
    """Whether a verb after *and* shares the *to* of the one before it."""
    base = not words[at].lower.endswith(("s", "d", "t", "ing"))
    return base and any(word.lower == "to" for word in words[max(joint - 8, 0) : joint])


def _agrees(words: Words, at: int, phrase: Phrase, skipped: int) -> bool:
    """Whether a form like *pledge* has a plural subject, or an auxiliary, as a verb."""
    base = f"{words[at].lower}s" in word_kinds("en")
    head = head_of(words, phrase)
    known = head.lower.endswith("s") or is_a(head, "pronoun", "indefinite", "person")
    auxiliary = skipped < at or is_a_question(word_before(words, phrase[0]))
    return not base or known or auxiliary
