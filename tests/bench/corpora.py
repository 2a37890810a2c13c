"""Corpora for the benches of speed: training texts, and a stream nobody has seen.

    python tests/bench/corpora.py NAME N [FILE.jsonl]

writes N one-sentence paragraphs of ``real-en``, ``synth-en``, ``real-zh`` or
``synth-zh`` (fields id and text).

``real``: paragraphs of one to six sentences of one label, drawn from the data folder
beside the repository: press briefings and party manifestos (English), government work
reports (Chinese). Whole documents are for training or for the stream, so that the
stream brings sentences, names and words that training had not. English sentences come
again once all were drawn: words soon stop growing in number, which is kind to caches.
The Chinese stream ends there, since our cutter remembers what it cut.

``synth``: sentences of the seeds, other ones for training than for the stream, with
45 % of the words replaced by words from a Zipf list of 200,000 invented types: words
grow in number as in a large collection. Accuracy on them says nothing of real texts.
"""

import hashlib
import json
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
from common import ROOT, SHARED, rows

from stance.corpus.language import HAN_RUN

N_TYPES, REPLACED, MAX_SENTENCES = 200_000, 0.45, 6
#: Paragraphs that are drawn at once; the stream does not depend on how many are taken.
BATCH = 2_000
ENDS = {"en": re.compile(r"(?<=[.!?])\s+"), "zh": re.compile("(?<=[。！？；])\\s*")}
LENGTHS = {"en": (20, 1000), "zh": (5, 300)}
CONSONANTS = [
    *"bcdfghlmnprstv",
    "br",
    "cl",
    "dr",
    "fl",
    "gr",
    "pl",
    "pr",
    "sh",
    "st",
    "th",
]
SYLLABLES = [c + v for c in CONSONANTS for v in ("a", "e", "i", "o", "u", "en", "or")]
ENDINGS = ["", "", "", "s", "ed", "ing", "er", "ly", "al", "ation", "ment", "ness"]
NAMES = ("real-en", "synth-en", "real-zh", "synth-zh")

Pools = dict[str, list[str]]  # label to sentences
Change = Callable[[list[str], np.random.Generator], list[str]]


class Stream(NamedTuple):
    """What a candidate is trained on, and what it then labels.

    No sentence comes twice in the first ``n_once`` texts; 0 where that means nothing.
    """

    name: str
    language: str
    train: list[str]
    labels: list[str]
    texts: list[str]
    truth: list[str]
    n_once: int


def size(texts: list[str]) -> float:
    """Return the megabytes (10^6 bytes) of texts in UTF-8."""
    return sum(len(text.encode()) for text in texts) / 1e6


def part(texts: list[str], megabytes: float) -> list[str]:
    """Return the first texts that make so many megabytes."""
    total = 0.0
    for at, text in enumerate(texts):
        total += len(text.encode()) / 1e6
        if total >= megabytes:
            return texts[: at + 1]
    return texts


def is_held_out(key: str) -> bool:
    """Whether what has this key is for the stream, not for training: every other."""
    return hashlib.sha256(key.encode()).digest()[0] % 2 == 1


def sentences(text: str, language: str) -> list[str]:
    """Return the sentences of a text in one line each, without odd lengths."""
    low, high = LENGTHS[language]
    found = ENDS[language].split(" ".join(text.split()))
    return [sentence for sentence in found if low <= len(sentence) <= high]


def real(language: str) -> Iterator[tuple[str, str, str]]:
    """Yield (label, what is kept together, sentence) of the data folder."""
    data = SHARED / "data"
    if language == "zh":
        for row in rows(data / "gwr_zh/corpus.jsonl"):
            label = "to 2009" if row["date"] < "2010" else "from 2010"
            label = "from 2018" if row["date"] >= "2018" else label
            for sentence in sentences(row["text"], language):
                yield label, row["date"], sentence
        return
    for row in rows(data / "wh_briefings_china/corpus.jsonl"):
        for sentence in sentences(row["text"], language):
            yield "briefing", row["doc"], sentence
    for name in ("train", "test"):
        for row in rows(data / f"uk_manifestos_crowd/{name}.jsonl"):
            for sentence in sentences(row["text"], language):
                yield row["label"], row["doc"], sentence


def seeded(language: str) -> Iterator[tuple[str, str, str]]:
    """Yield the same of the seeds' anchors, and of the seed texts for any label."""
    anchors = rows(ROOT / "seeds/anchors.jsonl")
    for row in anchors:
        if row["language"] == language:
            for sentence in sentences(row["text"], language):
                yield row["label"], sentence, sentence
    if language == "en":
        for path in sorted((ROOT / "seeds/texts").glob("*.txt")):
            text = path.read_bytes().decode(errors="ignore")
            for sentence in sentences(text, language):
                if HAN_RUN.search(sentence):  # of the bilingual text
                    continue
                for label in sorted({row["label"] for row in anchors}):
                    yield label, sentence, sentence


def halves(found: Iterator[tuple[str, str, str]]) -> tuple[Pools, Pools]:
    """Return the sentences for training and those for the stream, by label."""
    both: tuple[Pools, Pools] = ({}, {})
    seen: tuple[set[str], set[str]] = (set(), set())
    for label, key, sentence in found:
        side = is_held_out(key)
        both[side].setdefault(label, []).append(sentence)
        seen[side].add(sentence)
    twice = seen[0] & seen[1]  # such as a heading of many documents
    for label, kept in both[1].items():
        both[1][label] = [s for s in kept if s not in twice]
    return both


def zipf(words: np.ndarray) -> Callable[[int, np.random.Generator], list[str]]:
    """Return a function that draws words, the first the most frequent ones."""
    shares = 1 / (np.arange(len(words)) + 2.7)
    cumulated = np.cumsum(shares / shares.sum())

    def draw(n: int, rng: np.random.Generator) -> list[str]:
        at = np.searchsorted(cumulated, rng.random(n))
        return words[np.minimum(at, len(words) - 1)].tolist()

    return draw


def invented(language: str, rng: np.random.Generator) -> np.ndarray:
    """Return 200,000 invented words, short ones rather at the beginning."""
    if language == "zh":
        text = "".join(s for _, _, s in seeded("zh"))
        han = sorted(set(re.findall("[\u4e00-\u9fd5]", text)))
        parts = rng.choice(han, (2 * N_TYPES, 3))
        lengths = rng.choice([1, 2, 2, 2, 2, 2, 3], 2 * N_TYPES)
        made = ["".join(p[:n]) for p, n in zip(parts.tolist(), lengths, strict=True)]
    else:
        parts = rng.choice(SYLLABLES, (2 * N_TYPES, 4))
        lengths = rng.choice([1, 2, 2, 2, 3, 3, 4], 2 * N_TYPES)
        ends = rng.choice(ENDINGS, 2 * N_TYPES).tolist()
        made = [
            "".join(p[:n]) + end
            for p, n, end in zip(parts.tolist(), lengths, ends, strict=True)
        ]
    words = np.array(sorted(set(made)), dtype=object)
    longs = np.array([len(word) for word in words])
    return words[np.argsort(longs + rng.normal(0, 3, len(words)))][:N_TYPES]


def pieces(language: str) -> Callable[[str], list[str]]:
    """Return a function that cuts a sentence into words and what is between them."""
    if language == "en":
        return re.compile(r"\w+|\W+").findall
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from stance.corpus.tokens import jieba_cutter

        cut = jieba_cutter()
    return lambda sentence: list(cut(sentence))


def replacer(language: str) -> Change:
    """Return a function that replaces 45 % of the words of sentences."""
    draw = zipf(invented(language, np.random.default_rng(1)))
    cut = pieces(language)
    known: dict[str, tuple[list[str], np.ndarray]] = {}

    def replaced(chosen: list[str], rng: np.random.Generator) -> list[str]:
        for sentence in chosen:
            if sentence not in known:
                parts = cut(sentence)
                known[sentence] = parts, np.array([p[0].isalpha() for p in parts])
        flat = [p for sentence in chosen for p in known[sentence][0]]
        words = np.concatenate([known[sentence][1] for sentence in chosen])
        places = np.flatnonzero(words & (rng.random(len(words)) < REPLACED)).tolist()
        for place, word in zip(places, draw(len(places), rng), strict=True):
            flat[place] = word
        ends = np.cumsum([len(known[sentence][0]) for sentence in chosen]).tolist()
        starts = [0, *ends[:-1]]
        return ["".join(flat[a:b]) for a, b in zip(starts, ends, strict=True)]

    return replaced


def shuffled(pool: list[str], rng: np.random.Generator) -> Iterator[str]:
    """Yield all sentences in random order, then all again in another one, and so on."""
    while True:
        for at in rng.permutation(len(pool)).tolist():
            yield pool[at]


def paragraphs(
    pools: Pools, *, longest: int, change: Change | None, joint: str, rng: int
) -> Iterator[tuple[str, str, bool]]:
    """Yield (label, text, whether no sentence came before) without end."""
    draw = np.random.default_rng(rng)
    names = sorted(pools)
    left = np.array([len(pools[name]) for name in names])
    shares = left / left.sum()
    deck = [
        shuffled(pools[name], np.random.default_rng([rng, at]))
        for at, name in enumerate(names)
    ]
    while True:
        labels = draw.choice(len(names), size=BATCH, p=shares).tolist()
        counts = draw.integers(1, longest + 1, size=BATCH).tolist()
        chosen: list[str] = []
        are_new: list[bool] = []
        for label, n in zip(labels, counts, strict=True):
            chosen += islice(deck[label], n)
            left[label] -= n
            are_new.append(bool(left.min() >= 0))
        drawn = iter(change(chosen, draw) if change else chosen)
        for label, n, is_new in zip(labels, counts, are_new, strict=True):
            yield names[label], joint.join(islice(drawn, n)), is_new


def stream(name: str, *, n_train: int, megabytes: float) -> Stream:
    """Return a corpus by name, the same one for the same numbers."""
    kind, language = name.split("-")
    train, test = halves((real if kind == "real" else seeded)(language))
    change = replacer(language) if kind == "synth" else None
    joint = " " if language == "en" else ""
    half = {"longest": MAX_SENTENCES, "change": change, "joint": joint}
    known = list(islice(paragraphs(train, rng=1, **half), n_train))
    unseen: list[tuple[str, str, bool]] = []
    total = 0.0
    for row in paragraphs(test, rng=2, **half):
        if total >= megabytes or (name == "real-zh" and not row[2]):
            break
        unseen.append(row)
        total += len(row[1].encode()) / 1e6
    truth, texts, are_new = map(list, zip(*unseen, strict=True))
    labels, train_texts, _ = map(list, zip(*known, strict=True))
    n_once = 0 if change else sum(are_new)
    return Stream(name, language, train_texts, labels, texts, truth, n_once)


def is_there(name: str) -> bool:
    """Whether what a corpus is drawn from is there."""
    return name.startswith("synth") or (SHARED / "data").is_dir()


def short(name: str) -> Iterator[str]:
    """Yield paragraphs of one sentence without end."""
    kind, language = name.split("-")
    _, test = halves((real if kind == "real" else seeded)(language))
    change = replacer(language) if kind == "synth" else None
    for _, text, _ in paragraphs(test, longest=1, change=change, joint="", rng=3):
        yield text


if __name__ == "__main__":
    chosen_name, n_rows = sys.argv[1], int(sys.argv[2])
    place = Path(sys.argv[3] if len(sys.argv) > 3 else f"{chosen_name}.jsonl")
    with place.open("w", encoding="utf-8") as file:
        for number, text in enumerate(islice(short(chosen_name), n_rows)):
            row = {"id": f"p{number:07d}", "text": text}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
