"""What must stay in one fold: paragraphs of a document, twins, the same text twice."""

from collections.abc import Iterable, Sequence

from stance.corpus.document import text_digest


def components(keys: Sequence[Iterable[str]]) -> list[int]:
    """Return the group of each unit: units that share a key are in one group.

    Parameters
    ----------
    keys : sequence of iterable of str
        The keys of each unit, such as its document and the digest of its text. Two
        units are in one group if a chain of shared keys joins them.

    Returns
    -------
    list of int
        Groups are numbered in order of their first unit.

    Examples
    --------
    >>> components([["a"], ["b"], ["a", "x"], ["c", "x"]])
    [0, 1, 0, 0]
    """
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        parent.setdefault(key, key)
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    firsts: list[str] = []
    for unit in keys:
        roots = [root(key) for key in unit]
        for other in roots[1:]:
            parent[root(other)] = root(roots[0])
        firsts.append(roots[0])
    numbers: dict[str, int] = {}
    return [numbers.setdefault(root(first), len(numbers)) for first in firsts]


def duplicates(texts: Sequence[str]) -> list[list[int]]:
    r"""Return the positions of texts that stand more than once, white space folded.

    Examples
    --------
    >>> duplicates(["Eased.", "Tightened.", " Eased.\n"])
    [[0, 2]]
    """
    places: dict[str, list[int]] = {}
    for at, text in enumerate(texts):
        places.setdefault(text_digest(text), []).append(at)
    return [found for found in places.values() if len(found) > 1]
