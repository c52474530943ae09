"""Erasing a person: what was about them goes, what they answered stays under a number that leads to nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from studyhub.domain.errors import Conflict, Invalid, NotFound
from studyhub.domain.identity import Actor, Locale, Theme
from studyhub.domain.permissions import Permission, require
from studyhub.domain.sign_in import normal_login
from studyhub.persistence.models import AuditEntry, Notice, User
from studyhub.services import audit, jobs, passwords, seats
from studyhub.services.people import check_one_administrator_is_left
from studyhub.services.personal_tables import TRACES, Fate, Trace, rows_of, table_of

FAMILY_NAME, GIVEN_NAME = "削除された", "利用者"
"""What stands where a name was, such as in the log of who looked."""

_NAMING_PARAMS = ("by", "author", "reviewer")
"""Parameters of notices that hold a person's name."""


@dataclass(frozen=True, slots=True)
class Erased:
    """How many rows of each table went or lost their name."""

    rows: dict[str, int]


def erase(db: Session, actor: Actor, user_id: int, typed_login: str, now: datetime) -> Erased:
    """``typed_login`` is the person's, typed by hand as the second yes.

    Raises Invalid when it is another one, Conflict for oneself, the last administrator or somebody erased already.
    """
    require(actor, Permission.MANAGE_PEOPLE)
    seats.give_back_all(db, user_id, now)
    user = _erasable(db, actor, user_id)
    if normal_login(typed_login) != user.login:
        raise Invalid("ログインIDが違います。消す人のログインIDを、そのまま入力してください。", field="login")
    login, name, rows = user.login, user.display_name, {}
    for trace in reversed(TRACES):
        count = _erase_trace(db, trace, user_id, login)
        if count:
            rows[f"{trace.table}.{trace.column}"] = count
    _forget_login(db, login)
    _forget_name_in_notices(db, name)
    db.expire(user)
    _empty(user, now)
    jobs.enqueue(db, "reindex_search", {}, now, unique_key="reindex_search")
    audit.record(db, actor.user_id, "user.erase", "user", user_id, now, rows=rows)
    db.flush()
    return Erased(rows)


def _erasable(db: Session, actor: Actor, user_id: int) -> User:
    if user_id == actor.user_id:
        raise Conflict("自分自身を消すことはできません。ほかの管理者に頼んでください。")
    check_one_administrator_is_left(db, without=user_id)
    user = db.get(User, user_id, with_for_update={"key_share": True}, populate_existing=True)
    if user is None:
        raise NotFound("その利用者は見つかりません。")
    if user.erased_at is not None:
        raise Conflict("この人の情報は、すでに消してあります。")
    return user


def _erase_trace(db: Session, trace: Trace, user_id: int, login: str) -> int:
    """How many rows were touched."""
    table, wanted = table_of(trace), rows_of(trace, user_id, login)
    result: CursorResult[Any]
    match trace.fate:
        case Fate.DELETED:
            result = db.connection().execute(delete(table).where(wanted))
        case Fate.NAMELESS:
            values: dict[str, object] = {trace.column: None, **dict.fromkeys(trace.empties, "")}
            result = db.connection().execute(update(table).where(wanted).values(values))
        case _:
            return 0
    return result.rowcount


def _forget_login(db: Session, login: str) -> None:
    """Failed tries beyond the limit are logged under the login that was tried, since there may be no such person."""
    tried = update(AuditEntry).where(AuditEntry.subject_kind == "login", AuditEntry.subject_id == login[:60])
    db.execute(tried.values(subject_id="").execution_options(synchronize_session=False))


def _forget_name_in_notices(db: Session, name: str) -> None:
    """What others were told names who asked or reviewed. Somebody of the same name loses it there too, which tells
    nobody anything wrong."""
    for param in _NAMING_PARAMS:
        for notice in db.scalars(select(Notice).where(Notice.params[param].as_string() == name)):
            notice.params = {**notice.params, param: f"{FAMILY_NAME} {GIVEN_NAME}"}


def _empty(user: User, now: datetime) -> None:
    user.login = f"erased-{user.id}"
    user.staff_number = user.email = user.exam_on = None
    user.family_name, user.given_name = FAMILY_NAME, GIVEN_NAME
    user.family_kana = user.given_kana = ""
    user.password_hash, user.must_change_password = passwords.UNUSABLE, False
    user.locale, user.theme = Locale.JA, Theme.AUTO
    user.daily_minutes, user.wants_mail = 15, False
    user.active, user.erased_at = False, now
