from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from studyhub.domain.permissions import Permission
from studyhub.reads.admin_overview import overview
from studyhub.services import content_state, kept_backups
from studyhub.web.admin.attention import attention
from studyhub.web.admin.blueprint import blueprint
from studyhub.web.guards import allows
from studyhub.web.request import now, reading_db, site


@blueprint.get("")
@allows(Permission.MANAGE_SITE)
def show() -> ResponseReturnValue:
    instance = site().config.instance
    with reading_db() as db:
        counts = overview(db, now())
    backups = kept_backups.kept_backups(instance)
    content = content_state.kept_state(instance)
    points = attention(counts, content, backups, kept_backups.free_bytes(instance), now())
    return render_template(
        "admin/overview.html", counts=counts, points=points, backups=backups, content=content
    )
