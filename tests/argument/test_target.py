"""Actors, acts and the stance toward cooperation."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.argument.act import actors_in, acts, negation, read_actors
from stance.argument.lexicon import read_lexicon
from stance.argument.target import stance_of
from stance.corpus.terms import NO_TERMS, TermTable, read_terms
from stance.errors import InputError

#: The event types of PLOVER (Halterman et al. 2023, arXiv:2304.01331) in use here.
PLOVER = {
    "AGREE", "CONSULT", "SUPPORT", "COOPERATE", "AID", "YIELD", "REQUEST", "ACCUSE",
    "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
}  # fmt: skip
# Composed for this file: speeches, news, reports, scholarly prose, in both languages.
SENTENCES = (
    ("favor", "The United States and China should expand joint research on climate."),
    (
        "favor",
        "Beijing and Washington have every reason to deepen cooperation on health.",
    ),
    ("favor", "She urged Washington to lift the tariffs on Chinese goods."),
    (
        "favor",
        "American and Chinese scientists need to keep working together on pandemics.",
    ),
    (
        "favor",
        "A trade deal between the two countries would benefit farmers on both sides.",
    ),
    (
        "favor",
        "We oppose decoupling from China and hope that both sides will resume talks.",
    ),
    ("favor", "The U.S. should not cut off scientific exchanges with China."),
    ("favor", "Washington and Beijing must avoid a trade war."),
    (
        "favor",
        "Renewing the pact is crucial for American and Chinese researchers.",
    ),
    ("favor", "中美双方应当加强沟通，管控分歧，扩大合作。"),
    ("favor", "希望美方尽快取消对华加征的关税。"),
    ("favor", "中美合作对两国都有利。"),
    ("favor", "我们反对脱钩，主张中美两国企业共同开发新技术。"),
    ("favor", "美国应放宽对中国的高技术出口管制。"),
    ("favor", "中美科技合作至关重要，不可替代。"),
    ("favor", "中国愿同美国加强人工智能领域的对话。"),
    ("against", "The United States must restrict the export of chips to China."),
    ("against", "America should end research cooperation with China."),
    ("against", "Congress should ban Chinese apps."),
    (
        "against",
        "Cooperation with China in this field would threaten American security.",
    ),
    ("against", "Washington should not cooperate with Beijing on quantum technology."),
    ("against", "美国必须限制对华芯片出口。"),
    ("against", "美国不应与中国开展科技合作。"),
    ("against", "中国应收紧对美稀土出口管制。"),
    ("none", "The two sides held talks in Geneva last week."),
    ("none", "China and the United States signed the agreement in 1979."),
    ("none", "Trade between China and the US fell by 12 percent in 2023."),
    ("none", "The US tightened export controls on China in October."),
    ("none", "India and Japan should deepen cooperation on chips."),
    ("none", "China should strengthen cooperation with ASEAN."),
    ("none", "Competition between the US and China will be fierce."),
    ("none", "Should the US cooperate with China?"),
    ("none", "The new plant will create 2,000 jobs in Ohio."),
    ("none", "American restrictions have hurt its own firms."),
    (
        "none",
        "China must respond to the American restrictions with its own research.",
    ),
    ("none", "The report has four chapters."),
    ("none", "中美两国元首去年在旧金山举行会晤。"),
    ("none", "美国2022年10月升级对华芯片管制。"),
    ("none", "中国应加强与东盟的合作。"),
    ("none", "中国必须应对美国的制裁。"),
    ("none", "中美战略竞争日趋激烈。"),
    ("none", "中欧应深化绿色合作。"),
    ("none", "加强农村公路建设。"),
    ("none", "本文考察美国的产业政策。"),
    ("favor", "Scientists in both countries hope the governments will renew the pact."),
    (
        "favor",
        "Dialogue between Washington and Beijing is essential to prevent conflict.",
    ),
    (
        "favor",
        "China called on the United States to remove Huawei from the entity list.",
    ),
    ("favor", "美国企业希望扩大在华投资，深化与中国伙伴的合作。"),
    ("favor", "中美双方有必要恢复科技对话。"),
    ("favor", "取消关税符合中美两国人民的利益。"),
    (
        "against",
        "The United States needs to tighten controls on chip exports to China.",
    ),
    ("against", "美国国会应禁止对华投资。"),
    ("none", "China overtook the United States in patents last year."),
    ("none", "US and Chinese negotiators will meet in Madrid next week."),
    ("none", "Chinese firms have stepped up research since the US ban."),
    ("none", "美国对华出口管制措施不断升级。"),
    ("none", "中国与法国应加强核能合作。"),
    ("none", "2023年中美贸易额下降。"),
    ("none", "美国联合盟友围堵中国。"),
    ("favor", "It would be a mistake for the United States to decouple from China."),
    ("against", "American universities should cut ties with Chinese military schools."),
    ("favor", "Both sides should talk."),
    ("favor", "双方应当对话。"),
    ("favor", "中美脱钩没有出路。"),
    ("favor", "Decoupling would hurt both the American and the Chinese economies."),
    ("favor", "Half a century of academic exchange has enriched the US and China."),
    ("favor", "建交四十多年来，中美经贸合作成果丰硕。"),
    ("favor", "中美经贸关系的本质是互利共赢。"),
    ("favor", "The relationship between China and the US is mutually beneficial."),
    ("favor", "我们反对将经贸问题政治化，主张中美扩大合作。"),
    ("favor", "We oppose decoupling from China."),
    ("against", "Export controls on China must remain in place."),
    (
        "against",
        "The senator insists that Washington keep its tariffs on Chinese steel.",
    ),
    ("against", "美国应当维持对华技术封锁。"),
    ("against", "Cooperation with China on chips is a mistake for America."),
    ("against", "与中国继续开展芯片合作将危及美国国家安全。"),
    ("none", "中方坚决反对美国制裁中国企业。"),
    ("none", "China should limit carbon emissions."),
    ("none", "应减少美国制裁对中国企业的影响。"),
    ("favor", "美国应当取消对华关税，降低经济风险。"),
    ("none", "中日两国应当加强合作。"),
    ("none", "China must withstand American sanctions."),
    ("none", "中国必须突破美国封锁。"),
    ("none", "中美合作面临严峻挑战。"),
    ("none", "面对美国的技术封锁，中国应坚持自主创新。"),
    ("none", "2022年中美双边货物贸易额达7594亿美元。"),
    ("none", "The trade war between the US and China began in 2018."),
)
#: Known failures, with what is right.
NOT_YET = (
    ("favor", "It would be folly for American firms to leave the Chinese market."),
    ("against", "Selling such tools to China would be a mistake for America."),
    (
        "none",
        "The US and its allies should cooperate on controls against China.",
    ),
)


@pytest.fixture(scope="module")
def terms() -> TermTable:
    """The terms of the seeds."""
    return read_terms(Path(__file__).parents[2] / "seeds" / "terms.csv")


@pytest.mark.parametrize(("stance", "sentence"), SENTENCES)
def test_a_sentence_has_its_stance(
    stance: str, sentence: str, terms: TermTable
) -> None:
    assert stance_of(sentence, terms=terms).stance == stance


@pytest.mark.parametrize(("stance", "sentence"), NOT_YET)
@pytest.mark.xfail(strict=True, reason="the order of words does not tell it")
def test_a_stance_that_takes_a_parser_is_found(
    stance: str, sentence: str, terms: TermTable
) -> None:
    assert stance_of(sentence, terms=terms).stance == stance


def test_other_actors_can_be_the_main_ones() -> None:
    sentence = "Britain and the EU should work together."

    ours = stance_of(sentence, terms=NO_TERMS)
    theirs = stance_of(sentence, terms=NO_TERMS, main=("UK", "EU"))

    assert (ours.stance, theirs.stance) == ("none", "favor")


def test_the_evidence_names_the_sign_the_force_and_the_actors() -> None:
    sentence = "中美应当合作。"
    found = stance_of(sentence, terms=NO_TERMS)

    assert [(m.kind, sentence[m.start : m.end]) for m in found.evidence] == [
        ("actor", "中美"),
        ("necessity", "应当"),
        ("cooperation", "合作"),
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The US sanctioned China.", ("US", "restrict", "China")),
        ("China was sanctioned by the US.", ("US", "restrict", "China")),
        ("中国被美国制裁。", ("US", "restrict", "China")),
        ("美国对中国实施制裁。", ("US", "restrict", "China")),
        ("中国与欧盟合作。", ("China", "cooperate", "EU")),
        ("Japan cooperates with India.", ("Japan", "cooperate", "India")),
        ("中国向美国提出交涉并抗议。", ("China", "protest", "US")),
        ("China and the US cooperate.", ("China|US", "cooperate", "")),
        ("Germany helped, and the EU retaliated.", ("EU", "respond", "")),
        ("Washington threatened Tehran with force.", ("US", "threaten", "Iran")),
    ],
)
def test_who_does_what_to_whom(sentence: str, expected: tuple[str, str, str]) -> None:
    found = [(act.actor, act.act, act.target) for act in acts(sentence)]

    assert expected in found


def test_a_new_subject_is_no_target() -> None:
    found = acts("China cooperated, and the US retaliated.")

    assert [(a.actor, a.act, a.target) for a in found] == [
        ("China", "cooperate", ""),
        ("US", "respond", ""),
    ]


@pytest.mark.parametrize(
    ("sentence", "word", "is_denied"),
    [
        ("They should not cut ties.", "cut", True),
        ("They refused to cut ties.", "cut", True),
        ("They cut ties.", "cut", False),
        ("双方没有合作。", "合作", True),
        ("美国不应与中国开展合作。", "合作", True),
        ("双方不断扩大合作。", "合作", False),
        ("不仅限于合作", "限于", False),
    ],
)
def test_what_is_denied_is_negated(sentence: str, word: str, is_denied: bool) -> None:
    assert (negation(sentence, sentence.index(word)) is not None) == is_denied


def test_actors_are_found_in_both_languages_as_whole_words() -> None:
    sentence = "US firms told us that 印度尼西亚 and 其中国有企业 left the U.S. market."
    found = [
        (actor.actor, sentence[actor.start : actor.end])
        for actor in actors_in(sentence)
    ]

    assert found == [("US", "US"), ("ASEAN", "印度尼西亚"), ("US", "U.S")]


def test_a_file_of_ones_own_adds_and_overrules(tmp_path: Path) -> None:
    file = tmp_path / "actors.csv"
    rows = "actor,language,form\nMercosur,en,Mercosur\nMercosur,zh,南方共同市场\n"
    file.write_text(rows + "Brasilia,en,Brasilia\nThe city,en,Beijing\n", "utf-8")

    table = read_actors(file)

    assert [a.actor for a in actors_in("Beijing met Mercosur, 中国", table)] == [
        "The city",
        "Mercosur",
        "China",
    ]


@pytest.mark.parametrize(
    "content",
    [
        "name,form\nA,a\n",
        "actor,language,form\nA,en\n",
        "actor,language,form\nA,en,(\n",
    ],
)
def test_a_bad_file_of_actors_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "actors.csv"
    file.write_text(content, "utf-8")

    with pytest.raises(InputError):
        read_actors(file)


def test_the_acts_bear_codes_of_plover_and_a_polarity() -> None:
    rows = read_lexicon("acts")

    assert {row["plover"] for row in rows} == PLOVER | {""}
    assert {row["polarity"] for row in rows} == {"favor", "against", "none"}
    assert len({(row["language"], row["form"]) for row in rows}) == len(rows)


@given(st.text(max_size=80))
def test_places_lie_in_the_sentence(sentence: str) -> None:
    for act in acts(sentence):
        assert 0 <= act.start < act.end <= len(sentence)
        assert (act.actor == "") == (act.actor_start == -1)
        assert (act.target == "") == (act.target_start == -1)


@pytest.mark.slow
def test_a_stance_is_found_in_linear_time(
    hostile: str, growth: Callable[[Callable[[str], object], str], float]
) -> None:
    work = partial(stance_of, terms=NO_TERMS)

    assert growth(work, hostile * (40_000 // len(hostile))) < 3
