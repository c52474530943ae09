"""Surveys with their usual questions, and sheets as a form sends them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.identity import Actor, Role
from studyhub.domain.surveys import SurveyMoment
from studyhub.persistence.models import Survey, SurveyItem
from studyhub.services.surveys import create_survey, open_survey, take_part
from tests.factories.people import make_user


def make_survey(
    db: Session,
    lecturer: Actor,
    key: str,
    now: datetime,
    *,
    moment: SurveyMoment = SurveyMoment.AFTER,
) -> str:
    """Open; its id."""
    made = create_survey(db, lecturer, key, moment, now)
    open_survey(db, lecturer, key, moment, now)
    return made


def sheet(db: Session, survey_id: str, satisfied: int = 4, text: str = "") -> dict[int, str]:
    """For the usual questions of the survey right after."""
    ids = db.scalars(
        select(SurveyItem.id).where(SurveyItem.survey_id == survey_id).order_by(SurveyItem.position)
    ).all()
    return dict(zip(ids, (str(satisfied), "3", "1", text), strict=True))


def answer_as_many(db: Session, survey_id: str, people: int, now: datetime) -> list[int]:
    """That many new people take part, the n-th with the text 「意見n」; their ids in that order."""
    ids = []
    for number in range(people):
        user = make_user(db, now)
        someone = Actor(user.id, user.login, user.display_name, frozenset({Role.OFFICER}))
        assert take_part(db, someone, survey_id, sheet(db, survey_id, number % 5 + 1, f"意見{number}"), now)
        ids.append(user.id)
    return ids


def survey_of(db: Session, survey_id: str) -> Survey:
    return db.get_one(Survey, survey_id)
