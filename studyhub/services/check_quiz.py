"""Picking the check questions of a study session, one step at a time; each step is a version of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.errors import Invalid
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.persistence.models import Question, Worksheet
from studyhub.services.study_session_editing import (
    RenderedNotes,
    SaveStudySession,
    current_revision,
    editable,
    read_source,
    row_course,
    save_revision,
)
from studyhub.services.study_session_revisions import fields_of

MOST_QUESTIONS = 30


class QuizStep(StrEnum):
    ADD = "add"
    REMOVE = "remove"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class ChangeQuiz:
    """``step`` is None for what no form sends."""

    key: str
    step: QuizStep | None
    question: str


def change_quiz(db: Session, actor: Actor, command: ChangeQuiz, now: datetime) -> None:
    """Raises NotFound and Invalid. The notes and all else stay as they are, whoever edits them meanwhile."""
    require(actor, Permission.WRITE_CONTENT)
    row = editable(db, command.key)
    revision = current_revision(db, row)
    page = read_source(revision)
    check = _changed(db, list(page.check), command)
    worksheet = db.scalar(select(Worksheet.key).where(Worksheet.id == row.worksheet_id))
    notes = RenderedNotes(page.body.lstrip("\n"), revision.segments, revision.toc, revision.plain)
    fields = fields_of(page, row_course(db, row), page.topics, worksheet)
    save = SaveStudySession(row.key, fields, notes, revision.number, check=tuple(check), ends_draft=False)
    save_revision(db, actor, save, now)


def _changed(db: Session, check: list[str], command: ChangeQuiz) -> list[str]:
    key = command.question
    match command.step:
        case QuizStep.ADD:
            if key in check:
                return check
            if len(check) >= MOST_QUESTIONS:
                raise Invalid("確認問題は%(limit)s問までです。", limit=MOST_QUESTIONS)
            if (
                db.scalar(select(Question.id).where(Question.key == key, Question.status != "retired"))
                is None
            ):
                raise Invalid("その問題は見つかりません。")
            return [*check, key]
        case QuizStep.REMOVE:
            return [each for each in check if each != key]
        case QuizStep.UP | QuizStep.DOWN:
            return _moved(check, key, -1 if command.step is QuizStep.UP else 1)
        case None:
            raise Invalid("送られた内容を読み取れませんでした。")
        case _:
            assert_never(command.step)


def _moved(check: list[str], key: str, by: int) -> list[str]:
    if key not in check:
        return check
    place = check.index(key)
    other = place + by
    if 0 <= other < len(check):
        check[place], check[other] = check[other], check[place]
    return check
