"""Many texts as one array of codes: what `normalise` does, for a whole batch at once.

A text whose view fits into Windows-1252, as nearly all English does, is held with a
byte a character; any other with 32 bits. Either way a place in the array is a place in
the view of a text. What takes more than a look at each character by itself (combining
marks, compatibility letters, invisible signs) is left to `normalise`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from stance.corpus.normalise import ALIKE, View, normalise
from stance.model.scan.codes import (
    HAN,
    LETTER,
    OTHER_FORM,
    PADDING,
    SLOW,
    Codes,
    bits_of,
    narrow,
    narrow_lower,
    wide_classes,
    wide_lower,
)
from stance.model.scan.hashing import Ints

_BLANKS = np.array([9, 10, 13, 32])
_DOT, _TICK, _APOSTROPHE, _LINE = ord("."), ord("`"), ord("'"), ord("_")


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """The views of some texts, one after the other, with a 0 behind each.

    Attributes
    ----------
    rows : ndarray of int, shape (n_texts,)
        Places of the texts among those that were given.
    codes : ndarray of uint8 or uint32
        Windows-1252 or Unicode; padded at the end.
    classes : ndarray of uint8, shape of ``codes``
        Bits as named in this module.
    bounds : ndarray of int, shape (n_texts + 1,)
        Where each view begins; the next one begins two behind its last character.
    """

    rows: Ints
    codes: Codes
    classes: NDArray[np.uint8]
    bounds: Ints
    kept: Ints | None = None
    sources: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    views: dict[int, View] = field(default_factory=dict)

    @property
    def is_wide(self) -> bool:
        """Whether a character has 32 bits."""
        return self.codes.itemsize > 1

    def text(self, start: int, end: int) -> str:
        """Return a stretch of the views as a string."""
        raw = self.codes[start:end].tobytes()
        if self.is_wide:
            return raw.decode("utf-32-le", "surrogatepass")
        return raw.decode("ascii" if raw.isascii() else "cp1252")

    def strings(self, start: Ints, end: Ints) -> list[str]:
        """Return stretches of the views as strings."""
        raw = self.codes.tobytes()
        pairs = zip(start.tolist(), end.tolist(), strict=True)
        if self.is_wide:
            text = raw.decode("utf-32-le", "surrogatepass")
            return [text[s:e] for s, e in pairs]
        text = raw.decode("latin-1")
        found = [text[s:e] for s, e in pairs]
        if text.isascii():
            return found
        return [
            w if w.isascii() else w.encode("latin-1").decode("cp1252") for w in found
        ]

    def lower(self) -> Codes:
        """Return the codes in lower case, a letter for a letter, every blank alike."""
        if self.is_wide:
            codes: Codes = wide_lower()[np.minimum(self.codes, 0xFFFF)]
            high = self.codes > 0xFFFF
            codes[high] = self.codes[high]
            return codes
        return np.frombuffer(self.codes.tobytes().translate(narrow_lower()), np.uint8)

    def spans(self, text: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints]:
        """Return the places in the source texts of stretches of their views.

        Parameters
        ----------
        text : ndarray of int, shape (n,)
            Which text of the batch each is in.
        start, end : ndarray of int, shape (n,)
            In the codes; no stretch is empty.
        """
        if self.kept is None:
            first = self.bounds[text]
            starts, ends = start - first, end - first
        else:
            first = self.sources[text]
            starts, ends = self.kept[start] - first, self.kept[end - 1] + 1 - first
        if self.views:
            for at in np.flatnonzero(np.isin(self.rows[text], list(self.views))):
                view = self.views[int(self.rows[text[at]])]
                shift = int(self.bounds[text[at]])
                starts[at], ends[at] = view.span(
                    int(start[at]) - shift, int(end[at]) - shift
                )
        return starts, ends


def batches_of(texts: Sequence[str], *, rows: Ints | None = None) -> list[Batch]:
    """Return the views of texts as one batch of bytes and one of wide characters.

    Parameters
    ----------
    texts : sequence of str
        Of any script; some hundred thousand characters at once are fast.
    rows : ndarray of int, optional
        Their numbers; 0, 1, ... without.

    Returns
    -------
    list of Batch
        None, one or two; every text is in one of them, its view equal to `normalise`'s.

    Examples
    --------
    >>> [batch.text(0, 2) for batch in batches_of(["U.S.–China", "中 国"])]
    ['US', '中国']
    """
    rows = np.arange(len(texts)) if rows is None else rows
    joined = "\0".join(texts) + "\0" * PADDING
    if not texts:
        return []
    lengths = np.fromiter(map(len, texts), np.int64, len(texts)) + 1
    if joined.isascii():
        codes = np.frombuffer(joined.encode(), np.uint8)
        return [_narrow_batch(codes.copy(), lengths, rows)]
    units = np.frombuffer(joined.encode("utf-16-le", "surrogatepass"), "<u2")
    if len(units) > len(joined):  # characters of two units: these texts go wide
        is_wide = np.fromiter((max(t, default="") > "\uffff" for t in texts), bool)
        units = np.frombuffer(
            "".join(
                [t + "\0" for t, wide in zip(texts, is_wide, strict=True) if not wide]
                + ["\0" * (PADDING - 1)]
            ).encode("utf-16-le", "surrogatepass"),
            "<u2",
        )
    else:
        is_wide = np.zeros(len(texts), bool)
    fits, codes = _fitting(units, lengths[~is_wide])
    is_wide[np.flatnonzero(~is_wide)[~fits]] = True
    found = []
    if not is_wide.all():
        found.append(_narrow_batch(codes, lengths[~is_wide], rows[~is_wide]))
    if is_wide.any():
        wide = [texts[at] for at in np.flatnonzero(is_wide).tolist()]
        found.append(_wide_batch(wide, rows[is_wide]))
    return found


def _fitting(
    units: NDArray[np.uint16], lengths: Ints
) -> tuple[NDArray[np.bool_], NDArray[np.uint8]]:
    """Return which texts fit into bytes, and the bytes of those that do."""
    codes = units.astype(np.uint8)
    high = np.flatnonzero(units > 0x7F)
    codes[high] = mapped = narrow()[1][units[high]]
    fits = np.ones(len(lengths), bool)
    odd = high[mapped == 0]
    if len(odd):
        fits[np.searchsorted(np.cumsum(lengths), odd, side="right")] = False
        whole = np.append(np.repeat(fits, lengths), np.ones(PADDING - 1, bool))
        codes = codes.take(np.flatnonzero(whole))
    return fits, codes


def _narrow_batch(codes: NDArray[np.uint8], lengths: Ints, rows: Ints) -> Batch:
    codes[np.flatnonzero(codes == _TICK)] = _APOSTROPHE
    classes = np.frombuffer(codes.tobytes().translate(narrow()[0]), np.uint8)
    return _batch(codes, classes, lengths, rows, {})


def _wide_batch(texts: list[str], rows: Ints) -> Batch:
    codes, classes, lengths = _wide_codes(texts)
    slow = np.flatnonzero(classes & SLOW)
    views: dict[int, View] = {}
    if len(slow):
        texts = list(texts)
        edges = np.cumsum(lengths)
        for at in np.unique(np.searchsorted(edges, slow, side="right")).tolist():
            views[int(rows[at])] = view = normalise(texts[at])
            texts[at] = view.text
        codes, classes, lengths = _wide_codes(texts)
    odd = np.flatnonzero(classes & OTHER_FORM)
    odd = odd[~_is_in(odd, lengths, rows, views)]
    if len(odd):
        changed = "".join(ALIKE[chr(code)] for code in codes[odd].tolist())
        codes[odd] = np.frombuffer(changed.encode("utf-32-le"), "<u4")
        classes[odd] = wide_classes()[codes[odd]]
    return _batch(codes, classes, lengths, rows, views)


def _is_in(
    places: Ints, lengths: Ints, rows: Ints, views: dict[int, View]
) -> NDArray[np.bool_]:
    """Whether each place is in one of the views."""
    inside = np.isin(rows, list(views))
    found: NDArray[np.bool_] = inside[
        np.searchsorted(np.cumsum(lengths), places, side="right")
    ]
    return found


def _wide_codes(
    texts: list[str],
) -> tuple[NDArray[np.uint32], NDArray[np.uint8], Ints]:
    joined = "\0".join(texts) + "\0" * PADDING
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), "<u4").copy()
    classes = wide_classes()[np.minimum(codes, 0xFFFF)]
    for at in np.flatnonzero(codes > 0xFFFF).tolist():
        classes[at] = bits_of("\0" + chr(codes[at]))[1] | SLOW
    lengths = np.fromiter(map(len, texts), np.int64, len(texts)) + 1
    return codes, classes, lengths


def _batch(
    codes: Codes, classes: NDArray[np.uint8], lengths: Ints, rows: Ints,
    views: dict[int, View],
) -> Batch:  # fmt: skip
    """Drop what views have not: dots of acronyms, blanks between Han characters."""
    bounds = np.concatenate(([0], np.cumsum(lengths)))
    dropped = np.concatenate((_acronym_dots(codes, classes), _han_gaps(codes, classes)))
    dropped = dropped[~_is_in(dropped, lengths, rows, views)]
    kept, sources = None, bounds
    if len(dropped):
        keep = np.ones(len(codes), bool)
        keep[dropped] = False
        kept = np.flatnonzero(keep)
        codes, classes = codes.take(kept), classes.take(kept)
        bounds = bounds - np.searchsorted(np.sort(dropped), bounds)
    return Batch(rows, codes, classes, bounds, kept, sources, views)


def _acronym_dots(codes: Codes, classes: NDArray[np.uint8]) -> Ints:
    """Return the places of the dots of ``U.S.``, as ``ACRONYM_DOT`` finds them."""
    dots = np.flatnonzero(codes == _DOT)
    before = codes[dots - 1]
    capitals = dots[(before >= ord("A")) & (before <= ord("Z"))] - 1
    linked = np.diff(capitals) == 2
    if not linked.any():
        return np.zeros(0, np.int64)
    starts = np.flatnonzero(np.concatenate(([True], ~linked)))
    ends = np.append(starts[1:], len(capitals))
    first = capitals[starts]
    in_word = (classes[first - 1] & (LETTER | HAN) > 0) & (codes[first - 1] != _LINE)
    starts = starts + (in_word & (first > 0))
    long = ends - starts > 1
    return capitals[ranges(starts[long], ends[long])] + 1


def _han_gaps(codes: Codes, classes: NDArray[np.uint8]) -> Ints:
    """Return the places of blanks between Han characters, as ``HAN_GAP`` finds them."""
    if codes.itemsize == 1:
        return np.zeros(0, np.int64)
    blank = np.isin(codes, _BLANKS)
    starts = np.flatnonzero(blank[1:] & (classes[:-1] & HAN > 0)) + 1
    edges = np.flatnonzero(blank[:-1] & ~blank[1:]) + 1
    ends = edges[np.searchsorted(edges, starts)]
    between = classes[ends] & HAN > 0
    return ranges(starts[between], ends[between])


def ranges(starts: Ints, ends: Ints) -> Ints:
    """Return the numbers from each start up to its end, one range after the other.

    Examples
    --------
    >>> ranges(np.array([3, 8]), np.array([5, 9])).tolist()
    [3, 4, 8]
    """
    sizes = ends - starts
    shift = np.repeat(starts - (np.cumsum(sizes) - sizes), sizes)
    found: Ints = np.arange(int(sizes.sum())) + shift
    return found
