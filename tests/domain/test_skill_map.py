"""A syllabus as a map of what an officer can do, also for answers given under another syllabus."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from studyhub.domain.mastery import Band, Evidence
from studyhub.domain.skill_map import Node, SkillMap, highlights, map_skills

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def node(id_: int, parent_id: int | None = None, share: float | None = None) -> Node:
    depth = 0 if parent_id is None else 1
    return Node(
        id_, f"s:{id_}", parent_id, "field" if depth == 0 else "small", depth, f"項目{id_}", "", share
    )


def answers(count: int, right: int, days_ago: int = 0) -> Evidence:
    return Evidence(count, right, count * 10, right * 10, NOW - timedelta(days=days_ago))


TREE = (node(1, share=60), node(2, 1), node(3, 1), node(10, share=40), node(11, 10))
"""Two fields: 1 with the topics 2 and 3, 10 with the topic 11."""


def skills(sources: Mapping[int, Evidence], landings: Mapping[int, set[int]] | None = None) -> SkillMap:
    return map_skills(TREE, sources, landings or {topic: {topic} for topic in sources}, NOW)


def counts(found: SkillMap) -> dict[int, int]:
    return {cell.node.id: cell.mastery.responses for cell in found.cells}


def test_a_topic_counts_for_itself_and_for_all_above_it() -> None:
    assert counts(skills({2: answers(4, 2), 11: answers(3, 3)})) == {1: 4, 2: 4, 3: 0, 10: 3, 11: 3}


def test_answers_of_another_syllabus_land_where_it_is_mapped_to() -> None:
    assert counts(skills({99: answers(5, 5)}, {99: {3}})) == {1: 5, 2: 0, 3: 5, 10: 0, 11: 0}


def test_a_source_mapped_to_two_topics_of_a_field_counts_once_in_the_field() -> None:
    found = skills({99: answers(5, 5)}, {99: {2, 3, 11}})
    assert counts(found) == {1: 5, 2: 5, 3: 5, 10: 5, 11: 5}
    assert found.whole.responses == 5


def test_a_source_that_lands_nowhere_is_said_to_be_unmapped() -> None:
    found = skills({2: answers(4, 2), 77: answers(9, 9)}, {2: {2}})
    assert found.unmapped == {77}
    assert found.whole.responses == 4


evidences = st.builds(
    lambda wrong, right: answers(wrong + right, right), st.integers(0, 9), st.integers(0, 9)
)


@given(
    st.dictionaries(
        st.integers(50, 60), st.tuples(evidences, st.sets(st.sampled_from([2, 3, 11]), min_size=1))
    )
)
def test_the_total_is_the_same_through_every_lens_that_maps_all(
    drawn: dict[int, tuple[Evidence, set[int]]],
) -> None:
    found = skills({s: e for s, (e, _) in drawn.items()}, {s: landings for s, (_, landings) in drawn.items()})
    assert found.whole.responses == sum(evidence.responses for evidence, _ in drawn.values())
    assert not found.unmapped


def test_the_share_of_the_examination_is_handed_down_by_number_of_topics() -> None:
    shares = {cell.node.id: cell.exam_share for cell in skills({}).cells}
    assert shares == {1: 60, 2: 30, 3: 30, 10: 40, 11: 40}


def test_what_is_below_a_topic_leaves_out_the_topic_itself() -> None:
    assert [cell.node.id for cell in skills({}).under("s:1")] == [2, 3]
    assert skills({}).under("s:nothing") == ()


def test_highlights_name_the_weakest_the_largest_unseen_and_what_fades() -> None:
    told = highlights(skills({2: answers(20, 4), 3: answers(20, 19, days_ago=40)}))
    assert told.weakest is not None
    assert told.weakest.node.id == 2
    assert told.unseen is not None
    assert told.unseen.node.id == 11
    assert [cell.node.id for cell in told.fading] == [3]
    assert sum(told.bands.values()) == 3
    assert told.bands[Band.WEAK] == 1


def test_nothing_is_highlighted_of_nothing() -> None:
    told = highlights(map_skills((), {}, {}, NOW))
    assert (told.weakest, told.unseen, told.fading) == (None, None, ())
