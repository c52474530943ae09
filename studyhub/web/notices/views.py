from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from studyhub.domain.permissions import Permission
from studyhub.reads.notices import MOST_COUNTED, notices_page, unread_count
from studyhub.services import notices
from studyhub.web.guards import allows
from studyhub.web.notices.sentences import detail, sentence
from studyhub.web.request import (
    DatabaseUnavailable,
    actor,
    actor_or_none,
    now,
    reading_db,
    safe_path,
    writing_db,
)

blueprint = Blueprint("notices", __name__, url_prefix="/notices")
blueprint.app_template_global("notice_sentence")(sentence)
blueprint.app_template_global("notice_detail")(detail)


@blueprint.app_template_global()
def unread_notices() -> str:
    """For the bell: empty, a number, or 99+. Asked once a page; a page of errors may come without a database."""
    person = actor_or_none()
    if person is None or person.must_change_password:
        return ""
    if "unread_notices" not in g:
        try:
            with reading_db() as db:
                g.unread_notices = unread_count(db, person.user_id)
        except DatabaseUnavailable:
            g.unread_notices = 0
    count: int = g.unread_notices
    return "" if count == 0 else str(count) if count < MOST_COUNTED else f"{MOST_COUNTED - 1}+"


@blueprint.get("")
@allows(Permission.STUDY)
def index() -> ResponseReturnValue:
    with reading_db() as db:
        page = notices_page(db, actor(), request.args.get("page", 1, type=int))
    return render_template("notices/index.html", page=page)


@blueprint.post("/<int:notice_id>/open")
@allows(Permission.STUDY)
def open_notice(notice_id: int) -> ResponseReturnValue:
    """Goes where it leads; it counts as read."""
    with writing_db() as db:
        path = notices.mark_read(db, actor(), notice_id, now())
    return redirect(safe_path(path, url_for("notices.index")))


@blueprint.post("/<int:notice_id>/read")
@allows(Permission.STUDY)
def read(notice_id: int) -> ResponseReturnValue:
    with writing_db() as db:
        notices.mark_read(db, actor(), notice_id, now())
    return redirect(url_for("notices.index"))


@blueprint.post("/read")
@allows(Permission.STUDY)
def read_all() -> ResponseReturnValue:
    with writing_db() as db:
        count = notices.mark_all_read(db, actor(), request.form.get("up_to", 0, type=int), now())
    flash(ngettext("%(num)s件を既読にしました。", "%(num)s件を既読にしました。", count), "ok")
    return redirect(url_for("notices.index"))
