"""``stance classify --explain`` and ``--moved``."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]

EN = "Both sides agreed to expand trade and cooperation."
ZH = "美国再次加强出口管制，双方争端升级。"
TERMS = ["document_id", "label", "term", "weight", "n_occurrences", "n_paragraphs"]


@pytest.mark.parametrize("words", [[], ["--format", "table"]], ids=["auto", "table"])
def test_explain_marks_the_evidence_in_the_text(
    run: Run, small_model: Path, words: list[str]
) -> None:
    code, out, _ = run(
        "classify", "-", "--model", "m", "--explain", *words, stdin=f"{EN}\n\n{ZH}\n"
    )

    assert code == 0
    assert "]]+" in out
    assert "score of pro" in out


def test_explain_writes_a_page(run: Run, small_model: Path) -> None:
    words = ["classify", "-", "--model", "m", "--explain", "-o", "e.html"]

    code, out, _ = run(*words, stdin=f"{EN}\n\n{ZH}\n")
    html = Path("e.html").read_text(encoding="utf-8")

    assert (code, out) == (0, "")
    assert html.startswith("<!doctype html>")
    assert html.count("<article") == 2


@pytest.mark.parametrize(
    "words",
    [
        ["--format", "csv"],
        ["--format", "jsonl"],
        ["-o", "a.csv"],
        ["-o", "a.txt"],
        ["--format", "csv", "-o", "e.html"],
        ["--format", "table", "-o", "e.html"],
    ],
    ids=" ".join,
)
def test_explain_in_a_format_for_programs_is_refused(
    run: Run, small_model: Path, words: list[str]
) -> None:
    code, out, err = run("classify", "-", "--model", "m", "--explain", *words, stdin=EN)

    assert (code, out) == (2, "")
    assert "--explain marks text for people" in err
    assert "write a page with -o FILE.html" in err
    assert not Path("e.html").exists()


def test_explain_and_terms_together_are_refused(run: Run) -> None:
    code, out, err = run("classify", "-", "--explain", "--moved", stdin=EN)

    assert (code, out) == (2, "")
    assert "--explain and --moved are two outputs" in err


def test_terms_are_records(run: Run, small_model: Path) -> None:
    code, out, _ = run(
        "classify", "-", "--model", "m", "--moved", stdin=f"{EN}\n\n{ZH}\n"
    )
    rows = list(csv.DictReader(io.StringIO(out, newline="")))

    assert code == 0
    assert list(rows[0]) == TERMS
    assert {row["label"] for row in rows} == {"pro", "con"}
    assert {row["document_id"] for row in rows} == {"stdin"}
