"""Claims, premises and neither: the roles of sentences, and what supports what."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.argument.claim import RELATIONS, ROLES, WEIGHTS, Link, links, role_of
from stance.argument.lexicon import read_lexicon
from stance.argument.marks import marks

# Composed for this file: speeches, news, reports, scholarly prose, in both languages.
SENTENCES = (
    ("claim", "Washington ought to rethink its approach before it is too late."),
    ("claim", "This policy is both costly and self-defeating."),
    (
        "claim",
        "We therefore recommend that the ministry publish the criteria it applies.",
    ),
    (
        "claim",
        "Without a common standard, interoperability will remain a distant goal.",
    ),
    ("claim", "It is in no one's interest to split the internet in two."),
    ("claim", "The committee should hold hearings on the licensing process."),
    ("claim", "Nothing could be further from the truth."),
    ("claim", "In our view the tariff schedule violates the agreement."),
    ("claim", "These findings suggest that subsidies crowd out private research."),
    (
        "claim",
        "A stable relationship between the two largest economies benefits the world.",
    ),
    ("claim", "Let us build bridges, not walls."),
    ("claim", "The prime minister's plan is unlikely to survive the winter."),
    ("claim", "Analysts warned that the measure would hurt consumers most."),
    ("claim", "Strengthen the independence of the regulator."),
    (
        "claim",
        "Free trade made both nations richer than any treaty could have promised.",
    ),
    ("premise", "For example, German carmakers sell one car in three in China."),
    ("premise", "Between 2018 and 2020 shipments dropped by 34 percent."),
    ("premise", "This is because no other supplier can make the lenses."),
    (
        "premise",
        "According to data from the customs office, imports tripled within a year.",
    ),
    (
        "premise",
        "The reason is simple: wafers cross the border four times.",
    ),
    (
        "premise",
        "Studies show that students who stay found one startup in five (Kerr, 2019).",
    ),
    ("premise", "Take the case of solar panels, where prices fell by 90 percent."),
    (
        "premise",
        "As a matter of fact, the plant has run at half of its capacity since spring.",
    ),
    ("premise", "Bilateral trade amounted to $690 billion, a record."),
    ("neither", "The ministers met in Geneva on Monday."),
    ("neither", "The treaty was signed in 1987 and entered into force a year later."),
    ("neither", "This section describes the data."),
    ("neither", "Table 3 lists the firms by year of listing."),
    ("neither", "Good morning, everybody, and thank you for coming."),
    ("neither", "Did the secretary raise the issue with her counterpart?"),
    ("neither", "The company is headquartered in Shenzhen."),
    ("neither", "The term refers to goods with both civil and military uses."),
    ("neither", "Export Controls and Their Limits"),
    ("neither", "The delegation arrived in Seoul late on Thursday."),
    ("neither", "She was appointed ambassador last month."),
    ("neither", "The bill was introduced by two senators in March."),
    ("neither", "He has worked at the institute for ten years."),
    ("neither", "A spokesman declined to comment."),
    ("claim", "各国应当摒弃零和思维。"),
    ("claim", "单边制裁不得人心，也难以持久。"),
    ("claim", "这一做法严重损害了企业的正当权益。"),
    ("claim", "由此可见，技术封锁并未奏效。"),
    ("claim", "未来五年，两国贸易仍将保持增长。"),
    ("claim", "我们认为，对话是解决分歧的唯一途径。"),
    ("claim", "加强基础研究，提高原始创新能力。"),
    ("claim", "必须坚持科技自立自强。"),
    ("claim", "建议有关部门尽快出台实施细则。"),
    ("claim", "脱钩断链没有赢家。"),
    ("claim", "这项改革有利于降低企业成本。"),
    ("claim", "人才是创新的第一资源。"),
    ("claim", "开放带来进步，封闭必然落后。"),
    ("premise", "例如，荷兰企业对华销售额占其总收入的三分之一。"),
    ("premise", "2023年双边贸易额达6644.5亿美元，同比下降11.6%。"),
    ("premise", "据统计，在美中国留学生超过29万人。"),
    ("premise", "这是因为光刻机涉及数万个零部件。"),
    ("premise", "以汽车产业为例，一辆整车的芯片来自十几个国家。"),
    ("premise", "研究表明，关税成本的九成由美国进口商承担（Amiti等，2019）。"),
    ("premise", "究其原因，国内缺少成熟的设计软件。"),
    ("premise", "事实上，这家工厂早在三年前就停产了。"),
    ("neither", "两国外长4月26日在北京举行会谈。"),
    ("neither", "本文分为四个部分。"),
    ("neither", "双用途物项是指既有民事用途又有军事用途的货物。"),
    ("neither", "会议由国家发展改革委主任主持。"),
    ("neither", "该公司成立于1987年，总部位于深圳。"),
    ("neither", "图2列出了样本的分布情况。"),
    ("neither", "请问发言人对此有何评论？"),
    ("neither", "谢谢大家！"),
    ("neither", "一、研究背景"),
    ("neither", "代表团一行于周三抵达首尔。"),
    ("neither", "工作组已经完成第一轮磋商。"),
    ("claim", "No serious government can ignore these figures."),
    ("claim", "Both sides deserve credit for keeping the channel open."),
    ("claim", "If the talks collapse, small firms will pay the price."),
    ("claim", "Subsidies are a poor substitute for skilled engineers."),
    ("claim", "I believe the senator has misread the treaty."),
    ("premise", "In fact, most of the patents were filed by foreign firms."),
    (
        "premise",
        "The survey covered 1,200 firms, of which 62 percent had lost an order.",
    ),
    ("premise", "For instance, Korean producers moved two lines to Vietnam."),
    ("premise", "Since 2015 the number of joint papers has doubled (Wagner, 2021)."),
    ("neither", "Mr. Wang is the director of the bureau."),
    ("neither", "The two leaders spoke by phone for an hour."),
    ("neither", "The first part of the book covers the years before the war."),
    ("neither", "Construction of the plant started in May."),
    ("neither", "What did the president say to him?"),
    ("claim", "科技合作不应受到政治干扰。"),
    ("claim", "这种做法无异于饮鸩止渴。"),
    ("claim", "企业是创新的主体。"),
    ("claim", "长期来看，管制将推高全球芯片价格。"),
    ("claim", "我们要把发展的主动权牢牢掌握在自己手中。"),
    ("claim", "扩大高水平对外开放，优化外商投资环境。"),
    ("premise", "比如，一台光刻机有十万多个零件。"),
    ("premise", "调查显示，超过六成的受访企业推迟了投资。"),
    ("premise", "去年，该省出口额增长了23.4%。"),
    ("premise", "原因在于，上游材料长期依赖进口。"),
    ("neither", "商务部周四召开例行新闻发布会。"),
    ("neither", "实体清单由美国商务部工业与安全局管理。"),
    ("neither", "全文共五章。"),
    ("neither", "双方签署了三份文件。"),
    ("neither", "他曾任驻美大使。"),
)
#: Positions and figures without a word for them: known failures, with what is right.
NOT_YET = (
    ("claim", "Export bans rarely work."),
    (
        "premise",
        "Some 350,000 students enrolled in American universities.",
    ),
    ("claim", "Technology knows no borders."),
    (
        "premise",
        "Apple alone employs three million people in its Chinese supply chain.",
    ),
)


@pytest.mark.parametrize(("role", "sentence"), SENTENCES)
def test_a_sentence_has_its_role(role: str, sentence: str) -> None:
    assert role_of(sentence).role == role


@pytest.mark.parametrize(("role", "sentence"), NOT_YET)
@pytest.mark.xfail(strict=True, reason="nothing in it marks the position or the fact")
def test_a_role_without_a_mark_is_found(role: str, sentence: str) -> None:
    assert role_of(sentence).role == role


@pytest.mark.parametrize("sentence", ["", " ", "。", "...", "“", "\n"])
def test_what_holds_no_word_is_neither_without_evidence(sentence: str) -> None:
    found = role_of(sentence)

    assert (found.role, found.evidence) == ("neither", ())


@pytest.mark.parametrize(
    ("sentence", "kind", "words"),
    [
        ("They must act.", "necessity", "must"),
        ("双方必须行动。", "necessity", "必须"),
        ("Costs rose (Varas et al., 2020).", "citation", "(Varas et al., 2020)"),
        ("成本上升（张程等，2021）。", "citation", "（张程等，2021）"),
        ("It fell by 3.5 per cent.", "figure", "3.5 per cent"),
        ("下降18%。", "figure", "18%"),
        ("For example, it fell.", "illustration", "For example"),
        ("以半导体为例，成本上升。", "illustration", "为例"),
        ("加强合作。", "directive", "加强"),
        ("In 2011 it fell.", "time", "2011"),
        ("Ｉｔ ｍｕｓｔ go.", "necessity", "ｍｕｓｔ"),
    ],
)
def test_a_mark_is_found_where_it_stands(sentence: str, kind: str, words: str) -> None:
    found = {(m.kind, sentence[m.start : m.end]) for m in marks(sentence)}

    assert (kind, words) in found


@pytest.mark.parametrize(
    "sentence",
    ["主要产品", "社会反应", "供应商会议", "It came in May 2012", "应用能力"],
)
def test_a_word_that_only_holds_a_mark_is_none(sentence: str) -> None:
    kinds = {mark.kind for mark in marks(sentence)}

    assert kinds.isdisjoint({"necessity", "prediction", "possibility"})


def test_a_year_in_a_citation_is_neither_a_time_nor_a_figure() -> None:
    assert [m.kind for m in marks("Costs grow (Li, 2020).")] == ["citation"]


@pytest.mark.parametrize(
    ("sentence", "verbs"),
    [
        ("Cooperation based on trust has grown.", []),
        ("The law, passed in 2022, has teeth.", []),
        ("The firm opened a plant.", ["opened"]),
        ("The exports were restricted.", ["were"]),
        ("They are restricted.", []),
    ],
)
def test_a_participle_is_no_past(sentence: str, verbs: list[str]) -> None:
    found = [sentence[m.start : m.end] for m in marks(sentence) if m.kind == "past"]

    assert found == verbs


def test_every_kind_of_the_list_has_a_weight() -> None:
    kinds = {row["kind"] for row in read_lexicon("marks")}

    assert kinds - {"plain"} <= set(WEIGHTS)
    assert set(RELATIONS).isdisjoint(set(WEIGHTS) - {"example"})


def test_a_form_of_the_list_has_one_kind_but_for_directives() -> None:
    rows = [r for r in read_lexicon("marks") if r["kind"] not in ("directive", "past")]

    assert len({(row["form"], row["language"]) for row in rows}) == len(rows)


def test_a_kind_counts_once() -> None:
    once, twice = role_of("They must go."), role_of("They must and must go.")

    assert once.score == twice.score


def test_a_connective_is_evidence() -> None:
    found = role_of("So exports fall.", connectives=[("result", 0, 2)])

    assert [(mark.kind, mark.start, mark.end) for mark in found.evidence] == [
        ("result", 0, 2)
    ]


@given(st.text(max_size=80))
def test_evidence_lies_in_the_sentence(sentence: str) -> None:
    found = role_of(sentence)

    assert found.role in ROLES
    assert found.score >= 0
    assert all(0 <= m.start < m.end <= len(sentence) for m in found.evidence)


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        ([], ()),
        (["双方应当合作。"], ()),
        (
            ["双方应当合作。", "去年贸易额增长了8%。"],
            (Link(1, 0, "next", ""),),
        ),
        (
            ["The controls will fail.", "This is because no one can enforce them."],
            (Link(1, 0, "cause", "This is because"),),
        ),
        (
            ["Sales fell by 9 percent.", "Therefore, the ban should end."],
            (Link(0, 1, "result", "Therefore"),),
        ),
        (
            ["管制难以奏效。", "其一，企业会绕道。", "其二，盟友不会配合。"],
            (Link(1, 0, "order", "其一"), Link(2, 0, "order", "其二")),
        ),
        (
            [
                "The ban must end.",
                "First, it will harm firms.",
                "For example, one lost 18% of its sales.",
                "Second, it is not effective.",
            ],
            (
                Link(1, 0, "order", "First"),
                Link(2, 1, "example", "For example"),
                Link(3, 0, "order", "Second"),
            ),
        ),
        (["The ban must end.", "They met on Monday.", "Sales fell by 9%."], ()),
    ],
)
def test_premises_are_linked_to_their_claim(
    sentences: list[str], expected: tuple[Link, ...]
) -> None:
    assert links(sentences) == expected


@given(st.lists(st.sampled_from([text for _, text in SENTENCES]), max_size=8))
def test_a_link_joins_two_sentences_and_each_supports_one(sentences: list[str]) -> None:
    found = links(sentences)
    n = len(sentences)

    assert all(0 <= link.premise < n and 0 <= link.claim < n for link in found)
    assert all(link.premise != link.claim for link in found)
    assert len({link.premise for link in found}) == len(found)


@pytest.mark.slow
def test_a_role_is_found_in_linear_time(
    hostile: str, growth: Callable[[Callable[[str], object], str], float]
) -> None:
    assert growth(role_of, hostile * (40_000 // len(hostile))) < 3
