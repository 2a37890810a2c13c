"""Annotations: one coder's label for one unit, and how they fit the project."""

from collections.abc import Iterable
from dataclasses import dataclass

from stance.coding.codebook import Codebook
from stance.corpus.document import Corpus, text_digest
from stance.errors import InputError, nearest

DESIGNS = ("census", "random", "stratified", "active", "convenience")


@dataclass(frozen=True, slots=True)
class Annotation:
    """One label event: what a coder decided about a unit, of which text, drawn how.

    ``digest`` is that of the text the coder saw (`text_digest`), ``design`` how the
    unit was chosen, ``probability`` its chance to be (0: not known), ``confidence``
    1 to 3 (0: not given). An empty ``label`` withdraws an earlier one; ``supersedes``
    names the event that is void. ``path`` and ``line`` say where it stands.
    """

    event: str
    unit_id: str
    digest: str
    variable: str
    label: str
    coder: str
    at: str
    codebook: str = ""
    design: str = "convenience"
    probability: float = 0.0
    round: int = 1
    confidence: int = 0
    note: str = ""
    supersedes: str = ""
    path: str = ""
    line: int = 0


def problems(
    annotations: Iterable[Annotation], codebook: Codebook, corpus: Corpus
) -> list[InputError]:
    """Return what does not fit: unknown labels and units, texts changed since.

    Parameters
    ----------
    annotations : iterable of Annotation
        As `stance.coding.store.read_annotations` gives them.
    codebook : Codebook
        Its labels are allowed.
    corpus : Corpus
        Its paragraphs are the units.

    Returns
    -------
    list of InputError
        In order; each names file and line. Empty when all is well.
    """
    found: list[InputError] = []
    documents = [document.id for document in corpus.documents]
    for a in annotations:
        try:
            allowed = codebook.allowed(a.variable)
        except ValueError as error:
            found.append(InputError(str(error), path=a.path, line=a.line))
            continue
        if a.label and a.label not in allowed:
            message = (
                f"label {a.label!r} is not in codebook "
                f"{codebook.name!r} {codebook.version}"
            )
            hint = nearest(a.label, allowed, kind="labels")
        elif a.unit_id not in corpus:
            message = f"paragraph {a.unit_id!r} is not in the corpus"
            hint = nearest(a.unit_id.split(":")[0], documents)
        elif text_digest(corpus[a.unit_id].text) != a.digest:
            now = text_digest(corpus[a.unit_id].text)
            message = f"paragraph {a.unit_id!r} has changed since it was coded"
            hint = (
                f"the coder saw text {a.digest[:6]}…, the corpus now has {now[:6]}…; "
                "recode it, or restore the text"
            )
        else:
            continue
        found.append(InputError(message, hint=hint, path=a.path, line=a.line))
    return found
