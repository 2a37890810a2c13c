"""``stance classify``: the output record that others rely on."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]
Write = Callable[[str, str | bytes], Path]

EN = "Both sides agreed to expand cooperation and to ease the export controls."
ZH = "双方同意扩大科技合作，反对技术脱钩与出口管制。"
MIXED = "双方 agreed to expand 科技合作 “win-win”，反对脱钩 decoupling。"
COLUMNS = [
    "unit_id",
    "document_id",
    "kind",
    "language",
    "label",
    "abstained",
    "seen",
    "p_cooperation",
    "p_competition",
    "p_countermeasure",
    "p_none",
    "evidence",
]


def rows_of(out: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(out, newline="")))


def records_of(out: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.splitlines()]


def test_columns_are_those_promised_with_labels_in_codebook_order(run: Run) -> None:
    code, out, _ = run("classify", "-", stdin=f"{EN}\n\n{ZH}\n")

    assert code == 0
    assert out.splitlines()[0].split(",") == COLUMNS


def test_json_lines_have_the_same_columns(run: Run) -> None:
    _, out, _ = run("classify", "-", "--format", "jsonl", stdin=f"{EN}\n\n{ZH}\n")

    assert [list(record) for record in records_of(out)] == [COLUMNS, COLUMNS]


def test_the_label_is_the_likeliest_and_probabilities_sum_to_one(run: Run) -> None:
    _, out, _ = run("classify", "-", stdin=f"{EN}\n\n{ZH}\n")
    rows = rows_of(out)
    proba = [{n: float(row[n]) for n in COLUMNS[7:11]} for row in rows]

    assert [sum(p.values()) for p in proba] == pytest.approx([1, 1], abs=1e-12)
    assert [max(p, key=p.__getitem__) for p in proba] == [
        f"p_{row['label']}" for row in rows
    ]


def test_standard_input_is_segmented_like_a_file(run: Run, write: Write) -> None:
    write("stdin.txt", f"A heading\n\n{EN}\n\n{ZH}\n")

    _, piped, _ = run("classify", "-", stdin=f"A heading\n\n{EN}\n\n{ZH}\n")
    _, filed, _ = run("classify", "stdin.txt")

    assert piped == filed


def test_lines_of_standard_input_are_units(run: Run) -> None:
    _, out, _ = run("classify", "-", "--lines", stdin=f"A heading\n{EN}\n\n{ZH}\n")

    assert [(row["unit_id"], row["kind"], row["language"]) for row in rows_of(out)] == [
        ("stdin:p001", "body", "en"),
        ("stdin:p002", "body", "en"),
        ("stdin:p003", "body", "zh"),
    ]


@pytest.mark.parametrize(
    ("form", "data"),
    [
        ("jsonl", f'{{"id": "a", "text": "{EN}"}}\n{{"id": "b", "text": "{ZH}"}}\n'),
        ("csv", f"id,text\na,{EN}\nb,{ZH}\n"),
        ("tsv", f"id\ttext\na\t{EN}\nb\t{ZH}\n"),
    ],
)
def test_standard_input_may_hold_records(run: Run, form: str, data: str) -> None:
    _, out, _ = run("classify", "-", "--input-format", form, stdin=data)

    assert [(r["unit_id"], r["document_id"], r["language"]) for r in rows_of(out)] == [
        ("a", "a", "en"),
        ("b", "b", "zh"),
    ]


def test_columns_of_a_data_file_may_have_other_names(run: Run, write: Write) -> None:
    write("a.csv", f"nr,正文,speech\n7,{ZH},s1\n8,{EN},s1\n")

    _, out, _ = run(
        "classify", "a.csv", "--text", "正文", "--id", "nr", "--document", "speech"
    )

    assert [(row["unit_id"], row["document_id"]) for row in rows_of(out)] == [
        ("7", "s1"),
        ("8", "s1"),
    ]


@pytest.mark.parametrize("text", [EN, ZH, MIXED], ids=["English", "Chinese", "mixed"])
def test_evidence_in_json_slices_the_text(run: Run, text: str) -> None:
    _, out, _ = run("classify", "-", "--lines", "--format", "jsonl", stdin=f"{text}\n")
    evidence = json.loads(out)["evidence"]

    assert {tuple(item) for item in evidence} == {("term", "weight", "start", "end")}
    assert [text[item["start"] : item["end"]] for item in evidence] == [
        item["term"] for item in evidence
    ]


def test_evidence_is_heaviest_first_and_speaks_for_the_label(run: Run) -> None:
    _, out, _ = run("classify", "-", "--lines", "--format", "jsonl", stdin=f"{ZH}\n")
    weights = [item["weight"] for item in json.loads(out)["evidence"]]

    assert weights == sorted(weights, reverse=True)
    assert min(weights) > 0


@pytest.mark.parametrize("text", [EN, ZH, MIXED], ids=["English", "Chinese", "mixed"])
def test_evidence_in_csv_is_the_terms_joined(run: Run, text: str) -> None:
    _, table, _ = run("classify", "-", "--lines", stdin=text)
    _, lines, _ = run("classify", "-", "--lines", "--format", "jsonl", stdin=text)
    terms = [item["term"] for item in json.loads(lines)["evidence"]]

    assert rows_of(table)[0]["evidence"] == "; ".join(terms)


def test_a_heading_is_listed_with_no_label_and_no_probability(run: Run) -> None:
    _, out, _ = run("classify", "-", stdin=f"1. Export controls\n\n{EN}\n\n{ZH}\n")

    assert list(rows_of(out)[0].values()) == [
        "stdin:p001",
        "stdin",
        "heading",
        "en",
        "",
        "false",
        "false",
        *[""] * 5,
    ]


def test_a_text_of_unknown_words_is_abstained_from(
    run: Run, small_model: Path, write: Write
) -> None:
    write("a.csv", "text\nQuetzalcoatl\n𠀀𠀁\n双方同意\n")

    _, out, _ = run("classify", "a.csv", "--model", "m")

    assert [(row["label"], row["abstained"]) for row in rows_of(out)] == [
        ("", "true"),
        ("", "true"),
        ("pro", "false"),
    ]


def test_a_text_the_model_was_trained_on_is_marked_seen(
    run: Run, small_model: Path, coded: Path
) -> None:
    _, out, err = run("classify", "coded.csv", "--model", "m")

    assert {row["seen"] for row in rows_of(out)} == {"true"}
    assert "\n* 16 of them seen: the model was trained on these very texts" in err


def test_the_note_names_the_model_and_the_honest_figure(
    run: Run, small_model: Path, write: Write
) -> None:
    write("a.txt", f"{EN}\n\n{ZH}\n")

    _, _, err = run("classify", "a.txt", "--model", "m")

    assert "model m " in err
    assert ", 2 paragraphs\n" in err
    assert "how good it is on documents it had not seen (" in err


def test_one_paragraph_is_said_in_the_singular(
    run: Run, small_model: Path, write: Write
) -> None:
    write("a.txt", ZH)

    _, _, err = run("classify", "a.txt", "--model", "m")

    assert ", 1 paragraph\n" in err


def test_quiet_silences_the_note(run: Run, small_model: Path, write: Write) -> None:
    write("a.txt", f"{EN}\n\n{ZH}\n")

    code, _, err = run("classify", "a.txt", "--model", "m", "-q")

    assert (code, err) == (0, "")


@pytest.mark.parametrize("text", ["合", "a", "。", "😀", "\u0301"])
def test_a_paragraph_of_one_character_is_no_error(
    run: Run, small_model: Path, text: str
) -> None:
    code, out, _ = run("classify", "-", "--lines", "--model", "m", stdin=text)

    assert code == 0
    assert len(rows_of(out)) == 1
