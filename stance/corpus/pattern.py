"""Regular expressions that are compiled when they are first used.

A class with all Han characters takes a millisecond to compile, the rules of a page
several: a command that labels one English sentence needs few of them.
"""

import re
from typing import cast


class _Pattern:
    def __init__(self, source: str, flags: int) -> None:
        self.source, self.flags = source, flags

    def __getattr__(self, name: str) -> object:
        """Compile at the first call; what is asked for once is kept."""
        found = getattr(re.compile(self.source, self.flags), name)
        setattr(self, name, found)
        return found


def pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """Return a pattern as `re.compile` does, and compile it when it is first used.

    Examples
    --------
    >>> pattern("[a-z]+").findall("one two")
    ['one', 'two']
    """
    return cast("re.Pattern[str]", _Pattern(source, flags))
