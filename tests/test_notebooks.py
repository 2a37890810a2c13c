"""Each notebook runs in a fresh kernel and says what it said when it was committed.

``UPDATE_GOLDEN=1`` writes the outputs back.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
TEXTS = ("text/markdown", "text/plain")


def executed(path: Path) -> Any:
    """Return the notebook after a run, as it would be committed."""
    notebook = nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(
        notebook, timeout=300, kernel_name="python3", record_timing=False,
        resources={"metadata": {"path": str(NOTEBOOKS)}},
    )  # fmt: skip
    client.execute()
    notebook.metadata = {
        "kernelspec": {
            "display_name": "Python 3", "language": "python", "name": "python3",
        },
        "language_info": {"name": "python"},
    }  # fmt: skip
    return notebook


def written(notebook: Any) -> str:
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def said(notebook: Any) -> list[list[str]]:
    """Return the text that each code cell put out; of a picture what it shows."""
    return [
        [
            output.get("text") or output["data"].get(kind, "")
            for output in cell.outputs
            for kind in (TEXTS if "data" in output else ("text",))
        ]
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def ids(path: Path) -> str:
    return path.stem


def test_the_notebooks_are_there() -> None:
    assert [path.stem for path in PATHS] == [
        "01_corpus",
        "02_coding",
        "03_model",
        "04_framing_shift",
        "05_argument",
    ]


@pytest.mark.parametrize("path", PATHS, ids=ids)
def test_a_notebook_says_again_what_it_said(path: Path) -> None:
    found = executed(path)
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(written(found), encoding="utf-8")

    assert said(found) == said(nbformat.read(path, as_version=4))


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS, ids=ids)
def test_a_second_run_writes_the_same_bytes(path: Path) -> None:
    assert written(executed(path)) == written(executed(path))


@pytest.mark.parametrize("path", PATHS, ids=ids)
def test_the_kept_outputs_are_whole(path: Path) -> None:
    """Counts run from 1, no cell failed, and every figure is there."""
    cells = [
        cell
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code"
    ]

    assert [cell.execution_count for cell in cells] == [*range(1, len(cells) + 1)]
    assert {o.output_type for cell in cells for o in cell.outputs} <= {
        "execute_result",
        "stream",
    }
    assert all(
        "image/png" in cell.outputs[0].data
        for cell in cells
        if "picture(" in cell.source
    )


@pytest.mark.parametrize("path", PATHS, ids=ids)
def test_a_cell_holds_no_logic(path: Path) -> None:
    cells = [
        cell.source
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code"
    ]
    lines = [line.strip() for source in cells for line in source.splitlines()]

    heads = ("def ", "class ", "for ", "while ", "if ")
    assert [line for line in lines if line.startswith(heads) and line[-1] == ":"] == []
    assert [source for source in cells if "pip install" in source] == []


@pytest.mark.parametrize("path", PATHS, ids=ids)
def test_no_path_of_a_machine_is_in_a_notebook(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert "/home/" not in text
    assert str(NOTEBOOKS.parent) not in text
