"""Reads `courses/` and `question_pool/` into memory. One bad file or item never hides the others."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from studyhub.content import markdown_scan
from studyhub.domain.blueprint import Blueprint
from studyhub.domain.questions import Question, Scenario
from studyhub.domain.syllabus import Syllabus, TopicMapping
from studyhub.domain.worksheets import Worksheet
from studyhub.formats import (
    glossary_yaml,
    pool_yaml,
    quotas_yaml,
    review_csv,
    study_session,
    syllabus_yaml,
    worksheet_yaml,
)
from studyhub.formats.glossary_yaml import Term
from studyhub.formats.quotas_yaml import Quotas
from studyhub.formats.report import Finding, Findings, Located, Reading, Report
from studyhub.formats.review_csv import Review
from studyhub.formats.study_session import Course, StudySessionPage
from studyhub.formats.yaml_fields import MAX_FILE_BYTES

MAX_ATTACHMENT_BYTES = 100_000_000
REVIEWS = "review.csv"
WORKSHEETS = "worksheets"
"""Folder of ``courses/`` that is no course."""
NOT_QUESTIONS = frozenset({"syllabi", "mappings", "blueprints"})

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A figure or material. `name` is the path as the text names it, relative to the text's folder."""

    name: str
    path: Path
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class LoadedQuestion:
    question: Question
    file: str
    line: int
    figures: tuple[FoundFile, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadedCourse:
    course: Course
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class LoadedStudySession:
    """`position` counts from 0 within the course, in the order of the folder names."""

    page: StudySessionPage
    course_id: str
    position: int
    file: str
    line: int
    materials: tuple[FoundFile, ...] = ()
    figures: tuple[FoundFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that could be read, by kind, in reading order; `report` tells what could not."""

    syllabi: tuple[Located[Syllabus], ...] = ()
    mappings: tuple[Located[TopicMapping], ...] = ()
    blueprints: tuple[Located[Blueprint], ...] = ()
    terms: tuple[Located[Term], ...] = ()
    questions: tuple[LoadedQuestion, ...] = ()
    courses: tuple[LoadedCourse, ...] = ()
    study_sessions: tuple[LoadedStudySession, ...] = ()
    worksheets: tuple[Located[Worksheet], ...] = ()
    quotas: tuple[Located[Quotas], ...] = ()
    reviews: tuple[Located[Review], ...] | None = None
    """None where no reviews are kept beside the pool: nothing is then asked of them."""
    report: Report = field(default_factory=Report)


def load(root: Path) -> Content:
    """`root` holds `courses/` and `question_pool/`; files are named relative to it in findings."""
    reader = _Reader(root)
    pool = root / "question_pool"
    content = Content(
        syllabi=reader.all_of(pool / "syllabi", syllabus_yaml.read_syllabus),
        mappings=reader.all_of(pool / "mappings", syllabus_yaml.read_mapping),
        blueprints=reader.all_of(pool / "blueprints", syllabus_yaml.read_blueprint),
        terms=reader.one(pool / "glossary.yaml", glossary_yaml.read),
        questions=tuple(reader.questions(pool)),
        courses=tuple(reader.courses(root / "courses")),
        study_sessions=tuple(reader.study_sessions(root / "courses")),
        worksheets=reader.all_of(root / "courses" / WORKSHEETS, worksheet_yaml.read),
        quotas=reader.one(pool / "quotas.yaml", quotas_yaml.read),
        reviews=reader.one(pool / REVIEWS, review_csv.read) if (pool / REVIEWS).is_file() else None,
    )
    return replace(content, report=Report(tuple(reader.findings)))


class _Reader:
    def __init__(self, root: Path) -> None:
        self._root = root
        self.findings: list[Finding] = []

    def all_of(self, folder: Path, read: Callable[[str, str], Reading[Item]]) -> tuple[Located[Item], ...]:
        return tuple(found for path in sorted(folder.glob("*.yaml")) for found in self.one(path, read))

    def one(self, path: Path, read: Callable[[str, str], Reading[Item]]) -> tuple[Located[Item], ...]:
        """An absent file has no items; an unreadable one is reported."""
        text = self._text(path) if path.is_file() else None
        if text is None:
            return ()
        reading = read(text, self._name(path))
        self.findings.extend(reading.report.findings)
        return reading.items

    def questions(self, pool: Path) -> Iterator[LoadedQuestion]:
        for path in sorted(pool.rglob("*.yaml")):
            within = path.relative_to(pool).parts
            if len(within) == 1 or within[0] in NOT_QUESTIONS:
                continue
            for found in self.one(path, pool_yaml.read):
                question = found.item
                names = [
                    mention.name
                    for text in question_texts(question)
                    for mention in markdown_scan.figures(text)
                ]
                figures = self._files(path, names, found.line, question.id)
                yield LoadedQuestion(question, found.file, found.line, figures)

    def courses(self, folder: Path) -> Iterator[LoadedCourse]:
        for path in sorted(folder.glob("*/course.yaml")):
            for found in self.one(path, study_session.read_course):
                yield LoadedCourse(found.item, found.file, found.line)

    def study_sessions(self, folder: Path) -> Iterator[LoadedStudySession]:
        for course in sorted(path for path in folder.glob("*") if path.is_dir() and path.name != WORKSHEETS):
            course_id = self._course_id(course)
            for position, path in enumerate(sorted(course.glob("*/session.md"))):
                for found in self.one(path, study_session.read_page):
                    yield self._study_session(found, path, course_id, position)

    def _study_session(
        self, found: Located[StudySessionPage], path: Path, course_id: str, position: int
    ) -> LoadedStudySession:
        page = found.item
        materials = [
            file
            for material in page.materials
            for file in self._files(path, [material.file], material.line, page.id)
        ]
        figures = [
            file
            for mention in _once(markdown_scan.figures(page.body))
            for file in self._files(path, [mention.name], mention.line + page.body_line - 1, page.id)
        ]
        return LoadedStudySession(
            page, course_id, position, found.file, found.line, tuple(materials), tuple(figures)
        )

    def _course_id(self, folder: Path) -> str:
        """Of a course whose own file is faulty, the folder's name: its sessions are still checked."""
        path = folder / "course.yaml"
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        items = study_session.read_course(text, self._name(path)).items
        if not path.is_file():
            self._finding(path, "missing-file", name=path.name)
        return items[0].item.id if items else folder.name

    def _files(self, beside: Path, names: list[str], line: int, item: str) -> tuple[FoundFile, ...]:
        found: list[FoundFile] = []
        for name in dict.fromkeys(names):
            path = (beside.parent / name).resolve()
            if not path.is_relative_to(beside.parent.resolve()):
                self._finding(beside, "file-outside", line, item, name=name)
            elif not path.is_file():
                self._finding(beside, "missing-file", line, item, name=name)
            elif path.stat().st_size > MAX_ATTACHMENT_BYTES:
                self._finding(path, "too-large", 0, item, limit=MAX_ATTACHMENT_BYTES)
            else:
                found.append(FoundFile(name, path, _sha256(path), path.stat().st_size))
        return tuple(found)

    def _text(self, path: Path) -> str | None:
        try:
            data = path.read_bytes()
        except OSError as error:
            self._finding(path, "not-readable", reason=error.strerror or str(error))
            return None
        if len(data) > MAX_FILE_BYTES:
            self._finding(path, "too-large", limit=MAX_FILE_BYTES)
            return None
        try:
            return data.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            self._finding(path, "not-utf8", data.count(b"\n", 0, error.start) + 1)
            return None

    def _finding(self, path: Path, code: str, line: int = 0, item: str = "", **params: object) -> None:
        findings = Findings(self._name(path))
        findings.error(code, line, item, **params)
        self.findings.extend(findings.report().findings)

    def _name(self, path: Path) -> str:
        resolved = path if path.is_relative_to(self._root) else path.resolve()
        inside = resolved.is_relative_to(self._root)
        return resolved.relative_to(self._root).as_posix() if inside else resolved.name


def question_texts(question: Question) -> tuple[str, ...]:
    """All the Markdown of a question: stem, explanation, a scenario's text and its parts."""
    texts = [question.stem, question.explanation]
    if isinstance(question.body, Scenario):
        texts.append(question.body.text)
        texts.extend(text for part in question.body.parts for text in (part.stem, part.explanation))
    return tuple(text for text in texts if text)


def _once(mentions: tuple[markdown_scan.Mention, ...]) -> tuple[markdown_scan.Mention, ...]:
    return tuple({mention.name: mention for mention in reversed(mentions)}.values())[::-1]


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
