"""Checking in to a study session, by its short code, and the lecturer's corrections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import SystemRandom

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.attendance import (
    WRONG_CODES,
    CheckInState,
    CheckInWay,
    Window,
    check_in_state,
    check_in_window,
    draw_code,
    normal_code,
)
from studyhub.domain.days import TOKYO
from studyhub.domain.errors import Conflict, NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.domain.sign_in import retry_after_s
from studyhub.formats.table_writing import Cell, TableRows
from studyhub.formats.table_writing import TableFormat as TableFormat
from studyhub.persistence.attendees import Attendee, load_attendees
from studyhub.persistence.models import Attendance, SignInFailure, StudySession, User
from studyhub.persistence.settings import load_settings
from studyhub.persistence.upsert import insert_for
from studyhub.services import audit
from studyhub.services.study_session_editing import editable

_PUBLISHED = "published"
_MOST_DRAWS = 20
_WAYS = {CheckInWay.SCAN: "QRコード", CheckInWay.CODE: "番号", CheckInWay.LECTURER: "講師"}
_TABLE_HEADINGS = ("氏名", "かな", "職員番号", "所属", "出席", "方法", "時刻")


@dataclass(frozen=True, slots=True)
class CheckIn:
    """``state`` is PRESENT afterwards, or says why not; ``is_new`` is False for whoever was checked in already."""

    state: CheckInState
    window: Window | None
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class WrongCode:
    """Returned and not raised: the failure is counted only if the transaction commits."""

    retry_after_s: int | None = None
    """Seconds to wait when there were too many."""


def check_in(db: Session, actor: Actor, typed: str, way: CheckInWay, now: datetime) -> CheckIn | WrongCode:
    """Twice is once. Time is the server's alone."""
    require(actor, Permission.STUDY)
    if wait_s := wait_for_codes_s(db, actor, now):
        return WrongCode(wait_s)
    row = db.scalars(
        select(StudySession).where(StudySession.code == normal_code(typed), StudySession.status == _PUBLISHED)
    ).first()
    if row is None:
        return count_wrong_code(db, actor, now)
    held = db.get(Attendance, (row.id, actor.user_id))
    late = timedelta(minutes=load_settings(db).late_check_in_minutes)
    window = check_in_window(row.held_on, row.starts_at, row.minutes, late)
    state = check_in_state(window, held.present if held else None, now)
    if state is not CheckInState.OPEN:
        return CheckIn(state, window)
    _store(db, row.id, actor.user_id, way, now)
    return CheckIn(CheckInState.PRESENT, window, is_new=True)


def wait_for_codes_s(db: Session, actor: Actor, now: datetime) -> int | None:
    """Seconds until another code may be tried."""
    newest = select(SignInFailure.at).where(
        SignInFailure.account == _account(actor), SignInFailure.at > now - WRONG_CODES.window
    )
    failed_at = db.scalars(newest.order_by(SignInFailure.at.desc()).limit(WRONG_CODES.failures)).all()
    return retry_after_s(failed_at, WRONG_CODES, now)


def count_wrong_code(db: Session, actor: Actor, now: datetime) -> WrongCode:
    db.add(SignInFailure(account=_account(actor), address="", at=now))
    db.flush()
    return WrongCode()


def renew_code(db: Session, actor: Actor, key: str, now: datetime) -> str:
    """Makes the code, or a new one: the old one and its QR code are worth nothing from then on."""
    require(actor, Permission.WRITE_CONTENT)
    row = editable(db, key)
    rng = SystemRandom()
    for _ in range(_MOST_DRAWS):
        code = draw_code(rng)
        if not db.scalar(select(StudySession.id).where(StudySession.code == code)):
            row.code = code
            audit.record(db, actor.user_id, "attendance.code", "study_session", row.key, now)
            db.flush()
            return code
    raise Conflict("空いている番号が見つかりませんでした。もう一度お試しください。")


def add_person(db: Session, actor: Actor, key: str, user_id: int, now: datetime) -> None:
    """Also brings back whoever was struck."""
    require(actor, Permission.WRITE_CONTENT)
    row = editable(db, key)
    person = db.get(User, user_id)
    if person is None or not person.active:
        raise NotFound
    held = db.get(Attendance, (row.id, user_id), with_for_update=True)
    if held is not None and held.present:
        return
    if held is None:
        _store(db, row.id, user_id, CheckInWay.LECTURER, now)
        held = db.get_one(Attendance, (row.id, user_id))
    _correct(db, actor, row, held, "add", now)


def strike(db: Session, actor: Actor, key: str, user_id: int, now: datetime) -> None:
    """The row stays and says by whom it was struck."""
    row, held = _held(db, actor, key, user_id)
    if held.present:
        _correct(db, actor, row, held, "strike", now)


def restore(db: Session, actor: Actor, key: str, user_id: int, now: datetime) -> None:
    row, held = _held(db, actor, key, user_id)
    if not held.present:
        _correct(db, actor, row, held, "restore", now)


def export_attendance(db: Session, actor: Actor, key: str, format_: TableFormat, now: datetime) -> TableRows:
    require(actor, Permission.WRITE_CONTENT)
    row = editable(db, key)
    audit.record(db, actor.user_id, "attendance.export", "study_session", row.key, now, format=format_.value)
    rows = tuple(_table_rows(load_attendees(db, row.id, now)))
    return TableRows(format_, "出席", _TABLE_HEADINGS, rows)


def _table_rows(attendees: Iterable[Attendee]) -> Iterator[list[Cell]]:
    for each in attendees:
        at = f"{each.at.astimezone(TOKYO):%Y-%m-%d %H:%M}"
        person = each.person
        yield [
            person.name, person.kana, person.staff_number, " ".join(person.unit_path),
            "出席" if each.present else "取り消し", _WAYS[each.way], at,
        ]  # fmt: skip


def _account(actor: Actor) -> str:
    """In capitals, which no login has: nobody can use up somebody's tries from the sign-in page."""
    return f"ATTEND:{actor.user_id}"


def _store(db: Session, session_id: int, user_id: int, way: CheckInWay, now: datetime) -> None:
    row = {"study_session_id": session_id, "user_id": user_id, "present": True, "way": way.value, "at": now}
    db.execute(insert_for(db, Attendance).values(row).on_conflict_do_nothing())


def _held(db: Session, actor: Actor, key: str, user_id: int) -> tuple[StudySession, Attendance]:
    require(actor, Permission.WRITE_CONTENT)
    row = editable(db, key)
    held = db.get(Attendance, (row.id, user_id), with_for_update=True)
    if held is None:
        raise NotFound
    return row, held


def _correct(
    db: Session, actor: Actor, row: StudySession, held: Attendance, verb: str, now: datetime
) -> None:
    held.present = verb != "strike"
    held.corrected_by, held.corrected_at = actor.user_id or None, now
    db.flush()
    audit.record(db, actor.user_id, f"attendance.{verb}", "user", held.user_id, now, study_session=row.key)
