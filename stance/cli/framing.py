"""The frame of each paragraph: as coders, a data file or a model have it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from stance.cli.common import load_model
from stance.cli.measuring import refuse
from stance.errors import InputError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from stance.corpus.records import Record


class Frames(NamedTuple):
    """The frame of each unit by its id, all labels in order, and whence they are."""

    of: dict[str, str]
    labels: tuple[str, ...] = ()
    whence: str = ""


def folders_of(args: argparse.Namespace) -> list[Path]:
    """Return the projects among the paths."""
    return [Path(path) for path in args.paths if (Path(path) / "corpus.toml").is_file()]


def frames_of(args: argparse.Namespace, rows: Sequence[Record]) -> Frames:
    """Return the frames that --frames asks for.

    Without it those of a coded project are its coders', and those of other texts the
    model's, or those of the column that --label names.

    Raises
    ------
    InputError
        If labels are asked for, and there are none; or a model that is not needed.
    """
    if args.frames == "none":
        return Frames({})
    coded, parts = ({}, []) if args.frames == "model" else _of_projects(args, rows)
    rest = [row for row in rows if row.unit.document_id not in coded]
    if not rest:
        refuse({"--model": args.model}, "where all is coded; take --frames model")
    if args.frames == "labels" or args.label:
        given = {row.unit.id: row.label for row in rest if row.label}
        if given:
            labels = tuple(dict.fromkeys(given.values()))
            parts.append(Frames(given, labels, "the labels given"))
    elif rest:
        parts.append(_of_model(args, rest))
    if args.frames == "labels" and not parts:
        raise InputError(
            "--frames labels: what was read has no labels",
            hint="name their column with --label, or take --frames model",
        )
    return Frames(
        {unit: label for part in parts for unit, label in part.of.items()},
        tuple(dict.fromkeys(label for part in parts for label in part.labels)),
        " and ".join(part.whence for part in parts),
    )


def _of_projects(
    args: argparse.Namespace, rows: Sequence[Record]
) -> tuple[dict[str, Path], list[Frames]]:
    """Return the folder of each coded document, and the adjudicated frames of each."""
    from stance.coding.adjudicate import adjudicate
    from stance.model.project import read_project

    coded: dict[str, Path] = {}
    parts: list[Frames] = []
    read = {row.unit.document_id for row in rows}
    for folder in folders_of(args):
        if not (folder / "codebook.toml").is_file():
            continue
        project = read_project(folder)
        own = {document.id for document in project.corpus.documents}
        if not own & read:
            continue
        coded |= dict.fromkeys(own, folder)
        found = adjudicate(project.annotations, variable="frame")
        frames = {row.unit_id: row.label for row in found if row.label}
        labels = (*project.codebook.labels.names, *frames.values())
        whence = f"the adjudicated labels of {folder}"
        parts.append(Frames(frames, tuple(dict.fromkeys(labels)), whence))
    return coded, parts


def _of_model(args: argparse.Namespace, rows: Sequence[Record]) -> Frames:
    """Return the frames that a model gives, and how many texts it was trained on."""
    from stance.corpus.context import passages_of_records
    from stance.model.classify import classify

    model = load_model(args)
    passages = None
    if model.context or model.targeted:
        passages = passages_of_records(
            rows, context=model.context, targeted=model.targeted
        )
    units = [row.unit for row in rows]
    found = list(classify(units, model, passages=passages, n_evidence=0))
    n_seen = sum(item.seen and bool(item.label) for item in found)
    whence = f"model {model.name} {model.digest[:12]}"
    whence += f" ({n_seen} of its own training texts)" if n_seen else ""
    frames = {item.unit.id: item.label for item in found}
    return Frames(frames, model.labels.names, whence)
