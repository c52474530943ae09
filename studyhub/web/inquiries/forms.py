from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from studyhub.domain.inquiries import MAX_ANSWER, MAX_TEXT, MAX_TITLE
from studyhub.web.form import Form


class AskForm(Form):
    title = StringField(
        _l("題名"),
        [InputRequired(_l("題名を書いてください。")), Length(max=MAX_TITLE)],
        description=_l("何を知りたいかを一行で書きます。"),
    )
    text = TextAreaField(
        _l("質問"),
        [InputRequired(_l("質問を書いてください。")), Length(max=MAX_TEXT)],
        description=_l("どこまで分かっていて、何が分からないかを書くと、答えやすくなります。"),
        render_kw={"rows": 8},
    )
    nameless = BooleanField(
        _l("ほかの職員に氏名を出さない"),
        description=_l("答える講師と管理者には氏名が見えます。"),
    )


class AnswerForm(Form):
    text = TextAreaField(
        _l("回答"),
        [InputRequired(_l("回答を書いてください。")), Length(max=MAX_ANSWER)],
        description=_l("Markdownで書けます。公開され、検索でも見つかるようになります。"),
        render_kw={"rows": 10},
    )
