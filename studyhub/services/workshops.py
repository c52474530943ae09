"""Workshops: groups, sheets that are filled in alone or together, handing in, and comments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from studyhub.domain.errors import Conflict, Forbidden, Invalid, NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.notices import NoticeKind
from studyhub.domain.permissions import Permission, permits, require
from studyhub.domain.worksheets import SheetField, field_from_data, missing, read_values
from studyhub.persistence.models import (
    FilledSheet,
    SheetComment,
    StudySession,
    Worksheet,
    WorkshopGroup,
    WorkshopMember,
)
from studyhub.persistence.study_sessions import visible_to
from studyhub.persistence.workshops import sheet_of
from studyhub.services import notices

MAX_GROUP_NAME = 40
MOST_GROUPS = 60
MAX_COMMENT = 1000


class NewerSheet(Conflict):
    """What is stored is not what the page showed: somebody kept something since, or it is another sheet."""


@dataclass(frozen=True, slots=True)
class KeepSheet:
    """What the page was opened on: ``group_id`` is None for a sheet of one's own, ``version`` 0 for one not begun.

    ``sent`` reads the form.
    """

    study_session: str
    group_id: int | None
    version: int
    sent: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Kept:
    version: int
    changed_at: datetime


def begin_group(db: Session, actor: Actor, key: str, name: str) -> int:
    """Makes a group and joins it. Raises Invalid, NotFound and Conflict."""
    workshop = _workshop(db, actor, key)
    name = name.strip()
    if not name or len(name) > MAX_GROUP_NAME:
        raise Invalid("グループの名前を%(limit)s字以内で書いてください。", field="name", limit=MAX_GROUP_NAME)
    _take_turn(db, workshop)
    groups = select(WorkshopGroup).where(WorkshopGroup.study_session_id == workshop.id)
    names = {group.name for group in db.scalars(groups)}
    if name in names:
        raise Invalid("その名前のグループは既にあります。", field="name")
    if len(names) >= MOST_GROUPS:
        raise Invalid("グループは%(limit)sまでです。", field="name", limit=MOST_GROUPS)
    group = WorkshopGroup(study_session_id=workshop.id, name=name)
    db.add(group)
    db.flush()
    join_group(db, actor, key, group.id)
    return group.id


def join_group(db: Session, actor: Actor, key: str, group_id: int) -> None:
    """Leaves any other group of the workshop. A sheet of one's own stays. Raises NotFound and Conflict."""
    workshop = _workshop(db, actor, key)
    group = db.get(WorkshopGroup, group_id)
    if group is None or group.study_session_id != workshop.id:
        raise NotFound("そのグループはありません。")
    held = db.get(WorkshopMember, (workshop.id, actor.user_id))
    if held is None:
        db.add(WorkshopMember(study_session_id=workshop.id, user_id=actor.user_id, group_id=group.id))
    else:
        before, held.group_id = held.group_id, group.id
        db.flush()
        _end_if_empty(db, before)
    db.flush()


def leave_group(db: Session, actor: Actor, key: str) -> None:
    """The group's sheet stays with the others; a group that nobody is in and that wrote nothing ends."""
    workshop = _workshop(db, actor, key)
    held = db.get(WorkshopMember, (workshop.id, actor.user_id))
    if held is None:
        raise NotFound("グループに入っていません。")
    group_id = held.group_id
    db.delete(held)
    db.flush()
    _end_if_empty(db, group_id)


def keep_sheet(db: Session, actor: Actor, command: KeepSheet, now: datetime) -> Kept:
    """Raises Invalid, NotFound, NewerSheet, and Conflict for a sheet that was handed in."""
    workshop = _workshop(db, actor, command.study_session)
    sheet = _shown_sheet(db, actor, workshop, command.group_id)
    if sheet is None:
        _take_turn(db, workshop)
        sheet = _shown_sheet(db, actor, workshop, command.group_id)
    if sheet is None:
        sheet = _begin(db, actor, workshop)
    elif sheet.handed_in_at is not None:
        raise Conflict("提出したシートは書き直せません。先に提出を取り消してください。")
    elif sheet.version != command.version:
        raise NewerSheet(
            "ほかの人か別の画面が、先に保存しています。「いま保存されている内容」と見比べて、残す言葉にしてから保存してください。"
        )
    sheet.values = read_values(form_of(sheet), command.sent)
    sheet.version = command.version + 1
    sheet.changed_at = now
    sheet.changed_by = actor.user_id
    db.flush()
    return Kept(sheet.version, now)


def hand_in(db: Session, actor: Actor, key: str, group_id: int | None, now: datetime) -> None:
    """``group_id`` as in ``KeepSheet``. Raises NotFound, NewerSheet, and Invalid while a required field is empty."""
    workshop = _workshop(db, actor, key)
    sheet = _shown_sheet(db, actor, workshop, group_id)
    if sheet is None:
        raise NotFound("まだ何も書かれていません。")
    lacking = missing(form_of(sheet), sheet.values)
    if lacking:
        names = "、".join(field.label for field in lacking)
        raise Invalid("まだ書かれていない欄があります：%(names)s", field=lacking[0].key, names=names)
    sheet.handed_in_at = sheet.handed_in_at or now


def take_back(db: Session, actor: Actor, key: str, group_id: int | None) -> None:
    """As long as nobody has commented on it. ``group_id`` as in ``KeepSheet``. Raises NotFound and Conflict."""
    workshop = _workshop(db, actor, key)
    sheet = _shown_sheet(db, actor, workshop, group_id)
    if sheet is None or sheet.handed_in_at is None:
        raise NotFound("提出したシートはありません。")
    if db.scalar(select(func.count()).where(SheetComment.sheet_id == sheet.id)):
        raise Conflict("コメントが付いたため、提出を取り消せません。")
    sheet.handed_in_at = None


def comment(db: Session, actor: Actor, sheet_id: int, field: str, text: str, now: datetime) -> int:
    """On a sheet that was handed in, or on one field of it; its people are told. Raises NotFound and Invalid."""
    sheet = _commentable(db, actor, sheet_id)
    text = text.strip()
    if not text or len(text) > MAX_COMMENT:
        raise Invalid("コメントを%(limit)s字以内で書いてください。", field="text", limit=MAX_COMMENT)
    if field and field not in {each.key for each in form_of(sheet)}:
        raise NotFound("その欄はありません。")
    said = SheetComment(sheet_id=sheet.id, author_id=actor.user_id, field=field, text=text, created_at=now)
    db.add(said)
    db.flush()
    workshop = db.get_one(StudySession, sheet.study_session_id)
    told = [person for person in _people_of(db, sheet) if person != actor.user_id]
    path = f"/workshops/{workshop.key}/sheets#sheet-{sheet.id}"
    params = {"title": workshop.title, "title_en": workshop.title_en, "where": "worksheet"}
    notices.tell(db, told, NoticeKind.COMMENT, params, path, now)
    return said.id


def form_of(sheet: FilledSheet) -> tuple[SheetField, ...]:
    return tuple(field_from_data(data) for data in sheet.form)


def _workshop(db: Session, actor: Actor, key: str) -> StudySession:
    require(actor, Permission.STUDY)
    found = db.scalars(
        select(StudySession).where(
            StudySession.key == key, visible_to(actor), StudySession.worksheet_id.is_not(None)
        )
    ).first()
    if found is None:
        raise NotFound("そのワークショップはありません。")
    return found


def _shown_sheet(
    db: Session, actor: Actor, workshop: StudySession, group_id: int | None
) -> FilledSheet | None:
    """The one the page showed, locked. Raises NewerSheet for whoever entered, changed or left a group since."""
    member = db.get(WorkshopMember, (workshop.id, actor.user_id))
    if (member.group_id if member else None) != group_id:
        raise NewerSheet(
            "この画面を開いたあとで、グループに入ったか抜けたため、書くシートが変わりました。いまのシートの内容と見比べて、残す言葉にしてから保存してください。"
        )
    return sheet_of(db, workshop.id, actor.user_id, lock=True)


def _take_turn(db: Session, workshop: StudySession) -> None:
    """Whoever begins a group or a sheet at the same time waits, and then sees what the other began."""
    db.execute(select(StudySession.id).where(StudySession.id == workshop.id).with_for_update(key_share=True))


def _begin(db: Session, actor: Actor, workshop: StudySession) -> FilledSheet:
    worksheet = db.get_one(Worksheet, workshop.worksheet_id)
    member = db.get(WorkshopMember, (workshop.id, actor.user_id))
    sheet = FilledSheet(
        study_session_id=workshop.id,
        user_id=None if member else actor.user_id,
        group_id=member.group_id if member else None,
        form=worksheet.fields,
    )
    db.add(sheet)
    return sheet


def _end_if_empty(db: Session, group_id: int) -> None:
    members = select(func.count()).where(WorkshopMember.group_id == group_id)
    sheets = select(func.count()).where(FilledSheet.group_id == group_id)
    if not db.scalar(members) and not db.scalar(sheets):
        db.execute(delete(WorkshopGroup).where(WorkshopGroup.id == group_id))


def _commentable(db: Session, actor: Actor, sheet_id: int) -> FilledSheet:
    """Raises NotFound for a sheet that the actor may not see."""
    sheet = db.get(FilledSheet, sheet_id)
    if sheet is None or sheet.handed_in_at is None:
        raise NotFound("そのシートはありません。")
    workshop = db.get_one(StudySession, sheet.study_session_id)
    _workshop(db, actor, workshop.key)
    if not permits(actor, Permission.WRITE_CONTENT) and sheet_of(db, workshop.id, actor.user_id) is None:
        raise Forbidden("このワークショップに参加した人だけがコメントできます。")
    return sheet


def _people_of(db: Session, sheet: FilledSheet) -> list[int]:
    if sheet.user_id is not None:
        return [sheet.user_id]
    return list(db.scalars(select(WorkshopMember.user_id).where(WorkshopMember.group_id == sheet.group_id)))
