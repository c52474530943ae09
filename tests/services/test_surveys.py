"""The life of a survey: made, opened, answered once, closed, handed out."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.errors import Conflict, Forbidden, Invalid, NotFound
from studyhub.domain.surveys import OPEN_FOR, Item, ItemKind, SurveyMoment, SurveyState
from studyhub.formats.table_writing import TableFormat
from studyhub.persistence.models import (
    Attendance,
    AuditEntry,
    Job,
    Notice,
    Registration,
    StudySession,
    SurveyParticipation,
)
from studyhub.persistence.surveys import load_items, load_sheets
from studyhub.reads.surveys import open_surveys, results_page, sheet_page
from studyhub.services.surveys import (
    close_survey,
    create_survey,
    export_results,
    follow_dates,
    open_survey,
    plan_survey,
    remove_survey,
    save_survey,
    take_part,
)
from tests.factories.study_sessions import make_course, make_study_session
from tests.factories.surveys import answer_as_many, make_survey, sheet, survey_of
from tests.personas import Personas

KEY = "first-hearing"
AFTER, LATER = SurveyMoment.AFTER, SurveyMoment.LATER


@pytest.fixture
def study_session(db: Session, personas: Personas, now: datetime) -> StudySession:
    return make_study_session(db, now, make_course(db), key=KEY)


def _came(db: Session, row: StudySession, user_id: int, now: datetime) -> None:
    db.add(Attendance(study_session_id=row.id, user_id=user_id, way="scan", at=now))
    db.flush()


def test_a_draft_holds_the_usual_questions_and_is_there_once(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    survey_id = create_survey(db, personas.lecturer, KEY, AFTER, now)
    assert [item.kind for item in load_items(db, survey_id).values()] == ["scale", "scale", "choice", "text"]
    with pytest.raises(Conflict):
        create_survey(db, personas.lecturer, KEY, AFTER, now)


def test_questions_change_in_a_draft_and_never_afterwards(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    survey_id = create_survey(db, personas.lecturer, KEY, AFTER, now)
    items = [Item(ItemKind.TEXT, "ひとこと", required=True)]
    save_survey(db, personas.lecturer, KEY, AFTER, "ひとこと集", items)
    assert list(load_items(db, survey_id).values()) == items
    open_survey(db, personas.lecturer, KEY, AFTER, now)
    with pytest.raises(Conflict):
        save_survey(db, personas.lecturer, KEY, AFTER, "別の名前", items)
    with pytest.raises(Conflict):
        remove_survey(db, personas.lecturer, KEY, AFTER)


def test_only_a_published_study_session_opens_its_survey(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    create_survey(db, personas.lecturer, KEY, AFTER, now)
    study_session.status = "draft"
    with pytest.raises(Invalid):
        open_survey(db, personas.lecturer, KEY, AFTER, now)


def test_opening_tells_those_who_came_and_those_who_had_a_seat(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    _came(db, study_session, personas.officer.user_id, now)
    for person, state in ((personas.colleague_elsewhere, "registered"), (personas.supervisor, "cancelled")):
        db.add(
            Registration(
                study_session_id=study_session.id,
                user_id=person.user_id,
                state=state,
                asked_at=now,
                changed_at=now,
            )
        )
    survey_id = make_survey(db, personas.lecturer, KEY, now)
    told = db.scalars(select(Notice)).all()
    assert {notice.user_id for notice in told} == {
        personas.officer.user_id,
        personas.colleague_elsewhere.user_id,
    }
    assert {(notice.kind, notice.path) for notice in told} == {("survey", f"/surveys/{survey_id}")}
    assert told[0].params == {"session": KEY, "title": study_session.title}


def test_a_person_answers_once_and_the_first_sheet_stays(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    survey_id = make_survey(db, personas.lecturer, KEY, now)
    assert take_part(db, personas.officer, survey_id, sheet(db, survey_id, 5), now)
    assert not take_part(db, personas.officer, survey_id, sheet(db, survey_id, 1), now)
    first = min(load_items(db, survey_id))
    assert [held[first] for held in load_sheets(db, survey_id)] == [5]


def test_a_refused_sheet_leaves_no_trace_that_one_took_part(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    survey_id = make_survey(db, personas.lecturer, KEY, now)
    with pytest.raises(Invalid):
        take_part(db, personas.officer, survey_id, {}, now)
    assert db.scalars(select(SurveyParticipation)).all() == []


def test_a_closed_survey_and_one_whose_time_is_over_take_no_answer(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    survey_id = make_survey(db, personas.lecturer, KEY, now)
    with pytest.raises(Conflict):
        take_part(db, personas.officer, survey_id, sheet(db, survey_id), now + OPEN_FOR)
    close_survey(db, personas.lecturer, KEY, AFTER, now)
    with pytest.raises(Conflict):
        take_part(db, personas.officer, survey_id, sheet(db, survey_id), now)
    with pytest.raises(Conflict):
        close_survey(db, personas.lecturer, KEY, AFTER, now)


def test_nobody_knows_of_a_draft_or_of_the_survey_of_a_hidden_session(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    survey_id = create_survey(db, personas.lecturer, KEY, AFTER, now)
    with pytest.raises(NotFound):
        sheet_page(db, personas.officer, survey_id, now)
    open_survey(db, personas.lecturer, KEY, AFTER, now)
    study_session.status = "draft"
    db.flush()
    for ask in (lambda: sheet_page(db, personas.officer, survey_id, now),
                lambda: take_part(db, personas.officer, survey_id, {}, now)):  # fmt: skip
        with pytest.raises(NotFound):
            ask()


def test_the_page_of_a_session_invites_who_came_until_they_answered(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    survey_id = make_survey(db, personas.lecturer, KEY, now)
    assert open_surveys(db, personas.officer, study_session.id, now) == ()
    _came(db, study_session, personas.officer.user_id, now)
    assert [survey.id for survey in open_surveys(db, personas.officer, study_session.id, now)] == [survey_id]
    assert open_surveys(db, personas.officer, study_session.id, now + OPEN_FOR) == ()
    take_part(db, personas.officer, survey_id, sheet(db, survey_id), now)
    assert open_surveys(db, personas.officer, study_session.id, now) == ()


@pytest.mark.parametrize("people", [4, 5, 6])
def test_results_are_seen_when_it_is_closed_and_from_five_up(
    db: Session, study_session: StudySession, personas: Personas, now: datetime, people: int
) -> None:
    survey_id = make_survey(db, personas.lecturer, KEY, now)
    answer_as_many(db, survey_id, people, now)
    assert results_page(db, KEY, AFTER, now).results is None
    with pytest.raises(Conflict):
        export_results(db, personas.lecturer, KEY, AFTER, TableFormat.CSV, now)
    close_survey(db, personas.lecturer, KEY, AFTER, now)
    assert (results_page(db, KEY, AFTER, now).results is not None) == (people >= 5)


def test_the_second_survey_opens_and_closes_by_itself(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    survey_id = create_survey(db, personas.lecturer, KEY, LATER, now)
    day = now + timedelta(weeks=4)
    plan_survey(db, personas.lecturer, KEY, LATER, day, now)
    assert db.scalars(select(Job.run_after).where(Job.kind == "survey_dates")).all() == [day]
    follow_dates(db, day - timedelta(hours=1))
    assert survey_of(db, survey_id).state == SurveyState.DRAFT
    follow_dates(db, day)
    assert survey_of(db, survey_id).state == SurveyState.OPEN
    follow_dates(db, day + OPEN_FOR)
    assert survey_of(db, survey_id).state == SurveyState.CLOSED


def test_a_plan_lies_ahead_and_waits_for_the_session_to_be_published(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    survey_id = create_survey(db, personas.lecturer, KEY, LATER, now)
    with pytest.raises(Invalid):
        plan_survey(db, personas.lecturer, KEY, LATER, now, now)
    plan_survey(db, personas.lecturer, KEY, LATER, now + timedelta(days=1), now)
    study_session.status = "draft"
    follow_dates(db, now + timedelta(days=2))
    assert survey_of(db, survey_id).state == SurveyState.DRAFT


def test_an_export_holds_counts_and_texts_no_sheets_and_no_formula_and_is_logged(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    survey_id = make_survey(db, personas.lecturer, KEY, now)
    answer_as_many(db, survey_id, 5, now)
    take_part(
        db, personas.officer, survey_id, sheet(db, survey_id, 5, '=HYPERLINK("http://evil.example")'), now
    )
    close_survey(db, personas.lecturer, KEY, AFTER, now)
    table = export_results(db, personas.lecturer, KEY, AFTER, TableFormat.XLSX, now)
    book = load_workbook(BytesIO(table.written()))
    cells = [cell for row in book.active.iter_rows(min_row=2) for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    table = export_results(db, personas.lecturer, KEY, AFTER, TableFormat.CSV, now)
    lines = table.written().decode("utf-8-sig").splitlines()
    assert lines[0] == "番号,設問,答え,件数,割合,平均,回答数"
    assert lines[5].split(",")[2:5] == ["5（満足）", "2", "0.333"]
    assert any("'=HYPERLINK" in line for line in lines)
    logged = select(AuditEntry.action).where(AuditEntry.user_id == personas.lecturer.user_id)
    assert db.scalars(logged).all().count("survey.export") == 2


def test_officers_make_and_export_no_surveys(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    with pytest.raises(Forbidden):
        create_survey(db, personas.officer, KEY, AFTER, now)
    make_survey(db, personas.lecturer, KEY, now)
    with pytest.raises(Forbidden):
        export_results(db, personas.supervisor, KEY, AFTER, TableFormat.CSV, now)
