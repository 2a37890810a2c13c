"""jieba reads no cache that others could have left, and nothing of it is heard."""

import json
import marshal
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

SENTENCE = "中国应当扩大对外合作"
WORDS = ["中国", "应当", "扩大", "对外", "合作"]
#: Says which files are opened, then cuts by the slower cutter.
SPY = f"""
import json, sys
opened = []
sys.addaudithook(lambda event, a: opened.append(str(a[0])) if event == "open" else None)
from stance.corpus.tokens import jieba_cutter
words = list(jieba_cutter()({SENTENCE!r}))
print(json.dumps([words, [name for name in opened if name.endswith(".cache")]]))
"""
WITHOUT_RJIEBA = f"""
import json, sys
sys.modules["rjieba"] = None
from stance.corpus.tokens import analyse
print(json.dumps([token.form for token in analyse({SENTENCE!r}).tokens]))
"""
QUIET = f"""
import json
from stance.corpus.tokens import analyse, dictionary_digest, jieba_cutter
analyse({SENTENCE!r}), dictionary_digest(), list(jieba_cutter()({SENTENCE!r}))
"""
PLAIN_JIEBA = f"""
import json, jieba
print(json.dumps(list(jieba.cut({SENTENCE!r}))))
"""

Run = Callable[..., "subprocess.CompletedProcess[str]"]


pytestmark = pytest.mark.slow


@pytest.fixture
def run(tmp_path: Path, root: Path) -> Run:
    """Run a script in a new process whose temporary folder is poisoned."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    prefixes = {SENTENCE[:length]: 0 for length in range(1, len(SENTENCE))}
    poison = {**prefixes, SENTENCE: 10**6}
    (temporary / "jieba.cache").write_bytes(marshal.dumps((poison, 10**6)))
    environment = {
        **os.environ,
        "PYTHONPATH": str(root),
        "PYTHONPYCACHEPREFIX": str(tmp_path / "compiled"),
        "TMPDIR": str(temporary),
    }

    def start(script: str, *options: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, *options, "-c", script],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )

    return start


def test_a_poisoned_cache_changes_no_word(run: Run) -> None:
    words, _ = json.loads(run(SPY).stdout)

    assert words == WORDS


def test_no_cache_file_is_opened(run: Run) -> None:
    _, opened = json.loads(run(SPY).stdout)

    assert opened == []


def test_no_cache_file_is_written(run: Run, tmp_path: Path) -> None:
    run(SPY)

    left = sorted(path.name for path in (tmp_path / "tmp").iterdir())

    assert left == ["jieba.cache"]


def test_the_poison_works_on_jieba_outside_the_fence(run: Run) -> None:
    """Without this, the three tests above would show nothing."""
    words = json.loads(run(PLAIN_JIEBA).stdout)

    assert words == [SENTENCE]


def test_the_words_are_the_same_without_rjieba(run: Run) -> None:
    words = json.loads(run(WITHOUT_RJIEBA).stdout)

    assert words == WORDS


def test_no_warning_reaches_the_user(run: Run) -> None:
    """A warning would be an error here, at the first compilation of jieba too."""
    finished = run(QUIET, "-W", "error")

    assert (finished.stdout, finished.stderr) == ("", "")
