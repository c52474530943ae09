"""The revisions of a question: who wrote them, and what differs between two."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.errors import NotFound
from studyhub.domain.question_lines import parts_as_text
from studyhub.domain.questions import (
    Question,
    QuestionStatus,
    from_data,
)
from studyhub.domain.text_difference import Line, line_difference
from studyhub.persistence import models
from studyhub.reads.question_list import shortened
from studyhub.reads.question_rows import question_rows, said_name
from studyhub.reads.question_studio import QuestionVersion


@dataclass(frozen=True, slots=True)
class Versions:
    key: str
    title: str
    status: QuestionStatus
    versions: tuple[QuestionVersion, ...]


@dataclass(frozen=True, slots=True)
class FieldDifference:
    name: str
    lines: tuple[Line, ...]


def versions(db: Session, key: str) -> Versions:
    """Newest first. Raises NotFound."""
    row, revision, _author, _by = question_rows(db, key)
    made = select(models.Correction.new_revision_id).where(models.Correction.question_id == row.id)
    corrected = set(db.scalars(made))
    own = models.QuestionRevision
    found = db.execute(
        select(own.id, own.number, own.created_at, models.User)
        .outerjoin(models.User, models.User.id == own.created_by)
        .where(own.question_id == row.id)
        .order_by(own.number.desc())
    )
    listed = tuple(
        QuestionVersion(number, at, said_name(user), id_ == row.current_revision_id, id_ in corrected)
        for id_, number, at, user in found
    )
    return Versions(row.key, shortened(revision.plain), QuestionStatus(row.status), listed)


def version(db: Session, key: str, number: int) -> Question:
    """Raises NotFound."""
    data = db.scalar(
        select(models.QuestionRevision.data)
        .join(models.Question, models.Question.id == models.QuestionRevision.question_id)
        .where(models.Question.key == key, models.QuestionRevision.number == number)
    )
    if data is None:
        raise NotFound
    return from_data(data)


def differences(old: Question, new: Question) -> tuple[FieldDifference, ...]:
    """Only of the fields that differ."""
    before, after = parts_as_text(old), parts_as_text(new)
    found = ((name, line_difference(before[name], after[name])) for name in before)
    return tuple(FieldDifference(name, lines) for name, lines in found if lines)
