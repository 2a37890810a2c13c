"""``stance prevalence``: statuses, what is left out, what is refused."""

import argparse
import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest

from stance.argument.attribution import VOICES
from stance.argument.statement import statements
from stance.cli import main
from stance.cli.units import add_corpus, read_units
from stance.coding.adjudicate import adjudicate
from stance.corpus.manifest import read_corpus
from stance.corpus.terms import NO_TERMS
from stance.model.project import Project

SEEDS = str(Path(__file__).parents[2] / "seeds")
ENGLISH = "Both sides agreed to expand cooperation and mutual trade, part {}."
CHINESE = "美方加强出口管制，遏制中国高科技企业，第{}部分。"


def corpus(folder: Path, *, n: int = 40, coded: int = 0, **more: object) -> Path:
    """Write units of n / 4 documents in two years; the first ones have labels."""
    path = folder / "corpus.jsonl"
    rows = []
    for at in range(n):
        text, label = (ENGLISH, "cooperation"), (CHINESE, "countermeasure")
        chosen = text if at % 2 else label
        row = {
            "id": f"u{at}",
            "text": chosen[0].format(at),
            "document": f"d{at // 4}",
            "date": "2012" if at < n // 2 else "2023",
            **more,
        }
        if at % (n // coded if coded else n + 1) == 0 and coded:
            names = ("competition", "none", "cooperation", "countermeasure")
            row["label"] = names[(at // 4) % 4]
        rows.append(row)
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_seeds_have_one_document_a_year(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["prevalence", "--corpus", SEEDS])

    out, err = capsys.readouterr()
    rows = table(out)
    assert code == 0
    assert {row["status"] for row in rows} == {"one_document"}
    assert {row["low"] for row in rows} == {""}
    assert "one document: its own share, which says nothing of others" in err


def test_the_seeds_as_a_corpus_are_exact(capsys: pytest.CaptureFixture[str]) -> None:
    """Counted by hand: one cooperation paragraph of 17 in the report of 2012."""
    main(["prevalence", "--corpus", SEEDS, "--estimand", "corpus"])

    first = table(capsys.readouterr().out)[0]
    assert (first["stratum"], first["label"]) == ("2012", "cooperation")
    assert float(first["share"]) == pytest.approx(1 / 17)
    assert first["low"] == first["high"] == first["share"]


def voiced(folder: Path, *labels: str) -> Path:
    """Write a document a label, with an own, a reported and a quoted sentence."""
    path = folder / "voiced.jsonl"
    text = (
        "Both sides agreed to expand trade, part {0}. Zhou said that exports will "
        "grow. 他说：“合作是中美双方唯一正确的选择。”"
    )
    rows = [
        {"id": f"u{at}", "text": text.format(at), "document": f"d{at}", "date": "2012",
         "label": label, "design": "random" if label else ""}
        for at, label in enumerate(labels)
    ]  # fmt: skip
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def test_by_voice_the_sentence_is_the_unit(
    capsys: pytest.CaptureFixture[str], seeds: Project
) -> None:
    """The oracle is the statement table: counted, with no estimator between."""
    frames = adjudicate(seeds.annotations, variable="frame")
    label = {row.unit_id: row.label for row in frames}
    units = [u for u in seeds.corpus.paragraphs if not (u.twin and u.language == "zh")]
    rows = statements(units, terms=NO_TERMS, frames=label)
    n = Counter(row.voice for row in rows)
    n_of = Counter((row.voice, row.frame) for row in rows)

    code = main(
        ["prevalence", "--corpus", SEEDS, "--by", "voice", "--estimand", "corpus"]
    )

    found = [row for row in table(capsys.readouterr().out) if row["base"] == "all"]
    assert code == 0
    assert list(dict.fromkeys(row["stratum"] for row in found)) == [
        voice for voice in VOICES if n[voice]
    ]
    assert [int(row["n_units"]) for row in found] == [n[r["stratum"]] for r in found]
    assert [float(row["share"]) for row in found] == pytest.approx(
        [n_of[row["stratum"], row["label"]] / n[row["stratum"]] for row in found]
    )


def test_a_census_stays_one_by_voice(capsys: pytest.CaptureFixture[str]) -> None:
    main(["prevalence", "--corpus", SEEDS, "--by", "voice", "--estimand", "corpus"])

    for row in table(capsys.readouterr().out):
        assert row["low"] == row["high"] == row["share"]


@pytest.mark.parametrize("by", ["voice,year", "source,voice"])
def test_voice_is_crossed_with_nothing(
    by: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["prevalence", "--by", by]) == 2
    assert (
        f"units are not reported by '{by}': voice is crossed with nothing\n"
        "  by voice alone, or without it"
    ) in capsys.readouterr().err


def test_voice_is_a_choice_of_shares_alone(capsys: pytest.CaptureFixture[str]) -> None:
    main(["shift", "--by", "voise"])
    assert "did you mean 'voice'?" in capsys.readouterr().err

    assert main(["keyness", "--by", "voice", "--focus", "own"]) == 2
    assert "units are not reported by 'voice'" in capsys.readouterr().err


def test_by_voice_documents_are_what_varies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each document has each voice, and one label: all voices have one interval."""
    labels = ["con", "pro"] * 5 + [""]
    path = voiced(tmp_path, *labels)

    main(["prevalence", str(path), "--by", "voice", "--method", "labels", "--quiet"])

    found = table(capsys.readouterr().out)
    rows = {(row["share"], row["low"], row["high"], row["df"]) for row in found}
    assert [row["stratum"] for row in found[::2]] == ["own", "reported", "quoted"]
    assert {row["n_coded"] for row in found} == {"10"}
    assert {row["n_units"] for row in found} == {"11"}
    assert len({row["low"] for row in found}) == 1
    assert {share for share, *_ in rows} == {"0.5"}


def test_a_drawn_corpus_has_no_shares_of_its_own_by_voice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = voiced(tmp_path, "con", "pro", "con", "")
    words = ["prevalence", str(path), "--by", "voice", "--method", "labels"]

    assert main([*words, "--estimand", "corpus"]) == 2
    assert "1 units are not coded: how shares by voice vary" in capsys.readouterr().err


def test_voices_are_compared_with_the_own(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["shift", "--corpus", SEEDS, "--by", "voice", "--estimand", "corpus"])

    found = table(capsys.readouterr().out)
    assert code == 0
    assert {row["before"] for row in found} == {"own"}
    assert {"reported", "quoted"} <= {row["after"] for row in found} <= set(VOICES)


def test_voices_have_no_test_of_documents_that_change_places(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["shift", "--corpus", SEEDS, "--by", "voice", "--permute"]

    assert main(words) == 0
    assert "are the labels of the coded documents the same in each voice? no test" in (
        capsys.readouterr().err
    )


def test_labels_of_unknown_draw_are_of_convenience(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = corpus(tmp_path, coded=20)

    assert main(["prevalence", str(path)]) == 0

    out, err = capsys.readouterr()
    assert {row["status"] for row in table(out)} == {"convenience"}
    assert "coded units not drawn at random" in err


def test_labels_stand_in_a_file_of_their_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    units = corpus(tmp_path)
    labels = tmp_path / "coded.csv"
    rows = [
        ("elsewhere1", ENGLISH.format(1), "cooperation"),
        ("elsewhere2", CHINESE.format(24), "countermeasure"),
        ("elsewhere3", CHINESE.format(4), "competition"),
        ("elsewhere4", CHINESE.format(30), "none"),
    ]
    with labels.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "text", "label"), *rows])

    code = main(["prevalence", str(units), "--labels", str(labels), "--quiet"])

    first = table(capsys.readouterr().out)[0]
    assert code == 0
    assert (first["n_coded"], first["n_units"]) == ("2", "20")


def test_ids_that_stand_in_two_files_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = corpus(tmp_path, coded=20)
    two = tmp_path / "two.jsonl"
    own = {"id": "own", "text": CHINESE.format(98), "document": "w", "date": "2012"}
    rows = [own, {**own, "id": "u3", "text": CHINESE.format(99)}]
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    two.write_text("".join(lines), encoding="utf-8")

    code = main(["prevalence", str(one), str(two)])

    assert code == 2
    assert (
        f"{two}:2: id 'u3' stands in line 4 of {one} already\n"
        "  ids must be unique over all files"
    ) in capsys.readouterr().err


def test_files_of_one_name_have_the_same_ids_where_none_are_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    paths = [tmp_path / "a" / "texts.csv", tmp_path / "b" / "texts.csv"]
    for path, text in zip(paths, (ENGLISH, CHINESE), strict=True):
        path.write_text(f'text,date\n"{text}",2012\n', encoding="utf-8")

    code = main(["prevalence", *map(str, paths)])

    assert code == 2
    assert f"b/texts.csv:2: id 'texts:1' stands in line 2 of {paths[0]} already" in (
        capsys.readouterr().err
    )


def test_dates_in_another_form_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = corpus(tmp_path, coded=20, date="May 2012")

    code = main(["prevalence", str(path)])

    assert code == 2
    assert (
        "unit 'u0' is dated 'May 2012'\n  write dates as 2012, 2012-05 or 2012-05-31"
    ) in capsys.readouterr().err


def test_a_column_of_labels_that_is_not_there_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    units = corpus(tmp_path)
    labels = tmp_path / "coded.csv"
    labels.write_text("id,label\nu1,cooperation\n", encoding="utf-8")

    code = main(["prevalence", str(units), "--labels", str(labels), "--label", "code"])

    assert code == 2
    assert f"{labels}: no column 'code'" in capsys.readouterr().err


def test_labels_of_the_data_know_that_none_is_residual(tmp_path: Path) -> None:
    parser = argparse.ArgumentParser()
    add_corpus(parser)

    data = read_units(parser.parse_args([str(corpus(tmp_path, coded=20))]))

    assert data.labels.residual == ("none",)


@pytest.mark.slow
def test_models_of_the_data_have_framed_shares(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = corpus(tmp_path, n=64, coded=32)

    main(["prevalence", str(path), "--cross-fit", "--jobs", "1", "--quiet"])

    rows = table(capsys.readouterr().out)
    assert {row["base"] for row in rows} == {"all", "framed"}


def test_a_project_given_as_a_path_is_that_project(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Its dates are known, and of twins one is counted."""
    words = ["keyness", "--focus", "2022", "--quiet"]

    assert main([*words, "--corpus", SEEDS]) == 0
    expected = capsys.readouterr().out

    assert main([*words, SEEDS, "--longest", "0"]) == 0
    assert capsys.readouterr().out == expected


def test_a_seed_below_zero_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["keyness", "--focus", "2022", "--rng", "-1"])

    assert "argument --rng: -1 is a number below 0" in capsys.readouterr().err


def test_twins_of_a_project_are_counted_once_with_other_labels(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = read_corpus(SEEDS)
    labels = tmp_path / "coded.csv"
    rows = [(u.id, "none") for u in project.paragraphs if u.counted]
    with labels.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "label"), *rows])

    main([
        "prevalence", SEEDS, "--labels", str(labels), "--method", "labels",
        "--longest", "0", "--quiet",
    ])  # fmt: skip

    found = table(capsys.readouterr().out)
    sizes = {row["stratum"]: int(row["n_units"]) for row in found}
    assert sum(sizes.values()) == 88


def test_whole_documents_are_left_out_and_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = corpus(tmp_path, coded=20)
    long = {"id": "w", "text": "合作 " * 1000, "document": "w", "date": "2012"}
    path.write_text(path.read_text("utf-8") + json.dumps(long) + "\n", encoding="utf-8")

    main(["prevalence", str(path)])

    assert (
        "1 of 41 units have more than 2,000 characters and are left out"
        in capsys.readouterr().err
    )


def test_training_texts_are_refused_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (Path(SEEDS) / "texts/globaltimes-2017.txt").read_text("utf-8")
    part = next(p for p in text.split("\n\n") if "cooperation" in p and len(p) > 200)
    path = corpus(tmp_path, coded=20)
    seen = {"id": "seen", "text": part.strip(), "document": "gt", "date": "2012",
            "label": "cooperation"}  # fmt: skip
    path.write_text(path.read_text("utf-8") + json.dumps(seen) + "\n", encoding="utf-8")

    code = main(["prevalence", str(path)])

    assert code == 2
    assert "unit 'seen' and 0 more are predicted by a model that was trained on" in (
        capsys.readouterr().err
    )


def test_a_document_in_two_periods_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = corpus(tmp_path, coded=20, document="one")

    assert main(["prevalence", str(path)]) == 2
    assert "document 'one' is in two periods" in capsys.readouterr().err


def test_no_document_column_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = corpus(tmp_path, coded=20)
    path.write_text(path.read_text("utf-8").replace('"document"', '"page"'), "utf-8")

    assert main(["prevalence", str(path)]) == 2
    assert "the document of the units is not known" in capsys.readouterr().err


def test_active_draws_need_their_probability(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = corpus(tmp_path, coded=20, design="active")

    assert main(["prevalence", str(path)]) == 2
    assert "'u0' was drawn by design 'active'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--by", "yaer"], "units are not reported by 'yaer'"),
        (["--method", "pac"], "--method 'pac' is none\n  did you mean 'pacc'?"),
        (["--labels", "x.csv"], "--labels needs the corpus whose units are labelled"),
        (["--corpus", "nowhere"], "nowhere/corpus.toml: no such file"),
    ],
)
def test_a_wrong_question_is_told(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["prevalence", *words]) == 2
    assert message in capsys.readouterr().err


def test_without_a_label_nothing_is_estimated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["prevalence", str(corpus(tmp_path))]) == 2
    assert "no unit is coded\n  draw some: stance sample" in capsys.readouterr().err
