"""Writing a study session: the form, its preview, and what happens when somebody else saved first."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.errors import Invalid
from studyhub.domain.permissions import Permission
from studyhub.reads import study_session_editing as reads
from studyhub.reads.study_session_editing import Editor
from studyhub.reads.topic_search import NamedTopic, find_topics, topics_with_paths
from studyhub.services.courses import create_course
from studyhub.services.study_session_editing import (
    NewerRevision,
    SaveStudySession,
    file_addresses,
    render_notes,
    save_revision,
)
from studyhub.web.errors import add_to_form
from studyhub.web.guards import allows
from studyhub.web.request import actor, now, reading_db, writing_db
from studyhub.web.studio import forms
from studyhub.web.studio.blueprint import blueprint
from studyhub.web.studio.conflicts import conflict_page
from studyhub.web.studio.drafts import keep_sent
from studyhub.web.studio.figures import FIGURE_STEP, add_sent_figure
from studyhub.web.studio.forms import SessionForm
from studyhub.web.studio.previewing import Preview, preview_of

SAVE, PREVIEW, FIND_TOPICS = "save", "preview", "find_topics"


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows beside the form itself."""

    preview: Preview | None = None
    found: tuple[NamedTopic, ...] | None = None
    from_draft: bool = False


@blueprint.get("/study-sessions/<key>/edit")
@allows(Permission.WRITE_CONTENT)
def edit(key: str) -> ResponseReturnValue:
    page = _editor(key)
    kept = page.draft
    values = forms.kept_values(page, kept) if kept else forms.saved_values(page)
    form = forms.session_form(page, values)
    shown = Shown(preview=_preview_or_nothing(form, key), from_draft=kept is not None)
    return _page(page, form, shown)


@blueprint.post("/study-sessions/<key>/edit")
@allows(Permission.WRITE_CONTENT)
def change(key: str) -> ResponseReturnValue:
    page = _editor(key)
    form = forms.session_form(page)
    step = request.form.get("step", SAVE)
    if step == SAVE:
        return _save(page, form)
    if step == FIND_TOPICS:
        with reading_db() as db:
            found = find_topics(db, request.form.get("topic_query", "")[:120])
        return _page(page, form, Shown(preview=_preview_or_nothing(form, key), found=found))
    if step == FIGURE_STEP:
        form.body.data = add_sent_figure(key, form)
    return _page(page, form, Shown(preview=_preview_or_nothing(form, key)))


@blueprint.post("/study-sessions/<key>/preview")
@allows(Permission.WRITE_CONTENT)
def preview(key: str) -> ResponseReturnValue:
    """A part of the page, for the script that follows what is typed."""
    _editor(key)
    shown = preview_of(key, request.form.get("body", ""))
    return render_template("studio/_preview.html", preview=shown)


@blueprint.get("/topics")
@allows(Permission.WRITE_CONTENT)
def topics() -> ResponseReturnValue:
    """A part of the page, for the script that searches as one types."""
    with reading_db() as db:
        found = find_topics(db, request.args.get("q", "")[:120])
    return render_template("studio/_found_topics.html", found=found, chosen=())


def _save(page: Editor, form: SessionForm) -> ResponseReturnValue:
    if not form.validate_on_submit():
        return _page(page, form, Shown(preview=_preview_or_nothing(form, page.key))), 400
    try:
        _write(page, form)
    except NewerRevision as newer:
        keep_sent(page.key)
        return conflict_page(page, form, newer.number), 409
    except Invalid as error:
        add_to_form(form, error)
        return _page(page, form, Shown(preview=_preview_or_nothing(form, page.key))), 400
    flash(gettext("保存しました。"), "ok")
    return redirect(url_for("studio.hub", key=page.key))


def _write(page: Editor, form: SessionForm) -> None:
    """Rendering stands between the two transactions, never inside one."""
    with reading_db() as db:
        addresses = file_addresses(db, page.key)
    notes = render_notes(form.body.data or "", addresses)
    with writing_db() as db:
        course = form.course.data or ""
        if course == forms.NEW_COURSE:
            course = create_course(db, actor(), form.new_course.data or "", now())
        command = SaveStudySession(
            key=page.key,
            fields=forms.session_fields(form, course),
            notes=notes,
            base_revision=forms.sent_number("base_revision"),
        )
        save_revision(db, actor(), command, now())


def _editor(key: str) -> Editor:
    with reading_db() as db:
        return reads.editor(db, actor(), key)


def _preview_or_nothing(form: SessionForm, key: str) -> Preview | None:
    """A text that cannot be rendered says so at its field, and the page is shown all the same."""
    try:
        return preview_of(key, form.body.data or "")
    except Invalid as error:
        add_to_form(form, Invalid(error.message, field="body", **error.params))
        return None


def _page(page: Editor, form: SessionForm, shown: Shown) -> str:
    with reading_db() as db:
        chosen = topics_with_paths(db, form.topics.data or ())
    return render_template("studio/edit.html", page=page, form=form, shown=shown, chosen=chosen)
