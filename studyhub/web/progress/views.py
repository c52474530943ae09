from __future__ import annotations

from datetime import datetime
from functools import partial

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.days import days_since
from studyhub.domain.permissions import Permission
from studyhub.reads.attendance import attended_rows
from studyhub.reads.history import HistoryAsked, history_page, learnt_page
from studyhub.reads.looks import looks_page
from studyhub.reads.progress import LensAsked, skill_map_page, trend_page
from studyhub.web.guards import allows
from studyhub.web.request import actor, now, reading_db

blueprint = Blueprint("progress", __name__, url_prefix="/progress")


@blueprint.get("")
@allows(Permission.STUDY)
def skill_map() -> ResponseReturnValue:
    asked = LensAsked(
        syllabus=request.args.get("lens", ""),
        level=request.args.get("level", type=int),
        opened=request.args.get("open", ""),
    )
    with reading_db() as db:
        page = skill_map_page(db, actor(), asked, now())
    address = partial(url_for, "progress.skill_map")
    return render_template("progress/skill_map.html", page=page, skill_map_address=address)


@blueprint.get("/history")
@allows(Permission.STUDY)
def history() -> ResponseReturnValue:
    asked = HistoryAsked(
        page=request.args.get("page", 1, type=int),
        only_wrong=request.args.get("only") == "wrong",
        topic=request.args.get("topic", ""),
        only_corrected=request.args.get("only") == "corrected",
    )
    with reading_db() as db:
        page = history_page(db, actor(), asked)
    return render_template("progress/history.html", page=page)


@blueprint.get("/trend")
@allows(Permission.STUDY)
def trend() -> ResponseReturnValue:
    with reading_db() as db:
        page = trend_page(db, actor(), now())
    return render_template("progress/trend.html", page=page)


@blueprint.get("/study-sessions")
@allows(Permission.STUDY)
def learnt() -> ResponseReturnValue:
    with reading_db() as db:
        rows = learnt_page(db, actor())
        attended = attended_rows(db, actor())
    return render_template("progress/learnt.html", rows=rows, attended=attended)


@blueprint.get("/looks")
@allows(Permission.STUDY)
def looks() -> ResponseReturnValue:
    with reading_db() as db:
        page = looks_page(db, actor(), request.args.get("page", 1, type=int))
    return render_template("progress/looks.html", page=page)


@blueprint.app_template_global()
def age_days(moment: datetime | None) -> int | None:
    return None if moment is None else days_since(moment, now())


@blueprint.app_template_global()
def level_name(level: str) -> str:
    """Of a depth of a syllabus tree; a word that is not known here is shown as it is written in the file."""
    names = {
        "field": gettext("分野"),
        "large": gettext("大分類"),
        "middle": gettext("中分類"),
        "small": gettext("小分類"),
        "group": gettext("区分"),
        "area": gettext("領域"),
        "theme": gettext("テーマ"),
        "category": gettext("種別"),
        "item": gettext("項目"),
        "detail": gettext("細目"),
    }
    return str(names.get(level, level))
