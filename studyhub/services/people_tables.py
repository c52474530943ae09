"""Bringing in people from a table in the browser: the table is kept, looked at by a job, and taken in by another.

What was looked at is named by a digest of the plan: when people or units change before the second yes, nothing is
taken in. A folder of the instance holds the table, what was found, and the pass phrases until they are fetched once.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.appointments import Held
from studyhub.domain.errors import Conflict, Invalid, NotFound, StudyHubError
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.formats.people_table import COLUMNS
from studyhub.formats.table import Limits
from studyhub.formats.table_writing import write_csv
from studyhub.persistence.models import AuditEntry
from studyhub.services import audit, jobs, kept_json
from studyhub.services.people import HandedOut
from studyhub.services.people_import import (
    ImportPlan,
    PersonPlan,
    Table,
    apply_import,
    plan_import,
    read_table,
    shown,
)

JOB = "import_people"
KEPT_FOR = timedelta(days=7)
_TABLE, _NAME, _PREVIEW, _OUTCOME, _PHRASES = (
    "table",
    "name.json",
    "preview.json",
    "outcome.json",
    "phrases.csv",
)


@dataclass(frozen=True, slots=True)
class RowFinding:
    is_error: bool
    line: int
    login: str
    sentences: Mapping[str, str]
    """By language."""


@dataclass(frozen=True, slots=True)
class PostLine:
    """``change`` is new, ends or renamed."""

    change: str
    unit: str
    title: str
    starts_on: date
    ends_on: date | None
    concurrent: bool
    heads_unit: bool


@dataclass(frozen=True, slots=True)
class PersonLine:
    login: str
    name: str
    is_new: bool
    changes: tuple[tuple[str, str, str], ...]
    """Field, old, new."""
    posts: tuple[PostLine, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    file: str
    digest: str
    new: int
    changed: int
    unchanged: int
    people: tuple[PersonLine, ...]
    """New ones first."""
    units: tuple[tuple[str, date], ...]
    findings: tuple[RowFinding, ...]
    """Errors first, then by line."""

    @property
    def errors(self) -> int:
        return sum(finding.is_error for finding in self.findings)

    @property
    def faulty_rows(self) -> int:
        return len({finding.line for finding in self.findings if finding.is_error})


@dataclass(frozen=True, slots=True)
class Outcome:
    """``refusal`` is a msgid with its parameters, empty when it was taken in."""

    people: int
    new: int
    refusal: str
    params: Mapping[str, object]
    phrases_wait: bool


def keep(instance: Path, actor: Actor, content: bytes, name: str) -> UUID:
    """Nothing is read yet but its size."""
    require(actor, Permission.MANAGE_PEOPLE)
    if not content and name:
        raise Invalid("選んだファイルは空です。中身のあるファイルを選んでください。", field="table")
    if not content:
        raise Invalid("ファイルを選んでください。", field="table")
    if len(content) > Limits().file_bytes:
        limit = Limits().file_bytes // 1_000_000
        raise Invalid("ファイルが大きすぎます（%(limit)s MBまで）。", field="table", limit=limit)
    import_id = uuid4()
    place = _folder(instance, import_id)
    place.mkdir(parents=True, mode=0o700)
    (place / _TABLE).write_bytes(content)
    kept_json.write(place / _NAME, name[-200:])
    return import_id


def ask_for_look(db: Session, actor: Actor, import_id: UUID, now: datetime) -> int:
    return _ask(db, actor, {"import": str(import_id), "step": "look"}, now)


def ask_for_taking_in(
    db: Session, actor: Actor, instance: Path, import_id: UUID, digest: str, now: datetime
) -> int:
    """Raises Conflict when ``digest`` is not of what lies there to be confirmed."""
    preview = preview_of(instance, import_id)
    if preview is None or preview.digest != digest:
        raise Conflict("確認した内容と違います。もう一度確認してください。")
    if preview.errors:
        raise Invalid("誤りのある行があるため、取り込めません。")
    payload = {"import": str(import_id), "step": "take_in", "actor": actor.user_id, "digest": digest}
    return _ask(db, actor, payload, now)


def _ask(db: Session, actor: Actor, payload: dict[str, object], now: datetime) -> int:
    require(actor, Permission.MANAGE_PEOPLE)
    return jobs.enqueue(db, JOB, payload, now, unique_key=job_key(UUID(str(payload["import"]))))


def job_key(import_id: UUID) -> str:
    return f"{JOB}:{import_id}"


def kept_table(instance: Path, import_id: UUID) -> Table:
    """Before any transaction: a workbook of everybody takes seconds to read."""
    place = existing(instance, import_id)
    return read_table((place / _TABLE).read_bytes(), str(kept_json.read(place / _NAME)))


def look(db: Session, instance: Path, import_id: UUID, table: Table, now: datetime) -> None:
    """Says what would happen; changes nothing but the file of what was found."""
    place = existing(instance, import_id)
    plan = plan_import(db, table, now)
    kept_json.write(place / _PREVIEW, _preview(str(kept_json.read(place / _NAME)), plan))


def take_in(
    db: Session, actor: Actor, instance: Path, import_id: UUID, table: Table, digest: str, now: datetime
) -> None:
    """All or nothing. The pass phrases are on disk before the transaction ends: the other way round they could be lost.

    Once is once: a job that runs again after it was taken in leaves everything as it is.
    """
    place = existing(instance, import_id)
    if _was_taken_in(db, import_id):
        return
    plan = plan_import(db, table, now)
    if _digest(plan) != digest:
        raise Conflict("確認のあとで人や組織の情報が変わりました。もう一度確認してください。")
    handed_out = apply_import(db, actor, table, plan, now)
    if handed_out:
        _write_phrases(place / _PHRASES, handed_out)
    counts = {"people": len(plan.people), "new": len(handed_out)}
    audit.record(db, actor.user_id, "people.import_file", "import", import_id, now, **counts)
    kept_json.write(place / _OUTCOME, counts)
    db.flush()


def note_refusal(instance: Path, import_id: UUID, error: StudyHubError) -> None:
    place = existing(instance, import_id)
    (place / _PHRASES).unlink(missing_ok=True)
    kept_json.write(place / _OUTCOME, {"refusal": error.message, "params": error.params})


def preview_of(instance: Path, import_id: UUID) -> Preview | None:
    """None while nobody has looked at the table. Raises NotFound when it is kept no longer."""
    found = kept_json.read(existing(instance, import_id) / _PREVIEW)
    if found is None:
        return None
    return Preview(
        file=found["file"], digest=found["digest"], new=found["new"], changed=found["changed"],
        unchanged=found["unchanged"],
        people=tuple(_person_line(person) for person in found["people"]),
        units=tuple((path, date.fromisoformat(day)) for path, day in found["units"]),
        findings=tuple(RowFinding(**finding) for finding in found["findings"]),
    )  # fmt: skip


def outcome_of(instance: Path, import_id: UUID) -> Outcome | None:
    place = existing(instance, import_id)
    found = kept_json.read(place / _OUTCOME)
    if found is None:
        return None
    return Outcome(
        people=found.get("people", 0), new=found.get("new", 0), refusal=found.get("refusal", ""),
        params=found.get("params", {}), phrases_wait=(place / _PHRASES).exists(),
    )  # fmt: skip


def fetch_phrases(instance: Path, import_id: UUID) -> bytes:
    """Once: whoever comes second is told that they were fetched."""
    place = existing(instance, import_id)
    taken = place / f"{_PHRASES}.fetched"
    try:
        (place / _PHRASES).rename(taken)
    except FileNotFoundError:
        raise Conflict(
            "最初のパスワードは、すでに受け取られています。必要な人には、新しいパスワードを作ってください。"
        ) from None
    content = taken.read_bytes()
    taken.unlink()
    return content


def note_fetching(db: Session, actor: Actor, import_id: UUID, now: datetime) -> None:
    require(actor, Permission.MANAGE_PEOPLE)
    audit.record(db, actor.user_id, "people.phrases", "import", import_id, now)
    db.flush()


def forget_old(instance: Path, now: datetime) -> int:
    """Throws away the tables of a week ago; how many."""
    root = instance / "people_tables"
    before = (now - KEPT_FOR).timestamp()
    old = [place for place in root.iterdir() if place.stat().st_mtime < before] if root.is_dir() else []
    for place in old:
        shutil.rmtree(place)
    return len(old)


def column_names(field: str) -> tuple[str, str]:
    """Japanese and English."""
    return COLUMNS[field][0], COLUMNS[field][1]


def existing(instance: Path, import_id: UUID) -> Path:
    place = _folder(instance, import_id)
    if not (place / _TABLE).is_file():
        raise NotFound("この取り込みは見つかりません。7日たつと、表は消されます。")
    return place


def _folder(instance: Path, import_id: UUID) -> Path:
    return instance / "people_tables" / str(import_id)


def _was_taken_in(db: Session, import_id: UUID) -> bool:
    entry = select(AuditEntry.id).where(
        AuditEntry.subject_kind == "import",
        AuditEntry.subject_id == str(import_id),
        AuditEntry.action == "people.import_file",
    )
    return db.scalar(entry.limit(1)) is not None


def _write_phrases(path: Path, handed_out: tuple[HandedOut, ...]) -> None:
    rows = [(one.login, one.display_name, one.passphrase) for one in handed_out]
    content = write_csv(("ログインID", "氏名", "パスワード"), rows)
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def _digest(plan: ImportPlan) -> str:
    canonical = json.dumps(asdict(plan), ensure_ascii=False, sort_keys=True, default=_plain)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)


def _preview(name: str, plan: ImportPlan) -> dict[str, object]:
    people = sorted(plan.people, key=lambda person: not person.is_new)
    new = sum(person.is_new for person in people)
    found = (*plan.report.errors, *plan.report.warnings)
    findings = sorted(found, key=lambda each: (each.severity != "error", each.line or 0))
    return {
        "file": name, "digest": _digest(plan), "new": new, "changed": len(people) - new,
        "unchanged": plan.unchanged,
        "people": [_said(person) for person in people],
        "units": [[shown(unit.path), unit.starts_on.isoformat()] for unit in plan.units],
        "findings": [
            {
                "is_error": found.severity == "error", "line": found.line, "login": found.item,
                "sentences": {"ja": found.sentence("ja"), "en": found.sentence("en")},
            }
            for found in findings
        ],
    }  # fmt: skip


def _said(plan: PersonPlan) -> list[object]:
    posts: list[tuple[str, Held]] = [("new", post) for post in plan.new_posts]
    posts += [
        ("ends" if change.before.period != change.after.period else "renamed", change.after)
        for change in plan.changed_posts
    ]
    person = plan.person
    return [
        person.login,
        f"{person.family_name} {person.given_name}",
        plan.is_new,
        [[change.field, change.before, change.after] for change in plan.changes],
        [
            [
                kind, post.unit_name, post.title, post.period.starts_on.isoformat(),
                post.period.ends_on.isoformat() if post.period.ends_on else None,
                post.kind == "concurrent", post.heads_unit,
            ]
            for kind, post in posts
        ],
    ]  # fmt: skip


def _person_line(found: list[object]) -> PersonLine:
    login, name, is_new, changes, posts = found
    assert isinstance(changes, list)
    assert isinstance(posts, list)
    return PersonLine(
        str(login), str(name), bool(is_new), tuple((f, old, new) for f, old, new in changes),
        tuple(
            PostLine(
                kind, unit, title, date.fromisoformat(first), date.fromisoformat(last) if last else None,
                concurrent, heads,
            )
            for kind, unit, title, first, last, concurrent, heads in posts
        ),
    )  # fmt: skip
