"""Who means to come to a study session, who came, and whose calendar follows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from studyhub.domain.attendance import CheckInWay, RegistrationState
from studyhub.persistence.base import Base
from studyhub.persistence.models.people import one_of


class Registration(Base):
    __tablename__ = "registrations"
    __table_args__ = (
        one_of("state", RegistrationState),
        Index("ix_registrations_queue", "study_session_id", "state", "asked_at"),
    )

    study_session_id: Mapped[int] = mapped_column(
        ForeignKey("study_sessions.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    state: Mapped[str] = mapped_column(String(10))
    asked_at: Mapped[datetime]
    """Place in the queue: who asked first gets the seat that becomes free."""
    changed_at: Mapped[datetime]


class Attendance(Base):
    __tablename__ = "attendances"
    __table_args__ = (one_of("way", CheckInWay),)

    study_session_id: Mapped[int] = mapped_column(
        ForeignKey("study_sessions.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    present: Mapped[bool] = mapped_column(default=True)
    """False when the lecturer struck a check-in; the row stays and says by whom."""
    way: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    """By the server's clock, first check-in; a phone's clock is never asked."""
    corrected_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    corrected_at: Mapped[datetime | None]


class CalendarFeed(Base):
    """A secret address from which a calendar fetches the sessions a person registered for."""

    __tablename__ = "calendar_feeds"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
