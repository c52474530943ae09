"""Corrections of questions that officers have answered: one event that marks anew, counts anew, and tells.

The log keeps every mark it had; a ``Regrade`` beside it says what the response is worth since the correction. For each
person new marks, progress and notice are written in one transaction, so that nobody ever sees half of a correction:
for few people in the transaction of the correction itself, for many by a job, some people after the other.

Locks, on PostgreSQL: an answer holds its question FOR SHARE before it takes its officer's turn, a correction holds the
question FOR NO KEY UPDATE before it takes those of the people it touches. So an answer is either in the log that the
correction reads, or is given after it and settled by ``settle_late``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, insert, or_, select, true
from sqlalchemy.orm import Session

from studyhub.domain import questions as domain
from studyhub.domain.corrections import (
    CorrectionKind,
    MarkWord,
    PastCorrection,
    Revision,
    mark_anew,
    mark_word,
)
from studyhub.domain.errors import Conflict, Invalid, NotFound
from studyhub.domain.grading import Mark, response_from_data
from studyhub.domain.identity import Actor
from studyhub.domain.notices import NoticeKind
from studyhub.domain.permissions import Permission, require
from studyhub.persistence.corrections import QuestionPast, count_touched, ids_of, load_past
from studyhub.persistence.marks import counting_correct, counting_credit, counts, is_standing, standing
from studyhub.persistence.models import (
    Correction,
    PracticeItem,
    Question,
    QuestionRevision,
    Regrade,
    Response,
)
from studyhub.services import audit, jobs, notices, progress
from studyhub.services.content_sync.followups import ask_for_reindexing
from studyhub.services.correction_texts import RewrittenQuestion

MOST_REASON_CHARACTERS = 1000
FEW = 20
"""People whose progress is made anew in the transaction of the correction; more wait for a job."""
STRIKE_REACH = timedelta(hours=1)
"""Responses that came in so soon after a strike were on their way to the question as it was. Later ones are struck
one by one as they come, unless the question was published again."""
TITLE_LENGTH = 60
HISTORY = "/progress/history?only=corrected"


@dataclass(frozen=True, slots=True)
class Strike:
    """``base_revision_id`` is the revision that the lecturer looked at."""

    question_key: str
    base_revision_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class CorrectKey:
    question_key: str
    base_revision_id: int
    reason: str
    rewritten: RewrittenQuestion


def check_reason(reason: str) -> None:
    """Raises Invalid."""
    if not reason.strip():
        raise Invalid("訂正の理由を書いてください。回答した人に、そのまま伝わります。", field="reason")
    if len(reason) > MOST_REASON_CHARACTERS:
        raise Invalid(
            "理由は%(count)s文字以内で書いてください。", field="reason", count=MOST_REASON_CHARACTERS
        )


def correct_key(db: Session, actor: Actor, command: CorrectKey, now: datetime) -> int:
    """The id of the correction. Raises Conflict when the question changed since the lecturer looked at it."""
    question, past = _take_question(db, actor, command.question_key, command.base_revision_id, command.reason)
    new = command.rewritten.question
    touched = past.touched_by_new_key(command.base_revision_id, new)
    revision = _store_revision(db, actor, question, past, command.rewritten, now)
    made = _store(db, actor, question, touched, CorrectionKind.KEY, command.reason, now, revision.id)
    question.current_revision_id = revision.id
    _follow_up(db, actor, question, made, now)
    return made.id


def strike(db: Session, actor: Actor, command: Strike, now: datetime) -> int:
    """Takes the question out: every response to it stays in the log and counts for nothing."""
    question, past = _take_question(db, actor, command.question_key, command.base_revision_id, command.reason)
    if question.status == domain.QuestionStatus.RETIRED and _is_struck(past):
        raise Conflict("この問題は、すでに取り消されています。")
    touched = past.touched_by_new_strike(command.base_revision_id)
    made = _store(db, actor, question, touched, CorrectionKind.STRIKE, command.reason, now, None)
    question.status = domain.QuestionStatus.RETIRED.value
    _follow_up(db, actor, question, made, now)
    return made.id


def people_waiting(db: Session, correction_id: int) -> list[int]:
    """Whom the correction touches and has not reached yet."""
    made, past = _load(db, correction_id)
    reached = exists().where(Regrade.response_id == Response.id, Regrade.correction_id == made.id)
    wanted = Response.revision_id.in_(ids_of(past.touched(made.id))), _within_reach(made, None), ~reached
    return list(db.scalars(select(Response.user_id).distinct().where(*wanted).order_by(Response.user_id)))


def settle(db: Session, correction_id: int, user_ids: Iterable[int], now: datetime) -> None:
    """Marks, counts and tells these people, as far as it was not done before."""
    made, past = _load(db, correction_id)
    for user_id in user_ids:
        _settle_person(db, made.question_id, past, user_id, now)


def settle_late(db: Session, user_id: int, question_id: int, response_id: str, now: datetime) -> bool | None:
    """For an answer to a revision that is no longer the one that is asked. Whether it is right since the corrections,
    or None when they do not touch it."""
    past = load_past(db, question_id)
    if past.corrections:
        _settle_person(db, question_id, past, user_id, now, late=response_id)
    newest = select(Regrade.correct).where(Regrade.response_id == response_id)
    return db.scalar(newest.order_by(Regrade.correction_id.desc()).limit(1))


def _take_question(
    db: Session, actor: Actor, key: str, base_revision_id: int, reason: str
) -> tuple[Question, QuestionPast]:
    require(actor, Permission.WRITE_CONTENT)
    check_reason(reason)
    locked = select(Question).where(Question.key == key).with_for_update(key_share=True)
    question = db.scalars(locked.execution_options(populate_existing=True)).one_or_none()
    if question is None:
        raise NotFound
    if question.current_revision_id != base_revision_id:
        raise Conflict("この問題は、開いた後に別の人が変更しました。開き直して確かめてください。")
    return question, load_past(db, question.id)


def _is_struck(past: QuestionPast) -> bool:
    return bool(past.corrections) and past.corrections[-1][1].kind is CorrectionKind.STRIKE


def _store_revision(
    db: Session,
    actor: Actor,
    question: Question,
    past: QuestionPast,
    rewritten: RewrittenQuestion,
    now: datetime,
) -> QuestionRevision:
    before = db.get_one(QuestionRevision, question.current_revision_id)
    revision = QuestionRevision(
        question_id=question.id,
        number=past.revisions[-1].number + 1,
        content_hash=domain.content_hash(rewritten.question),
        kind=before.kind,
        level=before.level,
        data=domain.to_data(rewritten.question),
        html=rewritten.html,
        plain=before.plain,
        expected_facility=before.expected_facility,
        source_line=before.source_line,
        created_at=now,
        created_by=actor.user_id or None,
    )
    db.add(revision)
    db.flush()
    return revision


def _store(
    db: Session,
    actor: Actor,
    question: Question,
    touched: Iterable[Revision],
    kind: CorrectionKind,
    reason: str,
    now: datetime,
    new_revision_id: int | None,
) -> Correction:
    people, responses = count_touched(db, ids_of(touched))
    made = Correction(
        question_id=question.id,
        old_revision_id=question.current_revision_id,
        new_revision_id=new_revision_id,
        kind=kind.value,
        reason=reason.strip(),
        made_by=actor.user_id or None,
        made_at=now,
        people=people,
        responses=responses,
    )
    db.add(made)
    # A synchronisation would bring the old key back from the files: from now on the question lives in the site.
    question.origin = domain.Origin.STUDIO.value
    db.flush()
    return made


def _follow_up(db: Session, actor: Actor, question: Question, made: Correction, now: datetime) -> None:
    db.flush()
    if made.people <= FEW:
        settle(db, made.id, people_waiting(db, made.id), now)
    else:
        payload = {"correction_id": made.id}
        jobs.enqueue(db, "apply_correction", payload, now, unique_key=f"apply_correction:{made.id}")
    detail = {"kind": made.kind, "reason": made.reason, "people": made.people, "responses": made.responses}
    audit.record(db, actor.user_id, "question.correct", "question", question.key, now, **detail)
    ask_for_reindexing(db, now)


def _load(db: Session, correction_id: int) -> tuple[Correction, QuestionPast]:
    made = db.get(Correction, correction_id)
    if made is None:
        raise NotFound
    return made, load_past(db, made.question_id)


def _within_reach(made: Correction, late: str | None) -> ColumnElement[bool]:
    if made.kind == CorrectionKind.KEY:
        return true()
    in_time = Response.received_at <= made.made_at + STRIKE_REACH
    return in_time if late is None else or_(in_time, Response.id == late)


def _settle_person(
    db: Session, question_id: int, past: QuestionPast, user_id: int, now: datetime, late: str | None = None
) -> None:
    """Every correction of the question that has not reached the person, the oldest first."""
    progress.take_turn(db, user_id)
    reached = [
        _mark_person(db, db.get_one(Correction, id_), correction, past, user_id, late)
        for id_, correction in past.corrections
    ]
    told = [each for each in reached if each is not None]
    if told:
        progress.rebuild(db, user_id)
    for each in told:
        _tell(db, question_id, user_id, each, now)


@dataclass(frozen=True, slots=True)
class _Reached:
    """What a correction did to a person: the marks of the answer given last."""

    made: Correction
    practice_item_id: int | None
    old: MarkWord
    new: MarkWord


def _mark_person(
    db: Session,
    made: Correction,
    correction: PastCorrection,
    past: QuestionPast,
    user_id: int,
    late: str | None,
) -> _Reached | None:
    touched = {each.id: each for each in past.touched(made.id)}
    done = exists().where(Regrade.response_id == Response.id, Regrade.correction_id == made.id)
    columns = select(
        Response.id, Response.revision_id, Response.given, Response.practice_item_id,
        counting_credit.label("credit"), counting_correct.label("correct"), counts.label("counts"),
    )  # fmt: skip
    rows = db.execute(
        columns.outerjoin(standing, is_standing)
        # The sum keeps the engine from walking through everybody's answers to the revision for each person.
        .where(Response.user_id == user_id, (Response.revision_id + 0).in_(touched))
        .where(_within_reach(made, late), ~done)
        .order_by(Response.seq)
    ).all()
    if not rows:
        return None
    regrades = [_regrade(made.id, row.id, correction, touched[row.revision_id], row.given) for row in rows]
    db.execute(insert(Regrade), regrades)
    last, new = rows[-1], regrades[-1]
    return _Reached(
        made,
        last.practice_item_id,
        mark_word(last.credit, correct=last.correct, counts=last.counts),
        mark_word(new["credit"], correct=new["correct"], counts=new["counts"]),
    )


def _regrade(
    correction_id: int,
    response_id: str,
    correction: PastCorrection,
    revision: Revision,
    given: dict[str, Any],
) -> dict[str, Any]:
    mark = Mark(0.0, False)
    if correction.new is not None:
        mark = mark_anew(revision.question, correction.new.question, response_from_data(given))
    return {
        "response_id": response_id,
        "correction_id": correction_id,
        "credit": mark.share,
        "correct": mark.correct,
        "counts": correction.new is not None,
    }


def _tell(db: Session, question_id: int, user_id: int, reached: _Reached, now: datetime) -> None:
    title = db.execute(
        select(Question.key, QuestionRevision.plain)
        .join(QuestionRevision, QuestionRevision.id == Question.current_revision_id)
        .where(Question.id == question_id)
    ).one()
    params: dict[str, object] = {
        "question": title.key,
        "question_title": _shortened(title.plain),
        "reason": reached.made.reason,
        "old": reached.old.value,
        "new": reached.new.value,
    }
    path = _path(db, reached.practice_item_id)
    key = f"correction:{reached.made.id}"
    notices.tell(db, [user_id], NoticeKind.CORRECTION, params, path, now, unique_key=key)


def _shortened(plain: str) -> str:
    text = " ".join(plain.split())
    return text if len(text) <= TITLE_LENGTH else text[: TITLE_LENGTH - 1] + "…"


def _path(db: Session, practice_item_id: int | None) -> str:
    """Of the page that shows the answer with both marks."""
    item = db.execute(
        select(PracticeItem.practice_set_id, PracticeItem.position).where(PracticeItem.id == practice_item_id)
    ).one_or_none()
    return f"/practice/sets/{item.practice_set_id}/{item.position}" if item else HISTORY
