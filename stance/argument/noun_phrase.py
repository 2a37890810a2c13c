"""The noun phrase before or after a word of an English sentence.

A noun phrase is taken to be a run of words of which none is a preposition, a
conjunction, an auxiliary, an adverb or a word of time. Each search looks at no more
than `REACH` words, so that a long text takes long in proportion.
"""

from collections.abc import Sequence

from stance.argument.english_words import Word, in_phrase, is_a, is_skipped, is_time

#: Words of a holder with its titles and an apposition, and of a phrase before it.
REACH = 40
#: Words of a noun phrase that goes on over prepositions.
LONGEST = 16
BOUNDARIES = frozenset(';:"“”‘.?!…—–()[]')
DASHES = frozenset(("--", "---", "—", "–"))
Phrase = tuple[int, int]


def before(words: Sequence[Word], at: int) -> tuple[Phrase | None, int]:
    """Return the noun phrase before a word, and where what was skipped begins.

    An apposition between commas is left out, and so is what stands in brackets.

    Examples
    --------
    >>> from stance.argument.english_words import words_of
    >>> words = words_of("On Monday Zhou Liujun, head of trade, also said it works.")
    >>> (first, last), skipped = before(words, 10)
    >>> [word.text for word in words[first:last]], words[skipped].text
    (['Zhou', 'Liujun'], ',')
    """
    low = max(at - REACH, 0)
    j = skip_back(words, at, low)
    if j < low:
        return None, j + 1
    if words[j].lower in ("and", "but", "or", "then") or words[j].text in DASHES:
        return first_of_clause(words, j, low), j
    if words[j].text != ",":
        return ending_at(words, j + 1, low), j + 1
    if words[j - 1].lower in ("and", "but"):
        return first_of_clause(words, j - 1, low), j
    return _before_apposition(words, j, low), j


def skip_back(words: Sequence[Word], at: int, low: int) -> int:
    """Return the position of the last word before ``at`` that is not skipped.

    Examples
    --------
    >>> from stance.argument.english_words import words_of
    >>> skip_back(words_of("Zhou (2017) has also said"), 6, 0)
    0
    """
    j = at - 1
    while j >= low:
        word = words[j]
        parenthetical = word.text == "," and is_a(words[max(j - 1, 0)], "adverb")
        if word.text == ")":
            opening = [k for k in range(max(j - 12, low), j) if words[k].text == "("]
            if not opening:
                break
            j = opening[-1] - 1
        elif is_time(word):
            j -= 1
            while j >= low and (is_a(words[j], "time before") or is_time(words[j])):
                j -= 1
        elif is_skipped(word):
            j -= 1
        elif parenthetical and j - 2 >= low and words[j - 2].text == ",":
            j -= 3
        else:
            break
    return j


def ending_at(words: Sequence[Word], last: int, low: int) -> Phrase | None:
    """Return the longest noun phrase that ends before a position.

    Examples
    --------
    >>> from stance.argument.english_words import words_of
    >>> ending_at(words_of("and the head of the Fund said"), 6, 0)
    (1, 6)
    """
    head = words[last - 1]
    if head.lower in ("of", "'s"):
        return None
    if is_a(head, "personal pronoun") and head.text not in ("US", "IT"):
        return last - 1, last
    first = last
    while first > low and in_phrase(words[first - 1]):
        if is_a(words[first - 1], "personal pronoun"):
            break
        first -= 1
        joined = first > low and words[first - 1].lower in ("of", "'s", "all", "both")
        if is_a(words[first], "article") and not joined:
            break
    while first < last and words[first].lower in ("'s", "of", "&"):
        first += 1
    return (_longer(words, first, last, low), last) if first < last else None


def _longer(words: Sequence[Word], first: int, last: int, low: int) -> int:
    """Return where a phrase begins that goes on over *and* or *in*, if it does.

    It does where everything back to the beginning of the clause is a noun phrase:
    *officials in Beijing said*, but not *in a speech in Beijing Xi said*.
    """
    j = first
    while j > low and (
        in_phrase(words[j - 1])
        or is_a(words[j - 1], "link")
        or words[j - 1].lower in ("and", "or")
    ):
        j -= 1
    while j < first and words[j].lower in ("and", "or", "'s", "of"):
        j += 1
    opens = j == 0 or not words[j - 1].is_word or is_a(words[j - 1], "clause opener")
    begun = words[j].is_name or j == 0 or is_a(words[j], "determiner")
    if not opens or not begun or is_a(words[j], "link") or last - j > LONGEST:
        return first
    has_pronoun = any(is_a(word, "personal pronoun") for word in words[j:first])
    return first if has_pronoun else j


def first_of_clause(words: Sequence[Word], at: int, low: int) -> Phrase | None:
    """Return the noun phrase that begins the clause before a position.

    Examples
    --------
    >>> from stance.argument.english_words import words_of
    >>> first_of_clause(words_of("On Friday he stood up and said"), 5, 0)
    (2, 3)
    """
    j = at - 1
    while j >= low and not (
        words[j].text in BOUNDARIES
        or words[j].text in DASHES
        or (is_a(words[j], "conjunction") and words[j].lower not in ("and", "or"))
    ):
        j -= 1
    first = j + 1
    while first < at and not in_phrase(words[first]):
        if is_a(words[first], "preposition") and not _is_before_time(words, first):
            first = next((k for k in range(first, at) if words[k].text == ","), at)
        first += 1
    first += first < at and words[first].lower == "q"
    found = after(words, first, at)
    return found if found and found[1] <= at else None


def _before_apposition(words: Sequence[Word], comma: int, low: int) -> Phrase | None:
    """Return the noun phrase before the comma that opens an apposition."""
    j, commas = comma - 1, list[int]()
    while j >= low:
        if words[j].text in BOUNDARIES - {"(", ")"} or words[j].text in DASHES:
            break
        if words[j].text == ",":
            commas.append(j)
        j -= 1
    for at in reversed(commas):
        found = ending_at(words, at, max(low, j + 1))
        if not found or is_a(words[found[0]], "personal pronoun"):
            continue
        previous = words[found[0] - 1]
        opens = found[0] == j + 1 or not previous.is_word
        opens = opens or is_a(previous, "clause opener", "adverb") or is_time(previous)
        if opens and (words[found[0]].is_name or is_a(words[found[0]], "determiner")):
            return found
    return None


def after(words: Sequence[Word], at: int, end: int = -1) -> Phrase | None:
    """Return the noun phrase that begins at a position, and ends before another.

    Examples
    --------
    >>> from stance.argument.english_words import words_of
    >>> words = words_of("according to officials in Beijing on Monday")
    >>> first, last = after(words, 2)
    >>> [word.text for word in words[first:last]]
    ['officials', 'in', 'Beijing']
    """
    end = min(len(words) if end < 0 else end, at + REACH)
    if at >= end:
        return None
    is_hers = words[at].lower == "her" and at + 1 < end and in_phrase(words[at + 1])
    alone = is_a(words[at], "personal pronoun", "one", "several")
    if alone and not is_hers and words[at].lower not in ("his", "their", "these"):
        return at, at + 1
    last = _run(words, at, end)
    while at < last < end - 1 and _goes_on(words, last, end):
        last = _run(words, last + 1, end)
    return (at, last) if last > at else None


def _goes_on(words: Sequence[Word], last: int, end: int) -> bool:
    """Whether a phrase goes on after a preposition or *and*."""
    link, previous = words[last].lower, words[last - 1]
    further = _run(words, last + 1, end)
    if further == last + 1 or is_a(words[last + 1], "personal pronoun"):
        return False
    if link == "and":
        return further == end or not is_skipped(words[further])
    if link == "for" and previous.is_name:
        return words[last + 1].is_name
    common = link in ("at", "in", "from", "by", "for") and not previous.is_name
    return common or previous.lower in ("familiar", "close", "involved")


def _run(words: Sequence[Word], at: int, end: int) -> int:
    """Return where the run of words of a noun phrase ends."""
    last = at
    while last < end and in_phrase(words[last]):
        pronoun = is_a(words[last], "personal pronoun") and words[last].text != "US"
        if last > at and pronoun:
            break
        last += 1
    while last > at and words[last - 1].lower in ("'s", "of", "&"):
        last -= 1
    return last


def _is_before_time(words: Sequence[Word], at: int) -> bool:
    """Whether a preposition belongs to a word of time, as in *on Friday*."""
    return at + 1 < len(words) and is_time(words[at + 1])
