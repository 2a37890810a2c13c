"""What an output was made of: files by their digests, options, versions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

Json = str | int | float | bool | None | Sequence["Json"] | Mapping[str, "Json"]


def stamp(files: Iterable[Path]) -> tuple[tuple[int, int], ...]:
    """Return size and time of change of files: where they are the same, so is the text.

    Examples
    --------
    >>> stamp([])
    ()
    """
    found = (file.stat() for file in files)
    return tuple((entry.st_size, entry.st_mtime_ns) for entry in found)


def digests(files: Iterable[Path]) -> list[Json]:
    """Return name, size and SHA-256 of files, as a manifest holds them.

    Examples
    --------
    >>> digests([])
    []
    """
    found: list[Json] = []
    for path in files:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            found.append({"name": str(path), "bytes": file.tell(), "sha256": digest})
    return found


def difference(then: Mapping[str, Json], now: Mapping[str, Json]) -> str:
    """Say what differs first between two manifests, or nothing.

    Examples
    --------
    >>> difference({"model": "3f9a", "options": {"--text": "body"}},
    ...            {"model": "3f9a", "options": {"--text": None}})
    "--text was 'body', now it is none"
    """
    for key in dict.fromkeys((*then, *now)):
        old, new = then.get(key), now.get(key)
        if old == new:
            continue
        if key == "inputs":
            return _changed(old, new)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            return difference(old, new)
        was, is_ = ("none" if v is None else _short(v) for v in (old, new))
        return f"{key} was {was}, now it is {is_}"
    return ""


def _changed(then: Json, now: Json) -> str:
    """Say which input differs."""
    old, new = (
        {str(entry["name"]): entry for entry in inputs if isinstance(entry, Mapping)}
        for inputs in (then, now)
        if isinstance(inputs, Sequence)
    )
    for name in new:
        if name not in old:
            return f"its input was {', '.join(map(repr, old))}, now there is {name!r}"
        if old[name] != new[name]:
            return f"its input {name!r} has changed since"
    gone = [name for name in old if name not in new]
    return (
        f"its input {gone[0]!r} is missing" if gone else "its inputs had another order"
    )


def _short(value: Json) -> str:
    text = repr(value)
    is_digest = len(text) == 66
    return f"{text[1:13]}…" if is_digest else text
