"""What every form of the site derives from."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_wtf import FlaskForm

from studyhub.domain.errors import Invalid


class Form(FlaskForm):
    """Reads the fields and files of a form and nothing else.

    Flask-WTF would take a body of JSON for a form too, of any shape and past ``web/incoming.py``.
    """

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            if request.is_json and form.is_submitted():
                raise Invalid("送られた内容を読めませんでした。")
            return super().wrap_formdata(form, formdata)
