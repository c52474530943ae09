"""The pages that teach something, found by words for the form of a question."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.persistence import models


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
