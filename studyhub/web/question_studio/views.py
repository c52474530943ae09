"""The list of questions and the page of one; the studio's other views are brought in here."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.errors import Invalid
from studyhub.domain.permissions import Permission
from studyhub.domain.question_steps import StatusStep
from studyhub.domain.questions import Origin, QuestionStatus
from studyhub.reads.question_list import question_list
from studyhub.reads.question_studio import QuestionPage, question_page
from studyhub.reads.understanding import question_statistics
from studyhub.services.question_checks import FieldFinding, Unpublishable, findings_of, named_figures
from studyhub.services.question_review import TakeStep, take_step
from studyhub.web.guards import allows
from studyhub.web.question_studio import (
    bulk,
    corrections,
    drafts,
    editing,
    figures,
    forms,
    reports,
    reviews,
    tables,
    versions,
)
from studyhub.web.question_studio.blueprint import blueprint
from studyhub.web.question_studio.previewing import unpublishable_text
from studyhub.web.request import actor, now, reading_db, writing_db

__all__ = [
    "blueprint", "bulk", "corrections", "drafts", "editing", "figures", "reports", "reviews", "tables", "versions",
]  # fmt: skip


@blueprint.get("/studio/questions")
@allows(Permission.WRITE_CONTENT)
def index() -> ResponseReturnValue:
    with reading_db() as db:
        page = question_list(db, actor(), forms.question_filter(request.args))
    return render_template("question_studio/index.html", page=page, Status=QuestionStatus, Origin=Origin)


@blueprint.get("/studio/questions/<key>")
@allows(Permission.WRITE_CONTENT)
def show(key: str) -> ResponseReturnValue:
    return _page(key)


@blueprint.post("/studio/questions/<key>/status")
@allows(Permission.WRITE_CONTENT)
def change_status(key: str) -> ResponseReturnValue:
    sent = request.form.get("step", "")
    if sent not in set(StatusStep):
        raise Invalid("送られた内容を読み取れませんでした。")
    command = TakeStep(key, StatusStep(sent), forms.sent_number("base_revision"))
    try:
        with writing_db() as db:
            status = take_step(db, actor(), command, now())
    except Unpublishable as error:
        return _page(key, unpublishable_text(error)), 400
    flash(_done(status), "ok")
    return redirect(url_for(".show", key=key))


def _done(status: QuestionStatus) -> str:
    said = {
        QuestionStatus.DRAFT: gettext("下書きに戻しました。"),
        QuestionStatus.REVIEW: gettext("確認を頼みました。ほかの講師に知らせています。"),
        QuestionStatus.PUBLISHED: gettext("公開しました。"),
        QuestionStatus.RETIRED: gettext("廃止しました。これからは出題されません。これまでの回答は残ります。"),
    }
    return str(said[status])


def _page(key: str, refused: str = "") -> str:
    with reading_db() as db:
        page = question_page(db, actor(), key)
        findings = _findings(page, findings_of(db, page.question, named_figures(page.question)))
        statistics = question_statistics(db, actor(), key)
    return render_template(
        "question_studio/show.html", page=page, findings=findings, refused=refused, statistics=statistics
    )


def _findings(page: QuestionPage, found: tuple[FieldFinding, ...]) -> tuple[FieldFinding, ...]:
    """A retired question is not told what it lacks."""
    return () if page.status is QuestionStatus.RETIRED else found
