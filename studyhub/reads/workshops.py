"""Workshops: the list, the sheet one works on, and the sheets that were handed in, side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.domain.errors import NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, permits
from studyhub.domain.worksheets import SheetField, Values, field_from_data, missing
from studyhub.persistence.models import (
    FilledSheet,
    SheetComment,
    StudySession,
    User,
    Worksheet,
    WorkshopGroup,
    WorkshopMember,
)
from studyhub.persistence.study_sessions import visible_to
from studyhub.persistence.workshops import sheet_of


@dataclass(frozen=True, slots=True)
class WorkshopRow:
    key: str
    title: str
    title_en: str
    held_on: date | None
    worksheet: str
    worksheet_en: str
    begun: int
    handed_in: int


@dataclass(frozen=True, slots=True)
class Group:
    id: int
    name: str
    members: tuple[str, ...]
    is_own: bool


@dataclass(frozen=True, slots=True)
class Workshop:
    key: str
    title: str
    title_en: str
    worksheet: str
    worksheet_en: str
    intro: str
    intro_en: str


@dataclass(frozen=True, slots=True)
class SheetPage:
    """``version`` is 0 and ``values`` empty for a sheet that was not begun."""

    workshop: Workshop
    form: tuple[SheetField, ...]
    values: Values
    version: int
    changed_at: datetime | None
    changed_by: str
    handed_in_at: datetime | None
    lacking: tuple[SheetField, ...]
    groups: tuple[Group, ...]
    sheet_id: int | None
    may_see_all: bool

    @property
    def own_group(self) -> Group | None:
        return next((group for group in self.groups if group.is_own), None)


@dataclass(frozen=True, slots=True)
class Remark:
    id: int
    field: str
    author: str
    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class HandedIn:
    id: int
    owner: str
    """Name of the group or of the person; ``members`` are those of a group."""
    members: tuple[str, ...]
    form: tuple[SheetField, ...]
    values: Values
    handed_in_at: datetime
    comments: tuple[Remark, ...]
    is_own: bool


@dataclass(frozen=True, slots=True)
class SheetsPage:
    """``fields`` are those of all the forms, in order: the rows of the comparison."""

    workshop: Workshop
    sheets: tuple[HandedIn, ...]
    fields: tuple[SheetField, ...]
    unfinished: int
    """Sheets that were begun and not handed in."""


def workshops_page(db: Session, actor: Actor) -> tuple[WorkshopRow, ...]:
    """Newest first, those without a day last."""
    begun = select(func.count()).where(FilledSheet.study_session_id == StudySession.id)
    handed_in = begun.where(FilledSheet.handed_in_at.is_not(None))
    rows = db.execute(
        select(
            StudySession.key,
            StudySession.title,
            StudySession.title_en,
            StudySession.held_on,
            Worksheet.title.label("worksheet"),
            Worksheet.title_en.label("worksheet_en"),
            begun.correlate(StudySession).scalar_subquery().label("begun"),
            handed_in.correlate(StudySession).scalar_subquery().label("handed_in"),
        )
        .join(Worksheet, Worksheet.id == StudySession.worksheet_id)
        .where(visible_to(actor))
        .order_by(StudySession.held_on.desc().nulls_last(), StudySession.id.desc())
    )
    return tuple(WorkshopRow(*row) for row in rows)


def sheet_page(db: Session, actor: Actor, key: str) -> SheetPage:
    """Raises NotFound."""
    session, worksheet = _workshop_rows(db, actor, key)
    sheet = sheet_of(db, session.id, actor.user_id)
    form = tuple(field_from_data(data) for data in (sheet.form if sheet else worksheet.fields))
    values = sheet.values if sheet else {}
    changed_by = db.get(User, sheet.changed_by) if sheet and sheet.changed_by else None
    return SheetPage(
        workshop=_workshop(session, worksheet),
        form=form,
        values=values,
        version=sheet.version if sheet else 0,
        changed_at=sheet.changed_at if sheet else None,
        changed_by=changed_by.display_name if changed_by else "",
        handed_in_at=sheet.handed_in_at if sheet else None,
        lacking=missing(form, values),
        groups=_groups(db, session.id, actor),
        sheet_id=sheet.id if sheet else None,
        may_see_all=permits(actor, Permission.WRITE_CONTENT) or sheet is not None,
    )


def sheets_page(db: Session, actor: Actor, key: str) -> SheetsPage:
    """What was handed in, for those who take part and for lecturers. Raises NotFound for others."""
    session, worksheet = _workshop_rows(db, actor, key)
    own = sheet_of(db, session.id, actor.user_id)
    if own is None and not permits(actor, Permission.WRITE_CONTENT):
        raise NotFound("提出されたシートは、このワークショップに参加した人が見られます。")
    rows = list(
        db.scalars(
            select(FilledSheet).where(FilledSheet.study_session_id == session.id).order_by(FilledSheet.id)
        )
    )
    shown = [row for row in rows if row.handed_in_at is not None]
    groups = {group.id: group for group in _groups(db, session.id, actor)}
    names, comments = _names(db, shown), _comments(db, [row.id for row in shown])
    sheets = tuple(
        _handed_in(row, groups, names, comments[row.id], own is not None and row.id == own.id)
        for row in shown
    )
    fields = {field.key: field for sheet in sheets for field in sheet.form}
    return SheetsPage(_workshop(session, worksheet), sheets, tuple(fields.values()), len(rows) - len(shown))


def _workshop_rows(db: Session, actor: Actor, key: str) -> tuple[StudySession, Worksheet]:
    found = db.execute(
        select(StudySession, Worksheet)
        .join(Worksheet, Worksheet.id == StudySession.worksheet_id)
        .where(StudySession.key == key, visible_to(actor))
    ).first()
    if found is None:
        raise NotFound("そのワークショップはありません。")
    return found[0], found[1]


def _workshop(session: StudySession, worksheet: Worksheet) -> Workshop:
    return Workshop(
        key=session.key,
        title=session.title,
        title_en=session.title_en,
        worksheet=worksheet.title,
        worksheet_en=worksheet.title_en,
        intro=worksheet.intro,
        intro_en=worksheet.intro_en,
    )


def _groups(db: Session, study_session_id: int, actor: Actor) -> tuple[Group, ...]:
    rows = db.execute(
        select(WorkshopGroup.id, WorkshopGroup.name, User.id, User.family_name, User.given_name)
        .outerjoin(WorkshopMember, WorkshopMember.group_id == WorkshopGroup.id)
        .outerjoin(User, User.id == WorkshopMember.user_id)
        .where(WorkshopGroup.study_session_id == study_session_id)
        .order_by(WorkshopGroup.id, User.family_kana, User.given_kana, User.id)
    )
    names: dict[int, str] = {}
    members: defaultdict[int, list[str]] = defaultdict(list)
    own: set[int] = set()
    for group_id, name, user_id, family_name, given_name in rows:
        names[group_id] = name
        if user_id is not None:
            members[group_id].append(f"{family_name} {given_name}")
        if user_id == actor.user_id:
            own.add(group_id)
    return tuple(Group(key, name, tuple(members[key]), key in own) for key, name in names.items())


def _names(db: Session, sheets: Sequence[FilledSheet]) -> dict[int, str]:
    people = {sheet.user_id for sheet in sheets if sheet.user_id is not None}
    rows = db.execute(select(User.id, User.family_name, User.given_name).where(User.id.in_(people)))
    return {row.id: f"{row.family_name} {row.given_name}" for row in rows}


def _comments(db: Session, sheet_ids: Collection[int]) -> defaultdict[int, list[Remark]]:
    rows = db.execute(
        select(SheetComment, User.family_name, User.given_name)
        .outerjoin(User, User.id == SheetComment.author_id)
        .where(SheetComment.sheet_id.in_(sheet_ids))
        .order_by(SheetComment.id)
    )
    found: defaultdict[int, list[Remark]] = defaultdict(list)
    for said, family_name, given_name in rows:
        author = f"{family_name} {given_name}" if family_name else ""
        found[said.sheet_id].append(Remark(said.id, said.field, author, said.text, said.created_at))
    return found


def _handed_in(
    sheet: FilledSheet,
    groups: dict[int, Group],
    names: dict[int, str],
    comments: Sequence[Remark],
    is_own: bool,
) -> HandedIn:
    group = groups.get(sheet.group_id or 0)
    assert sheet.handed_in_at is not None
    return HandedIn(
        id=sheet.id,
        owner=group.name if group else names.get(sheet.user_id or 0, ""),
        members=group.members if group else (),
        form=tuple(field_from_data(data) for data in sheet.form),
        values=sheet.values,
        handed_in_at=sheet.handed_in_at,
        comments=tuple(comments),
        is_own=is_own,
    )
