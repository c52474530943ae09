"""The audit log: searched, a page at a time, newest first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, or_, select
from sqlalchemy.orm import Session

from studyhub.domain.days import TOKYO
from studyhub.persistence.models import AuditEntry, Unit, User
from studyhub.reads.people import holds_name

ROWS_A_PAGE = 50
MOST_EXPORTED = 50_000
_MOST_PEOPLE_MEANT = 200


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """As in the address. ``action`` is one, or with a dot at its end all of a group; ``who`` and ``about`` are a login or a part of a name; ``before`` is the id of the last entry
    of the page before."""

    action: str = ""
    who: str = ""
    about: str = ""
    since: date | None = None
    until: date | None = None
    before: int | None = None

    @property
    def ends_before_it_begins(self) -> bool:
        return self.since is not None and self.until is not None and self.until < self.since


@dataclass(frozen=True, slots=True)
class AuditLine:
    id: int
    at: datetime
    who: str
    """Empty for the command line, background work and those who are nobody any more."""
    who_id: int | None
    action: str
    subject_kind: str
    subject_id: str
    subject: str
    """Its name where it has one."""
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AuditPage:
    asked: AuditFilter
    lines: tuple[AuditLine, ...]
    older: int | None
    """``before`` of the next page; None on the last one."""


def audit_page(db: Session, asked: AuditFilter) -> AuditPage:
    """At most five statements, whatever there is; walks back by id, so that the last page costs as much as the first."""
    wanted = _wanted(db, asked)
    found = db.scalars(wanted.order_by(AuditEntry.id.desc()).limit(ROWS_A_PAGE + 1)).all()
    lines = _lines(db, found[:ROWS_A_PAGE])
    older = lines[-1].id if len(found) > ROWS_A_PAGE else None
    return AuditPage(asked, lines, older)


def audit_lines(db: Session, asked: AuditFilter) -> tuple[AuditLine, ...]:
    """For an export: the newest MOST_EXPORTED."""
    found = db.scalars(_wanted(db, asked).order_by(AuditEntry.id.desc()).limit(MOST_EXPORTED)).all()
    return _lines(db, found)


def _wanted(db: Session, asked: AuditFilter) -> Select[AuditEntry]:
    wanted = select(AuditEntry)
    if asked.action.endswith("."):
        wanted = wanted.where(AuditEntry.action.startswith(asked.action, autoescape=True))
    elif asked.action:
        wanted = wanted.where(AuditEntry.action == asked.action)
    if asked.since is not None:
        wanted = wanted.where(AuditEntry.at >= _midnight(asked.since))
    if asked.until is not None:
        wanted = wanted.where(AuditEntry.at < _midnight(asked.until + timedelta(days=1)))
    if asked.before is not None:
        wanted = wanted.where(AuditEntry.id < asked.before)
    if asked.who:
        wanted = wanted.where(AuditEntry.user_id.in_(_meant(db, asked.who)))
    if asked.about:
        wanted = wanted.where(_about(db, asked.about))
    return wanted


def _about(db: Session, text: str) -> ColumnElement[bool]:
    people = [str(user_id) for user_id in _meant(db, text)]
    of_people = (AuditEntry.subject_kind == "user") & AuditEntry.subject_id.in_(people)
    return or_(
        of_people,
        AuditEntry.subject_id.icontains(text, autoescape=True) & (AuditEntry.subject_kind != "user"),
    )


def _meant(db: Session, text: str) -> list[int]:
    plain = "".join(text.split())
    named = or_(
        User.login == plain.lower(),
        holds_name(User.family_name + User.given_name, plain),
        User.staff_number == plain,
    )
    return list(db.scalars(select(User.id).where(named).order_by(User.id).limit(_MOST_PEOPLE_MEANT)))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), TOKYO).astimezone(UTC)


def _lines(db: Session, found: Sequence[AuditEntry]) -> tuple[AuditLine, ...]:
    people = {entry.user_id for entry in found if entry.user_id}
    people |= {int(e.subject_id) for e in found if e.subject_kind == "user" and e.subject_id.isdigit()}
    names = _names(db, people)
    units = _unit_names(
        db, {int(e.subject_id) for e in found if e.subject_kind == "unit" and e.subject_id.isdigit()}
    )
    return tuple(
        AuditLine(
            id=entry.id,
            at=entry.at,
            who=names.get(str(entry.user_id), ""),
            who_id=entry.user_id,
            action=entry.action,
            subject_kind=entry.subject_kind,
            subject_id=entry.subject_id,
            subject={"user": names, "unit": units}.get(entry.subject_kind, {}).get(entry.subject_id, ""),
            detail=entry.detail,
        )
        for entry in found
    )


def _names(db: Session, people: Collection[int]) -> dict[str, str]:
    found = db.execute(
        select(cast(User.id, String).label("id"), User.family_name, User.given_name).where(
            User.id.in_(people)
        )
    )
    return {row.id: f"{row.family_name} {row.given_name}" for row in found}


def _unit_names(db: Session, units: Collection[int]) -> dict[str, str]:
    found = db.execute(select(cast(Unit.id, String).label("id"), Unit.name).where(Unit.id.in_(units)))
    return {row.id: row.name for row in found}
