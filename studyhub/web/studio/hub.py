"""The hub of a study session: its state, what is still missing, and the ways to everything about it."""

from __future__ import annotations

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from studyhub.domain.editing import checklist
from studyhub.domain.permissions import Permission
from studyhub.reads.study_session_editing import hub as read_hub
from studyhub.services.study_session_checks import Severity, findings_of_session
from studyhub.services.study_session_export import pack, plan_bundle
from studyhub.web.guards import allows
from studyhub.web.request import actor, reading_db, site
from studyhub.web.studio.blueprint import blueprint
from studyhub.web.studio.forms import ScheduleForm

_IN_MEMORY_BYTES = 8 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024


@blueprint.get("/study-sessions/<key>")
@allows(Permission.WRITE_CONTENT)
def hub(key: str) -> ResponseReturnValue:
    return hub_page(key, ScheduleForm(formdata=None))


def hub_page(key: str, form: ScheduleForm, refused: str = "") -> str:
    """``refused`` says why the last step was not done."""
    with reading_db() as db:
        page = read_hub(db, actor(), key)
        findings = findings_of_session(db, key)
    errors = [found for found in findings if found.severity is Severity.ERROR]
    items = checklist(content=page.has_content, errors=len(errors), filled=page.filled)
    return render_template(
        "studio/hub.html", page=page, findings=findings, items=items, form=form, refused=refused,
        ready=all(item.done for item in items if item.is_needed),
    )  # fmt: skip


@blueprint.get("/study-sessions/<key>/export.zip")
@allows(Permission.WRITE_CONTENT)
def export(key: str) -> ResponseReturnValue:
    with reading_db() as db:
        bundle = plan_bundle(db, actor(), key)
    packed = SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115 (closed when it is sent)
    pack(bundle, site().config.files, packed)
    response = Response(_sent(packed), mimetype="application/zip")
    response.content_length = packed.tell()
    response.headers.set("Content-Disposition", "attachment", filename=f"{key}.zip")
    return response


def _sent(packed: SpooledTemporaryFile[bytes]) -> Iterator[bytes]:
    with packed:
        packed.seek(0)
        while chunk := packed.read(_CHUNK_BYTES):
            yield chunk
