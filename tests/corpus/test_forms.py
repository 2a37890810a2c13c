"""A table whose rows are read when needed finds what one read at once would."""

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from stance.corpus.forms import first_word, han_forms, word_forms
from stance.corpus.normalise import normalise
from stance.corpus.terms import TermTable, open_terms, parse_terms
from stance.corpus.terms_table import COLUMNS, read_rows

PIECES = [
    "trade", "War", "US", "U.S.", "5G", "win-win", "détente", "Ｔech", "China's",
    "中国", "〇", "公报", "G20峰会", "*", " ", "  ", "\t", "|", "’", "\u00a0",
]  # fmt: skip
cells = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
tables = st.lists(st.tuples(cells, cells), min_size=1, max_size=4)
ROWS = "concept,en,zh,frame,role,note\n"


def source_of(table: list[tuple[str, str]]) -> bytes:
    """Return the bytes of a term table with these cells."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for at, (en, zh) in enumerate(table):
        writer.writerow([str(at), en, zh, "trade", "lean", "a, b"])
    return out.getvalue().encode()


def entries(table: TermTable, word: str) -> list[tuple[str, str, str]]:
    """Return form, concept and language of what may begin with a word, sorted."""
    found = table._candidates(word)
    return sorted((form, term.concept, language) for form, term, language in found)


def all_entries(table: TermTable, word: str) -> list[tuple[str, str, str]]:
    """Return the same by a look at every form of every row."""
    keys = {word, *(word[:n] + "*" for n in range(2, len(word) + 1))}
    return sorted(
        (form, term.concept, language)
        for term in table.terms
        for form, language in word_forms(term)
        if first_word(form) in keys
    )


@given(tables, st.sampled_from(PIECES))
@settings(max_examples=300)
def test_no_form_that_begins_with_a_word_is_overlooked(
    cells: list[tuple[str, str]], piece: str
) -> None:
    table = open_terms(source_of(cells))
    words = {normalise(p).text.lower() for p in (piece, piece + "s")}

    assert [entries(table, word) for word in words] == [
        all_entries(table, word) for word in words
    ]


@given(tables)
@settings(max_examples=200)
def test_no_form_that_begins_with_han_is_overlooked(
    cells: list[tuple[str, str]],
) -> None:
    table = open_terms(source_of(cells))
    every = {form for term in table.terms for form in han_forms(term)}

    found = {form for first in "中〇公" for form in table._beginning(first)[0]}

    assert found == every


def test_a_text_reads_the_rows_of_its_words_alone(seed_terms: TermTable) -> None:
    table = open_terms(seed_terms.source)

    table.find("Both sides agreed to ease export controls.", [])

    assert 0 < table._term.cache_info().currsize < len(seed_terms.terms) / 4


def test_rows_read_one_by_one_are_those_read_at_once(seed_terms: TermTable) -> None:
    assert open_terms(seed_terms.source).terms == seed_terms.terms
    assert parse_terms(seed_terms.source).terms == seed_terms.terms


def test_quoted_cells_and_bare_ones_are_read_as_csv_reads_them() -> None:
    text = ROWS + 'a,"b, c|d","“乙”\n丙",x,cue,"say ""no"""\r\n\nb,e,丁,,domain,\n'

    found = list(read_rows(text.encode(), "terms.csv"))

    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert found == [(3, rows[1]), (5, rows[3])]
