"""Composes the card of a model: what it is, what it was trained on, how good it is."""

from collections.abc import Iterable, Mapping, Sequence
from math import isnan

import numpy as np

from stance.coding.adjudicate import adjudicate
from stance.coding.labelled import LabelledSet
from stance.coding.predictions import HeldOut
from stance.measure.agreement import agreement
from stance.measure.evaluate import Metric, confusion_rows, evaluate
from stance.measure.label_errors import doubts
from stance.measure.reliability import reliability
from stance.measure.scores import COUNTED
from stance.model.abstain import (
    abstains,
    error_by_coverage,
    missing,
    prediction_sets,
    thresholds,
)
from stance.model.explain import strongest
from stance.model.model import Model
from stance.model.project import Project
from stance.model.tested import summary
from stance.show.figures import svg
from stance.show.figures.trust import coverage_figure, reliability_figure
from stance.show.rows import held_out
from stance.show.table import printable

COVERAGE = 0.9
SCORES = ("precision", "recall", "f1")

ONE_DOCUMENT = (
    "The corpus has one document per time point. Differences between years are "
    "differences between {n} texts of different kinds; they illustrate the workflow "
    "and support no statement about change over time."
)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [list(head), ["---"] * len(head), *map(list, rows)]
    return [f"| {' | '.join(map(_cell, cells))} |" for cells in lines]


def _cell(text: str) -> str:
    """Return a text, which may be a name in the data, as a cell of a table."""
    return printable(" ".join(text.split())).replace("|", r"\|")


def _range(row: Metric) -> str:
    return "" if isnan(row.low) else f"{row.low:.3f} to {row.high:.3f}"


def _whole(rows: Sequence[Metric]) -> list[str]:
    """Return the figures over all counted units, what is to beat, and the labels."""
    here = [row for row in rows if row.stratum == COUNTED]
    overall = [row for row in here if row.label == "all"]
    each = {(row.label, row.metric): row for row in here if row.label != "all"}
    labels = list(dict.fromkeys(label for label, _ in each))
    return [
        *_table(
            ("figure", "estimate", "95 % interval", "how"),
            ((r.metric, f"{r.estimate:.3f}", _range(r), r.method) for r in overall),
        ),
        "",
        *_table(
            ("label", "precision", "recall", "F1", "interval of F1", "units"),
            (
                (
                    label,
                    *(f"{each[label, m].estimate:.2f}" for m in SCORES),
                    _range(each[label, "f1"]),
                    str(each[label, "recall"].n_units),
                )
                for label in labels
            ),
        ),
    ]


def _strata(rows: Sequence[Metric]) -> list[str]:
    """Return macro-F1, accuracy and log loss of each stratum, with n."""
    found: dict[str, dict[str, Metric]] = {}
    for row in rows:
        if row.stratum != COUNTED and row.label == "all":
            found.setdefault(row.stratum, {})[row.metric] = row
    metrics = ("macro_f1", "accuracy", "log_loss", "brier")
    return _table(
        ("stratum", *metrics, "units", "documents"),
        (
            (
                name,
                *(f"{values[m].estimate:.2f}" for m in metrics),
                str(values["accuracy"].n_units),
                str(values["accuracy"].n_documents),
            )
            for name, values in found.items()
        ),
    )


def _confusion(tested: HeldOut) -> list[str]:
    names = tested.gold.labels.names
    n = {(row.gold, row.predicted): row.n for row in confusion_rows(tested)}
    return _table(
        ("gold \\ predicted", *names),
        ((gold, *(str(n[gold, said]) for said in names)) for gold in names),
    )


def _abstention(tested: HeldOut) -> list[str]:
    """Return error by coverage, and where prediction sets can be had."""
    gold, first = tested.gold, tested.repeats[0]
    kept = error_by_coverage(gold, first.proba)
    limits = thresholds(gold, first, strata=gold.languages, coverage=COVERAGE)
    lacking = [missing(limits, name, by="language") for name in limits.strata]
    sure = abstains(prediction_sets(first.proba, gold.languages, limits))
    lines = _table(
        ("share labelled, surest first", "units", "share wrong", "least probability"),
        (
            (f"{k.share:.0%}", str(k.n_units), f"{k.error:.3f}", f"{k.least:.2f}")
            for k in kept
        ),
    )
    lines += [
        "",
        f"`classify --coverage {COVERAGE}` labels where a class-conditional conformal "
        f"set, by language, holds one label: {(~sure).sum()} of {len(sure)} of these "
        "units. It promises coverage for units exchangeable with these, not for "
        "another period or source.",
    ]
    return lines + [f"- {sentence}" for sentence in filter(None, lacking)]


def _terms(model: Model) -> list[str]:
    """Return the strongest terms for each label and language, with their counts."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in strongest(model, n=12):
        found.setdefault((row.label, row.language), []).append(
            f"{row.term} ({row.weight:.2f}; {row.n_texts})"
        )
    return [
        f"- {label}, {language}: {', '.join(terms)}"
        for (label, language), terms in found.items()
    ]


def figures(model: Model) -> dict[str, str]:
    """Return the figures of the card as SVG, by file name; none without a test."""
    if model.tested is None:
        return {}
    gold, proba = model.tested.gold, model.tested.repeats[0].proba
    kept = gold.counted
    bins = reliability(gold.y[kept], proba[kept])
    by_share = error_by_coverage(gold, proba)
    return {
        "reliability.svg": svg(lambda ax: reliability_figure(bins, ax)),
        "coverage.svg": svg(lambda ax: coverage_figure(by_share, ax)),
    }


def card(
    model: Model, *, title: str, data: list[str], limits: list[str],
    failures: Iterable[str] = (),
) -> str:  # fmt: skip
    """Return the card in Markdown.

    Parameters
    ----------
    model : Model
        With parameters, inputs and what it was tested on.
    title : str
        One line.
    data : list of str
        What it was trained on, a sentence each.
    limits : list of str
        What it is not for, a sentence each.
    failures : iterable of str
        Units on which it is most wrong, one each.

    Returns
    -------
    str
        The same for the same model: nothing of the machine or the day is in it.
    """
    names = model.labels.names
    lines = [f"# {title}", "", f"Labels: {', '.join(names)}.", "", "## Data", ""]
    lines += [f"- {sentence}" for sentence in data]
    if tested := model.tested:
        rows = evaluate(tested)
        lines += [
            "", "## How good it is", "",
            f"Tested {held_out(summary(tested), model.labels)}.",
            "Settings, weights and calibration were made anew without the documents "
            "tested. `predictions.csv` holds every probability that the figures below "
            "are computed from.",
            "", *_whole(rows), "", *_confusion(tested),
            "", "## By language, period and source", "", *_strata(rows),
            "", "## Can its probabilities be trusted?", "",
            "![reliability](reliability.svg)", "",
            *_table(
                ("probability of the label given", "mean", "share right", "units"),
                (
                    (f"{b.low:.2f} to {b.high:.2f}", f"{b.confidence:.2f}",
                     f"{b.accuracy:.2f}", str(b.n))
                    for b in reliability(
                        tested.gold.y[tested.gold.counted],
                        tested.repeats[0].proba[tested.gold.counted],
                    )
                ),
            ),
            "", "## What silence buys", "", "![error by coverage](coverage.svg)", "",
            *_abstention(tested),
        ]  # fmt: skip
    if failed := list(failures):
        lines += ["", "## Where it fails", ""] + [f"- {one}" for one in failed]
    lines += ["", "## Settings", ""]
    for block in model.blocks:
        lines.append(
            f"- block `{block.spec.name}`: {len(block.terms)} terms, "
            f"weight {block.spec.weight}"
        )
    lines += [f"- {key}: {value}" for key, value in sorted(model.parameters.items())]
    lines += ["", "## Strongest terms (weight; training texts)", "", *_terms(model)]
    lines += ["", "## What it is not for", ""]
    lines += [f"- {sentence}" for sentence in limits]
    lines += ["", "## Digests of its inputs", ""]
    lines += [f"- {key}: `{value}`" for key, value in sorted(model.inputs.items())]
    return "\n".join(lines) + "\n"


def _failures(tested: HeldOut, texts: Mapping[str, str], n: int = 8) -> list[str]:
    """Return the counted units that the model contradicts most, with their text."""
    shown = tested.gold.take(np.flatnonzero(tested.gold.counted)).unit_ids
    return [
        f"`{row.unit_id}`: {row.gold} (p {row.p_gold:.2f}), said {row.predicted} "
        f"(p {row.p_predicted:.2f})" + _quoted(texts.get(row.unit_id, ""))
        for row in doubts(tested.gold, tested.repeats[0])
        if row.unit_id in shown
    ][:n]


def _quoted(text: str) -> str:
    text = " ".join(text.split())
    return f': "{text[:140]}{"..." if len(text) > 140 else ""}"' if text else ""


def _label_counts(data: LabelledSet) -> str:
    counted = data.y[data.gold.counted]
    n = np.bincount(counted, minlength=len(data.labels.names))
    return ", ".join(f"{name} {n[at]}" for at, name in enumerate(data.labels.names))


def data_card(model: Model, data: LabelledSet) -> str:
    """Return the card of a model that was trained on a labelled file."""
    groups = len(np.unique(data.groups))
    return card(
        model,
        title=f"Model {model.name}",
        data=[
            f"{len(data.texts)} labelled units in {groups} groups "
            f"({_label_counts(data)}).",
            "Who labelled them, and how well coders agreed, is not known to this "
            "program: add it here.",
        ],
        limits=[
            "Texts of other sources, times or registers than those it was tested on."
        ],
        failures=_failures(model.tested, {}) if model.tested else (),
    )


def project_card(model: Model, project: Project) -> str:
    """Return the card of a model that was trained on a project folder."""
    data = project.labelled()
    n_counted = int(data.gold.counted.sum())
    codebook = project.codebook
    gold = adjudicate(project.annotations, variable="frame")
    alpha = agreement(
        project.annotations, variable="frame", labels=codebook.labels.names
    )[0]
    registers = sorted({anchor.register for anchor in project.anchors})
    documents = project.corpus.documents
    limits = [
        "Estimating the share of a label in a corpus by counting predictions: that is "
        "biased, and the bias differs between sources and periods.",
        "Texts of other subjects, and other languages than English and Chinese.",
        "Single paragraphs on which something depends: read them.",
    ]
    if len({document.date[:4] for document in documents}) == len(documents):
        limits.append(ONE_DOCUMENT.format(n=len(documents)))
    return card(
        model,
        title=f"Model {model.name}",
        data=[
            f"Codebook {codebook.name} {codebook.version}; the unit is the paragraph.",
            f"{len(documents)} documents; {int((~data.anchor).sum())} content "
            f"paragraphs train, {n_counted} are counted (of a paragraph "
            f"and its translation the English one): {_label_counts(data)}.",
            f"{alpha.n_coders} coders labelled all of them, Krippendorff's alpha "
            f"{alpha.alpha:.3f}; {sum(row.disputed for row in gold)} disputed, settled "
            "by majority. Who the coders are is said in the project's DATA.md.",
            f"{int(data.anchor.sum())} anchor examples ({', '.join(registers)}): "
            "passages composed for the codebook. They train the model and are never "
            "counted.",
            f"{len(project.terms.terms)} concepts in the term table.",
        ],
        limits=limits,
        failures=(
            _failures(model.tested, {u.id: u.text for u in project.corpus.paragraphs})
            if model.tested
            else ()
        ),
    )
