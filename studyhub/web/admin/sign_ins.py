"""Who is signed in, and ending it."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.permissions import Permission
from studyhub.reads.sign_ins import sign_ins_page
from studyhub.services import sign_ins as service
from studyhub.web.admin.blueprint import blueprint, done
from studyhub.web.admin.forms import number_or_none
from studyhub.web.guards import allows
from studyhub.web.request import actor, now, reading_db, safe_path
from studyhub.web.sign_in import identity


@blueprint.get("/sign-ins")
@allows(Permission.MANAGE_PEOPLE)
def sign_ins() -> ResponseReturnValue:
    with reading_db() as db:
        page = sign_ins_page(db, number_or_none(request.args.get("page")) or 1, now())
    return render_template("admin/sign_ins.html", page=page, own=identity.sign_in_id())


@blueprint.post("/sign-ins/<int:sign_in_id>/end")
@allows(Permission.MANAGE_PEOPLE)
def end_sign_in(sign_in_id: int) -> ResponseReturnValue:
    return done(
        lambda db: service.revoke_one(db, actor(), sign_in_id, now()),
        gettext("そのサインインを終わらせました。"),
        safe_path(request.form.get("next"), url_for("admin.sign_ins")),
    )


@blueprint.post("/people/<int:user_id>/sign-ins/end")
@allows(Permission.MANAGE_PEOPLE)
def end_sign_ins_of(user_id: int) -> ResponseReturnValue:
    kept = identity.sign_in_id() if user_id == actor().user_id else None
    return done(
        lambda db: service.revoke_all_of(db, actor(), user_id, now(), kept_sign_in_id=kept),
        gettext("この人のサインインをすべて終わらせました。"),
        url_for("admin.person", user_id=user_id),
    )


@blueprint.post("/sign-ins/end-others")
@allows(Permission.MANAGE_PEOPLE)
def end_sign_ins_of_others() -> ResponseReturnValue:
    return done(
        lambda db: service.revoke_everybody(db, actor(), now()),
        gettext("自分のほかの、全員のサインインを終わらせました。"),
        url_for("admin.sign_ins"),
    )
