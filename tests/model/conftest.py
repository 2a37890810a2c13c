"""Small models, trained on invented texts in both languages."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stance.coding.codebook import LabelSet
from stance.coding.labelled import LabelledSet, read_labelled
from stance.corpus.terms import NO_TERMS, TermTable, parse_terms
from stance.corpus.tokens import tokenizer_name
from stance.model.model import Model
from stance.model.train import train

#: Words of five topics. The names sort in another order than they stand in here.
TOPICS = {
    "trade": ("tariff export market price", "关税 出口 市场 价格"),
    "school": ("teacher pupil lesson exam", "教师 学生 课程 考试"),
    "health": ("doctor hospital vaccine nurse", "医生 医院 疫苗 护士"),
    "sport": ("team coach stadium league", "球队 教练 球场 联赛"),
    "天气": ("rain storm cloud wind", "下雨 风暴 多云 大风"),
}
TERMS = """\
concept,en,zh,frame,role,note
trade_war,trade war|tariff*,贸易战|关税,trade,cue,
market,market*,市场,trade,lean,
exam,school exam|exam*,考试,school,cue,
vaccine,vaccine*,疫苗,health,domain,
"""


def invented(folder: Path, topics: Sequence[str]) -> Path:
    """Write a data file: each topic in six documents, half English, half Chinese."""
    rows = []
    for topic in topics:
        en, zh = (words.split() for words in TOPICS[topic])
        for n in range(6):
            one, two, three = (k % 4 for k in (n, n + 1, n * 2 + 3))
            texts = (
                f"In 20{n + 10} the {en[one]} and the {en[two]} met a “{en[three]}”.",
                f"20{n + 10}年，{zh[one]}与{zh[two]}以及{zh[three]}受到关注。",
            )
            rows += [
                {"text": text, "label": topic, "document": f"document-{n}"}
                for text in texts
            ]
    path = folder / "invented.jsonl"
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def ordered(folder: Path, topics: Sequence[str]) -> LabelledSet:
    """Return the set of a data file with its labels in this order, not sorted."""
    data, _ = read_labelled(invented(folder, topics))
    place = np.array([topics.index(name) for name in data.labels.names])
    gold = replace(data.gold, labels=LabelSet(tuple(topics)), y=place[data.y])
    return replace(data, gold=gold)


@pytest.fixture(scope="session")
def data_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data file with three labels, six documents, 36 texts."""
    folder = tmp_path_factory.mktemp("invented")
    return invented(folder, ["trade", "school", "health"])


@pytest.fixture(scope="session")
def small_terms() -> TermTable:
    """Return a term table for some of the invented topics."""
    return parse_terms(TERMS.encode())


@pytest.fixture(scope="session")
def small_data(data_file: Path) -> LabelledSet:
    """Return the labelled set of the data file."""
    return read_labelled(data_file)[0]


@pytest.fixture(scope="session")
def small_model(small_data: LabelledSet, small_terms: TermTable) -> Model:
    """Return a model of three labels that has three blocks and sigmoids."""
    blocks = [("words", "cues", "chars")]
    model = train(small_data, terms=small_terms, name="小模型", block_sets=blocks)
    return replace(
        model,
        calibration=np.array([[-1.5, 0.2], [-1.1, -0.3], [-0.9, 0.1]]),
        inputs={"tokenizer": tokenizer_name(small_terms)},
    )


@pytest.fixture(scope="session")
def two_labels(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """Return a model of two labels, in no alphabetical order, without terms."""
    data = ordered(tmp_path_factory.mktemp("two"), ["trade", "school"])
    return train(data, terms=NO_TERMS, name="two", block_sets=[("words", "chars")])


@pytest.fixture(scope="session")
def five_labels(
    tmp_path_factory: pytest.TempPathFactory, small_terms: TermTable
) -> Model:
    """Return a model of five labels, in no alphabetical order, one Chinese."""
    data = ordered(tmp_path_factory.mktemp("five"), list(TOPICS))
    return train(data, terms=small_terms, name="five", block_sets=[("forms", "cues")])


TARGETS = ("Tariff ban", "出口管制", "the exams")


@pytest.fixture(scope="session")
def passage_data(tmp_path_factory: pytest.TempPathFactory) -> LabelledSet:
    """Return a set whose units have neighbours and a target each."""
    folder = tmp_path_factory.mktemp("passages")
    lines = invented(folder, ["trade", "school"]).read_text(encoding="utf-8")
    rows = [
        {**json.loads(line), "target": TARGETS[at % 3]}
        for at, line in enumerate(lines.splitlines())
    ]
    path = folder / "targeted.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return read_labelled(path, context=1, targeted=True)[0]


@pytest.fixture(scope="session")
def passage_model(passage_data: LabelledSet, small_terms: TermTable) -> Model:
    """Return a model that reads neighbours and targets."""
    blocks = [("forms", "cues", "context", "target")]
    return train(passage_data, terms=small_terms, name="篇章", block_sets=blocks)


@pytest.fixture(scope="session")
def context_model(passage_data: LabelledSet, small_terms: TermTable) -> Model:
    """Return a model that reads neighbours, and no target."""
    blocks = [("words", "cues", "context")]
    return train(passage_data, terms=small_terms, name="context", block_sets=blocks)
