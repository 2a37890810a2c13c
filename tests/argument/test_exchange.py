"""What other tools are given: whole graphs, and rows at the right place."""

import json
from dataclasses import replace
from html import unescape
from re import findall

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.argument.claim import Link
from stance.argument.exchange import DnaRow, Xaif, rdna_rows, xaif
from stance.argument.statement import Statement, links_of, statements
from stance.corpus.terms import NO_TERMS
from stance.testing import corpus, paragraph

TEXT = (
    "Zhou Liujun said that China will cooperate with Japan. The US <restricts> exports "
    "to China & others.\n\n双方应当合作。例如，2021年双边贸易额同比增长28.7%。"
)
#: dna_getStatements returns these columns (rDNA, tests/testthat/test-data-access.R).
DNA = (
    "document_id", "start", "coder_id", "stop", "person", "organization", "concept",
    "agreement",
)  # fmt: skip
PIECES = (
    "Zhou said that exports fell. ", "The controls will fail. ", "双方应当合作。",
    "For example, sales rose by 8 %. ", "例如，出口增长了8%。",
    "<b>\"Prices\" rose.</b> ", "\n\n",
)  # fmt: skip


def table(text: str = TEXT) -> tuple[Statement, ...]:
    units = corpus(text).paragraphs
    return statements(units, terms=NO_TERMS, dates={"text-1": ("2012", "Daily")})


def ids(graph: Xaif, kind: str) -> list[object]:
    return [node["nodeID"] for node in graph["AIF"]["nodes"] if node["type"] == kind]


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_a_graph_is_whole_after_a_round_trip(text: str) -> None:
    found = table(text)

    graph: Xaif = json.loads(json.dumps(xaif(found, links_of(found))))

    aif = graph["AIF"]
    nodes = [node["nodeID"] for node in aif["nodes"]]
    edges = [edge["edgeID"] for edge in aif["edges"]]
    people = [person["participantID"] for person in aif["participants"]]
    ends = {edge[end] for edge in aif["edges"] for end in ("fromID", "toID")}
    assert len(set(nodes)) == len(nodes)
    assert len(set(edges)) == len(edges)
    assert len(set(people)) == len(people)
    assert ends == set(nodes)
    assert all(str(node["text"]).strip() for node in aif["nodes"])
    assert all(str(person["surname"]) for person in aif["participants"])
    assert [said["nodeID"] for said in aif["locutions"]] == ids(graph, "L")
    assert {said["personID"] for said in aif["locutions"]} == set(people)


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_the_marked_text_has_every_locution(text: str) -> None:
    found = table(text)

    graph = xaif(found)

    marked = findall('id="([0-9]+)">([^<]*)</span>', graph["text"]["txt"])
    assert [(int(at), unescape(said)) for at, said in marked] == list(
        zip(ids(graph, "L"), [row.text for row in found], strict=True)
    )


def test_every_statement_is_said_and_meant() -> None:
    """L, YA and I of a statement hang together as in the tutorial of xAIF."""
    found = table()

    graph = xaif(found)

    edges = [(edge["fromID"], edge["toID"]) for edge in graph["AIF"]["edges"]]
    assert ids(graph, "L") == [0, 3, 6, 9]
    assert edges[:4] == [(0, 2), (2, 1), (3, 5), (5, 4)]
    assert set(ids(graph, "I")) == {1, 4, 7, 10}
    assert set(ids(graph, "YA")) == {2, 5, 8, 11}


def test_a_premise_leads_through_an_inference_to_its_claim() -> None:
    found = table()

    graph = xaif(found, links_of(found))

    (inference,) = ids(graph, "RA")
    edges = [(edge["fromID"], edge["toID"]) for edge in graph["AIF"]["edges"]]
    assert [edge for edge in edges if inference in edge] == [
        (10, inference), (inference, 7),
    ]  # fmt: skip


def test_holders_and_writers_take_part_once() -> None:
    graph = xaif(table())

    assert [person["surname"] for person in graph["AIF"]["participants"]] == [
        "Zhou Liujun", "Daily",
    ]  # fmt: skip
    assert [said["personID"] for said in graph["AIF"]["locutions"]] == [0, 1, 1, 1]


def test_a_view_of_nobody_has_a_participant() -> None:
    row = replace(table()[0], holder="")

    graph = xaif([row])

    assert [person["surname"] for person in graph["AIF"]["participants"]] == ["unknown"]


def test_the_top_level_is_that_of_the_tutorial() -> None:
    graph = xaif(())

    assert set(graph) == {"AIF", "OVA", "text", "dialog"}
    assert set(graph["AIF"]) == {
        "nodes", "edges", "schemefulfillments", "descriptorfulfillments",
        "participants", "locutions",
    }  # fmt: skip
    assert graph["text"] == {"txt": ""}


@pytest.mark.parametrize("link", [Link(0, 4, "next", ""), Link(-1, 0, "next", "")])
def test_a_link_to_nowhere_is_refused(link: Link) -> None:
    with pytest.raises(ValueError, match="is not of the 4 statements"):
        xaif(table(), [link])


def test_rows_have_the_columns_of_dna() -> None:
    assert set(DNA) < set(DnaRow.__slots__)


def test_carets_are_those_of_the_document() -> None:
    texts = corpus(f"标题\n\n{TEXT}")
    found = statements(texts.paragraphs, terms=NO_TERMS)

    rows = rdna_rows(found, starts={unit.id: unit.start for unit in texts.paragraphs})

    text = texts.documents[0].text
    assert len(rows) == 2
    assert [text[row.start : row.stop] for row in rows] == [row.text for row in rows]
    assert {row.document_id for row in rows} == {"text-1"}


def test_without_their_starts_paragraphs_are_documents() -> None:
    rows = rdna_rows(table())

    assert {row.document_id for row in rows} == {"text-1:p001"}
    assert rows[0].start == 0


def test_a_paragraph_without_its_start_is_refused() -> None:
    with pytest.raises(ValueError, match="starts has no paragraph 'text-1:p001'"):
        rdna_rows(table(), starts={})


def test_concepts_are_frame_and_target() -> None:
    row = table()[0]

    rows = rdna_rows([
        replace(row, frame="cooperation", target="Japan"),
        replace(row, frame="cooperation", target=""),
        replace(row, frame="", target="Japan"),
    ])  # fmt: skip

    assert [found.concept for found in rows] == [
        "cooperation: Japan", "cooperation", "Japan",
    ]  # fmt: skip


def test_what_dna_cannot_hold_is_left_out() -> None:
    row = table()[0]

    rows = rdna_rows([
        replace(row, polarity="none"),
        replace(row, polarity=""),
        replace(row, frame="", target=""),
        replace(row, polarity="against"),
    ])  # fmt: skip

    assert [found.agreement for found in rows] == [0]


@pytest.mark.parametrize(
    ("holder", "person"),
    [
        ("Zhou Liujun", True), ("Zhou", True), ("Professor Zhang Wei", True),
        ("周柳军", True), ("外交部发言人汪文斌", True),
        ("The Boston Consulting Group", False), ("OECD", False), ("Washington", False),
        ("the report", False), ("商务部", False), ("该报告", False),
        ("王毅外长", True), ("WTO", False), ("China", False), ("the minister", False),
    ],
)  # fmt: skip
def test_people_are_told_from_bodies(holder: str, person: bool) -> None:
    (row,) = rdna_rows([replace(table()[0], holder=holder)])

    assert (row.person, row.organization) == ((holder, "") if person else ("", holder))


def test_the_own_voice_is_that_of_the_source() -> None:
    row = replace(table()[0], voice="own", holder="")

    (named,) = rdna_rows([row])
    (nameless,) = rdna_rows([replace(row, source="")])
    (nobody,) = rdna_rows([replace(row, voice="reported")])

    assert named.organization == "Daily"
    assert nameless.organization == "text-1"
    assert (nobody.person, nobody.organization) == ("", "")


def test_paragraphs_are_kept_apart_in_the_marked_text() -> None:
    units = [paragraph("One fell.", id="d:p001"), paragraph("增长了。", id="d:p002")]

    graph = xaif(statements(units, terms=NO_TERMS))

    assert graph["text"]["txt"].count("<br><br>") == 1
