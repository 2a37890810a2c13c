"""``stance check``: corpus, codebook, terms, anchors and labels fit together."""

import argparse
import sys

EXAMPLES = """\
  stance check
  stance check --corpus my-project/seeds"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the verb."""
    parser.add_argument(
        "--corpus", default="seeds", metavar="FOLDER", help="default: seeds"
    )


def run(args: argparse.Namespace) -> int:
    """Check a project folder; 1 if something does not fit."""
    from stance.coding.adjudicate import adjudicate
    from stance.coding.annotation import problems
    from stance.corpus.duplicates import duplicates
    from stance.model.project import read_project

    project = read_project(args.corpus)
    corpus, codebook = project.corpus, project.codebook
    found = problems(project.annotations, codebook, corpus)
    for problem in found:
        print(f"stance: {problem}", file=sys.stderr)
    units = [unit for unit in corpus.paragraphs if unit.counted]
    for places in duplicates([unit.text for unit in units]):
        names = ", ".join(units[at].id for at in places)
        print(f"the same text: {names} (one group in every split)")
    rows = adjudicate(project.annotations, variable="frame")
    coders = {a.coder for a in project.annotations}
    n = _n(len(corpus.documents), "document")
    print(f"{n}, every sha256 as in the manifest")
    print(f"{_n(len(corpus.paragraphs), 'paragraph')}, {len(units)} of them content")
    names = ", ".join(codebook.labels.names)
    print(f"codebook {codebook.name} {codebook.version}: {names}")
    print(f"{len(project.annotations)} labels by {len(coders)} coders")
    print(f"{len(rows)} units with a frame, {sum(r.disputed for r in rows)} disputed")
    print(f"{len(project.terms.terms)} concepts, {len(project.anchors)} anchors")
    print(f"{_n(len(found), 'problem')}" if found else "all fits together")
    return 1 if found else 0


def _n(count: int, noun: str) -> str:
    return f"{count} {noun}" + "s" * (count != 1)
