"""Many questions at once: what will change is shown first, and then all of it is done or nothing."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from studyhub.domain.errors import Conflict, Invalid
from studyhub.domain.permissions import Permission
from studyhub.reads.question_list import matching_keys
from studyhub.reads.topic_search import topics_with_paths
from studyhub.services.question_bulk import (
    MOST_AT_ONCE,
    Bulk,
    BulkAction,
    BulkPlan,
    Obstacle,
    apply_bulk,
    plan_bulk,
)
from studyhub.web.errors import sentence
from studyhub.web.guards import allows
from studyhub.web.question_studio import forms
from studyhub.web.question_studio.blueprint import blueprint
from studyhub.web.request import actor, now, reading_db, safe_path, writing_db

CHOSEN, ALL = "chosen", "all"


@blueprint.post("/studio/questions/bulk")
@allows(Permission.WRITE_CONTENT)
def confirm_bulk() -> ResponseReturnValue:
    back = _back()
    try:
        return _plan_page(_sent_bulk(), back)
    except Invalid as error:
        flash(sentence(error), "error")
        return redirect(back)


@blueprint.post("/studio/questions/bulk/apply")
@allows(Permission.WRITE_CONTENT)
def do_bulk() -> ResponseReturnValue:
    back, bulk = _back(), _sent_bulk()
    try:
        with writing_db() as db:
            count = apply_bulk(db, actor(), bulk, request.form.get("digest", ""), now())
    except Conflict as error:
        return _plan_page(bulk, back, sentence(error)), 409
    flash(ngettext("%(num)s問を変えました。", "%(num)s問を変えました。", count), "ok")
    return redirect(back)


def _sent_bulk() -> Bulk:
    action = request.form.get("action", "")
    found = BulkAction(action) if action in set(BulkAction) else None
    return Bulk(_keys(), found, request.form.get(f"value-{action}", "") or request.form.get("value", ""))


def _keys() -> tuple[str, ...]:
    """Those that are ticked, or all that the filter finds."""
    if request.form.get("scope", CHOSEN) != ALL:
        return tuple(dict.fromkeys(request.form.getlist("keys")))
    with reading_db() as db:
        return matching_keys(db, actor(), forms.question_filter(request.form), MOST_AT_ONCE + 1)


def _plan_page(bulk: Bulk, back: str, fault: str = "") -> str:
    with reading_db() as db:
        plan = plan_bulk(db, actor(), bulk)
        named = topics_with_paths(db, _topics(plan))
    names = {topic.key: topic for topic in named}
    return render_template("question_studio/bulk.html", plan=plan, names=names, back=back, fault=fault)


def _topics(plan: BulkPlan) -> list[str]:
    if plan.bulk.action not in {BulkAction.ADD_TOPIC, BulkAction.MAIN_TOPIC}:
        return []
    return [key for each in plan.changes for key in f"{each.before}\n{each.after}".split()]


def _back() -> str:
    return safe_path(request.form.get("next"), url_for(".index"))


@blueprint.app_template_global()
def obstacle_text(obstacle: Obstacle) -> str:
    """Of a question that cannot be changed."""
    said = {
        Obstacle.NOT_SOUND: gettext("誤りがあるため公開できません。"),
        Obstacle.NEEDS_REVIEW: gettext("公開する前に、ほかの人の確認が必要です。"),
        Obstacle.NOT_ITS_WAY: gettext("いまの状態からは、この状態にできません。"),
    }
    return str(said[obstacle])
