"""What the site tells a person: in the site always, by mail where that is switched on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from studyhub.domain.notices import MailState, NoticeKind
from studyhub.persistence.base import Base, BigId
from studyhub.persistence.models.people import one_of


class Notice(Base):
    __tablename__ = "notices"
    __table_args__ = (
        one_of("kind", NoticeKind),
        Index("ix_notices_user", "user_id", "read_at"),
        UniqueConstraint("user_id", "unique_key"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    params: Mapped[dict[str, Any]]
    """What the sentence of the kind names; the page makes it in the reader's language."""
    path: Mapped[str] = mapped_column(String(300), default="")
    """Where it leads, inside the site."""
    unique_key: Mapped[str | None] = mapped_column(String(120))
    """Telling the same thing twice is telling it once."""
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Mail(Base):
    """A letter to be sent; the unique day is the promise that nobody gets more than one a day."""

    __tablename__ = "mails"
    __table_args__ = (
        one_of("state", MailState),
        UniqueConstraint("user_id", "day"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent"),
        Index("ix_mails_day_state", "day", "state", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    day: Mapped[date]
    """Of Asia/Tokyo."""
    address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
