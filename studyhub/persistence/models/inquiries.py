"""Questions to the lecturers and their answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from studyhub.domain.inquiries import InquiryState
from studyhub.persistence.base import Base
from studyhub.persistence.models.people import one_of


class Inquiry(Base):
    """Asked of the lecturers, about a study session, one of its slides, a question of the pool, or anything."""

    __tablename__ = "inquiries"
    __table_args__ = (
        one_of("state", InquiryState),
        CheckConstraint("slide IS NULL OR study_session_id IS NOT NULL", name="slide"),
        Index("ix_inquiries_state", "state", "asked_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    nameless: Mapped[bool] = mapped_column(default=False)
    """Whether other officers are not told who asked; lecturers see it, since they must be able to ask back."""
    study_session_id: Mapped[int | None] = mapped_column(
        ForeignKey("study_sessions.id", ondelete="SET NULL"), index=True
    )
    slide: Mapped[int | None]
    question_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="open")
    asked_at: Mapped[datetime]


class InquiryAnswer(Base):
    __tablename__ = "inquiry_answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiries.id", ondelete="CASCADE"), index=True)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(Text)
    """Markdown."""
    html: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
