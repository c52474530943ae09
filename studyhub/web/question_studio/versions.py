"""The revisions of a question: who wrote them, what differs, and bringing one back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.permissions import Permission
from studyhub.reads import question_versions as reads
from studyhub.services.question_editing import KeyChanged, RestoreRevision, restore_revision
from studyhub.web.guards import allows
from studyhub.web.question_studio import forms
from studyhub.web.question_studio.blueprint import blueprint
from studyhub.web.question_studio.editing import to_correction
from studyhub.web.request import actor, now, reading_db, writing_db


@blueprint.get("/studio/questions/<key>/versions")
@allows(Permission.WRITE_CONTENT)
def list_versions(key: str) -> ResponseReturnValue:
    with reading_db() as db:
        page = reads.versions(db, key)
    return render_template("question_studio/versions.html", page=page)


@blueprint.get("/studio/questions/<key>/versions/compare")
@allows(Permission.WRITE_CONTENT)
def compare_versions(key: str) -> ResponseReturnValue:
    old, new = sorted((_number("old"), _number("new")))
    with reading_db() as db:
        page = reads.versions(db, key)
        differing = reads.differences(reads.version(db, key, old), reads.version(db, key, new))
    numbered = {each.number: each for each in page.versions}
    return render_template(
        "question_studio/compare.html", page=page, old=numbered[old], new=numbered[new], differing=differing
    )


@blueprint.post("/studio/questions/<key>/versions/<int:number>/restore")
@allows(Permission.WRITE_CONTENT)
def restore_version(key: str, number: int) -> ResponseReturnValue:
    command = RestoreRevision(key, number, forms.sent_number("base_revision"))
    try:
        with writing_db() as db:
            made = restore_revision(db, actor(), command, now())
    except KeyChanged as changed:
        return to_correction(changed)
    flash(gettext("第%(old)s版の内容を、第%(new)s版として保存しました。", old=number, new=made), "ok")
    return redirect(url_for(".show", key=key))


def _number(name: str) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
