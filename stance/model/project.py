"""A project folder: corpus, codebook, labels, anchors and terms, read together."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from stance.coding.annotation import Annotation, problems
from stance.coding.codebook import Codebook, read_codebook
from stance.coding.labelled import Anchor, LabelledSet, from_corpus, read_anchors
from stance.coding.store import read_annotations
from stance.corpus.document import Corpus
from stance.corpus.manifest import read_corpus
from stance.corpus.terms import NO_TERMS, TermTable, read_terms
from stance.errors import InputError, nearest


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """What people made for one study; ``seeds/`` is one."""

    corpus: Corpus
    codebook: Codebook
    annotations: tuple[Annotation, ...]
    anchors: tuple[Anchor, ...]
    terms: TermTable
    digests: dict[str, str]

    def labelled(self, *, context: int = 0) -> LabelledSet:
        """Return the adjudicated units and the anchors, as training takes them."""
        return from_corpus(
            self.corpus, self.annotations, self.codebook, self.anchors, context=context
        )


def _digest(*paths: Path) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(path.read_bytes())
    return total.hexdigest()


def read_project(folder: str | Path = "seeds", *, checked: bool = False) -> Project:
    """Return the project in a folder.

    Parameters
    ----------
    folder : str or Path, default "seeds"
        Holds ``corpus.toml``, ``codebook.toml``, ``annotations/``, and where there are
        any ``anchors.jsonl`` and ``terms.csv``.
    checked : bool, default False
        Raise the first problem between labels, codebook and corpus.

    Raises
    ------
    InputError
        If a file is missing or wrong; with file and line.

    Examples
    --------
    >>> read_project("no-such-folder")
    Traceback (most recent call last):
    ...
    stance.errors.InputError: no-such-folder/corpus.toml: no such file
      name the project's folder with --corpus
    """
    folder = Path(folder)
    if not (folder / "corpus.toml").exists():
        raise InputError(
            "no such file",
            path=folder / "corpus.toml",
            hint="name the project's folder with --corpus",
        )
    corpus = read_corpus(folder)
    codebook = read_codebook(folder / "codebook.toml")
    annotations = read_annotations(folder / "annotations")
    if checked:
        for problem in problems(annotations, codebook, corpus):
            raise problem
    digests = {
        "corpus": _digest(folder / "corpus.toml"),
        "codebook": codebook.sha256,
        "annotations": _digest(*sorted((folder / "annotations").glob("*.jsonl"))),
    }
    anchors: tuple[Anchor, ...] = ()
    if (path := folder / "anchors.jsonl").is_file():
        anchors = read_anchors(path, codebook.labels)
        digests["anchors"] = _digest(path)
    terms = NO_TERMS
    if (path := folder / "terms.csv").is_file():
        terms = read_terms(path)
        digests["terms"] = _digest(path)
        for frame in terms.frames:
            if frame not in codebook.labels.names:
                raise InputError(
                    f"frame {frame!r} is not in codebook {codebook.name!r}",
                    path=path,
                    hint=nearest(frame, codebook.labels.names),
                )
    return Project(corpus, codebook, annotations, anchors, terms, digests)
