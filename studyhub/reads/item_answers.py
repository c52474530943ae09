"""The answers from which questions are judged: as they are marked now, in the terms of the current revision."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.domain.corrections import OptionMap, option_maps
from studyhub.domain.questions import (
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    Question,
    Scenario,
    SingleChoice,
    TrueFalse,
    from_data,
)
from studyhub.domain.understanding import Answer, Record
from studyhub.persistence import models
from studyhub.persistence.marks import counting_correct, counting_credit, counts, is_standing, standing


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question as authored, key included: for lecturers only."""

    id: int
    key: str
    status: str
    teaches: str
    plain: str
    html: Mapping[str, Any]
    authored: Question

    @property
    def right_choices(self) -> tuple[bool, ...]:
        """Of each choice whether it is right; nothing for kinds without choices."""
        match self.authored.body:
            case SingleChoice(choices) | MultipleChoice(choices):
                return tuple(choice.correct for choice in choices)
            case TrueFalse(answer):
                return (answer, not answer)
            case Numeric() | Ordering() | Matching() | Scenario():
                return ()

    @property
    def choice_html(self) -> tuple[str, ...]:
        """Empty for true and false, whose words are the page's."""
        return tuple(self.html["choices"]) or tuple("" for _ in self.right_choices)


def load_questions(db: Session, wanted: Any) -> list[JudgedQuestion]:
    """By condition; those with a revision, in the order of their keys."""
    question, revision = models.Question, models.QuestionRevision
    rows = db.execute(
        select(question.id, question.key, question.status, question.teaches, revision.plain, revision.html, revision.data)
        .join(revision, revision.id == question.current_revision_id)
        .where(wanted)
        .order_by(question.key)
    )  # fmt: skip
    return [
        JudgedQuestion(r.id, r.key, r.status, r.teaches, r.plain, r.html, from_data(r.data)) for r in rows
    ]


def load_answers(db: Session, questions: Collection[JudgedQuestion]) -> dict[int, list[Answer]]:
    """By question, in the order of the log. Two statements, whatever the number.

    Without answers that count for nothing, and without those to a revision with other options.
    """
    current = {each.id: each.authored for each in questions}
    maps = _maps(db, current)
    response = models.Response
    rows = db.execute(
        select(
            response.user_id, response.question_id, response.revision_id, response.answered_at, response.given,
            counting_correct, counting_credit,
        )
        .select_from(response)
        .outerjoin(standing, is_standing)
        .where(response.revision_id.in_(maps), counts)
        .order_by(response.seq)
    )  # fmt: skip
    found: dict[int, list[Answer]] = {id_: [] for id_ in current}
    for person, question_id, revision_id, at, given, right, credit in rows:
        chosen = _chosen(given, maps[revision_id])
        found[question_id].append(Answer(person, question_id, at, right, credit, chosen))
    return found


def _maps(db: Session, current: Mapping[int, Question]) -> dict[int, OptionMap]:
    """By revision about the same options: where they stand in the current one. Of a scenario nothing is chosen."""
    row = models.QuestionRevision
    columns = select(row.id, row.question_id, row.data).where(row.question_id.in_(current))
    found = {}
    for id_, question_id, data in db.execute(columns):
        maps = option_maps(from_data(data), current[question_id])
        if maps is not None:
            found[id_] = maps[0]
    return found


def _chosen(given: Mapping[str, Any], map_: OptionMap) -> frozenset[int]:
    indices: Iterable[int] = [given["chosen"]] if "chosen" in given else given.get("chosen_many", ())
    return frozenset(map_.lefts[index] for index in indices)


def load_records(db: Session, questions: Collection[JudgedQuestion]) -> dict[int, Record]:
    """Of everybody who answered one of the questions, over all that they answered; one statement."""
    day, response = models.DailyActivity, models.Response
    revisions = select(models.QuestionRevision.id).where(
        models.QuestionRevision.question_id.in_([each.id for each in questions])
    )
    answered = select(response.user_id).where(response.revision_id.in_(revisions))
    sums = select(day.user_id, func.sum(day.responses), func.sum(day.correct)).where(
        day.user_id.in_(answered)
    )
    return {
        person: Record(int(number), int(right))
        for person, number, right in db.execute(sums.group_by(day.user_id))
    }
