"""Backups kept in the instance."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.permissions import Permission
from studyhub.reads.jobs_overview import newest_job
from studyhub.services import kept_backups
from studyhub.web.admin.blueprint import blueprint
from studyhub.web.downloads import send_path
from studyhub.web.guards import allows
from studyhub.web.request import actor, now, reading_db, site, writing_db


@blueprint.get("/backups")
@allows(Permission.MANAGE_SITE)
def backups() -> ResponseReturnValue:
    instance = site().config.instance
    kept = kept_backups.kept_backups(instance)
    with reading_db() as db:
        checks = [newest_job(db, f"{kept_backups.VERIFY}:{backup.name}") for backup in kept[:1]]
        under_way = [newest_job(db, kept_backups.MAKE), *checks]
    job = next((job for job in under_way if job and job.is_under_way), None)
    free = kept_backups.free_bytes(instance)
    return render_template("admin/backups.html", backups=kept, job=job, free=free)


@blueprint.post("/backups")
@allows(Permission.MANAGE_SITE)
def make_backup() -> ResponseReturnValue:
    with writing_db() as db:
        kept_backups.ask_for_backup(db, actor(), now())
    return redirect(url_for("admin.backups"))


@blueprint.post("/backups/<name>/download")
@allows(Permission.MANAGE_SITE)
def download_backup(name: str) -> ResponseReturnValue:
    """A form and no link, since it is written down who took a copy of everything."""
    path = kept_backups.path_of(site().config.instance, name)
    with writing_db() as db:
        kept_backups.note_download(db, actor(), name, now())
    return send_path(path, name, "application/zip")


@blueprint.post("/backups/<name>/check")
@allows(Permission.MANAGE_SITE)
def check_backup(name: str) -> ResponseReturnValue:
    with writing_db() as db:
        kept_backups.ask_for_check(db, actor(), site().config.instance, name, now())
    flash(gettext("バックアップを最初から最後まで読んで確かめています。"), "info")
    return redirect(url_for("admin.backups"))


@blueprint.post("/backups/<name>/delete")
@allows(Permission.MANAGE_SITE)
def delete_backup(name: str) -> ResponseReturnValue:
    instance = site().config.instance
    kept_backups.path_of(instance, name)
    with writing_db() as db:
        kept_backups.note_deletion(db, actor(), name, now())
    kept_backups.delete(instance, name)
    flash(gettext("バックアップを削除しました。"), "ok")
    return redirect(url_for("admin.backups"))
