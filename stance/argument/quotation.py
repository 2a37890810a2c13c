"""What stands in quotation marks, whole or cut by the end of the sentence."""

import re

from stance.corpus.language import HAN_RUN

PAIRS = {"“": "”", "‘": "’", "「": "」", "『": "』", "«": "»"}
CLOSING = {closing: opening for opening, closing in PAIRS.items()}
MARK = re.compile('["“”‘’「」『』«»]')
#: In words, or in Han characters, of which some two make a word.
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
#: A quotation of fewer words is a term: eight words of a slogan stand in the seeds.
A_TERM = 4


def quotations(text: str) -> tuple[tuple[int, int], ...]:
    """Return the places of what is quoted, marks included, in order.

    Of quotations inside a quotation only the outer one is returned. One whose end or
    beginning stands in another sentence reaches to the end or from the beginning of
    this one. An apostrophe is not a mark.

    Examples
    --------
    >>> text = "He called it “a ‘new’ start” and the people’s choice."
    >>> [text[start:end] for start, end in quotations(text)]
    ['“a ‘new’ start”']
    >>> text = '合作共赢是唯一选择。”他说，“脱钩”没有出路。'
    >>> [text[start:end] for start, end in quotations(text)]
    ['合作共赢是唯一选择。”', '“脱钩”']
    """
    found: list[tuple[int, int]] = []
    opened, wanted = -1, ""
    for match in MARK.finditer(text):
        mark, at = match.group(), match.start()
        if mark in "‘’" and _is_apostrophe(text, at):
            continue
        if opened >= 0 and mark == wanted:
            found.append((opened, at + 1))
            opened = -1
        elif opened < 0 and (mark in PAIRS or (mark == '"' and _opens(text, at))):
            opened, wanted = at, PAIRS.get(mark, mark)
        elif opened < 0 and not found and mark != "’":
            found.append((0, at + 1))
    if opened >= 0 and wanted != "’":
        found.append((opened, len(text)))
    return tuple(found)


def is_term(text: str) -> bool:
    """Whether what is quoted is so short that it is a term rather than a saying.

    Examples
    --------
    >>> is_term("“脱钩”"), is_term('"small yard, high fence"')
    (True, False)
    >>> is_term("“中美两国合则两利，斗则俱伤”")
    False
    """
    return length(text) < A_TERM


def length(text: str) -> float:
    """Return the number of words; two Han characters are taken as one word.

    Examples
    --------
    >>> length("two words"), length("两个词儿")
    (2.0, 2.0)
    """
    n_han = sum(len(run) for run in HAN_RUN.findall(text))
    return len(WORD.findall(HAN_RUN.sub(" ", text))) + n_han / 2


def _is_apostrophe(text: str, at: int) -> bool:
    """Whether a single mark stands inside a word, or after one as in ``states’``."""
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    inside = before.isalpha() and after.isalpha() and not HAN_RUN.match(after)
    return inside or (text[at] == "’" and before == "s" and after == " ")


def _opens(text: str, at: int) -> bool:
    """Whether a straight mark opens: nothing or a blank before it, a word after it."""
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if HAN_RUN.match(after) or HAN_RUN.match(before):
        return bool(HAN_RUN.match(after)) or before in ",:，：、"
    opens = not before.strip() or not (before.isalnum() or before in ".,!?;…")
    return bool(after.strip()) and opens
