"""Questions as they are shown: first without anything that tells the key, then with the marks and reasons."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.identity import Actor
from studyhub.domain.practice import check_order
from studyhub.domain.questions import Kind, Scenario, from_data
from studyhub.persistence import models
from studyhub.reads.marked import Feedback, feedback
from studyhub.reads.teaching import teaching_pages


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
    given = _latest_checks(db, actor.user_id, [revision.id for _, revision in rows])
    pages = teaching_pages(db, [question.teaches for question, revision in rows if revision.id in given])
    found = {}
    for question, revision in rows:
        order = check_order(from_data(revision.data), actor.user_id)
        answered = given.get(revision.id) if question.key != again else None
        found[question.key] = CheckQuestion(
            shown_question(question.key, revision, order),
            feedback(revision, order, answered[0], answered[1], pages.get(question.teaches))
            if answered
            else None,
        )
    return found


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
    db: Session, user_id: int, revision_ids: Collection[int]
) -> dict[int, tuple[models.Response, bool]]:
    """By revision: the officer's last answer in a check and whether it was said afterwards to be a guess."""
    if not revision_ids:
        return {}
    response, mark = models.Response, models.UnsureMark
    rows = db.execute(
        select(response, mark.response_id)
        .outerjoin(mark, mark.response_id == response.id)
        .where(
            response.user_id == user_id, response.context == "check", response.revision_id.in_(revision_ids)
        )
        .order_by(response.seq)
    )
    return {given.revision_id: (given, marked is not None) for given, marked in rows}


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
