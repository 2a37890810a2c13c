"""Files and folders that appear whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from stance.errors import InputError


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
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with atomic_write(Path(folder) / "a.csv") as file:
    ...         _ = file.write("id\\n")
    ...     (Path(folder) / "a.csv").read_text()
    'id\\n'
    """
    target = Path(path).resolve()
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", path=path) from None
    try:
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        os.chmod(name, mode)
        with (
            open(handle, "wb")
            if binary
            else open(handle, "w", encoding="utf-8", newline="\n")
        ) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def atomic_folder(folder: str | Path, fill: Callable[[Path], None]) -> None:
    """Make or replace a folder: ``fill`` writes a new one that then takes its name.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as parent:
    ...     atomic_folder(Path(parent) / "m", lambda new: (new / "x").touch())
    ...     [path.name for path in (Path(parent) / "m").iterdir()]
    ['x']
    """
    target = Path(folder).resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", path=folder) from None
    try:
        new.chmod(0o777 & ~_umask())
        fill(new)
        if target.exists():
            old = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
            os.replace(target, old / "old")
            os.replace(new, target)
            shutil.rmtree(old)
        else:
            os.replace(new, target)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
