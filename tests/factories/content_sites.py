"""A content folder together with the database it is synchronised with, and ways to look at what came in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from studyhub.persistence.models import (
    Job,
    Question,
    QuestionRevision,
    StudySession,
    StudySessionRevision,
    Topic,
)
from studyhub.persistence.session import reading, transaction
from studyhub.services.content_sync import Outcome, sync
from tests.factories.content_folders import ContentFolder


class Site:
    """A content folder and the database it is synchronised with."""

    def __init__(self, engine: Engine, folder: ContentFolder, files_root: Path, now: datetime) -> None:
        self.engine = engine
        self.folder = folder
        self.files_root = files_root
        self.now = now

    def sync(self) -> Outcome:
        return sync(self.engine, self.folder.root, self.files_root, self.now)

    @contextmanager
    def seen(self) -> Iterator[Session]:
        with reading(self.engine) as db:
            yield db

    def count(self, model: type) -> int:
        with self.seen() as db:
            return db.scalar(select(func.count()).select_from(model)) or 0

    def jobs(self, kind: str) -> list[dict[str, object]]:
        with self.seen() as db:
            return [job.payload for job in db.scalars(select(Job).where(Job.kind == kind).order_by(Job.id))]

    def forget_jobs(self) -> None:
        with transaction(self.engine) as db:
            for job in db.scalars(select(Job)):
                db.delete(job)


def question(db: Session, key: str) -> Question:
    return db.scalars(select(Question).where(Question.key == key)).one()


def revisions(db: Session, key: str) -> list[QuestionRevision]:
    mine = select(QuestionRevision).join(Question, Question.id == QuestionRevision.question_id)
    return list(db.scalars(mine.where(Question.key == key).order_by(QuestionRevision.number)))


def topic(db: Session, key: str) -> Topic:
    return db.scalars(select(Topic).where(Topic.key == key)).one()


def the_session(db: Session) -> StudySession:
    return db.scalars(select(StudySession)).one()


def session_revisions(db: Session) -> list[StudySessionRevision]:
    return list(db.scalars(select(StudySessionRevision).order_by(StudySessionRevision.number)))


@contextmanager
def written_statements(engine: Engine) -> Iterator[list[str]]:
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.split(None, 1)[0].upper() in {"INSERT", "UPDATE", "DELETE"}:
            found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)
