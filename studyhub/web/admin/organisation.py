"""The organisation with its dates: the tree on a day, new units, changes shown before they are done."""

from __future__ import annotations

from datetime import date, timedelta
from secrets import token_hex

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.days import office_day
from studyhub.domain.errors import Conflict, Invalid
from studyhub.domain.organisation import Level
from studyhub.domain.permissions import Permission
from studyhub.reads.admin_organisation import (
    MOST_CHOICES,
    MovePicture,
    UnitPage,
    move_picture,
    organisation_page,
    unit_choices,
    unit_page,
)
from studyhub.services import organisation as service
from studyhub.services.organisation import NewUnit, UnitChange
from studyhub.web.admin.blueprint import blueprint, done
from studyhub.web.admin.forms import (
    LEVEL_NAMES,
    NO_PARENT,
    NewUnitForm,
    UnitForm,
    day_or_none,
    number_or_none,
    wanted_day,
)
from studyhub.web.errors import add_to_form
from studyhub.web.guards import allows
from studyhub.web.request import actor, now, reading_db, writing_db


@blueprint.get("/organisation")
@allows(Permission.MANAGE_PEOPLE)
def organisation() -> ResponseReturnValue:
    with reading_db() as db:
        page = organisation_page(db, _day(), number_or_none(request.args.get("under")), now())
    return render_template("admin/organisation.html", page=page, level_names=LEVEL_NAMES)


@blueprint.get("/organisation/new")
@allows(Permission.MANAGE_PEOPLE)
def new_unit() -> ResponseReturnValue:
    form = NewUnitForm(formdata=None, starts_on=_day(), parent_id=number_or_none(request.args.get("under")))
    return _new_unit_page(form)


@blueprint.post("/organisation/new")
@allows(Permission.MANAGE_PEOPLE)
def open_unit() -> ResponseReturnValue:
    form = NewUnitForm()
    if not form.validate_on_submit() or not _opened(form):
        return _new_unit_page(form), 400
    flash(gettext("組織を登録しました。"), "ok")
    return redirect(url_for("admin.organisation", on=form.starts_on.data))


@blueprint.get("/organisation/<int:unit_id>")
@allows(Permission.MANAGE_PEOPLE)
def unit(unit_id: int) -> ResponseReturnValue:
    page = _page(unit_id)
    return _unit_page(page, _unit_form(page), None)


@blueprint.post("/organisation/<int:unit_id>/change")
@allows(Permission.MANAGE_PEOPLE)
def change_unit(unit_id: int) -> ResponseReturnValue:
    """First what it would do, then, when that page says so, does it."""
    page, form = _page(unit_id), UnitForm()
    if not form.validate_on_submit():
        return _unit_page(page, form, None), 400
    assert form.from_day.data is not None
    change = UnitChange(
        page.versions[0].id, form.name.data or "", form.parent_id.data or None, form.from_day.data
    )
    if request.form.get("step") != "do":
        with reading_db() as db:
            picture = move_picture(db, change.unit_id, change.name, change.parent_id, change.from_day)
        return _unit_page(page, form, picture)
    if not _changed(form, change):
        return _unit_page(page, form, None), 400
    flash(gettext("組織の変更を登録しました。"), "ok")
    return redirect(url_for("admin.unit", unit_id=unit_id, on=change.from_day))


@blueprint.post("/organisation/<int:unit_id>/close")
@allows(Permission.MANAGE_PEOPLE)
def close_unit(unit_id: int) -> ResponseReturnValue:
    day = wanted_day(request.form.get("last_day"), "last_day")
    page = _page(unit_id)
    return done(
        lambda db: service.close_unit(db, actor(), page.versions[0].id, day, now()),
        gettext("組織の最後の日を登録しました。"),
        url_for("admin.unit", unit_id=unit_id),
    )


@blueprint.post("/organisation/<int:unit_id>/take-back")
@allows(Permission.MANAGE_PEOPLE)
def take_back_change(unit_id: int) -> ResponseReturnValue:
    return done(
        lambda db: service.take_back(db, actor(), unit_id, now()),
        gettext("予定していた変更を取り消しました。"),
        url_for("admin.organisation"),
    )


def _day() -> date:
    return day_or_none(request.args.get("on")) or office_day(now())


def _page(unit_id: int) -> UnitPage:
    with reading_db() as db:
        return unit_page(db, unit_id, _day(), now())


def _unit_form(page: UnitPage) -> UnitForm:
    tomorrow = office_day(now()) + timedelta(days=1)
    return UnitForm(formdata=None, name=page.versions[0].name, parent_id=page.parent_id, from_day=tomorrow)


def _unit_page(page: UnitPage, form: UnitForm, picture: MovePicture | None) -> str:
    form.offer(page.parents)
    return render_template("admin/unit.html", page=page, form=form, picture=picture, level_names=LEVEL_NAMES)


def _new_unit_page(form: NewUnitForm) -> str:
    with reading_db() as db:
        choices = unit_choices(db, form.starts_on.data or office_day(now()), "", chosen=form.parent_id.data)
    return render_template(
        "admin/new_unit.html", form=form.offer(choices), is_cut=len(choices) >= MOST_CHOICES
    )


def _opened(form: NewUnitForm) -> bool:
    assert form.starts_on.data is not None
    parent_id = form.parent_id.data if form.parent_id.data != NO_PARENT else None
    code = (form.code.data or "").strip() or f"unit-{token_hex(4)}"
    command = NewUnit(code, form.name.data or "", Level(form.level.data), parent_id, form.starts_on.data)
    try:
        with writing_db() as db:
            service.open_unit(db, actor(), command, now())
    except (Invalid, Conflict) as refused:
        field = getattr(refused, "field", "") or "code"
        return add_to_form(form, Invalid(refused.message, field=field, **refused.params))
    return True


def _changed(form: UnitForm, change: UnitChange) -> bool:
    try:
        with writing_db() as db:
            service.change_unit(db, actor(), change, now())
    except (Invalid, Conflict) as refused:
        field = getattr(refused, "field", "") or "from_day"
        return add_to_form(form, Invalid(refused.message, field=field, **refused.params))
    return True
