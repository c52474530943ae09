"""Questions, their immutable revisions, the glossary, and faults people report."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from studyhub.domain.corrections import CorrectionKind
from studyhub.domain.questions import Kind, Level, Origin, QuestionStatus, ReviewVerdict
from studyhub.persistence.base import Base, Json
from studyhub.persistence.models.people import one_of


class Question(Base):
    __tablename__ = "questions"
    __table_args__ = (
        one_of("status", QuestionStatus),
        one_of("origin", Origin),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    status: Mapped[str] = mapped_column(String(10), index=True)
    origin: Mapped[str] = mapped_column(String(10), default="pool")
    """A sync touches only those of the pool: what was imported or written in the site it leaves alone."""
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    """Who wrote it in the site; NULL for what came from files."""
    main_topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), index=True)
    current_revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("question_revisions.id", use_alter=True), index=True
    )
    teaches: Mapped[str] = mapped_column(String(160), default="")
    """``<study session key>#<anchor>`` of the page that teaches it, or empty."""
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    """Of the file's entry as it was last synchronised; empty when it is no longer in the files."""

    current_revision: Mapped[QuestionRevision | None] = relationship(
        foreign_keys=[current_revision_id], lazy="raise_on_sql", post_update=True
    )


class QuestionTopic(Base):
    __tablename__ = "question_topics"

    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)


class QuestionRevision(Base):
    """Never changed after it is written: responses pin it."""

    __tablename__ = "question_revisions"
    __table_args__ = (
        one_of("kind", Kind),
        one_of("level", Level),
        CheckConstraint("expected_facility BETWEEN 0 AND 1", name="expected_facility"),
        UniqueConstraint("question_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"))
    number: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(20))
    level: Mapped[str | None] = mapped_column(String(12))
    """NULL where nobody has judged it (real past questions)."""
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    """The authored question as ``domain.questions.to_data`` gives it, key included: reads strip it."""
    html: Mapped[dict[str, Any]] = mapped_column(Json)
    """Rendered: ``stem``, ``explanation``, ``choices`` and ``reasons`` (lists in authored order). ``choices`` are
    the items of an ordering and the left sides of a matching question, whose right sides stand in ``rights``;
    ``reasons`` of true or false are those of true, then false. A scenario has ``text``, and ``parts`` that each
    look like a question."""
    plain: Mapped[str] = mapped_column(Text)
    """The stem as plain text, for lists and search."""
    expected_facility: Mapped[float | None]
    source_line: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    """Who wrote this revision in the site; NULL for what came from files."""


class QuestionReview(Base):
    """A second person's word on a revision before it is published. Append-only; the newest of a person counts."""

    __tablename__ = "question_reviews"
    __table_args__ = (one_of("verdict", ReviewVerdict),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(
        ForeignKey("question_revisions.id", ondelete="CASCADE"), index=True
    )
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    verdict: Mapped[str] = mapped_column(String(10))
    comment: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class Correction(Base):
    """A key changed or a question struck after officers answered it. Append-only."""

    __tablename__ = "corrections"
    __table_args__ = (
        one_of("kind", CorrectionKind),
        CheckConstraint("(kind = 'strike') = (new_revision_id IS NULL)", name="new_revision"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), index=True)
    old_revision_id: Mapped[int] = mapped_column(ForeignKey("question_revisions.id"))
    """The revision whose key was wrong: its responses are marked anew."""
    new_revision_id: Mapped[int | None] = mapped_column(ForeignKey("question_revisions.id"))
    kind: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)
    """Told to everybody whose answer it touched."""
    made_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    made_at: Mapped[datetime]
    people: Mapped[int] = mapped_column(default=0)
    responses: Mapped[int] = mapped_column(default=0)
    """How many people and responses it touched."""


class QuestionReport(Base):
    """A fault in a question as an officer saw it."""

    __tablename__ = "question_reports"
    __table_args__ = (
        one_of("kind", ("wrong_key", "unclear", "outdated", "typing", "other")),
        one_of("state", ("open", "settled")),
        CheckConstraint("(state = 'settled') = (settled_at IS NOT NULL)", name="settled"),
        Index("ix_question_reports_open", "state", sqlite_where=text("state = 'open'"),
              postgresql_where=text("state = 'open'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("question_revisions.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(10), default="open")
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    answer: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What the lecturer wrote back."""


class Term(Base):
    """A glossary entry."""

    __tablename__ = "terms"

    id: Mapped[int] = mapped_column(primary_key=True)
    term: Mapped[str] = mapped_column(String(120), unique=True)
    term_en: Mapped[str] = mapped_column(String(200), default="")
    reading: Mapped[str] = mapped_column(String(160), default="", index=True)
    definition: Mapped[str] = mapped_column(Text)
    """Plain text, for search and lists."""
    html: Mapped[str] = mapped_column(Text, default="")
    """The definition, rendered and sanitised."""
    abbreviations: Mapped[list[Any]] = mapped_column(Json)
    """Objects with ``short`` and ``long``."""
    topics: Mapped[list[Any]] = mapped_column(Json)
    see: Mapped[list[Any]] = mapped_column(Json)
    """Keys of study sessions."""
    content_hash: Mapped[str] = mapped_column(String(64))
