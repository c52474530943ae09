"""What the studio's forms send, read once at the edge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import (
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional

from studyhub.domain.days import TOKYO
from studyhub.domain.editing import SessionFields, SessionKind
from studyhub.reads.studio import StudioFilter
from studyhub.reads.study_session_editing import Editor, KeptText
from studyhub.web.days import DayField
from studyhub.web.form import Form
from studyhub.web.rendering import current_locale

NEW_COURSE = "+"
_NEVER_KEPT = frozenset(
    {"csrf_token", "step", "base_revision", "draft_version", "figure", "figure_alt", "topic_query"}
)
_MOST_KEYS = 60


class KeysField(Field):
    """Keys, each sent by itself or several parted by white space."""

    def process_formdata(self, valuelist: list[str]) -> None:
        keys = dict.fromkeys(key for value in valuelist for key in value.split())
        self.data = list(keys)[:_MOST_KEYS]

    def _value(self) -> str:
        return " ".join(self.data or ())


class SessionForm(Form):
    title = StringField(_l("題名"), [DataRequired(_l("題名を入力してください。"))])
    title_en = StringField(_l("英語の題名"))
    course = SelectField(_l("コース"), validate_choice=False)
    new_course = StringField(_l("新しいコースの名前"))
    kind = RadioField(
        _l("種類"),
        choices=[
            SelectChoice(SessionKind.STUDY_SESSION.value, _l("勉強会")),
            SelectChoice(SessionKind.WORKSHOP.value, _l("ワークショップ")),
            SelectChoice(SessionKind.CASE_NOTE.value, _l("事例ノート")),
        ],
        default=SessionKind.STUDY_SESSION.value,
    )
    worksheet = SelectField(_l("ワークシート"), validate_choice=False)
    held_on = DayField(_l("開催日"), [Optional()])
    starts_at = TimeField(_l("開始時刻"), [Optional()])
    minutes = IntegerField(
        _l("長さ（分）"),
        [
            InputRequired(_l("分数を入力してください。")),
            NumberRange(1, 1440, _l("1分から1440分までの長さを入力してください。")),
        ],
        render_kw={"inputmode": "numeric"},
    )
    place = StringField(_l("場所"))
    lecturers = TextAreaField(_l("講師"), description=_l("1行に1人ずつ書きます。"), render_kw={"rows": 2})
    topics = KeysField(_l("分野"))
    objectives = TextAreaField(
        _l("この回でできるようになること"), description=_l("1行に1つずつ書きます。"), render_kw={"rows": 4}
    )
    summary = TextAreaField(_l("概要"), render_kw={"rows": 3})
    summary_en = TextAreaField(_l("英語の概要"), render_kw={"rows": 3})
    body = TextAreaField(_l("本文"), render_kw={"rows": 24, "spellcheck": "false"})
    base_revision = HiddenField()
    draft_version = HiddenField()


class ScheduleForm(Form):
    day = DayField(_l("公開する日"), [InputRequired(_l("日を入力してください。"))])
    time = TimeField(_l("時刻"), [InputRequired(_l("時刻を入力してください。"))])

    @property
    def moment(self) -> datetime:
        """Of a form that was found valid."""
        assert self.day.data is not None
        assert self.time.data is not None
        return datetime.combine(self.day.data, self.time.data, TOKYO)


def studio_filter(arguments: Mapping[str, str]) -> StudioFilter:
    """Anything may stand in an address: what nobody knows finds nothing."""
    names = ("course", "state", "text", "whose")
    page = arguments.get("page", "")
    return StudioFilter(
        **{name: arguments.get(name, "")[:120].strip() for name in names},
        page=min(int(page), 10_000) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )


def session_form(page: Editor, values: MultiDict[str, Any] | None = None) -> SessionForm:
    """Filled with what was sent, or with ``values``."""
    form = SessionForm(formdata=values) if values is not None else SessionForm()
    english = current_locale() == "en"
    named = [(each.key, (english and each.name_en) or each.name) for each in page.courses]
    form.course.choices = [*named, (NEW_COURSE, _l("新しいコースをつくる"))]
    sheets = [(each.key, (english and each.name_en) or each.name) for each in page.worksheets]
    form.worksheet.choices = [("", _l("なし")), *sheets]
    return form


def saved_values(page: Editor) -> MultiDict[str, Any]:
    """As the form would send what is saved."""
    fields = page.fields
    pairs = {
        "title": fields.title,
        "title_en": fields.title_en,
        "course": fields.course,
        "kind": fields.kind.value,
        "worksheet": fields.worksheet or "",
        "held_on": fields.held_on.isoformat() if fields.held_on else "",
        "starts_at": f"{fields.starts_at:%H:%M}" if fields.starts_at else "",
        "minutes": str(fields.minutes),
        "place": fields.place,
        "lecturers": "\n".join(fields.lecturers),
        "topics": " ".join(fields.topics),
        "objectives": "\n".join(fields.objectives),
        "summary": fields.summary,
        "summary_en": fields.summary_en,
        "body": page.body,
        "base_revision": str(page.revision),
        "draft_version": str(page.draft.version if page.draft else 0),
    }
    return MultiDict(pairs)


def kept_values(page: Editor, kept: KeptText) -> MultiDict[str, Any]:
    """As the form would send the draft."""
    values = saved_values(page)
    for name, value in kept.fields.items():
        values.setlist(name, [value] if isinstance(value, str) else list(value))
    values["base_revision"] = str(kept.base_revision)
    return values


def sent_fields() -> dict[str, str | list[str]]:
    """What a draft keeps of the form."""
    fields: dict[str, str | list[str]] = {}
    for name in request.form:
        if name not in _NEVER_KEPT:
            values = request.form.getlist(name)
            fields[name] = " ".join(values) if name == "topics" else values[0]
    return fields


def sent_text(name: str) -> str:
    """With the line ends of Unix and without empty lines at the end."""
    return request.form.get(name, "").replace("\r\n", "\n").strip()


def sent_number(name: str) -> int:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0


def session_fields(form: SessionForm, course: str) -> SessionFields:
    kind = SessionKind(form.kind.data)
    return SessionFields(
        title=_plain(form.title.data),
        course=course,
        title_en=_plain(form.title_en.data),
        summary=_plain(form.summary.data, keep_lines=True),
        summary_en=_plain(form.summary_en.data, keep_lines=True),
        kind=kind,
        held_on=form.held_on.data,
        starts_at=form.starts_at.data,
        place=_plain(form.place.data),
        minutes=form.minutes.data or 0,
        lecturers=tuple(_lines(form.lecturers.data)),
        topics=tuple(form.topics.data or ()),
        objectives=tuple(_lines(form.objectives.data)),
        worksheet=form.worksheet.data or None if kind is SessionKind.WORKSHOP else None,
    )


def _plain(text: str | None, *, keep_lines: bool = False) -> str:
    if keep_lines:
        return "\n".join(line.rstrip() for line in (text or "").splitlines()).strip()
    return " ".join((text or "").split())


def _lines(text: str | None) -> Iterable[str]:
    return (line.strip() for line in (text or "").splitlines() if line.strip())
