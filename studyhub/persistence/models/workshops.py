"""Workshops: sheets that are data, groups, what they filled in, and what was said about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from studyhub.persistence.base import Base


class Worksheet(Base):
    """The form of a sheet, from ``courses/worksheets/<key>.yaml``."""

    __tablename__ = "worksheets"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    intro: Mapped[str] = mapped_column(Text, default="")
    intro_en: Mapped[str] = mapped_column(Text, default="")
    fields: Mapped[list[Any]]
    """In order, as ``domain.worksheets`` reads them."""
    content_hash: Mapped[str] = mapped_column(String(64))
    retired: Mapped[bool] = mapped_column(default=False)


class WorkshopGroup(Base):
    __tablename__ = "workshop_groups"
    __table_args__ = (UniqueConstraint("study_session_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_session_id: Mapped[int] = mapped_column(ForeignKey("study_sessions.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))


class WorkshopMember(Base):
    """An officer is in at most one group of a workshop."""

    __tablename__ = "workshop_members"

    study_session_id: Mapped[int] = mapped_column(
        ForeignKey("study_sessions.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("workshop_groups.id", ondelete="CASCADE"), index=True)


class FilledSheet(Base):
    """A sheet as one officer or one group fills it in."""

    __tablename__ = "filled_sheets"
    __table_args__ = (
        CheckConstraint("(user_id IS NULL) <> (group_id IS NULL)", name="one_owner"),
        Index("uq_filled_sheets_user", "study_session_id", "user_id", unique=True,
              sqlite_where=text("user_id IS NOT NULL"), postgresql_where=text("user_id IS NOT NULL")),
        Index("uq_filled_sheets_group", "study_session_id", "group_id", unique=True,
              sqlite_where=text("group_id IS NOT NULL"), postgresql_where=text("group_id IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    study_session_id: Mapped[int] = mapped_column(
        ForeignKey("study_sessions.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("workshop_groups.id", ondelete="CASCADE"))
    form: Mapped[list[Any]]
    """The fields of the worksheet as they were when the sheet was begun."""
    values: Mapped[dict[str, Any]]
    """Field key to what was written."""
    version: Mapped[int] = mapped_column(default=1)
    """Raised by each keeping: who keeps an older one is shown both."""
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    handed_in_at: Mapped[datetime | None]


class SheetComment(Base):
    __tablename__ = "sheet_comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("filled_sheets.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    field: Mapped[str] = mapped_column(String(40), default="")
    """Key of the field it is about; empty for the whole sheet."""
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
