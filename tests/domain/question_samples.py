"""One question of every kind, for the tests of several layers."""

from decimal import Decimal

from studyhub.domain.questions import (
    Body,
    Choice,
    Level,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    Pair,
    Part,
    Question,
    QuestionStatus,
    Scenario,
    SingleChoice,
    TrueFalse,
)

SINGLE = SingleChoice(
    (
        Choice("機密性", False, "見られないこと。"),
        Choice("可用性", True, "使いたいときに使えること。"),
        Choice("完全性", False, "書き換えられないこと。"),
        Choice("真正性", False, "本人であること。"),
    )
)
MULTIPLE = MultipleChoice((Choice("甲", True, "r"), Choice("乙", False, "r"), Choice("丙", True, "r")))
TRUE_FALSE = TrueFalse(False, "そう思いやすい。", "そのとおり。")
NUMERIC = Numeric(Decimal("12.5"), Decimal("0.1"), "日")
ORDERING = Ordering(("企画", "設計", "試験", "運用"))
MATCHING = Matching((Pair("SMTP", "送信"), Pair("POP3", "受信"), Pair("IMAP", "受信")))
SCENARIO = Scenario("ある局の話。", (Part("一つ目", SINGLE), Part("二つ目", NUMERIC, "解説", True)))

BODIES: tuple[Body, ...] = (SINGLE, MULTIPLE, TRUE_FALSE, NUMERIC, ORDERING, MATCHING, SCENARIO)


def question(body: Body, question_id: str = "ip-61-001", keep_order: bool = False) -> Question:
    return Question(
        id=question_id,
        status=QuestionStatus.PUBLISHED,
        level=Level.UNDERSTAND,
        topics=("ip-6.5:61",),
        stem="止まらないことを表すものはどれか。",
        body=body,
        explanation="三つの性質を区別する。",
        terms=("可用性",),
        teaches="security#cia",
        expected_facility=0.55,
        as_of="2026-11",
        sources=("JIS Q 27000",),
        keep_order=keep_order,
    )
