"""``stance concordance``: what is found, in which form, and what is said of it."""

import csv
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from stance.cli import VERBS

Run = Callable[..., tuple[int, str, str]]
Write = Callable[[str, str | bytes], Path]

EN = "They fear decoupling. U.S. curbs hurt us; the export\n controls are no cure."
ZH = "反对脱钩，印度尼西亚与印度扩大合作。"
ODD = "“Ｄｅｃｏｕｐｌｉｎｇ”，cafe\u0301：双方\x1b[31m同意。"
HEADER = "unit_id,document_id,language,start,end,left,node,right,concept"


@pytest.fixture(autouse=True)
def _verb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VERBS, "concordance", "read every occurrence in its context")


def nodes(out: str) -> list[tuple[str, str]]:
    """Return unit and node of each row."""
    rows = csv.DictReader(io.StringIO(out, newline=""))
    return [(row["unit_id"], row["node"]) for row in rows]


def test_an_occurrence_is_a_row_with_its_place_and_context(
    run: Run, write: Write
) -> None:
    write("a.txt", f"{EN}\n\n{ZH}\n")

    code, out, err = run("concordance", "脱钩", "a.txt", "--width", "3")

    assert code == 0
    assert out == f"{HEADER}\na:p002,a,zh,2,4,反对,脱钩,，印度,\n"
    assert err == "1 occurrence in 1 paragraph of 1 document\n"


def test_the_context_in_a_pipe_is_the_source_s(run: Run, write: Write) -> None:
    write("a.txt", f"{EN}\n\n{ODD}\n")

    _, out, _ = run("concordance", "--regex", r"\w+ing|controls|Ｄ\w+", "a.txt")
    rows = list(csv.DictReader(io.StringIO(out, newline="")))
    texts = {"a:p001": EN, "a:p002": ODD}

    assert [row["node"] for row in rows] == [
        "decoupling",
        "controls",
        "Ｄｅｃｏｕｐｌｉｎｇ",
    ]
    assert [row["left"] + row["node"] + row["right"] for row in rows] == [
        texts[row["unit_id"]][max(int(row["start"]) - 40, 0) : int(row["end"]) + 40]
        for row in rows
    ]


def test_a_phrase_is_whole_words_of_what_looks_alike(run: Run, write: Write) -> None:
    write("a.txt", f"{EN}\n\n{ZH}\n\n{ODD}\n")

    found = [
        nodes(run("concordance", phrase, "a.txt")[1])
        for phrase in ("decoupling", "export controls", "US", "印度", "curb*", "café")
    ]

    assert found == [
        [("a:p001", "decoupling"), ("a:p003", "Ｄｅｃｏｕｐｌｉｎｇ")],
        [("a:p001", "export\n controls")],
        [("a:p001", "U.S")],
        [("a:p002", "印度")],
        [("a:p001", "curbs")],
        [("a:p003", "cafe\u0301")],
    ]


def test_longer_words_that_were_left_out_are_named(run: Run, write: Write) -> None:
    write("a.txt", f"{ZH}\n\n印度尼西亚同意。\n")

    _, _, err = run("concordance", "印度", "a.txt")

    assert err == (
        "1 occurrence in 1 paragraph of 1 document\n"
        "  left out, in longer words: 印度尼西亚 2; --regex finds them\n"
    )


def test_an_english_ending_is_offered(run: Run, write: Write) -> None:
    write("a.txt", "Curbs, a curb, curbed, curbing, curbs, curbly, curbish, curbable")

    _, _, err = run("concordance", "curb", "a.txt")

    assert err.splitlines()[1] == (
        "  left out, in longer words: curbs 2, curbed 1, curbing 1, curbly 1, "
        "curbish 1, curbable 1; 'curb*' finds them"
    )


def test_of_many_longer_words_the_most_frequent_are_named(
    run: Run, write: Write
) -> None:
    words = " ".join(f"curb{letter}" for letter in "abcdefgh")
    write("a.txt", f"curb {words} curbh")

    _, _, err = run("concordance", "curb", "a.txt")

    assert "in longer words: curbh 2, curba 1, " in err
    assert "curbe 1, and 2 more; 'curb*' finds them\n" in err


def test_a_concept_is_found_in_both_languages(run: Run, write: Write) -> None:
    write("a.txt", f"{EN}\n\n对脱钩的担忧，以及反对脱钩。\n\n{ODD}\n")

    _, out, err = run("concordance", "decoupling", "--concept", "a.txt")

    assert nodes(out) == [
        ("a:p001", "decoupling"),
        ("a:p002", "脱钩"),
        ("a:p003", "Ｄｅｃｏｕｐｌｉｎｇ"),
    ]
    assert out.count(",decoupling\n") == 3
    assert err == (
        "3 occurrences in 3 paragraphs of 1 document\n"
        "  left out, in longer terms of other concepts: oppose_decoupling 1\n"
    )


def test_the_project_s_own_terms_come_before_the_shipped(
    run: Run, write: Write
) -> None:
    head = "concept,en,zh,frame,role,note\n"
    write("box/a.txt", f"{EN}\n\n{ZH}\n")
    write("box/terms.csv", f"{head}fear,fear*,反对,,domain,\n")
    write("other.csv", f"{head}fear,curb*,,,domain,\n")

    own = run("concordance", "fear", "box/a.txt", "box", "--concept")
    named = run("concordance", "fear", "box/a.txt", "--concept", "--terms", "other.csv")
    shipped = run("concordance", "fear", "box/a.txt", "--concept")

    assert own[0] == 2  # the folder holds a.txt, which was named already
    assert nodes(named[1]) == [("a:p001", "curbs")]
    assert (shipped[0], shipped[2].splitlines()[0]) == (
        2, "stance: no concept 'fear' in the term table",
    )  # fmt: skip


def test_seeds_is_read_where_no_path_is_given(run: Run, project: Path) -> None:
    _, out, err = run("concordance", "脱钩", "--only", "zh")

    assert {unit.split(":")[0] for unit, _ in nodes(out)} == {"gu-liu-2022"}
    assert err.startswith("11 occurrences in 8 paragraphs of 1 document\n")


def test_paths_may_stand_behind_the_options(run: Run, write: Write) -> None:
    write("a.txt", EN)
    write("b.txt", ZH)

    code, out, _ = run(
        "concordance", "--regex", "脱钩|fear", "--width", "2", "a.txt", "b.txt"
    )

    assert (code, nodes(out)) == (0, [("a:p001", "fear"), ("b:p001", "脱钩")])


def test_one_language_is_read_where_asked(run: Run, write: Write) -> None:
    write("a.txt", f"{EN}\n\n{ZH}\n\n脱钩 (decoupling) 与 (trade war) 之争\n")

    found = [
        nodes(run("concordance", "--regex", "脱钩|decoupling", "a.txt", *words)[1])
        for words in (["--only", "en"], ["--only", "zh"], ["--only", "mixed"])
    ]

    assert found == [
        [("a:p001", "decoupling")],
        [("a:p002", "脱钩")],
        [("a:p003", "脱钩"), ("a:p003", "decoupling")],
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", f'{{"id": "x", "text": "{ZH}"}}\n'),
        ("a.csv", f"id,text\nx,{ZH}\n"),
        ("a.tsv", f"id\ttext\nx\t{ZH}\n"),
    ],
)
def test_the_units_of_a_data_file_are_read(
    run: Run, write: Write, name: str, content: str
) -> None:
    write(name, content)

    code, out, _ = run("concordance", "脱钩", name)

    assert (code, nodes(out)) == (0, [("x", "脱钩")])


def test_standard_input_is_read(run: Run) -> None:
    code, out, _ = run("concordance", "脱钩", "-", stdin=f"{EN}\n\n{ZH}\n")

    assert (code, nodes(out)) == (0, [("stdin:p002", "脱钩")])


def test_parallel_adds_the_text_of_the_twin(run: Run, write: Write) -> None:
    write("a.txt", "Prices rose.\n\n价格上涨了。\n\nSales fell.\n\n销量下降了。\n")

    _, out, err = run("concordance", "fell", "a.txt", "--parallel", "--only", "en")

    assert out == (f"{HEADER},parallel\na:p003,a,en,6,10,Sales ,fell,.,,销量下降了。\n")
    assert err == "1 occurrence in 1 paragraph of 1 document\n"


def test_that_there_are_no_twins_is_warned_of(run: Run, write: Write) -> None:
    write("a.txt", f"{EN}\n")

    code, out, err = run("concordance", "fear", "a.txt", "--parallel", "--width", "1")

    assert (code, out) == (0, f"{HEADER},parallel\na:p001,a,en,5,9, ,fear, ,,\n")
    assert err.startswith("stance: warning: no paragraph has a twin")


def test_a_table_has_the_nodes_below_each_other(run: Run, write: Write) -> None:
    write("a.txt", f"{EN}\n\n{ZH}\n\n{ODD}\n")

    _, out, _ = run(
        "concordance", "--regex", "脱钩|fear|同意", "a.txt", "--format", "table"
    )

    assert out.splitlines() == [
        f"a:p001{' ' * 36}They   fear   decoupling. U.S. curbs hurt us; the exp",
        f"a:p002{' ' * 37}反对  脱钩  ，印度尼西亚与印度扩大合作。",
        "a:p003  “Ｄｅｃｏｕｐｌｉｎｇ”，cafe\u0301：双方␛[31m  同意  。",
    ]


def test_a_table_has_the_twins_below(run: Run, write: Write) -> None:
    write("a.txt", "Prices rose.\n\n价格上涨了。\n\nSales fell.\n\n销量下降了。\n")

    _, out, _ = run("concordance", "fell", "a.txt", "--parallel", "--format", "table")

    assert out == "a:p003  Sales   fell  .\n        销量下降了。\n\n"


def test_rows_are_written_to_a_file(run: Run, write: Write) -> None:
    write("a.txt", ZH)

    code, out, _ = run("concordance", "脱钩", "a.txt", "-o", "found.csv")

    assert (code, out) == (0, "")
    assert nodes(Path("found.csv").read_text(encoding="utf-8")) == [("a:p001", "脱钩")]


@pytest.mark.parametrize("words", [[], ["--regex"]], ids=str)
def test_nothing_found_exits_1_and_offers_concepts(
    run: Run, write: Write, words: list[str]
) -> None:
    write("a.txt", f"{EN}\n\n{ZH}\n")

    code, out, err = run("concordance", "decuopling", "a.txt", *words)

    assert (code, out) == (1, f"{HEADER}\n")
    assert err.startswith(
        "stance: 'decuopling' is not in the 2 paragraphs read\n"
        "  with --concept there are: decoupling"
    )


def test_nothing_found_in_a_table_prints_nothing(run: Run, write: Write) -> None:
    write("a.txt", EN)

    code, out, err = run("concordance", "zzzz", "a.txt", "--format", "table")

    assert (code, out) == (1, "")
    assert err == "stance: 'zzzz' is not in the 1 paragraph read\n"


def test_nothing_found_tells_what_a_star_would_find(run: Run, write: Write) -> None:
    write("a.txt", EN)

    code, _, err = run("concordance", "decoupl", "a.txt")

    assert code == 1
    assert err.endswith(
        "\n  left out, in longer words: decoupling 1; 'decoupl*' finds them\n"
    )


def test_a_concept_that_does_not_occur_exits_1(run: Run, write: Write) -> None:
    write("a.txt", "The weather was fine.")

    code, _, err = run("concordance", "decoupling", "--concept", "a.txt")

    assert code == 1
    assert err.startswith("stance: 'decoupling' is not in the 1 paragraph read\n")
    assert "there are: decoupling" not in err


def test_quiet_says_nothing(run: Run, write: Write) -> None:
    write("a.txt", ZH)

    assert run("concordance", "印度", "a.txt", "-q")[2] == ""
    assert run("concordance", "zzz", "a.txt", "-q", "--parallel") == (
        1, f"{HEADER},parallel\n", "",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--regex", "a("], "bad pattern 'a(': missing ), unterminated subpattern"),
        (["--regex", "a*"], "pattern 'a*' matches the empty string\n"),
        (["*"], "phrase '*' does not begin with a letter or a digit\n"),
        (["合*作"], "phrase '合*作' has a star before its end\n"),
        (["--concept", "decuopling"], "no concept 'decuopling' in the term table\n"),
        (["脱钩", "no.txt"], "no.txt: no such file or folder\n"),
        (["decoupling", "--concept", "--terms", "no.csv"], "no.csv: no such file"),
    ],
)
def test_a_wrong_question_exits_2(
    run: Run, write: Write, words: list[str], message: str
) -> None:
    write("seeds/a.txt", f"{EN}\n\n{ZH}\n")

    code, out, err = run("concordance", *words)

    assert (code, out) == (2, "")
    assert err.startswith(f"stance: {message}")


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--regex", "--concept", "a"],
        ["脱钩", "--width", "0"],
        ["脱钩", "--only", "fr"],
    ],
    ids=str,
)
def test_a_wrong_option_exits_2(run: Run, words: list[str]) -> None:
    code, out, err = run("concordance", *words)

    assert (code, out) == (2, "")
    assert err.startswith("usage: stance concordance")


@pytest.mark.parametrize("form", ["csv", "table"])
def test_a_reader_who_has_read_enough_is_no_error(write: Write, form: str) -> None:
    """As ``concordance ... | head -1``: more is written than a pipe holds."""
    write("a.txt", "\n\n".join([f"{EN} {ZH}"] * 3000))
    words = ["concordance", "--regex", "[a-z]+", "a.txt", "--format", form, "-q"]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}

    with subprocess.Popen(
        [sys.executable, "-m", "stance", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()

    assert (process.returncode, err) == (0, b"")


def test_a_bad_pattern_is_refused_before_anything_is_read(run: Run) -> None:
    _, _, err = run("concordance", "--regex", "a(", "no.txt")

    assert err.startswith("stance: bad pattern")
