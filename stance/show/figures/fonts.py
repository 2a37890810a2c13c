"""Fonts: every character of the data is drawn as itself, or the figure is refused.

Matplotlib draws a box where no font has a character. Here Chinese fonts are found by
name, in an order that puts Simplified Chinese forms first, and a character that none
has is an error that says what to install.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any

from stance.errors import InputError

LATIN = "DejaVu Sans"  # comes with matplotlib
#: In this order: forms of the mainland first, Japanese ones last, since to a Chinese
#: reader they look wrong.
CHINESE = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "Noto Sans SC",
    "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB", "SimHei",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Noto Sans CJK TC",
    "Source Han Sans TC", "Noto Sans TC", "Microsoft JhengHei", "PingFang TC",
    "Noto Sans CJK HK", "Noto Sans CJK JP",
)  # fmt: skip
#: The package of the extra `fonts`: one file of Noto Sans CJK beside its module.
PACKAGE = "manimgx_fonts_cjk"
INSTALL = (
    "install a font with Chinese characters: Debian's fonts-noto-cjk, or "
    "pip install 'stance[fonts]'"
)
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
#: A word with the blanks before it; a Chinese character is one.
_WORD = re.compile(rf" *(?:[{_WIDE}]|[^ {_WIDE}]+)")
#: What no line begins with.
_CLOSING = tuple("，。、；：？！）》」』”’,.;:?!)")


def chinese_font() -> str:
    """Return the name of the Chinese font that figures are drawn with; "" if none is.

    The fonts of the machine come first, then that of the extra ``fonts``.

    Examples
    --------
    >>> chinese_font() in ("", *CHINESE)
    True
    """
    return _first_installed() or (_first_installed() if _add_package() else "")


def _first_installed() -> str:
    from matplotlib.font_manager import fontManager

    names = {entry.name for entry in fontManager.ttflist}
    return next((name for name in CHINESE if name in names), "")


@cache
def _add_package() -> bool:
    """Make the font file of the extra known; return whether there is one."""
    from dataclasses import replace
    from importlib.resources import files
    from importlib.util import find_spec

    from matplotlib.font_manager import fontManager

    if find_spec(PACKAGE) is None:
        return False
    found = [p for p in files(PACKAGE).iterdir() if p.name.endswith(("ttc", "otf"))]
    n = len(fontManager.ttflist)
    for path in sorted(found, key=lambda path: path.name):
        fontManager.addfont(str(path))
    # Its weight is variable and called thin; it is the only one there is.
    new = [replace(entry, weight=400) for entry in fontManager.ttflist[n:]]
    fontManager.ttflist[n:] = new
    return bool(found)


def family() -> list[str]:
    """Return the fonts that a character is looked for in, in order.

    Examples
    --------
    >>> family()[0]
    'DejaVu Sans'
    """
    return [name for name in (LATIN, chinese_font()) if name]


@cache
def _characters(path: Any) -> frozenset[int]:
    from matplotlib.font_manager import get_font

    return frozenset(get_font(path).get_charmap())


def _path(name: str) -> Any:
    from matplotlib.font_manager import FontProperties, findfont

    return findfont(FontProperties(family=[name]), fallback_to_default=False)


def check_glyphs(texts: Iterable[str], *, where: str = "figure") -> None:
    r"""Raise where a text has a character that no font of `family` has.

    Parameters
    ----------
    texts : iterable of str
        All that will be drawn; line feeds are allowed.
    where : str, default "figure"
        What the message begins with.

    Raises
    ------
    InputError
        Which characters, in which text, and what to install.

    Examples
    --------
    >>> check_glyphs(["cooperation", "from $5 to $6"])
    >>> check_glyphs(["\ue000"])
    Traceback (most recent call last):
    ...
    stance.errors.InputError: figure: no font has U+E000 in '\ue000'
      ...
    """
    names = family()
    known = {ord("\n")}.union(*(_characters(_path(name)) for name in names))
    for text in texts:
        if missing := sorted({ord(c) for c in text} - known):
            shown = ", ".join(_named(code) for code in missing[:8])
            more = f" and {len(missing) - 8} more" if len(missing) > 8 else ""
            raise InputError(
                f"{where}: no font has {shown}{more} in {text!r}",
                hint=INSTALL if len(names) == 1 else
                f"looked in {' and '.join(names)}: is the character meant? if so, "
                f"{INSTALL}",
            )  # fmt: skip


def _named(code: int) -> str:
    """Return a character with its number, or its number where it has no form."""
    shows = unicodedata.category(chr(code))[0] in "LNPS"
    return f"{chr(code)} (U+{code:04X})" if shows else f"U+{code:04X}"


def is_compact(texts: Iterable[str]) -> bool:
    """Return whether a text takes a Chinese font whose outlines are PostScript ones.

    Of these matplotlib writes PDF that readers find broken if they are embedded as
    TrueType (its issue 20870, open since 2021).

    Examples
    --------
    >>> is_compact(["cooperation"])
    False
    """
    latin = _characters(_path(LATIN)) | {ord("\n")}
    if all({ord(c) for c in text} <= latin for text in texts) or not chinese_font():
        return False
    path = _path(chinese_font())
    with open(getattr(path, "path", path), "rb") as file:
        head = file.read(16)
        if head[:4] == b"ttcf":  # a collection: the first font in it tells for all
            file.seek(int.from_bytes(head[12:], "big"))
            head = file.read(4)
    return head[:4] == b"OTTO"


def plain(text: str) -> str:
    r"""Return a text of the data in one line, without characters that have no form.

    Control characters are shown as such, by U+FFFD.

    Examples
    --------
    >>> plain("a  tax\u200b of\n$5")
    'a tax of $5'
    """
    line = " ".join(text.split())
    kinds = [(c, unicodedata.category(c)) for c in line]
    return "".join("\ufffd" if k == "Cc" else c for c, k in kinds if k != "Cf")


def width_of(text: str, size: float) -> float:
    """Return the width of a line of text in points.

    Parameters
    ----------
    text : str
        One line.
    size : float
        Of the font, in points.

    Examples
    --------
    >>> width_of("", 8) < width_of("i", 8) < width_of("m", 8)
    True
    """
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family=family(), size=size)
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(width)


def wrapped(text: str, points: float, *, size: float) -> str:
    """Return a text in lines of so many points at most, cut at blanks or in Chinese.

    Parameters
    ----------
    text : str
        One line.
    points : float
        Width of a line; a word that is longer stands alone.
    size : float
        Of the font, in points.

    Examples
    --------
    >>> print(wrapped("cooperation and competition", 70, size=8))
    cooperation and
    competition
    """
    lines = [""]
    for word in _WORD.findall(text):
        longer = lines[-1] + word
        closes = word.startswith(_CLOSING)
        if not lines[-1] or closes or width_of(longer, size) <= points:
            lines[-1] = longer
        else:
            lines.append(word.lstrip())
    return "\n".join(lines)


def shortened(text: str, points: float, *, size: float) -> str:
    """Return a text, cut with an ellipsis where it is wider than so many points.

    Parameters
    ----------
    text : str
        One line.
    points : float
        What there is room for.
    size : float
        Of the font, in points.

    Examples
    --------
    >>> shortened("cooperation", 40, size=8)
    'cooper…'
    """
    if width_of(text, size) <= points:
        return text
    n = len(text)
    while n > 1 and width_of(text[:n] + "…", size) > points:
        n -= 1
    return text[:n].rstrip() + "…"
