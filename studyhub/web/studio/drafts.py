"""What is typed is kept while it is typed; a second tab that kept something else is shown, never overwritten."""

from __future__ import annotations

from flask import flash, jsonify, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.permissions import Permission
from studyhub.reads.study_session_editing import editor
from studyhub.services.drafts import STUDY_SESSION, KeepDraft, NewerDraft, drop_draft, keep_draft
from studyhub.web.errors import sentence
from studyhub.web.guards import allows
from studyhub.web.rendering import format_time
from studyhub.web.request import actor, now, reading_db, writing_db
from studyhub.web.studio import forms
from studyhub.web.studio.blueprint import blueprint


@blueprint.post("/study-sessions/<key>/draft")
@allows(Permission.WRITE_CONTENT)
def keep(key: str) -> ResponseReturnValue:
    with reading_db() as db:
        page = editor(db, actor(), key)
    command = _sent(key)
    try:
        with writing_db() as db:
            kept = keep_draft(db, actor(), command, now())
    except NewerDraft as newer:
        body = str(page.draft.fields.get("body", "")) if page.draft else ""
        at = format_time(newer.kept.saved_at)
        return jsonify(message=sentence(newer), version=newer.kept.version, saved_at=at, body=body), 409
    at = format_time(kept.saved_at)
    return jsonify(
        version=kept.version,
        text=gettext("下書きを保存しました %(time)s", time=at),
        newer=page.revision != command.base_revision,
    )


def keep_sent(key: str) -> None:
    """The form that could not be saved, so that nothing is lost with its page. What another tab kept stays."""
    try:
        with writing_db() as db:
            keep_draft(db, actor(), _sent(key), now())
    except NewerDraft:
        return


def _sent(key: str) -> KeepDraft:
    return KeepDraft(
        kind=STUDY_SESSION,
        subject=key,
        fields=forms.sent_fields(),
        base_revision=forms.sent_number("base_revision"),
        version=forms.sent_number("draft_version"),
    )


@blueprint.post("/study-sessions/<key>/draft/discard")
@allows(Permission.WRITE_CONTENT)
def discard(key: str) -> ResponseReturnValue:
    with writing_db() as db:
        drop_draft(db, actor(), STUDY_SESSION, key)
    flash(gettext("下書きを捨てました。保存されている版を開いています。"), "ok")
    return redirect(url_for("studio.edit", key=key))
