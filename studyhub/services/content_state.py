"""What the content folders hold beside what the site holds: looked at by a job, shown by a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from studyhub.domain.errors import StudyHubError
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.services import audit, content_sync, jobs, kept_json

CHECK, SYNC = "check_content", "sync_content"


@dataclass(frozen=True, slots=True)
class ContentFinding:
    is_error: bool
    file: str
    line: int
    item: str
    sentences: Mapping[str, str]
    """By language."""


@dataclass(frozen=True, slots=True)
class NounState:
    noun: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    retired: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PoolGroup:
    root: str
    group: str
    published: int
    other: int
    topics: int
    empty: int


@dataclass(frozen=True, slots=True)
class ContentState:
    looked_at: datetime
    findings: tuple[ContentFinding, ...]
    """Errors first."""
    nouns: tuple[NounState, ...]
    """What a synchronisation would change; empty when there are errors, since then nothing is taken in."""
    left_alone: tuple[str, ...]
    pool: tuple[tuple[str, tuple[PoolGroup, ...]], ...]
    """By title of the syllabus."""
    refusal: str
    """Why the last synchronisation took nothing in: a msgid, or empty; ``refusal_params`` are for its placeholders."""
    refusal_params: Mapping[str, object]

    @property
    def errors(self) -> int:
        return sum(finding.is_error for finding in self.findings)


def ask_for_check(db: Session, actor: Actor, now: datetime) -> int:
    require(actor, Permission.MANAGE_SITE)
    return jobs.enqueue(db, CHECK, {}, now, unique_key=CHECK)


def ask_for_sync(db: Session, actor: Actor, now: datetime) -> int:
    require(actor, Permission.MANAGE_SITE)
    audit.record(db, actor.user_id, "content.sync", "site", "", now)
    return jobs.enqueue(db, SYNC, {}, now, unique_key=SYNC)


def look(
    engine: Engine, content: Path, instance: Path, now: datetime, *, refusal: StudyHubError | None = None
) -> None:
    """Reads all content, which takes seconds, and keeps what was found."""
    inspection = content_sync.inspect(content)
    plan = content_sync.preview(engine, content).plan if inspection.report.ok else None
    changes = {} if plan is None else plan.by_noun()
    findings = (*inspection.report.errors, *inspection.report.warnings)
    kept_json.write(
        _path(instance),
        {
            "looked_at": now.isoformat(),
            "findings": [_finding(found) for found in findings],
            "nouns": [
                [noun, list(found.added), list(found.changed), list(found.retired)]
                for noun, found in changes.items()
            ],
            "left_alone": [] if plan is None else [*plan.left_alone, *plan.questions_left_alone],
            "pool": [[title, [_group(row) for row in rows]] for title, rows in inspection.pool.rows if rows],
            "refusal": refusal.message if refusal else "",
            "refusal_params": refusal.params if refusal else {},
        },
    )


def synchronise(
    engine: Engine, content: Path, instance: Path, now: datetime, progress: content_sync.Progress
) -> None:
    """All or nothing; then looks again, so that the page shows what is left."""
    refusal: StudyHubError | None = None
    try:
        content_sync.sync(engine, content, instance / "files", now, progress=progress)
    except StudyHubError as error:
        refusal = error
    look(engine, content, instance, now, refusal=refusal)


def kept_state(instance: Path) -> ContentState | None:
    """None before the first look."""
    found = kept_json.read(_path(instance))
    if found is None:
        return None
    return ContentState(
        looked_at=datetime.fromisoformat(found["looked_at"]),
        findings=tuple(ContentFinding(**finding) for finding in found["findings"]),
        nouns=tuple(NounState(noun, tuple(a), tuple(c), tuple(r)) for noun, a, c, r in found["nouns"]),
        left_alone=tuple(found["left_alone"]),
        pool=tuple((title, tuple(PoolGroup(*row) for row in rows)) for title, rows in found["pool"]),
        refusal=found["refusal"],
        refusal_params=found["refusal_params"],
    )


def _path(instance: Path) -> Path:
    return instance / "reports" / "content.json"


def _finding(found: content_sync.Finding) -> dict[str, Any]:
    return {
        "is_error": found.severity == "error",
        "file": found.file,
        "line": found.line,
        "item": found.item,
        "sentences": {"ja": found.sentence("ja"), "en": found.sentence("en")},
    }


def _group(row: content_sync.PoolRow) -> list[object]:
    published = sum(count for status, count in row.statuses.items() if status == "published")
    return [row.root, row.group, published, row.total - published, row.topics, row.empty]
