"""Tests of `stance.model.project`."""

import hashlib
import json
from pathlib import Path

import pytest

from stance.corpus.document import text_digest
from stance.errors import InputError
from stance.model.project import Project, read_project

TEXT = "Both sides agreed to ease the export controls.\n"
CODEBOOK = """\
name = "论辩"
version = "0.1"
[[categories]]
name = "合作"
definition = "赞成"
[[categories]]
name = "竞争"
definition = "反对"
"""
TERMS = "concept,en,zh,frame,role,note\ncontrol,export control*,出口管制,{},cue,\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a whole project: one document, one coder, one label."""
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    (tmp_path / "corpus.toml").write_text(
        '[[documents]]\nid = "a"\ntitle = "A"\ndate = "2022"\nlanguage = "en"\n'
        f'file = "a.txt"\nsha256 = "{digest}"\n'
    )
    (tmp_path / "codebook.toml").write_text(CODEBOOK, encoding="utf-8")
    (tmp_path / "annotations").mkdir()
    label(tmp_path, "合作")
    return tmp_path


def label(folder: Path, name: str) -> None:
    event = {
        "event": "1", "unit_id": "a:p001", "digest": text_digest(TEXT),
        "variable": "frame", "label": name, "coder": "c", "at": "2026-01-01",
    }  # fmt: skip
    path = folder / "annotations" / "c.jsonl"
    path.write_text(json.dumps(event, ensure_ascii=False) + "\n", encoding="utf-8")


def test_a_project_needs_neither_anchors_nor_terms(folder: Path) -> None:
    project = read_project(folder, checked=True)

    assert (project.anchors, project.terms.terms) == ((), ())
    assert sorted(project.digests) == ["annotations", "codebook", "corpus"]


def test_the_seeds_have_a_digest_of_every_file(seeds: Project) -> None:
    assert sorted(seeds.digests) == [
        "anchors", "annotations", "codebook", "corpus", "terms",
    ]  # fmt: skip


def test_a_label_that_is_not_in_the_codebook_is_refused_when_checked(
    folder: Path,
) -> None:
    label(folder, "合")

    with pytest.raises(InputError, match=r"c\.jsonl:1: label '合'"):
        read_project(folder, checked=True)


def test_a_frame_that_is_not_in_the_codebook_is_refused(folder: Path) -> None:
    path = folder / "terms.csv"
    path.write_text(TERMS.format("竞争者"), encoding="utf-8")

    with pytest.raises(InputError) as caught:
        read_project(folder)

    assert str(caught.value) == (
        f"{path}: frame '竞争者' is not in codebook '论辩'\n"
        "  did you mean '竞争'? choices: 合作, 竞争"
    )


def test_a_changed_label_changes_the_digest_of_the_annotations(folder: Path) -> None:
    before = read_project(folder).digests
    label(folder, "竞争")
    after = read_project(folder).digests

    changed = [name for name in before if before[name] != after[name]]
    assert changed == ["annotations"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("corpus.toml", "\n  name the project's folder with --corpus"),
        ("codebook.toml", ""),
    ],
)
def test_a_project_without_one_of_its_files_is_refused(
    folder: Path, name: str, hint: str
) -> None:
    (folder / name).unlink()

    with pytest.raises(InputError) as caught:
        read_project(folder)

    assert str(caught.value) == f"{folder / name}: no such file{hint}"
