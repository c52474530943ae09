"""What can be found: a document for each section of published and planned notes, slide, question and term.

Nothing here tells the key of a question: its explanation is left out, and its choices are sorted, since their
authored order is the answer of an ordering and of a matching question.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.content.sanitising import plain_text
from studyhub.domain.inquiries import InquiryState
from studyhub.domain.reading import WHOLE, Heading, Piece, arrange
from studyhub.domain.search import Kind
from studyhub.persistence.models import (
    CaseNote,
    CaseNoteComment,
    Inquiry,
    InquiryAnswer,
    Material,
    Question,
    QuestionRevision,
    SlidePage,
    StudySession,
    StudySessionRevision,
    Term,
    Topic,
)

INDEX_VERSION = 1
"""To be raised when ``domain.search`` normalises or cuts differently: each document is then written anew."""
MAX_TITLE_CHARACTERS = 300
MAX_STEM_CHARACTERS = 120
"""Of a question's stem as the title of a hit."""


@dataclass(frozen=True)
class Document:
    kind: Kind
    ref: str
    title: str
    body: str
    path: str
    parent: str = ""

    @property
    def identity(self) -> tuple[str, str]:
        return self.kind.value, self.ref

    @cached_property
    def content_hash(self) -> str:
        said = [INDEX_VERSION, self.title, self.body, self.path, self.parent]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def all_documents(db: Session) -> Iterator[Document]:
    yield from study_session_documents(db)
    yield from slide_documents(db)
    yield from question_documents(db)
    yield from term_documents(db)
    yield from case_note_documents(db)
    yield from inquiry_documents(db)


def study_session_documents(db: Session) -> Iterator[Document]:
    """Drafts too, for those who may see them: who may is asked when the index is read."""
    rows = db.execute(
        select(StudySession, StudySessionRevision)
        .join(StudySessionRevision, StudySession.current_revision_id == StudySessionRevision.id)
        .where(StudySession.status.in_(("published", "draft")))
        .order_by(StudySession.id)
    )
    for study_session, revision in rows:
        yield from _sections(study_session, revision)


def slide_documents(db: Session) -> Iterator[Document]:
    """Numbered as the page of slides numbers them: through all files of the study session."""
    rows = db.execute(
        select(StudySession.key, StudySession.title, Material.title.label("source"), SlidePage.text)
        .join(Material, Material.study_session_id == StudySession.id)
        .join(SlidePage, SlidePage.material_id == Material.id)
        .where(StudySession.status.in_(("published", "draft")), Material.role == "slides", Material.current)
        .order_by(StudySession.id, Material.position, Material.id, SlidePage.number)
    )
    numbers: dict[str, int] = {}
    for row in rows:
        number = numbers[row.key] = numbers.get(row.key, 0) + 1
        if row.text:
            yield Document(
                kind=Kind.SLIDE,
                ref=f"{row.key}/{number}",
                title=_cut(row.text.partition("\n")[0], MAX_STEM_CHARACTERS),
                body=row.text,
                path=f"/study-sessions/{row.key}/slides/{number}",
                parent=row.key,
            )


def question_documents(db: Session) -> Iterator[Document]:
    rows = db.execute(
        select(Question.key, QuestionRevision.plain, QuestionRevision.html, Topic.key.label("topic"))
        .join(QuestionRevision, Question.current_revision_id == QuestionRevision.id)
        .join(Topic, Topic.id == Question.main_topic_id)
        .where(Question.status == "published")
    )
    for row in rows:
        stem = " ".join(row.plain.split())
        title = _cut(stem, MAX_STEM_CHARACTERS)
        yield Document(
            kind=Kind.QUESTION,
            ref=row.key,
            title=title,
            body="\n".join([*([] if title == stem else [row.plain]), *_offered(row.html)]),
            path=f"/practice?topic={quote(row.topic, safe='')}",
        )


def term_documents(db: Session) -> Iterator[Document]:
    for term in db.scalars(select(Term)):
        names = [term.reading, term.term_en]
        names += [part for abbreviation in term.abbreviations for part in abbreviation.values()]
        yield Document(
            kind=Kind.TERM,
            ref=term.term,
            title=term.term,
            body="\n".join([term.definition, "・".join(filter(None, dict.fromkeys(names)))]),
            path=f"/glossary/{quote(term.term, safe='')}",
        )


def case_note_documents(db: Session) -> Iterator[Document]:
    """With what was said about them; what was withdrawn is left out."""
    comments: defaultdict[int, list[str]] = defaultdict(list)
    said = select(CaseNoteComment.case_note_id, CaseNoteComment.text).where(
        CaseNoteComment.withdrawn_at.is_(None)
    )
    for note_id, text in db.execute(said.order_by(CaseNoteComment.id)):
        comments[note_id].append(text)
    for note in db.scalars(select(CaseNote).where(CaseNote.withdrawn_at.is_(None))):
        yield Document(
            kind=Kind.CASE_NOTE,
            ref=str(note.id),
            title=note.title,
            body="\n".join([plain_text(note.html), *comments[note.id]]),
            path=f"/case-notes/{note.id}",
        )


def inquiry_documents(db: Session) -> Iterator[Document]:
    """The answered ones, without any name."""
    answers: defaultdict[int, list[str]] = defaultdict(list)
    given = select(InquiryAnswer.inquiry_id, InquiryAnswer.html).order_by(InquiryAnswer.id)
    for inquiry_id, html in db.execute(given):
        answers[inquiry_id].append(plain_text(html))
    for inquiry in db.scalars(select(Inquiry).where(Inquiry.state == InquiryState.ANSWERED.value)):
        yield Document(
            kind=Kind.INQUIRY,
            ref=str(inquiry.id),
            title=inquiry.title,
            body="\n".join([inquiry.text, *answers[inquiry.id]]),
            path=f"/ask/{inquiry.id}",
        )


def _sections(study_session: StudySession, revision: StudySessionRevision) -> Iterator[Document]:
    """The first is the study session itself, with what stands before its first section."""
    key = study_session.key
    pieces: list[Piece] = [(kind, content) for kind, content in revision.segments]
    notes = arrange(pieces, [Heading(h["anchor"], h["text"], h["level"]) for h in revision.toc])
    about = [study_session.summary, study_session.title_en, study_session.summary_en, *revision.objectives]
    yield Document(
        kind=Kind.STUDY_SESSION,
        ref=f"{key}#",
        title=_cut(study_session.title, MAX_TITLE_CHARACTERS),
        body="\n".join(text for text in (*about, _plain(notes.introduction)) if text),
        path=f"/study-sessions/{key}",
        parent=key,
    )
    for section in notes.sections:
        anchor = "" if section.anchor == WHOLE else f"#{section.anchor}"
        yield Document(
            kind=Kind.STUDY_SESSION,
            ref=f"{key}#{section.anchor}",
            title=_cut(section.title or study_session.title, MAX_TITLE_CHARACTERS),
            body=_plain(section.pieces).removeprefix(section.title).lstrip(),
            path=f"/study-sessions/{key}{anchor}",
            parent=key,
        )


def _plain(pieces: Iterable[Piece]) -> str:
    return "\n".join(plain_text(content) for kind, content in pieces if kind == "html")


def _offered(html: Mapping[str, Any]) -> list[str]:
    """The choices, sorted; of a scenario each part's stem and choices."""
    lines = sorted(plain_text(choice) for choice in html.get("choices", ()))
    lines += sorted(plain_text(choice) for choice in html.get("rights", ()))
    for part in html.get("parts", ()):
        lines += [plain_text(part["stem"]), *_offered(part)]
    return [line for line in lines if line]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
