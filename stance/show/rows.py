"""Labelled paragraphs as output records, and as counts."""

from collections import Counter
from collections.abc import Iterable

from stance.model.classify import Labelled
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
