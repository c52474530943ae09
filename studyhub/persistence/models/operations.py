"""Background jobs and the search index: what the machine room keeps."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from studyhub.domain.search import Kind
from studyhub.persistence.base import Base, BigId, Json
from studyhub.persistence.models.people import one_of


class Job(Base):
    """Work to be done after the transaction that asked for it: written with it, leased by a worker, retried."""

    __tablename__ = "jobs"
    __table_args__ = (
        one_of("state", ("queued", "running", "done", "failed")),
        CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name="leased"),
        Index("ix_jobs_ready", "state", "run_after"),
        Index("uq_jobs_queued_key", "unique_key", unique=True, sqlite_where=text("state = 'queued'"),
              postgresql_where=text("state = 'queued'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    unique_key: Mapped[str | None] = mapped_column(String(160))
    """Asking twice for the same waiting work is asking once. Work that already runs may have read what was there
    before, so asking then queues it once more."""
    state: Mapped[str] = mapped_column(String(10), default="queued")
    run_after: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    """Raised by each lease; who holds an older number has lost the job."""
    max_attempts: Mapped[int] = mapped_column(default=5)
    progress: Mapped[int] = mapped_column(default=0)
    progress_total: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class SiteSetting(Base):
    """A setting that differs from its default, as ``domain.settings`` knows it."""

    __tablename__ = "site_settings"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    """As the form sends it; parsed by ``domain.settings``."""
    changed_at: Mapped[datetime]


class SearchDocument(Base):
    """One findable thing; its tokens stand in ``search_index`` (FTS5) or in ``search_vectors`` (PostgreSQL)."""

    __tablename__ = "search_documents"
    __table_args__ = (
        one_of("kind", Kind),
        UniqueConstraint("kind", "ref"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(14))
    ref: Mapped[str] = mapped_column(String(220))
    """Identity inside the kind: ``<session key>#<anchor>``, ``<session key>/<slide>``, the question's key, the term."""
    parent: Mapped[str] = mapped_column(String(80), default="", index=True)
    """Key of the study session a section or slide belongs to, so that its documents are replaced together."""
    title: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    """As it is shown around a hit. Of a question neither key nor explanation."""
    normal_title: Mapped[str] = mapped_column(Text)
    normal_text: Mapped[str] = mapped_column(Text)
    """Title and body as ``domain.search.normalise`` gives them: what the index finds is compared with it."""
    path: Mapped[str] = mapped_column(Text)
    """Where a hit leads, inside the site."""
    content_hash: Mapped[str] = mapped_column(String(64))
