"""``terms.tsv`` of a model folder: a row a term, readable in Excel and R."""

import csv
import io

from stance.model.blocks import BlockSpec
from stance.model.model import Model

HEAD = ("block", "term", "idf", "n_texts")


def write_terms(model: Model) -> str:
    """Return the table: block, term, idf, training texts, one weight a label."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow([*HEAD, *model.labels.names])
    column = 0
    for block in model.blocks:
        counted = zip(block.terms, block.idf, block.n_texts, strict=True)
        for term, idf, n in counted:
            weights = [repr(float(w)) for w in model.coef[:, column]]
            writer.writerow([block.spec.name, term, repr(float(idf)), n, *weights])
            column += 1
    return out.getvalue()


def read_terms_file(
    text: str, labels: tuple[str, ...], specs: list[BlockSpec]
) -> list[list[str]]:
    """Return the terms of each block, in order, from ``terms.tsv``."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t")
    if next(reader, None) != [*HEAD, *labels]:
        raise ValueError("the header of terms.tsv does not fit the labels")
    terms: dict[str, list[str]] = {spec.name: [] for spec in specs}
    order: list[str] = []
    for row in reader:
        if len(row) != len(HEAD) + len(labels) or row[0] not in terms:
            raise ValueError(f"terms.tsv: a row does not fit: {row[:2]}")
        if not order or order[-1] != row[0]:
            order.append(row[0])
        terms[row[0]].append(row[1])
    if order != [spec.name for spec in specs if terms[spec.name]]:
        raise ValueError("the blocks of terms.tsv are not in order")
    return [terms[spec.name] for spec in specs]
