"""The package is quick, quiet, offline, and says how it is used."""

import importlib
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from stance.cli import VERBS
from stance.cli.common import new_parser

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
HEAVY = {"matplotlib", "nltk", "pandas", "scipy", "sklearn"}
TEXT = "Both sides agreed to expand cooperation.\n\n双方同意扩大科技合作，反对脱钩。\n"
#: Runs the command, then tells the file named first what was imported and opened.
SPY = """
import json, sys
opened = []
sys.addaudithook(lambda event, _: opened.append(event) if "socket" in event else None)
path, *words = sys.argv[1:]
if words:
    from stance.cli import main
    code = main(words)
else:
    import stance
    code = 0
with open(path, "w") as file:
    modules = sorted({name.split(".")[0] for name in sys.modules})
    json.dump({"code": code, "modules": modules, "opened": opened}, file)
"""


def spy(folder: Path, *words: str) -> dict[str, list[str]]:
    """Return exit code, imported packages and socket events of a command."""
    found = folder / "found.json"
    subprocess.run(
        [sys.executable, "-c", SPY, str(found), *words],
        input=TEXT.encode(),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )
    answer: dict[str, list[str]] = json.loads(found.read_text(encoding="utf-8"))
    return answer


def examples(verb: str) -> list[list[str]]:
    """Return the words after the verb in each example of its help."""
    module = importlib.import_module(f"stance.cli.{verb}")
    lines = [line.split("|")[-1] for line in module.EXAMPLES.splitlines()]
    return [shlex.split(line) for line in lines]


def shown_in_readme() -> list[str]:
    """Return the commands of the README that call a verb."""
    text = README.read_text(encoding="utf-8") if README.is_file() else ""
    blocks = re.findall(r"^```(?:console|bash|sh)\n(.*?)^```", text, re.M | re.S)
    lines = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
    parts = [part.strip() for line in lines for part in re.split(r"[|;]|&&", line)]
    return [part for part in parts if re.match(r"(?:\S*/)?stance ", part)]


def test_help_imports_no_heavy_package_and_no_numpy(tmp_path: Path) -> None:
    found = spy(tmp_path, "--help")

    assert found["code"] == 0
    assert set(found["modules"]) & (HEAVY | {"numpy", "rich", "jieba"}) == set()


def test_classifying_imports_no_heavy_package(tmp_path: Path) -> None:
    found = spy(tmp_path, "classify", "-")

    assert found["code"] == 0
    assert set(found["modules"]) & (HEAVY | {"joblib", "pyarrow"}) == set()


def test_the_table_of_classify_imports_no_heavy_package(tmp_path: Path) -> None:
    found = spy(tmp_path, "classify", "-", "--format", "table")

    assert found["code"] == 0
    assert set(found["modules"]) & HEAVY == set()


def test_reading_imports_no_numpy(tmp_path: Path) -> None:
    found = spy(tmp_path, "read", "-")

    assert found["code"] == 0
    assert set(found["modules"]) & (HEAVY | {"numpy"}) == set()


def test_import_stance_is_light(tmp_path: Path) -> None:
    found = spy(tmp_path)

    assert set(found["modules"]) & (HEAVY | {"argparse", "numpy", "rich"}) == set()


@pytest.mark.parametrize("words", [["--help"], ["classify", "-"], ["doctor"]], ids=str)
def test_no_socket_is_opened(tmp_path: Path, words: list[str]) -> None:
    found = spy(tmp_path, *words)

    assert found["opened"] == []


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_has_two_examples_at_least(verb: str) -> None:
    assert len(examples(verb)) >= 2


@pytest.mark.parametrize("verb", VERBS)
def test_the_examples_of_a_verb_parse(verb: str) -> None:
    module = importlib.import_module(f"stance.cli.{verb}")
    parser = new_parser(verb, VERBS[verb], module.EXAMPLES)
    module.add_arguments(parser)

    parsed = [parser.parse_args(words[2:]) for words in examples(verb)]

    assert [words[:2] for words in examples(verb)] == [["stance", verb]] * len(parsed)


@pytest.mark.parametrize("verb", VERBS)
def test_every_option_of_a_verb_is_explained(verb: str) -> None:
    module = importlib.import_module(f"stance.cli.{verb}")
    parser = new_parser(verb, VERBS[verb], module.EXAMPLES)
    module.add_arguments(parser)

    unexplained = [action.dest for action in parser._actions if not action.help]

    assert unexplained == []


@pytest.mark.parametrize("verb", VERBS)
def test_options_are_long_but_for_output_and_quiet(verb: str) -> None:
    module = importlib.import_module(f"stance.cli.{verb}")
    parser = new_parser(verb, VERBS[verb], module.EXAMPLES)
    module.add_arguments(parser)

    words = {word for action in parser._actions for word in action.option_strings}

    assert {word for word in words if len(word) == 2} <= {"-h", "-o", "-q"}


@pytest.mark.skipif(not README.is_file(), reason="there is no README")
def test_the_readme_calls_verbs_that_exist() -> None:
    called = {shlex.split(part)[1] for part in shown_in_readme()}

    assert called - set(VERBS) - {"--help", "--version"} == set()


@pytest.mark.skipif(not README.is_file(), reason="there is no README")
def test_the_readme_calls_a_verb() -> None:
    assert shown_in_readme() != []
