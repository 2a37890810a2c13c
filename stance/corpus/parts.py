"""A long output in parts: what was finished before a crash need not be done again.

Beside ``FILE`` a folder ``FILE.parts`` holds ``manifest.json``, which says what the
parts were made of and with what, and the parts, each written whole or not at all: a
line about it, then its share of the output. At the end they are joined into ``FILE``,
which appears at once, and the folder goes. Whenever the work is killed, the folder
holds whole parts only, and the missing ones are made by the same work started again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from stance.corpus.files import atomic_write, check_place
from stance.corpus.identity import Json, difference
from stance.errors import InputError

#: Of the folder: another number is another form, whose parts are not read.
SCHEMA = 1
MANIFEST, LOCK, JOINED = "manifest.json", "lock", "joined"
BLOCK = 2**20
#: Names in the folder, and those of files that were not finished.
OURS = re.compile(r"lock|\.?(manifest\.json|joined|\d{6,12}\.part)(\.\w{8})?")


def folder_of(output: str | Path) -> Path:
    """Return the folder of the parts of a file, beside where the file is or will be.

    Examples
    --------
    >>> folder_of("labelled.csv").name
    'labelled.csv.parts'
    """
    target = Path(output).resolve()
    return target.with_name(f"{target.name}.parts")


class Parts:
    r"""The finished parts of one output file, and what they are parts of.

    One process at a time has them open; `close` lets go of them.

    Parameters
    ----------
    output : str or Path
        The file. Its folder must be there.
    made_of : mapping
        What the output depends on, as JSON: under ``inputs`` the digests of files,
        under other keys texts, numbers, or mappings to such.

    Raises
    ------
    InputError
        If the folder holds parts of something else, or another process has it open.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     output = Path(folder) / "a.csv"
    ...     parts = Parts(output, {"model": "3f9a"})
    ...     parts.write(0, b"id\n", {"n": 0})
    ...     parts.join(1)
    ...     parts.close()
    ...     [path.name for path in Path(folder).iterdir()], output.read_text()
    (['a.csv'], 'id\n')
    """

    def __init__(self, output: str | Path, made_of: Mapping[str, Json]) -> None:
        check_place(Path(output).resolve(), output, what="file")
        self.output = output
        self.folder = folder_of(output)
        self.shown = f"{output}.parts"
        try:
            self.folder.mkdir(exist_ok=True)
        except OSError as error:
            raise InputError(
                f"cannot be made: {error.strerror}", path=self.shown
            ) from None
        self._lock = _locked(self.folder, self.shown)
        try:
            self._begin({"schema": SCHEMA, **made_of})
        except BaseException:
            self.close()
            raise

    def _begin(self, made_of: Mapping[str, Json]) -> None:
        _check_ours(self.folder, self.shown)
        for left in _ours(self.folder):
            if left.name.startswith("."):  # of a run that was killed
                left.unlink()
        manifest = self.folder / MANIFEST
        if manifest.exists() and any(self.folder.glob("*.part")):
            said = difference(_manifest(manifest, self.shown), made_of)
            if said:
                raise InputError(
                    f"holds the parts of another run: {said}", path=self.shown,
                    hint="finish that run with its own command, or begin anew with "
                    "--restart, which deletes the folder",
                )  # fmt: skip
            return
        for part in self.folder.glob("*.part"):  # of what, nothing says
            part.unlink()
        with atomic_write(manifest) as file:
            json.dump(made_of, file, ensure_ascii=False, indent=1)  # type: ignore[arg-type]
        _sync(self.folder)

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:06}.part"

    def has(self, number: int) -> bool:
        """Whether a part is finished."""
        return self._path(number).exists()

    def about(self, number: int) -> dict[str, Json]:
        """Return what was noted about a finished part."""
        with self._path(number).open("rb") as file:
            return self._about(number, file)

    def _about(self, number: int, file: IO[bytes]) -> dict[str, Json]:
        try:
            found = json.loads(file.readline())
            if isinstance(found["about"], dict):
                return {"sha256": str(found["sha256"]), **found["about"]}
        except (ValueError, KeyError, TypeError):
            pass
        raise self._damaged(number)

    def _damaged(self, number: int) -> InputError:
        return InputError(
            "is damaged", path=f"{self.shown}/{self._path(number).name}",
            hint="delete it: the same command makes it again, and keeps the others",
        )  # fmt: skip

    def write(self, number: int, data: bytes, about: Mapping[str, Json]) -> None:
        """Write a part, whole or not at all, with a note about it."""
        head = {"sha256": hashlib.sha256(data).hexdigest(), "about": about}
        line = json.dumps(head, ensure_ascii=False).encode() + b"\n"
        with atomic_write(self._path(number), binary=True) as file:
            file.write(line + data)  # type: ignore[arg-type]
        _sync(self.folder)

    def join(self, n: int) -> None:
        """Make the output of the first n parts, which must be finished; delete them.

        Raises
        ------
        InputError
            If a part was changed since it was written.
        """
        target = Path(self.output).resolve()
        joined = self.folder / JOINED
        with atomic_write(joined, binary=True) as out:
            for number in range(n):
                self._copy(number, out)  # type: ignore[arg-type]
        if target.exists():
            joined.chmod(target.stat().st_mode & 0o777)
        os.replace(joined, target)
        _sync(target.parent)
        self.remove()

    def _copy(self, number: int, out: IO[bytes]) -> None:
        with self._path(number).open("rb") as file:
            about = self._about(number, file)
            found = hashlib.sha256()
            while block := file.read(BLOCK):
                found.update(block)
                out.write(block)
        if found.hexdigest() != about["sha256"]:
            raise self._damaged(number)

    def remove(self) -> None:
        """Delete the folder."""
        _remove(self.folder)

    def close(self) -> None:
        """Let go of the folder; without a part in it, delete it."""
        if self.folder.is_dir() and not any(self.folder.glob("*.part")):
            with suppress(InputError):
                _check_ours(self.folder, self.shown)
                self.remove()
        self._lock.close()


def restart(output: str | Path) -> None:
    """Delete the parts of an output file, if there are any.

    Raises
    ------
    InputError
        If the folder holds something else, or another process has it open.

    Examples
    --------
    >>> restart("no-such.csv")
    """
    folder, shown = folder_of(output), f"{output}.parts"
    if not folder.is_dir():
        return
    _check_ours(folder, shown)
    with _locked(folder, shown):
        _remove(folder)


def _ours(folder: Path) -> Iterator[Path]:
    yield from (path for path in sorted(folder.iterdir()) if OURS.fullmatch(path.name))


def _remove(folder: Path) -> None:
    """Delete a folder of parts, the manifest after the parts: they are its own then."""
    last = (MANIFEST, LOCK)
    for path in _ours(folder):
        if path.name not in last:
            path.unlink(missing_ok=True)
    for name in last:
        (folder / name).unlink(missing_ok=True)
    with suppress(OSError):  # somebody else put something there
        folder.rmdir()


def _check_ours(folder: Path, shown: str) -> None:
    """Raise `InputError` for a folder with anything in it that is not ours."""
    for path in sorted(folder.iterdir()):
        if not OURS.fullmatch(path.name) and not path.name.startswith("."):
            raise InputError(
                f"is there, and holds what is no part of an output: {path.name!r}",
                path=shown, hint="move it, or name another file with --output",
            )  # fmt: skip


def _manifest(path: Path, shown: str) -> dict[str, Json]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise InputError(
            f"its {MANIFEST} is damaged", path=shown,
            hint="begin anew with --restart, which deletes the folder",
        )  # fmt: skip
    return found


def _locked(folder: Path, shown: str) -> IO[str]:
    """Return a file that no other process can lock as long as it is open."""
    file = (folder / LOCK).open("w", encoding="utf-8")
    try:
        import fcntl
    except ImportError:  # Windows
        return file
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise InputError(
            "another run is writing it", path=shown,
            hint="wait for it, or name another file with --output",
        ) from None  # fmt: skip
    return file


def _sync(folder: Path) -> None:
    """Have the names in a folder on disk, where the system lets a folder be opened."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
