"""What needs an administrator's attention, in counts; nothing of what anybody learnt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from studyhub.domain.days import office_day
from studyhub.domain.identity import Role
from studyhub.persistence.models import (
    Job,
    Mail,
    Question,
    QuestionReport,
    Response,
    SignIn,
    StudySession,
    Unit,
    User,
    UserRole,
)
from studyhub.reads.admin_people import holds_main_post

_WEEK = timedelta(days=7)
_LATE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Overview:
    people: int
    inactive: int
    administrators: int
    new: int
    """Have not chosen a pass phrase yet."""
    unplaced: int
    """Hold no main post today in a unit that is open."""
    signed_in: int
    """People with a sign-in that still counts."""
    units: int
    failed_jobs: int
    late_jobs: int
    """Wait although their time came long ago: no worker runs."""
    failed_mails: int
    open_reports: int
    questions: int
    study_sessions: int
    seen_this_week: int
    """People who used the site in the last seven days."""
    answers: int
    """Given since the site began, by everybody together."""


def overview(db: Session, now: datetime) -> Overview:
    """One statement of counts."""
    today = office_day(now)
    active = User.active & User.erased_at.is_(None)
    counts = {
        "people": _many(User).where(active),
        "inactive": _many(User).where(~User.active, User.erased_at.is_(None)),
        "administrators": _many(User).join(UserRole).where(active, UserRole.role == Role.ADMINISTRATOR),
        "new": _many(User).where(active, User.must_change_password),
        "unplaced": _many(User).where(active, ~holds_main_post(today)),
        "signed_in": select(func.count(func.distinct(SignIn.user_id))).where(
            SignIn.revoked_at.is_(None), SignIn.expires_at > now
        ),
        "units": _many(Unit).where(Unit.starts_on <= today, Unit.ends_on.is_(None) | (Unit.ends_on >= today)),
        "failed_jobs": _many(Job).where(Job.state == "failed"),
        "late_jobs": _many(Job).where(Job.state == "queued", Job.run_after < now - _LATE),
        "failed_mails": _many(Mail).where(Mail.state == "failed"),
        "open_reports": _many(QuestionReport).where(QuestionReport.state == "open"),
        "questions": _many(Question).where(Question.status == "published"),
        "study_sessions": _many(StudySession).where(
            StudySession.status == "published", StudySession.deleted_at.is_(None)
        ),
        "seen_this_week": select(func.count(func.distinct(SignIn.user_id))).where(
            SignIn.last_seen_at > now - _WEEK
        ),
        # The log only grows: its last number is how long it is, and needs no count of millions of rows.
        "answers": select(func.coalesce(func.max(Response.seq), 0)),
    }
    row = db.execute(select(*(count.scalar_subquery().label(name) for name, count in counts.items()))).one()
    return Overview(**row._mapping)


def _many(model: type[object]) -> Select[int]:
    return select(func.count()).select_from(model)
