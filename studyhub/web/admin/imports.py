"""Bringing in people from a table: upload, look, confirm, fetch the pass phrases once."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.errors import Invalid
from studyhub.domain.permissions import Permission
from studyhub.reads.jobs_overview import newest_job
from studyhub.services import people_tables
from studyhub.services.people_template import TableFormat, template
from studyhub.web.admin.blueprint import blueprint, done
from studyhub.web.admin.forms import TableForm, number_or_none
from studyhub.web.downloads import send_bytes
from studyhub.web.errors import add_to_form
from studyhub.web.guards import allows
from studyhub.web.rendering import current_locale
from studyhub.web.request import actor, now, reading_db, site, writing_db

LINES_A_PAGE = 100
LISTS = ("errors", "new", "changed", "units", "warnings")


@blueprint.get("/people/import")
@allows(Permission.MANAGE_PEOPLE)
def import_form() -> ResponseReturnValue:
    return render_template("admin/import.html", form=TableForm())


@blueprint.post("/people/import")
@allows(Permission.MANAGE_PEOPLE)
def upload_table() -> ResponseReturnValue:
    form, sent = TableForm(), request.files.get("table")
    if not form.validate_on_submit():
        return render_template("admin/import.html", form=form), 400
    content, name = (sent.read(), sent.filename or "") if sent else (b"", "")
    try:
        import_id = people_tables.keep(site().config.instance, actor(), content, name)
    except Invalid as refused:
        add_to_form(form, refused)
        return render_template("admin/import.html", form=form), 400
    with writing_db() as db:
        people_tables.ask_for_look(db, actor(), import_id, now())
    return redirect(url_for("admin.import_page", import_id=import_id))


@blueprint.get("/people/import/template")
@allows(Permission.MANAGE_PEOPLE)
def import_template() -> ResponseReturnValue:
    format_ = TableFormat.CSV if request.args.get("format") == "csv" else TableFormat.XLSX
    content = template(format_, english=current_locale() == "en")
    return send_bytes(content, f"studyhub-people.{format_}", format_.media_type)


@blueprint.get("/people/imports/<uuid:import_id>")
@allows(Permission.MANAGE_PEOPLE)
def import_page(import_id: UUID) -> ResponseReturnValue:
    instance = site().config.instance
    with reading_db() as db:
        job = newest_job(db, people_tables.job_key(import_id))
    # After the job: what it wrote is there once it is said to be done.
    preview = people_tables.preview_of(instance, import_id)
    outcome = people_tables.outcome_of(instance, import_id)
    shown = _shown(preview)
    return render_template(
        "admin/import_page.html", import_id=import_id, job=job, preview=preview, outcome=outcome, shown=shown,
        page=number_or_none(request.args.get("page")) or 1, column_names=people_tables.column_names, lines=LINES_A_PAGE,
    )  # fmt: skip


@blueprint.post("/people/imports/<uuid:import_id>/take-in")
@allows(Permission.MANAGE_PEOPLE)
def take_in(import_id: UUID) -> ResponseReturnValue:
    instance, digest = site().config.instance, request.form.get("digest", "")
    return done(
        lambda db: people_tables.ask_for_taking_in(db, actor(), instance, import_id, digest, now()),
        gettext("取り込みをはじめました。"),
        url_for("admin.import_page", import_id=import_id),
    )


@blueprint.post("/people/imports/<uuid:import_id>/look")
@allows(Permission.MANAGE_PEOPLE)
def look_again(import_id: UUID) -> ResponseReturnValue:
    people_tables.existing(site().config.instance, import_id)
    return done(
        lambda db: people_tables.ask_for_look(db, actor(), import_id, now()),
        gettext("もう一度確かめています。"),
        url_for("admin.import_page", import_id=import_id),
    )


@blueprint.post("/people/imports/<uuid:import_id>/passphrases")
@allows(Permission.MANAGE_PEOPLE)
def fetch_passphrases(import_id: UUID) -> ResponseReturnValue:
    with writing_db() as db:
        people_tables.note_fetching(db, actor(), import_id, now())
        # Last: they can be fetched once, and a database that is away must not take them.
        content = people_tables.fetch_phrases(site().config.instance, import_id)
    return send_bytes(content, "studyhub-passphrases.csv", TableFormat.CSV.media_type)


def _shown(preview: people_tables.Preview | None) -> str:
    """Which list is open: the one asked for, else the first that has something in it."""
    asked = request.args.get("list", "")
    if preview is None or asked in LISTS:
        return asked
    return "errors" if preview.errors else "new" if preview.new else "changed" if preview.changed else "units"
