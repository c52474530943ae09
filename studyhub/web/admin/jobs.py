"""Background jobs: what waits, runs, is done and has failed."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.permissions import Permission
from studyhub.reads.jobs_overview import STATES, job_line, jobs_page
from studyhub.services import job_control
from studyhub.web.admin.blueprint import blueprint, done
from studyhub.web.admin.forms import number_or_none
from studyhub.web.guards import allows
from studyhub.web.request import actor, now, reading_db


@blueprint.get("/jobs")
@allows(Permission.MANAGE_SITE)
def jobs() -> ResponseReturnValue:
    state = request.args.get("state", "")
    with reading_db() as db:
        page = jobs_page(db, state if state in STATES else "", number_or_none(request.args.get("page")) or 1)
    return render_template("admin/jobs.html", page=page)


@blueprint.get("/jobs/<int:job_id>")
@allows(Permission.MANAGE_SITE)
def job(job_id: int) -> ResponseReturnValue:
    with reading_db() as db:
        line = job_line(db, job_id)
    return render_template("admin/job.html", job=line)


@blueprint.post("/jobs/<int:job_id>/retry")
@allows(Permission.MANAGE_SITE)
def retry_job(job_id: int) -> ResponseReturnValue:
    return done(
        lambda db: job_control.retry(db, actor(), job_id, now()),
        gettext("もう一度、順番に加えました。"),
        url_for("admin.job", job_id=job_id),
    )


@blueprint.post("/jobs/sweep")
@allows(Permission.MANAGE_SITE)
def sweep_now() -> ResponseReturnValue:
    return done(
        lambda db: job_control.sweep_now(db, actor(), now()),
        gettext("片付けを順番に加えました。"),
        url_for("admin.jobs"),
    )
