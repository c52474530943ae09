"""One example of each kind of question, for the template that lecturers fill in."""

from __future__ import annotations

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

_WRITTEN: tuple[tuple[str, Body, str], ...] = (
    (
        "次のうち，本人の同意がなくても取得できる場合があるものはどれか。（例です。書き換えてください）",
        SingleChoice(
            (
                Choice("要配慮個人情報", False, "原則として、本人の同意が要ります。"),
                Choice("氏名と連絡先", True, "利用目的を特定し、適正に取得すれば足ります。"),
            )
        ),
        "取得の前に、何のために使うかを決めます。",
    ),
    (
        "多要素認証の要素になるものをすべて選べ。",
        MultipleChoice(
            (
                Choice("記憶（パスワード）", True, "知っていることです。"),
                Choice("所持（職員証）", True, "持っているものです。"),
                Choice("所属部署", False, "本人であることの証拠になりません。"),
            )
        ),
        "種類の違う要素を組み合わせます。",
    ),
    (
        "公開鍵暗号方式では，暗号化に使う鍵を公開してよい。",
        TrueFalse(True, "公開するのは暗号化の鍵だけです。", "復号の鍵と取り違えています。"),
        "復号の鍵は、本人だけが持ちます。",
    ),
    (
        "窓口に1時間で平均12人が来る。1人に平均4分かかるとき，窓口が埋まっている割合は何％か。",
        Numeric(Decimal(80), Decimal(1), "%"),
        "12人×4分÷60分＝0.8です。",
    ),
    (
        "業務の見直しを進める順に並べよ。",
        Ordering(("今の手順を書き出す", "むだを見つける", "新しい手順を試す", "広げて定着させる")),
        "書き出す前に道具を選ぶと、むだが残ります。",
    ),
    (
        "用語とその説明を組み合わせよ。",
        Matching(
            (
                Pair("RTO", "復旧までの目標時間", "時間の目標です。"),
                Pair("RPO", "どの時点まで戻すかの目標", "データの時点の目標です。"),
            )
        ),
        "止められる時間と、失ってよいデータの量を分けて決めます。",
    ),
    (
        "",
        Scenario(
            "ある課では、申請の受付に表計算ファイルを使っている。",
            (
                Part(
                    "二人が同時に開いて保存したときに起こりうることはどれか。",
                    SingleChoice(
                        (
                            Choice("先の入力が消える", True, "後から保存した内容で上書きされます。"),
                            Choice("自動で一つにまとまる", False, "共有の仕組みがなければ、まとまりません。"),
                        )
                    ),
                    "同時に使う仕組みが要ります。",
                ),
                Part(
                    "申請は1日に30件で、月20日受け付ける。1か月の件数は何件か。",
                    Numeric(Decimal(600), unit="件"),
                ),
            ),
        ),
        "道具は、使い方に合うものを選びます。",
    ),
)
"""Stem, body and explanation."""


def examples_of_each_kind() -> list[Question]:
    """Without ids: to be written over."""
    return [
        Question(
            id="ex-scenario" if isinstance(body, Scenario) else "",
            status=QuestionStatus.DRAFT,
            level=Level.UNDERSTAND,
            topics=("ip-6.5:61",),
            stem=stem,
            body=body,
            explanation=explanation,
            expected_facility=0.6,
            as_of="2026-11",
        )
        for stem, body, explanation in _WRITTEN
    ]
