"""Posts with their dates: a transfer, a concurrent post, another title, an end, a plan taken back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.days import office_day
from studyhub.domain.errors import Conflict, Invalid
from studyhub.domain.organisation import PostKind
from studyhub.domain.permissions import Permission
from studyhub.reads.admin_organisation import MOST_CHOICES, unit_choices
from studyhub.reads.admin_people import person_page
from studyhub.services import people as people_service
from studyhub.services.people import Appointment
from studyhub.services.people_changes import PostChange, cancel_post, change_post
from studyhub.web.admin.blueprint import blueprint, done
from studyhub.web.admin.forms import PostForm, day_or_none, wanted_day
from studyhub.web.errors import add_to_form
from studyhub.web.guards import allows
from studyhub.web.request import actor, now, reading_db, writing_db


@blueprint.get("/people/<int:user_id>/posts")
@allows(Permission.MANAGE_PEOPLE)
def post_form(user_id: int) -> ResponseReturnValue:
    day = day_or_none(request.args.get("on"))
    form = PostForm(
        formdata=None, starts_on=day or office_day(now()), kind=request.args.get("kind", "transfer")
    )
    return _form_page(user_id, form)


@blueprint.post("/people/<int:user_id>/posts")
@allows(Permission.MANAGE_PEOPLE)
def start_post(user_id: int) -> ResponseReturnValue:
    form = PostForm()
    if request.form.get("step") == "find" or not form.validate_on_submit() or not _started(user_id, form):
        return _form_page(user_id, form), 200 if request.form.get("step") == "find" else 400
    flash(gettext("所属を登録しました。"), "ok")
    return redirect(url_for("admin.person", user_id=user_id))


@blueprint.post("/people/<int:user_id>/posts/<int:post_id>/end")
@allows(Permission.MANAGE_PEOPLE)
def end_post(user_id: int, post_id: int) -> ResponseReturnValue:
    day = wanted_day(request.form.get("last_day"), "last_day")
    return done(
        lambda db: people_service.end_post(db, actor(), post_id, day, now()),
        gettext("所属の終わりの日を登録しました。"),
        url_for("admin.person", user_id=user_id),
    )


@blueprint.post("/people/<int:user_id>/posts/<int:post_id>/change")
@allows(Permission.MANAGE_PEOPLE)
def change_title(user_id: int, post_id: int) -> ResponseReturnValue:
    day = day_or_none(request.form.get("from_day")) or office_day(now())
    change = PostChange(post_id, request.form.get("title", ""), request.form.get("heads_unit") == "y", day)
    return done(
        lambda db: change_post(db, actor(), change, now()),
        gettext("職名と長であるかどうかを保存しました。"),
        url_for("admin.person", user_id=user_id),
    )


@blueprint.post("/people/<int:user_id>/posts/<int:post_id>/cancel")
@allows(Permission.MANAGE_PEOPLE)
def cancel_planned_post(user_id: int, post_id: int) -> ResponseReturnValue:
    return done(
        lambda db: cancel_post(db, actor(), post_id, now()),
        gettext("予定していた所属を取り消しました。"),
        url_for("admin.person", user_id=user_id),
    )


def _form_page(user_id: int, form: PostForm) -> str:
    text = request.values.get("find", "").strip()
    with reading_db() as db:
        page = person_page(db, user_id, now())
        choices = unit_choices(db, form.starts_on.data or office_day(now()), text, chosen=form.unit_id.data)
    form.offer(choices)
    return render_template(
        "admin/post.html", page=page, form=form, find=text, found=len(choices), most=MOST_CHOICES
    )


def _started(user_id: int, form: PostForm) -> bool:
    assert form.starts_on.data is not None
    kind = PostKind.CONCURRENT if form.kind.data == "concurrent" else PostKind.MAIN
    command = Appointment(
        user_id=user_id, unit_id=form.unit_id.data or 0, starts_on=form.starts_on.data, ends_on=form.ends_on.data,
        title=(form.title.data or "")[:60], kind=kind, heads_unit=bool(form.heads_unit.data),
    )  # fmt: skip
    try:
        with writing_db() as db:
            start = people_service.transfer if kind is PostKind.MAIN else people_service.appoint
            start(db, actor(), command, now())
    except (Invalid, Conflict) as refused:
        field = getattr(refused, "field", "") or "starts_on"
        return add_to_form(form, Invalid(refused.message, field=field, **refused.params))
    return True
