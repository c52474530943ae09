"""Two texts side by side, and two people's changes in one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from studyhub.domain.text_difference import Sign, line_difference, merged

BASE = "一行目\n二行目\n三行目\n四行目\n五行目"


def _told(old: str, new: str) -> list[tuple[Sign, str]]:
    return [(line.sign, line.text) for line in line_difference(old, new)]


def test_equal_texts_have_no_difference() -> None:
    assert line_difference(BASE, BASE) == ()


def test_a_changed_line_is_told_as_removed_and_added_with_the_changed_words_marked() -> None:
    lines = line_difference("機密性を守る", "完全性を守る")
    assert [(line.sign, line.text) for line in lines] == [
        (Sign.REMOVED, "機密性を守る"),
        (Sign.ADDED, "完全性を守る"),
    ]
    assert [piece.text for piece in lines[1].pieces if piece.changed] == ["完全"]


def test_lines_far_from_a_change_are_skipped() -> None:
    old = "\n".join(str(number) for number in range(20))
    told = _told(old, old.replace("10", "X"))
    assert told[0] == (Sign.SKIPPED, "")
    assert told[-1] == (Sign.SKIPPED, "")
    assert (Sign.ADDED, "X") in told
    assert (Sign.SAME, "0") not in told


def test_changes_in_different_places_are_joined() -> None:
    mine = BASE.replace("一行目", "私の一行目")
    theirs = BASE.replace("五行目", "相手の五行目")
    assert merged(BASE, mine, theirs) == "私の一行目\n二行目\n三行目\n四行目\n相手の五行目"


def test_changes_of_the_same_line_are_not_joined() -> None:
    assert merged(BASE, BASE.replace("二行目", "甲"), BASE.replace("二行目", "乙")) is None


def test_the_same_change_by_both_is_one_change() -> None:
    changed = BASE.replace("二行目", "甲")
    assert merged(BASE, changed, changed) == changed


LINES = st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=8).map("\n".join)


@given(LINES, LINES)
def test_a_difference_holds_every_changed_line_of_both_texts(old: str, new: str) -> None:
    lines = line_difference(old, new)
    added = [line.text for line in lines if line.sign is Sign.ADDED]
    removed = [line.text for line in lines if line.sign is Sign.REMOVED]
    assert len(new.splitlines()) - len(old.splitlines()) == len(added) - len(removed)


@given(LINES, LINES)
def test_joining_with_an_unchanged_text_gives_the_changed_one(base: str, mine: str) -> None:
    assert merged(base, mine, base) == mine
    assert merged(base, base, mine) == mine
