"""What the tests of the verbs share: a folder to work in, a verb to run, a model."""

import io
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from stance.cli import main

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
PRO = (
    "Both sides agreed to expand trade and cooperation in round {}.",
    "双方同意在第{}轮会谈后扩大科技合作与交流。",
)
CON = (
    "They imposed new controls and the dispute over chips grew {} times.",
    "美国第{}次加强出口管制，双方争端升级。",
)


@pytest.fixture(autouse=True)
def _work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test works in an empty folder, so that paths in messages are short."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(
    capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str, str]]:
    """Run a verb in this process; return exit code, stdout and stderr."""

    def call(*words: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        capsysbinary.readouterr()
        try:
            code = main(list(words))
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capsysbinary.readouterr()
        return code, out.decode(), err.decode()

    return call


@pytest.fixture
def write() -> Callable[[str, str | bytes], Path]:
    """Write a file in the folder of the test."""

    def call(name: str, content: str | bytes) -> Path:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        raw = content if isinstance(content, bytes) else content.encode()
        path.write_bytes(raw)
        return path

    return call


@pytest.fixture
def project() -> Path:
    """Return a copy of the seeds that a test may spoil, as the folder ``seeds``."""
    return Path(shutil.copytree(ROOT / "seeds", "seeds"))


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with ``coded.csv`` and the model ``m`` trained on it, once."""
    folder = tmp_path_factory.mktemp("trained")
    lines = ["doc,text,label"]
    for n in range(4):
        lines += [f"d{n},{text.format(n)},pro" for text in PRO]
        lines += [f"d{n},{text.format(n)},con" for text in CON]
    data = folder / "coded.csv"
    data.write_text("\n".join(lines) + "\n", encoding="utf-8")
    words = ["train", "--data", str(data), "--output", str(folder / "m"), "--jobs", "1"]
    assert main(words) == 0
    return folder


@pytest.fixture
def small_model(trained: Path) -> Path:
    """Return a copy of the small model that a test may spoil, as the folder ``m``."""
    return Path(shutil.copytree(trained / "m", "m"))


@pytest.fixture
def coded(trained: Path) -> Path:
    """Return a copy of the data that the small model was trained on."""
    return Path(shutil.copy(trained / "coded.csv", "coded.csv"))


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], str]:
    """Return the text of a golden file; UPDATE_GOLDEN=1 writes it first."""
    asked = request.config.getoption("--update-golden", default=False)
    is_new = bool(asked) or os.environ.get("UPDATE_GOLDEN") == "1"

    def call(name: str, found: str) -> str:
        path = GOLDEN / name
        if is_new:
            path.write_text(found, encoding="utf-8", newline="\n")
        return path.read_text(encoding="utf-8")

    return call
