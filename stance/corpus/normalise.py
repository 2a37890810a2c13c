"""The analysis view of a text, with its map back to the source.

The raw text is never changed. Tokenizers see a view of it in which what only looks
different is equal: composed accents, full-width letters, Kangxi radicals and
ligatures (as PDF files give them), curly apostrophes, hyphens, acronyms with dots;
invisible characters are gone, and so are the blanks that line breaks leave between
Han characters. Every character of the view knows the characters it came from.
"""

import re
import unicodedata
from dataclasses import dataclass

from stance.corpus.language import HAN
from stance.corpus.pattern import pattern

#: Compatibility characters that are letters or Han: mapped by NFKC. Punctuation is not.
COMPATIBLE = pattern(
    "[\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufb06\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]"
)
ALIKE = {
    **dict.fromkeys("\u2018\u2019\u02bc\uff07`", "'"),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\uff0d", "-"),
    **dict.fromkeys("\u00a0\u3000", " "),
}
#: More marks on one character are no writing, and composing them is quadratic.
MAX_CLUSTER = 32
JOINERS = "\u200c\u200d"
#: What can make a text differ from its view; most English text has none of it.
ODD = re.compile("[^\x00-\x5f\x61-\x7e]|[A-Z]\\.[A-Z]\\.")
ACRONYM_DOT = re.compile(r"(?<![^\W_])(?:[A-Z]\.){2,}+")
HAN_GAP = pattern(f"(?<=[{HAN}])[ \t\r\n]+(?=[{HAN}])")


@dataclass(frozen=True, slots=True)
class View:
    """A normalised text; ``starts`` and ``ends`` are empty where it equals the source.

    Character ``i`` of ``text`` came from ``source[starts[i]:ends[i]]``.
    """

    text: str
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        r"""Return the place in the source of ``text[start:end]``, which is not empty.

        Examples
        --------
        >>> view = normalise("coop\u00aderation")
        >>> view.text, view.span(0, 11)
        ('cooperation', (0, 12))
        """
        if not self.starts:
            return start, end
        return self.starts[start], self.ends[end - 1]


def _keeps_joiner(text: str, at: int) -> bool:
    """Whether a joiner at this place belongs to a script that needs it."""
    return at > 0 and "\u0590" <= text[at - 1] < "\u2000"


def _pieces(text: str) -> list[tuple[str, int, int]]:
    """Cut a text into (normalised, start, end), one a character or accented cluster."""
    seen = [
        at
        for at, character in enumerate(text)
        if character < "\x80"
        or unicodedata.category(character) != "Cf"
        or (character in JOINERS and _keeps_joiner(text, at))
    ]
    pieces: list[tuple[str, int, int]] = []
    first, n = 0, len(seen)
    while first < n:
        after = first + 1
        end = min(n, first + MAX_CLUSTER)
        while after < end and unicodedata.combining(text[seen[after]]):
            after += 1
        piece = "".join(text[at] for at in seen[first:after])
        if not piece.isascii():
            piece = COMPATIBLE.sub(
                lambda match: unicodedata.normalize("NFKC", match.group()), piece
            )
            piece = unicodedata.normalize("NFC", piece)
        pieces.append((ALIKE.get(piece, piece), seen[first], seen[after - 1] + 1))
        first = after
    return pieces


def normalise(text: str) -> View:
    """Return the analysis view of a text.

    Parameters
    ----------
    text : str
        Source text, as read.

    Returns
    -------
    View
        Its ``span`` maps a place in the view back to the source.

    Notes
    -----
    NFC, not NFKC as a whole: NFKC turns Chinese punctuation into ASCII. A joiner
    (U+200C, U+200D) stays where the script before it needs it.

    Examples
    --------
    >>> normalise("U.S.–China ‘tech war’").text
    "US-China 'tech war'"
    >>> normalise("全球价值链的地 位").text
    '全球价值链的地位'
    """
    if not ODD.search(text):
        return View(text)
    pieces = _pieces(text)
    view = "".join(piece for piece, _, _ in pieces)
    starts = [start for piece, start, _ in pieces for _ in piece]
    ends = [end for piece, _, end in pieces for _ in piece]
    dropped: set[int] = set()
    for match in ACRONYM_DOT.finditer(view):
        dropped.update(range(match.start() + 1, match.end(), 2))
    if len(view.split(None, 1)) > 1:
        for match in HAN_GAP.finditer(view):
            dropped.update(range(*match.span()))
    if dropped:
        kept = [i for i in range(len(view)) if i not in dropped]
        view = "".join(view[i] for i in kept)
        starts = [starts[i] for i in kept]
        ends = [ends[i] for i in kept]
    return View(view, tuple(starts), tuple(ends))


def fold(text: str) -> str:
    r"""Return a text in lower case, a letter for a letter, every blank alike.

    Examples
    --------
    >>> fold("US\tİ")
    'us İ'
    """
    return "".join(
        " " if c.isspace() else c if len(c.lower()) != 1 or c > "\uffff" else c.lower()
        for c in text
    )
