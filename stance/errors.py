"""The exceptions of the package, and how a place in a file is printed.

A message says where, what is wrong with what was found, what was expected, and on a
second line what to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class StanceError(Exception):
    """Base of all errors that a user can mend; the command line prints it and exits.

    Parameters
    ----------
    message : str
        Where and what, lower case, without a full stop.
    hint : str, optional
        What to do; printed on a second line.

    Examples
    --------
    >>> print(StanceError("no such verb 'clasify'", hint="did you mean 'classify'?"))
    no such verb 'clasify'
      did you mean 'classify'?
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  {self.hint}" if self.hint else self.message


class InputError(StanceError, ValueError):
    """Something in a file that the user wrote or named.

    Parameters
    ----------
    message : str
        What is wrong, and what was expected.
    path : str or Path, optional
        The file; ``line`` counts from 1.
    line : int, optional
        The line in it.
    hint : str, optional
        What to do.

    Examples
    --------
    >>> print(InputError("label 'x' is unknown", path="a.jsonl", line=3))
    a.jsonl:3: label 'x' is unknown
    """

    def __init__(
        self,
        message: str,
        *,
        path: str | Path = "",
        line: int = 0,
        hint: str = "",
    ) -> None:
        place = f"{path}:{line}: " if path and line else f"{path}: " if path else ""
        super().__init__(place + message, hint=hint)
        self.path = str(path)
        self.line = line


class CodingError(StanceError, ValueError):
    """Annotations, codebook and corpus do not fit together."""


class ModelError(StanceError):
    """A model folder cannot be trusted, or does not fit this version."""


class StanceWarning(UserWarning):
    """A result that is valid and easily misread."""


def nearest(
    word: str, choices: list[str] | tuple[str, ...], *, kind: str = "choices"
) -> str:
    """Return a hint that offers the nearest of the choices, and lists them.

    ``kind`` says what they are; two of three Chinese characters right are near enough.

    Examples
    --------
    >>> nearest("competiton", ("cooperation", "competition"))
    "did you mean 'competition'? choices: cooperation, competition"
    """
    import difflib

    close = difflib.get_close_matches(word, choices, n=1, cutoff=0.5)
    offer = f"did you mean {close[0]!r}? " if close else ""
    return f"{offer}{kind}: {', '.join(choices)}"
