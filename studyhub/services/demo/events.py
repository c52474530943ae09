"""What the demonstration's study sessions were like: who came, who has a seat in the next ones, what surveys said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.attendance import draw_code
from studyhub.domain.identity import Actor, Role
from studyhub.domain.surveys import SurveyMoment
from studyhub.persistence import models
from studyhub.services import registrations, surveys

_CAME_SHARE = 0.6
_STARTED = time(6, tzinfo=UTC)
"""15:00 in Tokyo, where the session names no hour."""
_SEATS = ((12, 9), (6, 8))
"""Capacity and how many ask, of the next study sessions."""
_ANSWERED = 18
_ANSWERED_SO_FAR = 6
_TEXTS = (
    "相談を受けたときに、まず困りごとを聞くことの大切さがよく分かりました。",
    "実例をもう少し聞きたいです。",
    "",
    "自分の局の申請手続で試してみます。",
    "",
    "後半が少し速かったです。資料があとで読めるのは助かります。",
    "",
    "ほかの局の人と話せてよかった。",
    "専門用語に説明があると、もっと分かりやすいと思います。",
)


def gather(db: Session, people: Sequence[int], now: datetime, *, seed: int = 20261028) -> None:
    """``people`` as ``populate`` gives them."""
    rng = Random(seed)  # nosec B311 # noqa: S311 (a simulation, repeatable on purpose)
    lecturer = actor_of(db, "lecturer")
    rows = db.scalars(
        select(models.StudySession)
        .where(models.StudySession.status == "published", models.StudySession.held_on.is_not(None))
        .order_by(models.StudySession.held_on, models.StudySession.key)
    ).all()
    for row in rows:
        row.code = draw_code(rng)
    held = [row for row in rows if row.held_on and row.held_on < now.date()]
    for row in held:
        _attend(db, row, people, rng)
    db.flush()
    _ask(db, lecturer, held[-2:], people, rng, now)
    ahead = [row for row in rows if row.held_on and row.held_on > now.date()]
    for row, (capacity, asking) in zip(ahead, _SEATS, strict=False):
        _seat(db, lecturer, row, people[-asking:], capacity, now)


def actor_of(db: Session, login: str) -> Actor:
    return _actor(db, db.scalars(select(models.User.id).where(models.User.login == login)).one())


def _attend(db: Session, row: models.StudySession, people: Sequence[int], rng: Random) -> None:
    """The first one, the demonstration's officer, came to each."""
    assert row.held_on is not None
    started = row.starts_at or datetime.combine(row.held_on, _STARTED)
    for place, user_id in enumerate(people[:-1]):
        if place and rng.random() > _CAME_SHARE:
            continue
        db.add(
            models.Attendance(
                study_session_id=row.id,
                user_id=user_id,
                way=rng.choice(("scan", "scan", "scan", "code")),
                at=started + timedelta(seconds=rng.randrange(-900, 600)),
            )
        )


def _ask(
    db: Session,
    lecturer: Actor,
    held: Sequence[models.StudySession],
    people: Sequence[int],
    rng: Random,
    now: datetime,
) -> None:
    """The older one's survey is closed and a second one planned; that of the latest is open, also to the officer."""
    for row, answers in zip(held, (_ANSWERED, _ANSWERED_SO_FAR), strict=False):
        opened = now - timedelta(days=3)
        survey_id = surveys.create_survey(db, lecturer, row.key, SurveyMoment.AFTER, opened)
        surveys.open_survey(db, lecturer, row.key, SurveyMoment.AFTER, opened)
        items = db.scalars(
            select(models.SurveyItem.id)
            .where(models.SurveyItem.survey_id == survey_id)
            .order_by(models.SurveyItem.position)
        ).all()
        for place, user_id in enumerate(people[5 : 5 + answers]):
            text = _TEXTS[place] if place < len(_TEXTS) else ""
            satisfied, understood = rng.choice("3445555"), rng.choice("2334445")
            values = (satisfied, understood, rng.choice("00111123"), text)
            given = dict(zip(items, values, strict=True))
            surveys.take_part(db, _actor(db, user_id), survey_id, given, opened)
    if len(held) == 2:
        surveys.close_survey(db, lecturer, held[0].key, SurveyMoment.AFTER, now)
        surveys.create_survey(db, lecturer, held[0].key, SurveyMoment.LATER, now)
        surveys.plan_survey(db, lecturer, held[0].key, SurveyMoment.LATER, now + timedelta(days=7), now)


def _seat(
    db: Session,
    lecturer: Actor,
    row: models.StudySession,
    people: Sequence[int],
    capacity: int,
    now: datetime,
) -> None:
    registrations.set_registration(db, lecturer, row.key, takes=True, capacity=capacity, now=now)
    for place, user_id in enumerate(people):
        asked = now - timedelta(hours=len(people) - place)
        registrations.register(db, _actor(db, user_id), row.key, asked)


def _actor(db: Session, user_id: int) -> Actor:
    user = db.get_one(models.User, user_id)
    return Actor(user.id, user.login, user.display_name, frozenset(Role(held.role) for held in user.roles))
