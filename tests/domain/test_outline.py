"""What slides say of the study session they are for."""

from __future__ import annotations

import pytest

from studyhub.domain.outline import (
    Deck,
    DeckPage,
    escaped,
    outline,
    suggested_minutes,
    suggested_objectives,
    suggested_title,
    suggested_topics,
)


def _deck(*pages: tuple[str, str], title: str = "") -> Deck:
    return Deck(title, tuple(DeckPage(heading, text) for heading, text in pages))


@pytest.mark.parametrize(
    "generic", ["PowerPoint プレゼンテーション", "スライド 1", "無題", "Presentation1", ""]
)
def test_a_title_that_says_nothing_gives_way_to_the_next(generic: str) -> None:
    assert suggested_title(_deck((generic, ""), title="暗号の話"), "file") == "暗号の話"
    assert suggested_title(_deck((generic, ""), title=generic), "第3回_暗号") == "第3回 暗号"
    assert suggested_title(_deck(("  認証の\n話 ", ""), title="暗号の話"), "file") == "認証の 話"


@pytest.mark.parametrize(("slides", "minutes"), [(1, 15), (10, 20), (30, 60), (33, 70), (200, 120)])
def test_minutes_follow_the_number_of_slides_in_steps_of_five(slides: int, minutes: int) -> None:
    assert suggested_minutes(slides) == minutes


def test_objectives_come_from_the_slide_of_aims_before_the_agenda() -> None:
    agenda = ("アジェンダ", "1. 背景の説明\n2. 三つの要素")
    aims = ("本日の目的", "• 三つの要素を説明できる\n① 明日から使える\n短い\n• 三つの要素を説明できる")
    assert suggested_objectives(_deck(agenda, aims)) == ("三つの要素を説明できる", "明日から使える")
    assert suggested_objectives(_deck(agenda)) == ("背景の説明", "三つの要素")
    assert suggested_objectives(_deck(("まとめ", "おわりに話すこと"))) == ()


def test_topics_are_those_whose_words_come_back() -> None:
    words = {
        "情報セキュリティ": ["a"],
        "完全性": ["a"],
        "ＡＩ": ["b"],
        "LAN": ["c"],
        "損益分岐点": ["d"],
        "値": ["e"],
    }
    text = "情報セキュリティの完全性。完全性を守る。plan と AI と値。損益分岐点。"
    assert suggested_topics(text, words)[0] == "a"
    assert not set(suggested_topics(text, words)) & {"b", "c", "e"}
    assert suggested_topics("", words) == ()


def test_an_outline_has_a_section_a_slide_and_joins_slides_of_one_title() -> None:
    deck = Deck(
        "",
        (
            DeckPage("表紙", "2026年"),
            DeckPage("要素", "・機密性", "例を話す。"),
            DeckPage("要素", "・完全性"),
            DeckPage("", "図だけのスライド"),
            DeckPage("", ""),
            DeckPage("ご清聴ありがとうございました", ""),
        ),
    )
    assert (
        outline(deck, with_notes=True)
        == "## 要素\n\n- 機密性\n\n例を話す。\n\n- 完全性\n\n- 図だけのスライド\n"
    )
    assert "例を話す" not in outline(deck, with_notes=False)


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("1 * 2 と a_b", r"1 \* 2 と a\_b"),
        ("<b>と&lt;", "&lt;b>と&amp;lt;"),
        ("{{question x}}", r"\{\{question x\}\}"),
        ("1. 一つめ", r"1\. 一つめ"),
        ("!!! note", r"\!!! note"),
        ("1.5倍", r"1\.5倍"),
        ("ふつうの文。", "ふつうの文。"),
    ],
)
def test_signs_of_markdown_in_a_slide_stay_signs(line: str, written: str) -> None:
    assert escaped(line) == written
