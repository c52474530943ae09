"""The files of a study session in the studio: add, replace, rename, order, remove; and how far their pages are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from studyhub.domain.errors import Invalid
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission
from studyhub.reads import study_session_editing as editing_reads
from studyhub.reads.materials import MaterialRow, materials_page
from studyhub.services import materials as service
from studyhub.services.materials import Direction, Role
from studyhub.services.study_session_editing import (
    SaveStudySession,
    file_addresses,
    render_notes,
    save_revision,
)
from studyhub.services.upload_checks import Received
from studyhub.web.errors import sentence
from studyhub.web.guards import allows
from studyhub.web.request import actor, now, reading_db, site, wants_json, writing_db
from studyhub.web.studio.blueprint import blueprint
from studyhub.web.studio.uploads import checker, sent_files, tell_refusals

Step = Callable[[Session, Actor, str, int, datetime], None]

STEPS: Mapping[str, Step] = {
    "up": lambda db, by, key, id_, at: service.move_material(db, by, key, id_, Direction.UP, at),
    "down": lambda db, by, key, id_, at: service.move_material(db, by, key, id_, Direction.DOWN, at),
    "as-slides": lambda db, by, key, id_, at: service.show_as(db, by, key, id_, Role.SLIDES, at),
    "as-handout": lambda db, by, key, id_, at: service.show_as(db, by, key, id_, Role.HANDOUT, at),
    "remove": service.remove_material,
    "bring-back": service.bring_back_material,
    "draw-again": service.draw_again,
}


@blueprint.get("/study-sessions/<key>/materials")
@allows(Permission.WRITE_CONTENT)
def materials(key: str) -> ResponseReturnValue:
    return _page(key, [])


@blueprint.get("/study-sessions/<key>/materials/progress")
@allows(Permission.WRITE_CONTENT)
def materials_progress(key: str) -> ResponseReturnValue:
    """For the script: the same words the page says, for each file whose pages are made."""
    with reading_db() as db:
        page = materials_page(db, actor(), key)
    return jsonify(
        waiting=page.is_waiting,
        materials=[{"id": row.id, "html": _state_of(row)} for row in page.shown if row.role == Role.SLIDES],
    )


@blueprint.post("/study-sessions/<key>/materials")
@allows(Permission.WRITE_CONTENT)
def add_materials(key: str) -> ResponseReturnValue:
    try:
        checked = checker().check(sent_files())
    except Invalid as error:
        return _refused(key, [error])
    if not checked.files:
        return _refused(key, checked.refusals)
    with writing_db() as db:
        service.add_materials(db, actor(), key, checked.files, now())
    refresh_notes(key)
    tell_refusals(checked.refusals)
    return _done(key, gettext("資料を加えました。"))


@blueprint.post("/study-sessions/<key>/materials/<int:material_id>/replace")
@allows(Permission.WRITE_CONTENT)
def replace_material(key: str, material_id: int) -> ResponseReturnValue:
    try:
        file = _one_file()
        with writing_db() as db:
            service.replace_material(db, actor(), key, material_id, file, now())
    except Invalid as error:
        return _refused(key, [error])
    refresh_notes(key)
    return _done(key, gettext("資料を差し替えました。"))


@blueprint.post("/study-sessions/<key>/materials/<int:material_id>")
@allows(Permission.WRITE_CONTENT)
def change_material(key: str, material_id: int) -> ResponseReturnValue:
    wanted = request.form.get("step", "rename")
    try:
        with writing_db() as db:
            if wanted in STEPS:
                STEPS[wanted](db, actor(), key, material_id, now())
            else:
                title = request.form.get("title", "")
                service.rename_material(db, actor(), key, material_id, title, now())
    except Invalid as error:
        return _refused(key, [error])
    if wanted in {"remove", "bring-back"}:
        refresh_notes(key)
    return _done(key, gettext("変更しました。"))


def _one_file() -> Received:
    """Raises Invalid."""
    checked = checker().check(sent_files()[:1])
    if not checked.files:
        raise next(iter(checked.refusals), Invalid("ファイルを選んでください。", field="files"))
    return checked.files[0]


def refresh_notes(key: str) -> None:
    """Notes that show a figure under its name get its new address. Unsaved writing is left alone: saving it does."""
    with reading_db() as db:
        page = editing_reads.editor(db, actor(), key)
        addresses = file_addresses(db, key)
    if page.draft is not None or not page.body.strip():
        return
    notes = render_notes(page.body, addresses)
    with writing_db() as db:
        save_revision(db, actor(), SaveStudySession(key, page.fields, notes, page.revision), now())


def _done(key: str, said: str) -> ResponseReturnValue:
    flash(said, "ok")
    target = url_for("studio.materials", key=key)
    return jsonify(location=target) if wants_json() else redirect(target, 303)


def _refused(key: str, refusals: list[Invalid] | tuple[Invalid, ...]) -> ResponseReturnValue:
    sentences = [sentence(refusal) for refusal in refusals]
    if wants_json():
        return jsonify(messages=sentences), 400
    return _page(key, sentences), 400


def _page(key: str, refusals: list[str]) -> str:
    with reading_db() as db:
        page = materials_page(db, actor(), key)
    return render_template(
        "studio/materials.html", page=page, refusals=refusals, most_mb=site().config.max_upload_mb
    )


def _state_of(row: MaterialRow) -> str:
    return render_template("studio/_material_state.html", row=row)
