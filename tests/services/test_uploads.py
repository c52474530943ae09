"""From uploaded files to a draft: what is read from them, and that nothing is half done."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.domain.errors import Forbidden
from studyhub.formats.upload_kinds import MEGABYTE
from studyhub.persistence.models import (
    Course,
    Job,
    Material,
    StudySession,
    StudySessionLecturer,
    StudySessionRevision,
    StudySessionTopic,
    Survey,
    Syllabus,
    Term,
    Topic,
)
from studyhub.services import uploads
from studyhub.services.upload_checks import CheckedUpload, Checker, Incoming
from studyhub.services.uploads import Proposal
from studyhub.services.virus_scan import VirusScanner
from tests.factories import uploads as made
from tests.factories.study_sessions import make_course, make_study_session
from tests.personas import Personas


@pytest.fixture
def files_root(tmp_path: Path) -> Path:
    return tmp_path / "files"


def _checked(files_root: Path, named: dict[str, bytes]) -> CheckedUpload:
    checker = Checker(files_root, 20 * MEGABYTE, VirusScanner(""))
    return checker.check([Incoming(name, BytesIO(content)) for name, content in named.items()])


def _proposal(
    db: Session, personas: Personas, files_root: Path, named: dict[str, bytes], *, notes: bool = True
) -> Proposal:
    known = uploads.knowledge(db, personas.lecturer)
    made_ = uploads.propose(_checked(files_root, named), known, personas.lecturer, with_speaker_notes=notes)
    assert isinstance(made_, Proposal)
    return made_


def _start(db: Session, personas: Personas, now: datetime, proposal: Proposal) -> StudySession:
    key = uploads.start_study_session(db, personas.lecturer, proposal, now)
    return db.scalars(select(StudySession).where(StudySession.key == key)).one()


def _revision(db: Session, row: StudySession) -> StudySessionRevision:
    return db.get_one(StudySessionRevision, row.current_revision_id)


def _materials(db: Session, row: StudySession) -> dict[str, Material]:
    found = db.scalars(
        select(Material).where(Material.study_session_id == row.id).order_by(Material.position)
    )
    return {material.path: material for material in found}


def _make_topics(db: Session) -> None:
    db.add(
        Syllabus(id="s", title="シラバス", version="1", status="current", levels=["small"], content_hash="0")
    )
    db.flush()
    for position, name in enumerate(("情報セキュリティ", "会計・財務", "ネットワーク方式")):
        db.add(
            Topic(key=f"s:{position}", syllabus_id="s", level="small", depth=0, position=position, name=name)
        )
    db.add(Term(term="完全性", definition="", abbreviations=[], topics=["s:0"], see=[], content_hash="0"))
    db.add(Term(term="機密性", definition="", abbreviations=[], topics=["s:0"], see=[], content_hash="0"))
    db.flush()


def test_thirty_slides_become_a_draft_with_what_they_say(
    db: Session, personas: Personas, now: datetime, files_root: Path
) -> None:
    _make_topics(db)
    row = _start(db, personas, now, _proposal(db, personas, files_root, {"第3回.pptx": made.lecture(30)}))
    assert (row.title, row.status, row.origin, row.minutes) == (
        "情報セキュリティの基本",
        "draft",
        "studio",
        60,
    )
    revision = _revision(db, row)
    assert revision.objectives == [
        "三つの要素を自分の仕事の例で説明できる",
        "パスワードの使い回しの危険を説明できる",
    ]
    assert [heading["text"] for heading in revision.toc][:2] == ["今日のゴール", "論点3：完全性"]
    assert "例を3つ話す。" in revision.plain
    lecturers = db.scalars(
        select(StudySessionLecturer.name).where(StudySessionLecturer.study_session_id == row.id)
    )
    assert lecturers.all() == [personas.lecturer.display_name]
    topics = select(Topic.key).join(StudySessionTopic, StudySessionTopic.topic_id == Topic.id)
    assert db.scalars(topics).all() == ["s:0"]
    (material,) = _materials(db, row).values()
    assert (material.role, material.state, material.title) == ("slides", "waiting", "第3回")
    assert db.scalar(select(func.count()).where(Job.kind == "render_slides")) == 1


def test_speaker_notes_stay_out_of_the_notes_where_the_lecturer_wants_so(
    db: Session, personas: Personas, now: datetime, files_root: Path
) -> None:
    proposal = _proposal(db, personas, files_root, {"a.pptx": made.lecture(4)}, notes=False)
    assert "例を" not in proposal.body
    assert "暗号化と認証の違い" in proposal.body


def test_the_course_is_the_one_the_lecturer_used_last_or_a_first_one(
    db: Session, personas: Personas, now: datetime, files_root: Path
) -> None:
    first = _start(db, personas, now, _proposal(db, personas, files_root, {"a.md": b"# A"}))
    assert db.get_one(Course, first.course_id).title == "勉強会"
    course = make_course(db, title="いつもの講座")
    make_study_session(db, now, course).author_id = personas.lecturer.user_id
    db.flush()
    second = _start(db, personas, now, _proposal(db, personas, files_root, {"b.md": b"# B"}))
    assert second.course_id == course.id


def test_a_folder_as_the_site_exports_it_comes_back_as_a_draft(
    db: Session, personas: Personas, now: datetime, files_root: Path
) -> None:
    folder = made.archive(made.session_folder())
    row = _start(db, personas, now, _proposal(db, personas, files_root, {"brought.zip": folder}))
    assert (row.key, row.title, row.status, row.minutes) == (
        "uploaded-session",
        "持ち込みの勉強会",
        "draft",
        45,
    )
    assert row.starts_at == datetime(2026, 12, 2, 6, tzinfo=now.tzinfo)
    assert db.get_one(Course, row.course_id).title == "持ち込みの講座"
    held = {path: (m.role, m.title) for path, m in _materials(db, row).items()}
    assert held == {
        "slides.pdf": ("slides", "投影資料"),
        "table.csv": ("handout", "記入表"),
        "figures/cia.svg": ("figure", "cia"),
    }
    figure = _materials(db, row)["figures/cia.svg"].file_id
    assert f"/files/{figure}" in str(_revision(db, row).segments)
    assert [heading["anchor"] for heading in _revision(db, row).toc] == ["cia"]
    again = _start(db, personas, now, _proposal(db, personas, files_root, {"brought.zip": folder}))
    assert again.key == "uploaded-session-2"
    assert again.course_id == row.course_id


def test_a_folder_that_wants_a_survey_brings_its_draft(
    db: Session, personas: Personas, now: datetime, files_root: Path
) -> None:
    page = made.SESSION_PAGE.replace("minutes:", "survey: default\nminutes:", 1)
    folder = made.archive(made.session_folder(page=page))
    row = _start(db, personas, now, _proposal(db, personas, files_root, {"brought.zip": folder}))
    survey = db.scalars(select(Survey).where(Survey.study_session_id == row.id)).one()
    assert (survey.moment, survey.state, survey.created_by) == ("after", "draft", personas.lecturer.user_id)


def test_scripts_in_markdown_never_reach_the_page(
    db: Session, personas: Personas, now: datetime, files_root: Path
) -> None:
    text = (
        "# 題名\n\n## 章\n\n<script>alert(1)</script><img src=x onerror=alert(1)>[押す](javascript:alert(1))"
    )
    row = _start(db, personas, now, _proposal(db, personas, files_root, {"notes.md": text.encode()}))
    shown = str(_revision(db, row).segments)
    assert row.title == "題名"
    assert not any(word in shown for word in ("<script", "onerror", "javascript:"))


def test_figures_beside_a_markdown_file_go_where_its_notes_look_for_them(
    db: Session, personas: Personas, now: datetime, files_root: Path
) -> None:
    named = {"notes.md": "## 章\n\n![図](figures/plan.png)\n".encode(), "plan.png": made.picture()}
    row = _start(db, personas, now, _proposal(db, personas, files_root, named))
    figure = _materials(db, row)["figures/plan.png"]
    assert f"/files/{figure.file_id}" in str(_revision(db, row).segments)


def test_slides_and_pictures_without_notes_get_a_section_for_the_pictures(
    db: Session, personas: Personas, now: datetime, files_root: Path
) -> None:
    named = {
        "図 (1).png": made.picture(),
        "slides.pdf": made.pdf(2),
        "more.pdf": made.pdf(),
        "film.mp4": made.film(),
    }
    row = _start(db, personas, now, _proposal(db, personas, files_root, named))
    roles = {path: m.role for path, m in _materials(db, row).items()}
    assert roles == {"図-1.png": "figure", "slides.pdf": "slides", "more.pdf": "handout", "film.mp4": "video"}
    assert "<img" in str(_revision(db, row).segments)


def test_a_presentation_with_its_pdf_shows_the_pdf(
    db: Session, personas: Personas, now: datetime, files_root: Path
) -> None:
    named = {"talk.pptx": made.lecture(3), "talk.pdf": made.pdf(3)}
    row = _start(db, personas, now, _proposal(db, personas, files_root, named))
    assert {path: m.role for path, m in _materials(db, row).items()} == {
        "talk.pptx": "handout",
        "talk.pdf": "slides",
    }


def test_front_matter_that_names_unknown_things_is_taken_without_them(
    db: Session, personas: Personas, now: datetime, files_root: Path
) -> None:
    text = "---\ntitle: 題名\ntopics: [s:unknown]\ncheck: [no-such-question]\n---\n## 章\n"
    proposal = _proposal(db, personas, files_root, {"notes.md": text.encode()})
    assert [remark.params["value"] for remark in proposal.remarks] == ["s:unknown", "no-such-question"]
    row = _start(db, personas, now, proposal)
    assert (row.title, row.minutes) == ("題名", 60)


def test_front_matter_that_cannot_be_read_says_the_line_and_nothing_is_made(
    db: Session, personas: Personas, now: datetime, files_root: Path
) -> None:
    page = made.SESSION_PAGE.replace("minutes: 45", "minutes: many")
    checked = _checked(files_root, {"brought.zip": made.archive(made.session_folder(page=page))})
    nothing = uploads.propose(
        checked, uploads.knowledge(db, personas.lecturer), personas.lecturer, with_speaker_notes=True
    )
    assert isinstance(nothing, uploads.Nothing)
    assert "5行目" in str(nothing.refusals[0])


def test_notes_that_cannot_be_rendered_are_refused_and_the_slides_are_kept(
    db: Session, personas: Personas, now: datetime, files_root: Path
) -> None:
    named = {"notes.md": b"a" * 6000, "slides.pptx": made.lecture(3)}
    proposal = _proposal(db, personas, files_root, named)
    assert "長すぎます" in str(proposal.refusals[0])
    assert proposal.fields.title == "情報セキュリティの基本"


def test_only_who_writes_content_starts_a_study_session(
    db: Session, personas: Personas, now: datetime, files_root: Path
) -> None:
    proposal = _proposal(db, personas, files_root, {"a.md": b"# A"})
    for nobody in (personas.officer, personas.supervisor):
        with pytest.raises(Forbidden):
            uploads.start_study_session(db, nobody, proposal, now)
