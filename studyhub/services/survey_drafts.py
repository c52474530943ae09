"""A survey before anybody answers it: with the usual questions, for the lecturer to change and to open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from studyhub.domain.surveys import Item, SurveyMoment, default_items, default_title
from studyhub.persistence.models import Survey, SurveyItem


def draft_survey(
    db: Session, study_session_id: int, moment: SurveyMoment, now: datetime, *, made_by: int | None = None
) -> Survey | None:
    """None when the study session has one of that moment already, in whatever state: it stays as it is."""
    if db.scalar(
        select(exists().where(Survey.study_session_id == study_session_id, Survey.moment == moment.value))
    ):
        return None
    survey = Survey(
        id=str(uuid4()),
        study_session_id=study_session_id,
        moment=moment.value,
        title=default_title(moment),
        created_at=now,
        created_by=made_by,
    )
    db.add(survey)
    db.flush()
    store_items(db, survey.id, default_items(moment))
    return survey


def store_items(db: Session, survey_id: str, items: Sequence[Item]) -> None:
    db.add_all(
        SurveyItem(
            survey_id=survey_id,
            position=position,
            kind=item.kind.value,
            label=item.label,
            options=list(item.options),
            required=item.required,
        )
        for position, item in enumerate(items, 1)
    )
    db.flush()
