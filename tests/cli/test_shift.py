"""``stance shift`` and its way from a coded corpus to changes."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from stance.cli import main
from stance.measure.simulate import WORLDS, simulate

SEEDS = str(Path(__file__).parents[2] / "seeds")
Run = Callable[..., tuple[int, str, str]]
TEXTS = (
    "Both sides agreed to expand cooperation and mutual trade, part {}.",
    "美方加强出口管制，遏制中国高科技企业，第{}部分。",
    "The rivals compete for the lead in chips and export bans, part {}.",
)


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a corpus of two years and sources in which 40 units a year are coded."""
    made = simulate(WORLDS["differing"], n_coded=40, n_documents=20, rng=3)
    path = tmp_path_factory.mktemp("coded") / "corpus.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(
            ["id", "text", "document", "date", "source", "label", "design",
             "probability"]
        )  # fmt: skip
        for at, unit in enumerate(made.gold.unit_ids):
            is_coded = made.gold.y[at] >= 0
            label = made.gold.labels.names[made.y[at]] if is_coded else ""
            document = made.gold.documents[at]
            out.writerow(
                [unit, TEXTS[made.y[at]].format(at), document, made.gold.dates[at],
                 ("环球时报", "CASS")[int(document[1:]) % 2], label,
                 made.gold.designs[at], made.gold.probability[at] or ""]
            )  # fmt: skip
    return str(path)


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def crossed(coded: str, *words: str) -> list[str]:
    """Return the words of a run that trains on the coded units of other documents."""
    return ["shift", coded, "--cross-fit", "--jobs", "1", "--level", "0.9", *words]


@pytest.mark.slow
def test_changes_come_from_labels_and_cross_fitted_predictions(
    coded: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(crossed(coded, "--alpha", "0.83"))

    out, err = capsys.readouterr()
    rows = table(out)
    assert code == 0
    assert [row["label"] for row in rows] == [
        "competition",
        "cooperation",
        "countermeasure",
    ]
    assert sum(float(row["change"]) for row in rows) == pytest.approx(0, abs=1e-9)
    assert all(float(r["low"]) < float(r["change"]) < float(r["high"]) for r in rows)
    assert {row["attenuation"] for row in rows} == {repr(0.83**0.5)}
    assert "any change 2001 to 2002 (all units): F(2, " in err
    assert "does the classifier err alike in each year? F(2, " in err


@pytest.mark.slow
def test_the_parts_of_a_change_add_up(
    coded: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(crossed(coded, "--by", "year,source", "--parts", "2001", "2002"))

    rows = table(capsys.readouterr().out)
    total = {r["label"]: float(r["change"]) for r in rows if r["part"] == "total"}
    parts = [
        sum(
            float(r["change"]) for r in rows if r["label"] == k and r["part"] != "total"
        )
        for k in total
    ]
    assert code == 0
    assert parts == pytest.approx(list(total.values()))


def test_the_seeds_support_no_change(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["shift", "--corpus", SEEDS]) == 0

    out, err = capsys.readouterr()
    assert {row["status"] for row in table(out)} == {"one_document"}
    assert {row["p"] for row in table(out)} == {""}
    assert "any change: no test: a stratum has no interval" in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--baseline", "2013"], "2013"),
        (["--break", "2001"], "no stratum lies before the break at '2001'"),
        (["--alpha", "83"], "--alpha 83.0 is no agreement: it is at most 1"),
        (["--by", "document", "--contrast", "trend"], "trend"),
    ],
)
def test_a_wrong_question_is_told(run: Run, words: list[str], message: str) -> None:
    code, out, err = run("shift", "--corpus", SEEDS, "--quiet", *words)

    assert (code, out) == (2, "")
    assert message in err


def test_a_figure_is_written_beside_the_table(run: Run) -> None:
    code, _, _ = run(
        "shift", "--corpus", SEEDS, "--estimand", "corpus", "--plot", "c.svg"
    )

    assert code == 0
    assert Path("c.svg").read_text("utf-8").startswith("<?xml")


def test_a_figure_of_another_kind_is_refused(run: Run) -> None:
    code, out, err = run(
        "prevalence", "--corpus", SEEDS, "--quiet", "--plot", "shares.jpg"
    )

    assert (code, out) == (2, "")
    assert "shares.jpg: a figure is written as .png, .svg or .pdf" in err
