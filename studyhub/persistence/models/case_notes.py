"""Case notes (課題と好事例): short notes by officers, discussed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from studyhub.domain.case_notes import NoteKind
from studyhub.persistence.base import Base
from studyhub.persistence.models.people import one_of


class CaseNote(Base):
    __tablename__ = "case_notes"
    __table_args__ = (one_of("kind", NoteKind),)

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id", ondelete="SET NULL"), index=True)
    """The bureau it is about."""
    kind: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    """Markdown."""
    html: Mapped[str] = mapped_column(Text)
    happened_on: Mapped[date] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    changed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class CaseNoteTopic(Base):
    __tablename__ = "case_note_topics"

    case_note_id: Mapped[int] = mapped_column(
        ForeignKey("case_notes.id", ondelete="CASCADE"), primary_key=True
    )
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), primary_key=True, index=True)


class CaseNoteComment(Base):
    __tablename__ = "case_note_comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_note_id: Mapped[int] = mapped_column(ForeignKey("case_notes.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(Text)
    """Plain text."""
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
