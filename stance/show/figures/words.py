"""Words: what sets two groups of texts apart, and what moved a label's score."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf, isfinite, isnan, log
from typing import TYPE_CHECKING, NamedTuple

from stance.show.figures import INK, MUTED, colour_of
from stance.show.figures.captions import caption, grow, points_of, under
from stance.show.figures.fonts import check_glyphs, plain, width_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from stance.measure.contributions import TermShift
    from stance.measure.keyness import Keyness, LogOdds

LINE = 10.5  # points from one word to the next
#: Of the two groups: dark and light, since the colours are the labels'.
DARK, LIGHT = "#444444", "#A6A6A6"
#: A word with a test at this level is filled.
ALPHA = 0.05
MEASURES = {
    "chi2": "chi-squared, with the sign of the difference",
    "lr": "likelihood ratio G2, with the sign of the difference",
    "G2": "likelihood ratio G2, with the sign of the difference",
    "pmi": "pointwise mutual information",
    "exact": "logarithm of the odds ratio",
}


def words_figure(
    rows: Sequence[LogOdds], ax: Axes, *, n: int = 20,
    groups: tuple[str, str] = ("before", "after"), level: float = 0.95,
) -> Axes:  # fmt: skip
    """Draw the words that set two groups of documents apart, with their intervals.

    On each side stand those whose interval ends farthest from zero, so that a rare
    word needs a larger difference than a frequent one. The area of a point is the
    number of occurrences.

    Parameters
    ----------
    rows : sequence of LogOdds
        As `stance.measure.keyness.log_odds` gives them.
    ax : Axes
        Drawn on, and returned. The caption goes to its figure or subfigure.
    n : int, default 20
        Words on each side, at most.
    groups : (str, str), default ("before", "after")
        Names of the reference and the target.
    level : float, default 0.95
        Of the intervals of the rows.

    Raises
    ------
    ValueError
        If there is no row.
    InputError
        If no font has a character of a word.

    Notes
    -----
    A word that this figure suggests is not tested by it: judge it by ``q`` or
    ``p_max_t``.
    """
    after = sorted((r for r in rows if r.log_odds > 0), key=_sure, reverse=True)[:n]
    before = sorted((r for r in rows if r.log_odds < 0), key=_sure, reverse=True)[:n]
    shown = sorted([*after, *before], key=lambda row: -row.log_odds)
    _lines(ax, [row.term for row in shown], (*groups,))
    most = max(row.n_before + row.n_after for row in shown)
    for y, row in enumerate(shown):
        if not isnan(row.low):
            ax.hlines(y, row.low, row.high, color=DARK, linewidth=1)
        ax.scatter(
            [row.log_odds], [y], s=6 + 54 * (row.n_before + row.n_after) / most,
            facecolor=DARK if _is_solid(row) else "white", edgecolor=DARK,
            linewidth=1, zorder=3,
        )  # fmt: skip
    _sides(ax, "log-odds ratio", groups)
    caption(ax, [
        f"Of {len(rows)} words the {len(before)} and {len(after)} whose "
        f"{100 * level:g} % interval (bar) lies farthest from 0.",
        f"Area of a point: occurrences, {most} at most. Filled: q or max-t p below "
        f"{ALPHA:g}.",
    ])  # fmt: skip
    return ax


def _sure(row: LogOdds) -> float:
    """Return how far the interval ends from zero; without one, after all that have."""
    nearest = row.low if row.log_odds > 0 else -row.high
    return abs(row.log_odds) - 1e6 if isnan(nearest) else nearest


def _is_solid(row: LogOdds) -> bool:
    return row.q < ALPHA or row.p_max_t < ALPHA


def keyness_figure(
    rows: Sequence[Keyness], ax: Axes, *, n: int = 20,
    groups: tuple[str, str] = ("reference", "target"),
) -> Axes:  # fmt: skip
    """Draw the words of largest keyness: the target's to the right, dark.

    Parameters
    ----------
    rows : sequence of Keyness
        As `stance.measure.keyness.keyness` gives them, of one measure.
    ax : Axes
        Drawn on, and returned. The caption goes to its figure or subfigure.
    n : int, default 20
        Words on each side, at most.
    groups : (str, str), default ("reference", "target")
        Their names.

    Raises
    ------
    ValueError
        If there is no row, or rows are of several measures.
    InputError
        If no font has a character of a word.

    Notes
    -----
    The measures take each occurrence for an independent draw. Words come in bunches,
    by document: read the bars as a ranking, not as tests.
    """
    measures = {row.measure for row in rows}
    if len(measures) > 1:
        raise ValueError(f"rows are of several measures: {', '.join(sorted(measures))}")
    values = [(_value(row), row) for row in rows]
    drawn = [(value, row) for value, row in values if isfinite(value)]
    drawn.sort(key=lambda pair: pair[0])
    low = [pair for pair in drawn[:n] if pair[0] < 0]
    high = [pair for pair in drawn[::-1][:n] if pair[0] > 0]
    shown = [*high, *reversed(low)]
    _lines(ax, [row.feature for _, row in shown], groups)
    _bars(ax, [value for value, _ in shown],
          [DARK if value > 0 else LIGHT for value, _ in shown])  # fmt: skip
    measure = "".join(measures)
    _sides(ax, MEASURES.get(measure, measure), groups)
    lost = len(values) - len(drawn)
    caption(ax, [
        f"Of {len(rows)} words the {len(low)} and {len(high)} of largest keyness.",
        f"{lost} without a finite value are not drawn." if lost else "",
    ])  # fmt: skip
    return ax


def _value(row: Keyness) -> float:
    """Return what has a sign: of an odds ratio its logarithm."""
    if row.measure != "exact":
        return row.statistic
    return log(row.statistic) if row.statistic > 0 else -inf


def terms_figure(
    rows: Sequence[TermShift], ax: Axes, *, n: int = 20,
    groups: tuple[str, str] = ("before", "after"), labels: Sequence[str] = (),
    level: float = 0.95,
) -> Axes:  # fmt: skip
    """Draw what each term adds to the change of a label's mean score.

    The bars, with that of all other terms, add up to the change, which is printed and
    drawn first. Behind a term: whether it speaks for the label (+) or against it (−),
    and whether its mean rose (↑) or fell (↓): a term that speaks against the label and
    fell adds to its score.

    Parameters
    ----------
    rows : sequence of TermShift
        Of one label and of all its terms, as
        `stance.measure.contributions.model_shift` gives them.
    ax : Axes
        Drawn on, and returned. The caption goes to its figure or subfigure.
    n : int, default 20
        Terms, at most, by the size of what they add.
    groups : (str, str), default ("before", "after")
        Their names.
    labels : sequence of str, optional
        Of the codebook, in its order, which fixes the colour.
    level : float, default 0.95
        Of the intervals of the rows.

    Raises
    ------
    ValueError
        If there is no row, or rows are of several labels.
    InputError
        If no font has a character of a term.

    References
    ----------
    Gallagher, R. J., Frank, M. R., Mitchell, L., Schwartz, A. J., Reagan, A. J.,
    Danforth, C. M., and Dodds, P. S. (2021). Generalized word shift graphs. *EPJ Data
    Science* 10, 4.
    """
    names = {row.label for row in rows}
    if len(names) > 1:
        raise ValueError(f"rows are of several labels: {', '.join(sorted(names))}")
    label = "".join(names)
    ranked = sorted(rows, key=lambda row: -abs(row.contribution))
    shown, others = ranked[:n], ranked[n:]
    total = sum(row.contribution for row in rows)
    bars = [Bar("all terms", total, INK)]
    hue = colour_of(labels or [label]).get(label, INK)
    bars += [
        Bar(_signed(row), row.contribution, hue, row.low, row.high) for row in shown
    ]
    if others:
        rest = sum(row.contribution for row in others)
        bars.append(Bar(f"{len(others)} other terms", rest, MUTED))
    _lines(ax, [bar.name for bar in bars], (*groups, label))
    _bars(ax, [bar.value for bar in bars], [bar.colour for bar in bars])
    for y, bar in enumerate(bars):
        if not isnan(bar.low):
            ax.hlines(y, bar.low, bar.high, color=INK, linewidth=0.9)
    ax.axhline(0.5, color=MUTED, linewidth=0.6)
    under(ax, f"added to the mean score of {plain(label)}")
    caption(ax, [
        f"{plain(groups[0])} to {plain(groups[1])}: the mean score (logit) of "
        f"{plain(label)} changes by {total:+.3f}, the sum of all bars below the first."
        .replace("-", "−"),
        "+ or −: the term speaks for or against the label; ↑ or ↓: its mean rose or "
        "fell.",
        f"Lines: {100 * level:g} % intervals."
        if any(not isnan(bar.low) for bar in bars) else "",
    ])  # fmt: skip
    return ax


class Bar(NamedTuple):
    """A bar with its name, and its interval where it has one."""

    name: str
    value: float
    colour: str
    low: float = float("nan")
    high: float = float("nan")


def _signed(row: TermShift) -> str:
    rose = row.mean_after >= row.mean_before
    return f"{plain(row.term)} {'+' if row.coef > 0 else '−'}{'↑' if rose else '↓'}"


def _lines(ax: Axes, names: Sequence[str], others: Iterable[str]) -> None:
    """Name the lines from the top down, and make room for them."""
    if not names:
        raise ValueError("there is no row to draw")
    shown = [plain(name) for name in names]
    check_glyphs([*shown, *map(plain, others)])
    grow(ax, 78 + LINE * len(shown))
    ax.set_yticks(range(len(shown)), shown, fontsize=7.5, parse_math=False)
    ax.set_ylim(len(shown) - 0.4, -0.6)
    ax.axvline(0, color=MUTED, linewidth=1, zorder=1)
    ax.grid(visible=False, axis="y")
    ax.tick_params(axis="y", length=0)
    ax.tick_params(axis="x", labelsize=7)
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:g}".replace("-", "−"))


def _bars(ax: Axes, values: Sequence[float], colours: Sequence[str]) -> None:
    ax.barh(range(len(values)), values, color=colours, height=0.7, zorder=2)


def _sides(ax: Axes, what: str, groups: tuple[str, str]) -> None:
    """Say under the axis what is measured, and which side is whose."""
    left, right = (f"more in {plain(name)}" for name in groups)
    both = f"← {left}        {right} →"
    narrow = width_of(both, 8) > 0.55 * points_of(ax)[0]
    under(ax, what, *((f"{right} →", f"← {left}") if narrow else (both,)))
