"""Everything about a person in one file: for themselves, or for an administrator whom they ask for it.

Nobody else's name is in it but in the log of who looked, which the person may read in any case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from studyhub.domain.days import office_day
from studyhub.domain.errors import Conflict, Invalid, NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.domain.team import LookKind
from studyhub.formats.person_archive import Section, write_archive
from studyhub.persistence.models import ProgressLook, Question, QuestionRevision, User
from studyhub.persistence.upsert import insert_for
from studyhub.services import audit
from studyhub.services.personal_tables import BULKY, SECRETS, TRACES, Trace, rows_of, table_of

LONGEST_REASON = 300
_SOMEBODY_ELSE = "(somebody else)"


@dataclass(frozen=True, slots=True)
class PersonFile:
    name: str
    content: bytes


def ask_for_own(db: Session, actor: Actor, now: datetime) -> None:
    """Notes that the person took their data; anybody may, at any time."""
    audit.record(db, actor.user_id, "user.data", "user", actor.user_id, now)
    db.flush()


def ask_for_person(db: Session, actor: Actor, user_id: int, reason: str, now: datetime) -> None:
    """Notes that an administrator took it and why; the person sees it among those who looked at their record."""
    require(actor, Permission.MANAGE_PEOPLE)
    user = db.get(User, user_id)
    if user is None:
        raise NotFound("その利用者は見つかりません。")
    if user.erased_at is not None:
        raise Conflict("この人の情報は消してあるため、渡せるものがありません。")
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise Invalid("理由を300文字以内で入力してください。", field="reason")
    audit.record(db, actor.user_id, "user.data", "user", user_id, now, reason=reason.strip())
    if user_id != actor.user_id:
        _note_look(db, actor.user_id, user_id, now)
    db.flush()


def collect(db: Session, user_id: int, now: datetime) -> PersonFile:
    """``db`` is a snapshot. About one statement a kind of record, whatever there is of it."""
    user = db.get(User, user_id)
    if user is None:
        raise NotFound("その利用者は見つかりません。")
    names = _viewers(db, user_id)
    sections = [
        Section(
            key=f"{trace.table}.{trace.column}",
            title=trace.title,
            title_en=trace.title_en,
            rows=tuple(_rows(db, trace, user_id, user.login, names)),
        )
        for trace in TRACES
    ]
    sections.append(_questions(db, sections))
    content = write_archive(f"{user.display_name} ({user.login})", now, sections)
    return PersonFile(f"studyhub-{user.login}-{office_day(now):%Y%m%d}.zip", content)


def _rows(
    db: Session, trace: Trace, user_id: int, login: str, names: Mapping[int, str]
) -> Iterable[dict[str, object]]:
    table = table_of(trace)
    left_out = BULKY | SECRETS.get(trace.table, frozenset())
    columns = [column for column in table.columns if column.name not in left_out]
    statement = select(*columns).where(rows_of(trace, user_id, login)).order_by(*table.primary_key)
    naming = _naming(table)
    for row in db.execute(statement):
        yield _said(trace, dict(row._mapping), naming, user_id, names)


def _said(
    trace: Trace, row: dict[str, Any], naming: frozenset[str], user_id: int, names: Mapping[int, str]
) -> dict[str, object]:
    """The row with other people taken out, except those who looked."""
    for column in naming:
        value = row.get(column)
        if value is not None and value != user_id:
            row[column] = _SOMEBODY_ELSE
    if trace.table == "progress_looks" and trace.column == "subject_id":
        row["viewer_id"] = names.get(row["viewer_id"], _SOMEBODY_ELSE)
    if trace.table == "progress_looks" and trace.column == "viewer_id":
        row["subject_id"] = _SOMEBODY_ELSE
    if trace.table == "audit_entries" and row["subject_kind"] in {"user", "login"}:
        row["subject_id"] = user_id if row["subject_id"] == str(user_id) else _SOMEBODY_ELSE
    return row


def _naming(table: Table) -> frozenset[str]:
    """Columns that name users, by the key or by what the decisions say; the looks are said by hand."""
    if table.name in {"users", "progress_looks"}:
        return frozenset()
    keys = {c.name for c in table.columns for key in c.foreign_keys if key.column.table.name == "users"}
    return frozenset(keys | ({"user_id"} if table.name == "audit_entries" else set()))


def _viewers(db: Session, user_id: int) -> dict[int, str]:
    looked = select(ProgressLook.viewer_id).where(ProgressLook.subject_id == user_id)
    found = db.execute(select(User.id, User.family_name, User.given_name).where(User.id.in_(looked)))
    return {row.id: f"{row.family_name} {row.given_name}" for row in found}


def _questions(db: Session, sections: list[Section]) -> Section:
    """The wording of what was answered: an answer says nothing without its question."""
    answers = next(section for section in sections if section.key == "responses.user_id")
    revisions = {row["revision_id"] for row in answers.rows}
    wording = (
        select(QuestionRevision.id.label("revision_id"), Question.key, QuestionRevision.plain)
        .join(Question, Question.id == QuestionRevision.question_id)
        .order_by(QuestionRevision.id)
    )
    rows = tuple(dict(row._mapping) for row in db.execute(wording) if row.revision_id in revisions)
    return Section("questions_answered", "答えた問題の文", "Wording of the questions answered", rows)


def _note_look(db: Session, viewer_id: int, subject_id: int, now: datetime) -> None:
    key = {"subject_id": subject_id, "day": office_day(now), "viewer_id": viewer_id, "kind": LookKind.EXPORT}
    insert = insert_for(db, ProgressLook).values(**key, times=1, last_at=now)
    more = {"times": ProgressLook.times + 1, "last_at": now}
    db.execute(insert.on_conflict_do_update(index_elements=list(key), set_=more))
