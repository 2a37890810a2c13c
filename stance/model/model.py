"""What a trained classifier consists of: data, never code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from stance.coding.codebook import LabelSet
from stance.corpus.terms import TermTable
from stance.model.blocks import BlockSpec

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stance.coding.predictions import HeldOut
    from stance.model.features import Pipeline

Json = str | int | float | bool | None | Sequence["Json"] | Mapping[str, "Json"]


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A feature block as trained: its terms in column order, their idf and counts."""

    spec: BlockSpec
    terms: tuple[str, ...]
    idf: NDArray[np.float64]  # (n_terms,)
    n_texts: NDArray[np.uint64]  # (n_terms,), training texts that hold the term
    index: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", {t: at for at, t in enumerate(self.terms)})
        self.idf.setflags(write=False)
        self.n_texts.setflags(write=False)


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A linear classifier over named feature blocks, with calibrated probabilities.

    Attributes
    ----------
    name : str
        Of its folder.
    labels : LabelSet
        In column order.
    blocks : tuple of Block
        Their terms, one after the other, are the columns of ``coef``.
    coef : ndarray, shape (n_labels, n_terms)
        Weights; over the labels they sum to zero. With two labels each row is half of
        scikit-learn's single row, with its sign.
    intercept : ndarray, shape (n_labels,)
        Likewise.
    calibration : ndarray, shape (n_labels, 2) or (1, 1)
        Sigmoid: with score s of a label, its probability is expit(-(a s + b)), divided
        by the sum over the labels (Platt 1999, one label against the rest). Or
        temperature: the softmax of the scores times one number (Guo et al. 2017).
    seen : ndarray of uint64, shape (n_training_texts,)
        First eight bytes of the digests of the training texts, sorted.
    terms : TermTable
        The term table used.
    parameters : dict
        C, balanced, anchor_weight, calibration, context, targeted.
    inputs : dict
        Digests of what it was trained on, and the tokenizer's name.
    tested : HeldOut or None
        Predictions for its training units, each from a model that did not see the
        unit's group; None where a folder was loaded without them.
    evaluation : dict
        How it did on them, in short; `stance.model.store.save` makes it of ``tested``.
    digest : str
        SHA-256 of the content; the model's name in a citation.
    provenance : dict
        Versions, machine, date, command line; not part of the digest.
    """

    name: str
    labels: LabelSet
    blocks: tuple[Block, ...]
    coef: NDArray[np.float64]
    intercept: NDArray[np.float64]
    calibration: NDArray[np.float64]
    seen: NDArray[np.uint64]
    terms: TermTable
    parameters: dict[str, Json] = field(default_factory=dict)
    inputs: dict[str, Json] = field(default_factory=dict)
    tested: HeldOut | None = None
    evaluation: dict[str, Json] = field(default_factory=dict)
    digest: str = ""
    provenance: dict[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for array in (self.coef, self.intercept, self.calibration, self.seen):
            array.setflags(write=False)

    @property
    def context(self) -> int:
        """How many neighbours each side the model reads."""
        return int(str(self.parameters.get("context", 0)))

    @property
    def targeted(self) -> bool:
        """Whether the model reads the target of the stance."""
        return bool(self.parameters.get("targeted"))

    def unseen_targets(self, targets: Iterable[str]) -> list[str]:
        """Return the targets that training had not, or in too few texts, sorted."""
        known = next((b.index for b in self.blocks if b.spec.name == "target"), {})
        return sorted({t for t in targets if t not in known}) if self.targeted else []

    def to_pipeline(self) -> Pipeline:
        """Return this model as scikit-learn's own fitted classes.

        The pipeline takes raw texts (`stance.corpus.document.Passage` where the model
        reads neighbours or targets). Its ``predict_proba`` has the labels in the order
        of its ``classes_`` (sorted) and equals ours to 1e-12.
        """
        from stance.model.features import to_pipeline

        return to_pipeline(self)
