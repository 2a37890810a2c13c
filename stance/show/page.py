"""Labelled paragraphs as one HTML page, with the evidence marked in their text.

All mark-up is made by `stance.show.html.element`, which escapes; there is no script,
no link and no address, and the page's own policy forbids them.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import IO

from stance.model.classify import Labelled
from stance.model.model import Model
from stance.show.html import Html, element
from stance.show.marks import Marked, Run, label_read, marked, score_line
from stance.show.rows import about, counts_line
from stance.show.screen import COLOURS, document_of
from stance.show.table import printable

#: The part of the style that no label changes.
STYLE = Path(__file__).with_name("page.css")
#: Of a mark's background, by its level.
OPACITY = {1: "1f", 2: "47", 3: "7a"}


def page(items: Iterable[Labelled], model: Model, stream: IO[str]) -> int:
    """Write one HTML page: every paragraph, its label, and the evidence in its text.

    Parameters
    ----------
    items : iterable of Labelled
        In reading order; a document is written before the next is read.
    model : Model
        The one that labelled them.
    stream : text file
        Open for writing, as UTF-8.

    Returns
    -------
    int
        Number of paragraphs.
    """
    labels = model.labels.names
    style = STYLE.read_text(encoding="utf-8") + _colours()
    hashed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{hashed}'"
    parts = (
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", "Labelled paragraphs and their evidence"),
        element("style", style),
        _legend(model),
    )
    stream.write("<!doctype html>\n" + "\n".join(parts) + "\n")
    n = n_seen = 0
    for (document, _), group in groupby(enumerate(items), key=document_of):
        own = [item for _, item in group]
        name = document or f"{len(own)} units"
        head = element("h2", _corpus(name))
        counts = element("p", _corpus(counts_line(name, own, labels)), class_="small")
        body = (_paragraph(item, marked(item, model), labels) for item in own)
        stream.write(element("section", head, counts, *body) + "\n")
        n += len(own)
        n_seen += sum(item.seen and bool(item.label) for item in own)
    stream.write(_footer(n, n_seen, model) + "\n")
    return n


def _colours() -> str:
    """Return the classes of the labels' colours, and of their marks by level."""
    rules = []
    for at, colour in enumerate(COLOURS):
        rules.append(f".c{at} {{ fill: {colour}; text-decoration-color: {colour}; }}")
        rules.append(f".chip.c{at} {{ background: {colour}; }}")
        for level, opacity in OPACITY.items():
            rules.append(f".f{level}.c{at} {{ background: {colour}{opacity}; }}")
    return "\n".join(rules) + "\n"


def _corpus(text: str, language: str = "") -> Html:
    """Return a text that is not ours, set apart, its control characters shown."""
    lines = "\n".join(map(printable, text.split("\n")))
    if language in ("en", "zh"):
        return element("bdi", lines, dir="auto", lang=language)
    return element("bdi", lines, dir="auto")


def _legend(model: Model) -> Html:
    keys = [
        element(
            "span", element("span", class_=f"chip c{at % len(COLOURS)}"),
            _corpus(label), class_="key",
        )
        for at, label in enumerate(model.labels.names)
    ]  # fmt: skip
    pro = [element("span", f"for {n}", class_=f"m f{n} c0") for n in (1, 2, 3)]
    contra = [element("span", f"against {n}", class_=f"m a{n}") for n in (1, 2, 3)]
    marks = [part for mark in pro + contra for part in (mark, " ")]
    return element(
        "header",
        element("h1", "Labelled paragraphs and their evidence"),
        element("p", *keys),
        element("p", *marks),
        element(
            "p", "The bar shows the probabilities of the labels. Solid lines in the "
            "label’s colour: what speaks for the label given, weak to strong; dotted "
            "grey lines: what speaks against it. Strength compares words within a "
            "paragraph. A word’s exact part of the score is shown when the pointer "
            "rests on it; all parts sum to the score.", class_="small",
        ),
        element(
            "p", "横条表示各标签的概率。实线（标签颜色）：支持该标签的词语，由弱到强；"
            "灰色虚线：不支持该标签的词语。强弱只在同一段落内比较。", class_="small",
            lang="zh",
        ),
        lang="en",
    )  # fmt: skip


def _paragraph(item: Labelled, marks: Marked | None, labels: tuple[str, ...]) -> Html:
    name = _corpus(item.unit.id)
    text = item.unit.text
    if marks is None:
        what = "abstained: no term is known" if item.abstained else item.unit.kind
        head = element("p", name, element("span", what), class_="head")
        body = element("p", _corpus(text, item.unit.language))
        return element("article", head, body, class_="other")
    read = label_read(item, labels)
    at = labels.index(read) % len(COLOURS)
    shares = zip(labels, item.proba, strict=True)
    words = [element("span", _corpus(name), f" {p:.2f}") for name, p in shares]
    given = [_corpus(item.label)] if item.label else ["abstained: ", _corpus(read), "?"]
    label = element(
        "span", element("span", class_=f"chip c{at}"), *given, class_="label",
    )  # fmt: skip
    seen = [element("span", "* seen in training")] if item.seen else []
    spans = (_run(run, text, at) for run in marks.runs)
    language = item.unit.language if item.unit.language in ("en", "zh") else "und"
    return element(
        "article",
        element("p", label, name, *seen, class_="head"),
        _bar(item.proba, labels),
        element("p", *words, class_="head"),
        element("p", element("bdi", *spans, dir="auto", lang=language)),
        element("p", _corpus(score_line(marks, read)), class_="score"),
    )


def _run(run: Run, text: str, at: int) -> str:
    words = "\n".join(map(printable, text[run.start : run.end].split("\n")))
    if not run.level:
        return words
    side = f"f{run.level} c{at}" if run.level > 0 else f"a{-run.level}"
    return element("span", words, class_=f"m {side}", title=f"{run.weight:+.4f}")


def _bar(proba: tuple[float, ...], labels: tuple[str, ...]) -> Html:
    """Return the probabilities as one bar, a stretch a label, white between them."""
    edge, parts = 0.0, []
    for at, p in enumerate(proba):
        x, width = f"{edge * 100:.2f}", f"{max(p * 100 - 0.4, 0):.2f}"
        colour = f"c{at % len(COLOURS)}"
        parts.append(element("rect", x=x, width=width, height="1", class_=colour))
        edge += p
    shares = zip(labels, proba, strict=True)
    said = ", ".join(f"{printable(label)} {p:.2f}" for label, p in shares)
    return element(
        "svg", *parts, viewBox="0 0 100 1", preserveAspectRatio="none", role="img",
        aria_label=said,
    )  # fmt: skip


def _footer(n: int, n_seen: int, model: Model) -> Html:
    lines = [
        *about(model, n, n_seen),
        "The marks tell how this model read the text, not what the text argues.",
    ]
    return element(
        "footer", *(element("p", _corpus(line), class_="small") for line in lines)
    )
