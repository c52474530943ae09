"""Anchors that stay, keys, states and what a session still lacks."""

from __future__ import annotations

from datetime import date, time

import pytest

from studyhub.domain.editing import (
    SessionFields,
    SessionState,
    Step,
    checklist,
    free_key,
    parted,
    require_sound,
    session_state,
    slug,
    tidied,
    with_anchors,
)
from studyhub.domain.errors import Invalid
from tests.conftest import NOW


def test_every_section_gets_an_anchor_and_keeps_it() -> None:
    made = with_anchors("## はじめに\n\n本文\n\n## まとめ")
    assert with_anchors(made) == made
    assert made.count("{#s-") == 2


def test_the_same_heading_gets_the_same_anchor_wherever_it_stands() -> None:
    first, second = (with_anchors(text).splitlines() for text in ("## 甲\n## 乙", "## 丙\n## 乙\n## 甲"))
    assert first[0] == second[2]
    assert first[1] == second[1]


def test_two_sections_of_one_name_have_two_anchors() -> None:
    lines = with_anchors("## まとめ\n## まとめ").splitlines()
    assert lines[0] != lines[1]
    assert lines[1].endswith("-2}")


def test_an_anchor_that_was_given_stays_and_is_given_to_no_other() -> None:
    assert (
        with_anchors("## What is DX\n## Other {#what-is-dx}")
        == "## What is DX {#what-is-dx-2}\n## Other {#what-is-dx}"
    )


def test_other_levels_and_code_stay_as_they_are() -> None:
    text = "# 題\n### 小見出し\n```\n## 見出しではない\n```\n~~~~\n## これも\n~~~~"
    assert with_anchors(text) == text


def test_closing_signs_of_a_heading_are_dropped() -> None:
    assert with_anchors("## Why ##") == "## Why {#why}"


@pytest.mark.parametrize(
    ("texts", "wanted"),
    [
        (("Before you use AI", "題"), "before-you-use-ai"),
        (("", "生成AIを使う前に"), "ai"),
        (("", "題名"), ""),
        (("é" * 200,), "e" * 60),
    ],
)
def test_a_key_comes_from_the_words_of_a_title(texts: tuple[str, ...], wanted: str) -> None:
    assert slug(*texts) == wanted


def test_a_key_that_is_taken_gets_a_number() -> None:
    assert free_key("ai", {"ai", "ai-2"}) == "ai-3"


def test_front_matter_and_notes_are_parted() -> None:
    assert parted("---\nid: x\n---\n\n本文") == ("id: x\n", "本文")
    assert parted("本文だけ") == ("", "本文だけ")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        (SessionFields(" ", "c"), "title"),
        (SessionFields("題" * 201, "c"), "title"),
        (SessionFields("題", "c", minutes=0), "minutes"),
        (SessionFields("題", "c", starts_at=time(10)), "held_on"),
        (SessionFields("題", "c", held_on=date.max), "held_on"),
        (SessionFields("題", "c", held_on=date.min, starts_at=time(8)), "held_on"),
        (SessionFields("題", "c", lecturers=("名" * 121,)), "lecturers"),
    ],
)
def test_a_form_that_breaks_a_rule_is_told_at_its_field(fields: SessionFields, field: str) -> None:
    with pytest.raises(Invalid) as raised:
        require_sound(fields)
    assert raised.value.field == field


def test_a_sound_form_passes() -> None:
    require_sound(SessionFields("題", "c", held_on=date(2026, 12, 1), starts_at=time(10)))


def test_notes_that_are_too_large_are_refused_with_their_line() -> None:
    with pytest.raises(Invalid, match="2行目"):
        tidied("短い行\r\n" + "あ" * 5_001)
    with pytest.raises(Invalid, match="バイト"):
        tidied("あ\n" * 100_000)


def test_a_draft_with_a_time_is_scheduled_and_what_is_deleted_is_only_that() -> None:
    assert session_state("draft", None, None) is SessionState.DRAFT
    assert session_state("draft", NOW, None) is SessionState.SCHEDULED
    assert session_state("retired", None, NOW) is SessionState.DELETED


def test_content_without_errors_is_needed_and_the_rest_is_wished_for() -> None:
    items = checklist(content=True, errors=2, filled={Step.TOPICS})
    assert [item.step for item in items if item.done] == [Step.CONTENT, Step.TOPICS]
    assert [item.step for item in items if item.is_needed] == [Step.CONTENT, Step.SOUND]
