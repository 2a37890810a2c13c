"""Who holds the view that a sentence gives: the writer, or somebody else.

*Zhou said that exports would grow* is no view of the writer's. Rules of English and of
Chinese, each with its word list in ``lexicon/reporting.csv``, find who holds a view
(the holder), by which words that is said (the cue), and what the view is (the content).
"""

from bisect import bisect
from dataclasses import dataclass

from stance.argument.quotation import WORD, is_term, length, quotations
from stance.argument.reported_chinese import reported_chinese
from stance.argument.reported_english import reported_english
from stance.argument.reporting import NOWHERE, Reported, Span
from stance.corpus.language import HAN_RUN

#: In the order in which they are reported.
VOICES = ("own", "reported", "quoted", "mixed")
#: Share of the content in quotation marks from which on a sentence is a quotation.
MOSTLY = 0.7
#: Without a cue nearly the whole sentence must stand in quotation marks.
NEARLY_ALL = 0.85
#: Words after a semicolon that are a part of the writer's own.
SUBSTANTIAL = 5


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whose view a sentence gives. Places are -1, and words empty, where there is none.

    ``text[holder_start:holder_end] == holder``, likewise of the cue; the content may
    enclose the cue, as in *"Exports", he said, "will grow"*.
    """

    voice: str
    holder: str
    holder_start: int
    holder_end: int
    cue: str
    cue_start: int
    cue_end: int
    content_start: int
    content_end: int


def attribution(sentence: str) -> Attribution:
    """Return whose view a sentence gives, and by which words one can tell.

    Read ``reported`` as *by its form*: what is asked or supposed about somebody's
    beliefs, and what the writer says about themselves, is the writer's own.

    Parameters
    ----------
    sentence : str
        One sentence, as it stands in the source; longer texts give the first view.

    Returns
    -------
    Attribution
        ``voice`` is ``own``, ``reported``, ``quoted`` (what is said stands in
        quotation marks) or ``mixed`` (part quoted, or part of it the writer's own,
        as in *as she said*).

    Notes
    -----
    The rules know the words of the list and no grammar, so that a verb of report that
    the list lacks is not found. A term in quotation marks is not a quotation.

    Examples
    --------
    >>> found = attribution("Exports will grow, according to Zhou Liujun.")
    >>> found.voice, found.holder, found.cue
    ('reported', 'Zhou Liujun', 'according to')
    >>> found = attribution("商务部发言人表示，“中方对此坚决反对，将采取必要措施”。")
    >>> found.voice, found.holder, found.cue
    ('quoted', '商务部发言人', '表示')
    >>> attribution("We believe that “decoupling” has failed.").voice
    'own'
    """
    quotes = quotations(sentence)
    said = [span for span in quotes if not is_term(sentence[slice(*span)])]
    report = _first(reported_in(sentence), said)
    if report is None:
        return _without_cue(sentence, said)
    voice = _voice(sentence, report, said)
    return Attribution(
        voice,
        *_part(sentence, report.holder),
        *_part(sentence, report.cue),
        *report.content,
    )


def reported_in(sentence: str) -> tuple[Reported, ...]:
    """Return all reported views of a sentence, by the rules of its language.

    Examples
    --------
    >>> [found.place for found in reported_in("报告认为，前景良好。")]
    ['main']
    """
    n_han = sum(len(run) for run in HAN_RUN.findall(sentence))
    n_words = len(WORD.findall(HAN_RUN.sub(" ", sentence)))
    return (reported_chinese if n_han > n_words else reported_english)(sentence)


def _first(reports: tuple[Reported, ...], said: list[Span]) -> Reported | None:
    """Return the report that counts: *..., X said* at the end, else the first."""
    starts = [start for start, _ in said]

    def is_quoted(at: int) -> bool:
        before = bisect(starts, at) - 1
        return before >= 0 and at < said[before][1]

    free = [report for report in reports if not is_quoted(report.cue[0])]
    trailing = [report for report in free if 0 <= report.content[0] < report.cue[0]]
    return next(iter(trailing or free), None)


def _voice(text: str, report: Reported, said: list[Span]) -> str:
    """Return the voice of a sentence that has a report."""
    if report.place != "main":
        return "mixed"
    rest = text[report.content[1] :] if report.content[0] > report.cue[0] else ""
    if length(rest) >= SUBSTANTIAL:
        return "mixed"
    quoted = [text[start:end] for start, end in said]
    if not quoted:
        return "reported"
    outside = [text[slice(*report.content)]] if report.content != NOWHERE else [text]
    n_quoted, n_all = sum(map(length, quoted)), length(outside[0])
    return "quoted" if n_quoted >= MOSTLY * n_all else "mixed"


def _without_cue(text: str, said: list[Span]) -> Attribution:
    """Return the attribution of a sentence without a cue: a quotation, or own."""
    n_quoted = sum(length(text[start:end]) for start, end in said)
    is_quoted = bool(said) and n_quoted >= NEARLY_ALL * length(text)
    content = (said[0][0], said[-1][1]) if is_quoted else NOWHERE
    voice = "quoted" if is_quoted else "own"
    return Attribution(voice, *_part(text, NOWHERE), *_part(text, NOWHERE), *content)


def _part(text: str, span: Span) -> tuple[str, int, int]:
    return ("" if span == NOWHERE else text[slice(*span)]), *span
