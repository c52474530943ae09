"""Two people saved: both texts side by side, and one form that keeps, takes or joins them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template

from studyhub.domain.text_difference import Line, line_difference, merged
from studyhub.reads import study_session_editing as reads
from studyhub.reads.study_session_editing import Editor, Version
from studyhub.web.request import actor, reading_db
from studyhub.web.studio import forms
from studyhub.web.studio.forms import SessionForm

COMPARED = (
    "title", "title_en", "course", "kind", "worksheet", "held_on", "starts_at", "minutes", "place", "lecturers",
    "topics", "objectives", "summary", "summary_en",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """A field whose two values differ, as the form sends them."""

    name: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """``theirs`` is the newer version; ``joined`` tells that ``body`` holds the changes of both."""

    key: str
    theirs: Version
    choices: tuple[Choice, ...]
    same: tuple[tuple[str, str], ...]
    body: str
    joined: bool
    their_body: str
    difference: tuple[Line, ...]


def conflict_page(page: Editor, form: SessionForm, number: int) -> str:
    mine = (form.body.data or "").replace("\r\n", "\n")
    with reading_db() as db:
        newer = reads.editor(db, actor(), page.key)
        theirs = reads.version_texts(db, page.key, number)
    base = _base_body(page.key, forms.sent_number("base_revision"))
    body = merged(base, mine, theirs.body) if base is not None else None
    values, sent = forms.saved_values(newer), _sent(form)
    conflict = Conflict(
        key=page.key,
        theirs=theirs.version,
        choices=tuple(
            Choice(name, sent[name], values[name]) for name in COMPARED if sent[name] != values[name]
        ),
        same=tuple((name, sent[name]) for name in COMPARED if sent[name] == values[name]),
        body=mine if body is None else body,
        joined=body is not None and body != mine,
        their_body=theirs.body,
        difference=line_difference(theirs.body, mine),
    )
    return render_template("studio/conflict.html", page=page, form=form, conflict=conflict)


def _base_body(key: str, number: int) -> str | None:
    """The notes both started from, if the form says a version that there was."""
    known = {version.number for version in _versions(key)}
    if number not in known:
        return None
    with reading_db() as db:
        return reads.version_texts(db, key, number).body


def _versions(key: str) -> tuple[Version, ...]:
    with reading_db() as db:
        return reads.versions(db, key).versions


def _sent(form: SessionForm) -> dict[str, str]:
    values = {name: forms.sent_text(name) for name in COMPARED}
    return values | {"topics": " ".join(form.topics.data or ())}
