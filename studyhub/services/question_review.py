"""From draft to publication: the author's steps, and the second person who answers before seeing the key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain import questions as domain
from studyhub.domain.errors import Conflict, Forbidden, Invalid
from studyhub.domain.grading import Response, grade, parse_response
from studyhub.domain.identity import Actor, Role
from studyhub.domain.notices import NoticeKind
from studyhub.domain.permissions import Permission, require
from studyhub.domain.practice import check_order, order_for_parsing
from studyhub.domain.question_steps import StatusStep, may_review, status_after
from studyhub.domain.questions import Origin, QuestionStatus, ReviewVerdict
from studyhub.persistence.models import Question, QuestionReview, QuestionRevision, User, UserRole
from studyhub.persistence.settings import load_settings
from studyhub.services import audit, notices
from studyhub.services.content_sync.followups import ask_for_reindexing
from studyhub.services.question_checks import require_publishable
from studyhub.services.question_editing import current, locked

MOST_COMMENT_CHARACTERS = 2_000
_TITLE_CHARACTERS = 60

Form = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True)
class TakeStep:
    """``base_revision`` is the number of the revision that was looked at."""

    key: str
    step: StatusStep
    base_revision: int


@dataclass(frozen=True, slots=True)
class BlindAnswer:
    """What a reviewer answered without seeing the key."""

    response: Response
    correct: bool


@dataclass(frozen=True, slots=True)
class Review:
    """``form`` is the blind answer as it was sent; ``base_revision`` the revision it answers."""

    key: str
    base_revision: int
    form: Form
    verdict: ReviewVerdict | None
    comment: str


def take_step(db: Session, actor: Actor, command: TakeStep, now: datetime) -> QuestionStatus:
    """The status afterwards. Raises NotFound, Conflict, Invalid, and Unpublishable with what stands against it."""
    require(actor, Permission.WRITE_CONTENT)
    row, revision = locked(db, command.key)
    _require_unchanged(revision, command.base_revision)
    needs_review = load_settings(db).questions_need_review
    status = status_after(QuestionStatus(row.status), command.step, needs_review=needs_review)
    if status in {QuestionStatus.PUBLISHED, QuestionStatus.REVIEW}:
        require_publishable(db, domain.from_data(revision.data))
    set_status(db, actor, row, status, now)
    if status is QuestionStatus.REVIEW:
        _tell_reviewers(db, actor, row, revision, now)
    return status


def set_status(db: Session, actor: Actor, row: Question, status: QuestionStatus, now: datetime) -> None:
    """Of a question that is locked."""
    before, row.status = row.status, status.value
    row.origin = Origin.STUDIO.value
    db.flush()
    audit.record(db, actor.user_id, f"question.{status.value}", "question", row.key, now, before=before)
    if QuestionStatus.PUBLISHED in {before, status.value}:
        ask_for_reindexing(db, now)


def answer_blind(db: Session, actor: Actor, key: str, form: Form) -> BlindAnswer:
    """Raises NotFound for a question that waits for nobody, Forbidden for one's own, Invalid for no answer."""
    _row, revision = reviewable(db, actor, key)
    return _marked(actor, revision, form)


def decide(db: Session, actor: Actor, command: Review, now: datetime) -> QuestionStatus:
    """Approving publishes; asking for changes gives the draft back. The author is told either way."""
    row, revision = locked(db, command.key)
    _require_reviewable(actor, row, revision)
    _require_unchanged(revision, command.base_revision)
    answer = _marked(actor, revision, command.form)
    comment = command.comment.strip()
    if command.verdict is None:
        raise Invalid("承認するか、直してほしいかを選んでください。", field="verdict")
    if len(comment) > MOST_COMMENT_CHARACTERS:
        raise Invalid("%(limit)s字以内で入力してください。", field="comment", limit=MOST_COMMENT_CHARACTERS)
    if command.verdict is ReviewVerdict.CHANGES and not comment:
        raise Invalid("どこをどう直してほしいかを書いてください。", field="comment")
    if command.verdict is ReviewVerdict.APPROVED:
        require_publishable(db, domain.from_data(revision.data))
    review = QuestionReview(
        revision_id=revision.id,
        reviewer_id=actor.user_id or None,
        verdict=command.verdict.value,
        comment=comment,
        at=now,
    )
    db.add(review)
    approved = command.verdict is ReviewVerdict.APPROVED
    status = QuestionStatus.PUBLISHED if approved else QuestionStatus.DRAFT
    set_status(db, actor, row, status, now)
    _tell_author(db, actor, row, revision, review, answer, now)
    return status


def reviewable(db: Session, actor: Actor, key: str) -> tuple[Question, QuestionRevision]:
    """Raises NotFound, Conflict when it waits for no review, Forbidden for one's own."""
    require(actor, Permission.WRITE_CONTENT)
    row, revision = current(db, key)
    _require_reviewable(actor, row, revision)
    return row, revision


def _require_reviewable(actor: Actor, row: Question, revision: QuestionRevision) -> None:
    require(actor, Permission.WRITE_CONTENT)
    if row.status != QuestionStatus.REVIEW:
        raise Conflict("この問題は、いま確認を待っていません。")
    if not may_review(actor.user_id, row.author_id, revision.created_by):
        raise Forbidden("自分で書いた問題は、ほかの人に確認してもらいます。")


def _marked(actor: Actor, revision: QuestionRevision, form: Form) -> BlindAnswer:
    question = domain.from_data(revision.data)
    order = order_for_parsing(question, check_order(question, actor.user_id))
    response = parse_response(question, form, order)
    return BlindAnswer(response, grade(question, response).correct)


def _require_unchanged(revision: QuestionRevision, base: int) -> None:
    if revision.number != base:
        raise Conflict("開いている間に、別の版が保存されました。開き直して確かめてください。")


def _tell_reviewers(
    db: Session, actor: Actor, row: Question, revision: QuestionRevision, now: datetime
) -> None:
    people = db.scalars(
        select(User.id)
        .join(UserRole, UserRole.user_id == User.id)
        .where(UserRole.role == Role.LECTURER.value, User.active)
        .where(User.id.not_in({actor.user_id, row.author_id or 0, revision.created_by or 0}))
        .distinct()
    ).all()
    params: dict[str, object] = {
        "question": row.key,
        "question_title": title_of(revision.plain),
        "author": actor.display_name,
    }
    path = f"/studio/questions/{row.key}/review"
    unique = f"review_wanted:{revision.id}"
    notices.tell(db, people, NoticeKind.REVIEW_WANTED, params, path, now, unique_key=unique)


def _tell_author(
    db: Session,
    actor: Actor,
    row: Question,
    revision: QuestionRevision,
    review: QuestionReview,
    answer: BlindAnswer,
    now: datetime,
) -> None:
    """``agreed`` tells whether the reviewer had found the key."""
    params: dict[str, object] = {
        "question": row.key,
        "question_title": title_of(revision.plain),
        "verdict": review.verdict,
        "comment": review.comment,
        "reviewer": actor.display_name,
        "agreed": answer.correct,
    }
    audit.record(
        db, actor.user_id, "question.verdict", "question", row.key, now,
        revision=revision.number, verdict=review.verdict, agreed=answer.correct,
    )  # fmt: skip
    people = {each for each in (row.author_id, revision.created_by) if each}
    notices.tell(db, people, NoticeKind.REVIEWED, params, f"/studio/questions/{row.key}", now)


def title_of(plain: str) -> str:
    """The stem in a line, for lists and notices."""
    text = " ".join(plain.split())
    return text if len(text) <= _TITLE_CHARACTERS else f"{text[: _TITLE_CHARACTERS - 1]}…"
