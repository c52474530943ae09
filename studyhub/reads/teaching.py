"""The page of a study session that teaches what a question asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from studyhub.persistence.models import StudySession, StudySessionRevision


@dataclass(frozen=True, slots=True)
class TeachingPage:
    key: str
    anchor: str
    title: str
    title_en: str
    section: str
    """Heading at the anchor, or empty."""


_PAGES = (
    select(StudySession.key, StudySession.title, StudySession.title_en, StudySessionRevision.toc)
    .join(StudySessionRevision, StudySession.current_revision_id == StudySessionRevision.id)
    .where(StudySession.key.in_(bindparam("keys", expanding=True)), StudySession.status == "published")
)


def teaching_pages(db: Session, addresses: Iterable[str]) -> dict[str, TeachingPage]:
    """By address, ``<study session key>#<anchor>``; those of study sessions that are not published are left out."""
    wanted = {address: address.partition("#")[::2] for address in addresses if address}
    if not wanted:
        return {}
    rows = db.execute(_PAGES, {"keys": sorted({key for key, _ in wanted.values()})})
    found = {row.key: row for row in rows}
    pages = {}
    for address, (key, anchor) in wanted.items():
        if row := found.get(key):
            headings = {heading["anchor"]: heading["text"] for heading in row.toc}
            pages[address] = TeachingPage(key, anchor, row.title, row.title_en, headings.get(anchor, ""))
    return pages
