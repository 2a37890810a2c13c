"""Several coders to one label a unit, by majority; disputes are listed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from stance.coding.annotation import Annotation


@dataclass(frozen=True, slots=True)
class Adjudicated:
    """The adjudicated label of a unit, and how the coders voted.

    ``label`` is empty where no label has more than half of the votes; ``votes`` reads
    ``competition 2, none 1``.
    """

    unit_id: str
    variable: str
    label: str
    n_coders: int
    disputed: bool
    votes: str


def adjudicate(
    annotations: Iterable[Annotation], *, variable: str
) -> tuple[Adjudicated, ...]:
    """Return the majority label of each unit for one variable.

    Parameters
    ----------
    annotations : iterable of Annotation
        Current annotations (`stance.coding.store.fold`).
    variable : str
        Such as ``frame``.

    Returns
    -------
    tuple of Adjudicated
        Sorted by unit. ``disputed`` where the coders did not all agree.

    Examples
    --------
    >>> votes = [Annotation(str(n), "d:p001", "", "frame", label, f"coder-{n}", "")
    ...          for n, label in enumerate(["none", "competition", "none"])]
    >>> adjudicate(votes, variable="frame")[0].votes
    'none 2, competition 1'
    """
    votes: dict[str, Counter[str]] = {}
    for annotation in annotations:
        if annotation.variable == variable:
            votes.setdefault(annotation.unit_id, Counter())[annotation.label] += 1
    rows: list[Adjudicated] = []
    for unit_id in sorted(votes):
        ranked = sorted(votes[unit_id].items(), key=lambda vote: (-vote[1], vote[0]))
        n_coders = sum(votes[unit_id].values())
        label, most = ranked[0]
        rows.append(
            Adjudicated(
                unit_id=unit_id,
                variable=variable,
                label=label if 2 * most > n_coders else "",
                n_coders=n_coders,
                disputed=len(ranked) > 1,
                votes=", ".join(f"{name} {n}" for name, n in ranked),
            )
        )
    return tuple(rows)
