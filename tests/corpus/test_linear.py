"""No text makes this layer slow: twice the text takes less than three times as long."""

import importlib
import pkgutil
import re
from collections.abc import Callable

import pytest

import stance.corpus
from stance.corpus import tokens
from stance.corpus.document import Document
from stance.corpus.kinds import kinds_of
from stance.corpus.language import language_of
from stance.corpus.pattern import _Pattern
from stance.corpus.segment import blocks, segment
from stance.corpus.terms import TermTable
from stance.corpus.tokens import analyse

pytestmark = pytest.mark.slow

Growth = Callable[[Callable[[str], object], str], float]
MEGABYTE = {
    "blanks": " " * 10**6,
    "digits": "1" * 10**6,
    "letters": "a" * 10**6,
    "newlines": "\n" * 10**6,
    "dots": "." * 10**6,
    "han": "中" * 10**6,
    "capitals and dots": "A." * (10**6 // 2),
    "han and blanks": "中" + " " * 10**6,
}
#: Enough to tell a pattern by, and for the test of one that is not linear to end.
SHORTER = {name: text[: 10**5] for name, text in MEGABYTE.items()}
HOSTILE = {
    "terms in both languages": "tariff 关税 ",
    "forms that begin and do not end": "small yard, high ",
    "one long form": "small yard, high fence",
    "han": "小院高墙的问题",
    "rare han": "㐀𠀀",
    "blanks": " ",
    "newlines": "\n",
    "lines": "a.\n",
    "paragraphs": "The talks resumed.\n\n双方举行了会谈。\n\n",
    "dots": "U.S. ",
    "marks": "\u0301\u0323",
    "invisible": "\u200b",
    "addresses": "a@b.",
    "quotes": "”",
}


def patterns() -> dict[str, re.Pattern[str]]:
    """Return the patterns of all modules of the layer, compiled, by module and name."""
    found: dict[int, tuple[str, re.Pattern[str]]] = {}
    for info in pkgutil.walk_packages(stance.corpus.__path__, "stance.corpus."):
        module = importlib.import_module(info.name)
        for name, value in vars(module).items():
            if isinstance(value, _Pattern):
                value = re.compile(value.source, value.flags)  # noqa: PLW2901
            if isinstance(value, re.Pattern):
                found.setdefault(id(value), (f"{info.name}.{name}", value))
    return dict(found.values())


PATTERNS = patterns()


@pytest.mark.parametrize("text", SHORTER.values(), ids=SHORTER.keys())
@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS.keys())
def test_a_pattern_searches_in_linear_time(
    pattern: re.Pattern[str], text: str, growth: Growth
) -> None:
    assert growth(pattern.search, text) < 3


@pytest.mark.parametrize("text", SHORTER.values(), ids=SHORTER.keys())
@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS.keys())
def test_a_pattern_matches_in_linear_time(
    pattern: re.Pattern[str], text: str, growth: Growth
) -> None:
    assert growth(pattern.match, text) < 3


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_text_is_analysed_in_linear_time(
    unit: str, growth: Growth, seed_terms: TermTable
) -> None:
    text = unit * (20_000 // len(unit))

    assert growth(lambda stretch: analyse(stretch, seed_terms), text) < 3


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_text_is_segmented_in_linear_time(unit: str, growth: Growth) -> None:
    text = unit * (60_000 // len(unit))

    assert growth(lambda stretch: segment(Document("d", stretch)), text) < 3


@pytest.mark.parametrize("work", [blocks, language_of], ids=lambda work: work.__name__)
@pytest.mark.parametrize("text", MEGABYTE.values(), ids=MEGABYTE.keys())
def test_a_megabyte_is_read_in_linear_time(
    work: Callable[[str], object], text: str, growth: Growth
) -> None:
    assert growth(work, text) < 3


@pytest.mark.parametrize("text", MEGABYTE.values(), ids=MEGABYTE.keys())
def test_the_kind_of_a_megabyte_is_found_in_linear_time(
    text: str, growth: Growth
) -> None:
    assert growth(lambda stretch: kinds_of([stretch]), text) < 3


@pytest.mark.parametrize("cutter", [tokens.jieba_cutter, tokens._cutter])
def test_a_long_run_is_cut_in_linear_time(
    cutter: Callable[[], object], growth: Growth, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = cutter()
    monkeypatch.setattr(tokens, "_cutter", lambda: ready)

    assert growth(tokens._cut.__wrapped__, "小院高墙的问题" * 5_000) < 3
