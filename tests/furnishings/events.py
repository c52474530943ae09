from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.surveys import ItemKind
from studyhub.persistence.models import (
    Attendance,
    CalendarFeed,
    Registration,
    StudySession,
    Survey,
    SurveyAnswer,
    SurveyItem,
    SurveyParticipation,
    User,
)

CODE = "ACD347"
"""Of the study session `first-hearing`, which was held long ago."""
SURVEY_ID = "22222222-2222-4222-8222-222222222222"
"""Open, right after the study session; the one some weeks later is closed."""
LATER_ID = "33333333-3333-4333-8333-333333333333"
FEED_TOKEN = "a-secret-address-of-the-officer"


def furnish(db: Session, now: datetime, *, user_id: int, size: int) -> None:
    """The newest people came, had a seat and answered the second survey; the officer came to every session."""
    row = db.scalars(select(StudySession).where(StudySession.key == "first-hearing")).one()
    if row.code is None:
        row.code, row.takes_registrations, row.capacity = CODE, True, 3
        db.add(CalendarFeed(user_id=user_id, token=FEED_TOKEN, created_at=now))
        _make_surveys(db, row.id, now)
    newest = db.scalars(select(User.id).order_by(User.id.desc()).limit(size)).all()
    for place, person in enumerate(newest):
        _take_part(db, row.id, person, now, place)
    _attend_all(db, user_id, now)
    db.flush()


def _make_surveys(db: Session, session_id: int, now: datetime) -> None:
    lecturer = db.scalar(select(User.id).where(User.login == "lecturer"))
    for survey_id, moment, closed_at in ((SURVEY_ID, "after", None), (LATER_ID, "later", now)):
        db.add(
            Survey(
                id=survey_id,
                study_session_id=session_id,
                moment=moment,
                state="closed" if closed_at else "open",
                title="アンケート",
                opened_at=now,
                closed_at=closed_at,
                created_at=now,
                created_by=lecturer,
            )
        )
        db.flush()
        kinds = (
            (ItemKind.SCALE, ["不満", "満足"]),
            (ItemKind.CHOICE, ["はい", "いいえ"]),
            (ItemKind.TEXT, []),
        )
        for position, (kind, options) in enumerate(kinds, 1):
            db.add(
                SurveyItem(
                    survey_id=survey_id, position=position, kind=kind.value, label="設問", options=options
                )
            )
    db.flush()


def _take_part(db: Session, session_id: int, person: int, now: datetime, place: int) -> None:
    key = {"study_session_id": session_id, "user_id": person}
    db.merge(Attendance(**key, present=True, way="scan", at=now))
    state = "registered" if place < 3 else "waiting"
    db.merge(Registration(**key, state=state, asked_at=now + timedelta(seconds=place), changed_at=now))
    db.merge(SurveyParticipation(survey_id=LATER_ID, user_id=person))
    items = db.scalars(
        select(SurveyItem.id).where(SurveyItem.survey_id == LATER_ID).order_by(SurveyItem.position)
    )
    values: list[tuple[int | None, str | None]] = [(4, None), (1, None), (None, "よかった")]
    for item_id, (number, text) in zip(items, values, strict=True):
        sheet = f"00000000-0000-4000-8000-{person:012d}"
        db.merge(SurveyAnswer(sheet=sheet, item_id=item_id, number=number, text=text))


def _attend_all(db: Session, user_id: int, now: datetime) -> None:
    came = select(Attendance.study_session_id).where(Attendance.user_id == user_id)
    for session_id in db.scalars(select(StudySession.id).where(StudySession.id.not_in(came))):
        db.add(Attendance(study_session_id=session_id, user_id=user_id, way="scan", at=now))
