"""Notes as officers will see them, with what the checks say about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from studyhub.reads.questions import CheckQuestion, check_questions
from studyhub.services.study_session_checks import Finding, findings_of_notes
from studyhub.services.study_session_editing import file_addresses, render_notes
from studyhub.web.request import actor, reading_db


@dataclass(frozen=True, slots=True)
class Preview:
    """``segments`` as a revision stores them; ``findings`` name lines of the notes."""

    segments: tuple[tuple[str, str], ...]
    questions: Mapping[str, CheckQuestion]
    findings: tuple[Finding, ...]


def preview_of(key: str, body: str) -> Preview:
    """Raises Invalid for notes that cannot be rendered."""
    with reading_db() as db:
        addresses = file_addresses(db, key)
    notes = render_notes(body, addresses)
    segments = tuple((kind, content) for kind, content in notes.segments)
    return with_questions(key, notes.body, segments)


def with_questions(key: str, body: str, segments: tuple[tuple[str, str], ...]) -> Preview:
    asked = {content for kind, content in segments if kind == "question"}
    with reading_db() as db:
        questions = check_questions(db, actor(), asked, "")
        findings = findings_of_notes(db, key, body)
    return Preview(segments, questions, findings)
