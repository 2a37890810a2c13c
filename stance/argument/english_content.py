"""What follows an English verb of report, and whether it is what such a verb takes.

*Argue* takes a clause, *mention* a noun phrase as well, *tell* first the hearer; a verb
that is also a noun counts only before its complement. *That* may be left out: then a
pronoun follows, or a noun phrase with its auxiliary.
"""

from collections.abc import Sequence

from stance.argument import noun_phrase
from stance.argument.english_words import Word, in_phrase, is_a, is_skipped, is_time
from stance.argument.noun_phrase import BOUNDARIES, Phrase

CLAUSE = frozenset(("speech", "thought", "finding", "showing"))
#: Words in which a semicolon is looked for, so that a long text takes no longer.
AHEAD = 200
#: Words that are more than *in a speech* or *last year*: a clause, taken to be.
LONG_ENOUGH = 5
#: Of *claims to have*, not of *agreed to resume*.
WITH_TO = ("claim", "pledg", "promis", "vow", "swor")


def takes_content(
    words: Sequence[Word], at: int, n: int, kinds: frozenset[str]
) -> bool:
    """Whether what follows the cue of ``n`` words is of the sort that its kind takes.

    Examples
    --------
    >>> from stance.argument.english_words import words_of
    >>> words = words_of("China claims most of the sea")
    >>> takes_content(words, 1, 1, frozenset({"speech"}))
    False
    """
    end = at + n
    if end >= len(words):
        return False
    if "needs that" in kinds or "conviction" in kinds:
        mark = end + (words[end].text in ",:")
        quotes = mark < len(words) and is_opening(words, mark)
        return says_that(words, end) or quotes
    starts = in_phrase(words[end]) or is_a(words[end], "clause subject")
    return (
        ("telling" in kinds and _tells(words, end))
        or ("urging" in kinds and _urges(words, at, end))
        or ("seeing as" in kinds and has_within(words, end, "as"))
        or ("voicing" in kinds and _voices(words, at, end))
        or ("naming" in kinds and (starts or says_that(words, end)))
        or (bool(kinds & CLAUSE) and takes_clause(words, end, kinds))
    )


def _urges(words: Sequence[Word], at: int, end: int) -> bool:
    """Whether it is named who ought to do what; *ask* and *press* need the *to*."""
    following = words[end]
    starts = in_phrase(following) or is_a(following, "clause subject")
    strict = words[at].lower[:3] in ("ask", "pre", "adv")
    if not starts and (strict or following.lower not in ("to", "for")):
        return False
    return not strict or has_within(words, end, "to") or says_that(words, end)


def _tells(words: Sequence[Word], end: int) -> bool:
    """Whether a hearer follows, and then a clause, or what they are to do."""
    hearer = _hearer(words, end)
    if not hearer or hearer[1] >= len(words):
        return False
    then = hearer[1]
    named = words[then].lower == "to" or has_within(words, then, "that")
    return named or takes_clause(words, then, frozenset({"saying"}))


def _hearer(words: Sequence[Word], end: int) -> Phrase | None:
    """Return whom somebody tells, *us* and *me* too."""
    if end < len(words) and words[end].lower in ("us", "me"):
        return end, end + 1
    return noun_phrase.after(words, end)


def _voices(words: Sequence[Word], at: int, end: int) -> bool:
    """Whether what is raised or expressed is a concern, a doubt, a hope."""
    raises = words[at].lower.startswith("rais")
    for word in words[end : end + 4]:
        if is_a(word, "raised" if raises else "voiced"):
            return True
        if not word.is_word or (raises and is_a(word, "determiner")):
            return False
    return False


def has_within(words: Sequence[Word], at: int, wanted: str) -> bool:
    """Whether a word follows before the clause ends, fourteen words on at most.

    Examples
    --------
    >>> from stance.argument.english_words import words_of
    >>> has_within(words_of("view it, as a threat"), 1, "as")
    False
    """
    for word in words[at : at + 14]:
        if word.lower == wanted:
            return True
        if word.text in BOUNDARIES or word.text in (".", ","):
            return False
    return False


def says_that(words: Sequence[Word], at: int) -> bool:
    """Whether *that* follows, perhaps after *today* or *in a statement*.

    Examples
    --------
    >>> from stance.argument.english_words import words_of
    >>> says_that(words_of("said in a statement that it would"), 1)
    True
    """
    if at >= len(words):
        return False
    timed = is_a(words[at], "preposition") or is_skipped(words[at])
    for k in range(at, min(at + 12, len(words))):
        word = words[k]
        if word.lower == "that":
            return k == at or (timed and (k > at + 1 or is_skipped(words[at])))
        skipped = is_skipped(word) and not is_a(word, "auxiliary")
        if not (in_phrase(word) or skipped or is_a(word, "preposition")):
            return False
    return False


def takes_clause(words: Sequence[Word], at: int, kinds: frozenset[str]) -> bool:
    """Whether a clause or a quotation follows, with *that* or without.

    Examples
    --------
    >>> from stance.argument.english_words import words_of
    >>> words = words_of("argues the tariffs in place will stay")
    >>> takes_clause(words, 1, frozenset({"speech"}))
    True
    """
    verb = words[at - 1]
    while at < len(words) and is_skipped(words[at]):
        if is_a(words[at], "auxiliary"):
            return False
        at += 1
    if at + 1 >= len(words):
        return False
    word, following = words[at], words[at + 1]
    if word.text == ",":
        return is_opening(words, at + 1)
    if says_that(words, at) or word.text == ":" or is_opening(words, at):
        return True
    asks = word.lower in ("how", "whether", "why") and "saying" in kinds
    claims = word.lower == "to" and verb.lower.startswith(WITH_TO)
    claims = claims and not following.is_name and not is_a(following, "determiner")
    pronoun = is_a(word, "clause subject") and not is_a(word, "article")
    return (
        bool(asks) or claims or (pronoun and following.is_word) or _has_verb(words, at)
    )


def _has_verb(words: Sequence[Word], at: int) -> bool:
    """Whether a noun phrase with a finite verb follows."""
    found = False
    for word in words[at : at + noun_phrase.LONGEST]:
        if found and is_a(word, "finite"):
            return True
        if is_a(word, "auxiliary") and word.lower != "'s":
            return found
        if not (in_phrase(word) or (found and is_a(word, "inside"))):
            return False
        found = True
    return False


def is_trailing(words: Sequence[Word], first: int, end: int) -> bool:
    """Whether *X said* follows what it reports, and nothing but time or place.

    Examples
    --------
    >>> from stance.argument.english_words import words_of
    >>> words = words_of("Exports will grow, Zhou said on Monday.")
    >>> is_trailing(words, 4, 6)
    True
    """
    closed = is_closing(words, first - 1)
    if first < 3 or not (closed or words[first - 1].text == ","):
        return False
    if end >= len(words):
        return True
    word = words[end]
    if word.text == ",":
        return closed or first > LONG_ENOUGH
    if not word.is_word:
        return word.text != ":"
    timed = is_time(word) or word.lower in ("in", "on", "at", "during")
    return timed and not says_that(words, end)


def is_trailing_with_hearer(words: Sequence[Word], first: int, end: int) -> bool:
    """Whether *X told Y* follows what it reports: a quotation, or a clause.

    Examples
    --------
    >>> from stance.argument.english_words import words_of
    >>> words = words_of("Exports will grow, Zhou told a press conference.")
    >>> is_trailing_with_hearer(words, 4, 6)
    True
    """
    hearer = _hearer(words, end)
    if not hearer:
        return False
    if is_closing(words, first - 1) and not says_that(words, hearer[1]):
        return True  # whatever is said of the hearer: a conference held to promote it
    if not is_trailing(words, first, hearer[1]):
        return False
    clause = words[max(first - noun_phrase.REACH, 0) : first]
    tells = any(is_a(word, "auxiliary", "finite") for word in clause)
    return tells or is_closing(words, first - 1) or first > LONG_ENOUGH


def is_opening(words: Sequence[Word], at: int) -> bool:
    """Whether a mark opens a quotation; a straight one does after a blank.

    Examples
    --------
    >>> from stance.argument.english_words import words_of
    >>> words = words_of('Zhou said "yes"')
    >>> is_opening(words, 2), is_opening(words, 4)
    (True, False)
    """
    apart = not at or words[at].start > words[at - 1].end
    return words[at].text in ("“", "‘", "「") or (words[at].text in "\"'" and apart)


def is_closing(words: Sequence[Word], at: int) -> bool:
    """Whether a mark closes a quotation; a straight one does after a word.

    Examples
    --------
    >>> from stance.argument.english_words import words_of
    >>> is_closing(words_of('"We agree," said Zhou.'), 4)
    True
    """
    joined = at > 0 and words[at].start == words[at - 1].end
    return words[at].text in ("”", "’", "」") or (words[at].text in "\"'" and joined)


def following(words: Sequence[Word], at: int) -> Phrase:
    """Return the words of the content after a cue, to the writer's own part or the end.

    The writer's own goes on after a semicolon with *but*, *it* or *we*.

    Examples
    --------
    >>> from stance.argument.english_words import words_of
    >>> following(words_of("He said today that it works; but it fails"), 2)
    (4, 6)
    """
    if says_that(words, at):
        while words[at].lower != "that":
            at += 1
        at += 1
    else:
        while at < len(words) and (is_time(words[at]) or words[at].text in ",:"):
            at += 1
    for end in range(at, min(at + AHEAD, len(words) - 1)):
        if words[end].text == ";" and is_a(words[end + 1], "own again"):
            return at, end
    return at, len(words)
