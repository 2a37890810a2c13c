"""Where in a paragraph the evidence stands: stretches of text and their weights.

Terms overlap: a word, the pairs it is in, a cue. Each occurrence spreads its weight
evenly over its characters, and a character has the sum of what covers it. So the
characters, what stands in no place and the intercept sum to the score.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import NamedTuple

from stance.model.blocks import NO_CUE
from stance.model.classify import Labelled
from stance.model.evidence import Evidence, contributions
from stance.model.model import Model

#: Shares of the paragraph's heaviest run at which levels 1, 2 and 3 begin. Without the
#: first every second word of the seed texts is marked, and nothing stands out.
LEVELS = (0.2, 0.4, 0.7)


class Run(NamedTuple):
    """A stretch of a text, ``text[start:end]``, that the same terms cover.

    ``weight`` is the sum of its characters. ``level`` is 1 to 3 where it speaks for the
    label, -1 to -3 where against it, 0 where it is not marked; it compares runs
    within the paragraph only.
    """

    start: int
    end: int
    weight: float
    level: int


@dataclass(frozen=True, slots=True)
class Marked:
    """The runs of a paragraph, and the parts of its label's score.

    ``runs`` cover the text; ``pro`` and ``contra`` are the sums of those above and
    below zero. ``no_cue`` is the part of the words that are no cue: it is about what
    is missing, so it is not drawn on them. ``unplaced`` is the part of neighbours
    and target. With the intercept they sum to the score that calibration takes.
    """

    runs: tuple[Run, ...]
    intercept: float
    no_cue: float
    unplaced: float

    @property
    def pro(self) -> float:
        """What speaks for the label in the text."""
        return sum(run.weight for run in self.runs if run.weight > 0)

    @property
    def contra(self) -> float:
        """What speaks against it."""
        return sum(run.weight for run in self.runs if run.weight < 0)

    @property
    def score(self) -> float:
        """The label's uncalibrated score."""
        return self.intercept + self.no_cue + self.unplaced + self.pro + self.contra


def spread(found: Iterable[Evidence], n_characters: int) -> list[float]:
    """Return the weight of every character of a text.

    Examples
    --------
    >>> pair = Evidence("出口 管制", 1.0, 0, 5, "words", "出口 管制")
    >>> word = Evidence("管制", 0.5, 3, 5, "words", "管制")
    >>> spread([pair, word], 6)
    [0.2, 0.2, 0.2, 0.45, 0.45, 0.0]
    """
    weights = [0.0] * n_characters
    for e in found:
        for at in range(e.start, e.end):
            weights[at] += e.weight / (e.end - e.start)
    return weights


def runs(text: str, weights: Sequence[float]) -> tuple[Run, ...]:
    """Return the stretches of a text whose characters have one weight, in order.

    A blank between two marked runs of one direction is marked like the weaker one.

    Examples
    --------
    >>> [tuple(run) for run in runs("出口，不", [0.5, 0.5, 0.0, -0.25])]
    [(0, 2, 1.0, 3), (2, 3, 0.0, 0), (3, 4, -0.25, -1)]
    """
    edges = [0]
    for _, group in groupby(weights):
        edges.append(edges[-1] + sum(1 for _ in group))
    sums = [weights[a] * (b - a) for a, b in pairwise(edges)]
    heaviest = max(map(abs, sums), default=0.0)
    levels = [_level(weight, heaviest) for weight in sums]
    blank = [text[a:b].isspace() for a, b in pairwise(edges)]
    for at in range(len(levels)):
        if blank[at]:
            near = levels[at - 1 : at] + levels[at + 1 : at + 2]
            is_inside = len(near) == 2 and near[0] * near[1] > 0
            levels[at] = min(near, key=abs) if is_inside else 0
    return tuple(
        Run(a, b, weight, level)
        for (a, b), weight, level in zip(pairwise(edges), sums, levels, strict=True)
    )


def _level(weight: float, heaviest: float) -> int:
    share = abs(weight) / heaviest if heaviest else 0.0
    strength = sum(share >= edge for edge in LEVELS)
    return strength if weight > 0 else -strength


def label_read(item: Labelled, labels: tuple[str, ...]) -> str:
    """Return the label whose evidence is shown: in doubt the likeliest, or none."""
    if item.label or not item.proba:
        return item.label
    return labels[item.proba.index(max(item.proba))]


def marked(item: Labelled, model: Model) -> Marked | None:
    """Return where the evidence for and against a paragraph's label stands.

    In doubt it is about the likeliest label. None where nothing was scored.
    """
    label = label_read(item, model.labels.names)
    if not label:
        return None
    text = item.unit.text
    found = contributions(model, item.passage, label)
    no_cue = [e for e in found if e.feature == NO_CUE]
    placed = [e for e in found if e.end and e.feature != NO_CUE]
    unplaced = [e for e in found if not e.end]
    return Marked(
        runs(text, spread(placed, len(text))),
        float(model.intercept[model.labels.names.index(label)]),
        sum(e.weight for e in no_cue),
        sum(e.weight for e in unplaced),
    )


def score_line(marks: Marked, label: str) -> str:
    """Return the parts of a label's score in a line."""
    parts = [f"start {marks.intercept:+.2f}"]
    if marks.no_cue:
        parts.append(f"words that are no cue {marks.no_cue:+.2f}")
    if marks.unplaced:
        parts.append(f"neighbours and target {marks.unplaced:+.2f}")
    parts += [f"for it {marks.pro:+.2f}", f"against it {marks.contra:+.2f}"]
    return f"score of {label} {marks.score:+.2f} = {', '.join(parts)}"
