"""Changes between manifestos that were coded whole, from 200 labels a year.

    python tests/bench/manifestos.py [folder]

A model is trained on the British manifestos up to 1997 and predicts those of 2001, 2005
and 2010, of which the crowd coded every sentence (Benoit et al. 2016). Of each year 200
sentences are drawn at random, 2,000 times: how often does the interval of the change
between adjacent years hold the change of the whole, and how wide is it? Probabilities
are kept in the folder, which is a temporary one unless it is named.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from common import SHARED
from numpy.typing import NDArray
from scipy.special import stdtrit

from stance.coding.labelled import read_labelled
from stance.corpus.terms import NO_TERMS
from stance.measure.difference import Fit, census_difference
from stance.measure.quantify import quantify
from stance.measure.simulate import Units, code, shares_of
from stance.model.classify import predict
from stance.model.score import were_seen
from stance.model.train import train

Floats = NDArray[np.float64]
DATA = SHARED / "data" / "uk_manifestos_crowd"
N_CODED, N_DRAWS = 200, 2000


def predicted(folder: Path) -> Units:
    """Return the later manifestos, coded and predicted by a model of the earlier."""
    kept = folder / "manifestos.npz"
    if not kept.is_file():
        started = time.time()
        earlier, _ = read_labelled(DATA / "train.jsonl")
        model = train(earlier, terms=NO_TERMS, name="manifestos")
        later, _ = read_labelled(DATA / "test.jsonl", labels=earlier.labels)
        fresh = np.flatnonzero(~were_seen(model, later.texts))
        gold = later.gold.take(fresh)
        said = predict(model, gold.unit_ids, [later.passages[at] for at in fresh])
        np.savez(
            kept, y=gold.y, proba=said.proba,
            stratum=np.unique(gold.dates, return_inverse=True)[1],
            component=np.unique(gold.documents, return_inverse=True)[1],
        )  # fmt: skip
        print(f"trained and predicted in {time.time() - started:.0f} s", flush=True)
    found = np.load(kept)
    return Units(*(found[name] for name in Units._fields))


def changes(fit: Fit) -> tuple[Floats, Floats]:
    """Return the adjacent changes and half the width of their intervals."""
    variances = (fit.influence**2).sum(axis=0)
    v = ((fit.influence[:, 1:] - fit.influence[:, :-1]) ** 2).sum(axis=0)
    parts = variances**2 / fit.df[:, None]
    df = np.maximum(v**2 / (parts[1:] + parts[:-1]), 1)
    return np.diff(fit.theta, axis=0), stdtrit(df, 0.975) * np.sqrt(v)


def main(folder: Path) -> None:
    """Print coverage, bias and width by method, and the bar."""
    units = predicted(folder)
    n = len(units.y)
    accuracy = (units.proba.argmax(axis=1) == units.y).mean()
    print(
        f"{n} sentences, accuracy {accuracy:.3f}, {N_DRAWS} draws of {N_CODED} a year"
    )
    truth = np.diff(shares_of(units.y, units.stratum, units.proba.shape[1]), axis=0)
    rng = np.random.default_rng(0)
    found: dict[str, list[tuple[Floats, Floats]]] = {}
    for _ in range(N_DRAWS):
        columns = code(units, n_coded=N_CODED, rng=rng)
        fits = {
            "difference": census_difference(columns),
            "labels": census_difference(columns, 0.0),
            "cc": quantify(columns, "cc"),
            "pacc": quantify(columns, "pacc"),
        }
        for method, fit in fits.items():
            found.setdefault(method, []).append(changes(fit))
    print("method      coverage  worst   bias   rmse  width")
    table: dict[str, tuple[float, float]] = {}
    for method, rows in found.items():
        error = np.array([change for change, _ in rows]) - truth
        half = np.array([reach for _, reach in rows])
        held = (abs(error) <= half).mean(axis=0)
        print(
            f"{method:10} {held.mean():9.3f} {held.min():6.3f} "
            f"{abs(error.mean(axis=0)).max():6.3f} {np.sqrt((error**2).mean()):6.3f} "
            f"{2 * half.mean():6.3f}"
        )
        table[method] = held.mean(), 2 * half.mean()
    coverage, width = table["difference"]
    is_met = 0.93 <= coverage <= 0.97 and width < table["labels"][1]
    print(
        f"BAR coverage .93-.97 and narrower than labels alone: {coverage:.3f}, "
        f"{width / table['labels'][1]:.3f} of their width  "
        f"{'ok' if is_met else 'MISSED'}"
    )


if __name__ == "__main__":
    if not DATA.is_dir():
        sys.exit(f"{DATA} is not there: skipped")
    main(Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp()))
