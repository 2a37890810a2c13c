"""What a reader types to look for: a phrase, or the name of a concept, nearly.

A phrase follows the rules of a form in ``terms.csv``, and is found by the same matcher
as the terms, so that what is read and what is counted are the same occurrences.
"""

import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from functools import partial

from stance.corpus.language import HAN_RUN
from stance.corpus.normalise import normalise
from stance.corpus.terms import WORD, Term, TermTable
from stance.corpus.tokens import analyse
from stance.errors import InputError

#: Of difflib's ratio: decupling is like decoupling (0.95), 脱钩链 like 脱钩 (0.8).
ALIKE = 0.7
#: What the view of a text can have as another Han character: radicals and copies.
COPIES = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]")
#: From a text to the places in it.
Finder = Callable[[str], Iterator[tuple[int, int]]]


def phrase_finder(phrase: str) -> Finder:
    """Return a function that yields the places of a phrase in a source text.

    The rules are those of `stance.argument.concordance.concordance_of_phrase`.

    Raises
    ------
    InputError
        If the phrase does not begin with a letter or a digit, or has a star elsewhere
        than at its end.

    Examples
    --------
    >>> find = phrase_finder("印度")
    >>> list(find("印度尼西亚和印度扩大合作。"))
    [(6, 8)]
    """
    form = _form(phrase)
    stem = form.removesuffix("*")
    if not HAN_RUN.match(form):
        return partial(_find_latin, TermTable([Term("", (form,), (), "", "domain")]))
    if form != stem:
        return partial(_find_to_the_end_of_words, form=stem)
    find = concept_finder("", TermTable([Term("", (), (form,), "", "domain")]))
    return lambda text: find(text) if _may_hold(text, form) else iter(())


def concept_finder(concept: str, terms: TermTable) -> Finder:
    """Return a function that yields the places of a concept, as the tokenizer does.

    Examples
    --------
    >>> table = TermTable([Term("decoupling", ("decoupl*",), ("脱钩",), "", "domain")])
    >>> list(concept_finder("decoupling", table)("反对脱钩 (Decoupling)。"))
    [(2, 4), (6, 16)]
    """

    def find(text: str) -> Iterator[tuple[int, int]]:
        found = analyse(text, terms)
        for match in found.matches:
            if match.term.concept == concept:
                yield found.view.span(match.start, match.end)

    return find


def longer_words(phrase: str) -> Callable[[str], Iterator[str]]:
    """Return a function that yields the words of a text that a phrase leaves out.

    These are the longer words that hold a Chinese phrase, or that begin with the last
    word of an English one; what they are tells whether they should be looked for too.

    Examples
    --------
    >>> list(longer_words("印度")("印度尼西亚和印度扩大合作。"))
    ['印度尼西亚']
    >>> list(longer_words("trade war")("The trade war is one of many trade wars."))
    ['trade wars']
    """
    form = _form(phrase).removesuffix("*")
    if HAN_RUN.match(form):
        return partial(_words_with, form=form)
    whole, begun = phrase_finder(form), phrase_finder(form + "*")

    def find(text: str) -> Iterator[str]:
        places = set(whole(text))
        for start, end in begun(text):
            if (start, end) not in places:
                yield text[start:end]

    return find


def longer_terms(concept: str, terms: TermTable) -> Callable[[str], Iterator[str]]:
    """Return a function that yields the concepts whose forms take a concept's place.

    The longest form of all counts, so that 反对脱钩 is not also 脱钩.

    Examples
    --------
    >>> table = TermTable([Term("decoupling", (), ("脱钩",), "", "domain"),
    ...                    Term("oppose_it", (), ("反对脱钩",), "", "cue")])
    >>> list(longer_terms("decoupling", table)("反对脱钩，脱钩有害。"))
    ['oppose_it']
    """
    own = [
        _plain(form)
        for term in terms.terms
        if term.concept == concept
        for form in term.en + term.zh
    ]

    def find(text: str) -> Iterator[str]:
        if not any(form in text.lower() for form in own):
            return
        found = analyse(text, terms)
        for match in found.matches:
            seen = found.view.text[match.start : match.end].lower()
            if match.term.concept != concept and any(form in seen for form in own):
                yield match.term.concept

    return find


def nearest_concepts(words: str, terms: TermTable, *, n: int = 3) -> tuple[str, ...]:
    """Return the concepts whose name or forms are nearest to some words, at most n.

    Examples
    --------
    >>> table = TermTable([Term("decoupling", ("decoupl*",), ("脱钩",), "", "domain")])
    >>> nearest_concepts("decupling", table), nearest_concepts("脱钩断链", table)
    (('decoupling',), ('decoupling',))
    """
    wanted = _plain(words)
    concepts: dict[str, str] = {}
    for term in terms.terms:
        for form in (term.concept, *term.en, *term.zh):
            concepts.setdefault(_plain(form), term.concept)
    alike = get_close_matches(wanted, concepts, n=n, cutoff=ALIKE)
    inside = [form for form in concepts if _holds(wanted, form)]
    inside.sort(key=lambda form: abs(len(form) - len(wanted)))
    return tuple(dict.fromkeys(concepts[form] for form in alike + inside))[:n]


def _form(phrase: str) -> str:
    """Return a phrase as a form of a term: in lower case but words in capitals."""
    seen = normalise(phrase).text.strip()
    if not seen[:1].isalnum():
        raise InputError(
            f"phrase {phrase!r} does not begin with a letter or a digit",
            hint="leave the sign out, or write a regular expression (--regex)",
        )
    if "*" in seen[:-1]:
        raise InputError(
            f"phrase {phrase!r} has a star before its end",
            hint="a star takes any ending of the last word; "
            "elsewhere write a regular expression (--regex)",
        )
    if HAN_RUN.match(seen):
        return seen
    return " ".join(
        word if any(map(_is_acronym, WORD.findall(word))) else word.lower()
        for word in seen.split()
    )


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def _may_hold(text: str, form: str) -> bool:
    """Whether a Chinese form may stand in a text: to cut a text for nothing is slow."""
    return all(c in text for c in form) or bool(COPIES.search(text))


def _find_latin(table: TermTable, text: str) -> Iterator[tuple[int, int]]:
    """Yield what needs no words of Han runs: they are not cut, which takes long."""
    view = normalise(text)
    for match in table.find(view.text, ()):
        yield view.span(match.start, match.end)


def _find_to_the_end_of_words(text: str, *, form: str) -> Iterator[tuple[int, int]]:
    """Yield the places of a Chinese form, each to the end of the word that it cuts."""
    if not _may_hold(text, form):
        return
    found = analyse(text)
    inside = {
        at: word for word in found.tokens for at in range(word.start + 1, word.end)
    }
    free = 0
    for match in re.finditer(re.escape(form), found.view.text):
        before, after = inside.get(match.start()), inside.get(match.end())
        if match.start() < free:
            continue
        if before and (after or before.end - before.start > len(form)):
            continue
        free = after.end if after else match.end()
        yield found.view.span(match.start(), free)


def _words_with(text: str, *, form: str) -> Iterator[str]:
    """Yield the words of Han characters that hold a form and are longer."""
    if _may_hold(text, form):
        for word in analyse(text).tokens:
            if form in word.form and word.form != form:
                yield word.form


def _plain(form: str) -> str:
    return form.strip("* ").replace("_", " ").lower()


def _holds(wanted: str, form: str) -> bool:
    """Whether one holds the other: of English whole words, of Chinese characters."""
    if HAN_RUN.search(form):
        return len(form) > 1 and (form in wanted or wanted in form)
    return f" {form} " in f" {wanted} " or f" {wanted} " in f" {form} "
