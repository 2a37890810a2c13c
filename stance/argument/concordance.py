"""Key word in context: every occurrence of a pattern, a phrase or a concept.

Three ways to say what the node is. A phrase is what a reader types, and follows the
rules of ``terms.csv``; a concept is a row of that table, in English and Chinese alike;
a pattern is a regular expression over the source as it is written.
"""

import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass

from stance.argument.phrase import concept_finder, nearest_concepts, phrase_finder
from stance.corpus.document import Paragraph
from stance.corpus.terms import TermTable
from stance.errors import InputError


@dataclass(frozen=True, slots=True)
class KwicLine:
    """One occurrence in its context; ``left + node + right`` is verbatim source.

    The node is ``paragraph.text[start:end]``. ``language`` is the paragraph's, and
    ``concept`` is empty unless a concept of the term table was looked for.
    """

    unit_id: str
    document_id: str
    language: str
    start: int
    end: int
    left: str
    node: str
    right: str
    concept: str


def concordance(
    paragraphs: Iterable[Paragraph], pattern: str, *, width: int = 40
) -> tuple[KwicLine, ...]:
    r"""Every occurrence of a pattern in its context, in corpus order.

    Use it before believing any count: a word that looks like cooperation may sit
    inside a quotation, a denial, or the name of a law.

    Parameters
    ----------
    paragraphs : iterable of Paragraph
        Read once and not kept, so a generator over a large corpus will do.
    pattern : str
        Regular expression for the node. Case is ignored; ``(?-i:US)`` keeps it. For
        whole English words write ``r"\bcurb"``. Chinese has no such edges: 印度 is
        found in 印度尼西亚 too, unlike by `concordance_of_phrase`.
    width : int, default 40
        Context on each side, in characters of the source (a Chinese character is
        one). Cut at the edge of the paragraph, never padded.

    Returns
    -------
    tuple of KwicLine
        Empty when nothing matches. ``start`` is the node's offset in the paragraph.

    Raises
    ------
    InputError
        If the pattern is not a regular expression, or matches the empty string.

    Notes
    -----
    The source is searched as it is written: a straight apostrophe does not find a
    curly one, nor a half-width letter a full-width one. Occurrences do not overlap.

    A pattern with one repetition inside another, such as ``(a+)+b``, can take time
    that doubles with every character, and nothing stops it.

    Examples
    --------
    >>> from stance.testing import paragraph
    >>> units = [paragraph("Easing restrictions is a win-win strategy."),
    ...          paragraph("中国应当扩大对外合作。")]
    >>> for line in concordance(units, "restriction|合作", width=8):
    ...     print(line.left, "|", line.node, "|", line.right)
    Easing  | restriction | s is a w
    中国应当扩大对外 | 合作 | 。
    """
    _check_width(width)
    compiled = _compiled(pattern)
    return tuple(
        _line(unit, _not_empty(match, pattern), width)
        for unit in paragraphs
        for match in compiled.finditer(unit.text)
    )


def concordance_of_phrase(
    paragraphs: Iterable[Paragraph], phrase: str, *, width: int = 40
) -> tuple[KwicLine, ...]:
    """Every occurrence of a word or phrase in its context, in corpus order.

    Words are whole, as in the tokens that the model counts.

    Parameters
    ----------
    paragraphs : iterable of Paragraph
        Read once and not kept, so a generator over a large corpus will do.
    phrase : str
        English, Chinese or mixed. A star at its end takes any ending of the last
        word: ``decoupl*``, ``合作*``.
    width : int, default 40
        Context on each side, in characters of the source (a Chinese character is
        one). Cut at the edge of the paragraph, never padded.

    Returns
    -------
    tuple of KwicLine
        Empty when nothing matches. ``start`` is the node's offset in the paragraph.

    Raises
    ------
    InputError
        If the phrase does not begin with a letter or a digit, or has a star elsewhere.

    Notes
    -----
    What only looks different is equal (`stance.corpus.normalise`): curly quotes,
    full-width letters, accents of two characters, dots of acronyms, line breaks.
    Case is ignored but in words that hold capitals only: ``US`` does not find *us*.

    A Chinese phrase is not found where it would cut a longer word of the dictionary,
    as 印度 in 印度尼西亚, and one character only where it is a word. A star takes
    in the rest of the word: 合作* finds 合作者. Where the dictionary is wrong so is
    this; `concordance` finds all of them. Simplified and Traditional characters are
    not equal.

    Examples
    --------
    >>> from stance.testing import paragraph
    >>> units = [paragraph("印度尼西亚和印度合作。"), paragraph("They ‘cooperate’.")]
    >>> [(line.start, line.node) for line in concordance_of_phrase(units, "印度")]
    [(6, '印度')]
    >>> [line.node for line in concordance_of_phrase(units, "cooperat*")]
    ['cooperate']
    """
    _check_width(width)
    find = phrase_finder(phrase)
    return tuple(
        _line(unit, place, width) for unit in paragraphs for place in find(unit.text)
    )


def concordance_of_concept(
    paragraphs: Iterable[Paragraph],
    concept: str,
    *,
    terms: TermTable,
    width: int = 40,
) -> tuple[KwicLine, ...]:
    """Every occurrence of a concept of the term table, in either language.

    These are the occurrences that the tokenizer finds and the model counts.

    Parameters
    ----------
    paragraphs : iterable of Paragraph
        Read once and not kept, so a generator over a large corpus will do.
    concept : str
        Name of a row of the table.
    terms : TermTable
        As `stance.corpus.terms.read_terms` returns it.
    width : int, default 40
        Context on each side, in characters of the source (a Chinese character is
        one). Cut at the edge of the paragraph, never padded.

    Returns
    -------
    tuple of KwicLine
        Empty when nothing matches. ``start`` is the node's offset in the paragraph.

    Raises
    ------
    InputError
        If the table has no such concept.

    Notes
    -----
    The longest form of all concepts counts: *export controls* is the concept
    export_control and not also control.

    Examples
    --------
    >>> from stance.corpus.terms import Term
    >>> from stance.testing import paragraph
    >>> table = TermTable([Term("decoupling", ("decoupl*",), ("脱钩",), "", "domain")])
    >>> units = [paragraph("Decoupling hurts."), paragraph("反对脱钩。")]
    >>> lines = concordance_of_concept(units, "decoupling", terms=table)
    >>> [(line.left, line.node) for line in lines]
    [('', 'Decoupling'), ('反对', '脱钩')]
    """
    _check_width(width)
    if all(term.concept != concept for term in terms.terms):
        near = nearest_concepts(concept, terms)
        raise InputError(
            f"no concept {concept!r} in the term table",
            hint=f"near it: {', '.join(near)}" if near else
            f"none of its {len(terms.terms)} concepts has such a name or form",
        )  # fmt: skip
    find = concept_finder(concept, terms)
    return tuple(
        _line(unit, place, width, concept)
        for unit in paragraphs
        for place in find(unit.text)
    )


def parallel(
    lines: Iterable[KwicLine], paragraphs: Iterable[Paragraph]
) -> tuple[str, ...]:
    r"""Return of each line the text of its paragraph's twin, empty where it has none.

    Parameters
    ----------
    lines : iterable of KwicLine
        From these paragraphs.
    paragraphs : iterable of Paragraph
        All of the documents: a twin need not hold the node.

    Returns
    -------
    tuple of str
        As long as ``lines``.

    Examples
    --------
    >>> from stance.testing import corpus
    >>> text = "Prices rose.\n\n价格上涨了。\n\nTrade fell.\n\n贸易下降了。"
    >>> units = corpus(text)
    >>> parallel(concordance(units.paragraphs, "rose"), units.paragraphs)
    ('价格上涨了。',)
    """
    units = {unit.id: unit for unit in paragraphs if unit.twin}
    found = (units.get(line.unit_id) for line in lines)
    return tuple(
        units[unit.twin].text if unit and unit.twin in units else "" for unit in found
    )


def _check_width(width: int) -> None:
    if width < 0:
        raise ValueError(f"width must not be below 0, got {width}")


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # '[[' will mean a set
            compiled = re.compile(pattern, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise InputError(
            f"bad pattern {pattern!r}: {error}",
            hint="a plain phrase needs no pattern; to find one of .^$*+?{}[]\\|() "
            "itself, write a backslash before it",
        ) from None
    if found := compiled.match(""):
        _not_empty(found, pattern)
    return compiled


def _not_empty(match: re.Match[str], pattern: str) -> tuple[int, int]:
    """Return the place of a match; an empty one is not an occurrence of anything."""
    if match.start() == match.end():
        raise InputError(
            f"pattern {pattern!r} matches the empty string",
            hint="write + for * where one character at least is meant",
        )
    return match.span()


def _line(
    unit: Paragraph, place: tuple[int, int], width: int, concept: str = ""
) -> KwicLine:
    start, end = place
    return KwicLine(
        unit_id=unit.id,
        document_id=unit.document_id,
        language=unit.language,
        start=start,
        end=end,
        left=unit.text[max(0, start - width) : start],
        node=unit.text[start:end],
        right=unit.text[end : end + width],
        concept=concept,
    )
