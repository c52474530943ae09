"""An officer checks in: by the QR code on the wall, or with the short code typed."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.attendance import CODE_LENGTH, CheckInWay, normal_code
from studyhub.domain.permissions import Permission
from studyhub.reads.attendance import check_in_page
from studyhub.services.attendance import CheckIn, WrongCode, check_in, count_wrong_code, wait_for_codes_s
from studyhub.web.attendance.blueprint import blueprint
from studyhub.web.errors import too_many_tries
from studyhub.web.guards import allows
from studyhub.web.request import actor, now, reading_db, writing_db


@blueprint.get("/attend")
@allows(Permission.STUDY)
def ask_code() -> ResponseReturnValue:
    return render_template("attendance/code.html", typed="", refused="")


@blueprint.post("/attend")
@allows(Permission.STUDY)
def type_code() -> ResponseReturnValue:
    typed = request.form.get("code", "")
    if not normal_code(typed):
        return _ask_again(typed, gettext("%(length)s文字の番号を入力してください。", length=CODE_LENGTH))
    return _checked_in(typed, CheckInWay.CODE)


@blueprint.get("/attend/<code>")
@allows(Permission.STUDY)
def confirm(code: str) -> ResponseReturnValue:
    """Changes nothing but, for a wrong code, the count of wrong ones: the page would tell which codes there are."""
    with reading_db() as db:
        wait_s = wait_for_codes_s(db, actor(), now())
        page = None if wait_s else check_in_page(db, actor(), code, now())
    if page is not None:
        return render_template("attendance/check_in.html", page=page, code=normal_code(code))
    if wait_s:
        return _refused(code, WrongCode(wait_s))
    with writing_db() as db:
        wrong = count_wrong_code(db, actor(), now())
    return _refused(code, wrong)


@blueprint.post("/attend/<code>")
@allows(Permission.STUDY)
def scan(code: str) -> ResponseReturnValue:
    return _checked_in(code, CheckInWay.SCAN)


def _checked_in(code: str, way: CheckInWay) -> ResponseReturnValue:
    with writing_db() as db:
        outcome = check_in(db, actor(), code, way, now())
    match outcome:
        case CheckIn():
            return redirect(url_for("attendance.confirm", code=normal_code(code)), 303)
        case WrongCode():
            return _refused(code, outcome)


def _refused(code: str, wrong: WrongCode) -> ResponseReturnValue:
    if wrong.retry_after_s is not None:
        page = render_template(
            "attendance/code.html", typed=code, refused=too_many_tries(wrong.retry_after_s)
        )
        return page, 429, {"Retry-After": str(wrong.retry_after_s)}
    return _ask_again(
        code, gettext("この番号の勉強会は見つかりません。会場の画面の番号を、もう一度確かめてください。")
    )


def _ask_again(typed: str, refused: str) -> ResponseReturnValue:
    return render_template("attendance/code.html", typed=typed[:20], refused=refused), 400
