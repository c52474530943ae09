from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.worksheets import FieldKind, SheetField, field_to_data
from studyhub.persistence.models import (
    FilledSheet,
    SheetComment,
    StudySession,
    Worksheet,
    WorkshopGroup,
    WorkshopMember,
)
from tests.factories.people import make_user

SHEET_ID = 40_004
"""The officer's own sheet, handed in."""
GROUP_ID = 40_005
FORM = [
    field_to_data(SheetField("who", "どんな人か", FieldKind.LINE, required=True)),
    field_to_data(SheetField("wants", "したいこと", FieldKind.LIST)),
    field_to_data(
        SheetField(
            "check",
            "確かめ方",
            FieldKind.TABLE,
            columns=("何を", "だれに"),
            columns_en=("What", "With whom"),
            rows=2,
        )
    ),
    field_to_data(
        SheetField(
            "place",
            "手を付けるところ",
            FieldKind.CHOICE,
            options=("流れ", "様式"),
            options_en=("The flow", "The forms"),
        )
    ),
]
VALUES = {"who": "みさき", "wants": ["今日知る"], "check": [["日", "窓口"]], "place": "様式"}


def furnish(db: Session, now: datetime, *, user_id: int, size: int) -> None:
    """The first study session is a workshop; others handed in sheets too, alone and in groups."""
    workshop = db.scalars(select(StudySession).order_by(StudySession.id)).first()
    assert workshop is not None
    if workshop.worksheet_id is None:
        _begin(db, now, workshop, user_id)
    for _number in range(size):
        person = make_user(db, now)
        sheet = FilledSheet(
            study_session_id=workshop.id,
            user_id=person.id,
            form=FORM,
            values=VALUES,
            changed_at=now,
            handed_in_at=now,
        )
        db.add(sheet)
        db.flush()
        db.add(SheetComment(sheet_id=sheet.id, author_id=user_id, text="よい。", created_at=now))
        group = WorkshopGroup(study_session_id=workshop.id, name=f"{person.id}班")
        db.add(group)
        db.flush()
        db.add(WorkshopMember(study_session_id=workshop.id, user_id=person.id, group_id=group.id))
    db.flush()


def _begin(db: Session, now: datetime, workshop: StudySession, user_id: int) -> None:
    worksheet = Worksheet(key="persona", title="ペルソナ", fields=FORM, content_hash="")
    db.add(worksheet)
    db.flush()
    workshop.worksheet_id = worksheet.id
    own = FilledSheet(
        id=SHEET_ID,
        study_session_id=workshop.id,
        user_id=user_id,
        form=FORM,
        values=VALUES,
        changed_at=now,
        changed_by=user_id,
        handed_in_at=now,
    )
    db.add_all([own, WorkshopGroup(id=GROUP_ID, study_session_id=workshop.id, name="見本の班")])
    db.flush()
