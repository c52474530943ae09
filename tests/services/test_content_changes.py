"""Content that changes: what is kept, what is retired, and who must learn of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from studyhub.persistence.models import (
    Blueprint,
    Course,
    Material,
    PracticeItem,
    PracticeSet,
    StoredFile,
    StudySession,
    StudySessionLecturer,
    StudySessionRevision,
    Syllabus,
    SyllabusMapping,
    Term,
    TopicMapping,
)
from studyhub.persistence.session import transaction
from studyhub.services.content_sync import preview
from tests.factories.content_folders import SVG, ContentFolder
from tests.factories.content_sites import (
    Site,
    question,
    revisions,
    session_revisions,
    the_session,
    topic,
    written_statements,
)
from tests.factories.people import make_user

CRYPTO = "question_pool/mini/q-crypto-001.yaml"
PRIVACY = "question_pool/mini/q-privacy-001.yaml"
SYLLABUS = "question_pool/syllabi/mini.yaml"
SESSION = "courses/basics/01-crypto/session.md"


@pytest.fixture
def site(engine: Engine, tmp_path: Path, now: datetime) -> Site:
    return Site(engine, ContentFolder(tmp_path / "content"), tmp_path / "files", now)


@pytest.fixture
def synced(site: Site) -> Site:
    site.sync()
    site.forget_jobs()
    return site


# Doing it again


def test_a_second_run_writes_nothing(synced: Site) -> None:
    with written_statements(synced.engine) as written:
        outcome = synced.sync()
    assert outcome.plan.is_empty
    assert written == []


def test_a_preview_tells_what_would_change_and_writes_nothing(synced: Site) -> None:
    synced.folder.replace(CRYPTO, "適切なもの", "最も適切なもの")
    with written_statements(synced.engine) as written:
        outcome = preview(synced.engine, synced.folder.root)
    assert outcome.plan.questions.changed == ("q-crypto-001",)
    assert written == []


def test_what_did_not_change_is_not_touched(synced: Site) -> None:
    synced.folder.replace(CRYPTO, "適切なもの", "最も適切なもの")
    outcome = synced.sync()
    assert (outcome.question_revisions, outcome.study_session_revisions) == (1, 0)
    with synced.seen() as db:
        assert len(revisions(db, "q-privacy-001")) == 1
        assert len(session_revisions(db)) == 1


# Revisions


def test_a_changed_question_gets_a_new_revision_and_a_running_set_keeps_the_old_one(synced: Site) -> None:
    with transaction(synced.engine) as db:
        first = revisions(db, "q-crypto-001")[0]
        user = make_user(db, synced.now)
        db.add(PracticeSet(id="set", user_id=user.id, mode="random", created_at=synced.now))
        db.flush()
        db.add(
            PracticeItem(practice_set_id="set", position=1, revision_id=first.id, shown_order=[2, 0, 1, 3])
        )
    synced.folder.replace(CRYPTO, "適切なもの", "最も適切なもの")
    synced.sync()
    with synced.seen() as db:
        old, new = revisions(db, "q-crypto-001")
        assert (old.number, new.number) == (1, 2)
        assert question(db, "q-crypto-001").current_revision_id == new.id
        pinned = db.scalars(select(PracticeItem)).one()
        assert pinned.revision_id == old.id
        assert "最も" not in old.html["stem"]
        assert "最も" in new.html["stem"]


def test_a_status_changes_without_a_new_revision(synced: Site) -> None:
    synced.folder.replace(CRYPTO, "status: published", "status: review")
    outcome = synced.sync()
    assert outcome.question_revisions == 0
    with synced.seen() as db:
        assert question(db, "q-crypto-001").status == "review"
        assert len(revisions(db, "q-crypto-001")) == 1


def test_going_back_to_an_earlier_text_is_a_third_revision(synced: Site) -> None:
    for old, new in (("適切なもの", "最も適切なもの"), ("最も適切なもの", "適切なもの")):
        synced.folder.replace(CRYPTO, old, new)
        synced.sync()
    with synced.seen() as db:
        first, _, third = revisions(db, "q-crypto-001")
        assert third.number == 3
        assert third.content_hash == first.content_hash
        assert question(db, "q-crypto-001").current_revision_id == third.id


def test_a_redrawn_figure_makes_a_new_revision_and_the_old_one_keeps_its_picture(synced: Site) -> None:
    synced.folder.write("question_pool/mini/figures/form.svg", SVG.format(title="新しい様式"))
    synced.sync()
    with synced.seen() as db:
        old, new = revisions(db, "q-privacy-001")
        assert old.html["stem"] != new.html["stem"]
        addresses = {row.id for row in db.scalars(select(StoredFile).where(StoredFile.name == "form.svg"))}
        assert len(addresses) == 2


def test_changed_notes_get_a_new_revision_and_their_details_follow(synced: Site) -> None:
    synced.folder.replace(SESSION, "lecturers: [例田 花子, 見本 太郎]", "lecturers: [見本 太郎]")
    synced.folder.replace(SESSION, "title: 暗号入門", "title: 暗号のはじめ")
    synced.sync()
    with synced.seen() as db:
        assert the_session(db).title == "暗号のはじめ"
        assert list(db.scalars(select(StudySessionLecturer.name))) == ["見本 太郎"]
        assert [row.number for row in session_revisions(db)] == [1, 2]
        assert the_session(db).current_revision_id == session_revisions(db)[1].id


def test_a_question_that_only_the_notes_name_is_a_check_question(synced: Site) -> None:
    synced.folder.replace(SESSION, "check: [q-crypto-001]", "check: []")
    synced.sync()
    with synced.seen() as db:
        assert session_revisions(db)[-1].checks == ["q-crypto-001"]


def test_a_session_that_moves_in_its_course_keeps_its_revision(synced: Site) -> None:
    (synced.folder.root / "courses/basics/01-crypto").rename(synced.folder.root / "courses/basics/02-crypto")
    synced.folder.write(
        "courses/basics/01-new/session.md",
        "---\nid: basics-new\ntitle: 新\nminutes: 5\nstatus: draft\n---\n\n本文\n",
    )
    synced.sync()
    with synced.seen() as db:
        positions = {row.key: row.position for row in db.scalars(select(StudySession))}
        assert positions == {"basics-new": 0, "basics-crypto": 1}
        moved = db.scalars(select(StudySession).where(StudySession.key == "basics-crypto")).one()
        mine = select(func.count()).where(StudySessionRevision.study_session_id == moved.id)
        assert db.scalar(mine) == 1


def test_new_slides_wait_again_and_a_material_that_is_gone_is_kept_aside(synced: Site) -> None:
    synced.folder.write("courses/basics/01-crypto/slides.pdf", "%PDF-1.7 second")
    synced.folder.replace(SESSION, "  - {file: sheet.md, title: 練習, role: handout}\n", "")
    with transaction(synced.engine) as db:
        db.scalars(select(Material).where(Material.path == "slides.pdf")).one().state = "ready"
    synced.sync()
    with synced.seen() as db:
        rows = {row.path: (row.state, row.current) for row in db.scalars(select(Material))}
    assert rows["slides.pdf"] == ("waiting", True)
    assert rows["sheet.md"] == ("ready", False)
    assert len(synced.jobs("render_slides")) == 1


def test_slides_that_did_not_change_keep_their_pages(synced: Site) -> None:
    with transaction(synced.engine) as db:
        db.scalars(select(Material).where(Material.path == "slides.pdf")).one().state = "ready"
    synced.folder.session(body="本文だけが変わる。")
    synced.sync()
    assert synced.jobs("render_slides") == []


# What vanishes


def test_a_question_that_vanishes_is_retired_and_returns_as_itself(synced: Site) -> None:
    text = (synced.folder.root / PRIVACY).read_text("utf-8")
    with synced.seen() as db:
        id_ = question(db, "q-privacy-001").id
    synced.folder.remove(PRIVACY)
    synced.sync()
    with synced.seen() as db:
        assert question(db, "q-privacy-001").status == "retired"
    assert synced.sync().plan.is_empty
    synced.folder.write(PRIVACY, text)
    synced.sync()
    with synced.seen() as db:
        assert (question(db, "q-privacy-001").id, question(db, "q-privacy-001").status) == (id_, "published")
        assert len(revisions(db, "q-privacy-001")) == 1


def test_a_topic_that_vanishes_is_retired_and_keeps_its_key(synced: Site) -> None:
    line = "      - {id: copyright, name: 著作権, name_en: Copyright}\n"
    with synced.seen() as db:
        id_ = topic(db, "mini:copyright").id
    synced.folder.replace(SYLLABUS, line, "")
    synced.folder.replace(PRIVACY, "mini:privacy, mini:copyright", "mini:privacy")
    synced.folder.replace("question_pool/mappings/mini--next.yaml", '"copyright": [rules], ', "")
    synced.sync()
    with synced.seen() as db:
        assert topic(db, "mini:copyright").retired
    synced.folder.replace(SYLLABUS, "      - {id: privacy", line + "      - {id: privacy")
    synced.sync()
    with synced.seen() as db:
        assert (topic(db, "mini:copyright").id, topic(db, "mini:copyright").retired) == (id_, False)


def test_everything_else_that_vanishes_is_retired_or_gone(synced: Site) -> None:
    for name in (
        "mappings/mini--next.yaml",
        "syllabi/next.yaml",
        "blueprints/mini-exam.yaml",
        "glossary.yaml",
    ):
        synced.folder.remove(f"question_pool/{name}")
    for path in sorted((synced.folder.root / "courses").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    synced.sync()
    with synced.seen() as db:
        assert db.get_one(Syllabus, "next").status == "retired"
        assert db.get_one(Blueprint, "mini-exam").status == "retired"
        assert db.scalars(select(Course)).one().retired
        assert the_session(db).status == "retired"
    assert (synced.count(Term), synced.count(TopicMapping), synced.count(SyllabusMapping)) == (0, 0, 0)
    assert synced.sync().plan.is_empty


# What others must learn of it


def test_a_question_with_other_topics_asks_for_its_progress_to_be_rebuilt(synced: Site) -> None:
    synced.folder.replace(PRIVACY, "mini:privacy, mini:copyright", "mini:copyright")
    synced.sync()
    with synced.seen() as db:
        id_ = question(db, "q-privacy-001").id
    assert synced.jobs("rebuild_progress") == [{"question_ids": [id_]}]


def test_a_topic_that_moves_in_the_tree_asks_for_its_questions_to_be_rebuilt(synced: Site) -> None:
    line = "      - {id: privacy, name: 個人情報}\n"
    text = (synced.folder.root / SYLLABUS).read_text("utf-8").replace(line, "")
    synced.folder.write(SYLLABUS, text + line)
    synced.sync()
    with synced.seen() as db:
        assert topic(db, "mini:privacy").parent_id == topic(db, "mini:tech").id
        id_ = question(db, "q-privacy-001").id
    assert synced.jobs("rebuild_progress") == [{"question_ids": [id_]}]
