"""Ctrl-C and failures in the middle leave what was there before, and no rubbish."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from stance.corpus.files import atomic_folder

Run = Callable[..., tuple[int, str, str]]
Write = Callable[[str, str | bytes], Path]

TEXT = "Both sides agreed to expand trade.\n\n双方同意扩大科技合作。\n"


@pytest.fixture
def ctrl_c(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the n-th call of a function be interrupted."""

    def arm(owner: object, name: str, *, call: int = 1) -> None:
        real, calls = getattr(owner, name), iter(range(1, 1000))

        def step(*words: object, **named: object) -> object:
            if next(calls) == call:
                raise KeyboardInterrupt
            return real(*words, **named)

        monkeypatch.setattr(owner, name, step)

    return arm


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let units be labelled one after the other."""
    monkeypatch.setattr("stance.model.stream.CHUNK_UNITS", 1)


@pytest.mark.parametrize("form", ["csv", "table", "jsonl"])
def test_ctrl_c_in_classify_keeps_the_old_output(
    run: Run, write: Write, small_model: Path, one_by_one: None,
    ctrl_c: Callable[..., None], form: str,
) -> None:  # fmt: skip
    import stance.model.classify as module

    write("a.txt", TEXT)
    out = write("out.csv", "之前的结果\n")
    ctrl_c(module, "evidence", call=2)

    code, _, err = run(
        "classify", "a.txt", "--model", "m", "--format", form, "-o", "out.csv"
    )

    assert (code, err) == (130, "stance: interrupted\n")
    assert out.read_text(encoding="utf-8") == "之前的结果\n"
    assert sorted(os.listdir()) == ["a.txt", "m", "out.csv"]


def test_ctrl_c_in_classify_makes_no_output(
    run: Run, write: Write, small_model: Path, one_by_one: None,
    ctrl_c: Callable[..., None],
) -> None:  # fmt: skip
    import stance.model.classify as module

    write("a.txt", TEXT)
    ctrl_c(module, "evidence", call=2)

    run("classify", "a.txt", "--model", "m", "-o", "out.csv")

    assert sorted(os.listdir()) == ["a.txt", "m"]


def test_ctrl_c_while_the_output_gets_its_name_keeps_the_old_one(
    run: Run, write: Write, ctrl_c: Callable[..., None]
) -> None:
    write("a.txt", TEXT)
    out = write("out.csv", "之前的结果\n")
    ctrl_c(os, "replace")

    code, _, _ = run("read", "a.txt", "-o", "out.csv")

    assert code == 130
    assert out.read_text(encoding="utf-8") == "之前的结果\n"
    assert sorted(os.listdir()) == ["a.txt", "out.csv"]


def test_ctrl_c_in_training_makes_no_model(
    run: Run, coded: Path, ctrl_c: Callable[..., None]
) -> None:
    import stance.model.train as module

    ctrl_c(module, "_train")

    code, out, err = run(
        "train", "--data", "coded.csv", "--output", "new", "--jobs", "1"
    )

    assert (code, out, err) == (130, "", "stance: interrupted\n")
    assert os.listdir() == ["coded.csv"]


@pytest.mark.parametrize("call", [1, 3])
def test_ctrl_c_while_folds_are_tested_keeps_the_old_output(
    run: Run, write: Write, coded: Path, ctrl_c: Callable[..., None], call: int
) -> None:
    import stance.model.train as module

    out = write("out.csv", "之前的结果\n")
    ctrl_c(module, "_predict_fold", call=call)
    words = ["--data", "coded.csv", "--split", "document", "--jobs", "1"]

    code, printed, err = run("evaluate", *words, "-o", "out.csv")

    assert (code, printed, err) == (130, "", "stance: interrupted\n")
    assert out.read_text(encoding="utf-8") == "之前的结果\n"
    assert sorted(os.listdir()) == ["coded.csv", "out.csv"]


def test_ctrl_c_while_labels_are_predicted_anew_ends_the_check(
    run: Run, tiny: Path, panel: Path, ctrl_c: Callable[..., None]
) -> None:
    import stance.model.train as module

    ctrl_c(module, "_predict_fold")

    code, out, err = run("check", "--labels", "--model", "p", "--jobs", "1", "-q")

    assert (code, out, err) == (130, "", "stance: interrupted\n")


@pytest.mark.parametrize("call", [1, 2])
def test_ctrl_c_while_a_folder_is_replaced_keeps_the_old_one(
    write: Write, ctrl_c: Callable[..., None], call: int
) -> None:
    write("m/model.json", "old")
    ctrl_c(os, "replace", call=call)

    with pytest.raises(KeyboardInterrupt):
        atomic_folder("m", lambda new: (new / "model.json").touch())

    assert os.listdir() == ["m"]
    assert Path("m", "model.json").read_text(encoding="utf-8") == "old"


def test_a_full_disk_keeps_the_old_output(
    run: Run, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    write("a.txt", TEXT)
    out = write("out.csv", "之前的结果\n")
    monkeypatch.setattr(os, "fsync", refuse)

    code, _, err = run("read", "a.txt", "-o", "out.csv")

    assert (code, err) == (
        2,
        "stance: out.csv: cannot be written: No space left on device\n",
    )
    assert out.read_text(encoding="utf-8") == "之前的结果\n"
    assert sorted(os.listdir()) == ["a.txt", "out.csv"]


def test_memory_that_runs_out_is_one_line(
    run: Run, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise MemoryError

    write("a.txt", TEXT)
    monkeypatch.setattr("stance.corpus.read.decode", refuse)

    code, _, err = run("read", "a.txt")

    assert (code, err) == (2, "stance: out of memory\n")


@pytest.mark.skipif(sys.platform == "win32", reason="modes are those of POSIX")
def test_a_replaced_output_file_keeps_its_mode(run: Run, write: Write) -> None:
    write("a.txt", TEXT)
    out = write("out.csv", "之前的结果\n")
    out.chmod(0o640)

    run("read", "a.txt", "-o", "out.csv")

    assert out.stat().st_mode & 0o777 == 0o640
