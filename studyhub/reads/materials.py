"""The files of a study session as its lecturers see them, and how far the making of page images is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.domain.errors import NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.persistence.models import Draft, Job, Material, SlidePage, StoredFile, StudySession
from studyhub.reads.rows import AnyRow


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """`size` in bytes; `pages` and `drawn` count slides and those with an image; `done` of `total` is the job's.

    `fault` is why slides have no images, as ``content.pdf_pages.PdfFault``, ``content.presentation_pdf.DrawingFault``
    or ``services.slides.GAVE_UP`` name it.
    """

    id: int
    title: str
    path: str
    file_name: str
    file_id: str
    media_type: str
    size: int
    role: str
    state: str
    fault: str
    pages: int
    drawn: int
    done: int
    total: int

    @property
    def may_be_slides(self) -> bool:
        return self.path.lower().endswith((".pdf", ".pptx"))


@dataclass(frozen=True, slots=True)
class MaterialsPage:
    key: str
    title: str
    title_en: str
    shown: tuple[MaterialRow, ...]
    """Slides, handouts and films in their order."""
    figures: tuple[MaterialRow, ...]
    removed: tuple[MaterialRow, ...]
    has_draft: bool
    """Whether the actor has unsaved writing of this session."""

    @property
    def is_waiting(self) -> bool:
        return any(row.state == "waiting" for row in self.shown)


def materials_page(db: Session, actor: Actor, key: str) -> MaterialsPage:
    """Raises NotFound, also for what lies in the bin."""
    require(actor, Permission.WRITE_CONTENT)
    draft = select(Draft.id).where(
        Draft.user_id == actor.user_id, Draft.kind == "study_session", Draft.subject == StudySession.key
    )
    found = db.execute(
        select(
            StudySession.id, StudySession.title, StudySession.title_en, draft.exists().label("has_draft")
        ).where(StudySession.key == key, StudySession.deleted_at.is_(None))
    ).first()
    if found is None:
        raise NotFound
    rows = _materials(db, found.id)
    material_rows = _rows(rows, _pages(db, found.id), _jobs(db, [row.id for row in rows]))
    held = {row.id for row in rows if row.current}
    current = [row for row in material_rows if row.id in held]
    return MaterialsPage(
        key=key,
        title=found.title,
        title_en=found.title_en,
        shown=tuple(row for row in current if row.role != "figure"),
        figures=tuple(row for row in current if row.role == "figure"),
        removed=tuple(row for row in material_rows if row.id not in held),
        has_draft=found.has_draft,
    )


def _materials(db: Session, id_: int) -> Sequence[AnyRow]:
    return db.execute(
        select(
            Material.id,
            Material.title,
            Material.path,
            Material.role,
            Material.state,
            Material.fault,
            Material.current,
            StoredFile.id.label("file_id"),
            StoredFile.name,
            StoredFile.media_type,
            StoredFile.size,
        )
        .join(StoredFile, StoredFile.id == Material.file_id)
        .where(Material.study_session_id == id_)
        .order_by(Material.position, Material.id)
    ).all()


def _pages(db: Session, id_: int) -> dict[int, tuple[int, int]]:
    rows = db.execute(
        select(
            SlidePage.material_id, func.count().label("pages"), func.count(SlidePage.image_id).label("drawn")
        )
        .join(Material, Material.id == SlidePage.material_id)
        .where(Material.study_session_id == id_)
        .group_by(SlidePage.material_id)
    )
    return {row.material_id: (row.pages, row.drawn) for row in rows}


def _jobs(db: Session, ids: Sequence[int]) -> dict[str, tuple[int, int]]:
    """How far the running jobs are, by their key."""
    keys = [f"render_slides:{id_}" for id_ in ids]
    rows = db.execute(
        select(Job.unique_key, Job.progress, Job.progress_total).where(
            Job.unique_key.in_(keys), Job.state == "running"
        )
    )
    return {row.unique_key or "": (row.progress, row.progress_total) for row in rows}


def _rows(
    rows: Sequence[AnyRow], pages: dict[int, tuple[int, int]], jobs: dict[str, tuple[int, int]]
) -> list[MaterialRow]:
    made = []
    for row in rows:
        counted, drawn = pages.get(row.id, (0, 0))
        done, total = jobs.get(f"render_slides:{row.id}", (0, 0))
        made.append(
            MaterialRow(
                id=row.id,
                title=row.title or row.name,
                path=row.path,
                file_name=row.name,
                file_id=row.file_id,
                media_type=row.media_type,
                size=row.size,
                role=row.role,
                state=row.state,
                fault=row.fault,
                pages=counted,
                drawn=drawn,
                done=done,
                total=total,
            )
        )
    return made
