"""Who trains and who is predicted: splits by document, time, source and language.

Whatever the design, no unit that trains shares a group with one that is predicted.
"""

import warnings
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold, StratifiedGroupKFold

from stance.coding.labelled import LabelledSet
from stance.coding.predictions import check_split
from stance.errors import CodingError

Rows = NDArray[np.integer]
#: Below this many groups each is left out once, from it on five folds of groups are.
MIN_GROUPS, N_FOLDS = 10, 5
#: One to test on, one to choose settings on, one to fit.
MIN_DOCUMENTS = 3
#: Of more units than this a part is enough to choose settings on, and to calibrate.
MANY = 10_000
#: Units of a label that say enough of it.
ENOUGH = 100
DESIGNS = ("document", "time", "source", "language")


class Fold(NamedTuple):
    """Rows of a labelled set that train, rows that are predicted, and the number."""

    inside: Rows
    held: Rows
    number: int


def check_trainable(data: LabelledSet) -> None:
    """Raise `CodingError` where labels or documents are too few for validation."""
    names = data.labels.names
    y = data.y[data.y >= 0]
    if len(set(y.tolist())) < 2:
        raise CodingError(
            f"cannot train: all {len(y)} units have the label {names[y[0]]!r}"
            if len(y)
            else "cannot train: no unit is coded",
            hint="a classifier needs two labels at least",
        )
    for label, name in enumerate(names):
        units = data.y == label
        n_units, n_groups = int(units.sum()), len(np.unique(data.groups[units]))
        if n_groups < 2:
            raise CodingError(
                f"cannot train: label {name!r} has {n_units} coded "
                f"unit{'s' * (n_units != 1)} in "
                f"{n_groups} document{'s' * (n_groups != 1)}, cross-validation by "
                "document needs 2",
                hint="code more of it in another document, or leave the label out",
            )
    if (n_all := len(np.unique(data.groups[data.y >= 0]))) < MIN_DOCUMENTS:
        raise CodingError(
            f"cannot train: the units are of {n_all} document{'s' * (n_all != 1)}, "
            f"nested cross-validation by document needs {MIN_DOCUMENTS}",
            hint="code units of more documents; --group names what holds them together",
        )


def folds_of(groups: Rows, y: Rows, *, repeat: int = 0) -> Rows:
    """Return the fold of each unit: its group below ten groups, else one of five.

    Parameters
    ----------
    groups : ndarray of int, shape (n_units,)
        Units of one group are in one fold.
    y : ndarray of int, shape (n_units,)
        Labels, -1 for none: their shares are kept alike over the folds.
    repeat : int, default 0
        Another number gives other folds, from ten groups on.

    Examples
    --------
    >>> folds_of(np.array([0, 0, 1, 2]), np.array([0, 1, 0, 1])).tolist()
    [0, 0, 1, 2]
    """
    numbers: Rows = np.unique(groups, return_inverse=True)[1]
    if numbers.max() + 1 < MIN_GROUPS:
        return numbers
    folds = np.zeros(len(y), dtype=int)
    # Stratified, unless every label has fewer units than there are folds.
    is_rare = int(np.bincount(y + 1).max()) < N_FOLDS
    shuffled = {"shuffle": True, "random_state": repeat} if repeat else {}
    splitter = (
        GroupKFold(N_FOLDS) if is_rare else StratifiedGroupKFold(N_FOLDS, **shuffled)
    )
    with warnings.catch_warnings():  # one label with fewer units is no fault
        warnings.simplefilter("ignore")
        for fold, (_, held) in enumerate(splitter.split(y, y, numbers)):
            folds[held] = fold
    return folds


def sample(data: LabelledSet, rows: Rows, n: int) -> Rows:
    """Return positions of about ``n`` of some units: whole groups, drawn at random.

    Anchors are all among them, and of each label at least 100 units, or all, so that
    it can be told whether settings serve a rare one. The same rows always give the same
    sample.

    Parameters
    ----------
    data : LabelledSet
        With groups, labels and anchors.
    rows : ndarray of int
        What is drawn from.
    n : int
        Groups are drawn until there are so many units.

    Examples
    --------
    >>> from stance.coding.labelled import LabelledSet, Row, in_columns
    >>> from stance.coding.codebook import LabelSet
    >>> from stance.corpus.document import Passage
    >>> data = in_columns(LabelSet(("con", "pro")), [
    ...     Row(Passage(f"Text {n}"), "pro", f"d{n // 2}", f"u{n}", f"d{n // 2}", "en")
    ...     for n in range(400)])
    >>> drawn = sample(data, np.arange(400), 150)
    >>> len(drawn), len(set(data.groups[drawn]))
    (150, 75)
    """
    groups, y = data.groups[rows], data.y[rows]
    _, numbers = np.unique(groups, return_inverse=True)
    drawn = np.random.default_rng(0).permutation(numbers.max() + 1)[numbers]
    drawn[data.anchor[rows]] = -1
    order = np.argsort(drawn, kind="stable")
    chosen = set(drawn[order[:n]].tolist())
    for label in np.unique(y):
        chosen |= set(drawn[order[y[order] == label][:ENOUGH]].tolist())
    return np.flatnonzero(np.isin(drawn, list(chosen)))


def splits(data: LabelledSet, design: str, *, repeat: int = 0) -> list[Fold]:
    """Return the folds of a design that can be trained.

    Parameters
    ----------
    data : LabelledSet
        Anchors train in every fold (across languages: those of the other language) and
        are never predicted.
    design : str
        ``document``: each group is predicted by a model of the others. ``time``: what
        is dated is predicted from what is dated before. ``source``: each publisher
        from the others. ``language``: English from Chinese and back, without the twins.
    repeat : int, default 0
        As for `folds_of`; only ``document`` and ``language`` use it.

    Returns
    -------
    list of Fold
        A unit may be in none: the first period has no past to learn from.

    Raises
    ------
    CodingError
        If the labelled set has no such parts, or none can be trained without the rest.

    Examples
    --------
    >>> splits(None, "author")
    Traceback (most recent call last):
    ...
    ValueError: design 'author' is not one of document, time, source, language
    """
    if design not in DESIGNS:
        raise ValueError(f"design {design!r} is not one of {', '.join(DESIGNS)}")
    units = np.flatnonzero(~data.anchor)
    if design == "document":
        folds = folds_of(data.groups[units], data.y[units], repeat=repeat)
        pairs = [(units[folds == f], ~data.anchor) for f in np.unique(folds)]
    elif design == "time":
        pairs = _by_time(data, units)
    elif design == "source":
        pairs = _by_source(data, units)
    else:
        pairs = _by_language(data, units, repeat)
    found: list[Fold] = []
    for number, (held, trains) in enumerate(pairs):
        # Anchors have no date, and no source; their language is dealt with above.
        usable = trains | (data.anchor if design != "language" else False)
        usable = usable & (data.y >= 0)
        inside = np.flatnonzero(usable & ~np.isin(data.groups, data.groups[held]))
        if len(held) and _is_trainable(data, inside):
            check_split(data.gold, inside, held)
            found.append(Fold(inside, held, number))
    if not found:
        raise CodingError(
            f"cannot split by {design}: no part leaves two labels in two documents to "
            "train on",
            hint="code more documents, or split by document",
        )
    return found


def _is_trainable(data: LabelledSet, inside: Rows) -> bool:
    return len(set(data.y[inside])) > 1 and len(set(data.groups[inside])) > 1


def _named(data: LabelledSet, column: Sequence[str], what: str, units: Rows) -> Rows:
    """Return a column of the units as an array, or raise where it has no two values."""
    values = np.array(column, dtype=object)
    known = {value for value in values[units] if value}
    if len(known) < 2:
        raise CodingError(
            f"cannot split by {what}: the units have {len(known)} "
            f"{what}{'s' * (len(known) != 1)}, two are needed",
            hint=f"name the column that holds the {what}, or split by document",
        )
    return values


def _by_time(data: LabelledSet, units: Rows) -> list[tuple[Rows, NDArray[np.bool_]]]:
    dates = _named(data, data.gold.dates, "date", units)
    # As precise as the least precise: 2015 is not before 2015-03.
    precision = min(len(date) for date in dates if date)
    dates = np.array([date[:precision] for date in dates], dtype=object)
    known = sorted({date for date in dates[units] if date})
    if len(known) < 2:
        return []
    if len(known) > N_FOLDS + 1:  # blocks of about as many units, cut between dates
        ordered = np.sort(dates[units][dates[units] != ""])
        at = np.linspace(0, len(ordered), N_FOLDS + 2)[1:-1].astype(int)
        # Where the first date has nearly all, what follows it is one block.
        starts = sorted(set(ordered[at]) - {known[0]}) or [known[1]]
    else:
        starts = known[1:]
    pairs = []
    for start, after in zip(starts, [*starts[1:], "\U0010ffff"], strict=True):
        is_held = (dates[units] >= start) & (dates[units] < after)
        pairs.append((units[is_held], (dates < start) & (dates != "") & ~data.anchor))
    return pairs


def _by_source(data: LabelledSet, units: Rows) -> list[tuple[Rows, NDArray[np.bool_]]]:
    sources = _named(data, data.gold.sources, "source", units)
    units = units[sources[units] != ""]  # what has none may be anybody's
    numbers = np.unique(sources[units].astype(str), return_inverse=True)[1]
    folds = folds_of(numbers, data.y[units])
    return [(units[folds == f], sources != "") for f in np.unique(folds)]


def _by_language(
    data: LabelledSet, units: Rows, repeat: int
) -> list[tuple[Rows, NDArray[np.bool_]]]:
    languages = _named(data, data.gold.languages, "language", units)
    folds = folds_of(data.groups[units], data.y[units], repeat=repeat)
    return [
        (units[(folds == fold) & (languages[units] == held)], languages == other)
        for held, other in (("en", "zh"), ("zh", "en"))
        for fold in np.unique(folds)
    ]
