"""Topics found by words and named with the path to them, for the forms of the studios."""

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
