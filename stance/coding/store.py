"""Label events on disk: one append-only file a coder, folded into the current table.

The fold does not depend on the order of files or lines: events are ordered by their
time, then by their id, and a voided event stays void.
"""

import json
import warnings
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

from stance.coding.annotation import DESIGNS, Annotation
from stance.corpus.files import read_bytes
from stance.corpus.read import decode
from stance.errors import InputError, StanceWarning, nearest

REQUIRED = ("event", "unit_id", "digest", "variable", "label", "coder", "at")
TYPES = {"probability": (int, float), "round": (int,), "confidence": (int,)}
KNOWN = {field.name for field in fields(Annotation)} - {"path", "line"}


def _event(line: str, path: Path, number: int) -> Annotation:
    def refuse(message: str, hint: str = "") -> InputError:
        return InputError(message, path=path, line=number, hint=hint)

    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise refuse("not JSON", "a label file holds one JSON object a line") from None
    if not isinstance(row, dict):
        raise refuse("not a JSON object")
    for name in REQUIRED:
        if name not in row:
            raise refuse(
                f"the event has no {name!r}", f"required: {', '.join(REQUIRED)}"
            )
    for name, value in row.items():
        if name not in KNOWN:
            raise refuse(f"field {name!r} is unknown", nearest(name, sorted(KNOWN)))
        expected = TYPES.get(name, (str,))
        if not isinstance(value, expected) or isinstance(value, bool):
            raise refuse(f"{name} is {value!r}; {expected[-1].__name__} was expected")
    if row.get("design", DESIGNS[-1]) not in DESIGNS:
        raise refuse(
            f"design {row['design']!r} is unknown", nearest(row["design"], DESIGNS)
        )
    return Annotation(**row, path=str(path), line=number)


def _is_event(tail: bytes) -> bool:
    """Whether what stands behind the last line end is a whole JSON object."""
    try:
        return isinstance(json.loads(tail), dict)
    except (ValueError, RecursionError):
        return False


def read_events(path: str | Path) -> tuple[Annotation, ...]:
    """Return all label events of one coder's file, in the order of its lines.

    Raises
    ------
    InputError
        With file and line: not JSON, a field missing or unknown, an event id twice.

    Warns
    -----
    StanceWarning
        If the last line was cut off while it was written; it is left out.

    Examples
    --------
    >>> read_events("no-such.jsonl")
    Traceback (most recent call last):
    ...
    stance.errors.InputError: no-such.jsonl: no such file
    """
    path = Path(path)
    whole, newline, tail = read_bytes(path).rpartition(b"\n")
    text, _ = decode(whole + newline, path, "utf-8")
    lines = text.split("\n")[:-1]
    if _is_event(tail):
        lines.append(tail.decode())  # an editor left out the last line end
    elif tail.strip():  # torn while it was written, perhaps within a character
        warnings.warn(
            f"{path}:{len(lines) + 1}: the last line was cut off and is left out",
            StanceWarning,
            stacklevel=2,
        )
    events: list[Annotation] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        event = _event(line, path, number)
        if event.event in seen:
            raise InputError(
                f"event {event.event!r} stands in line {seen[event.event]} already",
                path=path,
                line=number,
                hint="event ids are unique; was the file joined with itself?",
            )
        seen[event.event] = number
        events.append(event)
    return tuple(events)


def fold(events: Iterable[Annotation]) -> tuple[Annotation, ...]:
    """Return the current annotations: the last standing event a coder, unit, variable.

    Parameters
    ----------
    events : iterable of Annotation
        In any order; the same event twice counts once.

    Returns
    -------
    tuple of Annotation
        Sorted by unit, variable and coder; withdrawn labels are left out.

    Examples
    --------
    >>> first = Annotation("e1", "d:p001", "", "frame", "none", "coder-a", "2026-01-01")
    >>> undo = Annotation("e2", "d:p001", "", "frame", "", "coder-a", "2026-01-02",
    ...                   supersedes="e1")
    >>> [a.label for a in fold([first])], fold([undo, first])
    (['none'], ())
    """
    ordered = sorted(events, key=lambda event: (event.at, event.coder, event.event))
    void = {(event.coder, event.supersedes) for event in ordered if event.supersedes}
    current: dict[tuple[str, str, str], Annotation] = {}
    for event in ordered:
        if (event.coder, event.event) not in void:
            current[event.unit_id, event.variable, event.coder] = event
    return tuple(current[key] for key in sorted(current) if current[key].label)


def read_annotations(
    folder: str | Path = "seeds/annotations",
) -> tuple[Annotation, ...]:
    """Return the current annotations of all coders' files in a folder.

    Raises
    ------
    InputError
        If the folder holds no label files, or a file holds another coder's events.

    Examples
    --------
    >>> read_annotations("no-such-folder")
    Traceback (most recent call last):
    ...
    stance.errors.InputError: no-such-folder: no label files (*.jsonl)
    """
    folder = Path(folder)
    paths = sorted(folder.glob("*.jsonl"))
    if not paths:
        raise InputError("no label files (*.jsonl)", path=folder)
    events: list[Annotation] = []
    for path in paths:
        for event in read_events(path):
            if event.coder != path.stem:
                raise InputError(
                    f"the event is of coder {event.coder!r}",
                    path=path,
                    line=event.line,
                    hint="a file holds one coder's events and has the coder's name",
                )
            events.append(event)
    return fold(events)
