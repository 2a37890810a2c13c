"""``stance classify -o FILE`` killed at any moment goes on, to the same bytes."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stance.cli import main
from stance.cli.labelling import Labels, Output
from stance.corpus.parts import Parts
from stance.model.model import Model
from stance.model.stream import Chunk

Run = Callable[..., tuple[int, str, str]]
Write = Callable[[str, str | bytes], Path]

ROOT = Path(__file__).parents[2]
PAIRS = ("Both sides agreed to expand trade in round {}.", "双方第{}次加强出口管制。")
ROWS = ["id,text", *(f"u{n},{PAIRS[n % 2].format(n)}" for n in range(25))]
WORDS = ["classify", "a.csv", "--model", "m", "-o", "out.csv"]
KEPT = (
    "stance: what is finished is kept in out.csv.parts; the same command goes on from "
    "there\n"
)
ANEW = (
    "\n  finish that run with its own command, or begin anew with --restart, which "
    "deletes the folder\n"
)
#: What changes a file system; the audit event of opening counts where it may write.
CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.fsync")
#: A run makes fewer changes than this: each is killed once.
MOST = 90
HAS_FORK = pytest.mark.skipif(not hasattr(os, "fork"), reason="takes os.fork")


@pytest.fixture(autouse=True)
def _short_parts(monkeypatch: pytest.MonkeyPatch, small_model: Path) -> None:
    """Let a part have six units, two chunks of three."""
    monkeypatch.setattr("stance.model.stream.CHUNK_UNITS", 3)
    monkeypatch.setattr("stance.cli.parts.PART_CHUNKS", 2)
    Path("a.csv").write_text("\n".join(ROWS) + "\n", encoding="utf-8")


@pytest.fixture
def whole(run: Run) -> bytes:
    """Return the output of a run that nothing interrupts."""
    _, out, _ = run("classify", "a.csv", "--model", "m")
    return out.encode()


@pytest.fixture
def done() -> list[int]:
    """Return the numbers of the chunks that were labelled."""
    return []


@pytest.fixture
def stop(monkeypatch: pytest.MonkeyPatch, done: list[int]) -> Callable[..., None]:
    """Let the labelling of the n-th chunk be interrupted."""
    import stance.cli.labelling as module

    real = module.label

    def arm(n: int) -> None:
        done.clear()

        def label(chunk: Chunk, *, model: Model, output: Output) -> Labels:
            if len(done) == n - 1:
                raise KeyboardInterrupt
            done.append(chunk.number)
            return real(chunk, model=model, output=output)

        monkeypatch.setattr(module, "label", label)

    return arm


def names(folder: str = ".") -> list[str]:
    """Return what stands in a folder."""
    return sorted(os.listdir(folder))


def arm_kill(k: int) -> None:
    """Kill this process before its k-th change of a file system."""
    left = iter(range(1, 1000))

    def watch(event: str, found: tuple[object, ...]) -> None:
        is_written = event == "open" and int(str(found[2])) & (os.O_WRONLY | os.O_RDWR)
        if (is_written or event in CHANGES) and next(left) == k:
            os.kill(os.getpid(), signal.SIGKILL)

    real = os.fsync

    def fsync(handle: int) -> None:
        watch("os.fsync", ())
        real(handle)

    sys.addaudithook(watch)
    os.fsync = fsync


def killed(k: int, words: list[str]) -> bool:
    """Run a verb in a process that is killed before its k-th change; say if it was."""
    child = os.fork()
    if not child:
        arm_kill(k)
        main([*words, "-q"])
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


@HAS_FORK
@pytest.mark.parametrize("k", range(1, MOST))
def test_a_run_killed_before_any_change_of_a_file_goes_on(
    run: Run, whole: bytes, k: int
) -> None:
    killed(k, WORDS)
    before = Path("out.csv").read_bytes() if Path("out.csv").exists() else whole

    code, _, _ = run(*WORDS, "-q")

    assert before == whole
    assert code == 0
    assert Path("out.csv").read_bytes() == whole
    assert [name for name in names() if "out" in name][:1] == ["out.csv"]
    assert not Path("out.csv.parts").exists()


@HAS_FORK
def test_every_change_of_a_file_was_killed(whole: bytes) -> None:
    """The test above tries them all."""
    assert killed(MOST // 2, WORDS)
    assert not killed(MOST - 1, ["classify", "a.csv", "--model", "m", "-o", "new.csv"])


@HAS_FORK
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.integers(1, 60), max_size=5), st.integers(1, 9), st.integers(1, 4),
    st.integers(1, 300), st.sampled_from(["csv", "tsv", "jsonl"]),
)  # fmt: skip
def test_any_kills_and_any_cut_end_in_the_same_bytes(
    run: Run, kills: list[int], units: int, chunks: int, characters: int, form: str
) -> None:
    words = ["classify", "a.csv", "--model", "m", "-q"]
    _, expected, _ = run(*words, "--format", form)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("stance.model.stream.CHUNK_UNITS", units)
        patch.setattr("stance.model.stream.CHUNK_CHARACTERS", characters)
        patch.setattr("stance.cli.parts.PART_CHUNKS", chunks)
        for k in kills:
            killed(k, [*words, "-o", f"out.{form}"])

        code, _, _ = run(*words, "-o", f"out.{form}")

    assert code == 0
    assert Path(f"out.{form}").read_bytes() == expected.encode()
    assert not Path(f"out.{form}.parts").exists()


def test_ctrl_c_keeps_whole_parts_and_says_how_to_go_on(
    run: Run, stop: Callable[..., None]
) -> None:
    Path("out.csv").write_text("之前的结果\n", encoding="utf-8")
    stop(6)

    code, out, err = run(*WORDS)

    assert (code, out, err) == (130, "", f"{KEPT}stance: interrupted\n")
    assert Path("out.csv").read_text(encoding="utf-8") == "之前的结果\n"
    assert names("out.csv.parts") == [
        "000000.part", "000001.part", "lock", "manifest.json",
    ]  # fmt: skip


def test_ctrl_c_in_the_first_part_leaves_nothing(
    run: Run, stop: Callable[..., None]
) -> None:
    stop(2)

    code, _, err = run(*WORDS)

    assert (code, err) == (130, "stance: interrupted\n")
    assert names() == ["a.csv", "m"]


def test_what_is_finished_is_not_done_again(
    run: Run, stop: Callable[..., None], done: list[int]
) -> None:
    stop(6)
    run(*WORDS)
    stop(999)

    run(*WORDS)

    assert done == [4, 5, 6, 7, 8]


def test_a_run_that_goes_on_says_the_same(
    run: Run, stop: Callable[..., None], coded: Path, write: Write
) -> None:
    """Counts and warnings are of all units, whenever they were labelled."""
    rows = coded.read_text(encoding="utf-8").splitlines()
    write("a.csv", "\n".join([*rows, *["d9,Контроль экспорта чипов,pro"] * 7]))
    words = ["classify", "a.csv", "--model", "m", "-o"]
    _, _, expected = run(*words, "new.csv")
    stop(7)
    run(*words, "out.csv")
    stop(999)

    _, _, err = run(*words, "out.csv")

    assert err == expected
    assert "7 of 23 paragraphs are neither English nor Chinese" in err
    assert "16 of them seen" in err


def test_a_small_input_makes_no_folder(
    run: Run, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a.csv", "\n".join(ROWS[:7]))
    monkeypatch.setattr(
        Parts, "__init__", lambda *_: pytest.fail("parts of a small input")
    )

    code, _, _ = run(*WORDS)

    assert code == 0
    assert names() == ["a.csv", "m", "out.csv"]


def test_a_folder_of_texts_goes_on(
    run: Run, write: Write, stop: Callable[..., None]
) -> None:
    for n in range(8):
        write(f"texts/{n}.txt", "\n\n".join(PAIRS).format(n, n))
    words = ["classify", "texts", "--model", "m"]
    _, expected, _ = run(*words)
    stop(5)
    run(*words, "-o", "out.csv")
    stop(999)

    code, _, _ = run(*words, "-o", "out.csv")

    assert code == 0
    assert Path("out.csv").read_bytes() == expected.encode()


def test_standard_input_is_not_made_in_parts(run: Run) -> None:
    code, _, _ = run(
        "classify", "-", "--input-format", "csv", "--model", "m", "-o", "out.csv",
        stdin=Path("a.csv").read_text(encoding="utf-8"),
    )  # fmt: skip

    assert code == 0
    assert names() == ["a.csv", "m", "out.csv"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--digits", "3"], "--digits was none, now it is 3"),
        (["--coverage", "0.9"], "--coverage was none, now it is 0.9"),
        (["--format", "tsv"], "--format was 'csv', now it is 'tsv'"),
        (["--document", "id"], "--document was none, now it is 'id'"),
        (["--encoding", "utf-8"], "--encoding was '', now it is 'utf-8'"),
        (["--lines"], "--lines was False, now it is True"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_other_options_are_refused(
    run: Run, stop: Callable[..., None], words: list[str], said: str
) -> None:
    stop(6)
    run(*WORDS)

    code, _, err = run(*WORDS, *words)

    assert (code, err) == (
        2,
        f"stance: out.csv.parts: holds the parts of another run: {said}{ANEW}",
    )
    assert "000001.part" in names("out.csv.parts")


@pytest.mark.parametrize("at", [1, 25])
def test_another_input_is_refused(
    run: Run, stop: Callable[..., None], write: Write, at: int
) -> None:
    stop(6)
    run(*WORDS)
    write("a.csv", "\n".join([*ROWS[:at], "u0x,合作。", *ROWS[at + 1 :]]) + "\n")

    code, _, err = run(*WORDS)

    assert (code, err) == (
        2,
        "stance: out.csv.parts: holds the parts of another run: its input 'a.csv' has "
        f"changed since{ANEW}",
    )


def test_one_input_more_is_refused(
    run: Run, stop: Callable[..., None], write: Write
) -> None:
    write("b.csv", "text\n合作。\n")
    stop(6)
    run(*WORDS)

    code, _, err = run("classify", "a.csv", "b.csv", *WORDS[2:])

    assert (code, err) == (
        2,
        "stance: out.csv.parts: holds the parts of another run: its input was 'a.csv', "
        f"now there is 'b.csv'{ANEW}",
    )


def test_another_model_is_refused(
    run: Run, stop: Callable[..., None], panel: Path
) -> None:
    stop(6)
    run(*WORDS)

    code, _, err = run("classify", "a.csv", "--model", "p", "-o", "out.csv")

    assert code == 2
    assert err.startswith(
        "stance: out.csv.parts: holds the parts of another run: model was "
    )
    assert err.endswith(ANEW)


def test_restart_begins_anew(
    run: Run, stop: Callable[..., None], whole: bytes, write: Write
) -> None:
    stop(6)
    run(*WORDS, "--digits", "3")
    stop(999)

    code, _, _ = run(*WORDS, "--restart")

    assert code == 0
    assert Path("out.csv").read_bytes() == whole
    assert names() == ["a.csv", "m", "out.csv"]


def test_restart_without_parts_is_refused(run: Run) -> None:
    code, _, err = run("classify", "a.csv", "--model", "m", "--restart")

    assert code == 2
    assert err.startswith("stance: --restart would change nothing: ")


def test_a_row_that_is_wrong_leaves_no_parts(run: Run, write: Write) -> None:
    """It will be mended: then the input is another one."""
    write("a.csv", "\n".join([*ROWS, "u99,"]))

    code, _, err = run(*WORDS)

    assert (code, err) == (
        2,
        "stance: a.csv:27: the text is empty\n  mend or remove the row\n",
    )
    assert names() == ["a.csv", "m"]


@pytest.mark.parametrize("k", [1, 2, 3, 5, 8, 13])
def test_a_full_disk_keeps_the_parts_before(
    run: Run, whole: bytes, monkeypatch: pytest.MonkeyPatch, k: int
) -> None:
    calls, real = iter(range(1, 1000)), os.fsync

    def fsync(handle: int) -> None:
        if next(calls) == k:
            raise OSError(28, "No space left on device")
        real(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        run(*WORDS)

    code, _, _ = run(*WORDS)

    assert code == 0
    assert Path("out.csv").read_bytes() == whole
    assert names() == ["a.csv", "m", "out.csv"]


def test_a_full_disk_is_said_and_what_is_kept(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Parts.write

    def write(self: Parts, number: int, *found: object) -> None:
        if number == 2:
            raise OSError(28, "No space left on device")
        real(self, number, *found)  # type: ignore[arg-type]

    monkeypatch.setattr(Parts, "write", write)

    code, _, err = run(*WORDS)

    assert code == 2
    assert err.startswith(KEPT)
    assert "No space left on device" in err


def test_an_input_that_changes_while_it_is_read_is_refused(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Parts.write

    def write(self: Parts, number: int, *found: object) -> None:
        real(self, number, *found)  # type: ignore[arg-type]
        Path("a.csv").write_text("\n".join(ROWS[:-1]), encoding="utf-8")

    monkeypatch.setattr(Parts, "write", write)

    code, _, err = run(*WORDS)

    assert code == 2
    assert "stance: a.csv: was changed while it was read\n" in err
    assert not Path("out.csv").exists()


def test_an_input_that_changes_before_the_first_part_is_refused(
    run: Run, stop: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    import stance.corpus.identity as module

    real = module.digests

    def digests(files: list[Path]) -> object:
        Path("a.csv").write_text("\n".join(ROWS[:-1]), encoding="utf-8")
        return real(files)

    monkeypatch.setattr(module, "digests", digests)

    code, _, err = run(*WORDS)

    assert code == 2
    assert "stance: a.csv: was changed while it was read\n" in err
    assert names() == ["a.csv", "m"]


def test_the_manifest_says_what_parts_are_made_of(
    run: Run, stop: Callable[..., None]
) -> None:
    stop(6)
    run(*WORDS)

    found = json.loads(Path("out.csv.parts/manifest.json").read_text(encoding="utf-8"))
    model = json.loads(Path("m/model.json").read_text(encoding="utf-8"))

    assert list(found) == [
        "schema", "versions", "model", "options", "sizes", "inputs",
    ]  # fmt: skip
    assert found["model"] == model["digest"]
    assert found["inputs"][0]["name"] == "a.csv"
    assert found["options"]["--format"] == "csv"


def test_two_jobs_go_on_where_one_was_killed(
    run: Run, stop: Callable[..., None], whole: bytes
) -> None:
    stop(6)
    run(*WORDS)
    stop(0)  # never again

    code, _, _ = run(*WORDS, "--jobs", "2")

    assert code == 0
    assert Path("out.csv").read_bytes() == whole


SCRIPT = """
import sys
import stance.cli.parts, stance.model.stream
from stance.cli import main
stance.model.stream.CHUNK_UNITS, stance.cli.parts.PART_CHUNKS = 20, 2
sys.exit(main(sys.argv[1:]))
"""


def kill_at_random(words: list[str], *, rng: int, sent: signal.Signals) -> int:
    """Stop a run some time after its first part; return its exit code."""
    command = [sys.executable, "-c", SCRIPT, *words]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    draw = random.Random(rng)
    with subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        while process.poll() is None and not Path("out.csv.parts").exists():
            time.sleep(0.001)
        time.sleep(draw.uniform(0, 0.1))
        process.send_signal(sent)
        return process.wait()


def many(n: int) -> None:
    """Write an input of many rows."""
    rows = ["id,text", *(f"u{at},{PAIRS[at % 2].format(at)}" for at in range(n))]
    Path("a.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT], ids=str)
def test_a_process_that_is_stopped_goes_on(run: Run, sent: signal.Signals) -> None:
    many(1_000)
    _, expected, _ = run("classify", "a.csv", "--model", "m")
    kill_at_random(WORDS, rng=1, sent=sent)
    kill_at_random(WORDS, rng=2, sent=sent)

    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *WORDS, "-q"],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip

    assert done.returncode == 0
    assert Path("out.csv").read_bytes() == expected.encode()
    assert not Path("out.csv.parts").exists()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_many_random_kills_lose_nothing(run: Run, jobs: str) -> None:
    many(4_000)
    _, expected, _ = run("classify", "a.csv", "--model", "m")
    words = [*WORDS, "--jobs", jobs]
    for rng in range(20):
        kill_at_random(words, rng=rng, sent=signal.SIGKILL)

    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *words, "-q"],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip

    assert done.returncode == 0
    assert Path("out.csv").read_bytes() == expected.encode()
