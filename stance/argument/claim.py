"""What a sentence does in an argument: a claim, a premise, or neither.

A claim is what can be disputed: a position, an evaluation, a prediction, advice. A
premise is what is offered for one: a reason, evidence, an example, a figure. The rest
tells, defines or arranges. Each sentence is judged by the marks it bears; every kind
of mark has a weight for each of the three roles, the weights add up, and a reader can
see all of them. `links` joins the premises of a paragraph to its claims.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from stance.argument.marks import Mark, marks

ROLES = ("claim", "premise", "neither")
#: What a kind of mark weighs for claim, premise and neither; a kind counts once in a
#: sentence, however often it occurs. 3 nearly settles the role, 2 speaks for it, 1 and
#: less lean to it. Set by hand, in halves; no weight was fitted.
WEIGHTS: dict[str, tuple[float, float, float]] = {
    "necessity": (3, 0, 0),  # should, must; 应, 必须
    "recommendation": (3, 0, 0),  # urge, recommend; 建议, 呼吁
    "directive": (3, 0, 0),  # Strengthen ...; 加强 ... with no one named who does
    "hope": (2, 0, 0),  # hope, welcome; 希望
    "prediction": (2, 0, 0),  # will, is likely to; 将, 势必
    "opinion": (2, 0, 0),  # believe, oppose; 认为, 反对
    "inference": (2, 0, 0),  # shows that; 表明
    "conclusion": (2, 0, 0),  # therefore; 因此
    "evaluation": (2, 0, 0),  # crucial, unfair; 关键, 有利于
    "harm": (1.5, 0, 0),  # undermine; 损害
    "benefit": (1, 0, 0),  # promote; 促进
    "effect": (1, 0.5, 0),  # leads to; 导致
    "possibility": (1, 0, 0),  # may, can; 可能
    "emphasis": (0.5, 0, 0),  # clearly, only; 只有, 更
    "illustration": (0, 5, 0),  # For example, ...; 以 ... 为例, at the opening
    "example": (0, 1, 0),  # for example, further on; 例如
    "ground": (0, 4.5, 0),  # the reason is, this is because; 原因在于
    "reason": (0, 2.5, 0),  # in fact, given that; 鉴于
    "evidence": (0, 2, 0),  # data show; 数据显示
    "figure": (0, 3.5, 0),  # 12 percent; 亿元
    "citation": (0, 0.5, 0),  # (Varas et al., 2020)
    "question": (0, 0, 4),
    "thanks": (0, 0, 4),  # thank you, good morning; 感谢
    "structure": (0, 0, 4),  # this section, Table 1; 本文, 如下
    "heading": (0, 0, 4),  # short, and no stop at its end
    "definition": (0, 0, 2),  # consists of, refers to; 是指, 可分为
    "report": (0, 0, 2),  # signed, met with; 签署, 会见
    "past": (0, 0, 1.5),  # the first verb tells of what was
    "completed": (0, 0, 1.5),  # 已, 取得
    "time": (0, 0, 1),  # on Monday, in 2011; 2011年
    "order": (0, 0, 0),  # first, secondly; 其一: says where a reason stands
}
#: What the relation of a connective weighs, likewise.
RELATIONS: dict[str, tuple[float, float, float]] = {
    "result": (1, 0, 0),
    "contrast": (0.5, 0, 0),
    "concession": (0.5, 0, 0),
    "condition": (0.5, 0, 0),
    "cause": (0, 0.5, 0),
    "example": (0, 2, 0),
}
#: A sentence without any mark tells something.
BASE = (0.0, 0.0, 1.0)


#: What a mark at the opening of a sentence says of its place in the argument.
SIGNS = {
    "order": "order",
    "conclusion": "result",
    "result": "result",
    "illustration": "example",
    "example": "example",
    "ground": "cause",
    "cause": "cause",
}
#: Where the opening ends, in characters: a subject may stand before the sign.
OPENING = 20
#: With these, counting begins.
FIRST = frozenset((
    "first", "firstly", "first of all", "on the one hand", "for one thing", "one is",
    "其一", "一是", "首先", "第一", "一方面",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Role:
    """What a sentence does in an argument, and the marks that say so.

    ``score`` is by how much the weight of the role exceeds that of the next.
    """

    role: str
    score: float
    evidence: tuple[Mark, ...]


def role_of(sentence: str, *, connectives: Sequence[tuple[str, int, int]] = ()) -> Role:
    """Return what a sentence does in an argument, with the evidence for it.

    Parameters
    ----------
    sentence : str
        One sentence, English or Chinese, judged by itself.
    connectives : sequence of (str, int, int), optional
        Relation and place of its connectives: ``("result", 0, 9)``.

    Returns
    -------
    Role
        ``claim``, ``premise`` or ``neither``; where two weigh the same, the first of
        these. The evidence holds all marks, also those of the other roles.

    Notes
    -----
    The weights are `WEIGHTS` and `RELATIONS`, the words those of ``marks.csv``. It
    misleads where a position is taken without any word for it ("Only the market can")
    and where an evaluation is told as news ("a successful visit").

    References
    ----------
    Stab, C. and Gurevych, I. (2017). Parsing argumentation structures in persuasive
    essays. *Computational Linguistics* 43(3), 619-659.

    Examples
    --------
    >>> role_of("The two countries should expand cooperation.").role
    'claim'
    >>> role_of("例如，2021年双边贸易额同比增长28.7%。").role
    'premise'
    >>> role_of("The ministers met in Geneva on Monday.").role
    'neither'
    >>> role_of("双方必须合作。")
    Role(role='claim', score=2.0, evidence=(Mark(kind='necessity', start=2, end=4),))
    """
    evidence = [*marks(sentence)]
    for relation, start, end in connectives:
        if relation in RELATIONS:
            evidence.append(Mark(relation, start, end))
    kinds = sorted({mark.kind for mark in evidence})
    weights = [BASE, *(WEIGHTS.get(kind) or RELATIONS[kind] for kind in kinds)]
    totals = [sum(column) for column in zip(*weights, strict=True)]
    ranked = sorted(totals, reverse=True)
    evidence.sort(key=lambda mark: (mark.start, mark.end, mark.kind))
    role = ROLES[totals.index(ranked[0])]
    return Role(role, ranked[0] - ranked[1], tuple(evidence))


@dataclass(frozen=True, slots=True)
class Link:
    """A sentence that supports a claim, by their places among the sentences.

    ``relation`` is ``cause``, ``result``, ``example``, ``order`` or ``next`` (they only
    stand beside each other); ``connective`` the words that say so, if any do.
    """

    premise: int
    claim: int
    relation: str
    connective: str


def links(
    sentences: Sequence[str],
    *,
    connectives: Sequence[Sequence[tuple[str, int, int]]] = (),
) -> tuple[Link, ...]:
    """Return what supports what among the sentences of one paragraph.

    Parameters
    ----------
    sentences : sequence of str
        In their order.
    connectives : sequence, optional
        Of each sentence, as `role_of` takes them.

    Returns
    -------
    tuple of Link
        By premise, at most one each. In this order: what is counted up (first, 其一)
        supports the claim that stands before the first of them; what stands before a
        conclusion (therefore, 因此) supports it; an example, a reason or another
        premise supports the nearest claim before it, if no sentence that is neither
        comes between.

    Examples
    --------
    >>> links(["The controls will fail.", "For example, sales rose by 8 percent."])
    (Link(premise=1, claim=0, relation='example', connective='For example'),)
    >>> links(["出口下降了12%。", "因此，双方应当取消关税。"])
    (Link(premise=0, claim=1, relation='result', connective='因此'),)
    """
    roles = [
        role_of(sentence, connectives=connectives[at] if connectives else ())
        for at, sentence in enumerate(sentences)
    ]
    signs = [_sign(sentence, roles[at]) for at, sentence in enumerate(sentences)]
    concludes = [
        role.role == "claim" and sign[0] == "result"
        for role, sign in zip(roles, signs, strict=True)
    ] + [False]
    found: list[Link] = []
    claim, counted_for = -1, -1  # the last claim, and the one that is argued in points
    for at, role in enumerate(roles):
        relation, words = signs[at]
        if relation == "order" and (counted_for < 0 or words.lower() in FIRST):
            counted_for = claim
        supports = claim if role.role == "premise" else -1
        if relation == "order":
            supports = counted_for
        elif role.role != "neither" and concludes[at + 1]:
            supports, (relation, words) = at + 1, signs[at + 1]
        if supports >= 0:
            kept = relation if supports > at or relation != "result" else ""
            found.append(Link(at, supports, kept or "next", words if kept else ""))
        if role.role != "premise" and relation != "order":
            claim = -1
        if role.role == "claim":
            claim = at
    return tuple(found)


def _sign(sentence: str, role: Role) -> tuple[str, str]:
    """Return the relation that a sentence opens with and its words; empty if none."""
    for mark in role.evidence:
        early = mark.start <= OPENING or mark.kind == "illustration"
        if mark.kind in SIGNS and early:
            if mark.kind == "order" and sentence[: mark.start].strip(' (（“"'):
                continue
            return SIGNS[mark.kind], sentence[mark.start : mark.end]
    return "", ""
