"""Between files and studio: what is edited in the site is left alone by a synchronisation and can be taken along."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from studyhub.domain.editing import SessionFields
from studyhub.domain.errors import Forbidden, NotFound
from studyhub.persistence.models import Course, Material, StudySession, StudySessionRevision
from studyhub.persistence.session import reading, transaction
from studyhub.reads.study_session_editing import editor
from studyhub.services.content_sync import preview
from studyhub.services.courses import create_course
from studyhub.services.study_session_editing import (
    CreateStudySession,
    SaveStudySession,
    create_study_session,
    file_addresses,
    render_notes,
    save_revision,
)
from studyhub.services.study_session_export import pack, plan_bundle
from studyhub.services.study_session_publishing import delete, unpublish
from tests.factories.content_folders import SVG, ContentFolder
from tests.factories.content_sites import Site, session_revisions, the_session
from tests.personas import Personas

KEY = "basics-crypto"
FILE = "courses/basics/01-crypto/session.md"


@pytest.fixture
def site(engine: Engine, tmp_path: Path, now: datetime, personas: Personas) -> Site:
    made = Site(engine, ContentFolder(tmp_path / "content"), tmp_path / "files", now)
    made.sync()
    return made


def _edit(site: Site, personas: Personas, body: str, **change: object) -> int:
    with site.seen() as db:
        page = editor(db, personas.lecturer, KEY)
        addresses = file_addresses(db, KEY)
    notes = render_notes(body, addresses)
    fields = replace(page.fields, **change)  # type: ignore[arg-type]
    with transaction(site.engine) as db:
        return save_revision(
            db, personas.lecturer, SaveStudySession(KEY, fields, notes, page.revision), site.now
        )


def test_opening_and_saving_what_the_files_say_changes_nothing(site: Site, personas: Personas) -> None:
    with site.seen() as db:
        page = editor(db, personas.lecturer, KEY)
    assert _edit(site, personas, page.body) == 1
    with site.seen() as db:
        assert the_session(db).origin == "files"


def test_a_session_edited_here_is_left_alone_by_the_files_and_that_is_told(
    site: Site, personas: Personas
) -> None:
    _edit(site, personas, "画面で書いた本文")
    site.folder.session(body="ファイルで書いた本文")
    outcome = site.sync()
    assert outcome.plan.left_alone == (KEY,)
    assert outcome.plan.is_empty
    with site.seen() as db:
        assert [revision.plain for revision in session_revisions(db)][-1] == "画面で書いた本文"


def test_a_session_edited_here_outlives_its_file(site: Site, personas: Personas) -> None:
    _edit(site, personas, "画面で書いた本文")
    site.folder.remove(FILE)
    site.sync()
    with site.seen() as db:
        assert the_session(db).status == "published"


def test_what_was_taken_back_or_deleted_here_is_not_published_by_the_files(
    site: Site, personas: Personas
) -> None:
    with transaction(site.engine) as db:
        unpublish(db, personas.lecturer, KEY, site.now)
    site.folder.session(body="新しい本文")
    site.sync()
    with site.seen() as db:
        assert the_session(db).status == "draft"
    with transaction(site.engine) as db:
        delete(db, personas.lecturer, KEY, site.now)
    site.sync()
    with site.seen() as db:
        assert the_session(db).deleted_at is not None


def test_a_course_of_the_studio_is_not_retired_with_those_of_the_files(
    site: Site, personas: Personas
) -> None:
    with transaction(site.engine) as db:
        create_course(db, personas.lecturer, "画面で作ったコース", site.now)
    assert preview(site.engine, site.folder.root).plan.is_empty
    with site.seen() as db:
        assert not db.scalars(select(Course).where(Course.title == "画面で作ったコース")).one().retired


# Taking it along


def _unpacked(site: Site, personas: Personas, key: str, folder: Path) -> None:
    """The bundle, laid into the `courses/` of another content folder."""
    with reading(site.engine) as db:
        bundle = plan_bundle(db, personas.lecturer, key)
    target = BytesIO()
    pack(bundle, site.files_root, target)
    with ZipFile(target) as archive:
        archive.extractall(folder / "courses")


def test_export_and_import_lose_nothing(
    site: Site, engine: Engine, personas: Personas, tmp_path: Path
) -> None:
    site.folder.write("courses/basics/01-crypto/figures/key.svg", SVG)
    body = "\n\n".join(
        [
            "鍵は二つある。{{term 公開鍵}}",
            "## 使い方",
            "![鍵の図](figures/key.svg)",
            "{{question q-crypto-001}}",
            "---",
            "末尾: 終わり",
        ]
    )
    site.folder.session(body=body)
    site.sync()
    with site.seen() as db:
        page = editor(db, personas.lecturer, KEY)
    _edit(
        site,
        personas,
        page.body + "\n\n## 加えた章",
        summary="概要: 二行\n目",
        objectives=("一つ: め", "- 二つめ"),
    )
    before = _told(engine)
    shutil.rmtree(site.folder.root / "courses")
    _unpacked(site, personas, KEY, site.folder.root)
    with transaction(engine) as db:
        for row in db.scalars(select(StudySession)):
            row.current_revision_id = None
            db.flush()
            db.delete(row)
    site.sync()
    assert _told(engine) == before


def _told(engine: Engine) -> list[object]:
    """Everything a session says, without what a synchronisation numbers anew."""
    with reading(engine) as db:
        row = the_session(db)
        revision = db.get_one(StudySessionRevision, row.current_revision_id)
        materials = db.execute(
            select(Material.path, Material.title, Material.role).order_by(Material.path)
        ).all()
        said = [getattr(row, name) for name in ("key", "kind", "title", "title_en", "summary", "summary_en")]
        when = [row.held_on, row.starts_at, row.minutes, row.place, row.status, row.course_id]
        texts = [revision.segments, revision.toc, revision.plain, revision.objectives, revision.checks]
        return [said, when, texts, [tuple(each) for each in materials]]


def test_a_session_written_here_is_a_folder_the_checks_accept(
    site: Site, personas: Personas, db: Session, tmp_path: Path
) -> None:
    fields = SessionFields(title="新しい: 回", course="basics", title_en="No: 1", topics=("mini:crypto",))
    notes = render_notes("## 章\n\n本文", {})
    with transaction(site.engine) as writing:
        command = CreateStudySession(fields, notes, check=("q-crypto-001",), sources=("出典",))
        key = create_study_session(writing, personas.lecturer, command, site.now)
    _unpacked(site, personas, key, site.folder.root)
    outcome = preview(site.engine, site.folder.root)
    assert outcome.plan.left_alone == (key,)
    assert outcome.report.ok


def test_an_officer_takes_nothing_along_and_the_bin_gives_nothing(
    site: Site, personas: Personas, db: Session
) -> None:
    with pytest.raises(Forbidden):
        plan_bundle(db, personas.officer, KEY)
    delete(db, personas.lecturer, KEY, site.now)
    with pytest.raises(NotFound):
        plan_bundle(db, personas.lecturer, KEY)
