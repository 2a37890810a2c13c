"""``stance arguments``: what is printed, drawn, exported, and refused."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from stance.cli import VERBS
from stance.show.figures.fonts import chinese_font

Run = Callable[..., tuple[int, str, str]]
Write = Callable[[str, str | bytes], Path]

EN = "Sales fell. Both sides should talk. For example, they met in 2021."
ZH = "周柳军表示，双方应当扩大合作。因此，美国应取消关税。"
BILINGUAL = (
    f"{EN}\n\n双方应当对话。\n\nBoth must act now, and soon.\n\n双方必须行动。\n"
)
ROWS = "id,doc,date,source,text,code\nr1,d1,2012,日报,{},pro\nr2,d2,2013,Post,{},con\n"
BY_RULES = "roles, links, voices and acts were found by rules: a help to reading\n"
chinese = pytest.mark.skipif(not chinese_font(), reason="no Chinese font is here")


@pytest.fixture(autouse=True)
def _verb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VERBS, "arguments", VERBS.get("arguments", "statements"))


def table(out: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(out, newline="")))


def test_a_sentence_is_a_row_with_its_place(run: Run, write: Write) -> None:
    write("a.txt", f"{EN}\n\n{ZH}\n")
    texts = {"a:p001": EN, "a:p002": ZH}

    code, out, err = run("arguments", "a.txt", "--frames", "none")
    rows = table(out)

    assert code == 0
    assert [(r["unit_id"], r["number"], r["role"], r["frame"]) for r in rows] == [
        ("a:p001", "1", "neither", ""),
        ("a:p001", "2", "claim", ""),
        ("a:p001", "3", "premise", ""),
        ("a:p002", "1", "claim", ""),
        ("a:p002", "2", "claim", ""),
    ]
    assert [r["text"] for r in rows] == [
        texts[r["unit_id"]][int(r["start"]) : int(r["end"])] for r in rows
    ]
    assert (rows[3]["voice"], rows[3]["holder"]) == ("reported", "周柳军")
    assert err == (
        "5 sentences in 2 paragraphs of 1 document: 3 claims, 1 premise, "
        f"1 in another's voice\n{BY_RULES}"
    )


def test_the_outline_has_premises_below_claims(run: Run, write: Write) -> None:
    write("a.txt", f"{EN}\n\n{ZH}\n")

    _, out, _ = run("arguments", "a.txt", "--format", "table", "--frames", "none")

    assert out.splitlines() == [
        "a",
        "2 paragraphs, 5 sentences, 3 claims, 1 premise, 1 in another's voice",
        "  p001  1 neither",
        "    ■ 2 + Both sides should talk.",
        "      □ 3 example (For example) For example, they met in 2021.",
        "  p002",
        "    ■ 2 + 因此，美国应取消关税。",
        "      ■ 1 result (因此) + “周柳军: 周柳军表示，双方应当扩大合作。",
    ]


def test_the_frames_of_a_project_are_its_coders(run: Run, tiny: Path) -> None:
    _, out, err = run("arguments")

    frames = {row["unit_id"]: row["frame"] for row in table(out)}
    assert (frames["d0:p001"], frames["d0:p003"], frames["d2:p003"]) == (
        "pro",
        "con",
        "pro",
    )
    assert "\nframes: the adjudicated labels of seeds\n" in err


def test_the_frames_of_other_texts_are_the_model_s(
    run: Run, write: Write, tiny: Path
) -> None:
    write("a.txt", "Both sides agreed to expand trade.\n")

    _, out, err = run("arguments", "a.txt", "--model", "m")

    assert [row["frame"] for row in table(out)] == ["pro"]
    assert "\nframes: model tiny " in err


def test_a_project_and_a_text_have_each_their_frames(
    run: Run, write: Write, tiny: Path
) -> None:
    write("a.txt", "Both sides agreed to expand trade.\n")

    _, out, err = run("arguments", "seeds", "a.txt", "--model", "m")

    assert {row["frame"] for row in table(out)} == {"pro", "con"}
    assert "frames: the adjudicated labels of seeds and model tiny " in err


def test_the_model_says_how_many_paragraphs_it_was_trained_on(
    run: Run, tiny: Path
) -> None:
    _, _, err = run("arguments", "--frames", "model", "--model", "m")

    assert " of its own training texts)\n" in err


def test_a_model_beside_the_labels_of_coders_is_refused(run: Run, tiny: Path) -> None:
    code, _, err = run("arguments", "--model", "m")

    assert code == 2
    assert err == (
        "stance: --model would change nothing where all is coded; take --frames model\n"
    )


def test_a_project_that_nobody_coded_has_the_frames_of_the_model(
    run: Run, tiny: Path
) -> None:
    Path("seeds/codebook.toml").unlink()

    _, _, err = run("arguments", "--model", "m")

    assert "\nframes: model tiny " in err


def test_the_column_of_a_data_file_gives_frames(run: Run, write: Write) -> None:
    write("a.csv", ROWS.format(f'"{EN}"', ZH))

    _, out, err = run("arguments", "a.csv", "--label", "code")
    rows = table(out)

    assert {row["unit_id"]: row["frame"] for row in rows} == {"r1": "pro", "r2": "con"}
    assert [(r["date"], r["source"]) for r in rows[::4]] == [
        ("2012", "日报"),
        ("2013", "Post"),
    ]
    assert "\nframes: the labels given\n" in err


def test_labels_that_are_not_there_are_asked_for(run: Run, write: Write) -> None:
    write("a.txt", EN)

    code, _, err = run("arguments", "a.txt", "--frames", "labels")

    assert code == 2
    assert err == (
        "stance: --frames labels: what was read has no labels\n"
        "  name their column with --label, or take --frames model\n"
    )


def test_standard_input_is_read(run: Run) -> None:
    code, out, _ = run("arguments", "-", "--frames", "none", stdin=ZH)

    assert code == 0
    assert [row["unit_id"] for row in table(out)] == ["stdin:p001"] * 2


def test_a_text_of_headings_alone_has_no_statements(run: Run, write: Write) -> None:
    write("a.md", "# 前景\n")

    code, out, err = run("arguments", "a.md", "--frames", "none")
    _, shown, _ = run("arguments", "a.md", "--format", "table", "--frames", "none")

    assert code == 0
    assert out.startswith("document_id,unit_id,number,")
    assert table(out) == []
    assert shown == ""
    assert err.startswith("0 sentences in 0 paragraphs of 1 document: 0 claims")


def test_an_empty_text_is_refused(run: Run, write: Write) -> None:
    write("a.txt", "\n")

    assert run("arguments", "a.txt")[::2] == (2, "stance: a.txt: is empty\n")


def test_documents_are_chosen_by_id(run: Run, tiny: Path) -> None:
    _, out, _ = run("arguments", "--select", "d2", "--select", "d1")

    assert list(dict.fromkeys(row["document_id"] for row in table(out))) == ["d1", "d2"]


def test_an_unknown_document_is_named_with_the_nearest(run: Run, tiny: Path) -> None:
    code, out, err = run("arguments", "--select", "d22")

    assert (code, out) == (2, "")
    assert err == (
        "stance: --select: no document is 'd22'\n"
        "  did you mean 'd2'? documents: d0, d1, d2, d3\n"
    )


def test_a_document_is_not_chosen_by_the_name_of_a_column(run: Run, tiny: Path) -> None:
    code, _, err = run("arguments", "--document", "d2")

    assert code == 2
    assert err == (
        "stance: --document names a column of a data file, and none was read\n"
        "  to choose a document, take --select d2\n"
    )


def test_the_column_of_the_document_may_be_named(run: Run, write: Write) -> None:
    write("a.csv", "讲话,text\nx,They met.\nx,They left.\ny,双方会谈。\n")
    options = ["--document", "讲话", "--select", "x", "--frames", "none"]

    _, out, _ = run("arguments", "a.csv", *options)

    assert [row["document_id"] for row in table(out)] == ["x", "x"]


def test_of_many_documents_the_nearest_are_listed(run: Run, write: Write) -> None:
    lines = "".join(f"doc{n:03},They met.\n" for n in range(100))
    write("a.csv", f"doc,text\n{lines}")

    _, _, err = run("arguments", "a.csv", "--select", "doc0999")

    assert "did you mean 'doc099'?" in err
    assert err.count("doc") == 2 + 1 + 1 + 12


def test_actors_of_one_s_own_are_found(run: Run, write: Write) -> None:
    write("a.txt", "Wakanda should cooperate with 泽尼亚.")
    write("who.csv", "actor,language,form\nWakanda,en,Wakanda\nZenia,zh,泽尼亚\n")

    _, out, _ = run("arguments", "a.txt", "--actors", "who.csv", "--frames", "none")

    assert [(row["actor"], row["target"]) for row in table(out)] == [
        ("Wakanda", "Zenia")
    ]


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("actor,language,form\nUS,en\n", "who.csv:2: 2 cells, but 3 columns"),
        ("actor,language,form\nUS,en,-\n", "who.csv:2: form '-' does not begin"),
        ("name,form\nUS,U.S.\n", "who.csv:1: the columns are name, form"),
    ],
)
def test_an_actors_file_that_is_wrong_is_refused_with_its_line(
    run: Run, write: Write, content: str, place: str
) -> None:
    write("a.txt", EN)
    write("who.csv", content)

    code, out, err = run("arguments", "a.txt", "--actors", "who.csv")

    assert (code, out) == (2, "")
    assert place in err


def test_the_map_of_one_document_is_drawn_beside_the_table(
    run: Run, write: Write
) -> None:
    write("a.txt", f"{EN}\n")

    code, out, err = run("arguments", "a.txt", "--map", "a.svg", "--frames", "none")
    first = Path("a.svg").read_bytes()
    run("arguments", "a.txt", "--map", "a.svg", "--frames", "none")

    assert code == 0
    assert len(table(out)) == 3
    assert first.startswith(b"<?xml")
    assert Path("a.svg").read_bytes() == first
    assert err.endswith("map: a.svg\n")


def width_of(path: str) -> int:
    """Return how many pixels a PNG is wide."""
    return int.from_bytes(Path(path).read_bytes()[16:20], "big")


@chinese
def test_a_bilingual_document_is_drawn_side_by_side(run: Run, write: Write) -> None:
    write("a.txt", BILINGUAL)
    write("b.txt", f"{EN}\n\n{ZH}\n")

    for name in "ab":
        run("arguments", f"{name}.txt", "--map", f"{name}.png", "--frames", "none")

    assert (width_of("a.png"), width_of("b.png")) == (1800, 1050)


def test_a_bilingual_document_is_said_to_be_one(run: Run, write: Write) -> None:
    write("a.txt", BILINGUAL)

    _, _, err = run("arguments", "a.txt", "--frames", "none")

    assert "of twins, the same in two languages, both are there: count one\n" in err


def test_a_map_of_a_document_without_statements_is_drawn(
    run: Run, write: Write
) -> None:
    write("a.md", "# Outlook\n")

    code, _, _ = run("arguments", "a.md", "--map", "a.pdf", "--frames", "none")

    assert code == 0
    assert Path("a.pdf").read_bytes().startswith(b"%PDF")


def test_a_map_of_several_documents_is_refused(run: Run, tiny: Path) -> None:
    code, out, err = run("arguments", "--map", "a.svg")

    assert (code, out) == (2, "")
    assert err == (
        "stance: --map draws one document, and 4 were read\n"
        "  choose one with --select: d0, d1, d2, d3\n"
    )
    assert not Path("a.svg").exists()


def test_a_map_is_drawn_in_no_other_format(run: Run) -> None:
    code, out, err = run("arguments", "none.txt", "--map", "a.jpg")

    assert (code, out) == (2, "")
    assert err == (
        "stance: a.jpg: a figure is written as .png, .svg or .pdf\n"
        "  name the file with one of these endings\n"
    )


def test_more_frames_than_a_map_tells_apart_are_refused(run: Run, write: Write) -> None:
    lines = "".join(f"d,They met on day {n}.,f{n}\n" for n in range(60))
    write("a.csv", f"doc,text,label\n{lines}")

    code, _, err = run("arguments", "a.csv", "--frames", "labels", "--map", "a.svg")

    assert code == 2
    assert err == (
        "stance: --map: 60 labels; a figure tells 56 apart at most\n"
        "  take --frames none\n"
    )


def test_the_rows_for_dna_count_from_the_beginning_of_the_document(
    run: Run, write: Write
) -> None:
    text = f"{EN}\n\nWang Yi said that China will cooperate with Japan.\n"
    write("a.txt", text)

    _, out, _ = run("arguments", "a.txt", "--export", "rdna", "--frames", "none")
    (row,) = [row for row in table(out) if row["person"]]

    assert (row["document_id"], row["person"], row["concept"], row["agreement"]) == (
        "a",
        "Wang Yi",
        "Japan",
        "1",
    )
    assert text[int(row["start"]) : int(row["stop"])] == row["text"]


def test_a_data_file_does_not_tell_where_a_paragraph_begins(
    run: Run, write: Write
) -> None:
    write(
        "a.csv", ROWS.format("China will cooperate with Japan.", "中国反对制裁伊朗。")
    )

    _, out, _ = run("arguments", "a.csv", "--export", "rdna", "--label", "code")

    assert [(row["document_id"], row["start"]) for row in table(out)][:1] == [
        ("r1", "0")
    ]


def test_the_graph_is_json_in_both_languages(run: Run, write: Write) -> None:
    write("a.txt", f"{EN}\n\n{ZH}\n")

    options = ["--export", "xaif", "--frames", "none", "-o", "a.json"]
    code, out, _ = run("arguments", "a.txt", *options)
    graph = json.loads(Path("a.json").read_text(encoding="utf-8"))["AIF"]

    assert (code, out) == (0, "")
    assert [node["type"] for node in graph["nodes"]].count("RA") == 2
    assert "周柳军" in Path("a.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--frames", "none", "--model", "m"], "--model would change nothing"),
        (["--frames", "model", "--label", "c"], "--label would change nothing"),
        (["--label", "c", "--model", "m"], "--model would change nothing with --label"),
        (["--export", "xaif", "--format", "csv"], "--format would change nothing"),
    ],
)
def test_options_that_change_nothing_are_refused(
    run: Run, write: Write, options: list[str], said: str
) -> None:
    write("a.txt", EN)

    code, _, err = run("arguments", "a.txt", *options)

    assert code == 2
    assert said in err


def test_quiet_says_nothing(run: Run, write: Write) -> None:
    write("a.txt", EN)

    assert run("arguments", "a.txt", "--frames", "none", "-q")[2] == ""


def test_nothing_heavy_is_imported_without_frames_and_map(write: Write) -> None:
    write("a.txt", EN)
    code = (
        "import sys; from stance.cli import VERBS, main; VERBS['arguments'] = 'x';"
        "main(['arguments', 'a.txt', '--frames', 'none', '-q']);"
        "heavy = {'matplotlib', 'sklearn', 'scipy', 'rich', 'pandas'};"
        "print(sorted(heavy & set(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip

    assert done.stdout.splitlines()[-1] == "[]"


def test_an_actor_that_is_not_known_is_refused_with_the_nearest(
    run: Run, write: Write
) -> None:
    write("a.txt", f"{EN}\n")

    code, out, err = run("arguments", "a.txt", "--between", "Japn", "EU")

    assert (code, out) == (2, "")
    assert "--between: no actor is 'Japn'\n  did you mean 'Japan'?" in err
