"""Composes the card of a model: what it is, what it was trained on, how good it is."""

import numpy as np

from stance.coding.adjudicate import adjudicate
from stance.measure.agreement import agreement
from stance.measure.evaluate import scores_of
from stance.model.labelled import LabelledSet
from stance.model.model import Model
from stance.model.project import Project
from stance.show.rows import held_out

ONE_DOCUMENT = (
    "The corpus has one document per time point. Differences between years are "
    "differences between {n} texts of different kinds; they illustrate the workflow "
    "and support no statement about change over time."
)


def _strongest(model: Model, label: int, n: int = 12) -> str:
    terms = [
        term
        for block in model.blocks
        if block.spec.name != "chars"
        for term in block.terms
    ]
    weights = model.coef[label, : len(terms)]
    order = sorted(range(len(terms)), key=lambda at: (-weights[at], terms[at]))[:n]
    return ", ".join(f"{terms[at]} ({weights[at]:.2f})" for at in order)


def card(model: Model, *, title: str, data: list[str], limits: list[str]) -> str:
    """Return the card in Markdown.

    Parameters
    ----------
    model : Model
        With parameters, inputs and evaluation.
    title : str
        One line.
    data : list of str
        What it was trained on, a sentence each.
    limits : list of str
        What it is not for, a sentence each.

    Returns
    -------
    str
        The same for the same model: nothing of the machine or the day is in it.
    """
    names = model.labels.names
    lines = [f"# {title}", "", f"Labels: {', '.join(names)}.", "", "## Data", ""]
    lines += [f"- {sentence}" for sentence in data]
    lines += ["", "## How good it is", ""]
    counts = model.evaluation.get("confusion")
    if isinstance(counts, list):
        table = np.array(counts)
        each = scores_of(table)
        lines += [
            f"Tested {held_out(model)}.",
            "Settings, weights and calibration were made anew without the documents "
            "tested.",
            "",
            "| gold \\ predicted | "
            + " | ".join(names)
            + " | precision | recall | F1 |",
            "| --- |" + " --- |" * (len(names) + 3),
        ]
        for at, name in enumerate(names):
            cells = [str(n) for n in table[at]]
            cells += [f"{each[m][at]:.2f}" for m in ("precision", "recall", "f1")]
            lines.append(f"| {name} | {' | '.join(cells)} |")
        if int(str(model.evaluation["n_documents"])) < 8:
            lines += ["", "With fewer than 8 documents no interval can be given."]
    lines += ["", "## Settings", ""]
    for block in model.blocks:
        lines.append(
            f"- block `{block.spec.name}`: {len(block.terms)} terms, "
            f"weight {block.spec.weight}"
        )
    lines += [f"- {key}: {value}" for key, value in sorted(model.parameters.items())]
    lines += ["", "## Strongest terms", ""]
    lines += [f"- {name}: {_strongest(model, at)}" for at, name in enumerate(names)]
    lines += ["", "## What it is not for", ""]
    lines += [f"- {sentence}" for sentence in limits]
    lines += ["", "## Digests of its inputs", ""]
    lines += [f"- {key}: `{value}`" for key, value in sorted(model.inputs.items())]
    return "\n".join(lines) + "\n"


def _label_counts(data: LabelledSet) -> str:
    counted = data.y[data.counted]
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
    )


def project_card(model: Model, project: Project) -> str:
    """Return the card of a model that was trained on a project folder."""
    data = project.labelled()
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
            f"paragraphs train, {int(data.counted.sum())} are counted (of a paragraph "
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
    )
