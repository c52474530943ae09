from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.case_notes import MAX_TEXT, MOST_TOPICS, NoteFields, NoteKind
from studyhub.domain.days import office_day
from studyhub.domain.errors import Forbidden, Invalid, NotFound
from studyhub.domain.search import Kind
from studyhub.persistence.models import AuditEntry, CaseNote, Job, Notice, Unit
from studyhub.reads.case_notes import Bureau, NoteFilter, meeting_page, note_form, note_page, notes_page
from studyhub.reads.search import search_page
from studyhub.services import case_notes
from studyhub.services.organisation import UnitChange, change_unit
from studyhub.services.search import plan_reindex, store_batch
from tests.factories.questions import make_syllabus
from tests.personas import Personas


@pytest.fixture
def fields(now: datetime) -> NoteFields:
    return NoteFields(NoteKind.PRACTICE, "窓口の一本化", "受付を**一つ**にした。", now.date())


@pytest.fixture
def note_id(db: Session, personas: Personas, now: datetime, fields: NoteFields) -> int:
    return case_notes.write_note(db, personas.officer, fields, "<p>受付を一つにした。</p>", now)


def test_a_note_is_rendered_and_what_could_run_is_dropped() -> None:
    html = case_notes.render_note("受付を**一つ**に<script>alert(1)</script>した。")
    assert "<strong>一つ</strong>" in html
    assert "script" not in html


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "title"),
        ({"text": "あ" * (MAX_TEXT + 1)}, "text"),
        ({"topics": tuple("abcdef"[: MOST_TOPICS + 1])}, "topics"),
        ({"topics": ("ip-6.5:no-such",)}, "topics"),
        ({"unit_id": 999_999}, "unit"),
    ],
)
def test_a_note_that_cannot_be_is_refused_beside_its_field(
    db: Session, personas: Personas, now: datetime, fields: NoteFields, change: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        case_notes.write_note(db, personas.officer, replace(fields, **change), "", now)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_a_note_of_tomorrow_is_refused(
    db: Session, personas: Personas, now: datetime, fields: NoteFields
) -> None:
    with pytest.raises(Invalid):
        case_notes.write_note(
            db, personas.officer, replace(fields, happened_on=now.date() + timedelta(days=2)), "", now
        )


def test_only_its_author_changes_a_note(
    db: Session, personas: Personas, now: datetime, note_id: int, fields: NoteFields
) -> None:
    with pytest.raises(Forbidden):
        case_notes.change_note(db, personas.lecturer, note_id, fields, "", now)
    with pytest.raises(NotFound):
        note_form(db, personas.lecturer, note_id, now)
    changed = replace(fields, title="窓口を一つに")
    case_notes.change_note(db, personas.officer, note_id, changed, "<p>直した。</p>", now)
    assert note_page(db, personas.lecturer, note_id, now).row.title == "窓口を一つに"


def test_the_author_is_told_of_a_comment_and_not_of_an_own_one(
    db: Session, personas: Personas, now: datetime, note_id: int
) -> None:
    case_notes.comment_on_note(db, personas.officer, note_id, "追記です。", now)
    assert db.scalars(select(Notice)).all() == []
    case_notes.comment_on_note(db, personas.colleague_elsewhere, note_id, "当局でも試します。", now)
    (notice,) = db.scalars(select(Notice))
    assert (notice.user_id, notice.kind) == (personas.officer.user_id, "comment")
    assert notice.params == {"title": "窓口の一本化", "where": "case_note"}


def test_a_comment_is_withdrawn_by_its_author_or_a_lecturer_only(
    db: Session, personas: Personas, now: datetime, note_id: int
) -> None:
    first = case_notes.comment_on_note(db, personas.colleague_elsewhere, note_id, "一つ目。", now)
    second = case_notes.comment_on_note(db, personas.colleague_elsewhere, note_id, "二つ目。", now)
    with pytest.raises(Forbidden):
        case_notes.withdraw_comment(db, personas.officer, note_id, first, now)
    case_notes.withdraw_comment(db, personas.colleague_elsewhere, note_id, first, now)
    case_notes.withdraw_comment(db, personas.lecturer, note_id, second, now)
    assert note_page(db, personas.officer, note_id, now).comments == ()


def test_a_withdrawn_note_is_gone_for_everybody(
    db: Session, personas: Personas, now: datetime, note_id: int
) -> None:
    with pytest.raises(Forbidden):
        case_notes.withdraw_note(db, personas.colleague_elsewhere, note_id, now)
    case_notes.withdraw_note(db, personas.lecturer, note_id, now)
    assert [entry.action for entry in db.scalars(select(AuditEntry))] == ["case_note.withdraw"]
    with pytest.raises(NotFound):
        note_page(db, personas.officer, note_id, now)
    assert notes_page(db, personas.officer, NoteFilter(), 1, now).total == 0


def test_a_note_and_its_comments_are_found_by_search_until_it_is_withdrawn(
    db: Session, personas: Personas, now: datetime, note_id: int
) -> None:
    case_notes.comment_on_note(db, personas.lecturer, note_id, "整理券の話もあります。", now)
    assert db.scalars(select(Job.kind)).all() == ["reindex_search"]
    for batch in plan_reindex(db):
        store_batch(db, batch)
    for word in ("受付", "整理券"):
        page = search_page(db, personas.colleague_elsewhere, word, None, 1)
        assert [(hit.kind, hit.path) for hit in page.hits] == [(Kind.CASE_NOTE, f"/case-notes/{note_id}")]
    case_notes.withdraw_note(db, personas.officer, note_id, now)
    assert search_page(db, personas.officer, "受付", None, 1).hits == ()


def test_notes_are_listed_by_what_is_asked_for(
    db: Session, personas: Personas, now: datetime, note_id: int, fields: NoteFields
) -> None:
    (leaf,) = make_syllabus(db)
    bureau = db.scalars(select(Unit).where(Unit.level == "bureau").order_by(Unit.id)).first()
    assert bureau is not None
    other = replace(
        fields,
        kind=NoteKind.TROUBLE,
        title="様式が多い",
        topics=(leaf.key,),
        unit_id=bureau.id,
        happened_on=now.date() - timedelta(days=30),
    )
    other_id = case_notes.write_note(db, personas.colleague_elsewhere, other, "<p>多い。</p>", now)

    def listed(asked: NoteFilter) -> list[int]:
        return [row.id for row in notes_page(db, personas.officer, asked, 1, now).rows]

    assert listed(NoteFilter()) == [note_id, other_id]
    assert listed(NoteFilter(kind=NoteKind.TROUBLE)) == [other_id]
    assert listed(NoteFilter(topic=leaf.key)) == [other_id]
    assert listed(NoteFilter(unit_id=bureau.id)) == [other_id]
    assert listed(NoteFilter(since=now.date())) == [note_id]
    meeting = meeting_page(db, now.date() - timedelta(days=60), now)
    assert {name: [row.id for row in rows] for name, rows in meeting.groups.items()} == {
        bureau.name: [other_id],
        "": [note_id],
    }
    assert list(meeting.groups) == [bureau.name, ""]


def test_notes_of_a_renamed_bureau_are_found_and_listed_under_its_name_of_today(
    db: Session, personas: Personas, now: datetime, fields: NoteFields
) -> None:
    before = db.scalars(select(Unit).where(Unit.name == "建設局")).one()
    first = case_notes.write_note(db, personas.officer, replace(fields, unit_id=before.id), "", now)
    renamed_on = office_day(now) + timedelta(days=1)
    change = UnitChange(before.id, "建設整備局", None, renamed_on)
    after = change_unit(db, personas.administrator, change, now)
    later = now + timedelta(days=2)
    second = case_notes.write_note(db, personas.officer, replace(fields, unit_id=after), "", later)
    for asked in (before.id, after):
        page = notes_page(db, personas.officer, NoteFilter(unit_id=asked), 1, later)
        assert {row.id: row.bureau for row in page.rows} == {first: "建設整備局", second: "建設整備局"}
        assert page.filter.unit_id == after
    assert [bureau.name for bureau in page.bureaus].count("建設整備局") == 1
    assert "建設局" not in {bureau.name for bureau in page.bureaus}
    meeting = meeting_page(db, office_day(now), later)
    assert {name: len(rows) for name, rows in meeting.groups.items()} == {"建設整備局": 2}
    assert note_page(db, personas.officer, first, now).row.bureau == "建設局", "until the day of the change"


def test_whoever_edits_a_note_keeps_its_bureau_under_another_name_and_after_its_end(
    db: Session, personas: Personas, now: datetime, fields: NoteFields
) -> None:
    before = db.scalars(select(Unit).where(Unit.name == "建設局")).one()
    note_id = case_notes.write_note(db, personas.officer, replace(fields, unit_id=before.id), "", now)
    change = UnitChange(before.id, "建設整備局", None, office_day(now) + timedelta(days=1))
    after = change_unit(db, personas.administrator, change, now)
    for days, is_open in ((2, True), (40, False)):
        offered = note_form(db, personas.officer, note_id, now + timedelta(days=days))
        assert offered.fields is not None
        assert offered.fields.unit_id == after
        assert Bureau(after, "建設整備局") in offered.bureaus
        new = note_form(db, personas.officer, None, now + timedelta(days=days))
        assert (Bureau(after, "建設整備局") in new.bureaus) == is_open
        db.get_one(Unit, after).ends_on = office_day(now) + timedelta(days=30)
        db.flush()


def test_the_name_of_an_erased_author_is_not_shown(
    db: Session, personas: Personas, now: datetime, note_id: int
) -> None:
    note = db.get(CaseNote, note_id)
    assert note is not None
    note.author_id = None
    db.flush()
    assert note_page(db, personas.lecturer, note_id, now).row.author == ""
