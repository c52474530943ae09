"""What the lecturer's form of registration sends."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField
from wtforms.validators import Optional

from studyhub.web.form import Form


class RegistrationForm(Form):
    takes = BooleanField(_l("申込みを受け付ける"))
    capacity = IntegerField(
        _l("定員（人）"),
        [Optional()],
        description=_l("空にすると、定員はありません。定員を超えた人は、順番に空きを待ちます。"),
        render_kw={"inputmode": "numeric"},
    )
