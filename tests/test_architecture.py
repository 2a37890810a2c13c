"""The map of the package is enforced here: what imports what, how long, what never."""

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "stance"
MAY_IMPORT: dict[str, set[str]] = {  # besides errors and the layer itself
    "corpus": set(),
    "coding": {"corpus"},
    "model": {"corpus", "coding"},
    "measure": {"corpus", "coding"},
    "argument": {"corpus", "coding"},
    "show": {"corpus", "coding", "model", "measure", "argument"},
    "cli": {"corpus", "coding", "model", "measure", "argument", "show"},
}
THIRD_PARTY: dict[str, set[str]] = {  # besides the standard library
    "corpus": {
        "charset_normalizer",
        "jieba",
        "py_rust_stemmers",
        "pyarrow",
        "rjieba",
    },
    "coding": {"numpy", "pyarrow"},
    "model": {"joblib", "numpy", "pyarrow", "scipy", "sklearn", "threadpoolctl"},
    "measure": {"numpy", "scipy"},
    "argument": set(),
    "show": {"matplotlib", "numpy", "pandas", "pyarrow", "rich"},
    "cli": {"numpy", "rich"},
}
#: The only modules with scikit-learn: to label a paragraph takes none.
TRAINS = {"calibrate.py", "features.py", "fit.py", "split.py", "train.py"}
#: Where a package that is optional or slow to import may occur at all.
ONLY_IN = {
    "jieba": {"corpus/tokens.py"},
    "rjieba": {"corpus/tokens.py"},
    "pandas": {"show/table.py"},
    "pyarrow": {
        "coding/tables.py",
        "corpus/parquet.py",
        "model/dataset.py",
        "model/partition.py",
        "show/table.py",
    },
}
LOADS_CODE = {"cloudpickle", "code", "codeop", "dill", "marshal", "pickle", "shelve"}
RUNS_TEXT = {"compile", "eval", "exec", "__import__"}
RUNS_PROGRAMS = {"os.popen", "os.system", "joblib.load", "numpy.load", "np.load"}
TOP_LEVEL = {
    ".ci",
    ".gitattributes",
    ".github",
    ".gitignore",
    "CHANGELOG.md",
    "CITATION.cff",
    "LICENSE",
    "README.md",
    "models",
    "notebooks",
    "pyproject.toml",
    "requirements.lock",
    "seeds",
    "stance",
    "tests",
}
ALL = sorted(PACKAGE.rglob("*.py"))
MODULES = [path for path in ALL if path.parent != PACKAGE]
CLI = sorted((PACKAGE / "cli").glob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(nodes: Iterator[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "write absolute imports"
            yield node.module or ""


def at_import(path: Path) -> Iterator[ast.AST]:
    """Yield what runs when a module is imported: no functions, no typing blocks."""
    todo: list[ast.AST] = list(tree_of(path).body)
    while todo:
        node = todo.pop()
        yield node
        is_typing = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        if not is_typing and not isinstance(node, ast.FunctionDef):
            todo += ast.iter_child_nodes(node)


def public_without_docstring(path: Path) -> Iterator[str]:
    owners: list[ast.Module | ast.ClassDef] = [tree_of(path)]
    while owners:
        for node in owners.pop().body:
            if not isinstance(node, ast.FunctionDef | ast.ClassDef):
                continue
            if node.name.startswith("_"):
                continue
            if not ast.get_docstring(node):
                yield node.name
            if isinstance(node, ast.ClassDef):
                owners.append(node)


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_down(path: Path) -> None:
    layer = path.relative_to(PACKAGE).parts[0]

    names = set(imported(ast.walk(tree_of(path))))
    inside = {(name + ".").split(".")[1] for name in names if name.startswith("stance")}

    assert inside - MAY_IMPORT[layer] - {layer, "errors", ""} == set()


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_third_parties_stay_in_their_layer(path: Path) -> None:
    layer = path.relative_to(PACKAGE).parts[0]

    names = {name.split(".")[0] for name in imported(ast.walk(tree_of(path)))}
    outside = names - {"stance"} - sys.stdlib_module_names

    assert outside - THIRD_PARTY[layer] == set()
    assert "sklearn" not in outside or path.name in TRAINS
    assert {p for p in outside & set(ONLY_IN) if name_of(path) not in ONLY_IN[p]} == (
        set()
    )


@pytest.mark.parametrize("path", [*CLI, PACKAGE / "__init__.py"], ids=name_of)
def test_a_verb_imports_its_work_when_it_runs(path: Path) -> None:
    names = set(imported(at_import(path)))
    inside = {name for name in names if name.startswith("stance.")}

    assert {name.split(".")[0] for name in names} - sys.stdlib_module_names <= {
        "stance"
    }
    assert inside <= {
        "stance.cli.common",
        "stance.cli.measuring",
        "stance.cli.reading",
        "stance.cli.units",
        "stance.errors",
    }


@pytest.mark.parametrize("path", sorted((PACKAGE / "corpus").glob("*.py")), ids=name_of)
def test_reading_texts_imports_other_packages_when_needed(path: Path) -> None:
    names = {name.split(".")[0] for name in imported(at_import(path))}

    assert names - {"stance"} - sys.stdlib_module_names == set()


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_a_module_has_at_most_350_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 350


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_modules_and_public_names_have_docstrings(path: Path) -> None:
    assert ast.get_docstring(tree_of(path))
    assert list(public_without_docstring(path)) == []


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_nothing_in_the_package_runs_data(path: Path) -> None:
    names = {name.split(".")[0] for name in imported(ast.walk(tree_of(path)))}
    called = {name for name, _ in calls(path)}

    assert names & (LOADS_CODE | {"subprocess", "yaml"}) == set()
    assert called & (RUNS_TEXT | RUNS_PROGRAMS) == set()


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_no_call_opens_a_shell_or_unpickles(path: Path) -> None:
    options = {
        (word.arg, ast.unparse(word.value))
        for _, call in calls(path)
        for word in call.keywords
    }

    assert options & {("shell", "True"), ("allow_pickle", "True")} == set()


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_nothing_is_printed_or_filtered_at_import(path: Path) -> None:
    called = {
        ast.unparse(node.func) for node in at_import(path) if isinstance(node, ast.Call)
    }

    assert called & {"print", "warnings.filterwarnings", "warnings.simplefilter"} == (
        set()
    )


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_nothing_is_left_to_do(path: Path) -> None:
    words = path.read_text(encoding="utf-8").split()

    assert {word.strip("#:()") for word in words} & {"TODO", "FIXME", "XXX"} == set()


def test_only_the_verbs_print() -> None:
    printing = {
        path.relative_to(PACKAGE).parts[0]
        for path in MODULES
        if "print" in {name for name, _ in calls(path)}
    }

    assert printing <= {"cli"}


@pytest.mark.skipif(not shutil.which("git"), reason="git lists the files")
def test_nothing_stands_at_the_top_level_but_what_the_map_names() -> None:
    command = ["git", "-C", str(ROOT), "ls-files", "-z"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = {name.split("/")[0] for name in done.stdout.split("\0") if name}

    assert found - TOP_LEVEL == set()
