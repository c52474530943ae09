"""Questions written in the site, as the tests of their services want them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain import questions as domain
from studyhub.domain.identity import Actor
from studyhub.persistence.models import Question, QuestionRevision, SiteSetting
from studyhub.services.question_editing import (
    CreateQuestion,
    RenderedQuestion,
    create_question,
    render_question,
)
from tests.factories.questions import single_choice


def rendered(question: domain.Question) -> RenderedQuestion:
    return render_question(question, {})


def written(stem: str = "問いはどれか。", *, right: int = 0, topic: str = "ip-6.5:61") -> domain.Question:
    """Sound enough to be published."""
    return replace(single_choice("", topic, right=right), stem=stem)


def create(db: Session, actor: Actor, now: datetime, question: domain.Question | None = None) -> str:
    return create_question(db, actor, CreateQuestion(rendered(question or written())), now)


def row_of(db: Session, key: str) -> Question:
    return db.scalars(
        select(Question).where(Question.key == key).execution_options(populate_existing=True)
    ).one()


def newest(db: Session, key: str) -> QuestionRevision:
    return db.get_one(QuestionRevision, row_of(db, key).current_revision_id)


def asked(db: Session, key: str) -> domain.Question:
    return domain.from_data(newest(db, key).data)


def need_review(db: Session, now: datetime) -> None:
    db.add(SiteSetting(name="questions_need_review", value="yes", changed_at=now))
    db.flush()
