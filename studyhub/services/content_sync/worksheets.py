"""The forms of worksheets. What is filled in keeps the form it was begun with, so a form may change at any time."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.content.plan import fingerprint
from studyhub.domain.worksheets import Worksheet as AuthoredWorksheet
from studyhub.domain.worksheets import field_to_data
from studyhub.persistence.models import Worksheet


def store_worksheets(db: Session, authored: Iterable[AuthoredWorksheet], retired: Iterable[str]) -> None:
    for sheet in authored:
        row = db.scalars(select(Worksheet).where(Worksheet.key == sheet.id)).first()
        if row is None:
            row = Worksheet(key=sheet.id)
            db.add(row)
        row.title = sheet.title
        row.title_en = sheet.title_en
        row.intro = sheet.intro
        row.intro_en = sheet.intro_en
        row.fields = [field_to_data(field) for field in sheet.fields]
        row.retired = False
        row.content_hash = fingerprint(sheet)
    for key in retired:
        db.scalars(select(Worksheet).where(Worksheet.key == key)).one().retired = True
    db.flush()


def worksheet_ids(db: Session) -> dict[str, int]:
    return {row.key: row.id for row in db.execute(select(Worksheet.key, Worksheet.id))}
