"""What the measuring verbs share: predictions, shares, their tests, figures."""

from __future__ import annotations

import argparse
import sys
import warnings
from dataclasses import replace
from math import isnan, nan
from typing import TYPE_CHECKING, NamedTuple

from stance.cli.common import (
    Progress,
    columns_named,
    load_model,
    one_thread,
    positive,
    share,
)
from stance.cli.units import read_labels, read_units
from stance.errors import CodingError, InputError, StanceWarning

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stance.coding.labelled import LabelledSet
    from stance.coding.predictions import Gold, Predictions
    from stance.measure.prevalence import PrevalenceEstimate
    from stance.measure.strata import Strata
    from stance.model.model import Model
    from stance.show.figures import Draw

VOICE = "voice"
#: Below, errors of the classifier differ between strata.
UNSTABLE = 0.05


def add_estimate(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what is estimated, and how."""
    parser.add_argument(
        "--by", default="year", metavar="NAMES",
        help="year (default), month, date, source, language, document, or several: "
        "year,source; or voice, of each sentence: own, reported, quoted, mixed",
    )  # fmt: skip
    parser.add_argument(
        "--estimand", choices=("process", "corpus"), default="process",
        help="what the shares are of: what the sources write, of which these documents "
        "are a sample (default), or this corpus",
    )  # fmt: skip
    parser.add_argument(
        "--method", default="difference",
        help="difference (default), labels (takes no classifier), dsl, cc, pcc, acc, "
        "pacc, emq or synthetic",
    )  # fmt: skip
    parser.add_argument(
        "--level", type=share, default=0.95, metavar="P",
        help="of the intervals; default 0.95",
    )  # fmt: skip
    parser.add_argument(
        "--predictions", metavar="TABLE", nargs="+",
        help="what stance classify wrote of every unit, .parquet, .csv, .tsv or .jsonl "
        "files or a folder of them: read as columns, and nothing is predicted anew; "
        "takes --labels, and PATH, if given, are tables of the same ids that say date, "
        "source, document and text",
    )  # fmt: skip
    parser.add_argument(
        "--cross-fit", action="store_true",
        help="predict by models trained on the coded units of other documents",
    )  # fmt: skip
    parser.add_argument(
        "--terms", metavar="FILE", help="with --cross-fit: a term table; else none"
    )
    parser.add_argument(
        "--jobs", type=positive, default=2, metavar="N",
        help="with --cross-fit: processes; default 2",
    )  # fmt: skip


def predictions_of(
    args: argparse.Namespace, data: LabelledSet, model: Model | None, progress: Progress
) -> Predictions:
    """Return predictions for every unit by models that had not seen the coded ones.

    Without a model they are cross-fitted; for shares of the labels alone there are
    none, and every label is as probable.
    """
    import numpy as np

    from stance.corpus.terms import NO_TERMS, read_terms
    from stance.model.classify import predict

    if args.method == "labels":
        from stance.coding.predictions import Predictions

        even = np.ones((len(data.y), len(data.labels.names)))
        no = np.zeros(len(data.y), dtype=bool)
        even /= max(even.shape[1], 1)
        return Predictions(
            data.gold.unit_ids, data.labels, even, no, no.astype(int) - 1, no
        )
    if model is None:
        from stance.model.train import cross_fit

        terms = read_terms(args.terms) if args.terms else NO_TERMS
        return cross_fit(data, terms=terms, n_jobs=args.jobs, progress=progress.say)
    own = model.tested.repeats[0] if model.tested else None
    if own and not args.paths and set(data.gold.unit_ids) <= set(own.unit_ids):
        place = {unit: at for at, unit in enumerate(own.unit_ids)}
        rows = np.array([place[unit] for unit in data.gold.unit_ids])
        return replace(
            own, unit_ids=data.gold.unit_ids, proba=own.proba[rows],
            abstained=own.abstained[rows], fold=own.fold[rows], seen=own.seen[rows],
        )  # fmt: skip
    if model.context or model.targeted:
        raise CodingError(
            f"model {model.name!r} reads the neighbours or targets of a unit",
            hint="predict with --cross-fit, or with a model of the text alone",
        )
    progress.total = len(data.passages)
    return predict(model, data.gold.unit_ids, data.passages, progress.step)


class Measured(NamedTuple):
    """Shares, and the units that they were estimated from."""

    gold: Gold
    shares: PrevalenceEstimate


def measure(args: argparse.Namespace) -> Measured:
    """Return the shares that the options of a verb ask for."""
    one_thread()
    from stance.measure.prevalence import prevalence
    from stance.measure.strata import stratify

    _check_estimate(args)
    if args.predictions:
        gold, predictions = _stored(args)
        strata = stratify(gold, args.by)
    else:
        gold, predictions, strata = _predicted(args)
    shares = prevalence(
        gold, predictions, strata=strata,
        method=args.method, estimand=args.estimand, level=args.level,
    )  # fmt: skip
    if args.method == "labels":  # what no classifier said is not known
        rows = [replace(r, classifier_share=nan, correction=nan) for r in shares.rows]
        shares = replace(shares, rows=tuple(rows))
    return Measured(gold, shares)


def _predicted(args: argparse.Namespace) -> tuple[Gold, Predictions, Strata]:
    """Return units whose texts are read, their predictions, and their strata."""
    from stance.measure.strata import stratify

    trained = args.method != "labels" and not args.cross_fit
    model = load_model(args, tested=not args.paths) if trained else None
    data = read_units(args, model.labels if model else None)
    progress = Progress("predicting", 0, quiet=args.quiet)
    try:
        predictions = predictions_of(args, data, model, progress)
    finally:
        progress.close()
    if args.by == VOICE:
        return _by_voice(data, predictions, args.estimand)
    return data.gold, predictions, stratify(data.gold, args.by)


def _stored(args: argparse.Namespace) -> tuple[Gold, Predictions]:
    """Return units and predictions from tables, without an object a unit."""
    from stance.coding.stored import Stored, read_stored

    coded = read_labels(args)
    stored = Stored(args.predictions, args.paths, columns_named(args), args.longest)
    return read_stored(stored, coded)


def _by_voice(
    data: LabelledSet, predictions: Predictions, estimand: str
) -> tuple[Gold, Predictions, Strata]:
    """Return the sentences of all units, and the strata of their voices."""
    from stance.argument.attribution import VOICES
    from stance.argument.voices import by_statement
    from stance.measure.strata import strata_of

    is_coded = (data.y >= 0) | ~data.gold.counted
    if estimand == "corpus" and not is_coded.all():
        raise CodingError(
            f"{int((~is_coded).sum())} units are not coded: how shares by voice vary "
            "with the draw is not known, as the sentences of a unit are drawn together",
            hint="code them all, or take --estimand process",
        )
    gold, predictions, voices = by_statement(data.gold, predictions, data.texts)
    return gold, predictions, strata_of(gold, voices, by=VOICE, order=VOICES)


def _check_estimate(args: argparse.Namespace) -> None:
    """Raise for a method or strata that are none, and options that change nothing."""
    from stance.errors import nearest
    from stance.measure.prevalence import METHODS
    from stance.measure.strata import check_by

    if args.method not in METHODS:
        raise InputError(
            f"--method {args.method!r} is none", hint=nearest(args.method, METHODS)
        )
    check_by(args.by, alone=(VOICE,))
    if args.predictions:
        _check_stored(args)
    if args.method == "labels":
        given = {"--model": args.model, "--cross-fit": args.cross_fit}
        refuse(given, "with --method labels, which takes no classifier")
    if args.cross_fit:
        refuse({"--model": args.model}, "with --cross-fit, which trains its own")
    else:
        refuse({"--terms": args.terms}, "without --cross-fit")


def _check_stored(args: argparse.Namespace) -> None:
    """Raise for what goes not with stored predictions."""
    given = {
        "--model": args.model, "--cross-fit": args.cross_fit, "--lines": args.lines,
        "--method labels": args.method == "labels",
    }  # fmt: skip
    refuse(given, "with --predictions")
    if args.by == VOICE:
        raise InputError(
            "--by voice takes the texts of all units",
            hint="give them as PATH, without --predictions",
        )
    if not args.labels:
        raise InputError(
            "--predictions needs the coded units: --labels",
            hint="draw some: stance sample; what the model said is no label",
        )


def refuse(options: Mapping[str, object], beside: str) -> None:
    """Raise `InputError` for the first option that was given and would do nothing.

    ``options`` maps each to its value; ``None``, ``False`` and an empty text are none.
    """
    for name, value in options.items():
        if value is not None and value is not False and value != "":
            raise InputError(f"{name} would change nothing {beside}")


def say_stability(args: argparse.Namespace, found: Measured) -> None:
    """Say on stderr whether the classifier errs alike in all strata, if that is known.

    Warns where it does not, and the method takes it for granted.
    """
    from stance.measure.quantify import QUANTIFIERS
    from stance.measure.stability import stability_of

    if args.method == "labels" or found.shares.columns is None:
        return
    test = stability_of(found.shares.columns, found.shares.strata)
    if isnan(test.p):
        return
    if not args.quiet:
        said = f"{f_test(test.f, test.df1, test.df2, test.p)}; {test.note}"
        asked = f"does the classifier err alike in each {test.by}?"
        print(asked, said, file=sys.stderr)
    if test.p < UNSTABLE and args.method in QUANTIFIERS:
        warnings.warn(
            f"the classifier does not err alike in each {test.by}: shares by --method "
            f"{args.method}, which takes that for granted, are not comparable",
            StanceWarning,
            stacklevel=2,
        )


def f_test(f: float, df1: int, df2: float, p: float) -> str:
    """Return an F test in a line."""
    return f"F({df1}, {df2:.1f}) = {f:.2f}, {p_of(p)}"


def p_of(p: float) -> str:
    """Return a p for people, who should never read that it is 0."""
    return f"p = {p:.3f}" if p >= 0.001 else "p < 0.001"


def add_plot(parser: argparse.ArgumentParser) -> None:
    """Add the option that draws a figure."""
    parser.add_argument(
        "--plot", metavar="FILE", help="draw it too: a .pdf, .svg or .png file"
    )


def plot(args: argparse.Namespace, draw: Draw) -> None:
    """Draw the figure that --plot names."""
    from stance.show.figures import save

    save(draw, args.plot)
