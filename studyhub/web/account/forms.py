from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, PasswordField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from studyhub.domain.identity import Locale
from studyhub.reads.account import AccountPage
from studyhub.web.days import DayField
from studyhub.web.form import Form
from studyhub.web.rendering import current_locale


class PlanForm(Form):
    """What one studies for."""

    target_exam = SelectField(_l("目標にする試験"))
    exam_on = DayField(
        _l("試験日"), [Optional()], description=_l("決まっていなければ、空のままでかまいません。")
    )
    daily_minutes = IntegerField(
        _l("1日に学ぶ時間（分）"),
        [
            InputRequired(_l("分数を入力してください。")),
            NumberRange(1, 480, _l("1から480までの数を入力してください。")),
        ],
        render_kw={"inputmode": "numeric"},
    )


class PasswordForm(Form):
    current = PasswordField(
        _l("いまのパスワード"),
        [InputRequired(_l("いまのパスワードを入力してください。"))],
        render_kw={"autocomplete": "current-password"},
    )
    new_password = PasswordField(
        _l("新しいパスワード"),
        [InputRequired(_l("新しいパスワードを入力してください。"))],
        description=_l("12文字以上。単語をいくつか並べた長い言葉が、覚えやすく破られにくいものです。"),
        render_kw={"autocomplete": "new-password"},
    )


def plan_form(page: AccountPage) -> PlanForm:
    form = PlanForm(obj=page)
    english = current_locale() == Locale.EN
    form.target_exam.choices = [
        (target.key, gettext("%(title)s（案）", title=title) if target.is_draft else title)
        for target in page.targets
        for title in [target.title_en if english else target.title]
    ]
    return form
