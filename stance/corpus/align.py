"""The twin of a paragraph: the one that says the same in the other language."""

from collections.abc import Sequence
from itertools import pairwise

from stance.corpus.document import Paragraph

# A document is bilingual where most paragraphs of its second language stand directly
# behind one of the same kind in the first; a Chinese footer in an English text is not.
MIN_PAIRED, MIN_PAIRS = 0.8, 2


def link_twins(units: Sequence[Paragraph]) -> dict[str, str]:
    r"""Return the twin of each paragraph of a bilingual document, by their order.

    Parameters
    ----------
    units : sequence of Paragraph
        All paragraphs of one document, in order.

    Returns
    -------
    dict of str to str
        From id to id, both ways; empty where the document is not bilingual.

    Notes
    -----
    A paragraph is the twin of the one directly before it when both have the same kind,
    one is English and the other Chinese. Texts that give one language after the other
    are not linked.

    Examples
    --------
    >>> from stance.testing import corpus
    >>> text = "Prices rose.\n\n价格上涨了。\n\nSales fell.\n\n销量下降了。\n"
    >>> [unit.twin for unit in corpus(text).paragraphs]
    ['text-1:p002', 'text-1:p001', 'text-1:p004', 'text-1:p003']
    """
    twins: dict[str, str] = {}
    for before, after in pairwise(units):
        languages = {before.language, after.language}
        if (
            languages == {"en", "zh"}
            and before.kind == after.kind
            and before.id not in twins
        ):
            twins[before.id], twins[after.id] = after.id, before.id
    counts = [sum(u.language == language for u in units) for language in ("en", "zh")]
    if len(twins) < 2 * MIN_PAIRS or len(twins) < 2 * MIN_PAIRED * min(counts):
        return {}
    return twins
