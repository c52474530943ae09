"""The versions of a study session: who wrote them, what differs, and bringing one back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.permissions import Permission
from studyhub.domain.text_difference import line_difference
from studyhub.reads import study_session_editing as reads
from studyhub.services.study_session_editing import file_addresses, render_notes
from studyhub.services.study_session_revisions import RestoreRevision, latest_number, restore_revision
from studyhub.web.guards import allows
from studyhub.web.request import actor, now, reading_db, writing_db
from studyhub.web.studio.blueprint import blueprint
from studyhub.web.studio.previewing import with_questions


@blueprint.get("/study-sessions/<key>/versions")
@allows(Permission.WRITE_CONTENT)
def versions(key: str) -> ResponseReturnValue:
    with reading_db() as db:
        page = reads.versions(db, key)
    return render_template("studio/versions.html", page=page)


@blueprint.get("/study-sessions/<key>/versions/compare")
@allows(Permission.WRITE_CONTENT)
def compare(key: str) -> ResponseReturnValue:
    old, new = sorted((_number("old"), _number("new")))
    with reading_db() as db:
        page = reads.versions(db, key)
        before, after = reads.version_texts(db, key, old), reads.version_texts(db, key, new)
    return render_template(
        "studio/compare.html",
        page=page,
        before=before.version,
        after=after.version,
        front=line_difference(before.front, after.front),
        body=line_difference(before.body, after.body),
    )


@blueprint.get("/study-sessions/<key>/versions/<int:number>")
@allows(Permission.WRITE_CONTENT)
def version(key: str, number: int) -> ResponseReturnValue:
    with reading_db() as db:
        page, texts = reads.versions(db, key), reads.version_texts(db, key, number)
    preview = with_questions(key, texts.body, texts.segments)
    return render_template("studio/version.html", page=page, texts=texts, preview=preview)


@blueprint.post("/study-sessions/<key>/versions/<int:number>/restore")
@allows(Permission.WRITE_CONTENT)
def restore(key: str, number: int) -> ResponseReturnValue:
    with reading_db() as db:
        body = reads.version_texts(db, key, number).body
        base, addresses = latest_number(db, key), file_addresses(db, key)
    command = RestoreRevision(key, number, render_notes(body, addresses), base)
    with writing_db() as db:
        made = restore_revision(db, actor(), command, now())
    flash(gettext("第%(old)s版の内容を、第%(new)s版として保存しました。", old=number, new=made), "ok")
    return redirect(url_for("studio.hub", key=key))


def _number(name: str) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
