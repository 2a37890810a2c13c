"""``stance shift`` and its way from a coded corpus to changes."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stance.cli import main
from stance.coding.predictions import Gold
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


Write = Callable[[str, str | bytes], Path]
World = Callable[..., None]


@pytest.fixture
def world(write: Write, monkeypatch: pytest.MonkeyPatch) -> World:
    """Write ``corpus.csv`` of a simulated world, and let its predictions be found.

    ``biased`` predictions lean to cooperation in the second year alone.
    """

    def made_of(name: str, *, n_coded: int, biased: bool = False) -> None:
        made = simulate(WORLDS[name], n_coded=n_coded, n_documents=20, rng=3)
        units(made.gold, write)
        found = made.predictions
        if biased:
            late = np.array(made.gold.dates) == "2002"
            lean = 0.4 * found.proba + [0.6, 0, 0, 0]
            proba = np.where(late[:, None], lean, found.proba)
            found = replace(found, proba=proba)
        monkeypatch.setattr("stance.cli.measuring.predictions_of", lambda *_: found)

    return made_of


def units(gold: Gold, write: Write, *, name: str = "{}") -> None:
    """Write ``corpus.csv`` of units whose texts have no word in common."""
    lines = ["id,text,document,date,label,design,probability"]
    for at, unit in enumerate(gold.unit_ids):
        text = " ".join(f"w{at}x{word}" for word in range(5))
        label = name.format(gold.labels.names[gold.y[at]])
        drawn = f"{label},random,{gold.probability[at]}" if gold.y[at] >= 0 else ",,"
        lines.append(f"{unit},{text},{gold.documents[at]},{gold.dates[at]},{drawn}")
    write("corpus.csv", "\n".join(lines) + "\n")


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
        (["--contrast", "trend", "--baseline", "2012"], "with --contrast trend"),
        (["--contrast", "adjacent", "--baseline", "2012"], "with --contrast adjacent"),
        (["--contrast", "all", "--baseline", "2012"], "with --contrast all"),
        (["--break", "2017", "--baseline", "2012"], "nothing with --break"),
        (["--terms", "t.csv"], "--terms would change nothing without --cross-fit"),
        (["--cross-fit", "--model", "m"], "--model would change nothing with --cross-"),
        (["--method", "labels", "--model", "m"], "--model would change nothing with"),
        (["--method", "labels", "--cross-fit"], "--cross-fit would change nothing"),
    ],
)
def test_a_wrong_question_is_told(run: Run, words: list[str], message: str) -> None:
    code, out, err = run("shift", "--corpus", SEEDS, "--quiet", *words)

    assert (code, out) == (2, "")
    assert message in err


@pytest.mark.parametrize(
    ("option", "named"),
    [
        (["--plot", "c.svg"], "--plot"),
        (["--alpha", "0.0"], "--alpha"),
        (["--adjust", "max-t"], "--adjust max-t"),
        (["--baseline", "2012"], "--baseline"),
        (["--permute"], "--permute"),
    ],
)
def test_options_that_the_parts_take_no_account_of_are_refused(
    run: Run, option: list[str], named: str
) -> None:
    code, out, err = run("shift", "--parts", "2012", "2023", *option)

    assert (code, out) == (2, "")
    assert err == f"stance: {named} would change nothing with --parts\n"


def test_prevalence_says_whether_the_classifier_errs_alike(
    run: Run, world: World
) -> None:
    world("differing-4", n_coded=200)

    _, _, err = run("prevalence", "corpus.csv")
    _, _, quiet = run("prevalence", "corpus.csv", "--quiet")

    assert err.count("does the classifier err alike in each year? F(3, ") == 1
    assert quiet == ""


@pytest.mark.parametrize("verb", ["prevalence", "shift"])
@pytest.mark.parametrize("method", ["cc", "pcc", "acc", "pacc", "emq"])
def test_errors_that_differ_are_warned_of_where_a_method_denies_them(
    run: Run, world: World, verb: str, method: str
) -> None:
    world("equal-4", n_coded=200, biased=True)

    _, _, err = run(verb, "corpus.csv", "--method", method)

    assert (
        "warning: the classifier does not err alike in each year: shares by --method "
        f"{method}, which takes that for granted, are not comparable"
    ) in err
    assert "err alike in each year? F(3, " in err
    assert "p < 0.001; errors differ" in err


def test_errors_that_differ_are_no_warning_where_they_are_corrected(
    run: Run, world: World
) -> None:
    world("equal-4", n_coded=200, biased=True)

    _, _, err = run("prevalence", "corpus.csv")

    assert "errors differ: what corrects" in err
    assert "not comparable" not in err


def test_where_too_few_are_coded_nothing_is_said_of_the_classifier(run: Run) -> None:
    _, _, prevalence = run("prevalence", "--corpus", SEEDS)
    _, _, shift = run("shift", "--corpus", SEEDS)

    assert "err alike" not in prevalence + shift


def test_documents_are_exchanged_where_it_is_asked_for(run: Run, world: World) -> None:
    world("equal-4", n_coded=200)

    code, out, err = run("shift", "corpus.csv", "--permute")
    _, plain, without = run("shift", "corpus.csv")

    said = "are the labels of the coded documents the same in each year? X2 = "
    assert (code, out) == (0, plain)
    assert said in err
    assert "40 documents exchanged 9,999 times" in err
    assert "coded documents" not in without


def test_too_few_documents_to_exchange_is_said_and_no_failure(run: Run) -> None:
    code, out, err = run(
        "shift", "--corpus", SEEDS, "--estimand", "corpus", "--permute", "--quiet"
    )

    assert (code, len(table(out))) == (0, 28)
    assert err == (
        "are the labels of the coded documents the same in each year? no test: year "
        "2012 has 1 coded document: below 4 documents a period no permutation test "
        "reaches 5 %\n"
    )


def test_labels_alone_take_no_classifier_and_any_names(
    run: Run, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a model was loaded")

    monkeypatch.setattr("stance.model.store.load", refuse)
    monkeypatch.setattr("stance.model.store.load_tested", refuse)
    units(
        simulate(WORLDS["equal"], n_coded=60, n_documents=20).gold, write, name="{}之争"
    )

    code, out, err = run("shift", "corpus.csv", "--method", "labels")
    _, shares, _ = run("prevalence", "corpus.csv", "--method", "labels")

    assert code == 0
    assert {row["label"] for row in table(out)} == {
        "competition之争", "cooperation之争", "countermeasure之争"
    }  # fmt: skip
    assert all(
        float(r["low"]) < float(r["change"]) < float(r["high"]) for r in table(out)
    )
    assert {row["classifier_share"] for row in table(shares)} == {""}
    assert "err alike" not in err


def test_shares_of_labels_alone_are_those_that_were_coded(
    run: Run, write: Write
) -> None:
    """All units of a year had one chance to be drawn: shares are plain counts."""
    units(simulate(WORLDS["equal-4"], n_coded=80, n_documents=20).gold, write)

    _, out, _ = run("prevalence", "corpus.csv", "--method", "labels")

    coded = [row for row in table(Path("corpus.csv").read_text()) if row["label"]]
    first = [row["label"] for row in coded if row["date"] == "2001"]
    found = {
        (row["base"], row["label"]): float(row["share"])
        for row in table(out)
        if row["stratum"] == "2001"
    }
    n_framed = len(first) - first.count("none")
    assert found["all", "none"] == pytest.approx(first.count("none") / len(first))
    assert found["framed", "competition"] == pytest.approx(
        first.count("competition") / n_framed
    )


def test_labels_that_the_model_does_not_know_lead_to_other_ways(
    run: Run, write: Write
) -> None:
    units(
        simulate(WORLDS["equal"], n_coded=60, n_documents=20).gold, write, name="{}之争"
    )

    code, _, err = run("prevalence", "corpus.csv")

    assert code == 2
    assert "which the model does not know" in err
    assert "--cross-fit" in err
    assert "--method labels" in err


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
