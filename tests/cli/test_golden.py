"""Whole outputs, compared byte for byte; UPDATE_GOLDEN=1 writes them anew."""

import importlib
from collections.abc import Callable
from pathlib import Path

import pytest

from stance.cli import VERBS
from stance.cli.common import new_parser

Run = Callable[..., tuple[int, str, str]]
Golden = Callable[[str, str], str]

EN = "Both sides agreed to expand cooperation and to ease the export controls."
ZH = "双方同意扩大科技合作。然而，美国再次加强出口管制，中国应当加快自主创新。"


def test_the_table_of_classify(run: Run, golden: Golden) -> None:
    _, out, _ = run("classify", "-", "--format", "table", stdin=f"{EN}\n\n{ZH}\n")

    assert out == golden("classify.txt", out)


def test_the_answer_of_check(run: Run, golden: Golden, project: Path) -> None:
    _, out, _ = run("check")

    assert out == golden("check.txt", out)


@pytest.mark.parametrize("form", ["csv", "markdown"])
def test_the_rows_of_agree(run: Run, golden: Golden, project: Path, form: str) -> None:
    _, out, _ = run("agree", "--format", form, "--digits", "4")

    assert out == golden(f"agree.{form}", out)


def test_the_help_of_the_command(
    run: Run, golden: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")

    _, out, _ = run("--help")

    assert out == golden("help.txt", out)


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_a_verb_begins_with_a_sentence_and_examples(
    run: Run, golden: Golden, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    """What argparse lays out itself differs between versions of Python."""
    monkeypatch.setenv("COLUMNS", "100")
    module = importlib.import_module(f"stance.cli.{verb}")
    ours = new_parser(verb, VERBS[verb], module.EXAMPLES).description or ""

    code, out, _ = run(verb, "--help")

    assert (code, ours in out) == (0, True)
    assert f"{ours}\n" == golden(f"help-{verb}.txt", f"{ours}\n")
