"""The lecturer's pages of attendance: the code on the wall, the live list, corrections, the list as a table."""

from __future__ import annotations

from io import BytesIO

import segno
from flask import flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from studyhub.domain.attendance import spoken_code
from studyhub.domain.errors import NotFound
from studyhub.domain.permissions import Permission
from studyhub.reads.attendance import AttendancePage, attendance_page
from studyhub.reads.session_heads import session_head
from studyhub.services import attendance as service
from studyhub.services.attendance import TableFormat
from studyhub.web.attendance.blueprint import blueprint
from studyhub.web.downloads import send_bytes
from studyhub.web.guards import allows
from studyhub.web.request import actor, full_url, now, reading_db, writing_db

_BASE = "/studio/study-sessions/<key>/attendance"


@blueprint.get(_BASE)
@allows(Permission.WRITE_CONTENT)
def show(key: str) -> ResponseReturnValue:
    page = _page(key, request.args.get("q", "")[:60])
    return render_template("attendance/attendance.html", page=page)


@blueprint.get(f"{_BASE}/live")
@allows(Permission.WRITE_CONTENT)
def live(key: str) -> ResponseReturnValue:
    """For the script that keeps the list fresh."""
    page = _page(key)
    return jsonify(
        count=page.present,
        text=ngettext("%(num)s人が出席しています", "%(num)s人が出席しています", page.present),
        html=render_template("attendance/_list.html", page=page),
    )


@blueprint.get(f"{_BASE}/screen")
@allows(Permission.WRITE_CONTENT)
def screen(key: str) -> ResponseReturnValue:
    page = _page(key)
    if page.head.code is None:
        return redirect(url_for(".show", key=key))
    return render_template("attendance/screen.html", page=page)


@blueprint.get(f"{_BASE}/qr.svg")
@allows(Permission.WRITE_CONTENT)
def qr(key: str) -> ResponseReturnValue:
    """Black on white with its quiet zone, in any theme: a camera must read it."""
    with reading_db() as db:
        head = session_head(db, key)
    if head.code is None:
        raise NotFound
    drawn = BytesIO()
    address = full_url(".confirm", code=head.code)
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", xmldecl=False, omitsize=True, border=4, light="#fff"
    )
    response = make_response(drawn.getvalue())
    response.headers["Content-Type"] = "image/svg+xml"
    response.headers.set("Content-Disposition", "inline", filename=f"{key}-qr.svg")
    return response


@blueprint.post(f"{_BASE}/code")
@allows(Permission.WRITE_CONTENT)
def renew_code(key: str) -> ResponseReturnValue:
    with writing_db() as db:
        service.renew_code(db, actor(), key, now())
    flash(gettext("新しい番号とQRコードを作りました。"), "ok")
    return redirect(url_for(".show", key=key), 303)


@blueprint.post(f"{_BASE}/people/<int:user_id>")
@allows(Permission.WRITE_CONTENT)
def add(key: str, user_id: int) -> ResponseReturnValue:
    with writing_db() as db:
        service.add_person(db, actor(), key, user_id, now())
    flash(gettext("出席に加えました。"), "ok")
    return redirect(url_for(".show", key=key), 303)


@blueprint.post(f"{_BASE}/people/<int:user_id>/strike")
@allows(Permission.WRITE_CONTENT)
def strike(key: str, user_id: int) -> ResponseReturnValue:
    with writing_db() as db:
        service.strike(db, actor(), key, user_id, now())
    flash(gettext("出席を取り消しました。記録には残り、元に戻せます。"), "ok")
    return redirect(url_for(".show", key=key), 303)


@blueprint.post(f"{_BASE}/people/<int:user_id>/restore")
@allows(Permission.WRITE_CONTENT)
def restore(key: str, user_id: int) -> ResponseReturnValue:
    with writing_db() as db:
        service.restore(db, actor(), key, user_id, now())
    flash(gettext("出席を元に戻しました。"), "ok")
    return redirect(url_for(".show", key=key), 303)


@blueprint.post(f"{_BASE}/export")
@allows(Permission.WRITE_CONTENT)
def export(key: str) -> ResponseReturnValue:
    format_ = TableFormat.CSV if request.form.get("format") == "csv" else TableFormat.XLSX
    with writing_db() as db:
        table = service.export_attendance(db, actor(), key, format_, now())
    return send_bytes(table.written(), f"{key}-attendance.{format_}", format_.media_type)


blueprint.app_template_global()(spoken_code)


def _page(key: str, query: str = "") -> AttendancePage:
    with reading_db() as db:
        return attendance_page(db, key, now(), query)
