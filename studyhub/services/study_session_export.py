"""A study session as a folder of `courses/`: what is written in the studio can always be taken along."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.errors import Conflict, NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.formats import study_session as formats
from studyhub.persistence.models import Course, Material, StoredFile, StudySession, StudySessionRevision
from studyhub.services import files
from studyhub.services.study_session_editing import read_source


@dataclass(frozen=True, slots=True)
class Member:
    """`path` is relative to the session's folder."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """`folder` and `course_file` are relative to `courses/`."""

    key: str
    folder: str
    page: str
    course_file: str
    course: str
    members: tuple[Member, ...]


def plan_bundle(db: Session, actor: Actor, key: str) -> Bundle:
    """Raises NotFound."""
    require(actor, Permission.WRITE_CONTENT)
    row = db.execute(
        select(StudySession, StudySessionRevision, Course)
        .join(StudySessionRevision, StudySessionRevision.id == StudySession.current_revision_id)
        .join(Course, Course.id == StudySession.course_id)
        .where(StudySession.key == key, StudySession.deleted_at.is_(None))
    ).first()
    if row is None:
        raise NotFound
    study_session, revision, course = row
    materials = db.execute(
        select(Material.path, Material.title, Material.role, StoredFile.sha256)
        .join(StoredFile, StoredFile.id == Material.file_id)
        .where(Material.study_session_id == study_session.id, Material.current)
        .order_by(Material.position, Material.id)
    ).all()
    page = replace(
        read_source(revision),
        status=formats.SessionStatus(study_session.status),
        materials=tuple(
            formats.Material(each.path, each.title, formats.MaterialRole(each.role), 0)
            for each in materials
            if each.role != "figure"
        ),
    )
    return Bundle(
        key=key,
        folder=f"{course.key}/{study_session.position + 1:02}-{key}",
        page=formats.write_page(page),
        course_file=f"{course.key}/course.yaml",
        course=formats.write_course(_course(course)),
        members=tuple(Member(each.path, each.sha256) for each in materials),
    )


def pack(bundle: Bundle, files_root: Path, target: IO[bytes]) -> None:
    """Holds no transaction. Raises Conflict when a file is gone from the disk."""
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        archive.writestr(bundle.course_file, bundle.course)
        archive.writestr(f"{bundle.folder}/session.md", bundle.page)
        for member in bundle.members:
            path = files.path_of(files_root, member.sha256)
            if not path.is_file():
                raise Conflict(
                    "ファイル「%(name)s」が見つかりません。管理者に知らせてください。", name=member.path
                )
            archive.write(path, f"{bundle.folder}/{member.path}")


def _course(row: Course) -> formats.Course:
    return formats.Course(
        id=row.key,
        title=row.title,
        title_en=row.title_en,
        summary=row.summary,
        summary_en=row.summary_en,
        audience=row.audience,
        audience_en="",
        order=row.position,
        topics=(),
    )
