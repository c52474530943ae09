"""What is being written and not saved yet, kept as it is typed: one draft a person and thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from studyhub.domain.errors import Conflict, Invalid
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.persistence.models import Draft

STUDY_SESSION, QUESTION = "study_session", "question"
MOST_CHARACTERS = 400_000
_LONGEST_SUBJECT = 80

Fields = Mapping[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class KeepDraft:
    """``version`` is the one the tab knows, 0 for none; ``base_revision`` the saved one it was opened on."""

    kind: str
    subject: str
    fields: Fields
    base_revision: int
    version: int


@dataclass(frozen=True, slots=True)
class KeptDraft:
    version: int
    saved_at: datetime


class NewerDraft(Conflict):
    """Another tab of the same person kept something since; ``kept`` is that."""

    def __init__(self, kept: KeptDraft) -> None:
        super().__init__("別のタブで、新しい下書きが保存されています。")
        self.kept = kept


def keep_draft(db: Session, actor: Actor, command: KeepDraft, now: datetime) -> KeptDraft:
    """Raises NewerDraft instead of writing over what another tab kept."""
    require(actor, Permission.WRITE_CONTENT)
    if len(command.subject) > _LONGEST_SUBJECT or _characters(command.fields) > MOST_CHARACTERS:
        raise Invalid("下書きが大きすぎます。")
    row = db.scalars(
        select(Draft)
        .where(Draft.user_id == actor.user_id, Draft.kind == command.kind, Draft.subject == command.subject)
        .with_for_update()
    ).first()
    if row is None:
        row = Draft(
            user_id=actor.user_id, kind=command.kind, subject=command.subject, version=command.version
        )
        db.add(row)
    elif row.version != command.version:
        raise NewerDraft(KeptDraft(row.version, row.saved_at))
    row.fields = dict(command.fields)
    row.base_revision = command.base_revision
    row.version = command.version + 1
    row.saved_at = now
    db.flush()
    return KeptDraft(row.version, row.saved_at)


def drop_draft(db: Session, actor: Actor, kind: str, subject: str) -> None:
    """One's own, when it is saved or thrown away."""
    db.execute(
        delete(Draft).where(Draft.user_id == actor.user_id, Draft.kind == kind, Draft.subject == subject)
    )


def _characters(fields: Fields) -> int:
    texts = ([value] if isinstance(value, str) else value for value in fields.values())
    return sum(len(text) for values in texts for text in values)
