"""Case notes as a list, on their own page with the discussion, and for the meeting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session

from studyhub.domain.case_notes import TAGS_DEPTH, TAGS_SYLLABUS, NoteFields, NoteKind
from studyhub.domain.days import office_day
from studyhub.domain.errors import NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.organisation import Level
from studyhub.domain.permissions import Permission, permits
from studyhub.persistence.models import (
    CaseNote,
    CaseNoteComment,
    CaseNoteTopic,
    StudySession,
    Topic,
    Unit,
    User,
)
from studyhub.persistence.study_sessions import visible_to
from studyhub.reads.rows import AnyRow

NOTES_A_PAGE = 20
MOST_IN_MEETING = 200


@dataclass(frozen=True, slots=True)
class NoteFilter:
    """Each is empty, or None, when nothing is asked for; ``unit_id`` may be that of any version of a bureau."""

    kind: NoteKind | None = None
    topic: str = ""
    unit_id: int | None = None
    since: date | None = None

    @property
    def is_set(self) -> bool:
        return self != NoteFilter()


@dataclass(frozen=True, slots=True)
class Tag:
    key: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Bureau:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class NoteRow:
    id: int
    kind: NoteKind
    title: str
    text: str
    html: str
    author: str
    bureau: str
    happened_on: date
    tags: tuple[Tag, ...]
    comments: int


@dataclass(frozen=True, slots=True)
class Collected:
    """A study session that is a collection of cases."""

    key: str
    title: str
    title_en: str


@dataclass(frozen=True, slots=True)
class NotesPage:
    filter: NoteFilter
    """As asked for, with the bureau in today's version."""
    rows: tuple[NoteRow, ...]
    total: int
    page: int
    pages: int
    tags: tuple[Tag, ...]
    bureaus: tuple[Bureau, ...]
    collections: tuple[Collected, ...]


@dataclass(frozen=True, slots=True)
class Comment:
    id: int
    author: str
    text: str
    created_at: datetime
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class NotePage:
    row: NoteRow
    html: str
    created_at: datetime
    changed_at: datetime | None
    comments: tuple[Comment, ...]
    may_change: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class NoteForm:
    """What the form offers; ``fields`` is the note that is changed, None for a new one.

    The note's bureau is held, and offered, in today's version; one that was closed stays on offer for its notes.
    """

    tags: tuple[Tag, ...]
    bureaus: tuple[Bureau, ...]
    fields: NoteFields | None = None


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """Notes since a day, by bureau; those about no bureau stand last under an empty name."""

    since: date
    groups: Mapping[str, Sequence[NoteRow]]
    total: int
    is_cut: bool
    """Whether there are more than the page shows."""


def notes_page(db: Session, actor: Actor, asked: NoteFilter, page: int, now: datetime) -> NotesPage:
    """``page`` counts from 1; one that is not there becomes the last."""
    bureaus = _Bureaus(db, now)
    conditions = _conditions(asked, bureaus)
    total = db.scalar(select(func.count()).select_from(CaseNote).where(*conditions)) or 0
    pages = max(1, -(-total // NOTES_A_PAGE))
    page = max(1, min(page, pages))
    wanted = _notes(conditions).limit(NOTES_A_PAGE).offset((page - 1) * NOTES_A_PAGE)
    return NotesPage(
        filter=replace(asked, unit_id=bureaus.today_id(asked.unit_id)),
        rows=_rows(db, db.execute(wanted).all(), bureaus),
        total=total,
        page=page,
        pages=pages,
        tags=_offered_tags(db),
        bureaus=bureaus.offered(asked.unit_id),
        collections=_collections(db, actor),
    )


def note_page(db: Session, actor: Actor, note_id: int, now: datetime) -> NotePage:
    """Raises NotFound, also for a note that was withdrawn."""
    found = db.execute(_notes([CaseNote.id == note_id, CaseNote.withdrawn_at.is_(None)])).first()
    if found is None:
        raise NotFound("そのノートはありません。")
    is_own, looks_after = found.author_id == actor.user_id, permits(actor, Permission.WRITE_CONTENT)
    return NotePage(
        row=_rows(db, [found], _Bureaus(db, now))[0],
        html=found.html,
        created_at=found.created_at,
        changed_at=found.changed_at,
        comments=_comments(db, actor, note_id),
        may_change=is_own,
        may_withdraw=is_own or looks_after,
    )


def note_form(db: Session, actor: Actor, note_id: int | None, now: datetime) -> NoteForm:
    """Raises NotFound for a note that is not the actor's own."""
    tags, bureaus = _offered_tags(db), _Bureaus(db, now)
    if note_id is None:
        return NoteForm(tags, bureaus.offered())
    note = db.get(CaseNote, note_id)
    if note is None or note.withdrawn_at is not None or note.author_id != actor.user_id:
        raise NotFound("そのノートはありません。")
    held = tuple(tag.key for tag in _tags(db, [note.id])[note.id])
    unit_id = bureaus.today_id(note.unit_id)
    fields = NoteFields(NoteKind(note.kind), note.title, note.text, note.happened_on, unit_id, held)
    return NoteForm(tags, bureaus.offered(note.unit_id), fields)


def meeting_page(db: Session, since: date, now: datetime) -> MeetingPage:
    bureaus = _Bureaus(db, now)
    wanted = _notes(_conditions(NoteFilter(since=since), bureaus)).limit(MOST_IN_MEETING + 1)
    rows = db.execute(wanted).all()
    groups: defaultdict[str, list[NoteRow]] = defaultdict(list)
    for row in _rows(db, rows[:MOST_IN_MEETING], bureaus):
        groups[row.bureau].append(row)
    ordered = sorted(groups, key=lambda name: (name == "", name))
    shown = min(len(rows), MOST_IN_MEETING)
    return MeetingPage(since, {name: groups[name] for name in ordered}, shown, len(rows) > MOST_IN_MEETING)


class _Bureaus:
    """The bureaus as they are today, one statement. A note keeps the version it was written with, so any is known."""

    def __init__(self, db: Session, now: datetime) -> None:
        rows = db.execute(
            select(Unit.id, Unit.code, Unit.name, Unit.starts_on, Unit.ends_on)
            .where(Unit.level == Level.BUREAU.value)
            .order_by(Unit.code, Unit.starts_on)
        ).all()
        today = office_day(now)
        newest = {row.code: row for row in rows if row.starts_on <= today}
        self._code = {row.id: row.code for row in rows}
        self._today = {row.id: _bureau(newest.get(row.code, row)) for row in rows}
        self._open = tuple(
            _bureau(row) for row in newest.values() if row.ends_on is None or row.ends_on >= today
        )

    def today_id(self, unit_id: int | None) -> int | None:
        """Of today's version, of the last one of a closed bureau."""
        return self._today[unit_id].id if unit_id in self._today else unit_id

    def name(self, unit_id: int | None) -> str:
        return self._today[unit_id].name if unit_id in self._today else ""

    def versions(self, unit_id: int) -> tuple[int, ...]:
        code = self._code.get(unit_id)
        return tuple(version for version, each in self._code.items() if each == code)

    def offered(self, held: int | None = None) -> tuple[Bureau, ...]:
        """Those open today, and the held one."""
        bureau = self._today.get(held) if held is not None else None
        return self._open if bureau is None or bureau in self._open else (*self._open, bureau)


def _bureau(row: AnyRow) -> Bureau:
    return Bureau(row.id, row.name)


def _conditions(asked: NoteFilter, bureaus: _Bureaus) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [CaseNote.withdrawn_at.is_(None)]
    if asked.kind:
        conditions.append(CaseNote.kind == asked.kind.value)
    if asked.unit_id is not None:
        conditions.append(CaseNote.unit_id.in_(bureaus.versions(asked.unit_id)))
    if asked.since is not None:
        conditions.append(CaseNote.happened_on >= asked.since)
    if asked.topic:
        conditions.append(
            exists().where(
                CaseNoteTopic.case_note_id == CaseNote.id,
                CaseNoteTopic.topic_id == Topic.id,
                Topic.key == asked.topic,
            )
        )
    return conditions


def _notes(conditions: Sequence[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            CaseNote.id,
            CaseNote.kind,
            CaseNote.title,
            CaseNote.text,
            CaseNote.html,
            CaseNote.happened_on,
            CaseNote.created_at,
            CaseNote.changed_at,
            CaseNote.author_id,
            User.family_name,
            User.given_name,
            CaseNote.unit_id,
        )
        .outerjoin(User, User.id == CaseNote.author_id)
        .where(*conditions)
        .order_by(CaseNote.happened_on.desc(), CaseNote.id.desc())
    )


def _rows(db: Session, found: Sequence[AnyRow], bureaus: _Bureaus) -> tuple[NoteRow, ...]:
    ids = [row.id for row in found]
    tags, comments = _tags(db, ids), _comment_counts(db, ids)
    return tuple(
        NoteRow(
            id=row.id,
            kind=NoteKind(row.kind),
            title=row.title,
            text=row.text,
            html=row.html,
            author=_name(row),
            bureau=bureaus.name(row.unit_id),
            happened_on=row.happened_on,
            tags=tags[row.id],
            comments=comments.get(row.id, 0),
        )
        for row in found
    )


def _name(row: AnyRow) -> str:
    return f"{row.family_name} {row.given_name}" if row.family_name else ""


def _tags(db: Session, note_ids: Collection[int]) -> defaultdict[int, tuple[Tag, ...]]:
    rows = db.execute(
        select(CaseNoteTopic.case_note_id, Topic.key, Topic.name, Topic.name_en)
        .join(Topic, Topic.id == CaseNoteTopic.topic_id)
        .where(CaseNoteTopic.case_note_id.in_(note_ids))
        .order_by(Topic.position, Topic.id)
    )
    found: defaultdict[int, tuple[Tag, ...]] = defaultdict(tuple)
    for row in rows:
        found[row.case_note_id] += (Tag(row.key, row.name, row.name_en),)
    return found


def _comment_counts(db: Session, note_ids: Collection[int]) -> dict[int, int]:
    rows = db.execute(
        select(CaseNoteComment.case_note_id, func.count())
        .where(CaseNoteComment.case_note_id.in_(note_ids), CaseNoteComment.withdrawn_at.is_(None))
        .group_by(CaseNoteComment.case_note_id)
    )
    return {note_id: number for note_id, number in rows}  # noqa: C416 (dict() does not take rows)


def _comments(db: Session, actor: Actor, note_id: int) -> tuple[Comment, ...]:
    rows = db.execute(
        select(
            CaseNoteComment.id,
            CaseNoteComment.author_id,
            CaseNoteComment.text,
            CaseNoteComment.created_at,
            User.family_name,
            User.given_name,
        )
        .outerjoin(User, User.id == CaseNoteComment.author_id)
        .where(CaseNoteComment.case_note_id == note_id, CaseNoteComment.withdrawn_at.is_(None))
        .order_by(CaseNoteComment.id)
    )
    looks_after = permits(actor, Permission.WRITE_CONTENT)
    return tuple(
        Comment(r.id, _name(r), r.text, r.created_at, looks_after or r.author_id == actor.user_id)
        for r in rows
    )


def _offered_tags(db: Session) -> tuple[Tag, ...]:
    rows = db.execute(
        select(Topic.key, Topic.name, Topic.name_en)
        .where(Topic.syllabus_id == TAGS_SYLLABUS, Topic.depth == TAGS_DEPTH, ~Topic.retired)
        .order_by(Topic.position, Topic.id)
    )
    return tuple(Tag(row.key, row.name, row.name_en) for row in rows)


def _collections(db: Session, actor: Actor) -> tuple[Collected, ...]:
    rows = db.execute(
        select(StudySession.key, StudySession.title, StudySession.title_en)
        .where(StudySession.kind == "case_note", visible_to(actor))
        .order_by(StudySession.position, StudySession.id)
    )
    return tuple(Collected(row.key, row.title, row.title_en) for row in rows)
