"""What corrections look at: the revisions of a question, its corrections so far, and whom a new one would touch."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.domain.corrections import (
    CorrectionKind,
    PastCorrection,
    Revision,
    touched_by_key,
    touched_by_strike,
)
from studyhub.domain.questions import Question, from_data
from studyhub.persistence import models


@dataclass(frozen=True, slots=True)
class QuestionPast:
    """``corrections`` in the order in which they were made, with their ids."""

    revisions: tuple[Revision, ...]
    corrections: tuple[tuple[int, PastCorrection], ...]

    def revision(self, id_: int) -> Revision:
        return next(each for each in self.revisions if each.id == id_)

    def touched_by_new_key(self, old_id: int, new: Question) -> tuple[Revision, ...]:
        past = [correction for _, correction in self.corrections]
        number = self.revisions[-1].number + 1
        return touched_by_key(self.revisions, past, self.revision(old_id), new, number)

    def touched_by_new_strike(self, old_id: int) -> tuple[Revision, ...]:
        return touched_by_strike(self.revisions, self.revision(old_id))

    def touched(self, correction_id: int) -> tuple[Revision, ...]:
        """By a correction that was made."""
        before: list[PastCorrection] = []
        for id_, made in self.corrections:
            if id_ != correction_id:
                before.append(made)
            elif made.new is None:
                return touched_by_strike(self.revisions, made.old)
            else:
                return touched_by_key(self.revisions, before, made.old, made.new.question, made.new.number)
        raise ValueError(f"no correction {correction_id} of this question")


def load_past(db: Session, question_id: int) -> QuestionPast:
    """Two statements."""
    row = models.QuestionRevision
    columns = select(row.id, row.number, row.data).where(row.question_id == question_id)
    found = db.execute(columns.order_by(row.number))
    revisions = {id_: Revision(id_, number, from_data(data)) for id_, number, data in found}
    made = db.scalars(
        select(models.Correction)
        .where(models.Correction.question_id == question_id)
        .order_by(models.Correction.id)
    )
    return QuestionPast(tuple(revisions.values()), tuple((each.id, _past(each, revisions)) for each in made))


def _past(made: models.Correction, revisions: dict[int, Revision]) -> PastCorrection:
    new = revisions[made.new_revision_id] if made.new_revision_id is not None else None
    return PastCorrection(CorrectionKind(made.kind), revisions[made.old_revision_id], new)


def count_touched(db: Session, revision_ids: Collection[int]) -> tuple[int, int]:
    """How many people, and how many responses of theirs."""
    row = models.Response
    counted = select(func.count(row.user_id.distinct()), func.count())
    people, responses = db.execute(counted.where(row.revision_id.in_(revision_ids))).one()
    return people, responses


def ids_of(revisions: Iterable[Revision]) -> list[int]:
    return [each.id for each in revisions]
