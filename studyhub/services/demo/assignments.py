"""What the demonstration's supervisor has asked of the section: one thing under way, one overdue, one to be reached."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.assignments import AssignmentKind
from studyhub.domain.days import office_day
from studyhub.domain.identity import Actor, Role
from studyhub.domain.mastery import Band
from studyhub.domain.notices import NoticeKind
from studyhub.persistence.models import Assignment, AssignmentPerson, Unit, User
from studyhub.services.assignments import PATH, NewAssignment, make_assignment, notice_params, settle
from studyhub.services.notices import tell

_SECURITY = "dx-basics-security"


def ask(db: Session, now: datetime) -> None:
    head = db.scalars(select(User).where(User.login == "supervisor")).one()
    actor = Actor(head.id, head.login, head.display_name, frozenset({Role.SUPERVISOR}))
    units = {unit.code: unit.id for unit in db.scalars(select(Unit).where(Unit.code.in_(("W11", "W111"))))}
    people = frozenset(db.scalars(select(User.id).where(User.login.in_(("officer", "hanako", "sample01")))))
    quiz = NewAssignment(
        AssignmentKind.CHECK, _SECURITY, None, people, frozenset(), office_day(now) - timedelta(days=2),
        "先月の訓練で迷った場面が、そのまま問題になっています。次の訓練の前に一度答えてみてください。",
    )  # fmt: skip
    topic = NewAssignment(
        AssignmentKind.TOPIC, "ip-6.5:61", Band.NEAR, frozenset(), frozenset({units["W111"]}),
        office_day(now) + timedelta(days=12), "窓口の端末が12月に入れ替わります。新しい端末を安全に使うためです。",
    )  # fmt: skip
    reading = NewAssignment(
        AssignmentKind.SESSION, _SECURITY, None, frozenset(), frozenset({units["W11"]}),
        office_day(now) + timedelta(days=2), "課の全員が同じ手順で動けるように、読んでおいてください。",
    )  # fmt: skip
    make_assignment(db, actor, quiz, now - timedelta(days=16))
    make_assignment(db, actor, topic, now - timedelta(days=8))
    made = make_assignment(db, actor, reading, now - timedelta(days=5))
    _remind(db, made, people, now)


def _remind(db: Session, assignment_id: int, people: frozenset[int], now: datetime) -> None:
    """Those who have not done it, as the morning's round would: it settles first."""
    row = db.get_one(Assignment, assignment_id)
    settle(db, row, now)
    params = notice_params(db, row)
    said = {"what": params["what"], "due": params["due"]}
    waiting = select(AssignmentPerson.user_id).where(
        AssignmentPerson.assignment_id == assignment_id, AssignmentPerson.done_at.is_(None)
    )
    tell(db, people & set(db.scalars(waiting)), NoticeKind.REMINDER, said, PATH, now - timedelta(hours=1))
