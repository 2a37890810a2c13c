"""Tests of `stance.coding.store`: what a label file may hold."""

import json
from collections import Counter
from pathlib import Path

import pytest

from stance.coding.store import read_annotations, read_events
from stance.errors import InputError, StanceWarning
from stance.model.project import Project

EVENT = {
    "event": "coder-x-0001",
    "unit_id": "论文-2022:p001",
    "digest": "00ff",
    "variable": "frame",
    "label": "合作",
    "coder": "coder-x",
    "at": "2026-01-01T00:00:00Z",
    "note": "“扩大开放” vs. café",
}
REQUIRED = "  required: event, unit_id, digest, variable, label, coder, at"


def line(**changes: object) -> str:
    return json.dumps({**EVENT, **changes}, ensure_ascii=False) + "\n"


def written(folder: Path, *lines: str, name: str = "coder-x.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(lines), encoding="utf-8", newline="")
    return path


def test_an_event_is_read_verbatim_with_its_place(tmp_path: Path) -> None:
    path = written(tmp_path, line())

    events = read_events(path)

    assert [(e.label, e.note, e.path, e.line) for e in events] == [
        ("合作", "“扩大开放” vs. café", str(path), 1)
    ]


def test_empty_lines_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, "\n", line(), "\r\n", line(event="2")[:-1] + "\r\n")

    events = read_events(path)

    assert [event.line for event in events] == [2, 4]


@pytest.mark.parametrize("text", ["{not json}\n", "合作\n", '{"a": \n', "[" * 10**5])
def test_a_line_that_is_not_json_is_refused(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, line(), text, "\n")

    with pytest.raises(InputError) as caught:
        read_events(path)

    assert str(caught.value) == (
        f"{path}:2: not JSON\n  a label file holds one JSON object a line"
    )


def test_a_number_of_5000_digits_is_refused(tmp_path: Path) -> None:
    endless = line(round=1).replace('"round": 1', '"round": ' + "1" * 5000)
    path = written(tmp_path, endless)

    with pytest.raises(InputError) as caught:
        read_events(path)

    assert str(caught.value).startswith(f"{path}:1: ")


def test_a_line_that_is_not_an_object_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, '["合作"]\n')

    with pytest.raises(InputError) as caught:
        read_events(path)

    assert str(caught.value) == f"{path}:1: not a JSON object"


@pytest.mark.parametrize(
    "field", ["event", "unit_id", "digest", "variable", "label", "coder", "at"]
)
def test_an_event_without_a_required_field_is_refused(
    tmp_path: Path, field: str
) -> None:
    rest = {name: value for name, value in EVENT.items() if name != field}
    path = written(tmp_path, json.dumps(rest) + "\n")

    with pytest.raises(InputError) as caught:
        read_events(path)

    assert str(caught.value) == (f"{path}:1: the event has no {field!r}\n{REQUIRED}")


def test_an_unknown_field_is_refused_with_the_nearest(tmp_path: Path) -> None:
    path = written(tmp_path, line(), line(event="2", lable="合作"))

    with pytest.raises(InputError) as caught:
        read_events(path)

    assert str(caught.value) == (
        f"{path}:2: field 'lable' is unknown\n"
        "  did you mean 'label'? choices: at, codebook, coder, confidence, design, "
        "digest, event, label, note, probability, round, supersedes, unit_id, variable"
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"label": 3}, "label is 3; str was expected"),
        ({"label": None}, "label is None; str was expected"),
        ({"note": ["注"]}, "note is ['注']; str was expected"),
        ({"probability": "often"}, "probability is 'often'; float was expected"),
        ({"round": 1.5}, "round is 1.5; int was expected"),
        ({"confidence": True}, "confidence is True; int was expected"),
    ],
)
def test_a_value_of_another_type_is_refused(
    tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    path = written(tmp_path, line(**changes))

    with pytest.raises(InputError) as caught:
        read_events(path)

    assert str(caught.value) == f"{path}:1: {message}"


def test_an_unknown_design_is_refused_with_the_nearest(tmp_path: Path) -> None:
    path = written(tmp_path, line(design="randon"))

    with pytest.raises(InputError) as caught:
        read_events(path)

    assert str(caught.value) == (
        f"{path}:1: design 'randon' is unknown\n"
        "  did you mean 'random'? choices: census, random, stratified, active, "
        "convenience"
    )


def test_an_event_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, line(), line(event="2"), line(label="竞争"))

    with pytest.raises(InputError) as caught:
        read_events(path)

    assert str(caught.value) == (
        f"{path}:3: event 'coder-x-0001' stands in line 1 already\n"
        "  event ids are unique; was the file joined with itself?"
    )


def test_another_coders_event_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, line(), line(event="2", coder="coder-y"))

    with pytest.raises(InputError) as caught:
        read_annotations(tmp_path)

    assert str(caught.value) == (
        f"{path}:2: the event is of coder 'coder-y'\n"
        "  a file holds one coder's events and has the coder's name"
    )


def test_a_folder_without_label_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_annotations(tmp_path)

    assert str(caught.value) == f"{tmp_path}: no label files (*.jsonl)"


@pytest.mark.parametrize("tail", ['{"event": "2", "un', '{"event": "2", "label": "合'])
def test_a_torn_last_line_is_warned_of_and_left_out(tmp_path: Path, tail: str) -> None:
    path = written(tmp_path, line(), tail)

    with pytest.warns(StanceWarning) as warned:
        events = read_events(path)

    assert [event.event for event in events] == ["coder-x-0001"]
    assert [str(warning.message) for warning in warned] == [
        f"{path}:2: the last line was cut off and is left out"
    ]


def test_a_last_line_torn_inside_a_chinese_character_is_left_out(
    tmp_path: Path,
) -> None:
    path = tmp_path / "coder-x.jsonl"
    path.write_bytes(line().encode() + '{"label": "合'.encode()[:-1])

    with pytest.warns(StanceWarning, match="the last line was cut off"):
        events = read_events(path)

    assert [event.event for event in events] == ["coder-x-0001"]


def test_a_torn_only_line_leaves_no_events(tmp_path: Path) -> None:
    path = written(tmp_path, '{"event')

    with pytest.warns(StanceWarning, match="the last line was cut off"):
        events = read_events(path)

    assert events == ()


def test_the_order_of_lines_does_not_matter(tmp_path: Path) -> None:
    lines = [
        line(at="2026-01-01T00:00:01Z"),
        line(event="2", label="竞争", at="2026-01-01T00:00:03Z"),
        line(event="3", label="none", at="2026-01-01T00:00:02Z"),
    ]
    written(tmp_path, *lines)
    forward = read_annotations(tmp_path)
    written(tmp_path, *reversed(lines))
    backward = read_annotations(tmp_path)

    assert [a.label for a in forward] == ["竞争"]
    assert [a.label for a in backward] == ["竞争"]


def test_the_seeds_hold_three_coders_labels(seeds: Project) -> None:
    counts = Counter((a.coder, a.variable) for a in seeds.annotations)

    assert [counts[f"coder-{c}", "kind"] for c in "abc"] == [197, 197, 197]
    assert [counts[f"coder-{c}", "frame"] for c in "abc"] == [124, 124, 124]
    assert len({a.coder for a in seeds.annotations}) == 3
