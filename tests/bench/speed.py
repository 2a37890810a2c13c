"""How fast texts are scored, beside the other ways to do it, and that it is exact.

    python tests/bench/speed.py [--quick] [--rounds N] [--megabytes N] [--only NAME ...]

Megabytes of UTF-8 text a second of CPU time on one core. Candidates take turns in one
process, in reversed order every other round; a ratio is the median of the ratios of the
rounds. Texts are unseen (see corpora.py), and our tables of words met are empty at the
start of each round; what a model needs once (loading, our look-up tables, jieba's
dictionary) is done before the clock runs. Slow candidates get the first part of the
same stream; Chinese streams have half of the megabytes. Each race ends with the largest
difference between our probabilities and those of scikit-learn's classes over the same
tokens, and the last table has the rows of the README. What is not installed, or has no
data, is left out with a line:

    pip install nltk jieba fasttext-wheel
"""

import argparse
import os
from collections import deque
from collections.abc import Iterable
from functools import partial
from time import process_time
from typing import NamedTuple

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from common import ROOT
from corpora import NAMES, Stream, is_there, part, stream
from race import (
    OURS,
    PIPELINE,
    Candidate,
    Race,
    Row,
    best_table,
    empty_tables,
    has,
    provenance,
    race,
    show,
)
from rivals import (
    Predict,
    analysed_once,
    fasttext,
    fresh,
    in_batches,
    ours,
    plain,
    usual_chinese,
    usual_english,
)
from sklearn.pipeline import Pipeline

from stance.model.classify import classify
from stance.model.model import Model
from stance.model.score import probabilities
from stance.model.store import load
from stance.testing import paragraph

WARM, ONCE = "ours, tables warm", "ours, no sentence twice"
EVIDENCE = "ours, with evidence"
#: Characters to begin with: for a short list no tables would be built.
STARTERS = 200_000
PLAIN, USUAL = "scikit-learn, no stems", "the usual script"


class Sizes(NamedTuple):
    """How much is done; ``slow`` megabytes are for what makes less than 1 MB/s.

    ``least``: CPU seconds that a candidate is timed for in a round, again and again.
    """

    n_train: int = 10_000
    megabytes: float = 40.0
    slow: float = 1.0
    shipped: float = 8.0
    rounds: int = 3
    least: float = 0.5


QUICK = Sizes(1_000, megabytes=0.5, slow=0.1, shipped=0.1, rounds=1, least=0.1)


def starters(data: Stream) -> list[str]:
    """Return two training texts many times over: enough to make every table ready."""
    found = [text for text in data.train if text.isascii()][:1]
    found += [text for text in data.train if not text.isascii()][:1]
    return found * (1 + STARTERS // sum(map(len, found)))


def cold(model: Model, data: Stream) -> Predict:
    """Return our scorer, its look-up tables built, but few words met."""
    new = fresh(model)
    empty_tables()
    probabilities(new, starters(data))
    return partial(probabilities, new)


def built(model: Model, data: Stream) -> str:
    """Return how long our look-up tables take, which are not timed with the texts."""
    begin = process_time()
    cold(model, data)
    return f"tables, and a first text: {process_time() - begin:.2f} s"


def warm(model: Model, data: Stream) -> Predict:
    """Return our scorer after it has met all of the texts."""
    scorer = cold(model, data)
    scorer(data.texts)
    return scorer


def explained(model: Model, data: Stream, texts: list[str]) -> Predict:
    """Return the same with evidence, a record for each paragraph."""
    units = [paragraph(text) for text in texts]
    new = fresh(model)
    empty_tables()
    deque(classify([paragraph(text) for text in starters(data)], new), maxlen=0)
    return lambda _: deque(classify(units, new), maxlen=0)


def accuracy(predict: Predict, data: Stream) -> str:
    """Return the share of right labels, which shows that nobody is crippled."""
    some = part(data.texts, 0.5)
    right = np.array(predict(some)) == np.array(data.truth[: len(some)])
    return f"accuracy {right.mean():.3f}"


def sklearn_rival(
    name: str, pipeline: Pipeline, texts: list[str], *, data: Stream
) -> Candidate:
    """Return a fitted pipeline as a peer: its probabilities are what is timed."""
    predict = in_batches(pipeline.predict_proba)
    n_terms = len(pipeline[0].vocabulary_)
    note = f"{accuracy(pipeline.predict, data)}, {n_terms} terms"
    return Candidate(name, lambda: predict, texts, note)


def peers(data: Stream, sizes: Sizes) -> Iterable[Candidate]:
    """Yield the scorers of other people, trained on the same texts."""
    few = part(data.texts, sizes.slow)
    if data.language == "zh":
        yield sklearn_rival(USUAL, usual_chinese(data), few, data=data)
        if has("rjieba", of="scikit-learn over rjieba"):
            quick = usual_chinese(data, package="rjieba")
            more = part(data.texts, 4 * sizes.slow)
            yield sklearn_rival("scikit-learn over rjieba", quick, more, data=data)
        return
    if has("nltk", of=USUAL):
        yield sklearn_rival(USUAL, usual_english(data), few, data=data)
    yield sklearn_rival(PLAIN, plain(data), data.texts, data=data)
    if has("fasttext-wheel", of="fastText"):
        for bucket in (500_000, 2_000_000):
            name = f"fastText, {bucket} buckets"
            predict = fasttext(data, bucket=bucket)
            note = accuracy(predict, data)
            yield Candidate(name, partial(in_batches, predict), data.texts, note)


def trained(data: Stream, sizes: Sizes) -> Race:
    """Race models of words, trained here, over a stream."""
    pipeline, model = ours(data)
    some = part(data.texts, sizes.slow)
    proba = probabilities(model, some)
    difference = float(np.abs(proba - pipeline.predict_proba(some)).max())
    new = partial(cold, model, data)
    candidates = [
        Candidate(OURS, new, data.texts, built(model, data)),
        Candidate(WARM, partial(warm, model, data), data.texts),
        sklearn_rival(PIPELINE, pipeline, some, data=data),
        *peers(data, sizes),
    ]
    if 0 < data.n_once < len(data.texts):
        candidates.append(Candidate(ONCE, new, data.texts[: data.n_once]))
    title = f"{data.name}, words, {len(data.train)} training texts"
    speeds = race(candidates, rounds=sizes.rounds, least=sizes.least)
    done = Race(title, speeds, difference)
    show(done, candidates)
    return done


def shipped(data: Stream, sizes: Sizes) -> Race:
    """Race the model of the repository, all its blocks and terms."""
    model = load(ROOT / "models/us-china-tech")
    pipeline, once = model.to_pipeline(), analysed_once(model)
    few, more = part(data.texts, sizes.slow / 2), part(data.texts, sizes.shipped)
    names = list(model.labels.names)
    order = [list(pipeline.classes_).index(name) for name in names]
    apart = pipeline.predict_proba(few)[:, order] - probabilities(model, few)
    candidates = [
        Candidate(OURS, partial(cold, model, data), more, built(model, data)),
        Candidate(EVIDENCE, partial(explained, model, data, more), more),
        Candidate(
            PIPELINE,
            partial(in_batches, once),
            few,
            "each text analysed once for all blocks",
        ),
        Candidate(
            "to_pipeline() as it is",
            partial(in_batches, pipeline.predict_proba),
            few,
            "each block analyses the texts",
        ),
    ]
    title = f"{data.name}, shipped model, blocks {[b.spec.name for b in model.blocks]}"
    speeds = race(candidates, rounds=sizes.rounds, least=sizes.least)
    done = Race(title, speeds, float(np.abs(apart).max()))
    show(done, candidates)
    return done


def table(words: dict[str, Race], whole: dict[str, Race]) -> list[Row]:
    """Return the rows of the README that were measured here."""

    def against(peer: str, races: dict[str, Race], language: str) -> dict[str, float]:
        return {
            name: done.ratio(OURS, to=peer)
            for name, done in races.items()
            if name.endswith(language) and peer in done.speeds
        }

    def speeds(of: str, races: dict[str, Race]) -> dict[str, float]:
        return {name: done.speed(of) for name, done in races.items()}

    few, many = (f"fastText, {bucket} buckets" for bucket in (500_000, 2_000_000))
    rows = [
        Row("English, words 1-2 with stems, against the usual script",
            against(USUAL, words, "en"), 40),
        Row("the same against scikit-learn's own words 1-2, no stems",
            against(PLAIN, words, "en"), 4),
        Row("the same against fastText, 500,000 buckets",
            against(few, words, "en"), 1.2),
        Row("the same against fastText, 2 million buckets", against(many, words, "en")),
        Row("shipped model, English, against its scikit-learn pipeline",
            against(PIPELINE, whole, "en"), 4),
        Row("Chinese, words 1-2, against jieba + scikit-learn",
            against(USUAL, words, "zh"), 10),
        Row("shipped model, Chinese, against its scikit-learn pipeline",
            against(PIPELINE, whole, "zh")),
        Row("words 1-2, a core", speeds(OURS, words), unit="MB/s"),
        Row("shipped model, a core", speeds(OURS, whole), unit="MB/s"),
        Row("shipped model with evidence, a core", speeds(EVIDENCE, whole),
            unit="MB/s"),
    ]  # fmt: skip
    return [row for row in rows if row.values]


def main() -> None:
    """Run the races and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small, for trying")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--megabytes", type=float, help="of the stream")
    parser.add_argument("--only", nargs="+", choices=NAMES, default=NAMES)
    args = parser.parse_args()
    given = {"rounds": args.rounds, "megabytes": args.megabytes}
    sizes = (QUICK if args.quick else Sizes())._replace(
        **{name: value for name, value in given.items() if value}
    )
    print(provenance())
    words: dict[str, Race] = {}
    whole: dict[str, Race] = {}
    for name in args.only:
        if not is_there(name):
            print(f"left out, the data folder is not there: {name}")
            continue
        most = sizes.megabytes / (2 if name.endswith("zh") else 1)
        data = stream(name, n_train=sizes.n_train, megabytes=most)
        words[name] = trained(data, sizes)
        whole[name] = shipped(data, sizes)
    races = [*words.values(), *whole.values()]
    print(f"\n{best_table(table(words, whole), races)}")


if __name__ == "__main__":
    main()
