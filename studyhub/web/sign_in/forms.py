from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from studyhub.web.form import Form


class SignInForm(Form):
    login = StringField(
        _l("ログインID"),
        [InputRequired(_l("ログインIDを入力してください。")), Length(max=80)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("パスワード"),
        [InputRequired(_l("パスワードを入力してください。")), Length(max=1000)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()
    carry = HiddenField()
