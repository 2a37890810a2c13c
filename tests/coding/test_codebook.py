"""Tests of `stance.coding.codebook`."""

from collections import Counter
from pathlib import Path

import pytest

from stance.coding.codebook import LabelSet, read_codebook
from stance.errors import CodingError, InputError
from stance.model.project import Project

HEAD = 'name = "论辩"\nversion = "0.1"\n'
CATEGORY = '[[categories]]\nname = "{}"\ndefinition = "赞成 / in favour"\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "codebook.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_seed_categories_stand_in_their_order(seeds: Project) -> None:
    names = [category.name for category in seeds.codebook.categories]

    assert names == ["cooperation", "competition", "countermeasure", "none"]


def test_only_none_is_residual_in_the_seeds(seeds: Project) -> None:
    labels = seeds.codebook.labels

    assert labels.residual == ("none",)
    assert labels.substantive == ("cooperation", "competition", "countermeasure")


@pytest.mark.parametrize("at", range(4))
def test_every_seed_category_has_rules_of_its_own(seeds: Project, at: int) -> None:
    category = seeds.codebook.categories[at]

    assert len(category.includes) >= 2
    assert len(category.excludes) >= 2
    assert sorted(category.title) == ["en", "zh"]


@pytest.mark.parametrize("at", range(4))
def test_every_seed_category_has_two_examples_a_language(
    seeds: Project, at: int
) -> None:
    category = seeds.codebook.categories[at]
    must = Counter(language for language, _ in category.must)
    must_not = Counter(language for language, _ in category.must_not)

    assert min(must["en"], must["zh"]) >= 2
    assert min(must_not["en"], must_not["zh"]) >= 2


def test_kinds_are_labels_of_the_variable_kind(seeds: Project) -> None:
    kinds = seeds.codebook.allowed("kind")

    assert kinds == ("body", "heading", "boilerplate", "reference", "summary")


def test_the_second_frame_takes_the_labels_of_the_first(seeds: Project) -> None:
    labels = seeds.codebook.allowed("secondary")

    assert labels == seeds.codebook.labels.names


def test_an_unknown_variable_is_refused_with_the_nearest(seeds: Project) -> None:
    with pytest.raises(CodingError) as caught:
        seeds.codebook.allowed("fram")

    assert str(caught.value) == (
        "variable 'fram' is not in codebook 'us-china-tech' 1.0\n"
        "  did you mean 'frame'? choices: frame, secondary, kind, actor, confidence"
    )


def test_an_unknown_label_is_refused_with_the_nearest(seeds: Project) -> None:
    with pytest.raises(CodingError) as caught:
        seeds.codebook.check("frame", "competiton")

    assert str(caught.value) == (
        "frame 'competiton' is not in codebook 'us-china-tech' 1.0\n"
        "  did you mean 'competition'? choices: cooperation, competition, "
        "countermeasure, none"
    )


def test_a_chinese_label_with_one_wrong_character_is_refused_with_the_nearest(
    tmp_path: Path,
) -> None:
    text = HEAD + CATEGORY.format("合作") + CATEGORY.format("竞争")
    codebook = read_codebook(written(tmp_path, text))

    with pytest.raises(CodingError) as caught:
        codebook.check("frame", "竟争")

    assert str(caught.value) == (
        "frame '竟争' is not in codebook '论辩' 0.1\n"
        "  did you mean '竞争'? choices: 合作, 竞争"
    )


def test_a_known_label_passes_the_check(seeds: Project) -> None:
    seeds.codebook.check("frame", "none")


def test_a_category_that_stands_twice_is_refused(tmp_path: Path) -> None:
    text = HEAD + CATEGORY.format("赞成") + CATEGORY.format("赞成")
    path = written(tmp_path, text)

    with pytest.raises(InputError) as caught:
        read_codebook(path)

    assert str(caught.value) == f"{path}: category '赞成' stands twice"


def test_a_category_without_definition_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + '[[categories]]\nname = "pro"\n')

    with pytest.raises(InputError) as caught:
        read_codebook(path)

    assert str(caught.value) == f"{path}: category 'pro' has no 'definition'"


def test_a_category_without_name_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + '[[categories]]\ndefinition = "For it."\n')

    with pytest.raises(InputError) as caught:
        read_codebook(path)

    assert str(caught.value) == f"{path}: category '?' has no 'name'"


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ('version = "1"\n' + CATEGORY.format("pro"), "name"),
        ('name = "x"\n' + CATEGORY.format("pro"), "version"),
        (HEAD, "categories"),
        (HEAD + 'categories = "pro, con"\n', "categories"),
        (HEAD + 'categories = ["pro", "con"]\n', "categories"),
    ],
)
def test_a_codebook_without_its_main_entries_is_refused(
    tmp_path: Path, text: str, missing: str
) -> None:
    path = written(tmp_path, text)

    with pytest.raises(InputError) as caught:
        read_codebook(path)

    assert str(caught.value).splitlines()[0] == f"{path}: has no {missing!r}"


def test_a_codebook_that_is_not_toml_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "name: 论辩\n")

    with pytest.raises(InputError) as caught:
        read_codebook(path)

    assert str(caught.value).startswith(f"{path}: not TOML: ")


def test_a_codebook_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "codebook.toml"
    path.write_bytes(HEAD.encode("gb18030"))

    with pytest.raises(InputError) as caught:
        read_codebook(path)

    assert str(caught.value).startswith(f"{path}: not utf-8 (byte 0xc2 at offset 8)")


def test_examples_keep_their_language(tmp_path: Path) -> None:
    examples = 'must = { en = ["Yes, “indeed”."], zh = ["应当。"] }\n'
    path = written(tmp_path, HEAD + CATEGORY.format("pro") + examples)

    codebook = read_codebook(path)

    assert codebook.categories[0].must == (("en", "Yes, “indeed”."), ("zh", "应当。"))


def test_one_changed_character_changes_the_sha256(tmp_path: Path) -> None:
    before = read_codebook(written(tmp_path, HEAD + CATEGORY.format("pro")))
    after = read_codebook(written(tmp_path, HEAD + CATEGORY.format("prö")))

    assert before.sha256 != after.sha256


def test_a_label_set_refuses_a_label_twice() -> None:
    with pytest.raises(ValueError, match="a label stands twice in"):
        LabelSet(("合作", "竞争", "合作"))


def test_a_label_set_refuses_a_residual_that_is_no_label() -> None:
    with pytest.raises(ValueError, match=r"residual labels \('none',\) are not in"):
        LabelSet(("pro", "con"), residual=("none",))


def test_substantive_labels_keep_the_order_of_the_set() -> None:
    labels = LabelSet(("无", "竞争", "合作"), residual=("无",))

    assert labels.substantive == ("竞争", "合作")
