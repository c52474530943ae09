"""People: found, looked at, made and changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from studyhub.domain.errors import Conflict, Invalid, StudyHubError
from studyhub.domain.identity import Role
from studyhub.domain.permissions import Permission
from studyhub.reads.admin_people import STATES, PeopleFilter, PersonPage, people_page, person_page
from studyhub.services import people as people_service
from studyhub.services.people import NewUser
from studyhub.services.people_changes import change_person
from studyhub.web.admin.blueprint import blueprint, done
from studyhub.web.admin.forms import ROLE_NAMES, NewPersonForm, PersonForm, ReasonForm, number_or_none
from studyhub.web.errors import add_to_form
from studyhub.web.guards import allows
from studyhub.web.request import actor, now, reading_db, writing_db


@blueprint.get("/people")
@allows(Permission.MANAGE_PEOPLE)
def people() -> ResponseReturnValue:
    asked = PeopleFilter(
        text=request.args.get("q", "").strip()[:80],
        role=request.args.get("role", ""),
        state=request.args.get("state", "active") if request.args.get("state") in STATES else "active",
        unit=number_or_none(request.args.get("unit")),
        page=number_or_none(request.args.get("page")) or 1,
    )
    with reading_db() as db:
        page = people_page(db, asked, now())
    return render_template("admin/people.html", page=page, role_names=ROLE_NAMES)


@blueprint.get("/people/new")
@allows(Permission.MANAGE_PEOPLE)
def new_person() -> ResponseReturnValue:
    return render_template("admin/new_person.html", form=NewPersonForm())


@blueprint.post("/people/new")
@allows(Permission.MANAGE_PEOPLE)
def make_person() -> ResponseReturnValue:
    form = NewPersonForm()
    if not form.validate_on_submit():
        return render_template("admin/new_person.html", form=form), 400
    details, roles = form.details(), frozenset(Role(role) for role in form.roles.data or ())
    try:
        with writing_db() as db:
            made = people_service.create_user(db, actor(), _new_user(form, roles), now())
    except (Invalid, Conflict) as refused:
        add_to_form(
            form, Invalid(refused.message, field=getattr(refused, "field", "") or "login", **refused.params)
        )
        return render_template("admin/new_person.html", form=form), 400
    name = f"{details.family_name} {details.given_name}"
    return _told_once(made.user_id, name, details.login, made.passphrase or "", is_new=True)


@blueprint.get("/people/<int:user_id>")
@allows(Permission.MANAGE_PEOPLE)
def person(user_id: int) -> ResponseReturnValue:
    return _person(user_id)


@blueprint.post("/people/<int:user_id>/details")
@allows(Permission.MANAGE_PEOPLE)
def change_details(user_id: int) -> ResponseReturnValue:
    form = PersonForm()
    if not form.validate_on_submit():
        return _person(user_id, form)
    try:
        with writing_db() as db:
            change_person(db, actor(), user_id, form.details(), now())
    except Invalid as refused:
        add_to_form(form, refused)
        return _person(user_id, form)
    flash(gettext("登録情報を保存しました。"), "ok")
    return redirect(url_for("admin.person", user_id=user_id))


@blueprint.post("/people/<int:user_id>/roles")
@allows(Permission.MANAGE_PEOPLE)
def change_roles(user_id: int) -> ResponseReturnValue:
    roles = {Role(role) for role in request.form.getlist("roles") if role in set(Role)}
    said = gettext("役割を変えました。次のページから効きます。")
    return _change(user_id, lambda db: people_service.set_roles(db, actor(), user_id, roles, now()), said)


@blueprint.post("/people/<int:user_id>/deactivate")
@allows(Permission.MANAGE_PEOPLE)
def deactivate(user_id: int) -> ResponseReturnValue:
    said = gettext("利用を止めました。サインインはすべて終わり、所属は今日までになりました。")
    return _change(user_id, lambda db: people_service.deactivate(db, actor(), user_id, now()), said)


@blueprint.post("/people/<int:user_id>/reactivate")
@allows(Permission.MANAGE_PEOPLE)
def reactivate(user_id: int) -> ResponseReturnValue:
    said = gettext("利用を再開しました。所属は、あらためて登録してください。")
    return _change(user_id, lambda db: people_service.reactivate(db, actor(), user_id, now()), said)


@blueprint.post("/people/<int:user_id>/password")
@allows(Permission.MANAGE_PEOPLE)
def new_password(user_id: int) -> ResponseReturnValue:
    try:
        with writing_db() as db:
            phrase = people_service.reset_password(db, actor(), user_id, now())
            page = person_page(db, user_id, now())
    except Conflict as refused:
        return done(_raising(refused), "", url_for("admin.person", user_id=user_id))
    return _told_once(user_id, page.name, page.login, phrase, is_new=False)


def _change(user_id: int, change: Callable[[Session], object], said: str) -> ResponseReturnValue:
    return done(change, said, url_for("admin.person", user_id=user_id))


def _raising(refused: StudyHubError) -> Callable[[Session], object]:
    def change(_db: Session) -> object:
        raise refused

    return change


def _person(user_id: int, form: PersonForm | None = None) -> ResponseReturnValue:
    """With the form as it was sent, when it was refused."""
    with reading_db() as db:
        page = person_page(db, user_id, now())
    shown = form or PersonForm(formdata=None, data=_fields(page))
    html = render_template(
        "admin/person.html",
        page=page,
        form=shown,
        reason_form=ReasonForm(formdata=None),
        role_names=ROLE_NAMES,
    )
    return html, 400 if form is not None else 200


def _fields(page: PersonPage) -> dict[str, Any]:
    names = ("login", "family_name", "given_name", "family_kana", "given_kana", "staff_number", "email")
    return {name: getattr(page, name) for name in names}


def _new_user(form: NewPersonForm, roles: frozenset[Role]) -> NewUser:
    details = form.details()
    return NewUser(
        login=details.login,
        family_name=details.family_name,
        given_name=details.given_name,
        family_kana=details.family_kana,
        given_kana=details.given_kana,
        staff_number=details.staff_number or None,
        email=details.email or None,
        roles=roles,
    )


def _told_once(user_id: int, name: str, login: str, phrase: str, *, is_new: bool) -> ResponseReturnValue:
    """Shown in the answer itself: neither the browser nor the cookie of messages keeps it."""
    page = render_template(
        "admin/passphrase.html", user_id=user_id, name=name, login=login, phrase=phrase, is_new=is_new
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response
