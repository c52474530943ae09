"""Notes are cut into sections, and progress counts them."""

from __future__ import annotations

from studyhub.domain.reading import (
    WHOLE,
    Heading,
    arrange,
    minutes_to_read,
    reading_progress,
    section_anchors,
)

TOC = [Heading("first", "はじめに", 2), Heading("detail", "くわしく", 3), Heading("second", "まとめ", 2)]
FIRST = '<h2 id="first">はじめに</h2><p>本文<br>です。</p><h3 id="detail">くわしく</h3>'
SECOND = '<h2 id="second">まとめ</h2><p>終わり</p>'


def test_notes_are_cut_before_each_section_and_questions_stay_where_they_stand() -> None:
    notes = arrange(
        [("html", f"<p>前書き</p>{FIRST}"), ("question", "q-1"), ("html", f"<p>続き</p>{SECOND}")], TOC
    )
    assert notes.introduction == (("html", "<p>前書き</p>"),)
    assert [section.anchor for section in notes.sections] == ["first", "second"]
    assert notes.sections[0].pieces == (("html", FIRST), ("question", "q-1"), ("html", "<p>続き</p>"))
    assert notes.sections[1].pieces == (("html", SECOND),)


def test_nothing_of_the_notes_is_lost_by_cutting() -> None:
    whole = f'<p>前書き</p>{FIRST}<img src="/x" alt="a > b">{SECOND}'
    notes = arrange([("html", whole)], TOC)
    pieces = [*notes.introduction, *(piece for section in notes.sections for piece in section.pieces)]
    assert "".join(text for _, text in pieces) == whole


def test_a_heading_inside_another_block_begins_no_section_and_is_read_with_the_one_around_it() -> None:
    toc = [Heading("first", "はじめに", 2), Heading("inside", "囲みの中", 2), Heading("second", "まとめ", 2)]
    text = f'{FIRST}<div class="admonition"><h2 id="inside">囲みの中</h2></div>{SECOND}'
    notes = arrange([("html", text)], toc)
    assert [section.anchors for section in notes.sections] == [("first", "inside"), ("second",)]


def test_notes_without_a_section_are_read_as_one() -> None:
    notes = arrange([("html", "<p>本文</p>")], [])
    assert [(section.anchor, section.anchors) for section in notes.sections] == [(WHOLE, (WHOLE,))]
    assert section_anchors([]) == (WHOLE,)


def test_progress_counts_sections_that_are_still_there() -> None:
    progress = reading_progress(section_anchors(TOC), {"first", "removed"})
    assert (progress.read, progress.total, progress.share) == (1, 2, 0.5)
    assert not progress.is_finished
    assert reading_progress(section_anchors(TOC), {"first", "second"}).is_finished


def test_reading_time_counts_characters_without_tags_and_blanks_and_is_never_zero() -> None:
    notes = arrange([("html", "<p>一二 三&amp;</p>\n")], [])
    assert notes.sections[0].characters == 4
    assert [minutes_to_read(characters) for characters in (0, 500, 501)] == [1, 1, 2]
