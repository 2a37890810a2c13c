"""The statement table: a row a sentence, with who says what of whom, and what for.

The other modules of this layer each answer one question about a sentence; here the
answers stand side by side, with the place of the sentence in its paragraph, so that a
reader can sort them, count them, and go back to the text.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter

from stance.argument.act import acts
from stance.argument.attribution import attribution
from stance.argument.claim import Link, links, role_of
from stance.argument.connective import Connective, connectives
from stance.argument.holders import resolve
from stance.argument.target import MAIN, stance_of
from stance.corpus.document import Paragraph
from stance.corpus.sentences import sentences
from stance.corpus.terms import TermTable

#: What the polarity of an act becomes where the act is denied.
TURNED = {"favor": "against", "against": "favor"}


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence; ``paragraph.text[start:end] == text``.

    ``number`` counts within the paragraph from 1. ``holder`` and ``cue`` are empty
    where the ``voice`` is the writer's own, ``frame`` is the paragraph's label, and
    ``stance`` is toward cooperation. ``actor``, ``act``, ``target``, ``polarity`` and
    ``plover`` are those of the first act, empty where there is none; the polarity of
    an act that is denied (will not cooperate) is turned round, its PLOVER code is not.
    ``connectives`` reads ``However=contrast|because=cause``.
    """

    document_id: str
    unit_id: str
    number: int
    start: int
    end: int
    date: str
    source: str
    language: str
    voice: str
    holder: str
    cue: str
    role: str
    frame: str
    stance: str
    actor: str
    act: str
    target: str
    polarity: str
    plover: str
    connectives: str
    text: str


def statements(
    paragraphs: Iterable[Paragraph],
    *,
    terms: TermTable,
    frames: Mapping[str, str] | None = None,
    dates: Mapping[str, tuple[str, str]] | None = None,
    actors: TermTable | None = None,
    main: tuple[str, str] = MAIN,
) -> tuple[Statement, ...]:
    """Return the statements of paragraphs, a row a sentence, in reading order.

    Parameters
    ----------
    paragraphs : iterable of Paragraph
        Headings and furniture have no statements. Of twins both have them: who counts
        leaves one out.
    terms : TermTable
        Its cues of the frame ``cooperation`` are signs of a stance.
    frames : mapping of str to str, optional
        The label of a paragraph by its id, a coder's or a model's.
    dates : mapping of str to (str, str), optional
        Date and source of a document by its id.
    actors : TermTable, optional
        See `stance.argument.act.read_actors`.
    main : (str, str), default ("US", "China")
        The actors toward whose cooperation the stance is taken.

    Returns
    -------
    tuple of Statement
        A holder has one name within a document: *Zhou*, *he* and *Zhou Liujun* are
        Zhou Liujun.

    Notes
    -----
    Each column misleads as its own function does: see `attribution`, `role_of`,
    `stance_of` and `acts`. A sentence is judged by itself, so that one inside a
    quotation that began before it is the writer's own. The role goes by the words of
    a sentence in any voice: what is reported may be a claim, of its holder.

    Examples
    --------
    >>> from stance.corpus.terms import NO_TERMS
    >>> from stance.testing import paragraph
    >>> units = [paragraph("However, trade fell. Zhou said that it will rise."),
    ...          paragraph("双方应当合作，因为市场很大。", id="text-2:p001")]
    >>> for row in statements(units, terms=NO_TERMS):
    ...     print(row.voice, row.holder or "-", row.role, row.connectives or "-")
    own - neither However=contrast
    reported Zhou neither -
    own - claim 因为=cause
    """
    found = [
        row
        for unit in paragraphs
        if unit.counted
        for row in _rows(unit, terms, actors, main)
    ]
    names = _resolved(found)
    about, labels = dates or {}, frames or {}
    return tuple(
        replace(
            row,
            date=about.get(row.document_id, ("", ""))[0],
            source=about.get(row.document_id, ("", ""))[1],
            holder=name,
            frame=labels.get(row.unit_id, ""),
        )
        for row, name in zip(found, names, strict=True)
    )


def _rows(
    unit: Paragraph, terms: TermTable, actors: TermTable | None, main: tuple[str, str]
) -> Iterable[Statement]:
    """Yield the statements of a paragraph, before what the document knows."""
    for number, (start, end) in enumerate(sentences(unit.text), start=1):
        text = unit.text[start:end]
        view, joints = attribution(text), connectives(text)
        is_own = view.voice == "own"
        act = next(iter(acts(text, actors)), None)
        polarity = act.polarity if act else ""
        if act and act.is_negated:
            polarity = TURNED.get(polarity, polarity)
        yield Statement(
            document_id=unit.document_id,
            unit_id=unit.id,
            number=number,
            start=start,
            end=end,
            date="",
            source="",
            language=unit.language,
            voice=view.voice,
            holder="" if is_own else view.holder,
            cue="" if is_own else view.cue,
            role=role_of(text, connectives=_places(joints)).role,
            frame="",
            stance=stance_of(text, terms=terms, actors=actors, main=main).stance,
            actor=act.actor if act else "",
            act=act.act if act else "",
            target=act.target if act else "",
            polarity=polarity,
            plover=act.plover if act else "",
            connectives="|".join(
                f"{' '.join(one.text.split())}={one.relation}" for one in joints
            ),
            text=text,
        )


def _places(joints: Iterable[Connective]) -> list[tuple[str, int, int]]:
    """Return the connectives of a sentence as `role_of` takes them."""
    return [(one.relation, one.start, one.end) for one in joints]


def _resolved(found: Sequence[Statement]) -> list[str]:
    """Return the holder of each row by the one name that its document has for it.

    Each language has its own: in a text beside its translation, *it* is nobody whom
    the Chinese paragraph before named.
    """
    rows: dict[tuple[str, str], list[int]] = {}
    for at, row in enumerate(found):
        rows.setdefault((row.document_id, row.language), []).append(at)
    names = [""] * len(found)
    for own in rows.values():
        known = resolve([found[at].holder for at in own])
        for at, name in zip(own, known, strict=True):
            names[at] = name
    return names


def links_of(table: Sequence[Statement]) -> tuple[Link, ...]:
    """Return what supports what among statements, each paragraph by itself.

    Parameters
    ----------
    table : sequence of Statement
        As `statements` returns them: those of a paragraph beside each other.

    Returns
    -------
    tuple of Link
        ``premise`` and ``claim`` are positions in the table.

    Examples
    --------
    >>> from stance.corpus.terms import NO_TERMS
    >>> from stance.testing import paragraph
    >>> text = "Sales rose. The controls will fail. For example, sales rose 8 percent."
    >>> links_of(statements([paragraph(text)], terms=NO_TERMS))
    (Link(premise=2, claim=1, relation='example', connective='For example'),)
    """
    found: list[Link] = []
    first = 0
    for _, group in groupby(table, key=attrgetter("unit_id")):
        texts = [row.text for row in group]
        places = [_places(connectives(text)) for text in texts]
        found += [
            replace(link, premise=first + link.premise, claim=first + link.claim)
            for link in links(texts, connectives=places)
        ]
        first += len(texts)
    return tuple(found)
