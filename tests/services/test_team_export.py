"""Looks and exports leave their trace, where the person and the auditor read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.errors import Forbidden, Invalid
from studyhub.domain.team import LookKind
from studyhub.persistence.models import AuditEntry, User
from studyhub.reads.looks import looks_page
from studyhub.services.progress_looks import log_looks
from studyhub.services.team_export import TeamExport, export_team, file_of
from tests.personas import Personas


def export(personas: Personas, **changes: str) -> TeamExport:
    row = (personas.officer.user_id, ("=HYPERLINK(1)", "さとう", "+1", "@a", 3))
    asked = TeamExport(
        "12月の勉強会の準備", "csv", "チーム", ("氏名", "ふりがな", "所属", "職名", "回答数"), (row,)
    )
    return replace(asked, **changes)  # type: ignore[arg-type]  # texts only


def test_looks_of_a_day_are_counted_and_read_by_the_person_who_was_looked_at(
    db: Session, personas: Personas, now: datetime
) -> None:
    subjects = [personas.officer.user_id, personas.lecturer.user_id, personas.supervisor.user_id]
    for minutes in (0, 5):
        log_looks(db, personas.supervisor, subjects, LookKind.MATRIX, now + timedelta(minutes=minutes))
    log_looks(db, personas.supervisor, subjects[:1], LookKind.PERSON, now + timedelta(days=1))
    lines = looks_page(db, personas.officer, 1).lines
    assert [(line.kind, line.times, line.viewer) for line in lines] == [
        (LookKind.PERSON, 1, "田中 真理"),
        (LookKind.MATRIX, 2, "田中 真理"),
    ]
    assert lines[1].last_at == now + timedelta(minutes=5)
    assert len(looks_page(db, personas.lecturer, 1).lines) == 1
    assert not looks_page(db, personas.supervisor, 1).lines


def test_a_look_at_a_person_s_page_is_in_the_audit_log_too(
    db: Session, personas: Personas, now: datetime
) -> None:
    log_looks(db, personas.supervisor, [personas.officer.user_id], LookKind.PERSON, now)
    log_looks(db, personas.supervisor, [personas.officer.user_id], LookKind.MATRIX, now)
    entries = db.scalars(select(AuditEntry).where(AuditEntry.action == "progress.look")).all()
    assert [(entry.user_id, entry.subject_id) for entry in entries] == [
        (personas.supervisor.user_id, str(personas.officer.user_id))
    ]


def test_only_supervisors_look(db: Session, personas: Personas, now: datetime) -> None:
    with pytest.raises(Forbidden):
        log_looks(db, personas.administrator, [personas.officer.user_id], LookKind.MATRIX, now)


def test_an_export_says_why_in_the_audit_log_and_to_each_person(
    db: Session, personas: Personas, now: datetime
) -> None:
    export_team(db, personas.supervisor, export(personas), now)
    entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "team.export")).one()
    assert entry.detail == {"reason": "12月の勉強会の準備", "people": 1, "format": "csv"}
    assert [line.kind for line in looks_page(db, personas.officer, 1).lines] == [LookKind.EXPORT]


@pytest.mark.parametrize("changes", [{"reason": "  "}, {"reason": "長" * 501}, {"file_format": "exe"}])
def test_without_a_reason_or_a_known_format_nothing_is_exported(
    db: Session, personas: Personas, now: datetime, changes: dict[str, str]
) -> None:
    with pytest.raises(Invalid):
        export_team(db, personas.supervisor, export(personas, **changes), now)


def test_nobody_exports_people_of_another_unit(db: Session, personas: Personas, now: datetime) -> None:
    with pytest.raises(Forbidden):
        export_team(db, personas.supervisor_elsewhere, export(personas), now)


def test_no_cell_becomes_a_formula(personas: Personas) -> None:
    content = file_of(export(personas)).content.decode("utf-8-sig")
    assert "'=HYPERLINK(1),さとう,'+1,'@a,3" in content
    sheet = load_workbook(BytesIO(file_of(export(personas, file_format="xlsx")).content)).worksheets[0]
    assert [cell.data_type for cell in sheet[2]] == ["s", "s", "s", "s", "n"]


def test_a_viewer_whose_account_is_gone_leaves_the_look(
    db: Session, personas: Personas, now: datetime
) -> None:
    log_looks(db, personas.supervisor, [personas.officer.user_id], LookKind.MATRIX, now)
    user = db.get_one(User, personas.supervisor.user_id)
    user.family_name = user.given_name = ""
    db.flush()
    assert [line.viewer for line in looks_page(db, personas.officer, 1).lines] == [""]
