"""Files and folders appear whole or not at all."""

from pathlib import Path

import pytest

from stance.corpus.files import atomic_folder, atomic_write
from stance.errors import InputError

TEXT = "id,text\n1,“合作”，cafe\u0301\n"


def break_off(path: str) -> None:
    """Write a part of a file, then fail."""
    with atomic_write(path) as file:
        file.write("half")
        raise KeyboardInterrupt


def fill_half(folder: Path) -> None:
    """Fill a part of a folder, then fail."""
    (folder / "half").touch()
    raise KeyboardInterrupt


def test_a_file_holds_what_was_written(here: Path) -> None:
    with atomic_write("a.csv") as file:
        file.write(TEXT)

    assert Path("a.csv").read_bytes() == TEXT.encode()


def test_bytes_are_written_as_they_are(here: Path) -> None:
    with atomic_write("a.bin", binary=True) as file:
        file.write(b"\r\n\xff")

    assert Path("a.bin").read_bytes() == b"\r\n\xff"


def test_a_broken_write_leaves_what_was_there(here: Path) -> None:
    Path("a.csv").write_text(TEXT, encoding="utf-8")

    with pytest.raises(KeyboardInterrupt):
        break_off("a.csv")

    assert [path.read_bytes() for path in here.iterdir()] == [TEXT.encode()]


def test_a_broken_write_leaves_no_new_file(here: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        break_off("a.csv")

    assert list(here.iterdir()) == []


def test_a_file_keeps_its_permissions(here: Path) -> None:
    Path("a.csv").touch()
    Path("a.csv").chmod(0o640)

    with atomic_write("a.csv") as file:
        file.write(TEXT)

    assert Path("a.csv").stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link(here: Path) -> None:
    Path("target.csv").touch()
    Path("a.csv").symlink_to("target.csv")

    with atomic_write("a.csv") as file:
        file.write(TEXT)

    assert Path("a.csv").is_symlink()
    assert Path("target.csv").read_bytes() == TEXT.encode()


def test_a_file_in_a_missing_folder_cannot_be_written(here: Path) -> None:
    with pytest.raises(InputError) as error:
        break_off("none/a.csv")

    assert str(error.value) == (
        "none/a.csv: cannot be written: there is no folder 'none'\n"
        "  make the folder, or name another file with --output"
    )


def test_a_folder_cannot_be_written_as_a_file(here: Path) -> None:
    Path("out").mkdir()

    with pytest.raises(InputError) as error, atomic_write("out") as file:
        file.write(TEXT)

    assert str(error.value) == (
        "out: is a folder; a file was expected\n  name a file with --output"
    )


def test_a_full_disk_leaves_what_was_there(here: Path) -> None:
    Path("a.csv").write_text(TEXT, encoding="utf-8")

    with pytest.raises(InputError) as error, atomic_write("a.csv"):
        raise OSError(28, "No space left on device")

    assert str(error.value) == "a.csv: cannot be written: No space left on device"
    assert [path.read_bytes() for path in here.iterdir()] == [TEXT.encode()]


def test_a_closed_pipe_is_no_error_of_the_file(here: Path) -> None:
    with pytest.raises(BrokenPipeError), atomic_write("a.csv"):
        raise BrokenPipeError


def test_a_folder_is_replaced_as_a_whole(here: Path) -> None:
    Path("model").mkdir()
    Path("model/old").touch()

    atomic_folder("model", lambda new: (new / "new").touch())

    assert [path.name for path in Path("model").iterdir()] == ["new"]


def test_a_new_folder_may_lie_in_new_folders(here: Path) -> None:
    atomic_folder("models/模型", lambda new: (new / "new").touch())

    assert Path("models/模型/new").exists()


def test_a_broken_folder_leaves_what_was_there(here: Path) -> None:
    Path("model").mkdir()
    Path("model/old").touch()

    with pytest.raises(KeyboardInterrupt):
        atomic_folder("model", fill_half)

    assert sorted(path.name for path in here.rglob("*")) == ["model", "old"]


def test_a_folder_below_a_file_cannot_be_written(here: Path) -> None:
    Path("a.csv").touch()

    with pytest.raises(InputError) as error:
        atomic_folder("a.csv/model", fill_half)

    assert str(error.value) == (
        "a.csv/model: cannot be written: 'a.csv' is no folder\n"
        "  name another folder with --output"
    )
