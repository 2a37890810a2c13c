"""``terms.tsv`` is read back as it was written, quoted or not."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.model.blocks import SPECS
from stance.model.model import Model
from stance.model.terms_file import HEAD, _read_quoted, read_terms_file, write_terms

LABELS = ("pro", "反对")
WORDS, CUES = SPECS["words"], SPECS["cues"]
terms = st.lists(
    st.text(st.characters(exclude_characters='\t\n\r"', exclude_categories=["Cs"]))
)


def table(*rows: str) -> str:
    """Return a table of these blocks and terms, with numbers."""
    header = "\t".join([*HEAD, *LABELS])
    return "".join(
        f"{row}\n" for row in [header, *(f"{r}\t1\t2\t.5\t-.5" for r in rows)]
    )


@given(terms, terms)
def test_a_plain_table_is_read_as_csv_reads_it(
    words: list[str], cues: list[str]
) -> None:
    rows = [f"words\t{word}" for word in words] + [f"cues\t{cue}" for cue in cues]
    text = table(*rows)

    found = read_terms_file(text, LABELS, [WORDS, CUES])

    assert found == [words, cues]
    assert found == _read_quoted(text, [*HEAD, *LABELS], [WORDS, CUES])


def test_terms_with_quotes_and_line_ends_are_read_back(small_model: Model) -> None:
    block = small_model.blocks[0]
    odd = ('say "yes"', "a\tb", "一\n二", *block.terms[3:])
    model = replace(
        small_model, blocks=(replace(block, terms=odd), *small_model.blocks[1:])
    )
    specs = [block.spec for block in model.blocks]

    found = read_terms_file(write_terms(model), model.labels.names, specs)

    assert found == [list(block.terms) for block in model.blocks]


@pytest.mark.parametrize(
    "rows",
    [
        ["cues\ta", "words\tb"],
        ["words\ta", "cues\tb", "words\tc"],
        ["words\ta", "chars\tb"],
        ["words\ta\t9"],
        ["words"],
    ],
    ids=["order", "apart", "unknown", "too many cells", "too few cells"],
)
@pytest.mark.parametrize("quoted", [False, True])
def test_rows_that_do_not_fit_are_refused(rows: list[str], quoted: bool) -> None:
    text = table(*rows, *(['cues\t"x"'] if quoted else []))

    with pytest.raises(ValueError, match=r"terms\.tsv"):
        read_terms_file(text, LABELS, [WORDS, CUES])


def test_a_table_that_ends_within_a_row_is_refused() -> None:
    with pytest.raises(ValueError, match=r"terms\.tsv"):
        read_terms_file(table("words\ta")[:-3], LABELS, [WORDS])
