"""The marks by which a reader tells what a sentence does: words, figures, forms.

The words stand in ``marks.csv``, a kind each: should is necessity, 例如 an example. The
longest form counts, so that 要 is not found in 主要; words that only hold a mark are in
the list as ``plain``. Figures, dates, citations and tense are found by their form.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice

from stance.argument.lexicon import read_lexicon
from stance.corpus.language import HAN_RUN
from stance.corpus.terms import WORD, Term, TermTable
from stance.corpus.tokens import Analysis, analyse

#: A Han word from this length on is a phrase of the dictionary (难以避免): what is in
#: it counts.
IDIOM = 4
#: Where an example begins that the whole sentence gives, at the latest, in characters.
EARLY = 30
#: Sentences whose analysis is kept: several questions are asked of one in a row.
KEPT = 8
#: Longest heading, in words or in Han characters.
MAX_HEADING = 12

YEAR = "(?:19|20)[0-9]{2}"
DATE = re.compile(f"(?<![0-9]){YEAR}(?![0-9])|[0-9]{{1,2}} ?月[0-9 ]{{1,4}}日")
CITATION = re.compile(
    f"[(（][^()（）]{{0,80}}?(?<![0-9]){YEAR}[a-z]?[ ]?[)）]|\\[[0-9]{{1,3}}\\]"
)
FIGURE = re.compile(
    r"[$€£¥] ?[0-9]|(?<![0-9.,])[0-9][0-9.,]{0,20} ?"
    r"(?:%|％|per ?cent|times\b|fold\b|[mb]illion|trillion|[千万萬亿億倍成]|个百分点)"
    r"|百分之"
)
QUESTION = re.compile(r"^Q(?: |$)|[?？][”\"’'）) ]{0,3}$")
STOP = re.compile("[.!?。！？…:：;；”\"’')）]$")
#: What may stand before the first word that counts.
OPENING = re.compile(r"[\W\d_]*")
#: A directive that is the topic of its sentence: 加强合作是 ...
TOPIC = re.compile("[^，。；：,;:]{0,30}是")
FINITE = frozenset((
    "is", "are", "am", "has", "have", "do", "does", "will", "would", "can", "could",
    "may", "might", "must", "should", "shall", "cannot",
))  # fmt: skip
#: Words after which one in -ed is no verb of the sentence: a bill passed in 2022 is
#: told apart by the comma or the noun only, and may be taken for one.
NO_VERB_AFTER = frozenset((
    "a", "an", "the", "of", "in", "on", "by", "for", "with", "from", "to", "and", "as",
    "be", "been", "being", "is", "are", "was", "were", "has", "have", "had", "more",
    "most", "highly", "newly", "its", "their", "his", "her", "our", "these", "those",
    "this", "that", "some", "all", "any", "no", "so", "well", "not", "never",
))  # fmt: skip
#: These are in the past wherever they stand.
PAST = frozenset((
    "was", "were", "did", "had", "said", "took", "came", "went", "gave", "saw",
    "spoke", "began", "became", "wrote", "rose", "grew", "knew", "drew", "chose",
))  # fmt: skip
#: What begins another clause.
CLAUSE = frozenset(("that", "which", "who", "when", "while", "because", "after", "if"))
PAUSE = re.compile("[,;:(]|--|—")
ED_NOUNS = frozenset((
    "indeed", "united", "speed", "hundred", "embed", "exceed", "proceed", "succeed",
    "based",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """One sign of a role, at ``sentence[start:end]``."""

    kind: str
    start: int
    end: int


def marks(sentence: str) -> tuple[Mark, ...]:
    """Return every mark of a role in a sentence, in order.

    Examples
    --------
    >>> sentence = "In 2021 exports fell by 12 percent."
    >>> [(m.kind, sentence[m.start : m.end]) for m in marks(sentence)]
    [('time', '2021'), ('past', 'fell'), ('figure', '12 percent')]
    >>> [(m.kind, m.start, m.end) for m in marks("双方应当扩大合作。")]
    [('necessity', 2, 4)]
    """
    return _marks(sentence)


@lru_cache(maxsize=KEPT)
def seen(sentence: str) -> Analysis:
    """Return the analysis of a sentence, without terms; not to be changed.

    Examples
    --------
    >>> [token.form for token in seen("双方应当合作").tokens]
    ['双方', '应当', '合作']
    """
    return analyse(sentence)


@lru_cache(maxsize=KEPT)
def _marks(sentence: str) -> tuple[Mark, ...]:
    found = seen(sentence)
    view = found.view
    words = [
        (token.start, token.end)
        for token in found.tokens
        if token.end - token.start < IDIOM
    ]
    places = [*_forms(view.text, words), *_patterns(view.text)]
    places += [*_opening(view.text), *_past(view.text)]
    inside = {mark for mark in places if mark.kind == "citation"}
    kept = {
        mark
        for mark in places
        if mark.kind not in ("time", "figure")
        or not any(c.start <= mark.start < c.end for c in inside)
    }
    spans = [Mark(m.kind, *view.span(m.start, m.end)) for m in kept]
    return tuple(sorted(spans, key=lambda mark: (mark.start, mark.end, mark.kind)))


@cache
def _table() -> TermTable:
    """Return the forms of ``marks.csv``, a concept a kind."""
    kinds: dict[str, tuple[list[str], list[str]]] = {}
    for row in read_lexicon("marks"):
        if row["kind"] not in ("directive", "past"):
            forms = kinds.setdefault(row["kind"], ([], []))
            forms[row["language"] == "zh"].append(row["form"])
    return TermTable(
        Term(kind, tuple(en), tuple(zh), "", "lean") for kind, (en, zh) in kinds.items()
    )


@cache
def _placed(kind: str, language: str) -> frozenset[str]:
    """Return the forms of a kind that counts at one place only."""
    return frozenset(
        row["form"]
        for row in read_lexicon("marks")
        if (row["kind"], row["language"]) == (kind, language)
    )


def _forms(text: str, words: Sequence[tuple[int, int]]) -> Iterator[Mark]:
    """Yield the forms of the list; not those in capitals inside a sentence: names."""
    for match in _table().find(text, words):
        before = text[max(0, match.start - 2) : match.start]
        is_name = text[match.start].isupper() and before[:1].islower()
        kind = match.term.concept
        if kind == "plain" or (is_name and before[1:] == " "):
            continue
        if kind == "example" and _opens(text, match.start, match.end):
            kind = "illustration"
        yield Mark(kind, match.start, match.end)


def _opens(text: str, start: int, end: int) -> bool:
    """Whether an example stands at the opening, or at the end of a first part."""
    opening = OPENING.match(text)
    if opening and start <= opening.end():
        return True
    return end <= EARLY and text[end : end + 1] in (",", "，")


def _patterns(text: str) -> Iterator[Mark]:
    for kind, pattern in (("time", DATE), ("figure", FIGURE), ("citation", CITATION)):
        yield from (Mark(kind, *match.span()) for match in pattern.finditer(text))
    stripped = text.strip()
    at = len(text) - len(text.lstrip())
    end = at + len(stripped)
    if QUESTION.search(stripped):
        yield Mark("question", at, end)
    elif stripped and not STOP.search(stripped):
        n_words = sum(1 for _ in WORD.finditer(stripped))
        n_words += sum(map(len, HAN_RUN.findall(stripped)))
        if 0 < n_words <= MAX_HEADING:
            yield Mark("heading", at, end)


def _opening(text: str) -> Iterator[Mark]:
    """Yield the directive with which a sentence opens: no one is named who does it."""
    opening = OPENING.match(text)
    at = opening.end() if opening else 0
    if at == len(text):
        return
    if HAN_RUN.match(text, at):
        lengths = range(5, 0, -1)
        forms = _placed("directive", "zh")
        length = next((n for n in lengths if text[at : at + n] in forms), 0)
        length *= not TOPIC.match(text, at)
    else:
        words = [word.end() for word in islice(WORD.finditer(text, at), 2)]
        forms = _placed("directive", "en")
        length = next(
            (end - at for end in words[::-1] if text[at:end].lower() in forms), 0
        )
        length *= text[at].isupper()
    if length:
        yield Mark("directive", at, at + length)


def _past(text: str) -> Iterator[Mark]:
    """Yield the first finite verb of an English sentence where it is in the past.

    What may be a participle (cooperation based on trust has) is none where a finite
    verb follows in the same part of the sentence.
    """
    found: Mark | None = None
    before, at = "", 0
    for word in WORD.finditer(text):
        form = word.group().lower()
        between = text[at : word.start()]
        at = word.end()
        if found and (form in CLAUSE or PAUSE.search(between)):
            break
        if form in FINITE:
            return
        if not found and form in PAST:
            found = Mark("past", *word.span())
            break
        if not found and _may_be_past(form, before, between):
            found = Mark("past", *word.span())
        before = form
    if found:
        yield found


def _may_be_past(form: str, before: str, between: str) -> bool:
    """Whether a word may be a verb in the past, by its form and what precedes it."""
    if not before or before in NO_VERB_AFTER or PAUSE.search(between):
        return False
    is_regular = form.endswith("ed") and len(form) > 4 and form not in ED_NOUNS
    return is_regular or form in _placed("past", "en")
