"""Who looked at one's progress, for the person who was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.domain.identity import Actor
from studyhub.domain.team import LookKind
from studyhub.persistence.models import ProgressLook, User
from studyhub.persistence.settings import load_settings

PAGE_LENGTH = 50


@dataclass(frozen=True, slots=True)
class LookLine:
    day: date
    viewer: str
    """Empty when the viewer's account is gone."""
    kind: LookKind
    times: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class LooksPage:
    lines: tuple[LookLine, ...]
    """The last one first."""
    page: int
    pages: int
    purpose: str
    purpose_en: str


def looks_page(db: Session, actor: Actor, page: int) -> LooksPage:
    row = ProgressLook
    total = db.scalar(select(func.count()).select_from(row).where(row.subject_id == actor.user_id)) or 0
    pages = max(1, -(-total // PAGE_LENGTH))
    page = min(max(page, 1), pages)
    columns = (
        select(row.day, row.kind, row.times, row.last_at, User.family_name, User.given_name)
        .outerjoin(User, User.id == row.viewer_id)
        .where(row.subject_id == actor.user_id)
        .order_by(row.last_at.desc(), row.viewer_id, row.kind)
    )
    found = db.execute(columns.limit(PAGE_LENGTH).offset((page - 1) * PAGE_LENGTH))
    lines = tuple(
        LookLine(
            each.day,
            f"{each.family_name} {each.given_name}" if each.family_name else "",
            LookKind(each.kind),
            each.times,
            each.last_at,
        )
        for each in found
    )
    settings = load_settings(db)
    return LooksPage(lines, page, pages, settings.purpose, settings.purpose_en)
