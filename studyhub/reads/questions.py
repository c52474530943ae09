"""Questions as they are shown: first without anything that tells the key, then with the marks and reasons."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from studyhub.domain.identity import Actor
from studyhub.domain.practice import check_order
from studyhub.domain.questions import Kind, Scenario, from_data
from studyhub.persistence import models
from studyhub.persistence.marks import is_standing, standing
from studyhub.reads.marked import Feedback, Regraded, feedback, regraded
from studyhub.reads.teaching import TeachingPage, teaching_pages


@dataclass(frozen=True, slots=True)
class ShownChoice:
    """``value`` is what the form sends; ``html`` is empty for true (0) and false (1), whose words are the page's."""

    value: int
    html: str


@dataclass(frozen=True, slots=True)
class ShownPart:
    """What is answered at once: a plain question has one part, a scenario several.

    ``choices`` are the items of an ordering and the left sides of a matching task, in the order of its fields;
    ``rights`` its right-hand sides. ``prefix`` precedes the names of the fields.
    """

    prefix: str
    kind: Kind
    stem_html: str
    choices: tuple[ShownChoice, ...]
    rights: tuple[ShownChoice, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question that is not answered yet. Holds neither key nor reasons."""

    question_id: int
    key: str
    revision_id: int
    kind: Kind
    text_html: str
    """Of a scenario, else empty."""
    stem_html: str
    parts: tuple[ShownPart, ...]
    source_line: str


@dataclass(frozen=True, slots=True)
class CheckQuestion:
    """A question inside the notes of a study session; ``feedback`` when its current revision was answered there."""

    shown: ShownQuestion
    feedback: Feedback | None


def shown_question(key: str, revision: models.QuestionRevision, order: Sequence[Any]) -> ShownQuestion:
    """``order`` as ``domain.practice.shown_order`` gives it."""
    question, html = from_data(revision.data), revision.html
    if isinstance(question.body, Scenario):
        parts = tuple(
            _shown_part(f"part-{number}-", data, part_html, places, by_place=False)
            for number, (data, part_html, places) in enumerate(
                zip(revision.data["parts"], html["parts"], order, strict=True)
            )
        )
    else:
        parts = (_shown_part("", revision.data, {**html, "stem": ""}, order, by_place=True),)
    return ShownQuestion(
        question_id=revision.question_id,
        key=key,
        revision_id=revision.id,
        kind=question.kind,
        text_html=html.get("text", ""),
        stem_html=html["stem"],
        parts=parts,
        source_line=revision.source_line,
    )


def check_questions(
    db: Session, actor: Actor, keys: Collection[str], again: str = ""
) -> dict[str, CheckQuestion]:
    """By key, for the published ones among ``keys``. The one named by ``again`` is shown to be answered anew."""
    rows = _published(db, keys)
    given = _latest_checks(db, actor.user_id, {revision.id: revision for _, revision in rows})
    pages = teaching_pages(db, [question.teaches for question, revision in rows if revision.id in given])
    found = {}
    for question, revision in rows:
        order = check_order(from_data(revision.data), actor.user_id)
        answered = given.get(revision.id) if question.key != again else None
        found[question.key] = CheckQuestion(
            shown_question(question.key, revision, order),
            answered.feedback(actor.user_id, pages.get(question.teaches)) if answered else None,
        )
    return found


@dataclass(frozen=True, slots=True)
class _Answered:
    """An answer in a check, to the revision that is asked now or to one whose key it corrects."""

    response: models.Response
    marked_unsure: bool
    revision: models.QuestionRevision
    changed: Regraded | None

    def feedback(self, user_id: int, teaches: TeachingPage | None) -> Feedback:
        order = check_order(from_data(self.revision.data), user_id)
        return feedback(self.revision, order, self.response, self.marked_unsure, teaches, self.changed)


def _published(db: Session, keys: Collection[str]) -> list[tuple[models.Question, models.QuestionRevision]]:
    if not keys:
        return []
    rows = db.execute(
        select(models.Question, models.QuestionRevision)
        .join(models.QuestionRevision, models.Question.current_revision_id == models.QuestionRevision.id)
        .where(models.Question.key.in_(keys), models.Question.status == "published")
    )
    return [(question, revision) for question, revision in rows]


def _latest_checks(
    db: Session, user_id: int, asked: Mapping[int, models.QuestionRevision]
) -> dict[int, _Answered]:
    """By revision that is asked: the officer's last answer to it in a check."""
    if not asked:
        return {}
    response, mark, revision, made = (
        models.Response, models.UnsureMark, models.QuestionRevision, models.Correction,
    )  # fmt: skip
    of_these = select(revision.id).where(
        revision.question_id.in_({each.question_id for each in asked.values()})
    )
    rows = db.execute(
        select(response, mark.response_id, revision, standing, made)
        .join(revision, revision.id == response.revision_id)
        .outerjoin(mark, mark.response_id == response.id)
        .outerjoin(standing, is_standing)
        .outerjoin(made, made.id == standing.correction_id)
        .where(response.user_id == user_id, response.context == "check", response.revision_id.in_(of_these))
        .where(or_(response.revision_id.in_(asked), made.new_revision_id.in_(asked)))
        .order_by(response.seq)
    )
    found = {}
    for given, marked, answered, regrade, correction in rows:
        new = _corrected(correction, asked)
        changed = regraded(regrade, correction, new)
        found[new.id if new else answered.id] = _Answered(given, marked is not None, answered, changed)
    return found


def _corrected(
    correction: models.Correction | None, asked: Mapping[int, models.QuestionRevision]
) -> models.QuestionRevision | None:
    return asked.get(correction.new_revision_id or 0) if correction is not None else None


def _shown_part(
    prefix: str, data: Mapping[str, Any], html: Mapping[str, Any], order: Sequence[int], *, by_place: bool
) -> ShownPart:
    """``by_place``: fields count the places as shown, so that the page's source tells nothing of the authored order."""
    kind = Kind(data["kind"])
    texts = ["", ""] if kind is Kind.TRUE_FALSE else html["choices"]
    placed = tuple(
        ShownChoice(place if by_place else index, (html["rights"] if kind is Kind.MATCHING else texts)[index])
        for place, index in enumerate(order)
    )
    lefts = tuple(ShownChoice(index, text) for index, text in enumerate(texts))
    is_matching = kind is Kind.MATCHING
    return ShownPart(
        prefix=prefix,
        kind=kind,
        stem_html=html["stem"],
        choices=lefts if is_matching else placed,
        rights=placed if is_matching else (),
        unit=data["answer"]["unit"] if kind is Kind.NUMERIC else "",
    )
