"""Passages: units with their neighbours and targets, where a model counts those."""

from collections.abc import Sequence

from stance.corpus.document import Paragraph, Passage
from stance.corpus.records import Record
from stance.errors import InputError


def passages(units: Sequence[Paragraph], *, context: int = 0) -> list[Passage]:
    r"""Return units with their neighbours, in order.

    Parameters
    ----------
    units : sequence of Paragraph
        Of one or more documents, each in reading order.
    context : int, default 0
        How many neighbours each side: content paragraphs of the same document in the
        same language.

    Examples
    --------
    >>> from stance.testing import corpus
    >>> units = corpus("Trade grew fast then.\n\nIt fell again later.").paragraphs
    >>> passages(units, context=1)[0].after
    'It fell again later.'
    """
    found = [Passage(unit.text) for unit in units]
    if not context:
        return found
    members: dict[tuple[str, str], list[int]] = {}
    for at, unit in enumerate(units):
        if unit.counted:
            members.setdefault((unit.document_id, unit.language), []).append(at)
    for places in members.values():
        texts = [units[at].text for at in places]
        for n, at in enumerate(places):
            before = "\n\n".join(texts[max(0, n - context) : n])
            after = "\n\n".join(texts[n + 1 : n + 1 + context])
            found[at] = Passage(units[at].text, before, after)
    return found


def passages_of_records(
    records: Sequence[Record], *, context: int = 0, targeted: bool = False
) -> list[Passage]:
    """Return the passages of a data file's units.

    Parameters
    ----------
    records : sequence of Record
        Of one file, in its order.
    context : int, default 0
        As for `passages`; a row's columns ``before`` and ``after`` go first.
    targeted : bool, default False
        Whether the target belongs to the passage.

    Raises
    ------
    InputError
        If the file knows no neighbours, or no targets.
    """
    found = passages([record.unit for record in records], context=context)
    if context and any(record.before or record.after for record in records):
        found = [Passage(r.unit.text, r.before, r.after) for r in records]
    elif context and not any(passage.before for passage in found):
        raise InputError(
            "no unit has a neighbour: each is its own document",
            hint="name the column that holds the document with --document, or give "
            "the columns 'before' and 'after'",
        )
    if not targeted:
        return found
    if not any(record.target for record in records):
        raise InputError("no unit has a target", hint="name the column with --target")
    return [
        passage._replace(target=record.target)
        for passage, record in zip(found, records, strict=True)
    ]
