"""The team's table as a file: for a reason, noted in the audit log and in the log of each person in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from studyhub.domain.days import office_day
from studyhub.domain.errors import Forbidden, Invalid
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.domain.team import LookKind
from studyhub.formats.table_writing import Cell, TableFormat, write_table
from studyhub.persistence.leadership import Leadership
from studyhub.services import audit
from studyhub.services.progress_looks import log_looks

SHORTEST_REASON, LONGEST_REASON = 4, 500


@dataclass(frozen=True, slots=True)
class TeamExport:
    """``rows`` are those of people, in words, each with the id of its person."""

    reason: str
    file_format: str
    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]


@dataclass(frozen=True, slots=True)
class ExportedFile:
    content: bytes
    media_type: str
    ending: str


def export_team(db: Session, actor: Actor, command: TeamExport, now: datetime) -> None:
    """Notes the export, which the caller sends once that is stored.

    Raises Invalid for a missing reason, Forbidden for a person whom the actor does not lead today.
    """
    require(actor, Permission.SEE_TEAM)
    reason = command.reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise Invalid("書き出す理由を書いてください。", field="reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid("理由は%(most)s字以内で書いてください。", field="reason", most=LONGEST_REASON)
    subjects = frozenset(user_id for user_id, _cells in command.rows)
    if Leadership(db, actor.user_id, office_day(now)).led_among(db, subjects) != subjects:
        raise Forbidden("この操作を行う権限がありません。")
    log_looks(db, actor, subjects, LookKind.EXPORT, now)
    detail = {"reason": reason, "people": len(subjects), "format": _format(command.file_format).value}
    audit.record(db, actor.user_id, "team.export", "team", actor.user_id, now, **detail)
    db.flush()


def file_of(command: TeamExport) -> ExportedFile:
    """Outside any transaction: making a workbook takes longer than one should. Raises Invalid."""
    file_format = _format(command.file_format)
    cells = [cells for _user_id, cells in command.rows]
    content = write_table(file_format, command.title, command.headings, cells)
    return ExportedFile(content, file_format.media_type, file_format.value)


def _format(asked: str) -> TableFormat:
    try:
        return TableFormat(asked)
    except ValueError:
        raise Invalid("ファイルの形式を選んでください。", field="file_format") from None
