"""People, the organisation with dates, sign-ins and what was done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from studyhub.domain.identity import Locale, Role, Theme
from studyhub.domain.organisation import Level, PostKind
from studyhub.persistence.base import Base, BigId, Json


def one_of(column: str, words: Iterable[str]) -> CheckConstraint:
    """CHECK that ``column`` holds one of the values of an enum or tuple."""
    quoted = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({quoted})", name=column)


class User(Base):
    __tablename__ = "users"
    __table_args__ = (
        one_of("locale", Locale),
        one_of("theme", Theme),
        CheckConstraint("login = lower(login)", name="login_is_lower_case"),
        CheckConstraint("daily_minutes BETWEEN 1 AND 480", name="daily_minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(80), unique=True)
    staff_number: Mapped[str | None] = mapped_column(String(40), unique=True)
    family_name: Mapped[str] = mapped_column(String(60))
    given_name: Mapped[str] = mapped_column(String(60))
    family_kana: Mapped[str] = mapped_column(String(60), default="")
    given_kana: Mapped[str] = mapped_column(String(60), default="")
    email: Mapped[str | None] = mapped_column(String(254))
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change_password: Mapped[bool] = mapped_column(default=False)
    locale: Mapped[str] = mapped_column(String(2), default=Locale.JA)
    theme: Mapped[str] = mapped_column(String(5), default=Theme.AUTO)
    target_exam: Mapped[str] = mapped_column(String(40), default="ip-2026")
    """Key of a blueprint."""
    exam_on: Mapped[date | None]
    daily_minutes: Mapped[int] = mapped_column(default=15)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    wants_mail: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether the weekly digest and reminders may go to ``email``, where the site sends mail at all."""
    erased_at: Mapped[datetime | None]
    """When the person was erased: what is left names nobody and keeps the statistics of the questions true."""

    roles: Mapped[list[UserRole]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    posts: Mapped[list[Post]] = relationship(order_by="Post.starts_on", lazy="raise_on_sql")

    @property
    def display_name(self) -> str:
        return f"{self.family_name} {self.given_name}"


class UserRole(Base):
    __tablename__ = "user_roles"
    __table_args__ = (one_of("role", Role),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)


class Unit(Base):
    """A unit of the organisation; a move under another parent ends the row and starts a new one."""

    __tablename__ = "units"
    __table_args__ = (
        one_of("level", Level),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates"),
        UniqueConstraint("code", "starts_on"),
        Index("uq_units_current_code", "code", unique=True, sqlite_where=text("ends_on IS NULL"),
              postgresql_where=text("ends_on IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    level: Mapped[str] = mapped_column(String(10))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    """Last day, inclusive."""


class Post(Base):
    """A person in a unit from a day to a day (both inclusive); 兼務 is a second post of kind concurrent."""

    __tablename__ = "posts"
    __table_args__ = (
        one_of("kind", PostKind),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates"),
        Index("uq_posts_current_main", "user_id", unique=True,
              sqlite_where=text("ends_on IS NULL AND kind = 'main'"),
              postgresql_where=text("ends_on IS NULL AND kind = 'main'")),
        Index("ix_posts_unit_dates", "unit_id", "starts_on", "ends_on"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    title: Mapped[str] = mapped_column(String(60), default="")
    kind: Mapped[str] = mapped_column(String(10), default="main")
    heads_unit: Mapped[bool] = mapped_column(default=False)
    """Whether the post leads the unit: its holder supervises the unit and all below it."""
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="SET NULL"), index=True)
    """The post that this one put an end to."""
    replaced_until: Mapped[date | None]
    """Until when that one was to run; it runs so long again when this one is taken back."""


class SignIn(Base):
    """A signed-in browser. The cookie holds a random token, this row only its hash."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(45), default="")
    browser: Mapped[str] = mapped_column(String(200), default="")


class SignInFailure(Base):
    """One failed try, counted per account and per address; old rows are swept."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (
        Index("ix_sign_in_failures_account", "account", "at"),
        Index("ix_sign_in_failures_address", "address", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(45))
    at: Mapped[datetime]


class AuditEntry(Base):
    """Append-only: who did what to whom. ``user_id`` has no foreign key so that the log outlives the person."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_subject", "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    user_id: Mapped[int | None] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40), default="")
    subject_id: Mapped[str] = mapped_column(String(60), default="")
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
