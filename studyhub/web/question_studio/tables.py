"""Questions as files: export of what the list shows, the template, and import with a look before it is done."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.errors import Invalid
from studyhub.domain.permissions import Permission
from studyhub.reads.jobs_overview import newest_job
from studyhub.reads.question_list import matching_keys
from studyhub.services import question_imports as imports
from studyhub.services.question_export import FileFormat, export_questions, record_export, template
from studyhub.services.question_table import MOST_QUESTIONS
from studyhub.web.downloads import send_bytes
from studyhub.web.errors import sentence
from studyhub.web.guards import allows
from studyhub.web.question_studio import forms
from studyhub.web.question_studio.blueprint import blueprint
from studyhub.web.rendering import current_locale
from studyhub.web.request import actor, now, reading_db, site, writing_db

LINES_A_PAGE = 100


@blueprint.get("/studio/questions/export")
@allows(Permission.WRITE_CONTENT)
def export() -> ResponseReturnValue:
    format_, english = _format(), current_locale() == "en"
    with reading_db() as db:
        keys = matching_keys(db, actor(), forms.question_filter(request.args), MOST_QUESTIONS)
        content = export_questions(db, actor(), keys, format_, english=english)
    with writing_db() as db:
        record_export(db, actor(), len(keys), format_, now())
    return send_bytes(content, f"studyhub-questions.{format_}", format_.media_type)


@blueprint.get("/studio/questions/template")
@allows(Permission.WRITE_CONTENT)
def download_template() -> ResponseReturnValue:
    format_ = _format()
    content = template(format_, english=current_locale() == "en")
    return send_bytes(content, f"studyhub-questions-template.{format_}", format_.media_type)


@blueprint.get("/studio/questions/import")
@allows(Permission.WRITE_CONTENT)
def import_form() -> ResponseReturnValue:
    return render_template("question_studio/import.html", fault="")


@blueprint.post("/studio/questions/import")
@allows(Permission.WRITE_CONTENT)
def upload() -> ResponseReturnValue:
    sent = request.files.get("file")
    content, name = (sent.read(), sent.filename or "") if sent else (b"", "")
    try:
        import_id = imports.keep(site().config.instance, actor(), content, name)
    except Invalid as error:
        return render_template("question_studio/import.html", fault=sentence(error)), 400
    _look(import_id)
    return redirect(url_for(".import_page", import_id=import_id))


@blueprint.get("/studio/questions/imports/<uuid:import_id>")
@allows(Permission.WRITE_CONTENT)
def import_page(import_id: UUID) -> ResponseReturnValue:
    instance = site().config.instance
    with reading_db() as db:
        job = newest_job(db, imports.job_key(import_id))
    # After the job: what it wrote is there once it is said to be done.
    page = request.args.get("page", "1")
    return render_template(
        "question_studio/import_page.html",
        import_id=import_id,
        job=job,
        preview=imports.preview_of(instance, import_id),
        outcome=imports.outcome_of(instance, import_id),
        page=max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 5 else 1,
        a_page=LINES_A_PAGE,
    )


@blueprint.post("/studio/questions/imports/<uuid:import_id>")
@allows(Permission.WRITE_CONTENT)
def take_in(import_id: UUID) -> ResponseReturnValue:
    """Looks again, or takes in what was looked at."""
    here = redirect(url_for(".import_page", import_id=import_id))
    instance = site().config.instance
    imports.existing(instance, import_id)
    if request.form.get("step") == "look":
        _look(import_id)
        return here
    preview = imports.confirm(instance, import_id, request.form.get("digest", ""))
    if len(preview.lines) > imports.FEW_QUESTIONS:
        with writing_db() as db:
            imports.ask(db, actor(), import_id, "take_in", now())
        return here
    imports.take_in(site().engine, actor(), instance, import_id, now())
    outcome = imports.outcome_of(instance, import_id)
    if outcome and not outcome.refusal:
        flash(gettext("取り込みました。"), "ok")
    return here


@blueprint.app_template_global()
def refusal_text(message: str, params: Mapping[str, object]) -> str:
    return str(gettext(message, **params))


def _look(import_id: UUID) -> None:
    """At once where the file is small."""
    instance = site().config.instance
    if imports.is_small(instance, import_id):
        imports.look(site().engine, instance, import_id)
        return
    with writing_db() as db:
        imports.ask(db, actor(), import_id, "look", now())


def _format() -> FileFormat:
    sent = request.args.get("format", "")
    return FileFormat(sent) if sent in set(FileFormat) else FileFormat.XLSX
