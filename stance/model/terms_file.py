"""``terms.tsv`` of a model folder: a row a term, readable in Excel and R."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stance.model.blocks import BlockSpec
    from stance.model.model import Model

HEAD = ("block", "term", "idf", "n_texts")
WRONG_HEADER = "the header of terms.tsv does not fit the labels"
#: The second cell of a row in which nothing is quoted.
TERM = re.compile("\t([^\t\n]*)\t[^\n]*\n")


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
    text: str, labels: tuple[str, ...], specs: Sequence[BlockSpec]
) -> list[list[str]]:
    """Return the terms of each block, in order, from ``terms.tsv``.

    The numbers are left: those of ``arrays.npz`` rule.

    Raises
    ------
    ValueError
        If it has other columns or blocks, or the blocks in another order.
    """
    header = [*HEAD, *labels]
    if '"' in text or "\r" in text:
        return _read_quoted(text, header, specs)
    if not text.startswith("\t".join(header) + "\n"):
        raise ValueError(WRONG_HEADER)
    at = text.index("\n") + 1
    terms: list[list[str]] = []
    for spec in specs:
        lead = f"\n{spec.name}\t"
        last = text.rfind(lead)
        end = text.find("\n", last + 1) + 1 if last >= 0 else at
        terms.append(TERM.findall(text, at, end))
        if len(terms[-1]) != text.count(lead):
            raise ValueError(f"terms.tsv: the rows of {spec.name} are not together")
        at = end
    if text.count("\t") != text.count("\n") * (len(header) - 1) or at != len(text):
        raise ValueError("terms.tsv: a row does not fit")
    return terms


def _read_quoted(
    text: str, header: list[str], specs: Sequence[BlockSpec]
) -> list[list[str]]:
    """Read a table as csv, which takes three times as long."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t")
    if next(reader, None) != header:
        raise ValueError(WRONG_HEADER)
    terms: dict[str, list[str]] = {spec.name: [] for spec in specs}
    order: list[str] = []
    for row in reader:
        if len(row) != len(header) or row[0] not in terms:
            raise ValueError(f"terms.tsv: a row does not fit: {row[:2]}")
        if not order or order[-1] != row[0]:
            order.append(row[0])
        terms[row[0]].append(row[1])
    if order != [spec.name for spec in specs if terms[spec.name]]:
        raise ValueError("the blocks of terms.tsv are not in order")
    return [terms[spec.name] for spec in specs]
