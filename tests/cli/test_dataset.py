"""A folder of partitions on the command line: what is said, and the exit code."""

import argparse
from collections.abc import Callable
from pathlib import Path

import pytest

from stance.cli.common import speak_warnings
from stance.cli.dataset import names_dataset, run_dataset
from stance.errors import InputError

pytest.importorskip("pyarrow")

import pyarrow as pa
from pyarrow import parquet

Capture = pytest.CaptureFixture[str]


def put(name: str, *texts: str) -> None:
    """Write a partition of the folder ``in``."""
    Path("in", name).parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(pa.table({"text": list(texts)}), Path("in", name))


@pytest.fixture
def words(small_model: Path) -> Callable[..., argparse.Namespace]:
    """Return the parsed words of ``stance classify in -o out/``, and others."""
    put("a.parquet", "Both sides agreed to expand trade.", "双方同意扩大科技合作。")
    put("year=2018/b.parquet", "They imposed new controls.", "Привет, мир!")

    def call(**others: object) -> argparse.Namespace:
        usual = {"paths": ["in"], "output": "out/", "model": "m", "quiet": False}
        return argparse.Namespace(**{**usual, "format": "auto", "jobs": 1, **others})

    return call


Words = Callable[..., argparse.Namespace]


def run(args: argparse.Namespace) -> int:
    with speak_warnings(quiet=args.quiet):
        return run_dataset(args)


@pytest.mark.parametrize(
    ("paths", "output"),
    [
        (["in"], None),
        (["in"], "out.parquet"),
        (["in"], "out"),
        (["in/a.parquet"], "out/"),
        (["in", "in"], "out/"),
        (["-"], "out/"),
        (["m"], "out/"),
    ],
)
def test_other_inputs_and_outputs_are_no_data_set(
    words: Words, paths: list[str], output: str | None
) -> None:
    assert not names_dataset(words(paths=paths, output=output))


@pytest.mark.parametrize("output", ["out/", "in", "m"])
def test_a_folder_of_partitions_and_a_folder_are_a_data_set(
    words: Words, output: str
) -> None:
    assert names_dataset(words(output=output))


@pytest.mark.parametrize("jobs", [1, 2])
def test_partitions_are_labelled_and_summed_up(
    words: Words, capsys: Capture, jobs: int
) -> None:
    code = run(words(jobs=jobs))

    out, err = capsys.readouterr()
    assert (code, out) == (0, "")
    assert "1 of 4 paragraphs are neither English nor Chinese" in err
    assert "\n2 partitions: 2 labelled, 0 labelled before, 0 failed\nmodel m " in err
    assert parquet.read_schema("out/year=2018/b.parquet").names[0] == "unit_id"


def test_quiet_says_nothing(words: Words, capsys: Capture) -> None:
    code = run(words(quiet=True))

    assert (code, *capsys.readouterr()) == (0, "", "")


def test_a_second_run_says_what_was_labelled_before(
    words: Words, capsys: Capture
) -> None:
    run(words())
    put("a.parquet", "They quarrelled over chips.")
    capsys.readouterr()

    code = run(words())

    err = capsys.readouterr().err
    assert code == 0
    assert "2 partitions: 1 labelled, 1 labelled before, 0 failed" in err
    assert "stance: warning: a.parquet: it has changed; labelled anew\n" in err


def test_a_poisoned_partition_is_named_and_the_exit_code_is_1(
    words: Words, capsys: Capture
) -> None:
    put("year=2018/\x1b[31mz.parquet", "反\x00制")

    code = run(words(quiet=True))

    assert (code, *capsys.readouterr()) == (
        1,
        "",
        "stance: year=2018/␛[31mz.parquet: row 1: the text has NUL characters "
        "(mend or remove the row)\n",
    )
    assert sorted(path.name for path in Path("out").rglob("*.parquet")) == [
        "a.parquet",
        "b.parquet",
    ]


def test_ctrl_c_says_that_the_same_command_goes_on(
    words: Words, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("stance.model.dataset.label_partition", stop)

    with pytest.raises(KeyboardInterrupt):
        run(words())

    said = "stance: 0 of 2 partitions are finished; the same command goes on\n"
    assert capsys.readouterr().err == said


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("coverage", 0.9),
        ("explain", True),
        ("moved", True),
        ("lines", True),
        ("digits", 3),
        ("input_format", "jsonl"),
        ("encoding", "gb18030"),
        ("restart", True),
    ],
)
def test_options_that_do_not_go_with_partitions_are_refused(
    words: Words, option: str, value: object
) -> None:
    shown = option.replace("_", "-")

    with pytest.raises(InputError, match=f"--{shown} does not go with a folder"):
        run(words(**{option: value}))


@pytest.mark.parametrize("form", ["csv", "table", "jsonl"])
def test_partitions_are_parquet_alone(words: Words, form: str) -> None:
    with pytest.raises(InputError, match=f"written as Parquet, not as {form}"):
        run(words(format=form))
