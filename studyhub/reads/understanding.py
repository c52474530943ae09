"""What was understood of a study session, by its questions; and what answers tell of one question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from studyhub.domain.attendance import CheckInWay
from studyhub.domain.errors import NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.domain.psychometrics.classical import Share, share_of
from studyhub.domain.questions import Kind
from studyhub.domain.small_groups import is_too_small
from studyhub.domain.understanding import (
    Answer,
    BeforeAfter,
    Look,
    LookReason,
    QuestionResult,
    before_and_after,
    first_answers,
    looks,
    question_result,
    summable,
    urgency,
)
from studyhub.persistence import models
from studyhub.reads.item_answers import JudgedQuestion, load_answers, load_questions, load_records


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A question with what its answers tell. ``section`` is the heading that teaches it, or empty."""

    key: str
    plain: str
    kind: Kind
    is_check: bool
    section: str
    choice_html: tuple[str, ...]
    result: QuestionResult
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class SectionResult:
    """``share`` is of first answers, None for fewer than five people; ``people`` are those behind it."""

    anchor: str
    heading: str
    questions: int
    people: int
    share: Share | None


@dataclass(frozen=True, slots=True)
class LookRow:
    """A question to look at, with its reasons, the most urgent first."""

    row: ResultRow
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class UnderstandingPage:
    key: str
    title: str
    title_en: str
    status: str
    held_on: date | None
    people: int
    """Who answered one of the questions."""
    came_or_read: int
    before_after: BeforeAfter | None
    rows: tuple[ResultRow, ...]
    """Checks first, in the order of the notes."""
    sections: tuple[SectionResult, ...]
    to_look_at: tuple[LookRow, ...]


def understanding_page(db: Session, actor: Actor, key: str) -> UnderstandingPage:
    """Seven statements. Raises NotFound for a study session that there is not, or that lies in the bin."""
    require(actor, Permission.WRITE_CONTENT)
    study_session, revision = _study_session(db, key)
    checks: list[str] = list(revision.checks)
    teaching = or_(
        models.Question.teaches == key, models.Question.teaches.startswith(f"{key}#", autoescape=True)
    )
    wanted = or_(models.Question.key.in_(checks), teaching), models.Question.status == "published"
    questions = _in_order(load_questions(db, wanted[0] & wanted[1]), checks)
    answers, records = load_answers(db, questions), load_records(db, questions)
    begun = _begun(db, study_session)
    places = _places(key, revision, questions)
    headings = {heading["anchor"]: heading["text"] for heading in revision.toc}
    rows = tuple(
        _row(each, each.key in checks, headings.get(places[each.key], ""), answers[each.id], records, begun)
        for each in questions
    )
    everything = [answer for listed in answers.values() for answer in listed]
    return UnderstandingPage(
        key=study_session.key,
        title=study_session.title,
        title_en=study_session.title_en or study_session.title,
        status=study_session.status,
        held_on=study_session.held_on,
        people=len({answer.person for answer in everything}),
        came_or_read=len(begun),
        before_after=before_and_after(answers.values(), begun),
        rows=rows,
        sections=_sections(revision.toc, places, questions, answers),
        to_look_at=_to_look_at(rows),
    )


def question_statistics(db: Session, actor: Actor, key: str) -> ResultRow | None:
    """Of all answers to a question there are; four statements. None for one without a revision."""
    require(actor, Permission.WRITE_CONTENT)
    found = load_questions(db, models.Question.key == key)
    if not found:
        return None
    answers, records = load_answers(db, found), load_records(db, found)
    return _row(found[0], False, "", answers[found[0].id], records, {})


def _study_session(db: Session, key: str) -> tuple[models.StudySession, models.StudySessionRevision]:
    row = db.execute(
        select(models.StudySession, models.StudySessionRevision)
        .join(
            models.StudySessionRevision,
            models.StudySessionRevision.id == models.StudySession.current_revision_id,
        )
        .where(models.StudySession.key == key, models.StudySession.deleted_at.is_(None))
    ).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


def _in_order(questions: Iterable[JudgedQuestion], checks: Sequence[str]) -> list[JudgedQuestion]:
    places = {key: place for place, key in enumerate(checks)}
    return sorted(questions, key=lambda each: (places.get(each.key, len(places)), each.key))


def _row(
    question: JudgedQuestion,
    is_check: bool,
    section: str,
    answers: Sequence[Answer],
    records: Mapping[int, Any],
    begun: Mapping[int, datetime],
) -> ResultRow:
    expected = question.authored.expected_facility
    result = question_result(answers, records, question.right_choices, expected, begun)
    kind = question.authored.kind
    return ResultRow(
        question.key,
        question.plain,
        kind,
        is_check,
        section,
        question.choice_html,
        result,
        looks(result, kind),
    )


def _begun(db: Session, study_session: models.StudySession) -> dict[int, datetime]:
    """By person when they came or first read, whichever was earlier.

    Whom the lecturer added to the list later came when the study session began.
    """
    attendance, mark = models.Attendance, models.ReadingMark
    came = select(attendance.user_id, attendance.at, attendance.way).where(
        attendance.study_session_id == study_session.id, attendance.present
    )
    begun: dict[int, datetime] = {}
    for person, at, way in db.execute(came):
        scheduled = study_session.starts_at if way == CheckInWay.LECTURER else None
        begun[person] = scheduled or at
    read = select(mark.user_id, func.min(mark.read_at).label("at"))
    for row in db.execute(read.where(mark.study_session_id == study_session.id).group_by(mark.user_id)):
        begun[row.user_id] = min(row.at, begun.get(row.user_id, row.at))
    return begun


def _places(
    key: str, revision: models.StudySessionRevision, questions: Iterable[JudgedQuestion]
) -> dict[str, str]:
    """By question the anchor of the section that teaches it: as its author says, else where it stands in the notes."""
    sections = [heading["anchor"] for heading in revision.toc if heading["level"] == 2]
    within: dict[str, str] = {}
    section = ""
    for kind, content in revision.segments:
        if kind == "question":
            within[content] = section
        else:
            found = {anchor: content.rfind(f'id="{anchor}"') for anchor in sections}
            begun = [anchor for anchor in sections if found[anchor] >= 0]
            section = max(begun, key=found.__getitem__) if begun else section
    places = {}
    for each in questions:
        session_key, _hash, anchor = each.teaches.partition("#")
        places[each.key] = anchor if session_key == key and anchor else within.get(each.key, "")
    return places


def _sections(
    toc: Sequence[Mapping[str, Any]],
    places: Mapping[str, str],
    questions: Sequence[JudgedQuestion],
    answers: Mapping[int, Sequence[Answer]],
) -> tuple[SectionResult, ...]:
    """Headings with questions, in the order of the notes."""
    found = []
    for heading in toc:
        own = [each for each in questions if places[each.key] == heading["anchor"]]
        if own:
            first = (first_answers(answers[each.id]) for each in own)
            told = summable([[(person, answer.right) for person, answer in each.items()] for each in first])
            people = len({person for person, _ in told})
            share = None if is_too_small(people) else share_of(right for _, right in told)
            found.append(SectionResult(heading["anchor"], heading["text"], len(own), people, share))
    return tuple(found)


def _to_look_at(rows: Iterable[ResultRow]) -> tuple[LookRow, ...]:
    """The most urgent first; questions of which too little is known are not among them."""
    told = [
        LookRow(row, tuple(each for each in row.looks if each.reason is not LookReason.FEW)) for row in rows
    ]
    return tuple(sorted((each for each in told if each.looks), key=lambda each: urgency(each.looks[0])))
