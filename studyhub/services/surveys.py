"""Surveys of a study session: made, opened, answered once by each person, closed, handed out as a table.

Who took part and what was answered are written together and never joined: see ``persistence.surveys.store_mixed`` and
docs/decisions. Nothing here logs who answers, and answering asks for no job and no notice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from secrets import SystemRandom

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from studyhub.domain.attendance import RegistrationState
from studyhub.domain.errors import Conflict, Invalid, NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.notices import NoticeKind
from studyhub.domain.permissions import Permission, require
from studyhub.domain.surveys import (
    SMALLEST_GROUP,
    Item,
    ItemKind,
    ItemResult,
    SurveyMoment,
    SurveyState,
    checked_answers,
    closes_at,
    require_sound,
    results,
    state_at,
)
from studyhub.formats.table_writing import Cell, TableRows
from studyhub.formats.table_writing import TableFormat as TableFormat
from studyhub.persistence.models import (
    Attendance,
    Registration,
    StudySession,
    Survey,
    SurveyItem,
    SurveyParticipation,
)
from studyhub.persistence.surveys import load_items, load_sheets, store_mixed
from studyhub.services import audit, jobs, notices
from studyhub.services.study_session_editing import editable
from studyhub.services.survey_drafts import draft_survey, store_items

DATES_JOB = "survey_dates"
_PUBLISHED = "published"
_LONGEST_TITLE = 200
_TABLE_HEADINGS = ("番号", "設問", "答え", "件数", "割合", "平均", "回答数")


def create_survey(db: Session, actor: Actor, key: str, moment: SurveyMoment, now: datetime) -> str:
    """A draft with the usual questions; its id. Raises Conflict when there is one already."""
    require(actor, Permission.WRITE_CONTENT)
    row = editable(db, key)
    survey = draft_survey(db, row.id, moment, now, made_by=actor.user_id or None)
    if survey is None:
        raise Conflict("このアンケートは、もうあります。")
    return survey.id


def save_survey(
    db: Session, actor: Actor, key: str, moment: SurveyMoment, title: str, items: Sequence[Item]
) -> None:
    """Raises Invalid, and Conflict once the survey was opened: answers would no longer fit."""
    survey, _row = _draft(db, actor, key, moment)
    if not title or len(title) > _LONGEST_TITLE:
        raise Invalid(
            "アンケートの名前を、%(limit)s文字以内で入力してください。", field="title", limit=_LONGEST_TITLE
        )
    require_sound(items)
    survey.title = title
    db.execute(delete(SurveyItem).where(SurveyItem.survey_id == survey.id))
    store_items(db, survey.id, items)


def plan_survey(
    db: Session, actor: Actor, key: str, moment: SurveyMoment, opens_on: datetime | None, now: datetime
) -> None:
    """Opens it by itself at that time; None takes the plan back."""
    survey, _row = _draft(db, actor, key, moment)
    if opens_on is not None and opens_on <= now:
        raise Invalid("これからの日を入力してください。", field="opens_on")
    survey.opens_on = opens_on
    db.flush()
    if opens_on is not None:
        _ask_for_dates(db, opens_on, now)


def open_survey(db: Session, actor: Actor, key: str, moment: SurveyMoment, now: datetime) -> None:
    survey, row = _draft(db, actor, key, moment)
    if row.status != _PUBLISHED:
        raise Invalid("勉強会を公開してから、アンケートを始めてください。")
    audit.record(db, actor.user_id, "survey.open", "survey", survey.id, now, study_session=row.key)
    _open(db, survey, row, now)


def close_survey(db: Session, actor: Actor, key: str, moment: SurveyMoment, now: datetime) -> None:
    """For good: opened again, its results could be compared with those of the first time."""
    require(actor, Permission.WRITE_CONTENT)
    survey, row = _locked(db, key, moment)
    if survey.state != SurveyState.OPEN:
        raise Conflict("このアンケートは、いま受け付けていません。")
    audit.record(db, actor.user_id, "survey.close", "survey", survey.id, now, study_session=row.key)
    _close(db, survey, now)


def remove_survey(db: Session, actor: Actor, key: str, moment: SurveyMoment) -> None:
    """Only a draft, which nobody has answered yet."""
    survey, _row = _draft(db, actor, key, moment)
    db.delete(survey)
    db.flush()


def take_part(db: Session, actor: Actor, survey_id: str, given: Mapping[int, str], now: datetime) -> bool:
    """False when the person took part before: the first sheet stays and this one is thrown away.

    ``given`` by the key of the item, as the form sends it. Raises Invalid, NotFound, and Conflict when it is closed.
    """
    require(actor, Permission.STUDY)
    survey = db.scalars(
        select(Survey)
        .join(StudySession, StudySession.id == Survey.study_session_id)
        .where(
            Survey.id == survey_id, Survey.state != SurveyState.DRAFT.value, StudySession.status == _PUBLISHED
        )
        .with_for_update(of=Survey)
    ).first()
    if survey is None:
        raise NotFound
    if db.get(SurveyParticipation, (survey.id, actor.user_id)) is not None:
        return False
    if state_at(SurveyState(survey.state), survey.opened_at, now) is not SurveyState.OPEN:
        raise Conflict("このアンケートは締め切られました。")
    sheet = checked_answers(load_items(db, survey.id), given)
    store_mixed(db, survey.id, SystemRandom(), person=actor.user_id, sheet=sheet)
    return True


def follow_dates(db: Session, now: datetime) -> None:
    """Opens and closes what is due, also when nobody was there to do it then."""
    due = (Survey.state == SurveyState.DRAFT.value) & (Survey.opens_on <= now)
    rows = db.execute(
        select(Survey, StudySession)
        .join(StudySession, StudySession.id == Survey.study_session_id)
        .where(due | (Survey.state == SurveyState.OPEN.value))
        .with_for_update(of=Survey)
    ).all()
    for survey, row in rows:
        if survey.state == SurveyState.DRAFT and row.status == _PUBLISHED:
            audit.record(
                db, None, "survey.open", "survey", survey.id, now, study_session=row.key, planned=True
            )
            _open(db, survey, row, now)
        elif state_at(SurveyState(survey.state), survey.opened_at, now) is SurveyState.CLOSED:
            _close(db, survey, now)


def mix_open(db: Session) -> int:
    """Mixes what lies in the surveys that are open; returns how many. Closed ones were mixed when they closed."""
    open_ones = select(Survey.id).where(Survey.state == SurveyState.OPEN.value)
    ids = db.scalars(open_ones.with_for_update()).all()
    for survey_id in ids:
        store_mixed(db, survey_id, SystemRandom())
    return len(ids)


def export_results(
    db: Session, actor: Actor, key: str, moment: SurveyMoment, format_: TableFormat, now: datetime
) -> TableRows:
    """Counts and texts, never sheets. Raises Conflict while it is open or with fewer than five answers."""
    require(actor, Permission.WRITE_CONTENT)
    survey, row = _locked(db, key, moment)
    found = None
    if state_at(SurveyState(survey.state), survey.opened_at, now) is SurveyState.CLOSED:
        found = results(load_items(db, survey.id), load_sheets(db, survey.id))
    if found is None:
        raise Conflict(
            "結果は、締め切ったあとで、回答が%(least)s件以上あるときに取り出せます。", least=SMALLEST_GROUP
        )
    audit.record(
        db, actor.user_id, "survey.export", "survey", survey.id, now, study_session=row.key, format=format_.value
    )  # fmt: skip
    rows = [line for number, result in enumerate(found, 1) for line in _table_rows(number, result)]
    return TableRows(format_, survey.title, _TABLE_HEADINGS, rows)


def _table_rows(number: int, result: ItemResult) -> Iterator[list[Cell]]:
    begin: list[Cell] = [number, result.item.label]
    if result.answers is None:
        yield [*begin, f"（{SMALLEST_GROUP}件に満たないため表示しません）", None, None, None, None]
        return
    mean = None if result.mean is None else round(result.mean, 2)
    for count in result.counts:
        yield [
            *begin,
            _option(result.item, count.value),
            count.people,
            round(count.share, 3),
            mean,
            result.answers,
        ]
    for text in result.texts:
        yield [*begin, text, None, None, None, result.answers]


def _option(item: Item, value: int) -> str:
    if item.kind is ItemKind.CHOICE:
        return item.options[value]
    ends = {1: item.options[0], 5: item.options[1]}
    return f"{value}（{ends[value]}）" if value in ends else str(value)


def _draft(db: Session, actor: Actor, key: str, moment: SurveyMoment) -> tuple[Survey, StudySession]:
    require(actor, Permission.WRITE_CONTENT)
    survey, row = _locked(db, key, moment)
    if survey.state != SurveyState.DRAFT:
        raise Conflict("受付を始めたアンケートは、変えられません。")
    return survey, row


def _locked(db: Session, key: str, moment: SurveyMoment) -> tuple[Survey, StudySession]:
    found = db.execute(
        select(Survey, StudySession)
        .join(StudySession, StudySession.id == Survey.study_session_id)
        .where(StudySession.key == key, StudySession.deleted_at.is_(None), Survey.moment == moment.value)
        .with_for_update(of=Survey)
    ).first()
    if found is None:
        raise NotFound
    return found[0], found[1]


def _open(db: Session, survey: Survey, row: StudySession, now: datetime) -> None:
    """Tells those who came and those who had a seat."""
    survey.state, survey.opened_at = SurveyState.OPEN.value, now
    db.flush()
    came = select(Attendance.user_id).where(Attendance.study_session_id == row.id, Attendance.present)
    meant_to = select(Registration.user_id).where(
        Registration.study_session_id == row.id, Registration.state == RegistrationState.REGISTERED.value
    )
    people = {*db.scalars(came), *db.scalars(meant_to)}
    params = {"session": row.key, "title": row.title}
    path = f"/surveys/{survey.id}"
    notices.tell(db, people, NoticeKind.SURVEY, params, path, now, unique_key=f"survey:{survey.id}")
    _ask_for_dates(db, closes_at(now), now)


def _close(db: Session, survey: Survey, now: datetime) -> None:
    survey.state, survey.closed_at = SurveyState.CLOSED.value, now
    db.flush()
    store_mixed(db, survey.id, SystemRandom())


def _ask_for_dates(db: Session, at: datetime, now: datetime) -> None:
    # The time is part of the key: asking again for a later one must not keep the earlier job alone.
    jobs.enqueue(db, DATES_JOB, {}, now, unique_key=f"{DATES_JOB}:{at.isoformat()}", run_after=at)
