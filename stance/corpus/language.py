"""Script and language of a stretch of text.

The script decides: Han characters make Chinese, Latin letters English, both together
mixed. A text in another script is ``other``, and so is one in Latin letters that has
hardly any of the words no English paragraph can do without.
"""

import re

from stance.corpus.pattern import pattern

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HAN_RUN = re.compile(f"[{HAN}]+")
NOT_ASCII = re.compile("[^\x00-\x7f]+")
LATIN_WORD = re.compile("[A-Za-z\u00c0-\u024f]+")
#: Letters of scripts that are neither Latin nor Han: Greek to Thai, kana, Hangul.
OTHER_LETTER = pattern(
    "[\u0370-\u1fff\u3041-\u3096\u30a1-\u30fa\u3131-\u318e\uac00-\ud7a3]"
)
#: Frequent words that other languages in Latin letters do not share.
FUNCTION_WORDS = frozenset((
    "the", "of", "and", "to", "that", "it", "with", "by", "be", "on", "not", "are",
    "this", "his", "from", "which", "but", "have", "they", "you", "their", "been",
    "has", "will", "we", "our", "its", "would", "if", "who", "more", "can", "said",
    "about", "there", "what", "them", "than", "these", "should", "must", "could",
    "when", "because", "other", "or", "your", "do", "may", "how", "she", "her",
))  # fmt: skip
# English prose of 20 words or more has 12 per cent of these words and more (99 in 100
# paragraphs of briefings, manifestos and bills), other languages hardly any.
MIN_WORDS, MIN_SHARE = 20, 0.06
# A Latin word weighs as much as a Han character: Chinese policy prose quotes English
# names and years in brackets, and stays Chinese up to two words for each eight.
CHINESE_FROM, ENGLISH_BELOW = 0.7, 0.15


def language_of(text: str) -> str:
    """Return ``en``, ``zh``, ``mixed`` or ``other`` by the letters of a text.

    Parameters
    ----------
    text : str
        Any text. Digits and punctuation do not count; a text without letters is
        ``other``.

    Returns
    -------
    str
        One of the four names.

    Examples
    --------
    >>> texts = "Export controls", "出口管制", "管制 (export control)", "Контроль"
    >>> [language_of(text) for text in texts]
    ['en', 'zh', 'mixed', 'other']
    """
    odd = "" if text.isascii() else "".join(NOT_ASCII.findall(text))
    han = sum(map(len, HAN_RUN.findall(odd))) if odd else 0
    foreign = len(OTHER_LETTER.findall(odd)) if odd else 0
    if not (han or foreign):
        # Enough for English, however many words there are; most of it ends here.
        known = sum(map(FUNCTION_WORDS.__contains__, text.lower().split()))
        if known and known >= MIN_SHARE * (len(text) + 1) / 2:
            return "en"
    words = LATIN_WORD.findall(text)
    if foreign > (han + sum(map(len, words))) / 4 or not (han or words):
        return "other"
    share = han / (han + len(words))
    if share >= CHINESE_FROM:
        return "zh"
    if share >= ENGLISH_BELOW:
        return "mixed"
    if len(words) >= MIN_WORDS:
        known = sum(word.lower() in FUNCTION_WORDS for word in words)
        if known < MIN_SHARE * len(words):
            return "other"
    return "en"
