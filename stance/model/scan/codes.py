"""Codes of characters: Windows-1252 in a byte, Unicode in four, and their classes."""

import unicodedata
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from stance.corpus.language import HAN_RUN
from stance.corpus.normalise import ALIKE, COMPATIBLE, fold
from stance.corpus.terms import WORD
from stance.model.scan.hashing import Ints

Codes = NDArray[np.unsignedinteger]
#: Bits of the class of a character; ``CUT`` is a Han character that the cutter knows,
#: ``SLOW`` one that `normalise` must look at, ``OTHER_FORM`` one of `ALIKE`.
LETTER, HAN, CUT, SPACE, SLOW, OTHER_FORM = 1, 2, 4, 8, 16, 32
#: Zeros behind the last text, so that eight bytes can be read at any place.
PADDING = 16


def bits_of(characters: str) -> NDArray[np.uint8]:
    """Return the class of each character of a string."""
    bits = np.zeros(len(characters), np.uint8)
    for pattern, bit in ((WORD, LETTER), (HAN_RUN, HAN), (COMPATIBLE, SLOW)):
        for match in pattern.finditer(characters):
            bits[match.start() : match.end()] |= bit
    for at, character in enumerate(characters):
        if character.isspace():
            bits[at] |= SPACE
        if "\u4e00" <= character <= "\u9fd5":
            bits[at] |= CUT
        if character in ALIKE:
            bits[at] |= OTHER_FORM
        if character < "\x80":
            continue
        if (
            unicodedata.combining(character)
            or unicodedata.category(character) in ("Cf", "Cs")
            or not unicodedata.is_normalized("NFC", character)
        ):
            bits[at] |= SLOW
    return bits


@cache
def wide_classes() -> NDArray[np.uint8]:
    """Return the class of each code below 0x10000; the last stands for all above."""
    bits = bits_of("".join(map(chr, range(0x10000))))
    bits[-1] = SLOW
    return bits


@cache
def narrow_characters() -> str:
    """Return the character of each byte of Windows-1252; unused ones stand for 0."""
    return "".join(
        bytes([code]).decode("cp1252", "ignore") or "\0" for code in range(256)
    )


@cache
def narrow() -> tuple[bytes, NDArray[np.uint8]]:
    """Return the class of each byte, and the byte of each code below 0x10000 or 0."""
    characters = narrow_characters()
    bits = bits_of(characters)
    code_of = np.zeros(0x10000, np.uint8)
    for code, character in enumerate(characters):
        if not bits[code] & SLOW:
            code_of[ord(character)] = code
    for character, alike in ALIKE.items():
        code_of[ord(character)] = ord(alike)
    code_of[0] = 0
    return bits.tobytes(), code_of


@cache
def wide_lower() -> NDArray[np.uint32]:
    """Return the lower case of each code below 0x10000."""
    lower = np.array([ord(c) for c in fold("".join(map(chr, range(0x10000))))], "<u4")
    lower[ord("\0")] = 0
    return lower


@cache
def narrow_lower() -> bytes:
    """Return the lower case of each byte of Windows-1252."""
    lower = fold(narrow_characters())
    code_of = narrow()[1]
    return bytes(
        code if c == "\0" else code_of[ord(c)] or code for code, c in enumerate(lower)
    )


def encoded(words: Sequence[str], *, wide: bool) -> tuple[Codes, Ints]:
    """Return words as the codes of a batch, one after the other, and which they are.

    Examples
    --------
    >>> codes, which = encoded(["ab", "中", "é"], wide=False)
    >>> codes[: 3].tolist(), which.tolist()
    ([97, 98, 233], [0, 2])
    """
    if wide:
        codes = np.frombuffer(
            "".join(words).encode("utf-32-le", "surrogatepass"), "<u4"
        )
        which = np.arange(len(words))
        return np.concatenate((codes, np.zeros(PADDING, "<u4"))), which
    code_of = narrow()[1]
    fits = [
        all(c <= "\uffff" and (code_of[ord(c)] or c == "\0") for c in word)
        for word in words
    ]
    which = np.flatnonzero(fits)
    kept = "".join(words[at] for at in which.tolist())
    low = code_of[np.frombuffer(kept.encode("utf-16-le"), "<u2")]
    return np.concatenate((low, np.zeros(PADDING, np.uint8))), which
