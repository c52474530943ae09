"""The secret address of a person's calendar."""

from __future__ import annotations

from typing import cast

from flask import current_app, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.permissions import Permission
from studyhub.reads.calendars import feed_entries
from studyhub.services.calendar_feeds import end_feed, renew_feed
from studyhub.web.attendance.blueprint import blueprint
from studyhub.web.calendar_files import feed_file
from studyhub.web.guards import allows, public
from studyhub.web.request import actor, full_url, now, reading_db, writing_db
from studyhub.web.site_settings import SiteLook


@blueprint.get("/calendar/<token>.ics")
@public
def feed(token: str) -> ResponseReturnValue:
    """For calendar programs, which cannot sign in: the address itself is the key."""
    with reading_db() as db:
        entries = feed_entries(db, token)
    look = cast(SiteLook, current_app.jinja_env.globals["site"])
    content = feed_file(entries, look.name, lambda key: full_url("study_sessions.show", key=key))
    response = make_response(content)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    return response.make_conditional(request)


@blueprint.post("/calendar")
@allows(Permission.STUDY)
def renew() -> ResponseReturnValue:
    with writing_db() as db:
        renew_feed(db, actor(), now())
    flash(gettext("カレンダーのアドレスを作りました。前に作ったアドレスがあれば、もう使えません。"), "ok")
    return redirect(url_for("account.show", _anchor="calendar"), 303)


@blueprint.post("/calendar/end")
@allows(Permission.STUDY)
def end() -> ResponseReturnValue:
    with writing_db() as db:
        end_feed(db, actor())
    flash(gettext("カレンダーへの公開をやめました。前のアドレスは、もう使えません。"), "ok")
    return redirect(url_for("account.show", _anchor="calendar"), 303)
