"""Words that condemn and words that complain, among the marks of an argument.

An evaluation may praise or not. The list of marks notes ``bad`` where a word condemns
what it is said of (a mistake, 没有出路), and ``hard`` where it only complains
(difficult, 严峻); what bears no note praises, or at least says that something matters.
"""

from collections.abc import Sequence
from functools import cache

from stance.argument.act import negation
from stance.argument.lexicon import read_lexicon
from stance.argument.marks import Mark, seen
from stance.corpus.terms import Term, TermTable

#: What harm is foreseen with, and not reported.
GUESS = frozenset(("prediction", "possibility"))
#: The kinds of marks that a note concerns.
JUDGEMENT = frozenset(("evaluation", "benefit", "harm"))


def condemned(sentence: str, marks: Sequence[Mark]) -> list[Mark]:
    """Return what condemns in a sentence, and what foresees harm, in order.

    Parameters
    ----------
    sentence : str
        English or Chinese.
    marks : sequence of Mark
        Its marks, of all kinds.

    Notes
    -----
    What is denied does not condemn ("this is no mistake"), and harm that is told of the
    past is a report.

    Examples
    --------
    >>> from stance.argument.marks import marks
    >>> text = "To decouple would be a mistake."
    >>> [text[m.start : m.end] for m in condemned(text, marks(text))]
    ['mistake']
    """
    places = _noted(sentence, "bad")
    if any(mark.kind in GUESS for mark in marks):
        places |= {(mark.start, mark.end) for mark in marks if mark.kind == "harm"}
    return [
        Mark("harm", *place)
        for place in sorted(places)
        if not negation(sentence, place[0])
    ]


def sound(sentence: str, marks: Sequence[Mark]) -> list[Mark]:
    """Return marks with what condemns as harm, and what complains left out.

    Examples
    --------
    >>> from stance.argument.marks import marks
    >>> text = "合作是错误的，困难很多，但很重要。"
    >>> judged = [m for m in marks(text) if m.kind == "evaluation"]
    >>> [(m.kind, text[m.start : m.end]) for m in sound(text, judged)]
    [('harm', '错误'), ('evaluation', '重要')]
    """
    bad, hard = _noted(sentence, "bad"), _noted(sentence, "hard")
    noted = bad | hard
    kept: list[Mark] = []
    for mark in marks:
        place = (mark.start, mark.end)
        if mark.kind not in JUDGEMENT or place not in noted:
            kept.append(mark)
        elif place in bad:
            kept.append(Mark("harm", *place))
    return kept


def _noted(sentence: str, note: str) -> set[tuple[int, int]]:
    """Return the places of the marks that bear a note in the list of marks."""
    analysis = seen(sentence)
    words = [(token.start, token.end) for token in analysis.tokens]
    return {
        analysis.view.span(match.start, match.end)
        for match in _notes().find(analysis.view.text, words)
        if match.term.concept == note
    }


@cache
def _notes() -> TermTable:
    forms: dict[str, tuple[list[str], list[str]]] = {"bad": ([], []), "hard": ([], [])}
    for row in read_lexicon("marks"):
        if row["note"] in forms:
            forms[row["note"]][row["language"] == "zh"].append(row["form"])
    return TermTable(
        Term(note, tuple(en), tuple(zh), "", "lean") for note, (en, zh) in forms.items()
    )
