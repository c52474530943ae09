"""The bands of a matrix are those of each person's own skill map."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from studyhub.domain.mastery import Band, Evidence
from studyhub.domain.skill_columns import UNTOUCHED, Columns
from studyhub.domain.skill_map import Node, map_skills

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def node(number: int, parent: int | None, depth: int) -> Node:
    return Node(number, f"s:{number}", parent, "level", depth, f"項目{number}", "", None)


NODES = [node(1, None, 0), node(2, 1, 1), node(3, 1, 1), node(4, 2, 2), node(5, None, 0), node(6, 5, 1)]
LANDINGS = {1: {1}, 2: {2}, 3: {3}, 4: {4}, 5: {5}, 6: {6}, 90: {4, 6}, 91: set[int]()}
"""90 is a topic of another syllabus that is mapped to two of this one, 91 one that is mapped nowhere."""
WANTED = [None, *(each.id for each in NODES)]


@st.composite
def evidence(draw: st.DrawFn) -> Evidence:
    responses = draw(st.integers(1, 30))
    tenths = responses * 10
    credit = draw(st.integers(0, tenths))
    age = draw(st.integers(0, 400))
    return Evidence(responses, credit // 10, tenths, credit, NOW - timedelta(days=age))


@given(st.dictionaries(st.sampled_from(sorted(LANDINGS)), evidence()))
def test_a_column_says_what_the_person_s_own_map_says(sources: dict[int, Evidence]) -> None:
    skills = map_skills(NODES, sources, LANDINGS, NOW)
    whole, *cells = Columns(NODES, LANDINGS, WANTED).cells(sources, NOW)
    assert (whole.band, whole.responses) == (skills.whole.band, skills.whole.responses)
    for mine, shown in zip(skills.cells, cells, strict=True):
        assert (shown.band, shown.responses, shown.last_at) == (
            mine.mastery.band,
            mine.mastery.responses,
            mine.mastery.last_at,
        )


def test_only_what_is_wanted_is_worked_out() -> None:
    sources = {4: Evidence(5, 5, 50, 50, NOW)}
    columns = Columns(NODES, LANDINGS, [6, 2])
    assert dict(columns.touched(sources, NOW)).keys() == {1}
    assert columns.cells(sources, NOW)[0] == UNTOUCHED


def test_of_a_period_only_topics_answered_in_it_count() -> None:
    old, new = Evidence(5, 5, 50, 50, NOW - timedelta(days=60)), Evidence(4, 0, 40, 0, NOW)
    columns = Columns(NODES, LANDINGS, [None, 3, 4])
    whole, third, fourth = columns.cells({4: old, 3: new}, NOW, NOW - timedelta(days=30))
    assert (whole.responses, third.responses, fourth) == (4, 4, UNTOUCHED)
    assert columns.cells({4: old, 3: new}, NOW)[0].responses == 9
    assert fourth.band is Band.NONE
