"""Faults that officers reported in questions, settled by a lecturer with a word back to each of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.errors import Conflict, Invalid, NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.notices import NoticeKind
from studyhub.domain.permissions import Permission, require
from studyhub.persistence.models import Question, QuestionReport, QuestionRevision
from studyhub.services import audit, notices

MOST_ANSWER_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class SettleReports:
    """``report_ids`` are those the lecturer saw: one that came in meanwhile stays open."""

    question_key: str
    report_ids: frozenset[int]
    answer: str


def settle_reports(db: Session, actor: Actor, command: SettleReports, now: datetime) -> int:
    """How many were settled. Raises Conflict when somebody else settled them all before."""
    require(actor, Permission.WRITE_CONTENT)
    answer = command.answer.strip()
    if not answer:
        raise Invalid("知らせてくれた人への返事を書いてください。", field="answer")
    if len(answer) > MOST_ANSWER_CHARACTERS:
        raise Invalid(
            "返事は%(count)s文字以内で書いてください。", field="answer", count=MOST_ANSWER_CHARACTERS
        )
    if not command.report_ids:
        raise Invalid("返事をする知らせを選んでください。", field="report")
    reports = _open(db, command)
    if not reports:
        raise Conflict("選んだ知らせには、別の人がすでに返事をしています。")
    for report in reports:
        report.state, report.answer = "settled", answer
        report.settled_at, report.settled_by = now, actor.user_id or None
    db.flush()
    _tell(db, command.question_key, reports, answer, now)
    detail = {"reports": sorted(report.id for report in reports)}
    audit.record(
        db, actor.user_id, "question.settle_reports", "question", command.question_key, now, **detail
    )
    return len(reports)


def _open(db: Session, command: SettleReports) -> list[QuestionReport]:
    of_question = (
        select(QuestionReport)
        .join(QuestionRevision, QuestionRevision.id == QuestionReport.revision_id)
        .join(Question, Question.id == QuestionRevision.question_id)
        .where(Question.key == command.question_key, QuestionReport.id.in_(command.report_ids))
    )
    found = list(db.scalars(of_question.with_for_update(of=QuestionReport)))
    if not found:
        raise NotFound
    return [report for report in found if report.state == "open"]


def _tell(db: Session, key: str, reports: list[QuestionReport], answer: str, now: datetime) -> None:
    """Each person once, however many faults of the question they reported."""
    people = {report.user_id for report in reports if report.user_id is not None}
    stem = db.scalars(
        select(QuestionRevision.plain).where(QuestionRevision.id == reports[0].revision_id)
    ).one()
    params = {"question": " ".join(stem.split())[:60], "question_key": key, "answer": answer}
    notices.tell(db, people, NoticeKind.REPORT_SETTLED, params, "", now)
