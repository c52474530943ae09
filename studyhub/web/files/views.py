from __future__ import annotations

from uuid import UUID

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue

from studyhub.domain.errors import NotFound
from studyhub.domain.permissions import Permission
from studyhub.reads.files import served_file
from studyhub.services.files import path_of
from studyhub.web.guards import allows
from studyhub.web.request import actor, reading_db, site

blueprint = Blueprint("files", __name__)

SHOWN_IN_THE_BROWSER = frozenset(
    {"image/gif", "image/jpeg", "image/png", "image/svg+xml", "image/webp", "video/mp4"}
)
AS_AN_IMAGE_ONLY = (
    "default-src 'none'; style-src 'unsafe-inline'; sandbox; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""An SVG that somebody opens by itself runs nothing, loads nothing and has no origin; its own styles do no harm."""


@blueprint.get("/files/<uuid:file_id>")
@allows(Permission.STUDY)
def show(file_id: UUID) -> ResponseReturnValue:
    with reading_db() as db:
        file = served_file(db, actor(), str(file_id))
    path = path_of(site().config.files, file.sha256)
    if not path.is_file():
        raise NotFound("ファイルが見つかりません。管理者に知らせてください。")
    response = send_file(
        path,
        mimetype=file.media_type,
        as_attachment=file.media_type not in SHOWN_IN_THE_BROWSER,
        download_name=file.name,
        conditional=True,
        etag=file.sha256,
    )
    # What lies behind an address never changes, but who may have it does: kept by this browser alone.
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = AS_AN_IMAGE_ONLY
    return response
