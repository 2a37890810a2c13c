"""``stance read``: paragraphs with their kind, language, place and twin."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]
Write = Callable[[str, str | bytes], Path]

EN = "Export controls grew stricter last year, and both sides talked about them."
ZH = "去年出口管制更加严格，双方就此举行会谈，并同意继续对话。"
ODD = (
    "\ufeff“Small yard, high fence”：cafe\u0301 talks，双方（２０２３年）同意继续对话。"
)
RUSSIAN = (
    "Экспортный контроль усиливается с каждым годом, и обе страны это хорошо понимают, "
    "поэтому они договорились продолжать переговоры о торговле и технологиях."
)
FRENCH = (
    "Les contrôles des exportations se renforcent chaque année, et les deux pays le "
    "comprennent bien, donc ils ont décidé de poursuivre les négociations commerciales."
)


def rows_of(out: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(out, newline="")))


def test_columns_are_id_kind_language_place_twin_and_text(
    run: Run, write: Write
) -> None:
    write("a.txt", f"{EN}\n\n{ZH}\n")

    code, out, err = run("read", "a.txt")

    assert (code, err) == (0, "")
    assert out == (
        "id,kind,language,start,end,twin,text\n"
        f'a:p001,body,en,0,{len(EN)},,"{EN}"\n'
        f"a:p002,body,zh,{len(EN) + 2},{len(EN) + 2 + len(ZH)},,{ZH}\n"
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_offsets_slice_the_file(run: Run, write: Write, end: str) -> None:
    text = f"{end} {ODD}{end}{end}{ZH}{end}{EN}{end}"
    write("a.txt", text)

    _, out, _ = run("read", "a.txt", "--format", "csv")
    rows = rows_of(out)

    assert [text[int(r["start"]) : int(r["end"])] for r in rows] == [
        r["text"] for r in rows
    ]


def test_offsets_slice_every_seed_text(run: Run, project: Path) -> None:
    names = [f"seeds/texts/{path.name}" for path in (project / "texts").iterdir()]
    texts = {Path(name).stem: Path(name).read_bytes().decode() for name in names}

    _, out, _ = run("read", *names)
    rows = rows_of(out)

    assert len(rows) == 197
    assert [
        texts[r["id"].split(":")[0]][int(r["start"]) : int(r["end"])] for r in rows
    ] == [r["text"] for r in rows]


def test_the_seeds_folder_is_read_by_its_manifest(run: Run, project: Path) -> None:
    (project / "texts" / "another.txt").write_text(EN, encoding="utf-8")

    _, out, _ = run("read", "seeds")
    documents = [row["id"].split(":")[0] for row in rows_of(out)]

    assert list(dict.fromkeys(documents)) == [
        "chinadaily-2012",
        "cass-2015",
        "globaltimes-2017",
        "gu-liu-2022",
        "raimondo-2023",
    ]


def test_twins_name_each_other(run: Run, project: Path) -> None:
    _, out, _ = run("read", "seeds")
    twins = {row["id"]: row["twin"] for row in rows_of(out) if row["twin"]}

    assert twins["gu-liu-2022:p020"] == "gu-liu-2022:p019"
    assert {unit: twins[twin] for unit, twin in twins.items()} == {
        unit: unit for unit in twins
    }


def test_files_of_a_folder_come_in_order_of_their_names(run: Run, write: Write) -> None:
    write("box/b.txt", EN)
    write("box/a.txt", ZH)
    write("box/c.pdf", "not read")

    _, out, _ = run("read", "box")

    assert [row["id"] for row in rows_of(out)] == ["a:p001", "b:p001"]


@pytest.mark.parametrize("source", ["box/A.TXT", "box"])
def test_an_ending_in_capitals_is_read(run: Run, write: Write, source: str) -> None:
    write("box/A.TXT", ZH)
    write("box/b.txt", EN)

    code, out, _ = run("read", source)

    assert (code, rows_of(out)[0]["id"]) == (0, "A:p001")


def test_lines_are_units_where_asked(run: Run, write: Write) -> None:
    write("a.txt", f"{EN}\n\n{ZH}\n合作\n")

    _, out, _ = run("read", "a.txt", "--lines")

    assert [row["text"] for row in rows_of(out)] == [EN, ZH, "合作"]


@pytest.mark.parametrize("text", ["合", "a", "。", "😀"])
def test_a_paragraph_of_one_character_is_read(
    run: Run, write: Write, text: str
) -> None:
    write("a.txt", text)

    code, out, _ = run("read", "a.txt", "-q")

    assert code == 0
    assert [row["text"] for row in rows_of(out)] == [text]


@pytest.mark.parametrize("text", [FRENCH, RUSSIAN], ids=["French", "Russian"])
@pytest.mark.parametrize("verb", ["read", "classify"])
def test_a_third_language_is_warned_of(
    run: Run, write: Write, verb: str, text: str
) -> None:
    write("a.txt", f"{text}\n\n{EN}\n\n{ZH}\n")

    code, _, err = run(verb, "a.txt")

    assert code == 0
    assert err.startswith(
        "stance: warning: a.txt: 1 of 3 paragraphs are neither English nor Chinese, "
        "the first 'a:p001'; their labels are not to be trusted\n"
    )


def test_a_third_language_in_a_data_file_is_warned_of(run: Run, write: Write) -> None:
    write("a.csv", f'text\n"{RUSSIAN}"\n"{EN}"\n')

    code, out, err = run("read", "a.csv")

    assert [row["language"] for row in rows_of(out)] == ["other", "en"]
    assert code == 0
    assert err.startswith("stance: warning: a.csv: ")


def test_gb18030_is_read_with_a_warning(run: Run, write: Write) -> None:
    write("a.txt", f"{ZH}\n".encode("gb18030"))

    code, out, err = run("read", "a.txt")

    assert (code, [row["text"] for row in rows_of(out)]) == (0, [ZH])
    assert err == (
        "stance: warning: a.txt: not UTF-8; read as gb18030; if that is wrong, name "
        "the encoding with --encoding or in the manifest\n"
    )


def test_a_named_encoding_is_read_without_a_warning(run: Run, write: Write) -> None:
    write("a.txt", f"{ZH}\n".encode("gb18030"))

    code, out, err = run("read", "a.txt", "--encoding", "gb18030")

    assert (code, err) == (0, "")
    assert [row["text"] for row in rows_of(out)] == [ZH]


def test_quiet_silences_warnings(run: Run, write: Write) -> None:
    write("a.txt", f"{ZH}\n\n{FRENCH}\n".encode("gb18030"))

    code, _, err = run("read", "a.txt", "-q")

    assert (code, err) == (0, "")


def test_a_warning_is_said_once(run: Run, write: Write) -> None:
    write("a.txt", f"{ZH}\n".encode("gb18030"))

    _, _, err = run("read", "a.txt", "a.txt")

    assert err.count("warning") == 1


def test_a_table_is_for_people_and_shows_control_characters(
    run: Run, write: Write
) -> None:
    write("a.txt", "双方\x1b[31m同意 \u202ebidi\n")

    _, out, _ = run("read", "a.txt", "--format", "table")

    assert "双方␛[31m同意 �bidi" in out
    assert "\x1b" not in out


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_data_formats_keep_every_character(run: Run, write: Write, form: str) -> None:
    text = "双方\x1b[31m同意 \u202ebidi"
    write("a.txt", text)

    _, out, _ = run("read", "a.txt", "--format", form)

    assert text in out.replace("\\u001b", "\x1b")
