"""Tokens of a text: terms first, then words and Han words, with their places.

One definition for training and scoring, English, Chinese and mixed text. jieba is
fenced in here: no cache file is read or written, no user dictionary is used (it
would change how other words are cut), no warning reaches the user. rjieba does the
same cutting faster where it is installed.
"""

import hashlib
import re
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import accumulate
from typing import NamedTuple

from stance.corpus.document import Passage
from stance.corpus.language import FUNCTION_WORDS, HAN_RUN
from stance.corpus.normalise import View, normalise
from stance.corpus.pattern import pattern
from stance.corpus.terms import NO_TERMS, WORD, Match, TermTable
from stance.corpus.terms import digest as terms_digest

#: Longest run handed to the cutter at once: its cost grows with the run, and no
#: sentence comes near it (the longest run of the seed texts has 77 characters).
MAX_RUN = 1000
#: What jieba's dictionary and rjieba's both know; any other Han character, from an
#: extension, is a word of its own: there the two would differ.
KNOWN_HAN = pattern("[\u4e00-\u9fd5]+|.", re.DOTALL)
#: Longer words are cut off here: no word of a policy text is longer, and a stem of
#: a megabyte of letters would be kept in memory.
MAX_WORD = 64
JIEBA_DICTIONARY = "7197c3211ddd98962b036cdf40324d1ea2bfaa12bd028e68faa70111a88e12a8"


class Token(NamedTuple):
    """A token's form and its place in the view of the text."""

    form: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is seen of a text: its view, its tokens, and every term found in it.

    ``context`` holds the forms of the neighbours' tokens, which have no place here, and
    ``aim`` those of the words of the ``target`` that mean something.
    """

    view: View
    tokens: list[Token]
    matches: list[Match]
    context: tuple[str, ...] = ()
    target: str = ""
    aim: tuple[str, ...] = ()


def jieba_cutter() -> Callable[[str], Iterable[str]]:
    """Return jieba's own cutter, with no cache file opened and no warning shown.

    Notes
    -----
    jieba trusts a ``jieba.cache`` that anyone may have left in the temporary folder;
    the dictionary is therefore read from the package, each time.

    Examples
    --------
    >>> list(jieba_cutter()("中国应当扩大对外合作"))
    ['中国', '应当', '扩大', '对外', '合作']
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba

        jieba.setLogLevel(60)
        tokenizer = jieba.Tokenizer()
        with tokenizer.get_dict_file() as file:
            tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(file)
        tokenizer.initialized = True
    cut: Callable[[str], Iterable[str]] = tokenizer.cut
    return cut


def rjieba_cutter() -> Callable[[str], Iterable[str]]:
    """Return rjieba's cutter; ``ImportError`` where it is not installed.

    Examples
    --------
    >>> list(rjieba_cutter()("中国应当扩大对外合作"))
    ['中国', '应当', '扩大', '对外', '合作']
    """
    import rjieba

    cut: Callable[[str], Iterable[str]] = rjieba.cut
    return cut


@cache
def _cutter() -> Callable[[str], Iterable[str]]:
    try:
        return rjieba_cutter()
    except ImportError:
        return jieba_cutter()


@lru_cache(maxsize=2**14)
def _cut(run: str) -> tuple[int, ...]:
    """Return the lengths of the words of a run of Han characters."""
    cut = _cutter()
    lengths: list[int] = []
    for part in KNOWN_HAN.findall(run):
        for at in range(0, len(part), MAX_RUN):
            lengths += map(len, cut(part[at : at + MAX_RUN]))
    return tuple(lengths)


@cache
def _stemmer() -> Callable[[str], str]:
    from py_rust_stemmers import SnowballStemmer

    stem: Callable[[str], str] = SnowballStemmer("english").stem_word
    return stem


@lru_cache(maxsize=2**17)
def _stem(word: str) -> str:
    """Return the stem of an English word; lower case first, as the stemmer expects."""
    return _stemmer()(word.lower())


def tokenizer_name(terms: TermTable) -> str:
    """Return the name of the tokenizer with these terms, as a model records it.

    The name is the same whether rjieba or jieba cut: their words are the same.

    Examples
    --------
    >>> tokenizer_name(NO_TERMS)[:36]
    'stance-1+snowball-en+jieba-0.42.1/di'
    """
    return (
        f"stance-1+snowball-en+jieba-0.42.1/dict:{JIEBA_DICTIONARY[:12]}"
        f"/terms:{terms_digest(terms)[:12]}"
    )


def dictionary_digest() -> str:
    """Return the SHA-256 of jieba's dictionary as it is installed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba

        with jieba.Tokenizer().get_dict_file() as file:
            return hashlib.sha256(file.read()).hexdigest()


def analyse(text: str | Passage, terms: TermTable = NO_TERMS) -> Analysis:
    """Return the tokens of a text and the terms found in it.

    English words of two or more characters become lower-case stems, runs of Han
    characters are cut into words. A protected term (a name, a domain term, a phrase
    that is a cue) is one token, called by its concept and language; other terms are
    found and counted, and their words are cut as usual.

    Parameters
    ----------
    text : str or Passage
        Source text; of a passage the neighbours' tokens are found too.
    terms : TermTable, optional
        The domain's own words; none without it.

    Returns
    -------
    Analysis
        Places are those of ``view.text``; ``view.span`` maps them to the source.

    Examples
    --------
    >>> [token.form for token in analyse("Easing controls: 中国应当扩大合作").tokens]
    ['eas', 'control', '中国', '应当', '扩大', '合作']
    """
    if isinstance(text, Passage):
        near = [analyse(part, terms).tokens for part in text[1:3] if part]
        context = tuple(token.form for tokens in near for token in tokens)
        alone = analyse(text.text, terms)
        return replace(
            alone, context=context, target=text.target, aim=_aim(text.target, terms)
        )
    view = normalise(text)
    seen = view.text
    cuts: list[tuple[int, int]] = []
    for run in HAN_RUN.finditer(seen):
        lengths = _cut(run.group())
        starts = accumulate(lengths, initial=run.start())
        cuts += [(at, at + n) for at, n in zip(starts, lengths, strict=False)]
    matches = terms.find(seen, cuts)
    tokens = [
        Token(f"{m.term.concept}@{m.language}", m.start, m.end)
        for m in matches
        if m.protected
    ]
    bounds = [(token.start, token.end) for token in tokens]
    for start, end in _outside(cuts, bounds):
        tokens.append(Token(seen[start:end], start, end))
    words = [word.span() for word in WORD.finditer(seen)]
    for start, end in _outside(words, bounds):
        if end - start > 1:
            tokens.append(
                Token(_stem(seen[start : min(end, start + MAX_WORD)]), start, end)
            )
    tokens.sort(key=lambda token: token.start)
    return Analysis(view, tokens, matches)


@lru_cache(maxsize=2**12)
def _aim(target: str, terms: TermTable) -> tuple[str, ...]:
    found = analyse(target, terms)
    words = [(found.view.text[t.start : t.end].lower(), t.form) for t in found.tokens]
    return tuple(dict.fromkeys(f for word, f in words if word not in FUNCTION_WORDS))


def _outside(
    spans: list[tuple[int, int]], bounds: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return what of the sorted spans lies outside the sorted, disjoint bounds."""
    if not bounds:
        return spans
    kept: list[tuple[int, int]] = []
    at = 0
    for start, end in spans:
        while at < len(bounds) and bounds[at][1] <= start:
            at += 1
        here, free = at, start
        while here < len(bounds) and bounds[here][0] < end:
            if free < bounds[here][0]:
                kept.append((free, bounds[here][0]))
            free = max(free, bounds[here][1])
            here += 1
        if free < end:
            kept.append((free, end))
    return kept
