"""``stance check``: the answer is 0 or 1; what cannot be read at all is 2."""

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
    [["train", "--output", "m"], ["agree"], ["evaluate"]],
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


@pytest.mark.parametrize("verb", ["check", "agree", "train", "evaluate"])
def test_a_folder_that_is_no_project_is_refused_with_what_to_do(
    run: Run, verb: str
) -> None:
    code, _, err = run(verb)

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
