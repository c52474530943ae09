"""Syllabi, their mappings and the examination blueprints: rows follow the files, keys are kept for ever."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Delete, delete, insert, select
from sqlalchemy.orm import Session

from studyhub.content.plan import fingerprint
from studyhub.domain import blueprint as blueprint_rules
from studyhub.domain import syllabus as domain
from studyhub.persistence.models import Blueprint, Syllabus, SyllabusMapping, Topic, TopicMapping

RETIRED = "retired"


def topic_ids(db: Session) -> dict[str, int]:
    """Of every topic there ever was, by key."""
    return {row.key: row.id for row in db.execute(select(Topic.key, Topic.id))}


def store_syllabi(db: Session, authored: Sequence[domain.Syllabus], retired: Iterable[str]) -> set[int]:
    """Returns the ids of known topics that now count elsewhere in the tree: their progress must be rebuilt."""
    moved: set[int] = set()
    for syllabus in authored:
        _store_syllabus(db, syllabus)
        moved |= _store_topics(db, syllabus)
    for key in retired:
        db.get_one(Syllabus, key).status = RETIRED
        for topic in db.scalars(select(Topic).where(Topic.syllabus_id == key)):
            topic.retired = True
    db.flush()
    return moved


def place(db: Session, syllabi: Iterable[str], blueprints: Iterable[str]) -> None:
    """Their order is that of their files; it is no part of what they say."""
    for position, key in enumerate(syllabi):
        db.get_one(Syllabus, key).position = position
    for position, key in enumerate(blueprints):
        db.get_one(Blueprint, key).position = position


def _store_syllabus(db: Session, syllabus: domain.Syllabus) -> None:
    row = db.get(Syllabus, syllabus.id)
    if row is None:
        row = Syllabus(id=syllabus.id)
        db.add(row)
    row.title = syllabus.title
    row.title_en = syllabus.title_en
    row.version = syllabus.version
    row.status = syllabus.status.value
    row.published_on = syllabus.published_on
    row.levels = list(syllabus.levels)
    row.content_hash = fingerprint(syllabus)
    db.flush()


def _store_topics(db: Session, syllabus: domain.Syllabus) -> set[int]:
    rows = {row.key: row for row in db.scalars(select(Topic).where(Topic.syllabus_id == syllabus.id))}
    known = set(rows)
    before = {key: row.parent_id for key, row in rows.items()}
    depths: dict[str | None, int] = {None: -1}
    for position, topic in enumerate(syllabus.topics):
        parent = rows[topic.parent_key] if topic.parent_key else None
        if parent in db.new:
            db.flush()  # for its id
        if topic.key not in rows:
            rows[topic.key] = Topic(key=topic.key, syllabus_id=syllabus.id)
            db.add(rows[topic.key])
        depths[topic.key] = depths[topic.parent_key] + 1
        _fill_topic(rows[topic.key], topic, parent, depths[topic.key], position)
    for key in known - syllabus.by_key.keys():
        rows[key].retired = True
    db.flush()
    moved = [key for key in known & syllabus.by_key.keys() if rows[key].parent_id != before[key]]
    return {rows[below.key].id for key in moved for below in syllabus.subtree(key)}


def _fill_topic(row: Topic, topic: domain.Topic, parent: Topic | None, depth: int, position: int) -> None:
    row.parent_id = parent.id if parent else None
    row.level = topic.level
    row.depth = depth
    row.position = position
    row.name = topic.name
    row.name_en = topic.name_en
    row.share = topic.share
    row.retired = False


def mapping_key(mapping: domain.TopicMapping) -> str:
    return f"{mapping.from_syllabus}--{mapping.to_syllabus}"


def store_mappings(db: Session, authored: Sequence[domain.TopicMapping], retired: Iterable[str]) -> None:
    ids = topic_ids(db)
    for mapping in authored:
        key = mapping_key(mapping)
        row = db.get(SyllabusMapping, key)
        if row is None:
            row = SyllabusMapping(id=key)
            db.add(row)
        row.from_syllabus_id = mapping.from_syllabus
        row.to_syllabus_id = mapping.to_syllabus
        row.status = mapping.status.value
        row.content_hash = fingerprint(mapping)
        db.flush()
        _replace_targets(db, mapping, ids)
    for key in retired:
        gone = db.get_one(SyllabusMapping, key)
        db.execute(_targets_between(gone.from_syllabus_id, gone.to_syllabus_id))
        db.delete(gone)
    db.flush()


def _replace_targets(db: Session, mapping: domain.TopicMapping, ids: dict[str, int]) -> None:
    db.execute(_targets_between(mapping.from_syllabus, mapping.to_syllabus))
    rows = [
        {
            "from_topic_id": ids[source],
            "to_syllabus_id": mapping.to_syllabus,
            "to_topic_id": ids[target] if target else None,
        }
        for source, targets in mapping.targets.items()
        for target in dict.fromkeys(targets or ("",))
    ]
    if rows:
        db.execute(insert(TopicMapping), rows)


def _targets_between(from_syllabus: str, to_syllabus: str) -> Delete:
    sources = select(Topic.id).where(Topic.syllabus_id == from_syllabus)
    return (
        delete(TopicMapping)
        .where(TopicMapping.to_syllabus_id == to_syllabus, TopicMapping.from_topic_id.in_(sources))
        .execution_options(synchronize_session=False)
    )


def store_blueprints(
    db: Session, authored: Sequence[blueprint_rules.Blueprint], retired: Iterable[str]
) -> None:
    for blueprint in authored:
        row = db.get(Blueprint, blueprint.id)
        if row is None:
            row = Blueprint(id=blueprint.id)
            db.add(row)
        row.title = blueprint.title
        row.title_en = blueprint.title_en
        row.syllabus_id = blueprint.syllabus_id
        row.status = blueprint.status.value
        row.spec = blueprint_rules.to_data(blueprint)
        row.content_hash = fingerprint(blueprint)
    for key in retired:
        db.get_one(Blueprint, key).status = RETIRED
    db.flush()
