from __future__ import annotations

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from studyhub.domain.errors import Invalid
from studyhub.domain.identity import Locale
from studyhub.domain.mastery import DEFAULT_BANDS
from studyhub.domain.permissions import Permission
from studyhub.domain.team import LookKind
from studyhub.reads.progress import LensAsked
from studyhub.reads.team import TeamAsked, TeamPage, UnitChoice, team_page
from studyhub.reads.team_person import team_person_page
from studyhub.services.progress_looks import log_looks
from studyhub.services.team_export import TeamExport, export_team, file_of
from studyhub.web.guards import allows
from studyhub.web.rendering import current_locale
from studyhub.web.request import actor, now, reading_db, writing_db
from studyhub.web.team import words
from studyhub.web.team.parsing import asked_from, query_of

blueprint = Blueprint("team", __name__, url_prefix="/team")


@blueprint.get("")
@allows(Permission.SEE_TEAM)
def matrix() -> ResponseReturnValue:
    with reading_db() as db:
        page = team_page(db, actor(), asked_from(request.args), now())
    if page is None:
        return render_template("team/nobody.html")
    with writing_db() as db:
        log_looks(db, actor(), [row.user_id for row in page.rows], LookKind.MATRIX, now())
    return render_template("team/matrix.html", page=page, **_texts(page))


@blueprint.get("/people/<int:user_id>")
@allows(Permission.SEE_TEAM)
def person(user_id: int) -> ResponseReturnValue:
    asked = LensAsked(
        syllabus=request.args.get("lens", ""),
        level=request.args.get("level", type=int),
        opened=request.args.get("open", ""),
    )
    with reading_db() as db:
        page = team_person_page(db, actor(), user_id, asked, now())
    with writing_db() as db:
        log_looks(db, actor(), [user_id], LookKind.PERSON, now())
    return render_template("team/person.html", page=page, skill_map_address=_address_of(user_id))


@blueprint.get("/export")
@allows(Permission.SEE_TEAM)
def export() -> ResponseReturnValue:
    page = _whole(asked_from(request.args))
    if page is None:
        return render_template("team/nobody.html")
    return render_template("team/export.html", page=page, **_texts(page))


@blueprint.post("/export")
@allows(Permission.SEE_TEAM)
def send_export() -> ResponseReturnValue:
    page = _whole(asked_from(request.form))
    if page is None:
        return render_template("team/nobody.html")
    command = _command(page, request.form)
    try:
        file = file_of(command)
        with writing_db() as db:
            export_team(db, actor(), command, now())
    except Invalid as error:
        flash(gettext(error.message) % error.params, "error")
        return render_template("team/export.html", page=page, given=request.form, **_texts(page)), 400
    response = make_response(file.content)
    response.mimetype = file.media_type
    response.headers["Content-Disposition"] = f'attachment; filename="team.{file.ending}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _whole(asked: TeamAsked) -> TeamPage | None:
    with reading_db() as db:
        return team_page(db, actor(), asked, now(), whole=True)


def _command(page: TeamPage, form: MultiDict[str, str]) -> TeamExport:
    return TeamExport(
        reason=form.get("reason", ""),
        file_format=form.get("file_format", ""),
        title=gettext("チームの学習状況"),
        headings=words.headings(page, japanese=_in_japanese()),
        rows=tuple((row.user_id, words.cells(row)) for row in page.rows),
    )


def _texts(page: TeamPage) -> dict[str, object]:
    """What the templates of the matrix ask for beside the page itself."""

    def here(endpoint: str = "team.matrix", /, **changes: object) -> str:
        return url_for(endpoint, **query_of(page.asked, **changes))

    return {
        "here": here,
        "query": query_of(page.asked),
        "choices": _units(page),
        "least_responses": DEFAULT_BANDS.least_responses,
        "count_unit": "問" if _in_japanese() else "",
        "band_words": words.band_words(),
        "evidence": words.details(now()),
        "column_name": lambda column: words.column_name(column, japanese=_in_japanese()),
    }


def _units(page: TeamPage) -> tuple[UnitChoice, ...]:
    """Those that can be chosen from here: headed, on the way down, and directly below."""
    below = [UnitChoice(row.code, row.name) for row in page.units.rows] if page.units else []
    found = {unit.code: unit for unit in (*page.headed, *page.path, *below) if unit.code}
    return tuple(found.values())


def _address_of(user_id: int) -> object:
    return lambda **shown: url_for("team.person", user_id=user_id, **shown)


def _in_japanese() -> bool:
    return current_locale() == Locale.JA
