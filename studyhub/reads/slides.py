"""The pages of a study session's slides, numbered through all its files."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from studyhub.domain.errors import NotFound
from studyhub.domain.identity import Actor
from studyhub.persistence.models import Course, Material, SlidePage, StudySession
from studyhub.persistence.study_sessions import visible_to

LONGEST_TITLE = 80
"""Characters of a slide's first line beside its number."""

_PageRow = Row[tuple[int, int, str | None, int, int, str, str]]


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """`number` counts from 1 through all slides of the study session; sizes are pixels of the whole image.

    `image_id` is None for a slide that could not be drawn; `title` is its first line.
    """

    number: int
    image_id: str | None
    width: int
    height: int
    title: str


@dataclass(frozen=True, slots=True)
class Slide:
    study_session: str
    number: int
    total: int
    image_id: str | None
    """None for a slide that could not be drawn: its text stands for it."""
    width: int
    height: int
    text: str
    source: str
    """Title of the file it comes from."""


@dataclass(frozen=True, slots=True)
class SlidesPage:
    """One slide large, all of them small."""

    title: str
    title_en: str
    course_title: str
    course_title_en: str
    slide: Slide
    thumbnails: tuple[Thumbnail, ...]


def slides_page(db: Session, actor: Actor, key: str, number: int) -> SlidesPage:
    """Raises NotFound, also for a number there is no slide of."""
    row = db.execute(
        select(
            StudySession.id,
            StudySession.title,
            StudySession.title_en,
            Course.title.label("course_title"),
            Course.title_en.label("course_title_en"),
        )
        .join(Course, Course.id == StudySession.course_id)
        .where(StudySession.key == key, visible_to(actor))
    ).first()
    pages = _pages(db, row.id) if row else []
    if row is None or not 1 <= number <= len(pages):
        raise NotFound
    return SlidesPage(
        title=row.title,
        title_en=row.title_en,
        course_title=row.course_title,
        course_title_en=row.course_title_en,
        slide=_slide(db, key, pages, number),
        thumbnails=tuple(
            Thumbnail(place, page.image_id, page.width, page.height, page.title_line.split("\n")[0])
            for place, page in enumerate(pages, start=1)
        ),
    )


def slide_at(db: Session, study_session_id: int, key: str, number: int) -> Slide | None:
    """The nearest there is; None when no slide is ready."""
    pages = _pages(db, study_session_id)
    return _slide(db, key, pages, max(1, min(number, len(pages)))) if pages else None


def _pages(db: Session, study_session_id: int) -> list[_PageRow]:
    """Without their whole texts, of which only one is shown."""
    query = (
        select(
            SlidePage.material_id,
            SlidePage.number,
            SlidePage.image_id,
            SlidePage.width,
            SlidePage.height,
            Material.title,
            func.substr(SlidePage.text, 1, LONGEST_TITLE).label("title_line"),
        )
        .join(Material, Material.id == SlidePage.material_id)
        .where(Material.study_session_id == study_session_id, Material.role == "slides", Material.current)
        .order_by(Material.position, Material.id, SlidePage.number)
    )
    return list(db.execute(query))


def _slide(db: Session, key: str, pages: list[_PageRow], number: int) -> Slide:
    page = pages[number - 1]
    text = db.scalar(
        select(SlidePage.text).where(
            SlidePage.material_id == page.material_id, SlidePage.number == page.number
        )
    )
    return Slide(
        study_session=key,
        number=number,
        total=len(pages),
        image_id=page.image_id,
        width=page.width,
        height=page.height,
        text=text or "",
        source=page.title,
    )
