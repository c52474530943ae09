"""Courses (course.yaml) and the pages of study sessions (session.md: front matter, then Markdown)."""

import re
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Any

import yaml

from studyhub.formats.report import Findings, Located, Reading
from studyhub.formats.yaml_fields import Fields, root_fields


class SessionKind(StrEnum):
    STUDY_SESSION = "study_session"
    WORKSHOP = "workshop"
    CASE_NOTE = "case_note"


class SessionStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class WantedSurvey(StrEnum):
    """The usual questions, as a draft that the lecturer opens."""

    DEFAULT = "default"


class MaterialRole(StrEnum):
    SLIDES = "slides"
    HANDOUT = "handout"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Course:
    id: str
    title: str
    title_en: str
    summary: str
    summary_en: str
    audience: str
    audience_en: str
    order: int
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Material:
    """`file` is a path inside the folder of the study session."""

    file: str
    title: str
    role: MaterialRole
    line: int


@dataclass(frozen=True, slots=True)
class StudySessionPage:
    """`starts_at` is Japanese time; `body` is Markdown and starts at line `body_line` of the file.

    `source` is the whole file as written.
    """

    id: str
    title: str
    title_en: str
    kind: SessionKind
    status: SessionStatus
    held_on: date | None
    starts_at: time | None
    minutes: int
    place: str
    lecturers: tuple[str, ...]
    topics: tuple[str, ...]
    objectives: tuple[str, ...]
    summary: str
    summary_en: str
    materials: tuple[Material, ...]
    check: tuple[str, ...]
    survey: WantedSurvey | None
    worksheet: str | None
    sources: tuple[str, ...]
    body: str
    body_line: int
    source: str


_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)---[ \t]*(?:\n|\Z)", re.DOTALL)


def read_course(text: str, file: str) -> Reading[Course]:
    findings = Findings(file)
    fields = root_fields(text, findings)
    if fields is None:
        return Reading((), findings.report())
    fields.item = fields.key("course")
    course = Course(
        id=fields.item,
        title=fields.text("title"),
        title_en=fields.text("title_en", ""),
        summary=fields.text("summary", ""),
        summary_en=fields.text("summary_en", ""),
        audience=fields.text("audience", ""),
        audience_en=fields.text("audience_en", ""),
        order=fields.integer("order", 0),
        topics=fields.texts("topics"),
    )
    fields.note_unread()
    items = () if findings.error_count else (Located(course, file, fields.line),)
    return Reading(items, findings.report())


def read_page(text: str, file: str) -> Reading[StudySessionPage]:
    findings = Findings(file)
    text = text.replace("\r\n", "\n")
    matched = _FRONT_MATTER.match(text)
    if matched is None:
        findings.error("no-front-matter", 1)
        return Reading((), findings.report())
    fields = root_fields(matched[1], findings, offset=1)
    if fields is None:
        return Reading((), findings.report())
    page = _page(fields, text, matched.end())
    items = () if findings.error_count else (Located(page, file, fields.line),)
    return Reading(items, findings.report())


def _page(fields: Fields, text: str, body_start: int) -> StudySessionPage:
    fields.item = fields.key("id")
    page = StudySessionPage(
        id=fields.item,
        title=fields.text("title"),
        title_en=fields.text("title_en", ""),
        kind=fields.one_of("kind", SessionKind, SessionKind.STUDY_SESSION),
        status=fields.one_of("status", SessionStatus),
        held_on=fields.optional_date("held_on"),
        starts_at=fields.optional_time("starts_at"),
        minutes=_minutes(fields),
        place=fields.text("place", ""),
        lecturers=fields.texts("lecturers"),
        topics=fields.texts("topics"),
        objectives=fields.texts("objectives"),
        summary=fields.text("summary", ""),
        summary_en=fields.text("summary_en", ""),
        materials=tuple(_material(material) for material in fields.entries("materials")),
        check=fields.texts("check"),
        survey=fields.one_of("survey", WantedSurvey) if fields.has("survey") else None,
        worksheet=fields.optional_text("worksheet"),
        sources=fields.texts("sources"),
        body=text[body_start:],
        body_line=text.count("\n", 0, body_start) + 1,
        source=text,
    )
    fields.note_unread()
    return page


def _minutes(fields: Fields) -> int:
    minutes = fields.integer("minutes")
    if fields.has("minutes") and not 1 <= minutes <= 1440:
        fields.error(
            "out-of-range", fields.line_of("minutes"), field="minutes", low=1, high=1440, value=minutes
        )
    return minutes


def _material(fields: Fields) -> Material:
    material = Material(
        file=fields.text("file"),
        title=fields.text("title", ""),
        role=fields.one_of("role", MaterialRole),
        line=fields.line,
    )
    fields.note_unread()
    return material


def write_page(page: StudySessionPage) -> str:
    """The file that `read_page` reads as the same page: front matter, then the Markdown as it is."""
    front = yaml.safe_dump(
        _front_matter(page), allow_unicode=True, sort_keys=False, default_flow_style=False, width=10_000
    )
    body = page.body if page.body.startswith("\n") or not page.body else f"\n{page.body}"
    return f"---\n{front}---\n{body}"


def _front_matter(page: StudySessionPage) -> dict[str, Any]:
    """In the order in which lecturers read them; what says nothing is left out."""
    fields: dict[str, Any] = {
        "id": page.id,
        "title": page.title,
        "title_en": page.title_en,
        "kind": page.kind.value,
        "held_on": page.held_on.isoformat() if page.held_on else "",
        "starts_at": f"{page.starts_at:%H:%M}" if page.starts_at else "",
        "place": page.place,
        "minutes": page.minutes,
        "lecturers": list(page.lecturers),
        "topics": list(page.topics),
        "objectives": list(page.objectives),
        "summary": page.summary,
        "summary_en": page.summary_en,
        "materials": [_material_fields(material) for material in page.materials],
        "check": list(page.check),
        "survey": page.survey.value if page.survey else None,
        "worksheet": page.worksheet,
        "sources": list(page.sources),
        "status": page.status.value,
    }
    return {name: value for name, value in fields.items() if value not in ("", None, [])}


def _material_fields(material: Material) -> dict[str, str]:
    titled = {"title": material.title} if material.title else {}
    return {"file": material.file, **titled, "role": material.role.value}


def write_course(course: Course) -> str:
    """The file that `read_course` reads as the same course."""
    fields: dict[str, Any] = {
        "course": course.id,
        "title": course.title,
        "title_en": course.title_en,
        "summary": course.summary,
        "summary_en": course.summary_en,
        "audience": course.audience,
        "audience_en": course.audience_en,
        "order": course.order,
        "topics": list(course.topics),
    }
    written = {name: value for name, value in fields.items() if value not in ("", [])}
    return yaml.safe_dump(written, allow_unicode=True, sort_keys=False, width=10_000)
