"""Connectives are found where they join, with their relation, and nowhere else."""

import time
import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.argument.connective import NO_RELATION, RELATIONS, connectives
from stance.argument.connective_rules import RULES
from stance.argument.lexicon import read_lexicon
from stance.corpus.language import HAN_RUN

#: A sentence, and its connectives with their relations in order.
ENGLISH = (
    (
        "Since the tariffs hurt farmers more than they helped steelmakers, "
        "Congress should repeal them.",
        "since=cause",
    ),
    ("The ministry has not replied since Tuesday.", ""),
    ("Since joining the WTO, China has cut its average tariff by half.", ""),
    (
        "While both governments profess goodwill, neither has lowered a single duty.",
        "while=contrast",
    ),
    ("Officials smiled while the cameras rolled.", ""),
    ("Exports grew, while imports stagnated.", "while=contrast"),
    ("The rule is strict, yet enforcement remains lax.", "yet=contrast"),
    ("The court has yet to decide.", ""),
    ("It is not yet clear whether the ban applies.", ""),
    ("Prices rose so quickly that shops closed.", ""),
    ("The supply was cut, so factories stood idle.", "so=result"),
    ("So far, no chip plant has opened.", ""),
    ("If the license is denied, the buyer may appeal.", "if=condition"),
    ("He asked if the embargo would last.", ""),
    ("Once the review ends, shipments may resume.", "once=condition"),
    ("Once again, the talks collapsed.", ""),
    ("The committee, thus informed, adjourned.", "thus=result"),
    ("Also, the bill funds research.", "also=addition"),
    ("The bill also funds research.", ""),
    (
        "As the dispute is unlikely to be settled soon, firms are moving out.",
        "as=cause",
    ),
    ("As the minister said, trust takes time.", ""),
    ("Firms left, for they feared new sanctions.", "for=cause"),
    ("A license is needed for all exports.", ""),
    (
        "First, cut red tape; second, train engineers; finally, open the market.",
        "first=order second=order finally=order",
    ),
    ("The first round ended in May.", ""),
    (
        "On the one hand, controls slow China down; "
        "on the other hand, they cost American jobs.",
        "on the one hand=order on the other hand=order",
    ),
    (
        "Not only does the policy fail, but it also alienates allies.",
        "not only=addition but=contrast",
    ),
    (
        "The policy not only fails but also alienates allies.",
        "not only=addition but also=addition",
    ),
    ("Although Japan joined, it did so reluctantly.", "although=concession"),
    (
        "Despite the truce, tariffs remain; nevertheless, trade recovered.",
        "despite=concession nevertheless=concession",
    ),
    ("Unless Congress acts, the program will lapse.", "unless=condition"),
    ("The agency acted in order to protect patents.", "in order to=purpose"),
    ("We share data so that doctors can respond.", "so that=purpose"),
    (
        "Because of the ban, sales fell; as a result, the firm closed two plants.",
        "because of=cause as a result=result",
    ),
    ("In addition to tariffs, quotas were imposed.", "in addition to=addition"),
    ("For instance, Beijing restricted gallium.", "for instance=example"),
    ("Had they known, they would have left.", ""),
    ("Should negotiations fail, duties will double.", "should=condition"),
    ("Instead of retaliating, Beijing filed a complaint.", ""),
    ("Instead, Beijing filed a complaint.", "instead=contrast"),
    ("Whatever the motive, the effect is plain.", ""),
    ("The plan is bold; however, it lacks money.", "however=contrast"),
    ("However hard they tried, they failed.", ""),
    ("Given that demand is weak, prices may fall.", "given that=cause"),
    ("He was given the file.", ""),
    (
        "Lawmakers warned that, if approved, the sale would set a precedent, "
        "whereas lobbyists disagreed.",
        "if=condition whereas=contrast",
    ),
    ("I don't agree, though.", "though=concession"),
    ("Then the Soviet Union collapsed.", "then=order"),
    ("Moreover, the then-secretary objected.", "moreover=addition"),
    ("In contrast to Europe, America has no such law.", ""),
)
CHINESE = (
    ("虽然谈判艰难，但是双方没有放弃。", "虽然=concession 但是=contrast"),
    ("因为关税上升，所以企业转移了生产线。", "因为=cause 所以=result"),
    ("美国之所以失败，是因为低估了对手。", "之所以=result 是因为=cause"),
    ("如果制裁继续，价格就会上涨。", "如果=condition"),
    ("只有坚持开放，才能共同发展。", "只有=condition"),
    ("只有三家企业获得许可。", ""),
    ("他不仅会说中文，而且了解中国历史。", "不仅=addition 而且=addition"),
    ("这一政策既不合理，也不合法。", "既=addition"),
    ("按照既定方案推进。", ""),
    ("为了维护产业链安全，各国加强协调。", "为了=purpose"),
    ("为应对挑战，企业增加库存。", "为=purpose"),
    ("他为公司工作了十年。", ""),
    ("政府出台补贴政策，以降低企业成本。", "以=purpose"),
    ("他以优异成绩毕业。", ""),
    ("美方加征关税，从而推高了通胀。", "从而=result"),
    ("这不是竞争，而是霸凌。", "而是=contrast"),
    ("美国强调安全，而中国强调发展。", "而=contrast"),
    ("一般而言，贸易战没有赢家。", ""),
    ("同时，应当看到分歧依然存在。", "同时=addition"),
    ("在扩大开放的同时，要维护安全。", ""),
    (
        "首先，要加强对话；其次，要管控分歧；最后，要扩大合作。",
        "首先=order 其次=order 最后=order",
    ),
    ("这是最后一次谈判。", ""),
    ("例如，芯片出口受到严格限制。", "例如=example"),
    ("如不及时制止，后果不堪设想。", "如=condition"),
    ("如期完成任务。", ""),
    ("许多领域合作密切，如气候变化和公共卫生。", "如=example"),
    ("由于疫情影响，会议推迟。", "由于=cause"),
    ("主要原因是需求不足。", ""),
    ("企业因成本上升而裁员。", "因=cause"),
    ("因此，我们反对脱钩。", "因此=result"),
    ("尽管如此，合作仍在继续。", "尽管=concession"),
    ("一旦爆发冲突，没有人能够幸免。", "一旦=condition"),
    ("无论形势如何变化，中国都将坚持开放。", "无论=condition"),
    ("不过，专家认为效果有限。", "不过=contrast"),
    ("再没有比这更好的办法，只不过需要时间。", "只不过=contrast"),
    ("此外，双方还讨论了气候问题。", "此外=addition"),
    ("以新能源汽车为例，出口增长迅速。", "为例=example"),
    ("报告指出，若干问题尚未解决。", ""),
    ("该法案旨在遏制中国。", "旨在=purpose"),
    ("第一，相互尊重；第二，和平共处。", "第一=order 第二=order"),
    ("第一季度增长5%。", ""),
    ("他却没有回答。", "却=contrast"),
    ("即使面临压力，也要坚持原则。", "即使=concession"),
    ("与此同时，欧盟加快立法，以免落后。", "与此同时=addition 以免=purpose"),
    ("两国应合作，否则将两败俱伤。", "否则=condition"),
    (
        "The 中方 side agreed, but 美方 refused, 因此 talks ended.",
        "but=contrast 因此=result",
    ),
)
PAIRS = (
    ("It is not only costly but also slow.", "not only", "but also"),
    (
        "On the one hand, it is slow. On the other hand, it works.",
        "On the one",
        "On the o",
    ),
    ("Although it is slow, yet it works.", "Although", "yet"),
    ("First, cut costs. Second, open up.", "First", "Second"),
    ("If it works, then keep it.", "If", "then"),
    ("一方面要合作；另一方面要竞争。", "一方面", "另一方面"),
    ("虽然进展缓慢，但方向正确。", "虽然", "但"),
    ("不仅要合作，而且要互信。", "不仅", "而且"),
    ("既要合作，又要互信。", "既", "又要"),
    ("如果脱钩，双方就会受损。", "如果", "就会"),
    ("因为互信不足，所以谈判失败。", "因为", "所以"),
    ("之所以失败，是因为互信不足。", "之所以", "是因为"),
    ("只有人才充足，才能创新。", "只有", "才能"),
)
#: Glued together they make texts in which forms stand oddly.
PIECES = (
    "but", "But also", "not only", "so", "so that", "If", "since", "as", "While", "yet",
    "once", "for", "That’s why", "on the one hand", "first", ",", ", ", " ", "\n", ". ",
    "; ", "但", "而", "而且", "以", "降低", "为", "如", "因", "不仅", "一方面", "首先",
    "，", "。", "；", "“", "U.S.", "trade", "贸易", "they", "is", "Q ", "--",
    "cafe\u0301", "\u200b", "😀",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=20).map("".join)
HOSTILE = {
    "English": "Although it fell, they left, so if not, then as it is, since 2018. ",
    "Chinese": "虽然缓慢，但因成本而不仅为降低，以减少，首先，如不，既又。",
    "pairs that never close": "not only on the one hand 如果既只有一方面",
    "blanks": " ",
    "so and blanks": "so" + " " * 200,
    "letters": "a",
    "commas": ",",
    "and": "and ",
    "quotes": "“",
    "digits": "1",
    "dots": ".",
    "han": "而",
}


def marked(text: str) -> str:
    """Return the connectives of a text with their relations, in lower case."""
    return " ".join(f"{one.text.lower()}={one.relation}" for one in connectives(text))


def growth(text: str) -> float:
    """Return how much longer twice the text takes: the second least of five turns."""

    def clock(stretch: str) -> float:
        work = lambda: connectives(stretch)  # noqa: E731
        return timeit.timeit(work, timer=time.process_time, number=1)

    turns = [clock(text + text) / max(clock(text), 0.001) for _ in range(5)]
    return sorted(turns)[1]


@pytest.mark.parametrize(("text", "expected"), ENGLISH)
def test_english_connectives_have_their_relation(text: str, expected: str) -> None:
    assert marked(text) == expected


@pytest.mark.parametrize(("text", "expected"), CHINESE)
def test_chinese_connectives_have_their_relation(text: str, expected: str) -> None:
    assert marked(text) == expected


@pytest.mark.parametrize(("text", "word", "other"), PAIRS)
def test_a_connective_knows_where_the_word_begins_that_belongs_to_it(
    text: str, word: str, other: str
) -> None:
    first = {one.start: one for one in connectives(text)}[text.index(word)]

    assert first.partner == text.rindex(other)


def test_two_connectives_that_belong_together_know_each_other() -> None:
    first, second = connectives("虽然进展缓慢，但方向正确。")

    assert (first.partner, second.partner) == (second.start, first.start)


def test_a_partner_that_is_an_adverb_is_no_connective() -> None:
    assert marked("如果脱钩，双方就会受损。") == "如果=condition"


def test_a_partner_lies_in_the_same_sentence_unless_both_are_in_order() -> None:
    (condition,) = connectives("如果脱钩。双方就会受损。")
    order = connectives("一方面要合作。另一方面要竞争。")

    assert condition.partner == -1
    assert order[0].partner == order[1].start


def test_the_longest_form_counts() -> None:
    assert [one.entry for one in connectives("As a result of it, he left.")] == [
        "as a result of"
    ]
    assert [one.entry for one in connectives("除此之外，与此同时，另外一方面")] == [
        "除此之外",
        "与此同时",
        "另外一方面",
    ]


def test_a_form_is_found_in_any_case_and_over_a_line_break() -> None:
    (one,) = connectives("IN\n ADDITION, it fell.")

    assert (one.text, one.entry) == ("IN\n ADDITION", "in addition")


@pytest.mark.parametrize(
    "text",
    ["", " ", "button", "the then-secretary", "ifs", "butter-but-x", "原因", "。"],
)
def test_a_text_without_connectives_has_none(text: str) -> None:
    assert connectives(text) == ()


def test_a_full_width_comma_and_a_curly_quote_begin_a_clause() -> None:
    assert (
        marked("“同时，他说‘cafe\u0301’，以降低成本！”") == "同时=addition 以=purpose"
    )


def test_a_speaker_before_it_leaves_a_word_first_in_its_sentence() -> None:
    assert marked("Q So why now?") == "so=result"
    assert marked("MR. CARNEY: And also, it fell.") == "also=addition"


@given(TEXTS)
def test_connectives_slice_back_in_order_and_do_not_overlap(text: str) -> None:
    found = connectives(text)
    edges = [edge for one in found for edge in (one.start, one.end)]

    assert [text[one.start : one.end] for one in found] == [one.text for one in found]
    assert edges == sorted(edges)
    assert {one.relation for one in found} <= set(RELATIONS)
    assert all(-1 <= one.partner < len(text) for one in found)
    assert all(one.partner != one.start for one in found)


@given(st.text(max_size=40))
def test_any_text_has_connectives_or_none(text: str) -> None:
    found = connectives(text)

    assert [text[one.start : one.end] for one in found] == [one.text for one in found]


@given(TEXTS, TEXTS)
def test_a_sentence_before_changes_nothing_in_the_next(before: str, text: str) -> None:
    own = [(one.text, one.relation) for one in connectives("Trade fell. " + text)]
    start = len(before) + len("\n\n。") + len("Trade fell. ")

    after = connectives(before + "\n\n。Trade fell. " + text)

    assert [(c.text, c.relation) for c in after if c.start >= start] == own


def test_every_row_of_the_list_names_a_relation_a_rule_and_a_language() -> None:
    rows = read_lexicon("connectives")

    assert {row["relation"] for row in rows} == {*RELATIONS, NO_RELATION}
    assert {row["position"] for row in rows} - {"pair"} == set(RULES)
    assert {row["language"] for row in rows} == {"en", "zh"}
    assert [
        row
        for row in rows
        if bool(HAN_RUN.match(row["form"])) != (row["language"] == "zh")
    ] == []
    assert [row for row in rows if row["form"] != row["form"].lower()] == []
    assert [
        row for row in rows if row["position"] == "pair" and not row["partner"]
    ] == []


def test_no_form_of_the_list_is_there_twice_under_one_rule() -> None:
    forms = [(row["form"], row["position"]) for row in read_lexicon("connectives")]

    assert [form for form in forms if forms.count(form) > 1] == []


@pytest.mark.slow
@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
def test_connectives_are_found_in_linear_time(unit: str) -> None:
    assert growth(unit * (40_000 // len(unit))) < 3
