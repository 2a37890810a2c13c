"""Labelled paragraphs as output records and counts; how good their model is."""

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np

from stance.coding.codebook import LabelSet
from stance.measure.scores import scores_of
from stance.model.classify import Labelled
from stance.model.model import Json, Model
from stance.show.table import Value


def row_of(item: Labelled, labels: tuple[str, ...]) -> dict[str, Value]:
    """Return the output record of a labelled paragraph.

    Columns: unit_id, document_id, kind, language, label, abstained, seen, p_<label>,
    evidence (a list of term, weight, start, end; offsets count within the paragraph).
    """
    row: dict[str, Value] = {
        "unit_id": item.unit.id,
        "document_id": item.unit.document_id,
        "kind": item.unit.kind,
        "language": item.unit.language,
        "label": item.label,
        "abstained": item.abstained,
        "seen": item.seen,
    }
    for at, label in enumerate(labels):
        row[f"p_{label}"] = item.proba[at] if item.proba else None
    row["evidence"] = [
        {"term": e.term, "weight": e.weight, "start": e.start, "end": e.end}
        for e in item.evidence
    ]
    return row


def columns_of(labels: tuple[str, ...]) -> list[str]:
    """Return the columns of the output record, in order."""
    head = ["unit_id", "document_id", "kind", "language", "label", "abstained", "seen"]
    return [*head, *(f"p_{label}" for label in labels), "evidence"]


def counts_line(
    document: str, items: Iterable[Labelled], labels: tuple[str, ...]
) -> str:
    """Return how many paragraphs of a document have each label, in a line."""
    items = list(items)
    labelled = Counter(item.label for item in items if item.label)
    parts = [f"{label} {labelled[label]}" for label in labels if labelled[label]]
    abstained = sum(item.abstained for item in items)
    other = sum(not item.label and not item.abstained for item in items)
    if abstained:
        parts.append(f"abstained {abstained}")
    line = f"{document}: {sum(labelled.values())} labelled"
    line += f" ({', '.join(parts)})" if parts else ""
    return line + (f", {other} not content" if other else "")


def held_out(evaluation: Mapping[str, Json], labels: LabelSet) -> str:
    """Return the honest figure of a model in a sentence, or nothing without one.

    It is computed from the confusion counts in ``Model.evaluation``.
    """
    counts = evaluation.get("confusion")
    if not isinstance(counts, list):
        return ""
    table = np.array(counts)
    f1 = scores_of(table)["f1"]
    kept = [at for at, name in enumerate(labels.names) if name in labels.substantive]
    accuracy = np.trace(table) / table.sum()
    return (
        f"on documents it had not seen ({evaluation['design']}, "
        f"{evaluation['n_documents']} documents, n = {table.sum()}): macro-F1 "
        f"{f1[kept].mean():.2f} over {', '.join(labels.substantive)}; "
        f"accuracy {accuracy:.2f}"
    )


def about(model: Model, n: int, n_seen: int) -> list[str]:
    """Return what labelled n paragraphs, how many it was trained on, how good it is."""
    lines = [f"model {model.name} {model.digest[:12]}, {n} paragraph{'s' * (n != 1)}"]
    if n_seen:
        lines.append(
            f"* {n_seen} of them seen: the model was trained on these very texts, so "
            "their labels show how it works, not how good it is"
        )
    if figure := held_out(model.evaluation, model.labels):
        lines.append(f"how good it is {figure}")
    return lines
