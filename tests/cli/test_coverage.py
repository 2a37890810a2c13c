"""``stance classify --coverage``: a label only where the prediction set holds one."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from stance.model.abstain import abstains, prediction_sets, thresholds
from stance.model.store import load_tested

Run = Callable[..., tuple[int, str, str]]
Write = Callable[[str, str | bytes], Path]

TEXTS = """\
text
The two sides agreed to expand trade in round 9 of the talks.
The two sides quarrelled over chips in round 9 of the dispute.
They agreed to expand trade and quarrelled over chips.
双方同意在第9轮会谈后扩大科技合作与交流。
"""
CLASSIFY = ["classify", "a.csv", "--model", "p"]
FEW = (
    "stance: warning: {}: language 'zh': no set can leave out con (6 units), pro (6); "
    "9 a label are needed for coverage 0.9\n"
)


@pytest.fixture(autouse=True)
def _texts(panel: Path, write: Write) -> None:
    write("a.csv", TEXTS)


def rows_of(out: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(out, newline="")))


@pytest.mark.parametrize("coverage", ["0.9", "0.5", "0.99"])
def test_a_label_is_given_exactly_where_the_set_holds_one(
    run: Run, coverage: str
) -> None:
    tested = load_tested("p").tested
    assert tested is not None
    limits = thresholds(
        tested.gold, tested.repeats[0], strata=tested.gold.languages,
        coverage=float(coverage),
    )  # fmt: skip

    _, out, _ = run(*CLASSIFY, "--coverage", coverage)
    rows = rows_of(out)
    proba = np.array([[float(r["p_con"]), float(r["p_pro"])] for r in rows])
    sets = prediction_sets(proba, [r["language"] for r in rows], limits)

    assert [r["abstained"] == "true" for r in rows] == abstains(sets).tolist()
    assert [r["label"] for r in rows] == [
        "" if alone != 1 else ("con", "pro")[int(which)]
        for alone, which in zip(sets.sum(axis=1), sets.argmax(axis=1), strict=True)
    ]


def test_an_abstention_keeps_its_probabilities_and_evidence(run: Run) -> None:
    _, plain, _ = run(*CLASSIFY, "--format", "jsonl")
    _, careful, _ = run(*CLASSIFY, "--format", "jsonl", "--coverage", "0.9")
    before, after = (json.loads(out.splitlines()[3]) for out in (plain, careful))

    assert (after.pop("label"), after.pop("abstained")) == ("", True)
    assert (before.pop("label"), before.pop("abstained")) == ("pro", False)
    assert after == before


def test_without_coverage_everything_known_has_a_label(run: Run) -> None:
    _, out, err = run(*CLASSIFY)

    assert [row["label"] for row in rows_of(out)][::3] == ["pro", "pro"]
    assert "warning" not in err


@pytest.mark.parametrize(
    ("more", "units"),
    [("", "1 paragraph"), ("双方争端再次升级。\n", "2 paragraphs")],
    ids=["one", "two"],
)
def test_a_language_with_too_few_labels_is_warned_of(
    run: Run, write: Write, more: str, units: str
) -> None:
    write("a.csv", TEXTS + more)

    code, _, err = run(*CLASSIFY, "--coverage", "0.9")

    assert (code, err.splitlines(keepends=True)[0]) == (0, FEW.format(units))


def test_a_language_with_labels_enough_is_not_warned_of(run: Run, write: Write) -> None:
    write("a.csv", "\n".join(TEXTS.splitlines()[:-1]))

    _, out, err = run(*CLASSIFY, "--coverage", "0.9")

    assert "warning" not in err
    assert rows_of(out)[0]["label"] == "pro"


@pytest.mark.parametrize("value", ["0", "1", "90", "-0.5", "nan"])
def test_a_coverage_that_is_no_share_is_refused_with_a_hint(
    run: Run, value: str
) -> None:
    code, out, err = run(*CLASSIFY, f"--coverage={value}")

    assert (code, out) == (2, "")
    assert err.endswith(
        f"stance classify: error: argument --coverage: {value} does not lie between 0 "
        "and 1; for 90 per cent write 0.9\n"
    )


def test_a_coverage_that_is_no_number_is_refused(run: Run) -> None:
    code, _, err = run(*CLASSIFY, "--coverage", "most")

    assert code == 2
    assert err.endswith("argument --coverage: invalid share value: 'most'\n")


def test_coverage_needs_the_stored_predictions(run: Run) -> None:
    Path("p/predictions.csv").unlink()

    code, out, err = run(*CLASSIFY, "--coverage", "0.9")

    assert (code, out, err) == (
        2,
        "",
        "stance: p: predictions.csv is missing; it was not loaded\n"
        "  retrain it, or fetch it again from whoever made it\n",
    )


def test_the_table_names_abstentions_and_counts_them(run: Run) -> None:
    _, out, _ = run(*CLASSIFY, "--coverage", "0.9", "--format", "table")
    lines = out.splitlines()
    n = sum("(abstained)" in line for line in lines)

    assert n >= 1
    assert lines[-1].startswith(f"4 units: {4 - n} labelled (")
    assert lines[-1].endswith(f"abstained {n})")


def test_marked_text_shows_the_likeliest_label_of_an_abstention(run: Run) -> None:
    _, out, _ = run(*CLASSIFY, "--coverage", "0.9", "--explain")
    chinese = out.split("\n\n")[-1]

    assert chinese.startswith("a:4  (abstained)  ")
    assert "score of pro " in chinese


def test_terms_of_abstentions_are_left_out(run: Run) -> None:
    _, all_of_them, _ = run(*CLASSIFY, "--moved")
    _, sure, _ = run(*CLASSIFY, "--moved", "--coverage", "0.9")

    assert "a:4" in {row["document_id"] for row in rows_of(all_of_them)}
    assert "a:4" not in {row["document_id"] for row in rows_of(sure)}
