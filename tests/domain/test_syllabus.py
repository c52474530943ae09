from datetime import date

from studyhub.domain.syllabus import Syllabus, SyllabusStatus, Topic, TopicMapping

TREE = Syllabus(
    id="s",
    title="木",
    title_en="Tree",
    version="1",
    status=SyllabusStatus.CURRENT,
    published_on=date(2026, 1, 8),
    levels=("field", "large", "small"),
    topics=(
        Topic("s:a", None, "field", 0, "A"),
        Topic("s:a1", "s:a", "large", 0, "A1"),
        Topic("s:a1x", "s:a1", "small", 0, "A1x"),
        Topic("s:a1y", "s:a1", "small", 1, "A1y"),
        Topic("s:b", None, "field", 1, "B"),
    ),
)


def keys(topics: object) -> list[str]:
    return [topic.key for topic in topics]  # type: ignore[attr-defined]


def test_children_and_roots_come_in_reading_order() -> None:
    assert keys(TREE.roots) == ["s:a", "s:b"]
    assert keys(TREE.children("s:a1")) == ["s:a1x", "s:a1y"]
    assert TREE.children("s:b") == ()


def test_ancestors_lead_from_the_root_to_the_parent() -> None:
    assert keys(TREE.ancestors("s:a1y")) == ["s:a", "s:a1"]
    assert TREE.ancestors("s:a") == ()
    assert TREE.ancestors("s:unknown") == ()


def test_leaves_are_the_topics_without_children_whatever_their_depth() -> None:
    assert keys(TREE.leaves()) == ["s:a1x", "s:a1y", "s:b"]
    assert keys(TREE.leaves("s:a1")) == ["s:a1x", "s:a1y"]
    assert keys(TREE.leaves("s:b")) == ["s:b"]
    assert TREE.leaves("s:unknown") == ()


def test_a_topic_key_tells_its_syllabus_and_node() -> None:
    assert (TREE.by_key["s:a1"].syllabus_id, TREE.by_key["s:a1"].node_id) == ("s", "a1")


def test_a_mapping_lists_what_has_no_counterpart() -> None:
    mapping = TopicMapping("s", "t", {"s:a": ("t:1", "t:2"), "s:b": ()})
    assert mapping.translate("s:a") == ("t:1", "t:2")
    assert mapping.translate("s:never-heard-of") == ()
    assert mapping.unmapped == ("s:b",)
