"""What a pass phrase must be: long rather than complicated, and not what everybody tries first."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from studyhub.domain.errors import Invalid

MIN_LENGTH, MAX_LENGTH = 12, 200
MIN_DIFFERENT_SIGNS = 5
FIELD = "new_password"
_SHORTEST_NAME = 3
"""A name of one or two signs may well stand in a phrase by chance."""

_TRIED_FIRST = (
    "password", "passw0rd", "passphrase", "qwerty", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx", "letmein",
    "welcome", "admin", "administrator", "studyhub", "tokyo", "tocho", "iloveyou", "sakura", "abcdefghijklmnop",
    "パスワード", "ぱすわーど", "東京都庁", "よろしくおねがいします", "0123456789", "1234567890", "9876543210",
)  # fmt: skip
"""Words that lists of leaked pass phrases are full of, and those of this site and its users' place of work."""


def check_password(password: str, *, login: str, names: Iterable[str] = ()) -> None:
    """Raises Invalid with the first rule broken; ``names`` in any script."""
    phrase = _folded(password)
    _check_length(phrase)
    if len(set(phrase)) < MIN_DIFFERENT_SIGNS:
        raise Invalid("同じ文字の繰り返しが多すぎます。別のパスワードにしてください。", field=FIELD)
    if _folded(login) in phrase:
        raise Invalid("ログインIDを含むパスワードは使えません。", field=FIELD)
    if any(name in phrase for name in map(_folded, names) if len(name) >= _SHORTEST_NAME):
        raise Invalid("氏名を含むパスワードは使えません。", field=FIELD)
    if _is_tried_first(phrase):
        raise Invalid(
            "よく使われる言葉や数字だけのパスワードは使えません。言葉をいくつか足してください。", field=FIELD
        )


def _check_length(phrase: str) -> None:
    if len(phrase) < MIN_LENGTH:
        raise Invalid(
            "パスワードは%(count)s文字以上にしてください。短い文にすると覚えやすくなります。",
            field=FIELD,
            count=MIN_LENGTH,
        )
    if len(phrase) > MAX_LENGTH:
        raise Invalid("パスワードは%(count)s文字以下にしてください。", field=FIELD, count=MAX_LENGTH)


def _is_tried_first(phrase: str) -> bool:
    """True when hardly a letter is left after what everybody tries is taken out: dates, years and 123! are what is
    appended to a common word."""
    for word in sorted(map(_folded, _TRIED_FIRST), key=len, reverse=True):
        phrase = phrase.replace(word, "")
    return sum(map(str.isalpha, phrase)) < MIN_DIFFERENT_SIGNS


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
