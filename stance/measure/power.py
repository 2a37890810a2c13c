"""How many labels, in how many documents, for the interval one needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from stance.coding.sampling import MOST_OF_DOCUMENT, SCHEMES
from stance.errors import CodingError
from stance.measure.pilot import Pilot

#: Chance to see a change that is there.
POWER = 0.8
#: Labels worth fewer documents give wider intervals than the formula says.
FEW_DOCUMENTS = 6
TOO_FEW = "labels worth fewer than 6 documents: intervals will be wider than this"


@dataclass(frozen=True, slots=True)
class Plan:
    """What coding so much will show; all numbers are those of one period.

    ``half_width_share`` and ``half_width_change`` are half the expected width of the
    interval, on average over the labels; ``change_by_labels`` is that of the change
    without a classifier; ``smallest_change`` is found with a chance of 80 %;
    ``effective_documents`` is what the labels are worth as documents of even size.
    """

    scheme: str
    n_coded: int
    n_documents: int
    n_coded_documents: float
    effective_documents: float
    half_width_share: float
    half_width_change: float
    smallest_change: float
    change_by_labels: float
    estimand: str
    level: float
    note: str


def _n_coded_documents(n: float, n_documents: int, pilot: Pilot, scheme: str) -> float:
    """Return how many documents have a label."""
    if scheme == "documents":
        return min(n / pilot.paragraphs, n_documents)
    if scheme == "two-stage":
        return min(n / min(MOST_OF_DOCUMENT, pilot.paragraphs), n_documents)
    # Of a document of average size, none is drawn with this probability.
    missed = (1 - n / (n_documents * pilot.paragraphs)) ** pilot.paragraphs
    return float(n_documents * (1 - missed))


def _concentration(
    n: float, n_documents: int, pilot: Pilot, scheme: str
) -> tuple[float, float]:
    """Return how concentrated in documents labels are, and paragraphs.

    That is the sum of the squared parts of the documents.
    """
    total, uneven = n_documents * pilot.paragraphs, pilot.size_spread**2
    everything = (1 + uneven) / (n_documents + uneven)
    g = _n_coded_documents(n, n_documents, pilot, scheme)
    if scheme == "documents":
        return (1 + uneven) / (g + uneven), everything
    if scheme == "two-stage":
        return max(1 / g, everything), everything
    pair = max((total * everything - 1) / (total - 1), 0.0)
    return 1 / n + (1 - 1 / n) * pair, everything


def _variances(
    n: float, n_documents: int, pilot: Pilot, scheme: str, estimand: str
) -> tuple[float, float, float]:
    """Return variances by s(1-s), and what the coded documents are worth.

    The first variance is that of labels alone, the second that with the classifier.
    """
    coded, everything = _concentration(n, n_documents, pilot, scheme)
    within = 1 / n - 1 / (n_documents * pilot.paragraphs)
    between = coded - everything
    icc, r2 = pilot.icc, pilot.correlation**2
    drawn = (1 - icc) * within + icc * between
    errors = (1 - pilot.error_icc) * within + pilot.error_icc * between
    alone = drawn if estimand == "corpus" else (1 - icc) / n + icc * coded
    spread = r2 * drawn + (1 - r2) * errors
    return alone, alone - (r2 * drawn**2 / spread if spread > 0 else 0.0), 1 / coded


def most_labels(n_documents: int, pilot: Pilot, scheme: str) -> int:
    """Return how many labels so many documents can have.

    Examples
    --------
    >>> most_labels(40, Pilot(), "paragraphs"), most_labels(40, Pilot(), "two-stage")
    (640, 200)
    """
    each = pilot.paragraphs
    if scheme == "two-stage":
        each = min(MOST_OF_DOCUMENT, each)
    return int(n_documents * each)


def _check(n_coded: int, n_documents: int, pilot: Pilot, scheme: str) -> None:
    """Raise where a plan makes no sense."""
    if scheme not in SCHEMES:
        raise ValueError(f"scheme {scheme!r} is not one of {', '.join(SCHEMES)}")
    if not pilot.shares or not all(0 < share < 1 for share in pilot.shares):
        raise ValueError(f"shares must lie between 0 and 1, got {pilot.shares}")
    parts = {
        "icc": pilot.icc, "correlation": pilot.correlation, "error_icc": pilot.error_icc
    }  # fmt: skip
    for name, value in parts.items():
        if not 0 <= value <= 1:
            raise ValueError(f"{name} must lie between 0 and 1, got {value}")
    if pilot.paragraphs < 1:
        raise ValueError(f"a document has 1 paragraph at least, got {pilot.paragraphs}")
    if n_documents < 2:
        raise CodingError(
            "one document a period says nothing of other documents",
            hint="plan for two documents a period at least, better for twenty",
        )
    most = most_labels(n_documents, pilot, scheme)
    least = 2 if scheme == "paragraphs" else most_labels(2, pilot, scheme)
    if not least <= n_coded <= most:
        raise CodingError(
            f"{n_coded} labels cannot be drawn from {n_documents} documents of "
            f"{pilot.paragraphs:g} paragraphs by scheme {scheme!r}",
            hint=f"plan for {least} to {most} labels a period, or for more documents",
        )


def expected_half_width(
    *, n_coded: int, n_documents: int, pilot: Pilot | None = None,
    scheme: str = "paragraphs", estimand: str = "process", level: float = 0.95,
) -> Plan:  # fmt: skip
    r"""Return how wide the interval of a share and of a change will be.

    Parameters
    ----------
    n_coded : int
        Labels in each period.
    n_documents : int
        Documents in each period, coded or not.
    pilot : Pilot, optional
        What is known of the texts, or guessed.
    scheme : {"paragraphs", "documents", "two-stage"}, default "paragraphs"
        How they are drawn, as in `stance.coding.sampling.draw_sample`.
    estimand : {"process", "corpus"}, default "process"
        As in `stance.measure.prevalence.prevalence`.
    level : float, default 0.95
        Of the intervals.

    Raises
    ------
    CodingError
        If there are fewer paragraphs than labels, or one document.

    Notes
    -----
    With n labels, N paragraphs, :math:`q_L` and :math:`q_N` the sums of the squared
    parts that documents have of either, and :math:`\rho` the intraclass correlation,
    labels alone have the variance
    :math:`s(1-s)\,[(1-\rho)/n + \rho q_L]` (Kish 1965, 5.4). Of what stems from the
    draw, :math:`A = (1-\rho)(1/n - 1/N) + \rho (q_L - q_N)`, the classifier removes
    :math:`r^2 A^2 / (r^2 A + (1-r^2) E)`, with E the same of its own errors. Two
    periods alike have twice the variance and twice the degrees of freedom.
    Widths of simulated studies are met within 10 % where the labels are worth 6
    documents or more; with fewer, intervals are wider than planned.

    References
    ----------
    Kish, L. (1965). *Survey Sampling*. Wiley.
    Särndal, C.-E., Swensson, B. and Wretman, J. (1992). *Model Assisted Survey
    Sampling*. Springer, chapter 6.

    Examples
    --------
    >>> guess = Pilot(correlation=0.6)
    >>> spread = expected_half_width(n_coded=200, n_documents=40, pilot=guess)
    >>> whole = expected_half_width(
    ...     n_coded=200, n_documents=40, pilot=guess, scheme="documents"
    ... )
    >>> spread.half_width_change < whole.half_width_change
    True
    """
    pilot = pilot or Pilot()
    _check(n_coded, n_documents, pilot, scheme)
    alone, helped, worth = _variances(n_coded, n_documents, pilot, scheme, estimand)
    deviation = float(np.mean([np.sqrt(s * (1 - s)) for s in pilot.shares]))
    df = max(n_coded - 1 if estimand == "corpus" else worth - 1, 1.0)
    share, change = deviation * np.sqrt(helped), deviation * np.sqrt(2 * helped)
    tail = (1 + level) / 2
    g = _n_coded_documents(n_coded, n_documents, pilot, scheme)
    thin = estimand == "process" and worth < FEW_DOCUMENTS
    return Plan(
        scheme=scheme, n_coded=n_coded, n_documents=n_documents,
        n_coded_documents=round(g, 1), effective_documents=round(worth, 1),
        half_width_share=float(stdtrit(df, tail) * share),
        half_width_change=float(stdtrit(2 * df, tail) * change),
        smallest_change=float(
            (stdtrit(2 * df, tail) + stdtrit(2 * df, POWER)) * change
        ),
        change_by_labels=float(
            stdtrit(2 * df, tail) * deviation * np.sqrt(2 * alone)
        ),
        estimand=estimand, level=level, note=TOO_FEW if thin else "",
    )  # fmt: skip


def labels_needed(
    half_width: float, *, n_documents: int, pilot: Pilot | None = None,
    scheme: str = "paragraphs", estimand: str = "process", level: float = 0.95,
) -> Plan:  # fmt: skip
    """Return the plan with the fewest labels that a change is that well known by.

    Parameters
    ----------
    half_width : float
        Of the interval of the change; .1 is 10 percentage points either side.
    n_documents, pilot, scheme, estimand, level
        As for `expected_half_width`.

    Raises
    ------
    CodingError
        If coding everything would not do: only more documents would.

    Examples
    --------
    >>> plan = labels_needed(0.2, n_documents=40, pilot=Pilot(correlation=0.6))
    >>> plan.half_width_change <= 0.2
    True
    """
    if half_width <= 0:
        raise ValueError(f"half_width must lie above 0, got {half_width}")
    pilot = pilot or Pilot()

    def planned(n: int) -> Plan:
        return expected_half_width(
            n_coded=n, n_documents=n_documents, pilot=pilot, scheme=scheme,
            estimand=estimand, level=level,
        )  # fmt: skip

    most = most_labels(n_documents, pilot, scheme)
    low = 2 if scheme == "paragraphs" else most_labels(2, pilot, scheme)
    best = planned(most)
    if best.half_width_change > half_width:
        raise CodingError(
            f"with all that scheme {scheme!r} can draw from {n_documents} documents, "
            f"{most} labels, the change is known to {best.half_width_change:.3f} "
            f"either side, not to {half_width:g}",
            hint="plan for more documents a period, or for a wider interval",
        )
    while low < most:
        middle = (low + most) // 2
        if planned(middle).half_width_change <= half_width:
            most = middle
        else:
            low = middle + 1
    return planned(most)
