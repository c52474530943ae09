"""Practice sets, the append-only log of responses, and the projections made from it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from studyhub.domain.practice import Mode
from studyhub.persistence.base import Base, BigId, Json
from studyhub.persistence.models.people import one_of


class PracticeSet(Base):
    """Questions put together for one sitting; an officer has at most one that runs."""

    __tablename__ = "practice_sets"
    __table_args__ = (
        one_of("mode", Mode),
        one_of("state", ("running", "finished", "left")),
        CheckConstraint("(state = 'running') = (ended_at IS NULL)", name="ended"),
        Index("uq_practice_sets_running", "user_id", unique=True, sqlite_where=text("state = 'running'"),
              postgresql_where=text("state = 'running'")),
        Index("ix_practice_sets_user_created", "user_id", "created_at"),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    mode: Mapped[str] = mapped_column(String(10))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"))
    minutes: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(10), default="running")
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class PracticeItem(Base):
    __tablename__ = "practice_items"
    __table_args__ = (UniqueConstraint("practice_set_id", "position"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    practice_set_id: Mapped[str] = mapped_column(ForeignKey("practice_sets.id", ondelete="CASCADE"))
    position: Mapped[int]
    """From 1."""
    revision_id: Mapped[int] = mapped_column(ForeignKey("question_revisions.id"))
    shown_order: Mapped[list[Any]] = mapped_column(Json)
    """Authored index of the choice shown at each place."""
    reason: Mapped[str] = mapped_column(String(12), default="")
    """Why it was chosen: a ``domain.practice.Reason``."""
    response_id: Mapped[str | None] = mapped_column(String(36))
    """The first response given to it; later ones from other devices are in the log all the same."""


class Response(Base):
    """The log: append-only, one row for each answer, however often it is sent."""

    __tablename__ = "responses"
    __table_args__ = (
        one_of("context", ("practice", "check", "exam")),
        CheckConstraint("credit BETWEEN 0 AND 1", name="credit"),
        Index("ix_responses_user_seq", "user_id", "seq"),
        Index("ix_responses_revision", "revision_id"),
    )

    seq: Mapped[int] = mapped_column(BigId, primary_key=True)
    """Order of arrival: the order in which projections apply the log."""
    id: Mapped[str] = mapped_column(String(36), unique=True)
    """UUID made by the client before it sends, so that sending again stores nothing twice."""
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("question_revisions.id"))
    context: Mapped[str] = mapped_column(String(10))
    practice_item_id: Mapped[int | None] = mapped_column(BigId)
    given: Mapped[dict[str, Any]] = mapped_column(Json)
    """The response in authored indices, as ``domain.grading`` writes it."""
    credit: Mapped[float]
    """Share of the mark, 0 to 1."""
    correct: Mapped[bool]
    unsure: Mapped[bool] = mapped_column(default=False)
    first: Mapped[bool]
    """Whether the officer's answer before it, in the order of the log, was to another revision or there was none."""
    answered_at: Mapped[datetime]
    """When the officer answered, as the client said, bounded by what the server can believe."""
    received_at: Mapped[datetime]
    duration_ms: Mapped[int | None]


class UnsureMark(Base):
    """Said after the feedback: that right answer was a guess. Part of the log, append-only."""

    __tablename__ = "unsure_marks"

    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True)
    marked_at: Mapped[datetime]


class Regrade(Base):
    """The mark a response has since a correction; the log keeps the old one. The newest correction counts."""

    __tablename__ = "regrades"
    __table_args__ = (CheckConstraint("credit BETWEEN 0 AND 1", name="credit"),)

    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True)
    correction_id: Mapped[int] = mapped_column(ForeignKey("corrections.id"), primary_key=True, index=True)
    credit: Mapped[float]
    correct: Mapped[bool]
    counts: Mapped[bool]
    """False when the question was struck: the response stays in the log and counts for nothing."""


class QuestionProgress(Base):
    """Projection: what an officer did with a question."""

    __tablename__ = "question_progress"
    __table_args__ = (Index("ix_question_progress_user_last", "user_id", "last_correct"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), primary_key=True)
    responses: Mapped[int] = mapped_column(default=0)
    correct: Mapped[int] = mapped_column(default=0)
    last_correct: Mapped[bool]
    last_unsure: Mapped[bool]
    last_revision_id: Mapped[int]
    last_response_id: Mapped[str] = mapped_column(String(36))
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]


class TopicProgress(Base):
    """Projection: an officer's evidence on a topic (a leaf that questions name).

    Sums are whole numbers of tenths, so that adding in any order gives the same: incremental equals rebuilt.
    """

    __tablename__ = "topic_progress"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), primary_key=True)
    responses: Mapped[int] = mapped_column(default=0)
    correct: Mapped[int] = mapped_column(default=0)
    evidence_tenths: Mapped[int] = mapped_column(default=0)
    """Weight of the responses: the first to a revision counts in full, repeats little (domain.mastery)."""
    credit_tenths: Mapped[int] = mapped_column(default=0)
    """Weighted credit, at most the evidence."""
    last_at: Mapped[datetime]


class DailyActivity(Base):
    """Projection: how many answers an officer gave on a day (of Asia/Tokyo)."""

    __tablename__ = "daily_activity"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    responses: Mapped[int] = mapped_column(default=0)
    correct: Mapped[int] = mapped_column(default=0)
