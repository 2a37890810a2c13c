"""Invented labelled paragraphs of any number, made from the seeds' anchors.

    python tests/bench/synthetic.py N [FILE.jsonl]

A paragraph is sentences of the English anchors, 45 % of whose words are replaced from
a Zipf list of 200,000 invented words: vocabulary grows as that of real text does, and
near duplicates are rare. Half of the sentences are of anchors with the paragraph's
label, the others of any, and 15 % of the labels are drawn anew: there is signal, and
noise. A document has five paragraphs and a leaning toward one label. Accuracy on such
texts says nothing of real ones.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from common import ROOT, rows

N_TYPES, REPLACED, NOISE, OWN, LEANING = 200_000, 0.45, 0.15, 0.5, 0.4
PER_DOCUMENT, LENGTH = 5, 740
SYLLABLES = [a + b for a in "bcdfghjklmnprstvz" for b in ("a", "e", "i", "o", "u")]


def zipf_words(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return invented words, and the cumulated shares of a Zipf law over them."""
    parts = rng.choice(SYLLABLES, (2 * N_TYPES, 3))
    words = np.unique(["".join(part) for part in parts])
    words = rng.permutation(words)[:N_TYPES]
    shares = 1 / (np.arange(len(words)) + 2.7)
    return words.astype(object), np.cumsum(shares / shares.sum())


def labelled(n: int, *, rng: int = 0) -> Iterator[dict[str, str]]:
    """Yield ``n`` rows: id, document, text, label; the first are the same for any n."""
    anchors = [row for row in rows(ROOT / "seeds/anchors.jsonl")
               if row["language"] == "en"]  # fmt: skip
    names = sorted({row["label"] for row in anchors})
    pools = [
        [sentence.split()
         for row in anchors if row["label"] == name
         for sentence in re.split(r"(?<=[.!?])\s+", row["text"])]
        for name in names
    ]  # fmt: skip
    draw = np.random.default_rng(rng)
    words, cumulated = zipf_words(draw)
    leaning = 0
    for at in range(n):
        if at % PER_DOCUMENT == 0:
            leaning = int(draw.integers(len(names)))
        own = leaning if draw.random() < LEANING else int(draw.integers(len(names)))
        tokens: list[str] = []
        size = 0
        while size < LENGTH:
            of = own if draw.random() < OWN else int(draw.integers(len(names)))
            sentence = pools[of][int(draw.integers(len(pools[of])))]
            tokens += sentence
            size += sum(map(len, sentence)) + len(sentence)
        replaced = np.flatnonzero(draw.random(len(tokens)) < REPLACED)
        drawn = words[np.searchsorted(cumulated, draw.random(len(replaced)))]
        for place, word in zip(replaced.tolist(), drawn.tolist(), strict=True):
            tokens[place] = word
        is_noise = draw.random() < NOISE
        label = int(draw.integers(len(names))) if is_noise else own
        yield {
            "id": f"p{at:07d}",
            "document": f"d{at // PER_DOCUMENT:06d}",
            "text": " ".join(tokens),
            "label": names[label],
        }


def write(path: Path, n: int) -> Path:
    """Write ``n`` rows to a JSON Lines file, unless it is there; return its path."""
    if not path.exists():
        with path.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in labelled(n))
    return path


if __name__ == "__main__":
    n_rows = int(sys.argv[1])
    print(write(Path(sys.argv[2] if len(sys.argv) > 2 else f"{n_rows}.jsonl"), n_rows))
