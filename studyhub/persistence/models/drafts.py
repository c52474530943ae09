"""What is being written and not saved yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from studyhub.persistence.base import Base
from studyhub.persistence.models.people import one_of


class Draft(Base):
    """A form as somebody types it, kept so that nothing is lost; saving the form makes a revision and ends the draft."""

    __tablename__ = "drafts"
    __table_args__ = (
        one_of("kind", ("study_session", "question")),
        UniqueConstraint("user_id", "kind", "subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(14))
    subject: Mapped[str] = mapped_column(String(80))
    """Key of what is edited, or a UUID for something new."""
    fields: Mapped[dict[str, Any]]
    """The form's fields as typed."""
    base_revision: Mapped[int] = mapped_column(default=0)
    """Number of the revision the form was opened on; 0 for something new. Saving over a newer one is a conflict."""
    version: Mapped[int] = mapped_column(default=1)
    """Raised by each keeping: a second tab that keeps an older version is told instead of winning."""
    saved_at: Mapped[datetime]
