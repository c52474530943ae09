"""A second person answers without seeing the key, then decides; the author is told, and never decides alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.errors import Conflict, Forbidden, Invalid
from studyhub.domain.practice import check_order
from studyhub.domain.question_steps import StatusStep
from studyhub.domain.questions import QuestionStatus, ReviewVerdict
from studyhub.persistence.models import AuditEntry, Notice, QuestionReview
from studyhub.services.question_checks import Unpublishable
from studyhub.services.question_review import Review, TakeStep, answer_blind, decide, take_step
from tests.factories.questions import make_syllabus
from tests.factories.written_questions import asked, create, need_review, row_of, written
from tests.personas import Personas


@pytest.fixture
def waiting(db: Session, personas: Personas, now: datetime) -> str:
    """A lecturer's question that waits for a second person."""
    make_syllabus(db)
    need_review(db, now)
    key = create(db, personas.lecturer, now)
    take_step(db, personas.lecturer, TakeStep(key, StatusStep.ASK_REVIEW, 1), now)
    return key


def answer(db: Session, personas: Personas, key: str, index: int) -> dict[str, list[str]]:
    """The form that chooses the authored choice, as the administrator is shown it."""
    order = check_order(asked(db, key), personas.administrator.user_id)
    return {"choice": [str(order.index(index))]}


def review(
    db: Session, personas: Personas, key: str, verdict: ReviewVerdict, comment: str = "", index: int = 0
) -> Review:
    return Review(key, 1, answer(db, personas, key, index), verdict, comment)


def test_approving_publishes_and_tells_the_author(
    db: Session, personas: Personas, waiting: str, now: datetime
) -> None:
    command = review(db, personas, waiting, ReviewVerdict.APPROVED, "よい問題です。")
    assert decide(db, personas.administrator, command, now) is QuestionStatus.PUBLISHED
    assert row_of(db, waiting).status == "published"
    told = db.scalars(select(Notice).where(Notice.kind == "reviewed")).one()
    assert told.user_id == personas.lecturer.user_id
    assert told.params["verdict"] == "approved"
    assert told.params["agreed"] is True
    assert told.path == f"/studio/questions/{waiting}"


def test_asking_for_changes_gives_the_draft_back_with_the_words(
    db: Session, personas: Personas, waiting: str, now: datetime
) -> None:
    with pytest.raises(Invalid) as raised:
        decide(db, personas.administrator, review(db, personas, waiting, ReviewVerdict.CHANGES), now)
    assert raised.value.field == "comment"
    command = review(db, personas, waiting, ReviewVerdict.CHANGES, "アも正解に見えます。", index=2)
    assert decide(db, personas.administrator, command, now) is QuestionStatus.DRAFT
    assert db.scalars(select(QuestionReview.comment)).all() == ["アも正解に見えます。"]
    entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "question.verdict")).one()
    assert entry.detail["agreed"] is False


def test_the_answer_comes_first(db: Session, personas: Personas, waiting: str, now: datetime) -> None:
    assert answer_blind(db, personas.administrator, waiting, answer(db, personas, waiting, 0)).correct
    assert not answer_blind(db, personas.administrator, waiting, answer(db, personas, waiting, 1)).correct
    unanswered = replace(review(db, personas, waiting, ReviewVerdict.APPROVED), form={})
    with pytest.raises(Invalid):
        decide(db, personas.administrator, unanswered, now)


def test_nobody_approves_what_they_wrote(
    db: Session, personas: Personas, waiting: str, now: datetime
) -> None:
    with pytest.raises(Forbidden):
        decide(db, personas.lecturer, review(db, personas, waiting, ReviewVerdict.APPROVED), now)
    with pytest.raises(Forbidden):
        answer_blind(db, personas.officer, waiting, {})


def test_the_author_does_not_get_past_the_second_person(
    db: Session, personas: Personas, waiting: str, now: datetime
) -> None:
    with pytest.raises(Invalid):
        take_step(db, personas.lecturer, TakeStep(waiting, StatusStep.PUBLISH, 1), now)
    take_step(db, personas.lecturer, TakeStep(waiting, StatusStep.WITHDRAW, 1), now)
    with pytest.raises(Conflict):
        decide(db, personas.administrator, review(db, personas, waiting, ReviewVerdict.APPROVED), now)


def test_lecturers_but_not_the_author_hear_that_a_review_is_wanted(
    db: Session, personas: Personas, waiting: str, now: datetime
) -> None:
    assert db.scalars(select(Notice.user_id).where(Notice.kind == "review_wanted")).all() == []
    key = create(db, personas.administrator, now)
    take_step(db, personas.administrator, TakeStep(key, StatusStep.ASK_REVIEW, 1), now)
    told = db.scalars(select(Notice).where(Notice.kind == "review_wanted")).one()
    assert told.user_id == personas.lecturer.user_id
    assert told.params["author"] == personas.administrator.display_name


def test_what_the_checks_call_an_error_is_neither_published_nor_reviewed(
    db: Session, personas: Personas, now: datetime
) -> None:
    make_syllabus(db)
    key = create(db, personas.lecturer, now, replace(written(), explanation=""))
    for step in (StatusStep.PUBLISH, StatusStep.ASK_REVIEW):
        with pytest.raises(Unpublishable) as raised:
            take_step(db, personas.lecturer, TakeStep(key, step, 1), now)
        assert [each.field for each in raised.value.findings] == ["explanation"]


def test_a_step_taken_on_an_older_revision_is_refused(
    db: Session, personas: Personas, waiting: str, now: datetime
) -> None:
    with pytest.raises(Conflict):
        take_step(db, personas.lecturer, TakeStep(waiting, StatusStep.RETIRE, 7), now)


def test_publishing_and_retiring_stand_in_the_audit_log(
    db: Session, personas: Personas, now: datetime
) -> None:
    make_syllabus(db)
    key = create(db, personas.lecturer, now)
    for step in (StatusStep.PUBLISH, StatusStep.RETIRE, StatusStep.REOPEN):
        take_step(db, personas.lecturer, TakeStep(key, step, 1), now)
    actions = db.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == key)).all()
    assert actions == ["question.published", "question.retired", "question.draft"]
