"""A question with its current revision and the people who wrote them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from studyhub.domain.errors import NotFound
from studyhub.persistence import models


def question_rows(
    db: Session, key: str
) -> tuple[models.Question, models.QuestionRevision, models.User | None, models.User | None]:
    author, by = aliased(models.User), aliased(models.User)
    row = db.execute(
        select(models.Question, models.QuestionRevision, author, by)
        .join(models.QuestionRevision, models.QuestionRevision.id == models.Question.current_revision_id)
        .outerjoin(author, author.id == models.Question.author_id)
        .outerjoin(by, by.id == models.QuestionRevision.created_by)
        .where(models.Question.key == key)
    ).first()
    if row is None:
        raise NotFound
    return row[0], row[1], row[2], row[3]


def said_name(user: models.User | None) -> str:
    return "" if user is None else user.display_name
