from __future__ import annotations

from datetime import datetime, timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from studyhub.domain.errors import Conflict, Forbidden, Invalid, NotFound
from studyhub.domain.identity import Actor
from studyhub.persistence.models import FilledSheet, Notice, StudySession, Worksheet, WorkshopGroup
from studyhub.persistence.session import transaction
from studyhub.reads.workshops import sheet_page, sheets_page, workshops_page
from studyhub.services import workshops
from studyhub.services.workshops import KeepSheet, Kept, NewerSheet
from studyhub.web.workshops.export import as_markdown
from tests.factories.study_sessions import make_course, make_study_session
from tests.furnishings.workshops import FORM
from tests.personas import Personas

KEY = "persona-workshop"


@pytest.fixture(autouse=True)
def workshop(request: pytest.FixtureRequest, now: datetime) -> None:
    if "db" in request.fixturenames:
        make_workshop(request.getfixturevalue("db"), now)


def make_workshop(db: Session, now: datetime) -> None:
    worksheet = Worksheet(key="persona", title="ペルソナ", fields=FORM, content_hash="")
    db.add(worksheet)
    db.flush()
    session = make_study_session(db, now, make_course(db), key=KEY, title="人を思い描く")
    session.kind, session.worksheet_id = "workshop", worksheet.id
    db.flush()


def keep(
    db: Session, actor: Actor, now: datetime, version: int = 0, group: int | None = None, /, **sent: str
) -> Kept:
    command = KeepSheet(KEY, group, version, lambda name: sent.get(name, ""))
    return workshops.keep_sheet(db, actor, command, now)


def test_a_sheet_is_filled_in_alone_kept_and_handed_in(
    db: Session, personas: Personas, now: datetime
) -> None:
    kept = keep(db, personas.officer, now, wants="一\n二")
    with pytest.raises(Invalid) as refused:
        workshops.hand_in(db, personas.officer, KEY, None, now)
    assert refused.value.params["names"] == "どんな人か"
    keep(db, personas.officer, now, kept.version, who="みさき", wants="一\n二")
    workshops.hand_in(db, personas.officer, KEY, None, now)
    page = sheet_page(db, personas.officer, KEY)
    assert page.values == {"who": "みさき", "wants": ["一", "二"], "check": [], "place": ""}
    assert page.handed_in_at == now


def test_a_group_fills_in_one_sheet_together(db: Session, personas: Personas, now: datetime) -> None:
    group = workshops.begin_group(db, personas.officer, KEY, "一班")
    workshops.join_group(db, personas.lecturer, KEY, group)
    keep(db, personas.officer, now, 0, group, who="みさき")
    assert sheet_page(db, personas.lecturer, KEY).values["who"] == "みさき"
    assert sheet_page(db, personas.lecturer, KEY).own_group is not None


def test_of_two_who_begin_a_group_s_sheet_at_once_the_second_is_told(
    engine: Engine, personas: Personas, now: datetime
) -> None:
    with transaction(engine) as db:
        make_workshop(db, now)
        group = workshops.begin_group(db, personas.officer, KEY, "一班")
        workshops.join_group(db, personas.lecturer, KEY, group)
    begun, told = Event(), list[Exception]()

    def begin_too() -> None:
        begun.wait(10)
        try:
            with transaction(engine) as db:
                keep(db, personas.lecturer, now, 0, group, who="けん")
        except (NewerSheet, IntegrityError) as fault:
            told.append(fault)

    other = Thread(target=begin_too)
    other.start()
    with transaction(engine) as db:
        keep(db, personas.officer, now, 0, group, who="みさき")
        begun.set()
        other.join(0.5)
    other.join(10)
    assert [type(fault) for fault in told] == [NewerSheet]


def test_whoever_keeps_an_older_version_is_told_and_nothing_is_written_over(
    db: Session, personas: Personas, now: datetime
) -> None:
    group = workshops.begin_group(db, personas.officer, KEY, "一班")
    workshops.join_group(db, personas.lecturer, KEY, group)
    first = keep(db, personas.officer, now, 0, group, who="みさき")
    keep(db, personas.lecturer, now, first.version, group, who="けん")
    with pytest.raises(NewerSheet):
        keep(db, personas.officer, now, first.version, group, who="さくら")
    assert sheet_page(db, personas.officer, KEY).values["who"] == "けん"


def test_two_who_begin_a_groups_sheet_at_once_do_not_lose_one(
    db: Session, personas: Personas, now: datetime
) -> None:
    group = workshops.begin_group(db, personas.officer, KEY, "一班")
    workshops.join_group(db, personas.lecturer, KEY, group)
    keep(db, personas.officer, now, 0, group, who="みさき")
    with pytest.raises(NewerSheet):
        keep(db, personas.lecturer, now, 0, group, who="けん")


def test_whoever_enters_a_group_elsewhere_does_not_write_over_its_sheet(
    db: Session, personas: Personas, now: datetime
) -> None:
    group = workshops.begin_group(db, personas.lecturer, KEY, "一班")
    keep(db, personas.lecturer, now, 0, group, who="班で書いた")
    alone = keep(db, personas.officer, now, who="一人で書いた")
    workshops.join_group(db, personas.officer, KEY, group)
    with pytest.raises(NewerSheet):
        keep(db, personas.officer, now, alone.version, who="一人の続き")
    with pytest.raises(NewerSheet):
        workshops.hand_in(db, personas.officer, KEY, None, now)
    page = sheet_page(db, personas.lecturer, KEY)
    assert (page.values["who"], page.handed_in_at) == ("班で書いた", None)
    keep(db, personas.officer, now, page.version, group, who="見比べて書いた")
    assert sheet_page(db, personas.lecturer, KEY).values["who"] == "見比べて書いた"


def test_whoever_changes_the_group_elsewhere_writes_into_neither_sheet_unseen(
    db: Session, personas: Personas, now: datetime
) -> None:
    first = workshops.begin_group(db, personas.officer, KEY, "一班")
    second = workshops.begin_group(db, personas.lecturer, KEY, "二班")
    workshops.join_group(db, personas.officer, KEY, second)
    with pytest.raises(NewerSheet):
        keep(db, personas.officer, now, 0, first, who="一班の言葉")
    workshops.leave_group(db, personas.officer, KEY)
    with pytest.raises(NewerSheet):
        keep(db, personas.officer, now, 0, second, who="二班の言葉")
    assert db.scalars(select(FilledSheet)).all() == []


def test_only_the_sheet_that_was_looked_at_is_taken_back(
    db: Session, personas: Personas, now: datetime
) -> None:
    keep(db, personas.officer, now, who="一人で書いた")
    workshops.hand_in(db, personas.officer, KEY, None, now)
    group = workshops.begin_group(db, personas.lecturer, KEY, "一班")
    keep(db, personas.lecturer, now, 0, group, who="班で書いた")
    workshops.hand_in(db, personas.lecturer, KEY, group, now)
    workshops.join_group(db, personas.officer, KEY, group)
    with pytest.raises(NewerSheet):
        workshops.take_back(db, personas.officer, KEY, None)
    assert sheet_page(db, personas.lecturer, KEY).handed_in_at == now


def test_what_was_written_alone_waits_while_one_is_in_a_group(
    db: Session, personas: Personas, now: datetime
) -> None:
    keep(db, personas.officer, now, who="一人で")
    group = workshops.begin_group(db, personas.officer, KEY, "一班")
    assert sheet_page(db, personas.officer, KEY).values == {}
    workshops.leave_group(db, personas.officer, KEY)
    assert sheet_page(db, personas.officer, KEY).values["who"] == "一人で"
    assert db.get(WorkshopGroup, group) is None, "a group that nobody is in and that wrote nothing ends"


def test_an_officer_is_in_one_group_at_a_time(db: Session, personas: Personas, now: datetime) -> None:
    first = workshops.begin_group(db, personas.officer, KEY, "一班")
    second = workshops.begin_group(db, personas.lecturer, KEY, "二班")
    workshops.join_group(db, personas.officer, KEY, second)
    assert db.get(WorkshopGroup, first) is None
    assert [group.members for group in sheet_page(db, personas.officer, KEY).groups] == [
        ("佐藤 花子", "鈴木 一郎")
    ]


@pytest.mark.parametrize("name", ["", " ", "あ" * 41])
def test_a_group_needs_a_name(db: Session, personas: Personas, name: str) -> None:
    with pytest.raises(Invalid):
        workshops.begin_group(db, personas.officer, KEY, name)


def test_two_groups_of_one_name_are_refused(db: Session, personas: Personas) -> None:
    workshops.begin_group(db, personas.officer, KEY, "一班")
    with pytest.raises(Invalid):
        workshops.begin_group(db, personas.lecturer, KEY, "一班")


def test_a_sheet_that_was_handed_in_is_taken_back_until_somebody_commented(
    db: Session, personas: Personas, now: datetime
) -> None:
    kept = keep(db, personas.officer, now, who="みさき")
    workshops.hand_in(db, personas.officer, KEY, None, now)
    with pytest.raises(Conflict):
        keep(db, personas.officer, now, kept.version, who="けん")
    workshops.take_back(db, personas.officer, KEY, None)
    keep(db, personas.officer, now, kept.version, who="けん")
    workshops.hand_in(db, personas.officer, KEY, None, now)
    sheet_id = sheet_page(db, personas.officer, KEY).sheet_id
    assert sheet_id is not None
    workshops.comment(db, personas.lecturer, sheet_id, "who", "もう少し具体的に。", now)
    with pytest.raises(Conflict):
        workshops.take_back(db, personas.officer, KEY, None)
    (notice,) = db.scalars(select(Notice))
    assert (notice.user_id, notice.kind) == (personas.officer.user_id, "comment")


def test_sheets_are_seen_side_by_side_by_those_who_take_part(
    db: Session, personas: Personas, now: datetime
) -> None:
    keep(db, personas.officer, now, who="みさき")
    workshops.hand_in(db, personas.officer, KEY, None, now)
    with pytest.raises(NotFound):
        sheets_page(db, personas.colleague_elsewhere, KEY)
    keep(db, personas.colleague_elsewhere, now, wants="途中")
    page = sheets_page(db, personas.colleague_elsewhere, KEY)
    assert [sheet.owner for sheet in page.sheets] == ["佐藤 花子"]
    assert page.unfinished == 1
    assert [field.key for field in page.fields] == ["who", "wants", "check", "place"]
    assert sheets_page(db, personas.lecturer, KEY).sheets


def test_only_those_who_take_part_comment(db: Session, personas: Personas, now: datetime) -> None:
    keep(db, personas.officer, now, who="みさき")
    sheet_id = db.scalars(select(FilledSheet.id)).one()
    with pytest.raises(NotFound):
        workshops.comment(db, personas.lecturer, sheet_id, "", "まだです。", now)
    workshops.hand_in(db, personas.officer, KEY, None, now)
    with pytest.raises(Forbidden):
        workshops.comment(db, personas.colleague_elsewhere, sheet_id, "", "見ました。", now)
    with pytest.raises(NotFound):
        workshops.comment(db, personas.lecturer, sheet_id, "no-such-field", "見ました。", now)
    with pytest.raises(Invalid):
        workshops.comment(db, personas.lecturer, sheet_id, "", " ", now)


def test_a_form_that_changes_leaves_what_was_begun_as_it_was(
    db: Session, personas: Personas, now: datetime
) -> None:
    keep(db, personas.officer, now, who="みさき")
    db.scalars(select(Worksheet)).one().fields = FORM[1:]
    db.flush()
    assert [field.key for field in sheet_page(db, personas.officer, KEY).form] == [
        "who",
        "wants",
        "check",
        "place",
    ]
    assert [field.key for field in sheet_page(db, personas.lecturer, KEY).form] == ["wants", "check", "place"]


def test_workshops_are_listed_newest_first_and_those_without_a_day_last(
    db: Session, personas: Personas, now: datetime
) -> None:
    held = db.scalars(select(StudySession)).one()
    for key, days in (("undated", None), ("newer", 1)):
        made = make_study_session(db, now, make_course(db), key=key)
        made.kind, made.worksheet_id = "workshop", held.worksheet_id
        made.held_on = now.date() + timedelta(days=days) if days else None
    db.flush()
    assert [row.key for row in workshops_page(db, personas.officer)] == ["newer", KEY, "undated"]


def test_the_document_of_all_sheets_shows_what_was_written_as_written(
    db: Session, personas: Personas, now: datetime
) -> None:
    keep(db, personas.officer, now, **{"who": "<b>|みさき|", "wants": "一", "check.0.0": "日"})
    workshops.hand_in(db, personas.officer, KEY, None, now)
    text = as_markdown(sheets_page(db, personas.lecturer, KEY))
    assert "\\<b\\>\\|みさき\\|" in text
    assert "| 日 |  |" in text
    assert "## 佐藤 花子" in text
