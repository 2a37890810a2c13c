"""When, where and with which versions a model was trained."""

import datetime
import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version

from threadpoolctl import threadpool_info

from stance.model.model import Json

PACKAGES = ("numpy", "scipy", "scikit-learn", "jieba", "rjieba", "py-rust-stemmers")


def provenance() -> dict[str, Json]:
    """Return when, where and with which versions this is done.

    The day is that of ``SOURCE_DATE_EPOCH`` where it is set.
    """
    versions: dict[str, Json] = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.datetime.fromtimestamp(int(epoch), datetime.UTC) if epoch else now
    blas = [i for i in threadpool_info() if i["user_api"] == "blas"]
    return {
        "date": day.date().isoformat(),
        "command": " ".join(["stance", *sys.argv[1:]]),
        "machine": platform.machine(),
        "blas": sorted({str(i.get("architecture")) for i in blas}),
        "threads": max((int(i["num_threads"]) for i in blas), default=1),
        "versions": versions,
    }
