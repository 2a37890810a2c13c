"""The one constructor of HTML: every text is escaped, every name is on a list."""

from html import escape

TAGS = frozenset((
    "article", "bdi", "footer", "h1", "h2", "header", "meta", "p", "rect", "section",
    "span", "style", "svg", "title",
))  # fmt: skip
#: No address, no event, no style: nothing here can load or run.
ATTRIBUTES = frozenset((
    "aria-label", "charset", "class", "content", "dir", "height", "http-equiv", "lang",
    "name", "preserveAspectRatio", "role", "title", "viewBox", "width", "x",
))  # fmt: skip
#: Written as such: they hold nothing and have no end tag.
VOID = frozenset(("meta",))


class Html(str):
    """Text that is mark-up already; only `element` makes it.

    Anything done to it gives an ordinary ``str``, which is escaped when it is put in.
    """

    __slots__ = ()


def element(tag: str, *children: str, **attributes: str) -> Html:
    """Return an element; children that are no `Html` are escaped.

    Parameters
    ----------
    tag : str
        One of ``TAGS``.
    *children : str
        Text or elements.
    **attributes : str
        Of ``ATTRIBUTES``; ``class_`` is class, ``http_equiv`` is http-equiv.

    Raises
    ------
    ValueError
        If tag or attribute is not on the list.

    Examples
    --------
    >>> element("p", "a < b ", element("bdi", "合作", dir="auto"), class_='"')
    '<p class="&quot;">a &lt; b <bdi dir="auto">合作</bdi></p>'
    """
    if tag not in TAGS:
        raise ValueError(f"tag {tag!r} is not on the list")
    start = tag
    for key, value in attributes.items():
        name = key.rstrip("_").replace("_", "-")
        if name not in ATTRIBUTES:
            raise ValueError(f"attribute {name!r} is not on the list")
        start += f' {name}="{escape(value)}"'
    if tag in VOID:
        return Html(f"<{start}>")
    inside = "".join(c if isinstance(c, Html) else escape(c, False) for c in children)
    return Html(f"<{start}>{inside}</{tag}>")
