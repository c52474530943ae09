"""Signs of names that are written in several ways, so that 髙橋 is found by whoever types 高橋, and the other way round.

Only for finding: what is stored and shown stays as its owner writes it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

_ALIKE = (
    "高髙", "崎﨑嵜", "吉𠮷", "辺邉邊", "浜濵濱", "斎齋斉齊", "徳德", "島嶋嶌", "富冨", "渕淵渊", "曽曾", "広廣", "国國",
    "沢澤", "真眞", "桜櫻", "滝瀧", "竜龍", "恵惠", "栄榮", "関關", "実實", "寿壽", "蔵藏", "万萬", "与與", "円圓", "亀龜",
    "黒黑", "条條", "静靜", "柳栁", "桑桒", "瀬瀨", "頼賴", "郎郞", "礼禮", "児兒", "学學", "宝寶", "尭堯", "弥彌", "桧檜",
    "槙槇", "沖冲", "渋澁", "満滿", "穂穗", "穣穰", "聡聰", "芦蘆", "荘莊", "薗園", "蛍螢", "豊豐", "遥遙", "鉄鐵",
)  # fmt: skip
"""The usual sign first."""
_COMPATIBILITY_IDEOGRAPHS = (*range(0xF900, 0xFADA), *range(0x2F800, 0x2FA1E))


def _table() -> Mapping[int, str]:
    """Variant -> usual sign."""
    usual = {ord(variant): group[0] for group in _ALIKE for variant in group[1:]}
    for code in _COMPATIBILITY_IDEOGRAPHS:
        plain = unicodedata.normalize("NFKC", chr(code))
        if plain != chr(code):
            usual.setdefault(code, plain.translate(usual))
    return usual


_USUAL = _table()


def usual_signs(text: str) -> str:
    return text.translate(_USUAL)


def variants_in(text: str) -> tuple[tuple[str, str], ...]:
    """Each variant of a sign of ``text``, which holds usual signs only, with that sign."""
    return tuple((chr(code), usual) for code, usual in _USUAL.items() if usual in text)
