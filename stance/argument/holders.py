"""One name for one holder within a document.

A text says *Zhou Liujun, director-general of the department*, then *Zhou*, then *he*;
a Chinese one 国务院总理李克强, 李克强 and 他. Counting views by holder needs one name.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from stance.argument.chinese_holder import ending, has_head, is_person
from stance.argument.english_words import is_a, words_of
from stance.argument.lexicon import read_lexicon
from stance.argument.reporting import forms_of, word_kinds
from stance.corpus.language import HAN_RUN

ACRONYM = re.compile(r"\s*[(（]([A-Z][A-Za-z&-]{1,9})[)）]$")
#: Kinds of words that no person's name has.
NO_PERSON = ("body", "place", "document", "thing", "several")
#: Names of people have at most so many words.
PERSONAL = 3


def resolve(names: Sequence[str]) -> tuple[str, ...]:
    """Return for each holder the name by which the whole document knows it.

    Parameters
    ----------
    names : sequence of str
        Holders of one document in order of appearance; ``""`` where there is none.

    Returns
    -------
    tuple of str
        As many names. A person is called by the fullest name without titles that the
        document has; a pronoun by whom the last name before it fits: *he* a person,
        *they* several or a body, *it* a body. Whoever has no other name keeps theirs.

    Notes
    -----
    Two people of one surname are kept apart as long as their full names are given; a
    surname alone is the one named last. That *the President* is Xi Jinping is not
    known here, nor that 周柳军 is Zhou Liujun.

    Examples
    --------
    >>> resolve(["Zhou Liujun, director-general of trade", "Zhou", "He", "the report"])
    ('Zhou Liujun', 'Zhou Liujun', 'Zhou Liujun', 'the report')
    >>> resolve(["国务院总理李克强", "商务部", "他", "李克强", "它"])
    ('李克强', '商务部', '李克强', '李克强', '商务部')
    """
    plain = [_plain(name) for name in names]
    full = _full_names(plain)
    resolved: list[str] = []
    latest: dict[str, str] = {}
    called: dict[str, str] = {}
    for name in plain:
        known = full.get(name, name)
        pronoun = _pronoun(name)
        if pronoun:
            known = _referent(pronoun, latest) or name
        elif name:
            short = _short(name)
            own = called.get(short, known)
            known = called.setdefault(_key(own), own)
            for part in _parts(known):
                called[part] = known
            latest[_sort_of(known)] = latest["any"] = known
        resolved.append(known)
    return tuple(resolved)


def is_named_person(name: str) -> bool:
    """Whether a holder reads as a person's name, with a title or without.

    A body whose name says nothing of what it is (*Huawei*) is taken for a person.

    Examples
    --------
    >>> [is_named_person(name) for name in ("Commerce Minister Wang", "王毅外长")]
    [True, True]
    >>> [is_named_person(name) for name in ("the minister", "Japan", "WTO", "商务部")]
    [False, False, False, False]
    """
    if HAN_RUN.search(name):
        return is_person(name) or _chinese_core(name) != name
    words = words_of(name)
    if not words or (len(words) == 1 and name.isupper()) or name.lower() in _actors():
        return False
    return all(word.is_name and not is_a(word, *NO_PERSON) for word in words)


@cache
def _actors() -> frozenset[str]:
    return frozenset(row["form"].lower() for row in read_lexicon("actors"))


def _plain(name: str) -> str:
    """Return a name without apposition and blanks at its ends."""
    return re.split(r"\s*[,，]\s", name.strip(), maxsplit=1)[0].strip(" ,，")


def _full_names(names: Iterable[str]) -> dict[str, str]:
    """Return the fullest name of each that has one in the document.

    Acronyms are those in brackets after a name, or the initials of one.
    """
    found: dict[str, str] = {}
    by_part: dict[str, str] = {}
    unique = list(dict.fromkeys(name for name in names if name))
    for name in unique:
        bracket = ACRONYM.search(name)
        core = _core(name[: bracket.start()] if bracket else name)
        if bracket:
            by_part[bracket.group(1)] = core
        if core != name:
            found[name] = core
        for part in _parts(core):
            by_part.setdefault(part, core)
    for name in unique:
        core = found.get(name, name)
        known = by_part.get(_short(core))
        if known and known != core:
            found[name] = known
    return found


def _core(name: str) -> str:
    """Return a person's name without titles, if that leaves a full name."""
    if HAN_RUN.search(name):
        return _chinese_core(name)
    words = words_of(name)
    titles = forms_of("title", "en")
    first = 0
    while first < len(words) and words[first].lower in titles:
        first += 1
    rest = words[first:]
    named = all(word.is_name and word.is_word for word in rest)
    if first and len(rest) in (2, 3) and named and not _is_body(rest[-1].lower):
        return name[rest[0].start :]
    return name


def _chinese_core(name: str) -> str:
    bare = name[: len(name) - max(ending(name, "polite"), ending(name, "title"))]
    if len(bare) > 1 and bare != name and is_person(bare):
        return bare
    for n in (3, 2, 4, 5):
        title, last = name[:-n], name[-n:]
        if title and has_head(title, "title") and is_person(last):
            return last
    return name


def _parts(name: str) -> tuple[str, ...]:
    """Return the short forms of a full name: surname, initials."""
    if HAN_RUN.search(name):
        if "·" in name:
            return (name.rsplit("·", 1)[-1],)
        return (name[0],) if len(name) in (2, 3) and is_person(name) else ()
    words = [word for word in words_of(name) if word.is_word]
    titles = forms_of("title", "en")
    names = [word for word in words if word.is_name and word.lower not in titles]
    others = [word for word in words if word not in names]
    if len(names) == 1 and others and all(word.lower in titles for word in others):
        return (names[0].text,)
    is_body = any(_is_body(word.lower) for word in words)
    if is_body or others or not 1 < len(names) <= PERSONAL:
        return (_initials(name),) if len(names) > 1 else ()
    return names[0].text, names[-1].text, _initials(name)


def _initials(name: str) -> str:
    return "".join(word.text[0] for word in words_of(name) if word.is_name)


def _short(name: str) -> str:
    """Return what a short form may be looked up by: the name without its title."""
    if HAN_RUN.search(name):
        return name[0] if len(name) == 1 + ending(name, "polite") else name
    words = [word for word in words_of(name) if word.is_word]
    titles = forms_of("title", "en")
    bare = [word.text for word in words if word.lower not in titles]
    return bare[0] if len(bare) == 1 and bare[0][:1].isupper() else name


def _key(name: str) -> str:
    """Return what is the same of *The report* and *the report*."""
    return re.sub(r"^(?:the|a|an) ", "", name.lower())


def _is_body(word: str) -> bool:
    kinds = word_kinds("en").get(word, frozenset())
    return not kinds.isdisjoint(("body", "place", "document"))


def _sort_of(name: str) -> str:
    """Return whether a name is one of a person, of several, or of a body."""
    if HAN_RUN.search(name):
        if name.endswith(("们", "双方", "各方", "等", "等人")) or name.startswith(
            ("一些", "许多", "不少", "部分", "多位", "有")
        ):
            return "several"
        person = is_named_person(name) or has_head(name, "title")
        return "one" if person else "body"
    if is_named_person(name):
        return "one"
    words = [word.lower for word in words_of(name) if word.is_word]
    head = words[0]
    for word, following in zip(words, [*words[1:], "of"], strict=True):
        head = word
        if following in ("of", "at", "in", "for", "from"):
            break
    if "and" in words or head in ("some", "many", "others", "most"):
        return "several"
    if _is_body(head) or name.lower() in _actors():
        return "body"
    plural = head.endswith("s") and head in forms_of("person", "en")
    return "several" if plural or head == "people" else "one"


def _pronoun(name: str) -> str:
    """Return what a pronoun stands for: one, several or thing; no pronoun, nothing."""
    kinds = word_kinds("en" if name.isascii() else "zh").get(name.lower(), frozenset())
    return next((kind for kind in ("one", "several", "thing") if kind in kinds), "")


def _referent(pronoun: str, latest: dict[str, str]) -> str:
    """Return whom a pronoun means: the last name that fits it."""
    if pronoun == "several":
        return latest.get("several") or latest.get("body") or latest.get("any", "")
    return latest.get("one" if pronoun == "one" else "body", "")
