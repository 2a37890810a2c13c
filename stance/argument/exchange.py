"""Statements for other tools: Discourse Network Analyzer, and the formats of AIF.

Both are plain data: rows that rDNA's functions take, and a dictionary for
``json.dump``. What the other format cannot hold is left out, and said.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TypedDict

from stance.argument.claim import Link
from stance.argument.holders import is_named_person
from stance.argument.statement import Statement

#: DNA's qualifier is yes or no.
AGREEMENT = {"favor": 1, "against": 0}
#: Who holds a view that is told without naming anybody: it is said that ...
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DnaRow:
    """A statement as DNA 3 has it; the columns are those of its statement table.

    ``document_id`` is ours. ``source`` and ``date_time`` are the document's, and
    ``text`` is the document's from ``start`` to ``stop``.
    """

    document_id: str
    start: int
    stop: int
    coder_id: int
    person: str
    organization: str
    concept: str
    agreement: int
    source: str
    date_time: str
    text: str


def rdna_rows(
    statements: Iterable[Statement], *, starts: Mapping[str, int] | None = None
) -> tuple[DnaRow, ...]:
    """Return the statements that a discourse network can hold, as rDNA takes them.

    Parameters
    ----------
    statements : iterable of Statement
        Only those whose act is for or against, and that have a frame or a target:
        DNA's agreement is 1 or 0, and there is none without a concept.
    starts : mapping of str to int, optional
        Where each paragraph begins in its document, by its id. Without it each
        paragraph is a document of DNA, called by its id.

    Returns
    -------
    tuple of DnaRow
        The concept is frame and target (``cooperation: China``), the agreement the
        polarity of the act: 1 for, 0 against. Whose view it is stands under ``person``
        if it reads as a person's name, else under ``organization``; in the writer's
        own voice that is the source of the document.

    Raises
    ------
    ValueError
        If ``starts`` has not every paragraph.

    Notes
    -----
    In R, ``dna_addDocuments(coder_id, title, text, author, source, section, type,
    notes, date_time)`` returns the number of a document, and ``dna_addStatement(
    documentID, startCaret, endCaret, statementType = "DNA Statement", coder, person,
    organization, concept, agreement)`` takes ``start`` and ``stop`` as carets: they
    count from 0. DNA's carets count UTF-16 units, two for a rare character such as 𠮷
    before them. A name without a body's word in it (*Huawei*, *Goldman Sachs*) is
    taken for a person's.

    References
    ----------
    Leifeld, P. (2017). Discourse network analysis: policy debates as dynamic networks.
    In *The Oxford Handbook of Political Networks*, 301-325.
    rDNA 3, ``rDNA/rDNA/R/rDNA.R`` and ``tests/testthat/test-data-access.R``:
    https://github.com/leifeld/dna

    Examples
    --------
    >>> from stance.argument.statement import statements
    >>> from stance.corpus.terms import NO_TERMS
    >>> from stance.testing import paragraph
    >>> text = "Talks began. Wang Yi said that China will cooperate with Japan."
    >>> found = statements([paragraph(text)], terms=NO_TERMS)
    >>> row, = rdna_rows(found, starts={"text-1:p001": 100})
    >>> row.document_id, row.start, row.person, row.concept, row.agreement
    ('text-1', 113, 'Wang Yi', 'Japan', 1)
    """
    rows: list[DnaRow] = []
    for row in statements:
        concept = ": ".join(part for part in (row.frame, row.target) if part)
        if not concept or row.polarity not in AGREEMENT:
            continue
        if starts is not None and row.unit_id not in starts:
            raise ValueError(f"starts has no paragraph {row.unit_id!r}")
        first = starts[row.unit_id] if starts is not None else 0
        named = is_named_person(row.holder)
        rows.append(
            DnaRow(
                document_id=row.unit_id if starts is None else row.document_id,
                start=first + row.start,
                stop=first + row.end,
                coder_id=1,
                person=row.holder if named else "",
                organization="" if named else row.holder or _writer(row),
                concept=concept,
                agreement=AGREEMENT[row.polarity],
                source=row.source,
                date_time=row.date,
                text=row.text,
            )
        )
    return tuple(rows)


def _writer(row: Statement) -> str:
    """Return who speaks in the own voice: the source, or else the document."""
    return (row.source or row.document_id) if row.voice == "own" else ""


#: A node, an edge, a participant or a locution of AIF.
Item = dict[str, int | str]


class Xaif(TypedDict):
    """An xAIF document; ``OVA`` is the layout that the editor OVA keeps, empty here."""

    AIF: dict[str, list[Item]]
    text: dict[str, str]
    dialog: bool
    OVA: dict[str, str | list[Item]]


def xaif(statements: Sequence[Statement], links: Iterable[Link] = ()) -> Xaif:
    """Return statements and what supports what among them as an xAIF document.

    Parameters
    ----------
    statements : sequence of Statement
        Each becomes a locution (L), a proposition (I) and the illocution between them
        (YA).
    links : iterable of Link, optional
        As `stance.argument.statement.links_of` returns them, of these statements: each
        becomes an inference (RA) from premise to claim.

    Returns
    -------
    dict
        With the keys ``AIF``, ``text``, ``dialog`` and ``OVA``. The node of a statement
        with position *n* is 3n (L), 3n + 1 (I) and 3n + 2 (YA). Participants are the
        holders; the writer of each document is one, called by its source, and so is
        ``unknown``, where a view is told and nobody is named.

    Raises
    ------
    ValueError
        If a link leads to no statement.

    Notes
    -----
    The surname holds the whole name: what is a first name is not known. There are no
    transitions (TA), no conflicts (CA) and no schemes, and OVA draws no node before it
    has laid them out.

    References
    ----------
    Chesñevar, C. et al. (2006). Towards an argument interchange format. *The Knowledge
    Engineering Review* 21(4), 293-316.
    xAIF of the Argument Mining Framework: https://github.com/arg-tech/xaif, *tutorial*.

    Examples
    --------
    >>> from stance.argument.statement import links_of, statements
    >>> from stance.corpus.terms import NO_TERMS
    >>> from stance.testing import paragraph
    >>> text = "The controls will fail. For example, sales rose by 8 percent."
    >>> found = statements([paragraph(text)], terms=NO_TERMS)
    >>> graph = xaif(found, links_of(found))["AIF"]
    >>> [node["type"] for node in graph["nodes"]]
    ['L', 'I', 'YA', 'L', 'I', 'YA', 'RA']
    >>> [(edge["fromID"], edge["toID"]) for edge in graph["edges"]]
    [(0, 2), (2, 1), (3, 5), (5, 4), (4, 6), (6, 1)]
    """
    n = len(statements)
    nodes: list[Item] = []
    ends: list[tuple[int, int]] = []
    for at, row in enumerate(statements):
        said = 3 * at
        nodes += [
            {"nodeID": said, "text": row.text, "type": "L"},
            {"nodeID": said + 1, "text": row.text, "type": "I"},
            {"nodeID": said + 2, "text": "Default Illocuting", "type": "YA"},
        ]
        ends += [(said, said + 2), (said + 2, said + 1)]
    for link in links:
        if not 0 <= min(link.premise, link.claim) <= max(link.premise, link.claim) < n:
            raise ValueError(f"{link} is not of the {n} statements")
        inference = len(nodes)
        nodes.append({"nodeID": inference, "text": "Default Inference", "type": "RA"})
        ends += [(3 * link.premise + 1, inference), (inference, 3 * link.claim + 1)]
    participants, locutions = _speakers(statements)
    return {
        "AIF": {
            "nodes": nodes,
            "edges": [
                {"edgeID": at, "fromID": start, "toID": end}
                for at, (start, end) in enumerate(ends)
            ],
            "schemefulfillments": [],
            "descriptorfulfillments": [],
            "participants": participants,
            "locutions": locutions,
        },
        "text": {"txt": _marked(statements)},
        "dialog": False,
        "OVA": {"firstname": "", "surname": "", "url": "", "nodes": [], "edges": []},
    }


def _speakers(statements: Sequence[Statement]) -> tuple[list[Item], list[Item]]:
    """Return who speaks, and who says which locution."""
    people = [row.holder or _writer(row) or UNKNOWN for row in statements]
    number = {name: at for at, name in enumerate(dict.fromkeys(people))}
    participants: list[Item] = [
        {"participantID": at, "firstname": "", "surname": name}
        for name, at in number.items()
    ]
    locutions: list[Item] = [
        {"nodeID": 3 * at, "personID": number[name]} for at, name in enumerate(people)
    ]
    return participants, locutions


def _marked(statements: Sequence[Statement]) -> str:
    """Return the text as HTML, each statement marked with its locution's number."""
    spans: dict[str, list[str]] = {}
    for at, row in enumerate(statements):
        span = f'<span class="highlighted" id="{3 * at}">{escape(row.text)}</span>'
        spans.setdefault(row.unit_id, []).append(span)
    return "<br><br>".join(" ".join(own) for own in spans.values())
