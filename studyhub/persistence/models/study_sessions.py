"""Courses, study sessions with their immutable revisions, files, slide pages, and what was read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from studyhub.persistence.base import Base, Json
from studyhub.persistence.models.people import one_of


class Course(Base):
    __tablename__ = "courses"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    summary_en: Mapped[str] = mapped_column(Text, default="")
    audience: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[int] = mapped_column(default=0)
    retired: Mapped[bool] = mapped_column(default=False)
    content_hash: Mapped[str] = mapped_column(String(64))


class StudySession(Base):
    __tablename__ = "study_sessions"
    __table_args__ = (
        one_of("kind", ("study_session", "workshop", "case_note")),
        one_of("status", ("draft", "published", "retired")),
        one_of("origin", ("files", "studio")),
        CheckConstraint("capacity > 0", name="capacity"),
        CheckConstraint("minutes > 0", name="minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    summary_en: Mapped[str] = mapped_column(Text, default="")
    held_on: Mapped[date | None] = mapped_column(index=True)
    starts_at: Mapped[datetime | None]
    """UTC; NULL when only the day is known."""
    minutes: Mapped[int] = mapped_column(default=45)
    place: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(String(10), index=True)
    current_revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("study_session_revisions.id", use_alter=True)
    )
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    """Of the session's folder as it was last synchronised; empty when it is no longer in the files."""
    origin: Mapped[str] = mapped_column(String(6), default="files", server_default="files")
    """Made or edited in the site (``studio``), a session is left alone by a sync."""
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    publish_at: Mapped[datetime | None]
    """When a draft is to be published by itself."""
    deleted_at: Mapped[datetime | None] = mapped_column(index=True)
    """A deleted session can be brought back for 30 days; nobody sees it meanwhile but the studio's bin."""
    code: Mapped[str | None] = mapped_column(String(8), unique=True)
    """Short code of the session, said aloud or scanned: attendance."""
    takes_registrations: Mapped[bool] = mapped_column(default=False, server_default=false())
    capacity: Mapped[int | None]
    """Seats; NULL is without limit."""
    calendar_sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    """RFC 5545 SEQUENCE: raised when day, time, place or title change, so that calendars follow."""
    worksheet_id: Mapped[int | None] = mapped_column(ForeignKey("worksheets.id"))
    """The sheet a workshop works on."""

    current_revision: Mapped[StudySessionRevision | None] = relationship(
        foreign_keys=[current_revision_id], lazy="raise_on_sql", post_update=True
    )


class StudySessionRevision(Base):
    """Never changed after it is written."""

    __tablename__ = "study_session_revisions"
    __table_args__ = (UniqueConstraint("study_session_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_session_id: Mapped[int] = mapped_column(ForeignKey("study_sessions.id", ondelete="CASCADE"))
    number: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(Text)
    """The file as written: front matter and Markdown."""
    segments: Mapped[list[Any]] = mapped_column(Json)
    """Rendered body in order: ``["html", text]`` or ``["question", question key]``."""
    toc: Mapped[list[Any]] = mapped_column(Json)
    """Headings in order: objects with ``anchor``, ``text`` and ``level`` (2 is a section of reading progress)."""
    plain: Mapped[str] = mapped_column(Text)
    objectives: Mapped[list[Any]] = mapped_column(Json)
    checks: Mapped[list[Any]] = mapped_column(Json)
    """Keys of the check questions, those inside the notes first."""
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    """Who wrote this revision in the site; NULL for what came from files."""


class StudySessionTopic(Base):
    __tablename__ = "study_session_topics"

    study_session_id: Mapped[int] = mapped_column(
        ForeignKey("study_sessions.id", ondelete="CASCADE"), primary_key=True
    )
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)


class StudySessionLecturer(Base):
    __tablename__ = "study_session_lecturers"

    study_session_id: Mapped[int] = mapped_column(
        ForeignKey("study_sessions.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), index=True)


class StoredFile(Base):
    """A file by its content; the bytes lie in instance/files/<first two>/<sha256>."""

    __tablename__ = "stored_files"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    """Random UUID: the address of the file, so that addresses cannot be guessed."""
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    created_at: Mapped[datetime]


class Material(Base):
    """A file of a study session: slides shown page by page, a handout, or a figure of the notes."""

    __tablename__ = "materials"
    __table_args__ = (
        one_of("role", ("slides", "handout", "figure", "video")),
        one_of("state", ("ready", "waiting", "failed")),
        UniqueConstraint("study_session_id", "path"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    study_session_id: Mapped[int] = mapped_column(ForeignKey("study_sessions.id", ondelete="CASCADE"))
    file_id: Mapped[str] = mapped_column(ForeignKey("stored_files.id"), index=True)
    path: Mapped[str] = mapped_column(String(200))
    """Path inside the session's folder."""
    title: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[str] = mapped_column(String(10))
    position: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(10), default="ready")
    """Slides wait until a job has made their page images."""
    fault: Mapped[str] = mapped_column(String(20), default="")
    """Why slides that failed have no page images, as ``content.pdf_pages.PdfFault`` names it."""
    current: Mapped[bool] = mapped_column(default=True)


class SlidePage(Base):
    __tablename__ = "slide_pages"

    material_id: Mapped[int] = mapped_column(ForeignKey("materials.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text, default="")
    notes: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What the lecturer wrote under the slide."""
    image_id: Mapped[str | None] = mapped_column(ForeignKey("stored_files.id"), index=True)
    """NULL for a presentation that could not be drawn here: its text is shown without an image."""
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)


class ReadingMark(Base):
    """A section of the notes that an officer has read."""

    __tablename__ = "reading_marks"
    __table_args__ = (Index("ix_reading_marks_study_session", "study_session_id", "user_id", "read_at"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    study_session_id: Mapped[int] = mapped_column(
        ForeignKey("study_sessions.id", ondelete="CASCADE"), primary_key=True
    )
    anchor: Mapped[str] = mapped_column(String(120), primary_key=True)
    read_at: Mapped[datetime]


class ReadingPosition(Base):
    """Where an officer stopped reading."""

    __tablename__ = "reading_positions"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    study_session_id: Mapped[int] = mapped_column(
        ForeignKey("study_sessions.id", ondelete="CASCADE"), primary_key=True
    )
    anchor: Mapped[str] = mapped_column(String(120), default="")
    slide: Mapped[int | None]
    at: Mapped[datetime]
