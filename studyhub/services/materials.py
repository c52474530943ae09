"""The files of a study session as its lecturers handle them: add, replace, rename, order, remove and bring back.

A study session that came from files belongs to the studio once a file of it was touched here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import PurePosixPath

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.domain.errors import Invalid, NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.formats.upload_kinds import UploadKind
from studyhub.persistence.models import Material, StudySession
from studyhub.services import files
from studyhub.services.content_sync.followups import ask_for_reindexing, ask_for_slide_pages
from studyhub.services.study_session_editing import STUDIO, editable
from studyhub.services.upload_checks import Received, free_path

LONGEST_TITLE = 200
LONGEST_PATH = 180
_NOT_IN_MARKDOWN = re.compile(r"[\s()<>\[\]{}\"'`?#%&\\|*]+")


class Role(StrEnum):
    SLIDES = "slides"
    HANDOUT = "handout"
    FIGURE = "figure"
    VIDEO = "video"


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Attached:
    """A file on its way into a study session."""

    file: Received
    role: Role
    title: str


def roles_of(received: Sequence[Received]) -> list[Attached]:
    """What each file is for: the first PDF or presentation and every other presentation is shown as slides.

    Where a presentation comes with a PDF of the same name, the PDF is shown and the presentation handed out.
    """
    drawn = {file.stem for file in received if file.kind is UploadKind.PDF and file.deck is not None}
    decks = [file for file in received if file.deck is not None]
    twins = [file for file in decks if file.kind is UploadKind.PRESENTATION and file.stem in drawn]
    pairs = {file.stem for file in twins}
    alone = [file for file in decks if file not in twins]
    slides = {
        file.address
        for number, file in enumerate(alone)
        if number == 0 or file.kind is UploadKind.PRESENTATION or file.stem in pairs
    }
    return [Attached(file, _role(file, slides), file.stem) for file in received]


def _role(file: Received, slides: set[str]) -> Role:
    if file.address in slides:
        return Role.SLIDES
    if file.kind in {UploadKind.PICTURE, UploadKind.DRAWING}:
        return Role.FIGURE
    return Role.VIDEO if file.kind is UploadKind.VIDEO else Role.HANDOUT


def linkable(path: str) -> str:
    """A path that can stand in a link of Markdown as it is."""
    plain = PurePosixPath(_NOT_IN_MARKDOWN.sub("-", path))
    return str(plain.with_name(f"{plain.stem.strip('-')[: LONGEST_PATH // 2] or 'file'}{plain.suffix}"))


def add_materials(
    db: Session, actor: Actor, key: str, received: Sequence[Received], now: datetime
) -> list[str]:
    """Returns their paths. Raises NotFound."""
    require(actor, Permission.WRITE_CONTENT)
    row = editable(db, key)
    has_slides = bool(_current(db, row.id, Role.SLIDES))
    attached = [
        Attached(each.file, Role.HANDOUT, each.title)
        if has_slides and each.role is Role.SLIDES and each.file.kind is UploadKind.PDF
        else each
        for each in roles_of(received)
    ]
    taken = {path.casefold() for path in _current_paths(db, row.id)}
    paths = []
    for each in attached:
        path = free_path(linkable(each.file.path), taken)
        taken.add(path.casefold())
        paths.append(path)
        attach(db, row, each, path, now)
    _touched(db, row, now)
    return paths


def attach(db: Session, row: StudySession, attached: Attached, path: str, now: datetime) -> Material:
    """One that was removed under the same path gives way."""
    file = attached.file
    stored = files.record_at(db, file.address, file.kept, file.name, file.media_type, now)
    held = db.scalars(
        select(Material).where(Material.study_session_id == row.id, Material.path == path)
    ).first()
    material = held or Material(study_session_id=row.id, path=path)
    material.file_id = stored.id
    material.title = attached.title[:LONGEST_TITLE]
    material.role = attached.role.value
    material.position = _next_position(db, row.id)
    material.current = True
    db.add(material)
    _await_pages(db, material, now)
    return material


def replace_material(
    db: Session, actor: Actor, key: str, material_id: int, file: Received, now: datetime
) -> None:
    """A new version under the same path and title, of the same kind. Raises NotFound and Invalid."""
    row, material = _held(db, actor, key, material_id)
    if not _may_replace(material, file):
        raise Invalid(
            "「%(name)s」は、いまの資料と種類が違うため、差し替えられません。新しい資料として加えてください。",
            field="files",
            name=file.name,
        )
    stored = files.record_at(db, file.address, file.kept, file.name, file.media_type, now)
    material.file_id = stored.id
    _await_pages(db, material, now)
    _touched(db, row, now)


def _may_replace(material: Material, file: Received) -> bool:
    """A handout may become any file; what is shown in a way of its own stays of its kind."""
    if material.role == Role.SLIDES:
        return file.deck is not None
    if material.role == Role.FIGURE:
        return file.kind in {UploadKind.PICTURE, UploadKind.DRAWING}
    return material.role != Role.VIDEO or file.kind is UploadKind.VIDEO


def rename_material(db: Session, actor: Actor, key: str, material_id: int, title: str, now: datetime) -> None:
    row, material = _held(db, actor, key, material_id)
    wanted = " ".join(title.split())
    if not wanted or len(wanted) > LONGEST_TITLE:
        raise Invalid("資料の名前を%(limit)s字以内で入力してください。", field="title", limit=LONGEST_TITLE)
    material.title = wanted
    _touched(db, row, now)


def show_as(db: Session, actor: Actor, key: str, material_id: int, role: Role, now: datetime) -> None:
    """Slides become a handout, and a PDF or presentation among the handouts becomes slides. Raises Invalid."""
    row, material = _held(db, actor, key, material_id)
    ending = PurePosixPath(material.path).suffix.lower()
    if material.role not in {Role.SLIDES, Role.HANDOUT} or role not in {Role.SLIDES, Role.HANDOUT}:
        raise Invalid("この資料の見せ方は変えられません。")
    if role is Role.SLIDES and ending not in {".pdf", ".pptx"}:
        raise Invalid("スライドとして見せられるのは、PDF と PPTX だけです。")
    material.role = role.value
    _await_pages(db, material, now)
    _touched(db, row, now)


def move_material(
    db: Session, actor: Actor, key: str, material_id: int, direction: Direction, now: datetime
) -> None:
    """Past its neighbour of the same role group; at the end nothing happens."""
    row, material = _held(db, actor, key, material_id)
    ordered = _current(db, row.id)
    place = ordered.index(material)
    other = place - 1 if direction is Direction.UP else place + 1
    if 0 <= other < len(ordered):
        ordered[place], ordered[other] = ordered[other], ordered[place]
    for position, each in enumerate(ordered):
        each.position = position
    _touched(db, row, now)


def remove_material(db: Session, actor: Actor, key: str, material_id: int, now: datetime) -> None:
    """It can be brought back: nothing is erased."""
    row, material = _held(db, actor, key, material_id)
    material.current = False
    _touched(db, row, now)


def bring_back_material(db: Session, actor: Actor, key: str, material_id: int, now: datetime) -> None:
    row, material = _held(db, actor, key, material_id, current=False)
    material.current = True
    material.position = _next_position(db, row.id)
    _touched(db, row, now)


def draw_again(db: Session, actor: Actor, key: str, material_id: int, now: datetime) -> None:
    """For slides that failed, and for presentations of a time without LibreOffice."""
    _row, material = _held(db, actor, key, material_id)
    if material.role == Role.SLIDES:
        _await_pages(db, material, now)


def _held(
    db: Session, actor: Actor, key: str, material_id: int, *, current: bool = True
) -> tuple[StudySession, Material]:
    require(actor, Permission.WRITE_CONTENT)
    row = editable(db, key)
    material = db.get(Material, material_id)
    if material is None or material.study_session_id != row.id or material.current is not current:
        raise NotFound
    return row, material


def _await_pages(db: Session, material: Material, now: datetime) -> None:
    """The pages that are there stay until the worker has made those of the new file."""
    is_slides = material.role == Role.SLIDES
    material.state, material.fault = ("waiting" if is_slides else "ready"), ""
    db.flush()
    if is_slides:
        ask_for_slide_pages(db, material.id, now)


def _touched(db: Session, row: StudySession, now: datetime) -> None:
    row.origin = STUDIO
    db.flush()
    ask_for_reindexing(db, now)


def _current(db: Session, id_: int, *roles: Role) -> list[Material]:
    query = select(Material).where(Material.study_session_id == id_, Material.current)
    if roles:
        query = query.where(Material.role.in_([role.value for role in roles]))
    return list(db.scalars(query.order_by(Material.position, Material.id)))


def _current_paths(db: Session, id_: int) -> Iterable[str]:
    return db.scalars(select(Material.path).where(Material.study_session_id == id_, Material.current))


def _next_position(db: Session, id_: int) -> int:
    last = db.scalar(select(func.max(Material.position)).where(Material.study_session_id == id_))
    return 0 if last is None else last + 1
