"""Surveys as the values the rules work on, for services and reads; and their participations and answers, mixed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from studyhub.domain.surveys import Answer, Item, ItemKind
from studyhub.persistence.models import SurveyAnswer, SurveyItem, SurveyParticipation

Sheet = dict[int, Answer]
"""Answers by the key of the item."""


def load_items(db: Session, survey_id: str) -> dict[int, Item]:
    """In the order in which they are asked."""
    rows = db.scalars(
        select(SurveyItem).where(SurveyItem.survey_id == survey_id).order_by(SurveyItem.position)
    )
    return {
        row.id: Item(ItemKind(row.kind), row.label, tuple(row.options), required=row.required) for row in rows
    }


def load_sheets(db: Session, survey_id: str) -> tuple[Sheet, ...]:
    sheets: defaultdict[str, Sheet] = defaultdict(dict)
    columns = select(SurveyAnswer.sheet, SurveyAnswer.item_id, SurveyAnswer.number, SurveyAnswer.text)
    of_survey = columns.join(SurveyItem, SurveyItem.id == SurveyAnswer.item_id)
    for row in db.execute(of_survey.where(SurveyItem.survey_id == survey_id)):
        sheets[row.sheet][row.item_id] = row.text if row.number is None else row.number
    return tuple(sheets.values())


def store_mixed(
    db: Session, survey_id: str, rng: Random, *, person: int | None = None, sheet: Sheet | None = None
) -> None:
    """Writes all participations and all answers of a survey anew, each in an order of its own, the sheets under new
    keys; a new person and a new sheet come in among them.

    Afterwards every row was written by the same transaction, so neither the place of a row on the disk nor the number
    of the transaction that wrote it joins a person to a sheet. The caller holds the survey's row locked; ``rng`` is
    one that nobody can foresee.
    """
    people = list(
        db.scalars(select(SurveyParticipation.user_id).where(SurveyParticipation.survey_id == survey_id))
    )
    sheets = list(load_sheets(db, survey_id))
    if person is not None:
        people.append(person)
    if sheet is not None:
        sheets.append(sheet)
    items = select(SurveyItem.id).where(SurveyItem.survey_id == survey_id)
    _erase(db, delete(SurveyParticipation).where(SurveyParticipation.survey_id == survey_id))
    _erase(db, delete(SurveyAnswer).where(SurveyAnswer.item_id.in_(items)))
    rng.shuffle(people)
    _insert(db, SurveyParticipation, [{"survey_id": survey_id, "user_id": each} for each in people])
    answers = [row for each in sheets for row in _answer_rows(each, _random_key(rng))]
    rng.shuffle(answers)
    _insert(db, SurveyAnswer, answers)


def _answer_rows(sheet: Sheet, key: str) -> list[dict[str, Any]]:
    return [
        {
            "sheet": key,
            "item_id": item_id,
            "number": None if isinstance(answer, str) else answer,
            "text": answer if isinstance(answer, str) else None,
        }
        for item_id, answer in sheet.items()
    ]


def _random_key(rng: Random) -> str:
    return str(UUID(int=rng.getrandbits(128), version=4))


def _erase(db: Session, statement: Any) -> None:
    db.execute(statement, execution_options={"synchronize_session": False})


def _insert(db: Session, model: type[Any], rows: Sequence[dict[str, Any]]) -> None:
    """By the table, which keeps the order of the rows."""
    if rows:
        db.execute(insert(model.__table__), rows)
