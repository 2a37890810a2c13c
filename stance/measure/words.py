"""How often each document uses each word: what keyness and log-odds are counted from.

Words are the tokens of `stance.corpus.tokens`: English stems, Chinese words, and terms
of the table called by their concept. Where only concepts are counted, English and
Chinese mentions are joined under one name, and a bilingual corpus is one table.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from stance.corpus.language import HAN_RUN
from stance.corpus.terms import NO_TERMS
from stance.corpus.tokens import analyse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from stance.corpus.terms import TermTable
    from stance.corpus.tokens import Analysis


@dataclass(frozen=True, slots=True, eq=False)
class TermCounts:
    """Counts of terms by document.

    Attributes
    ----------
    terms : tuple of str
        As they are counted, ascending: stems, Chinese words, ``concept@en``, pairs.
    forms : tuple of str
        As they are shown: a stem by its commonest form in lower case, ``cooperation``
        for ``cooper``; a term of the table by its concept.
    languages : tuple of str
        ``en`` or ``zh``; ``both`` where a concept is counted in either.
    counts : scipy.sparse.csr_matrix, shape (n_documents, n_terms)
        Occurrences.
    documents : tuple of str
        In the order in which they were met.
    tokens : ndarray of int, shape (n_documents,)
        All tokens of each document, counted or not.
    """

    terms: tuple[str, ...]
    forms: tuple[str, ...]
    languages: tuple[str, ...]
    counts: csr_matrix
    documents: tuple[str, ...]
    tokens: NDArray[np.integer]

    def __post_init__(self) -> None:
        shape = (len(self.documents), len(self.terms))
        if self.counts.shape != shape or len(self.tokens) != shape[0]:
            raise ValueError(
                f"counts have the shape {self.counts.shape} and tokens the length "
                f"{len(self.tokens)}, for {shape[0]} documents and {shape[1]} terms"
            )
        if not len(self.forms) == len(self.languages) == shape[1]:
            raise ValueError("forms and languages must be as many as terms")
        self.tokens.setflags(write=False)


def count_terms(
    texts: Iterable[str],
    documents: Iterable[str],
    *,
    terms: TermTable = NO_TERMS,
    pairs: bool = False,
    by_concept: bool = False,
) -> TermCounts:
    """Return how often each document uses each term.

    Parameters
    ----------
    texts : iterable of str
        Source texts, read once and not kept.
    documents : iterable of str
        The document of each text; those of one document are added up. What should not
        be counted (the second of two twins, furniture) is left out by the caller.
    terms : TermTable, optional
        The domain's own words; none without it.
    pairs : bool, default False
        Count pairs of neighbouring tokens too, as the model's block ``words`` does.
    by_concept : bool, default False
        Count the concepts of the term table and nothing else: every match, in English
        and Chinese under one name. ``pairs`` says nothing then.

    Returns
    -------
    TermCounts
        A document without tokens is kept.

    Notes
    -----
    A word in a script other than Han counts as English. A stem joins forms that a
    reader may wish to see apart (*policy* and *policies*); the form that is shown is
    the one the corpus uses most.

    Examples
    --------
    >>> texts = ["Easing controls.", "Controls eased; 扩大合作"]
    >>> found = count_terms(texts, ["a", "b"])
    >>> found.forms
    ('controls', 'eased', '合作', '扩大')
    >>> found.counts.toarray().tolist()
    [[1, 1, 0, 0], [1, 1, 1, 1]]
    """
    by_document: dict[str, Counter[str]] = {}
    written: dict[str, Counter[str]] = {}
    sizes: Counter[str] = Counter()
    for text, document in zip(texts, documents, strict=True):
        analysis = analyse(text, terms)
        here = by_document.setdefault(document, Counter())
        sizes[document] += len(analysis.tokens)
        if by_concept:
            here.update(match.term.concept for match in analysis.matches)
            continue
        for term, form in _occurrences(analysis, pairs=pairs):
            here[term] += 1
            written.setdefault(term, Counter())[form] += 1
    names = tuple(sorted(set().union(*by_document.values())))
    return TermCounts(
        names,
        names if by_concept else tuple(_commonest(written[name]) for name in names),
        tuple("both" if by_concept else _language(name) for name in names),
        _matrix(by_document, names),
        tuple(by_document),
        np.array([sizes[document] for document in by_document], dtype=np.int64),
    )


def _occurrences(analysis: Analysis, *, pairs: bool) -> Iterator[tuple[str, str]]:
    """Yield each token, and each pair, with the form to show it by."""
    text = analysis.view.text
    found = [
        (
            token.form,
            token.form.partition("@")[0]
            if "@" in token.form
            else text[token.start : token.end].lower(),
        )
        for token in analysis.tokens
    ]
    yield from found
    if pairs:
        for (a, shown_a), (b, shown_b) in pairwise(found):
            yield f"{a} {b}", f"{shown_a} {shown_b}"


def _commonest(forms: Counter[str]) -> str:
    return min(forms, key=lambda form: (-forms[form], form))


def _language(term: str) -> str:
    is_chinese = HAN_RUN.search(term) or any(w.endswith("@zh") for w in term.split())
    return "zh" if is_chinese else "en"


def _matrix(by_document: dict[str, Counter[str]], names: tuple[str, ...]) -> csr_matrix:
    """Return the counts with documents in rows and terms in columns."""
    from scipy.sparse import csr_matrix

    place = {name: at for at, name in enumerate(names)}
    rows = list(by_document.values())
    columns = [place[term] for here in rows for term in here]
    data = [n for here in rows for n in here.values()]
    edges = np.cumsum([0, *map(len, rows)])
    found = csr_matrix(
        (np.array(data, dtype=np.int64), columns, edges), shape=(len(rows), len(names))
    )
    found.sort_indices()
    return found


def dispersion(counts: csr_matrix, tokens: NDArray[np.integer]) -> NDArray[np.float64]:
    r"""Return how evenly each term is spread over the documents.

    1 says that each document has its due share of the occurrences, given its length;
    near 0 they stand in few short documents, and what is said of the term is said of
    these.

    Parameters
    ----------
    counts : scipy.sparse.csr_matrix, shape (n_documents, n_terms)
        Occurrences; of a term without any the result is ``nan``.
    tokens : ndarray of int, shape (n_documents,)
        Lengths of the documents.

    Notes
    -----
    One minus the deviation of proportions,

    .. math:: 1 - \tfrac12 \sum_i |v_i - s_i|,

    with :math:`v_i` the share of the occurrences and :math:`s_i` that of all tokens
    that document i holds. Juilland's D was not taken: over many documents it is near 1
    for almost any term (Biber et al. 2016).

    References
    ----------
    Gries, S. Th. (2008). Dispersions and adjusted frequencies in corpora.
    *International Journal of Corpus Linguistics* 13(4), 403-437.

    Biber, D., Reppen, R., Schnur, E. and Ghanem, R. (2016). On the (non)utility of
    Juilland's D to measure lexical dispersion in large corpora. *International Journal
    of Corpus Linguistics* 21(4), 439-464.

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> found = csr_matrix([[1, 0], [1, 0], [2, 4]])
    >>> dispersion(found, np.array([100, 100, 200])).tolist()
    [1.0, 0.5]
    """
    held = counts.tocoo()
    total = np.bincount(held.col, held.data, minlength=counts.shape[1])
    due = tokens[held.row] / tokens.sum()
    beyond = np.abs(held.data / total[held.col] - due) - due  # absent ones owe theirs
    missed = np.bincount(held.col, beyond, minlength=counts.shape[1])
    return np.where(total > 0, 1 - (1 + missed) / 2, np.nan)
