"""The HTML page: nothing in a text becomes mark-up, nothing of a text is lost."""

import base64
import hashlib
import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.model.classify import classify
from stance.model.model import Model
from stance.model.score import seen_key
from stance.show.html import ATTRIBUTES, TAGS, Html, element
from stance.show.page import page
from stance.show.table import printable
from stance.testing import paragraph

SHOW = Path(__file__).parents[2] / "stance" / "show"
HOSTILE = [
    "<script>alert(1)</script> both sides",
    "both\" onmouseover='alert(1)' sides & &lt;b&gt; &amp;",
    "]]></style><style>* { display: none }</style> 双方同意",
    "both \u202esides\u2066 tariffs \x1b[31m\x00 关税",
    "<!--both--> <![CDATA[sides]]> <?php ?> </bdi></p><img src=x onerror=alert(1)>",
    "双方<svg/onload=alert(1)>合作",
]
CHARACTERS = st.sampled_from(
    [*"<>&\"'/=]!-; \n", "both", "双方", "script", "\x1b", "ß"]
)


class Reader(HTMLParser):
    """Collects tags, attributes, and the text of each paragraph's main part."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.inside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag == "bdi":
            self.inside += 1
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside -= tag == "bdi"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.texts[-1] += data


def written(toy: Model, *texts: str, kind: str = "body") -> str:
    units = [
        paragraph(t, id=f"brief:p{n:03d}", kind=kind)
        for n, t in enumerate(texts, start=1)
    ]
    stream = io.StringIO()
    assert page(classify(units, toy), toy, stream) == len(texts)
    return stream.getvalue()


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


def visible(text: str) -> str:
    return "\n".join(printable(line) for line in text.split("\n"))


@pytest.mark.parametrize("kind", ["body", "heading"])
def test_no_tag_of_a_hostile_text_is_on_the_page(toy: Model, kind: str) -> None:
    plain = read(written(toy, *["both 双方"] * len(HOSTILE), kind=kind))

    hostile = read(written(toy, *HOSTILE, kind=kind))

    assert set(hostile.tags) == set(plain.tags)
    assert set(hostile.tags) <= TAGS
    assert {name for name, _ in hostile.attributes} <= {n.lower() for n in ATTRIBUTES}


@pytest.mark.parametrize(
    "text", [*HOSTILE, "Both sides\nagreed.", "双方同意放宽出口管制。"]
)
def test_the_text_shown_is_the_text_given(toy: Model, text: str) -> None:
    assert visible(text) in read(written(toy, text)).texts


@given(text=st.lists(CHARACTERS, min_size=1, max_size=20).map("".join))
def test_any_text_is_shown_as_it_is(toy: Model, text: str) -> None:
    reader = read(written(toy, f"both {text}"))

    assert visible(f"both {text}") in reader.texts
    assert set(reader.tags) <= TAGS


@pytest.mark.parametrize("document", ['<b>"&', "讲话\u202e", "a\x1b[0m"])
def test_names_of_documents_are_text_too(toy: Model, document: str) -> None:
    stream = io.StringIO()

    page(classify([paragraph("both", id=f"{document}:p001")], toy), toy, stream)

    assert printable(document) in read(stream.getvalue()).texts


def test_no_control_character_reaches_the_page(toy: Model) -> None:
    assert (
        re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", written(toy, *HOSTILE))
        == []
    )


def test_the_policy_allows_the_style_and_nothing_else(toy: Model) -> None:
    html = written(toy, *HOSTILE)
    style = html.split("<style>")[1].split("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    policies = [v for n, v in read(html).attributes if v.startswith("default-src")]

    assert policies == [f"default-src 'none'; style-src 'sha256-{digest}'"]


def test_the_page_names_no_address(toy: Model) -> None:
    html = written(toy, "both 双方").lower()

    assert [
        word for word in ("http://", "https://", "url(", "@import") if word in html
    ] == []


def test_probabilities_labels_and_exact_weights_are_on_the_page(toy: Model) -> None:
    reader = read(written(toy, "Both sides agreed."))
    titles = [value for name, value in reader.attributes if name == "title"]

    assert "cooperation" in reader.texts
    assert reader.tags.count("rect") == 3
    assert all(re.fullmatch(r"[+-]\d+\.\d{4}", title) for title in titles)
    assert len(titles) == 3


def test_what_was_seen_in_training_is_said(toy: Model) -> None:
    seen = replace(toy, seen=np.array([seen_key("both 双方")], dtype=np.uint64))

    assert "1 of them seen: the model was trained on these very texts" in written(
        seen, "both 双方"
    )


def test_doubt_is_said_with_the_likeliest_label(toy: Model) -> None:
    items = classify([paragraph("Both sides agreed.")], toy)
    stream = io.StringIO()

    page((replace(i, label="", abstained=True) for i in items), toy, stream)

    assert 'abstained: <bdi dir="auto">cooperation</bdi>?' in stream.getvalue()


def test_units_of_a_data_file_stand_under_one_heading(toy: Model) -> None:
    units = [paragraph("both 双方", id=f"tweet-{n}") for n in range(3)]
    stream = io.StringIO()

    page(classify(units, toy), toy, stream)

    assert read(stream.getvalue()).tags.count("h2") == 1


def test_an_element_escapes_its_text_and_its_attributes() -> None:
    found = element("p", '<b>&"合作"', element("bdi", "'<i>'"), title="\"><b> '")

    assert found == (
        '<p title="&quot;&gt;&lt;b&gt; &#x27;">&lt;b&gt;&amp;"合作"'
        "<bdi>'&lt;i&gt;'</bdi></p>"
    )


def test_what_is_joined_to_an_element_is_text_again() -> None:
    made = element("bdi", "a")

    assert element("p", made + "<b>") == "<p>&lt;bdi&gt;a&lt;/bdi&gt;&lt;b&gt;</p>"


@pytest.mark.parametrize("tag", ["script", "a", "img", "iframe", "p onclick", "P", ""])
def test_an_element_not_on_the_list_is_refused(tag: str) -> None:
    with pytest.raises(ValueError, match="is not on the list"):
        element(tag)


@pytest.mark.parametrize("name", ["onclick", "style", "href", "src", "x y", "id"])
def test_an_attribute_not_on_the_list_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is not on the list"):
        element("p", **{name: "x"})


def test_only_one_module_makes_markup() -> None:
    makers = [
        path.name
        for path in SHOW.parent.rglob("*.py")
        if re.search(r"\bHtml\(", path.read_text(encoding="utf-8"))
    ]

    assert makers == ["html.py"]
    assert Html("x") + "y" == "xy"
