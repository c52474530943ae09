"""What the forms of the administration send, read once at the edge."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FileField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from studyhub.domain.days import read_day
from studyhub.domain.errors import Invalid
from studyhub.domain.identity import Role
from studyhub.domain.organisation import Level
from studyhub.domain.settings import Settings
from studyhub.reads.admin_organisation import UnitChoice
from studyhub.services.people_changes import PersonDetails
from studyhub.web.days import DayField
from studyhub.web.form import Form

ROLE_NAMES = {
    Role.OFFICER: _l("学習者"),
    Role.LECTURER: _l("講師"),
    Role.SUPERVISOR: _l("管理職"),
    Role.ADMINISTRATOR: _l("管理者"),
}
LEVEL_NAMES = {
    Level.BUREAU: _l("局"),
    Level.DIVISION: _l("部"),
    Level.SECTION: _l("課"),
    Level.TEAM: _l("係"),
}
WEEKDAYS = (
    _l("月曜日"), _l("火曜日"), _l("水曜日"), _l("木曜日"), _l("金曜日"), _l("土曜日"), _l("日曜日"),
)  # fmt: skip
NO_PARENT = 0
_DAY_IS_WANTED = _l("日付を入力してください。")


def _offered(pairs: Iterable[tuple[object, object]]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in pairs]


class RolesField(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class PersonForm(Form):
    family_name = StringField(_l("姓"), [InputRequired(_l("姓を入力してください。"))])
    given_name = StringField(_l("名"), [InputRequired(_l("名を入力してください。"))])
    family_kana = StringField(_l("せい（かな）"), description=_l("五十音順に並べるために使います。"))
    given_kana = StringField(_l("めい（かな）"))
    login = StringField(
        _l("ログインID"),
        [InputRequired(_l("ログインIDを入力してください。"))],
        description=_l("半角の英小文字・数字と . _ @ + - が使えます。"),
        render_kw={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"},
    )
    staff_number = StringField(_l("職員番号"))
    email = StringField(_l("メールアドレス"), render_kw={"autocomplete": "off", "inputmode": "email"})

    def details(self) -> PersonDetails:
        return PersonDetails(**{name: self[name].data or "" for name in PersonDetails.__slots__})


class NewPersonForm(PersonForm):
    roles = RolesField(_l("役割"), choices=_offered(ROLE_NAMES.items()), default=[Role.OFFICER.value])


class PostForm(Form):
    """A transfer or a concurrent post."""

    kind = RadioField(
        _l("どうしますか"),
        choices=_offered(
            [
                ("transfer", _l("異動する（今の本務は前の日で終わります）")),
                ("concurrent", _l("兼務を加える（今の所属はそのままです）")),
            ]
        ),
        default="transfer",
    )
    unit_id = SelectField(
        _l("組織"),
        [NumberRange(min=1, message=_l("組織を選んでください。"))],
        coerce=int,
        validate_choice=False,
    )
    title = StringField(_l("職名"))
    heads_unit = BooleanField(_l("この組織の長である"))
    starts_on = DayField(_l("着任日"), [InputRequired(_DAY_IS_WANTED)])
    ends_on = DayField(
        _l("離任日"),
        [Optional()],
        description=_l("決まっていなければ、空のままにします。最後の日を入れます。"),
    )

    def offer(self, choices: Iterable[UnitChoice]) -> PostForm:
        found = [(choice.id, choice.path) for choice in choices]
        self.unit_id.choices = _offered(found if len(found) == 1 else [(0, _l("選んでください")), *found])
        return self


class NewUnitForm(Form):
    name = StringField(_l("名前"), [InputRequired(_l("名前を入力してください。"))])
    level = SelectField(_l("段"), choices=_offered(LEVEL_NAMES.items()), default=Level.SECTION)
    parent_id = SelectField(_l("上の組織"), coerce=int, validate_choice=False)
    starts_on = DayField(
        _l("できる日"),
        [InputRequired(_DAY_IS_WANTED)],
        description=_l("先の日付も入れられます。"),
    )
    code = StringField(
        _l("組織コード"),
        description=_l("名前や場所が変わっても同じ組織だと分かる印です。空なら自動で付けます。"),
    )

    def offer(self, choices: Iterable[UnitChoice]) -> NewUnitForm:
        self.parent_id.choices = _parents(choices)
        return self


class UnitForm(Form):
    name = StringField(_l("名前"), [InputRequired(_l("名前を入力してください。"))])
    parent_id = SelectField(_l("上の組織"), coerce=int, validate_choice=False)
    from_day = DayField(
        _l("いつから"),
        [InputRequired(_DAY_IS_WANTED)],
        description=_l("先の日付も入れられます。"),
    )

    def offer(self, choices: Iterable[UnitChoice]) -> UnitForm:
        self.parent_id.choices = _parents(choices)
        return self


def _parents(choices: Iterable[UnitChoice]) -> list[SelectChoice]:
    return _offered([(NO_PARENT, _l("（なし）")), *((choice.id, choice.path) for choice in choices)])


class TableForm(Form):
    table = FileField(_l("職員の表（.xlsx または .csv）"), render_kw={"accept": ".xlsx,.csv,.tsv,.txt"})


class ReasonForm(Form):
    reason = StringField(
        _l("理由"),
        [InputRequired(_l("理由を入力してください。"))],
        description=_l("操作の記録に残り、本人も「だれが見たか」で確かめられます。"),
    )


class EraseForm(Form):
    login = StringField(
        _l("消す人のログインID"),
        [InputRequired(_l("ログインIDを入力してください。"))],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )


class SettingsForm(Form):
    site_name = StringField(_l("サイトの名前"), description=_l("空にすると、設定ファイルの名前になります。"))
    purpose = TextAreaField(
        _l("記録を何に使うか（日本語）"),
        description=_l("全ページの下と、管理職が見る表の上に出ます。学ぶ人との約束です。"),
    )
    purpose_en = TextAreaField(_l("記録を何に使うか（英語）"))
    questions_need_review = BooleanField(_l("問題は、二人目が確かめてから公開する"))
    late_check_in_minutes = IntegerField(
        _l("勉強会が終わってから出席を受け付ける時間（分）"), [Optional()], render_kw={"inputmode": "numeric"}
    )
    reminder_days = IntegerField(
        _l("期限の何日前に思い出してもらうか"), [Optional()], render_kw={"inputmode": "numeric"}
    )
    mail_on = BooleanField(_l("メールを送る"))
    mail_sender = StringField(_l("差出人のアドレス"), render_kw={"inputmode": "email"})
    digest_weekday = SelectField(
        _l("週のまとめを送る曜日"), coerce=int, choices=_offered(enumerate(WEEKDAYS))
    )

    def settings(self, before: Settings) -> Settings:
        """A number that was left empty stays what it was."""
        return Settings(
            site_name=self.site_name.data or "",
            purpose=self.purpose.data or "",
            purpose_en=self.purpose_en.data or "",
            questions_need_review=bool(self.questions_need_review.data),
            mail_on=bool(self.mail_on.data),
            mail_sender=self.mail_sender.data or "",
            digest_weekday=self.digest_weekday.data,
            reminder_days=_or(self.reminder_days.data, before.reminder_days),
            late_check_in_minutes=_or(self.late_check_in_minutes.data, before.late_check_in_minutes),
        )


def _or(value: int | None, otherwise: int) -> int:
    return otherwise if value is None else value


def day_or_none(text: str | None) -> date | None:
    """Of an address; what is no date is as if it were not there."""
    try:
        return read_day(text or "", "")
    except Invalid:
        return None


def wanted_day(text: str | None, field: str) -> date:
    """Of a form without a class of its own. Raises Invalid."""
    if not (text or "").strip():
        raise Invalid("日付を入力してください。", field=field)
    return read_day(text or "", field)


def number_or_none(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 10 else None
