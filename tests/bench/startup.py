"""Start-up: CPU time of whole processes, interleaved, medians.

    python tests/bench/startup.py [ROUNDS]

One sentence through ``stance classify`` against a script that imports scikit-learn and
joblib-loads a fitted pipeline, for Chinese also one whose words jieba cuts; ``stance
--help`` against a bare interpreter. Compiled first: without bytecode every import takes
two to three times as long. CPU time grows where the machine is busy: read the ratios.
"""

import compileall
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from common import ROOT

SENTENCES = {
    "English": "Both sides agreed to ease export controls and expand joint research.",
    "Chinese": "双方同意放宽出口管制，扩大联合研究，深化科技合作。",
}
PEER = """
import sys
import joblib
import sklearn.feature_extraction.text, sklearn.linear_model, sklearn.pipeline
text = sys.stdin.read()
if sys.argv[2:]:
    import jieba
    text = " ".join(jieba.cut(text))
pipeline = joblib.load(sys.argv[1])
print(pipeline.predict_proba([text]))
"""
FIT = """
import sys, json
import joblib
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
rows = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
pipeline = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression())
pipeline.fit([row["text"] for row in rows], [row["label"] for row in rows])
joblib.dump(pipeline, sys.argv[2])
"""
UNSET = ("PYTHONDONTWRITEBYTECODE", "OPENBLAS_NUM_THREADS")
ENVIRONMENT = {k: v for k, v in os.environ.items() if k not in UNSET}


def cpu(command: list[str], text: str = "") -> float:
    """Return the CPU seconds of a command, its children included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        command,
        input=text.encode(),
        capture_output=True,
        check=True,
        env=ENVIRONMENT,
        cwd=ROOT,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
compileall.compile_dir(str(ROOT / "stance"), quiet=1)
stance = [sys.executable, "-c", "from stance.cli import main; raise SystemExit(main())"]
with tempfile.TemporaryDirectory() as folder:
    pickled = str(Path(folder) / "pipeline.joblib")
    cpu([sys.executable, "-c", FIT, str(ROOT / "seeds" / "anchors.jsonl"), pickled])
    peer = [sys.executable, "-c", PEER, pickled]
    commands = {
        "bare interpreter": ([sys.executable, "-c", "pass"], ""),
        "import numpy, one thread": (
            [
                sys.executable,
                "-c",
                "import os; os.environ['OPENBLAS_NUM_THREADS'] = '1'; import numpy",
            ],
            "",
        ),
        "stance --help": ([*stance, "--help"], ""),
        **{
            f"classify, {name}": ([*stance, "classify", "-"], text)
            for name, text in SENTENCES.items()
        },
        "peer, English": (peer, SENTENCES["English"]),
        "peer, Chinese": ([*peer, "jieba"], SENTENCES["Chinese"]),
    }
    for command, text in commands.values():
        cpu(command, text)  # warm: bytecode and page cache
    times: dict[str, list[float]] = {name: [] for name in commands}
    for round_ in range(rounds):
        names = list(commands) if round_ % 2 else list(commands)[::-1]
        for name in names:
            times[name].append(cpu(*commands[name]))
medians = {name: statistics.median(values) for name, values in times.items()}
for name, value in medians.items():
    least = min(times[name])
    print(
        f"{name:28} {1000 * value:8.1f} ms CPU, median of {rounds}"
        f" (least {1000 * least:.1f})"
    )
ratio = medians["stance --help"] / medians["bare interpreter"]
print(f"stance --help / bare interpreter: {ratio:.2f} (bar: 4)")
pairs = [("English", "English"), ("English", "Chinese"), ("Chinese", "Chinese")]
for against, name in pairs:
    ratio = medians[f"peer, {against}"] / medians[f"classify, {name}"]
    bar = " (bar: 8)" if name == "English" else ""
    print(f"peer, {against} / classify, {name}: {ratio:.1f}{bar}")
