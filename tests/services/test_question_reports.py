"""Reported faults are settled with a word back to whoever reported them."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.errors import Conflict, Forbidden, Invalid, NotFound
from studyhub.domain.identity import Actor
from studyhub.persistence.models import AuditEntry, Notice, Question, QuestionReport
from studyhub.reads.question_reports import reports_page
from studyhub.services.practice import ReportQuestion, report_question
from studyhub.services.question_reports import SettleReports, settle_reports
from tests.factories.questions import make_questions, make_syllabus
from tests.personas import Personas


@pytest.fixture
def questions(db: Session, now: datetime) -> list[Question]:
    return make_questions(db, now, make_syllabus(db)[0], 2)


def _report(db: Session, actor: Actor, question: Question, now: datetime, kind: str = "unclear") -> int:
    report_question(db, actor, ReportQuestion(question.current_revision_id or 0, kind, "読めません。"), now)
    return db.scalars(select(QuestionReport.id).order_by(QuestionReport.id.desc())).first() or 0


def test_faults_are_grouped_by_question_the_most_reported_first(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    _report(db, personas.officer, questions[0], now)
    _report(db, personas.officer, questions[1], now)
    _report(db, personas.colleague_elsewhere, questions[1], now, "wrong_key")
    page = reports_page(db, personas.lecturer)
    assert [(each.key, len(each.reports)) for each in page.open] == [
        (questions[1].key, 2),
        (questions[0].key, 1),
    ]
    assert (page.open_questions, page.open_reports) == (2, 3)
    seen = page.open[0].seen
    assert seen is not None
    assert [option.correct for option in seen.options] == [True, False, False, False]


def test_an_answer_settles_and_tells_each_reporter_once(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    mine = {_report(db, personas.officer, questions[0], now, kind) for kind in ("unclear", "typing")}
    theirs = _report(db, personas.colleague_elsewhere, questions[0], now)
    command = SettleReports(questions[0].key, frozenset({*mine, theirs}), " 直しました。 ")
    assert settle_reports(db, personas.lecturer, command, now) == 3
    told = db.scalars(select(Notice).order_by(Notice.user_id)).all()
    assert {notice.user_id for notice in told} == {
        personas.officer.user_id,
        personas.colleague_elsewhere.user_id,
    }
    assert len(told) == 2
    assert told[0].params["answer"] == "直しました。"
    assert reports_page(db, personas.lecturer).open == ()
    assert len(reports_page(db, personas.lecturer).settled) == 3
    assert db.scalars(select(AuditEntry)).one().action == "question.settle_reports"


def test_what_came_in_meanwhile_stays_open(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    first = _report(db, personas.officer, questions[0], now)
    _report(db, personas.colleague_elsewhere, questions[0], now)
    settle_reports(
        db, personas.lecturer, SettleReports(questions[0].key, frozenset({first}), "直しました。"), now
    )
    assert reports_page(db, personas.lecturer).open_reports == 1


def test_it_takes_an_answer_a_report_of_the_question_and_the_right(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    report = frozenset({_report(db, personas.officer, questions[0], now)})
    key = questions[0].key
    with pytest.raises(Invalid):
        settle_reports(db, personas.lecturer, SettleReports(key, report, " "), now)
    with pytest.raises(Invalid):
        settle_reports(db, personas.lecturer, SettleReports(key, frozenset(), "直しました。"), now)
    with pytest.raises(NotFound):
        settle_reports(db, personas.lecturer, SettleReports(questions[1].key, report, "直しました。"), now)
    with pytest.raises(Forbidden):
        settle_reports(db, personas.officer, SettleReports(key, report, "直しました。"), now)
    settle_reports(db, personas.lecturer, SettleReports(key, report, "直しました。"), now)
    with pytest.raises(Conflict):
        settle_reports(db, personas.lecturer, SettleReports(key, report, "もう一度。"), now)
