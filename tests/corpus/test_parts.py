"""Outputs in parts: whole parts only, of one making only, whoever kills the work."""

import json
import os
import sys
from pathlib import Path

import pytest

from stance.corpus.identity import difference, digests, stamp
from stance.corpus.parts import Parts, folder_of, restart
from stance.errors import InputError

MADE_OF = {"model": "3f" * 32, "options": {"--text": "正文", "--lines": False}}
GIVEN = {"inputs": [{"name": "a.csv", "bytes": 3, "sha256": "aa"}], **MADE_OF}
HINT = (
    "\n  finish that run with its own command, or begin anew with --restart, which "
    "deletes the folder"
)


@pytest.fixture(autouse=True)
def _work(here: Path) -> None:
    """Work in an empty folder."""


@pytest.fixture
def begun() -> None:
    """Leave two of three parts of ``out.csv``."""
    parts = Parts("out.csv", GIVEN)
    parts.write(0, "id\n甲\n".encode(), {"n": 1})
    parts.write(2, "丙\n".encode(), {"n": 3})
    parts.close()


def names(folder: str = ".") -> list[str]:
    """Return what stands in a folder."""
    return sorted(os.listdir(folder))


def refused(work: str) -> str:
    """Return the message of the error that opening or restarting ends in."""
    with pytest.raises(InputError) as error:
        restart("out.csv") if work == "restart" else Parts("out.csv", GIVEN)
    return str(error.value)


def test_parts_are_joined_in_order_and_the_folder_goes(begun: None) -> None:
    parts = Parts("out.csv", GIVEN)
    parts.write(1, "乙\n".encode(), {})
    parts.join(3)
    parts.close()

    assert Path("out.csv").read_text(encoding="utf-8") == "id\n甲\n乙\n丙\n"
    assert names() == ["out.csv"]


def test_what_is_finished_is_known_and_what_was_noted(begun: None) -> None:
    parts = Parts("out.csv", GIVEN)

    assert [parts.has(n) for n in range(4)] == [True, False, True, False]
    assert parts.about(2)["n"] == 3
    parts.close()


def test_line_ends_and_signs_come_back_as_they_were() -> None:
    text = "“Ｔ”\r\n\ra\x85\u2028cafe\u0301\n\n"
    parts = Parts("out.csv", GIVEN)
    parts.write(0, text.encode(), {})
    parts.join(1)
    parts.close()

    assert Path("out.csv").read_bytes() == text.encode()


@pytest.mark.skipif(sys.platform == "win32", reason="modes are those of POSIX")
def test_a_replaced_file_keeps_its_mode() -> None:
    Path("out.csv").write_text("before", encoding="utf-8")
    Path("out.csv").chmod(0o640)
    parts = Parts("out.csv", GIVEN)
    parts.write(0, b"after", {})
    parts.join(1)
    parts.close()

    assert Path("out.csv").read_text(encoding="utf-8") == "after"
    assert Path("out.csv").stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_parts_stand_beside_what_a_link_leads_to() -> None:
    Path("box").mkdir()
    Path("out.csv").symlink_to("box/real.csv")

    assert folder_of("out.csv") == Path("box/real.csv.parts").resolve()


def test_a_folder_without_a_part_is_not_left() -> None:
    Parts("out.csv", GIVEN).close()

    assert names() == []


def test_a_folder_without_a_part_refuses_nothing() -> None:
    Path("out.csv.parts").mkdir()
    Path("out.csv.parts/manifest.json").write_text('{"schema": 0}', encoding="utf-8")

    parts = Parts("out.csv", GIVEN)

    found = json.loads(Path("out.csv.parts/manifest.json").read_text(encoding="utf-8"))
    assert found == {"schema": 1, **GIVEN}
    parts.close()


def test_what_a_kill_left_half_written_goes(begun: None) -> None:
    for name in (
        ".000001.part.abcdefgh",
        ".manifest.json.abcd_123",
        ".joined.abcdefgh",
    ):
        Path("out.csv.parts", name).touch()

    Parts("out.csv", GIVEN).close()

    assert names("out.csv.parts") == [
        "000000.part", "000002.part", "lock", "manifest.json",
    ]  # fmt: skip


@pytest.mark.parametrize("work", ["open", "restart"])
def test_a_folder_of_something_else_is_refused_and_kept(work: str) -> None:
    Path("out.csv.parts").mkdir()
    Path("out.csv.parts/论文.docx").touch()

    assert refused(work) == (
        "out.csv.parts: is there, and holds what is no part of an output: '论文.docx'\n"
        "  move it, or name another file with --output"
    )
    assert "论文.docx" in names("out.csv.parts")


@pytest.mark.skipif(sys.platform == "win32", reason="there files are not locked")
@pytest.mark.parametrize("work", ["open", "restart"])
def test_two_runs_at_a_time_are_refused(work: str, begun: None) -> None:
    parts = Parts("out.csv", GIVEN)

    assert refused(work) == (
        "out.csv.parts: another run is writing it\n"
        "  wait for it, or name another file with --output"
    )
    assert parts.has(0)
    parts.close()


def test_a_damaged_manifest_is_refused(begun: None) -> None:
    Path("out.csv.parts/manifest.json").write_text("{", encoding="utf-8")

    assert refused("open") == (
        "out.csv.parts: its manifest.json is damaged\n"
        "  begin anew with --restart, which deletes the folder"
    )


@pytest.mark.parametrize("damage", [b"", b"\n", b"{}\n", b"[]\n"], ids=str)
def test_a_damaged_part_is_named(begun: None, damage: bytes) -> None:
    Path("out.csv.parts/000002.part").write_bytes(damage)
    parts = Parts("out.csv", GIVEN)
    parts.write(1, b"", {})

    with pytest.raises(InputError, match=r"^out\.csv\.parts/000002\.part: is damaged"):
        parts.join(3)

    assert not Path("out.csv").exists()
    parts.close()


def test_a_part_that_was_changed_is_named(begun: None) -> None:
    path = Path("out.csv.parts/000002.part")
    path.write_bytes(path.read_bytes().replace("丙".encode(), "丁".encode()))
    parts = Parts("out.csv", GIVEN)
    parts.write(1, b"", {})

    with pytest.raises(InputError, match=r"^out\.csv\.parts/000002\.part: is damaged"):
        parts.join(3)

    assert not Path("out.csv").exists()
    parts.close()


def test_restarting_deletes_the_parts(begun: None) -> None:
    restart("out.csv")

    assert names() == []


def test_parts_of_something_else_are_refused(begun: None) -> None:
    with pytest.raises(InputError) as error:
        Parts("out.csv", {**GIVEN, "model": "88" * 32})

    assert str(error.value) == (
        "out.csv.parts: holds the parts of another run: model was 3f3f3f3f3f3f…, now "
        f"it is 888888888888…{HINT}"
    )
    assert "000000.part" in names("out.csv.parts")


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (GIVEN, ""),
        ({**GIVEN, "schema": 2}, "schema was none, now it is 2"),
        (
            {**GIVEN, "options": {"--text": None, "--lines": False}},
            "--text was '正文', now it is none",
        ),
        (
            {**GIVEN, "options": {**MADE_OF["options"], "--digits": 3}},  # type: ignore[dict-item]
            "--digits was none, now it is 3",
        ),
        (
            {**GIVEN, "inputs": [{"name": "a.csv", "bytes": 3, "sha256": "bb"}]},
            "its input 'a.csv' has changed since",
        ),
        (
            {**GIVEN, "inputs": [*GIVEN["inputs"], {"name": "b.csv"}]},  # type: ignore[misc]
            "its input was 'a.csv', now there is 'b.csv'",
        ),
        ({**GIVEN, "inputs": []}, "its input 'a.csv' is missing"),
    ],
    ids=["none", "schema", "less", "more", "changed", "another", "missing"],
)
def test_what_differs_is_said(now: dict[str, object], said: str) -> None:
    assert difference(GIVEN, now) == said  # type: ignore[arg-type]


def test_another_order_of_inputs_differs() -> None:
    first, second = ({"name": name, "sha256": ""} for name in "ab")

    assert difference({"inputs": [first, second]}, {"inputs": [second, first]}) == (
        "its inputs had another order"
    )


def test_files_are_told_apart_by_what_they_hold() -> None:
    path = Path("a.csv")
    path.write_text("双方", encoding="utf-8")
    before, stamped = digests([path]), stamp([path])
    path.write_text("双房", encoding="utf-8")

    assert before[0]["name"] == "a.csv"  # type: ignore[index,call-overload]
    assert before[0]["bytes"] == 6  # type: ignore[index,call-overload]
    assert before != digests([path])
    assert len(stamped) == 1
