"""What supervisors ask for and see: assignments, monthly pictures of units, and who looked at whom."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from studyhub.domain.assignments import AssignmentKind
from studyhub.domain.team import LookKind
from studyhub.persistence.base import Base
from studyhub.persistence.models.people import one_of


class ProgressLook(Base):
    """That somebody looked at a person's progress, once a day and kind; the person reads it."""

    __tablename__ = "progress_looks"
    __table_args__ = (one_of("kind", LookKind),)

    subject_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    viewer_id: Mapped[int] = mapped_column(primary_key=True)
    """Without a foreign key, so that the log outlives the viewer's account."""
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    times: Mapped[int] = mapped_column(default=1)
    last_at: Mapped[datetime]


class UnitTopicMonth(Base):
    """Projection: how many people of a unit (all below it included) stand where on a topic at the end of a month.

    Written by the job ``picture_units``; the row of the running month is written anew each night. Counts of people by
    band; a unit of fewer than five people has none.
    """

    __tablename__ = "unit_topic_months"
    __table_args__ = (Index("ix_unit_topic_months_month", "month", "unit_id"),)

    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id", ondelete="CASCADE"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    """Its first day."""
    people: Mapped[int]
    untouched: Mapped[int]
    weak: Mapped[int]
    near: Mapped[int]
    firm: Mapped[int]
    learners: Mapped[int]
    """People who answered anything on the topic in the month."""
    evidence_tenths: Mapped[int]
    credit_tenths: Mapped[int]
    taken_at: Mapped[datetime]


class Assignment(Base):
    __tablename__ = "assignments"
    __table_args__ = (
        one_of("kind", AssignmentKind),
        CheckConstraint(
            "(kind IN ('session', 'check')) = (study_session_id IS NOT NULL)", name="study_session"
        ),
        CheckConstraint("(kind = 'topic') = (topic_id IS NOT NULL)", name="topic"),
        CheckConstraint("(kind = 'topic') = (band IS NOT NULL)", name="band"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    study_session_id: Mapped[int | None] = mapped_column(ForeignKey("study_sessions.id"), index=True)
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"))
    band: Mapped[str | None] = mapped_column(String(8))
    """The band of mastery to be reached on the topic."""
    due_on: Mapped[date] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    made_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]


class AssignmentUnit(Base):
    """A unit that an assignment asks as a whole, also while nobody is in it."""

    __tablename__ = "assignment_units"

    assignment_id: Mapped[int] = mapped_column(
        ForeignKey("assignments.id", ondelete="CASCADE"), primary_key=True
    )
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)


class AssignmentPerson(Base):
    """Whom an assignment asks: people named one by one, and those who are in a named unit."""

    __tablename__ = "assignment_people"

    assignment_id: Mapped[int] = mapped_column(
        ForeignKey("assignments.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    """The unit it was given to, NULL for somebody named in person. Who joins the unit later is added by the nightly
    job, who leaves it before finishing is taken off."""
    done_at: Mapped[datetime | None]
    """When the site first saw it done; stays, whatever is forgotten later."""
