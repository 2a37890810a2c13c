"""``stance classify`` on streams: any input, any number of jobs, the same bytes."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from stance.cli.common import Progress

Run = Callable[..., tuple[int, str, str]]
Write = Callable[[str, str | bytes], Path]

ROOT = Path(__file__).parents[2]
PAIRS = ("Both sides agreed to expand trade in round {}.", "双方第{}次加强出口管制。")
TEXTS = [PAIRS[n % 2].format(n) for n in range(50)]
ROWS = ["id,text", *(f"u{n},{text}" for n, text in enumerate(TEXTS))]
TABLE = "\n".join(ROWS) + "\n"
LINES = "".join(
    json.dumps({"id": f"u{n}", "text": text}) + "\n" for n, text in enumerate(TEXTS)
)
MODEL = ["--model", "m"]
#: Runs the command, then says which packages were imported.
SPY = """
import sys
from stance.cli import main
code = main(sys.argv[1:])
print(*sorted(sys.modules), file=sys.stderr)
sys.exit(code)
"""


@pytest.fixture(autouse=True)
def _short_chunks(monkeypatch: pytest.MonkeyPatch, small_model: Path) -> None:
    """Let a chunk have seven units."""
    monkeypatch.setattr("stance.model.stream.CHUNK_UNITS", 7)


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl"])
def test_two_jobs_give_the_bytes_of_one(run: Run, write: Write, form: str) -> None:
    write("a.csv", TABLE)
    words = ["classify", "a.csv", *MODEL, "--format", form]
    _, expected, said = run(*words)

    code, out, err = run(*words, "--jobs", "2")

    assert (code, out, err) == (0, expected, said)
    assert [line.count("u48") for line in out.splitlines()][-2] == 2


def test_two_jobs_give_the_file_of_one(run: Run, write: Write) -> None:
    write("a.jsonl", LINES)
    _, expected, _ = run("classify", "a.jsonl", *MODEL)

    code, _, _ = run("classify", "a.jsonl", *MODEL, "--jobs", "2", "-o", "out.csv")

    assert code == 0
    assert Path("out.csv").read_bytes() == expected.encode()
    assert sorted(os.listdir()) == ["a.jsonl", "m", "out.csv"]


@pytest.mark.parametrize(
    "words",
    [["--format", "table"], ["--format", "markdown"], ["--explain"], ["--moved"]],
    ids=lambda words: words[-1],
)
def test_outputs_for_people_are_the_same_with_two_jobs(
    run: Run, write: Write, words: list[str]
) -> None:
    write("a.csv", TABLE)
    expected = run("classify", "a.csv", *MODEL, *words)

    assert run("classify", "a.csv", *MODEL, *words, "--jobs", "2") == expected


def test_warnings_and_counts_are_those_of_one_job(
    run: Run, coded: Path, write: Write
) -> None:
    rows = coded.read_text(encoding="utf-8").splitlines()
    write("a.csv", "\n".join([*rows, *["d9,Контроль экспорта чипов,pro"] * 9]))
    words = ["classify", "a.csv", *MODEL]
    _, _, expected = run(*words)

    _, _, err = run(*words, "--jobs", "2")

    assert err == expected
    assert err.count("9 of 25 paragraphs are neither English nor Chinese") == 1
    assert "25 paragraphs\n* 16 of them seen" in err


def test_targets_new_to_the_model_are_warned_of_with_two_jobs(
    run: Run, targeted: Path, write: Write
) -> None:
    rows = [f"wine{n},We should expand it in year {n}." for n in range(20)]
    write("a.csv", "\n".join(["topic,text", *rows, "关税,我们应当扩大它的范围。"]))
    words = ["classify", "a.csv", "--model", "t", "--target", "topic"]
    expected = run(*words)

    assert run(*words, "--jobs", "2") == expected
    assert "20 targets are new to the model, the first 'wine0'" in expected[2]


def test_languages_without_coverage_are_warned_of_with_two_jobs(
    run: Run, panel: Path, write: Write
) -> None:
    write("a.csv", TABLE)
    words = ["classify", "a.csv", "--model", "p", "--coverage", "0.9"]
    expected = run(*words)

    assert run(*words, "--jobs", "2") == expected
    assert "25 paragraphs: language 'zh'" in expected[2]


def test_neighbours_are_read_across_chunks(
    run: Run, framed: Path, write: Write
) -> None:
    rows = ["text,doc", *(f"{text},d" for text in TEXTS)]
    write("a.csv", "\n".join(rows))
    words = ["classify", "a.csv", "--model", "c"]
    whole = run(*words)

    assert run(*words, "--jobs", "2") == whole
    assert whole[0] == 0


def test_a_wrong_row_is_refused_alike_with_two_jobs(run: Run, write: Write) -> None:
    write("a.csv", TABLE + "u0,合作。\n" + "u77,x\n" * 5)
    words = ["classify", "a.csv", *MODEL]
    expected = run(*words)

    assert run(*words, "--jobs", "2") == expected
    assert expected[0] == 2
    assert expected[2] == (
        "stance: a.csv:52: id 'u0' stands in line 2 already\n"
        "  ids must be unique; name another column with --id\n"
    )


@pytest.mark.parametrize("jobs", ["0", "-1", "two"])
def test_a_senseless_number_of_jobs_is_refused(run: Run, jobs: str) -> None:
    code, _, err = run("classify", "a.csv", f"--jobs={jobs}")

    assert code == 2
    assert "argument --jobs: " in err


@pytest.mark.parametrize("form", ["csv", "jsonl", "tsv"])
def test_a_pipe_gives_what_the_file_does(run: Run, write: Write, form: str) -> None:
    text = {"csv": TABLE, "jsonl": LINES, "tsv": TABLE.replace(",", "\t")}[form]
    write(f"a.{form}", text)
    _, expected, _ = run("classify", f"a.{form}", *MODEL)

    _, out, _ = run("classify", "-", "--input-format", form, *MODEL, stdin=text)

    assert out == expected


def test_lines_of_a_pipe_are_those_of_the_file(run: Run, write: Write) -> None:
    text = "\n".join(TEXTS).replace("\n", "\r\n\r\n", 9) + "\u2028终"
    write("stdin.txt", text)
    _, expected, _ = run("classify", "stdin.txt", "--lines", *MODEL)

    _, out, _ = run("classify", "-", "--lines", *MODEL, stdin=text)

    assert out == expected
    assert out.count("\n") == 52


def test_rows_of_a_pipe_are_labelled_before_it_ends(write: Write) -> None:
    command = [sys.executable, "-m", "stance", "classify", "-", "--lines", *MODEL, "-q"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}

    with subprocess.Popen(
        command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("双方 agreed to expand trade.\n".encode() * 34_000)
        process.stdin.flush()
        head, first = process.stdout.readline(), process.stdout.readline()
        process.kill()

    assert head.startswith(b"unit_id,document_id,")
    assert first.startswith(b"stdin:p001,stdin,")


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_files_in_other_encodings_are_read(
    run: Run, write: Write, encoding: str
) -> None:
    write("a.csv", TABLE)
    _, expected, _ = run("classify", "a.csv", *MODEL)
    write("a.csv", TABLE.encode(encoding))

    code, out, _ = run("classify", "a.csv", *MODEL, "--jobs", "2")

    assert (code, out) == (0, expected)


def test_an_id_far_below_is_found_with_its_first_line(run: Run, write: Write) -> None:
    rows = [f"u{n},合作" for n in range(3_000)]
    write("a.csv", "\n".join(["id,text", *rows, "u0,合作"]))

    code, _, err = run("read", "a.csv")

    assert (code, err) == (
        2,
        "stance: a.csv:3002: id 'u0' stands in line 2 already\n"
        "  ids must be unique; name another column with --id\n",
    )


def test_parquet_in_is_as_a_table_in(run: Run, write: Write) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    write("box/a.csv", TABLE)
    table = pyarrow.table({"id": [f"u{n}" for n in range(50)], "text": TEXTS})
    parquet.write_table(table, "b.parquet")
    _, expected, _ = run("classify", "box/a.csv", *MODEL)

    for words in (["b.parquet"], ["b.parquet", "--jobs", "2"]):
        assert run("classify", *words, *MODEL)[:2] == (0, expected)


def test_parquet_files_of_a_folder_are_found(run: Run, write: Write) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    write("box/a.csv", "id,text\nu1,合作。\n")
    parquet.write_table(pyarrow.table({"text": TEXTS[:2]}), "box/b.parquet")

    code, out, _ = run("classify", "box", *MODEL)

    assert code == 0
    assert [line.split(",")[0] for line in out.splitlines()] == [
        "unit_id", "u1", "b:1", "b:2",
    ]  # fmt: skip


def test_one_sentence_imports_nothing_of_long_work() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SPY, "classify", "-", *MODEL],
        input="双方 agreed to ease export controls.".encode(),
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=True,
    )  # fmt: skip
    modules = done.stderr.decode().splitlines()[-1].split()

    assert set(modules) & {
        "concurrent.futures", "fcntl", "joblib", "multiprocessing", "pyarrow", "rich",
        "stance.corpus.parquet", "stance.corpus.parts", "tempfile",
    } == set()  # fmt: skip


def test_progress_says_rate_and_measures_bytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = iter([100.0, 104.0, 104.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(now))
    progress = Progress("classifying", 0, quiet=True, size=1000)
    progress.step(5_000, place=400, is_work=False)
    progress.step(3_000, place=600)

    assert (progress.n, progress.place) == (8_000, 600)
    assert progress.said() == "8,000 done, 750/s"


def test_progress_by_units_says_how_many_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = iter([100.0, 110.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(now))
    progress = Progress("reading", 40, quiet=True)
    progress.step(20)

    assert progress.said() == "20 of about 40, 2.0/s"


def test_progress_is_drawn_with_its_rate(
    run: Run, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stance.cli.common.PATIENCE", 0.0)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "160")
    write("a.csv", TABLE)

    _, _, err = run("classify", "a.csv", *MODEL)

    assert re.search(r"\d+ done, [\d,.]+/s", err)


def test_standard_input_of_blanks_alone_is_empty(run: Run) -> None:
    code, _, err = run("classify", "-", "--lines", *MODEL, stdin="\n \r\n" * 9)

    assert (code, err) == (2, "stance: standard input is empty\n")


def test_a_text_of_wide_blanks_alone_is_empty_by_lines(run: Run, write: Write) -> None:
    write("a.txt", "\u3000\n\u3000\n")

    code, _, err = run("classify", "a.txt", "--lines", *MODEL)

    assert (code, err) == (2, "stance: a.txt: is empty\n")
