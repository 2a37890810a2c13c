"""``stance doctor``: what is installed, what is missing."""

import argparse
import platform
import sys

from stance.cli.common import add_output, default_model, emit

EXAMPLES = """\
  stance doctor
  stance doctor --format jsonl"""
NEEDED = ("numpy", "scipy", "scikit-learn", "joblib", "jieba", "py-rust-stemmers",
          "charset-normalizer", "rich", "matplotlib")  # fmt: skip
OPTIONAL = {
    "rjieba": "jieba cuts instead, about 17 times slower",
    "pyarrow": "no --format parquet; pip install 'stance[parquet]'",
    "pandas": "no to_frame; pip install 'stance[notebook]'",
    "jupyterlab": "notebooks are not opened; pip install 'stance[notebook]'",
}
COLUMNS = ("what", "status", "detail")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the verb."""
    add_output(parser)


def run(args: argparse.Namespace) -> int:
    """Print one row a check; 1 if something needed is missing."""
    from importlib.metadata import PackageNotFoundError, version

    rows = [
        (
            "python",
            "ok" if sys.version_info >= (3, 11) else "missing",
            platform.python_version(),
        )
    ]
    for package in (*NEEDED, *OPTIONAL):
        try:
            rows.append((package, "ok", version(package)))
        except PackageNotFoundError:
            status = "optional" if package in OPTIONAL else "missing"
            rows.append(
                (package, status, OPTIONAL.get(package, f"pip install {package}"))
            )
    rows += [_dictionary(), _cutters(), _font(), _model()]
    emit([dict(zip(COLUMNS, row, strict=True)) for row in rows], COLUMNS, args)
    return 1 if any(status == "missing" for _, status, _ in rows) else 0


def _dictionary() -> tuple[str, str, str]:
    from stance.corpus.tokens import JIEBA_DICTIONARY, dictionary_digest

    try:
        found = dictionary_digest()
    except ImportError:
        return "jieba's dictionary", "missing", "jieba is not installed"
    if found == JIEBA_DICTIONARY:
        return "jieba's dictionary", "ok", found[:12]
    return "jieba's dictionary", "missing", f"{found[:12]}, not {JIEBA_DICTIONARY[:12]}"


def _cutters() -> tuple[str, str, str]:
    from stance.corpus.tokens import jieba_cutter, rjieba_cutter

    sentence = "推进小院高墙式脱钩与出口管制"
    try:
        same = list(rjieba_cutter()(sentence)) == list(jieba_cutter()(sentence))
    except ImportError:
        return "rjieba cuts as jieba", "optional", "only one of them is installed"
    return "rjieba cuts as jieba", "ok" if same else "missing", sentence


def _font() -> tuple[str, str, str]:
    from stance.show.figures.fonts import chinese_font

    if font := chinese_font():
        return "Chinese font", "ok", font
    why = "no Chinese in figures; install Noto Sans CJK or pip install 'stance[fonts]'"
    return "Chinese font", "optional", why


def _model() -> tuple[str, str, str]:
    from stance.errors import ModelError
    from stance.model.store import load

    try:
        model = load(default_model())
    except ModelError as error:
        return "shipped model", "missing", str(error)
    return "shipped model", "ok", f"{model.name} {model.digest[:12]}"
