"""What each lever of the model is worth: grouped log loss and macro-F1, side by side.

    python tests/bench/levers.py

Each row changes one thing. Seeds (English of twins) and anchors: five folds in which
documents and registers stay together; uncalibrated scores at fixed settings (C 30,
balanced, anchors weighed 2). The decisions in ``stance.model.blocks`` rest on it.
"""

from dataclasses import replace

import numpy as np
from common import ROOT

from stance.measure.evaluate import confusion, scores_of
from stance.model import fit
from stance.model.blocks import SPECS
from stance.model.project import read_project
from stance.model.score import calibrate

project = read_project(ROOT / "seeds", checked=True)
data = project.labelled()
rows = np.arange(len(data.y))
base = fit.Settings(("words", "cues"), C=30.0, balanced=True, anchor_weight=2.0)
counts = fit.count(data, project.terms, [("words", "forms", "cues", "chars")])
SHIPPED = dict(SPECS)


def measure(title: str, settings: fit.Settings, **specs: dict[str, float]) -> None:
    """Print one row, with the specs of blocks changed for it alone."""
    for name, change in specs.items():
        SPECS[name] = replace(SHIPPED[name], **change)
    scores = fit.held_out_scores(counts, rows, settings)
    SPECS.update(SHIPPED)
    proba = calibrate(scores, np.ones((1, 1)))
    line = f"{title:44}"
    for name, mask in (("seeds", data.gold.counted), ("anchors", data.anchor)):
        y, p = data.y[mask], proba[mask]
        loss = -np.log(p[np.arange(len(y)), y]).mean()
        f1 = scores_of(confusion(y, p.argmax(axis=1), p.shape[1]))["f1"][:3].mean()
        line += f"  {name}: log loss {loss:.3f}, macro-F1 {f1:.3f} (n {len(y)})"
    print(line, flush=True)


measure("as shipped: words + cues", base)
measure("words", replace(base, blocks=("words",)))
measure("cues", replace(base, blocks=("cues",)))
measure("forms + cues", replace(base, blocks=("forms", "cues")))
measure("words + cues + chars", replace(base, blocks=("words", "cues", "chars")))
for weight in (2.0, 3.0, 7.0, 10.0):
    measure(f"cues weigh {weight:g}, not 5", base, cues={"weight": weight})
for min_df in (1, 2, 5):
    measure(f"words in {min_df} texts at least, not 3", base, words={"min_df": min_df})
for C in (3.0, 10.0, 100.0):
    measure(f"C {C:g}, not 30", replace(base, C=C))
measure("not balanced", replace(base, balanced=False))
for weight in (1.0, 4.0, 8.0):
    measure(f"anchors weigh {weight:g}, not 2", replace(base, anchor_weight=weight))
