"""Writing a question: the form, its preview, and what happens when somebody else saved first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.days import office_day
from studyhub.domain.errors import Invalid, NotFound
from studyhub.domain.permissions import Permission
from studyhub.domain.question_editing import TypedQuestion, after_step, read_typed
from studyhub.domain.questions import Question, Scenario
from studyhub.reads import question_pickers, question_versions, topic_search
from studyhub.reads import question_studio as reads
from studyhub.reads.question_pickers import TeachingChoice
from studyhub.reads.question_studio import QuestionEditor
from studyhub.reads.question_versions import FieldDifference
from studyhub.reads.topic_search import NamedTopic
from studyhub.services.check_quiz import ChangeQuiz, QuizStep, change_quiz
from studyhub.services.question_checks import Unpublishable
from studyhub.services.question_editing import (
    CreateQuestion,
    KeyChanged,
    NewerRevision,
    RenderedQuestion,
    ReviseQuestion,
    create_question,
    render_question,
    revise_question,
)
from studyhub.web.errors import sentence
from studyhub.web.guards import allows
from studyhub.web.question_studio import forms
from studyhub.web.question_studio.blueprint import blueprint
from studyhub.web.question_studio.figures import FIGURE_STEP, with_sent_figure
from studyhub.web.question_studio.previewing import (
    Preview,
    by_field,
    known_figures,
    preview_of,
    unpublishable_text,
)
from studyhub.web.request import actor, now, reading_db, writing_db

SAVE, FIND_TOPICS, FIND_TEACHING, ROW = "save", "find_topics", "find_teaching", "row:"
Faults = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Form:
    """What the page shows beside what is saved. ``draft`` names what is kept of a new question; ``study_session`` is
    the one whose check it is written for."""

    typed: TypedQuestion
    draft: str
    base_revision: int
    study_session: str = ""
    faults: Faults = field(default_factory=dict)
    found_topics: tuple[NamedTopic, ...] | None = None
    found_teaching: tuple[TeachingChoice, ...] | None = None
    from_draft: bool = False
    conflict: tuple[FieldDifference, ...] | None = None
    preview: Preview | None = None


@blueprint.get("/studio/questions/new")
@allows(Permission.WRITE_CONTENT)
def new() -> ResponseReturnValue:
    draft = _draft_name(request.args.get("draft", ""))
    page = _new_editor(draft)
    form = Form(
        forms.opened_typed(page, office_day(now())),
        draft,
        0,
        _study_session(),
        from_draft=page.draft is not None,
    )
    return _page(page, form)


@blueprint.post("/studio/questions/new")
@allows(Permission.WRITE_CONTENT)
def create() -> ResponseReturnValue:
    draft = _draft_name(request.form.get("draft", ""))
    page = _new_editor(draft)
    form = Form(forms.sent_typed(), draft, 0, _study_session())
    return _save(page, form) if _step() == SAVE else _page(page, _after_step(form))


@blueprint.get("/studio/questions/<key>/edit")
@allows(Permission.WRITE_CONTENT)
def edit(key: str) -> ResponseReturnValue:
    page = _editor(key)
    base = page.draft.base_revision if page.draft else page.revision
    return _page(
        page, Form(forms.opened_typed(page, office_day(now())), key, base, from_draft=page.draft is not None)
    )


@blueprint.post("/studio/questions/<key>/edit")
@allows(Permission.WRITE_CONTENT)
def change(key: str) -> ResponseReturnValue:
    page = _editor(key)
    form = Form(forms.sent_typed(), key, forms.sent_number("base_revision"))
    return _save(page, form) if _step() == SAVE else _page(page, _after_step(form))


@blueprint.post("/studio/questions/part")
@allows(Permission.WRITE_CONTENT)
def part() -> ResponseReturnValue:
    """The fields of the answer after a step, for the script that replaces them."""
    form = _after_step(Form(forms.sent_typed(), "", 0))
    return render_template("question_studio/_answer.html", form=form)


@blueprint.post("/studio/questions/preview")
@allows(Permission.WRITE_CONTENT)
def preview() -> ResponseReturnValue:
    """Parts of the page, for the script that follows what is typed."""
    key = request.form.get("key", "")
    source_line = _source_line(_editor(key)) if key else None
    shown = preview_of(forms.sent_typed(), key, source_line)
    findings = {
        name: render_template("question_studio/_findings.html", findings=found)
        for name, found in shown.findings.items()
    }
    html = render_template("question_studio/_preview.html", preview=shown)
    return jsonify(html=html, findings=findings)


@blueprint.get("/studio/questions/topics")
@allows(Permission.WRITE_CONTENT)
def topics() -> ResponseReturnValue:
    with reading_db() as db:
        found = topic_search.find_topics(db, request.args.get("q", "")[:120])
    return render_template("question_studio/_found_topics.html", found=found, held=())


@blueprint.get("/studio/questions/teaching")
@allows(Permission.WRITE_CONTENT)
def teaching() -> ResponseReturnValue:
    with reading_db() as db:
        found = question_pickers.find_teaching(db, request.args.get("q", "")[:120])
    return render_template("question_studio/_found_teaching.html", found=found, held="")


def _step() -> str:
    return request.form.get("step", SAVE)


def _after_step(form: Form) -> Form:
    step = _step()
    if step.startswith(ROW):
        return replace(form, typed=after_step(form.typed, step.removeprefix(ROW)))
    if step == FIND_TOPICS:
        with reading_db() as db:
            found = topic_search.find_topics(db, request.form.get("topic_query", "")[:120])
        return replace(form, found_topics=found)
    if step == FIND_TEACHING:
        with reading_db() as db:
            teaching = question_pickers.find_teaching(db, request.form.get("teaches_query", "")[:120])
        return replace(form, found_teaching=teaching)
    if step == FIGURE_STEP:
        typed, fault = with_sent_figure(form.typed)
        return replace(form, typed=typed, faults=_told([fault]) if fault else {})
    return form


def _save(page: QuestionEditor, form: Form) -> ResponseReturnValue:
    read = read_typed(form.typed, page.key, page.status, _source_line(page))
    if read.faults:
        return _page(page, replace(form, faults=_told(read.faults))), 400
    try:
        rendered = render_question(read.question, known_figures(read.question))
        key = _written(page, form, rendered)
    except NewerRevision as newer:
        return _conflict(page, form, read.question, newer), 409
    except KeyChanged as changed:
        return to_correction(changed)
    except Unpublishable as error:
        refusal = unpublishable_text(error)
        shown = Preview(findings=by_field(error.findings), refusal=refusal)
        return _page(page, replace(form, faults={"": [refusal]}, preview=shown)), 400
    except Invalid as error:
        return _page(page, replace(form, faults=_told([error]))), 400
    flash(gettext("保存しました。"), "ok")
    return redirect(url_for("question_studio.show", key=key))


def _written(page: QuestionEditor, form: Form, rendered: RenderedQuestion) -> str:
    with writing_db() as db:
        if page.key:
            revise_question(db, actor(), ReviseQuestion(page.key, rendered, form.base_revision), now())
            return page.key
        key = create_question(db, actor(), CreateQuestion(rendered, draft=form.draft), now())
        if form.study_session:
            change_quiz(db, actor(), ChangeQuiz(form.study_session, QuizStep.ADD, key), now())
        return key


def _conflict(page: QuestionEditor, form: Form, mine: Question, newer: NewerRevision) -> str:
    """Both texts: the form keeps what was typed, now on the newest revision; what differs from that stands above."""
    with reading_db() as db:
        theirs = question_versions.version(db, page.key, newer.number)
    differing = question_versions.differences(theirs, mine)
    return _page(page, replace(form, base_revision=newer.number, conflict=differing))


def to_correction(changed: KeyChanged) -> ResponseReturnValue:
    flash(
        gettext(
            "この問題には回答した職員がいます。正解を変えるときは、この画面で訂正してください。採点をやり直し、回答した人に知らせます。"
        ),
        "warn",
    )
    return redirect(url_for("question_studio.correction", key=changed.key))


def _told(faults: Iterable[Invalid]) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for fault in faults:
        told.setdefault(fault.field, []).append(sentence(fault))
    return told


def _page(page: QuestionEditor, form: Form) -> str:
    shown = form.preview or preview_of(form.typed, page.key, _source_line(page))
    with reading_db() as db:
        chosen = topic_search.topics_with_paths(db, form.typed.topics)
        teaches = question_pickers.teaching_choice(db, form.typed.teaches)
    return render_template(
        "question_studio/edit.html", page=page, form=form, preview=shown, chosen=chosen, teaches=teaches
    )


def _editor(key: str) -> QuestionEditor:
    """A scenario has no form: its page says so."""
    with reading_db() as db:
        page = reads.editor(db, actor(), key)
    if page.question is not None and isinstance(page.question.body, Scenario):
        raise NotFound("状況文と設問の組は、この画面では編集できません。")
    return page


def _new_editor(draft: str) -> QuestionEditor:
    with reading_db() as db:
        return reads.new_editor(db, actor(), draft)


def _source_line(page: QuestionEditor) -> str | None:
    return page.question.source_line if page.question else None


def _study_session() -> str:
    return request.values.get("for", "")[:80]


def _draft_name(text: str) -> str:
    """A name of its own for each new question that is begun."""
    try:
        return str(UUID(text))
    except ValueError:
        return str(uuid4())
