"""Script and language of a stretch of text."""

import pytest

from stance.corpus.language import language_of

OTHER = {
    "russian": "Обе страны договорились расширить научное сотрудничество и снизить "
    "пошлины, однако парламент пока не утвердил соглашение.",
    "japanese": "両国政府は科学技術分野での協力を拡大することで合意したが、輸出管理の"
    "緩和については結論が出ず、来年も協議を続けることになった。",
    "korean": "두 나라 정부는 과학 기술 협력을 확대하기로 합의했지만 수출 통제 완화에 "
    "대해서는 결론을 내리지 못했다.",
    "arabic": "اتفقت الحكومتان على توسيع التعاون العلمي وخفض الرسوم الجمركية، لكن "
    "البرلمان لم يصادق بعد على الاتفاق.",
    "french": "La France et la Chine ont signé lundi un accord pour élargir la "
    "coopération scientifique. Le document prévoit la création de trois "
    "laboratoires communs et l’échange de chercheurs dans les domaines de "
    "l’énergie et des satellites.",
    "spanish": "Los dos gobiernos acordaron ampliar la cooperación científica y "
    "reducir los aranceles, pero el parlamento no ha ratificado todavía el acuerdo y "
    "los expertos esperan largas negociaciones sobre el suministro de equipos.",
    "german": "Die beiden Regierungen haben sich darauf geeinigt, die Zusammenarbeit "
    "auszubauen und die Zölle zu senken, doch das Parlament hat das Abkommen noch "
    "nicht gebilligt, und in der Industrie rechnet man mit langen Verhandlungen.",
    "italian": "L’Italia e la Cina hanno firmato lunedì un accordo per ampliare la "
    "cooperazione scientifica. Il documento prevede la creazione di tre laboratori "
    "comuni e lo scambio di ricercatori nei settori dell’energia e dei satelliti.",
    "portuguese": "O Brasil e a China assinaram na segunda-feira um acordo para "
    "ampliar a cooperação em ciência e tecnologia. O documento prevê a criação de três "
    "laboratórios conjuntos e o intercâmbio de pesquisadores nas áreas de energia.",
    "danish": "Danmark og Kina underskrev mandag en aftale om samarbejde inden for "
    "videnskab og teknik. Dokumentet indebærer, at der oprettes tre fælles "
    "laboratorier, og at forskere i energi, landbrug og satellitter udveksles.",
    "hungarian": "Magyarország és Kína hétfőn megállapodást írt alá a tudományos "
    "együttműködés bővítéséről. A dokumentum három közös laboratórium létrehozását és "
    "a kutatók cseréjét írja elő az energia, a mezőgazdaság és a műholdak területén.",
    "czech": "Česko a Čína podepsaly v pondělí dohodu o spolupráci ve vědě a technice. "
    "Dokument počítá se vznikem tří společných laboratoří a s výměnou výzkumníků v "
    "oblasti energetiky, zemědělství a družic. Firmy získají větší jistotu pro "
    "investice a obchod.",
    "vietnamese": "Hai chính phủ đã đồng ý mở rộng hợp tác khoa học và giảm thuế quan, "
    "nhưng quốc hội vẫn chưa phê chuẩn hiệp định và các chuyên gia cho rằng cuộc đàm "
    "phán sẽ còn kéo dài.",
}


@pytest.mark.parametrize("text", OTHER.values(), ids=OTHER.keys())
def test_a_third_language_is_other(text: str) -> None:
    assert language_of(text) == "other"


@pytest.mark.parametrize(
    "text",
    [
        "Export controls",
        "a",
        "The U.S. agreed on Monday to ease the controls on chips, and to meet again in "
        "the spring of next year; China’s naïve critics in the café were silent.",
        "THE TWO SIDES AGREED TO EASE THE CONTROLS ON CHIPS AND TO MEET AGAIN IN "
        "SPRING OF NEXT YEAR IN THE CITY OF GENEVA",
        "The Chinese call it 小院, a term that the officials in Washington have used "
        "for the controls on chips since the autumn of that year.",
    ],
)
def test_latin_letters_with_english_words_are_english(text: str) -> None:
    assert language_of(text) == "en"


@pytest.mark.parametrize(
    "text",
    [
        "中",
        "出口管制",
        "中國應當擴大對外開放，反對「小院高牆」。",
        "中国的实体清单（Entity List）在2018年之后不断扩大，影响了许多企业。",
        "２０１８年，他说：“合作！”",
    ],
)
def test_han_characters_are_chinese(text: str) -> None:
    assert language_of(text) == "zh"


@pytest.mark.parametrize(
    "text",
    [
        "管制 (export control)",
        "出口管制 export controls 实体清单 the entity list of the department",
        "“Ｔｅｃｈ war”，他说：cafe\u0301。",
    ],
)
def test_both_scripts_together_are_mixed(text: str) -> None:
    assert language_of(text) == "mixed"


@pytest.mark.parametrize(
    "text",
    ["", " \n\u3000", "2023-08-28 19:30, 45%", "２０１８", "，。“”……——", "\u0301"],
)
def test_a_text_without_letters_is_other(text: str) -> None:
    assert language_of(text) == "other"


def test_a_quoted_foreign_word_leaves_the_language() -> None:
    text = (
        "The Russian word договор means an agreement that both of the sides have made."
    )

    assert language_of(text) == "en"
