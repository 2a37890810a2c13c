"""The scorers that the benches of speed compare, each trained on the same texts.

A rival is a function from texts to predictions, as fast as its users can have it:
vocabularies are cut off alike, texts come in batches of 1,000, nothing is loaded or
initialised while the clock runs. Rivals that are not installed are left out.
"""

import tempfile
import warnings
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from corpora import Stream
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from stance.coding.codebook import LabelSet
from stance.corpus.terms import NO_TERMS
from stance.corpus.tokens import analyse
from stance.model.blocks import SPECS, features, occurrences
from stance.model.model import Block, Model

MIN_DF = SPECS["words"].min_df
BATCH = 1_000
#: Lower case, and a blank for what is no letter, digit or line break: all of the
#: cleaning that fastText needs, done on the bytes of a batch at once.
CLEAN = bytes(
    code + 32 if 65 <= code <= 90
    else code if code in (0, 10, 95) or code >= 128 or chr(code).isalnum()
    else 32
    for code in range(256)
)  # fmt: skip

Predict = Callable[[list[str]], object]


def in_batches(predict: Predict) -> Predict:
    """Return a function that hands texts on in batches."""

    def each(texts: list[str]) -> list[object]:
        starts = range(0, len(texts), BATCH)
        return [predict(texts[at : at + BATCH]) for at in starts]

    return each


def tfidf(**options: object) -> TfidfVectorizer:
    """Return words and pairs of words, cut off at the same frequency for everybody."""
    return TfidfVectorizer(ngram_range=(1, 2), min_df=MIN_DF, **options)


def plain(stream: Stream) -> Pipeline:
    """Return scikit-learn's own: no stems."""
    pipeline = make_pipeline(tfidf(), LogisticRegression(max_iter=1000))
    return pipeline.fit(stream.train, stream.labels)


def usual_english(stream: Stream) -> Pipeline:
    """Return what most scripts do: NLTK's word tokenizer and its Snowball stemmer."""
    from nltk.stem.snowball import SnowballStemmer
    from nltk.tokenize import NLTKWordTokenizer

    words, stem = NLTKWordTokenizer().tokenize, SnowballStemmer("english").stem
    vectorizer = tfidf(
        tokenizer=lambda text: [stem(word) for word in words(text)], token_pattern=None
    )
    pipeline = make_pipeline(vectorizer, LogisticRegression(max_iter=1000))
    return pipeline.fit(stream.train, stream.labels)


def usual_chinese(stream: Stream, *, package: str = "jieba") -> Pipeline:
    """Return what most scripts do: jieba's words, or those of its port to Rust."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if package == "jieba":
            import jieba

            jieba.setLogLevel(60)
            jieba.initialize()
            cut = jieba.lcut
        else:
            import rjieba

            cut = rjieba.cut
    vectorizer = tfidf(tokenizer=cut, token_pattern=None)
    pipeline = make_pipeline(vectorizer, LogisticRegression(max_iter=1000))
    return pipeline.fit(stream.train, stream.labels)


def cleaned(texts: Iterable[str]) -> list[str]:
    r"""Return the texts as fastText takes them, each with its line break.

    Examples
    --------
    >>> cleaned(["Eased, again.", "开放"])
    ['eased  again \n', '开放\n']
    """
    joined = "\n\0".join([*texts, ""]).encode().translate(CLEAN)
    return joined.decode().split("\0")[:-1]


def fasttext(stream: Stream, *, bucket: int) -> Predict:
    """Return fastText's likeliest labels, without its wrapper's checks of each text."""
    import fasttext

    names = sorted(set(stream.labels))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "train.txt"
        with path.open("w", encoding="utf-8") as file:
            for text, label in zip(cleaned(stream.train), stream.labels, strict=True):
                file.write(f"__label__{names.index(label)} {text}")
        model = fasttext.train_supervised(
            str(path),
            wordNgrams=2,
            dim=20,
            epoch=10,
            bucket=bucket,
            thread=1,
            verbose=0,
        )
    low = model.f.multilinePredict

    def predict(texts: list[str]) -> list[str]:
        labels, _ = low(cleaned(texts), 1, 0.0, "strict")
        return [names[int(label[0].removeprefix("__label__"))] for label in labels]

    return predict


def ours(stream: Stream) -> tuple[Pipeline, Model]:
    """Return scikit-learn's pipeline over our tokens, and the same as a `Model`."""
    spec = SPECS["words"]
    vectorizer = TfidfVectorizer(
        analyzer=partial(features, block=spec.name, terms=NO_TERMS),
        lowercase=False,
        min_df=spec.min_df,
        sublinear_tf=spec.sublinear_tf,
    )
    linear = LogisticRegression(solver="newton-cg", tol=1e-4, max_iter=1000)
    pipeline = make_pipeline(vectorizer, linear).fit(stream.train, stream.labels)
    return pipeline, model_of(pipeline, n_train=len(stream.train))


def model_of(pipeline: Pipeline, *, n_train: int) -> Model:
    """Return a fitted pipeline of the ``words`` block as a `Model` of ours."""
    vectorizer, linear = (step for _, step in pipeline.steps)
    terms = tuple(vectorizer.get_feature_names_out().tolist())
    idf = vectorizer.idf_.copy()
    n_texts = np.rint((n_train + 1) / np.exp(idf - 1) - 1).astype(np.uint64)
    return Model(
        name="bench",
        labels=LabelSet(tuple(linear.classes_.tolist())),
        blocks=(Block(SPECS["words"], terms, idf, n_texts),),
        coef=linear.coef_.copy(),
        intercept=linear.intercept_.copy(),
        calibration=np.array([[1.0]]),
        seen=np.empty(0, np.uint64),
        terms=NO_TERMS,
    )


def fresh(model: Model) -> Model:
    """Return a model that shares no table of words with the one it was copied from."""
    return replace(model, blocks=tuple(replace(block) for block in model.blocks))


def analysed_once(model: Model) -> Predict:
    """Return the model's scikit-learn pipeline, analysing each text but once.

    As it stands every block of the pipeline analyses the texts anew.
    """
    pipeline = model.to_pipeline()
    for name, vectorizer in pipeline.named_steps["features"].transformer_list:
        vectorizer.analyzer = partial(found_in, block=name)

    def predict(texts: list[str]) -> object:
        return pipeline.predict_proba([analyse(text, model.terms) for text in texts])

    return predict


def found_in(analysis: object, *, block: str) -> list[str]:
    """Return the features of a block in a text that was analysed before."""
    return [feature for feature, _, _ in occurrences(analysis, block)]
