"""Topics and the pages that teach them, found by words for the form of a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from studyhub.persistence import models


@dataclass(frozen=True, slots=True)
class NamedTopic:
    """``path`` leads from the top of its tree down to it: names in both languages."""

    key: str
    path: tuple[tuple[str, str], ...]
    syllabus: str
    syllabus_en: str


def topics_with_paths(db: Session, keys: Sequence[str]) -> tuple[NamedTopic, ...]:
    """In the order of the keys; unknown ones are left out. Two statements."""
    return _with_paths(db, select(models.Topic.id, models.Topic.key).where(models.Topic.key.in_(keys)), keys)


def find_topics(db: Session, text: str, most: int = 20) -> tuple[NamedTopic, ...]:
    """Current topics whose name or key has every word of the text; an empty text finds none."""
    words = text.split()[:8]
    if not words:
        return ()
    topic = models.Topic
    conditions = [
        topic.name.icontains(word, autoescape=True)
        | topic.name_en.icontains(word, autoescape=True)
        | topic.key.icontains(word, autoescape=True)
        for word in words
    ]
    statement = (
        select(topic.id, topic.key)
        .join(models.Syllabus, models.Syllabus.id == topic.syllabus_id)
        .where(~topic.retired, models.Syllabus.status != "retired", *conditions)
        .order_by(models.Syllabus.position, topic.position)
        .limit(most)
    )
    return _with_paths(db, statement, None)


def _with_paths(db: Session, statement: Any, keys: Sequence[str] | None) -> tuple[NamedTopic, ...]:
    ids = {row.key: row.id for row in db.execute(statement)}
    row, above = models.Topic, aliased(models.Topic)
    begun = select(row.id.label("leaf"), row.id, row.parent_id).where(row.id.in_(ids.values()))
    path = begun.cte("path", recursive=True)
    path = path.union_all(
        select(path.c.leaf, above.id, above.parent_id).join(path, above.id == path.c.parent_id)
    )
    names = db.execute(
        select(path.c.leaf, row.name, row.name_en, models.Syllabus.title, models.Syllabus.title_en)
        .join(row, row.id == path.c.id)
        .join(models.Syllabus, models.Syllabus.id == row.syllabus_id)
        .order_by(path.c.leaf, row.depth)
    )
    paths: dict[int, list[tuple[str, str]]] = {}
    syllabi: dict[int, tuple[str, str]] = {}
    for leaf, name, name_en, title, title_en in names:
        paths.setdefault(leaf, []).append((name, name_en))
        syllabi[leaf] = (title, title_en)
    wanted = list(ids) if keys is None else [key for key in dict.fromkeys(keys) if key in ids]
    return tuple(NamedTopic(key, tuple(paths[ids[key]]), *syllabi[ids[key]]) for key in wanted)


@dataclass(frozen=True, slots=True)
class TeachingChoice:
    """``address`` is what ``teaches`` holds."""

    address: str
    title: str
    title_en: str
    section: str


def find_teaching(db: Session, text: str, most: int = 12) -> tuple[TeachingChoice, ...]:
    """Sections of study sessions whose title or heading has every word of the text."""
    words = [word.casefold() for word in text.split()[:8]]
    if not words:
        return ()
    found = [
        choice
        for choice in _sections(db)
        if all(word in f"{choice.title} {choice.title_en} {choice.section}".casefold() for word in words)
    ]
    return tuple(found[:most])


def teaching_choice(db: Session, address: str) -> TeachingChoice | None:
    """Also for an address that leads nowhere any more, so that it can be taken out."""
    if not address:
        return None
    known = {choice.address: choice for choice in _sections(db, address.partition("#")[0])}
    return known.get(address) or TeachingChoice(address, address, "", "")


def _sections(db: Session, key: str = "") -> list[TeachingChoice]:
    row, revision = models.StudySession, models.StudySessionRevision
    statement = (
        select(row.key, row.title, row.title_en, revision.toc)
        .join(revision, revision.id == row.current_revision_id)
        .where(row.deleted_at.is_(None), row.status != "retired")
        .order_by(row.title)
    )
    if key:
        statement = statement.where(row.key == key)
    return [
        TeachingChoice(f"{each.key}#{heading['anchor']}", each.title, each.title_en, heading["text"])
        for each in db.execute(statement)
        for heading in each.toc
        if heading["level"] == 2
    ]
