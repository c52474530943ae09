from __future__ import annotations

from flask import Blueprint, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.permissions import Permission
from studyhub.domain.reading import ReadingProgress
from studyhub.reads.calendars import calendar_entry
from studyhub.reads.slides import slides_page
from studyhub.reads.study_session_library import library as read_library
from studyhub.reads.study_sessions import study_session_page
from studyhub.services.reading import mark_reading
from studyhub.web.calendar_files import calendar_file
from studyhub.web.guards import allows
from studyhub.web.request import actor, full_url, now, reading_db, wants_json, writing_db
from studyhub.web.study_sessions import forms

blueprint = Blueprint("study_sessions", __name__, url_prefix="/study-sessions")


@blueprint.get("")
@allows(Permission.STUDY)
def library() -> ResponseReturnValue:
    with reading_db() as db:
        page = read_library(db, actor(), forms.library_filter(request.args), now())
    return render_template("study_sessions/library.html", page=page, progress_text=progress_text)


@blueprint.get("/<key>")
@allows(Permission.STUDY)
def show(key: str) -> ResponseReturnValue:
    again = request.args.get("again", "")
    with reading_db() as db:
        page = study_session_page(db, actor(), key, now(), again=again)
    return render_template("study_sessions/study_session.html", page=page, progress_text=progress_text)


@blueprint.post("/<key>/reading")
@allows(Permission.STUDY)
def mark(key: str) -> ResponseReturnValue:
    command = forms.mark_reading(request, key)
    with writing_db() as db:
        progress = mark_reading(db, actor(), command, now())
    if wants_json():
        return jsonify(read=progress.read, total=progress.total, text=progress_text(progress))
    return redirect(url_for(".show", key=key, _anchor=command.anchor), 303)


@blueprint.get("/<key>/slides/<int:number>")
@allows(Permission.STUDY)
def slide(key: str, number: int) -> ResponseReturnValue:
    with reading_db() as db:
        page = slides_page(db, actor(), key, number)
    return render_template("study_sessions/slides.html", page=page)


@blueprint.get("/<key>/calendar.ics")
@allows(Permission.STUDY)
def calendar(key: str) -> ResponseReturnValue:
    with reading_db() as db:
        entry = calendar_entry(db, actor(), key)
    url = full_url(".show", key=key)
    response = make_response(calendar_file(entry, url))
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers.set("Content-Disposition", "attachment", filename=f"{key}.ics")
    return response


def progress_text(progress: ReadingProgress) -> str:
    if progress.is_finished:
        return str(gettext("すべて読みました"))
    if not progress.read:
        return str(gettext("%(total)s章・まだ読んでいません", total=progress.total))
    return str(gettext("%(total)s章中%(read)s章まで読みました", total=progress.total, read=progress.read))
