"""Writing, discussing and withdrawing case notes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from studyhub.content.rendering import Text
from studyhub.domain.case_notes import NoteFields, checked_comment
from studyhub.domain.days import office_day
from studyhub.domain.errors import Forbidden, Invalid, NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.notices import NoticeKind
from studyhub.domain.organisation import Level
from studyhub.domain.permissions import Permission, permits, require
from studyhub.persistence.models import CaseNote, CaseNoteComment, CaseNoteTopic, Topic, Unit
from studyhub.services import audit, notices
from studyhub.services.content_sync.followups import ask_for_reindexing
from studyhub.services.markdown import render_texts


def render_note(text: str) -> str:
    """Before the transaction. Raises Invalid."""
    return render_texts([Text(text)], field="text")[0].html


def write_note(db: Session, actor: Actor, fields: NoteFields, html: str, now: datetime) -> int:
    """Returns the note's id. Raises Invalid."""
    require(actor, Permission.STUDY)
    fields.check(office_day(now))
    note = CaseNote(author_id=actor.user_id, created_at=now)
    _fill(db, note, fields, html)
    db.add(note)
    db.flush()
    _tag(db, note, fields.topics)
    ask_for_reindexing(db, now)
    return note.id


def change_note(
    db: Session, actor: Actor, note_id: int, fields: NoteFields, html: str, now: datetime
) -> None:
    """Raises NotFound, Forbidden and Invalid."""
    note = _open_note(db, note_id)
    if note.author_id != actor.user_id:
        raise Forbidden("書いた本人だけが直せます。")
    fields.check(office_day(now))
    _fill(db, note, fields, html)
    note.changed_at = now
    _tag(db, note, fields.topics)
    ask_for_reindexing(db, now)


def withdraw_note(db: Session, actor: Actor, note_id: int, now: datetime) -> None:
    """By its author, or by those who look after the content. Raises NotFound and Forbidden."""
    note = _open_note(db, note_id)
    if note.author_id != actor.user_id:
        require(actor, Permission.WRITE_CONTENT)
        audit.record(db, actor.user_id, "case_note.withdraw", "case_note", note.id, now, title=note.title)
    note.withdrawn_at = now
    ask_for_reindexing(db, now)


def comment_on_note(db: Session, actor: Actor, note_id: int, text: str, now: datetime) -> int:
    """Returns the comment's id; the note's author is told. Raises NotFound and Invalid."""
    require(actor, Permission.STUDY)
    note = _open_note(db, note_id)
    comment = CaseNoteComment(
        case_note_id=note.id, author_id=actor.user_id, text=checked_comment(text), created_at=now
    )
    db.add(comment)
    db.flush()
    if note.author_id is not None and note.author_id != actor.user_id:
        path = f"/case-notes/{note.id}#comment-{comment.id}"
        said = {"title": note.title, "where": "case_note"}
        notices.tell(db, [note.author_id], NoticeKind.COMMENT, said, path, now)
    ask_for_reindexing(db, now)
    return comment.id


def withdraw_comment(db: Session, actor: Actor, note_id: int, comment_id: int, now: datetime) -> None:
    """By whoever wrote it, or by those who look after the content. Raises NotFound and Forbidden."""
    note = _open_note(db, note_id)
    comment = db.get(CaseNoteComment, comment_id)
    if comment is None or comment.case_note_id != note.id or comment.withdrawn_at is not None:
        raise NotFound("そのコメントはありません。")
    if comment.author_id != actor.user_id and not permits(actor, Permission.WRITE_CONTENT):
        raise Forbidden("書いた本人だけが取り下げられます。")
    comment.withdrawn_at = now
    ask_for_reindexing(db, now)


def _open_note(db: Session, note_id: int) -> CaseNote:
    note = db.get(CaseNote, note_id)
    if note is None or note.withdrawn_at is not None:
        raise NotFound("そのノートはありません。")
    return note


def _fill(db: Session, note: CaseNote, fields: NoteFields, html: str) -> None:
    note.kind = fields.kind.value
    note.title = fields.title.strip()
    note.text = fields.text.strip()
    note.html = html
    note.happened_on = fields.happened_on
    note.unit_id = _bureau(db, fields.unit_id)


def _bureau(db: Session, unit_id: int | None) -> int | None:
    if unit_id is None:
        return None
    unit = db.get(Unit, unit_id)
    if unit is None or unit.level != Level.BUREAU:
        raise Invalid("その局は選べません。", field="unit")
    return unit.id


def _tag(db: Session, note: CaseNote, keys: tuple[str, ...]) -> None:
    ids = db.scalars(select(Topic.id).where(Topic.key.in_(keys))).all() if keys else []
    if len(ids) != len(set(keys)):
        raise Invalid("そのテーマは選べません。", field="topics")
    db.execute(delete(CaseNoteTopic).where(CaseNoteTopic.case_note_id == note.id))
    db.add_all(CaseNoteTopic(case_note_id=note.id, topic_id=topic_id) for topic_id in ids)
    db.flush()
