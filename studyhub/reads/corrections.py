"""What a lecturer looks at to correct a question that officers have answered, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.domain.corrections import (
    CorrectionKind,
    Key,
    MarkWord,
    RightChoices,
    RightMatches,
    RightNumber,
    RightOrder,
    bodies,
    key_of,
    mark_anew,
    mark_word,
)
from studyhub.domain.errors import NotFound
from studyhub.domain.grading import response_from_data
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.domain.questions import Kind, Numeric, Question, Scenario, SimpleBody, from_data, kind_of
from studyhub.persistence import models
from studyhub.persistence.corrections import count_touched, ids_of, load_past
from studyhub.persistence.marks import counting_correct, counting_credit, counts, is_standing, standing
from studyhub.reads.questions import ShownQuestion, shown_question

MOST_PREVIEWED = 5000
"""Responses that are marked for a look at what a correction would do; beyond it is told how many there are."""


@dataclass(frozen=True, slots=True)
class MadeCorrection:
    id: int
    kind: CorrectionKind
    reason: str
    made_at: datetime
    made_by: str
    people: int
    responses: int


@dataclass(frozen=True, slots=True)
class RevisionAnswered:
    number: int
    responses: int
    touched: bool
    """Whether a new key would mark its responses anew; a strike takes those of all revisions."""


@dataclass(frozen=True, slots=True)
class CorrectionPage:
    """For lecturers only: ``question`` is as it was authored, key included."""

    key: str
    status: str
    revision_id: int
    question: Question
    shown: ShownQuestion
    """With the options in authored order."""
    html: Mapping[str, Any]
    key_lines: tuple[tuple[KeyLine, ...], ...]
    """Of each part."""
    people: int
    responses: int
    """Touched by a new key."""
    struck_people: int
    struck_responses: int
    revisions: tuple[RevisionAnswered, ...]
    made: tuple[MadeCorrection, ...]
    """Newest first."""


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A line of what is right: an option with its place among the options, a number, or a pair."""

    place: int | None
    html: str
    right_html: str = ""


@dataclass(frozen=True, slots=True)
class TaughtReason:
    """Why an option is right or wrong, as officers read it after a correction."""

    place: int | None
    """Of a choice among the choices; None for a pair."""
    option_html: str
    html: str
    right: bool
    changed: bool
    doubtful: bool
    """As before, though whether the option is right is not."""


@dataclass(frozen=True, slots=True)
class TaughtPart:
    reasons: tuple[TaughtReason, ...]
    explanation_html: str
    """Of a part of a scenario, or empty."""


@dataclass(frozen=True, slots=True)
class TaughtTexts:
    """What officers read below an answer once a key is corrected."""

    parts: tuple[TaughtPart, ...]
    explanation_html: str
    explanation_changed: bool


@dataclass(frozen=True, slots=True)
class Change:
    old: MarkWord
    new: MarkWord
    responses: int


@dataclass(frozen=True, slots=True)
class CorrectionState:
    """How far a correction that was made has come."""

    made: MadeCorrection
    question_key: str
    plain: str
    old_lines: tuple[tuple[KeyLine, ...], ...]
    new_lines: tuple[tuple[KeyLine, ...], ...]
    """Nothing for a strike."""
    reached: int
    """People."""
    stuck: bool
    """The job that brings it to people gave up."""

    @property
    def is_done(self) -> bool:
        return self.reached >= self.made.people


def correction_page(db: Session, actor: Actor, key: str) -> CorrectionPage:
    require(actor, Permission.WRITE_CONTENT)
    row = db.execute(
        select(models.Question, models.QuestionRevision)
        .join(models.QuestionRevision, models.QuestionRevision.id == models.Question.current_revision_id)
        .where(models.Question.key == key)
    ).one_or_none()
    if row is None:
        raise NotFound
    question, revision = row
    authored, past = from_data(revision.data), load_past(db, question.id)
    touched = ids_of(past.touched_by_new_key(revision.id, authored))
    struck = ids_of(past.touched_by_new_strike(revision.id))
    people, responses = count_touched(db, touched)
    struck_people, struck_responses = count_touched(db, struck)
    answered = _answered(db, struck)
    return CorrectionPage(
        key=key,
        status=question.status,
        revision_id=revision.id,
        question=authored,
        shown=shown_question(key, revision, _authored_order(authored)),
        html=revision.html,
        key_lines=key_lines(authored, revision.html, [key_of(body) for body in bodies(authored)]),
        people=people,
        responses=responses,
        struck_people=struck_people,
        struck_responses=struck_responses,
        revisions=tuple(
            RevisionAnswered(each.number, answered.get(each.id, 0), each.id in touched)
            for each in past.revisions
        ),
        made=_made(db, models.Correction.question_id == question.id),
    )


def key_lines(
    question: Question, html: Mapping[str, Any], keys: Sequence[Key]
) -> tuple[tuple[KeyLine, ...], ...]:
    """``html`` and ``keys`` of the revision as authored; the keys need not be its own."""
    parts = html["parts"] if isinstance(question.body, Scenario) else [html]
    told = zip(bodies(question), keys, parts, strict=True)
    return tuple(_lines(body, key, part) for body, key, part in told)


def _lines(body: SimpleBody, key: Key, html: Mapping[str, Any]) -> tuple[KeyLine, ...]:
    texts = ["", ""] if kind_of(body) is Kind.TRUE_FALSE else html["choices"]
    match key:
        case RightChoices(indices):
            return tuple(KeyLine(index, texts[index]) for index in sorted(indices))
        case RightNumber(value, tolerance):
            unit = body.unit if isinstance(body, Numeric) else ""
            return (KeyLine(None, f"{value:,f}{unit}" + (f" ±{tolerance:,f}" if tolerance else "")),)
        case RightOrder(indices):
            return tuple(KeyLine(None, texts[index]) for index in indices)
        case RightMatches(indices):
            pairs = zip(texts, indices, strict=True)
            return tuple(KeyLine(None, left, html["rights"][index]) for left, index in pairs)


def taught_texts(page: CorrectionPage, new: Question, html: Mapping[str, Any]) -> TaughtTexts:
    """``html`` of ``new``, which is the question of ``page`` with another key and perhaps other words."""
    several = isinstance(new.body, Scenario)
    pairs = zip(bodies(page.question), bodies(new), strict=True)
    befores, afters = (page.html["parts"], html["parts"]) if several else ([page.html], [html])
    return TaughtTexts(
        parts=tuple(
            TaughtPart(_taught_reasons(*pair, before, after), after["explanation"] if several else "")
            for pair, before, after in zip(pairs, befores, afters, strict=True)
        ),
        explanation_html=html["explanation"],
        explanation_changed=html["explanation"] != page.html["explanation"],
    )


def _taught_reasons(
    old: SimpleBody, new: SimpleBody, before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[TaughtReason, ...]:
    kind = kind_of(new)
    was, now = _what_is_right(old, before), _what_is_right(new, after)
    texts = ["", ""] if kind is Kind.TRUE_FALSE else after["choices"]
    told = enumerate(zip(before["reasons"], after["reasons"], strict=True))
    return tuple(
        TaughtReason(
            place=None if kind is Kind.MATCHING else index,
            option_html=texts[index],
            html=reason,
            right=now[index] is True,
            changed=reason != old_reason,
            doubtful=reason == old_reason and was[index] != now[index],
        )
        for index, (old_reason, reason) in told
        if reason
    )


def _what_is_right(body: SimpleBody, html: Mapping[str, Any]) -> Sequence[object]:
    """By the index of a reason: whether the choice is right, or what belongs to the left-hand side."""
    key = key_of(body)
    if isinstance(key, RightChoices):
        return [index in key.indices for index in range(len(html["reasons"]))]
    return list(html.get("rights", ()))


def correction_effect(db: Session, key: str, new: Question | None) -> tuple[Change, ...] | None:
    """How marks would change, most frequent first; ``new`` is None for a strike. None where there are too many."""
    question = db.scalars(select(models.Question).where(models.Question.key == key)).one()
    past, current = load_past(db, question.id), question.current_revision_id or 0
    touched = past.touched_by_new_key(current, new) if new else past.touched_by_new_strike(current)
    response, by_id = models.Response, {each.id: each.question for each in touched}
    rows = db.execute(
        select(response.revision_id, response.given, counting_credit, counting_correct, counts)
        .select_from(response)
        .outerjoin(standing, is_standing)
        .where(response.revision_id.in_(by_id))
        .limit(MOST_PREVIEWED + 1)
    ).all()
    if len(rows) > MOST_PREVIEWED:
        return None
    changes = Counter(
        (mark_word(credit, correct=right, counts=counting), _new_word(by_id[revision_id], new, given))
        for revision_id, given, credit, right, counting in rows
    )
    return tuple(Change(old, word, number) for (old, word), number in changes.most_common())


def _new_word(old: Question, new: Question | None, given: Mapping[str, Any]) -> MarkWord:
    if new is None:
        return MarkWord.STRUCK
    mark = mark_anew(old, new, response_from_data(given))
    return mark_word(mark.share, correct=mark.correct)


def correction_state(db: Session, actor: Actor, key: str, correction_id: int) -> CorrectionState:
    require(actor, Permission.WRITE_CONTENT)
    row = models.Correction
    found = db.execute(
        select(row.question_id, row.old_revision_id, row.new_revision_id)
        .join(models.Question, models.Question.id == row.question_id)
        .where(row.id == correction_id, models.Question.key == key)
    ).one_or_none()
    if found is None:
        raise NotFound
    ids = {found.old_revision_id, found.new_revision_id} - {None}
    in_revisions = models.QuestionRevision.id.in_(ids)
    revisions = {each.id: each for each in db.scalars(select(models.QuestionRevision).where(in_revisions))}
    old = revisions[found.old_revision_id]
    reached = (
        select(func.count(models.Response.user_id.distinct()))
        .join(models.Regrade, models.Regrade.response_id == models.Response.id)
        .where(models.Regrade.correction_id == correction_id)
    )
    job = select(models.Job.state).where(models.Job.unique_key == f"apply_correction:{correction_id}")
    return CorrectionState(
        made=_made(db, row.id == correction_id)[0],
        question_key=key,
        plain=old.plain,
        old_lines=own_lines(old),
        new_lines=own_lines(revisions[found.new_revision_id]) if found.new_revision_id else (),
        reached=db.scalar(reached) or 0,
        stuck=db.scalar(job.order_by(models.Job.id.desc()).limit(1)) == "failed",
    )


def own_lines(revision: models.QuestionRevision) -> tuple[tuple[KeyLine, ...], ...]:
    question = from_data(revision.data)
    return key_lines(question, revision.html, [key_of(body) for body in bodies(question)])


def _authored_order(question: Question) -> list[Any]:
    counted = [_options(body) for body in bodies(question)]
    return [list(range(count)) for count in counted] if isinstance(question.body, Scenario) else list(
        range(counted[0])
    )  # fmt: skip


def _options(body: SimpleBody) -> int:
    match key_of(body):
        case RightOrder(indices) | RightMatches(indices):
            return len(indices)
        case RightNumber():
            return 0
        case RightChoices():
            return len(getattr(body, "choices", (True, False)))


def _answered(db: Session, revision_ids: Sequence[int]) -> dict[int, int]:
    row = models.Response
    counted = select(row.revision_id, func.count().label("number")).where(row.revision_id.in_(revision_ids))
    return {found.revision_id: found.number for found in db.execute(counted.group_by(row.revision_id))}


def _made(db: Session, wanted: Any) -> tuple[MadeCorrection, ...]:
    row, user = models.Correction, models.User
    rows = db.execute(
        select(row, user.family_name, user.given_name)
        .outerjoin(user, user.id == row.made_by)
        .where(wanted)
        .order_by(row.id.desc())
    )
    return tuple(
        MadeCorrection(
            made.id,
            CorrectionKind(made.kind),
            made.reason,
            made.made_at,
            " ".join(name for name in (family, given) if name),
            made.people,
            made.responses,
        )
        for made, family, given in rows
    )
