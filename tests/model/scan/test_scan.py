"""Tests of `stance.model.scan.tokens`: tokens and matches are those of `analyse`."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stance.corpus.document import Paragraph
from stance.corpus.terms import NO_TERMS, TermTable, parse_terms
from stance.corpus.tokens import Token, analyse
from stance.model.project import Project
from stance.model.scan import tokens as module
from stance.model.scan.tokens import Scanner

TERMS = parse_terms(
    """\
concept,en,zh,frame,role,note
export_control,export control*|Export Control Act,出口管制|出口管制法,competition,cue,
us,US|U.S. side,美国|美方,,domain,
win_win,win-win|win-win outcome*,共赢|合作共赢,cooperation,cue,
ai,AI|A.I. chips,AI芯片|人工智能,,domain,
section_301,Section 301|301,301条款|301调查,countermeasure,cue,
yard,"small yard, high fence|leaders' meeting|25% tariff*",小院高墙,competition,cue,
plan,Medium- to Long-Term Plan,中长期规划,,domain,
open,RISC-V,RISC-V架构|1.5轨,,domain,
need,need to|must|control,必须|制,countermeasure,lean,
café,café culture|track 1.5|C++ code,中国,,domain,
""".encode()
)
FORMS = [form for term in TERMS.terms for form in (*term.en, *term.zh)]
PIECES = [
    *FORMS, *(form.removesuffix("*").upper() for form in FORMS), "s", " ", "  ", "\n",
    ", ", "-", "'", "’", "“", "U.S.", "U.", "印度尼西亚", "其中国有", "é", "É", "ſ",
    "İ", "ı", "𠀀", "🙂", "x", "the", "Контроль", "co\u00adntrol", "出 口", "\u3000",
    "3", "1", "_", "\x00", "a" * 70, "反制" * 600,
]  # fmt: skip
TEXTS = st.lists(st.lists(st.sampled_from(PIECES), max_size=9).map("".join), max_size=5)


def tokens_of(
    texts: Sequence[str], terms: TermTable
) -> list[tuple[list[Token], list[tuple[str, str, int, int, bool]]]]:
    """Return tokens and matches of each text as a scanner finds them."""
    wanted = {t.form for text in texts for t in analyse(text, terms).tokens}
    numbers = {form: at for at, form in enumerate(sorted(wanted))}
    names = sorted(wanted)
    scanner = Scanner(terms, {"words": numbers}, {})
    found = [([], []) for _ in texts]
    for tokens in scanner.scan(texts):
        batch = tokens.batch
        first = dict(zip(batch.rows.tolist(), batch.bounds.tolist(), strict=False))
        for row, number, start, end in zip(
            tokens.row.tolist(), tokens.ids["words"].tolist(), tokens.start.tolist(),
            tokens.end.tolist(), strict=True,
        ):  # fmt: skip
            form = names[number] if number >= 0 else "(unknown)"
            found[row][0].append(Token(form, start - first[row], end - first[row]))
        matches = tokens.matches
        texts_of = np.searchsorted(batch.bounds, matches.start, side="right") - 1
        for at, start, end, rank in zip(
            texts_of, matches.start.tolist(), matches.end.tolist(),
            matches.rank.tolist(), strict=True,
        ):  # fmt: skip
            _, term, language = scanner.matcher.entries[rank]
            row = int(batch.rows[at])
            is_one = bool(scanner.matcher.protected[rank])
            place = start - first[row], end - first[row]
            found[row][1].append((term.concept, language, *place, is_one))
    return found


def expected(
    texts: Sequence[str], terms: TermTable
) -> list[tuple[list[Token], list[tuple[str, str, int, int, bool]]]]:
    return [
        (
            found.tokens,
            [
                (m.term.concept, m.language, m.start, m.end, m.protected)
                for m in found.matches
            ],
        )
        for found in (analyse(text, terms) for text in texts)
    ]


@given(texts=TEXTS)
@example(["facing 301“theWen RISC-V架构 ", "C++ code, c++ CODE"])
@example(["need ", "to need  to\tneed\nto", "U.S.  side", "leaders'  meeting"])
def test_tokens_and_matches_are_those_of_each_text(texts: list[str]) -> None:
    assert tokens_of(texts, TERMS) == expected(texts, TERMS)


@given(texts=TEXTS | st.lists(st.text(max_size=20), max_size=5))
def test_without_terms_tokens_are_those_of_each_text(texts: list[str]) -> None:
    assert tokens_of(texts, NO_TERMS) == expected(texts, NO_TERMS)


def test_the_seeds_have_the_tokens_of_their_paragraphs(seeds: Project) -> None:
    texts = [unit.text for unit in seeds.corpus.paragraphs]

    assert tokens_of(texts, seeds.terms) == expected(texts, seeds.terms)


@pytest.mark.slow
def test_every_form_of_the_table_is_found_in_odd_company(seeds: Project) -> None:
    forms = [f for term in seeds.terms.terms for f in (*term.en, *term.zh)]
    texts = [
        f"{joint}{one.replace('*', 's')}{joint}{two.replace('*', '')}, {one.upper()}"
        for at, (one, two) in enumerate(zip(forms, forms[7:], strict=False))
        for joint in [("", " ", "the ", "中", "-")[at % 5]]
    ]

    assert tokens_of(texts, seeds.terms) == expected(texts, seeds.terms)


def test_a_word_of_a_megabyte_is_one_token() -> None:
    texts = ["a" * 1_000_000 + "b", "a" * 1_000_000 + "c", "反制" * 50_000]

    assert tokens_of(texts, TERMS) == expected(texts, TERMS)


def test_words_that_are_forgotten_are_looked_up_again(
    monkeypatch: pytest.MonkeyPatch, seeds: Project
) -> None:
    monkeypatch.setattr(module, "MAX_TYPES", 40)
    texts = [unit.text for unit in seeds.corpus.paragraphs]
    numbers = {"cooper": 0, "合作": 1, "export_control@en": 2}
    bounded, free = (Scanner(seeds.terms, {"words": numbers}, {}) for _ in range(2))

    monkeypatch.setattr(module, "MAX_TYPES", 40)
    first = [bounded.scan(texts[at : at + 9]) for at in range(0, 190, 9)]
    monkeypatch.setattr(module, "MAX_TYPES", 10**6)
    second = [free.scan(texts[at : at + 9]) for at in range(0, 190, 9)]

    assert bounded.types[False].table.n < free.types[False].table.n
    for one, two in zip(first, second, strict=True):
        for a, b in zip(one, two, strict=True):
            assert np.array_equal(a.ids["words"], b.ids["words"])


def test_a_scanner_knows_a_paragraph_however_it_is_batched(seeds: Project) -> None:
    units: tuple[Paragraph, ...] = seeds.corpus.paragraphs[:30]
    texts = [unit.text for unit in units]

    together = tokens_of(texts, seeds.terms)

    assert together == [tokens_of([text], seeds.terms)[0] for text in texts]
