"""Checking in by the short code, and what the lecturer corrects."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.domain.attendance import WRONG_CODES, CheckInState, CheckInWay
from studyhub.domain.errors import Forbidden, NotFound
from studyhub.formats.table_writing import TableFormat
from studyhub.persistence.models import Attendance, AuditEntry, SiteSetting, StudySession, User
from studyhub.reads.attendance import (
    attendance_page,
    attended_rows,
    check_in_page,
    find_people,
    session_events,
)
from studyhub.services.attendance import (
    CheckIn,
    WrongCode,
    add_person,
    check_in,
    export_attendance,
    renew_code,
    restore,
    strike,
)
from tests.factories.people import make_user
from tests.factories.study_sessions import make_course, make_study_session
from tests.personas import Personas

KEY, CODE = "first-hearing", "ACD347"
SCAN = CheckInWay.SCAN


@pytest.fixture
def study_session(db: Session, personas: Personas, now: datetime) -> StudySession:
    """Begins now and takes 45 minutes."""
    row = make_study_session(db, now, make_course(db), key=KEY)
    row.code, row.starts_at = CODE, now
    db.flush()
    return row


def test_a_check_in_is_kept_with_the_server_s_time_and_twice_is_once(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    first = check_in(db, personas.officer, "ａｃｄ-347", CheckInWay.CODE, now)
    again = check_in(db, personas.officer, CODE, SCAN, now + timedelta(minutes=5))
    assert (first, again) == (
        CheckIn(CheckInState.PRESENT, first.window, is_new=True),  # type: ignore[union-attr]
        CheckIn(CheckInState.PRESENT, first.window),  # type: ignore[union-attr]
    )
    held = db.scalars(select(Attendance)).one()
    assert (held.user_id, held.at, held.way) == (personas.officer.user_id, now, "code")


@pytest.mark.parametrize(
    ("minutes", "state"),
    [
        (-31, CheckInState.EARLY),
        (-30, CheckInState.PRESENT),
        (165, CheckInState.PRESENT),
        (166, CheckInState.LATE),
    ],
)
def test_too_early_and_too_late_leave_nothing(
    db: Session,
    study_session: StudySession,
    personas: Personas,
    now: datetime,
    minutes: int,
    state: CheckInState,
) -> None:
    outcome = check_in(db, personas.officer, CODE, SCAN, now + timedelta(minutes=minutes))
    assert isinstance(outcome, CheckIn)
    assert outcome.state is state
    assert outcome.window is not None
    assert len(db.scalars(select(Attendance)).all()) == (state is CheckInState.PRESENT)


def test_how_late_one_may_come_is_a_setting_of_the_site(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    db.add(SiteSetting(name="late_check_in_minutes", value="10", changed_at=now))
    db.flush()
    outcome = check_in(db, personas.officer, CODE, SCAN, now + timedelta(minutes=56))
    assert isinstance(outcome, CheckIn)
    assert outcome.state is CheckInState.LATE


def test_wrong_codes_are_counted_and_then_even_the_right_one_waits(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    for _ in range(WRONG_CODES.failures):
        assert check_in(db, personas.officer, "AAAAAA", CheckInWay.CODE, now) == WrongCode()
    refused = check_in(db, personas.officer, CODE, SCAN, now)
    assert isinstance(refused, WrongCode)
    assert refused.retry_after_s == 15 * 60
    assert isinstance(check_in(db, personas.colleague_elsewhere, CODE, SCAN, now), CheckIn)
    assert isinstance(check_in(db, personas.officer, CODE, SCAN, now + WRONG_CODES.window), CheckIn)


def test_the_code_of_a_session_that_is_not_published_is_no_code(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    study_session.status = "draft"
    db.flush()
    assert isinstance(check_in(db, personas.officer, CODE, SCAN, now), WrongCode)
    assert check_in_page(db, personas.officer, CODE, now) is None


def test_a_new_code_makes_the_old_one_worthless(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    code = renew_code(db, personas.lecturer, KEY, now)
    assert code != CODE
    assert isinstance(check_in(db, personas.officer, CODE, SCAN, now), WrongCode)
    assert isinstance(check_in(db, personas.officer, code, SCAN, now), CheckIn)


def test_what_the_lecturer_corrects_stays_and_says_by_whom(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    officer = personas.officer.user_id
    check_in(db, personas.officer, CODE, SCAN, now)
    strike(db, personas.lecturer, KEY, officer, now)
    page = attendance_page(db, KEY, now)
    assert (page.present, page.attendees[0].corrected_by) == (0, "鈴木 一郎")
    outcome = check_in(db, personas.officer, CODE, SCAN, now)
    assert isinstance(outcome, CheckIn)
    assert outcome.state is CheckInState.STRUCK
    restore(db, personas.lecturer, KEY, officer, now)
    add_person(db, personas.lecturer, KEY, personas.colleague_elsewhere.user_id, now)
    assert attendance_page(db, KEY, now).present == 2
    actions = (
        select(AuditEntry.action).where(AuditEntry.action.startswith("attendance")).order_by(AuditEntry.id)
    )
    assert db.scalars(actions).all() == ["attendance.strike", "attendance.restore", "attendance.add"]


def test_the_list_stands_in_the_order_of_kana_with_the_unit_of_the_day(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    for person in (personas.colleague_elsewhere, personas.officer, personas.administrator):
        add_person(db, personas.lecturer, KEY, person.user_id, now)
    attendees = attendance_page(db, KEY, now).attendees
    assert [each.person.kana for each in attendees] == ["こばやし めぐみ", "さとう はなこ", "たかさき けん"]
    assert attendees[2].person.unit_path == ("建設局", "道路課")


@pytest.mark.parametrize(
    "query", ["佐藤", "花子", "佐藤花子", "さとう", "サトウ", "さとう　はなこ", "officer"]
)
def test_people_are_found_by_name_kana_and_login(
    db: Session, study_session: StudySession, personas: Personas, now: datetime, query: str
) -> None:
    assert [person.name for person in find_people(db, query, now)] == ["佐藤 花子"]


@pytest.mark.parametrize("query", ["髙﨑", "高崎", "高﨑健"])
def test_people_are_found_however_the_signs_of_their_names_are_written(
    db: Session, study_session: StudySession, personas: Personas, now: datetime, query: str
) -> None:
    assert [person.name for person in find_people(db, query, now)] == ["髙﨑 健"]


@pytest.mark.parametrize("query", ["Smith", "smith", "SMITH john"])
def test_names_in_latin_letters_are_found_in_small_and_in_capital_ones(
    db: Session, now: datetime, query: str
) -> None:
    make_user(db, now, name="Smith John", kana="すみす じょん")
    make_user(db, now, name="陳 美玲", kana="Smith John")
    assert {person.name for person in find_people(db, query, now)} == {"Smith John", "陳 美玲"}


def test_a_search_finds_no_signs_of_its_own_and_nobody_who_left(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    assert find_people(db, "%", now) == ()
    assert find_people(db, " ", now) == ()
    db.get_one(User, personas.officer.user_id).active = False
    db.flush()
    assert find_people(db, "佐藤", now) == ()
    with pytest.raises(NotFound):
        add_person(db, personas.lecturer, KEY, personas.officer.user_id, now)


def test_the_export_is_safe_against_formulas_and_logged(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    hostile = make_user(db, now, name="=1+1 太郎", kana="あ い")
    add_person(db, personas.lecturer, KEY, hostile.id, now)
    content = export_attendance(db, personas.lecturer, KEY, TableFormat.XLSX, now).written()
    cells = [cell for row in load_workbook(BytesIO(content)).active.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    table = export_attendance(db, personas.lecturer, KEY, TableFormat.CSV, now)
    lines = table.written().decode("utf-8-sig").splitlines()
    assert lines[1].startswith("'=1+1 太郎,あ い,")
    assert lines[1].endswith("出席,講師,2026-11-23 10:00")
    exported = select(func.count()).where(AuditEntry.action == "attendance.export")
    assert db.scalar(exported) == 2


def test_officers_correct_nothing(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    with pytest.raises(Forbidden):
        add_person(db, personas.officer, KEY, personas.officer.user_id, now)
    with pytest.raises(Forbidden):
        renew_code(db, personas.supervisor, KEY, now)


def test_attendance_stands_in_the_record_and_on_the_page_of_the_session(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    assert session_events(db, personas.officer, study_session, now).check_in is CheckInState.OPEN
    check_in(db, personas.officer, CODE, SCAN, now)
    assert session_events(db, personas.officer, study_session, now).attended_at == now
    assert [row.key for row in attended_rows(db, personas.officer)] == [KEY]
    strike(db, personas.lecturer, KEY, personas.officer.user_id, now)
    assert attended_rows(db, personas.officer) == ()
