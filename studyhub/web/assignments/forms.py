from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import InputRequired

from studyhub.domain.assignments import AssignmentKind
from studyhub.domain.identity import Locale
from studyhub.domain.mastery import Band
from studyhub.reads.assignment_form import AssignmentForm, SessionChoice
from studyhub.services.assignments import NewAssignment
from studyhub.web.days import DayField
from studyhub.web.form import Form
from studyhub.web.rendering import current_locale, format_short_day

_USUAL_DAYS = 14


class AskForm(Form):
    """What, for whom, by when and why. People and units are drawn by the template."""

    kind = RadioField(
        _l("何を頼みますか"),
        [InputRequired(_l("何を頼むかを選んでください。"))],
        choices=[
            SelectChoice(AssignmentKind.SESSION.value, _l("勉強会の資料を読む（出席でもよい）")),
            SelectChoice(AssignmentKind.TOPIC.value, _l("分野をある段階まで学ぶ")),
            SelectChoice(AssignmentKind.CHECK.value, _l("勉強会の確認問題に答える")),
        ],
    )
    study_session = SelectField(_l("勉強会"), validate_choice=False)
    topic = SelectField(_l("分野"), validate_choice=False)
    band = RadioField(
        _l("どの段階まで"),
        choices=[SelectChoice(Band.NEAR.value, _l("あと少し")), SelectChoice(Band.FIRM.value, _l("定着"))],
        default=Band.FIRM.value,
        validate_choice=False,
    )
    units = SelectMultipleField(_l("組織"), coerce=int, validate_choice=False)
    people = SelectMultipleField(_l("人"), coerce=int, validate_choice=False)
    due_on = DayField(_l("いつまでに"), [InputRequired(_l("期限を入力してください。"))])
    reason = TextAreaField(
        _l("なぜ頼むのか"),
        [InputRequired(_l("頼む理由を書いてください。頼まれた人がそのまま読みます。"))],
        description=_l("頼まれた人の画面に、そのまま出ます。"),
        render_kw={"rows": 3},
    )

    def command(self) -> NewAssignment:
        """Of a valid form."""
        kind = AssignmentKind(self.kind.data)
        target = self.topic.data if kind is AssignmentKind.TOPIC else self.study_session.data
        band = Band(self.band.data) if kind is AssignmentKind.TOPIC and self.band.data in set(Band) else None
        assert self.due_on.data is not None  # asked for by its validator
        return NewAssignment(
            kind=kind,
            target=target or "",
            band=band,
            people=frozenset(self.people.data or ()),
            units=frozenset(self.units.data or ()),
            due_on=self.due_on.data,
            reason=self.reason.data or "",
        )


class DateForm(Form):
    due_on = DayField(_l("新しい期限"), [InputRequired(_l("期限を入力してください。"))])


def proposed(today: date) -> dict[str, Any]:
    """What a link from elsewhere, such as the matrix, already says."""
    asked = request.args
    topic, session = asked.get("topic", ""), asked.get("study_session", "")
    kind = asked.get("kind", "")
    if kind not in set(AssignmentKind):
        kind = AssignmentKind.TOPIC if topic else AssignmentKind.SESSION
    return {
        "kind": kind,
        "topic": topic,
        "study_session": session,
        "people": asked.getlist("person", type=int),
        "units": asked.getlist("unit", type=int),
        "due_on": today + timedelta(days=_USUAL_DAYS),
    }


def fill_choices(form: AskForm, page: AssignmentForm) -> AskForm:
    english = current_locale() == Locale.EN
    nothing = SelectChoice("", gettext("選んでください"))
    sessions = (SelectChoice(each.key, _session_text(each, english=english)) for each in page.sessions)
    form.study_session.choices = [nothing, *sessions]
    form.topic.choices = [nothing, *_topics(page, english=english)]
    return form


def _topics(page: AssignmentForm, *, english: bool) -> Iterator[SelectChoice]:
    for syllabus in page.syllabi:
        group = syllabus.title_en if english else syllabus.title
        for topic in syllabus.topics:
            name = topic.name_en if english else topic.name
            yield SelectChoice(topic.key, "　" * topic.depth + name, optgroup=group)


def _session_text(session: SessionChoice, *, english: bool) -> str:
    title = session.title_en if english else session.title
    day = f"{format_short_day(session.held_on)} " if session.held_on else ""
    return day + (title if session.checks else gettext("%(title)s（確認問題なし）", title=title))
