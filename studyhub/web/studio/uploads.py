"""A new study session from files: the upload, and the short form that follows it with what was read from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.errors import Invalid
from studyhub.domain.permissions import Permission
from studyhub.reads import study_session_editing as reads
from studyhub.reads.study_session_editing import Editor
from studyhub.reads.topic_search import NamedTopic, find_topics, topics_with_paths
from studyhub.services import uploads
from studyhub.services.courses import create_course
from studyhub.services.study_session_editing import (
    NewerRevision,
    SaveStudySession,
    file_addresses,
    render_notes,
    save_revision,
)
from studyhub.services.upload_checks import CheckedUpload, Checker, Incoming
from studyhub.services.uploads import Proposal
from studyhub.services.virus_scan import VirusScanner
from studyhub.web.errors import add_to_form, sentence
from studyhub.web.guards import allows
from studyhub.web.request import actor, now, reading_db, site, wants_json, writing_db
from studyhub.web.studio import forms
from studyhub.web.studio.blueprint import blueprint
from studyhub.web.studio.forms import SessionForm

EMPTY, FIND_TOPICS = "empty", "find_topics"
MOST_TOLD = 4
"""Refusals after a redirect: they travel in the cookie."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the field of topics shows beside those that are chosen."""

    found: tuple[NamedTopic, ...] | None


@blueprint.get("/study-sessions/new")
@allows(Permission.WRITE_CONTENT)
def new() -> ResponseReturnValue:
    return _upload_page(())


@blueprint.post("/study-sessions/new")
@allows(Permission.WRITE_CONTENT)
def upload() -> ResponseReturnValue:
    try:
        checked = _checked()
    except Invalid as error:
        return _refused([error])
    with reading_db() as db:
        known = uploads.knowledge(db, actor())
    with_notes = "speaker_notes" in request.form
    proposal = uploads.propose(checked, known, actor(), with_speaker_notes=with_notes)
    if isinstance(proposal, uploads.Nothing):
        return _refused(proposal.refusals)
    with writing_db() as db:
        key = uploads.start_study_session(db, actor(), proposal, now())
    _tell(proposal)
    target = url_for("studio.start", key=key)
    return jsonify(location=target) if wants_json() else redirect(target, 303)


@blueprint.get("/study-sessions/<key>/start")
@allows(Permission.WRITE_CONTENT)
def start(key: str) -> ResponseReturnValue:
    page = _editor(key)
    return _start_page(page, forms.session_form(page, forms.saved_values(page)))


@blueprint.post("/study-sessions/<key>/start")
@allows(Permission.WRITE_CONTENT)
def started(key: str) -> ResponseReturnValue:
    page = _editor(key)
    form = forms.session_form(page)
    if request.form.get("step") == FIND_TOPICS:
        return _start_page(page, form, request.form.get("topic_query", ""))
    if not form.validate_on_submit() or not _saved(page, form):
        return _start_page(page, form), 400
    flash(gettext("下書きができました。内容を確かめてから公開してください。"), "ok")
    return redirect(url_for("studio.hub", key=key), 303)


def checker() -> Checker:
    config = site().config
    return Checker(config.files, config.max_upload_mb * 1024 * 1024, VirusScanner(config.clamd))


def sent_files() -> list[Incoming]:
    """Those that were chosen: without a choice a browser sends one without name."""
    return [Incoming(file.filename, file.stream) for file in request.files.getlist("files") if file.filename]  # type: ignore[arg-type]


def tell_refusals(refusals: Iterable[Invalid]) -> None:
    told = list(refusals)
    for refusal in told[:MOST_TOLD]:
        flash(sentence(refusal), "error")
    if len(told) > MOST_TOLD:
        flash(
            gettext("ほかに%(count)s個のファイルを受け付けませんでした。", count=len(told) - MOST_TOLD),
            "error",
        )


def _checked() -> CheckedUpload:
    """Raises Invalid."""
    if request.form.get("step") == EMPTY:
        return CheckedUpload()
    return checker().check(sent_files())


def _tell(proposal: Proposal) -> None:
    tell_refusals(proposal.refusals)
    for remark in proposal.remarks[:MOST_TOLD]:
        flash(sentence(remark), "warn")


def _refused(refusals: Iterable[Invalid]) -> ResponseReturnValue:
    sentences = [sentence(refusal) for refusal in refusals]
    if wants_json():
        return jsonify(messages=sentences), 400
    return _upload_page(sentences), 400


def _upload_page(refusals: Iterable[str]) -> str:
    return render_template("studio/new.html", refusals=list(refusals), most_mb=site().config.max_upload_mb)


def _saved(page: Editor, form: SessionForm) -> bool:
    try:
        _save(page, form)
    except NewerRevision:
        form.form_errors.append(
            gettext(
                "開いている間に、別の人が保存しました。ページを開き直してから、もう一度入力してください。"
            )
        )
        return False
    except Invalid as error:
        return add_to_form(form, error)
    return True


def _save(page: Editor, form: SessionForm) -> None:
    """Rendering stands between the two transactions, never inside one."""
    with reading_db() as db:
        addresses = file_addresses(db, page.key)
    notes = render_notes(page.body, addresses)
    with writing_db() as db:
        course = form.course.data or ""
        if course == forms.NEW_COURSE:
            course = create_course(db, actor(), form.new_course.data or "", now())
        fields = forms.session_fields(form, course)
        command = SaveStudySession(page.key, fields, notes, forms.sent_number("base_revision"))
        save_revision(db, actor(), command, now())


def _editor(key: str) -> Editor:
    with reading_db() as db:
        return reads.editor(db, actor(), key)


def _start_page(page: Editor, form: SessionForm, query: str = "") -> str:
    with reading_db() as db:
        chosen = topics_with_paths(db, form.topics.data or ())
        found = find_topics(db, query[:120]) if query else None
    return render_template("studio/start.html", page=page, form=form, chosen=chosen, shown=Found(found))
