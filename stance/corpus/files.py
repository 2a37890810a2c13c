"""Files that are there, and files and folders that appear whole or not at all."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from stance.errors import InputError


def open_bytes(path: str | Path) -> IO[bytes]:
    """Open a file that is there.

    Raises
    ------
    InputError
        If it is missing, a folder, or not readable.

    Examples
    --------
    >>> open_bytes("no-such.csv")
    Traceback (most recent call last):
    ...
    stance.errors.InputError: no-such.csv: no such file
    """
    path = Path(path)
    if not path.exists():
        raise InputError("no such file", path=path)
    if path.is_dir():
        raise InputError("is a folder; a file was expected", path=path)
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path=path) from None


def read_bytes(path: str | Path) -> bytes:
    """Return the bytes of a file that is there and not empty.

    Raises
    ------
    InputError
        If it is missing, a folder, not readable, or holds nothing but white space.

    Examples
    --------
    >>> read_bytes("no-such.txt")
    Traceback (most recent call last):
    ...
    stance.errors.InputError: no-such.txt: no such file
    """
    try:
        with open_bytes(path) as file:
            raw = file.read()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path=path) from None
    if not raw.strip():
        raise InputError("is empty", path=path)
    return raw


#: What writing itself can fail of; another error comes from what is being written.
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


@contextmanager
def atomic_write(
    path: str | Path, *, binary: bool = False
) -> Iterator[IO[str] | IO[bytes]]:
    r"""Open a file that takes its name only when all is written and on disk.

    An error, a kill or Ctrl-C in between leaves what was there before.

    Raises
    ------
    InputError
        If the folder is not there or cannot be written to.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with atomic_write(Path(folder) / "a.csv") as file:
    ...         _ = file.write("id\n")
    ...     (Path(folder) / "a.csv").read_text()
    'id\n'
    """
    import tempfile

    target = Path(path).resolve()
    check_place(target, path, what="file")
    if target.exists() and not target.is_file():  # a pipe, or /dev/null
        with _open(target, binary) as special:
            yield special
        return
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", path=path) from None
    try:
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        os.chmod(name, mode)
        with _open(handle, binary) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, target)
    except BaseException as error:
        Path(name).unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            raise InputError(
                f"cannot be written: {error.strerror}", path=path
            ) from None
        raise


def check_place(target: Path, path: str | Path, *, what: str) -> None:
    """Raise `InputError` where a file or folder cannot come to be."""
    if what == "file" and target.is_dir():
        raise InputError(
            "is a folder; a file was expected",
            path=path,
            hint="name a file with --output",
        )
    if not target.parent.is_dir() and what == "file":
        raise InputError(
            f"cannot be written: there is no folder {str(Path(path).parent)!r}",
            path=path,
            hint="make the folder, or name another file with --output",
        )
    for parent in (target, *target.parents) if what == "folder" else ():
        if parent.exists() and not parent.is_dir():
            shown = os.path.relpath(parent) if not Path(path).is_absolute() else parent
            raise InputError(
                f"cannot be written: {str(shown)!r} is no folder",
                path=path,
                hint="name another folder with --output",
            )


def _open(target: Path | int, binary: bool) -> IO[str] | IO[bytes]:
    if binary:
        return open(target, "wb")
    return open(target, "w", encoding="utf-8", newline="\n")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def atomic_folder(folder: str | Path, fill: Callable[[Path], None]) -> None:
    """Make or replace a folder: ``fill`` writes a new one that then takes its name.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as parent:
    ...     atomic_folder(Path(parent) / "m", lambda new: (new / "x").touch())
    ...     [path.name for path in (Path(parent) / "m").iterdir()]
    ['x']
    """
    import shutil
    import tempfile

    target = Path(folder).resolve()
    check_place(target, folder, what="folder")
    new = old = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        new.chmod(0o777 & ~_umask())
        fill(new)
        if target.exists():
            old = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
            os.replace(target, old / "old")
        os.replace(new, target)
    except BaseException as error:
        if old and (old / "old").exists():
            os.replace(old / "old", target)
        if isinstance(error, OSError):
            raise InputError(
                f"cannot be written: {error.strerror}", path=folder
            ) from None
        raise
    finally:
        for left in (new, old):
            if left:
                shutil.rmtree(left, ignore_errors=True)
