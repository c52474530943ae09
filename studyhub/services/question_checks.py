"""The checks of the content files, asked of a question as it stands in the studio, each finding beside its field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.content import markdown_scan, question_checks, similarity
from studyhub.content.loader import LoadedQuestion, question_texts
from studyhub.domain.errors import Invalid
from studyhub.domain.questions import Question, QuestionStatus, from_data
from studyhub.formats.report import Finding, Findings, Severity
from studyhub.persistence import models

__all__ = ["FieldFinding", "Finding", "Severity", "Unpublishable", "findings_of", "require_publishable"]

_FIELDS = {
    "missing-stem": "stem",
    "image-without-text": "stem",
    "missing-file": "stem",
    "near-copy": "stem",
    "missing-explanation": "explanation",
    "missing-facility": "facility",
    "missing-as-of": "as_of",
    "missing-level": "level",
    "no-topics": "topics",
    "unknown-topic": "topics",
    "unknown-term": "terms",
    "bad-teaches": "teaches",
    "unknown-session": "teaches",
    "unknown-anchor": "teaches",
}
_LIKELY = 12
"""Questions whose stems share most with this one: they are compared in full."""


@dataclass(frozen=True, slots=True)
class FieldFinding:
    """``field`` is one of the form; what no field is named for is about the answer (``rows``)."""

    field: str
    finding: Finding

    @property
    def is_error(self) -> bool:
        return self.finding.severity is Severity.ERROR


class Unpublishable(Invalid):
    """What officers must not be shown; ``findings`` say why."""

    def __init__(self, findings: tuple[FieldFinding, ...]) -> None:
        super().__init__("このままでは公開できません。誤りが%(count)s件あります。", count=len(findings))
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Known:
    """What a question may name."""

    topics: frozenset[str]
    terms: frozenset[str]
    anchors: Mapping[str, frozenset[str]]
    """Of the sections of each study session."""


def load_known(db: Session) -> Known:
    """Three statements."""
    row, revision = models.StudySession, models.StudySessionRevision
    sessions = db.execute(
        select(row.key, revision.toc)
        .join(revision, row.current_revision_id == revision.id)
        .where(row.deleted_at.is_(None))
    )
    return Known(
        topics=frozenset(db.scalars(select(models.Topic.key))),
        terms=frozenset(db.scalars(select(models.Term.term))),
        anchors={key: frozenset(heading["anchor"] for heading in toc) for key, toc in sessions},
    )


def findings_of(
    db: Session, question: Question, figures: Iterable[str] = (), *, compared: bool = True
) -> tuple[FieldFinding, ...]:
    """Errors first: they keep the question from being published. ``figures`` are the pictures that are there by name."""
    found = list(check(question, frozenset(figures), load_known(db)))
    if compared:
        found.extend(_near_copies(db, question))
    beside = [FieldFinding(_FIELDS.get(each.code, "rows"), each) for each in found]
    return tuple(sorted(beside, key=lambda each: not each.is_error))


def check(question: Question, figures: frozenset[str], known: Known) -> tuple[Finding, ...]:
    """As if it were published."""
    noted = Findings("")
    asked = LoadedQuestion(replace(question, status=QuestionStatus.PUBLISHED), "", 0)
    noted.add(question_checks.check_question(asked))
    _note_figures(noted, question, figures)
    _note_references(noted, question, known)
    return noted.report().findings


def require_publishable(db: Session, question: Question, known: Known | None = None) -> None:
    """Raises Unpublishable. ``known`` saves whoever asks for many questions from loading it for each."""
    if errors := errors_of_rendered(db, question, known):
        raise Unpublishable(errors)


def errors_of_rendered(
    db: Session, question: Question, known: Known | None = None
) -> tuple[FieldFinding, ...]:
    """What keeps it from officers. Whether its pictures are there was seen when it was rendered."""
    found = check(question, named_figures(question), known or load_known(db))
    return tuple(
        FieldFinding(_FIELDS.get(each.code, "rows"), each)
        for each in found
        if each.severity is Severity.ERROR
    )


def named_figures(question: Question) -> frozenset[str]:
    """By the last part of their names."""
    named = (mention.name for text in question_texts(question) for mention in markdown_scan.figures(text))
    return frozenset(name.rpartition("/")[2] for name in named)


def _note_figures(noted: Findings, question: Question, known: frozenset[str]) -> None:
    for text in question_texts(question):
        for mention in markdown_scan.figures(text):
            if not mention.alternative:
                noted.error("image-without-text", 0, question.id, name=mention.name)
            if mention.name.rpartition("/")[2] not in known:
                noted.error("missing-file", 0, question.id, name=mention.name)


def _note_references(noted: Findings, question: Question, known: Known) -> None:
    if not question.topics:
        noted.error("no-topics", 0, question.id)
    for topic in question.topics:
        if topic not in known.topics:
            noted.error("unknown-topic", 0, question.id, value=topic)
    for term in question.terms:
        if term not in known.terms:
            noted.warning("unknown-term", 0, question.id, value=term)
    if question.teaches:
        _note_teaches(noted, question.id, question.teaches, known)


def _note_teaches(noted: Findings, key: str, teaches: str, known: Known) -> None:
    session, mark, anchor = teaches.partition("#")
    if not (session and mark and anchor):
        noted.error("bad-teaches", 0, key, value=teaches)
    elif session not in known.anchors:
        noted.error("unknown-session", 0, key, value=session)
    elif anchor not in known.anchors[session]:
        noted.error("unknown-anchor", 0, key, session=session, anchor=anchor)


def _near_copies(db: Session, question: Question) -> Iterator[Finding]:
    """Two statements and some milliseconds a thousand questions: stems are compared first, as plain text."""
    own = similarity.trigrams([question.stem])
    if len(own) < 4:
        return
    row, revision = models.Question, models.QuestionRevision
    stems = db.execute(
        select(revision.id, revision.plain)
        .join(row, row.current_revision_id == revision.id)
        .where(row.key != question.id, row.status != QuestionStatus.RETIRED.value)
    )
    shares = [(similarity.jaccard(own, similarity.trigrams([stem])), id_) for id_, stem in stems]
    likely = [id_ for share, id_ in sorted(shares, reverse=True)[:_LIKELY] if share > 0]
    others = db.scalars(select(revision.data).where(revision.id.in_(likely)))
    for pair in similarity.nearest([question], [from_data(data) for data in others]):
        if pair.share >= similarity.BAR:
            params: dict[str, object] = {
                "other": pair.other_id, "percent": round(pair.share * 100), "bar": round(similarity.BAR * 100),
            }  # fmt: skip
            yield Finding(Severity.WARNING, "", 0, "near-copy", question.id, params)
