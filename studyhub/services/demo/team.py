"""What the demonstration's supervisor has seen so far: pictures of the past months, and looks at people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.domain.days import TOKYO, office_day
from studyhub.domain.identity import Actor, Role
from studyhub.domain.mastery import Evidence
from studyhub.domain.team import LookKind, month_before, month_of
from studyhub.persistence.models import Response, User
from studyhub.services import progress
from studyhub.services.progress_looks import log_looks
from studyhub.services.unit_pictures import picture_units

_LOOKS = ((20, LookKind.MATRIX), (6, LookKind.MATRIX), (6, LookKind.PERSON), (1, LookKind.MATRIX))
"""How many days ago, and how."""


def lead(db: Session, now: datetime) -> None:
    _picture_months(db, now)
    _look(db, now)


def _picture_months(db: Session, now: datetime) -> None:
    """As the nightly job would have left them at the end of each month since the first answer."""
    first = db.scalar(select(func.min(Response.answered_at)))
    month = month_of(office_day(now))
    ends = []
    while first is not None and month > month_of(office_day(first)):
        ends.append(datetime.combine(month, time(), tzinfo=TOKYO) - timedelta(minutes=1))
        month = month_before(month)
    for end in reversed(ends):
        picture_units(db, end.astimezone(UTC), partial(_until, moment=end))
    picture_units(db, now)


def _until(db: Session, user_ids: Sequence[int], *, moment: datetime) -> Mapping[int, Mapping[int, Evidence]]:
    return progress.evidence_until(db, user_ids, moment)


def _look(db: Session, now: datetime) -> None:
    found = db.execute(select(User.login, User.id).where(User.login.in_(["officer", "supervisor"])))
    ids = {row.login: row.id for row in found}
    supervisor = Actor(ids["supervisor"], "supervisor", "", frozenset({Role.SUPERVISOR}))
    for days_ago, kind in _LOOKS:
        log_looks(db, supervisor, [ids["officer"]], kind, now - timedelta(days=days_ago))
