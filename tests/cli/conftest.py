"""What the tests of the verbs share: a folder to work in, a verb to run, a model."""

import hashlib
import io
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stance.cli import main
from stance.corpus.document import text_digest
from stance.corpus.manifest import read_corpus

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


#: Of each document: label and text. The last Chinese ones are too few to leave out.
PANEL = (
    ("pro", "The two sides agreed to expand trade in round {} of the talks."),
    ("pro", "The two sides welcomed cooperation and exchange in year {}."),
    ("con", "The two sides quarrelled over chips in round {} of the dispute."),
    ("con", "The two sides imposed controls and tariffs in year {}."),
    ("pro", "双方同意在第{}轮会谈后扩大科技合作与交流。"),
    ("con", "双方第{}次加强出口管制，争端升级。"),
)
TARGETED = (
    ("trade", "We should expand it in year {}.", "favor"),
    ("tariffs", "We should expand it in year {}.", "against"),
    ("trade", "We should limit it in year {}.", "against"),
    ("tariffs", "We should limit it in year {}.", "favor"),
    ("关税", "我们应当在第{}年扩大它的范围。", "against"),
    ("关税", "我们应当在第{}年限制它的范围。", "favor"),
)
#: Before and after: what tells the labels apart stands in the neighbours alone.
FRAMED = (
    ("pro", "They praised the new trade.", "合作令人高兴。"),
    ("con", "They attacked the old tariffs.", "争端令人担忧。"),
)
CODEBOOK = """\
name = "tiny"
version = "1.0"
[[categories]]
name = "con"
definition = "Against it."
[[categories]]
name = "pro"
definition = "For it."
"""


@contextmanager
def _few_settings() -> Iterator[None]:
    """Let training try few settings: what it chooses is for tests/model to judge."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("stance.model.choose.PENALTIES", (10.0,))
        patch.setattr("stance.model.choose.BLOCK_SETS", (("words",), ("words", "cues")))
        yield


@pytest.fixture
def few_settings() -> Iterator[None]:
    """Let training be quick, in this process."""
    with _few_settings():
        yield


def _train(folder: Path, *words: str) -> None:
    with _few_settings():
        assert main(["train", *words, "--output", str(folder), "--jobs", "1"]) == 0


def _copied(trained: Path) -> Path:
    """Copy a data file and the model trained on it to the folder of the test."""
    shutil.copytree(trained, ".", dirs_exist_ok=True)
    return Path()


@pytest.fixture(scope="session")
def _panel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("panel")
    lines = ["id,doc,date,source,text,label"]
    lines += [
        f'd{n}-{at},d{n},{2015 + n // 2}-05-01,{"AB"[n % 2]},"{text.format(n)}",{label}'
        for n in range(6)
        for at, (label, text) in enumerate(PANEL)
    ]
    # A label that the texts contradict, so that something is wrong.
    lines[-3] = lines[-3].removesuffix(",con") + ",pro"
    (folder / "panel.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    _train(folder / "p", "--data", str(folder / "panel.csv"))
    return folder


@pytest.fixture
def panel(_panel: Path) -> Path:
    """Return a folder with ``panel.csv``, dated, of two sources, and its model ``p``.

    Of six documents; a label has 12 English and 6 Chinese units (one is mislabelled).
    """
    return _copied(_panel)


@pytest.fixture(scope="session")
def _targeted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("targeted")
    lines = ["doc,topic,text,label"]
    lines += [
        f"d{n},{topic},{text.format(n)},{label}"
        for n in range(5)
        for topic, text, label in TARGETED
    ]
    data = folder / "aimed.csv"
    data.write_text("\n".join(lines) + "\n", encoding="utf-8")
    _train(folder / "t", "--data", str(data), "--target", "topic")
    return folder


@pytest.fixture
def targeted(_targeted: Path) -> Path:
    """Return a folder with ``aimed.csv``, targets in ``topic``, and its model ``t``.

    A text alone does not tell its label: that depends on the target.
    """
    return _copied(_targeted)


@pytest.fixture(scope="session")
def _framed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("framed")
    lines = ["doc,text,before,after,label"]
    lines += [
        f"d{n},{text.format(n, at)},{before},{after},{label}"
        for n in range(5)
        for at, (label, before, after) in enumerate(FRAMED * 2)
        for text in ("He said so in round {} of talk {}.",)
    ]
    data = folder / "framed.csv"
    data.write_text("\n".join(lines) + "\n", encoding="utf-8")
    _train(folder / "c", "--data", str(data), "--context", "1")
    return folder


@pytest.fixture
def framed(_framed: Path) -> Path:
    """Return a folder with ``framed.csv``, neighbours beside, and its model ``c``."""
    return _copied(_framed)


@pytest.fixture(scope="session")
def _tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tiny")
    seeds = root / "seeds"
    (seeds / "texts").mkdir(parents=True)
    (seeds / "annotations").mkdir()
    (seeds / "codebook.toml").write_text(CODEBOOK, encoding="utf-8")
    manifest = ""
    for n in range(4):
        raw = "\n\n".join(text.format(n) for _, text in PANEL).encode() + b"\n"
        (seeds / "texts" / f"d{n}.txt").write_bytes(raw)
        manifest += (
            f'[[documents]]\nid = "d{n}"\ntitle = "T"\ndate = "{2015 + n}"\n'
            f'language = "mixed"\nfile = "texts/d{n}.txt"\n'
            f'sha256 = "{hashlib.sha256(raw).hexdigest()}"\n'
        )
    (seeds / "corpus.toml").write_text(manifest, encoding="utf-8")
    for coder in ("coder-a", "coder-b"):
        lines = [
            json.dumps({
                "event": f"{coder}-{unit.id}", "unit_id": unit.id, "variable": "frame",
                "digest": text_digest(unit.text), "coder": coder,
                "label": "pro" if unit.id == "d2:p003" else PANEL[at % 6][0],
                "at": "2026-01-01T00:00:00Z",
            })
            for at, unit in enumerate(read_corpus(seeds).paragraphs)
        ]  # fmt: skip
        path = seeds / "annotations" / f"{coder}.jsonl"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    _train(root / "m", "--corpus", str(seeds))
    return root


@pytest.fixture
def tiny(_tiny: Path) -> Path:
    """Return a folder with a project of four documents, ``seeds``, and its model ``m``.

    Both coders gave ``d2:p003``, a quarrel, the label pro.
    """
    return _copied(_tiny)


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
