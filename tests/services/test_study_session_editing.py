"""Writing study sessions in the studio: revisions, conflicts, who is told, and what a synchronisation leaves alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.editing import SessionFields
from studyhub.domain.errors import Forbidden, Invalid, NotFound
from studyhub.domain.identity import Actor
from studyhub.formats.study_session import read_page
from studyhub.persistence.models import (
    Job,
    Notice,
    Registration,
    StudySession,
    StudySessionRevision,
    StudySessionTopic,
)
from studyhub.services import drafts
from studyhub.services.courses import create_course
from studyhub.services.drafts import KeepDraft, NewerDraft, keep_draft
from studyhub.services.study_session_editing import (
    CreateStudySession,
    NewerRevision,
    RenderedNotes,
    SaveStudySession,
    create_study_session,
    render_notes,
    save_revision,
)
from studyhub.services.study_session_revisions import RestoreRevision, restore_revision
from tests.factories.questions import make_syllabus
from tests.factories.study_sessions import make_course
from tests.personas import Personas


def notes(text: str = "本文です。") -> RenderedNotes:
    """As they would be rendered, without the child process."""
    html = f"<p>{text}</p>"
    return RenderedNotes(text, [["html", html]], [], text)


@pytest.fixture
def fields(db: Session) -> SessionFields:
    make_syllabus(db)
    make_course(db, key="basics")
    return SessionFields(
        title="題名",
        course="basics",
        title_en="Before you choose",
        held_on=date(2026, 12, 2),
        starts_at=time(15, 0),
        place="会議室A",
        lecturers=("例田 恵",),
        topics=("ip-6.5:61",),
        objectives=("説明できる",),
    )


@pytest.fixture
def key(db: Session, now: datetime, personas: Personas, fields: SessionFields) -> str:
    return create_study_session(db, personas.lecturer, CreateStudySession(fields, notes()), now)


def _row(db: Session, key: str) -> StudySession:
    return db.scalars(select(StudySession).where(StudySession.key == key)).one()


def _save(
    db: Session, actor: Actor, now: datetime, key: str, fields: SessionFields, text: str, base: int
) -> int:
    return save_revision(db, actor, SaveStudySession(key, fields, notes(text), base), now)


def test_a_new_session_is_a_draft_of_its_author_and_says_all_it_was_given(
    db: Session, personas: Personas, key: str, fields: SessionFields
) -> None:
    row = _row(db, key)
    assert (key, row.status, row.origin) == ("before-you-choose", "draft", "studio")
    assert row.author_id == personas.lecturer.user_id
    assert row.starts_at is not None
    assert row.starts_at.isoformat() == "2026-12-02T06:00:00+00:00"
    revision = db.get_one(StudySessionRevision, row.current_revision_id)
    page = read_page(revision.source, "session.md").items[0].item
    assert (page.title, page.topics, page.objectives) == (fields.title, fields.topics, fields.objectives)
    assert db.scalars(select(Job.kind)).all() == ["reindex_search"]


def test_two_sessions_of_one_title_have_two_keys(
    db: Session, now: datetime, personas: Personas, key: str, fields: SessionFields
) -> None:
    other = create_study_session(db, personas.lecturer, CreateStudySession(fields, notes()), now)
    assert (key, other) == ("before-you-choose", "before-you-choose-2")


def test_a_title_without_latin_letters_gets_its_key_from_the_day(
    db: Session, now: datetime, personas: Personas, fields: SessionFields
) -> None:
    command = CreateStudySession(replace(fields, title_en=""), notes())
    assert create_study_session(db, personas.lecturer, command, now) == "session-2026-12-02"


def test_an_officer_writes_no_study_session(
    db: Session, now: datetime, personas: Personas, key: str, fields: SessionFields
) -> None:
    with pytest.raises(Forbidden):
        create_study_session(db, personas.officer, CreateStudySession(fields, notes()), now)
    with pytest.raises(Forbidden):
        _save(db, personas.supervisor, now, key, fields, "別の本文", 1)


def test_every_lecturer_may_revise_and_is_named(
    db: Session, now: datetime, personas: Personas, key: str, fields: SessionFields
) -> None:
    assert _save(db, personas.administrator, now, key, fields, "直した本文", 1) == 2
    revisions = db.scalars(select(StudySessionRevision).order_by(StudySessionRevision.number)).all()
    assert [revision.created_by for revision in revisions] == [
        personas.lecturer.user_id,
        personas.administrator.user_id,
    ]
    assert "本文です。" in revisions[0].source


def test_saving_what_is_there_already_makes_no_revision(
    db: Session, now: datetime, personas: Personas, key: str, fields: SessionFields
) -> None:
    assert _save(db, personas.lecturer, now, key, fields, "本文です。", 1) == 1


def test_saving_over_a_newer_revision_is_refused_and_says_which(
    db: Session, now: datetime, personas: Personas, key: str, fields: SessionFields
) -> None:
    _save(db, personas.administrator, now, key, fields, "先に保存した本文", 1)
    with pytest.raises(NewerRevision) as raised:
        _save(db, personas.lecturer, now, key, fields, "あとの本文", 1)
    assert raised.value.number == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"course": "nowhere"}, "course"),
        ({"topics": ("ip-6.5:99",)}, "topics"),
        ({"worksheet": "nothing"}, "worksheet"),
    ],
)
def test_a_name_that_nothing_has_is_told_at_its_field(
    db: Session,
    now: datetime,
    personas: Personas,
    key: str,
    fields: SessionFields,
    change: dict[str, str],
    field: str,
) -> None:
    with pytest.raises(Invalid) as raised:
        _save(db, personas.lecturer, now, key, replace(fields, **change), "本文", 1)  # type: ignore[arg-type]
    assert raised.value.field == field


def test_topics_follow_the_form(
    db: Session, now: datetime, personas: Personas, key: str, fields: SessionFields
) -> None:
    _save(db, personas.lecturer, now, key, replace(fields, topics=("ip-6.5:strategy",)), "本文です。", 1)
    assert len(db.scalars(select(StudySessionTopic)).all()) == 1


def test_a_change_of_the_room_raises_the_calendar_and_tells_who_is_registered(
    db: Session, now: datetime, personas: Personas, key: str, fields: SessionFields
) -> None:
    row = _row(db, key)
    row.status = "published"
    for person, state in ((personas.officer, "registered"), (personas.colleague_elsewhere, "cancelled")):
        db.add(
            Registration(
                study_session_id=row.id, user_id=person.user_id, state=state, asked_at=now, changed_at=now
            )
        )
    _save(db, personas.lecturer, now, key, replace(fields, place="会議室B"), "本文です。", 1)
    told = db.scalars(select(Notice)).all()
    assert row.calendar_sequence == 1
    assert [(notice.user_id, notice.kind) for notice in told] == [
        (personas.officer.user_id, "session_changed")
    ]
    assert told[0].params["old"]["place"] == "会議室A"
    assert told[0].params["new"]["place"] == "会議室B"


def test_a_new_text_alone_raises_no_calendar_and_tells_nobody(
    db: Session, now: datetime, personas: Personas, key: str, fields: SessionFields
) -> None:
    _save(db, personas.lecturer, now, key, fields, "新しい本文", 1)
    assert _row(db, key).calendar_sequence == 0
    assert not db.scalars(select(Notice)).all()


def test_an_earlier_revision_comes_back_as_the_newest_and_none_is_lost(
    db: Session, now: datetime, personas: Personas, key: str, fields: SessionFields
) -> None:
    _save(db, personas.lecturer, now, key, replace(fields, title="別の題名"), "別の本文", 1)
    restored = restore_revision(db, personas.lecturer, RestoreRevision(key, 1, notes(), 2), now)
    assert restored == 3
    assert _row(db, key).title == "題名"
    numbers = db.scalars(select(StudySessionRevision.number).order_by(StudySessionRevision.number)).all()
    assert numbers == [1, 2, 3]
    with pytest.raises(NotFound):
        restore_revision(db, personas.lecturer, RestoreRevision(key, 9, notes(), 3), now)


def test_sections_of_rendered_notes_have_anchors_that_the_text_keeps() -> None:
    rendered = render_notes(
        "## はじめに\n\n{{question ip-61-001}}\n\n![図の説明](figures/a.png)", {"figures/a.png": "/files/x"}
    )
    anchor = rendered.toc[0]["anchor"]
    assert f"{{#{anchor}}}" in rendered.body
    assert [kind for kind, _ in rendered.segments] == ["html", "question", "html"]
    assert 'src="/files/x"' in rendered.segments[2][1]
    assert render_notes(rendered.body, {}).body == rendered.body


def test_scripts_in_notes_do_not_survive() -> None:
    html = render_notes("<script>alert(1)</script>\n\n[押す](javascript:alert(1))", {}).segments[0][1]
    assert "script" not in html


def test_a_course_of_the_same_title_is_used_again(db: Session, now: datetime, personas: Personas) -> None:
    first = create_course(db, personas.lecturer, "生成AIの入口", now)
    assert create_course(db, personas.lecturer, " 生成AIの入口 ", now) == first
    with pytest.raises(Invalid):
        create_course(db, personas.lecturer, " ", now)


# Drafts


def _keep(db: Session, actor: Actor, now: datetime, key: str, text: str, version: int) -> int:
    command = KeepDraft(drafts.STUDY_SESSION, key, {"body": text}, base_revision=1, version=version)
    return keep_draft(db, actor, command, now).version


def test_a_draft_follows_what_one_tab_types(db: Session, now: datetime, personas: Personas, key: str) -> None:
    assert _keep(db, personas.lecturer, now, key, "一", 0) == 1
    assert _keep(db, personas.lecturer, now, key, "一二", 1) == 2


def test_a_second_tab_does_not_write_over_the_first(
    db: Session, now: datetime, personas: Personas, key: str
) -> None:
    _keep(db, personas.lecturer, now, key, "一つめのタブ", 0)
    with pytest.raises(NewerDraft) as raised:
        _keep(db, personas.lecturer, now + timedelta(minutes=1), key, "二つめのタブ", 0)
    assert raised.value.kept.version == 1


def test_two_people_have_a_draft_each(db: Session, now: datetime, personas: Personas, key: str) -> None:
    assert _keep(db, personas.lecturer, now, key, "私の", 0) == 1
    assert _keep(db, personas.administrator, now, key, "あなたの", 0) == 1


def test_saving_ends_the_draft(
    db: Session, now: datetime, personas: Personas, key: str, fields: SessionFields
) -> None:
    _keep(db, personas.lecturer, now, key, "下書き", 0)
    _save(db, personas.lecturer, now, key, fields, "保存した本文", 1)
    assert _keep(db, personas.lecturer, now, key, "次の下書き", 0) == 1


def test_a_draft_has_a_largest_size(db: Session, now: datetime, personas: Personas, key: str) -> None:
    with pytest.raises(Invalid):
        _keep(db, personas.lecturer, now, key, "あ" * 400_001, 0)
