"""``--predictions``: a corpus is classified once, and measured many times."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("pyarrow")

Run = Callable[..., tuple[int, str, str]]
Write = Callable[[str, str | bytes], Path]
HEAD = "unit_id,document_id,kind,language,label,abstained,seen,p_pro,p_con,date"
GOOD = (
    "a,d1,body,en,pro,false,false,0.7,0.3,2012",
    "b,d1,body,zh,con,false,false,0.2,0.8,2012",
    "c,d2,body,en,pro,false,false,0.6,0.4,2023",
    "d,d2,body,zh,con,false,false,0.3,0.7,2023",
)
LABELS = "id,label,design\na,pro,random\nb,con,random\nc,con,random\nd,pro,random\n"
ASKED = ("prevalence", "--predictions", "said.csv", "--labels", "coded.csv", "-q")
ENGLISH = "Both sides agreed to expand cooperation and mutual trade, part {}."
CHINESE = "美方加强出口管制，遏制中国高科技企业，第{}部分。"


def said(*rows: str, head: str = HEAD) -> str:
    return "\n".join([head, *rows]) + "\n"


@pytest.fixture
def tables(write: Write) -> None:
    """Write good predictions and their labels."""
    write("said.csv", said(*GOOD))
    write("coded.csv", LABELS)


@pytest.mark.usefixtures("tables")
def test_shares_of_stored_predictions_by_hand(run: Run) -> None:
    code, out, _ = run(*ASKED, "--estimand", "corpus", "--by", "year")

    first, second, *_ = out.split("\n")[1:]
    assert code == 0
    assert first.startswith("2012,pro,all,0.5,0.5,0.5,0.0,")
    assert second.startswith("2012,con,all,0.5,")


@pytest.mark.usefixtures("tables")
def test_changes_of_stored_predictions(run: Run) -> None:
    code, out, _ = run("shift", *ASKED[1:], "--estimand", "corpus")

    assert code == 0
    assert out.split("\n")[1].startswith("baseline,2012,2023,pro,all,0.5,0.5,0.0,")


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_classified_once_is_what_is_predicted_anew(
    run: Run, write: Write, ending: str
) -> None:
    rows = [
        {"id": f"u{at}", "text": (ENGLISH, CHINESE)[at % 2].format(at),
         "document": f"d{at // 4}", "date": "2012" if at < 40 else "2023",
         "source": ("CASS", "环球时报")[at // 4 % 2]}
        for at in range(80)
    ]  # fmt: skip
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    write("corpus.jsonl", "".join(lines))
    names = ("competition", "none", "cooperation", "countermeasure")
    coded = [f"u{at},{names[at // 4 % 4]},random" for at in range(0, 80, 2)]
    write("coded.csv", "\n".join(["id,label,design", *coded]) + "\n")
    table = f"said.{ending}"
    asked = ("corpus.jsonl", "--labels", "coded.csv", "--by", "year,source", "-q")

    assert run("classify", "corpus.jsonl", "-q", "-o", table)[0] == 0
    anew = run("prevalence", *asked)
    stored = run("prevalence", *asked, "--predictions", table)

    assert anew[0] == 0
    assert stored == anew


BAD = [
    (said(*GOOD, head=HEAD.replace("p_", "q_")), "has probabilities of no label"),
    (
        said(*GOOD, head=HEAD.replace("seen", "new")),
        "no column 'seen'\n  stance classi",
    ),
    (said(*GOOD, head=HEAD.replace("unit_id", "x")), "no column 'unit_id'"),
    (said(*GOOD[:3], GOOD[0]), "id 'a' stands in two rows\n  ids must be unique"),
    (said(GOOD[0].replace("0.3", "0.5")), "unit 'a' has probabilities that sum to 1.2"),
    (said(GOOD[0].replace("0.3", "")), "unit 'a' has no probability p_con"),
    (said(GOOD[0].replace("0.3", "-0.3")), "unit 'a' has the probability p_con -0.3"),
    (said(GOOD[0].replace("0.3", "1.3")), "unit 'a' has the probability p_con 1.3"),
    (said(GOOD[0].replace("0.3", "inf")), "unit 'a' has the probability p_con inf"),
    (said(GOOD[0].replace("0.7,0.3", ",")), "unit 'a' has no probability p_pro"),
    (said(GOOD[0].replace(",pro", ",por")), "the label 'por', of which there is no"),
    (said(GOOD[0].replace("false,0", ",0")), "unit 'a' has no value for 'seen'"),
    (said(GOOD[0].replace("a,", ",", 1)), "row 1 has no id"),
    (said(GOOD[0].replace("0.3", "much")), "not a table: "),
    (said(GOOD[0] + ",too,many"), "not a table: "),
    (said(), "holds no rows"),
]


@pytest.mark.parametrize(("table", "message"), BAD)
def test_a_bad_table_is_refused(
    run: Run, write: Write, table: str, message: str
) -> None:
    write("said.csv", table)
    write("coded.csv", LABELS)

    code, out, err = run(*ASKED)

    assert (code, out) == (2, "")
    assert message in err


def test_a_hole_in_parquet_is_refused(run: Run, write: Write, tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    write("coded.csv", LABELS)
    columns = {
        "unit_id": ["a", None], "seen": [False, False], "p_pro": [0.5, 0.5],
        "p_con": [0.5, 0.5],
    }  # fmt: skip
    parquet.write_table(arrow.table(columns), tmp_path / "said.parquet")

    code, _, err = run("prevalence", "--predictions", "said.parquet", *ASKED[3:])

    assert code == 2
    assert err == (
        "stance: said.parquet: row 2 has no id\n"
        "  mend the table, or name another column with --id\n"
    )


def test_a_coded_text_that_the_model_has_seen_is_refused(
    run: Run, write: Write
) -> None:
    write("said.csv", said(*GOOD[:3], GOOD[3].replace("false,0", "true,0")))
    write("coded.csv", LABELS)

    code, _, err = run(*ASKED)

    assert code == 2
    assert "unit 'd' and 0 more are predicted by a model that was trained on" in err


@pytest.mark.usefixtures("tables")
def test_the_corpus_must_have_the_units_that_were_classified(
    run: Run, write: Write
) -> None:
    write("corpus.csv", "id,date\na,2012\nb,2012\nc,2023\n")
    less = run("prevalence", "corpus.csv", *ASKED[1:])
    write("corpus.csv", "id,date\na,2012\nb,2012\nc,2023\nd,2023\ne,2023\n")
    more = run("prevalence", "corpus.csv", *ASKED[1:])

    assert (less[0], more[0]) == (2, 2)
    assert "unit 'd' and 0 more are predicted and not in the corpus" in less[2]
    assert "1 units of the corpus are not predicted, such as 'e'" in more[2]


@pytest.mark.usefixtures("tables")
def test_what_a_model_says_is_no_label(run: Run, write: Write) -> None:
    code, _, err = run(
        "prevalence", "--predictions", "said.csv", "--labels", "said.csv"
    )

    assert code == 2
    assert err == (
        "stance: said.csv: its column 'label' is what a model says, beside its "
        "probabilities\n  name the column of the coders with --label\n"
    )


@pytest.mark.usefixtures("tables")
def test_a_label_that_the_model_does_not_know_is_refused(
    run: Run, write: Write
) -> None:
    write("coded.csv", LABELS.replace("con,", "kon,"))

    code, _, err = run(*ASKED)

    assert code == 2
    assert "unit 'b' is coded 'kon', which the model does not know" in err


@pytest.mark.usefixtures("tables")
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--model", "m"], "--model would change nothing with --predictions"),
        (["--cross-fit"], "--cross-fit would change nothing with --predictions"),
        (["--method", "labels"], "--method labels would change nothing with --predi"),
        (["--by", "voice"], "--by voice takes the texts of all units"),
        (["--date", "dat"], "no column 'dat'\n  did you mean 'date'?"),
    ],
)
def test_what_goes_not_with_stored_predictions_is_told(
    run: Run, words: list[str], message: str
) -> None:
    code, _, err = run(*ASKED, *words)

    assert code == 2
    assert message in err


@pytest.mark.usefixtures("tables")
def test_without_labels_nothing_is_measured(run: Run) -> None:
    code, _, err = run("prevalence", "--predictions", "said.csv")

    assert code == 2
    assert "--predictions needs the coded units: --labels" in err


@pytest.mark.usefixtures("tables")
def test_without_pyarrow_is_said_what_to_install(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    code, _, err = run(*ASKED)

    assert code == 2
    assert "read with pyarrow, which is not installed\n  install it with: pip" in err
