"""What the content folders hold beside the site, and bringing them in."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from studyhub.domain.permissions import Permission
from studyhub.reads.content_state import site_content
from studyhub.reads.jobs_overview import newest_job
from studyhub.services import content_state
from studyhub.web.admin.blueprint import blueprint
from studyhub.web.guards import allows
from studyhub.web.request import actor, now, reading_db, site, writing_db


@blueprint.get("/content")
@allows(Permission.MANAGE_SITE)
def content() -> ResponseReturnValue:
    with reading_db() as db:
        here = site_content(db)
        under_way = [newest_job(db, key) for key in (content_state.SYNC, content_state.CHECK)]
    job = next((job for job in under_way if job and job.is_under_way), None)
    state = content_state.kept_state(site().config.instance)
    return render_template("admin/content.html", here=here, state=state, job=job)


@blueprint.post("/content/check")
@allows(Permission.MANAGE_SITE)
def check_content() -> ResponseReturnValue:
    with writing_db() as db:
        content_state.ask_for_check(db, actor(), now())
    return redirect(url_for("admin.content"))


@blueprint.post("/content/sync")
@allows(Permission.MANAGE_SITE)
def sync_content() -> ResponseReturnValue:
    with writing_db() as db:
        content_state.ask_for_sync(db, actor(), now())
    return redirect(url_for("admin.content"))
