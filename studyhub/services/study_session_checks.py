"""The checks of the content files, asked of a study session as it stands in the studio."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.content import markdown_scan
from studyhub.content.checks import check_page
from studyhub.content.loader import LoadedStudySession
from studyhub.domain.editing import parted
from studyhub.formats.report import Finding, Findings, Severity
from studyhub.formats.study_session import SessionKind, SessionStatus, StudySessionPage
from studyhub.persistence.models import Material, Question, StudySession, StudySessionRevision, Term

__all__ = ["Finding", "Severity", "findings_of_notes", "findings_of_session"]

_FILE = "session.md"


def findings_of_session(db: Session, key: str) -> tuple[Finding, ...]:
    """Of the current revision; its lines are those of the notes."""
    row = db.execute(
        select(StudySessionRevision.source, StudySessionRevision.checks)
        .join(StudySession, StudySession.current_revision_id == StudySessionRevision.id)
        .where(StudySession.key == key)
    ).first()
    if row is None:
        return ()
    return findings_of_notes(db, key, body_of(row.source), row.checks)


def findings_of_notes(db: Session, key: str, body: str, check: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Lines count from the first of `body`."""
    inside = {mention.name: mention.line for mention in reversed(markdown_scan.questions(body))}
    after = tuple(question for question in check if question not in inside)
    statuses = _statuses(db, {*inside, *after})
    named = {mention.name for mention in markdown_scan.terms(body)}
    terms = db.scalars(select(Term.term).where(Term.term.in_(named)))
    loaded = LoadedStudySession(_page(key, body, after), "", 0, _FILE, 0)
    findings = Findings(_FILE)
    findings.add(check_page(loaded, frozenset(), frozenset(terms), frozenset(statuses)))
    for question, status in statuses.items():
        if status != "published":
            findings.warning("question-not-published", inside.get(question, 0), key, value=question)
    _note_missing_files(db, findings, key, body)
    return findings.report().findings


def _statuses(db: Session, keys: Collection[str]) -> dict[str, str]:
    rows = db.execute(select(Question.key, Question.status).where(Question.key.in_(keys)))
    return {row.key: row.status for row in rows}


def body_of(source: str) -> str:
    """The notes of a revision, without front matter and the empty line after it."""
    return parted(source)[1]


def _note_missing_files(db: Session, findings: Findings, key: str, body: str) -> None:
    held = set(
        db.scalars(
            select(Material.path)
            .join(StudySession, StudySession.id == Material.study_session_id)
            .where(StudySession.key == key, Material.current)
        )
    )
    for mention in markdown_scan.figures(body):
        if mention.name not in held:
            findings.error("missing-file", mention.line, key, name=mention.name)


def _page(key: str, body: str, check: tuple[str, ...]) -> StudySessionPage:
    """As much of a page as the checks look at."""
    return StudySessionPage(
        id=key, title="", title_en="", kind=SessionKind.STUDY_SESSION, status=SessionStatus.DRAFT,
        held_on=None, starts_at=None, minutes=1, place="", lecturers=(), topics=(), objectives=(), summary="",
        summary_en="", materials=(), check=check, survey=None, worksheet=None, sources=(), body=body, body_line=1,
        source="",
    )  # fmt: skip
