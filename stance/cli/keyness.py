"""``stance keyness``: words that set two groups of documents apart."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from stance.cli.common import add_output, chosen_format, emit, natural, one_thread
from stance.cli.measuring import add_plot, plot, refuse
from stance.cli.reading import add_terms
from stance.cli.units import add_units, read_units
from stance.errors import InputError, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from stance.coding.labelled import LabelledSet
    from stance.measure.strata import Strata

EXAMPLES = """\
  stance keyness --focus 2022 --reference 2012,2015
  stance keyness speeches.jsonl --by source --focus "Xinhua" --plot words.pdf
  stance keyness speeches.jsonl --focus 2023 --reference 2012 --concepts
  stance keyness speeches.jsonl --focus 2023 --measure chi2
  stance keyness --focus 2022 --model models/us-china-tech --of competition"""
MEASURES = ("log-odds", "chi2", "lr", "pmi", "exact")
#: What a terminal has room for; files have every row and column.
SHOWN = (
    "term", "log_odds", "low", "high", "rate_before", "rate_after", "n_documents",
    "p_max_t", "q",
)  # fmt: skip
N_SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the verb."""
    add_units(parser)
    parser.add_argument(
        "--by", default="year", metavar="NAME",
        help="year (default), month, date, source, language or document",
    )  # fmt: skip
    parser.add_argument(
        "--focus", default="", metavar="NAMES",
        help="the group whose words are looked for (several: a,b)",
    )  # fmt: skip
    parser.add_argument(
        "--reference", metavar="NAMES", help="the group beside it; default: the rest"
    )
    parser.add_argument(
        "--measure", choices=MEASURES,
        help="log-odds, tested by documents (default); or chi2, lr, pmi, exact as "
        "quanteda has them, which take each token as drawn alone",
    )  # fmt: skip
    parser.add_argument(
        "--only", choices=("en", "zh", "mixed"),
        help="units of this language only: else the words of a language stand out",
    )  # fmt: skip
    parser.add_argument(
        "--concepts", action="store_true",
        help="count the concepts of the term table, English and Chinese as one",
    )  # fmt: skip
    parser.add_argument(
        "--model", metavar="FOLDER",
        help="instead: what each term of a model adds to the change of its mean score",
    )  # fmt: skip
    parser.add_argument(
        "--of", metavar="LABEL", help="with --model: whose score; default the first"
    )
    add_terms(parser)
    parser.add_argument(
        "--rng", type=natural, default=0, metavar="N",
        help="seed of the draws; default 0",
    )  # fmt: skip
    add_plot(parser)
    add_output(parser)


def run(args: argparse.Namespace) -> int:
    """Print the words that set the focus apart from the reference."""
    one_thread()
    from stance.measure.groups import documents_of
    from stance.measure.strata import check_by, stratify

    check_by(args.by)
    if args.model:
        counted = {"--measure": args.measure, "--concepts": args.concepts}
        refuse({**counted, "--terms": args.terms}, "with --model")
    else:
        refuse({"--of": args.of}, "without --model")
    data = read_units(args)
    strata = stratify(data.gold, args.by)
    groups = _groups(args, strata)
    if args.only:
        groups[[language != args.only for language in data.gold.languages]] = -1
        if not {0, 1} <= set(groups.tolist()):
            raise InputError(f"--only {args.only}: a group has no such unit")
    documents = documents_of(data.gold, strata, groups)
    if args.model:
        return _of_model(args, data, groups, documents)
    return _of_words(args, data, groups, documents)


def _groups(args: argparse.Namespace, strata: Strata) -> np.ndarray:
    """Return the group of each unit: 1 focus, 0 reference, -1 neither."""
    import numpy as np

    if not args.focus:
        raise InputError(
            "--focus is missing: the group whose words are looked for",
            hint=f"{args.by}: {', '.join(strata.names)}",
        )
    focus = _places(args.focus, strata, "--focus")
    rest = [at for at in range(len(strata.names)) if at not in focus]
    reference = (
        _places(args.reference, strata, "--reference") if args.reference else rest
    )
    if both := set(focus) & set(reference):
        name = strata.names[min(both)]
        raise InputError(f"{name!r} is in both --focus and --reference")
    if not reference:
        raise InputError(f"there is no {args.by} beside {args.focus}")
    groups = np.full(len(strata.of), -1)
    groups[np.isin(strata.of, reference)] = 0
    groups[np.isin(strata.of, focus)] = 1
    return groups


def _places(names: str, strata: Strata, option: str) -> list[int]:
    parts = [names] if names in strata.names else names.split(",")
    for name in parts:
        if name not in strata.names:
            raise InputError(
                f"{option}: no {strata.by} is {name!r}",
                hint=nearest(name, strata.names),
            )
    return [strata.names.index(name) for name in parts]


def _names(args: argparse.Namespace) -> tuple[str, str]:
    return args.reference or "the rest", args.focus


def _of_words(
    args: argparse.Namespace, data: LabelledSet, groups: np.ndarray,
    documents: tuple[str, ...],
) -> int:  # fmt: skip
    import numpy as np

    from stance.cli.reading import terms_of
    from stance.measure.keyness import Keyness, LogOdds, keyness, log_odds
    from stance.measure.words import count_terms
    from stance.show.figures.words import keyness_figure, words_figure

    if not args.paths:
        args.paths = [args.corpus]
    rows = np.flatnonzero(groups >= 0)
    counts = count_terms(
        (data.texts[row] for row in rows), (documents[row] for row in rows),
        terms=terms_of(args), by_concept=args.concepts,
    )  # fmt: skip
    side = dict(zip(documents, groups.tolist(), strict=True))
    sides = np.array([side[document] for document in counts.documents])
    if args.measure in (None, "log-odds"):
        found = log_odds(counts, sides, rng=args.rng)
        if args.plot:
            plot(args, lambda ax: words_figure(found, ax, groups=_names(args)))
        _write(found, LogOdds.__slots__, SHOWN, args)
        return 0
    keys = keyness(counts, sides, measure=args.measure)
    if args.plot:
        plot(args, lambda ax: keyness_figure(keys, ax, groups=_names(args)))
    _write(keys, Keyness.__slots__, Keyness.__slots__, args)
    return 0


def _of_model(
    args: argparse.Namespace, data: LabelledSet, groups: np.ndarray,
    documents: tuple[str, ...],
) -> int:  # fmt: skip
    """Print what each term of a model adds to the change of its mean score."""
    from stance.measure.contributions import Scored, TermShift, model_shift
    from stance.model.score import feature_names, features_of
    from stance.model.store import load
    from stance.show.figures.words import terms_figure

    model = load(args.model)
    values = features_of(model, data.texts)
    label = args.of or model.labels.names[0]
    if label not in model.labels.names:
        hint = nearest(label, model.labels.names, kind="labels")
        raise InputError(f"--of {label!r} is no label of the model", hint=hint)
    coef = model.coef[[model.labels.names.index(label)]]
    scored = Scored((label,), feature_names(model), coef, values, documents)
    found = model_shift(scored, groups, rng=args.rng)
    if args.plot:
        of = model.labels.names
        plot(args, lambda ax: terms_figure(found, ax, groups=_names(args), labels=of))
    _write(found, TermShift.__slots__, TermShift.__slots__, args)
    return 0


def _write(
    found: Sequence[object], columns: Sequence[str], shown: Sequence[str],
    args: argparse.Namespace,
) -> None:  # fmt: skip
    """Print all rows; on a terminal the first and the last."""
    from stance.show.table import rows_of

    if chosen_format(args) == "table" and len(found) > 2 * N_SHOWN:
        found = [*found[:N_SHOWN], *found[-N_SHOWN:]]
        columns = shown
    emit(rows_of(found), columns, args)
