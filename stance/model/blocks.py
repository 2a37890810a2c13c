"""Feature blocks: what the model counts in a text, and where it stands.

One definition serves training, scoring and evidence. ``words``: tokens and pairs of
neighbouring tokens, English as stems. ``forms``: as written, triples too. ``cues``: for
each label of the term table and role (cue or lean) the share of the text's tokens that
are such terms, in any language and in each. ``chars``: runs of 2 to 4 characters.
``context``: tokens of the neighbouring paragraphs. ``target``: tokens joined with the
words of the stance's target, tokens and pairs with those words masked, and the target
alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from stance.corpus.document import Passage
from stance.corpus.normalise import fold
from stance.corpus.terms import TermTable
from stance.corpus.tokens import Analysis, Token, analyse

#: The feature of the cue block that stands for every token which is no cue.
NO_CUE = "(no cue)"
CHAR_LENGTHS = (2, 3, 4)
MASK = "<target>"

Occurrence = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class BlockSpec:
    """How the counts of a block become values; the names are scikit-learn's.

    ``weight`` multiplies the values after ``norm``, so that blocks can be balanced.
    """

    name: str
    weight: float
    min_df: int
    use_idf: bool
    sublinear_tf: bool
    norm: str


# Weights and min_df were compared by grouped log loss over the seed texts and the
# anchors (tests/bench/levers.py prints the table).
SPECS = {
    spec.name: spec
    for spec in (
        BlockSpec("words", 1.0, 3, True, True, "l2"),
        BlockSpec("forms", 1.0, 3, True, True, "l2"),
        BlockSpec("cues", 5.0, 1, False, False, "l1"),
        BlockSpec("chars", 0.5, 3, True, True, "l2"),
        BlockSpec("context", 0.5, 3, True, True, "l2"),
        BlockSpec("target", 1.5, 3, False, True, "l2"),
    )
}


def _grams(tokens: list[Token]) -> list[Occurrence]:
    """Return tokens and pairs of neighbouring tokens."""
    found: list[Occurrence] = [(t.form, t.start, t.end) for t in tokens]
    found += [(f"{a.form} {b.form}", a.start, b.end) for a, b in pairwise(tokens)]
    return found


def _words(analysis: Analysis) -> list[Occurrence]:
    return _grams(analysis.tokens)


def _as_written(analysis: Analysis) -> list[Token]:
    """Return the tokens as written; a protected term is called by its concept."""
    text = analysis.view.text
    return [
        token
        if "@" in token.form
        else token._replace(form=text[token.start : token.end].lower())
        for token in analysis.tokens
    ]


def _forms(analysis: Analysis) -> list[Occurrence]:
    tokens = _as_written(analysis)
    triples = zip(tokens, tokens[1:], tokens[2:], strict=False)
    return _grams(tokens) + [
        (f"{a.form} {b.form} {c.form}", a.start, c.end) for a, b, c in triples
    ]


def _cues(analysis: Analysis) -> list[Occurrence]:
    """Return each cue twice: as one of its label and role, and as one in its language.

    What is learned of the first carries over to the other language. A token that is no
    cue is counted twice as well, so that shares are of tokens.
    """
    cues = [m for m in analysis.matches if m.term.is_cue]
    found: list[Occurrence] = []
    for m in cues:
        name = f"{m.term.frame}/{m.term.role}"
        found += [(name, m.start, m.end), (f"{name}@{m.language}", m.start, m.end)]
    at = 0
    for token in analysis.tokens:
        while at < len(cues) and cues[at].end <= token.start:
            at += 1
        if at == len(cues) or token.end <= cues[at].start:
            found += [(NO_CUE, token.start, token.end)] * 2
    return found


def _chars(analysis: Analysis) -> list[Occurrence]:
    text = fold(analysis.view.text)
    return [
        (text[at : at + length], at, at + length)
        for length in CHAR_LENGTHS
        for at in range(len(text) - length + 1)
    ]


def _context(analysis: Analysis) -> list[Occurrence]:
    return [(form, 0, 0) for form in analysis.context]


def _target(analysis: Analysis) -> list[Occurrence]:
    """Return a model per target that shares strength with all (after Daumé 2007).

    What is said of one target in the words of another ("ban: harmful") carries over to
    targets that share the word, and the masked tokens ("<target> is") to all.
    """
    if not analysis.target:
        return []
    written, aim = _as_written(analysis), analysis.aim
    joined = [(f"{w}: {t.form}", t.start, t.end) for w in aim for t in written]
    masked = [
        t._replace(form=MASK) if stem.form in aim else t
        for stem, t in zip(analysis.tokens, written, strict=True)
    ]
    grams = [(f"{MASK} {form}", start, end) for form, start, end in _grams(masked)]
    return [(analysis.target, 0, 0), *joined, *grams]


_FINDERS: dict[str, Callable[[Analysis], list[Occurrence]]] = {
    "words": _words,
    "forms": _forms,
    "cues": _cues,
    "chars": _chars,
    "context": _context,
    "target": _target,
}


def occurrences(analysis: Analysis, block: str) -> list[Occurrence]:
    """Return every occurrence of every feature of a block: (feature, start, end).

    Parameters
    ----------
    analysis : Analysis
        Of the text.
    block : str
        One of ``SPECS``.

    Returns
    -------
    list of (str, int, int)
        Places are those of the view; ``analysis.view.span`` maps them to the source.
        What stands in no place of the text (neighbours, the target) has place (0, 0).

    Examples
    --------
    >>> occurrences(analyse("Tariffs rose again"), "words")[:4]
    [('tariff', 0, 7), ('rose', 8, 12), ('again', 13, 18), ('tariff rose', 0, 12)]
    """
    return _FINDERS[block](analysis)


def features(text: str | Passage, *, block: str, terms: TermTable) -> list[str]:
    """Return the features of a text in one block, repeated as they occur.

    This is the analyzer of the scikit-learn pipeline.

    Examples
    --------
    >>> from stance.corpus.terms import NO_TERMS
    >>> features("中国应当扩大合作", block="words", terms=NO_TERMS)[:4]
    ['中国', '应当', '扩大', '合作']
    """
    return [feature for feature, _, _ in occurrences(analyse(text, terms), block)]
