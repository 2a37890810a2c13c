"""``stance check``: the answer is 0 or 1; what cannot be read at all is 2."""

import csv
import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]
Edit = Callable[[str, str, str], None]

UNKNOWN = (
    "stance: seeds/annotations/coder-a.jsonl:{}: label 'competiton' is not in "
    "codebook 'us-china-tech' 1.0\n"
    "  did you mean 'competition'? labels: cooperation, competition, countermeasure, "
    "none\n"
)


@pytest.fixture
def no_training(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where anything is trained."""

    def fail(*_: object, **__: object) -> None:
        raise AssertionError("it trained")

    monkeypatch.setattr("stance.model.train._cross_fit", fail)


def rows_of(out: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(out, newline="")))


def bytes_of(folder: str) -> dict[Path, bytes]:
    return {p: p.read_bytes() for p in sorted(Path(folder).rglob("*")) if p.is_file()}


@pytest.fixture
def edit(project: Path) -> Edit:
    """Replace the first occurrence of a string in a file of the project."""

    def call(name: str, old: str, new: str) -> None:
        path = project / name
        raw = path.read_bytes()
        assert old.encode() in raw
        path.write_bytes(raw.replace(old.encode(), new.encode(), 1))

    return call


def line_of(path: Path, string: str) -> int:
    """Return the first line of a file that holds a string, from 1."""
    text = path.read_text(encoding="utf-8")
    return text[: text.index(string)].count("\n") + 1


def test_the_seeds_fit_together(run: Run, project: Path) -> None:
    code, out, err = run("check")

    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "all fits together"


def test_an_unknown_label_is_a_no_and_the_nearest_is_offered(
    run: Run, project: Path, edit: Edit
) -> None:
    edit("annotations/coder-a.jsonl", '"competition"', '"competiton"')
    line = line_of(project / "annotations" / "coder-a.jsonl", "competiton")

    code, _, err = run("check")

    assert (code, err) == (1, UNKNOWN.format(line))


def test_one_problem_is_counted_in_the_singular(run: Run, edit: Edit) -> None:
    edit("annotations/coder-a.jsonl", '"competition"', '"competiton"')

    _, out, _ = run("check")

    assert out.splitlines()[-1] == "1 problem"


@pytest.mark.parametrize(
    "words",
    [["train", "--output", "m"], ["agree"], ["evaluate", "--split", "document"]],
    ids=["train", "agree", "evaluate"],
)
def test_work_on_an_unknown_label_is_refused(
    run: Run, project: Path, edit: Edit, words: list[str]
) -> None:
    edit("annotations/coder-a.jsonl", '"competition"', '"competiton"')
    line = line_of(project / "annotations" / "coder-a.jsonl", "competiton")

    code, out, err = run(*words)

    assert (code, out, err) == (2, "", UNKNOWN.format(line))
    assert not Path("m").exists()


def test_a_text_changed_since_it_was_coded_is_a_no(
    run: Run, project: Path, edit: Edit
) -> None:
    path = project / "annotations" / "coder-a.jsonl"
    digest = path.read_text(encoding="utf-8").split('"digest": "')[1][:64]
    edit("annotations/coder-a.jsonl", digest, "0" * 64)

    code, _, err = run("check")

    assert (code, err) == (
        1,
        "stance: seeds/annotations/coder-a.jsonl:1: paragraph 'cass-2015:p001' has "
        "changed since it was coded\n"
        f"  the coder saw text 000000…, the corpus now has {digest[:6]}…; recode it, "
        "or restore the text\n",
    )


def test_a_label_for_no_paragraph_is_a_no(run: Run, edit: Edit) -> None:
    edit("annotations/coder-a.jsonl", "cass-2015:p001", "cas-2015:p001")

    code, _, err = run("check")

    assert (code, err) == (
        1,
        "stance: seeds/annotations/coder-a.jsonl:1: paragraph 'cas-2015:p001' is not "
        "in the corpus\n"
        "  did you mean 'cass-2015'? choices: chinadaily-2012, cass-2015, "
        "globaltimes-2017, gu-liu-2022, raimondo-2023\n",
    )


@pytest.mark.parametrize("words", [["check"], ["read", "seeds"], ["classify", "seeds"]])
def test_a_changed_seed_text_is_refused(run: Run, edit: Edit, words: list[str]) -> None:
    edit("texts/gu-liu-2022.txt", "中国", "中國")

    code, _, err = run(*words)

    assert code == 2
    assert err.startswith(
        "stance: seeds/corpus.toml: document 'gu-liu-2022': sha256 does not match "
        "seeds/texts/gu-liu-2022.txt\n  expected 7f56f0ca3df9…, found "
    )
    assert err.endswith(
        "…; source texts are never edited, restore the file from version control\n"
    )


def test_a_manifest_entry_without_a_field_is_refused(run: Run, edit: Edit) -> None:
    edit("corpus.toml", "title = ", "note = ")

    code, _, err = run("check")

    assert (code, err) == (
        2,
        "stance: seeds/corpus.toml: document 'chinadaily-2012' has no 'title'\n"
        "  required: id, title, date, language, file, sha256; optional: publisher, "
        "author, translated, genre, rights, note, encoding\n",
    )


def test_a_label_file_cut_off_in_its_last_line_is_read_with_a_warning(
    run: Run, project: Path
) -> None:
    path = project / "annotations" / "coder-a.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines)[:-20], encoding="utf-8")

    code, _, err = run("check")

    assert (code, err) == (
        0,
        f"stance: warning: seeds/annotations/coder-a.jsonl:{len(lines)}: the last line "
        "was cut off and is left out\n",
    )


def test_a_label_file_that_is_not_json_is_refused(run: Run, edit: Edit) -> None:
    edit("annotations/coder-b.jsonl", '{"event"', '"event"')

    code, _, err = run("check")

    assert (code, err) == (
        2,
        "stance: seeds/annotations/coder-b.jsonl:1: not JSON\n"
        "  a label file holds one JSON object a line\n",
    )


@pytest.mark.parametrize(
    "words",
    [
        ["check"],
        ["check", "--labels"],
        ["agree"],
        ["train"],
        ["evaluate", "--split", "document"],
    ],
    ids=" ".join,
)
def test_a_folder_that_is_no_project_is_refused_with_what_to_do(
    run: Run, words: list[str]
) -> None:
    code, _, err = run(*words)

    assert (code, err) == (
        2,
        "stance: seeds/corpus.toml: no such file\n"
        "  name the project's folder with --corpus\n",
    )


def test_a_variable_that_the_codebook_lacks_is_refused(run: Run, project: Path) -> None:
    code, _, err = run("agree", "--variable", "fram")

    assert (code, err) == (
        2,
        "stance: variable 'fram' is not in codebook 'us-china-tech' 1.0\n"
        "  did you mean 'frame'? choices: frame, secondary, kind, actor, confidence\n",
    )


@pytest.mark.parametrize(("floor", "code"), [("0.5", 0), ("0.999", 1)])
def test_agreement_below_the_floor_is_a_no(
    run: Run, project: Path, floor: str, code: int
) -> None:
    answer, _, _ = run("agree", "--floor", floor)

    assert answer == code


def test_disputes_are_as_many_as_the_note_says(run: Run, project: Path) -> None:
    _, listed, _ = run("agree", "--disputes")
    _, _, note = run("agree")

    assert note.split()[0] == str(len(listed.splitlines()) - 1)


def test_quiet_agreement_says_nothing_on_stderr(run: Run, project: Path) -> None:
    _, out, err = run("agree", "-q")

    assert out.startswith("variable,label,alpha,low,high,n_units,")
    assert err == ""


COPY = "The two sides agreed to expand trade in round 0 of the talks."
LONG = (
    "The governors of both provinces met again on Tuesday in order to renew the old "
    "agreement on research into clean water, which had run out in the spring, and to "
    "open a joint laboratory on the river."
)


def add_anchor(name: str, text: str) -> None:
    """Append an anchor to the project in ``seeds``."""
    anchor = {
        "id": name, "language": "en", "label": "pro", "register": f"r-{name}",
        "origin": "composed", "text": text,
    }  # fmt: skip
    with Path("seeds/anchors.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(anchor) + "\n")


def test_a_text_that_stands_twice_is_listed_and_still_fits(
    run: Run, tiny: Path
) -> None:
    add_anchor("a-1", COPY)

    code, out, err = run("check")

    assert (code, err) == (0, "")
    assert out.splitlines()[0] == (
        "the same text: d0:p001, a-1 (one group in every split)"
    )


def test_white_space_and_case_do_not_hide_a_copy(run: Run, tiny: Path) -> None:
    add_anchor("a-1", COPY.upper().replace(" ", "  "))

    _, out, _ = run("check")

    assert out.splitlines()[0] == (
        "the same text: d0:p001, a-1 (one group in every split)"
    )


def test_a_near_duplicate_is_listed_with_how_alike_it_is(run: Run, tiny: Path) -> None:
    add_anchor("a-1", LONG)
    add_anchor("a-2", LONG.replace("Tuesday", "Monday"))

    _, out, _ = run("check")

    # 41 words and two at each end make 41 runs of three; one word is in three.
    n = len(LONG.split()) + 2
    assert out.splitlines()[0] == (
        f"nearly the same text ({(n - 3) / (n + 3):.2f}): a-1, a-2 "
        "(one group in every split)"
    )


def test_a_copy_within_the_corpus_is_listed(run: Run, tiny: Path) -> None:
    path, manifest = Path("seeds/texts/d1.txt"), Path("seeds/corpus.toml")
    before = path.read_bytes()
    after = before + b"\n" + COPY.encode() + b"\n"
    path.write_bytes(after)
    text = manifest.read_text(encoding="utf-8")
    old, new = (hashlib.sha256(raw).hexdigest() for raw in (before, after))
    manifest.write_text(text.replace(old, new), encoding="utf-8")

    code, out, _ = run("check")

    assert code == 0
    assert out.splitlines()[0] == (
        "the same text: d0:p001, d1:p007 (one group in every split)"
    )


def test_without_copies_none_is_listed(run: Run, tiny: Path) -> None:
    _, out, _ = run("check")

    assert "the same text" not in out


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (["-o", "a.csv"], "--output"),
        (["--format", "csv"], "--format"),
        (["--digits", "3"], "--digits"),
        (["--model", "m"], "--model"),
    ],
    ids=["output", "format", "digits", "model"],
)
def test_what_is_for_the_list_of_labels_is_refused_without_it(
    run: Run, tiny: Path, words: list[str], option: str
) -> None:
    code, out, err = run("check", *words)

    assert (code, out, err) == (
        2,
        "",
        f"stance: {option} needs --labels: a plain check prints lines, not records\n"
        "  leave it out, or list doubtful labels with stance check --labels\n",
    )
    assert not Path("a.csv").exists()


def test_doubtful_labels_are_rows_with_the_votes(
    run: Run, tiny: Path, no_training: None
) -> None:
    code, out, err = run("check", "--labels", "--model", "m")
    rows = rows_of(out)

    assert code == 0
    assert list(rows[0]) == [
        "rank", "unit_id", "document_id", "gold", "predicted", "p_gold",
        "p_predicted", "margin", "votes",
    ]  # fmt: skip
    assert [
        (r["rank"], r["unit_id"], r["gold"], r["predicted"], r["votes"]) for r in rows
    ] == [("1", "d2:p003", "pro", "con", "pro 2")]
    assert err == (
        "1 of 24 gold labels are contradicted; read the paragraph and the rule before "
        "you change one\n"
    )


def test_doubts_are_those_of_the_stored_predictions(run: Run, tiny: Path) -> None:
    stored = rows_of(Path("m/predictions.csv").read_text(encoding="utf-8"))
    row = next(r for r in stored if (r["run"], r["unit_id"]) == ("0", "d2:p003"))

    _, out, _ = run("check", "--labels", "--model", "m")
    found = rows_of(out)[0]

    assert (float(found["p_gold"]), float(found["p_predicted"])) == (
        float(row["p_pro"]),
        float(row["p_con"]),
    )
    assert float(found["margin"]) == pytest.approx(
        float(row["p_con"]) - float(row["p_pro"]), abs=1e-12
    )


@pytest.mark.parametrize("words", [["check"], ["check", "--labels", "--model", "m"]])
def test_a_check_changes_no_byte_of_the_project(
    run: Run, tiny: Path, words: list[str]
) -> None:
    before = bytes_of(".")

    run(*words)

    assert bytes_of(".") == before


def test_quiet_doubts_say_nothing_on_stderr(run: Run, tiny: Path) -> None:
    code, out, err = run("check", "--labels", "--model", "m", "-q")

    assert (code, len(rows_of(out)), err) == (0, 1, "")


def test_doubts_go_to_a_file_as_records(run: Run, tiny: Path) -> None:
    words = ["--labels", "--model", "m", "-o", "doubts.jsonl"]

    code, out, _ = run("check", *words)
    record = json.loads(Path("doubts.jsonl").read_text(encoding="utf-8"))

    assert (code, out) == (0, "")
    assert (record["unit_id"], record["votes"]) == ("d2:p003", "pro 2")


def test_a_model_of_other_labels_is_said_to_be_of_no_use(
    run: Run, tiny: Path, panel: Path, few_settings: None
) -> None:
    _, expected, _ = run("check", "--labels", "--model", "m")

    code, out, err = run("check", "--labels", "--model", "p", "--jobs", "1")

    assert (code, out) == (0, expected)
    assert err.splitlines()[0] == (
        "stance: warning: p: was not trained on the labels of seeds; they are "
        "predicted anew, without it"
    )


def test_the_shipped_model_serves_where_it_was_trained_on_these_labels(
    run: Run, project: Path, no_training: None
) -> None:
    code, out, _ = run("check", "--labels")

    assert code == 0
    assert {row["gold"] == row["predicted"] for row in rows_of(out)} == {False}


def test_labels_that_do_not_fit_are_not_listed_but_refused(
    run: Run, edit: Edit, project: Path
) -> None:
    edit("annotations/coder-a.jsonl", '"competition"', '"competiton"')
    line = line_of(project / "annotations" / "coder-a.jsonl", "competiton")

    code, out, err = run("check", "--labels")

    assert (code, out, err) == (2, "", UNKNOWN.format(line))
