"""What may stand in a person's record. Names are kept as their owners write them: 髙, 﨑 and 𠮷 stay what they are."""

from __future__ import annotations

import re
import unicodedata

from studyhub.domain.errors import Invalid
from studyhub.domain.kana import to_hiragana

NAME_LENGTH = 60
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,79}")
_EMAIL = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+\.[^@\s<>,;:\"]+")


def is_login(text: str) -> bool:
    """Of an already normal login (``sign_in.normal_login``)."""
    return _LOGIN.fullmatch(text) is not None


def is_email(text: str) -> bool:
    """One address and nothing around it."""
    return len(text) <= 254 and _EMAIL.fullmatch(text) is not None


def is_name(text: str) -> bool:
    return 0 < len(text) <= NAME_LENGTH and text.isprintable()


def normal_name(text: str) -> str:
    """Blanks in order and half-width kana made full; compatibility ideographs are left alone, which NFKC would not."""
    joined = " ".join(text.split())
    return "".join(unicodedata.normalize("NFKC", sign) if _is_width_form(sign) else sign for sign in joined)


def normal_kana(text: str) -> str:
    """Hiragana, so that names sort together however their kana were typed; other signs stay for ``is_kana``."""
    return to_hiragana(unicodedata.normalize("NFKC", " ".join(text.split())))


def is_kana(text: str) -> bool:
    """Of a normal kana name; Latin letters are let in for names that have no kana."""
    return len(text) <= NAME_LENGTH and re.fullmatch(r"[ぁ-ゖー・ゝゞA-Za-z' .-]*", text) is not None


def check_login(login: str) -> None:
    if not is_login(login):
        raise Invalid(
            "ログインIDは半角の英小文字・数字と . _ @ + - で、2文字以上80文字以内にしてください。",
            field="login",
        )


def check_name(name: str, field: str) -> None:
    if not is_name(name):
        raise Invalid("氏名は1文字以上60文字以内で入力してください。", field=field)


def _is_width_form(sign: str) -> bool:
    return "\uff00" <= sign <= "\uffef"
