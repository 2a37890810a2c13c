"""``stance keyness``: groups by name, English, Chinese and by concept."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SEEDS = str(ROOT / "seeds")
MODEL = str(ROOT / "models" / "us-china-tech")
Run = Callable[..., tuple[int, str, str]]
Write = Callable[[str, str | bytes], Path]


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def speeches(write: Write) -> str:
    """Ten documents of two years; export controls, 出口管制, come with the second."""
    rows = [
        {
            "id": f"{year}-{at}-{language}",
            "document": f"{year}-{at}",
            "date": str(year),
            "text": text + (more if year == 2023 else ""),
        }
        for year in (2012, 2023)
        for at in range(5)
        for language, text, more in (
            ("en", f"They trade goods and talk, {at}. ", "They feel export controls."),
            ("zh", f"双方开展贸易对话之{'一二三四五'[at]}。", "企业受到出口管制。"),
        )
    ]
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    return str(write("speeches.jsonl", "".join(lines)))


def test_words_of_the_focus_come_first(run: Run, speeches: str) -> None:
    code, out, _ = run("keyness", speeches, "--focus", "2023", "--only", "en")

    rows = table(out)
    assert code == 0
    assert {"export_control", "feel"} & {row["term"] for row in rows[:3]}
    assert float(rows[0]["p_max_t"]) < 0.05
    assert {row["language"] for row in rows} == {"en"}


def test_concepts_join_both_languages(run: Run, speeches: str) -> None:
    code, out, _ = run("keyness", speeches, "--focus", "2023", "--concepts")

    rows = {row["term"]: row for row in table(out)}
    assert code == 0
    assert {row["language"] for row in rows.values()} == {"both"}
    assert int(rows["export_control"]["n_after"]) == 10


def test_chi_square_has_quantedas_columns(run: Run, speeches: str) -> None:
    _, out, _ = run("keyness", speeches, "--focus", "2023", "--measure", "chi2")

    assert list(table(out)[0])[:5] == [
        "feature",
        "statistic",
        "p",
        "n_target",
        "n_reference",
    ]


def test_terms_of_a_model_add_up_to_the_change_of_its_score(run: Run) -> None:
    code, out, _ = run(
        "keyness", "--corpus", SEEDS, "--focus", "2022", "--model", MODEL,
        "--of", "competition",
    )  # fmt: skip

    rows = table(out)
    assert code == 0
    assert {row["label"] for row in rows} == {"competition"}
    assert sum(float(row["contribution"]) for row in rows) > 1


def printed(write: Write, rows: list[tuple[str, str, str]]) -> str:
    """Write units of a year; rows are document, source and text."""
    lines = ["id,document,date,source,text"]
    lines += [f'u{at},{d},2020,"{s}",{text}' for at, (d, s, text) in enumerate(rows)]
    return str(write("printed.csv", "\n".join(lines) + "\n"))


def test_a_document_that_two_groups_share_is_refused(run: Run, write: Write) -> None:
    path = printed(
        write,
        [("d1", "甲报", "他们扩大合作。"), ("d1", "乙报", "他们加强管制。")],
    )

    code, out, err = run("keyness", path, "--by", "source", "--focus", "甲报")

    assert (code, out) == (2, "")
    assert "document 'd1' lies in both groups" in err


def test_a_document_of_which_one_part_is_left_out_is_compared(
    run: Run, write: Write
) -> None:
    rows = [
        ("d1", "A", "They trade."),
        ("d1", "C", "Chips."),
        ("d2", "B", "They curb."),
    ]

    code, out, _ = run(
        "keyness", printed(write, rows), "--by", "source", "--focus", "A",
        "--reference", "B",
    )  # fmt: skip

    assert code == 0
    assert {row["term"] for row in table(out)} == {"they", "trade", "curb"}


def test_copies_of_a_document_are_one(run: Run, write: Write) -> None:
    rows = [(f"d{at}", "A", "They expand the trade in goods.") for at in range(4)]
    rows += [("e", "B", "Export controls were curbed."), ("f", "B", "美国加强管制。")]

    _, out, _ = run(
        "keyness", printed(write, rows), "--by", "source", "--focus", "A"
    )  # fmt: skip

    found = {row["term"]: row for row in table(out)}
    assert (found["expand"]["n_after"], found["expand"]["n_documents"]) == ("4", "1")
    assert {row["low"] for row in found.values()} == {""}


@pytest.mark.parametrize("focus", ["Brown, J.", "Xinhua,CASS", "CASS"])
def test_a_name_with_a_comma_is_one_name(run: Run, write: Write, focus: str) -> None:
    rows = [
        ("a", "Brown, J.", "They trade."), ("b", "Xinhua", "扩大合作。"),
        ("c", "CASS", "They curb."),
    ]  # fmt: skip

    code, out, _ = run(
        "keyness", printed(write, rows), "--by", "source", "--focus", focus
    )

    assert code == 0
    assert len(table(out)) > 3


def test_the_same_seed_gives_the_same_rows(run: Run, speeches: str) -> None:
    first = run("keyness", speeches, "--focus", "2023", "--rng", "4")
    second = run("keyness", speeches, "--focus", "2023", "--rng", "4")

    assert first == second


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "--focus is missing: the group whose words are looked for\n  year: 2012"),
        (["--focus", "2013"], "--focus: no year is '2013'"),
        (["--focus", "2012", "--reference", "2012"], "'2012' is in both"),
        (["--focus", "2012,2015,2017,2022,2023"], "there is no year beside"),
        (["--focus", "2012", "--by", "publisher"], "not reported by 'publisher'"),
        (["--focus", "2022", "--model", MODEL, "--of", "rivalry"], "is no label of"),
        (["--focus", "2022", "--only", "mixed"], "--only mixed: a group has no such"),
        (["--focus", "2022", "--of", "none"], "--of would change nothing without --mo"),
        (
            ["--focus", "2022", "--model", MODEL, "--measure", "log-odds"],
            "--measure would change nothing with --model",
        ),
        (
            ["--focus", "2022", "--model", MODEL, "--concepts"],
            "--concepts would change nothing with --model",
        ),
        (
            ["--focus", "2022", "--model", MODEL, "--terms", "t.csv"],
            "--terms would change nothing with --model",
        ),
    ],
)
def test_a_wrong_question_is_told(run: Run, words: list[str], message: str) -> None:
    code, out, err = run("keyness", "--corpus", SEEDS, *words)

    assert (code, out) == (2, "")
    assert message in err


def test_figures_of_words_are_written(run: Run) -> None:
    code, _, _ = run("keyness", "--corpus", SEEDS, "--focus", "2022", "--plot", "w.pdf")

    assert code == 0
    assert Path("w.pdf").read_bytes().startswith(b"%PDF")
