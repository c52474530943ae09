"""Whether what was authored fits the database's columns, told with its place before anything is written.

PostgreSQL refuses a text that is too long in the middle of a transaction; SQLite takes it and hides the fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import String
from sqlalchemy.orm import InstrumentedAttribute

from studyhub.content.loader import Content, LoadedStudySession
from studyhub.domain.questions import Question as AuthoredQuestion
from studyhub.domain.syllabus import Syllabus as AuthoredSyllabus
from studyhub.formats.report import Finding, Severity
from studyhub.persistence.models import (
    Blueprint,
    Course,
    Material,
    Question,
    QuestionRevision,
    StudySession,
    StudySessionLecturer,
    Syllabus,
    Term,
    Topic,
)

Value = tuple[InstrumentedAttribute[str], str]


def unfitting(content: Content) -> Iterator[Finding]:
    for syllabus in content.syllabi:
        yield from findings(syllabus.file, syllabus.line, syllabus.item.id, _syllabus(syllabus.item))
    for blueprint in content.blueprints:
        item = blueprint.item
        values = [(Blueprint.id, item.id), (Blueprint.title, item.title), (Blueprint.title_en, item.title_en)]
        yield from findings(blueprint.file, blueprint.line, item.id, values)
    for term in content.terms:
        named = term.item
        values = [(Term.term, named.term), (Term.term_en, named.term_en), (Term.reading, named.reading)]
        yield from findings(term.file, term.line, named.term, values)
    for loaded in content.questions:
        values = question_values(loaded.question)
        yield from findings(loaded.file, loaded.line, loaded.question.id, values)
    for found in content.courses:
        course = found.course
        values = [(Course.key, course.id), (Course.title, course.title), (Course.title_en, course.title_en)]
        values.append((Course.audience, course.audience))
        yield from findings(found.file, found.line, course.id, values)
    for session in content.study_sessions:
        yield from findings(session.file, session.line, session.page.id, _study_session(session))
        if "\0" in session.page.source:
            params: dict[str, object] = {"reason": "NUL"}
            yield Finding(Severity.ERROR, session.file, 0, "not-readable", session.page.id, params)


def findings(file: str, line: int, item: str, values: Iterable[Value]) -> Iterator[Finding]:
    for column, text in values:
        kind = column.type
        if isinstance(kind, String) and kind.length and len(text) > kind.length:
            params: dict[str, object] = {"value": f"{text[:30]}…", "limit": kind.length}
            yield Finding(Severity.ERROR, file, line, "too-long", item, params)


def question_values(question: AuthoredQuestion) -> list[Value]:
    return [
        (Question.key, question.id),
        (Question.teaches, question.teaches or ""),
        (QuestionRevision.source_line, question.source_line or ""),
    ]


def _syllabus(syllabus: AuthoredSyllabus) -> Iterator[Value]:
    yield Syllabus.id, syllabus.id
    yield Syllabus.title, syllabus.title
    yield Syllabus.title_en, syllabus.title_en
    yield Syllabus.version, syllabus.version
    for topic in syllabus.topics:
        yield Topic.key, topic.key
        yield Topic.level, topic.level
        yield Topic.name, topic.name
        yield Topic.name_en, topic.name_en


def _study_session(loaded: LoadedStudySession) -> Iterator[Value]:
    page = loaded.page
    yield StudySession.key, page.id
    yield StudySession.title, page.title
    yield StudySession.title_en, page.title_en
    yield StudySession.place, page.place
    for name in page.lecturers:
        yield StudySessionLecturer.name, name
    for material in page.materials:
        yield Material.path, material.file
        yield Material.title, material.title
    for figure in loaded.figures:
        yield Material.path, figure.name
