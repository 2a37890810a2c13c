"""Random damage to a model folder: the same model, or `ModelError`."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from stance.errors import ModelError
from stance.model.model import Model
from stance.model.score import probabilities
from stance.model.store import load, save

DATA = ["lexicon.csv", "terms.tsv", "arrays.npz"]
TEXTS = ["The tariff hit the market.", "医生与护士在医院。", "“学生” (pupils)", ""]
ALLOWED = {"the same model", "ModelError"}
Damage = Callable[[bytes, np.random.Generator], bytes]


def mutate(raw: bytes, rng: np.random.Generator) -> bytes:
    """Flip, cut, remove, double or overwrite bytes at a random place."""
    at, other = (int(n) for n in rng.integers(len(raw), size=2))
    first, last = min(at, other), min(max(at, other), min(at, other) + 40)
    flipped = raw[:at] + bytes([raw[at] ^ (1 << int(rng.integers(8)))]) + raw[at + 1 :]
    return [
        flipped,
        flipped,
        raw[:at],
        raw[:first] + raw[last:],
        raw[:last] + raw[first:],
        raw[:first] + rng.bytes(last - first) + raw[last:],
    ][int(rng.integers(6))]


def mutate_inside(raw: bytes, rng: np.random.Generator) -> bytes:
    """Damage the header of one array in an archive that is itself sound."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w") as new:
        hit = int(rng.integers(len(old.namelist())))
        for number, name in enumerate(old.namelist()):
            array = old.read(name)
            head = mutate(array[:128], rng) if number == hit else array[:128]
            new.writestr(zipfile.ZipInfo(name), head + array[128:])
    return out.getvalue()


def reseal(files: dict[str, bytes]) -> None:
    """Make the hashes in model.json fit the files."""
    hashes = {name: hashlib.sha256(files[name]).hexdigest() for name in DATA}
    table = {**json.loads(files["model.json"]), "files": hashes}
    files["model.json"] = json.dumps(table).encode()


class Folder:
    """A model folder to be damaged again and again."""

    def __init__(self, path: Path, model: Model) -> None:
        self.path = path
        self.digest = save(model, path, card="# 模型\n").digest
        self.proba = probabilities(model, TEXTS)
        self.sound = {file.name: file.read_bytes() for file in path.iterdir()}

    def outcome(self) -> str:
        try:
            model = load(self.path)
        except ModelError:
            return "ModelError"
        same = np.array_equal(probabilities(model, TEXTS), self.proba)
        return "the same model" if same and model.digest == self.digest else "another"

    def outcomes(
        self, name: str, damage: Damage, *, n: int, hidden: bool = False
    ) -> set[str]:
        """Damage a file ``n`` times, each time anew; hidden: its hash fits again."""
        rng = np.random.default_rng(20120607)
        found = set()
        for _ in range(n):
            files = {**self.sound, name: damage(self.sound[name], rng)}
            if hidden:
                reseal(files)
            for changed in {name, "model.json"}:
                (self.path / changed).write_bytes(files[changed])
            found.add(self.outcome())
        (self.path / name).write_bytes(self.sound[name])
        (self.path / "model.json").write_bytes(self.sound["model.json"])
        return found


@pytest.fixture
def folder(tmp_path: Path, small_model: Model) -> Folder:
    return Folder(tmp_path / "模型", small_model)


def test_a_sound_folder_is_the_same_model(folder: Folder) -> None:
    assert folder.outcome() == "the same model"


@pytest.mark.parametrize("name", ["model.json", "card.md", *DATA])
def test_random_damage_ends_in_the_same_model_or_an_error(
    folder: Folder, name: str
) -> None:
    assert folder.outcomes(name, mutate, n=60) <= ALLOWED


@pytest.mark.parametrize("name", DATA)
def test_damage_that_the_hash_hides_ends_in_the_same_model_or_an_error(
    folder: Folder, name: str
) -> None:
    assert folder.outcomes(name, mutate, n=100, hidden=True) <= ALLOWED


def test_damage_inside_the_archive_ends_in_the_same_model_or_an_error(
    folder: Folder,
) -> None:
    found = folder.outcomes("arrays.npz", mutate_inside, n=100, hidden=True)

    assert found <= ALLOWED


@pytest.mark.slow
@pytest.mark.parametrize("hidden", [False, True])
@pytest.mark.parametrize("name", DATA)
def test_1500_damages_end_in_the_same_model_or_an_error(
    folder: Folder, name: str, hidden: bool
) -> None:
    assert folder.outcomes(name, mutate, n=1500, hidden=hidden) <= ALLOWED


@pytest.mark.slow
def test_1000_damages_to_model_json_end_in_the_same_model_or_an_error(
    folder: Folder,
) -> None:
    assert folder.outcomes("model.json", mutate, n=1000) <= ALLOWED
