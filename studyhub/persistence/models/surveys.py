"""Surveys that are anonymous by construction.

Who took part and what was answered share no id, no time and no transaction order: the answers carry random keys and
no date, both tables are without a row number on SQLite, and ``services.surveys`` mixes what lies in them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from studyhub.domain.surveys import ItemKind, SurveyMoment, SurveyState
from studyhub.persistence.base import Base
from studyhub.persistence.models.people import one_of


class Survey(Base):
    __tablename__ = "surveys"
    __table_args__ = (
        one_of("moment", SurveyMoment),
        one_of("state", SurveyState),
        UniqueConstraint("study_session_id", "moment"),
        CheckConstraint("(state = 'draft') = (opened_at IS NULL)", name="opened"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    """Random UUID: its address."""
    study_session_id: Mapped[int] = mapped_column(ForeignKey("study_sessions.id", ondelete="CASCADE"))
    moment: Mapped[str] = mapped_column(String(6))
    state: Mapped[str] = mapped_column(String(6), default="draft")
    title: Mapped[str] = mapped_column(String(200))
    opens_on: Mapped[datetime | None]
    """When a draft opens by itself (the second survey, some weeks later)."""
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


class SurveyItem(Base):
    """A question of a survey; it no longer changes once the survey has been opened."""

    __tablename__ = "survey_items"
    __table_args__ = (
        one_of("kind", ItemKind),
        UniqueConstraint("survey_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[str] = mapped_column(ForeignKey("surveys.id", ondelete="CASCADE"))
    position: Mapped[int]
    """From 1."""
    kind: Mapped[str] = mapped_column(String(6))
    label: Mapped[str] = mapped_column(String(200))
    options: Mapped[list[Any]]
    """Texts of a choice, or the words at both ends of a scale from 1 to 5."""
    required: Mapped[bool] = mapped_column(default=False)


class SurveyParticipation(Base):
    """That a person took part, and nothing else."""

    __tablename__ = "survey_participations"
    __table_args__ = {"sqlite_with_rowid": False}

    survey_id: Mapped[str] = mapped_column(ForeignKey("surveys.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)


class SurveyAnswer(Base):
    """What somebody answered to one item. ``sheet`` is a random key that joins the answers of one sheet."""

    __tablename__ = "survey_answers"
    __table_args__ = (
        CheckConstraint("(number IS NULL) <> (text IS NULL)", name="one_value"),
        {"sqlite_with_rowid": False},
    )

    sheet: Mapped[str] = mapped_column(String(36), primary_key=True)
    item_id: Mapped[int] = mapped_column(
        ForeignKey("survey_items.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    number: Mapped[int | None]
    """Step of a scale from 1, or index of a choice from 0."""
    text: Mapped[str | None] = mapped_column(Text)
