"""Tests of ``stance power`` and ``stance sample``: plan, then draw."""

import csv
import io
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from stance.cli import VERBS
from stance.measure.pilot import Pilot, correlation_of
from stance.measure.power import Plan, expected_half_width

Run = Callable[..., tuple[int, str, str]]
Write = Callable[[str, str | bytes], Path]
EN = "Both sides agreed to expand the trade in goods in round {} of the talks."
ZH = "双方第{}次同意扩大科技合作与交流，“共同”发展。"


@pytest.fixture(autouse=True)
def _verbs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VERBS, "power", VERBS.get("power", "how many labels"))
    monkeypatch.setitem(VERBS, "sample", VERBS.get("sample", "what to code next"))


def rows(out: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(out)))


def corpus(coded: int = 0) -> str:
    """Return a data file of 40 units in 8 documents, the first so many coded."""
    lines = ["unit_id,doc,date,source,text,label,design,probability"]
    for at in range(40):
        text = (EN if at % 2 else ZH).format(at)
        drawn = "pro,random,0.1" if at < coded else ",,"
        lines.append(
            f'u{at},d{at // 5},{2012 + at // 20},{"AB"[at // 5 % 2]},"{text}",{drawn}'
        )
    return "\n".join(lines) + "\n"


def test_a_plan_is_what_the_function_says(run: Run) -> None:
    code, out, _ = run(
        "power", "--n-coded", "50", "--n-documents", "40", "--scheme", "paragraphs",
        "--accuracy", "0.7", "--shares", "0.5", "0.3", "0.2", "--icc", "0.2",
    )  # fmt: skip

    shares = (0.5, 0.3, 0.2)
    plan = expected_half_width(
        n_coded=50, n_documents=40,
        pilot=Pilot(shares, icc=0.2, correlation=correlation_of(0.7, shares)),
    )  # fmt: skip
    (row,) = rows(out)
    assert code == 0
    assert list(row) == list(Plan.__slots__)
    assert float(row["half_width_change"]) == plan.half_width_change


def test_each_scheme_is_planned_for_each_number_of_labels(run: Run) -> None:
    _, out, _ = run("power", "--n-coded", "50", "100", "--n-documents", "40")

    found = [(row["scheme"], row["n_coded"]) for row in rows(out)]
    assert found == [
        ("paragraphs", "50"), ("paragraphs", "100"), ("documents", "50"),
        ("documents", "100"), ("two-stage", "50"), ("two-stage", "100"),
    ]  # fmt: skip


def test_a_wished_width_says_how_many_labels_it_takes(run: Run) -> None:
    _, out, _ = run(
        "power", "--half-width", "0.1", "--n-documents", "80", "--accuracy", "0.8"
    )

    found = rows(out)
    assert max(float(row["half_width_change"]) for row in found) <= 0.1
    assert int(found[0]["n_coded"]) < int(found[1]["n_coded"])


def test_the_table_fits_a_terminal(run: Run) -> None:
    _, out, _ = run(
        "power", "--n-coded", "50", "--n-documents", "40", "--format", "table"
    )

    assert "paragraphs" in out
    assert "smallest_change" in out


def test_what_no_scheme_can_draw_is_an_error(run: Run) -> None:
    code, out, err = run("power", "--n-coded", "5000", "--n-documents", "40")

    assert (code, out) == (2, "")
    assert "5000 labels cannot be drawn from 40 documents" in err


def test_what_one_scheme_cannot_draw_is_left_out_and_said(run: Run) -> None:
    code, out, err = run("power", "--n-coded", "300", "400", "--n-documents", "40")

    assert code == 0
    assert {row["scheme"] for row in rows(out)} == {"paragraphs", "documents"}
    assert [line for line in err.splitlines() if "two-stage" in line] == [
        f"stance: warning: {n} labels cannot be drawn from 40 documents of 16 "
        "paragraphs by scheme 'two-stage'"
        for n in (300, 400)
    ]


def test_a_width_that_one_scheme_cannot_reach_is_said(run: Run) -> None:
    _, out, err = run("power", "--half-width", "0.11", "--n-documents", "60")

    assert {row["scheme"] for row in rows(out)} == {"paragraphs", "documents"}
    assert "warning: with all that scheme 'two-stage' can draw from 60 documents" in err


def test_few_documents_are_warned_of(run: Run) -> None:
    words = ("power", "--n-coded", "50", "--n-documents", "40")

    _, _, err = run(*words, "--scheme", "documents")
    _, _, quiet = run(*words, "--scheme", "documents", "--quiet")

    assert "fewer than 6 documents" in err
    assert quiet == ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--shares", "0.8", "0.4"), "--shares sum to 1.2"),
        (("--paragraphs", "0"), "--paragraphs 0 is less than one"),
        (("--paragraphs", "nan"), "--paragraphs: nan is not a number"),
        (("--paragraphs", "inf"), "--paragraphs: inf is not a number"),
    ],
)
def test_a_guess_that_cannot_be_is_an_error(
    run: Run, words: tuple[str, ...], message: str
) -> None:
    code, _, err = run("power", "--n-coded", "50", "--n-documents", "40", *words)

    assert (code, message in err) == (2, True)


def test_a_draw_has_a_column_for_the_label_and_what_must_be_kept(
    run: Run, write: Write
) -> None:
    write("corpus.csv", corpus())

    code, out, err = run("sample", "corpus.csv", "--n", "8", "--by", "year,source")

    found = rows(out)
    assert code == 0
    assert list(found[0]) == [
        "unit_id", "document_id", "text", "label", "probability", "design", "round"
    ]  # fmt: skip
    assert {row["label"] for row in found} == {""}
    assert math.fsum(1 / float(row["probability"]) for row in found) == pytest.approx(
        40
    )
    assert "8 units of" in err


def test_a_text_is_drawn_to_the_letter(run: Run, write: Write) -> None:
    write("corpus.csv", corpus())

    _, out, _ = run("sample", "corpus.csv", "--n", "40", "--by", "", "--quiet")

    texts = {row["unit_id"]: row["text"] for row in rows(out)}
    assert texts["u0"] == ZH.format(0)
    assert texts["u1"] == EN.format(1)
    assert len(texts) == 40


def test_what_was_coded_is_not_drawn_again_but_keeps_its_label(
    run: Run, write: Write
) -> None:
    write("corpus.csv", corpus(coded=30))

    _, out, _ = run("sample", "corpus.csv", "--n", "6", "--by", "", "--round", "2")

    new = {row["unit_id"] for row in rows(out)[:6]}
    assert new < {f"u{at}" for at in range(30, 40)}
    assert [row["unit_id"] for row in rows(out)[6:]] == [f"u{at}" for at in range(30)]
    assert [(row["label"], row["round"]) for row in rows(out)] == (
        [("", "2")] * 6 + [("pro", "1")] * 30
    )
    assert {row["probability"] for row in rows(out)} == {"0.9"}


def fill(out: str) -> str:
    """Return a drawn file with each label that is missing filled in."""
    return "\n".join(line.replace(",,", ",con,", 1) for line in out.splitlines()) + "\n"


def test_the_file_of_a_further_round_replaces_the_one_before(
    run: Run, write: Write
) -> None:
    write("corpus.csv", corpus())
    words = ("sample", "corpus.csv", "--by", "year", "--labels")
    _, first, _ = run(*words[:-1], "--n", "10")
    write("one.csv", fill(first).replace("con", "pro"))

    code, out, err = run(*words, "one.csv", "--n", "8", "--round", "2")
    write("two.csv", fill(out))
    _, third, _ = run(*words, "two.csv", "--n", "4", "--round", "3")

    both = rows(out)
    assert (code, len(both)) == (0, 18)
    assert {row["unit_id"] for row in rows(first)} == {
        row["unit_id"] for row in both if row["label"] == "pro"
    }
    assert {row["probability"] for row in both} == {str(18 / 40)}
    assert "8 units of" in err
    assert "the 10 units coded before stand below them" in err
    assert "this file replaces theirs" in err
    assert {row["probability"] for row in rows(third)} == {str(22 / 40)}
    assert {row["round"] for row in rows(third)} == {"3", ""}


def test_both_files_at_once_are_two_draws_of_a_unit(run: Run, write: Write) -> None:
    write("corpus.csv", corpus())
    words = ("sample", "corpus.csv", "--by", "", "--n", "10", "--labels")
    _, first, _ = run(*words[:-1])
    write("one.csv", fill(first))
    _, second, _ = run(*words, "one.csv")
    write("two.csv", fill(second))

    code, _, err = run(*words, "one.csv", "two.csv")

    assert code == 2
    assert "by design 'random' with probability 0.25, and by 'random' with 0.5" in err
    assert "the file of a later round replaces the one before" in err


def test_whole_documents_are_not_drawn_in_a_further_round(
    run: Run, write: Write
) -> None:
    write("corpus.csv", corpus(coded=4))

    code, _, err = run("sample", "corpus.csv", "--n", "10", "--scheme", "documents")

    assert code == 2
    assert "4 units are coded already" in err
    assert "draw the further round by paragraphs" in err


def test_of_twins_in_a_project_one_is_drawn(run: Run, project: Path) -> None:
    """The seeds have 124 units of content, of which 36 are second twins."""
    words = ("sample", str(project), "--longest", "0", "--quiet", "--n")

    code, out, _ = run(*words, "88")
    more, _, err = run(*words, "89")

    assert (code, len(rows(out))) == (0, 88)
    assert more == 2
    assert "89 units are to be drawn and 88 are not coded" in err


def test_a_project_is_drawn_by_its_sources_and_years(run: Run, project: Path) -> None:
    _, by_folder, _ = run(
        "sample", str(project), "--longest", "0", "--n", "20", "--by", "year,source",
    )  # fmt: skip

    documents = {row["document_id"] for row in rows(by_folder)}
    assert len(documents) == 5
    assert {row["design"] for row in rows(by_folder)} == {"stratified"}


def test_units_of_two_files_keep_their_own_texts(run: Run, write: Write) -> None:
    write("one.csv", corpus())
    write("two.csv", corpus().replace("u", "v").replace(",d", ",e"))

    _, out, _ = run("sample", "one.csv", "two.csv", "--n", "80", "--by", "", "--quiet")

    assert len({row["unit_id"] for row in rows(out)}) == 80


def test_the_same_seed_draws_the_same(run: Run, write: Write) -> None:
    write("corpus.csv", corpus())
    words = ("sample", "corpus.csv", "--n", "5", "--rng")

    _, first, _ = run(*words, "3")
    _, second, _ = run(*words, "3")
    _, other, _ = run(*words, "4")

    assert first == second != other


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--n", "41"), "41 units are to be drawn and 40 are not coded"),
        (("--n", "4", "--by", "yaer"), "units are not drawn by 'yaer'\n  did you mean"),
        (("--n", "4", "--by", "year,year"), "'year,year' names 'year' twice"),
        (("--n", "4", "--rng", "-1"), "argument --rng: -1 is a number below 0"),
        (("--longest", "-1"), "--longest -1 is below 0\n  0 keeps units of any length"),
    ],
)
def test_what_cannot_be_drawn_is_an_error(
    run: Run, write: Write, words: tuple[str, ...], message: str
) -> None:
    write("corpus.csv", corpus())

    code, out, err = run("sample", "corpus.csv", *words)

    assert (code, out) == (2, "")
    assert message in err


@pytest.mark.parametrize("scheme", ["documents", "two-stage"])
def test_documents_are_drawn(run: Run, write: Write, scheme: str) -> None:
    write("corpus.csv", corpus())

    _, out, _ = run("sample", "corpus.csv", "--n", "10", "--scheme", scheme, "--by", "")

    found = rows(out)
    assert len(found) == 10
    assert len({row["document_id"] for row in found}) == 2
