"""The files of a study session in the hands of its lecturers."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.domain.errors import Forbidden, Invalid, NotFound
from studyhub.formats.upload_kinds import MEGABYTE
from studyhub.persistence.models import Job, Material, StudySession
from studyhub.services import materials
from studyhub.services.materials import Direction, Role
from studyhub.services.upload_checks import Checker, Incoming, Received
from studyhub.services.virus_scan import VirusScanner
from tests.factories import uploads as made
from tests.factories.study_sessions import make_course, make_study_session
from tests.personas import Personas


@pytest.fixture
def study_session(db: Session, personas: Personas, now: datetime) -> StudySession:
    return make_study_session(db, now, make_course(db))


def _received(tmp_path: Path, named: dict[str, bytes]) -> tuple[Received, ...]:
    checker = Checker(tmp_path / "files", 20 * MEGABYTE, VirusScanner(""))
    checked = checker.check([Incoming(name, BytesIO(content)) for name, content in named.items()])
    assert not checked.refusals
    return checked.files


def _add(
    db: Session, personas: Personas, row: StudySession, tmp_path: Path, now: datetime, **named: bytes
) -> list[Material]:
    files = _received(tmp_path, {name.replace("__", "."): content for name, content in named.items()})
    materials.add_materials(db, personas.lecturer, row.key, files, now)
    return _shown(db, row)


def _shown(db: Session, row: StudySession) -> list[Material]:
    query = select(Material).where(Material.study_session_id == row.id, Material.current)
    return list(db.scalars(query.order_by(Material.position, Material.id)))


def test_a_second_pdf_is_a_handout_and_may_become_slides(
    db: Session, personas: Personas, now: datetime, study_session: StudySession, tmp_path: Path
) -> None:
    _add(db, personas, study_session, tmp_path, now, a__pdf=made.pdf())
    first, second = _add(db, personas, study_session, tmp_path, now, b__pdf=made.pdf(2))
    assert (first.role, second.role) == ("slides", "handout")
    materials.show_as(db, personas.lecturer, study_session.key, second.id, Role.SLIDES, now)
    assert (second.role, second.state) == ("slides", "waiting")
    assert db.scalar(select(func.count()).where(Job.kind == "render_slides")) == 2
    materials.show_as(db, personas.lecturer, study_session.key, first.id, Role.HANDOUT, now)
    assert (first.role, first.state) == ("handout", "ready")
    assert study_session.origin == "studio"


def test_a_new_version_of_slides_keeps_the_place_and_waits_for_its_pages(
    db: Session, personas: Personas, now: datetime, study_session: StudySession, tmp_path: Path
) -> None:
    (slides,) = _add(db, personas, study_session, tmp_path, now, talk__pptx=made.lecture(3))
    slides.state, slides.fault, before = "ready", "no_office", slides.file_id
    (pdf,) = _received(tmp_path, {"export.pdf": made.pdf(3)})
    materials.replace_material(db, personas.lecturer, study_session.key, slides.id, pdf, now)
    assert (slides.title, slides.state, slides.fault) == ("talk", "waiting", "")
    assert slides.file_id != before
    (picture,) = _received(tmp_path, {"a.png": made.picture()})
    with pytest.raises(Invalid, match="種類が違う"):
        materials.replace_material(db, personas.lecturer, study_session.key, slides.id, picture, now)


def test_materials_are_renamed_ordered_removed_and_brought_back(
    db: Session, personas: Personas, now: datetime, study_session: StudySession, tmp_path: Path
) -> None:
    one, two, three = _add(
        db, personas, study_session, tmp_path, now, a__csv=b"1,2\n", b__csv=b"1,2\n", c__csv=b"1,2\n"
    )
    by, key = personas.lecturer, study_session.key
    materials.rename_material(db, by, key, two.id, "  記入の  手引き ", now)
    assert two.title == "記入の 手引き"
    materials.move_material(db, by, key, three.id, Direction.UP, now)
    materials.move_material(db, by, key, one.id, Direction.UP, now)
    assert _shown(db, study_session) == [one, three, two]
    materials.remove_material(db, by, key, one.id, now)
    assert _shown(db, study_session) == [three, two]
    with pytest.raises(NotFound):
        materials.rename_material(db, by, key, one.id, "x", now)
    materials.bring_back_material(db, by, key, one.id, now)
    assert _shown(db, study_session) == [three, two, one]
    with pytest.raises(Invalid, match="資料の名前"):
        materials.rename_material(db, by, key, two.id, "   ", now)


def test_a_file_of_the_same_name_gets_a_name_of_its_own(
    db: Session, personas: Personas, now: datetime, study_session: StudySession, tmp_path: Path
) -> None:
    _add(db, personas, study_session, tmp_path, now, a__csv=b"1,2\n")
    _add(db, personas, study_session, tmp_path, now, a__csv=b"3,4\n")
    assert [material.path for material in _shown(db, study_session)] == ["a.csv", "a-2.csv"]


def test_the_files_of_another_study_session_are_not_found(
    db: Session, personas: Personas, now: datetime, study_session: StudySession, tmp_path: Path
) -> None:
    (material,) = _add(db, personas, study_session, tmp_path, now, a__csv=b"1,2\n")
    other = make_study_session(db, now, make_course(db))
    with pytest.raises(NotFound):
        materials.remove_material(db, personas.lecturer, other.key, material.id, now)
    with pytest.raises(Forbidden):
        materials.remove_material(db, personas.officer, study_session.key, material.id, now)
