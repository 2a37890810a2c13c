"""Does ``stance train`` give the committed digest again, whatever the machine does?

    python tests/bench/determinism.py [WORKERS [THREADS]]

24 trainings from ``seeds/``: 1 and 2 threads, four settings of OpenBLAS's kernel, three
hash seeds; each in another working directory, half of them in another locale, time
zone and umask. Prints the digest of each and the largest difference of any stored
number from the committed model; exits 1 unless all agree. THREADS (1 or 2) runs half.
With two threads take one worker: on two cores they get in each other's way.
"""

import itertools
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from common import ROOT

from stance.model.store import load

KERNELS = ("Haswell", "SkylakeX", "Prescott", "")
committed = load(ROOT / "models" / "us-china-tech")


def train(setting: tuple[int, str, int]) -> tuple[str, float]:
    """Train under one setting; return the digest and the largest difference."""
    threads, kernel, seed = setting
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS")}
    environment |= {
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": str(seed),
        "OPENBLAS_NUM_THREADS": str(threads),
        "OMP_NUM_THREADS": str(threads),
    }
    if kernel:
        environment["OPENBLAS_CORETYPE"] = kernel
    is_abroad = (threads + seed + KERNELS.index(kernel)) % 2 == 1
    if is_abroad:
        environment |= {"LC_ALL": "C", "TZ": "Asia/Shanghai", "PYTHONUTF8": "0"}
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable, "-m", "stance", "train", "--corpus", str(ROOT / "seeds"),
            "--output", "model", "--jobs", "1", "--quiet",
        ]  # fmt: skip
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True,
            check=True, umask=0o077 if is_abroad else -1,
        )  # fmt: skip
        model = load(Path(folder) / "model")
    pairs = [
        (model.coef, committed.coef),
        (model.intercept, committed.intercept),
        (model.calibration, committed.calibration),
        *((a.idf, b.idf) for a, b in zip(model.blocks, committed.blocks, strict=True)),
    ]
    difference = max(float(np.abs(a - b).max()) for a, b in pairs)
    return done.stdout.strip(), difference


settings = list(itertools.product((1, 2), KERNELS, (0, 1, 2)))
workers = int(sys.argv[1]) if len(sys.argv) > 1 else 1
if len(sys.argv) > 2:
    settings = [setting for setting in settings if setting[0] == int(sys.argv[2])]
same = 0
print(f"committed {committed.digest}")
with ThreadPoolExecutor(workers) as pool:
    for setting, (digest, difference) in zip(
        settings, pool.map(train, settings), strict=True
    ):
        same += digest == committed.digest
        threads, kernel, seed = setting
        print(
            f"threads {threads}, kernel {kernel or 'unset':8}, hash seed {seed}: "
            f"{digest[:12]}, largest difference {difference:.0e}",
            flush=True,
        )
print(f"{same} of {len(settings)} have the committed digest")
raise SystemExit(same != len(settings))
