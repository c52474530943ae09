"""The topics of a syllabus as a skill map looks at them, and where answers given under another one count."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from studyhub.domain.skill_map import Node
from studyhub.persistence.models import Topic, TopicMapping


def load_nodes(db: Session, syllabus_id: str) -> list[Node]:
    """In the order of the tree, parents before children."""
    columns = select(
        Topic.id, Topic.key, Topic.parent_id, Topic.level, Topic.depth, Topic.name, Topic.name_en, Topic.share
    )
    wanted = columns.where(Topic.syllabus_id == syllabus_id, Topic.retired.is_(False))
    return [Node(*row) for row in db.execute(wanted.order_by(Topic.position, Topic.id))]


def load_landings(db: Session, syllabus_id: str, nodes: Sequence[Node]) -> dict[int, set[int]]:
    """Topic -> nodes of the syllabus on which its answers count: itself, or those mapped to or from it."""
    own = {node.id for node in nodes}
    landings = {node_id: {node_id} for node_id in own}
    pairs = db.execute(
        select(TopicMapping.from_topic_id, TopicMapping.to_topic_id)
        .join(Topic, Topic.id == TopicMapping.from_topic_id)
        .where(or_(TopicMapping.to_syllabus_id == syllabus_id, Topic.syllabus_id == syllabus_id))
        .where(TopicMapping.to_topic_id.is_not(None))
    )
    for from_id, to_id in pairs:
        assert to_id is not None
        here, there = (to_id, from_id) if to_id in own else (from_id, to_id)
        if here in own and there not in own:
            landings.setdefault(there, set()).add(here)
    return landings
