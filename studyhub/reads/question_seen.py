"""What officers will see of a question, before and after an answer, and what its reviewer sees of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from studyhub.domain.corrections import bodies
from studyhub.domain.grading import (
    AnsweredParts,
    ChosenMany,
    ChosenOne,
    MatchedAs,
    OrderedAs,
    Response,
    SimpleResponse,
    TypedNumber,
    response_to_data,
)
from studyhub.domain.identity import Actor
from studyhub.domain.practice import check_order
from studyhub.domain.questions import (
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    Question,
    Scenario,
    SimpleBody,
    SingleChoice,
    TrueFalse,
    from_data,
    to_data,
)
from studyhub.persistence import models
from studyhub.reads.marked import Feedback, feedback
from studyhub.reads.question_rows import question_rows
from studyhub.reads.questions import ShownQuestion, shown_question
from studyhub.reads.teaching import TeachingPage, teaching_pages


@dataclass(frozen=True, slots=True)
class SeenQuestion:
    """As officers see it: before they answer, and after an answer such as somebody might give."""

    before: ShownQuestion
    after: Feedback


def preview(
    db: Session, actor: Actor, question: Question, html: Mapping[str, Any], plain: str
) -> SeenQuestion:
    """Of what is not saved: nothing is stored."""
    revision = models.QuestionRevision(
        id=0, question_id=0, number=0, data=to_data(question), html=dict(html), plain=plain,
        kind=question.kind.value, source_line=question.source_line or "",
    )  # fmt: skip
    teaches = question.teaches or ""
    page = teaching_pages(db, [teaches]).get(teaches)
    return seen_question(question.id, revision, question, page, actor.user_id)


def to_review(db: Session, actor: Actor, key: str) -> tuple[ShownQuestion, int]:
    """Without the key, in the order in which the reviewer's answer is read; and the number of the revision."""
    row, revision, _author, _by = question_rows(db, key)
    order = check_order(from_data(revision.data), actor.user_id)
    return shown_question(row.key, revision, order), revision.number


def reviewed(db: Session, actor: Actor, key: str, response: Response, *, correct: bool) -> Feedback:
    """The reviewer's own answer with all that the author wrote."""
    row, revision, _author, _by = question_rows(db, key)
    page = teaching_pages(db, [row.teaches]).get(row.teaches)
    order = check_order(from_data(revision.data), actor.user_id)
    return _feedback(revision, order, response, correct, page)


def sample_response(question: Question) -> Response:
    """A wrong choice where one chooses, so that the page shows both verdicts; what is right elsewhere."""
    given = tuple(_sample(body) for body in bodies(question))
    return AnsweredParts(given) if isinstance(question.body, Scenario) else given[0]


def _sample(body: SimpleBody) -> SimpleResponse:
    match body:
        case SingleChoice(choices):
            return ChosenOne(next((i for i, choice in enumerate(choices) if not choice.correct), 0))
        case MultipleChoice(choices):
            return ChosenMany(frozenset([0] if choices else []))
        case TrueFalse(answer):
            return ChosenOne(1 if answer else 0)
        case Numeric(value):
            return TypedNumber(f"{value:f}", value)
        case Ordering(items):
            return OrderedAs(tuple(range(len(items))))
        case Matching(pairs):
            return MatchedAs(tuple(range(len(pairs))))


def seen_question(
    key: str,
    revision: models.QuestionRevision,
    question: Question,
    teaches: TeachingPage | None,
    user_id: int,
) -> SeenQuestion:
    order = check_order(question, user_id)
    response = sample_response(question)
    return SeenQuestion(
        before=shown_question(key, revision, order),
        after=_feedback(revision, order, response, False, teaches),
    )


def _feedback(
    revision: models.QuestionRevision,
    order: Sequence[Any],
    response: Response,
    correct: bool,
    teaches: TeachingPage | None,
) -> Feedback:
    given = models.Response(id="", given=response_to_data(response), correct=correct, unsure=False)
    return feedback(revision, order, given, False, teaches)
