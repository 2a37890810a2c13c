"""How far a model's probabilities can be trusted: reliability, error by coverage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from stance.show.figures import ACCENT, INK, MUTED

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from stance.measure.reliability import Bin
    from stance.model.abstain import Kept


def reliability_figure(bins: Sequence[Bin], ax: Axes) -> Axes:
    """Draw how often the model was right against how sure it was.

    Points on the line: of the labels given with probability 0.7, seven in ten are
    right. Below it the model is too sure, above it not sure enough. The number beside a
    point is of its units.

    Parameters
    ----------
    bins : sequence of Bin
        As `stance.measure.reliability.reliability` gives them.
    ax : Axes
        Drawn on, and returned.
    """
    ax.plot([0, 1], [0, 1], color=MUTED, linewidth=1, linestyle="--")
    x, y = [b.confidence for b in bins], [b.accuracy for b in bins]
    ax.plot(x, y, color=ACCENT, marker="o", linewidth=1.2)
    for b in bins:
        ax.annotate(
            str(b.n), (b.confidence, b.accuracy), xytext=(5, -10),
            textcoords="offset points", color=INK, fontsize=8,
        )  # fmt: skip
    ax.set(
        xlim=(0, 1), ylim=(0, 1.02), xlabel="probability of the label given",
        ylabel="share of labels that are right",
    )  # fmt: skip
    return ax


def coverage_figure(kept: Sequence[Kept], ax: Axes) -> Axes:
    """Draw the error among the surest units against the share that is labelled.

    Parameters
    ----------
    kept : sequence of Kept
        As `stance.model.abstain.error_by_coverage` gives them.
    ax : Axes
        Drawn on, and returned.
    """
    ax.plot(
        [k.share for k in kept], [k.error for k in kept],
        color=ACCENT, marker="o", linewidth=1.2,
    )  # fmt: skip
    for k in kept:
        ax.annotate(
            str(k.n_units), (k.share, k.error), xytext=(0, 6),
            textcoords="offset points", ha="center", color=INK, fontsize=8,
        )  # fmt: skip
    top = max([k.error for k in kept] + [0.1])
    ax.set(
        xlim=(1.03, min(k.share for k in kept) - 0.03), ylim=(0, 1.25 * top),
        xlabel="share of units that get a label, surest first",
        ylabel="share of labels that are wrong",
    )  # fmt: skip
    return ax
