"""What the verbs share: stdout is data, stderr is talk, files are whole."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]
Write = Callable[[str, str | bytes], Path]

ROOT = Path(__file__).parents[2]
EN = "Both sides agreed to expand cooperation and to ease the export controls."
ZH = "双方同意扩大科技合作，反对技术脱钩与出口管制。"
NAME = 'name = "us-china-tech"'
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0"}
SETTINGS = [
    {"COLUMNS": "40"},
    {"COLUMNS": "200", "TERM": "xterm-256color", "FORCE_COLOR": "1"},
    {"TERM": "dumb", "NO_COLOR": "1"},
    ASCII,
    {"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1", "PYTHONHASHSEED": "7"},
]


def stance(*words: str, **settings: str) -> subprocess.CompletedProcess[bytes]:
    """Run a verb in a process of its own, with some environment variables."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **settings}
    command = [sys.executable, "-m", "stance", *words]
    return subprocess.run(command, env=env, capture_output=True, check=False)


@pytest.fixture(autouse=True)
def _text(write: Write) -> None:
    write("a.txt", f"{EN}\n\n{ZH}\n")


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_bytes_do_not_depend_on_window_colour_or_locale(
    run: Run, settings: dict[str, str]
) -> None:
    _, expected, _ = run("classify", "a.txt")

    done = stance("classify", "a.txt", "-q", **settings)

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == expected.encode()


@pytest.mark.parametrize("words", [["classify", "-q"], ["read"]], ids=str)
def test_a_chinese_file_name_is_no_trouble_without_a_locale(
    words: list[str], write: Write
) -> None:
    write("讲话.txt", ZH)

    done = stance(*words, "讲话.txt", **ASCII)

    assert (done.returncode, done.stderr) == (0, b"")
    assert "讲话:p001" in done.stdout.decode()


def test_a_chinese_message_is_no_trouble_without_a_locale() -> None:
    done = stance("分类", **ASCII)

    assert done.returncode == 2
    assert done.stderr.startswith(b"stance: no such verb ")


@pytest.mark.parametrize("settings", [ASCII, {}], ids=["C", "default"])
def test_check_prints_chinese_names_without_a_locale(
    project: Path, settings: dict[str, str]
) -> None:
    path = project / "codebook.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(NAME, 'name = "中美科技"'), encoding="utf-8")

    done = stance("check", **settings)

    assert (done.returncode, done.stderr) == (0, b"")
    assert "codebook 中美科技 1.0: " in done.stdout.decode()


@pytest.mark.parametrize(
    ("verb", "source"), [("read", "seeds"), ("classify", "seeds/texts")]
)
def test_a_reader_that_has_gone_is_no_error(
    project: Path, verb: str, source: str
) -> None:
    command = [sys.executable, "-m", "stance", verb, source, "--format", "csv", "-q"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}

    with subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        talk = process.stderr.read()

    assert (process.returncode, talk) == (0, b"")


@pytest.mark.parametrize(
    "words", [["--help"], ["read", "--help"], ["read", "a.txt"]], ids=str
)
def test_a_reader_that_was_never_there_is_no_error(words: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "stance", *words]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}

    done = subprocess.run(
        command, env=env, stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)

    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("name", ["x.csv", "x.tsv", "x.jsonl", "x.md", "x.tex"])
def test_the_ending_of_the_output_file_names_the_format(run: Run, name: str) -> None:
    form = {"md": "markdown", "tex": "latex"}.get(name[2:], name[2:])
    _, expected, _ = run("classify", "a.txt", "--format", form)

    code, out, _ = run("classify", "a.txt", "-o", name)

    assert (code, out) == (0, "")
    assert Path(name).read_bytes() == expected.encode()


def test_a_named_format_outweighs_the_ending(run: Run) -> None:
    run("read", "a.txt", "-o", "x.csv", "--format", "jsonl")

    assert Path("x.csv").read_bytes().startswith(b'{"id": "a:p001", ')


def test_an_ending_that_names_no_format_makes_csv(run: Run) -> None:
    run("read", "a.txt", "-o", "x.out")

    assert Path("x.out").read_bytes().startswith(b"id,kind,language,")


def test_stdout_and_file_have_the_same_bytes(run: Run) -> None:
    _, out, _ = run("read", "a.txt")

    run("read", "a.txt", "-o", "x.csv")

    assert Path("x.csv").read_bytes() == out.encode()


def test_a_terminal_gets_a_table(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")

    _, out, _ = run("read", "a.txt")

    assert out.splitlines()[0].split() == [
        "id",
        "kind",
        "language",
        "start",
        "end",
        "twin",
        "text",
    ]


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_digits_round_for_people(run: Run, form: str) -> None:
    _, out, _ = run("classify", "-", "--format", form, "--digits", "2", stdin=ZH)
    _, full, _ = run("classify", "-", "--format", "jsonl", stdin=ZH)
    record = json.loads(full)

    assert str(round(record["p_competition"], 2)) in out
    assert str(record["p_competition"]) not in out


def test_digits_round_the_weights_of_the_evidence(run: Run) -> None:
    words = ["classify", "-", "--format", "jsonl"]
    _, full, _ = run(*words, stdin=ZH)

    _, out, _ = run(*words, "--digits", "2", stdin=ZH)

    assert [item["weight"] for item in json.loads(out)["evidence"]] == [
        round(item["weight"], 2) for item in json.loads(full)["evidence"]
    ]


def test_without_digits_reading_back_loses_nothing(run: Run) -> None:
    _, table, _ = run("classify", "-", stdin=ZH)
    _, lines, _ = run("classify", "-", "--format", "jsonl", stdin=ZH)
    record = json.loads(lines)

    assert [float(v) for v in table.splitlines()[1].split(",")[7:11]] == [
        record["p_cooperation"],
        record["p_competition"],
        record["p_countermeasure"],
        record["p_none"],
    ]


def test_parquet_holds_the_same_rows(run: Run) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")

    run("classify", "a.txt", "-o", "x.parquet")
    _, lines, _ = run("classify", "a.txt", "--format", "jsonl")

    assert parquet.read_table("x.parquet").to_pylist() == [
        json.loads(line) for line in lines.splitlines()
    ]


def test_progress_is_not_drawn_where_nobody_watches(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stance.cli.common.PATIENCE", 0.0)

    _, _, err = run("classify", "a.txt", "-q")

    assert err == ""


def test_progress_is_drawn_on_a_terminal_when_work_is_long(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stance.cli.common.PATIENCE", 0.0)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")

    _, out, err = run("classify", "a.txt")

    assert "classifying" in err
    assert "classifying" not in out
