from __future__ import annotations

from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from studyhub.domain.case_notes import MAX_COMMENT, MAX_TEXT, MAX_TITLE, NoteFields, NoteKind
from studyhub.domain.identity import Locale
from studyhub.reads.case_notes import NoteForm as Offered
from studyhub.web.days import DayField
from studyhub.web.form import Form
from studyhub.web.rendering import current_locale


class CheckboxesField(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class NoteForm(Form):
    kind = RadioField(_l("種類"), [InputRequired(_l("種類を選んでください。"))])
    title = StringField(
        _l("題名"),
        [InputRequired(_l("題名を書いてください。")), Length(max=MAX_TITLE)],
        description=_l("読む人が一目で分かるように、何が起きたか、何がよかったかを書きます。"),
    )
    text = TextAreaField(
        _l("内容"),
        [InputRequired(_l("内容を書いてください。")), Length(max=MAX_TEXT)],
        description=_l(
            "状況、行ったこと、分かったことの順に書くと伝わります。名前など、個人が分かることは書かないでください。"
        ),
        render_kw={"rows": 12},
    )
    happened_on = DayField(_l("いつのことか"), [InputRequired(_l("日を選んでください。"))])
    unit = SelectField(_l("関係する局"), coerce=int, default=0)
    topics = CheckboxesField(_l("テーマ"), description=_l("五つまで選べます。"))

    def fields(self) -> NoteFields:
        return NoteFields(
            kind=NoteKind(self.kind.data),
            title=self.title.data or "",
            text=self.text.data or "",
            happened_on=self.happened_on.data or date.max,
            unit_id=self.unit.data or None,
            topics=tuple(self.topics.data or ()),
        )


class CommentForm(Form):
    text = TextAreaField(
        _l("コメントを書く"),
        [InputRequired(_l("コメントを書いてください。")), Length(max=MAX_COMMENT)],
        render_kw={"rows": 4},
    )


def note_form(offered: Offered, today: date) -> NoteForm:
    """Filled with the note that is changed, or empty for a new one of today."""
    held = offered.fields
    given = {
        "kind": held.kind.value if held else NoteKind.TROUBLE.value,
        "title": held.title if held else "",
        "text": held.text if held else "",
        "happened_on": held.happened_on if held else today,
        "unit": (held.unit_id or 0) if held else 0,
        "topics": list(held.topics) if held else [],
    }
    form = NoteForm(data=given)
    english = current_locale() == Locale.EN
    form.kind.choices = [
        (NoteKind.TROUBLE.value, gettext("課題（困ったこと、うまくいかなかったこと）")),
        (NoteKind.PRACTICE.value, gettext("好事例（うまくいったこと、役に立った工夫）")),
    ]
    form.unit.choices = [(0, gettext("特定の局ではない")), *((b.id, b.name) for b in offered.bureaus)]
    form.topics.choices = [(tag.key, (english and tag.name_en) or tag.name) for tag in offered.tags]
    return form
