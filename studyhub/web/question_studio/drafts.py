"""What is typed is kept while it is typed; a second tab that kept something else is shown, never overwritten."""

from __future__ import annotations

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.permissions import Permission
from studyhub.domain.question_editing import typed_from
from studyhub.reads import question_studio as reads
from studyhub.services.drafts import QUESTION, KeepDraft, NewerDraft, drop_draft, keep_draft
from studyhub.web.errors import sentence
from studyhub.web.guards import allows
from studyhub.web.question_studio import forms
from studyhub.web.question_studio.blueprint import blueprint
from studyhub.web.rendering import format_time
from studyhub.web.request import actor, now, reading_db, safe_path, writing_db


@blueprint.post("/studio/questions/drafts/<draft>")
@allows(Permission.WRITE_CONTENT)
def keep(draft: str) -> ResponseReturnValue:
    """``draft`` is the key of the question, or the name of a new one."""
    command = KeepDraft(
        kind=QUESTION,
        subject=draft,
        fields=forms.kept_fields(),
        base_revision=forms.sent_number("base_revision"),
        version=forms.sent_number("draft_version"),
    )
    try:
        with writing_db() as db:
            kept = keep_draft(db, actor(), command, now())
    except NewerDraft as newer:
        at = format_time(newer.kept.saved_at)
        return jsonify(
            message=sentence(newer), version=newer.kept.version, saved_at=at, body=_other_text(draft)
        ), 409
    text = gettext("下書きを保存しました %(time)s", time=format_time(kept.saved_at))
    return jsonify(version=kept.version, text=text, newer=False)


@blueprint.post("/studio/questions/drafts/<draft>/discard")
@allows(Permission.WRITE_CONTENT)
def discard(draft: str) -> ResponseReturnValue:
    with writing_db() as db:
        drop_draft(db, actor(), QUESTION, draft)
    flash(gettext("下書きを捨てました。"), "ok")
    return redirect(safe_path(request.form.get("next"), url_for(".index")))


def _other_text(draft: str) -> str:
    """What the other tab kept, to be read."""
    with reading_db() as db:
        kept = reads.kept_question(db, actor(), draft)
    if kept is None:
        return ""
    typed = typed_from(kept.fields)
    rows = [" ".join(filter(None, (row.text, row.right, row.reason))) for row in typed.rows]
    return "\n".join([typed.stem, *rows, typed.explanation]).strip()
